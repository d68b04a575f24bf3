"""The calendar file: one all-day event for each date, with alarms in the mornings before it.

A date keeps its UID for ever, so a calendar that reads the file again moves the event instead of doubling it. What was
filed or met stays without alarms; what was dropped, or is no longer due, is cancelled. Nothing but the name of the
case and what is due goes in: a calendar is seen by more people than a case.
"""

from __future__ import annotations

import datetime as dt
import sys
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leakresp.law.duties import REQUIRED
from leakresp.response.case import DateEnded
from leakresp.shell.day_words import end_of_period
from leakresp.shell.due_words import due_notes, due_title, ended_words
from leakresp.shell.made_again import write_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from icalendar import Event

    from leakresp.response.case import Case
    from leakresp.response.due import Due
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.desk import Desk

#: Days before the day itself on which the calendar reminds; 0 is the day.
_REMIND: Final = {"term": (7, 3, 1, 0), "hours": (1, 0), "guide": (1, 0), "agreed": (1, 0)}
#: The hour of the reminders, in whatever zone the calendar stands.
_MORNING: Final = dt.timedelta(hours=9)
_DAY: Final = dt.timedelta(days=1)
_SPACE: Final = uuid.UUID("6c2b5a64-2f0f-5d0e-9c39-5b5f2f9d7c11")
PRODUCT: Final = "-//leakresp//clock//EN"


class _Line(NamedTuple):
    """One event to be: what it is called, on which day, and whether it still reminds."""

    id: str
    day: dt.date
    summary: str
    words: str
    status: str
    remind: tuple[int, ...]


def write_calendar(desk: Desk, cases: Sequence[tuple[OpenCase, Sequence[Due]]], path: Path) -> None:
    """Write the dates of ``cases`` to ``path`` and say so. Raises ``FaultsError``."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", desk.say("ics.name"))
    count = 0
    for opened, found in cases:
        for line in _lines(desk, opened, found):
            calendar.add_component(_event(desk, opened, line))
            count += 1
    if not count:  # a calendar without an event is none
        sys.stderr.write(desk.say("ics.nothing") + "\n")
        return
    write_again(calendar.to_ical(), path, _is_ours)
    sys.stderr.write(desk.say("ics.written", path=path, count=count) + "\n")


def _is_ours(beginning: bytes) -> bool:
    return beginning.startswith(b"BEGIN:VCALENDAR") and PRODUCT.encode() in beginning


def _lines(desk: Desk, opened: OpenCase, found: Sequence[Due]) -> Iterator[_Line]:
    """Yield what goes into the calendar: everything that has a day, and what once had one."""
    for due in found:
        if due.last is not None:
            yield _line(desk, opened, due, due.last)
    yield from _no_longer_due(desk, opened, {due.id for due in found})


def _line(desk: Desk, opened: OpenCase, due: Due, day: dt.date) -> _Line:
    say = desk.say
    title = due_title(due, desk.phrases)
    if due.moment is not None:
        title = say("ics.at", what=title, time=end_of_period(due.moment)[1])
    if due.ended is not None:
        dropped = isinstance(due.ended.event, DateEnded) and due.ended.event.state == "dropped"
        summary = say("ics.ended", what=title, case=opened.name)
        words = ended_words(due.ended, say)
        return _Line(due.id, day, summary, words, "CANCELLED" if dropped else "CONFIRMED", ())
    over = due.is_over(desk.now)
    words = "\n".join((*due_notes(due, desk.phrases, desk.now), say("ics.case", case=opened.name)))
    summary = say("ics.due", what=title, case=opened.name)
    closed = not opened.case.is_open
    status = "CANCELLED" if closed else "TENTATIVE" if due.provisional else "CONFIRMED"
    return _Line(due.id, day, summary, words, status, () if over or closed else _REMIND[due.kind])


def _no_longer_due(desk: Desk, opened: OpenCase, still: set[str]) -> Iterator[_Line]:
    """Yield what an earlier calendar held and no longer holds, since the duty fell away."""
    regimes = desk.shelf.rulebook.regimes
    for name, day in _once_due(opened.case, next(iter(regimes))).items():
        regime, _, rule = name.partition(".")
        if name not in still and regime in regimes and rule in regimes[regime].rules:
            title = desk.phrases.text(regimes[regime].rules[rule].title)
            summary = desk.say("ics.ended", what=title, case=opened.name)
            yield _Line(name, day, summary, desk.say("ics.fell_away"), "CANCELLED", ())


def _once_due(case: Case, first_regime: str) -> dict[str, dt.date]:
    """Return the days that rulings on record named, for duties that stood or, in the first body of law, might have."""
    found = {}
    for ruling in (entry.event for entry in case.rulings):
        owing = {name.partition(".")[0] for name, duty in ruling.duties.items() if duty == REQUIRED} | {first_regime}
        for name, days in ruling.due.items():
            with suppress(ValueError):
                if name.partition(".")[0] in owing:
                    found[name] = dt.date.fromisoformat(days.rpartition("..")[2])
    return found


def _event(desk: Desk, opened: OpenCase, line: _Line) -> Event:
    from icalendar import Event

    last = opened.case.last
    event = Event()
    event.add("uid", f"{uuid.uuid5(_SPACE, f'{_birth(opened)} {line.id}')}@leakresp")
    event.add("dtstamp", desk.now.astimezone(dt.UTC).replace(microsecond=0))
    event.add("sequence", last.n if last else 0)
    if last is not None:
        event.add("last-modified", last.at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("summary", line.summary)
    event.add("description", line.words)
    event.add("dtstart", line.day)
    event.add("dtend", line.day + _DAY)
    event.add("status", line.status)
    event.add("transp", "TRANSPARENT")
    for alarm in _alarms(line):
        event.add_component(alarm)
    return event


def _birth(opened: OpenCase) -> str:
    """Return what tells one case from every other and never changes: how and when it was opened."""
    birth = opened.case.opened
    return f"{birth.event.case} {birth.at.astimezone(dt.UTC).isoformat()}" if birth else opened.name


def _alarms(line: _Line) -> Iterable[Any]:
    from icalendar import Alarm

    for days in line.remind:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", line.summary)
        alarm.add("trigger", _MORNING - days * _DAY)
        yield alarm
