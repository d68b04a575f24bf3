"""A drill's files read: scenarios, shipped or one's own, and the decisions of a team; each fault with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from leakresp.law.vocabulary import WrongAnswer, nearest
from leakresp.response.drill import Decision, Scenario, read_span
from leakresp.shell.documents import Document, Path, decode, form_faults, read_document, shown
from leakresp.shell.drill_models import DecisionModel, DecisionsFile, ScenarioModel
from leakresp.shell.drill_promises import Promises
from leakresp.shell.faults import Fault, FaultsError, fault_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping

    from leakresp.law.held import Answers
    from leakresp.law.vocabulary import Fact
    from leakresp.response.assessment import Assessor

#: The folder of the scenarios shipped, below that of the templates.
FOLDER: Final = "drills"


class Names(NamedTuple):
    """What a drill's files may name: every id there is, by its kind."""

    facts: Mapping[str, Fact]
    actions: tuple[str, ...]
    papers: tuple[str, ...]
    regimes: tuple[str, ...]
    recipients: tuple[str, ...]
    deadlines: tuple[str, ...]

    @classmethod
    def of(cls, assessor: Assessor) -> Names:
        """Return the names that rules and papers know."""
        regimes = assessor.rulebook.regimes.values()
        return cls(
            assessor.rulebook.facts,
            tuple(action["id"] for action in assessor.rulebook.plain["actions"]),
            tuple(assessor.papers),
            tuple(regime.id for regime in regimes),
            tuple(f"{regime.id}.{recipient.id}" for regime in regimes for recipient in regime.recipients),
            tuple(f"{regime.id}.{deadline}" for regime in regimes for deadline in regime.deadlines),
        )

    def known(self, kind: str, moves: Collection[str] = ()) -> Collection[str]:
        """Return the names that may stand in a field; ``moves`` are those a scenario adds to the actions."""
        return {
            "action": (*self.actions, *moves),
            "fact": self.facts,
            "paper": self.papers,
            "regime": self.regimes,
            "recipient": self.recipients,
            "deadline": self.deadlines,
        }[kind]


#: What kind of name each field of a file holds.
KINDS: Final = {
    "do": "action",
    "unless_done": "action",
    "caution": "action",
    "state": "fact",
    "leave_open": "fact",
    "withdraw": "fact",
    "decide": "regime",
    "draft": "paper",
    "report": "deadline",
    "tell": "recipient",
}


def read_scenario(
    raw: bytes, file: str, assessor: Assessor, *, wanted: str | None = None, promises: bool = True
) -> Scenario:
    """Return a scenario after checking everything it says. Raises ``FaultsError`` with every fault of the file.

    ``wanted`` is the id that the file's name asks for. Without ``promises`` it is not held against the rules as a
    whole, which a list of titles does not need.
    """
    document = read_document(decode(raw, file), file).whole()
    plain = _validated(ScenarioModel, document, document.data)
    reading = _Reading(document, Names.of(assessor))
    if wanted is not None and plain["id"] != wanted:
        reading.fault("rules.name_differs", ("id",), id=plain["id"], wanted=wanted)
    reading.scenario(plain)
    reading.refuse()
    scenario = Scenario.of(plain, assessor.rulebook.facts)
    if promises:
        reading.faults += Promises(document, scenario, assessor).broken()
        reading.refuse()
    return scenario


def stored_scenario(plain: Mapping[str, Any], file: str, assessor: Assessor) -> Scenario:
    """Return the scenario that a record of a drill carries; its names may be older than the rules in use.

    Raises ``FaultsError``.
    """
    document = Document(file, dict(plain), {(): 1})
    valid = _validated(ScenarioModel, document, document.data)
    reading = _Reading(document, Names.of(assessor))
    reading.scenario(valid)
    reading.refuse()
    return Scenario.of(valid, assessor.rulebook.facts)


def stored_decision(plain: Mapping[str, Any], file: str, line: int, scenario: Scenario, names: Names) -> Decision:
    """Return a decision that a line of a record carries. Raises ``FaultsError`` that names the line."""
    document = Document(file, dict(plain), {(): line})
    reading = _Reading(document, names, tuple(trap.id for trap in scenario.traps))
    found = list(reading.decisions([_validated(DecisionModel, document, document.data)]))
    reading.refuse()
    return found[0]


def read_decisions(raw: bytes, file: str, scenario: Scenario, assessor: Assessor) -> tuple[Decision, ...]:
    """Return the decisions a team wrote down. Raises ``FaultsError`` with every fault of the file."""
    document = read_document(decode(raw, file), file).whole()
    if not isinstance(document.data, list):
        raise FaultsError([document.fault("drill.no_list")])
    plain = _validated(DecisionsFile, document, {"decisions": document.data}, ("decisions",))
    reading = _Reading(document, Names.of(assessor), tuple(trap.id for trap in scenario.traps))
    decisions = tuple(reading.decisions(plain["decisions"]))
    reading.refuse()
    return decisions


def _validated(model: type[BaseModel], document: Document, data: Any, below: Path = ()) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(data, dict):
        raise FaultsError([document.fault("rules.no_mapping")])
    try:
        found = model.model_validate(data)
    except ValidationError as error:
        raise FaultsError(form_faults(_Below(document, below), error)) from None
    return found.model_dump(mode="json")


class _Below(Document):
    """A document whose places are named without the steps that the form has and the file has not."""

    def __init__(self, document: Document, below: Path) -> None:
        super().__init__(document.file, document.data, {})
        self._document: Final = document
        self._below: Final = below

    def fault(self, key: str, path: Path = (), /, **details: object) -> Fault:
        return self._document.fault(key, path[len(self._below) :], **details)


