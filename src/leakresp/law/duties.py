"""Duties: a base case and its exceptions.

An exception that is proven decides. One that is not proven does not lift the duty, and is named among what would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from leakresp.law.truth import NO, UNKNOWN, YES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leakresp.law.conditions import Condition
    from leakresp.law.held import Known
    from leakresp.law.proof import Proof
    from leakresp.law.rules import Exemption, Rule, Version

REQUIRED: Final = "required"
UNDETERMINED: Final = "undetermined"
NOT_REQUIRED: Final = "not_required"
RELEASED: Final = "released"
OTHER_REGIME: Final = "other_regime"

#: From the strongest to the weakest, as the overall verdict takes them.
STRENGTH: Final = (REQUIRED, UNDETERMINED, RELEASED, NOT_REQUIRED)
#: The states in which something is owed, or may be.
OWING: Final = (REQUIRED, UNDETERMINED)


def rank(duty: str) -> int:
    """Return the place of a duty's state from the strongest; what another regime decides asks for nothing here."""
    return STRENGTH.index(NOT_REQUIRED if duty == OTHER_REGIME else duty)


def strongest(duties: Iterable[str]) -> str:
    """Return the strongest of several states; of none nothing can be told yet."""
    return STRENGTH[min(map(rank, duties), default=rank(UNDETERMINED))]


class ClashingExceptionsError(ValueError):
    """Two exceptions of one duty hold together: the rules are wrong, and no order may hide it."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a duty comes to for one incident, with the proofs it rests on."""

    duty: str
    base: Proof
    exceptions: tuple[tuple[Exemption, Proof], ...]
    by: Exemption | None = None

    def deciding(self) -> tuple[Proof, ...]:
        """Return the leaves that settle the ruling."""
        if self.by is not None:
            return next(proof for exception, proof in self.exceptions if exception is self.by).deciding()
        return self.base.deciding()

    def open_facts(self, asked: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the facts an answer to which could change the duty; those ``asked`` already stay as they are."""
        facts: frozenset[str] = frozenset()
        for exception, proof in self.exceptions:
            if exception is self.by or (self.by is None and self._could_decide(exception, asked)):
                facts |= proof.open_facts(asked)
        if self.by is None or self.duty == RELEASED:
            facts |= self.base.open_facts(asked)
        return facts

    def _could_decide(self, exception: Exemption, asked: frozenset[str]) -> bool:
        # Without a base case there is nothing to lift: only another regime would still change the answer.
        return self.base.truth is not NO or bool(self.base.open_facts(asked)) or exception.duty == OTHER_REGIME


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty's version in force, with its conditions built."""

    rule: Rule
    version: Version
    when: Condition
    exceptions: tuple[tuple[Exemption, Condition], ...]

    def decide(self, known: Known) -> Ruling:
        """Return the ruling for what is known. Raises ``ClashingExceptionsError``."""
        base = self.when.prove(known)
        proofs = tuple([(exception, condition.prove(known)) for exception, condition in self.exceptions])
        proven = [exception for exception, proof in proofs if proof.truth is YES]
        if len(proven) > 1:
            names = ", ".join(exception.id for exception in proven)
            message = f"{self.rule.name}: {names} hold together"
            raise ClashingExceptionsError(message)
        if proven and not (proven[0].duty == RELEASED and base.truth is NO):
            return Ruling(proven[0].duty, base, proofs, proven[0])
        if base.truth is YES:
            return Ruling(REQUIRED, base, proofs)
        return Ruling(UNDETERMINED if base.truth is UNKNOWN else NOT_REQUIRED, base, proofs)
