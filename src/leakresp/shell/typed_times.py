"""Moments as people type them: 22:30 is the last half past ten that has come, 20日 9時半 a time on the 20th."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import JAPAN, WrongAnswer
from leakresp.shell.faults import MISUSE, FaultsError, fault_of
from leakresp.shell.typed import typed_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from leakresp.law.held import Day

#: Words that name today; a time beside none of them may have been yesterday's.
_TODAY: Final = ("今日", "本日", "きょう", "today")
_LAST: Final = dt.timedelta(days=1) - dt.timedelta(microseconds=1)
_MINUTE: Final = dt.timedelta(minutes=1) - dt.timedelta(microseconds=1)


def typed_past(text: str, now: dt.datetime) -> Day:
    """Return the day (and time, in Japan) somebody typed for something that has happened.

    Raises ``WrongAnswer``, for a moment that has not come too.
    """
    typed = typed_day(text, now)
    if begin(typed) <= now:
        return typed
    named = unicodedata.normalize("NFKC", text).lower()
    earlier = typed_day(text, now - dt.timedelta(days=1))
    # Said again a day earlier, a full date stays what it was; a time alone becomes that of the day before.
    if typed.time and earlier.time == typed.time and earlier.date < typed.date and not any(map(named.count, _TODAY)):
        return earlier
    raise WrongAnswer("in_future", word=text)


def begin(day: Day) -> dt.datetime:
    """Return the first moment of a day, or of a minute, in Japan."""
    return dt.datetime.combine(day.date, _time(day), JAPAN)


def end(day: Day) -> dt.datetime:
    """Return the last moment of a day, or of a minute: what the record shows at 14:30 belongs to 14:30."""
    return begin(day) + (_MINUTE if day.time else _LAST)


def _time(day: Day) -> dt.time:
    return dt.time.fromisoformat(day.time) if day.time else dt.time()


def read_option(text: str, option: str, now: dt.datetime, read: Callable[[str, dt.datetime], Day] = typed_past) -> Day:
    """Return the moment typed for ``option`` (``--at``). Raises ``FaultsError`` that names the option."""
    try:
        return read(text, now)
    except WrongAnswer as wrong:
        raise FaultsError([fault_of(wrong, path=option)], MISUSE) from None
