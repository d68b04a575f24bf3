"""The outline of a paper: its headings, paragraphs, lists and notes, as Word and PDF set them.

In a form, a list whose every point is ``label：value`` is a table of two columns: what is asked, and the answer. A
manual has tables of several columns under a head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from leakresp.papers.formats.reader import MANUAL, markdown
from leakresp.papers.formats.shares import shares_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    from leakresp.papers.marks import Block
    from leakresp.papers.render import Rendered

Kind = Literal["heading", "paragraph", "points", "point", "quote", "rule", "rows", "row", "table", "cells", "cell"]
#: Where a manual's parts are set: a chapter begins a page, and the contents list the chapters.
CHAPTER: Final = "chapter"
CONTENTS: Final = "contents"
#: What stands between label and value, by language. A label is a name, not a sentence.
_LABEL: Final = {"ja": re.compile(r"([^：。\n]{1,60})："), "en": re.compile(r"([^:\n]{1,80}):(?: |$)")}


@dataclass(frozen=True, slots=True)
class Run:
    """Words set alike; a line end in them is a line break."""

    words: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the text.

    ``level`` is that of a heading, or the first number of a numbered list (0: bullets). A point and a note hold
    parts; a row holds its label as ``runs`` and its value as parts (none: a place to be filled in by hand). ``leads``:
    the paragraph introduces what follows and must not be parted from it by the end of a page. A table holds rows of
    cells, the first of them its head; ``shares`` is how many hundredths of the page's width each column takes.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 0
    parts: tuple[Part, ...] = ()
    leads: bool = False
    shares: tuple[int, ...] = ()

    @property
    def strong(self) -> bool:
        """Whether all its words are strong: it heads what follows without being a heading."""
        return bool(self.runs) and all(run.strong for run in self.runs)


@dataclass(frozen=True, slots=True)
class Section:
    """The parts of one block, and where they are set."""

    place: str
    parts: tuple[Part, ...]


def outline(rendered: Rendered) -> tuple[Section, ...]:
    """Return the outline of a paper."""
    return tuple(_section(block, rendered) for block in rendered.blocks if block.text)


def label_end(words: str, lang: str) -> tuple[int, int] | None:
    """Return where a label ends and its value begins, or ``None`` where there is no label."""
    found = _LABEL[lang].match(words)
    return (found.end(1), found.end()) if found else None


def _section(block: Block, rendered: Rendered) -> Section:
    from markdown_it.tree import SyntaxTreeNode

    parts = tuple(_parts(SyntaxTreeNode(_reader(rendered).parse(block.text))))
    if rendered.look == "form":
        parts = tuple(_as_rows(part, rendered.lang) for part in parts)
    return Section(block.place, tuple(_leading(parts)))


def _reader(rendered: Rendered) -> MarkdownIt:
    return markdown(MANUAL) if rendered.look == MANUAL else markdown()


def tables(rendered: Rendered, block: Block) -> Iterator[Part]:
    """Yield the tables of one block."""
    return (part for part in _section(block, rendered).parts if part.kind == "table")


def _leading(parts: Sequence[Part]) -> Iterator[Part]:
    for part, after in zip(parts, (*parts[1:], None), strict=True):
        leads = part.strong or (after is not None and after.kind in {"points", "rows", "table"})
        yield replace(part, leads=True) if leads and part.kind == "paragraph" else part


def _parts(node: SyntaxTreeNode) -> Iterator[Part]:
    for child in node.children:
        if child.type in {"bullet_list", "ordered_list"}:
            first = int(child.attrs.get("start", 1)) if child.type == "ordered_list" else 0
            points = tuple(Part("point", parts=tuple(_parts(point))) for point in child.children)
            yield Part("points", level=first, parts=points)
        elif child.type == "heading":
            yield Part("heading", _runs(child), int(child.tag[1:]))
        elif child.type == "paragraph":
            yield Part("paragraph", _runs(child))
        elif child.type == "blockquote":
            yield Part("quote", parts=tuple(_parts(child)))
        elif child.type == "hr":
            yield Part("rule")
        elif child.type == "table":
            yield _table(child)
        else:
            yield from _parts(child)


def _table(node: SyntaxTreeNode) -> Part:
    rows = tuple(
        Part("cells", parts=tuple(Part("cell", _runs(cell)) for cell in row.children))
        for part in node.children
        for row in part.children
    )
    words = [["".join(run.words for run in cell.runs) for cell in row.parts] for row in rows]
    return Part("table", parts=rows, shares=shares_of(words))


def _runs(node: SyntaxTreeNode) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in _each_run(node, strong=False):
        if joined and joined[-1].strong == run.strong:
            joined[-1] = replace(run, words=joined[-1].words + run.words)
        elif run.words:
            joined.append(run)
    return tuple(joined)


def _each_run(node: SyntaxTreeNode, *, strong: bool) -> Iterator[Run]:
    for child in node.children:
        if child.type in {"softbreak", "hardbreak"}:
            yield Run("\n", strong)
        elif child.children:
            yield from _each_run(child, strong=strong or child.type == "strong")
        else:
            yield Run(child.content, strong)


def _as_rows(part: Part, lang: str) -> Part:
    """Return a list of labels and values as rows; anything else as it is."""
    if part.kind != "points" or part.level:
        return part
    rows = [_row(point, lang) for point in part.parts]
    return Part("rows", parts=tuple(row for row in rows if row)) if all(rows) else part


def _row(point: Part, lang: str) -> Part | None:
    if len(point.parts) != 1 or point.parts[0].kind != "paragraph":
        return None
    runs = point.parts[0].runs
    bounds = label_end("".join(run.words for run in runs), lang)
    if bounds is None:
        return None
    value = tuple(_cut(runs, bounds[1], None))
    answer = (Part("paragraph", value),) if any(run.words.strip() for run in value) else ()
    return Part("row", tuple(_cut(runs, 0, bounds[0])), parts=answer)


def _cut(runs: Sequence[Run], start: int, end: int | None) -> Iterator[Run]:
    """Yield the runs between two places counted in characters."""
    at = 0
    for run in runs:
        words = run.words[max(0, start - at) : None if end is None else max(0, end - at)]
        at += len(run.words)
        if words:
            yield replace(run, words=words)
