"""``leakresp cases``: the register of incidents, those not reported and their reason included; figures of a year."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.languages import LANGUAGES
from leakresp.law.vocabulary import WrongAnswer
from leakresp.response.register import Line, Recorded, figures
from leakresp.shell.answers import Given
from leakresp.shell.cases import list_cases
from leakresp.shell.desk import Desk
from leakresp.shell.every_case import EveryCase
from leakresp.shell.faults import MISUSE, Fault, FaultsError
from leakresp.shell.made_again import write_again
from leakresp.shell.places import cases_folder
from leakresp.shell.register_words import RegisterWords, figures_json, header
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.snapshot import Snapshot, print_of
from leakresp.shell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA: Final = "leakresp/cases/1"
_YEARS: Final = range(1900, 2200)


def run(
    *,
    not_reported: bool,
    year: int | None,
    csv: Path | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Show the register, or write it as a table. Raises ``FaultsError``."""
    if year is not None and year not in _YEARS:
        raise FaultsError([Fault("cases.no_year", path=f"--year {year}")], MISUSE)
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    every = EveryCase(desk, folder)
    lines = [line for line in register(desk, every, folder) if year is None or line.year == year]
    if not_reported:
        lines = [line for line in lines if line.not_reported]
    words = RegisterWords(desk.phrases, desk.today)
    if csv is not None:
        write_again(words.table(lines), csv, lambda beginning: _is_ours(desk, beginning))
        sys.stderr.write(desk.say("register.written", count=len(lines), path=csv) + "\n")
    if as_json:
        write_json(_json(words, lines, year))
    elif csv is None:
        screen = Screen(desk)
        if year is not None and not not_reported:
            screen.write(words.figures(figures(lines, year)))
        else:
            screen.write(words.rows(lines, not_reported=not_reported))
    return every.code


def _json(words: RegisterWords, lines: list[Line], year: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {"schema": SCHEMA, "cases": [words.json(line) for line in lines]}
    return found if year is None else found | {"figures": figures_json(figures(lines, year))}


def register(desk: Desk, every: EveryCase, folder: str | None) -> Iterator[Line]:
    """Yield a line for each case of the folder, the newest first."""
    snapshot = Snapshot(cases_folder(folder), desk.shelf.fingerprint)
    for listed in list_cases(folder):
        recorded = snapshot.recall(listed.name, listed.folder)
        try:
            given = None if recorded is None else Given({}, recorded.answers(desk.facts))
        except (WrongAnswer, KeyError):
            given = None
        if recorded is None or given is None:
            found = print_of(listed.folder)
            opened = every.open(listed.folder)
            if opened is None:
                continue
            recorded, given = Recorded.of(listed.name, opened.case), Given.of_case(opened.case)
            if not opened.notes and not given.clients:  # what the register keeps has no room for a table of clients
                snapshot.keep(listed.name, found, recorded)
        yield Line(recorded, desk.assess(given))
    snapshot.save()


def _is_ours(desk: Desk, beginning: bytes) -> bool:
    """Tell whether a file begins as our tables do, in either language."""
    return any(beginning.startswith(header(Wording(desk.shelf.words, lang))) for lang in LANGUAGES)
