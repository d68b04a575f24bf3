"""What an incident at an entrustee comes to: judged for each client, and for the whole as the strongest of them.

An entrustee is released by telling an entrustor that bears the duty itself (APPI article 26, paragraph 1, proviso).
With many entrustors the release is each one's own. The whole counts as released only when every client was told,
nobody's duty is in doubt, and no data are left for which no client takes the duty over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from leakresp.law.duties import NOT_REQUIRED, OWING, RELEASED, REQUIRED, STRENGTH, rank, strongest
from leakresp.response.clients import BEARS, ITEMS, NOTIFIED, PEOPLE, SUSPECTED, sum_of, together

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from leakresp.law.held import Answers
    from leakresp.response.assessment import Assessment, Assessor, RegimeResult
    from leakresp.response.clients import Client

#: One client alone was judged already.
_SEVERAL: Final = 2
#: What a client may lack, as the table names it, beside the facts: that it was told, and what it says of its duty.
TOLD: Final = "told"


@dataclass(frozen=True, slots=True)
class Share:
    """One client's part of the incident, judged by itself."""

    client: Client
    assessment: Assessment

    @property
    def verdict(self) -> str:
        """What the rules say of this client's part."""
        return self.assessment.verdict

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still to be done or known: ``told``, and the ids of facts."""
        client, stated = self.client, self.client.stated
        facts = [fact for fact in (PEOPLE, ITEMS) if fact not in stated and not (fact == ITEMS and SUSPECTED in stated)]
        duty = [BEARS] if client.bears == "unknown" else []
        return (*([] if client.told else [TOLD]), *duty, *facts)


@dataclass(frozen=True, slots=True)
class Chain:
    """All clients of a case. ``rest`` judges together those of whom none takes the duty over."""

    shares: tuple[Share, ...]
    rest: Assessment | None
    whole: Assessment

    @property
    def untold(self) -> tuple[Client, ...]:
        """The clients that were not told yet."""
        return tuple(share.client for share in self.shares if not share.client.told)

    @property
    def told(self) -> int:
        """How many clients were told."""
        return len(self.shares) - len(self.untold)

    @property
    def doubtful(self) -> tuple[Client, ...]:
        """The clients of which nobody knows yet whether they bear the duty."""
        return tuple(share.client for share in self.shares if share.client.bears == "unknown")

    @property
    def rest_owes(self) -> bool:
        """True where data that alone would call for no report do so together."""
        return self.rest is not None and self.rest.verdict == REQUIRED


def assess_whole(
    assessor: Assessor, answers: Answers, clients: Mapping[str, Client], on: dt.date | None, today: dt.date
) -> Assessment:
    """Return the assessment of a case: as ever without clients, else as strong as that of any of them."""
    if not clients:
        return assessor.assess(answers, on, today)
    return chain(assessor, answers, clients, on, today).whole


def chain(
    assessor: Assessor, answers: Answers, clients: Mapping[str, Client], on: dt.date | None, today: dt.date
) -> Chain:
    """Return a case judged client by client, and as a whole. ``answers`` are those of the whole case."""
    day = assessor.day(answers, on, today)
    shares = tuple(Share(each, assessor.assess(each.share(answers), day, today)) for each in clients.values())
    rest = _rest(assessor, answers, shares, day, today)
    parts = [share.assessment for share in shares] + ([rest] if rest else [])
    settled = all(each.told and each.bears != "unknown" for each in clients.values())
    if settled and strongest(part.verdict for part in parts) == RELEASED:
        found = assessor.assess(answers | {BEARS: "yes", NOTIFIED: "yes"}, day, today)
        return Chain(shares, rest, _joined(found, parts, STRENGTH))
    # Until then no client's release may show as that of the whole.
    found = assessor.assess(answers, day, today)
    if found.verdict == RELEASED:
        found = assessor.assess(answers | {BEARS: "no"}, day, today)
    if found.verdict != REQUIRED:
        parts = [part if part.verdict != RELEASED else _unreleased(assessor, part, day, today) for part in parts]
    return Chain(shares, rest, _joined(found, parts, OWING))


def _rest(
    assessor: Assessor, answers: Answers, shares: Sequence[Share], day: dt.date, today: dt.date
) -> Assessment | None:
    """Return what the data come to, together, of clients none of which takes the duty over.

    The entrustee handles the data of all its clients, so the persons count together for its own duty; to tell an
    entrustor that bears no duty releases nobody. Data that call for no report however many the persons stay out of it.
    """
    left = [share.client for share in shares if share.client.bears == "no" or share.verdict == NOT_REQUIRED]
    counts = [client.people for client in left if client.people is not None]
    if len(counts) < _SEVERAL:
        return None
    many: Answers = {PEOPLE: sum_of(counts), BEARS: "no", NOTIFIED: "no"}
    owing = [
        client
        for client in left
        if client.people and assessor.assess(client.share(answers) | many, day, today).verdict in OWING
    ]
    return assessor.assess(together(owing, answers), day, today) if len(owing) >= _SEVERAL else None


def _unreleased(assessor: Assessor, part: Assessment, day: dt.date, today: dt.date) -> Assessment:
    """Return the same part as it would be had the client not been told."""
    return assessor.assess(part.answers | {NOTIFIED: "no"}, day, today)


def _joined(whole: Assessment, parts: Iterable[Assessment], counting: Sequence[str]) -> Assessment:
    """Return the whole with the strongest duty of those ``counting`` that any part has under each law.

    The papers and actions that go with it come along.
    """
    found = whole
    for part in parts:
        stronger = [result for result in part.regimes if _outranks(result, found.regime(result.regime.id), counting)]
        if stronger:
            found = _with(found, part, stronger)
    return found


def _with(one: Assessment, other: Assessment, stronger: Sequence[RegimeResult]) -> Assessment:
    by_id = {result.regime.id: result for result in (*one.regimes, *stronger)}
    regimes = tuple(sorted(by_id.values(), key=lambda result: result.regime.order))
    held = {need.paper.id for need in one.papers}
    duties = (one.verdict, *(result.owed for result in regimes))
    return replace(
        one,
        verdict=strongest(duties),
        regimes=regimes,
        unlooked=tuple(each for each in one.unlooked if each.regime.id not in by_id),
        papers=(*one.papers, *(need for need in other.papers if need.paper.id not in held)),
        actions=(*one.actions, *(action for action in other.actions if action not in one.actions)),
    )


def _outranks(one: RegimeResult, other: RegimeResult | None, counting: Sequence[str]) -> bool:
    if one.owed not in counting:
        return False
    # A law beside the Act may be looked at for one client only: its card data, its customers abroad.
    return other is None or rank(one.owed) < rank(other.owed)
