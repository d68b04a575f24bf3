"""The rows of a list, one after the other: persons to be told, and rows that name none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leakresp.papers.recipients.columns import Columns
from leakresp.papers.recipients.content import key_of
from leakresp.papers.recipients.flaws import Remark
from leakresp.papers.recipients.recipient import Recipient, RowFault
from leakresp.papers.recipients.rows import Checked, Reading, RowCheck
from leakresp.papers.recipients.tables import Line, Mark, Table

__all__ = ["Portion", "Reading", "checked_rows", "read"]


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows ``first`` to ``last``, both included, from ``Survey``; it can be sent to another process.

    ``start`` is a row from which reading may begin, ``crossed`` what these rows share with others: row, key, other row.
    """

    first: int
    last: int
    start: Mark
    crossed: tuple[tuple[int, str, int], ...] = ()


def read(table: Table, columns: Columns, reading: Reading, portion: Portion) -> Iterator[Recipient | RowFault]:
    """Yield each row of a portion once, in order; blank rows and rows to be told another way are left out.

    Raises ``ListUnfit`` when the file is no longer what it was when it was opened.
    """
    for checked, _ in checked_rows(table, columns, reading, portion):
        if checked.recipient is not None:
            yield checked.recipient
        elif not checked.aside:
            yield RowFault(checked.row, checked.key, checked.faults)


def checked_rows(
    table: Table, columns: Columns, reading: Reading, portion: Portion
) -> Iterator[tuple[Checked, Sequence[str]]]:
    """Yield each row of a portion that is not blank, checked, with its cells."""
    check = RowCheck(columns, reading)
    crossed = _by_row(portion.crossed)
    for line in lines_of(table, portion):
        if line.remark is not None:
            yield Checked(line.row, key_of({"": "\t".join(line.cells)}), None, (line.remark,), ()), line.cells
        elif any(line.cells):
            yield check.check(line.row, line.cells, crossed.get(line.row, ())), line.cells


def lines_of(table: Table, portion: Portion) -> Iterator[Line]:
    """Yield the rows of a portion as the file has them."""
    with table.rows(portion.start) as rows:
        for line in rows:
            if line.row > portion.last:
                return
            if line.row >= portion.first:
                yield line


def _by_row(crossed: Sequence[tuple[int, str, int]]) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = {}
    for row, key, other in crossed:
        found.setdefault(row, []).append(Remark(key, "", (("other", other),)))
    return found
