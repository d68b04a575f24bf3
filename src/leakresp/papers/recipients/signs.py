"""The signs a cell holds: those that no letter may carry, and those at which a person should look.

A sign that turns the direction of writing, ends a line or is no letter at all could make a name say another thing than
it seems to. Signs that only hint at a broken conversion are doubts: the letter would be right if they were meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from leakresp.papers.recipients.flaws import Remark

_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Joins the letters of Indic and Persian names, and the parts of one picture.
_JOINERS: Final = "\u200c\u200d"
_FORMULA: Final = re.compile("[=+\\-@＝＋－＠]")
#: UTF-8 read as Windows' Japanese code, and as Western European.
_MOJIBAKE: Final = re.compile("縺|繧|繝|Ã[\u00a0-\u00bf]|â€")
_LOST: Final = re.compile("[?？〓]")
_EMOJI: Final = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_TEMPLATE: Final = re.compile(r"\{[{%#]")
#: Any of what is a doubt in printable text, to tell at one look that there is none.
_ANY_DOUBT: Final = re.compile(
    "^[=+\\-@＝＋－＠]|[\ufffd?？〓\u2600-\u27bf\U0001f000-\U0001faff]|縺|繧|繝|Ã[\u00a0-\u00bf]|â€|\\{[{%#]"
)
_NONCHARACTERS: Final = re.compile("[\ufdd0-\ufdef]")
#: The last two code points of each plane are no letters either.
_LAST_OF_PLANE: Final = 0xFFFE
_LINE_ENDS: Final = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
#: The remark on a sign by the category Unicode gives it; a blank of another width has none.
_BY_CATEGORY: Final = {
    "Cc": "control",
    "Cs": "surrogate",
    "Co": "private_use",
    "Cn": "unassigned",
    "Cf": "invisible",
}

FAULTS: Final = frozenset({"bidi", "line_break", "control", "surrogate", "noncharacter"})


def clean(text: str) -> bool:
    """Tell whether text holds no sign that is worth a remark."""
    return text.replace("\u3000", " ").isprintable() and _ANY_DOUBT.search(text) is None


def sign_remarks(text: str, field: str) -> Iterator[Remark]:
    """Yield what is to be said of a cell's signs, each kind once."""
    if clean(text):
        return
    seen: set[str] = set()
    for sign in text:
        if (kind := _kind(sign)) and kind not in seen:
            seen.add(kind)
            yield Remark(kind, field, (("sign", f"U+{ord(sign):04X}"),))
    if _FORMULA.match(text):
        yield Remark("formula", field)
    for key, pattern in (("mojibake", _MOJIBAKE), ("template", _TEMPLATE)):
        if pattern.search(text):
            yield Remark(key, field)
    for key, pattern in (("lost_letter", _LOST), ("emoji", _EMOJI)):
        if field != "email" and (found := pattern.search(text)):
            yield Remark(key, field, (("sign", f"U+{ord(found[0]):04X}"),))


def _kind(sign: str) -> str | None:
    """Return the key of the remark on one sign."""
    if sign.isprintable() or sign in _JOINERS:
        return "replaced" if sign == "\ufffd" else None
    if _BIDI.match(sign):
        return "bidi"
    if sign in _LINE_ENDS:
        return "line_break"
    if _NONCHARACTERS.match(sign) or ord(sign) & 0xFFFF >= _LAST_OF_PLANE:
        return "noncharacter"
    return _BY_CATEGORY.get(unicodedata.category(sign))
