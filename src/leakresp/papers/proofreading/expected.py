"""What a paper would say if it were drafted now: its lines, the statutory item each belongs to, and the items named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from leakresp.papers.proofreading.figures import Figure, figures, masked, narrowed
from leakresp.papers.reading_back import markdown_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.papers.reading_back import Line
    from leakresp.papers.render import Rendered

_LABEL: Final = re.compile(r"[^：:。\d]{1,60}[：:]")
#: Letters between a label and its figure: 最大, a space, the name of a day.
_BETWEEN: Final = 4


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line of the paper as it would be drafted now; ``under`` is the heading above it."""

    words: str
    item: int
    heading: bool
    under: str
    figures: tuple[Figure, ...]
    key: str

    @property
    def folded(self) -> str:
        """The words without spaces and width of signs."""
        return folded(self.words)


@dataclass(frozen=True)
class Expected:
    """A paper as it would be drafted now.

    ``names`` are the names on record by fact, ``items`` the data items it may name by id, ``known`` those of the case.
    ``fixed`` are the template's own words, ``day`` the words that stand for the day of drafting, ``holding`` the names
    of the brief that are true.
    """

    lines: tuple[ExpectedLine, ...]
    names: Mapping[str, str]
    items: Mapping[str, tuple[str, ...]]
    known: frozenset[str]
    fixed: str
    day: str
    holding: frozenset[str] = frozenset()

    @cached_property
    def by_key(self) -> Mapping[str, tuple[ExpectedLine, ...]]:
        """The lines by what they say beside their figures."""
        found: dict[str, tuple[ExpectedLine, ...]] = {}
        for line in self.lines:
            found[line.key] = (*found.get(line.key, ()), line)
        return found

    @cached_property
    def by_label(self) -> Mapping[str, tuple[Figure, ...]]:
        """The figures of the lines that name what they tell, by that name (``判明日：``)."""
        found: dict[str, tuple[Figure, ...]] = {}
        for line in self.lines:
            label = label_of(line.words, line.figures)
            if label:
                found[label] = (*found.get(label, ()), *line.figures)
        return found

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure the paper would show."""
        return tuple(figure for line in self.lines for figure in line.figures)

    @cached_property
    def words(self) -> frozenset[str]:
        """The lines, folded."""
        return frozenset(line.folded for line in self.lines)


def expected_lines(rendered: Rendered) -> tuple[ExpectedLine, ...]:
    """Return the lines of a rendered paper."""
    found: list[ExpectedLine] = []
    under = ""
    for block in rendered.blocks:
        for line in markdown_lines(block.text):
            if not line.words:
                continue
            under = line.words if line.heading else under
            shown = figures(line.words)
            key = masked(line.words, shown)
            found.append(ExpectedLine(line.words, block.item, line.heading, under, shown, key))
    return tuple(found)


def label_of(words: str, shown: tuple[Figure, ...]) -> str:
    """Return the name that stands before the first figure of a line, where nothing else stands between."""
    match = _LABEL.match(words)
    if match is None or not shown or not 0 <= shown[0].start - match.end() <= _BETWEEN:
        return ""
    return folded(match[0])


def folded(words: str) -> str:
    """Return words so that two that look alike are alike: no spaces, half-width signs."""
    return "".join(narrowed(words).split())


class ItemNames:
    """The names of data items in one language, found in a text; a longer name is never taken for a shorter one."""

    def __init__(self, items: Mapping[str, tuple[str, ...]], lang: str) -> None:
        self.lang: Final = lang
        self._ids: Final[dict[str, str]] = {}
        for item, names in items.items():
            for name in names:
                self._ids.setdefault(_fold(name, lang), item)
        longest_first = sorted(self._ids, key=len, reverse=True)
        before, after = (r"(?<!\w)", r"(?!\w)") if lang == "en" else ("", "")
        self._pattern: Final = re.compile(f"{before}(?:{'|'.join(map(re.escape, longest_first))}){after}")

    def named(self, words: str) -> tuple[str, ...]:
        """Return the ids of the items that words name, in their order, as often as they are named."""
        return tuple(self._ids[match[0]] for match in self._pattern.finditer(_fold(words, self.lang)))

    def only(self, words: str) -> bool:
        """Tell whether words are nothing but a list of items."""
        rest = self._pattern.sub("", _fold(words, self.lang))
        return rest != _fold(words, self.lang) and not re.sub(r"\W|\b(?:and|or|your)\b|及び|および|または", "", rest)


def _fold(words: str, lang: str) -> str:
    return folded(words) if lang == "ja" else " ".join(words.split()).lower()


def between(lines: tuple[Line, ...], headings: Iterable[str], under: str) -> tuple[Line, ...] | None:
    """Return the lines that stand under a heading, up to the next of ``headings``; ``None`` where it is gone."""
    wanted, stops = folded(under), set(map(folded, headings)) - {folded(under)}
    begin = next((place for place, line in enumerate(lines) if folded(line.words) == wanted), None)
    if begin is None:
        return None
    end = next((place for place in range(begin + 1, len(lines)) if folded(lines[place].words) in stops), len(lines))
    return lines[begin:end]
