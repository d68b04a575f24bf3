"""The deadlines as a picture: one bar for each, on one line of time, with today across all of them.

The picture is drawn twice, for a sheet of paper and for a phone. What it shows stands beside it as text as well, so
nobody needs to see it. Its colours come from the page's style, by the classes named here.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

#: How a bar stands: ``over`` (overdue), ``running``, ``open`` (whether the duty exists is not settled), ``done``.
Standing = Literal["over", "running", "open", "done"]

_ONE_DAY: Final = dt.timedelta(days=1)
_PAD: Final = 14.0
_HEAD: Final = 52.0
_BAR: Final = 12.0
_TEXT: Final = 14.0
#: Pixels a label of a day needs, and the days between labels that read well.
_TICK_ROOM: Final = 76.0
_STEPS: Final = (1, 2, 5, 7, 14, 28, 56, 91, 182, 364)
#: From this width on, name and days of a bar share a line.
_WIDE: Final = 600
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Bar:
    """One deadline: its name, its days in words, and the days themselves.

    ``first`` is the day of knowing (or the last day alone), ``guide`` the day on which a guide begins, ``longer`` the
    last day of a longer period that may apply, ``met`` the day on which it was met.
    """

    name: str
    days: str
    standing: Standing
    first: dt.date
    last: dt.date
    guide: dt.date | None = None
    longer: dt.date | None = None
    met: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and the words for whoever cannot see it."""

    title: str
    told: str
    today: dt.date
    today_label: str
    bars: tuple[Bar, ...]


def deadline_picture(picture: Picture, width: int, day_label: Callable[[dt.date], str], name: str) -> str:
    """Return the picture as SVG, ``width`` pixels wide. ``name`` keeps its ids apart from those of another picture."""
    return "\n".join(_Drawing(picture, width, day_label, name).lines())


class _Drawing:
    def __init__(self, picture: Picture, width: int, day_label: Callable[[dt.date], str], name: str) -> None:
        self.picture: Final = picture
        self.width: Final = width
        self.day_label: Final = day_label
        self.name: Final = name
        days = [day for bar in picture.bars for day in (bar.first, bar.last, bar.longer, bar.met) if day is not None]
        # A case long past is drawn without today, which would press all its days into a corner.
        span = max((max(days) - min(days)).days, 7)
        self.shows_today: Final = -span <= (picture.today - max(days)).days <= span
        days += [picture.today] if self.shows_today else []
        self.begin: Final = min(days)
        self.end: Final = max(*days, self.begin + 7 * _ONE_DAY) + _ONE_DAY
        self.wide: Final = width >= _WIDE
        self.row: Final = 44.0 if self.wide else 62.0
        self.height: Final = _HEAD + self.row * len(picture.bars) + 10

    def x(self, day: dt.date) -> float:
        """Return where a day begins."""
        part = (day - self.begin).days / (self.end - self.begin).days
        return _PAD + part * (self.width - 2 * _PAD)

    def lines(self) -> Iterator[str]:
        title, told = f"{self.name}-title", f"{self.name}-told"
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="time-line" role="img" aria-labelledby="{title} {told}"'
            f' viewBox="0 0 {self.width} {self.height:g}" width="{self.width}" height="{self.height:g}">'
        )
        yield f'<title id="{title}">{escape(self.picture.title)}</title>'
        yield f'<desc id="{told}">{escape(self.picture.told)}</desc>'
        if self.shows_today:
            yield from self.today()
        yield from self.axis()
        for place, bar in enumerate(self.picture.bars):
            yield from self.bar(bar, _HEAD + place * self.row)
        yield "</svg>"

    def axis(self) -> Iterator[str]:
        for day in self.ticks():
            x = self.x(day)
            yield _line(x, _HEAD - 6, x, self.height - 4, "tick")
            yield self.text(x, _HEAD - 12, self.day_label(day), "tick-label", self.anchor(x))
        yield _line(_PAD, _HEAD - 6, self.width - _PAD, _HEAD - 6, "axis")

    def ticks(self) -> Iterator[dt.date]:
        days = (self.end - self.begin).days
        most = (self.width - 2 * _PAD) / _TICK_ROOM
        step = next((step for step in _STEPS if days / step <= most), days)
        day = self.begin
        while day < self.end:
            yield day
            day += step * _ONE_DAY

    def bar(self, bar: Bar, top: float) -> Iterator[str]:
        yield from self.words(bar, top)
        y = top + self.row - _BAR - 10
        if bar.longer is not None:
            yield self.rect(bar.last, bar.longer, y, "longer")
        yield self.rect(bar.first, bar.last, y, f"bar {bar.standing}")
        if bar.guide is not None:
            yield self.rect(bar.guide, bar.last, y, f"guide {bar.standing}")
        end = self.x(bar.last + _ONE_DAY)
        yield _line(end, y - 4, end, y + _BAR + 4, f"last {bar.standing}")
        if bar.met is not None:
            x = (self.x(bar.met) + self.x(bar.met + _ONE_DAY)) / 2
            yield f'<circle class="met" cx="{x:.1f}" cy="{y + _BAR / 2:.1f}" r="{_BAR / 2 + 2:g}"/>'
            tick = f"M{x - 4:.1f} {y + 6:.1f}l3 3.5l5 -6.5"
            yield f'<path class="met-mark" d="{tick}"/>'

    def words(self, bar: Bar, top: float) -> Iterator[str]:
        room, y = self.width - 2 * _PAD, top + 15
        if self.wide:
            days = _fit(bar.days, room * 0.6)
            yield self.text(_PAD, y, _fit(bar.name, room - _measure(days) - _TEXT), "name", "start")
            yield self.text(self.width - _PAD, y, days, f"days {bar.standing}", "end")
        else:
            yield self.text(_PAD, y, _fit(bar.name, room), "name", "start")
            yield self.text(_PAD, y + 18, _fit(bar.days, room), f"days {bar.standing}", "start")

    def today(self) -> Iterator[str]:
        x = (self.x(self.picture.today) + self.x(self.picture.today + _ONE_DAY)) / 2
        yield _line(x, 24, x, self.height - 4, "today")
        yield self.text(x, 19, self.picture.today_label, "today-label", self.anchor(x))

    def rect(self, first: dt.date, last: dt.date, y: float, look: str) -> str:
        x, end = self.x(first), self.x(last + _ONE_DAY)
        return f'<rect class="{look}" x="{x:.1f}" y="{y:g}" width="{max(end - x, 2):.1f}" height="{_BAR:g}" rx="2"/>'

    def anchor(self, x: float) -> str:
        if x < _PAD + _TICK_ROOM / 2:
            return "start"
        return "end" if x > self.width - _PAD - _TICK_ROOM / 2 else "middle"

    def text(self, x: float, y: float, words: str, look: str, anchor: str) -> str:
        return f'<text class="{look}" x="{x:.1f}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _line(x: float, y: float, to_x: float, to_y: float, look: str) -> str:
    return f'<line class="{look}" x1="{x:.1f}" y1="{y:g}" x2="{to_x:.1f}" y2="{to_y:g}"/>'


def _measure(words: str) -> float:
    """Return about how wide words are: a Japanese letter takes the size of the type, a Latin one a good half."""
    return sum(_TEXT if unicodedata.east_asian_width(letter) in "FWA" else _TEXT * 0.6 for letter in words)


def _fit(words: str, room: float) -> str:
    if _measure(words) <= room:
        return words
    while words and _measure(words + _ELLIPSIS) > room:
        words = words[:-1]
    return words.rstrip() + _ELLIPSIS
