"""``leakresp sent --filed``: a report or a notice made without a paper of ours goes on record, and its clock stops."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import nearest, read_day
from leakresp.response.case import Answered, Notified, Reported
from leakresp.response.due import dues, filed
from leakresp.shell.case_desk import refuse_closed, standing
from leakresp.shell.cases import author
from leakresp.shell.day_words import long_day
from leakresp.shell.due_words import meets, serving
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.screen import Screen
from leakresp.shell.typed_times import read_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leakresp.response.case import Event
    from leakresp.response.due import Due
    from leakresp.shell.case_desk import Standing
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.desk import Desk

_NOTIFY: Final = "notify"


@dataclass(frozen=True, slots=True)
class Filing:
    """What the command line says was filed. ``deadline`` is an id as ``leakresp clock --json`` gives it."""

    deadline: str
    to: str | None
    way: str | None
    on: str | None
    receipt: str | None
    by: str | None

    @property
    def only_receipt(self) -> bool:
        """True where a receipt number is all that is new."""
        return self.receipt is not None and (self.to, self.way, self.on) == (None, None, None)


def record(desk: Desk, opened: OpenCase, filing: Filing) -> int:
    """Record that a deadline of the case was met. Raises ``FaultsError``."""
    refuse_closed(opened)
    return _Recording(desk, opened, filing).run()


class _Recording:
    """One deadline being recorded as met."""

    def __init__(self, desk: Desk, opened: OpenCase, filing: Filing) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.filing: Final = filing
        self.now: Final[Standing] = standing(desk, opened)
        self.due: Final = self._due()
        self.regime, _, self.stage = self.due.id.partition(".")

    def run(self) -> int:
        by = author(self.filing.by)
        earlier = self._earlier() if self.filing.only_receipt else None
        if earlier is not None:
            self.opened.add(by, replace(earlier, receipt=self.filing.receipt))
            title = self.desk.phrases.text(self.due.title)
            self._say([self.desk.say("sent.receipt_added", receipt=self.filing.receipt, title=title)])
            return DONE
        event = self._event()
        states = self._states()
        where = f"sent --filed {self.due.id}"
        events: list[Event] = [Answered(states, "set", where=where)] if states else []
        self.opened.add(by, *events, event)
        self._say(self._told(event, states))
        return DONE

    def _due(self) -> Due:
        """Return the deadline that is meant. Raises ``FaultsError`` with the nearest of those that run."""
        found = dues(self.now.case, self.now.assessment, serving(self.desk))
        known = {due.id: due for due in found if due.purpose}
        wanted = self.filing.deadline.strip()
        if wanted in known:
            return known[wanted]
        running = tuple(name for name, due in known.items() if due.runs)
        details = {"word": wanted, "case": self.opened.name, "nearest": nearest(wanted, running), "words": running}
        key = "sent.no_deadline" if running else "sent.no_deadlines"
        raise FaultsError([Fault(key, path="--filed", details=details)], MISUSE)

    def _earlier(self) -> Reported | Notified | None:
        """Return the event by which this deadline was recorded as met before."""
        case = self.opened.case
        if self.due.purpose == _NOTIFY:
            told = filed(case.notices[::-1], self.regime, (self.stage,))
            return told.event if told else None
        report = filed(case.reports[::-1], self.regime, (self.stage,))
        return report.event if report else None

    def _event(self) -> Reported | Notified:
        on = self.filing.on
        day = self.desk.today if on is None else read_option(on, "--on", self.desk.now).date
        kind = Notified if self.due.purpose == _NOTIFY else Reported
        return kind(self.regime, self.stage, self._to(), str(day), self.filing.receipt, self.filing.way)

    def _to(self) -> str:
        """Return whom: as typed, else the only one who can be meant. Raises ``FaultsError``."""
        if self.filing.to is not None and self.filing.to.strip():
            return " ".join(self.filing.to.split())
        names = self._recipients()
        if len(names) != 1 or self.due.purpose == _NOTIFY:
            details = {"names": names}
            raise FaultsError([Fault("sent.filed_to_missing", path="--to", details=details)], MISUSE)
        return names[0]

    def _recipients(self) -> list[str]:
        result = self.now.assessment.regime(self.regime)
        found = result.recipients if result else ()
        return [each.title[self.desk.say.lang] for each in found if each.purpose == self.due.purpose]

    def _states(self) -> dict[str, str]:
        """Return what is a fact now, as the papers that meet the same deadline say it, and was not stated so."""
        found: dict[str, str] = {}
        for plain in self.desk.shelf.heads:
            if meets(plain, self.due.id):
                found |= plain.get("states") or {}
        answers = self.opened.case.answers
        return {fact: value for fact, value in found.items() if answers.get(fact) != value}

    # what is said

    def _told(self, event: Reported | Notified, states: Mapping[str, str]) -> Iterator[str]:
        say = self.desk.say
        key = "sent.notified" if isinstance(event, Notified) else "sent.filed"
        day = long_day(read_day(event.day).date, say)
        yield say(key, title=self.desk.phrases.text(self.due.title), to=event.to, day=day)
        names = self._recipients()
        if len(names) > 1:
            yield say("sent.filed_others", names=say.listed(names))
        if event.receipt is None and isinstance(event, Reported):
            command = f"leakresp sent {shlex.quote(self.opened.name)} --filed {self.due.id} --receipt NO"
            yield say("sent.add_receipt", command=command)
        for fact, value in states.items():
            told = self.desk.phrases.value(fact, value)
            yield say("sent.answered", title=self.desk.phrases.title(fact), value=told, id=fact)

    def _say(self, lines: Iterator[str] | list[str]) -> None:
        Screen(self.desk, out=sys.stderr).write(Row(line, 2 if place else 0, 2) for place, line in enumerate(lines))
