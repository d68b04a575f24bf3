"""A paper read back from its file: its words line by line, whatever the format, so that they can be held to the record.

What is only layout (bullets, marks, spaces that set a line to the right) is left out: the same paper gives the same
words in every format. A PDF is not read; the same paper in another format is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from leakresp.papers.formats.reader import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from docx.document import Document
    from docx.table import Table
    from markdown_it.token import Token

#: Bytes beyond which a file is no paper of ours.
LARGEST: Final = 16 * 1024 * 1024
_BULLET: Final = re.compile(r"^(?:[・•]\s*|\d{1,9}\.\s+)")
_RULE: Final = re.compile(r"[―ー-]{4,}")
_COLON: Final = {"ja": "：", "en": ": "}
_KANA: Final = re.compile(r"[ぁ-んァ-ヶ]")
#: Parts of a page that show no words of the paper.
_UNSEEN: Final = frozenset({"style", "script", "title"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paper: where it stands in the file, counted from 1, and its words without layout."""

    number: int
    words: str
    heading: bool = False
    point: bool = False


class UnreadableError(Exception):
    """A file cannot be read back. ``reason`` is ``pdf``, ``library``, ``large`` or ``broken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason: Final = reason


def read_back(content: bytes, form: str, lang: str | None = None) -> tuple[Line, ...]:
    """Return the lines of a paper in one of its formats; ``lang`` is its language where that is known.

    Raises ``UnreadableError``.
    """
    if form not in _READERS:
        raise UnreadableError("pdf" if form == "pdf" else "broken")
    if len(content) > LARGEST:
        raise UnreadableError("large")
    try:
        return tuple(line for line in _READERS[form](content, lang or "") if line.words)
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged file makes its library raise
        raise UnreadableError("broken") from None


def language_of(lines: tuple[Line, ...]) -> str:
    """Return the language a paper is written in: Japanese where it has kana."""
    return "ja" if any(_KANA.search(line.words) for line in lines) else "en"


def markdown_lines(text: str, first: int = 1) -> Iterator[Line]:
    """Yield the lines of Markdown without its marks; ``first`` is the number of the first line."""
    heading, depth = False, 0
    for token in markdown().parse(text):
        if token.type == "inline" and token.map:
            line = Line(token.map[0] + first, "", heading, depth > 0)
            yield from _inline(token, line)
        heading = token.type == "heading_open"
        depth += token.nesting if token.type.startswith("list_item") else 0


def _inline(token: Token, line: Line) -> Iterator[Line]:
    number, words = line.number, ""
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            yield replace(line, number=number, words=_bare(words))
            number, words = number + 1, ""
        else:
            words += child.content
    yield replace(line, number=number, words=_bare(words))


def _bare(words: str) -> str:
    """Return words without what sets them: spaces, the sign or number of a point."""
    return " ".join(_BULLET.sub("", words.strip()).split())


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig")


def _from_text(content: bytes, _: str) -> Iterator[Line]:
    yield from _plain(_text(content))


def _plain(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), 1):
        words = _bare(line)
        if not _RULE.fullmatch(words):
            yield Line(number, words, point=_BULLET.match(line.strip()) is not None)


def _from_markdown(content: bytes, _: str) -> Iterator[Line]:
    yield from markdown_lines(_text(content))


def _from_page(content: bytes, lang: str) -> Iterator[Line]:
    page = _Page(_COLON.get(lang, ""))
    page.feed(_text(content))
    page.close()
    page.end()
    yield from page.lines


class _Page(HTMLParser):
    """The words of a page of HTML; a row of a table reads ``label：value`` again."""

    def __init__(self, colon: str) -> None:
        super().__init__()
        self.lines: Final[list[Line]] = []
        self.colon = colon
        self._words, self._from, self._unseen, self._tag = "", 1, 0, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html" and not self.colon:
            self.colon = _COLON.get(dict(attrs).get("lang") or "", "：")
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "td":
            self._words += self.colon
        elif tag in {"p", "li", "tr", "br", "h1", "h2", "h3", "div"}:
            self.end()
            self._tag = self._tag if self._tag == "li" and tag in {"p", "br"} else tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        elif tag in {"p", "li", "tr", "h1", "h2", "h3", "div"}:
            self.end()
            self._tag = self._tag if tag == "p" else ""

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._words:
            self._from = self.getpos()[0]
        self._words += data.lstrip("\n") if not self._words else data

    def end(self) -> None:
        """End a line."""
        self.lines.append(Line(self._from, _bare(self._words), self._tag.startswith("h"), self._tag in {"li", "tr"}))
        self._words = ""


def _from_word(content: bytes, lang: str) -> Iterator[Line]:
    from io import BytesIO

    try:
        import docx
    except ImportError:
        raise UnreadableError("library") from None
    document = docx.Document(BytesIO(content))
    for number, (words, style) in enumerate(_word_lines(document, _COLON.get(lang, "：")), 1):
        heading = style == "Title" or style.startswith("Heading")
        yield Line(number, _bare(words), heading, style.startswith("List"))


def _word_lines(document: Document, colon: str) -> Iterator[tuple[str, str]]:
    """Yield the words of each line of a document with the name of its style; a row of a table is a point of a list."""
    from docx.text.paragraph import Paragraph

    for part in document.iter_inner_content():
        if not isinstance(part, Paragraph):
            for words in _rows(part, colon):
                yield words, "List"
            continue
        style = (part.style.name or "") if part.style else ""
        for words in part.text.split("\n"):
            yield words, style


def _rows(table: Table, colon: str) -> Iterator[str]:
    for row in table.rows:
        cells = [cell.text for cell in row.cells]
        yield from colon.join(cells).split("\n")


def _from_mail(content: bytes, _: str) -> Iterator[Line]:
    from email import message_from_bytes, policy

    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    if body is None:
        raise UnreadableError("broken")
    yield Line(1, _bare(str(message["subject"] or "")), heading=True)
    yield from _plain(body.get_content())


_READERS: Final[Mapping[str, Callable[[bytes, str], Iterator[Line]]]] = {
    "txt": _from_text,
    "md": _from_markdown,
    "html": _from_page,
    "docx": _from_word,
    "eml": _from_mail,
}
#: The formats that can be read back.
READABLE: Final = tuple(_READERS)
