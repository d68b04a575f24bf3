"""The templates' folder read and checked: the tool's own words. Its papers are read in ``paper_files``."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from leakresp.law.languages import LANGUAGES
from leakresp.shell.documents import decode, read_document
from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_words(files: Mapping[str, bytes], root: str) -> dict[str, dict[str, str]]:
    """Return the tool's words by language and key, from ``words/*.yaml``. Raises ``FaultsError``."""
    words: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
    faults: list[Fault] = []
    for name in sorted(files):
        if not name.startswith("words/"):
            continue
        document = read_document(decode(files[name], f"{root}/{name}"), f"{root}/{name}").whole()
        for key, text in (document.data or {}).items():
            if not isinstance(text, dict) or set(text) != set(LANGUAGES):
                faults.append(document.fault("words.two_languages", (key,)))
            elif key in words["ja"]:
                faults.append(document.fault("rules.id_twice", (key,), id=key))
            elif _holes(text["ja"]) != _holes(text["en"]):
                faults.append(document.fault("words.holes_differ", (key,)))
            else:
                for lang in LANGUAGES:
                    words[lang][key] = text[lang]
    if not words["ja"]:
        faults.append(Fault("words.none", root))
    if faults:
        raise FaultsError(faults)
    return words


def _holes(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
