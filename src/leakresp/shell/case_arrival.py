"""A case from elsewhere put among the cases: whole or not at all, and never in the place of another."""

from __future__ import annotations

import errno
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from leakresp.shell.case_files import SENT
from leakresp.shell.cases import list_cases, refuse_exercises, safe_name
from leakresp.shell.faults import MISUSE, Fault, FaultsError
from leakresp.shell.journal import NAME, WAIT, disk_fault, sync_folder, write_new
from leakresp.shell.places import cases_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: How the folder is named in which a case is put together. What begins with a dot is no case.
_ARRIVING: Final = ".import-"
_LOCK: Final = ".import.lock"
#: What a system answers where a folder or file of the name is there already.
_THERE: Final = frozenset((errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR))


def settle(files: Mapping[str, bytes], name: str, folder: str | None) -> Path:
    """Put a case's files into a folder of its own among the cases, and return that. Raises ``FaultsError``.

    Who is cut off while doing so leaves a folder that no command takes for a case; the next import removes it.
    """
    cases, name = cases_folder(folder), safe_name(name)
    refuse_exercises(cases)
    try:
        cases.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(cases):
            _sweep(cases)
            if name in {listed.name for listed in list_cases(folder)}:
                raise _taken(cases / name)
            return _settle(files, cases / name)
    except FileExistsError as error:
        raise FaultsError([Fault("case.no_folder", str(error.filename))]) from None
    except OSError as error:
        raise FaultsError([disk_fault(error, cases / name / NAME)]) from None


def _settle(files: Mapping[str, bytes], place: Path) -> Path:
    arriving = Path(tempfile.mkdtemp(prefix=_ARRIVING, dir=place.parent))
    try:
        folders = sorted({arriving / above for name in files for above in PurePosixPath(name).parents})
        for each in folders[1:]:
            each.mkdir(mode=0o700)
        for name, content in files.items():
            write_new(arriving / name, content)
        for each in folders:
            sync_folder(each)
        _rename(arriving, place)
    except BaseException:
        shutil.rmtree(arriving, ignore_errors=True)
        raise
    for name in files:
        if name.startswith(f"{SENT}/"):
            with suppress(
                OSError
            ):  # a frozen copy is frozen here too; only now, since some systems remove none that is
                (place / name).chmod(0o400)
    try:
        sync_folder(place.parent)
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        raise FaultsError([Fault("case.perhaps_kept", str(place / NAME), details=details)]) from None
    return place


def _rename(arriving: Path, place: Path) -> None:
    """Give a folder its name. Where a case, or anything but an empty folder, has it, every system refuses."""
    try:
        arriving.rename(place)
    except OSError as error:
        if error.errno in _THERE:
            raise _taken(place) from None
        raise


def _taken(place: Path) -> FaultsError:
    return FaultsError([Fault("case_files.taken", str(place), details={"name": place.name})], MISUSE)


def _sweep(cases: Path) -> None:
    """Remove what an import left that was cut off. Nobody else is importing: we hold the lock."""
    for path in cases.glob(f"{_ARRIVING}*"):
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _alone(cases: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(cases / _LOCK, timeout=WAIT, mode=0o600)
    try:
        lock.acquire(poll_interval=0.005)
    except Timeout:
        raise FaultsError([Fault("case_files.busy", str(cases))]) from None
    try:
        yield
    finally:
        lock.release()
