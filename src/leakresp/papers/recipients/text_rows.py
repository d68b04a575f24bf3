"""The rows of a CSV, read strictly: what a stray quotation mark swallowed is told, never taken for one long row."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from leakresp.papers.recipients.flaws import Remark, unfit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

#: No line is longer than this, and no cell: reading on would only fill the memory.
LONGEST_LINE: Final = 16 * 1024 * 1024
LONGEST_CELL: Final = 4 * 1024 * 1024
DELIMITERS: Final = (",", "\t", ";")

_AFTER_RETURN: Final = re.compile("(?<=\r)(?!\n)")


class Mark(NamedTuple):
    """Where a row begins in a file, so that reading can start there. ``offset`` counts bytes."""

    row: int
    offset: int


class Line(NamedTuple):
    """One row as the file has it: its number in a spreadsheet, its cells, and what is wrong with its form."""

    row: int
    cells: list[str]
    remark: Remark | None


class TextRows:
    """The rows of an open CSV from ``start`` on."""

    def __init__(self, file: BinaryIO, encoding: str, delimiter: str, start: Mark, *, by_line: bool) -> None:
        # The library's limit is one for the whole program.
        csv.field_size_limit(LONGEST_CELL)
        file.seek(start.offset)
        self._file: Final = file
        self._encoding: Final = encoding
        self._row = start.row - 1
        self._at = start.offset
        self._by_line: Final = by_line
        self._broken_line = False
        self._wrapped: Final = None if by_line else io.TextIOWrapper(file, encoding, newline="")
        lines = self._lines() if self._wrapped is None else self._text(self._wrapped)
        self._reader: Final = csv.reader(lines, delimiter=delimiter, strict=True)

    @property
    def offset(self) -> int:
        """Where the next row begins, -1 where nobody can tell."""
        return self._at if self._by_line and not self._broken_line else -1

    def _lines(self) -> Iterator[str]:
        for raw in iter(partial(self._file.readline, LONGEST_LINE), b""):
            if len(raw) >= LONGEST_LINE:
                raise unfit("recipients.line_too_long", self._reader.line_num + 1, largest=LONGEST_LINE >> 20)
            self._at += len(raw)
            try:
                text = raw.decode(self._encoding)
            except UnicodeDecodeError:  # every byte was held against the encoding before
                raise unfit("recipients.changed") from None
            if raw.find(b"\r", 0, -2) < 0:
                yield text
                continue
            self._broken_line = True
            yield from (piece for piece in _AFTER_RETURN.split(text) if piece)
            self._broken_line = False

    def close(self) -> None:
        """Close the file."""
        (self._wrapped or self._file).close()

    def _text(self, text: io.TextIOWrapper) -> Iterator[str]:
        """Yield the lines of an encoding, or of line ends, that bytes alone do not tell."""
        try:
            for line in iter(partial(text.readline, LONGEST_LINE), ""):
                if len(line) >= LONGEST_LINE:
                    raise unfit("recipients.line_too_long", self._reader.line_num + 1, largest=LONGEST_LINE >> 20)
                yield line
        except UnicodeDecodeError:
            raise unfit("recipients.changed") from None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Line:
        self._row += 1
        before = self._reader.line_num
        try:
            return Line(self._row, next(self._reader), None)
        except csv.Error as error:
            if self.lines_of_row(before) > 1:
                raise quotes_open(self._row, self._reader.line_num - before) from None
            too_large = "field limit" in str(error)
            return Line(self._row, [], Remark("cell_too_large" if too_large else "quotes"))

    @property
    def line(self) -> int:
        """How many lines were read from where reading began."""
        return self._reader.line_num

    def lines_of_row(self, before: int) -> int:
        """Return over how many lines the row reaches that began after line ``before``."""
        return self._reader.line_num - before


def quotes_open(row: int, lines: int) -> Exception:
    """Return the error for a row that took in the rows after it."""
    return unfit("recipients.quotes_open", row=row, lines=lines)


def delimiter_of(head: str) -> str:
    """Return the sign between the cells of a header: the one that gives the most columns outside quotation marks."""
    return max(DELIMITERS, key=lambda sign: (_columns(head, sign), -DELIMITERS.index(sign)))


def _columns(head: str, sign: str) -> int:
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=sign)
        return next((len(row) for row in rows if any(row)), 0)
    except csv.Error:
        return 0
