"""An incident written as a VERIS record, for statistics: what is stated, in VERIS's classes; the rest stays Unknown.

Nobody is named. The number of persons is not VERIS's number of records, so it stands apart, under ``plus``, where VERIS
leaves room; with the cause in our own words it lets the record be read back without loss.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import Day, Open
from leakresp.law.vocabulary import written
from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.held import Answers
    from leakresp.law.rulebook import Plain

VERSION: Final = "1.4.1"
SOURCE: Final = "leakresp"
#: Facts that stand in our own words under ``plus.leakresp``.
OWN: Final = ("cause", "affected_people")
_LIST: Final = "[]"


def veris_record(
    mapping: Plain, incident: Mapping[str, str], answers: Answers, seed: str, *, with_victim: bool
) -> dict[str, Any]:
    """Return an incident as a VERIS record. Raises ``FaultsError`` where not even its year is known.

    ``seed`` makes the record's id where the incident did not come from VERIS: the same seed gives the same id.
    """
    stated = {fact: written(value) for fact, value in answers.items() if not isinstance(value, Open)}
    record: dict[str, Any] = {
        "schema_version": VERSION,
        "incident_id": _id(incident, seed),
        "source_id": SOURCE,
        "timeline": _timeline(answers),
    }
    for entry in mapping["write"]:
        if all(_among(stated.get(fact), values) for fact, values in entry["when"].items()):
            _put_all(record, entry["put"])
    for entry in mapping["otherwise"]:
        if not _there(record, entry["unless"]):
            _put_all(record, entry["put"])
    # Even where it holds nothing it says whose record this is, so that its classes are not read as more than they are.
    record["plus"] = {"leakresp": {fact: stated[fact] for fact in OWN if fact in stated}}
    if with_victim and "organisation_name" in stated:
        record["victim"]["victim_id"] = stated["organisation_name"]
    return record


def seed_of(incident: Mapping[str, str], answers: Answers) -> str:
    """Return what tells an incident from another where there is no case: all that was given of it."""
    facts = {fact: written(value) for fact, value in answers.items()}
    return json.dumps([dict(incident), facts], ensure_ascii=False, sort_keys=True)


def _id(incident: Mapping[str, str], seed: str) -> str:
    tool, _, name = incident.get("source", "").partition(":")
    if tool == "veris" and name:
        return name
    found = hashlib.sha256(seed.encode()).hexdigest()
    return "-".join((found[:8], found[8:12], found[12:16], found[16:20], found[20:32]))


def _timeline(answers: Answers) -> dict[str, Any]:
    """Return the days. Where nobody knows when it happened, the year of its discovery stands, without day and month."""
    occurred, discovered = answers.get("occurred_on"), answers.get("discovered_on")
    if isinstance(occurred, Day):
        day = occurred.date
        found: dict[str, Any] = {"incident": {"year": day.year, "month": day.month, "day": day.day}}
        if isinstance(discovered, Day) and discovered.date > day:
            found["discovery"] = {"unit": "Days", "value": (discovered.date - day).days}
        return found
    if isinstance(discovered, Day):
        return {"incident": {"year": discovered.date.year}}
    raise FaultsError([Fault("interchange.no_year", path="occurred_on")])


def _among(value: str | list[str] | None, values: Iterable[str]) -> bool:
    return bool({value} & set(values)) if isinstance(value, str) else bool(set(value or ()) & set(values))


def _there(record: Mapping[str, Any], path: str) -> bool:
    value: Any = record
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value is not None


def _put_all(record: dict[str, Any], put: Mapping[str, list[str]]) -> None:
    for path, values in put.items():
        for value in values:
            _put(record, path.split("."), value)


def _put(node: dict[str, Any], steps: list[str], value: str) -> None:
    """Put a word at its place: ``x[]`` is a list of words, ``x[].y`` one of objects; one word alone stays as it is."""
    step, *rest = steps
    name = step.removesuffix(_LIST)
    if not step.endswith(_LIST):
        if rest:
            _put(node.setdefault(name, {}), rest, value)
        else:
            node.setdefault(name, True if value == "true" else value)
        return
    each: Any = {rest[0]: value} if rest else value
    if each not in node.setdefault(name, []):
        node[name].append(each)
