"""User text is data: what somebody typed comes out as typed, never as markup.

Every sign that Markdown could read as layout gets a backslash, at the start of each line as well as inside it. From
that text the Markdown, the plain text and the HTML of a paper are made, so one rule holds for all of them.
"""

from __future__ import annotations

import re
from typing import Final

#: Signs that mark up wherever they stand. An underscore inside a word marks nothing; addresses often hold one.
_INLINE: Final = re.compile(r"[\\`*\[\]<|~#]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|&(?=#?[0-9A-Za-z]+;)")
#: Signs that mark up at the start of a line: quotation, list, underline of a heading, block mark; a numbered list.
_AT_START: Final = re.compile(r"^[>+\-=:]")
_NUMBERED: Final = re.compile(r"^([0-9]{1,9})([.)])(?=\s|$)")
#: Two spaces at a line's end break the line.
_BREAK: Final = "  \n"


def escaped(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it stands; its lines stay lines of one paragraph."""
    lines = (line.strip() for line in text.splitlines())
    return _BREAK.join(_line(line) for line in lines if line)


def _line(line: str) -> str:
    line = _INLINE.sub(r"\\\g<0>", line)
    return _NUMBERED.sub(r"\1\\\2", _AT_START.sub(r"\\\g<0>", line))
