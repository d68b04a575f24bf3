"""A paper made in a format, and the sentences for what a format may lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leakresp.papers.formats import FormatUnavailable, made
from leakresp.shell.faults import OUR_FAULT, Fault, FaultsError

if TYPE_CHECKING:
    from leakresp.papers.formats import Press
    from leakresp.papers.render import Rendered

#: Formats that are no text.
BINARY: Final = ("docx", "pdf")
#: Which sentence tells what a format lacks.
_LACKS: Final = {"library": "paper.library_missing", "font": "paper.font_missing", "glyphs": "paper.glyphs_missing"}


def made_or_fault(rendered: Rendered, form: str, press: Press) -> bytes:
    """Return a paper in a format. Raises ``FaultsError`` where the format cannot be made here."""
    try:
        return made(rendered, form, press)
    except FormatUnavailable as lacking:
        raise FaultsError([lack(lacking, form)], OUR_FAULT) from None


def lack(lacking: FormatUnavailable, form: str) -> Fault:
    """Return the fault that tells what a format lacks."""
    details = {"format": form, "extra": lacking.extra, "detail": lacking.detail}
    return Fault(_LACKS[lacking.reason], details=details)
