"""A text with blanks in it: what is the same for all persons is cut once, what differs is put in for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from leakresp.papers.formats.press import Unwritable

#: Noncharacters: no keyboard types them and Unicode forbids them in text that is passed on.
_OPEN: Final = "\ufdd0"
_CLOSE: Final = "\ufdd1"
#: Stands behind a line break while a text is laid out, to see how far the next line of a value is indented.
_NEXT: Final = "\ufdd2"
_BLANK: Final = re.compile(f"{_OPEN}([a-z][a-z_0-9]*){_CLOSE}")
_WITH_INDENT: Final = re.compile(f"{_OPEN}([a-z][a-z_0-9]*){_CLOSE}(?:(\n[^{_NEXT}\n]*){_NEXT})?")
#: Control characters, halves of characters and noncharacters have no place in a letter.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def blank(key: str) -> str:
    """Return the sign that stands in a paper's text for the value of one person."""
    return f"{_OPEN}{key}{_CLOSE}"


def probed(text: str) -> str:
    """Return Markdown in which each blank is followed by a second line, so that its indent can be seen."""
    return _BLANK.sub(rf"\g<0>  \n{_NEXT}", text)


def has_blank(text: str) -> bool:
    """True when a text has a blank in it."""
    return _OPEN in text


def lines(key: str, value: str) -> list[str]:
    """Return the lines of a value as a paper would print them: trimmed, without empty ones. Raises ``Unwritable``."""
    if _FORBIDDEN.search(value):
        raise Unwritable(key)
    return [line for line in map(str.strip, value.splitlines()) if line]


def storable(text: str) -> str:
    """Return ``text`` with the replacement sign for each character that XML forbids; a blank stays."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut at its blanks: what stands first, then for each blank its key, its line break and what follows."""

    first: str
    rest: tuple[tuple[str, str, str], ...]
    escape: Callable[[str], str] | None = None

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the blanks."""
        return frozenset(key for key, _, _ in self.rest)

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with the values in place. Raises ``KeyError`` for one that is not there, ``Unwritable``."""
        return "".join(self._pieces(values))

    def _pieces(self, values: Mapping[str, str]) -> Iterator[str]:
        yield self.first
        for key, line_break, after in self.rest:
            words = lines(key, values[key])
            yield line_break.join(words if self.escape is None else map(self.escape, words))
            yield after


def cut(text: str, line_break: str = "\n", escape: Callable[[str], str] | None = None) -> Cut:
    """Return ``text`` cut at its blanks; in a probed text a value's lines take the indent that was seen."""
    first, rest, key, end = "", [], "", 0
    turn = line_break
    for found in _WITH_INDENT.finditer(text):
        piece = text[end : found.start()]
        if key:
            rest.append((key, turn, piece))
        else:
            first = piece
        key, turn, end = found[1], found[2] or line_break, found.end()
    if not key:
        return Cut(text, ())
    return Cut(first, (*rest, (key, turn, text[end:])), escape)
