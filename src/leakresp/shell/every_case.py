"""Every case of a folder, opened; one that cannot be opened is told and never hides the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leakresp.shell.case_desk import tell
from leakresp.shell.cases import OpenCase, list_cases, open_case
from leakresp.shell.faults import DONE, FILE_WRONG, FaultsError
from leakresp.shell.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from leakresp.shell.desk import Desk


class EveryCase:
    """The cases of a folder, opened one after another; ``code`` is the exit code so far."""

    def __init__(self, desk: Desk, folder: str | None) -> None:
        self._desk = desk
        self._folder = folder
        self.code = DONE

    def named(self, names: Iterable[str]) -> Iterator[OpenCase]:
        """Yield the cases named, each once. Raises ``FaultsError`` for a name that means none."""
        seen = set()
        for name in names:
            opened = open_case(name, self._folder, self._desk.facts)
            if opened.folder.resolve() not in seen:
                seen.add(opened.folder.resolve())
                tell(self._desk, opened.notes)
                yield opened

    def all(self) -> Iterator[OpenCase]:
        """Yield all cases, the newest first. Raises ``FaultsError`` where the folder itself cannot be read."""
        for listed in list_cases(self._folder):
            opened = self.open(listed.folder)
            if opened is not None:
                yield opened

    def open(self, folder: Path) -> OpenCase | None:
        """Open the case in ``folder`` and tell its notes; where that fails, tell why and return ``None``."""
        journal = Journal(folder, lambda: self._desk.now)
        try:
            journal.read()
        except FaultsError as error:
            self.code = FILE_WRONG
            tell(self._desk, error.faults)
            return None
        opened = OpenCase(journal, self._desk.facts)
        tell(self._desk, opened.notes)
        return opened if journal.entries or journal.broken else None
