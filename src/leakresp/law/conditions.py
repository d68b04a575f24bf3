"""The closed list of words in which conditions are written. Each word is one class with one method, ``prove``.

The logic is Kleene's: *all* is no as soon as one part is no, *any* is yes as soon as one part is yes, and what is
not settled stays unknown. Equal facts give the same proof object, so proofs are remembered and shared.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar, Final

from leakresp.law.held import Day, Interval, Open, Presumed
from leakresp.law.proof import Proof
from leakresp.law.remembered import MOST
from leakresp.law.truth import NO, UNKNOWN, YES, Truth

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Iterable, Sequence

    from leakresp.law.held import Held, Known


class Condition:
    """A word of the rules' language. ``reads`` names the facts it looks at, directly or through other rules."""

    reads: frozenset[str] = frozenset()
    parts: tuple[Condition, ...] = ()

    def prove(self, known: Known) -> Proof:
        """Return the proof of this condition from what is known."""
        raise NotImplementedError

    def asks_for(self, held: Held | None) -> frozenset[str]:
        """Return the facts that an open or presumed leaf made by this word waits for."""
        raise NotImplementedError

    def part_truth(self, truth: Truth) -> Truth:
        """Return the truth a part must have to be a reason for ``truth``."""
        return truth

    def one_settles(self, truth: Truth) -> bool:
        """Tell whether a single part settles the branch at ``truth``."""
        raise NotImplementedError

    def swing(self, parts: Sequence[int]) -> int:
        """Return the truths (as bits) the branch can take when each part can take those given."""
        raise NotImplementedError


class _Branch(Condition):
    settles: ClassVar[Truth]
    otherwise: ClassVar[Truth]

    def __init__(self, parts: Iterable[Condition]) -> None:
        self.parts = tuple(parts)
        self.reads = frozenset[str]().union(*(part.reads for part in self.parts))

    def prove(self, known: Known) -> Proof:
        parts = tuple([part.prove(known) for part in self.parts])
        settles = self.settles
        truth = self.otherwise
        for part in parts:
            if part.truth is settles:
                truth = settles
                break
            if part.truth is UNKNOWN:
                truth = UNKNOWN
        return Proof(truth, self, parts)

    def one_settles(self, truth: Truth) -> bool:
        return truth is self.settles

    def swing(self, parts: Sequence[int]) -> int:
        settles, otherwise, unknown = self.settles.bit, self.otherwise.bit, UNKNOWN.bit
        some, every, unsettled = 0, otherwise, True
        for part in parts:
            some |= part
            every &= part
            unsettled = unsettled and part != settles
        # What settles needs one part; the rest is reached only where no part must settle.
        return (some & settles) | ((every | (some & unknown)) if unsettled else 0)


class All(_Branch):
    """Every part holds."""

    settles, otherwise = NO, YES

    def __repr__(self) -> str:
        return f"all{list(self.parts)}"


class Any(_Branch):
    """At least one part holds."""

    settles, otherwise = YES, NO

    def __repr__(self) -> str:
        return f"any{list(self.parts)}"


_OPPOSITE: Final = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


class Not(Condition):
    """The part does not hold."""

    def __init__(self, part: Condition) -> None:
        self.parts = (part,)
        self.reads = part.reads

    def __repr__(self) -> str:
        return f"not {self.parts[0]!r}"

    def prove(self, known: Known) -> Proof:
        part = self.parts[0].prove(known)
        return Proof(_OPPOSITE[part.truth], self, (part,))

    def part_truth(self, truth: Truth) -> Truth:
        return _OPPOSITE[truth]

    def one_settles(self, truth: Truth) -> bool:  # noqa: ARG002 - a negation has one part
        return False

    def swing(self, parts: Sequence[int]) -> int:
        part = parts[0]
        return (part & UNKNOWN.bit) | (part & YES.bit) << 1 | (part & NO.bit) >> 1


class RuleWord(Condition):
    """Another rule holds. ``condition`` is that rule's version in force; its proofs are remembered here."""

    def __init__(self, rule: str, condition: Condition) -> None:
        self.rule: Final = rule
        self.parts = (condition,)
        self.reads = condition.reads
        self._read = itemgetter(*sorted(self.reads)) if self.reads else _nothing
        self._seen: dict[Hashable, Proof] = {}

    def __repr__(self) -> str:
        return f"rule {self.rule}"

    def prove(self, known: Known) -> Proof:
        proof = known.proofs.get(self)
        if proof is None:
            key = self._read(known)
            proof = self._seen.get(key)
            if proof is None:
                if len(self._seen) >= MOST:
                    self._seen.clear()
                part = self.parts[0].prove(known)
                proof = self._seen[key] = Proof(part.truth, self, (part,))
            known.proofs[self] = proof
        return proof

    def one_settles(self, truth: Truth) -> bool:  # noqa: ARG002 - a reference has one part
        return False

    def swing(self, parts: Sequence[int]) -> int:
        return parts[0]


def _nothing(_known: Known) -> Hashable:
    return None


