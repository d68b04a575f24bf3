"""A case taken up at the desk: opened with what must be known of it said, now or as it stood at another time."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from leakresp.response.case import ruled
from leakresp.shell.answers import Given
from leakresp.shell.cases import OpenCase, list_cases, open_case
from leakresp.shell.day_words import moment_words
from leakresp.shell.faults import MISUSE, Fault, FaultsError
from leakresp.shell.typed_times import end, read_option
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case
    from leakresp.response.chain import Chain
    from leakresp.shell.desk import Desk


def tell(desk: Desk, notes: Iterable[Fault]) -> None:
    """Say on standard error what a person should know."""
    sys.stderr.write("".join(f"{sentence(desk.say, note)}\n" for note in notes))


def take_up(desk: Desk, name: str, folder: str | None) -> OpenCase:
    """Open a case and say what a person should know of it. Raises ``FaultsError``."""
    opened = open_case(name, folder, desk.facts)
    tell(desk, opened.notes)
    return opened


def take_up_to_change(desk: Desk, name: str, folder: str | None) -> OpenCase:
    """Open a case that is to be changed. Raises ``FaultsError``; a closed case has to be reopened first."""
    opened = take_up(desk, name, folder)
    refuse_closed(opened)
    return opened


def refuse_closed(opened: OpenCase) -> None:
    """Refuse to change a closed case. Raises ``FaultsError``."""
    closed = opened.case.closed
    if closed is not None:
        details = {"name": opened.name, "day": closed.at.date(), "by": closed.by}
        raise FaultsError([Fault("case_work.closed", str(opened.folder), details=details)], MISUSE)


def newest_open(desk: Desk, folder: str | None) -> OpenCase:
    """Return the newest case that is not closed. Raises ``FaultsError`` where there is none.

    A case that cannot be opened is told and passed over: it must be known, and must not stand in the way.
    """
    for listed in list_cases(folder):
        try:
            opened = open_case(str(listed.folder), folder, desk.facts)
        except FaultsError as error:
            tell(desk, error.faults)
            continue
        if opened.case.is_open:
            tell(desk, opened.notes)
            return opened
        if opened.journal.broken:
            tell(desk, opened.notes)
    raise FaultsError([Fault("status.no_open_case", folder or "")], MISUSE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands, or stood: the desk of that moment, and the assessment made there."""

    desk: Desk
    name: str
    case: Case
    assessment: Assessment
    #: The case client by client, where it has clients.
    chain: Chain | None = None

    @property
    def ruled_otherwise(self) -> bool:
        """True where the ruling on record came to another verdict than the rules in use do."""
        ruling = self.case.ruling
        return ruling is not None and ruling.event.verdict != self.assessment.verdict


def standing(desk: Desk, opened: OpenCase, at: str | None = None) -> Standing:
    """Return how a case stands now, or how it stood at the time ``at`` as somebody typed it. Raises ``FaultsError``."""
    case = opened.case
    if at is not None:
        moment = min(end(read_option(at, "--at", desk.now)), desk.now)
        desk = at_moment(desk, moment)
        case = opened.at(moment)
        if case.opened is None:
            raise FaultsError([_not_yet(desk, opened, at)], MISUSE)
    given = Given.of_case(case)
    chain = desk.chain(given)
    return Standing(desk, opened.name, case, chain.whole if chain else desk.assess(given), chain)


def _not_yet(desk: Desk, opened: OpenCase, at: str) -> Fault:
    began = opened.case.opened
    since = moment_words(began.at, desk.say) if began else "?"
    return Fault("case_work.not_yet_open", path="--at", details={"name": opened.name, "word": at, "since": since})


def at_moment(desk: Desk, moment: dt.datetime) -> Desk:
    """Return the same desk at another moment: its "today", and the days left, are those of that moment."""
    return replace(desk, now=moment)


def keep_ruling(opened: OpenCase, by: str, assessment: Assessment) -> None:
    """Keep what an assessment found, unless the last ruling on record found the same."""
    ruling = ruled(assessment)
    last = opened.case.ruling
    if last is None or last.event != ruling:
        opened.add(by, ruling)
