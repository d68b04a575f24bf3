"""A letter laid out once and filled in for each person: a blank in its text takes that person's words.

What a person's value holds is text in every format: it is escaped as that format asks, so that no value can add a
header, a tag or a page.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from leakresp.papers.escape import escaped
from leakresp.papers.formats.blanks import Cut, blank, cut, has_blank, probed
from leakresp.papers.formats.mail import TRANSPORT, addressed, body_text, mail, subject_and_rest
from leakresp.papers.formats.page import as_page
from leakresp.papers.formats.text import as_markdown, block_text, put

if TYPE_CHECKING:
    from leakresp.papers.formats.press import Press
    from leakresp.papers.formats.word import Letter
    from leakresp.papers.marks import Block
    from leakresp.papers.render import Rendered

__all__ = ["Stencil", "blank", "stencil_of"]

#: What only a mail takes beside the blanks of its text.
_TO: Final = "to"
_MESSAGE_ID: Final = "message_id"
_BASE64_LINE: Final = 76


class Stencil:
    """One paper in one format with its blanks open."""

    keys: frozenset[str]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return one person's letter as the bytes of its file.

        Every blank needs its value (``KeyError``); a line end in it is a line break. Raises ``Unwritable`` for a
        value that no letter can hold.
        """
        raise NotImplementedError

    def fill_many(self, rows: Iterable[Mapping[str, str]]) -> bytes:
        """Return one file with a letter for each person, each beginning a page and counting its own pages: PDF only."""
        raise NotImplementedError


def stencil_of(rendered: Rendered, form: str, press: Press) -> Stencil:
    """Return the stencil of a paper. Raises ``FormatUnavailable``."""
    if form == "txt":
        return _Text(rendered)
    if form == "eml":
        return _Mail(rendered, press)
    if form == "docx":
        return _Word(rendered)
    if form == "pdf":
        return _Pdf(rendered, press)
    if form == "html":
        return _Page(cut(as_page(rendered), "<br />\n", _html))
    return _Page(cut(as_markdown(rendered), "  \n", escaped))


def _html(words: str) -> str:
    from markdown_it.common.utils import escapeHtml

    return escapeHtml(words)


class _Page(Stencil):
    """A page, or Markdown: one text with blanks."""

    def __init__(self, text: Cut) -> None:
        self._text, self.keys = text, text.keys

    def fill(self, values: Mapping[str, str]) -> bytes:
        return self._text.fill(values).encode()


@dataclass(frozen=True, slots=True)
class _Strip:
    """A stretch of plain text; one that is set to the right or in the middle is set anew for each value."""

    text: Cut
    place: str
    lang: str

    def fill(self, values: Mapping[str, str]) -> str:
        filled = self.text.fill(values)
        return put(filled, self.place, self.lang) if self.place else filled


class _Text(Stencil):
    def __init__(self, rendered: Rendered) -> None:
        self._strips = tuple(_strips(rendered))
        self.keys = frozenset[str]().union(*(strip.text.keys for strip in self._strips))

    def fill(self, values: Mapping[str, str]) -> bytes:
        return "".join([strip.fill(values) for strip in self._strips]).encode()


def _strips(rendered: Rendered) -> Iterable[_Strip]:
    """Yield the stretches of a plain text: those that stand still joined, and each that has to be set anew."""
    still = ""
    blocks = [block for block in rendered.blocks if block.text]
    for number, block in enumerate(blocks, 1):
        text = block_text(probed(block.text), rendered.lang)
        after = "\n\n" if number < len(blocks) else "\n"
        if block.place in {"right", "center"} and has_blank(text):
            yield _Strip(cut(still), "", rendered.lang)
            yield _Strip(cut(text), block.place, rendered.lang)
            still = after
        else:
            still += put(text, block.place, rendered.lang) + after
    yield _Strip(cut(still), "", rendered.lang)


