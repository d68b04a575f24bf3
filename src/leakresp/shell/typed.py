"""Answers as people type them: 20日 9時半, 2026/11/20, 昨日, 1,200名, 500〜3000, 最大3000人, 氏名、住所.

What is typed is turned into the words of the vocabulary and then read by it, so that there is one check for all.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from leakresp.law.held import Day
from leakresp.law.vocabulary import JAPAN, WrongAnswer, read_day

if TYPE_CHECKING:
    from leakresp.law.held import Open, Value
    from leakresp.law.vocabulary import Fact

_WORDS: Final = {
    "はい": "yes", "yes": "yes", "y": "yes", "いいえ": "no", "no": "no", "n": "no",
    "確認した": "confirmed", "おそれあり": "suspected", "ないと確認した": "ruled_out",
    "不明": "unknown", "分からない": "unknown", "わからない": "unknown", "まだ分からない": "unknown",
}  # fmt: skip
_RELATIVE: Final = {
    "今日": 0, "本日": 0, "きょう": 0, "today": 0, "昨日": 1, "きのう": 1, "yesterday": 1,
    "一昨日": 2, "おととい": 2,
}  # fmt: skip
_WEEKDAYS: Final = {name: index for index, name in enumerate("月火水木金土日")} | {
    name: index for index, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}
_REIWA: Final = 2018
_NOON: Final = 12
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59

_AGO: Final = re.compile(r"(\d{1,3})\s*(?:日前|days? ago)")
_TO_COME: Final = {
    "明日": 1, "あした": 1, "あす": 1, "tomorrow": 1, "明後日": 2, "あさって": 2, "今日": 0, "本日": 0, "today": 0,
}  # fmt: skip
_FROM_NOW: Final = re.compile(r"(\d{1,3})\s*日後|in (\d{1,3}) days?", re.IGNORECASE)
#: Days within which every day of the calendar comes once, 29 February included.
_ALL_DAYS: Final = 8 * 366 + 1
_FULL: Final = re.compile(
    r"(?:(令和|r)\s*)?(\d{1,4}|元)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.IGNORECASE
)
_MONTH_DAY: Final = re.compile(r"(\d{1,2})\s*[/月-]\s*(\d{1,2})\s*日?")
_DAY_ONLY: Final = re.compile(r"(\d{1,2})\s*日")
_WEEKDAY: Final = re.compile(r"([月火水木金土日])曜日?|(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"(午前|午後|am|pm)?\s*(\d{1,2})\s*(?::\s*(\d{2})|時\s*(?:(半)|(\d{1,2})\s*分)?)\s*(am|pm)?(?:頃|ごろ)?$",
    re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_UNITS: Final = (("億", 100_000_000), ("万", 10_000), ("千", 1_000), ("百", 100))
_NUMBER: Final = re.compile(r"(?:\d{1,12}|[億万千百])(?:\d{1,4}|[億万千百])*")


def read_typed(fact: Fact, text: str, now: dt.datetime) -> Value | Open:
    """Return the value a person typed for ``fact``; ``now`` is Japan's time. Raises ``WrongAnswer``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    word = _WORDS.get(plain.lower())
    if word == "unknown" or (word is not None and word in fact.words):
        return fact.read(word)
    if fact.kind == "day":
        return fact.read("unknown") if plain == "unknown" else typed_day(plain, now)
    if fact.kind == "count":
        return fact.read(_count(plain, text))
    if fact.kind == "choices":
        return fact.read(plain if plain == "unknown" else [_choice(fact, each) for each in _listed(plain)])
    if fact.kind == "choice":
        return fact.read(_choice(fact, plain))
    # Words stay as typed: a name must not be turned into another one.
    return fact.read(text if fact.kind == "words" else plain)


def _listed(text: str) -> list[str]:
    return [word for word in re.split(r"[,、\s]+", text.strip("[] ")) if word]


def _choice(fact: Fact, word: str) -> str:
    """Return the id of the value whose id or title was typed."""
    for choice in fact.choices.values():
        if word in {choice.id, *(unicodedata.normalize("NFKC", title) for title in choice.title.values())}:
            return choice.id
    return word


def _count(text: str, typed: str) -> str:
    """Return a number of people in the vocabulary's writing."""
    text = re.sub(r"\s+", "", _GROUPED.sub("", text))
    text = re.sub(r"(?<=[\d億万千百])[名人件]分?", "", text)
    if re.fullmatch(r"[\d.]*", text) or text == "unknown":
        return text
    for pattern, shape in (
        (r"(.+?)(?:\.\.|から|~|〜|-)(.+)", "{0}..{1}"),
        (r"(?:最大で?|多くても|at most|up to)(.+)", "..{0}"),
        (r"(.+?)以下", "..{0}"),
        (r"(.+?)以上|(?:at least)(.+)", "{0}.."),
        (r"(.+)", "{0}"),
    ):
        match = re.fullmatch(pattern, text)
        if match:
            numbers = [_number(part) for part in match.groups() if part is not None]
            if all(number is not None for number in numbers):
                return shape.format(*numbers)
    for suffix, step in (("超", 1), ("未満", -1)):
        number = _number(text.removesuffix(suffix)) if text.endswith(suffix) else None
        if number is not None:
            return f"{number + step}.." if step > 0 else f"..{max(number + step, 0)}"
    raise WrongAnswer("not_a_count", word=typed)


