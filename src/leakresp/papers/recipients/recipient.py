"""One person to be told, as the list names that person; and a row of the list that names nobody one could write to."""

from __future__ import annotations

from dataclasses import dataclass, field

from leakresp.papers.recipients.flaws import Remark


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person. ``row`` is the row as a spreadsheet counts it (the header is row 1).

    ``key`` is the same for the same content of a row, on every run. ``items`` are the ids of this person's data items,
    or ``None`` where the list has no word on items and those of the incident hold for everybody.
    """

    row: int
    key: str
    # What a program prints of itself when it fails must not name anybody.
    name: str = field(repr=False)
    honorific: str = field(repr=False)
    postal_code: str = field(repr=False)
    address: tuple[str, ...] = field(repr=False)
    email: str = field(repr=False)
    lang: str
    items: tuple[str, ...] | None = field(repr=False)
    reference: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row for which no letter is written, and why. ``key`` is the same for the same content of a row."""

    row: int
    key: str
    faults: tuple[Remark, ...]