class _Mail(Stencil):
    """A mail: what is the same for all is encoded once; ``to`` and ``message_id`` may be given beside the blanks."""

    def __init__(self, rendered: Rendered, press: Press) -> None:
        subject, blocks = subject_and_rest(rendered)
        self._press, self._lang = press, rendered.lang
        self._subject = cut(subject, " ")
        self._body = cut(body_text(_probed(blocks), rendered.lang))
        self._head = b"" if self._subject.rest else self._headers(subject)
        self._encode = _ENCODERS[TRANSPORT[rendered.lang]](self._body)
        self.keys = self._subject.keys | self._body.keys

    def _headers(self, subject: str) -> bytes:
        head, _, _ = mail(subject, "", self._lang, self._press).partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def fill(self, values: Mapping[str, str]) -> bytes:
        head = self._head or self._headers(self._subject.fill(values))
        return addressed(values.get(_TO, ""), values.get(_MESSAGE_ID, "")) + head + self._encode(values)


def _probed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(replace(block, text=probed(block.text)) for block in blocks)


def _base64(body: Cut) -> Callable[[Mapping[str, str]], bytes]:
    def encode(values: Mapping[str, str]) -> bytes:
        letters = b2a_base64(body.fill(values).replace("\n", "\r\n").encode(), newline=False)
        lines = [letters[at : at + _BASE64_LINE] for at in range(0, len(letters), _BASE64_LINE)]
        return b"\r\n".join([*lines, b""])

    return encode


def _quoted_printable(body: Cut) -> Callable[[Mapping[str, str]], bytes]:
    """Encode the lines without a blank once; the encoding of a line does not depend on the others."""
    pieces = [line if line.rest else _quoted(line.first) for line in _lines_of(body)]
    return lambda values: b"".join(
        [piece if isinstance(piece, bytes) else _quoted(piece.fill(values)) for piece in pieces]
    )


def _lines_of(body: Cut) -> list[Cut]:
    """Return the lines of a text as texts of their own."""
    lines: list[Cut] = []
    first, rest = body.first, list[tuple[str, str, str]]()
    *whole, first = first.split("\n")
    lines += [Cut(line, ()) for line in whole]
    for key, line_break, after in body.rest:
        start, *more = after.split("\n")
        rest.append((key, line_break, start))
        if more:
            lines.append(Cut(first, tuple(rest)))
            rest = []
            *whole, first = more
            lines += [Cut(line, ()) for line in whole]
    if first or rest:
        lines.append(Cut(first, tuple(rest)))
    return lines


def _quoted(line: str) -> bytes:
    from email.quoprimime import body_encode

    return body_encode(line.encode().decode("latin-1") + "\n", 78).replace("\n", "\r\n").encode("ascii")


_ENCODERS: Final = {"base64": _base64, "quoted-printable": _quoted_printable}


class _Word(Stencil):
    def __init__(self, rendered: Rendered) -> None:
        from leakresp.papers.formats.word import letter

        self._letter: Letter = letter(rendered)
        self.keys = self._letter.text.keys

    def fill(self, values: Mapping[str, str]) -> bytes:
        return self._letter.fill(values)


class _Pdf(Stencil):
    def __init__(self, rendered: Rendered, press: Press) -> None:
        from leakresp.papers.formats.pdf import case_of, sections_json

        case_of(press)  # raises here, not at the first of a million letters
        self.rendered, self.press = rendered, press
        self.sections = cut(sections_json(rendered), "\\n", _json)
        self.keys = self.sections.keys

    def fill(self, values: Mapping[str, str]) -> bytes:
        return self.fill_many((values,))

    def fill_many(self, rows: Iterable[Mapping[str, str]]) -> bytes:
        from leakresp.papers.formats.pdf import pressed

        return pressed(self.rendered, [self.sections.fill(values) for values in rows], self.press)


def _json(words: str) -> str:
    from json import dumps

    return dumps(words, ensure_ascii=False)[1:-1]


def bound(letters: Sequence[tuple[Stencil, Mapping[str, str]]]) -> bytes:
    """Return one PDF with a letter for each stencil and its values, all in the language of the first.

    Raises ``FormatUnavailable``, ``Unwritable``.
    """
    from leakresp.papers.formats.pdf import pressed

    pages = [(stencil, values) for stencil, values in letters if isinstance(stencil, _Pdf)]
    first = pages[0][0]
    return pressed(first.rendered, [stencil.sections.fill(values) for stencil, values in pages], first.press)
