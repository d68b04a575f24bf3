"""``leakresp status``: where a case stands, at a glance, now or at an earlier moment."""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import JAPAN
from leakresp.response.due import dues
from leakresp.shell.case_desk import newest_open, standing, take_up
from leakresp.shell.cases import OpenCase
from leakresp.shell.desk import Desk
from leakresp.shell.due_words import serving
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.status_words import StatusWords

if TYPE_CHECKING:
    from leakresp.shell.case_desk import Standing

#: Seconds after which the screen is drawn anew though nothing was recorded: the clocks go on.
REFRESH: Final = 30.0
_LOOK: Final = 0.5


def run(
    *,
    case: str | None,
    at: str | None,
    watch: bool,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Show where a case stands. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    if watch and (as_json or at is not None):
        raise FaultsError([Fault("status.watch_alone", path="--watch")], MISUSE)
    if watch and not sys.stdout.isatty():
        raise FaultsError([Fault("status.no_terminal", path="--watch")], MISUSE)
    opened = newest_open(desk, folder) if case is None else take_up(desk, case, folder)
    if watch:
        return _watch(desk, opened, chosen=case is None)
    now = standing(desk, opened, at)
    if as_json:
        write_json(_words(now).json())
    else:
        _draw(now, chosen=case is None)
    return DONE


def _words(now: Standing, width: int = 80) -> StatusWords:
    return StatusWords(now, dues(now.case, now.assessment, serving(now.desk)), width)


def _draw(now: Standing, *, chosen: bool, notes: tuple[Fault, ...] = ()) -> None:
    screen = Screen(now.desk)
    screen.write(_words(now, screen.width).rows(chosen=chosen, notes=notes))


def _watch(desk: Desk, opened: OpenCase, *, chosen: bool) -> int:
    """Draw the case anew whenever something is recorded, and every half minute. Ctrl-C ends it."""
    from rich.console import Console

    console = Console()
    try:
        while True:
            now = replace(desk, now=dt.datetime.now(JAPAN))
            console.clear()
            _draw(standing(now, opened), chosen=chosen, notes=opened.notes)
            sys.stdout.write(desk.say("status.watching") + "\n")
            sys.stdout.flush()
            _wait_for_news(opened)
            opened.journal.read()
            opened = OpenCase(opened.journal, desk.facts)
    except KeyboardInterrupt:
        sys.stdout.write("\n")
        return DONE


def _wait_for_news(opened: OpenCase) -> None:
    """Return when the journal has changed, or when the clocks have to be drawn anew."""
    before, since = _print_of(opened), time.monotonic()
    while _print_of(opened) == before and time.monotonic() - since < REFRESH:
        time.sleep(_LOOK)


def _print_of(opened: OpenCase) -> tuple[int, int] | None:
    try:
        found = opened.journal.path.stat()
    except OSError:
        return None  # reading it will say what is wrong
    return found.st_size, found.st_mtime_ns
