"""Every source that rules, facts, presumptions, actions and recipients cite, with who cites it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.rulebook import source_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.rulebook import Rulebook
    from leakresp.law.vocabulary import Source

#: A source nobody held against its text for longer than this many days wants another look.
FRESH_DAYS: Final = 365
_NUMBER: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Citation:
    """One source as ``by`` cites it: a rule (``appi.report``), ``fact.…``, ``presumption.…``, ``action.…``."""

    by: str
    source: Source


def citations(rulebook: Rulebook) -> Iterator[Citation]:
    """Yield every citation of the rule files."""
    plain = rulebook.plain
    for kind, key in (("fact", "facts"), ("presumption", "presumptions"), ("action", "actions")):
        for each in plain[key]:
            yield from _of(f"{kind}.{each['id']}", each)
    for regime in plain["regimes"]:
        for rule in regime["rules"]:
            for version in rule["versions"]:
                yield from _of(f"{regime['id']}.{rule['id']}", version, *(version.get("exceptions") or ()))
        for recipient in regime["recipients"]:
            yield from _of(f"{regime['id']}.{recipient['id']}", recipient)
    yield from _of("calendar", plain["calendar"])


def _of(by: str, *parts: Mapping[str, Any]) -> Iterator[Citation]:
    for part in parts:
        for source in part.get("sources") or ():
            yield Citation(by, source_of(source))


def stale(source: Source, today: dt.date) -> bool:
    """Tell whether nobody has held the source against its text for more than a year."""
    return (today - source.checked).days > FRESH_DAYS


def together(found: Iterable[Citation]) -> list[tuple[Source, tuple[str, ...]]]:
    """Return each law and article, as it was read and when, with the names of those who cite it, in their order."""
    sources: dict[tuple[str, str, str, dt.date], Source] = {}
    names: dict[tuple[str, str, str, dt.date], dict[str, None]] = {}
    for citation in found:
        source = citation.source
        key = (source.law, source.article or "", source.read, source.checked)
        sources.setdefault(key, source)
        names.setdefault(key, {})[citation.by] = None
    return [(sources[key], tuple(names[key])) for key in sorted(sources, key=_place)]


def _place(key: tuple[str, str, str, dt.date]) -> tuple[str, list[tuple[int, str]], str, dt.date]:
    """Return the place of a source: article 9 comes before article 10."""
    law, article, read, checked = key
    return law, [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(article)], read, checked
