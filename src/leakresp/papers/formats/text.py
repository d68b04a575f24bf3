"""Plain text and Markdown: what is printed on a screen, pasted into a form or sent as a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leakresp.papers.formats.reader import MANUAL, markdown
from leakresp.papers.formats.shares import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.tree import SyntaxTreeNode

    from leakresp.papers.render import Rendered

#: The measure, in columns of a half-width letter, against which plain text is set to the right or in the middle.
COLUMNS: Final = 72
_BULLET: Final = {"ja": "・", "en": "• "}
#: A window's lines stay on the left, where the envelope shows them.
_SET: Final = frozenset({"right", "center"})


def as_markdown(rendered: Rendered) -> str:
    """Return a paper as Markdown."""
    return "\n\n".join(block.text for block in rendered.blocks if block.text) + "\n"


def as_text(rendered: Rendered) -> str:
    """Return a paper as plain text."""
    blocks = (block for block in rendered.blocks if block.text)
    return (
        "\n\n".join(
            put(block_text(block.text, rendered.lang, rendered.look), block.place, rendered.lang) for block in blocks
        )
        + "\n"
    )


def block_text(text: str, lang: str, look: str = "") -> str:
    """Return the plain text of one block, not yet set to the right or in the middle."""
    from markdown_it.tree import SyntaxTreeNode

    reader = markdown(MANUAL) if look == MANUAL else markdown()
    return "\n\n".join(_paragraphs(SyntaxTreeNode(reader.parse(text)), lang))


def put(text: str, place: str, lang: str) -> str:
    """Return plain text with each line set to the right or in the middle, by spaces of the language's width."""
    if place not in _SET:
        return text
    return "\n".join(_put(line, place, lang) for line in text.split("\n"))


def _paragraphs(node: SyntaxTreeNode, lang: str) -> Iterator[str]:
    """Yield the paragraphs below ``node``; a list is one paragraph, a line for each of its points."""
    for child in node.children:
        if child.type in {"bullet_list", "ordered_list"}:
            yield "\n".join(_points(child, lang))
        elif child.type in {"paragraph", "heading"}:
            yield "".join(_letters(child))
        elif child.type == "hr":
            yield "――――" if lang == "ja" else "----"
        elif child.type == "table":
            yield "\n".join(_rows(child, lang))
        else:
            yield from _paragraphs(child, lang)


def _points(node: SyntaxTreeNode, lang: str) -> Iterator[str]:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    for number, item in enumerate(node.children, first):
        sign = f"{number}. " if first else _BULLET[lang]
        indent = "\u3000" if sign == _BULLET["ja"] else " " * len(sign)
        text = "\n".join(_paragraphs(item, lang))
        yield sign + text.replace("\n", f"\n{indent}")


def _rows(node: SyntaxTreeNode, lang: str) -> Iterator[str]:
    """Yield each row of a table: its first cell, and below it every other cell after the head of its column."""
    head, *rows = [
        ["".join(_letters(cell)) for cell in row.children] for part in node.children for row in part.children
    ]
    colon, indent = ("：", "\u3000") if lang == "ja" else (": ", "  ")
    for row in rows:
        if any(cell.strip() for cell in row):
            first, *others = row
            lines = [first, *(f"{name}{colon}{cell}" for name, cell in zip(head[1:], others, strict=True) if cell)]
            yield _BULLET[lang] + "\n".join(lines).replace("\n", f"\n{indent}")


def _letters(node: SyntaxTreeNode) -> Iterator[str]:
    """Yield the words below ``node`` without any mark; a line break stays one."""
    for child in node.children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.children:
            yield from _letters(child)
        else:
            yield child.content


def _put(line: str, place: str, lang: str) -> str:
    free = COLUMNS - letters(line)
    if not line or free <= 0:
        return line
    columns = free if place == "right" else free // 2
    return ("\u3000" * (columns // 2) if lang == "ja" else " " * columns) + line
