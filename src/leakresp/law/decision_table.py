"""A duty as a table: every way in which its parts can be true, false or unknown, and what the duty then comes to.

The table is read off the condition itself, so it cannot say anything else than the rule. A cell that names several
truths holds for each of them; a cell that names all three does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from leakresp.law.conditions import All, Any, Not
from leakresp.law.duties import NOT_REQUIRED, RELEASED, REQUIRED, STRENGTH, UNDETERMINED
from leakresp.law.truth import NO, UNKNOWN, YES, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leakresp.law.conditions import Condition
    from leakresp.law.duties import Duty
    from leakresp.law.rules import Exemption

TRUTHS: Final = (YES, NO, UNKNOWN)
#: Truths that a cell names, of one part.
Cell = frozenset[Truth]
_OPPOSITE: Final = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}
#: Ways of which more make no table that anybody would read.
_MOST: Final = 3**10


class TooWideError(ValueError):
    """The duty has too many parts for a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a cell for each part, in their order, and what the duty comes to."""

    cells: tuple[Cell, ...]
    duty: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """``parts`` are the parts of the base case, then the exceptions; ``lines`` cover every way exactly once or more."""

    parts: tuple[Condition, ...]
    exceptions: tuple[Exemption, ...]
    lines: tuple[Line, ...]


def decision_table(duty: Duty) -> DecisionTable:
    """Return the table of a duty. Raises ``TooWideError``."""
    parts = tuple({repr(part): part for part in _parts(duty.when)}.values())
    width = len(parts) + len(duty.exceptions)
    if 3**width > _MOST:
        raise TooWideError(duty.rule.name)
    outcomes: dict[tuple[Truth, ...], str | None] = {
        way: _outcome(duty, dict(zip(map(repr, parts), way, strict=False)), way[len(parts) :])
        for way in product(TRUTHS, repeat=width)
    }
    lines = [line for outcome in _order(outcomes.values()) for line in _lines(outcome, outcomes, width)]
    return DecisionTable(parts, tuple(exception for exception, _ in duty.exceptions), tuple(lines))


def _parts(condition: Condition) -> Iterator[Condition]:
    """Yield what a condition joins: the rules and the answers it names."""
    if isinstance(condition, All | Any | Not):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition


def _truth(condition: Condition, truths: Mapping[str, Truth]) -> Truth:
    if isinstance(condition, Not):
        return _OPPOSITE[_truth(condition.parts[0], truths)]
    if not isinstance(condition, All | Any):
        return truths[repr(condition)]
    settles = NO if isinstance(condition, All) else YES
    found = [_truth(part, truths) for part in condition.parts]
    if settles in found:
        return settles
    return UNKNOWN if UNKNOWN in found else _OPPOSITE[settles]


def _outcome(duty: Duty, truths: Mapping[str, Truth], exceptions: Sequence[Truth]) -> str | None:
    """Return what the duty comes to; ``None`` where two exceptions hold, which the rules keep from happening."""
    base = _truth(duty.when, truths)
    proven = [exception for (exception, _), truth in zip(duty.exceptions, exceptions, strict=True) if truth is YES]
    if len(proven) > 1:
        return None
    if proven and not (proven[0].duty == RELEASED and base is NO):
        return proven[0].duty
    return {YES: REQUIRED, UNKNOWN: UNDETERMINED, NO: NOT_REQUIRED}[base]


def _order(outcomes: object) -> list[str]:
    found = {outcome for outcome in outcomes if outcome is not None}  # type: ignore[attr-defined]
    return sorted(found, key=lambda duty: STRENGTH.index(duty) if duty in STRENGTH else len(STRENGTH))


def _lines(outcome: str, outcomes: Mapping[tuple[Truth, ...], str | None], width: int) -> Iterator[Line]:
    """Yield lines that together cover every way to ``outcome``, each as wide as it can be."""
    wanted = {way for way, found in outcomes.items() if found == outcome}
    allowed = wanted | {way for way, found in outcomes.items() if found is None}
    covered: set[tuple[Truth, ...]] = set()
    for way in outcomes:
        if way not in wanted or way in covered:
            continue
        cells = [frozenset((truth,)) for truth in way]
        # The last parts are the exceptions: what does not matter is found there first.
        for place in reversed(range(width)):
            cells[place] = _widest(cells, place, allowed)
        covered |= set(product(*cells))
        yield Line(tuple(cells), outcome)


def _widest(cells: list[Cell], place: int, allowed: set[tuple[Truth, ...]]) -> Cell:
    """Return the most truths that the part at ``place`` may have while the outcome stays the same."""
    found = cells[place]
    for truth in TRUTHS:
        tried = [*cells[:place], frozenset((truth,)), *cells[place + 1 :]]
        if truth not in found and prod(map(len, tried)) <= len(allowed) and allowed.issuperset(product(*tried)):
            found |= {truth}
    return found
