"""Which of those to be told were told, as far as the record shows it: a clock stopped, or a paper for them sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from leakresp.response.telling import tellings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case, Entry, Sent
    from leakresp.response.due import Due
    from leakresp.response.telling import Telling


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient with what is on record: ``dues`` are its deadlines, met or not, ``papers`` what was sent to it.

    ``left`` is true where some of several it stands for, the clients of an entrustee, were not told yet.
    """

    telling: Telling
    dues: tuple[Due, ...]
    papers: tuple[Entry[Sent], ...] = ()
    left: bool = False

    @property
    def state(self) -> Literal["done", "part", "open"]:
        """How far telling it has come; where it has deadlines, these decide."""
        met = [due for due in self.dues if not due.runs]
        if self.dues:
            return "open" if not met else "done" if len(met) == len(self.dues) else "part"
        return "open" if not self.papers else "part" if self.left else "done"

    @property
    def last(self) -> dt.date | None:
        """The last day of the soonest deadline that still runs, as this recipient counts it."""
        running = {due.id for due in self.dues if due.runs}
        days = (clock.last for clock in self.telling.clocks if f"{self.telling.result.regime.id}.{clock.id}" in running)
        return min((day for day in days if day is not None), default=None)

    def is_over(self, now: dt.datetime) -> bool:
        """Tell whether a deadline of it ended unmet; one whose last day does not move may have ended sooner."""
        return any(due.is_over(now) for due in self.dues) or (self.last is not None and self.last < now.date())


def on_record(case: Case, assessment: Assessment, dues: Sequence[Due]) -> tuple[Told, ...]:
    """Return everybody to be told in the order of the clock, with what the record shows of each."""
    left = any(not client.told for client in case.clients.values())
    return tuple(_told(telling, case, dues, left=left) for telling in tellings(assessment))


def _told(telling: Telling, case: Case, dues: Iterable[Due], *, left: bool) -> Told:
    names = set(_names(telling))
    found = tuple(due for due in dues if due.id in names)
    papers = tuple(entry for entry in case.sent if entry.event.paper in telling.papers) if not found else ()
    return Told(telling, found, papers, left and any(entry.event.client for entry in papers))


def _names(telling: Telling) -> Iterator[str]:
    """Yield the names of a recipient's deadlines; a notice without a number of days goes by that of its duty."""
    regime = telling.result.regime
    yield from (f"{regime.id}.{clock.id}" for clock in telling.clocks)
    if telling.recipient.purpose == "notify" and not telling.clocks:
        yield f"{regime.id}.{regime.notify}"
