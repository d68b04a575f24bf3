"""Drafts on disk: readable by their owner only, and never written over a text that somebody may have changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from leakresp.response.wording import Say

_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a draft now stands: ``path`` holds it; ``wanted`` is where it was meant to go."""

    path: Path
    wanted: Path
    fresh: bool

    @property
    def beside(self) -> bool:
        """Tell whether the wanted place held another text, which was left as it is."""
        return self.path != self.wanted


def kept_sentence(kept: Kept, say: Say) -> str:
    """Say where a draft stands now, and whether another text was left where it was meant to go."""
    if kept.beside:
        return say("paper.beside", path=kept.wanted, fresh=kept.path)
    return say("paper.written" if kept.fresh else "paper.unchanged", path=kept.path)


def keep(content: bytes, wanted: Path) -> Kept:
    """Write ``content`` to ``wanted``, or beside it under a numbered name where that holds something else.

    A place that already holds the very same is left alone. Raises ``FaultsError``.
    """
    for number in count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            _create(path, content)
        except FileExistsError:
            if _holds(path, content):
                return Kept(path, wanted, fresh=False)
        except OSError as error:
            raise _unwritable(path, error) from None
        else:
            return Kept(path, wanted, fresh=True)
    raise AssertionError  # pragma: no cover - the numbers do not end


def folder(path: Path) -> Path:
    """Make ``path`` a folder that only its owner can open, unless it is one already. Raises ``FaultsError``."""
    try:
        path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    except FileExistsError:
        raise FaultsError([Fault("paper.no_folder", str(path))]) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    return path


def _create(path: Path, content: bytes) -> None:
    """Create a file that must not exist yet: between looking and writing nobody can slip one in."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == content
    except OSError:
        return False


def _unwritable(path: Path, error: OSError) -> FaultsError:
    return FaultsError([Fault("file.unwritable", str(path), details={"reason": error.strerror or str(error)})])
