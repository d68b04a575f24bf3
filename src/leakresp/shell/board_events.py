"""What happened in a case, in the order in which it did: notes, new rulings, reports, papers, and the days stated.

When something happened and when it was entered are two things; both are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leakresp.law.held import Day
from leakresp.law.vocabulary import WrongAnswer, read_day
from leakresp.response.case import Entry, Event, Noted, Notified, Reported, Ruled, Sent
from leakresp.shell.due_words import said_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.response.case import Case
    from leakresp.response.wording import Say

#: The facts whose days belong to what happened.
_DAYS: Final = ("occurred_on", "discovered_on")


class Happening(NamedTuple):
    """One line of what happened: when it did, the entry that says so, its kind, and what it was."""

    happened: Day
    entry: Entry[Event]
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class EventWords:
    """Events in the words of a page. ``paper`` and ``stage`` give the titles of papers and of reports."""

    say: Say
    paper: Callable[[str], str]
    stage: Callable[[str, str], str]

    def all(self, case: Case, entries: Iterable[Entry[Event]]) -> list[Happening]:
        """Return what happened, the earliest first."""
        found = [*self._stated_days(case), *self._recorded(entries)]
        return sorted(found, key=lambda each: (each.happened.date, each.happened.time or "", each.entry.n))

    def _stated_days(self, case: Case) -> Iterator[Happening]:
        for fact in _DAYS:
            stated = case.stated.get(fact)
            if stated is not None and isinstance(stated.value, Day):
                yield Happening(stated.value, stated.entry, "fact", self.say(f"board.event.{fact}"))

    def _recorded(self, entries: Iterable[Entry[Event]]) -> Iterator[Happening]:
        ruled = None
        for entry in entries:
            event = entry.event
            if isinstance(event, Ruled):
                if event.verdict == ruled:
                    continue
                ruled = event.verdict
            if event.kind in _WORDS:
                yield Happening(when(entry), entry, event.kind, _WORDS[event.kind](self, event))


#: How each kind of event that the page shows is told.
_WORDS: Final[dict[str, Callable[[EventWords, Any], str]]] = {
    "opened": lambda words, _: words.say("board.event.opened"),
    "note": lambda _, event: str(event.text),
    "ruling": lambda words, event: words.say("board.event.ruling", verdict=words.say(f"screen.duty.{event.verdict}")),
    "sent": lambda words, event: words.say("board.event.sent", paper=words.paper(event.paper), to=event.to),
    "report": lambda words, event: words.say(
        "board.event.report", stage=words.stage(event.regime, event.stage), to=event.to
    ),
    "notified": lambda words, event: words.say(
        "board.event.notified", stage=words.stage(event.regime, event.stage), to=event.to
    ),
    "agreed": lambda words, event: words.say("board.event.agreed", what=event.what, day=said_day(event.day, words.say)),
    "closed": lambda words, event: words.say(
        "board.event.closed" if event.why else "board.event.closed_only", why=event.why
    ),
    "reopened": lambda words, _: words.say("board.event.reopened"),
}


def when(entry: Entry[Event]) -> Day:
    """Return when an event happened: as it says itself, else when it was entered."""
    event = entry.event
    words = event.happened if isinstance(event, Noted) else None
    if isinstance(event, Sent | Reported | Notified):
        words = event.day
    entered = entry.at.isoformat(timespec="minutes")
    try:
        return read_day(words or entered)
    except WrongAnswer:  # no command writes such a day; the moment of entry is the best that is left
        return read_day(entered)
