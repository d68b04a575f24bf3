"""Text laid out in cells: how wide a letter is on a screen, and where a line of Japanese or English may break.

A Japanese letter takes two cells. A line never begins with 、。」） or a small kana, never ends with 「（, and never
breaks inside a Latin word, a word in katakana, or between a number and its counter (12月).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The width every screen of leakresp keeps to, in cells.
WIDTH: Final = 80

#: Cells a line keeps, however deep it is indented.
_NARROWEST: Final = 10
_NOT_FIRST: Final = frozenset(
    "、。，．・：；？！）」』】〕〉》］｝’”…‥〜～％々ゝゞヽヾーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ＆,.:;?!)]}%"
)
_NOT_LAST: Final = frozenset("（「『【〔〈《［｛‘“第＆([{")
_COUNTERS: Final = frozenset("年月日人名件時分秒条項号章度本歳円割台通枚回")
_PIECE: Final = re.compile(
    r"[ \t\u3000]+|[ァ-ヺー]+|[!-~\u00a2-\u024f]+|.[\u0300-\u036f\u3099\u309a\ufe0e\ufe0f]*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of a screen: ``indent`` cells before it, ``hang`` more before its second and later lines."""

    text: str = ""
    indent: int = 0
    hang: int = 0
    style: str = ""


#: An empty line.
GAP: Final = Row()


def cells(text: str) -> int:
    """Return the width of ``text``; a letter whose width depends on the screen (… →) counts as two."""
    return len(text) if text.isascii() else sum(map(_cell, text))


@lru_cache(maxsize=4096)
def _cell(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WFA" else 1


def padded(text: str, width: int) -> str:
    """Return ``text`` with spaces after it up to ``width`` cells."""
    return text + " " * (width - cells(text))


def wrap(text: str, width: int, later: int | None = None) -> list[str]:
    """Return ``text`` in lines of at most ``width`` cells, the second and later ones of at most ``later``."""
    lines: list[str] = []
    line, used, room = "", 0, width
    for unit in _units(text):
        size = cells(unit)
        if line and used + size > room:
            lines.append(line.rstrip())
            line, used, room = "", 0, width if later is None else later
        if not line and lines and unit.isspace():
            continue
        if size > room:
            *full, unit = _cut(unit, room)  # noqa: PLW2901 - what is left of a word longer than the line
            lines += full
            size = cells(unit)
            room = width if later is None else later
        line, used = line + unit, used + size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _cut(unit: str, room: int) -> Iterator[str]:
    """Yield a unit too long for a line in parts that fit: there is no better place to break it."""
    part, used = "", 0
    for letter in unit:
        if part and used + _cell(letter) > room:
            yield part
            part, used = "", 0
        part, used = part + letter, used + _cell(letter)
    yield part


def _units(text: str) -> Iterator[str]:
    """Yield the parts of ``text`` between which a line may break."""
    unit = ""
    for piece in _PIECE.findall(text):
        if unit and not _together(unit, piece):
            yield unit
            unit = ""
        unit += piece
    if unit:
        yield unit


def _together(before: str, after: str) -> bool:
    if before.isspace() or after.isspace():
        return False
    first, last = after[0], before[-1]
    return first in _NOT_FIRST or last in _NOT_LAST or (last.isdigit() and first in _COUNTERS)


def lines(rows: Iterable[Row], width: int = WIDTH) -> Iterator[tuple[str, str]]:
    """Yield every line of ``rows``, wrapped to ``width`` cells, with the style of its row."""
    for row in rows:
        for paragraph in row.text.split("\n"):
            indent = min(row.indent, max(width - cells(paragraph), 0)) if _address(paragraph) else row.indent
            room = max(width - indent, _NARROWEST)
            for number, line in enumerate(wrap(paragraph, room, max(room - row.hang, _NARROWEST))):
                before = indent + (row.hang if number else 0)
                yield (" " * before + line).rstrip(), row.style


def _address(text: str) -> bool:
    """Tell whether ``text`` is one long word that is copied whole: it gives up its indent before it is cut."""
    return text.isascii() and " " not in text
