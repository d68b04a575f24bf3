"""Cases on disk: one folder each, readable by its owner only, found by its name or the beginning of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import unicodedata
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from leakresp.law.vocabulary import nearest
from leakresp.response.case import Opened, replay
from leakresp.shell.faults import MISUSE, Fault, FaultsError
from leakresp.shell.journal import LOCK, NAME, TORN, Journal, TakenError, disk_fault
from leakresp.shell.places import cases_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leakresp.law.vocabulary import Fact
    from leakresp.response.case import Case, Event
    from leakresp.shell.journal import Added

LONGEST_NAME: Final = 60
#: The record of an exercise, which no command of real cases takes.
EXERCISE: Final = "drill.jsonl"
#: Names that Windows keeps for devices, whatever follows their first dot.
DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
#: What may lie in a folder that is still free: left by somebody who was cut off while opening a case.
_LEFT_OVER: Final = frozenset((LOCK, NAME))
_LONGEST_AUTHOR: Final = 100


def local_now() -> dt.datetime:
    """Return the time now, with the zone of this machine."""
    return dt.datetime.now(dt.UTC).astimezone()


class NotFoundError(FaultsError):
    """There is no such case, or a folder where somebody was cut off while opening one: the name is free."""


class OpenCase:
    """A case in use: its journal, and how it stands after what has been read of it."""

    def __init__(self, journal: Journal, facts: Mapping[str, Fact]) -> None:
        self.journal: Final = journal
        self.facts: Final = facts
        self.case = replay(journal.entries, facts)

    @property
    def folder(self) -> Path:
        """The case's folder."""
        return self.journal.folder

    @property
    def name(self) -> str:
        """The name by which commands find the case."""
        return unicodedata.normalize("NFC", self.folder.resolve().name)

    @property
    def notes(self) -> tuple[Fault, ...]:
        """What a person should know before trusting what is shown: breaks, torn lines, answers nobody can read now."""
        lost = (
            Fault("case.answer_lost", str(self.journal.path), answer.entry.n, fact, {"raw": answer.raw})
            for fact, answer in self.case.lost.items()
        )
        of_clients = (
            Fault("case.answer_lost", str(self.journal.path), client.added.n, f"{client.id} {fact}", {"raw": raw})
            for client in self.case.clients.values()
            for fact, raw in client.lost.items()
        )
        return (*self.journal.notes, *lost, *of_clients)

    def add(self, by: str, *events: Event) -> Added:
        """Record events; on return they are on the disk and ``case`` includes them. Raises ``FaultsError``."""
        added = self.journal.append(by, *events)
        self.case = replay(self.journal.entries, self.facts)
        return added

    def at(self, moment: dt.datetime) -> Case:
        """Return how the case stood at a moment (with its time zone)."""
        return replay(self.journal.entries, self.facts, at=moment)


def open_case(
    name: str, folder: str | None, facts: Mapping[str, Fact], *, now: Callable[[], dt.datetime] = local_now
) -> OpenCase:
    """Return the case that ``name`` means (see ``find_case``), read and replayed.

    Raises ``NotFoundError`` where the name is free, and ``FaultsError``. What is wrong but does not stop the reading
    stands in the case's ``notes``.
    """
    journal = Journal(find_case(name, folder), now)
    journal.read()
    if journal.broken and _begins_as_exercise(journal.path):
        raise FaultsError([Fault("drill.not_a_case", str(journal.path))], MISUSE)
    if not journal.entries and not journal.broken:
        raise NotFoundError([*journal.notes, Fault("case.empty", str(journal.path))])
    return OpenCase(journal, facts)


def create_case(
    name: str | None,
    folder: str | None,
    facts: Mapping[str, Fact],
    *,
    by: str,
    incident: Mapping[str, str] | None = None,
    now: Callable[[], dt.datetime] = local_now,
) -> OpenCase:
    """Open a new case in a folder of its own. Without a name it is named by day and time. Raises ``FaultsError``."""
    cases = cases_folder(folder)
    refuse_exercises(cases)
    stem = f"{now():%Y%m%d-%H%M}" if name is None else safe_name(name)
    for number in count(1):
        chosen = stem if number == 1 else f"{stem}-{number}"
        try:
            journal = Journal(_new_folder(cases / chosen), now)
            journal.create(by, Opened(chosen, dict(incident or {})))
        except TakenError:
            if name is not None:
                raise
        else:
            return OpenCase(journal, facts)
    raise AssertionError  # pragma: no cover - the numbers do not end


def _new_folder(folder: Path) -> Path:
    """Make the folder of a new case; an empty one, or one of a case that was never quite opened, will do."""
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        strange = [path.name for path in folder.iterdir() if path.name not in _LEFT_OVER]
    except FileExistsError as error:  # a file where a folder should be
        raise FaultsError([Fault("case.no_folder", str(error.filename))]) from None
    except OSError as error:
        raise FaultsError([disk_fault(error, folder / NAME)]) from None
    if any(not name.startswith(TORN) for name in strange):
        raise TakenError(folder)
    return folder


