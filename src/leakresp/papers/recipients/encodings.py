"""In which encoding a list is written: as its mark says, else UTF-8 to the last byte, else Windows' Japanese code.

No guess is made from the look of the bytes: what fits neither code is refused, with the line that does not fit.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from leakresp.papers.recipients.flaws import ListFlaw, ListUnfit, unfit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UTF_8: Final = "utf-8"
#: Windows' superset of Shift_JIS: names like 髙橋 and 﨑 exist only there.
CP932: Final = "cp932"
#: What ``--encoding`` may say, and the codec that is meant.
ENCODINGS: Final = {
    "utf-8": UTF_8,
    "utf8": UTF_8,
    "cp932": CP932,
    "shift_jis": CP932,
    "sjis": CP932,
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "latin-1": "latin-1",
    "cp1252": "cp1252",
}
#: Encodings in which the byte of a line end is never part of another letter.
BY_LINE: Final = frozenset({UTF_8, CP932, "euc_jp", "latin-1", "cp1252"})

_MARKS: Final = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHUNK: Final = 1 << 20
#: Two Japanese letters read without a fault: Windows' code hardly ever looks like that.
_JAPANESE: Final = re.compile("[ぁ-ヿ一-鿿].*?[ぁ-ヿ一-鿿]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Encoded:
    """The encoding of a list; ``mark`` is the length of its byte order mark."""

    name: str
    mark: int


@dataclass(frozen=True, slots=True)
class _Wrong:
    """The first byte that does not fit; ``trusted`` when what stood before it shows that the encoding is meant."""

    encoding: str
    offset: int
    line: int
    trusted: bool


def encoding_of(path: Path, wanted: str | None) -> Encoded:
    """Return the encoding of a text file, held against every byte of it. Raises ``ListUnfit``."""
    with path.open("rb") as file:
        head = file.read(4)
    mark, marked = next(((len(mark), name) for mark, name in _MARKS if head.startswith(mark)), (0, ""))
    if wanted is not None:
        return _as_wanted(path, wanted, mark, marked)
    if marked:
        _refuse(_first_wrong(path, marked, mark))
        return Encoded(marked, mark)
    wrong = _first_wrong(path, UTF_8, 0)
    if wrong is None:
        return Encoded(UTF_8, 0)
    if wrong.trusted:
        _refuse(wrong)
    other = _first_wrong(path, CP932, 0)
    if other is not None:
        _refuse(max(wrong, other, key=lambda each: each.offset))
    return Encoded(CP932, 0)


def _as_wanted(path: Path, wanted: str, mark: int, marked: str) -> Encoded:
    name = ENCODINGS.get(wanted.strip().lower().replace("_", "-"), ENCODINGS.get(wanted.strip().lower()))
    if name is None:
        raise unfit("recipients.encoding_unknown", word=wanted, words=tuple(ENCODINGS))
    if marked.startswith("utf-16") and name.startswith("utf-16"):
        name = marked
    if marked and marked != name:
        raise unfit("recipients.encoding_differs", word=wanted, found=marked)
    _refuse(_first_wrong(path, name, mark))
    return Encoded(name, mark)


def _refuse(wrong: _Wrong | None) -> None:
    if wrong is not None:
        details = (("encoding", shown(wrong.encoding)), ("byte", wrong.offset + 1))
        raise ListUnfit([ListFlaw("recipients.bytes", wrong.line, details)])


def _first_wrong(path: Path, encoding: str, mark: int) -> _Wrong | None:
    """Return the first place that is not in ``encoding``; the file is read through in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, trusted, at = 0, False, mark
    for piece, last in _pieces(path, mark):
        before = decoder.getstate()
        try:
            text = decoder.decode(piece, final=last)
        except UnicodeDecodeError:
            offset, fitting = _place(encoding, before, piece)
            offset += at - len(before[0])
            line = lines + fitting.count("\n") + 1
            return _Wrong(encoding, offset, line, trusted or _JAPANESE.search(fitting) is not None)
        lines += text.count("\n")
        trusted = trusted or _JAPANESE.search(text) is not None
        at += len(piece)
    return None


def _place(encoding: str, before: tuple[bytes, int], piece: bytes) -> tuple[int, str]:
    """Return how many bytes fit, counted with what the decoder still held, and their text.

    Halving the piece asks no codec how it counts, which differs from one to the next.
    """
    held, state = before
    low, high = 0, len(piece)
    decoder = codecs.getincrementaldecoder(encoding)()
    while low < high:
        middle = (low + high + 1) // 2
        decoder.setstate((held, state))
        try:
            decoder.decode(piece[:middle], final=False)
        except UnicodeDecodeError:
            high = middle - 1
        else:
            low = middle
    decoder.setstate((held, state))
    text = decoder.decode(piece[:low], final=False)
    return len(held) + low - len(decoder.getstate()[0]), text


def _pieces(path: Path, mark: int) -> Iterator[tuple[bytes, bool]]:
    """Yield a file's bytes after its mark, and whether each piece is the last."""
    with path.open("rb") as file:
        file.seek(mark)
        piece = file.read(_CHUNK)
        while True:
            following = file.read(_CHUNK)
            yield piece, not following
            if not following:
                return
            piece = following


def shown(encoding: str) -> str:
    """Return an encoding's name as people know it."""
    names = {CP932: "cp932 (Shift_JIS)", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", UTF_8: "UTF-8"}
    return names.get(encoding, encoding)
