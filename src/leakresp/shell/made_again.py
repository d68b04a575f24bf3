"""Files made again at will: calendar, register, board page. Only what leakresp itself wrote is written over."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leakresp.shell.faults import MISUSE, Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Bytes of an older file that are looked at to tell whose it is.
_HEAD: Final = 4096


def write_again(content: bytes, path: Path, ours: Callable[[bytes], bool]) -> None:
    """Put ``content`` at ``path``, readable by its owner only, whole or not at all. Raises ``FaultsError``.

    ``ours`` tells from the beginning of a file that is there already whether it may be replaced.
    """
    try:
        if path.exists() and not (path.is_file() and ours(_beginning(path))):
            raise FaultsError([Fault("made.not_ours", str(path))], MISUSE)
        replace_file(content, path)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise FaultsError([Fault("made.no_folder", str(path))], MISUSE) from None
        reason = error.strerror or str(error)
        raise FaultsError([Fault("file.unwritable", str(path), details={"reason": reason})]) from None


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def replace_file(content: bytes, path: Path) -> None:
    """Put ``content`` at ``path``, whole or not at all. Raises ``OSError``."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
