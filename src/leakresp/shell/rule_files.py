"""The rule files read, each against its form; the file's name is the id.

What needs more than one file to check is in ``rule_promises``. All faults of all files are gathered and shown together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ValidationError

from leakresp.shell import rule_models as models
from leakresp.shell.documents import Document, decode, form_faults, read_document
from leakresp.shell.faults import Fault, FaultsError
from leakresp.shell.rule_promises import Promises

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leakresp.law.rulebook import Plain

_LISTS: Final[dict[str, tuple[type[BaseModel], str]]] = {
    "facts": (models.FactsFile, "facts"),
    "presumptions": (models.PresumptionsFile, "presumptions"),
    "actions": (models.ActionsFile, "actions"),
    "interview": (models.InterviewFile, "questions"),
    "contradictions": (models.ContradictionsFile, "contradictions"),
}
_RULE_FOLDERS: Final[dict[str, tuple[str, type[BaseModel]]]] = {
    "terms": ("term", models.TruthRule),
    "criteria": ("criterion", models.TruthRule),
    "duties": ("duty", models.DutyRule),
    "deadlines": ("deadline", models.DeadlineRule),
}


def read_rules(files: Mapping[str, bytes], root: str) -> Plain:
    """Return the checked rules as plain mappings. ``files``: path below ``root`` to content. Raises ``FaultsError``."""
    plain, faults = examine(files, root)
    if faults:
        raise FaultsError(faults)
    return plain


def examine(files: Mapping[str, bytes], root: str) -> tuple[Plain, list[Fault]]:
    """Return the rules with everything wrong in them; they are whole where nothing but an example fails."""
    reading = _Reading(files, root)
    plain = reading.read()
    return plain, sorted(reading.faults, key=lambda fault: (fault.file, fault.line or 0))


#: A regime's own file lies in its folder, which may lie in a group of its kind: ``abroad/gdpr/regime.yaml``.
_DEEPEST: Final = 3


def _owner(name: str) -> tuple[str, str]:
    """Return the regime a file belongs to and what it is of it: ``regime.yaml``, or the folder it lies in."""
    parts = name.split("/")
    return (parts[-2], parts[-1]) if parts[-1] == "regime.yaml" else (parts[-3], parts[-2])


class _Reading:
    def __init__(self, files: Mapping[str, bytes], root: str) -> None:
        self.files: Final = files
        self.root: Final = root
        self.faults: list[Fault] = []
        self.documents: dict[str, Document] = {}

    def read(self) -> Plain:
        plain: Plain = {
            "laws": {},
            "facts": [],
            "presumptions": [],
            "regimes": [],
            "actions": [],
            "questions": [],
            "contradictions": [],
        }
        if not any(name.endswith("regime.yaml") for name in self.files):
            raise FaultsError([Fault("rules.none", self.root)])
        regimes: dict[str, Plain] = {}
        for name in sorted(self.files):
            self._read_file(name, plain, regimes)
        for needed in ("sources.yaml", "presumptions.yaml", "interview.yaml", "calendar/japan.yaml"):
            if needed not in self.files:
                self.faults.append(Fault("rules.file_missing", f"{self.root}/{needed}"))
        plain["regimes"] = [regime for regime in regimes.values() if "order" in regime]
        for regime in regimes.values():
            if "order" not in regime:
                part = next(iter((*regime["rules"], *regime["recipients"])))
                folder = part["file"].rsplit("/", 2)[0]
                self.faults.append(Fault("rules.file_missing", f"{self.root}/{folder}/regime.yaml"))
        if not self.faults:
            self.faults += Promises(self.documents, plain).broken()
        return plain

    def _read_file(self, name: str, plain: Plain, regimes: dict[str, Plain]) -> None:
        match name.split("/"):
            case ["sources.yaml"]:
                plain["laws"].update((self._model(name, models.SourcesFile) or {}).get("laws", {}))
            case ["calendar", "japan.yaml"]:
                plain["calendar"] = self._model(name, models.CalendarFile)
            case ["presumptions.yaml" | "contradictions.yaml" | "interview.yaml"] | ["facts" | "actions", _]:
                model, key = _LISTS[name.split("/", maxsplit=1)[0].removesuffix(".yaml")]
                plain[key] += self._list(name, model, key)
            case [*_, regime, "regime.yaml"] if len(name.split("/")) <= _DEEPEST:
                self._part(name, regimes, models.RegimeModel, regime)
            case [*above, _, folder, file] if len(above) <= 1 and (folder == "recipients" or folder in _RULE_FOLDERS):
                model = models.RecipientModel if folder == "recipients" else _RULE_FOLDERS[folder][1]
                self._part(name, regimes, model, file.removesuffix(".yaml"))
            case _:
                self.faults.append(Fault("rules.file_without_place", f"{self.root}/{name}"))

    def _part(self, name: str, regimes: dict[str, Plain], model: type[BaseModel], wanted: str) -> None:
        """Read one file of a regime's folder into that regime."""
        found = self._model(name, model)
        if found is None:
            return
        if found["id"] != wanted:
            self.faults.append(self.documents[name].fault("rules.name_differs", ("id",), id=found["id"], wanted=wanted))
        regime, folder = _owner(name)
        part = regimes.setdefault(regime, {"rules": [], "recipients": []})
        if folder == "regime.yaml":
            if "order" in part:
                self.faults.append(self.documents[name].fault("rules.id_twice", ("id",), id=found["id"]))
            part.update(found | {"file": name, "group": "/".join(name.split("/")[:-2])})
        elif folder == "recipients":
            part["recipients"].append(found | {"file": name})
        else:
            part["rules"].append(found | {"kind": _RULE_FOLDERS[folder][0], "file": name})

    def _list(self, name: str, model: type[BaseModel], key: str) -> list[Plain]:
        found = self._model(name, model)
        return [each | {"file": name, "at": index} for index, each in enumerate(found[key])] if found else []

    def _model(self, name: str, model: type[BaseModel]) -> Plain | None:
        file = f"{self.root}/{name}"
        try:
            document = read_document(decode(self.files[name], file), file).whole()
        except FaultsError as error:
            self.faults += error.faults
            return None
        self.documents[name] = document
        if not isinstance(document.data, dict):
            self.faults.append(document.fault("rules.no_mapping"))
            return None
        try:
            return model.model_validate(document.data).model_dump(mode="json", by_alias=True, exclude_none=True)
        except ValidationError as error:
            self.faults += form_faults(document, error)
            return None
