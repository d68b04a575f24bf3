"""A proof: the tree of reasons behind a truth value.

``deciding()`` gives the leaves that settle it, which is the explanation. ``open_facts()`` gives the facts whose
answer could still change it, which is what the interview asks. Proofs are shared between incidents and are never
changed after they are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from leakresp.law.held import Open, Presumed
from leakresp.law.truth import NO, UNKNOWN, YES, Truth

if TYPE_CHECKING:
    from collections.abc import Hashable

    from leakresp.law.conditions import Condition
    from leakresp.law.held import Held

_NOTHING: Final[frozenset[str]] = frozenset()


@final
class Proof:
    """Truth of one condition, made by ``word`` from ``parts`` (a branch) or from what is ``held`` (a leaf)."""

    __slots__ = ("_open", "_reasons", "_swing", "held", "parts", "truth", "word")

    def __init__(self, truth: Truth, word: Condition, parts: tuple[Proof, ...] = (), held: Held | None = None) -> None:
        self.truth: Final = truth
        self.word: Final = word
        self.parts: Final = parts
        self.held: Final = held
        self._open: frozenset[str] | None = None
        self._swing = 0
        self._reasons: tuple[Proof, ...] | None = None

    def __repr__(self) -> str:
        return f"Proof({self.truth!r}, {self.word!r})"

    @property
    def presumed(self) -> Presumed | None:
        """The presumption this leaf rests on, if it rests on one."""
        return self.held if isinstance(self.held, Presumed) else None

    def deciding(self) -> tuple[Proof, ...]:
        """Return the leaves that settle this proof, each once, in the order of the rule."""
        if self._reasons is None:
            self._reasons = self._deciding()
        return self._reasons

    def _deciding(self) -> tuple[Proof, ...]:
        if not self.parts:
            return (self,)
        wanted = self.word.part_truth(self.truth)
        same = [part.deciding() for part in self.parts if part.truth is wanted]
        if len(same) == 1:
            return same[0]
        if self.word.one_settles(self.truth):
            # One part is enough: the firmest reason (fewest presumptions), then the shortest, explains best.
            return min(same, key=lambda leaves: (sum(1 for leaf in leaves if leaf.presumed), len(leaves)))
        # Alike is what says the same of the same facts, not what is the same object: proofs are remembered or made
        # anew, and the explanation must not depend on which incidents came before.
        alike: dict[Hashable, Proof] = {}
        for leaves in same:
            for leaf in leaves:
                alike.setdefault(leaf.says(), leaf)
        return tuple(alike.values())

    def says(self) -> Hashable:
        """Return what tells this leaf from others in an explanation: its facts, its truth, and the items it found."""
        return self.word.reads, self.truth, self.held if isinstance(self.held, tuple | str) else self.presumed

    def open_facts(self, asked: frozenset[str] = _NOTHING) -> frozenset[str]:
        """Return the facts an answer to which could change this truth value.

        Facts without an answer that leave it unknown, and presumed facts whose stated answer would turn it. Facts
        ``asked`` already stay as they are: neither they are returned, nor what matters only together with them.
        """
        if asked:
            return _live(self, asked) | _soft(self, asked)
        if self._open is None:
            self._open = _live(self, _NOTHING) | _soft(self, _NOTHING)
        return self._open

    def swing(self, asked: frozenset[str] = _NOTHING, *, open_too: bool = False) -> int:
        """Return the truths (as bits) this proof could take if presumptions were replaced by stated answers.

        ``open_too``: and if what is open were answered. Facts ``asked`` already stay as they are.
        """
        if asked or open_too:
            return self._swung(asked, open_too=open_too)
        if not self._swing:
            self._swing = self._swung(_NOTHING, open_too=False)
        return self._swing

    def _swung(self, asked: frozenset[str], *, open_too: bool) -> int:
        if self.parts:
            return self.word.swing([part.swing(asked, open_too=open_too) for part in self.parts])
        if isinstance(self.held, Presumed) and not self.word.asks_for(self.held) <= asked:
            return YES.bit | NO.bit
        if open_too and self.truth is UNKNOWN and not self.word.asks_for(self.held) <= asked:
            return YES.bit | NO.bit | UNKNOWN.bit
        return self.truth.bit

    def leaves(self) -> tuple[Proof, ...]:
        """Return every leaf of the tree, each once."""
        if not self.parts:
            return (self,)
        return tuple(dict.fromkeys(leaf for part in self.parts for leaf in part.leaves()))

    @property
    def unsure(self) -> bool:
        """Tell whether this leaf is open although it was asked."""
        return isinstance(self.held, Open) and self.held.asked


def _live(proof: Proof, asked: frozenset[str]) -> frozenset[str]:
    """Return the facts whose answer could settle what is unknown."""
    # While nothing was asked, whatever leaves a proof unknown could still settle it.
    if proof.truth is not UNKNOWN or (asked and proof.swing(asked, open_too=True) == UNKNOWN.bit):
        return _NOTHING
    if not proof.parts:
        return proof.word.asks_for(proof.held) - asked
    return _NOTHING.union(*[_live(part, asked) for part in proof.parts if part.truth is UNKNOWN])


def _soft(proof: Proof, asked: frozenset[str]) -> frozenset[str]:
    """Return the presumed facts whose stated answer could turn the truth."""
    if proof.swing(asked) == proof.truth.bit:
        return _NOTHING
    if not proof.parts:
        return proof.word.asks_for(proof.held) - asked
    return _NOTHING.union(*[_soft(part, asked) for part in proof.parts])
