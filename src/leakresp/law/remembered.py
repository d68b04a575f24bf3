"""What was worked out once for equal facts, kept for the next incident, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Result = TypeVar("Result")

#: Results kept at most; a stream of a million incidents must not grow the memory.
MOST: Final = 1024


class Remembered(Generic[Result]):
    """Results by what they were worked out from; all are forgotten when there are too many."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[Hashable, Result] = {}

    def of(self, key: Hashable, work_out: Callable[[], Result]) -> Result:
        """Return the result kept for ``key``, or work it out and keep it."""
        found = self._kept.get(key)
        if found is None:
            found = work_out()
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = found
        return found
