"""What a case states, as figures: what a paper says is held against this."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import inf, log
from typing import TYPE_CHECKING, Final

from leakresp.law.held import Day, Interval, Open
from leakresp.papers.proofreading.figures import Figure, Named, figures, named, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from leakresp.law.held import Answers, Value
    from leakresp.law.vocabulary import Fact

#: A misprint changes a letter or two; two addresses that have less in common are two addresses.
_ALIKE: Final = 0.6
#: A slip moves a number by a digit or two, a day by a year at most; what is further off was not meant.
_FURTHEST: Final = log(100)
_LONGEST: Final = 366
#: Places that are named where a figure stands in several.
_PLACES: Final = 2
#: A year in which every day of a calendar exists, for days told without their year.
_LEAP: Final = 2024


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A figure on record: ``words`` is how it is told, ``where`` the fact or the part of the record that states it."""

    figure: Figure
    words: str
    where: str
    #: Whether the number may be larger still.
    open_above: bool = False


class Record:
    """The figures a case states, and where."""

    def __init__(self, entries: Iterable[OnRecord]) -> None:
        self.entries: Final = tuple(entries)

    def holds(self, figure: Figure) -> bool:
        """Tell whether the figure stands somewhere in the record."""
        return any(same(figure, entry.figure) for entry in self.entries)

    def most(self, fact: str) -> OnRecord | None:
        """Return the largest number that a fact states, or ``None`` where it leaves the number open upwards."""
        entries = [entry for entry in self.entries if entry.where == fact and not entry.open_above]
        return max(entries, key=lambda entry: float(str(entry.figure.value)), default=None)

    def where(self, figure: Figure) -> tuple[str, ...]:
        """Return where a figure is stated; what tells a day with its year goes before what leaves it open."""
        alike = [entry for entry in self.entries if same(figure, entry.figure)]
        exact = [entry for entry in alike if entry.figure.value == figure.value]
        return tuple(dict.fromkeys(entry.where for entry in exact or alike))[:_PLACES]

    def nearest(self, figure: Figure) -> OnRecord | None:
        """Return the figure of the same kind that is nearest, where one is near enough to be meant."""
        alike = [(distance(figure, entry.figure), place) for place, entry in enumerate(self.entries)]
        best = min(alike, default=(inf, 0))
        return self.entries[best[1]] if best[0] < inf else None


def stated(answers: Answers, facts: Mapping[str, Fact], phrase: Callable[[Fact, Value], str]) -> Iterator[OnRecord]:
    """Yield the figures of what was stated; ``phrase`` says a value in words."""
    for name, value in answers.items():
        if isinstance(value, Open) or name not in facts:
            continue
        if isinstance(value, Interval):
            words = phrase(facts[name], value)
            for number in {value.low, value.high or 0} - {0}:
                yield OnRecord(Figure("persons", number, words, 0, 0), words, name, value.high is None)
        elif isinstance(value, Day):
            yield on_day(value.date, phrase(facts[name], value), name)
        elif isinstance(value, str):
            yield from told(value, name)


def told(text: str, where: str) -> Iterator[OnRecord]:
    """Yield the figures of a text on record."""
    for line in text.splitlines():
        for figure in figures(line):
            if figure.kind != "number":
                yield OnRecord(figure, figure.words, where)


def on_day(day: dt.date, words: str, where: str) -> OnRecord:
    """Return a day on record."""
    return OnRecord(Figure("date", (day.year, day.month, day.day), words, 0, 0), words, where)


def distance(one: Figure, other: Figure) -> float:
    """Return how far two figures are apart, infinite where they cannot be meant for each other."""
    if one.kind != other.kind:
        return inf
    if one.kind == "date":
        return _days(named(one), named(other))
    if isinstance(one.value, int | float) and isinstance(other.value, int | float):
        apart = abs(log(one.value / other.value)) if one.value > 0 and other.value > 0 else inf
        return apart if apart <= _FURTHEST else inf
    alike = SequenceMatcher(None, str(one.value), str(other.value)).ratio()
    return 1 - alike if alike >= _ALIKE else inf


def _days(one: Named, other: Named) -> float:
    year = one[0] or other[0] or _LEAP
    with suppress(ValueError):
        apart = abs((dt.date(year, *one[1:]) - dt.date(other[0] or year, *other[1:])).days)
        return apart if apart <= _LONGEST else inf
    return inf
