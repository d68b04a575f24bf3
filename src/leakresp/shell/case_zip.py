"""A zip from somebody else, read as if it meant harm: nothing it says of itself is believed before it is checked.

Everything is read into memory and counted while it is read, so that a few bytes cannot become many, and nothing is
written before all of it was looked at.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from leakresp.shell.case_files import (
    LARGEST,
    MANIFEST,
    MOST_FILES,
    belongs,
    clash,
    printable,
    safe_path,
    too_large,
    too_many,
)
from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How many times its own size a zip may come to when it is unpacked; a first megabyte is free, since text packs well.
_RATIO: Final = 100
_FREE: Final = 1024 * 1024
_PIECE: Final = 64 * 1024
#: The last words of a zip without a comment: number of files, and the size of the list of files.
_END: Final = struct.Struct("<4s4xHHL4xH")
_END_MARK: Final = b"PK\5\6"
#: What stands before them in a zip for sizes and numbers no case has.
_LARGE_MARK: Final = b"PK\6\7"
_LARGE_SIZE: Final = 20
_FIRST_MARK: Final = b"PK\3\4"
#: Bytes of the list of files that one file may take up.
_LISTED: Final = 2_048

_METHODS: Final = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_LOCKED: Final = 0x1
#: Windows' mark of a file that is a link to another.
_REPARSE: Final = 0x400
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def read_zip(content: bytes, file: str) -> dict[str, bytes]:
    """Return the files of a zip by their paths, each of which a case has a place for. Raises ``FaultsError``."""
    _check_end(content, file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            _check_number(len(listed), file)
            faults = [fault for info in listed for fault in _faults(info, file)]
            if faults:
                raise FaultsError(faults)
            paths = [info for info in listed if not info.orig_filename.endswith("/")]
            names = [safe_path(info.orig_filename) for info in paths]
            if (twice := clash(names)) is not None:
                raise FaultsError([Fault("case_files.twice", file, path=twice)])
            return dict(zip(names, _contents(archive, paths, len(content), file), strict=True))
    except _DAMAGE as error:
        raise FaultsError([_damaged(file, str(error))]) from None


def _check_end(content: bytes, file: str) -> None:
    """Look at the end of a zip before anything is taken from it: a list of millions of files would fill the memory."""
    if not content.startswith(_FIRST_MARK) or len(content) < _END.size:
        raise FaultsError([Fault("case_files.no_zip", file)])
    mark, here, number, size, comment = _END.unpack(content[-_END.size :])
    if mark != _END_MARK or comment or content[-_END.size - _LARGE_SIZE :].startswith(_LARGE_MARK):
        raise FaultsError([_damaged(file, "end of central directory")])
    _check_number(max(here, number), file)
    if size > MOST_FILES * _LISTED:
        raise FaultsError([too_large(file)])


def _check_number(number: int, file: str) -> None:
    if number > MOST_FILES:
        raise FaultsError([too_many(file)])


def _faults(info: zipfile.ZipInfo, file: str) -> Iterable[Fault]:
    """Yield what is wrong with a file as the zip lists it. The library cuts names at a NUL: we look at the original."""
    name = info.orig_filename
    folder = name.endswith("/")
    try:
        path = safe_path(name.removesuffix("/"), file)
    except FaultsError as error:
        yield from error.faults
        return
    if not _ordinary(info, folder=folder):
        yield Fault("case_files.link", file, path=path)
    elif info.flag_bits & _LOCKED or info.compress_type not in _METHODS:
        yield Fault("case_files.method", file, path=path)
    elif not folder and path != MANIFEST and not belongs(path):
        yield Fault("case_files.not_listed", file, path=path)


def _ordinary(info: zipfile.ZipInfo, *, folder: bool) -> bool:
    """Tell whether the zip lists an ordinary file or folder: no link, device, pipe or socket of any system."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    return kind in {0, stat.S_IFDIR if folder else stat.S_IFREG} and not info.external_attr & _REPARSE


def _contents(archive: zipfile.ZipFile, listed: list[zipfile.ZipInfo], size: int, file: str) -> list[bytes]:
    """Return what the files hold, counting what comes out and never what the zip says will."""
    most = min(LARGEST, _FREE + _RATIO * size)
    contents = []
    for info in listed:
        pieces = []
        with archive.open(info) as packed:
            while piece := packed.read(_PIECE):
                most -= len(piece)
                if most < 0:
                    raise FaultsError([Fault("case_files.bomb", file, path=printable(info.orig_filename))])
                pieces.append(piece)
        contents.append(b"".join(pieces))
    return contents


def _damaged(file: str, reason: str) -> Fault:
    return Fault("case_files.damaged", file, details={"reason": printable(reason)})
