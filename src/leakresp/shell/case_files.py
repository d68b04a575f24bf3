"""A case handed over as one file: what goes into it, and what must hold of every file that comes out of one.

The file is a zip that any system opens. ``manifest.json`` has size and SHA-256 of everything in it, and the last hash
of the journal's chain. Nothing is compressed and every date is that of the last entry, so the same case always makes
the same bytes. What leakresp writes here it also accepts; what breaks one of these promises is refused as a whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import unicodedata
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leakresp import __version__
from leakresp.response.case import Sent
from leakresp.shell.cases import DEVICES
from leakresp.shell.faults import MISUSE, Fault, FaultsError
from leakresp.shell.journal import NAME, TORN, Chain, sync_folder, write_new

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.response.case import Entry, Event

SCHEMA: Final = "leakresp/case-files/1"
MANIFEST: Final = "manifest.json"
README: Final = "README.txt"
TIMELINE: Final = "timeline.txt"
SENT: Final = "sent"
DRAFTS: Final = "drafts"

#: What a file of a case may come to at most: bytes unpacked, and number of files.
LARGEST: Final = 256 * 1024 * 1024
MOST_FILES: Final = 2_000
_LARGEST_MANIFEST: Final = 4 * 1024 * 1024
#: Letters of a path, and letters and bytes of one name in it, that fit on every system.
_LONGEST_PATH: Final = 180
_LONGEST_NAME: Final = 120
_MOST_BYTES: Final = 255
_DEEPEST: Final = 5
#: What means something to one system or another: a drive, another stream of a file, any letter.
_UNFIT: Final = frozenset('\\:<>"|?*')

_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Model(BaseModel):
    # Another version may say more of a case than this one knows; what this one knows has to be right.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class ListedFile(_Model):
    """One file of the manifest."""

    name: str
    size: Annotated[int, Field(ge=0)]
    sha256: _Hash


class JournalEnd(_Model):
    """How far the journal goes: its lines, and the hash of the last."""

    lines: int
    head: _Hash


class Manifest(_Model):
    """``manifest.json``."""

    schema_: Annotated[Literal["leakresp/case-files/1"], Field(alias="schema")]
    leakresp: str
    case: str
    journal: JournalEnd
    files: Annotated[list[ListedFile], Field(max_length=MOST_FILES)]


@dataclass(frozen=True, slots=True)
class Record:
    """A journal read from bytes: its lines, its last hash, and its entries."""

    content: bytes
    lines: int
    head: str
    entries: tuple[Entry[Event], ...]

    @property
    def last(self) -> dt.datetime:
        """When the last entry was made."""
        return self.entries[-1].at

    @property
    def sent(self) -> dict[str, str]:
        """The hash on record of each frozen copy of a paper that left the house."""
        events = (entry.event for entry in self.entries)
        return {event.file.replace("\\", "/"): event.sha256 for event in events if isinstance(event, Sent)}


def read_record(content: bytes, file: str) -> Record:
    """Return a journal whose chain is whole; an incomplete last line does not count. Raises ``FaultsError``."""
    chain = Chain(file)
    entries = tuple(chain.read(io.BytesIO(content)))
    if chain.broken is not None:
        raise FaultsError([chain.broken])
    if not entries:
        raise FaultsError([Fault("case.empty", file)])
    return Record(content, chain.lines, chain.head, entries)


# ---- paths ----


def safe_path(name: str, file: str = "") -> str:
    """Return the path of a file within a case in the form it is kept in.

    Raises ``FaultsError`` for a path that leads elsewhere, or that some system could not keep, or would read otherwise.
    """
    name = unicodedata.normalize("NFC", name)
    parts = name.split("/")
    if len(name) > _LONGEST_PATH or len(parts) > _DEEPEST or not all(map(_safe_name, parts)):
        raise FaultsError([Fault("case_files.path_unsafe", file, path=printable(name))])
    return name


def _safe_name(name: str) -> bool:
    """Tell whether every system keeps a file under this very name, in this very folder, and shows it."""
    return (
        0 < len(name) <= _LONGEST_NAME
        and len(name.encode(errors="surrogatepass")) <= _MOST_BYTES
        and name.isprintable()
        and not _UNFIT.intersection(name)
        and name[0] not in ". "
        and name[-1] not in ". "
        and DEVICES.fullmatch(name) is None
    )


def belongs(path: str) -> bool:
    """Tell whether a case has a place for a file of this path."""
    top, _, below = path.partition("/")
    if below:
        return top in {SENT, DRAFTS}
    return top in {NAME, README, TIMELINE} or (top.startswith(TORN) and top.endswith(".txt"))


def kept(path: str) -> bool:
    """Tell whether a file is part of the case itself, and not only written for its readers."""
    return path not in {README, TIMELINE, MANIFEST}


def printable(name: str) -> str:
    """Return a name as it can be shown: what would act on a terminal is not."""
    return "".join(letter if letter.isprintable() else "�" for letter in name[:_LONGEST_PATH])


def clash(paths: Iterable[str]) -> str | None:
    """Return the first path that some system could not keep beside those before it: the same but for its case."""
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        known = path.casefold()
        above = {known[:place] for place, letter in enumerate(known) if letter == "/"}
        if known in files or known in folders or above & files:
            return path
        files.add(known)
        folders |= above
    return None


# ---- a case's files gathered ----


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a case by their paths, those ``left_out``, and what a person should know."""

    files: Mapping[str, bytes]
    left_out: tuple[str, ...]
    notes: tuple[Fault, ...]


