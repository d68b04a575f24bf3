"""Answers read from files, options and streams, all through the same check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import WrongAnswer, nearest, read_words
from leakresp.shell.documents import Document, Path, decode, full_width, read_document, shown
from leakresp.shell.faults import MISUSE, Fault, FaultsError, fault_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from leakresp.law.held import Answers
    from leakresp.law.vocabulary import Fact
    from leakresp.response.case import Case
    from leakresp.response.clients import Client

SECTIONS: Final = ("incident", "facts")


@dataclass(frozen=True, slots=True)
class Given:
    """One incident as given: free words about it, and its answers."""

    incident: dict[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    #: Those whose data we hold as entrustee, where the incident is a case that has a table of them.
    clients: Mapping[str, Client] = field(default_factory=dict)

    @classmethod
    def of_case(cls, case: Case, supposed: Answers | None = None) -> Given:
        """Return a case as an incident, with answers that are only supposed laid over its own."""
        return cls(dict(case.incident), case.answers | (supposed or {}), case.clients)


def read_file(raw: bytes, file: str, facts: Mapping[str, Fact]) -> Given:
    """Return what an answers file says. Raises ``FaultsError`` with every fault of the file."""
    return read_given(read_document(decode(raw, file), file), facts)


def read_given(document: Document, facts: Mapping[str, Fact], *, beside: Collection[str] = ()) -> Given:
    """Return what a document says as incident and answers. Raises ``FaultsError`` with all its faults.

    ``beside`` are sections that the caller reads itself.
    """
    data = document.data
    if data is None or data == {}:
        raise FaultsError([document.fault("answers.empty")])
    if not isinstance(data, dict):
        raise FaultsError([_no_mapping(document, (), data)])
    reading = _Reading(document, facts)
    reading.sections({section: content for section, content in data.items() if section not in beside})
    if reading.faults:
        raise FaultsError(sorted(reading.faults, key=lambda fault: fault.line or 0))
    return Given(reading.incident, reading.answers)


class _Reading:
    """One document being read; its faults are gathered, so that all are shown together."""

    def __init__(self, document: Document, facts: Mapping[str, Fact]) -> None:
        self.document: Final = document
        self.facts: Final = facts
        self.incident: dict[str, str] = {}
        self.answers: Answers = {}
        self.faults: list[Fault] = list(document.faults)

    def sections(self, data: Mapping[str, Any]) -> None:
        for section, content in data.items():
            if wide := full_width(section):
                self._fault("file.full_width", (section,), **wide)
            elif section not in SECTIONS:
                # A file of bare facts is the likeliest slip: say where they belong.
                key = "answers.fact_outside" if section in self.facts else "answers.section_unknown"
                self._fault(key, (section,), word=section, nearest=nearest(section, SECTIONS))
            elif not isinstance(content, dict):
                self.faults.append(_no_mapping(self.document, (section,), content))
            else:
                for key, raw in content.items():
                    (self._words if section == "incident" else self._answer)(key, raw)

    def _fault(self, key: str, path: Path, /, **details: object) -> None:
        self.faults.append(self.document.fault(key, path, **details))

    def _wrong(self, wrong: WrongAnswer, path: Path) -> None:
        document = self.document
        self.faults.append(fault_of(wrong, file=document.file, line=document.line(path), path=shown(path)))

    def _words(self, key: str, raw: Any) -> None:  # noqa: ANN401 - checked here
        path = ("incident", key)
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw)
        if not isinstance(raw, str):
            self._fault("answer.not_one_word", path)
            return
        try:
            self.incident[key] = read_words(raw)
        except WrongAnswer as wrong:
            self._wrong(wrong, path)

    def _answer(self, name: str, raw: Any) -> None:  # noqa: ANN401 - checked here
        path = ("facts", name)
        fact = self.facts.get(name)
        if fact is None:
            self._fault("answers.fact_unknown", path, word=name, nearest=nearest(name, self.facts))
            return
        if fact.kind == "count" and not isinstance(raw, bool):
            # JSON writes a whole number as 1200 or as 1200.0.
            raw = int(raw) if isinstance(raw, float) and raw.is_integer() else raw
            raw = str(raw) if isinstance(raw, int) else raw
        if isinstance(raw, bool) or (fact.kind == "yes_no" and str(raw).lower() in {"true", "false"}):
            word = str(raw).lower()
            self._fault("answer.yaml_boolean", path, word=word, nearest="yes" if word == "true" else "no")
        elif raw is None or (fact.kind != "words" and isinstance(raw, str) and raw.strip() in {"", "~", "null"}):
            self._fault("answer.empty", path)
        else:
            try:
                self.answers[name] = fact.read(raw)
            except WrongAnswer as wrong:
                self._wrong(wrong, path)


def _no_mapping(document: Document, path: Path, data: Any) -> Fault:  # noqa: ANN401 - whatever stands there
    """Return the fault of one value where a mapping belongs; a full-width colon is the usual cause."""
    wide = full_width(data) if isinstance(data, str) else {}
    return document.fault("file.full_width" if wide else "answers.no_mapping", path, **wide)


def read_settings(settings: Iterable[str], facts: Mapping[str, Fact], now: dt.datetime) -> Answers:
    """Return the answers of ``--set ID=VALUE`` options, typed by a person. Raises ``FaultsError`` with exit code 2."""
    from leakresp.shell.typed import read_typed  # only where something was typed

    answers: Answers = {}
    faults: list[Fault] = []
    for setting in settings:
        name, equals, raw = setting.partition("=")
        name = name.strip()
        if not equals:
            faults.append(Fault("answers.no_equals", path=setting))
        elif name not in facts:
            faults.append(
                Fault("answers.fact_unknown", path=name, details={"word": name, "nearest": nearest(name, facts)})
            )
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
