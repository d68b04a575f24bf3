"""Whether a text meant for one client names another one, or tells how many persons another one has."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from leakresp.response.clients import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.response.clients import Client

_FORMS: Final = re.compile(
    r"(?:株式|有限|合同|合名|合資)会社|[(](?:株|有|同)[)]"
    r"|(?:一般|公益)?(?:社団|財団)法人|(?:医療|学校|社会福祉|宗教|独立行政|国立大学)法人"
    r"|\b(?:inc|ltd|llc|corp|co|kk|k\.k)\b\.?|\b(?:limited|corporation|company|incorporated)\b"
)
_FIGURE: Final = re.compile(r"(\d[\d,]*)(?=(?:人|名|件|persons?\b|people\b|customers?\b|members?\b|records?\b))")
#: A part of a name is looked for by itself from this length on; a shorter one is too often a word of its own.
_CORE: Final = 3
#: Smaller numbers stand in any text (two of our staff, five days), and say nothing of a client.
_FEWEST: Final = 10


@dataclass(frozen=True, slots=True)
class Mention:
    """What of another client stands in a text: its name, or its number of persons."""

    kind: Literal["name", "count"]
    client: Client
    words: str


def mentions(text: str, own: Client, others: Iterable[Client], ours: str = "") -> Iterator[Mention]:
    """Yield what ``text`` says of other clients than ``own``. Our own name, ``ours``, may hold one of theirs."""
    page = _Page(text, own, ours)
    told = {int(figure.replace(",", "")) for figure in _FIGURE.findall(page.squeezed)}
    mine = set(own.people or ())
    for other in others:
        if other.id == own.id:
            continue
        if any(map(page.names, _names(other.name))):
            yield Mention("name", other, other.name)
        bounds = {bound for bound in other.people or () if bound is not None and bound >= _FEWEST}
        yield from (Mention("count", other, f"{bound:,}") for bound in sorted((bounds & told) - mine))


class _Page:
    """A text in which names are looked for: once as words, once without its blanks and line ends."""

    def __init__(self, text: str, own: Client, ours: str) -> None:
        self.words: Final = " ".join(_even(text).split())
        self.squeezed: Final = plain_name(text)
        #: Names that may stand here; what stands within one of them is no mention.
        self.allowed: Final = tuple(filter(None, (plain_name(own.name), plain_name(ours))))

    def names(self, name: Name) -> bool:
        """Tell whether a name stands here, other than within a name that may."""
        if name.squeezed not in self.squeezed:
            return False
        if name.words.isascii():
            pattern = r"\s*".join(map(re.escape, name.words.split()))
            found = re.search(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", self._without(self.words, name))
            return found is not None
        return name.squeezed in self._without(self.squeezed, name)

    def _without(self, text: str, name: Name) -> str:
        for allowed in self.allowed:
            if name.squeezed in allowed:
                pattern = r"\s*".join(map(re.escape, allowed))
                text = re.sub(pattern, "\0", text)
        return text


class Name(NamedTuple):
    """A name as it is looked for: its words, and the same without blanks."""

    words: str
    squeezed: str


@lru_cache(maxsize=4096)
def _names(name: str) -> tuple[Name, ...]:
    """Return a client's name, and what is left of it without its legal form."""
    whole = _even(name).strip()
    core = " ".join(_FORMS.sub(" ", whole).split()).strip(" .,")
    found = [whole] if len(whole) > 1 else []
    if core != whole and len(core) >= _CORE:
        found.append(core)
    return tuple(Name(each, plain_name(each)) for each in found)


def _even(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
