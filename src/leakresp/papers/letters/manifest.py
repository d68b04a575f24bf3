"""The manifest: what became of each row, so that a run that was cut off goes on without a double or a gap.

One line of JSON for each row, and after those of a batch one line that closes it. All are added at one go and flushed
to the disk; what stands behind the last closing line was being added when the power went, and is written anew. No line
names a person unless that was asked for.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from leakresp.papers.letters.batch import STATES, Written, open_private

SCHEMA: Final = "leakresp/letters/1"
_BEGINS: Final = f'{{"schema": "{SCHEMA}"'.encode()
#: How the names of manifests begin.
MANIFEST: Final = "manifest"
_CLOSES: Final = b'{"batch":'
#: What must be the same for a run to go on.
_FIXED: Final = ("schema", "paper", "form", "into", "lang", "shard", "batch", "list", "fingerprint", "names")


class OtherLetters(Exception):
    """The folder holds letters of another list, text or form: ``differs`` are the keys of the head that differ."""

    def __init__(self, differs: tuple[str, ...]) -> None:
        super().__init__(", ".join(differs))
        self.differs = differs


class Manifest:
    """One manifest on disk, open for adding."""

    def __init__(self, path: Path, head: Mapping[str, Any]) -> None:
        """Begin a manifest, or take one up that has the same head. Raises ``OtherLetters``, ``OSError``."""
        self.path: Final = path
        self.done: Final[dict[int, Written]] = {}
        self.joined = ""
        if path.exists() and path.stat().st_size:
            self._take_up(head)
        else:
            self._add(json.dumps(dict(head), ensure_ascii=False).encode() + b"\n")

    def close_batch(self, written: Written) -> None:
        """Note a batch whose letters are all written. Raises ``OSError``."""
        closing = {"batch": [written.first, written.last], **written.counts}
        self._add(f"{written.lines}{json.dumps(closing, separators=(',', ':'))}\n".encode())
        self.done[written.first] = replace(written, lines="")  # the lines of millions of rows would fill the memory

    def note_joined(self, name: str) -> None:
        """Note that the parts were joined to one file. Raises ``OSError``."""
        self._add(json.dumps({"batch": [], "joined": name}, separators=(",", ":")).encode() + b"\n")
        self.joined = name

    def counts(self) -> dict[str, int]:
        """Return how many rows ended in which state."""
        found = dict.fromkeys(STATES, 0)
        for written in self.done.values():
            for status, count in written.counts.items():
                found[status] += count
        return found

    def _take_up(self, head: Mapping[str, Any]) -> None:
        with self.path.open("rb") as file:
            first = file.readline()
            if _is_torn(first):  # cut off before the first line was whole: nothing was written yet
                self._cut(0)
                self._add(json.dumps(dict(head), ensure_ascii=False).encode() + b"\n")
                return
            found = _read(first)
            differs = tuple(key for key in _FIXED if found.get(key) != head.get(key))
            if differs:
                raise OtherLetters(differs)
            end = place = len(first)
            for line in file:
                place += len(line)
                if not line.startswith(_CLOSES):
                    continue
                if not line.endswith(b"\n") or not self._closed(_read(line)):
                    break  # what follows is not to be trusted, and can be made again
                end = place
        self._cut(end)

    def _closed(self, closing: Mapping[str, Any]) -> bool:
        """Take what closes a batch, or the whole; tell whether it could be read."""
        match closing:
            case {"batch": [int(first), int(last)]}:
                counts = {status: int(closing.get(status, 0)) for status in STATES}
                self.done[first] = Written(first, last, counts, "")
            case {"batch": [], "joined": str(name)}:
                self.joined = name
            case _:
                return False
        return True

    def _cut(self, size: int) -> None:
        if self.path.stat().st_size != size:
            os.truncate(self.path, size)

    def _add(self, content: bytes) -> None:
        with open_private(self.path, "a") as file:
            size = file.seek(0, io.SEEK_END)
            try:
                left = memoryview(content)
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):  # half a line would be taken for the beginning of the next
                    file.truncate(size)
                raise


def _is_torn(first: bytes) -> bool:
    """Tell whether a first line is the beginning of ours, or what a power cut left in its place."""
    if first.endswith(b"\n"):
        return False
    found = first.rstrip(b"\0")
    return found.startswith(_BEGINS) or _BEGINS.startswith(found)


def _read(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what a manifest says of each row, batches that were never closed left out. Raises ``OSError``."""
    waiting: list[dict[str, Any]] = []
    with path.open("rb") as file:
        next(file, None)
        for line in file:
            if line.startswith(_CLOSES):
                yield from waiting
                waiting = []
            elif line.endswith(b"\n") and (row := _read(line)):
                waiting.append(row)


def head_of(path: Path) -> dict[str, Any]:
    """Return the head of a manifest, or nothing where the file is none. Raises ``OSError``."""
    with path.open("rb") as file:
        head = _read(file.readline())
    return head if head.get("schema") == SCHEMA else {}


def manifests(folder: Path) -> list[Path]:
    """Return the manifests of a folder, one for each shard. Raises ``OSError``."""
    return [path for path in sorted(folder.glob(f"{MANIFEST}*.jsonl")) if head_of(path)]
