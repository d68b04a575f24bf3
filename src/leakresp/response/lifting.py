"""What would lift a duty: the confirmations, alone or two together, after which a report is no longer required."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from leakresp.law.duties import OTHER_REGIME, RELEASED, REQUIRED
from leakresp.law.truth import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leakresp.law.duties import Ruling
    from leakresp.law.held import Known
    from leakresp.law.proof import Proof
    from leakresp.law.rulebook import RegimeInForce


@dataclass(frozen=True, slots=True)
class Lift:
    """Facts whose confirmation together lifts a duty, and what the duty then comes to."""

    facts: tuple[str, ...]
    duty: str


def lifts(regime: RegimeInForce, report: Ruling, known: Known, exemptions: Iterable[str]) -> tuple[Lift, ...]:
    """Return the smallest sets of one or two confirmations that would lift a duty to report that stands.

    Tried are the exemptions nobody has stated, and what an entrustee can still do to be released: what was stated is
    not for the program to doubt. A duty that would stand under another regime is not lifted. ``undetermined``
    afterwards means that something else stays open.
    """
    if report.duty != REQUIRED:
        return ()
    open_facts = report.open_facts()
    steps = {fact for exception, proof in report.exceptions for fact in _release_steps(exception.duty, proof)}
    tried = [fact for fact in dict.fromkeys((*exemptions, *sorted(steps))) if fact in open_facts]
    alone = [lift for fact in tried if (lift := _lift(regime, known, fact))]
    lifting_alone = {fact for lift in alone for fact in lift.facts}
    pairs = combinations([fact for fact in tried if fact not in lifting_alone], 2)
    return (*alone, *(lift for pair in pairs if (lift := _lift(regime, known, *pair))))


def _release_steps(duty: str, proof: Proof) -> frozenset[str]:
    return proof.open_facts() if duty == RELEASED and proof.truth is UNKNOWN else frozenset()


def _lift(regime: RegimeInForce, known: Known, *facts: str) -> Lift | None:
    duty = regime.report.decide(known | dict.fromkeys(facts, "yes")).duty
    return None if duty in {REQUIRED, OTHER_REGIME} else Lift(facts, duty)
