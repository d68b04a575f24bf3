"""``leakresp note``: a line of the timeline, with the time it happened apart from the time it was entered."""

from __future__ import annotations

import sys

from leakresp.law.vocabulary import WrongAnswer, read_words
from leakresp.response.case import Noted
from leakresp.shell.case_desk import take_up
from leakresp.shell.cases import author
from leakresp.shell.day_words import long_day
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, MISUSE, FaultsError, fault_of
from leakresp.shell.layout import Row
from leakresp.shell.screen import Screen
from leakresp.shell.typed_times import read_option


def run(
    *,
    case: str,
    text: str,
    at: str | None,
    by: str | None,
    folder: str | None,
    rules: str | None,
    plain: bool,
    lang: str | None,
) -> int:
    """Record one line; a closed case takes it too, since what happens afterwards belongs to the record.

    Raises ``FaultsError``.
    """
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    try:
        words = read_words(text)
    except WrongAnswer as wrong:
        raise FaultsError([fault_of(wrong, path="TEXT")], MISUSE) from None
    happened = None if at is None else read_option(at, "--at", desk.now)
    opened = take_up(desk, case, folder)
    opened.add(author(by), Noted(words, None if happened is None else str(happened)))
    say = desk.say
    if happened is None:
        told = say("note.kept", case=opened.name)
    else:
        day = long_day(happened.date, say)
        when = say("day.moment", day=day, time=happened.time) if happened.time else day
        told = say("note.kept_at", case=opened.name, moment=when)
    Screen(desk, out=sys.stderr).write([Row(told, style="good")])
    return DONE
