"""Three truth values. Not knowing is a value of its own and can never be taken for "no"."""

from __future__ import annotations

from typing import Final, NoReturn, final


@final
class Truth:
    """One of YES, NO and UNKNOWN. Compare with ``is``; there is no ``bool()`` of it."""

    __slots__ = ("bit", "word")

    def __init__(self, word: str, bit: int) -> None:
        self.word: Final = word
        #: The truth as a set of one: several truths that are possible are the sum of their bits.
        self.bit: Final = bit

    def __bool__(self) -> NoReturn:
        """Refuse: ``if proof.truth`` would take *unknown* for *no*."""
        message = f"a truth value has no bool(): ask `is YES`, `is NO` or `is UNKNOWN` (this one is {self.word})"
        raise TypeError(message)

    def __repr__(self) -> str:
        return self.word.upper()

    def __str__(self) -> str:
        return self.word


YES: Final = Truth("yes", 1)
NO: Final = Truth("no", 2)
UNKNOWN: Final = Truth("unknown", 4)

#: The word of each truth value as files and JSON write it.
BY_WORD: Final = {truth.word: truth for truth in (YES, NO, UNKNOWN)}
