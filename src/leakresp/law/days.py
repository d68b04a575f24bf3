"""The counting of days toward the authority.

Day one is the day of knowing (guideline 3-5-3-4). Closed days inside the period count; only a last day that falls on
one moves to the next open day (Act on Holidays of Administrative Organs, art. 2). That it moves over a whole run of
closed days is a reading of that article and is marked so in ``rules/calendar``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leakresp.law.vocabulary import Source, Text

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which national authorities are closed; holidays are known from and until the days given."""

    weekdays: frozenset[int]
    yearly: frozenset[tuple[int, int]]
    holidays: Mapping[dt.date, Text]
    known_from: dt.date
    known_until: dt.date
    sources: tuple[Source, ...] = ()

    def closed(self, day: dt.date) -> bool:
        """Tell whether ``day`` is a closed day, as far as holidays are known."""
        return day.weekday() in self.weekdays or (day.month, day.day) in self.yearly or day in self.holidays

    def knows(self, day: dt.date) -> bool:
        """Tell whether the holidays around ``day`` are published."""
        return self.known_from <= day <= self.known_until

    def roll(self, day: dt.date) -> dt.date:
        """Return ``day``, or the next open day when it is closed."""
        while self.closed(day):
            day += _ONE_DAY
        return day


def last_day(start: dt.date, days: int) -> dt.date:
    """Return the last of ``days`` days of which ``start`` is the first."""
    return start + (days - 1) * _ONE_DAY
