"""What is wrong with a list of recipients: with the whole of it, or with one of its rows.

A flaw is a key and what fills in its sentence; the sentences stand in ``templates/words/recipients.yaml``. None of them
holds a person's name, address or e-mail address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ListFlaw:
    """What keeps a whole list from being read: the key of its sentence (``fault.`` + key), its line, its details."""

    key: str
    line: int | None = None
    details: tuple[tuple[str, object], ...] = ()


class ListUnfit(Exception):
    """A list that cannot be used as it is, with every flaw found."""

    def __init__(self, flaws: Iterable[ListFlaw]) -> None:
        self.flaws: Final = tuple(flaws)
        super().__init__("; ".join(flaw.key for flaw in self.flaws))

    def __reduce__(self) -> tuple[type[ListUnfit], tuple[tuple[ListFlaw, ...]]]:
        # It travels from the process that read the list to the one that says so.
        return ListUnfit, (self.flaws,)


def unfit(key: str, line: int | None = None, **details: object) -> ListUnfit:
    """Return the error for one flaw."""
    return ListUnfit([ListFlaw(key, line, tuple(details.items()))])


class LibraryMissing(Exception):
    """The library that reads this kind of file is not installed; ``extra`` brings it."""

    def __init__(self, extra: str) -> None:
        self.extra: Final = extra
        super().__init__(extra)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong or doubtful in a row: the key of its sentence (``recipients.row.`` + key), and what fills it in.

    ``field`` is the id of the field it is about, or nothing.
    """

    key: str
    field: str = ""
    details: tuple[tuple[str, object], ...] = ()
