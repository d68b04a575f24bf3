"""What a format needs beside a paper's text, and what is said when a format cannot be made here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Press:
    """The folder or file of the PDF's font (``None``: the one that is installed), and the sender of a mail."""

    font: Path | None = None
    sender: str = ""


class FormatUnavailable(Exception):
    """A format cannot be made here.

    ``extra`` is the extra that brings it (``pdf`` or ``docx``); ``reason`` is ``library`` (``detail`` names it),
    ``font`` (``detail`` is where one was looked for) or ``glyphs`` (``detail`` are the characters it cannot print).
    """

    def __init__(self, extra: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{extra}: {reason}: {detail}")
        self.extra, self.reason, self.detail = extra, reason, detail

    def __reduce__(self) -> tuple[type[FormatUnavailable], tuple[str, str, str]]:
        """Let the error travel from one process to another with its parts."""
        return FormatUnavailable, (self.extra, self.reason, self.detail)


class Unwritable(ValueError):
    """A person's value that a letter cannot hold: ``key`` names it; the value itself is not repeated."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __reduce__(self) -> tuple[type[Unwritable], tuple[str]]:
        """Let the error travel from one process to another with its part."""
        return Unwritable, (self.key,)
