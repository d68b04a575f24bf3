"""Figures in a text: persons, days, amounts of money, telephone numbers and addresses, as people write them.

In Japanese and English, half-width or full-width: 3万8,000人 and 38,000 persons have the same value.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["persons", "date", "amount", "phone", "mail", "web", "number"]
#: A day as a text names it: year (0 where it names none), month, day.
Named = tuple[int, int, int]

#: Full-width signs by their half-width twins, one for one, so that places in the text stay the same.
_NARROW: Final = str.maketrans(
    {chr(0xFF01 + place): chr(0x21 + place) for place in range(94)}
    | {"‐": "-", "−": "-", "–": "-", "〜": "~", "￥": "¥", "\u3000": " "}
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Final = ("月火水木金土日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAY: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NUMBER: Final = r"\d[\d,.億万千]*"
_COUNTED: Final = (
    r"persons?|people|individuals?|customers?|patients?|employees?|members?|users?|applicants?|students?|shareholders?"
)
_FIGURE: Final = re.compile(
    rf"""
    (?P<mail>[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}@[A-Za-z0-9][A-Za-z0-9.-]{{0,250}}\.[A-Za-z]{{2,24}})
  | (?P<web>https?://[!-~]+)
  | (?P<phone>(?<![\d.-])(?:\+\d{{1,3}}[- ]?\d{{1,4}}|0\d{{1,4}})(?:[- ]\d{{1,4}}[- ]|\(\d{{1,4}}\))\d{{3,4}}(?![\d-])
      | (?<![\d.,-])0\d{{9,10}}(?!\d))
  | (?P<date>
        (?:(?P<era>令和|平成)(?P<era_year>元|\d{{1,2}})年\s?|(?P<y1>\d{{4}})年\s?)?
        (?P<m1>\d{{1,2}})月\s?(?P<d1>\d{{1,2}})日(?:\((?P<w1>[月火水木金土日])(?:曜日?)?\))?
      | (?<![\d/-])(?P<y2>\d{{4}})(?P<sep>[-/.])(?P<m2>\d{{1,2}})(?P=sep)(?P<d2>\d{{1,2}})(?![\d/-])
      | (?:(?P<w3>{_WEEKDAY}),?\ )?(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\ (?P<m3>{_MONTH})\b\.?(?:,?\ (?P<y3>\d{{4}}))?
      | (?:(?P<w4>{_WEEKDAY}),?\ )?\b(?P<m4>{_MONTH})\.?\ (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\ (?P<y4>\d{{4}}))?
    )
  | (?P<amount>(?:[¥\\]|JPY\ ?)\d[\d,.]*|{_NUMBER}\ ?(?:円|yen\b))
  | (?P<persons>{_NUMBER}\ ?[人名](?!称)|{_NUMBER}\ (?:\w{{1,12}}\ )?(?:{_COUNTED})\b)
  | (?P<number>\d(?:[\d,.]*\d)?)
    """,
    re.VERBOSE,
)
_REIWA, _HEISEI = 2018, 1988
_UNITS: Final = {"億": 10**8, "万": 10**4, "千": 10**3}
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)([億万千]*)")
#: Digits beyond which nothing is counted any more.
_LONGEST: Final = 18
#: The lower end of a range, whose unit stands only behind the upper one.
_LOWER: Final = re.compile(r"\s?(?:から|~|to|and|-)\s?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text: its ``value`` for comparison, its words as written, and where they begin and end."""

    kind: Kind
    value: str | float | Named
    words: str
    start: int
    end: int
    #: The weekday a day is said to be (0: Monday), or ``None``.
    weekday: int | None = None


def narrowed(text: str) -> str:
    """Return ``text`` with half-width signs where it has full-width ones, letter for letter."""
    return text.translate(_NARROW)


def figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of one line, in their order."""
    found = list(_found(narrowed(text), text))
    for place, (figure, following) in enumerate(pairwise(found)):
        between = narrowed(text[figure.end : following.start])
        if figure.kind == "number" and following.kind in {"persons", "amount"} and _LOWER.fullmatch(between):
            value = _number(figure.words)
            found[place] = Figure(following.kind, value, figure.words, figure.start, figure.end)
    return tuple(found)


def masked(text: str, found: tuple[Figure, ...]) -> str:
    """Return a line with a sign in place of each figure: two lines that say the same of other figures are alike."""
    pieces, end = [], 0
    for figure in found:
        pieces.append(text[end : figure.start])
        end = figure.end
    return "".join(narrowed("\u25a1".join((*pieces, text[end:]))).split())


def same(one: Figure, other: Figure) -> bool:
    """Tell whether two figures are the same; a day without its year is that day of any year."""
    if one.kind != other.kind:
        return False
    if one.kind != "date":
        return one.value == other.value
    day, other_day = named(one), named(other)
    return day[1:] == other_day[1:] and (day[0] == other_day[0] or 0 in {day[0], other_day[0]})


def named(figure: Figure) -> Named:
    """Return the day that a figure of the kind ``date`` is."""
    if not isinstance(figure.value, tuple):
        raise TypeError(figure.kind)
    return figure.value


def wrong_weekday(figure: Figure) -> int | None:
    """Return the weekday a day really is, where the text says another."""
    if figure.weekday is None or not named(figure)[0]:
        return None
    real = dt.date(*named(figure)).weekday()
    return None if real == figure.weekday else real


def _found(text: str, original: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text):
        kind: Kind = match.lastgroup  # type: ignore[assignment] # the group that closes last is the outer one
        start, end = match.span()
        if kind == "date":
            day = _day(match)
            if day is None:
                yield from _numbers(original, text, start, end)
                continue
            yield Figure("date", day, original[start:end], start, end, _weekday(match))
        elif kind == "web":
            end = start + len(match[0].rstrip(".,;:!?)]}'\""))
            yield Figure("web", text[start:end], original[start:end], start, end)
        else:
            yield Figure(kind, _value(kind, match[0]), original[start:end], start, end)


def _numbers(original: str, text: str, start: int, end: int) -> Iterator[Figure]:
    """Yield what looked like a day and is none as bare numbers."""
    for match in re.finditer(r"\d+", text[start:end]):
        first, last = start + match.start(), start + match.end()
        yield Figure("number", int(match[0]), original[first:last], first, last)


def _value(kind: Kind, words: str) -> str | float:
    if kind == "phone":
        return re.sub(r"\D", "", words)
    if kind == "mail":
        return words.lower()
    return _number(words)


def _number(words: str) -> float:
    """Return a number as it is meant: 3万8,000 is 38000, 2千万 is 20000000."""
    total, part = 0.0, 0.0
    for digits, units in _PART.findall(narrowed(words).replace(",", "")):
        part += float(digits[:_LONGEST]) * (_UNITS["千"] if "千" in units else 1)
        for unit in units.replace("千", ""):
            total, part = total + part * _UNITS[unit], 0.0
    total += part
    return int(total) if total == int(total) else total


def _day(match: re.Match[str]) -> Named | None:
    year = int(next((match[key] for key in ("y1", "y2", "y3", "y4") if match[key]), "0"))
    if match["era"]:
        year = (_REIWA if match["era"] == "令和" else _HEISEI) + (
            1 if match["era_year"] == "元" else int(match["era_year"])
        )
    month = next(match[key] for key in ("m1", "m2", "m3", "m4") if match[key])
    month_number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
    day = int(next(match[key] for key in ("d1", "d2", "d3", "d4") if match[key]))
    with suppress(ValueError):
        dt.date(year or 2024, month_number, day)
        return year, month_number, day
    return None


def _weekday(match: re.Match[str]) -> int | None:
    if match["w1"]:
        return _WEEKDAYS[0].index(match["w1"])
    english = match["w3"] or match["w4"]
    return _WEEKDAYS[1].index(english[:3]) if english else None