def _number(text: str) -> int | None:
    """Return a number written with digits, perhaps with 万 and 千."""
    if not _NUMBER.fullmatch(text):
        return None
    total, rest = 0, text
    for unit, worth in _UNITS:
        head, found, tail = rest.partition(unit)
        if found:
            if head and not head.isdecimal():
                return None
            total, rest = total + int(head or 1) * worth, tail
    if rest and not rest.isdecimal():
        return None
    return total + int(rest or 0)


def typed_day(text: str, now: dt.datetime) -> Day:
    """Return the day a person typed; a day without month or year is the last one that has come."""
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        return read_day(text)
    except WrongAnswer as wrong:
        if wrong.key != "not_a_day":
            raise
    rest, time = _split_time(text, now)
    day = _date(rest, now.astimezone(JAPAN).date() if now.tzinfo else now.date())
    if day is None:
        raise WrongAnswer("not_a_typed_day", word=text)
    return read_day(f"{day}T{time}" if time else str(day))


def typed_day_to_come(text: str, now: dt.datetime) -> dt.date:
    """Return the day a person typed for something to come; without month or year it is the next one, today included.

    Raises ``WrongAnswer``.
    """
    text = unicodedata.normalize("NFKC", text).strip().lower()
    today = now.astimezone(JAPAN).date()
    if text in _TO_COME:
        return today + dt.timedelta(days=_TO_COME[text])
    if match := _FROM_NOW.fullmatch(text):
        return today + dt.timedelta(days=int(match[1] or match[2]))
    for pattern, fits in _NEXT_SUCH:
        if match := pattern.fullmatch(text):
            return _next(today, partial(fits, match), text)
    return typed_day(text, now).date


def _next(today: dt.date, fits: Callable[[dt.date], bool], text: str) -> dt.date:
    days = (today + dt.timedelta(days=number) for number in range(_ALL_DAYS))
    found = next(filter(fits, days), None)
    if found is None:
        raise WrongAnswer("no_such_day", word=text)
    return found


#: Which days a day without month or year may mean.
_NEXT_SUCH: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], bool]], ...]] = (
    (_MONTH_DAY, lambda match, day: (day.month, day.day) == (int(match[1]), int(match[2]))),
    (_DAY_ONLY, lambda match, day: day.day == int(match[1])),
    (_WEEKDAY, lambda match, day: day.weekday() == _WEEKDAYS[match[1] or match[2].lower()]),
)


def _split_time(text: str, now: dt.datetime) -> tuple[str, str | None]:
    if text in {"今", "now"}:
        return "今日", now.strftime("%H:%M")
    match = _CLOCK.search(text)
    if not match:
        return text, None
    half_of_day = (match[1] or match[6] or "").lower()
    hour, minute = int(match[2]), 30 if match[4] else int(match[3] or match[5] or 0)
    if half_of_day in {"午後", "pm"} and hour < _NOON:
        hour += _NOON
    if half_of_day in {"午前", "am"} and hour == _NOON:
        hour = 0
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        raise WrongAnswer("no_such_day", word=text)
    return text[: match.start()].strip(" 、,のT") or "今日", f"{hour:02}:{minute:02}"


def _date(text: str, today: dt.date) -> dt.date | None:
    if text.lower() in _RELATIVE:
        return today - dt.timedelta(days=_RELATIVE[text.lower()])
    for pattern, read in _DATES:
        if match := pattern.fullmatch(text):
            return read(match, today)
    return None


def _days_ago(match: re.Match[str], today: dt.date) -> dt.date:
    return today - dt.timedelta(days=int(match[1]))


def _full_date(match: re.Match[str], _today: dt.date) -> dt.date:
    year = 1 if match[2] == "元" else int(match[2])
    if match[1] or match[2] == "元":
        year += _REIWA
    return _made(year, int(match[3]), int(match[4]), match[0])


def _month_and_day(match: re.Match[str], today: dt.date) -> dt.date:
    month, day = int(match[1]), int(match[2])
    this_year = _made(today.year, month, day, match[0])
    return this_year if this_year <= today else _made(today.year - 1, month, day, match[0])


def _day_alone(match: re.Match[str], today: dt.date) -> dt.date:
    return _last_such_day(int(match[1]), today, match[0])


def _weekday(match: re.Match[str], today: dt.date) -> dt.date:
    wanted = _WEEKDAYS[match[1] or match[2].lower()]
    return today - dt.timedelta(days=(today.weekday() - wanted) % 7)


_DATES: Final = (
    (_AGO, _days_ago),
    (_FULL, _full_date),
    (_MONTH_DAY, _month_and_day),
    (_DAY_ONLY, _day_alone),
    (_WEEKDAY, _weekday),
)


def _last_such_day(day: int, today: dt.date, text: str) -> dt.date:
    """Return the last day with this number in the month that has come."""
    month = today.replace(day=1)
    for _ in range(13):
        try:
            found = month.replace(day=day)
        except ValueError:
            found = None
        if found is not None and found <= today:
            return found
        month = (month - dt.timedelta(days=1)).replace(day=1)
    raise WrongAnswer("no_such_day", word=text)


def _made(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise WrongAnswer("no_such_day", word=text) from None
