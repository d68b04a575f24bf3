"""Those to be told, for the page of a board: whom, by when, how, on what ground, how sure, and who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.response.told import Told, on_record
from leakresp.shell.due_words import due_title, ended_words, said_day
from leakresp.shell.telling_words import TellingWords, paper_titles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leakresp.response.due import Due
    from leakresp.shell.case_desk import Standing


class BoardRecipients:
    """The list of recipients of one case as plain values."""

    def __init__(self, standing: Standing, dues: Sequence[Due]) -> None:
        self.standing: Final = standing
        self.desk: Final = standing.desk
        self.say: Final = standing.desk.say
        titles = paper_titles(standing.assessment, self.desk.phrases)
        self.words: Final = TellingWords(standing.assessment, self.desk.phrases, self.desk.today, titles)
        self.found: Final = on_record(standing.case, standing.assessment, dues)

    def values(self) -> dict[str, Any]:
        """Return the list, those of whom nobody knows whether their law applies, and what must be known of both."""
        sure = [each for each in self.found if not each.telling.may_not_apply]
        unsure = [each for each in self.found if each.telling.may_not_apply]
        notes = [
            *self.words.abroad([each.telling for each in unsure]),
            *self.words.provisional(each.telling for each in sure),
        ]
        return {
            "notes": [row.text for row in notes],
            "list": [self.recipient(number, each) for number, each in enumerate(sure, 1)],
            "unsure": [{"id": each.telling.name} | self.named(each) for each in unsure],
            "unlooked": [row.text for row in self.words.unlooked()],
        }

    def named(self, told: Told) -> dict[str, str]:
        recipient = told.telling.recipient
        name = self.say(f"screen.recipient.{recipient.purpose}", name=self.desk.phrases.text(recipient.title))
        return {"name": name, "by": self.words.by(told.telling)}

    def recipient(self, number: int, told: Told) -> dict[str, Any]:
        telling, state = told.telling, told.state
        over = state != "done" and told.is_over(self.desk.now)
        named = self.named(told)
        return {
            "id": telling.name,
            "for": telling.recipient.purpose,
            "name": self.say("screen.number", number=number, text=named["name"]),
            "last_day": None if told.last is None else str(told.last),
            "state": "over" if over else state,
            "word": self.say(f"telling.state.{'over' if over else state}"),
            "by": named["by"],
            "on_record": list(self.on_record(told)),
            "way": self.desk.phrases.text(telling.recipient.way),
            "address": telling.recipient.address or "",
            "papers": [self.words.titles.get(paper, paper) for paper in telling.papers],
            "ground": self.words.ground(telling),
            "read": telling.read,
            "sure": self.words.sure(telling),
            "overlaps": list(self.words.overlaps(telling)),
        }

    def on_record(self, told: Told) -> Iterator[str]:
        """Yield what the record shows of one recipient, a sentence for each deadline met and each paper sent."""
        for due in told.dues:
            if due.ended is not None:
                title = due_title(due, self.desk.phrases)
                to = getattr(due.ended.event, "to", "")
                yield self.say("telling.met", title=title, how=ended_words(due.ended, self.say), to=to)
        for entry in told.papers:
            title = self.words.titles.get(entry.event.paper, entry.event.paper)
            yield self.say("telling.sent", title=title, to=entry.event.to, day=said_day(entry.event.day, self.say))
