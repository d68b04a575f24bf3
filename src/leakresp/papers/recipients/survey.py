"""A first look at the whole list: how many rows there are, and which name the same person, address or reference.

What rows share is compared by hashes in a database of its own that nobody else can open. A small list stays in
memory; for a large one the database sorts on disk, so that millions of rows take no more memory than thousands. The
hashes are made with a secret of this run, and nothing is left of them afterwards.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, Self

from leakresp.papers.recipients.columns import Columns
from leakresp.papers.recipients.content import Content, crossings
from leakresp.papers.recipients.flaws import unfit
from leakresp.papers.recipients.reading import Portion
from leakresp.papers.recipients.tables import Mark, Table

#: A mark every so many rows: 35 million rows leave nine thousand.
MARK_EVERY: Final = 4096
#: Rows in a portion.
PORTION: Final = 2 * MARK_EVERY
_BATCH: Final = 20_000
_KINDS: Final = ("same_row", "same_reference", "same_person", "same_address", "same_email")
#: The keys of a row that shares something with an earlier one, and of the earlier one.
_EARLIER: Final = {"same_row": "", "same_reference": "reference_shared"}

# Each row of a group names the row before it, the first one that after it. The database sorts.
_FIND: Final = """
CREATE TABLE crossed AS
SELECT row, kind, coalesce(before, after) AS other, before IS NULL AS first FROM (
  SELECT row, kind,
    lag(row) OVER same AS before,
    lead(row) OVER same AS after
  FROM seen WINDOW same AS (PARTITION BY kind, hash ORDER BY row)
) WHERE before IS NOT NULL OR after IS NOT NULL
"""


class Survey:
    """A list looked through; close it like a file.

    ``rows`` is how many rows are not blank, ``blank`` how many are, ``last`` the number of the last one that is not.
    """

    def __init__(self, table: Table, columns: Columns) -> None:
        self.table: Final = table
        self.rows = 0
        self.blank = 0
        self.last = table.header_row
        self._marks: Final = [table.start]
        self._database: Final = sqlite3.connect("")
        try:
            self._look(columns)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last row of the list."""
        return self.table.header_row + 1, self.last

    def shard(self, number: int, of: int) -> tuple[int, int]:
        """Return the first and last row of shard ``number`` (from 1) of ``of``; the last is before the first in none.

        Every row is in exactly one shard, whichever process asks.
        """
        first, last = self.span
        count = last - first + 1
        return first + count * (number - 1) // of, first + count * number // of - 1

    def portion(self, first: int, last: int) -> Portion:
        """Return rows ``first`` to ``last`` as one portion."""
        start = self._marks[max(bisect_right(self._marks, first, key=lambda mark: mark.row) - 1, 0)]
        return Portion(first, last, start, tuple(self.crossed(first, last)))

    def portions(self, span: tuple[int, int] | None = None, size: int | None = None) -> Iterator[Portion]:
        """Yield the rows of a span (the whole list, or a shard) in portions that a process can hold.

        A portion ends where a mark stands, so that the next one begins there. A sheet, which can only be read from its
        start, is one portion unless a ``size`` is given.
        """
        first, last = span or self.span
        size = size or (last if self.table.form == "workbook" else PORTION)
        while first <= last:
            end = min((first - 1) // size * size + size, last)
            yield self.portion(first, end)
            first = end + 1

    def crossed(self, first: int, last: int) -> Iterator[tuple[int, str, int]]:
        """Yield what rows share with others: row, key of the remark, the other row."""
        found = self._database.execute(
            "SELECT row, kind, other, first FROM crossed WHERE row BETWEEN ? AND ? ORDER BY row, kind", (first, last)
        )
        yield from _remarked(found)

    def _look(self, columns: Columns) -> None:
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE seen (kind INTEGER, hash INTEGER, row INTEGER)")
        try:
            seen = self._seen(columns)
            while batch := list(islice(seen, _BATCH)):
                self._database.executemany("INSERT INTO seen VALUES (?, ?, ?)", batch)
            self._database.execute(_FIND)
            self._database.execute("DROP TABLE seen")
            self._database.execute("CREATE INDEX by_row ON crossed (row)")
        except sqlite3.Error as error:
            raise unfit("recipients.no_room", reason=str(error)) from None
        if not self.rows:
            raise unfit("recipients.no_rows")

    def _seen(self, columns: Columns) -> Iterator[tuple[int, int, int]]:
        content = Content(columns)
        with self.table.rows() as rows:
            for line in rows:
                if any(line.cells) or line.remark:
                    self.rows += 1
                    self.last = line.row
                    if line.remark is None:
                        for kind, words in crossings(content.of(line.cells)):
                            yield _KINDS.index(kind), hash(words), line.row
                else:
                    self.blank += 1
                if line.row % MARK_EVERY == 0 and rows.offset >= 0:
                    self._marks.append(Mark(line.row + 1, rows.offset))


def _remarked(found: Iterable[tuple[int, int, int, int]]) -> Iterator[tuple[int, str, int]]:
    """Yield the remarks of each row; who is the same person need not be told to have the same address."""
    row, told = 0, ""
    for at, kind, other, first in found:
        if at != row:
            row, told = at, ""
        key = _KINDS[kind]
        if key == "same_row" or (key == "same_person" and not told):
            told = key
        elif told == "same_row" or (told and key != "same_reference"):
            continue
        key = _EARLIER.get(key, key) if first else key
        if key:
            yield at, key, other


def survey(table: Table, columns: Columns) -> Survey:
    """Look through the whole list once. Raises ``ListUnfit``."""
    return Survey(table, columns)
