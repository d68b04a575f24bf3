"""Rules with their dated versions, as written in ``rules/``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from leakresp.law.conditions import Condition
    from leakresp.law.vocabulary import Source, Text

NOT_YET: Final = "not_yet"

#: A condition as its file writes it, before it is built.
Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """Worked facts and the truth or the duty they must give."""

    name: str
    given: Mapping[str, str | list[str]]
    expect: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A part of a duty's rule that turns it into another answer when it is proven."""

    id: str
    duty: str
    title: Text
    sources: tuple[Source, ...]
    when: Written
    see: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One dated version. ``since`` is ``None`` for a rule that is promulgated but not in force."""

    since: dt.date | None
    sources: tuple[Source, ...]
    says: Text | None
    examples: tuple[Example, ...]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a regime: a term, criterion, duty or deadline (``kind``)."""

    regime: str
    id: str
    kind: str
    title: Text
    says: Text
    versions: tuple[Version, ...]

    @property
    def name(self) -> str:
        """The rule's name across regimes."""
        return f"{self.regime}.{self.id}"

    def on(self, day: dt.date) -> Version | None:
        """Return the version in force on ``day``, if one is."""
        found = None
        for version in self.versions:
            if version.since is not None and version.since <= day:
                found = version
        return found


@dataclass(frozen=True, slots=True)
class Criterion:
    """A term or criterion in force, with its condition built."""

    rule: Rule
    version: Version
    condition: Condition
