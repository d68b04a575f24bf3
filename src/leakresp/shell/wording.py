"""The tool's own words in the language of the person at the keyboard."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.languages import LANGUAGES
from leakresp.shell.faults import MISUSE, Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.shell.faults import Fault as FaultType


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
    """Return ``ja`` or ``en``: ``--lang``, ``LEAKRESP_LANG``, the profile's, else Japanese. Raises ``FaultsError``."""
    lang = chosen or os.environ.get("LEAKRESP_LANG")
    if not lang:
        from leakresp.shell.preferences import preferred

        lang = preferred("language") or "ja"
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


def _next_command(error: FaultsError, say: Wording, command: str) -> str:
    """Return what to type next where the error itself does not say it."""
    keys = [fault.key for fault in error.faults]
    if any(key.startswith("rules.") for key in keys):
        return say("next.rules")
    if any(key.startswith(("answer.", "answers.")) for key in keys):
        return say("next.answers")
    return say("next.help", command=command)


def tell(error: FaultsError, lang: str, command: str) -> None:
    """Write every fault of ``error`` to standard error, one sentence a line, and the next command to type."""
    from leakresp.shell import places
    from leakresp.shell.library import read_folder
    from leakresp.shell.template_files import read_words

    try:
        folder = places.templates_folder()
        say = Wording(read_words(read_folder(folder), str(folder)), lang)
        lines = [sentence(say, fault) for fault in error.faults]
        lines.append(error.advice or _next_command(error, say, command))
    except FaultsError as worse:
        # Without the words nothing can be phrased; keys and places still say where to look.
        lines = [f"{fault.place}: {fault.key}" for fault in (*error.faults, *worse.faults)]
    sys.stderr.write("".join(f"{line}\n" for line in lines))
