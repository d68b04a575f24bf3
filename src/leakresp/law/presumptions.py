"""What the law presumes while nobody can tell.

A presumption fills a fact that has no answer or is *unsure*; a stated answer always prevails. An exemption must be
confirmed, so it is presumed not to hold: the duty stands unless somebody states that it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from leakresp.law.held import NOT_ASKED, Answers, Held, Known, Open, Presumed, Value
from leakresp.law.truth import UNKNOWN, YES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leakresp.law.conditions import Condition
    from leakresp.law.vocabulary import Source, Text


@dataclass(frozen=True, slots=True)
class Presumption:
    """``fact`` is held to be ``value`` while nothing is stated and ``when`` (if any) holds."""

    id: str
    fact: str
    value: Value
    when: Condition | None
    exemption: bool
    ask: bool
    #: It does not stand against somebody who was asked and cannot tell.
    only_unasked: bool
    says: Text
    sources: tuple[Source, ...]


class Presumptions:
    """All presumptions in force, applied in the order of their file."""

    def __init__(self, facts: Iterable[str], presumptions: Iterable[Presumption]) -> None:
        self.all: Final = tuple(presumptions)
        self.by_id: Final = {each.id: each for each in self.all}
        #: Facts that exempt when confirmed.
        self.exemptions: Final = tuple(dict.fromkeys(each.fact for each in self.all if each.exemption))
        self._blank: dict[str, Held] = dict.fromkeys(facts, NOT_ASKED)
        self._conditional: dict[str, list[Presumption]] = {}
        self._made: dict[tuple[str, bool], Presumed] = {}
        self._opens: dict[tuple[bool, tuple[str, ...]], Open] = {}
        self._always: dict[str, Presumption] = {}
        under_conditions = {each.fact for each in self.all if each.when is not None}
        for each in self.all:
            if each.fact in under_conditions:
                self._conditional.setdefault(each.fact, []).append(each)
            elif each.fact not in self._always:
                self._always[each.fact] = each
                self._blank[each.fact] = self._presumed(each, asked=False)

    def unasked(self, known: Known) -> frozenset[str]:
        """Return the facts that are presumed so firmly that the interview need not ask them."""
        return frozenset(
            each.fact
            for each in self.all
            if not each.ask and isinstance(held := known[each.fact], Presumed) and held.by == each.id
        )

    def _presumed(self, presumption: Presumption, *, asked: bool) -> Presumed:
        key = (presumption.id, asked)
        if key not in self._made:
            self._made[key] = Presumed(presumption.value, presumption.id, asked=asked)
        return self._made[key]

    def _open(self, *, asked: bool, feeds: tuple[str, ...]) -> Open:
        key = (asked, feeds)
        if key not in self._opens:
            self._opens[key] = Open(asked=asked, feeds=feeds)
        return self._opens[key]

    def fill(self, answers: Answers) -> Known:
        """Return every fact with what is held of it: stated, presumed or open."""
        known = Known(self._blank)
        known.update(answers)
        always = self._always
        for fact, value in answers.items():
            if fact in always and isinstance(value, Open) and not always[fact].only_unasked:
                known[fact] = self._presumed(always[fact], asked=True)
        for fact, presumptions in self._conditional.items():
            held = known[fact]
            if isinstance(held, Open):
                known[fact] = self._conditionally(held, presumptions, known)
        return known

    def _conditionally(self, held: Open, presumptions: list[Presumption], known: Known) -> Presumed | Open:
        feeds: set[str] = set()
        for each in presumptions:
            if held.asked and each.only_unasked:
                continue
            if each.when is None:
                return self._presumed(each, asked=held.asked)
            proof = each.when.prove(known)
            if proof.truth is YES:
                return self._presumed(each, asked=held.asked)
            if proof.truth is UNKNOWN:
                feeds |= proof.open_facts()
        return self._open(asked=held.asked, feeds=tuple(sorted(feeds)))
