"""The letters of some rows, written at one go: whole files under their final names, and a line about each row."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from leakresp.papers.formats import FormatUnavailable, Unwritable, missing_glyphs
from leakresp.papers.formats.stencils import bound
from leakresp.papers.letters.order import LETTERS_IN_PDF, LetterUnfinished, Order, stencil_for
from leakresp.papers.recipients import Portion, Recipient, RowFault, addressee, neutral, read

#: The states of a row in the manifest: ``skipped`` rows name nobody one could write to.
STATES: Final = ("written", "failed", "skipped")
LETTERS: Final = "letters"
PARTS: Final = "parts"
_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
#: Stands behind the row's key in a mail's Message-ID, so that a bounce can be told apart without an address.
MESSAGE_DOMAIN: Final = "leakresp.invalid"
#: Letters in one folder.
_SHELF: Final = 1000
_SEPARATOR: Final = b"From leakresp@localhost Thu Jan  1 00:00:00 1970\n"
_PAGE_BREAK: Final = b"\n\f\n"
#: The columns of the table for a mail house.
COLUMNS: Final = (
    "row", "reference", "lang", "name", "honorific", "postal_code", "address", "email", "addressee", "items",
    "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """One batch written: rows ``first`` to ``last``, how many ended in which state, and the manifest's lines."""

    first: int
    last: int
    counts: dict[str, int]
    lines: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One person and what goes into the blanks of the letter."""

    recipient: Recipient
    values: dict[str, str]

    @classmethod
    def to(cls, recipient: Recipient, order: Order) -> Letter:
        """Return the letter to a person."""
        lines = addressee(recipient, order.reading.way)
        values = {"addressee": "\n".join(lines), "reference": reference_of(recipient)}
        if order.form == "eml":
            values |= {"to": _in_ascii(recipient.email), "message_id": f"<{recipient.key}@{MESSAGE_DOMAIN}>"}
        return cls(recipient, values)


def _in_ascii(address: str) -> str:
    """Return a mail address with its domain as mail servers know it (日本語.jp → xn--…)."""
    local, sign, domain = address.rpartition("@")
    return address if address.isascii() else f"{local}{sign}{domain.encode('idna').decode('ascii')}"


def reference_of(recipient: Recipient) -> str:
    """Return the number by which the desk finds a letter again: the list's own, else one made from the row."""
    if recipient.reference:
        return recipient.reference
    digits = recipient.key[:12].upper()
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def write_batch(order: Order, portion: Portion) -> Written:
    """Write the letters of a portion. Raises ``ListUnfit``, ``FormatUnavailable``, ``OSError``.

    Done again it writes the very same: nothing stands half written under a final name, and nothing twice. What it has
    written is on the disk when it returns.
    """
    notes: list[dict[str, Any]] = []
    letters = _letters(order, portion, notes)
    if order.into == "files":
        _each(order, letters, notes)
    elif order.whole is None:
        _bound(order, letters, notes)
    else:
        _together(order, portion, letters, notes)
    notes.sort(key=lambda note: int(note["row"]))
    counts = {state: sum(note["status"] == state for note in notes) for state in STATES}
    return Written(portion.first, portion.last, counts, "".join(map(_line, notes)))


def _letters(order: Order, portion: Portion, notes: list[dict[str, Any]]) -> Iterator[Letter]:
    """Yield the letter to each person; a row that names nobody is noted."""
    for row in read(order.table, order.columns, order.reading, portion):
        if isinstance(row, RowFault):
            why = [f"{fault.key}:{fault.field}" if fault.field else fault.key for fault in row.faults]
            notes.append({"row": row.row, "key": row.key, "status": "skipped", "why": why})
        else:
            yield Letter.to(row, order)


def _line(note: dict[str, Any]) -> str:
    return json.dumps(note, ensure_ascii=False, separators=(",", ":")) + "\n"


