"""How wide the columns of a table are: short ones as wide as their words, the rest by how much they hold."""

from __future__ import annotations

import re
import unicodedata
from math import sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The width of a page, in half-width letters of a table's size, and what a cell keeps free around its words.
_PAGE: Final = 100
_AROUND: Final = 4
#: A word that no format breaks; a longer one is broken anywhere.
_UNBROKEN: Final = re.compile(r"[!-~]{1,31}")


def shares_of(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return for each column how many hundredths of the width it takes; ``rows`` are the words of the cells."""
    columns = list(zip(*rows, strict=True))
    longest = [max(letters(line) for cell in column for line in cell.split("\n")) + _AROUND for column in columns]
    least = [
        max((len(word) for cell in column for word in _UNBROKEN.findall(cell)), default=2) + _AROUND
        for column in columns
    ]
    held = [sqrt(sum(map(letters, column)) + 1) for column in columns]
    return _hundredths(_widths(longest, least, held))


def _widths(longest: Sequence[int], least: Sequence[int], held: Sequence[float]) -> list[float]:
    """Return the widths: a column whose longest line fits its fair part takes no more, the others share what is left.

    None is narrower than its longest word.
    """
    widths: dict[int, float] = {}
    room: float = _PAGE
    while left := [place for place in range(len(longest)) if place not in widths]:
        fair = room / len(left)
        fitting = [place for place in left if longest[place] <= fair]
        if not fitting or len(fitting) == len(left):
            whole = sum(held[place] for place in left)
            widths |= {place: max(least[place], room * held[place] / whole) for place in left}
            break
        widths |= {place: longest[place] for place in fitting}
        room = _PAGE - sum(widths.values())
    return [widths[place] for place in range(len(longest))]


def _hundredths(widths: Sequence[float]) -> tuple[int, ...]:
    whole = sum(widths)
    parts = [round(width * 100 / whole) for width in widths]
    widest = parts.index(max(parts))
    parts[widest] += 100 - sum(parts)
    return tuple(parts)


def letters(words: str) -> int:
    """Return the width of words in half-width letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in words)