def gather(folder: Path, record: Record, *, drafts: bool) -> Gathered:
    """Read everything of a case that is handed over. Raises ``FaultsError``.

    A frozen copy that is no longer what left the house is refused; one that is gone is noted.
    """
    files = {NAME: record.content}
    notes: list[Fault] = []
    left_out: list[str] = []
    size = len(record.content)
    for path, below in _paths(folder, notes):
        name = safe_path(below, str(folder))
        if name.startswith(f"{DRAFTS}/") and not drafts:
            left_out.append(name)
            continue
        files[name] = _content(path, max(0, LARGEST - size))
        size += len(files[name])
    if (twice := clash(files)) is not None:
        raise FaultsError([Fault("case_files.twice", str(folder), path=twice)])
    altered = [Fault("case_files.sent_altered", str(folder / name)) for name in _altered(files, record)]
    if altered:
        raise FaultsError(altered)
    notes += missing(files, record, str(folder))
    return Gathered(files, tuple(left_out), tuple(notes))


def _altered(files: Mapping[str, bytes], record: Record) -> Iterator[str]:
    for name, sha256 in record.sent.items():
        if name in files and _sha256(files[name]) != sha256:
            yield name


def missing(files: Mapping[str, bytes], record: Record, where: str) -> Iterator[Fault]:
    """Yield a note for each frozen copy on record that is not among the files."""
    yield from (
        Fault("case_files.sent_missing", where, path=printable(name)) for name in record.sent if name not in files
    )


def _paths(folder: Path, notes: list[Fault]) -> list[tuple[Path, str]]:
    """Return the files to be handed over, each with its path below the folder, in an order of their own."""
    found = [folder / name for name in (SENT, DRAFTS)]
    paths = []
    try:
        found += [path for path in folder.iterdir() if path.name.startswith(TORN) and path.suffix == ".txt"]
        while found:
            path = found.pop()
            if path.is_dir() and not path.is_symlink():
                found += path.iterdir()
            elif _ordinary(path):
                paths.append((path, path.relative_to(folder).as_posix()))
            elif path.is_symlink() or path.exists():
                notes.append(Fault("case_files.no_file", str(path)))
    except OSError as error:
        raise FaultsError([_unreadable(error, folder)]) from None
    return sorted(paths, key=lambda each: each[1])


