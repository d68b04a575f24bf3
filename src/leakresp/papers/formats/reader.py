"""The one reader of a paper's Markdown, shared by every format."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

#: The look of a paper whose text has tables of several columns: the response manual.
MANUAL: Final = "manual"
#: How a line is broken within a cell of a table, which is written on one line.
BREAK: Final = "<br>"


@lru_cache(maxsize=2)
def markdown(look: str = "") -> MarkdownIt:
    """Return the reader: no HTML in the text, and a line end is a line break.

    Only a manual has tables: elsewhere a row of signs somebody typed stays the row of signs it is.
    """
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    if look == MANUAL:
        reader.enable("table")
        reader.inline.ruler.before("html_inline", "cell_break", _cell_break)
    return reader


def _cell_break(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library calls it so
    """Read the sign for a line break within a cell; words that hold it as words have it escaped."""
    if not state.src.startswith(BREAK, state.pos):
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += len(BREAK)
    return True