def _note(order: Order, letter: Letter, status: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    recipient = letter.recipient
    note: dict[str, Any] = {"row": recipient.row, "key": recipient.key, "status": status, **more}
    if order.names:
        note |= {"name": recipient.name, "address": " ".join(recipient.address), "email": recipient.email}
    return note


def _fitting(order: Order, letters: Iterable[Letter], notes: list[dict[str, Any]]) -> Iterator[tuple[Letter, bytes]]:
    """Yield each letter with its content; one that cannot be made is noted, and the others go on."""
    for letter in letters:
        try:
            content = _content(order, letter)
        except Unwritable as wrong:
            notes.append(_note(order, letter, "failed", why=[wrong.key]))
        except LetterUnfinished as wrong:
            notes.append(_note(order, letter, "failed", why=[f"hole:{fact}" for fact in wrong.facts]))
        except FormatUnavailable as lacking:
            if lacking.reason != "glyphs":
                raise
            notes.append(_note(order, letter, "failed", why=["glyphs"]))
        else:
            yield letter, content


def _content(order: Order, letter: Letter) -> bytes:
    """Return one person's file, or its piece of a file of many.

    Raises ``Unwritable``, ``LetterUnfinished``, ``FormatUnavailable``.
    """
    stencil = stencil_for(order, letter.recipient.lang, letter.recipient.items)
    if order.form == "pdf" and order.into == "one":
        if missing := missing_glyphs("".join(letter.values.values()), order.press):
            raise FormatUnavailable("pdf", "glyphs", "".join(missing))
        return b""  # typeset with the others
    content = stencil.fill(letter.values)
    if order.into == "mbox":
        # A line that begins like a separator can only stand in quoted-printable, where its first letter has a code.
        return _SEPARATOR + content.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n=46rom ") + b"\n"
    if order.into == "one":
        return content + _PAGE_BREAK
    return _row(order, letter, content.decode()) if order.into in {"csv", "jsonl"} else content


def _row(order: Order, letter: Letter, text: str) -> bytes:
    recipient = letter.recipient
    cells = (
        str(recipient.row), letter.values["reference"], recipient.lang, recipient.name, recipient.honorific,
        recipient.postal_code, "\n".join(recipient.address), recipient.email, letter.values["addressee"],
        ",".join(recipient.items or ()), text,
    )  # fmt: skip
    if order.into == "jsonl":
        return _line(dict(zip(COLUMNS, cells, strict=True))).encode()
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(neutral, cells))
    return line.getvalue().encode()


# a file each, or many in a file --------------------------------------------------------------------------------------


def _each(order: Order, letters: Iterable[Letter], notes: list[dict[str, Any]]) -> None:
    for letter, content in _fitting(order, letters, notes):
        row = letter.recipient.row
        path = Path(LETTERS, f"{row // _SHELF:05}", f"{row:08}.{order.form}")  # named by the row, never by the person
        with fresh_file(order.folder / path) as file:
            file.write(content)
        notes.append(_note(order, letter, "written", file=path.as_posix(), sha256=_sha256(content)))
    _to_disk()


def _together(order: Order, portion: Portion, letters: Iterable[Letter], notes: list[dict[str, Any]]) -> None:
    """Write the letters one behind the other into a part of the one file, which may be empty."""
    with fresh_file(order.folder / part(order, portion.first, portion.last), durable=True) as file:
        for letter, content in _fitting(order, letters, notes):
            file.write(content)
            notes.append(_note(order, letter, "written", file=order.whole, sha256=_sha256(content)))


def _bound(order: Order, letters: Iterable[Letter], notes: list[dict[str, Any]]) -> None:
    """Write PDFs of many letters: each has one language, and not too many letters."""
    fit = [letter for letter, _ in _fitting(order, letters, notes)]
    for lang in sorted({letter.recipient.lang for letter in fit}):
        some = iter([letter for letter in fit if letter.recipient.lang == lang])
        while one := list(islice(some, LETTERS_IN_PDF)):
            path = Path(LETTERS, f"{_rows(one[0].recipient.row, one[-1].recipient.row)}-{lang}.pdf")
            content = bound([(stencil_for(order, lang, each.recipient.items), each.values) for each in one])
            with fresh_file(order.folder / path, durable=True) as file:
                file.write(content)
            digest = _sha256(content)
            notes += [
                _note(order, each, "written", file=path.as_posix(), place=place, sha256=digest)
                for place, each in enumerate(one, 1)
            ]


def part(order: Order, first: int, last: int) -> Path:
    """Return where the letters of a batch wait until they are joined to the others."""
    return Path(PARTS, f"{_rows(first, last)}{order.suffix}.{order.into}")


def _rows(first: int, last: int) -> str:
    return f"rows-{first:08}-{last:08}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def fresh_file(path: Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """Write a file that only its owner can read, whole or not at all. Raises ``OSError``."""
    private_folder(path.parent)
    fresh = path.with_name(f".{path.name}.new")
    try:
        with io.BufferedWriter(open_private(fresh, "w")) as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):  # what is no letter must not fill a disk that is full
            fresh.unlink()
        raise


def private_folder(path: Path) -> None:
    """Make a folder that only its owner can open, and those above it; one that is there stays as it is."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)


def open_private(path: Path, mode: str) -> io.FileIO:
    """Open a file that nobody but its owner may read."""
    return io.FileIO(path, mode, opener=lambda name, flags: os.open(name, flags, _PRIVATE))


def _to_disk() -> None:
    """Bring all files of a batch to the disk at one go before it is noted: one by one would take ten times as long.

    Windows has no such call. There a power cut may cost letters of its last half minute though they were noted.
    """
    if hasattr(os, "sync"):
        os.sync()
