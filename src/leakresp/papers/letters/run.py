"""All letters of a list written, batch by batch; a run that was cut off goes on where it stopped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.papers.letters.batch import COLUMNS, PARTS, Written, fresh_file, part, private_folder
from leakresp.papers.letters.manifest import MANIFEST, SCHEMA, Manifest

if TYPE_CHECKING:
    from leakresp.papers.letters.engines import Engine
    from leakresp.papers.letters.order import Order
    from leakresp.papers.recipients import Survey

_LOCK: Final = ".lock"
_BOM: Final = b"\xef\xbb\xbf"


class InUse(Exception):
    """Another run is writing letters into the same folder."""


class LettersGone(Exception):
    """Letters that were noted as written are no longer where they were, or not what they were."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class FolderTaken(Exception):
    """The folder holds files of somebody else, and no letters of ours."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run over a list, or over a shard of it. ``day`` dates the letters."""

    order: Order
    survey: Survey
    paper: str
    day: str

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last row of the run."""
        return self.survey.shard(*self.order.shard)

    @property
    def head(self) -> dict[str, Any]:
        """The first line of the manifest: all that must be the same for a run to go on, and no name."""
        order, (number, of) = self.order, self.order.shard
        return {
            "schema": SCHEMA, "paper": self.paper, "form": order.form, "into": order.into, "way": order.reading.way,
            "lang": order.reading.lang, "shard": f"{number}/{of}", "rows": list(self.span), "batch": order.batch,
            "day": self.day, "list": order.table.sha256, "fingerprint": order.fingerprint, "names": order.names,
        }  # fmt: skip

    @property
    def manifest_name(self) -> str:
        """The name of the manifest, which tells the shard."""
        return f"{MANIFEST}{self.order.suffix}.jsonl"

    @contextmanager
    def manifest(self) -> Iterator[Manifest]:
        """Open the manifest for this run alone. Raises ``InUse``, ``FolderTaken``, ``OtherLetters``, ``OSError``."""
        from filelock import FileLock, Timeout

        folder, name = self.order.folder, self.manifest_name
        private_folder(folder)
        if not any(_is_ours(path) for path in folder.iterdir()) and any(folder.iterdir()):
            raise FolderTaken
        lock = FileLock(folder / f".{name}{_LOCK}", timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise InUse from None
        try:
            yield Manifest(folder / name, self.head)
        finally:
            lock.release()

    def write(self, manifest: Manifest, engine: Engine, jobs: int) -> Iterator[Written]:
        """Write what is not written yet; yield each batch once it is noted. Raises what ``write_batch`` does."""
        portions = self.survey.portions(self.span, self.order.batch)
        left = (portion for portion in portions if portion.first not in manifest.done)
        for written in engine(self.order, left, jobs):
            manifest.close_batch(written)
            yield written

    def join(self, manifest: Manifest) -> Path | None:
        """Join the parts to one file and return it, or ``None`` where each letter or batch stays a file.

        Done again it changes nothing. Raises ``LettersGone``, ``OSError``.
        """
        order = self.order
        if order.whole is None:
            return None
        path = order.folder / order.whole
        parts = [order.folder / part(order, batch.first, batch.last) for _, batch in sorted(manifest.done.items())]
        if not manifest.joined:
            _joined(path, parts, _table_head() if order.into == "csv" else b"")
            manifest.note_joined(path.name)
        for each in parts:
            each.unlink(missing_ok=True)
        with suppress(OSError):  # another shard's parts may still lie there
            (order.folder / PARTS).rmdir()
        return path


def _is_ours(path: Path) -> bool:
    return path.name.startswith((MANIFEST, f".{MANIFEST}"))


# many parts joined to one file --------------------------------------------------------------------------------------


def _table_head() -> bytes:
    return _BOM + ",".join(COLUMNS).encode() + b"\r\n"


def _joined(path: Path, parts: list[Path], first: bytes) -> None:
    """Join parts to one file. Raises ``LettersGone`` where one is missing: a gap must not look like an end."""
    with fresh_file(path, durable=True) as whole:
        whole.write(first)
        for each in parts:
            try:
                file = each.open("rb")
            except FileNotFoundError:
                raise LettersGone(each) from None
            with file:
                shutil.copyfileobj(file, whole, 1 << 20)
