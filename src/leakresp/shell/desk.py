"""What every command gathers first: language, rules, today, and the incident it is about."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import JAPAN, WrongAnswer, read_day
from leakresp.response.assessment import Assessor
from leakresp.response.chain import assess_whole, chain
from leakresp.response.wording import Phrases
from leakresp.shell import library
from leakresp.shell.answers import Given, read_file, read_settings
from leakresp.shell.faults import MISUSE, Fault, FaultsError, fault_of
from leakresp.shell.wording import Wording, language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.vocabulary import Fact
    from leakresp.response.assessment import Assessment
    from leakresp.response.chain import Chain

#: The name that stands for standard input.
STDIN: Final = "-"


@dataclass(frozen=True)
class Desk:
    """One command's outside, gathered: everything the thinking part takes as parameters."""

    say: Wording
    shelf: library.Library
    now: dt.datetime
    on: dt.date | None
    plain: bool = False

    @classmethod
    def set_up(
        cls,
        *,
        lang: str | None,
        rules: str | None,
        on: str | None = None,
        plain: bool = False,
        templates: Path | None = None,
    ) -> Desk:
        """Gather language, rules, days and one's own ``templates``. Raises ``FaultsError``."""
        chosen = language(lang)
        shelf = library.load(rules, templates)
        return cls(Wording(shelf.words, chosen), shelf, dt.datetime.now(JAPAN), _day(on), plain)

    @property
    def today(self) -> dt.date:
        """Today in Japan: deadlines are Japan's, wherever the machine stands."""
        return self.now.date()

    @cached_property
    def assessor(self) -> Assessor:
        """The assessor over the rules and papers in use."""
        return Assessor(self.shelf.rulebook, self.shelf.heads)

    @cached_property
    def phrases(self) -> Phrases:
        """Facts and reasons in the language in use."""
        return Phrases(self.shelf.rulebook, self.say)

    @property
    def colour(self) -> bool:
        """Whether the screen may use colour."""
        return not self.plain and "NO_COLOR" not in os.environ and sys.stdout.isatty()

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The vocabulary."""
        return self.shelf.rulebook.facts

    def given(self, file: str | Path | None, settings: Iterable[str]) -> Given:
        """Return the incident of an answers file with ``--set`` options laid over it. Raises ``FaultsError``."""
        given = Given() if file is None else read_file(read_bytes(str(file)), str(file), self.facts)
        return Given(given.incident, given.answers | read_settings(settings, self.facts, self.now))

    def incident(self, *, case: str | None, answers: Path | None, settings: Iterable[str], folder: str | None) -> Given:
        """Return the incident of a case or of an answers file, with ``--set`` laid over it. Raises ``FaultsError``."""
        if case is None:
            if answers is None and not settings:
                raise FaultsError([Fault("desk.nothing")], MISUSE)
            return self.given(answers, settings)
        if answers is not None:
            raise FaultsError([Fault("desk.case_and_answers")], MISUSE)
        from leakresp.shell.case_desk import take_up

        opened = take_up(self, case, folder)
        return Given.of_case(opened.case, read_settings(settings, self.facts, self.now))

    def assess(self, given: Given) -> Assessment:
        """Return the assessment of an incident under the rules of the chosen day."""
        return assess_whole(self.assessor, given.answers, given.clients, self.on, self.today)

    def chain(self, given: Given) -> Chain | None:
        """Return an incident judged client by client, where it is a case that has clients."""
        if not given.clients:
            return None
        return chain(self.assessor, given.answers, given.clients, self.on, self.today)


def read_bytes(file: str) -> bytes:
    """Return the content of a file, or of standard input for ``-``. Raises ``FaultsError``."""
    if file == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise FaultsError([Fault("file.missing", file)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FaultsError([Fault("file.unreadable", file, details={"reason": reason})]) from None


def _day(written: str | None) -> dt.date | None:
    if written is None:
        return None
    try:
        return read_day(written).date
    except WrongAnswer as wrong:
        raise FaultsError([fault_of(wrong, path="--on")], MISUSE) from None
