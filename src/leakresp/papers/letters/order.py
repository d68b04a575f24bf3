"""What is to be written: one letter for each person of a list, in one format, into one folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from leakresp.papers.formats import Press
from leakresp.papers.formats.stencils import Stencil, blank, stencil_of
from leakresp.papers.recipients import Columns, Reading, Table
from leakresp.papers.render import Rendered

#: The blanks of a letter: the lines that name the person, and the number by which the desk finds the letter again.
ADDRESSEE: Final = blank("addressee")
REFERENCE: Final = blank("reference")
#: How letters are kept: a file each; files of many; one mailbox; one table, or one line of JSON each, for a mail house.
INTO: Final = ("files", "one", "mbox", "csv", "jsonl")
#: Rows that are written, and noted as written, together: so many are made again at most after a crash.
BATCH: Final = 4096
#: The same where a letter takes long to make, by format. A workbook can only be read from its start, so it keeps the
#: larger one.
BATCHES: Final = {"docx": 1024, "pdf": 200}
#: Letters in one PDF: more at once is no faster and takes more memory (measured: 0.6 GiB at 50, 1.2 GiB at 100).
LETTERS_IN_PDF: Final = 50
_VARIANTS: Final = 256

#: Returns the paper for a language and a person's own data items (``None``: those of the incident), its blanks open.
Writer = Callable[[str, tuple[str, ...] | None], Rendered]


class LetterUnfinished(Exception):
    """A letter would print that a fact is still missing: ``facts`` are their ids."""

    def __init__(self, facts: tuple[str, ...]) -> None:
        super().__init__(", ".join(facts))
        self.facts = facts

    def __reduce__(self) -> tuple[type[LetterUnfinished], tuple[tuple[str, ...]]]:
        """Let the error travel from one process to another with its facts."""
        return LetterUnfinished, (self.facts,)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Everything a process needs to write letters; it can be sent to another process.

    ``fingerprint`` stands for all that decides what the letters say; ``names``: the manifest may name the persons.
    ``shard`` (number from 1, of how many) is the part of the list that is to be written.
    """

    table: Table
    columns: Columns
    reading: Reading
    writer: Writer
    form: str
    into: str
    press: Press
    folder: Path
    fingerprint: str
    names: bool = False
    shard: tuple[int, int] = (1, 1)

    @property
    def batch(self) -> int:
        """How many rows are written together."""
        return BATCHES.get(self.form, BATCH) if self.table.form == "csv" else BATCH

    @property
    def suffix(self) -> str:
        """What the names of a shard's own files carry: they are joined by laying them side by side."""
        number, of = self.shard
        return "" if of == 1 else f"-{number:04}-of-{of:04}"

    @property
    def whole(self) -> str | None:
        """The name of the one file that holds all letters; ``None`` where they stay files of their own."""
        if self.into == "files" or self.form == "pdf":
            return None
        return f"letters{self.suffix}.{self.form if self.into == 'one' else self.into}"


_stencils: dict[tuple[str, str, str, tuple[str, ...] | None], Stencil] = {}


def stencil_for(order: Order, lang: str, items: tuple[str, ...] | None) -> Stencil:
    """Return the stencil of the letters in a language that tell of the same items.

    Each process lays a letter out once and keeps it: the same order comes to it many times, each time as a copy.
    Raises ``FormatUnavailable``, ``LetterUnfinished``.
    """
    key = (order.fingerprint, order.form, lang, items)
    found = _stencils.get(key)
    if found is None:
        rendered = order.writer(lang, items)
        if rendered.blocking:
            raise LetterUnfinished(tuple(hole.fact for hole in rendered.blocking))
        while len(_stencils) >= _VARIANTS:
            _stencils.pop(next(iter(_stencils)))
        found = _stencils[key] = stencil_of(rendered, order.form, order.press)
    return found
