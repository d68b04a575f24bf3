"""The journal of a case: a file that is only added to, one event a line, each line sealed with the one before it.

A line ends in its own hash, taken over the rest of the line, which carries the hash of the line before. Who alters,
removes or inserts a line breaks the seal there. To check a line without this program: take out ``,"hash":"…"``; the
SHA-256 of what is left, without the line's end, is the hash that was taken out.

An event is acknowledged when it has reached the disk, never before. A last line that was cut short (power cut) is set
aside, never deleted and never guessed at.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import io
import json
import os
import re
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leakresp.response.case import Entry, SetAside, Unread, plain, read_event
from leakresp.shell.faults import MISUSE, Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from leakresp.response.case import Event

NAME: Final = "journal.jsonl"
LOCK: Final = ".lock"
#: How the files are named that keep a last line which was cut short.
TORN: Final = "torn-"
#: What the first line names as the hash of the line before it.
START: Final = "0" * 64
#: Seconds to wait for another process that is writing; one append takes milliseconds.
WAIT: Final = 10.0

_SEAL_LENGTH: Final = len(b',"hash":""}\n') + len(START)
_decode: Final = json.JSONDecoder().raw_decode
_HASH: Final = re.compile(r"[0-9a-f]{64}")
#: Letters that would act on a terminal instead of being read, and halves of letters that no file can hold.
_UNFIT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_READ_ONLY: Final = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))
_GONE: Final = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ENODEV))
#: What a file system answers that cannot sync a folder.
_CANNOT_SYNC: Final = frozenset((errno.EINVAL, errno.EBADF, errno.ENOSYS, errno.ENOTSUP, errno.EACCES, errno.EROFS))


def open_private(path: Path, mode: str) -> io.FileIO:
    """Open a file that nobody but its owner may read, without buffering."""
    return io.FileIO(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))


class TakenError(FaultsError):
    """The folder of a new case has a journal, or other files, already."""

    def __init__(self, folder: Path) -> None:
        super().__init__([Fault("case.taken", str(folder), details={"name": folder.name})], MISUSE)


class Added(NamedTuple):
    """What an append brought: what ``others`` had added since we last looked, then our ``own`` entries."""

    others: tuple[Entry[Event], ...]
    own: tuple[Entry[Event], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A journal checked. ``head`` is the last hash; ``kept_at`` the line that carries the hash ``kept`` elsewhere."""

    lines: int
    head: str
    broken: Fault | None
    torn: Fault | None
    kept: str | None
    kept_at: int | None

    @property
    def good(self) -> bool:
        """True when every line is sealed, none is torn, and the hash kept elsewhere is among them."""
        return self.broken is None and self.torn is None and (self.kept is None or self.kept_at is not None)


