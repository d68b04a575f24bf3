"""How a paper says a day, a number of persons or a chosen value, in Japanese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leakresp.law.held import Day, Interval

if TYPE_CHECKING:
    import datetime as dt

    from leakresp.law.held import Value
    from leakresp.law.vocabulary import Fact
    from leakresp.response.wording import Say

_WEEKDAYS: Final = {
    "ja": "月火水木金土日",
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NOON: Final = 12


class PaperPhrases:
    """The phrases of papers in the language of ``say``."""

    def __init__(self, say: Say) -> None:
        self.say: Final = say
        self.lang: Final = say.lang

    def date(self, day: dt.date) -> str:
        """Return a day as letters are dated: 2026年11月20日, 20 November 2026."""
        if self.lang == "ja":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def day(self, day: Day | dt.date) -> str:
        """Return a day with its weekday, and its time (Japan time) where that is known."""
        date, time = day if isinstance(day, Day) else (day, None)
        weekday = _WEEKDAYS[self.lang][date.weekday()]
        if self.lang == "ja":
            return f"{self.date(date)}（{weekday}）" + (_time_in_japanese(time) if time else "")
        return f"{weekday}, {self.date(date)}" + (f", {time}" if time else "")

    def count(self, people: Interval) -> str:
        """Return a number of persons: 1,200人, 500人から3,000人, 最大3,000人, 1,000人以上."""
        low, high = f"{people.low:,}", f"{people.high or 0:,}"
        if people.high is None:
            return self.say("brief.count.at_least", low=low)
        if people.low == people.high:
            return self.say("brief.count.one") if people.high == 1 else self.say("brief.count.exact", low=low)
        if people.low == 0:
            return self.say("brief.count.at_most", high=high)
        return self.say("brief.count.between", low=low, high=high)

    def stated(self, fact: Fact, value: Value) -> str:
        """Return a stated value of ``fact`` in words."""
        if isinstance(value, Interval):
            return self.count(value)
        if isinstance(value, Day):
            return self.day(value)
        if isinstance(value, tuple):
            titles = [fact.choices[str(each)].title[self.lang] for each in value]
            return self.say.listed(titles) if titles else self.say("brief.value.none")
        if fact.choices:
            return fact.choices[value].title[self.lang]
        return self.say(f"brief.value.{value}") if fact.words else value


def _time_in_japanese(time: str) -> str:
    hour, minute = int(time[:2]), int(time[3:])
    half, hour = ("午前", hour) if hour < _NOON else ("午後", hour - _NOON)
    return f"{half}{hour}時" + (f"{minute}分" if minute else "")