class _Leaf(Condition):
    def __init__(self, fact: str) -> None:
        self.fact: Final = fact
        self.reads = frozenset((fact,))
        self._seen: dict[Hashable, Proof] = {}

    def prove(self, known: Known) -> Proof:
        held = known[self.fact]
        proof = self._seen.get(held)
        if proof is None:
            if len(self._seen) >= MOST:
                self._seen.clear()
            proof = self._seen[held] = Proof(self._truth(held), self, held=held)
        return proof

    def _truth(self, held: Held) -> Truth:
        if isinstance(held, Open):
            return UNKNOWN
        if isinstance(held, Presumed):
            return self.test(held.value)
        return self.test(held)

    def test(self, value: object) -> Truth:
        """Return the truth of this leaf for a value of its fact."""
        raise NotImplementedError

    def asks_for(self, held: Held | None) -> frozenset[str]:
        return self.reads.union(held.feeds) if isinstance(held, Open) else self.reads


class Is(_Leaf):
    """The answer is one of ``values``; for a list of choices: one of ``values`` was chosen."""

    def __init__(self, fact: str, values: Iterable[str]) -> None:
        super().__init__(fact)
        self.values: Final = frozenset(values)

    def __repr__(self) -> str:
        return f"{self.fact} is {sorted(self.values)}"

    def test(self, value: object) -> Truth:
        if isinstance(value, tuple):
            return NO if self.values.isdisjoint(value) else YES
        return YES if value in self.values else NO


class MayExceed(_Leaf):
    """The possible maximum of a count exceeds ``bound`` persons."""

    def __init__(self, fact: str, bound: int) -> None:
        super().__init__(fact)
        self.bound: Final = bound

    def __repr__(self) -> str:
        return f"{self.fact} may exceed {self.bound}"

    def test(self, value: object) -> Truth:
        if not isinstance(value, Interval):
            return UNKNOWN
        return YES if value.high is None or value.high > self.bound else NO


class AtLeast(_Leaf):
    """The possible minimum of a count reaches ``bound`` persons."""

    def __init__(self, fact: str, bound: int) -> None:
        super().__init__(fact)
        self.bound: Final = bound

    def __repr__(self) -> str:
        return f"{self.fact} at least {self.bound}"

    def test(self, value: object) -> Truth:
        if not isinstance(value, Interval):
            return UNKNOWN
        if value.low >= self.bound:
            return YES
        return NO if value.high is not None and value.high < self.bound else UNKNOWN


class Before(_Leaf):
    """A day lies before ``day``."""

    def __init__(self, fact: str, day: dt.date) -> None:
        super().__init__(fact)
        self.day: Final = day

    def __repr__(self) -> str:
        return f"{self.fact} before {self.day}"

    def test(self, value: object) -> Truth:
        return (YES if value.date < self.day else NO) if isinstance(value, Day) else UNKNOWN


class Lists(Condition):
    """A list of items holds one of ``values``, surely or perhaps.

    Yes when one is listed or suspected. No only when the list is stated, is stated to be complete, and holds none:
    an item that nobody listed is not absent.
    """

    def __init__(self, fact: str, values: Iterable[str], *, suspected_in: str, completed_by: str) -> None:
        self.fact: Final = fact
        self.values: Final = frozenset(values)
        self.suspected_in: Final = suspected_in
        self.completed_by: Final = completed_by
        self.reads = frozenset((fact, suspected_in, completed_by))
        self._read = itemgetter(fact, suspected_in, completed_by)
        self._seen: dict[Hashable, Proof] = {}

    def __repr__(self) -> str:
        return f"{self.fact} lists {sorted(self.values)}"

    def prove(self, known: Known) -> Proof:
        key = self._read(known)
        proof = self._seen.get(key)
        if proof is None:
            if len(self._seen) >= MOST:
                self._seen.clear()
            proof = self._seen[key] = self._prove(*key)
        return proof

    def _prove(self, listed: Held, suspected: Held, complete: Held) -> Proof:
        for items in (listed, suspected):
            if isinstance(items, tuple) and not self.values.isdisjoint(items):
                return Proof(YES, self, held=tuple(sorted(self.values.intersection(items))))
        # An empty list is no list, even if it is said to be complete: some item leaked.
        if listed and isinstance(listed, tuple) and complete == "yes":
            return Proof(NO, self, held=listed)
        # Whether the list is complete says nothing before there is a list.
        waits = [(self.suspected_in, suspected), (self.completed_by, complete)]
        if isinstance(listed, Open):
            waits = [(self.fact, listed), (self.suspected_in, suspected)]
        feeds = tuple(name for name, held in waits if isinstance(held, Open))
        asked = not isinstance(listed, Open) or listed.asked
        return Proof(UNKNOWN, self, held=Open(asked=asked, feeds=feeds or (self.completed_by,)))

    def asks_for(self, held: Held | None) -> frozenset[str]:
        return frozenset(held.feeds) if isinstance(held, Open) else frozenset()
