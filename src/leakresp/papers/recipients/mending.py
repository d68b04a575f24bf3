"""The rows that need a hand, as a CSV to mend: what is wrong, in words, beside what the list says."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from leakresp.papers.recipients.content import neutral
from leakresp.papers.recipients.flaws import Remark

_PRIVATE: Final = 0o600


class Mending:
    """The CSV being written: a row for each row of the list that needs a hand."""

    def __init__(self, writer: Any, say: Callable[[Remark], str]) -> None:  # noqa: ANN401 - csv's writer has no name
        self._writer: Final = writer
        self._say: Final = say

    def add(self, row: int, remarks: Sequence[Remark], cells: Sequence[str]) -> None:
        """Write one row: its number, what is wrong, its cells as the list has them."""
        said = " / ".join(dict.fromkeys(map(self._say, remarks)))
        self._writer.writerow((row, said, *map(_written, cells)))


@contextmanager
def write_mending(
    path: Path, header: Sequence[str], titles: tuple[str, str], say: Callable[[Remark], str]
) -> Iterator[Mending]:
    """Open a new CSV (UTF-8 with mark, for its owner only). ``titles`` head the row's number and what is wrong.

    A file that exists is never written over: somebody may have mended it. Raises ``OSError``.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*titles, *map(_written, header)))
        yield Mending(writer, say)


def _written(cell: str) -> str:
    """Return a cell that a spreadsheet opens as text and UTF-8 can hold."""
    return neutral(cell).encode("utf-8", "backslashreplace").decode()
