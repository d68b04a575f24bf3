"""One row of a list checked: the person it names, or why no letter can be written, and what to look at.

A fault keeps a letter from being written. A doubt does not, but is told before anything is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from leakresp.papers.recipients.columns import Columns
from leakresp.papers.recipients.content import Content, key_of
from leakresp.papers.recipients.flaws import Remark
from leakresp.papers.recipients.mail_address import has_odd_dots, mail_fault
from leakresp.papers.recipients.own_items import listed_items, marked_items
from leakresp.papers.recipients.recipient import Recipient
from leakresp.papers.recipients.signs import FAULTS, clean, sign_remarks
from leakresp.papers.recipients.words import RecipientWords, plain
from leakresp.papers.recipients.workbook import EXACT_DIGITS, Figure

#: How long a field may be, in letters.
LONGEST: Final = {
    "name": 100,
    "honorific": 20,
    "postal_code": 20,
    "address": 300,
    "email": 254,
    "reference": 100,
    "items": 4000,
}
_MOST_LINES: Final = 8
_HONORIFICS: Final = {"ja": "様", "en": ""}
#: 殿 also ends a family name (鵜殿), so a name of two letters keeps its 様.
_ENDS_POLITELY: Final = re.compile(r"(?:様|さま|御中|先生|各位|(?<=..)殿)$")
_COMPANY: Final = re.compile(
    r"(?:株式|有限|合同|合名|合資)会社|[（(][株有]|㈱|㈲|(?:財団|社団|医療|学校|宗教)法人|\b(?:Inc|Ltd|LLC|Corp)\b"
)
_JAPANESE: Final = re.compile("[ぁ-ヿ一-鿿]")
_POSTAL: Final = re.compile(r"〒?\s*(\d{3})[\s\-‐‑–—−ー－]*(\d{4})")
_POSTAL_AHEAD: Final = re.compile(r"〒?\s*([\d０-９]{3}[\-‐‑–—−ー－]?[\d０-９]{4})(?![\d０-９\-‐‑–—−ー－])[\s\u3000]*")
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?[Ee]\+?\d+")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are read: for which way (``post`` or ``email``), and in which language where a row names none.

    ``incident_items`` are the ids of the items of the incident; an item outside them is a doubt.
    """

    way: str
    lang: str
    words: RecipientWords
    incident_items: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A row checked. Without faults it is a recipient; ``aside`` when the person is to be told another way."""

    row: int
    key: str
    recipient: Recipient | None
    faults: tuple[Remark, ...]
    doubts: tuple[Remark, ...]
    aside: bool = False


class RowCheck:
    """The check of every row of one list."""

    def __init__(self, columns: Columns, reading: Reading) -> None:
        self._content: Final = Content(columns)
        self._reading: Final = reading
        self._words: Final = reading.words
        self._marked: Final = tuple(columns.items)
        self._listed: Final = lru_cache(maxsize=4096)(lambda cell: listed_items(cell, reading.words))
        self._has_items: Final = "items" in columns.places or bool(columns.items)

    def check(self, row: int, cells: Sequence[str], crossed: Sequence[Remark] = ()) -> Checked:
        """Return the row checked; ``crossed`` is what it shares with other rows."""
        values = self._content.of(cells)
        remarks = [*crossed]
        lang = self._word("language", values, self._words.languages, remarks) or self._reading.lang
        way = self._word("deliver", values, self._words.ways, remarks) or self._reading.way
        name = self._name(values, lang, remarks)
        postal_code, address = self._postal(values, remarks)
        recipient = Recipient(
            row,
            key_of(values),
            name,
            _honorific(values, name, lang, remarks),
            postal_code,
            address,
            self._email(values, remarks),
            lang,
            self._items(values, remarks),
            self._reference(values, remarks),
        )
        faults, doubts = _sorted(remarks)
        aside = way != self._reading.way
        return Checked(row, recipient.key, None if faults or aside else recipient, faults, doubts, aside)

    def _word(
        self, field: str, values: Mapping[str, str], words: Mapping[str, str], remarks: list[Remark]
    ) -> str | None:
        written = values.get(field)
        if not written:
            return None
        found = words.get(plain(written))
        if found is None:
            remarks.append(Remark(f"{field}_unknown", field))
        return found

    def _name(self, values: Mapping[str, str], lang: str, remarks: list[Remark]) -> str:
        if "name" in values:
            name = values["name"]
        else:
            parts = values.get("family_name", ""), values.get("given_name", "")
            name = " ".join(filter(None, parts if lang == "ja" else reversed(parts)))
        if not name:
            remarks.append(Remark("name_missing", "name"))
        elif not clean(name) or len(name) > LONGEST["name"]:
            _look(name, "name", remarks)
        if "@" in name or name.isdigit():
            remarks.append(Remark("name_odd", "name"))
        return name

    def _postal(self, values: Mapping[str, str], remarks: list[Remark]) -> tuple[str, tuple[str, ...]]:
        """Return postal code and address lines; by mail neither is needed, and a wrong one is left out."""
        found: list[Remark] = []
        lines = _address_lines(values)
        code = values.get("postal_code", "")
        if not code and lines and (ahead := _POSTAL_AHEAD.match(lines[0])):
            code, lines = ahead[1], (lines[0][ahead.end() :], *lines[1:])
        for line in lines:
            if not clean(line):
                _look(line, "address", found)
        if sum(map(len, lines)) > LONGEST["address"] or len(lines) > _MOST_LINES:
            found.append(_too_long("address"))
        code = _postal_code(code, lines, found)
        if self._reading.way == "post":
            if not any(lines):
                found.append(Remark("address_missing", "address"))
            elif not code and _JAPANESE.search(lines[0]):
                found.append(Remark("postal_missing", "postal_code"))
            remarks += dict.fromkeys(found)
        elif any(_is_fault(each) for each in found):
            remarks.append(Remark("address_unused", "address"))
            return "", ()
        return code, tuple(filter(None, lines))

    def _email(self, values: Mapping[str, str], remarks: list[Remark]) -> str:
        """Return the e-mail address; by post none is needed, and an impossible one is left out."""
        email, needed = values.get("email", ""), self._reading.way == "email"
        if not email:
            if needed:
                remarks.append(Remark("email_missing", "email"))
            return ""
        found: list[Remark] = []
        if not clean(email):
            _look(email[: LONGEST["email"]], "email", found)
        wrong = mail_fault(email[: LONGEST["email"] + 1]) if not any(map(_is_fault, found)) else None
        if wrong:
            found.append(Remark(wrong, "email"))
        elif has_odd_dots(email):
            found.append(Remark("email_dots", "email"))
        if needed:
            remarks += found
        elif any(map(_is_fault, found)):
            remarks.append(Remark("email_unused", "email"))
            return ""
        return email

    def _items(self, values: Mapping[str, str], remarks: list[Remark]) -> tuple[str, ...] | None:
        if not self._has_items:
            return None
        cell = values.get("items", "")
        if len(cell) > LONGEST["items"]:
            remarks.append(_too_long("items"))
            return ()
        found, wrong = self._listed(cell)
        if self._marked:
            marks = ((item, values[f"item:{item}"]) for item in self._marked)
            marked, unclear = marked_items(marks, self._words.marks)
            found, wrong = found | marked, wrong + unclear
        remarks += wrong
        if not found and not wrong:
            remarks.append(Remark("items_missing", "items"))
        incident = self._reading.incident_items
        if incident is not None:
            outside = (item for item in found if item not in incident)
            remarks += [Remark("items_outside", "items", (("item", item),)) for item in sorted(outside)]
        return tuple(item for item in self._words.named if item in found)

    def _reference(self, values: Mapping[str, str], remarks: list[Remark]) -> str:
        reference = values.get("reference", "")
        if reference and (not clean(reference) or len(reference) > LONGEST["reference"]):
            _look(reference, "reference", remarks)
        too_long = isinstance(reference, Figure) and len(reference) > EXACT_DIGITS
        if too_long or _ROUNDED.fullmatch(reference):
            remarks.append(Remark("figure_rounded", "reference"))
        return reference


#: Faults of a field's words rather than of its signs.
_WORD_FAULTS: Final = frozenset(
    {
        "cells", "quotes", "cell_too_large", "name_missing", "address_missing", "email_missing", "email_several",
        "email_full_width", "email_impossible", "too_long", "items_unknown", "items_missing", "item_mark",
        "language_unknown", "deliver_unknown", "same_row", "same_reference",
    }
)  # fmt: skip


def _is_fault(remark: Remark) -> bool:
    if remark.key in FAULTS or remark.key in _WORD_FAULTS:
        return True
    return remark.key == "invisible" and remark.field == "email"


def _sorted(remarks: Iterable[Remark]) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    faults: list[Remark] = []
    doubts: list[Remark] = []
    for remark in remarks:
        (faults if _is_fault(remark) else doubts).append(remark)
    return tuple(faults), tuple(doubts)


def _look(text: str, field: str, remarks: list[Remark]) -> None:
    """Add what is to be said of a cell's signs and length."""
    longest = LONGEST[field]
    if len(text) > longest and field != "address":
        remarks.append(_too_long(field))
    remarks += sign_remarks(text[: longest * 4], field)


