"""Which column of a list is what: by its title where that is plain, else as the writer says with ``--map``.

A title that could be two things is never guessed: a letter to the wrong address is a second leak.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from leakresp.law.vocabulary import nearest
from leakresp.papers.recipients.flaws import ListFlaw, ListUnfit
from leakresp.papers.recipients.words import FIELDS, UNUSED, RecipientWords, plain

_ITEM: Final = "item:"
#: Fields that may be put together from several columns, in the order given.
_REPEATED: Final = frozenset({"address", "address2"})
_NAMES: Final = frozenset({"name", "family_name", "given_name"})
_ADDRESSES: Final = frozenset({"address", "street"})
_TITLES_SHOWN: Final = 40
_TITLE_SHOWN: Final = 60
#: The field whose column each way needs.
_NEEDED: Final = {
    "post": (_ADDRESSES, "no_address_column", "address"),
    "email": ({"email"}, "no_email_column", "email"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a list are. ``places``: field → positions of its columns; ``items``: data item → position.

    ``ignored`` are the titles of the columns that no letter uses.
    """

    header: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    items: Mapping[str, int]
    ignored: tuple[str, ...]

    def __reduce__(self) -> tuple[type[Columns], tuple[object, ...]]:
        # A read-only mapping cannot be sent to another process.
        return Columns, (self.header, dict(self.places), dict(self.items), self.ignored)

    def title(self, field: str) -> str:
        """Return the title of a field's column, or nothing where there is none."""
        places = self.places.get(field, ())
        return self.header[places[0]] if places else ""


def map_columns(header: Sequence[str], words: RecipientWords, chosen: Sequence[str] = (), way: str = "") -> Columns:
    """Return which column is what; ``chosen`` are the words of ``--map`` (``field=column``).

    With a ``way`` (``post`` or ``email``) the columns it needs must be there. Raises ``ListUnfit``.
    """
    mapping = _Mapping(tuple(header), words)
    for word in chosen:
        mapping.choose(word)
    mapping.recognise()
    mapping.need(way)
    if mapping.flaws:
        raise ListUnfit(mapping.flaws)
    return mapping.columns()


