"""The data items of one person: as a list in one cell, or as a mark in a column for each item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from leakresp.law.vocabulary import nearest
from leakresp.papers.recipients.flaws import Remark
from leakresp.papers.recipients.words import RecipientWords, plain

_BETWEEN: Final = re.compile(r"[、，,;；|｜/／\r\n\t]+")
#: What a sentence quotes of a cell is cut: a cell may hold a megabyte.
_QUOTED: Final = 40


def listed_items(cell: str, words: RecipientWords) -> tuple[frozenset[str], tuple[Remark, ...]]:
    """Return the items a cell lists, and a remark for each word that names none."""
    parts = [part.strip() for part in _BETWEEN.split(cell) if part.strip()]
    found: set[str] = set()
    wrong: list[Remark] = []
    while parts:
        # A title may hold a sign that also stands between titles: the longest one counts.
        for length in range(min(len(parts), 6), 0, -1):
            item = words.items.get(plain("".join(parts[:length])))
            if item is not None:
                found.add(item)
                break
        else:
            length = 1
            wrong.append(_unknown(parts[0], words))
        parts = parts[length:]
        if len(wrong) > 3:  # noqa: PLR2004 - a cell of another column; its words are not worth a sentence each
            break
    return frozenset(found), tuple(wrong)


def _unknown(word: str, words: RecipientWords) -> Remark:
    close = nearest(plain(word[:_QUOTED]), words.items)
    near = words.items[close] if close is not None else None
    return Remark("items_unknown", "items", (("word", word[:_QUOTED]), ("nearest", near)))


def marked_items(
    cells: Iterable[tuple[str, str]], marks: Mapping[str, bool]
) -> tuple[frozenset[str], tuple[Remark, ...]]:
    """Return the items whose cell (item, cell) says yes, and a remark for each cell that says neither yes nor no."""
    found: set[str] = set()
    wrong: list[Remark] = []
    for item, cell in cells:
        word = plain(cell)
        # Of a dash or a stroke nothing is left: it says no, as an empty cell does.
        holds = marks.get(word) if word else False
        if holds is None:
            wrong.append(Remark("item_mark", f"item:{item}"))
        elif holds:
            found.add(item)
    return frozenset(found), tuple(wrong)
