"""Proofs as trees: indented rows for people, nested mappings for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.law.conditions import All, AtLeast, Before, Is, Lists, MayExceed, Not, RuleWord
from leakresp.law.conditions import Any as AnyOf
from leakresp.law.held import Open, Presumed
from leakresp.law.vocabulary import written
from leakresp.shell.day_words import date
from leakresp.shell.layout import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.law.presumptions import Presumption
    from leakresp.law.proof import Proof
    from leakresp.law.rulebook import InForce
    from leakresp.law.rules import Criterion
    from leakresp.response.wording import Phrases

_BRANCHES: Final = {All: "all", AnyOf: "any", Not: "not"}
_LEAVES: Final = {Is: "is", Lists: "lists", MayExceed: "may_exceed", AtLeast: "at_least", Before: "before"}
_STYLES: Final = {"yes": "bad", "no": "good", "unknown": "unsure"}


class Trees:
    """Trees of one assessment in one language. A rule that several trees rest on is unfolded where it comes first."""

    def __init__(self, in_force: InForce, phrases: Phrases, marks: str = "mark") -> None:
        self.in_force: Final = in_force
        self.phrases: Final = phrases
        self.say: Final = phrases.say
        self.marks: Final = marks
        self._unfolded: Final = set[str]()
        self._presumptions: dict[str, Presumption] = {}

    def rows(self, proof: Proof, indent: int = 2) -> Iterator[Row]:
        """Yield the tree of a proof."""
        yield from self._rows(proof, indent, frozenset(proof.deciding()))

    def presumptions(self) -> tuple[Presumption, ...]:
        """Return the presumptions that the trees written so far rest on."""
        return tuple(self._presumptions.values())

    def _rows(self, proof: Proof, indent: int, deciding: frozenset[Proof]) -> Iterator[Row]:
        if isinstance(proof.word, RuleWord):
            yield from self._rule(proof, proof.word, indent, deciding)
        elif type(proof.word) in _BRANCHES:
            yield self._marked(proof, self.say(f"condition.{word_of(proof)}"), indent, "")
            for part in proof.parts:
                yield from self._rows(part, indent + 2, deciding)
        else:
            yield from self._leaf(proof, indent, deciding)

    def _rule(self, proof: Proof, word: RuleWord, indent: int, deciding: frozenset[Proof]) -> Iterator[Row]:
        criterion = self.in_force.criteria[word.rule]
        title, truth = self.phrases.text(criterion.rule.title), self.say(f"screen.truth.{proof.truth.word}")
        told = self.say("why.rule", title=title, truth=truth)
        yield self._marked(proof, told, indent, _STYLES[proof.truth.word])
        if word.rule in self._unfolded:
            yield Row(self.say("why.above"), indent + 4, style="muted")
            return
        self._unfolded.add(word.rule)
        sources = self.say.listed(self.phrases.citations(criterion.version))
        yield Row(self.say("screen.source", sources=sources), indent + 4, 2, "muted")
        condition = proof.parts[0]
        # That all parts of a rule must hold goes without saying.
        for part in condition.parts if isinstance(condition.word, All) else (condition,):
            yield from self._rows(part, indent + 4, deciding)

    def _leaf(self, proof: Proof, indent: int, deciding: frozenset[Proof]) -> Iterator[Row]:
        if proof.presumed is not None:
            presumption = self.in_force.presumptions.by_id[proof.presumed.by]
            self._presumptions[presumption.id] = presumption
        yield self._marked(proof, self.leaf(proof), indent, "" if proof in deciding else "muted")

    def _marked(self, proof: Proof, text: str, indent: int, style: str) -> Row:
        mark = self.say(f"screen.{self.marks}.{proof.truth.word}")
        return Row(self.say("why.node", mark=mark, text=text), indent, 4, style)

    def leaf(self, proof: Proof) -> str:
        """Return a leaf with its answer, and with the bound it is held against where it has one."""
        word, told = proof.word, self.phrases.leaf(proof)
        if isinstance(word, MayExceed | AtLeast):
            return self.say(f"why.{word_of(proof)}", told=told, bound=f"{word.bound:,}")
        if isinstance(word, Before):
            return self.say("why.before", told=told, day=date(word.day, self.say))
        return told

    def tree(self, proof: Proof) -> dict[str, Any]:
        """Return the proof as nested mappings: word or rule, truth, fact, value, presumption, sources, parts."""
        found: dict[str, Any] = {"word": word_of(proof), "truth": proof.truth.word}
        if isinstance(proof.word, RuleWord):
            return found | self._named(self.in_force.criteria[proof.word.rule]) | {"parts": [self.tree(proof.parts[0])]}
        if proof.parts:
            return found | {"parts": [self.tree(part) for part in proof.parts]}
        return found | self._held(proof)

    def _named(self, criterion: Criterion) -> dict[str, Any]:
        return {
            "rule": criterion.rule.name,
            "title": self.phrases.text(criterion.rule.title),
            "sources": self.phrases.citations(criterion.version),
        }

    def _held(self, leaf: Proof) -> dict[str, Any]:
        held, word = leaf.held, leaf.word
        fact = word.fact if isinstance(word, Lists) else next(iter(word.reads))
        found: dict[str, Any] = {"fact": fact, "state": _state(leaf)}
        if isinstance(held, Presumed):
            found |= {"value": written(held.value), "presumed": held.by}
        else:
            found["value"] = None if held is None or isinstance(held, Open) else written(held)
        if isinstance(held, Open):
            found["waits_for"] = sorted(word.asks_for(held))
        if isinstance(word, MayExceed | AtLeast):
            found["bound"] = word.bound
        return found | {"text": self.phrases.leaf(leaf)}


def word_of(proof: Proof) -> str:
    """Return the word of the rules' language that made a proof."""
    if isinstance(proof.word, RuleWord):
        return "rule"
    return _BRANCHES.get(type(proof.word)) or _LEAVES[type(proof.word)]


def _state(leaf: Proof) -> str:
    if isinstance(leaf.held, Presumed):
        return "presumed"
    if isinstance(leaf.held, Open):
        return "unsure" if leaf.held.asked else "not_asked"
    return "stated"
