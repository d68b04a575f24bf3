"""What a list is worth before a letter is written: counts, faults and doubts by kind, and the first row that is fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from leakresp.papers.recipients.columns import Columns
from leakresp.papers.recipients.flaws import Remark
from leakresp.papers.recipients.mending import Mending
from leakresp.papers.recipients.reading import Portion, Reading, checked_rows
from leakresp.papers.recipients.recipient import Recipient
from leakresp.papers.recipients.rows import Checked
from leakresp.papers.recipients.tables import Table

#: How many rows of a kind are named.
SHOWN_ROWS: Final = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """One kind of fault or doubt: its key and field, in how many rows, and the first of these."""

    key: str
    field: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A list checked: ``rows`` = ``fit`` + ``faulty`` + ``aside`` (to be told another way).

    The ``doubtful`` rows are among the fit. Nothing here holds a name but ``first``, the first person who is fit.
    """

    rows: int
    fit: int
    faulty: int
    doubtful: int
    aside: int
    faults: tuple[Tally, ...]
    doubts: tuple[Tally, ...]
    first: Recipient | None


def review(
    table: Table, columns: Columns, reading: Reading, portions: Iterable[Portion], mending: Mending | None = None
) -> Review:
    """Check every row of the portions, and add each that needs a hand to ``mending``. Raises ``ListUnfit``."""
    counting = _Counting()
    for portion in portions:
        for checked, cells in checked_rows(table, columns, reading, portion):
            counting.count(checked)
            if mending is not None and not checked.aside and (checked.faults or checked.doubts):
                mending.add(checked.row, (*checked.faults, *checked.doubts), cells)
    return counting.review()


class _Counting:
    def __init__(self) -> None:
        self.counts = {"fit": 0, "faulty": 0, "doubtful": 0, "aside": 0}
        self.faults: Final[dict[tuple[str, str], list[int]]] = {}
        self.doubts: Final[dict[tuple[str, str], list[int]]] = {}
        self.first: Recipient | None = None

    def count(self, checked: Checked) -> None:
        if checked.aside:
            self.counts["aside"] += 1
            return
        if checked.recipient is None:
            self.counts["faulty"] += 1
        else:
            self.counts["fit"] += 1
            self.counts["doubtful"] += bool(checked.doubts)
            self.first = self.first or checked.recipient
        _tally(self.faults, checked.row, checked.faults)
        _tally(self.doubts, checked.row, checked.doubts)

    def review(self) -> Review:
        counts = self.counts
        rows = counts["fit"] + counts["faulty"] + counts["aside"]
        return Review(rows=rows, **counts, faults=_told(self.faults), doubts=_told(self.doubts), first=self.first)


def _tally(kinds: dict[tuple[str, str], list[int]], row: int, remarks: Iterable[Remark]) -> None:
    """Count a row under each kind of remark; the first number of a kind is its count, then come rows."""
    for kind in {(remark.key, remark.field.partition(":")[0]) for remark in remarks}:
        found = kinds.setdefault(kind, [0])
        found[0] += 1
        if len(found) <= SHOWN_ROWS:
            found.append(row)


def _told(kinds: dict[tuple[str, str], list[int]]) -> tuple[Tally, ...]:
    tallies = (Tally(key, field, found[0], tuple(found[1:])) for (key, field), found in kinds.items())
    return tuple(sorted(tallies, key=lambda each: (-each.count, each.key, each.field)))
