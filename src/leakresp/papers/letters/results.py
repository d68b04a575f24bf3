"""Results of a delivery read from what the post, a mail house or a mail server hands back: tables and delivery reports.

A line that names no letter, or says nothing that is known, is told with its place. None is guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from leakresp.papers.letters.delivery import DeliveryUnfit, Names, Place, Result, Unread, outcome_of
from leakresp.papers.letters.ledger import CODE
from leakresp.papers.letters.mail_reports import is_mail, read_mail
from leakresp.papers.recipients.content import taken
from leakresp.papers.recipients.tables import Line, Table, open_table
from leakresp.papers.recipients.words import RecipientWords, plain

#: The columns that name a letter.
NAMING: Final = ("row", "key", "reference", "email")
FIELDS: Final = (*NAMING, "status", "day")
#: What a status may say.
SAID: Final = ("delivered", "delayed", "undelivered", "refused")
#: Longer than any number, word or address that is meant.
_LONGEST: Final = 320
_KEY: Final = re.compile(r"<?([0-9a-f]{32})(?:@leakresp\.invalid>?)?")
_CODED: Final = re.compile(rf"(?:[245][0-9][0-9][ -])?({CODE})(?![0-9.]).*", re.DOTALL)
_BY_CLASS: Final = {"2": "delivered", "4": "delayed", "5": "undelivered"}
_ROW: Final = re.compile("[0-9]{1,9}")

#: Returns a day, or a minute in Japan, as somebody wrote it; nothing where it is none.
ReadTime = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class ResultWords:
    """Words as compared (see ``plain``): what a column of that title is, and what a status says."""

    columns: Mapping[str, str]
    said: Mapping[str, str]


def result_words(columns: Mapping[str, Iterable[str]], said: Mapping[str, Iterable[str]]) -> ResultWords:
    """Return the words, given for each field and each status as people write them."""
    return ResultWords(
        {plain(word): field for field, words in columns.items() for word in words},
        {plain(word): status for status, words in said.items() for word in words},
    )


@dataclass(frozen=True, slots=True)
class Returned:
    """One thing that was handed back: a table, a mail, a mailbox or a folder of mails."""

    path: Path
    table: Table | None = None
    columns: Mapping[str, int] | None = None


def open_results(path: Path, words: ResultWords, recipients: RecipientWords, way: str) -> Returned:
    """Return what was handed back, looked at before anything is recorded.

    Raises ``DeliveryUnfit``, ``ListUnfit``, ``LibraryMissing``.
    """
    if not is_mail(path):
        table = open_table(path)
        return Returned(path, table, _columns(table, words, recipients))
    if way != "email":
        raise DeliveryUnfit("delivery.not_mail", str(path))
    return Returned(path)


def results_of(returned: Returned, words: ResultWords, way: str, read_time: ReadTime) -> Iterator[Result | Unread]:
    """Yield every result, one after the other, and every line that is none. Raises ``DeliveryUnfit``, ``ListUnfit``."""
    if returned.table is None or returned.columns is None:
        yield from read_mail(returned.path)
        return
    reading = _Rows(str(returned.path), returned.columns, words, way, read_time)
    with returned.table.rows() as rows:
        for line in rows:
            if line.remark is not None:
                yield Unread(Place(reading.file, line.row), "row_broken")
            elif any(line.cells):
                yield reading.read(line)


def _columns(table: Table, words: ResultWords, recipients: RecipientWords) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, title in enumerate(table.header):
        field = _field(plain(title), words, recipients)
        if field and field in found:
            raise DeliveryUnfit(
                "delivery.column_twice", str(table.path), table.header_row, columns=(table.header[found[field]], title)
            )
        if field:
            found[field] = place
    if "status" not in found:
        raise DeliveryUnfit("delivery.no_status_column", str(table.path), table.header_row)
    if not found.keys() & set(NAMING):
        raise DeliveryUnfit("delivery.no_naming_column", str(table.path), table.header_row)
    return found


def _field(title: str, words: ResultWords, recipients: RecipientWords) -> str:
    if title in words.columns:
        return words.columns[title]
    fields = recipients.columns.get(title, ())
    return fields[0] if len(fields) == 1 and fields[0] in NAMING else ""


class _Rows:
    def __init__(
        self, file: str, columns: Mapping[str, int], words: ResultWords, way: str, read_time: ReadTime
    ) -> None:
        self.file: Final = file
        self._columns: Final = columns
        self._words: Final = words
        self._way: Final = way
        self._read_time: Final = read_time

    def read(self, line: Line) -> Result | Unread:
        """Return what a row says; one whose status is empty says nothing yet."""
        place = Place(self.file, line.row)
        cells = {field: _cell(line.cells, at) for field, at in self._columns.items()}
        if not cells["status"]:
            return Unread(place, "silent")
        said, code = self._said(cells["status"])
        if not said:
            return Unread(place, "status_unknown")
        names = _names(cells)
        if names is None:
            return Unread(place, "unnamed")
        when = self._read_time(cells["day"]) if cells.get("day") else ""
        if when is None:
            return Unread(place, "day_unknown")
        return Result(place, names, outcome_of(said, self._way), code, when)

    def _said(self, status: str) -> tuple[str, str]:
        if coded := _CODED.fullmatch(unicodedata.normalize("NFKC", status)):
            return _BY_CLASS[coded[1][0]], coded[1]
        return self._words.said.get(plain(status), ""), ""


def _cell(cells: Sequence[str], place: int) -> str:
    return str(taken(cells[place]))[:_LONGEST].strip()


def _names(cells: Mapping[str, str]) -> Names | None:
    """Return by what a row names its letter, or nothing where it does not, or not in a form that could be one."""
    row = unicodedata.normalize("NFKC", cells.get("row", ""))
    key = _KEY.fullmatch(cells.get("key", "").casefold())
    if (row and not _ROW.fullmatch(row)) or (cells.get("key") and not key):
        return None
    email = cells.get("email", "")
    names = Names(int(row) if row else None, key[1] if key else "", cells.get("reference", ""), (email,) * bool(email))
    return names if names != Names() else None
