"""A page of HTML that needs nothing but itself: no script, no link, no picture, and a policy that forbids them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from leakresp.papers.formats.outline import CHAPTER, CONTENTS, label_end, tables
from leakresp.papers.formats.reader import MANUAL, markdown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from leakresp.papers.marks import Block
    from leakresp.papers.render import Rendered

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
_WINDOW_STYLE: Final = """.window { min-height: 24mm; margin-bottom: 2em; line-height: 1.5; }
"""
_FORM_STYLE: Final = """table { width: 100%; border-collapse: collapse; margin: 0.6em 0; }
th, td { border: 1px solid #888; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }
th { width: 30%; font-weight: normal; background: #f2f2f2; }
td:empty { height: 3.6em; }
tr { break-inside: avoid; }
"""
_MANUAL_STYLE: Final = """@page { margin: 20mm 18mm; }
body { max-width: 180mm; }
h1 { font-size: 1.7em; margin-top: 3em; }
h2 { font-size: 1.35em; border-bottom: 2px solid #333; padding-bottom: 0.2em; }
h3 { font-size: 1.12em; margin: 1.6em 0 0.4em; }
h4 { font-size: 1em; margin: 1em 0 0.2em; break-after: avoid; }
table { width: 100%; table-layout: fixed; border-collapse: collapse; margin: 0.5em 0 1em; font-size: 0.9em;
  line-height: 1.5; }
p:has(+ table) { break-after: avoid; }
thead { display: table-header-group; }
th, td { border: 1px solid #888; padding: 0.3em 0.5em; text-align: left; vertical-align: top; }
th { background: #eee; font-weight: bold; }
tr { break-inside: avoid; }
.contents ol { list-style: none; padding-left: 0; columns: 2; }
.contents a { color: inherit; text-decoration: none; }
.contents a:hover, .contents a:focus { text-decoration: underline; }
.chapter { break-before: page; }
"""


def as_page(rendered: Rendered) -> str:
    """Return a paper as a page of HTML."""
    body = "\n".join(_block(block, rendered) for block in rendered.blocks if block.place != CHAPTER)
    chapters = [block for block in rendered.blocks if block.place == CHAPTER]
    body += "".join(_chapter(number, block, rendered) for number, block in enumerate(chapters, 1))
    title = html.escape(rendered.title)
    return (
        f'<!doctype html>\n<html lang="{rendered.lang}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_style(rendered)}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _style(rendered: Rendered) -> str:
    window = _WINDOW_STYLE if any(block.place == "window" for block in rendered.blocks) else ""
    return _STYLE + window + {"form": _FORM_STYLE, MANUAL: _MANUAL_STYLE}.get(rendered.look, "")


def _chapter(number: int, block: Block, rendered: Rendered) -> str:
    return f'\n<section class="chapter" id="chapter-{number}">\n{_with_tables(block, rendered)}\n</section>'


def _contents(block: Block) -> str:
    """Return the list of chapters, each leading to its chapter."""
    titles = [part.removeprefix("- ") for part in block.text.splitlines()]
    points = (f'<li><a href="#chapter-{number}">{_inline(title)}</a></li>\n' for number, title in enumerate(titles, 1))
    return f'<nav class="contents">\n<ol>\n{"".join(points)}</ol>\n</nav>'


def _inline(words: str) -> str:
    shown: str = markdown().renderInline(words)
    return shown


def _with_tables(block: Block, rendered: Rendered) -> str:
    """Return a manual's part, the columns of each table as wide as its words ask for."""
    reader = markdown(MANUAL)
    shown: str = reader.renderer.render(reader.parse(block.text), reader.options, {})
    columns = ("".join(f'<col style="width: {share}%">' for share in table.shares) for table in tables(rendered, block))
    shown = re.sub("<table>", lambda _: f"<table>\n<colgroup>{next(columns)}</colgroup>", shown)
    return shown.replace("<th>", '<th scope="col">').rstrip("\n")


def _block(block: Block, rendered: Rendered) -> str:
    if block.place == CONTENTS:
        return _contents(block)
    if rendered.look == MANUAL:
        text = _with_tables(block, rendered)
        return f'<div class="{block.place}">\n{text}\n</div>' if block.place else text
    tokens = markdown().parse(block.text)
    text = "".join(_form(tokens, rendered.lang)) if rendered.look == "form" else _shown(tokens)
    text = text.rstrip("\n")
    return f'<div class="{block.place}">\n{text}\n</div>' if block.place else text


def _shown(tokens: Sequence[Token]) -> str:
    shown: str = markdown().renderer.render(tokens, markdown().options, {})
    return shown


def _form(tokens: Sequence[Token], lang: str) -> Iterator[str]:
    """Yield the page's pieces, each list of labels and values as a table."""
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        piece = tokens[at:end]
        rows = _rows(piece, lang) if piece[0].type == "bullet_list_open" else []
        yield "<table>\n" + "".join(rows) + "</table>\n" if rows else _shown(piece)
        at = end


def _end(tokens: Sequence[Token], at: int) -> int:
    """Return where the part that begins at ``at`` ends."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place + 1
    return len(tokens)


def _rows(tokens: Sequence[Token], lang: str) -> list[str]:
    """Return a row for each point, or none where a point has no label."""
    rows: list[str] = []
    at = 1
    while at < len(tokens) - 1:
        end = _end(tokens, at)
        kinds = [token.type for token in tokens[at:end]]
        if kinds != ["list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close"]:
            return []
        row = _row(tokens[at + 2].children or [], lang)
        if not row:
            return []
        rows.append(row)
        at = end
    return rows


def _row(inline: Sequence[Token], lang: str) -> str:
    """Return one row; the label has to stand in the first words, before anything is set differently."""
    from markdown_it.common.utils import escapeHtml
    from markdown_it.token import Token

    bounds = label_end(inline[0].content, lang) if inline and inline[0].type == "text" else None
    if bounds is None:
        return ""
    rest = [inline[0].copy(content=inline[0].content[bounds[1] :]), *inline[1:]]
    value = _shown([Token("inline", "", 0, children=rest)]).strip()
    return f'<tr><th scope="row">{escapeHtml(inline[0].content[: bounds[0]])}</th><td>{value}</td></tr>\n'
