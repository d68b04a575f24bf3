"""What an organisation can settle in peace time because of what it is: which of several authorities it would tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leakresp.law.truth import NO, YES

if TYPE_CHECKING:
    from leakresp.law.held import Answers
    from leakresp.law.rulebook import InForce


def branching(in_force: InForce, answers: Answers) -> frozenset[str]:
    """Return the facts that take somebody off the list of those to be told, where what is stated puts it there.

    A recipient that is told only in some lines of business counts once the line of business is known.
    """
    known = in_force.presumptions.fill(answers)
    found = frozenset[str]()
    for regime in in_force.regimes:
        for _, when, unless in regime.recipients:
            called_for = when or regime.applies
            if unless is None or regime.applies.prove(known).truth is NO or called_for.prove(known).truth is not YES:
                continue
            found |= unless.reads
    return found
