"""The words a list of recipients may use: for its columns, for yes and no, for a language, a way and a data item."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from leakresp.law.vocabulary import Text

#: The fields a column may be. Those of `UNUSED` are known only so that nobody takes them for another.
FIELDS: Final = (
    "name", "family_name", "given_name", "kana", "honorific", "postal_code", "address", "prefecture", "city", "street",
    "address2", "email", "language", "items", "reference", "deliver",
)  # fmt: skip
UNUSED: Final = frozenset({"kana"})
#: How a person is told.
WAYS: Final = ("post", "email")

_NOTHING: Final = dict.fromkeys(map(ord, " \t\n\r\u3000_-‐‑–—−・、，,;；|｜/／･"))
_ASIDE: Final = re.compile(r"[(（][^()（）]*[)）]")
_INSIDE: Final = re.compile(r"[(（]([^()（）]*)[)）]")


def plain(word: str) -> str:
    """Return a word as it is compared: width, case, blanks and the signs between words make no difference."""
    return unicodedata.normalize("NFKC", word).casefold().translate(_NOTHING)


@dataclass(frozen=True, slots=True)
class RecipientWords:
    """Words as compared (see ``plain``), each with what it means, and the fields' titles in both languages.

    ``columns``: the fields a column of that title may be, more than one where the title is ambiguous. ``ways`` gives
    ``post`` or ``email``, ``items`` the id of a data item, ``named`` that item as the vocabulary calls it.
    """

    columns: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, bool]
    languages: Mapping[str, str]
    ways: Mapping[str, str]
    items: Mapping[str, str]
    named: Mapping[str, Text]
    titles: Mapping[str, Text]


def recipient_words(written: Mapping[str, Any], titles: Iterable[tuple[str, Text]]) -> RecipientWords:
    """Return the words of ``recipients.yaml``, together with ``titles``: what each data item is called (id, words)."""
    columns: dict[str, tuple[str, ...]] = {}
    for field in written["fields"]:
        for word in (field["id"], *field["columns"]):
            key = plain(word)
            columns[key] = tuple(dict.fromkeys((*columns.get(key, ()), field["id"])))
    titles = tuple(titles)
    named: dict[str, Text] = {}
    for item, title in titles:
        named.setdefault(item, title)
    return RecipientWords(
        columns=columns,
        marks={plain(word): mark == "yes" for mark, words in written["marks"].items() for word in words},
        languages={plain(word): lang for lang, words in written["languages"].items() for word in (lang, *words)},
        ways={plain(word): way for way, words in written["ways"].items() for word in (way, *words)},
        items=_items(written["items"], titles),
        named=named,
        titles={field["id"]: field["title"] for field in written["fields"]},
    )


def _items(written: Mapping[str, list[str]], titles: tuple[tuple[str, Text], ...]) -> dict[str, str]:
    """Return the words for data items; what a title has in brackets, and the rest, count alone if no other has them."""
    found: dict[str, str] = {}
    parts: dict[str, set[str]] = {}
    for item, title in titles:
        found.setdefault(plain(item), item)
        for word in title.values():
            found.setdefault(plain(word), item)
            for part in (_ASIDE.sub("", word), *_INSIDE.findall(word)):
                parts.setdefault(plain(part), set()).add(item)
    for item, words in written.items():
        for word in words:
            found.setdefault(plain(word), item)
    for part, meant in parts.items():
        if part and len(meant) == 1:
            found.setdefault(part, *meant)
    return found