class _Reading:
    """One file being read; its faults are gathered."""

    def __init__(self, document: Document, names: Names, moves: Collection[str] = ()) -> None:
        self.document: Final = document
        self.names: Final = names
        self.moves: Collection[str] = moves
        self.faults: list[Fault] = []

    def fault(self, key: str, path: Path, /, **details: object) -> None:
        """Keep a fault."""
        self.faults.append(self.document.fault(key, path, **details))

    def refuse(self) -> None:
        """Raise ``FaultsError`` where anything is wrong."""
        if self.faults:
            raise FaultsError(sorted(self.faults, key=lambda fault: fault.line or 0))

    # ---- a scenario ----

    def scenario(self, plain: Mapping[str, Any]) -> None:
        """Check the names and values of a scenario, each by itself."""
        self.moves = tuple(trap["id"] for trap in plain["traps"] if trap.get("text"))
        self._start(plain["start"])
        self._span(plain["ends"], ("ends",))
        self.answers(plain["organisation"], ("organisation",))
        for fact, recipient in plain["conduct"].items():
            self._name("fact", fact, ("conduct", fact))
            self._name("recipient", recipient, ("conduct", fact))
        for action, recipients in plain["tells"].items():
            self._name("action", action, ("tells", action))
            self._fields({"tell": recipients}, ("tells", action))
        for number, event in enumerate(plain["events"]):
            self._span(event["at"], ("events", number, "at"))
            self.answers(event["reveals"], ("events", number, "reveals"))
            if event["inject"]:
                self.answers(event["inject"]["tempts"], ("events", number, "inject", "tempts"))
        for number, expected in enumerate(plain["expects"]):
            self._span(expected["by"], ("expects", number, "by"))
            self._fields(expected, ("expects", number))
        for number, trap in enumerate(plain["traps"]):
            self._trap(trap, ("traps", number))
        self._twice(plain["expects"], "expects")
        self._twice(plain["traps"], "traps")

    def _start(self, text: str) -> None:
        from leakresp.law.vocabulary import read_day

        try:
            if read_day(text).time is None:
                self.fault("drill.no_time", ("start",), word=text)
        except WrongAnswer as wrong:
            self._wrong(wrong, ("start",))

    def _trap(self, trap: Mapping[str, Any], path: Path) -> None:
        self._fields(trap, path)
        if bool(trap["do"]) == bool(trap["text"]):
            self.fault("drill.one_move", path)
        if trap["text"] and trap["id"] in self.names.actions:
            self.fault("drill.move_is_action", (*path, "id"), id=trap["id"])

    def _twice(self, found: list[Mapping[str, Any]], key: str) -> None:
        seen: set[str] = set()
        for number, each in enumerate(found):
            if each["id"] in seen:
                self.fault("rules.id_twice", (key, number, "id"), id=each["id"])
            seen.add(each["id"])

    # ---- decisions ----

    def decisions(self, plain: list[Mapping[str, Any]]) -> Iterator[Decision]:
        """Yield the decisions; one without ``at`` is made where the clock was left by the one before."""
        import datetime as dt

        clock = dt.timedelta(0)
        for number, each in enumerate(plain):
            faults = len(self.faults)
            at = clock if each["at"] is None else self._span(each["at"], (number, "at"))
            self._fields({key: value for key, value in each.items() if key != "state"}, (number,))
            state = self.answers(each["state"], (number, "state"))
            waited = dt.timedelta(0) if each["wait"] is None else self._span(each["wait"], (number, "wait"))
            if len(self.faults) > faults or at is None or waited is None:
                continue
            if at < clock:
                self.fault("drill.clock_back", (number, "at"), word=each["at"])
            yield _decision(each, at, state)
            clock = at + waited

    # ---- names and values ----

    def answers(self, plain: Mapping[str, Any], path: Path) -> Answers:
        """Return facts with their values."""
        found: Answers = {}
        for name, raw in plain.items():
            if not self._name("fact", name, (*path, name)):
                continue
            try:
                found[name] = self.names.facts[name].read(raw)
            except WrongAnswer as wrong:
                self._wrong(wrong, (*path, name))
        return found

    def _fields(self, plain: Mapping[str, Any], path: Path) -> None:
        for field, kind in KINDS.items():
            named = plain.get(field) or ()
            if isinstance(named, str):
                self._name(kind, named, (*path, field))
            else:
                for number, name in enumerate(named):
                    self._name(kind, name, (*path, field, number))

    def _name(self, kind: str, name: str, path: Path) -> bool:
        known = self.names.known(kind, self.moves)
        if name not in known:
            key = "answers.fact_unknown" if kind == "fact" else f"drill.{kind}_unknown"
            self.fault(key, path, word=name, nearest=nearest(name, known))
        return name in known

    def _span(self, text: str, path: Path) -> dt.timedelta | None:
        span = read_span(text)
        if span is None:
            self.fault("drill.no_span", path, word=text)
        return span

    def _wrong(self, wrong: WrongAnswer, path: Path) -> None:
        file, line = self.document.file, self.document.line(path)
        self.faults.append(fault_of(wrong, file=file, line=line, path=shown(path)))


def _decision(plain: Mapping[str, Any], at: dt.timedelta, state: Answers) -> Decision:
    kinds = {key: tuple(plain[key]) for key in ("do", "withdraw", "draft", "report", "tell")}
    return Decision(at, state=state, note=plain["note"], **kinds)
