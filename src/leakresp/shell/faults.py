"""Faults of files and of the command line: what is wrong, where, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.vocabulary import WrongAnswer

DONE: Final = 0
OUR_FAULT: Final = 1
MISUSE: Final = 2
ANSWERS_MISSING: Final = 3
FILE_WRONG: Final = 4
REQUIRED_EXIT: Final = 10
UNDETERMINED_EXIT: Final = 11
#: A program stopped with Ctrl-C.
INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: ``key`` names the sentence in ``templates/words``, ``details`` fill it in."""

    key: str
    file: str = ""
    line: int | None = None
    path: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The place as ``file:line: path``."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.path}" if where and self.path else where or self.path


class FaultsError(Exception):
    """Everything that is wrong with what was given, gathered. ``code`` is the exit code."""

    def __init__(self, faults: Iterable[Fault], code: int = FILE_WRONG, advice: str | None = None) -> None:
        self.faults: Final = tuple(faults)
        self.code: Final = code
        #: The sentence that says what to do next.
        self.advice: Final = advice
        super().__init__("; ".join(f"{fault.place} {fault.key}" for fault in self.faults))


def fault_of(wrong: WrongAnswer, *, file: str = "", line: int | None = None, path: str = "") -> Fault:
    """Return the fault that a wrong answer is, at its place."""
    return Fault(f"answer.{wrong.key}", file, line, path, wrong.details)
