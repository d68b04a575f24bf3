"""What the register last took from each case, kept so that a thousand journals need not be read again.

It stands beside the cases and can be thrown away: a journal whose size, time or last hash is another is read anew. What
a person must be told of a journal (a break, a torn line …) is told by reading it, so such a case is never kept here.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from leakresp import __version__
from leakresp.response.register import Recorded
from leakresp.shell.journal import NAME
from leakresp.shell.made_again import replace_file

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = ".register.json"
_SCHEMA: Final = "leakresp/register-snapshot/1"
_SEAL: Final = re.compile(rb'"hash":"([0-9a-f]{64})"\}\n\Z')
_SEAL_LENGTH: Final = 75


class Snapshot:
    """The snapshot of one folder, for one vocabulary (``rules`` is its fingerprint)."""

    def __init__(self, folder: Path, rules: str) -> None:
        self._path: Final = folder / FILE
        self._head: Final = {"schema": _SCHEMA, "version": __version__, "rules": rules}
        self._kept: Final = self._read()
        self._fresh: Final[dict[str, Any]] = {}

    def _read(self) -> dict[str, Any]:
        with suppress(OSError, ValueError, RecursionError):
            found = json.loads(self._path.read_bytes())
            if isinstance(found, dict) and isinstance(found.get("cases"), dict):
                head = {key: found.get(key) for key in self._head}
                return found["cases"] if head == self._head else {}
        return {}

    def recall(self, name: str, case: Path) -> Recorded | None:
        """Return what was kept of a case, if its journal is still the same."""
        kept: Any = self._kept.get(name)
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            now = print_of(case)
            if now is not None and kept["print"] == now:
                recorded = Recorded.read(name, kept["recorded"])
                self._fresh[name] = kept
                return recorded
        return None

    def keep(self, name: str, found: list[Any] | None, recorded: Recorded) -> None:
        """Keep what was taken from a case; ``found`` is what its journal looked like before it was read."""
        if found is not None:
            self._fresh[name] = {"print": found, "recorded": recorded.plain()}

    def save(self) -> None:
        """Write the snapshot where it differs; a folder that cannot be written only costs the next run some time."""
        if self._fresh != self._kept:
            content = json.dumps({**self._head, "cases": self._fresh}, ensure_ascii=False, separators=(",", ":"))
            with suppress(OSError, UnicodeEncodeError):
                replace_file(content.encode(), self._path)


def print_of(case: Path) -> list[Any] | None:
    """Return size, time and last hash of a case's journal; ``None`` where its last line is not sealed."""
    path = case / NAME
    with suppress(OSError):
        found = path.stat()
        with path.open("rb") as file:
            file.seek(max(found.st_size - _SEAL_LENGTH, 0))
            seal = _SEAL.search(file.read(_SEAL_LENGTH))
        if seal:
            return [found.st_size, found.st_mtime_ns, seal[1].decode()]
    return None
