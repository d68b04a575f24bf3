"""``leakresp report``: a case as one page that needs nothing but itself, for a board, an auditor or a lawyer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from leakresp.papers.board_page import board_page
from leakresp.papers.deadline_picture import deadline_picture
from leakresp.shell.board import Board
from leakresp.shell.case_desk import take_up
from leakresp.shell.day_words import bare_day
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, Fault, FaultsError
from leakresp.shell.made_again import write_again
from leakresp.shell.places import templates_folder
from leakresp.shell.screen import write_json

if TYPE_CHECKING:
    from pathlib import Path

#: Pixels of the picture on a sheet or a screen, and on a phone.
_WIDTHS: Final = {"wide": 900, "narrow": 340}
_TEMPLATE: Final = "board/report.html"
#: What the beginning of a page says of its maker.
_MAKER: Final = b'<meta name="generator" content="leakresp">'


def run(
    *, case: str, output: Path | None, folder: str | None, rules: str | None, as_json: bool, lang: str | None
) -> int:
    """Write the page, or its content as JSON. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules)
    board = Board(desk, take_up(desk, case, folder))
    if as_json:
        write_json(board.values())
    if output is not None:
        write_again(page(board).encode(), output, lambda beginning: _MAKER in beginning)
        sys.stderr.write(desk.say("board.written", path=output) + "\n")
    elif not as_json:
        sys.stdout.write(page(board))
    return DONE


def page(board: Board) -> str:
    """Return the page. Raises ``FaultsError`` where its template cannot be read."""
    values: dict[str, Any] = board.values()
    return board_page(_template(), values | {"say": board.say, "pictures": _pictures(board)})


def _pictures(board: Board) -> dict[str, str]:
    from markupsafe import Markup

    picture = board.picture()
    if picture is None:
        return {}
    return {
        # Every word in the drawing was escaped where it was drawn.
        name: Markup(deadline_picture(picture, width, lambda day: bare_day(day, board.say), name))  # noqa: S704
        for name, width in _WIDTHS.items()
    }


def _template() -> str:
    path = templates_folder() / _TEMPLATE
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        raise FaultsError([Fault("file.unreadable", str(path), details=details)]) from None
