"""The persons who have to be told in another way, as a new list: their rows of the list, as they stand in it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from leakresp.papers.letters.batch import reference_of
from leakresp.papers.letters.delivery import OTHER_WAY
from leakresp.papers.letters.roll import Roll
from leakresp.papers.recipients import Columns, Portion, Reading, Recipient, RecipientWords, Table, neutral
from leakresp.papers.recipients.content import Content, key_of
from leakresp.papers.recipients.reading import lines_of
from leakresp.papers.recipients.rows import RowCheck

_PRIVATE: Final = 0o600
#: Fields whose faults mean that there is no such contact.
_CONTACT: Final = {"post": frozenset({"address", "postal_code"}), "email": frozenset({"email"})}
_LAST: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Listed:
    """The list the letters were written for, and what its columns are."""

    table: Table
    columns: Columns
    words: RecipientWords


def names_of(listed: Listed) -> Iterator[tuple[str, str, str]]:
    """Yield key, reference number and mail address of each row of a list. Raises ``ListUnfit``."""
    content = Content(listed.columns)
    for _, cells in _rows(listed.table):
        values = content.of(cells)
        yield key_of(values), values.get("reference", ""), values.get("email", "")


def _rows(table: Table) -> Iterator[tuple[int, list[str]]]:
    for line in lines_of(table, Portion(table.header_row + 1, _LAST, table.start)):
        if line.remark is None and any(line.cells):
            yield line.row, line.cells


class Again:
    """The new list of the persons to be told in the other way.

    ``way_word`` is what the list's column for the way will say, ``reference_title`` heads the reference numbers where
    the list has none: the number of the first letter stays that of the person.
    """

    def __init__(self, listed: Listed, way: str, *, way_word: str, reference_title: str) -> None:
        self._table: Final = listed.table
        self._columns: Final = listed.columns
        self._way: Final = OTHER_WAY[way]
        self._check: Final = RowCheck(listed.columns, Reading(self._way, "ja", listed.words))
        self._way_word: Final = way_word
        self._adds: Final = "reference" not in listed.columns.places and reference_title not in listed.table.header
        self._reference_title: Final = reference_title

    @property
    def header(self) -> tuple[str, ...]:
        """The titles of the new list."""
        return (*self._table.header, self._reference_title) if self._adds else self._table.header

    def rows(self, roll: Roll) -> Iterator[list[str]]:
        """Yield the rows of the new list, and note in ``roll`` who has another contact. Raises ``ListUnfit``."""
        content = Content(self._columns)
        for row, cells in _rows(self._table):
            key = key_of(content.of(cells))
            other = None
            if roll.asking(key):
                other = self._has_contact(row, cells)
                roll.settle_other(key, other=other)
            if other:
                yield self._rewritten(key, cells)

    def _has_contact(self, row: int, cells: list[str]) -> bool:
        return not any(fault.field in _CONTACT[self._way] for fault in self._check.check(row, cells).faults)

    def _rewritten(self, key: str, cells: list[str]) -> list[str]:
        """Return a row with the way it goes now, and with the number the person has in the first letter."""
        found = list(cells)
        for place in self._columns.places.get("deliver", ()):
            found[place] = self._way_word
        for place in self._columns.places.get("reference", ()):
            found[place] = found[place] if found[place].strip() else _made_reference(key)
        return [*found, _made_reference(key)] if self._adds else found


def _made_reference(key: str) -> str:
    return reference_of(Recipient(0, key, "", "", "", (), "", "", None, ""))


@contextmanager
def write_list(path: Path, header: tuple[str, ...]) -> Iterator[Any]:
    """Open a new CSV (UTF-8 with mark, for its owner only) and give what writes its rows.

    A file that exists is never written over; one that could not be finished is removed. Raises ``OSError``.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            writer = _Writer(csv.writer(file, lineterminator="\n"))
            writer.add(header)
            yield writer
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


class _Writer:
    def __init__(self, writer: Any) -> None:  # noqa: ANN401 - csv's writer has no name
        self._writer: Final = writer

    def add(self, cells: tuple[str, ...] | list[str]) -> None:
        self._writer.writerow([neutral(str(cell)) for cell in cells])
