"""``leakresp case close`` and ``case reopen``: the end of a case, and that it was not the end."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from leakresp.response.case import Closed, Reopened
from leakresp.response.standing import StillOpen, still_open
from leakresp.shell.case_desk import keep_ruling, standing, take_up, take_up_to_change
from leakresp.shell.cases import author
from leakresp.shell.day_words import long_day
from leakresp.shell.desk import Desk
from leakresp.shell.faults import ANSWERS_MISSING, DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.shell.case_desk import Standing


def close(
    *,
    case: str,
    because: str | None,
    by: str | None,
    folder: str | None,
    rules: str | None,
    plain: bool,
    lang: str | None,
) -> int:
    """Close a case whose duties are fulfilled, or for a reason that is kept. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    opened = take_up_to_change(desk, case, folder)
    now = standing(desk, opened)
    left = still_open(now.case, now.assessment)
    reason = _reason(because)
    if left and reason is None:
        advice = desk.say(
            "case_work.close_anyway", command=f"leakresp case close {shlex.quote(opened.name)} --because TEXT"
        )
        raise FaultsError(_left_open(now, left), ANSWERS_MISSING, advice)
    name = author(by)
    keep_ruling(opened, name, now.assessment)
    opened.add(name, Closed(reason, left.names))
    rows = [Row(desk.say("case_work.closed", case=opened.name), style="good")]
    if left:
        rows.append(Row(desk.say("case_work.left_open", count=len(left.names)), style="unsure"))
        rows += [Row(desk.say("screen.bullet", text=text), 2, 2) for text in _titles(now, left)]
    Screen(desk, out=sys.stderr).write(rows)
    return DONE


def reopen(
    *,
    case: str,
    because: str | None,
    by: str | None,
    folder: str | None,
    rules: str | None,
    plain: bool,
    lang: str | None,
) -> int:
    """Open a closed case again, for a reason that is kept. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    opened = take_up(desk, case, folder)
    if opened.case.is_open:
        raise FaultsError([Fault("case_work.not_closed", str(opened.folder), details={"name": opened.name})], MISUSE)
    reason = _reason(because)
    if reason is None:
        raise FaultsError([Fault("case_work.reopen_why", path="--because")], MISUSE)
    opened.add(author(by), Reopened(reason))
    Screen(desk, out=sys.stderr).write([Row(desk.say("case_work.reopened", case=opened.name), style="good")])
    return DONE


def _reason(because: str | None) -> str | None:
    if because is None:
        return None
    if not because.strip():
        raise FaultsError([Fault("answer.empty_words", path="--because")], MISUSE)
    return because.strip()


def _left_open(now: Standing, left: StillOpen) -> Iterator[Fault]:
    say, phrases = now.desk.say, now.desk.phrases
    for due in left.reports:
        day = say("case_work.no_day") if due.last is None else long_day(due.last, say)
        key = "case_work.notice_open" if due.purpose == "notify" else "case_work.report_open"
        yield Fault(key, path=due.id, details={"title": phrases.text(due.title), "day": day})
    for action in left.actions:
        yield Fault("case_work.action_open", path=action.id, details={"title": phrases.text(action.title)})


def _titles(now: Standing, left: StillOpen) -> Iterator[str]:
    phrases = now.desk.phrases
    yield from (phrases.text(due.title) for due in left.reports)
    yield from (phrases.text(action.title) for action in left.actions)