class _Mapping:
    def __init__(self, header: tuple[str, ...], words: RecipientWords) -> None:
        self.header: Final = header
        self.words: Final = words
        self.places: Final[dict[str, list[int]]] = {}
        self.items: Final[dict[str, int]] = {}
        self.taken: Final[set[int]] = set()
        self.flaws: Final[list[ListFlaw]] = []
        #: Whether any title is known. Where none is, the first row may be a person, whom no sentence may quote.
        self.speaks: Final = any(plain(title) in words.columns for title in header)

    def columns(self) -> Columns:
        """Return the mapping. Of a name and its parts the whole name counts."""
        places = {field: tuple(found) for field, found in self.places.items() if field not in UNUSED}
        if "name" in places:
            places.pop("family_name", None)
            places.pop("given_name", None)
        used = {place for found in places.values() for place in found} | set(self.items.values())
        ignored = tuple(title for place, title in enumerate(self.header) if place not in used and title)
        return Columns(self.header, MappingProxyType(places), MappingProxyType(dict(self.items)), ignored)

    # what the writer says

    def choose(self, written: str) -> None:
        field, equals, title = (part.strip() for part in written.partition("="))
        if not equals or not field or not title:
            self._flaw("map_form", word=written)
        elif not self._is_field(field):
            names = (*FIELDS, *(f"{_ITEM}{item}" for item in self.words.named))
            self._flaw("map_field_unknown", word=field, nearest=nearest(field, names), fields=FIELDS)
        elif (place := self._place(title)) is not None:
            self._take(field, place, written)

    def _is_field(self, field: str) -> bool:
        return field in FIELDS or (field.startswith(_ITEM) and field.removeprefix(_ITEM) in self.words.named)

    def _place(self, title: str) -> int | None:
        wanted = " ".join(title.split())
        same = [place for place, name in enumerate(self.header) if name == wanted]
        alike = same or [place for place, name in enumerate(self.header) if name and plain(name) == plain(wanted)]
        if len(alike) == 1:
            return alike[0]
        if alike:
            self._flaw("header_twice", column=self.header[alike[0]])
        else:
            near = nearest(title, [name for name in self.header if name]) if self.speaks else None
            key = "map_column_unknown" if self.speaks else "map_column_none"
            self._flaw(key, word=title, nearest=near, columns=self._titles())
        return None

    def _take(self, field: str, place: int, written: str) -> None:
        item = field.removeprefix(_ITEM)
        known = item in self.items if field.startswith(_ITEM) else field in self.places and field not in _REPEATED
        if known or place in self.taken:
            self._flaw("map_twice", word=written)
            return
        self.taken.add(place)
        if field.startswith(_ITEM):
            self.items[item] = place
        else:
            self.places.setdefault(field, []).append(place)

    # what the titles say

    def recognise(self) -> None:
        """Take the columns whose titles are plain; say which are not."""
        chosen, unsure = frozenset(self.places), []
        found: dict[str, list[int]] = {}
        for place, title in self._open():
            item = self._item_of(title)
            if item and item not in self.items:
                self.items[item] = place
            fields = self.words.columns.get(plain(title), ())
            if len(fields) == 1 and fields[0] not in chosen:
                found.setdefault(fields[0], []).append(place)
            elif len(fields) > 1:
                unsure.append((title, fields))
        for field, places in found.items():
            self._take_one(field, places)
        for title, fields in unsure:
            if any(field not in self.places for field in fields):
                self._flaw("column_ambiguous", column=title, options=tuple(_option(each, title) for each in fields))

    def _open(self) -> Iterator[tuple[int, str]]:
        return ((place, title) for place, title in enumerate(self.header) if title and place not in self.taken)

    def _item_of(self, title: str) -> str | None:
        head, colon, word = title.replace("：", ":").partition(":")
        return self.words.items.get(plain(word)) if colon and plain(head) in {"item", "項目"} else None

    def _take_one(self, field: str, places: list[int]) -> None:
        titles = [self.header[place] for place in places]
        if len(places) == 1:
            self.places[field] = places
        elif len(set(titles)) < len(titles):
            self._flaw("header_twice", column=titles[0], field=field)
        else:
            options = tuple(_option(field, title) for title in titles)
            self._flaw("column_twice", field=field, columns=tuple(titles), options=options)

    def need(self, way: str) -> None:
        """Say which column is missing without which nobody can be told."""
        asked = {value for flaw in self.flaws for key, value in flaw.details if key == "field"}
        if any(flaw.key == "recipients.column_ambiguous" for flaw in self.flaws):
            asked |= _ADDRESSES | {"email"}
        known = asked | self.places.keys()
        if not _NAMES & known:
            self._missing("no_name_column", "name")
        fields, key, field = _NEEDED.get(way, (_NAMES, "", ""))
        if key and not fields & known:
            self._missing(key, field)

    def _missing(self, key: str, field: str) -> None:
        if self.speaks:
            self._flaw(key, columns=self._titles(), option=_option(field, "…"))
        elif not any(flaw.key == "recipients.header_unknown" for flaw in self.flaws):
            self._flaw("header_unknown", option=_option(field, "…"))

    def _titles(self) -> tuple[str, ...]:
        """Return the titles as a sentence can name them."""
        if not self.speaks:
            return ()
        titles = [title[:_TITLE_SHOWN] for title in self.header if title]
        return (*titles[:_TITLES_SHOWN], *(["…"] if len(titles) > _TITLES_SHOWN else []))

    def _flaw(self, key: str, **details: object) -> None:
        self.flaws.append(ListFlaw(f"recipients.{key}", None, tuple(details.items())))


def _option(field: str, title: str) -> str:
    """Return what to type so that a column is taken for a field."""
    written = f"{field}={title}"
    return f'--map "{written}"' if " " in written or "\u3000" in written else f"--map {written}"
