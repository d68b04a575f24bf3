"""A file of recipients as rows of text, with what was detected on the way: encoding, separator, sheet, header."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import Final, Self

from leakresp.papers.recipients.encodings import BY_LINE, encoding_of
from leakresp.papers.recipients.flaws import Remark, unfit
from leakresp.papers.recipients.text_rows import Line, Mark, TextRows, delimiter_of, quotes_open
from leakresp.papers.recipients.workbook import OLE, ZIP, sheet_rows, sheets_of

__all__ = ["Line", "Mark", "Rows", "Table", "open_table"]

_HEAD: Final = 64 * 1024
#: More columns than any list has; a separator that is none gives more.
MOST_COLUMNS: Final = 2000
#: An e-mail address, or five digits and nothing but figures: no column is called that.
_NO_TITLE: Final = re.compile(r"\S+@\S+\.\S+|〒?[\s()+\-‐－]*(?:\d[\s()+\-‐－]*){5,}")
_ONE_SIGN: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}


@dataclass(frozen=True, slots=True)
class Table:
    """A file of recipients, and what was detected in it. It can be sent to another process.

    ``form`` is ``csv`` or ``workbook``; ``encoding``, ``bom`` and ``delimiter`` are a CSV's, ``sheet`` and ``sheets``
    (those that are shown) a workbook's. ``header_row`` is the row the titles stand in, as a spreadsheet counts.
    """

    path: Path
    form: str
    header: tuple[str, ...]
    header_row: int
    encoding: str
    bom: bool
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    by_line: bool
    start: Mark
    sha256: str
    stamp: tuple[int, int]

    def rows(self, start: Mark | None = None) -> Rows:
        """Return the rows from ``start`` on, or all that follow the header. Close them like a file."""
        return Rows(self, start or self.start)


class Rows:
    """The rows of a table, one after the other. ``offset`` is where the next one begins, -1 where nobody can tell."""

    def __init__(self, table: Table, start: Mark) -> None:
        self._table: Final = table
        self._file = _opened(table.path)
        if table.stamp != _stamp(os.fstat(self._file.fileno())):
            self._file.close()
            raise unfit("recipients.changed")
        self._text: Final = (
            None
            if table.form == "workbook"
            else TextRows(self._file, table.encoding, table.delimiter, start, by_line=table.by_line)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        (self._text or self._file).close()

    @property
    def offset(self) -> int:
        """Where the next row begins."""
        return self._text.offset if self._text else -1

    def as_written(self) -> Iterator[Line]:
        """Yield every row of the file, the header and what stands above it included."""
        if self._text is None:
            return (
                Line(row, cells, None)
                for row, cells in sheet_rows(self._table.path, self._table.sheet, self._table.stamp)
            )
        return iter(self._text)

    def __iter__(self) -> Iterator[Line]:
        """Yield the rows after the header: each has as many cells as the header, or none, or a remark."""
        header_row, width, text = self._table.header_row, len(self._table.header), self._text
        before = 0
        for line in self.as_written():
            if len(line.cells) == width or line.row <= header_row or line.remark:
                fitted = line
            elif text and text.lines_of_row(before) > 1:
                raise quotes_open(line.row, text.lines_of_row(before))
            else:
                fitted = _fit(line, width, beside=text is None)
            before = text.line if text else 0
            if line.row > header_row:
                yield fitted


def _fit(line: Line, width: int, *, beside: bool) -> Line:
    """Return a row without the empty cells behind its last column, or with what is wrong.

    ``beside``: what stands there in a sheet does not belong to the list.
    """
    row, cells, _ = line
    if len(cells) > width and (beside or not any(cells[width:])):
        return Line(row, cells[:width], None)
    if not any(cells):
        return Line(row, [], None)
    return Line(row, cells, Remark("cells", "", (("found", len(cells)), ("wanted", width))))


def open_table(
    path: Path, sheet: str | None = None, encoding: str | None = None, delimiter: str | None = None
) -> Table:
    """Return a file of recipients with what was detected. Raises ``ListUnfit``, ``LibraryMissing``."""
    with _opened(path) as file:
        stamp = _stamp(os.fstat(file.fileno()))
        head = file.read(_HEAD)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not head.strip():
        raise unfit("recipients.empty")
    table = Table(path, "csv", (), 0, "", False, "", "", (), False, Mark(1, 0), digest, stamp)  # noqa: FBT003
    if head.startswith((ZIP, OLE)):
        name, names = sheets_of(path, sheet)
        table = replace(table, form="workbook", sheet=name, sheets=names)
    else:
        table = _text_table(table, head, sheet, encoding, delimiter)
    return _with_header(table)


def _opened(path: Path) -> BufferedReader:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise unfit("recipients.no_file")
        return path.open("rb")
    except FileNotFoundError:
        raise unfit("file.missing") from None
    except OSError as error:
        raise unfit("file.unreadable", reason=error.strerror or str(error)) from None
    except ValueError as error:  # a NUL in the name
        raise unfit("file.unreadable", reason=str(error)) from None


def _stamp(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _text_table(table: Table, head: bytes, sheet: str | None, encoding: str | None, delimiter: str | None) -> Table:
    if sheet is not None:
        raise unfit("recipients.no_sheets", word=sheet)
    encoded = encoding_of(table.path, encoding)
    if head.startswith(b"%PDF") or (encoded.name in BY_LINE and head.count(0) * 8 > len(head)):
        raise unfit("recipients.no_text")
    text = head[encoded.mark :].decode(encoded.name, "ignore")
    return replace(
        table,
        encoding=encoded.name,
        bom=encoded.mark > 0,
        delimiter=_sign(delimiter) if delimiter is not None else delimiter_of(text),
        by_line=encoded.name in BY_LINE and not ("\r" in text and "\n" not in text),
        start=Mark(1, encoded.mark),
    )


def _sign(written: str) -> str:
    sign = _ONE_SIGN.get(written.lower(), written)
    if len(sign) != 1 or sign in '"\r\n\0 ' or sign.isalnum():
        raise unfit("recipients.delimiter_unknown", word=written)
    return sign


def _with_header(table: Table) -> Table:
    """Return the table with its header: the first row that is not blank."""
    with table.rows() as rows:
        first = next((line for line in rows.as_written() if any(line.cells) or line.remark), None)
        if first is None:
            raise unfit("recipients.empty")
        if first.remark is not None:
            raise unfit("recipients.header_broken", first.row)
        offset = rows.offset
    # A sheet may have notes beside the list; in a CSV a cell without a title is a sign of a stray separator.
    header = tuple(_trimmed(first.cells) if table.form == "workbook" else map(_one_line, first.cells))
    if len(header) > MOST_COLUMNS:
        raise unfit("recipients.columns_many", first.row, count=len(header), most=MOST_COLUMNS)
    if any(_NO_TITLE.fullmatch(title) for title in header):
        raise unfit("recipients.no_header", first.row)
    start = Mark(first.row + 1, offset) if offset >= 0 else table.start
    return replace(table, header=header, header_row=first.row, start=start)


def _trimmed(cells: list[str]) -> list[str]:
    titles = [_one_line(cell) for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
