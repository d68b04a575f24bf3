"""The record of what became of the letters: one line for each result, only ever added to, and no name in it.

It lies beside the letters as ``delivery.jsonl``. What was being added when the power went (half a line, or zeros) is
cut off: nobody was told that it was kept, and reading the same results again adds it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from leakresp.papers.letters.delivery import DeliveryUnfit, Result

NAME: Final = "delivery.jsonl"
SCHEMA: Final = "leakresp/delivery/1"
#: Seconds to wait for another process that is recording.
WAIT: Final = 10.0
#: Lines that are added and flushed together.
_BATCH: Final = 1000
_PRIVATE: Final = 0o600
#: Longer than any line of ours.
_LONGEST: Final = 1024
_PIECE: Final = 1 << 16
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CODE: Final = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HeadLine(_Line):
    """The first line."""

    schema_: Literal["leakresp/delivery/1"] = Field(alias="schema")


class SentLine(_Line):
    """The letters left the house on a day; the newest such line counts."""

    kind: Literal["sent"] = "sent"
    on: str = Field(pattern=f"^{_DAY}$")
    at: str = Field(pattern=f"^{_DAY}T")


class ResultLine(_Line):
    """One thing said of one letter, with the time at which it was recorded."""

    kind: Literal["result"] = "result"
    row: int = Field(ge=1)
    key: str = Field(pattern="^[0-9a-f]{32}$")
    outcome: Literal["delivered", "delayed", "expired", "bounced", "returned", "refused"]
    code: str = Field("", pattern=f"^(?:{CODE})?$")
    when: str = Field("", pattern=f"^(?:{_DAY}(?:T[0-9]{{2}}:[0-9]{{2}})?)?$")
    at: str = Field(pattern=f"^{_DAY}T")

    @classmethod
    def of(cls, row: int, key: str, result: Result, at: str) -> ResultLine:
        """Return the line for a result that found its letter."""
        said = {"outcome": result.outcome, "code": result.code, "when": result.when}
        return cls.model_validate({"row": row, "key": key, "at": at, **said})


_ADAPTER: Final[TypeAdapter[SentLine | ResultLine]] = TypeAdapter(
    Annotated[SentLine | ResultLine, Field(discriminator="kind")]
)


class Ledger:
    """The record in a folder of letters."""

    def __init__(self, folder: Path) -> None:
        self.path: Final = folder / NAME
        #: Where the last whole line ends, once that was read.
        self._end: int | None = None

    @contextmanager
    def alone(self, wait: float = WAIT) -> Iterator[None]:
        """Hold the record for this process alone. Raises ``DeliveryUnfit`` where another one keeps it."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.path.with_name(f".{NAME}.lock"), timeout=wait, mode=_PRIVATE)
        try:
            lock.acquire(poll_interval=0.05)
        except Timeout:
            raise DeliveryUnfit("delivery.in_use", str(self.path)) from None
        try:
            yield
        finally:
            lock.release()

    def lines(self) -> Iterator[tuple[int, SentLine | ResultLine]]:
        """Yield each line with its number, an incomplete last one left out. Raises ``DeliveryUnfit``, ``OSError``."""
        self._end, end = None, 0
        if not self.path.exists():
            self._end = end
            return
        with self.path.open("rb") as file:
            for number, raw in enumerate(iter(partial(file.readline, _LONGEST), b""), 1):
                if not raw.endswith(b"\n"):
                    if any(b"\n" in piece for piece in iter(partial(file.read, _PIECE), b"")):
                        raise DeliveryUnfit("delivery.record_broken", str(self.path), number)
                    break
                line = self._read(raw, number)
                end += len(raw)
                if line is not None:
                    yield number, line
        self._end = end

    def add(self, lines: Iterable[SentLine | ResultLine]) -> int:
        """Add lines behind those that were read, some at a time; return how many. Hold the lock. Raises ``OSError``."""
        if self._end is None:  # whoever did not read it does not know where it ends
            deque(self.lines(), maxlen=0)
        source, count = iter(lines), 0
        while some := list(islice(source, _BATCH)):
            head = [] if self._end else [HeadLine(schema=SCHEMA)]
            written = [line.model_dump_json(by_alias=True, exclude_defaults=False) for line in (*head, *some)]
            self._append("".join(f"{line}\n" for line in written).encode())
            count += len(some)
        return count

    def _read(self, raw: bytes, number: int) -> SentLine | ResultLine | None:
        try:
            if number == 1:
                HeadLine.model_validate_json(raw)
                return None
            return _ADAPTER.validate_json(raw)
        except ValidationError:
            raise DeliveryUnfit("delivery.record_broken", str(self.path), number) from None

    def _append(self, content: bytes) -> None:
        end = self._end or 0
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        fresh = not self.path.exists()
        with os.fdopen(os.open(self.path, flags, _PRIVATE), "r+b", buffering=0) as file:
            file.truncate(end)
            file.seek(end)
            try:
                _write_all(file.fileno(), content)
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    file.truncate(end)
                raise
        self._end = end + len(content)
        if fresh:
            _sync_folder(self.path.parent)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk, where the system can (Windows cannot)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
