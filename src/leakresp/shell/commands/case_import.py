"""``leakresp case import``: takes in a case that was handed over, after checking all of it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.age_files import decrypt, is_encrypted
from leakresp.shell.case_arrival import settle
from leakresp.shell.case_desk import take_up, tell
from leakresp.shell.case_files import LARGEST, Unpacked, missing, too_large, unpack
from leakresp.shell.case_zip import read_zip
from leakresp.shell.cases import EXERCISE
from leakresp.shell.desk import Desk, read_bytes
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.screen import Screen, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.shell.cases import OpenCase
    from leakresp.shell.wording import Wording

SCHEMA: Final = "leakresp/import/1"
#: What a zip or an encryption adds to what it holds, at most.
_WRAPPING: Final = 16 * 1024 * 1024


def run(
    *,
    file: Path,
    name: str | None,
    identity: str | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Check the file, put the case among the others, and say what came. Raises ``FaultsError``; then nothing came."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    unpacked = unpack(read_zip(_content(file, identity), str(file)), str(file))
    tell(desk, missing(unpacked.files, unpacked.record, str(file)))
    place = settle(unpacked.files, name or unpacked.manifest.case, folder)
    opened = take_up(desk, str(place.absolute()), folder)
    if as_json:
        write_json(_json(opened, unpacked))
    else:
        Screen(desk).write(_rows(opened, unpacked, desk.say))
    return DONE


def _content(file: Path, identity: str | None) -> bytes:
    if file.name == EXERCISE or (file / EXERCISE).is_file():
        raise FaultsError([Fault("drill.not_a_case", str(file))], MISUSE)
    if file.is_file() and file.stat().st_size > LARGEST + _WRAPPING:
        raise FaultsError([too_large(str(file))])
    content = read_bytes(str(file))
    return decrypt(content, str(file), identity) if is_encrypted(content) else content


def _rows(opened: OpenCase, unpacked: Unpacked, say: Wording) -> Iterator[Row]:
    record = unpacked.record
    yield Row(say("import.done", case=opened.name, count=len(unpacked.files)))
    yield Row(say("import.checked", lines=record.lines), 2)
    yield Row()
    yield Row(say("import.compare"))
    yield Row(record.head, 4, style="strong")
    yield Row()
    yield Row(say("import.go_on"))
    yield Row(f"leakresp status {shlex.quote(opened.name)}", 2, style="strong")


def _json(opened: OpenCase, unpacked: Unpacked) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "case": opened.name,
        "folder": str(opened.folder),
        "came_from": unpacked.manifest.case,
        "lines": unpacked.record.lines,
        "head": unpacked.record.head,
        "files": sorted(unpacked.files),
    }
