"""Answers read from files, options and streams, all through the same check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import WrongAnswer, nearest
from leakresp.shell.faults import MISUSE, Fault, FaultsError, fault_of
from leakresp.shell.typed import read_typed
from leakresp.shell.yaml_text import Document, decode, read_document, shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from leakresp.law.held import Answers
    from leakresp.law.vocabulary import Fact

SECTIONS: Final = ("incident", "facts")


@dataclass(frozen=True, slots=True)
class Given:
    """One incident as given: free words about it, and its answers."""

    incident: dict[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)


def read_file(raw: bytes, file: str, facts: Mapping[str, Fact]) -> Given:
    """Return what an answers file says. Raises ``FaultsError`` with every fault of the file."""
    return read_given(read_document(decode(raw, file), file), facts)


def read_given(document: Document, facts: Mapping[str, Fact]) -> Given:
    """Return what a document says as incident and answers. Raises ``FaultsError`` with all its faults."""
    data = document.data
    if data is None or data == {}:
        raise FaultsError([document.fault("answers.empty")])
    if not isinstance(data, dict):
        raise FaultsError([document.fault("answers.no_mapping")])
    faults: list[Fault] = []
    for section in data:
        if section not in SECTIONS:
            # A file of bare facts is the likeliest slip: say where they belong.
            key = "answers.fact_outside" if section in facts else "answers.section_unknown"
            faults.append(document.fault(key, (section,), word=section, nearest=nearest(section, SECTIONS)))
    incident = _incident(document, data.get("incident", {}), faults)
    stated = data.get("facts", {})
    answers: Answers = {}
    if not isinstance(stated, dict):
        faults.append(document.fault("answers.no_mapping", ("facts",)))
    else:
        for fact, raw in stated.items():
            _answer(document, facts, fact, raw, answers, faults)
    if faults:
        raise FaultsError(faults)
    return Given(incident, answers)


def _incident(document: Document, data: Any, faults: list[Fault]) -> dict[str, str]:  # noqa: ANN401
    if not isinstance(data, dict):
        faults.append(document.fault("answers.no_mapping", ("incident",)))
        return {}
    words = {}
    for key, value in data.items():
        if isinstance(value, str):
            words[key] = value
        elif isinstance(value, int) and not isinstance(value, bool):
            words[key] = str(value)
        else:
            faults.append(document.fault("answer.not_one_word", ("incident", key)))
    return words


def _answer(
    document: Document, facts: Mapping[str, Fact], name: str, raw: Any, answers: Answers, faults: list[Fault]  # noqa: ANN401
) -> None:
    path = ("facts", name)
    fact = facts.get(name)
    if fact is None:
        faults.append(document.fault("answers.fact_unknown", path, word=name, nearest=nearest(name, facts)))
        return
    if isinstance(raw, int) and not isinstance(raw, bool) and fact.kind == "count":
        raw = str(raw)
    if isinstance(raw, bool) or (isinstance(raw, str) and fact.kind == "yes_no" and raw.lower() in {"true", "false"}):
        word = "yes" if str(raw).lower() == "true" else "no"
        faults.append(document.fault("answer.yaml_boolean", path, word=str(raw).lower(), nearest=word))
        return
    if raw is None or (isinstance(raw, str) and raw.strip() in {"", "~", "null"} and fact.kind != "words"):
        faults.append(document.fault("answer.empty", path))
        return
    try:
        answers[name] = fact.read(raw)
    except WrongAnswer as wrong:
        faults.append(fault_of(wrong, file=document.file, line=document.line(path), path=shown(path)))


def read_settings(settings: Iterable[str], facts: Mapping[str, Fact], now: dt.datetime) -> Answers:
    """Return the answers of ``--set ID=VALUE`` options, typed by a person. Raises ``FaultsError`` with exit code 2."""
    answers: Answers = {}
    faults: list[Fault] = []
    for setting in settings:
        name, equals, raw = setting.partition("=")
        name = name.strip()
        if not equals:
            faults.append(Fault("answers.no_equals", path=setting))
        elif name not in facts:
            faults.append(Fault("answers.fact_unknown", path=name, details={"word": name, "nearest": nearest(name, facts)}))
        elif name in answers:
            faults.append(Fault("answers.set_twice", path=name))
        elif not raw.strip():
            faults.append(Fault("answer.empty", path=name))
        else:
            try:
                answers[name] = read_typed(facts[name], raw, now)
            except WrongAnswer as wrong:
                faults.append(fault_of(wrong, path=name))
    if faults:
        raise FaultsError(faults, MISUSE)
    return answers
