"""Block marks: the few words of layout a paper's text knows beside Markdown.

A line ``::: item 2`` opens the part that carries a statutory item, ``::: right`` and ``::: center`` a part set to the
right or in the middle, ``::: window`` the address that an envelope's window shows, and ``:::`` closes it. The marks
disappear in every format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK: Final = re.compile(r":::(?: (?P<kind>\w+)(?: (?P<number>\w+))?)?")
_PLACES: Final = ("right", "center", "window")
MARK_SIGN: Final = ":::"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong in a template's text: the key of its sentence, its line (from 1), and what fills it in."""

    key: str
    line: int
    details: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a paper: Markdown, where it is set, and the statutory item it carries (0: none)."""

    text: str
    place: str = ""
    item: int = 0


def blocks(text: str) -> tuple[Block, ...]:
    """Return the parts of a rendered text whose marks were checked."""
    found: list[Block] = []
    lines: list[str] = []
    place, item = "", 0
    for line in text.splitlines():
        match = _MARK.fullmatch(line)
        if match is None:
            lines.append(line)
            continue
        _keep(found, lines, place, item)
        place, item = "", 0
        if match["kind"] == "item":
            item = int(match["number"])
        elif match["kind"]:
            place = match["kind"]
    _keep(found, lines, place, item)
    return tuple(found)


def _keep(found: list[Block], lines: list[str], place: str, item: int) -> None:
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    lines.clear()
    if text.strip() or item:
        found.append(Block(text, place, item))


def items(text: str) -> tuple[int, ...]:
    """Return the statutory items a text carries, in its order."""
    return tuple(block.item for block in blocks(text) if block.item)


def mark_flaws(text: str) -> Iterator[Flaw]:
    """Yield a flaw for each mark that is no mark, stands inside another or is left open."""
    opened = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith(MARK_SIGN):
            continue
        match = _MARK.fullmatch(line)
        if match is None or not _is_mark(match["kind"], match["number"]):
            yield Flaw("papers.mark_unknown", number, (("word", line.strip()),))
        elif match["kind"] is None:
            if not opened:
                yield Flaw("papers.mark_closes_nothing", number)
            opened = 0
        elif opened:
            yield Flaw("papers.mark_inside", number)
        else:
            opened = number
    if opened:
        yield Flaw("papers.mark_open", opened)


def _is_mark(kind: str | None, number: str | None) -> bool:
    if kind == "item":
        return number is not None and re.fullmatch(r"[1-9]", number) is not None
    return number is None and (kind is None or kind in _PLACES)
