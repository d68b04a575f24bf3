"""What a row says, field by field, and the key by which the same content is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from leakresp.papers.recipients.columns import Columns
from leakresp.papers.recipients.words import plain

#: Between the parts of what is hashed; no cell can hold what would make two rows alike.
_PART: Final = "\x1f"
_FORMULA_SIGNS: Final = "=+-@＝＋－＠\t\r\n"
_KEY_LENGTH: Final = 32
_ITEM: Final = "item:"


class Content:
    """The mapped columns of a list, taken out of its rows."""

    def __init__(self, columns: Columns) -> None:
        self._single: Final = [(field, *places) for field, places in columns.places.items() if len(places) == 1]
        self._joined: Final = [(field, places) for field, places in columns.places.items() if len(places) > 1]
        self._items: Final = [(f"{_ITEM}{item}", place) for item, place in columns.items.items()]

    def of(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the fields of a row, without blanks around them; an address of several columns has a line for each."""
        values = {field: taken(cells[place]) for field, place in self._single}
        for field, places in self._joined:
            values[field] = "\n".join(filter(None, (taken(cells[place]) for place in places)))
        for field, place in self._items:
            values[field] = taken(cells[place])
        return values


def taken(cell: str) -> str:
    """Return a cell without the blanks around it, and without the apostrophe that kept it from being a formula."""
    if cell[:1] == "'" and cell[1:2] in _FORMULA_SIGNS and len(cell) > 1:
        cell = cell[1:]
    # A figure of a workbook stays one: only text has blanks around it.
    return cell if type(cell) is not str else cell.strip()


def neutral(cell: str) -> str:
    """Return a cell so that no spreadsheet takes it for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell and cell[0] in _FORMULA_SIGNS else cell


def key_of(values: Mapping[str, str]) -> str:
    """Return the key of a row's content: a hash, the same on every run, whichever way the columns were found."""
    written = _PART.join([f"{field}{_PART}{len(values[field])}{_PART}{values[field]}" for field in sorted(values)])
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]


def whole_name(values: Mapping[str, str]) -> str:
    """Return a name, put together where its parts have columns of their own."""
    if "name" in values:
        return values["name"]
    return " ".join(filter(None, (values.get("family_name"), values.get("given_name"))))


def crossings(values: Mapping[str, str]) -> list[tuple[str, Hashable]]:
    """Return what another row may share with this one: the kind, and the words as they are compared."""
    address = plain("".join(values.get(field, "") for field in ("prefecture", "city", "address", "street", "address2")))
    email = values.get("email", "").casefold()
    found: list[tuple[str, Hashable]] = [("same_row", tuple(values.values()))]
    if reference := plain(values.get("reference", "")):
        found.append(("same_reference", reference))
    if address or email:
        found.append(("same_person", (plain(whole_name(values)), address or email)))
    if address:
        found.append(("same_address", address))
    if email:
        found.append(("same_email", email))
    return found
