"""What is held of a fact: a stated answer, a presumption, or nothing yet.

*Not asked* (open, will be asked if it can matter), *unsure* (asked, cannot be told yet) and a stated answer are
kept apart. A stated answer is held as its plain value: a word, a tuple of words, an ``Interval`` or a ``Day``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple, final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leakresp.law.conditions import RuleWord
    from leakresp.law.proof import Proof


class Interval(NamedTuple):
    """A number of distinct persons: at least ``low`` and at most ``high`` (``None``: no upper bound known)."""

    low: int
    high: int | None

    def __str__(self) -> str:
        if self.high == self.low:
            return str(self.low)
        if self.high is None:
            return f"{self.low}.."
        return f"{self.low or ''}..{self.high}"


class Day(NamedTuple):
    """A day in Japan, with the time of day where it was given (``HH:MM``, Japan time)."""

    date: dt.date
    time: str | None = None

    def __str__(self) -> str:
        return f"{self.date}T{self.time}+09:00" if self.time else str(self.date)


@final
class Open:
    """No answer: ``asked`` tells *unsure* from *not asked*; ``feeds`` are the facts that could still fill it."""

    __slots__ = ("asked", "feeds")

    def __init__(self, *, asked: bool, feeds: tuple[str, ...] = ()) -> None:
        self.asked: Final = asked
        self.feeds: Final = feeds

    def __repr__(self) -> str:
        return f"Open(asked={self.asked}, feeds={self.feeds})"


@final
class Presumed:
    """A value the law presumes while nothing is stated; ``by`` names the presumption."""

    __slots__ = ("asked", "by", "value")

    def __init__(self, value: Value, by: str, *, asked: bool) -> None:
        self.value: Final = value
        self.by: Final = by
        self.asked: Final = asked

    def __repr__(self) -> str:
        return f"Presumed({self.value!r}, by={self.by!r}, asked={self.asked})"


NOT_ASKED: Final = Open(asked=False)
UNSURE: Final = Open(asked=True)

Value = str | tuple[str, ...] | Interval | Day
Held = Value | Open | Presumed
#: What a person or a file stated: fact id to value, or ``UNSURE`` for "cannot be told yet".
Answers = dict[str, Value | Open]


class Known(dict[str, Held]):
    """Every fact of the vocabulary with what is held of it, presumptions filled in.

    ``proofs`` keeps what was proven from it, so that a rule named by several others is proven once. What is known is
    not changed after it was filled in; ``|`` makes another one, with nothing proven yet.
    """

    __slots__ = ("proofs",)

    def __init__(self, held: Mapping[str, Held]) -> None:
        super().__init__(held)
        self.proofs: dict[RuleWord, Proof] = {}

    # `|` of a plain dict gives a plain dict; what is known stays what it is.
    def __or__(self, more: Mapping[str, Held]) -> Known:  # type: ignore[override]
        known = Known(self)
        known.update(more)
        return known