def _too_long(field: str) -> Remark:
    return Remark("too_long", field, (("most", LONGEST[field]),))


def _honorific(values: Mapping[str, str], name: str, lang: str, remarks: list[Remark]) -> str:
    own = values.get("honorific", "")
    if own:
        if not clean(own) or len(own) > LONGEST["honorific"]:
            _look(own, "honorific", remarks)
        return "" if name.endswith(own) else own
    honorific = _HONORIFICS[lang]
    if not honorific or not name or _ENDS_POLITELY.search(name):
        return ""
    if _COMPANY.search(name):
        remarks.append(Remark("company", "name"))
    return honorific


def _address_lines(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the lines of an address: what stands in parts is joined, what stands in lines stays in lines."""
    first = ""
    for field in ("prefecture", "city", "address", "street"):
        part = values.get(field, "")
        if part and first and not part.startswith(first):
            first += part if _JAPANESE.search(part) else f" {part}"
        elif part:
            first = part
    lines = [line.strip() for part in (first, values.get("address2", "")) for line in _LINE_END.split(part)]
    return tuple(line for line in lines if line)


def _postal_code(code: str, lines: Sequence[str], remarks: list[Remark]) -> str:
    """Return a postal code as Japan writes it; what has another shape stays as it is, and is a doubt in Japan."""
    if not code:
        return ""
    match = _POSTAL.fullmatch(unicodedata.normalize("NFKC", code))
    if match:
        return f"{match[1]}-{match[2]}"
    if not clean(code) or len(code) > LONGEST["postal_code"]:
        _look(code, "postal_code", remarks)
    if isinstance(code, Figure) or re.fullmatch(r"\d{5,6}", code):
        if lines and _JAPANESE.search(lines[0]):
            remarks.append(Remark("postal_zero", "postal_code"))
    elif lines and _JAPANESE.search(lines[0]):
        remarks.append(Remark("postal_shape", "postal_code"))
    return code