def safe_name(name: str) -> str:
    """Return a case's name in the form it is kept in. Letters of any script, digits, ``-``, ``_`` and ``.`` are safe.

    Raises ``FaultsError`` for every other name: it would lead out of the folder, hide, or not exist on Windows.
    """
    name = unicodedata.normalize("NFC", name)
    letters = all(
        letter.isalnum() or letter in "-_." or unicodedata.category(letter) in {"Mn", "Mc"} for letter in name
    )
    ends = name[:1].isalnum() and not name.endswith(".")
    if not (letters and ends and len(name) <= LONGEST_NAME) or DEVICES.fullmatch(name):
        raise FaultsError([Fault("case.name_unsafe", path=name, details={"longest": LONGEST_NAME})], MISUSE)
    return name


def find_case(name: str, folder: str | None) -> Path:
    """Return the folder of a case: by its name, by a beginning that only one name has, or by a path.

    A path has a separator in it, or is ``.``. Raises ``FaultsError``.
    """
    if name in {".", ".."} or os.sep in name or (os.altsep is not None and os.altsep in name):
        path = Path(name)
        path = path.parent if path.name == NAME else path
        _refuse_exercise(path)
        if not (path / NAME).is_file():
            raise FaultsError([Fault("case.no_case_there", str(path))], MISUSE)
        return path
    name = unicodedata.normalize("NFC", name)
    cases = cases_folder(folder)
    known = _folders(cases)
    if name in known:
        return known[name]
    _refuse_exercise(cases / name)
    fitting = sorted(known_name for known_name in known if name and known_name.startswith(name))
    if len(fitting) == 1:
        return known[fitting[0]]
    if fitting:
        raise FaultsError([Fault("case.ambiguous", path=name, details={"names": fitting})], MISUSE)
    details = {"folder": str(cases), "nearest": nearest(name, known)}
    raise NotFoundError([Fault("case.not_found", path=name, details=details)], MISUSE)


def _refuse_exercise(path: Path) -> None:
    """Refuse an exercise where a real case is wanted. Raises ``FaultsError``."""
    if path.name == EXERCISE or (path / EXERCISE).is_file():
        raise FaultsError([Fault("drill.not_a_case", str(path))], MISUSE)


def _begins_as_exercise(journal: Path) -> bool:
    """Tell whether the record of an exercise was given the name of a case's journal."""
    with suppress(OSError, ValueError, AttributeError), journal.open("rb") as file:
        return str(json.loads(file.readline()).get("kind")).startswith("leakresp/drill/")
    return False


def refuse_exercises(cases: Path) -> None:
    """Refuse to keep a case where exercises lie. Raises ``FaultsError``."""
    with suppress(OSError):
        if any((path / EXERCISE).is_file() for path in cases.iterdir()):
            raise FaultsError([Fault("drill.folder_of_exercises", str(cases))], MISUSE)


class Listed(NamedTuple):
    """A case in the list; ``opened`` is empty where its first line cannot be read."""

    name: str
    folder: Path
    opened: dt.datetime | None


def list_cases(folder: str | None) -> list[Listed]:
    """Return the cases of a folder, the newest first. Raises ``FaultsError``."""
    listed = [Listed(name, path, _opened(path / NAME)) for name, path in _folders(cases_folder(folder)).items()]
    # A case whose first line is damaged comes first: it must not be overlooked.
    return sorted(listed, key=_newest, reverse=True)


def _newest(case: Listed) -> tuple[bool, float, str]:
    return case.opened is None, case.opened.timestamp() if case.opened else 0.0, case.name


def _folders(cases: Path) -> dict[str, Path]:
    """Return the folders that hold a journal, by their names."""
    try:
        found = [path for path in cases.iterdir() if not path.name.startswith(".") and (path / NAME).is_file()]
    except FileNotFoundError:
        return {}
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultsError([Fault("file.unreadable", str(cases), details={"reason": reason})]) from None
    return {unicodedata.normalize("NFC", path.name): path for path in found}


def _opened(journal: Path) -> dt.datetime | None:
    try:
        with journal.open("rb") as file:
            opened = dt.datetime.fromisoformat(json.loads(file.readline())["at"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return opened if opened.tzinfo else None


def author(chosen: str | None, profile: str | None = None) -> str:
    """Return who is at work: ``--by``, else ``LEAKRESP_BY``, else the profile's name, else the login name."""
    if profile is None and not chosen and not os.environ.get("LEAKRESP_BY"):
        from leakresp.shell.preferences import preferred

        profile = preferred("by")
    for name in (chosen, os.environ.get("LEAKRESP_BY"), profile, _login()):
        if name and (clean := _one_line(name)):
            return clean
    return "unknown"


def _login() -> str | None:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in this system, as in some containers
        return None


def _one_line(name: str) -> str:
    """Return a name as one line of letters that can be read."""
    readable = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in name)
    return " ".join(unicodedata.normalize("NFC", readable).split())[:_LONGEST_AUTHOR]
