"""What each name of a brief stands for, so that a template can be held to it before there is anything to fill in."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from leakresp.response.brief import DERIVED, Addressee, Brief, Change, Duty, Ground, Situation, Task

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Shape:
    """Whether a name can be printed, what it lists where it is a list, and its parts. With none of these: yes or no."""

    prints: bool = False
    lists: Shape | None = None
    parts: Mapping[str, Shape] = field(default_factory=dict)


_TRUTH: Final = Shape()
_WORDS: Final = Shape(prints=True)
#: A fact: words, or the hole where they are missing, of which one may ask whether somebody was asked.
FACT: Final = Shape(prints=True, parts=MappingProxyType({"asked": _TRUTH}))
#: What a template may ask of the list it is repeating.
LOOP: Final = Shape(parts=MappingProxyType({"first": _TRUTH, "last": _TRUTH}))
_RECORDS: Final = {kind.__name__: kind for kind in (Situation, Ground, Addressee, Change, Duty, Task)}


def _shape(annotation: str) -> Shape:
    """Return the shape of a field of the brief that is annotated so."""
    if annotation.startswith("tuple["):
        return Shape(lists=_shape(annotation.removeprefix("tuple[").removesuffix(", ...]")))
    if annotation in _RECORDS:
        return Shape(parts={part.name: _shape(str(part.type)) for part in fields(_RECORDS[annotation])})
    return {"bool": _TRUTH, "str": _WORDS, "str | Hole": FACT}[annotation]


_BY_FIELD: Final = {each.name: str(each.type) for each in fields(Brief)}
#: What each name a template may use beside the facts stands for.
SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {name: _shape(_BY_FIELD[name]) if name in _BY_FIELD else _TRUTH for name in DERIVED}
)
