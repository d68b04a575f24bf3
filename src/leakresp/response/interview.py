"""The next question that can still change something.

Questions stand in ``rules/interview.yaml`` in the order a calm person would ask. A question is due while a fact it
settles has not been asked and could still change what its stage decides. Nothing here knows which incidents exist:
relevance comes from the proofs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import OWING, RELEASED
from leakresp.law.held import UNSURE
from leakresp.law.truth import NO, UNKNOWN, YES
from leakresp.response.assessment import addressed, looked_at, standing_duties, stands

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.held import Answers, Known, Open, Value
    from leakresp.law.rulebook import InForce, RegimeInForce
    from leakresp.law.vocabulary import Fact, Text
    from leakresp.response.assessment import Assessor

STAGES: Final = ("stop", "duty", "clock", "papers")


@dataclass(frozen=True, slots=True)
class Option:
    """One way of answering a question, with the facts it states."""

    id: str
    text: Text
    help: Text | None
    facts: Mapping[str, Value | Open]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Without ``options`` it takes a free answer to its only fact."""

    id: str
    stage: str
    settles: tuple[str, ...]
    text: Text | None
    help: Text | None
    options: tuple[Option, ...] = ()
    unsure: Text | None = None
    #: The facts that no later question settles.
    own: frozenset[str] = frozenset()
    #: The facts it asks for in one go: with one of them left, that one is asked by itself instead.
    gathers: tuple[str, ...] = ()

    def unsure_facts(self, answers: Answers) -> dict[str, Value | Open]:
        """Return what "cannot tell yet" states: the facts of the question that nobody has stated are unsure.

        A fact that a later question asks properly is left to it: not knowing what happened says nothing of encryption.
        """
        missing = [fact for fact in self.settles if fact not in answers]
        own = [fact for fact in missing if fact in self.own]
        return dict.fromkeys(own or missing, UNSURE)


class Interview:
    """The questions of one rulebook and catalogue."""

    def __init__(self, assessor: Assessor) -> None:
        self.assessor: Final = assessor
        self.facts: Final = assessor.rulebook.facts
        plain = assessor.rulebook.plain["questions"]
        #: By fact, the last question that settles it, which asks it properly.
        self._last: Final = {fact: question["id"] for question in plain for fact in question["settles"]}
        self.questions: Final = tuple(map(self._question, plain))
        self.by_id: Final = {question.id: question for question in self.questions}

    def _question(self, plain: Mapping[str, Any]) -> Question:
        return Question(
            plain["id"],
            plain["stage"],
            tuple(plain["settles"]),
            plain.get("text"),
            plain.get("help"),
            tuple(
                Option(
                    option["id"],
                    option["text"],
                    option.get("help"),
                    {fact: self.facts[fact].read(raw) for fact, raw in option["facts"].items()},
                )
                for option in plain["options"]
            ),
            plain.get("unsure"),
            frozenset(fact for fact in plain["settles"] if self._last[fact] == plain["id"]),
            tuple(plain["gathers"]),
        )

    def question_of(self, fact: str) -> Question:
        """Return a question that asks ``fact`` by itself, in the words of the vocabulary."""
        authored = self.by_id.get(fact)
        if authored is not None and authored.settles == (fact,):
            return authored
        stage = next(question.stage for question in self.questions if fact in question.settles)
        return Question(fact, stage, (fact,), None, None)

    def due(self, answers: Answers, on: dt.date, until: str = "papers") -> Iterator[Question]:
        """Yield the questions that are due now, in their order, up to and with the stage ``until``."""
        in_force = self.assessor.rulebook.in_force(on)
        known = in_force.presumptions.fill(answers)
        for stage in STAGES[: STAGES.index(until) + 1]:
            open_facts = self._open(stage, in_force, known, answers)
            for question in self.questions:
                if question.stage == stage:
                    yield from self._asked(question, open_facts, answers)

    def next(self, answers: Answers, on: dt.date, until: str = "papers") -> Question | None:
        """Return the first question that is due, or ``None`` when nothing can change any more."""
        return next(self.due(answers, on, until), None)

    def _asked(self, question: Question, open_facts: frozenset[str], answers: Answers) -> Iterator[Question]:
        waiting = [fact for fact in question.settles if fact in open_facts and fact not in answers]
        gathered = [fact for fact in question.gathers if fact not in answers]
        if not waiting or (question.gathers and len(gathered) <= 1):
            return
        fitting = tuple(option for option in question.options if _fits(option, waiting, answers))
        if fitting and all(_says(fitting, fact) == _says(question.options, fact) for fact in waiting):
            yield replace(question, options=fitting)
        elif question.options:
            # What is already stated leaves no option, or only some of the answers: ask what is missing by itself.
            yield from (self.question_of(fact) for fact in waiting)
        else:
            yield question

    def _open(self, stage: str, in_force: InForce, known: Known, answers: Answers) -> frozenset[str]:
        if stage == "stop":
            return self.assessor.playbook(in_force).open_facts(known).difference(in_force.presumptions.exemptions)
        if stage == "clock":
            return frozenset().union(*(_clock_facts(regime, known) for regime in in_force.regimes))
        if stage == "papers":
            return self._paper_facts(in_force, known, answers)
        found = frozenset[str]().union(*(_duty_facts(regime, known, frozenset(answers)) for regime in in_force.regimes))
        return found - in_force.presumptions.unasked(known)

    def _paper_facts(self, in_force: InForce, known: Known, answers: Answers) -> frozenset[str]:
        found = set[str]()
        for regime in in_force.regimes:
            if regime.report.decide(known).duty not in OWING:
                continue
            for word in regime.criteria.values():
                found |= word.prove(known).open_facts(frozenset(answers))
        assessed = self.assessor.assess(answers, in_force.day, in_force.day)
        for need in assessed.papers:
            found |= set(need.holes)
        for need in assessed.papers_open:
            found |= set(need.hangs_on)
        return frozenset(found) - in_force.presumptions.unasked(known)

    def why(self, question: Question, answers: Answers, on: dt.date) -> tuple[str, ...]:
        """Return what hangs on a question: names of rules (``appi.wrongful_purpose``) and papers (``paper.letter``)."""
        in_force = self.assessor.rulebook.in_force(on)
        known = in_force.presumptions.fill(answers)
        settles = set(question.settles)
        reasons = []
        for regime in in_force.regimes:
            name = regime.regime.id
            if regime.applies.prove(known).swing() == NO.bit:
                continue
            if not looked_at(regime, known):
                # Of a law nobody was asked about only the question that brings it in can change something.
                if not settles.isdisjoint(regime.applies.prove(known).open_facts()):
                    reasons.append(f"{name}.{regime.regime.report}")
                continue
            reasons += [
                f"{name}.{criterion}"
                for criterion, word in regime.criteria.items()
                if not settles.isdisjoint(word.prove(known).open_facts())
            ]
            if not settles.isdisjoint(regime.report.decide(known).open_facts() | _branches(regime, known)):
                reasons.append(f"{name}.{regime.regime.report}")
            reasons += [
                f"{name}.{deadline.rule.id}"
                for deadline in regime.deadlines
                if not settles.isdisjoint(deadline.start.facts())
            ]
        if question.stage == "stop":
            reasons.insert(0, "actions")
        if question.stage == "papers":
            assessed = self.assessor.assess(answers, on, on)
            reasons += [f"paper.{need.paper.id}" for need in assessed.papers if settles & set(need.paper.needs)]
            reasons += [f"paper.{need.paper.id}" for need in assessed.papers_open if settles & set(need.hangs_on)]
        return tuple(dict.fromkeys(reasons))


