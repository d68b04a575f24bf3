"""What is due in a case and by when: the law's deadlines, the notice without a number of days, and dates of one's own.

A report that was recorded as filed stops its clock, and those before it: who filed the final report need not file the
preliminary one. All days are Japan's; a day on which something is due lasts until its end.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from leakresp.law.duties import OWING, REQUIRED
from leakresp.law.vocabulary import JAPAN
from leakresp.response.assessment import counting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from leakresp.law.deadlines import Clock
    from leakresp.law.vocabulary import Text
    from leakresp.response.assessment import Assessment, RegimeResult
    from leakresp.response.case import AgreedDate, Case, DateEnded, Entry, Notified, Reported, Sent

#: ``guide``: the law gives a rough number of days. ``term``: a period of days that binds, ``hours`` one of hours.
#: ``prompt``: promptly, without a number of days. ``agreed``: a date of one's own.
Kind = Literal["guide", "term", "hours", "prompt", "agreed"]
#: The kinds that bind, and with whose last one a duty to report ends.
BINDING: Final = frozenset(("term", "hours"))
#: The name of a date of one's own begins with this; its number follows.
AGREED = "agreed"
_REPORT = "_report"
#: The purpose of a clock that is for the persons concerned.
_NOTIFY = "notify"
F = TypeVar("F", "Reported", "Notified")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due. ``id`` is ``appi.final_report``, ``appi.notify`` or ``agreed.1``.

    ``last`` is the last day, or ``None`` while nobody can tell it; ``first`` the day on which a guide begins.
    ``provisional``: whether the duty exists is not settled. ``ended``: what stopped the clock.
    """

    id: str
    kind: Kind
    title: Text
    last: dt.date | None
    first: dt.date | None = None
    clock: Clock | None = None
    provisional: bool = False
    ended: Entry[Reported] | Entry[Notified] | Entry[Sent] | Entry[DateEnded] | None = None

    @property
    def purpose(self) -> str:
        """For whom it is: ``report`` for an authority, ``notify`` for the persons; empty for a date of one's own."""
        if self.kind == "agreed":
            return ""
        return self.clock.purpose if self.clock is not None else _NOTIFY

    @property
    def dayless(self) -> Literal["prompt", "at_once", "open"]:
        """Why it has no day: promptly or at once, without a number of days; or nobody can tell the day yet."""
        if self.kind != "prompt":
            return "open"
        return "at_once" if self.clock is not None and self.clock.at_once else "prompt"

    @property
    def moment(self) -> dt.datetime | None:
        """The moment at which it ends, where it ends within a day."""
        return self.clock.moment if self.clock else None

    def is_over(self, now: dt.datetime) -> bool:
        """Tell whether it ended unmet: its moment, or the end of its last day, is over."""
        return self.runs and self.last is not None and time_left(self, now) <= dt.timedelta()

    @property
    def runs(self) -> bool:
        """True until a report was filed, a paper sent, or the date met or dropped."""
        return self.ended is None


def dues(case: Case, assessment: Assessment, notices: Mapping[str, frozenset[str]] | None = None) -> tuple[Due, ...]:
    """Return everything that is or was due in a case, soonest first.

    ``notices`` names for each duty to notify (``appi.notify``) the papers that fulfil it.
    """
    found = [due for result in counting(assessment.regimes) for due in _regime(case, result, notices or {})]
    return soonest_first([*found, *map(agreed, case.agreed)])


def soonest_first(found: Iterable[Due]) -> tuple[Due, ...]:
    """Return what is due in the order of the days; what has no day yet comes last."""
    return tuple(sorted(found, key=place))


def place(due: Due) -> tuple[dt.date, bool, str]:
    """Return the place of something due among others: by its last day, a period that binds before a guide."""
    return due.last or dt.date.max, due.kind not in BINDING, due.id


def time_left(due: Due, now: dt.datetime) -> dt.timedelta:
    """Return the time from ``now`` until ``due`` ends: at its moment, else at the end of its last day in Japan.

    It is negative once that is over. Raises ``ValueError`` for what has no day.
    """
    if due.moment is not None:
        return due.moment - now
    if due.last is None:
        raise ValueError(due.id)
    return dt.datetime.combine(due.last + dt.timedelta(days=1), dt.time(), JAPAN) - now


def days_left(last: dt.date, now: dt.datetime) -> int:
    """Return how many days ``last`` is away from today in Japan: 0 today, negative when it is over."""
    return (last - now.astimezone(JAPAN).date()).days


def _regime(case: Case, result: RegimeResult, notices: Mapping[str, frozenset[str]]) -> Iterator[Due]:
    noticed = f"{result.regime.id}.{result.regime.notify}"
    for place, clock in enumerate(result.clocks):
        later = [each for each in result.clocks[place:] if each.purpose == clock.purpose]
        stages = {name for each in later for name in (each.id, each.id.removesuffix(_REPORT))}
        ended: Entry[Reported] | Entry[Notified] | Entry[Sent] | None = filed(case.reports, result.regime.id, stages)
        if clock.purpose == _NOTIFY:
            ended = ended or _told(case, result, stages, notices.get(noticed, frozenset()))
        yield Due(
            f"{result.regime.id}.{clock.id}",
            clock.kind,
            clock.rule.title,
            clock.last,
            clock.guide[0] if clock.guide else None,
            clock,
            result.duty(clock.purpose) != REQUIRED,
            ended,
        )
    if result.notify is None or result.regime.notify is None or result.notify.duty not in OWING:
        return
    if any(clock.purpose == _NOTIFY for clock in result.clocks):
        return
    title = result.regime.rules[result.regime.notify].title
    told = _told(case, result, {result.regime.notify}, notices.get(noticed, frozenset()))
    yield Due(noticed, "prompt", title, None, provisional=result.notify.duty != REQUIRED, ended=told)


def _told(
    case: Case, result: RegimeResult, stages: set[str], papers: frozenset[str]
) -> Entry[Notified] | Entry[Sent] | None:
    """Return the first that shows that the persons were told: a paper that was sent, or the record that says so."""
    sent = next((entry for entry in case.sent if entry.event.paper in papers), None)
    return sent or filed(case.notices, result.regime.id, stages)


def filed(events: Sequence[Entry[F]], regime: str, stages: Collection[str]) -> Entry[F] | None:
    """Return the report, or the notice, of one law that meets one of ``stages``; one with a receipt number first."""
    fitting = [entry for entry in events if entry.event.regime == regime and entry.event.stage in stages]
    # A receipt number often comes later, and is then recorded with the report once more.
    return next((entry for entry in fitting if entry.event.receipt), fitting[0] if fitting else None)


def agreed(date: AgreedDate) -> Due:
    """Return a date of one's own as something that is due."""
    what = date.entry.event.what
    return Due(f"{AGREED}.{date.number}", "agreed", {"ja": what, "en": what}, date.day, ended=date.ended)