def _ordinary(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _content(path: Path, room: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(room + 1)
    except OSError as error:
        raise FaultsError([_unreadable(error, path)]) from None
    if len(content) > room:
        raise FaultsError([too_large(str(path))])
    return content


def too_large(file: str) -> Fault:
    """Return the fault of a file that comes to more than a case does."""
    return Fault("case_files.too_large", file, details={"largest": LARGEST // 1024 // 1024})


def too_many(file: str) -> Fault:
    """Return the fault of more files than a case has."""
    return Fault("case_files.too_many", file, details={"most": MOST_FILES})


def _unreadable(error: OSError, path: Path) -> Fault:
    return Fault("file.unreadable", str(path), details={"reason": error.strerror or str(error)})


# ---- packed ----


def pack(case: str, record: Record, files: Mapping[str, bytes]) -> bytes:
    """Return the zip of a case: the same bytes for the same files, on every machine.

    Raises ``FaultsError`` for more than could be taken in again.
    """
    written = {MANIFEST: _manifest(case, record, files), **files}
    if len(written) > MOST_FILES:
        raise FaultsError([too_many(case)])
    if sum(map(len, written.values())) > LARGEST:
        raise FaultsError([too_large(case)])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (README, MANIFEST, TIMELINE, NAME, *sorted(written.keys() - {README, MANIFEST, TIMELINE, NAME})):
            archive.writestr(_packed(name, record.last), written[name])
    return packed.getvalue()


def _manifest(case: str, record: Record, files: Mapping[str, bytes]) -> bytes:
    manifest = {
        "schema": SCHEMA,
        "leakresp": __version__,
        "case": case,
        "journal": {"lines": record.lines, "head": record.head},
        "files": [{"name": name, "size": len(files[name]), "sha256": _sha256(files[name])} for name in sorted(files)],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _packed(name: str, at: dt.datetime) -> zipfile.ZipInfo:
    # A zip knows the years 1980 to 2107; a clock that stood elsewhere must not stop the handing over.
    day = (min(max(at.year, 1980), 2107), at.month, at.day, at.hour, at.minute, at.second)
    packed = zipfile.ZipInfo(name, day)
    packed.create_system = 3  # Unix, also where it was made elsewhere: so the bytes are the same
    packed.external_attr = (stat.S_IFREG | 0o600) << 16
    return packed


def put(content: bytes, path: Path) -> None:
    """Write a new file, whole or not at all, readable by its owner only. Raises ``FaultsError``."""
    if os.path.lexists(path):
        raise FaultsError([Fault("case_files.exists", str(path))], MISUSE)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_new(fresh, content)
        fresh.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultsError([Fault("file.unwritable", str(path), details={"reason": reason})]) from None
    finally:
        with suppress(OSError):
            fresh.unlink()


# ---- unpacked ----


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A case that was handed over and found to be what its manifest says."""

    manifest: Manifest
    record: Record
    files: Mapping[str, bytes]


def unpack(found: Mapping[str, bytes], file: str) -> Unpacked:
    """Check what a zip held against its manifest, and the journal against itself. Raises ``FaultsError``."""
    manifest = _read_manifest(found, file)
    faults = list(_differences(manifest, found, file))
    if faults:
        raise FaultsError(faults)
    record = read_record(found[NAME], f"{file}/{NAME}")
    if (record.lines, record.head) != (manifest.journal.lines, manifest.journal.head):
        raise FaultsError([Fault("case_files.head_differs", file, path=NAME)])
    altered = [Fault("case_files.sent_altered", file, path=name) for name in _altered(found, record)]
    if altered:
        raise FaultsError(altered)
    return Unpacked(manifest, record, {name: content for name, content in found.items() if kept(name)})


def _read_manifest(found: Mapping[str, bytes], file: str) -> Manifest:
    raw = found.get(MANIFEST)
    if raw is None or NAME not in found:
        raise FaultsError([Fault("case_files.no_case", file)])
    if len(raw) > _LARGEST_MANIFEST:
        raise FaultsError([Fault("case_files.manifest_unfit", file, path=MANIFEST, details={"reason": "size"})])
    try:
        plain: Any = json.loads(raw)
        return Manifest.model_validate(plain)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        reason = f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"
    except (ValueError, RecursionError) as error:
        reason = str(error)
    details = {"reason": printable(reason)}
    raise FaultsError([Fault("case_files.manifest_unfit", file, path=MANIFEST, details=details)])


def _differences(manifest: Manifest, found: Mapping[str, bytes], file: str) -> Iterator[Fault]:
    listed = {unicodedata.normalize("NFC", each.name): each for each in manifest.files}
    if len(listed) != len(manifest.files):
        yield Fault("case_files.twice", file, path=MANIFEST)
    for name, each in listed.items():
        if name not in found:
            yield Fault("case_files.not_there", file, path=printable(name))
        elif (len(found[name]), _sha256(found[name])) != (each.size, each.sha256):
            yield Fault("case_files.altered", file, path=name)
    for name in found:
        if name not in listed and name != MANIFEST:
            yield Fault("case_files.not_listed", file, path=name)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