def _fits(option: Option, waiting: Iterable[str], answers: Answers) -> bool:
    """Tell whether an option agrees with what is stated and says something about what is waited for."""
    agrees = all(fact not in answers or answers[fact] == value for fact, value in option.facts.items())
    return agrees and any(fact in option.facts for fact in waiting)


def _says(options: Iterable[Option], fact: str) -> set[Value | Open]:
    """Return the answers to ``fact`` that some option gives."""
    return {option.facts[fact] for option in options if fact in option.facts}


def _duty_facts(regime: RegimeInForce, known: Known, asked: frozenset[str]) -> frozenset[str]:
    """Return the facts not yet asked that could change whether there is a duty, or which period applies."""
    report = regime.report.decide(known)
    if report.duty == RELEASED and report.by is not None:
        return next(proof for exception, proof in report.exceptions if exception is report.by).open_facts(asked)
    found = report.open_facts(asked)
    if regime.regime.beside and regime.notify is not None:
        found |= regime.notify.decide(known).open_facts(asked)
    applies = regime.applies.prove(known)
    if applies.truth is UNKNOWN or (regime.regime.beside and applies.truth is NO):
        # What only its situations ask can wait until this body of law is known to apply.
        exceptions = (proof.open_facts(asked) for _, proof in report.exceptions)
        return found & applies.open_facts(asked).union(*exceptions)
    if report.duty in OWING and applies.truth is not NO:
        for deadline in regime.deadlines:
            for _, condition in deadline.longer:
                found |= condition.prove(known).open_facts(asked)
        found |= _branches(regime, known, asked)
    return found


def _branches(regime: RegimeInForce, known: Known, asked: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the facts that decide which of several is the one to tell; who is told in every case asks for nothing."""
    notify = regime.notify.decide(known) if regime.notify else None
    told = addressed(regime, standing_duties(regime.report.decide(known), notify), known)
    proofs = (unless.prove(known) for each, unless in told if unless is not None and each.when is not None)
    return frozenset[str]().union(*(proof.open_facts(asked) for proof in proofs))


def _clock_facts(regime: RegimeInForce, known: Known) -> frozenset[str]:
    duties = (regime.report, regime.notify if regime.regime.beside else None)
    if not any(stands(duty.decide(known)) for duty in duties if duty is not None):
        return frozenset()
    holding = [word for word in regime.criteria.values() if word.prove(known).truth is YES]
    found = set[str]()
    for deadline in regime.deadlines:
        found.add(deadline.start.fact)
        # A later day moves the clock only where the criterion that became known later stands alone.
        found |= {fact for word, fact in deadline.start.later if holding == [word]}
    return frozenset(found)


def kind_of(question: Question, facts: Mapping[str, Fact]) -> str:
    """Return how a question is answered: ``options`` or the kind of its fact."""
    return "options" if question.options else facts[question.settles[0]].kind
