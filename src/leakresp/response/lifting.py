"""What would lift a duty: the confirmations, alone or two together, after which a report is no longer required."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from leakresp.law.duties import OTHER_REGIME, REQUIRED

if TYPE_CHECKING:
    from leakresp.law.rulebook import Rulebook
    from leakresp.response.assessment import Assessment, RegimeResult


@dataclass(frozen=True, slots=True)
class Lift:
    """Facts whose confirmation together lifts a duty, and what the duty then comes to."""

    facts: tuple[str, ...]
    duty: str


def lifting(rulebook: Rulebook, assessment: Assessment, result: RegimeResult) -> tuple[Lift, ...]:
    """Return the smallest sets of one or two confirmations that would lift the regime's duty to report.

    Only facts that nobody has stated are tried: what was stated is not for the program to doubt. A duty that would
    stand under another regime is not lifted. ``undetermined`` afterwards means that something else stays open.
    """
    singles = [lift for fact in result.unless if (lift := _lift(rulebook, assessment, result, fact))]
    alone = {fact for lift in singles for fact in lift.facts}
    pairs = combinations([fact for fact in result.unless if fact not in alone], 2)
    return (*singles, *(lift for pair in pairs if (lift := _lift(rulebook, assessment, result, *pair))))


def _lift(rulebook: Rulebook, assessment: Assessment, result: RegimeResult, *facts: str) -> Lift | None:
    in_force = rulebook.in_force(assessment.on)
    regime = next(each for each in in_force.regimes if each.regime.id == result.regime.id)
    known = in_force.presumptions.fill({**assessment.answers, **dict.fromkeys(facts, "yes")})
    duty = regime.report.decide(known).duty
    return None if duty in {REQUIRED, OTHER_REGIME} else Lift(facts, duty)