class Chain:
    """A journal's lines taken one after another, each checked against the one before it."""

    def __init__(self, file: str) -> None:
        self.file: Final = file
        self.lines = 0
        #: Bytes taken so far, and the last of them.
        self.end = 0
        self.ending = b""
        #: What stands at the end of the file and is no complete line.
        self.tail = b""
        self.head = START
        self.broken: Fault | None = None
        #: The lines on which the clock stood earlier than on the line before.
        self.backwards: list[int] = []
        self._latest: dt.datetime | None = None

    @property
    def torn(self) -> Fault | None:
        """The last line, where it is incomplete."""
        return Fault("case.torn", self.file, self.lines + 1) if self.tail else None

    def read(self, rows: Iterable[bytes]) -> Iterator[Entry[Event]]:
        """Take the rows of a file to its end and yield the entries that can be read, past a break too."""
        self.tail = b""
        for raw in rows:
            if self.tail:  # more follows, so this line was not cut short: it was damaged
                self.take(self.tail, None)
                self.tail = b""
            found = _json(raw)
            if found is None:
                self.tail = raw
            elif (entry := self.take(raw, found)) is not None:
                yield entry

    def take(self, raw: bytes, found: dict[str, Any] | None) -> Entry[Event] | None:
        """Take the next line, with what it says as JSON; return its entry where it can be read."""
        self.lines += 1
        self.end += len(raw)
        self.ending = raw[-_SEAL_LENGTH:]
        head = _hash(raw[:-_SEAL_LENGTH] + b"}")
        if self.broken is None:
            key = self._wrong(head, found)
            self.broken = self._fault(key) if key else None
        self.head = head
        return None if found is None else self._entry(found)

    def _wrong(self, head: str, found: dict[str, Any] | None) -> str | None:
        if found is None:
            return "chain_unreadable"
        if self.ending != _seal(head):
            return "chain_altered"
        if found.get("n") != self.lines or found.get("prev") != self.head:
            return "chain_cut"
        return None

    def _fault(self, key: str) -> Fault:
        return Fault(f"case.{key}", self.file, self.lines)

    def _entry(self, found: dict[str, Any]) -> Entry[Event] | None:
        try:
            at, by, kind = dt.datetime.fromisoformat(found["at"]), found["by"], found["kind"]
            fits = at.tzinfo is not None and isinstance(by, str) and isinstance(kind, str)
        except (KeyError, TypeError, ValueError):
            fits = False
        if not fits:
            self.broken = self.broken or self._fault("chain_unreadable")
            return None
        if self._latest is not None and at < self._latest:
            self.backwards.append(self.lines)
        self._latest = at
        return Entry(self.lines, at, by, read_event(kind, found))


