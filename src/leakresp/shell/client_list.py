"""A list of clients from a CSV or a workbook: its columns understood, every row checked before any of it is kept.

It is read as tolerantly as a list of recipients: any encoding, any separator, titles in either language. What a row
does not say is left as it is on record; what nobody understands is a fault with its row.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from leakresp.law.languages import LANGUAGES
from leakresp.law.vocabulary import WrongAnswer, nearest, read_words
from leakresp.papers.recipients import LibraryMissing, ListUnfit, open_table, recipient_words
from leakresp.papers.recipients.content import taken
from leakresp.papers.recipients.words import plain
from leakresp.response.clients import BEARS, COMPLETE, FIXED, ID, ITEMS, PEOPLE, SUSPECTED, plain_id
from leakresp.shell.faults import Fault, FaultsError, fault_of
from leakresp.shell.recipient_words import item_titles, missing_library_fault, unfit_fault
from leakresp.shell.typed import read_typed
from leakresp.shell.typed_times import typed_past
from leakresp.shell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from leakresp.law.held import Answers, Open, Value
    from leakresp.papers.recipients import Table
    from leakresp.shell.desk import Desk

#: The columns that are no facts.
PLAIN: Final = ("id", "name", "role", "contact", "told_on", "way")
#: The columns of our own table that say what followed, not what was entered.
_SHOWN_ONLY: Final = ("verdict", "missing", "next")
_ALIASED: Final = (*PLAIN, PEOPLE, ITEMS, SUSPECTED, COMPLETE, BEARS)
#: The word that stands for every client.
ALL: Final = "all"
_ROLES: Final = ("entrustor", "intermediate")
_LONGEST: Final = 100
_ITEM_LISTS: Final = (ITEMS, SUSPECTED)
_BETWEEN: Final = re.compile(r"[、，,;；|｜/／\r\n\t]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One client as a row of a list has it; what the row leaves blank is not stated."""

    line: int
    name: str
    id: str | None = None
    role: str | None = None
    contact: str | None = None
    told_on: str | None = None
    way: str | None = None
    facts: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientList:
    """A list read: the rows that can be kept, the faults of the others, and the columns nobody understood."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


def read_list(desk: Desk, file: Path, sheet: str | None, encoding: str | None, ways: Sequence[str]) -> ClientList:
    """Return what a list of clients says. Raises ``FaultsError`` where it cannot be read at all."""
    try:
        table = open_table(file, sheet, encoding)
        return _Reading(desk, table, ways).whole()
    except ListUnfit as error:
        raise unfit_fault(error, str(file), desk.say) from None
    except LibraryMissing as error:
        raise missing_library_fault(error, str(file)) from None


def client_name(typed: str) -> str:
    """Return a client's name as it is kept: one line. Raises ``WrongAnswer``."""
    name = " ".join(read_words(unicodedata.normalize("NFC", typed)).split())
    if len(name) > _LONGEST:
        raise WrongAnswer("client_name_long", most=_LONGEST)
    return name


def client_id(typed: str) -> str:
    """Return an id as it is kept. Raises ``WrongAnswer`` for one that could not be part of a file's name."""
    from leakresp.shell.cases import DEVICES

    word = plain_id(typed)
    if not ID.fullmatch(word) or word == ALL or DEVICES.fullmatch(word):
        raise WrongAnswer("client_id_unfit", word=typed)
    return word


