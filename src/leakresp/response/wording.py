"""Answers and proofs put into words of one language, from the titles of the vocabulary and the tool's sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from leakresp.law.conditions import Lists
from leakresp.law.held import Day, Interval, Open, Presumed
from leakresp.law.proof import Proof
from leakresp.law.remembered import MOST, Remembered
from leakresp.law.truth import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.held import Held
    from leakresp.law.rulebook import Rulebook
    from leakresp.law.rules import Version
    from leakresp.law.vocabulary import Fact, Source, Text


class Say(Protocol):
    """The tool's sentences by key."""

    @property
    def lang(self) -> str:
        """The language of the sentences: ``ja`` or ``en``."""
        ...

    def __call__(self, key: str, /, **details: object) -> str:
        """Return a sentence with its holes filled."""
        ...

    def listed(self, parts: Iterable[str]) -> str:
        """Return parts joined as the language lists things."""
        ...


class Phrases:
    """Facts, values, leaves and sources in one language. Phrases of leaves are remembered: proofs are shared."""

    def __init__(self, rulebook: Rulebook, say: Say) -> None:
        self.rulebook: Final = rulebook
        self.say: Final = say
        self._leaves: dict[Proof, str] = {}
        self._cited: Final = Remembered[list[str]]()
        self._exemptions: Final = {plain["id"] for plain in rulebook.plain["presumptions"] if plain["exemption"]}

    def unconfirmed_exemption(self, leaf: Proof) -> bool:
        """Tell whether a leaf only says that nobody confirmed an exemption."""
        return leaf.presumed is not None and leaf.presumed.by in self._exemptions

    def text(self, text: Text) -> str:
        """Return a text in this language."""
        return text[self.say.lang]

    def title(self, fact: str) -> str:
        """Return the title of a fact."""
        return self.text(self.rulebook.facts[fact].title)

    def value(self, fact: str, held: Held) -> str:
        """Return what is held of a fact, in words."""
        if isinstance(held, Open):
            return self.say("value.unsure" if held.asked else "value.not_asked")
        if isinstance(held, Presumed):
            return self.value(fact, held.value)
        return self._stated(self.rulebook.facts[fact], held)

    def _stated(self, fact: Fact, value: object) -> str:
        if isinstance(value, Interval):
            return self._count(value)
        if isinstance(value, Day):
            return str(value.date) + (f" {value.time}" if value.time else "")
        if isinstance(value, tuple):
            titles = [self.text(fact.choices[each].title) for each in value]
            return self.say.listed(titles) if titles else self.say("value.none")
        if fact.kind in {"finding", "yes_no"}:
            return self.say(f"value.{value}")
        if fact.kind == "choice":
            return self.text(fact.choices[str(value)].title)
        return str(value)

    def _count(self, count: Interval) -> str:
        if count.high is None:
            return self.say("count.at_least", low=f"{count.low:,}")
        if count.low == count.high == 1:
            return self.say("count.one")
        if count.low == count.high:
            return self.say("count.exact", low=f"{count.low:,}")
        if count.low == 0:
            return self.say("count.at_most", high=f"{count.high:,}")
        return self.say("count.between", low=f"{count.low:,}", high=f"{count.high:,}")

    def leaf(self, leaf: Proof) -> str:
        """Return one reason: the fact and what is held of it, marked where it is presumed."""
        found = self._leaves.get(leaf)
        if found is None:
            if len(self._leaves) >= MOST:
                self._leaves.clear()
            found = self._leaves[leaf] = self._leaf(leaf)
        return found

    def _leaf(self, leaf: Proof) -> str:
        if isinstance(leaf.word, Lists):
            return self._items(leaf, leaf.word)
        fact = next(iter(leaf.word.reads))
        held = leaf.held if leaf.held is not None else Open(asked=False)
        key = "because.presumed" if leaf.presumed else "because.stated"
        value = self.value(fact, held)
        if isinstance(held, Presumed) and held.value == "confirmed":
            value = self.say("value.presumed")  # nobody confirmed it
        return self.say(key, fact=self.title(fact), value=value)

    def _items(self, leaf: Proof, word: Lists) -> str:
        title = self.title(word.fact)
        if leaf.truth is UNKNOWN:
            return self.say("because.items_open", fact=title)
        if isinstance(leaf.held, tuple) and not word.values.isdisjoint(leaf.held):
            return self.say("because.stated", fact=title, value=self.value(word.fact, leaf.held))
        return self.say("because.items_none", fact=title)

    def source(self, source: Source) -> str:
        """Return a source as people cite it, marked when it is not the primary text."""
        cited = self.rulebook.cite(source, self.say.lang)
        return (
            cited
            if source.read == "verbatim"
            else self.say("source.marked", source=cited, read=self.say(f"read.{source.read}"))
        )

    def citations(self, version: Version) -> list[str]:
        """Return the sources of a rule's version; a version lives as long as its rulebook, so its identity will do."""
        return self._cited.of(id(version), lambda: self.sources(version.sources))

    def sources(self, sources: Iterable[Source]) -> list[str]:
        """Return several sources, each once."""
        return list(dict.fromkeys(map(self.source, sources)))


def plain_details(details: Mapping[str, object], lang: str) -> dict[str, object]:
    """Return a sentence's details with texts in one language and lists left as lists."""
    shown: dict[str, object] = {}
    for key, value in details.items():
        shown[key] = value[lang] if isinstance(value, dict) and lang in value else value
    return shown
