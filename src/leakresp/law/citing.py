"""Articles as people cite them in English: 第26条第1項ただし書 is art. 26 para. 1 proviso."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = (
    (r"（別添(\d+)）", r"annex \1, "),
    (r"別添(\d+)", r"annex \1"),
    (r"別表第(\d+)", r"table \1"),
    (r"第(\d+)章", r"ch. \1"),
    (r"第(\d+)条の(\d+)", r"art. \1-\2 "),
    (r"第(\d+)条", r"art. \1 "),
    (r"第(\d+)項", r"para. \1 "),
    (r"第(\d+)号", r"item \1 "),
    (r"問(\d)", r"question \1"),
    (r"ただし書", "proviso"),
    (r"なお書き", "closing note"),
    (r"括弧書き?", "parenthesis"),
    (r"柱書", "opening words"),
    (r"事例", " example "),
    (r"の改正", "as amended"),
    (r"から", " to "),
    (r"[〜～]", "-"),
    (r"[・、]", ", "),
    (r"（", " ("),
    (r"）", ")"),
    (r"※", "note "),
)
#: Items and examples counted in kana, as i, ro, ha and a, i, u.
_KANA: Final = dict(zip("イロハニホアウエオ", ("i", "ro", "ha", "ni", "ho", "a", "u", "e", "o"), strict=True))

_ITEM: Final = re.compile(r"(?<![ァ-ヺー])[イロハニホアウエオ](?![ァ-ヺー])")


def english_article(article: str) -> str:
    """Return an article in English; what has no English stays as it is written."""
    text = article
    for japanese, english in _WORDS:
        text = re.sub(japanese, english, text)
    text = _ITEM.sub(lambda match: _KANA[match[0]], text)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s+([,)-])|(-)\s+", r"\1\2", text).replace("( ", "(").strip(" ,")


def is_english(text: str) -> bool:
    """Tell whether nothing Japanese is left in a citation."""
    return not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text)