class Journal:
    """The journal in one folder. ``now`` gives the time, with its zone."""

    def __init__(
        self,
        folder: Path,
        now: Callable[[], dt.datetime],
        *,
        wait: float = WAIT,
        open_file: Callable[[Path, str], io.FileIO] = open_private,
    ) -> None:
        self.folder: Final = folder
        self.path: Final = folder / NAME
        self.entries: Final[list[Entry[Event]]] = []
        self._now = now
        self._wait = wait
        self._open = open_file
        self._chain = Chain(str(self.path))
        self._aside: Fault | None = None

    @property
    def head(self) -> str:
        """The hash of the last line."""
        return self._chain.head

    @property
    def broken(self) -> Fault | None:
        """The first broken line; from there on nothing is proven."""
        return self._chain.broken

    @property
    def notes(self) -> tuple[Fault, ...]:
        """What a person should know of this journal, though none of it stops the reading."""
        notes = [note for note in (self.broken, self._chain.torn, self._aside) if note is not None]
        if backwards := self._chain.backwards:
            notes.append(Fault("case.clock_backwards", str(self.path), backwards[0], details={"times": len(backwards)}))
        unread = (
            Fault("case.kind_unknown", str(self.path), entry.n, details={"kind": entry.event.named})
            for entry in self.entries
            if isinstance(entry.event, Unread)
        )
        return (*notes, *unread)

    def read(self) -> tuple[Entry[Event], ...]:
        """Read on from where we last stood and return what is new. Raises ``FaultsError``."""
        fresh = self._read_on()
        if self._chain.tail:
            with self._alone_if_possible():
                fresh += self._read_on()
        return fresh

    def verify(self, kept: str | None = None) -> Checked:
        """Check every line anew, and whether the hash ``kept`` elsewhere is among them. Raises ``FaultsError``."""
        if kept is not None:
            kept = kept.strip().lower()
            if not _HASH.fullmatch(kept):
                raise FaultsError([Fault("case.head_unfit", path="--head")], MISUSE)
        checked = self._verify(kept)
        if checked.torn:
            with self._alone_if_possible():
                checked = self._verify(kept)
        return checked

    def create(self, by: str, *events: Event) -> None:
        """Begin the journal with ``events``. Raises ``TakenError`` where there is one, and ``FaultsError``."""
        with self._alone():
            with _on_disk(self.path), suppress(FileExistsError):
                self._open(self.path, "x").close()
            if self._read_on() or self.broken:
                raise TakenError(self.folder)
            self._add(by, events)
            try:
                sync_folder(self.folder)
                sync_folder(self.folder.parent)
            except OSError as error:  # the line is on the disk; whether it can be found again is not known
                raise FaultsError([self._perhaps_kept(error)]) from None

    def append(self, by: str, *events: Event) -> Added:
        """Add ``events`` behind everything others have added. On return they are on the disk.

        Raises ``FaultsError``; then none of them counts, and what was there before is untouched.
        """
        with self._alone():
            others = self._read_on()
            return Added(others, self._add(by, events))

    def content(self) -> bytes:
        """Return the file as it stands while nobody writes to it. Raises ``FaultsError``."""
        with self._alone_if_possible(), _reading(self.path) as file:
            return file.read()

    # ---- reading ----

    def _read_on(self) -> tuple[Entry[Event], ...]:
        before = len(self.entries)
        with _reading(self.path) as file:
            if self._chain.ending:
                file.seek(self._chain.end - len(self._chain.ending))
                if file.read(len(self._chain.ending)) != self._chain.ending:
                    raise FaultsError([Fault("case.replaced", str(self.path))])
            self.entries.extend(self._chain.read(file))
        return tuple(self.entries[before:])

    def _verify(self, kept: str | None) -> Checked:
        chain, kept_at = Chain(str(self.path)), None
        with _reading(self.path) as file:
            for entry in chain.read(file):
                if chain.head == kept and chain.broken is None:
                    kept_at = entry.n
        return Checked(chain.lines, chain.head, chain.broken, chain.torn, kept, kept_at)

    # ---- writing; only while no other process does ----

    def _add(self, by: str, events: Sequence[Event]) -> tuple[Entry[Event], ...]:
        if self.broken:
            raise FaultsError([self.broken, Fault("case.append_refused", str(self.path))])
        _check_letters(str(self.path), by, events)
        if self._chain.tail:
            events = (SetAside(self._copy_tail()), *events)
        lines = self._sealed(by, events)
        self._write(b"".join(lines))
        own = tuple(self._chain.read(lines))
        self.entries.extend(own)
        return own

    def _sealed(self, by: str, events: Sequence[Event]) -> list[bytes]:
        at = self._now().isoformat(timespec="seconds")
        head, lines = self._chain.head, []
        for n, event in enumerate(events, self._chain.lines + 1):
            line = {"n": n, "at": at, "by": by, "kind": event.kind, **plain(event), "prev": head}
            text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
            head = _hash(text.encode())
            lines.append(text[:-1].encode() + _seal(head))
        return lines

    def _write(self, content: bytes) -> None:
        with _on_disk(self.path), _closing(self._open(self.path, "r+")) as file:
            try:
                if self._chain.tail:
                    file.truncate(self._chain.end)  # the copy of what is cut off here is on the disk already
                file.seek(self._chain.end)
                _write_all(file, content)
                os.fsync(file.fileno())
            except OSError as error:
                if not _taken_back(file, self._chain.end):
                    raise FaultsError([self._perhaps_kept(error)]) from None
                raise

    def _perhaps_kept(self, error: OSError) -> Fault:
        return Fault("case.perhaps_kept", str(self.path), details={"reason": error.strerror or str(error)})

    def _copy_tail(self) -> str:
        """Copy the torn last line into a file of its own and return that file's name."""
        stem = f"{TORN}{self._now():%Y%m%d-%H%M%S}"
        with _on_disk(self.path):
            for number in count(1):
                name = f"{stem}.txt" if number == 1 else f"{stem}-{number}.txt"
                with suppress(FileExistsError):
                    write_new(self.folder / name, self._chain.tail, self._open)
                    break
            sync_folder(self.folder)
        self._aside = Fault("case.set_aside", str(self.path), self._chain.lines + 1, details={"name": name})
        return name

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock. The system frees it when its holder dies, so a lock file left behind locks nobody out."""
        from filelock import FileLock, Timeout

        if not self.folder.is_dir():  # the lock would make the folder anew
            raise FaultsError([Fault("case.vanished", str(self.folder))])
        since = self._now()
        lock = FileLock(self.folder / LOCK, timeout=self._wait, mode=0o600)
        try:
            lock.acquire(poll_interval=0.005)
        except Timeout:
            raise FaultsError([Fault("case.busy", str(self.path), details={"since": f"{since:%H:%M:%S}"})]) from None
        except OSError as error:
            raise FaultsError([disk_fault(error, self.path)]) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _alone_if_possible(self) -> Iterator[None]:
        """Hold the lock where one can be had: an incomplete last line may just be being written by somebody."""
        with ExitStack() as stack:
            with suppress(FaultsError):  # a read-only copy has no lock, and nobody who writes
                stack.enter_context(self._alone())
            yield


def write_new(path: Path, content: bytes, open_file: Callable[[Path, str], io.FileIO] = open_private) -> None:
    """Bring a new file to the disk, whole or not at all. Raises ``OSError``."""
    file = open_file(path, "x")
    try:
        with _closing(file):
            _write_all(file, content)
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise


def sync_folder(folder: Path) -> None:
    """Bring a folder's own list of names to the disk, where the system can (Windows cannot). Raises ``OSError``."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)


