"""The formats of a paper: one text, written as plain text, Markdown, a page of HTML, Word, PDF or a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leakresp.papers.formats.page import as_page
from leakresp.papers.formats.press import FormatUnavailable, Press, Unwritable
from leakresp.papers.formats.text import COLUMNS, as_markdown, as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from leakresp.papers.formats.stencils import Stencil
    from leakresp.papers.render import Rendered

__all__ = [
    "COLUMNS",
    "FormatUnavailable",
    "Press",
    "Unwritable",
    "made",
    "missing_glyphs",
    "stencil",
    "written",
]

_PLAIN_PRESS: Final = Press()
_WRITERS: Final[dict[str, Callable[[Rendered], str]]] = {"txt": as_text, "md": as_markdown, "html": as_page}


def written(rendered: Rendered, form: str) -> str:
    """Return a paper in one of the formats ``txt``, ``md``, ``html``; it ends with a line end."""
    return _WRITERS[form](rendered)


def made(rendered: Rendered, form: str, press: Press = _PLAIN_PRESS) -> bytes:
    """Return a paper in any format, as the bytes of its file; the same paper gives the same bytes.

    Raises ``FormatUnavailable`` where the library or a font is not there, or the font cannot print a character.
    """
    if form == "docx":
        from leakresp.papers.formats.word import as_word

        return as_word(rendered)
    if form == "pdf":
        from leakresp.papers.formats.pdf import as_pdf

        return as_pdf(rendered, press)
    if form == "eml":
        from leakresp.papers.formats.mail import as_mail

        return as_mail(rendered, press)
    return written(rendered, form).encode()


def missing_glyphs(text: str, press: Press = _PLAIN_PRESS) -> tuple[str, ...]:
    """Return the characters that the PDF's fonts cannot print. Raises ``FormatUnavailable`` without library or font."""
    from leakresp.papers.formats.pdf import missing_glyphs as missing

    return missing(text, press)


def stencil(rendered: Rendered, form: str, press: Press = _PLAIN_PRESS) -> Stencil:
    """Return a paper with blanks laid out once, to be filled in for each person. Raises ``FormatUnavailable``."""
    from leakresp.papers.formats.stencils import stencil_of

    return stencil_of(rendered, form, press)
