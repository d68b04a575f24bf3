"""How far a long work is: a bar with rate and time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final, Protocol, Self

if TYPE_CHECKING:
    from leakresp.shell.wording import Wording

#: Seconds between two lines where there is no terminal.
_EVERY: Final = 5.0


class Progress(Protocol):
    """Something that is told how far a work is."""

    def __enter__(self) -> Self:
        """Begin to show it."""
        ...

    def __exit__(self, *error: object) -> None:
        """Stop showing it."""
        ...

    def advance(self, rows: int) -> None:
        """Count ``rows`` more."""
        ...


def progress(say: Wording, total: int, done: int, *, plain: bool) -> Progress:
    """Return what shows how far a work of ``total`` rows is, of which ``done`` were done before."""
    return _Lines(say, total, done) if plain else _Bar(say, total, done)


class _Pace:
    """How far a work is, how fast it goes and how long it still takes, in words."""

    def __init__(self, say: Wording, total: int, done: int) -> None:
        self._say, self._total, self._done, self._before = say, total, done, done
        self._begun = time.monotonic()

    def told(self, rows: int = 0) -> str:
        """Count ``rows`` more and say how far it is."""
        self._done += rows
        rate = (self._done - self._before) / max(time.monotonic() - self._begun, 0.001)
        left = _left((self._total - self._done) / rate) if rate else "-:--:--"
        return self._say(
            "progress.line", done=f"{self._done:,}", total=f"{self._total:,}", rate=f"{rate:,.0f}", left=left
        )


class _Lines:
    def __init__(self, say: Wording, total: int, done: int) -> None:
        self._pace = _Pace(say, total, done)
        self._told_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Lines need no end."""

    def advance(self, rows: int) -> None:
        """Count ``rows`` more, and say so now and then."""
        told = self._pace.told(rows)
        if time.monotonic() - self._told_at >= _EVERY:
            self._told_at = time.monotonic()
            sys.stderr.write(told + "\n")
            sys.stderr.flush()


class _Bar:
    def __init__(self, say: Wording, total: int, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar
        from rich.table import Column

        words = TextColumn("{task.fields[told]}", table_column=Column(no_wrap=True), markup=False)
        label = TextColumn(say("progress.label"), table_column=Column(no_wrap=True))
        self._bar = Bar(label, BarColumn(None), words, console=Console(stderr=True), expand=True)
        self._pace = _Pace(say, total, done)
        self._task = self._bar.add_task("", total=total, completed=done, told=self._pace.told())

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def advance(self, rows: int) -> None:
        """Count ``rows`` more."""
        self._bar.update(self._task, advance=rows, told=self._pace.told(rows))


def _left(seconds: float) -> str:
    """Return a time left as hours, minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
