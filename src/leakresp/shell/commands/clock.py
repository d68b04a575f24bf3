"""``leakresp clock``: everything that is due, of all open cases, the soonest first; and a calendar file of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import WrongAnswer
from leakresp.response.case import Agreed, DateEnded
from leakresp.response.due import agreed, days_left, dues, place
from leakresp.shell.answers import Given
from leakresp.shell.case_desk import refuse_closed
from leakresp.shell.cases import author
from leakresp.shell.client_words import client_words
from leakresp.shell.day_words import long_day
from leakresp.shell.desk import Desk
from leakresp.shell.due_words import CaseDue, by_paper, clock_screen, due_json, left_words, serving
from leakresp.shell.every_case import EveryCase
from leakresp.shell.faults import MISUSE, Fault, FaultsError, fault_of
from leakresp.shell.layout import Row
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.typed import typed_day_to_come

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from leakresp.response.case import DateState
    from leakresp.response.due import Due
    from leakresp.shell.cases import OpenCase

SCHEMA: Final = "leakresp/clock/1"


def run(
    *,
    cases: list[str],
    add: tuple[str, str] | None,
    done: int | None,
    drop: int | None,
    ics: Path | None,
    folder: str | None,
    by: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Show what is due, or write it as a calendar; first set or end a date of one's own. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    every = EveryCase(desk, folder)
    _check(cases, [change for change in (add, done, drop) if change is not None])
    opened = list(every.named(cases)) if cases else [each for each in every.all() if each.case.is_open]
    if add is not None or done is not None or drop is not None:
        refuse_closed(opened[0])
    if add is not None:
        _add(desk, opened[0], add, by)
    elif done is not None:
        _end(desk, opened[0], done, "done", by)
    elif drop is not None:
        _end(desk, opened[0], drop, "dropped", by)
    if ics is not None:
        from leakresp.shell.calendar_file import write_calendar

        write_calendar(desk, [(each, case_dues(desk, each)) for each in opened], ics)
    found = in_order(CaseDue(each.name, due, by_paper(desk, due)) for each in opened for due in case_dues(desk, each))
    clients = [words for each in opened if (words := client_words(desk, each)) is not None]
    if as_json:
        now = desk.now.isoformat(timespec="minutes")
        due = [due_json(each, desk.phrases, desk.now) for each in found]
        told = {"clients": [{"case": words.case} | words.progress_json() for words in clients]} if clients else {}
        write_json({"schema": SCHEMA, "now": now, "due": due} | told)
    elif ics is None:
        screen = Screen(desk)
        screen.write(clock_screen(found, desk.phrases, desk.now, ended=bool(cases)))
        for words in clients:
            screen.write(words.of_case())
    return every.code


def case_dues(desk: Desk, opened: OpenCase) -> tuple[Due, ...]:
    """Return what is or was due in one case, under the rules of the day it became known."""
    return dues(opened.case, desk.assess(Given.of_case(opened.case)), serving(desk))


def in_order(found: Iterable[CaseDue]) -> list[CaseDue]:
    """Return what is due in several cases, the soonest first."""
    return sorted(found, key=lambda each: (place(each.due), each.case))


# a date of one's own --------------------------------------------------------------------------------------------------


def _check(cases: list[str], changes: list[object]) -> None:
    if len(changes) > 1:
        raise FaultsError([Fault("clock.one_change")], MISUSE)
    if changes and len(cases) != 1:
        raise FaultsError([Fault("clock.one_case")], MISUSE)


def _add(desk: Desk, opened: OpenCase, add: tuple[str, str], by: str | None) -> None:
    what, day = " ".join(add[0].split()), _day_to_come(add[1], desk.now)
    if not what:
        raise FaultsError([Fault("clock.no_words", path="--add")], MISUSE)
    if days_left(day, desk.now) < 0:
        raise FaultsError([Fault("clock.day_over", path="--add", details={"day": str(day)})], MISUSE)
    opened.add(author(by), Agreed(what, str(day)))
    number = opened.case.agreed[-1].number
    left = left_words(agreed(opened.case.agreed[-1]), desk.now, desk.say)
    _tell(desk, desk.say("clock.added", number=number, what=what, day=long_day(day, desk.say), left=left))


def _end(desk: Desk, opened: OpenCase, number: int, state: DateState, by: str | None) -> None:
    option = f"--{'done' if state == 'done' else 'drop'} {number}"
    date = next((date for date in opened.case.agreed if date.number == number), None)
    if date is None:
        numbers = [str(date.number) for date in opened.case.agreed if date.ended is None]
        key = "clock.no_such_date" if numbers else "clock.no_dates"
        raise FaultsError([Fault(key, path=option, details={"numbers": numbers})], MISUSE)
    if date.ended is not None:
        raise FaultsError([Fault("clock.ended_before", path=option)], MISUSE)
    opened.add(author(by), DateEnded(str(number), state))
    _tell(desk, desk.say(f"clock.told.{state}", number=number, what=date.entry.event.what))


def _tell(desk: Desk, text: str) -> None:
    Screen(desk, out=sys.stderr).write([Row(text, style="good")])


def _day_to_come(typed: str, now: dt.datetime) -> dt.date:
    try:
        return typed_day_to_come(typed, now)
    except WrongAnswer as wrong:
        raise FaultsError([fault_of(wrong, path="--add")], MISUSE) from None
