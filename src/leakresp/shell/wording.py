"""The tool's own words in the language of the person at the keyboard."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.faults import MISUSE, Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.shell.faults import Fault as FaultType

LANGUAGES: Final = ("ja", "en")


class Wording:
    """Sentences by key, filled in."""

    def __init__(self, words: Mapping[str, Mapping[str, str]], lang: str) -> None:
        self.lang: Final = lang
        self._words: Final = words[lang]

    def __call__(self, key: str, /, **details: Any) -> str:  # noqa: ANN401
        """Return the sentence ``key`` with its holes filled. Raises ``KeyError`` for a key nobody wrote."""
        return self._words[key].format(**details)

    def has(self, key: str) -> bool:
        """Tell whether there is a sentence ``key``."""
        return key in self._words

    def listed(self, parts: Iterable[str]) -> str:
        """Return parts joined as this language lists things."""
        return ("、" if self.lang == "ja" else ", ").join(parts)


def language(chosen: str | None) -> str:
    """Return ``ja`` or ``en``: ``--lang``, else ``LEAKRESP_LANG``, else Japanese. Raises ``FaultsError``."""
    lang = chosen or os.environ.get("LEAKRESP_LANG") or "ja"
    if lang not in LANGUAGES:
        raise FaultsError([Fault("lang.unknown", path=lang)], MISUSE)
    return lang


def sentence(wording: Wording, fault: FaultType) -> str:
    """Return a fault as one sentence after its place, with the nearest valid word where there is one."""
    details = {key: _shown(value, wording) for key, value in fault.details.items()}
    text = wording(f"fault.{fault.key}", **details)
    if fault.details.get("nearest"):
        text += wording("fault.nearest", nearest=fault.details["nearest"])
    elif fault.details.get("words"):
        text += wording("fault.words", words=_shown(fault.details["words"], wording))
    return f"{fault.place}: {text}" if fault.place else text


def _shown(value: Any, wording: Wording) -> Any:  # noqa: ANN401
    if isinstance(value, tuple | list):
        return wording.listed(map(str, value))
    return value


def tell(error: FaultsError, lang: str) -> None:
    """Write every fault of ``error`` to standard error, one sentence a line, and what to do next."""
    from leakresp.shell import places
    from leakresp.shell.library import read_folder
    from leakresp.shell.template_files import read_words

    try:
        folder = places.templates_folder()
        say = Wording(read_words(read_folder(folder), str(folder)), lang)
        lines = [sentence(say, fault) for fault in error.faults]
        if error.advice:
            lines.append(error.advice)
    except FaultsError as worse:
        # Without the words nothing can be phrased; keys and places still say where to look.
        lines = [f"{fault.place}: {fault.key}" for fault in (*error.faults, *worse.faults)]
    sys.stderr.write("".join(f"{line}\n" for line in lines))