def disk_fault(error: OSError, path: Path) -> Fault:
    """Return what an error of the disk means for somebody who wanted to write ``path``."""
    if error.errno in _FULL:
        return Fault("case.disk_full", str(path))
    if error.errno in _READ_ONLY:
        return Fault("case.read_only", str(path))
    if error.errno in _GONE:
        return Fault("case.vanished", str(path.parent))
    return Fault("case.not_kept", str(path), details={"reason": error.strerror or str(error)})


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    """Turn errors of the disk into faults."""
    try:
        yield
    except OSError as error:
        raise FaultsError([disk_fault(error, path)]) from None


@contextmanager
def _closing(file: io.FileIO) -> Iterator[io.FileIO]:
    """Close a file at the end, whatever closing says: what was synced is on the disk, what was not raised already."""
    try:
        yield file
    finally:
        with suppress(OSError):
            file.close()


@contextmanager
def _reading(path: Path) -> Iterator[io.BufferedReader]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        if error.errno in _GONE:
            raise FaultsError([Fault("case.vanished", str(path.parent))]) from None
        reason = error.strerror or str(error)
        raise FaultsError([Fault("file.unreadable", str(path), details={"reason": reason})]) from None


def _write_all(file: io.FileIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        written = file.write(rest)
        if not written:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[written:]


def _taken_back(file: io.FileIO, end: int) -> bool:
    """Cut a file back to ``end`` and tell whether that could be done."""
    try:
        file.truncate(end)
    except OSError:
        return False
    with suppress(OSError):
        os.fsync(file.fileno())
    return True


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _seal(head: str) -> bytes:
    """Return how a line ends whose hash is ``head``."""
    return f',"hash":"{head}"}}\n'.encode()


def _json(raw: bytes) -> dict[str, Any] | None:
    """Return what a line says, or ``None`` where it is no complete line of a journal."""
    if not raw.endswith(b"\n"):
        return None
    try:
        text = raw.decode()
        found, end = _decode(text)
        if b"\\u" in raw:
            json.dumps(found, ensure_ascii=False).encode()  # half a letter is refused here, not on the screen
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and not text[end:].strip() else None


def _check_letters(file: str, by: str, events: Iterable[Event]) -> None:
    for words in (by, *(words for event in events for words in _words(plain(event)))):
        if found := _UNFIT.search(words):
            details = {"letter": f"U+{ord(found[0]):04X}"}
            raise FaultsError([Fault("case.control_letters", file, details=details)], MISUSE)


def _words(value: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _words(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)
