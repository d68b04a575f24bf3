"""``leakresp case export``: writes a case as one file that can be handed over, read and checked without leakresp."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.age_files import encrypt, read_recipients
from leakresp.shell.case_desk import take_up, tell
from leakresp.shell.case_files import README, TIMELINE, Gathered, Record, gather, pack, put, read_record
from leakresp.shell.case_readers import readme, timeline
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.screen import Screen, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.shell.cases import OpenCase
    from leakresp.shell.wording import Wording

SCHEMA: Final = "leakresp/export/1"


@dataclass(frozen=True, slots=True)
class _Export:
    """A case as it was handed over."""

    case: str
    path: Path
    content: bytes
    record: Record
    gathered: Gathered
    encrypted: bool

    @property
    def sha256(self) -> str:
        """The hash of the whole file."""
        return hashlib.sha256(self.content).hexdigest()


def run(
    *,
    case: str,
    output: Path | None,
    to: list[str],
    drafts: bool,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Write the file and say what is in it. Raises ``FaultsError``; then nothing was written."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    recipients = read_recipients(to)
    opened = take_up(desk, case, folder)
    record = _record(opened)
    gathered = gather(opened.folder, record, drafts=drafts)
    tell(desk, gathered.notes)
    written = {README: readme(desk, opened.name, record), TIMELINE: timeline(desk, opened.name, record)}
    content = pack(opened.name, record, {**gathered.files, **written})
    if recipients:
        content = encrypt(content, recipients)
    path = _place(output, opened.name, encrypted=bool(recipients))
    put(content, path)
    export = _Export(opened.name, path, content, record, gathered, bool(recipients))
    if as_json:
        write_json(_json(export))
    else:
        Screen(desk).write(_rows(export, desk.say))
    return DONE


def _record(opened: OpenCase) -> Record:
    """Return the journal as it stands. One that is broken is not handed over as if it were whole."""
    if opened.journal.broken is not None:
        raise FaultsError([opened.journal.broken, Fault("case_files.broken", str(opened.folder))])
    return read_record(opened.journal.content(), str(opened.journal.path))


def _place(output: Path | None, name: str, *, encrypted: bool) -> Path:
    file = f"{name}.zip.age" if encrypted else f"{name}.zip"
    if output is None:
        return Path(file)
    return output / file if output.is_dir() else output


def _rows(export: _Export, say: Wording) -> Iterator[Row]:
    files = len(export.gathered.files)
    yield Row(say("export.written", case=export.case, file=export.path, count=files, size=f"{len(export.content):,}"))
    if export.gathered.left_out:
        yield Row(say("export.left_out", count=len(export.gathered.left_out)), 2)
    yield Row(say("export.encrypted" if export.encrypted else "export.open"), 2)
    yield Row()
    yield Row(say("export.tell"))
    yield Row(say("export.head", lines=export.record.lines), 2)
    yield Row(export.record.head, 4, style="strong")
    yield Row(say("export.sha256"), 2)
    yield Row(export.sha256, 4, style="strong")


def _json(export: _Export) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "case": export.case,
        "file": str(export.path),
        "size": len(export.content),
        "sha256": export.sha256,
        "encrypted": export.encrypted,
        "lines": export.record.lines,
        "head": export.record.head,
        "files": sorted(export.gathered.files),
        "left_out": list(export.gathered.left_out),
    }
