"""The formats of a paper: plain text, Markdown, and a page of HTML that needs nothing but itself."""

from __future__ import annotations

import html
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    from leakresp.papers.marks import Block
    from leakresp.papers.render import Rendered

#: The measure, in columns of a half-width letter, against which plain text is set to the right or in the middle.
COLUMNS: Final = 72
_BULLET: Final = {"ja": "・", "en": "• "}
_STYLE: Final = """
@page { size: A4; margin: 25mm 22mm; }
body { max-width: 170mm; margin: 2em auto; padding: 0 1em; color: #111; background: #fff; line-height: 1.8;
  font-family: "Hiragino Mincho ProN", "Yu Mincho", "Noto Serif CJK JP", "MS Mincho", serif;
  font-size: 10.5pt; overflow-wrap: anywhere; }
h1 { font-size: 1.3em; text-align: center; margin: 2em 0; }
h2 { font-size: 1.1em; margin: 1.8em 0 0.4em; break-after: avoid; }
h3 { font-size: 1em; margin: 1.2em 0 0.2em; break-after: avoid; }
ul, ol { margin: 0.4em 0; padding-left: 1.6em; }
li, p { orphans: 2; widows: 2; }
blockquote { margin: 1em 0; padding: 0.2em 1em; border-left: 3px solid #888; }
.right { text-align: right; }
.center { text-align: center; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
"""


def written(rendered: Rendered, form: str) -> str:
    """Return a paper in one of the formats ``txt``, ``md``, ``html``; it ends with a line end."""
    return _WRITERS[form](rendered)


def _markdown(rendered: Rendered) -> str:
    return "\n\n".join(block.text for block in rendered.blocks if block.text) + "\n"


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True})


def _html(rendered: Rendered) -> str:
    body = "\n".join(_html_of(block) for block in rendered.blocks)
    title = html.escape(rendered.title)
    return (
        f'<!doctype html>\n<html lang="{rendered.lang}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _html_of(block: Block) -> str:
    text: str = _reader().render(block.text).rstrip("\n")
    return f'<div class="{block.place}">\n{text}\n</div>' if block.place else text


def _plain(rendered: Rendered) -> str:
    parts = [_plain_block(block, rendered.lang) for block in rendered.blocks if block.text]
    return "\n\n".join(parts) + "\n"


def _plain_block(block: Block, lang: str) -> str:
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(_reader().parse(block.text))
    text = "\n\n".join(_paragraphs(tree, lang))
    return "\n".join(_set(line, block.place, lang) for line in text.split("\n"))


def _paragraphs(node: SyntaxTreeNode, lang: str) -> Iterator[str]:
    """Yield the paragraphs below ``node``; a list is one paragraph, a line for each of its points."""
    for child in node.children:
        if child.type in {"bullet_list", "ordered_list"}:
            yield "\n".join(_points(child, lang))
        elif child.type in {"paragraph", "heading"}:
            yield "".join(_letters(child))
        elif child.type == "hr":
            yield "――――" if lang == "ja" else "----"
        else:
            yield from _paragraphs(child, lang)


def _points(node: SyntaxTreeNode, lang: str) -> Iterator[str]:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    for number, item in enumerate(node.children, first):
        sign = f"{number}. " if first else _BULLET[lang]
        indent = "\u3000" if sign == _BULLET["ja"] else " " * len(sign)
        text = "\n".join(_paragraphs(item, lang))
        yield sign + text.replace("\n", f"\n{indent}")


def _letters(node: SyntaxTreeNode) -> Iterator[str]:
    """Yield the words below ``node`` without any mark; a line break stays one."""
    for child in node.children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.children:
            yield from _letters(child)
        else:
            yield child.content


def _set(line: str, place: str, lang: str) -> str:
    """Return a line of plain text set to the right or in the middle, by spaces of the language's width."""
    free = COLUMNS - sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in line)
    if not line or not place or free <= 0:
        return line
    columns = free if place == "right" else free // 2
    return ("\u3000" * (columns // 2) if lang == "ja" else " " * columns) + line


_WRITERS: Final[dict[str, Callable[[Rendered], str]]] = {"txt": _plain, "md": _markdown, "html": _html}
