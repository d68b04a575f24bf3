"""The record of an exercise: a file of another kind than a case's, in a folder of its own, added to line by line.

Its first line says that it is an exercise and carries the scenario, so that the record stands alone. A decision is
acknowledged when its line has reached the disk. A last line cut short never counted and is written over.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import unicodedata
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import written
from leakresp.response.drill import MARKS, Decision, read_span, written_span
from leakresp.shell import journal
from leakresp.shell.cases import EXERCISE as NAME
from leakresp.shell.cases import local_now
from leakresp.shell.drill_files import Names, stored_decision, stored_scenario
from leakresp.shell.faults import MISUSE, Fault, FaultsError
from leakresp.shell.journal import disk_fault, open_private, sync_folder, write_new

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from leakresp.response.assessment import Assessor
    from leakresp.response.drill import Scenario

KIND: Final = "leakresp/drill/1"
_LOCK: Final = ".lock"
#: What a line says beside the decision it carries.
_ENVELOPE: Final = frozenset({"n", "made", "kind"})
_NAMES: Final = ("do", "withdraw", "draft", "report", "tell")


class Exercise:
    """One exercise on the disk: its scenario, what was decided so far, and where the simulated clock stands."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        self.folder: Final = folder
        self.scenario: Final = scenario
        self.decisions: list[Decision] = []
        self.clock = dt.timedelta(0)
        self.ended = False
        self._lines = 1
        self._end = 0

    @property
    def path(self) -> Path:
        """The record."""
        return self.folder / NAME

    @property
    def name(self) -> str:
        """The name by which the exercise is taken up again."""
        return unicodedata.normalize("NFC", self.folder.resolve().name)

    def decide(self, decision: Decision) -> None:
        """Keep a decision. Raises ``FaultsError``; then it does not count."""
        self._add({"kind": "decision", **plain_decision(decision)})
        self.decisions.append(decision)
        self.clock = max(self.clock, decision.at)

    def wait_until(self, at: dt.timedelta) -> None:
        """Move the clock. Raises ``FaultsError``."""
        self._add({"kind": "clock", "at": written_span(at)})
        self.clock = at

    def end(self) -> None:
        """End the exercise where the clock stands. Raises ``FaultsError``."""
        self._add({"kind": "ended", "at": written_span(self.clock)})
        self.ended = True

    def _add(self, found: Mapping[str, Any]) -> None:
        line = _line({"n": self._lines + 1, "made": _now(), **found})
        try:
            with open_private(self.path, "r+") as file:
                file.truncate(self._end)
                file.seek(self._end)
                file.write(line)
                os.fsync(file.fileno())
        except OSError as error:
            raise FaultsError([disk_fault(error, self.path)]) from None
        self._lines += 1
        self._end += len(line)

    def take(self, raw: bytes, first: int, names: Names | None = None) -> None:
        """Take over the lines behind the first one, which is ``first`` bytes long. Raises ``FaultsError``."""
        self._end = first
        for row in raw[first:].splitlines(keepends=True):
            if not row.endswith(b"\n") or names is None:
                return  # cut short: it was never acknowledged
            self._lines += 1
            self._take(_json(row, str(self.path), self._lines), names)
            self._end += len(row)

    def _take(self, found: Mapping[str, Any], names: Names) -> None:
        at, kind = read_span(str(found.get("at"))), found.get("kind")
        if at is None or kind not in {"decision", "clock", "ended"}:
            raise FaultsError([Fault("drill.line_unreadable", str(self.path), self._lines)])
        if kind == "decision":
            plain = {key: value for key, value in found.items() if key not in _ENVELOPE}
            self.decisions.append(stored_decision(plain, str(self.path), self._lines, self.scenario, names))
        self.clock = max(self.clock, at)
        self.ended = kind == "ended"


def plain_decision(decision: Decision) -> dict[str, Any]:
    """Return a decision as records and decisions files write it; what is empty is left out."""
    state = {fact: written(value) for fact, value in decision.state.items()}
    found: dict[str, Any] = {key: list(getattr(decision, key)) for key in _NAMES}
    found |= {"state": state, "note": decision.note}
    return {"at": written_span(decision.at)} | {key: value for key, value in found.items() if value}


def begin(scenario: Scenario, drills: Path) -> Exercise:
    """Begin an exercise in a folder of its own, named by its scenario, day and time. Raises ``FaultsError``."""
    stem = f"{scenario.id}-{local_now():%Y%m%d-%H%M}"
    header = {"n": 1, "kind": KIND, "mark": "".join(MARKS.values()), "began": _now(), "scenario": scenario.plain}
    line = _line(header)
    _refuse_cases(drills)
    try:
        drills.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = _fresh(drills, stem)
        write_new(folder / NAME, line)
        sync_folder(folder)
        sync_folder(drills)
    except OSError as error:
        raise FaultsError([disk_fault(error, drills / stem / NAME)]) from None
    exercise = Exercise(folder, scenario)
    exercise.take(line, len(line))
    return exercise


def _refuse_cases(drills: Path) -> None:
    """Refuse to begin where real cases lie. Raises ``FaultsError``."""
    with suppress(OSError):
        if any((path / journal.NAME).is_file() for path in drills.iterdir()):
            raise FaultsError([Fault("drill.folder_of_cases", str(drills))], MISUSE)


def _fresh(drills: Path, stem: str) -> Path:
    for number in count(1):
        folder = drills / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder
    raise AssertionError  # pragma: no cover - the numbers do not end


def open_exercise(folder: Path, assessor: Assessor) -> Exercise:
    """Return an exercise as its record has it. Raises ``FaultsError``, for a real case too."""
    if (folder / journal.NAME).is_file() or folder.name == journal.NAME:
        raise FaultsError([Fault("drill.is_a_case", str(folder))], MISUSE)
    folder = folder.parent if folder.name == NAME else folder
    path = folder / NAME
    try:
        raw = path.read_bytes()
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        raise FaultsError([Fault("file.unreadable", str(path), details=details)]) from None
    first = raw.splitlines(keepends=True)[0] if raw else b""
    header = _json(first, str(path), 1)
    if header.get("kind") != KIND or not isinstance(header.get("scenario"), dict):
        raise FaultsError([Fault("drill.no_record", str(path), 1)])
    exercise = Exercise(folder, stored_scenario(header["scenario"], str(path), assessor))
    exercise.take(raw, len(first), Names.of(assessor))
    return exercise


def exercises(drills: Path) -> list[Path]:
    """Return the folders of the exercises, the newest first. Raises ``FaultsError``."""
    try:
        found = [path for path in drills.iterdir() if (path / NAME).is_file()]
        return sorted(found, key=lambda path: ((path / NAME).stat().st_mtime, path.name), reverse=True)
    except FileNotFoundError:
        return []
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        raise FaultsError([Fault("file.unreadable", str(drills), details=details)]) from None


@contextmanager
def alone(exercise: Exercise) -> Iterator[None]:
    """Hold an exercise while it is played: two who decide at once would not see each other. Raises ``FaultsError``."""
    from filelock import FileLock, Timeout

    lock = FileLock(exercise.folder / _LOCK, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise FaultsError([Fault("drill.busy", str(exercise.folder))], MISUSE) from None
    try:
        yield
    finally:
        lock.release()


def _json(row: bytes, file: str, line: int) -> dict[str, Any]:
    try:
        found = json.loads(row)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise FaultsError([Fault("drill.line_unreadable", file, line)])
    return found


def _line(found: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(found, ensure_ascii=False, separators=(',', ':'))}\n".encode()


def _now() -> str:
    return local_now().isoformat(timespec="seconds")
