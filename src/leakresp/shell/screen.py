"""The screen: rows as plain text of 80 columns, or with colour where a terminal shows it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO

from leakresp.shell.layout import WIDTH, Row, lines
from leakresp.shell.result import Origin, result_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.response.assessment import Assessment
    from leakresp.shell.desk import Desk

_NARROWEST: Final = 40
#: Lines of a page at least, and those kept free below it.
_FEWEST_LINES: Final = 6
_LINES_BELOW: Final = 5
#: What the rows' styles look like where there is colour.
_LOOKS: Final = {
    "heading": "bold cyan",
    "strong": "bold",
    "muted": "dim",
    "caution": "yellow",
    "bad": "bold red",
    "good": "green",
    "unsure": "yellow",
    "verdict.bad": "bold red",
    "verdict.good": "bold green",
    "verdict.unsure": "bold yellow",
}


def is_plain(out: TextIO, *, wanted: bool = False) -> bool:
    """Tell whether ``out`` takes plain text only: it was asked for, NO_COLOR is set, or it is no terminal."""
    return wanted or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or not out.isatty()


class Page:
    """Where rows are written. Nothing but a terminal in colour needs rich, so only that loads it."""

    def __init__(self, *, plain: bool = False, out: TextIO | None = None) -> None:
        self._out: Final = out or sys.stdout
        self.plain: Final = is_plain(self._out, wanted=plain)
        columns = shutil.get_terminal_size((WIDTH, 24)).columns if self._out.isatty() else WIDTH
        #: Cells a line may take.
        self.width: Final = max(_NARROWEST, min(columns, WIDTH))

    @property
    def marks(self) -> str:
        """The family of marks for yes, no and unknown that this page can show."""
        return "mark.plain" if self.plain else "mark"

    def pages(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        """Yield rows in pages that a terminal of this height shows at once, with room for what is asked below."""
        room = max(_FEWEST_LINES, shutil.get_terminal_size((WIDTH, 24)).lines - _LINES_BELOW)
        page: list[Row] = []
        used = 0
        for row in rows:
            height = len(list(lines([row], self.width)))
            if page and used + height > room:
                yield page
                page, used = [], 0
            page.append(row)
            used += height
        if page:
            yield page

    def write(self, rows: Iterable[Row]) -> None:
        """Write rows, wrapped to the screen's width."""
        if self.plain:
            self._out.write("".join(f"{line}\n" for line, _ in lines(rows, self.width)))
        else:
            self._write_in_colour(rows)

    def _write_in_colour(self, rows: Iterable[Row]) -> None:
        from rich.console import Console
        from rich.panel import Panel
        from rich.text import Text

        console = Console(file=self._out, width=self.width, highlight=False, markup=False, emoji=False)
        for row in rows:
            look = _LOOKS.get(row.style, "")
            if row.style.startswith("verdict."):
                console.print(Panel(Text(row.text), style=look, width=self.width))
                continue
            for line, _ in lines([row], self.width):
                console.print(Text(line, style=look), soft_wrap=True)


class Screen(Page):
    """A page that shows assessments in the words of a desk."""

    def __init__(self, desk: Desk, *, plain: bool = False, out: TextIO | None = None) -> None:
        super().__init__(plain=plain or desk.plain, out=out)
        self._desk: Final = desk

    def show(self, assessment: Assessment, incident: Mapping[str, str], origin: Origin | None = None) -> None:
        """Show the result of one assessment; ``origin`` lets the next commands name the incident."""
        desk = self._desk
        self.write(result_rows(assessment, incident, desk.phrases, desk.today, origin=origin, marks=self.marks))


def write_json(found: Any, out: TextIO | None = None) -> None:  # noqa: ANN401 - any JSON value
    """Write a JSON value for programs and people: indented, Japanese kept as it is."""
    (out or sys.stdout).write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
