"""Days and the time left, as people write them in either language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from leakresp.law.vocabulary import JAPAN

if TYPE_CHECKING:
    from leakresp.response.wording import Say


def long_day(day: dt.date, say: Say) -> str:
    """Return 2026年12月21日（月）, or 21 December 2026 (Mon)."""
    return say("day.long", **_parts(day, say, "day.months"))


def moment_words(moment: dt.datetime, say: Say) -> str:
    """Return 2026年11月24日（火）9:05, or 24 November 2026 (Tue) 9:05, in Japan's time."""
    local = moment.astimezone(JAPAN)
    return say("day.moment", day=long_day(local.date(), say), time=f"{local.hour}:{local.minute:02}")


def short_moment(moment: dt.datetime, near: dt.date, say: Say) -> str:
    """Return 11/24（火） 9:05, or Tue 24 Nov 9:05, in Japan's time."""
    local = moment.astimezone(JAPAN)
    return say("day.moment", day=short_day(local.date(), near, say), time=f"{local.hour}:{local.minute:02}")


def end_of_period(end: dt.datetime) -> tuple[dt.date, str]:
    """Return the last day in Japan of a period and the time it ends: midnight is 24:00 of the day before."""
    local = end.astimezone(JAPAN)
    if local.time() == dt.time.min:
        return local.date() - dt.timedelta(days=1), "24:00"
    return local.date(), f"{local.hour}:{local.minute:02}"


def until_words(end: dt.datetime, say: Say, near: dt.date | None = None) -> str:
    """Return the end of a period, short ``near`` a day: 2026年11月27日（金）24:00 where it ends with that day."""
    day, time = end_of_period(end)
    return say("day.moment", day=long_day(day, say) if near is None else short_day(day, near, say), time=time)


def date(day: dt.date, say: Say) -> str:
    """Return 2026年12月21日, or 21 December 2026."""
    return say("day.date", **_parts(day, say, "day.months"))


def short_day(day: dt.date, near: dt.date, say: Say) -> str:
    """Return 12/21（月）, or Mon 21 Dec; with its year where that differs from ``near``'s."""
    key = "day.short" if day.year == near.year else "day.short_year"
    return say(key, **_parts(day, say, "day.months_short"))


def bare_day(day: dt.date, say: Say) -> str:
    """Return 12/19, or 19 Dec."""
    return say("day.bare", **_parts(day, say, "day.months_short"))


def days_left(day: dt.date, today: dt.date, say: Say) -> str:
    """Return how many days remain until the end of ``day``, or by how many it is overdue."""
    days = (day - today).days
    if days < 0:
        return say("screen.left.over", days=-days)
    key = {0: "today", 1: "one"}.get(days, "many")
    return say(f"screen.left.{key}", days=days)


def _parts(day: dt.date, say: Say, months: str) -> dict[str, object]:
    return {
        "year": day.year,
        "month": say(months).split()[day.month - 1],
        "day": day.day,
        "weekday": say("day.weekdays").split()[day.weekday()],
    }
