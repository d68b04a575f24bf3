"""A paper rendered: its text from a brief, and the holes that were printed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leakresp.papers.catalogue import PRINTED, PaperTemplate, compiled
from leakresp.papers.marks import Block, blocks

if TYPE_CHECKING:
    from leakresp.response.brief import Brief, Hole


@dataclass(frozen=True, slots=True)
class Rendered:
    """One paper in one language: its parts, and each hole printed, once and in the order of the text."""

    paper: str
    lang: str
    title: str
    blocks: tuple[Block, ...]
    holes: tuple[Hole, ...]
    look: str = "document"

    @property
    def items(self) -> tuple[int, ...]:
        """The statutory items the text carries."""
        return tuple(block.item for block in self.blocks if block.item)

    @property
    def blocking(self) -> tuple[Hole, ...]:
        """The printed holes that no law lets be open."""
        return tuple(hole for hole in self.holes if not hole.tolerated)


def render(paper: PaperTemplate, brief: Brief, lang: str) -> Rendered:
    """Return ``paper`` filled in from ``brief``. Raises jinja2's errors for a template that was never checked."""
    printed: list[Hole] = []
    text = compiled(paper.bodies[lang]).render(brief.names() | {PRINTED: printed})
    return Rendered(paper.id, lang, paper.title[lang], blocks(text), tuple(dict.fromkeys(printed)), paper.look)
