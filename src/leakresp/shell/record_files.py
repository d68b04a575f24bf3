"""Records as other tools hand them over: one JSON object, a list, one a line, or a folder of files.

A record that cannot be read is handed on with what is wrong and where, so that the others still go through.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.desk import STDIN
from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

#: A list of records larger than this has to be given one record a line, which is read as a stream.
LARGEST: Final = 128 * 1024 * 1024
#: One record alone; what is larger is no record.
LARGEST_RECORD: Final = 4 * 1024 * 1024
_SUFFIX: Final = ".json"
#: A line that looks like a record of its own.
_LINE: Final = re.compile(r"\{.+\}\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """One record, or what stood in its place and why it cannot be read."""

    file: str
    line: int
    record: Any = None
    faults: tuple[Fault, ...] = ()


def find_records(sources: Iterable[str]) -> Iterator[Found]:
    """Yield the records of files, of folders of ``*.json`` files, and of standard input (``-``).

    Raises ``FaultsError`` for a source that is not there; a bad record is yielded with its faults.
    """
    for source in sources:
        if source == STDIN:
            yield from _of_stream(sys.stdin.buffer, source)
        elif Path(source).is_dir():
            files = sorted(path for path in Path(source).iterdir() if path.suffix.lower() == _SUFFIX)
            if not files:
                raise FaultsError([Fault("interchange.folder_empty", source)])
            for path in files:
                yield from _of_file(str(path))
        else:
            yield from _of_file(source)


def _of_file(file: str) -> Iterator[Found]:
    try:
        with Path(file).open("rb") as stream:
            yield from _of_stream(stream, file)
    except FileNotFoundError:
        raise FaultsError([Fault("file.missing", file)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FaultsError([Fault("file.unreadable", file, details={"reason": reason})]) from None


def _of_stream(stream: BinaryIO, file: str) -> Iterator[Found]:
    """Yield the records of one stream: as lines where its first line is a record of its own, else as a whole."""
    number, first = 1, stream.readline(LARGEST_RECORD)
    while first and not first.strip():
        number, first = number + 1, stream.readline(LARGEST_RECORD)
    if not first:
        yield Found(file, 1, faults=(Fault("interchange.nothing", file),))
    elif _read_line(first, file, number).faults:
        yield from _of_whole(first + stream.read(LARGEST), file, number)
    else:
        yield _read_line(first, file, number)
        while raw := stream.readline(LARGEST_RECORD + 1):
            number += 1
            if raw.strip():
                yield _read_line(raw, file, number)
            while len(raw) > LARGEST_RECORD and not raw.endswith(b"\n"):
                raw = stream.readline(LARGEST_RECORD + 1)  # the rest of a line that was refused
                if not raw:
                    break


def _read_line(raw: bytes, file: str, number: int) -> Found:
    try:
        text = _text(raw, file, number, LARGEST_RECORD)
        record, end = _Decoder(file).read(text, len(text) - len(text.lstrip()), number)
    except FaultsError as error:
        return Found(file, number, faults=error.faults)
    return _checked(None if text[end:].strip() else record, file, number)


def _of_whole(raw: bytes, file: str, number: int) -> Iterator[Found]:
    try:
        text = _text(raw, file, number, LARGEST)
    except FaultsError as error:
        yield Found(file, number, faults=error.faults)
        return
    if text.lstrip().startswith("["):
        yield from _of_list(text, file, number)
        return
    whole = _one(text, file, number)
    if whole.faults and any(_LINE.match(line) for line in text.splitlines()):
        for place, line in enumerate(text.splitlines()):
            if line.strip():
                yield _read_line(line.encode(), file, number + place)
    else:
        yield whole


def _one(text: str, file: str, number: int) -> Found:
    try:
        start = len(text) - len(text.lstrip())
        record, end = _Decoder(file).read(text, start, number)
    except FaultsError as error:
        return Found(file, error.faults[0].line or number, faults=error.faults)
    if text[end:].strip():
        line = number + text.count("\n", 0, end)
        return Found(file, line, faults=(Fault("interchange.more_after", file, line),))
    return _checked(record, file, number)


def _checked(record: Any, file: str, number: int) -> Found:  # noqa: ANN401 - whatever stands there
    if isinstance(record, dict):
        return Found(file, number, record)
    return Found(file, number, faults=(Fault("interchange.no_object", file, number),))


def _of_list(text: str, file: str, number: int) -> Iterator[Found]:
    """Yield the records of a list one by one, each with its line, so that a slip in one does not lose those before."""
    decoder = _Decoder(file)
    place, end = text.index("[") + 1, 0
    while True:
        place = _after(text, place, ", \t\r\n")
        number += text.count("\n", end, place)
        end = place
        if place >= len(text):
            yield Found(file, number, faults=(Fault("interchange.cut_off", file, number),))
            return
        if text[place] == "]":
            return
        try:
            record, place = decoder.read(text, place, number)
        except FaultsError as error:
            yield Found(file, error.faults[0].line or number, faults=error.faults)
            if decoder.after is None:
                return
            place = decoder.after
            continue
        yield _checked(record, file, number)


def _after(text: str, place: int, letters: str) -> int:
    while place < len(text) and text[place] in letters:
        place += 1
    return place


class _Decoder:
    """JSON in which a key stands once."""

    def __init__(self, file: str) -> None:
        self.file: Final = file
        self._twice: list[str] = []
        self._decode: Final = json.JSONDecoder(object_pairs_hook=self._once).raw_decode
        #: Where to go on after a record that was refused for a key that stands twice.
        self.after: int | None = None

    def read(self, text: str, start: int, number: int) -> tuple[Any, int]:
        """Return the value at ``start``, which stands on line ``number``, and where it ends. Raises ``FaultsError``."""
        self._twice.clear()
        self.after = None
        try:
            found, end = self._decode(text, start)
        except json.JSONDecodeError as error:
            line = number + text.count("\n", start, error.pos)
            raise FaultsError([Fault("file.not_json", self.file, line, details={"reason": error.msg})]) from None
        except RecursionError:
            raise FaultsError([Fault("file.too_deep", self.file, number)]) from None
        except ValueError as error:  # a number of thousands of digits
            raise FaultsError([Fault("file.not_json", self.file, number, details={"reason": str(error)})]) from None
        if self._twice:
            self.after = end
            keys = dict.fromkeys(self._twice)
            raise FaultsError([Fault("file.key_twice", self.file, number, details={"key": key}) for key in keys])
        return found, end

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            self._twice += [name for name in found if names.count(name) > 1]
        return found


def _text(raw: bytes, file: str, number: int, largest: int) -> str:
    if len(raw) > largest:
        raise FaultsError([Fault("file.too_large", file, number, details={"largest": largest // 1024 // 1024})])
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FaultsError([Fault("file.not_utf8", file, number)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = number + raw[: error.start].count(b"\n")
        raise FaultsError([Fault("file.not_utf8", file, line)]) from None