class _Reading:
    """One list being read."""

    def __init__(self, desk: Desk, table: Table, ways: Sequence[str]) -> None:
        self.desk: Final = desk
        self.table: Final = table
        self.file: Final = str(table.path)
        self.ways: Final = ways
        self.faults: Final[list[Fault]] = []
        titles = item_titles(desk.facts[ITEMS], desk.shelf.advice["items"])
        self.items: Final = recipient_words(desk.shelf.recipients, titles).items
        self.columns: Final = self._columns()

    def whole(self) -> ClientList:
        rows = list(self._rows())
        return ClientList(tuple(rows), tuple(self.faults), self._ignored())

    # columns

    def _columns(self) -> dict[str, int]:
        known = column_words(self.desk)
        found: dict[str, int] = {}
        for place, title in enumerate(self.table.header):
            column = known.get(plain(title))
            if column in found:
                self._refuse("clients.column_twice", column=title)
            if column is not None:
                found[column] = place
        if "name" not in found:
            self._refuse("clients.no_name_column", columns=tuple(title for title in self.table.header if title)[:20])
        return found

    def _refuse(self, key: str, **details: object) -> None:
        raise FaultsError([Fault(key, self.file, self.table.header_row, details=details)])

    def _ignored(self) -> tuple[str, ...]:
        used = set(self.columns.values())
        return tuple(title for place, title in enumerate(self.table.header) if title and place not in used)

    # rows

    def _rows(self) -> Iterator[Row]:
        with self.table.rows() as lines:
            for line in lines:
                if line.remark is not None:
                    details = dict(line.remark.details)
                    self.faults.append(Fault("clients.row_broken", self.file, line.row, details=details))
                elif any(line.cells):
                    before = len(self.faults)
                    row = self._row(line.row, line.cells)
                    if row is not None and len(self.faults) == before:
                        yield row

    def _row(self, number: int, cells: Sequence[str]) -> Row | None:
        values = {column: taken(cells[place]) for column, place in self.columns.items()}
        values = {column: str(value) for column, value in values.items() if value.strip()}
        found: dict[str, str] = {}
        for column in PLAIN:
            if column in values:
                try:
                    found[column] = self._plain(column, values[column])
                except WrongAnswer as wrong:
                    self._wrong(wrong, number, column)
        if "name" not in values:
            self.faults.append(Fault("clients.row_without_name", self.file, number))
            return None
        facts: Answers = {}
        for column in values:
            if column in self.desk.facts:
                try:
                    facts[column] = self._fact(column, values[column])
                except WrongAnswer as wrong:
                    self._wrong(wrong, number, column)
        return Row(number, found.pop("name", ""), facts=facts, **found)

    def _wrong(self, wrong: WrongAnswer, line: int, column: str) -> None:
        self.faults.append(fault_of(wrong, file=self.file, line=line, path=self.table.header[self.columns[column]]))

    def _plain(self, column: str, value: str) -> str:
        if column == "name":
            return client_name(value)
        if column == "id":
            return client_id(value)
        if column == "contact":
            return client_name(value)
        if column == "told_on":
            return str(typed_past(value, self.desk.now).date)
        return self._word(value, _ROLES if column == "role" else self.ways, f"clients.{column}")

    def _word(self, value: str, words: Sequence[str], titles: str) -> str:
        """Return the word that a cell means: the word itself, or its title in either language."""
        meant = plain(value)
        for word in words:
            key = f"clients.role.{word}" if titles == "clients.role" else f"sent.way.{word}"
            if meant in {plain(word), *(plain(say(key)) for say in _both(self.desk))}:
                return word
        raise WrongAnswer("unknown_word", word=value, nearest=nearest(value, words), words=tuple(words))

    def _fact(self, fact: str, value: str) -> Value | Open:
        if fact in _ITEM_LISTS and value.strip() != "unknown":
            parts = [part.strip() for part in _BETWEEN.split(value) if part.strip()]
            return self.desk.facts[fact].read([self.items.get(plain(part), part) for part in parts])
        return read_typed(self.desk.facts[fact], value, self.desk.now)


def column_words(desk: Desk) -> dict[str, str]:
    """Return the titles by which columns are known, as they are compared, each with the column it means.

    A fact is known by its id and by its titles; the commonest columns by further words, in both languages.
    """
    settable = [fact for fact in desk.facts if fact not in FIXED]
    found = {plain(title): fact for fact in settable for title in (fact, *desk.facts[fact].title.values())}
    for say in _both(desk):
        for column in _ALIASED:
            found |= {plain(word): column for word in say(f"clients.columns.{column}").split("|")}
            if say.has(f"clients.column.{column}"):
                found[plain(say(f"clients.column.{column}"))] = column
    return found


def _both(desk: Desk) -> tuple[Wording, ...]:
    return tuple(Wording(desk.shelf.words, lang) for lang in LANGUAGES)


def shown_only(desk: Desk, ignored: Sequence[str]) -> tuple[str, ...]:
    """Return the columns nobody understood, without those of our own table that only say what followed."""
    ours = {plain(say(f"clients.column.{column}")) for say in _both(desk) for column in _SHOWN_ONLY}
    return tuple(title for title in ignored if plain(title) not in ours)


def fixed_faults(facts: Mapping[str, object]) -> Iterator[Fault]:
    """Yield a fault for each fact that no client can have otherwise."""
    yield from (Fault("clients.fact_fixed", path=fact, details={"fact": fact}) for fact in facts if fact in FIXED)
