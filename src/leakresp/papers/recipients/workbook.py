"""The rows of a workbook: values as shown, formulas as their results, figures kept apart from text."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, Final

from leakresp.papers.recipients.flaws import LibraryMissing, ListUnfit, unfit

if TYPE_CHECKING:
    from pathlib import Path

ZIP: Final = b"PK\x03\x04"
#: What an old workbook begins with, and a workbook under a password.
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The container's list of parts stands near its start or its end.
_DIRECTORY: Final = 1 << 20
#: A workbook larger than this when unpacked would fill the memory.
_LARGEST: Final = 1 << 30
#: The library lays a sheet out whole, up to its last row and its last column: one stray cell far off is enough.
_MOST_CELLS: Final = 50_000_000
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK: Final = 1 << 20
#: Longer than a cell's place, which may stand across two chunks.
_OVERLAP: Final = 32
#: From this many digits on, a workbook keeps a rounded figure.
EXACT_DIGITS: Final = 15


class Figure(str):
    """A cell that a workbook keeps as a figure: it cannot begin with zero, and has lost what it began with."""

    __slots__ = ()


def sheets_of(path: Path, wanted: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the sheet to be read (the first that is shown) and all that are shown. Raises ``ListUnfit``."""
    book = _open(path)
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    visible = tuple(
        each.name
        for each in book.sheets_metadata
        if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
    )
    if wanted is not None and wanted not in book.sheet_names:
        raise unfit("recipients.sheet_unknown", word=wanted, words=visible)
    if wanted is None and not visible:
        raise unfit("recipients.empty")
    return wanted if wanted is not None else visible[0], visible


def sheet_rows(path: Path, sheet: str, stamp: tuple[int, int]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of a sheet with its number. ``stamp`` tells one state of the file from another."""
    laid_out = _sheet(path, sheet, stamp)
    with _library_guarded():
        for number, cells in enumerate(laid_out.iter_rows(), 1):
            yield number, [_text(cell) for cell in cells]


@lru_cache(maxsize=1)
def _sheet(path: Path, sheet: str, stamp: tuple[int, int]) -> Any:  # noqa: ANN401, ARG001 - the library's sheet
    """Return a sheet laid out in memory, which takes as long as reading all its rows: once for each process."""
    with _library_guarded():
        return _open(path).get_sheet_by_name(sheet)


def _open(path: Path) -> Any:  # noqa: ANN401 - the library's workbook, where it is installed
    try:
        from python_calamine import CalamineWorkbook, PasswordError
    except ImportError:
        raise LibraryMissing("xlsx") from None
    _refuse_bomb(path)
    try:
        with _library_guarded():
            return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise unfit("recipients.book_locked") from None
    except ListUnfit:
        if _holds_password(path):
            raise unfit("recipients.book_locked") from None
        raise


@contextmanager
def _library_guarded() -> Iterator[None]:
    """Turn whatever the library says of a broken workbook into a flaw; where its own code gives up, too."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError:
        raise
    except CalamineError as error:
        raise unfit("recipients.book_broken", reason=_one_line(error)) from None
    except BaseException as error:
        # A panic of the library is no `Exception`, and its class has no public name.
        if type(error).__name__ != "PanicException":
            raise
        raise unfit("recipients.book_broken", reason=_one_line(error)) from None


def _refuse_bomb(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > _LARGEST:
                raise unfit("recipients.book_too_large", largest=_LARGEST >> 20)
            for part in archive.namelist():
                if _SHEET.fullmatch(part):
                    with archive.open(part) as sheet:
                        _refuse_stray(sheet)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        raise unfit("recipients.book_broken", reason=_one_line(error)) from None


def _refuse_stray(sheet: IO[bytes]) -> None:
    """Refuse a sheet with a cell so far off that laying it out would fill the memory."""
    rest, column, row = b"", "", 0
    while chunk := sheet.read(_CHUNK):
        found = _CELL.findall(rest + chunk)
        rest = chunk[-_OVERLAP:]
        if found:
            names = {name for name, _ in found}
            column = max(column, *(name.decode() for name in names), key=_column_number)
            row = max(row, *(int(number) for _, number in found))
        if _column_number(column) * row > _MOST_CELLS:
            raise unfit("recipients.book_stray", cell=f"{column}{row}")


def _column_number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _holds_password(path: Path) -> bool:
    """Tell whether the file is the container that Office wraps around an encrypted workbook."""
    with path.open("rb") as file:
        head = file.read(_DIRECTORY)
        file.seek(max(path.stat().st_size - _DIRECTORY, 0))
        parts = head + file.read(_DIRECTORY)
    return head.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in parts


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return Figure(int(cell) if cell.is_integer() else repr(cell))
    if isinstance(cell, int):
        return Figure(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return cell.isoformat(" ") if isinstance(cell, dt.datetime) else str(cell)
