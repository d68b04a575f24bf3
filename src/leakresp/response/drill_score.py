"""An exercise judged: what a team stated and did, held against what the rules make of what could be known then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leakresp.law.duties import NOT_REQUIRED, OWING, RELEASED, REQUIRED, UNDETERMINED
from leakresp.law.held import Day, Interval, Open
from leakresp.law.rulebook import source_of
from leakresp.law.truth import NO, YES
from leakresp.response.assessment import counting
from leakresp.response.drill import Team
from leakresp.response.telling import tellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.deadlines import Clock
    from leakresp.law.held import Answers, Value
    from leakresp.law.presumptions import Presumption
    from leakresp.law.vocabulary import Source, Text
    from leakresp.response.assessment import Assessment, Assessor, RegimeResult
    from leakresp.response.drill import Arrival, Decision, Expectation, Scenario, Trap
    from leakresp.response.playbook import Action

#: What is scored, in the order of a report.
CATEGORIES: Final = ("actions", "facts", "verdict", "deadlines", "papers", "recipients")
#: How long an action the rules call for "now" may take, from the moment they do.
NOW: Final = dt.timedelta(hours=3)

#: What a decision is worth in time, and what is left of it when it came late.
_WORTH: Final = {
    "actions": (2, 1),
    "facts": (2, 1),
    "verdict": (4, 1),
    "deadlines": (5, 1),
    "papers": (2, 1),
    "recipients": (3, 1),
}
#: A verdict that is right though a reason was missed, or that claims more than could be known.
_NEARLY: Final = 2
#: Facts of what the team itself did; nobody can be wrong about them before doing it.
_OWN_ACTS: Final = frozenset({"police_told", "ppc_told", "published"})
#: What harm and a denial cost beyond the points that were to be had.
_HARM: Final = -4
_DENIAL: Final = -3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing judged. ``points`` of ``of`` were earned; a penalty has none to be earned.

    ``subject`` is the action, fact, duty, deadline, paper or recipient; ``at`` the moment at which it counted;
    ``rules`` the rules it rests on by full name, ``sources`` their sources and those of the practice.
    """

    category: str
    key: str
    subject: str
    at: dt.timedelta
    points: int = 0
    of: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    lesson: Text | None = None
    rules: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost here."""
        return self.points >= self.of


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment: what arrived, what was decided, and the duties as they stood and as the team had them."""

    at: dt.timedelta
    arrivals: tuple[Arrival, ...]
    decisions: tuple[Decision, ...]
    truth: Mapping[str, str]
    team: Mapping[str, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The whole judgement: findings in the order in which they counted, and the moments they belong to."""

    findings: tuple[Finding, ...]
    moments: tuple[Moment, ...]
    until: dt.timedelta

    def points(self, category: str) -> tuple[int, int]:
        """Return the points earned in a category, never less than none, and those that were to be had."""
        of_category = [finding for finding in self.findings if finding.category == category]
        return max(0, sum(each.points for each in of_category)), sum(each.of for each in of_category)

    @property
    def total(self) -> int:
        """The points earned of a hundred."""
        earned, of = (sum(parts) for parts in zip(*map(self.points, CATEGORIES), strict=True))
        return round(100 * earned / of) if of else 100


def play(
    scenario: Scenario, decisions: Iterable[Decision], assessor: Assessor, *, until: dt.timedelta | None = None
) -> Score:
    """Return how a team did. What was due after ``until``, else after the end of the scenario, is not judged."""
    end = scenario.ends if until is None else min(until, scenario.ends)
    judge = Judge(scenario, Team(scenario, decisions), assessor, end)
    findings = tuple(sorted(judge.findings(), key=lambda each: (each.at, CATEGORIES.index(each.category))))
    return Score(findings, tuple(judge.moments(findings)), end)


class _Due(NamedTuple):
    """Something to be done by a moment, with what is to be learned where it was not."""

    name: str
    by: dt.timedelta
    lesson: Text | None = None


class Judge:
    """One exercise being judged."""

    def __init__(self, scenario: Scenario, team: Team, assessor: Assessor, end: dt.timedelta) -> None:
        self.scenario: Final = scenario
        self.team: Final = team
        self.assessor: Final = assessor
        self.end: Final = end
        self._truths: dict[dt.timedelta, Assessment] = {}
        self._conduct: Final = _OWN_ACTS.union(scenario.conduct)

    # ---- what the rules make of it ----

    def known(self, at: dt.timedelta) -> Answers:
        """Return what could be known at a moment, the team's own conduct included."""
        return self.scenario.truth(at) | self.team.conduct(at)

    def truth(self, at: dt.timedelta) -> Assessment:
        """Return the assessment of what could be known at a moment."""
        if at not in self._truths:
            self._truths[at] = self.assess(self.known(at), at)
        return self._truths[at]

    def assess(self, answers: Answers, at: dt.timedelta) -> Assessment:
        """Return the assessment of answers on a simulated day."""
        return self.assessor.assess(answers, None, self.scenario.day(at))

    def moments(self, findings: tuple[Finding, ...]) -> Iterator[Moment]:
        """Yield the moments at which something arrived or was decided, each with the findings up to the next one."""
        times = sorted({at for at in (*self._arrived_at(), *self._decided_at()) if at <= self.end})
        for at, after in zip(times, [*times[1:], None], strict=True):
            yield Moment(
                at,
                tuple(each for each in self.scenario.arrivals if each.at == at),
                tuple(each for each in self.team.decisions if each.at == at),
                _duties(self.truth(at)),
                _duties(self.assess(self.team.answers(at), at)),
                tuple(each for each in findings if at <= each.at and (after is None or each.at < after)),
            )

    def _arrived_at(self) -> Iterator[dt.timedelta]:
        return (each.at for each in self.scenario.arrivals)

    def _decided_at(self) -> Iterator[dt.timedelta]:
        return (each.at for each in self.team.decisions)

    def findings(self) -> Iterator[Finding]:
        """Yield everything that is judged."""
        yield from self._actions()
        yield from self._harm()
        for expected in self._due():
            yield from (self._fact(fact, expected) for fact in expected.state)
            yield from (self._left_open(fact, expected) for fact in expected.leave_open)
            yield from (self._verdict(regime, expected.by, expected.lesson) for regime in expected.decide)
            yield from (self._paper(each, expected) for each in expected.draft)
        yield from self._denials()
        yield from self._at_the_end()
        yield from self._deadlines()
        yield from self._recipients()

    def _due(self) -> Iterator[Expectation]:
        return (expected for expected in self.scenario.expects if expected.by <= self.end)

    # ---- actions ----

    def _actions(self) -> Iterator[Finding]:
        wanted = dict(self._called_for_now())
        for expected in self._due():
            wanted |= {action: _Due(action, expected.by, expected.lesson) for action in expected.do}
        library = self._library()
        for name, due in wanted.items():
            if due.by <= self.end:
                yield self._timed("action", due, self.team.done.get(name), _sources_of(library[name]))

    def _called_for_now(self) -> Iterator[tuple[str, _Due]]:
        """Yield the actions the rules call for at once, each with the moment by which it should be taken."""
        seen: set[str] = set()
        for arrival in self.scenario.arrivals:
            by = arrival.at + NOW
            still = {action.id for action in self.truth(by).actions}
            for action in self.truth(arrival.at).actions:
                if action.urgency == "now" and action.id in still and action.id not in seen:
                    seen.add(action.id)
                    yield action.id, _Due(action.id, by)

    def _library(self) -> dict[str, Action]:
        in_force = self.assessor.rulebook.in_force(self.scenario.day(self.end))
        return {action.id: action for action in self.assessor.playbook(in_force).all}

    def _harm(self) -> Iterator[Finding]:
        library = self._library()
        for trap in self.scenario.traps:
            at = self._sprung(trap)
            if at is not None and at <= self.end:
                sources = _sources_of(library[trap.caution]) if trap.caution else ()
                details = {"caution": trap.caution, "unless_done": trap.unless_done, "text": trap.text}
                yield Finding("actions", "action.harmful", trap.do, at, _HARM, 0, details, trap.lesson, sources=sources)

    def _sprung(self, trap: Trap) -> dt.timedelta | None:
        """Return when the trap's move was made before what makes it harmless, if it was."""
        before: set[str] = set()
        for action, at in self.team.moves:
            if action == trap.do:
                return None if trap.unless_done and before.issuperset(trap.unless_done) else at
            before.add(action)
        return None

    # ---- facts ----

    def _fact(self, fact: str, expected: Expectation) -> Finding:
        by, true = expected.by, self.known(expected.by)[fact]
        stated = self.team.answers(by).get(fact)
        details: dict[str, Any] = {"true": true, "stated": stated, "by": by}
        rules = self._hangs_on(fact, by)
        worth, late = _WORTH["facts"]

        def found(key: str, at: dt.timedelta, points: int) -> Finding:
            lesson = None if points == worth else expected.lesson
            return Finding("facts", key, fact, at, points, worth, details, lesson, rules, self._sources(rules, by))

        if agrees(stated, true):
            return found("fact.right", by, worth)
        for each in self.team.decisions:
            if by < each.at <= self.end and agrees(self.team.answers(each.at).get(fact), self.known(each.at).get(fact)):
                details["at"] = each.at
                return found("fact.late", by, late)
        return found("fact.missed" if stated is None or isinstance(stated, Open) else "fact.wrong", by, 0)

    def _left_open(self, fact: str, expected: Expectation) -> Finding:
        by, (worth, _) = expected.by, _WORTH["facts"]
        stated = self.team.answers(by).get(fact)
        details: dict[str, Any] = {"stated": stated, "by": by}
        if stated is None or isinstance(stated, Open) or not self._closed_by(fact, stated, by):
            return Finding("facts", "fact.left_open", fact, by, worth, worth, details)
        found = self._denial(fact, stated, None, self._hangs_on(fact, by), by)
        return replace(found, points=0, of=worth, lesson=expected.lesson)

    def _denials(self) -> Iterator[Finding]:
        """Yield each statement that shut out what could not be shut out when it was made, once for each fact."""
        seen: set[str] = set()
        for decision in self.team.decisions:
            for fact, stated in decision.state.items():
                if fact in seen or isinstance(stated, Open) or self._judged_elsewhere(fact, decision.at):
                    continue
                true = self.known(decision.at).get(fact)
                closed = () if agrees(stated, true) else self._closed_by(fact, stated, decision.at)
                if closed:
                    seen.add(fact)
                    yield self._denial(fact, stated, true, closed, decision.at)

    def _judged_elsewhere(self, fact: str, at: dt.timedelta) -> bool:
        """Tell whether what is said of a fact now is not judged here: it may still be mended, or is the team's own."""
        left_open = any(fact in expected.leave_open and at <= expected.by for expected in self._due())
        return left_open or fact in self._conduct or at > self.end

    def _denial(
        self, fact: str, stated: Value, true: Value | Open | None, closed: tuple[str, ...], at: dt.timedelta
    ) -> Finding:
        unknown = true is None or isinstance(true, Open)
        key = "fact.unknown_taken_for_no" if unknown else "fact.denied"
        presumed = self._presumption(fact, at)
        says = None if presumed is None else presumed.says
        details = {"stated": stated, "true": true, "lures": self.scenario.lures(fact, at), "presumed": says}
        rules = () if presumed else self._concerning(closed, at)
        sources = presumed.sources if presumed else self._sources(rules, at)
        return Finding("facts", key, fact, at, _DENIAL, 0, details, None, rules, sources)

    def _closed_by(self, fact: str, stated: Value, at: dt.timedelta) -> tuple[str, ...]:
        """Return the rules that a statement turned to "no" on top of what could be known; ``""`` where words alone do.

        Each other guess of the team is supposed with it in turn, then all of them: facts that shut something out only
        together are each found. Words alone count where the scenario itself is about that fact.
        """
        known = self.known(at)
        guesses: Answers = {
            other: value
            for other, value in self.team.answers(at).items()
            if other not in {fact, *self._conduct}
            and not isinstance(value, Open)
            and not agrees(value, known.get(other))
        }
        shut: list[str] = []
        for guess in ({}, *({other: value} for other, value in guesses.items()), guesses):
            supposed = known | guess
            shut += _shut(self.assess(supposed, at), self.assess(supposed | {fact: stated}, at))
        in_words = stated in {"ruled_out", ("none",)} and self._is_about(fact, at)
        return tuple(dict.fromkeys(shut)) or (("",) if in_words else ())

    def _is_about(self, fact: str, at: dt.timedelta) -> bool:
        listed = any(fact in expected.leave_open for expected in self.scenario.expects)
        return listed or bool(self.scenario.lures(fact, at))

    def _hangs_on(self, fact: str, at: dt.timedelta) -> tuple[str, ...]:
        """Return the rules that hang on a fact while it is not known."""
        without = {each: value for each, value in self.known(at).items() if each != fact}
        return self._concerning(self.assess(without, at).open_facts.get(fact, ()), at)

    def _concerning(self, rules: Iterable[str], at: dt.timedelta) -> tuple[str, ...]:
        """Return those of ``rules`` that belong to a body of law which counts here."""
        regimes = {result.regime.id for result in counting(self.truth(at).regimes)}
        return tuple(rule for rule in rules if rule.partition(".")[0] in regimes)

    def _presumption(self, fact: str, at: dt.timedelta) -> Presumption | None:
        """Return what the law holds of an exemption until it is confirmed."""
        presumptions = self.assessor.rulebook.in_force(self.scenario.day(at)).presumptions
        return next((each for each in presumptions.all if each.exemption and each.fact == fact), None)

    # ---- verdict and deadlines ----

    def _verdict(self, regime: str, at: dt.timedelta, lesson: Text | None) -> Finding:
        truth = self.truth(at).regime(regime)
        if truth is None:
            message = f"{regime} is not looked at on {self.scenario.day(at)}"
            raise ValueError(message)
        found = self.assess(self.team.answers(at), at)
        team, stated = found.regime(regime), _stated(found, regime)
        worth, _ = _WORTH["verdict"]
        key, points = _compared(truth, team, stated)
        rule = f"{regime}.{truth.regime.report}"
        missed = tuple(f"{regime}.{name}" for name in _missed(truth, team))
        details = {"true": truth.report.duty, "stated": stated, "missed": missed}
        rules = missed or (rule,)
        lesson = None if points == worth else lesson
        return Finding("verdict", key, rule, at, points, worth, details, lesson, rules, self._sources(rules, at))

    def _at_the_end(self) -> Iterator[Finding]:
        """Yield the verdict of each body of law that counts when all is known, as the team leaves it."""
        if self.end < self.scenario.ends:
            return
        for result in weighed(self.truth(self.end)):
            yield self._verdict(result.regime.id, self.end, None)

    def _deadlines(self) -> Iterator[Finding]:
        for result in counting(self.truth(self.end).regimes):
            if result.report.duty == REQUIRED:
                for clock in result.clocks:
                    yield from self._deadline(result, clock)

    def _deadline(self, result: RegimeResult, clock: Clock) -> Iterator[Finding]:
        due = clock.guide[1] if clock.guide else clock.term.due if clock.term else None
        name = f"{result.regime.id}.{clock.id}"
        filed = self.team.reported.get(name)
        filed = None if filed is None or filed > self.end else filed
        if due is None or (filed is None and due >= self.scenario.day(self.end)):
            return  # it has no day yet, or its day has not passed
        worth, late = _WORTH["deadlines"]
        details = {"due": due, "filed": None if filed is None else self.scenario.day(filed), "firm": clock.firm}
        at = min(self.end, self._end_of(due))
        if filed is None:
            key, points = "deadline.missed", 0
        else:
            kept = self.scenario.day(filed) <= due
            key, points = ("deadline.kept", worth) if kept else ("deadline.late", late)
        yield Finding("deadlines", key, name, at, points, worth, details, None, (name,), clock.version.sources)

    # ---- papers and recipients ----

    def _paper(self, name: str, expected: Expectation) -> Finding:
        sources = self._sources(self.assessor.papers[name].duties, expected.by)
        return self._timed("paper", _Due(name, expected.by, expected.lesson), self.team.drafted.get(name), sources)

    def _recipients(self) -> Iterator[Finding]:
        """Yield what became of all who had to be told: whom the rules have told, and whom the scenario expects."""
        wanted = {due.name: due for due in self._owed()}
        for expected in self._due():
            wanted |= {name: _Due(name, expected.by, expected.lesson) for name in expected.tell}
        yield from (self._told(due) for due in wanted.values() if due.by <= self.end)

    def _owed(self) -> Iterator[_Due]:
        """Yield whom the rules have told, each by the last day of its clock; by the end where none can be kept."""
        for telling in tellings(self.truth(self.end)):
            if telling.duty == REQUIRED and not telling.replaced_by:
                last = self.scenario.ends if telling.last is None else self._end_of(telling.last)
                yield _Due(telling.name, last if self._owed_since(telling.name) <= last else self.scenario.ends)

    def _owed_since(self, name: str) -> dt.timedelta:
        """Return when it could first be known that a recipient has to be told."""
        for at in self._arrived_at():
            if any(each.name == name and each.duty == REQUIRED for each in tellings(self.truth(at))):
                return at
        return self.end

    def _end_of(self, day: dt.date) -> dt.timedelta:
        """Return the last minute of a day of the simulated calendar."""
        return dt.datetime.combine(day, dt.time(23, 59), self.scenario.start.tzinfo) - self.scenario.start

    def _told(self, due: _Due) -> Finding:
        regime, _, recipient = due.name.partition(".")
        found = next(each for each in self.assessor.rulebook.regimes[regime].recipients if each.id == recipient)
        told = [self.team.told[due.name]] if due.name in self.team.told else []
        if found.purpose == "report":  # who files the report tells whoever receives it
            told += [at for each, at in self.team.reported.items() if each.partition(".")[0] == regime]
        return self._timed("recipient", due, min(told, default=None), found.sources)

    def _timed(self, kind: str, due: _Due, at: dt.timedelta | None, sources: tuple[Source, ...]) -> Finding:
        """Return whether something was done by its moment, later, or never."""
        category = f"{kind}s"
        worth, late = _WORTH[category]
        details = {"at": at, "by": due.by}
        if at is None or at > self.end:
            key, points = "never", 0
        else:
            key, points = ("in_time", worth) if at <= due.by else ("late", late)
        lesson = None if points == worth else due.lesson
        return Finding(category, f"{kind}.{key}", due.name, due.by, points, worth, details, lesson, sources=sources)

    def _sources(self, rules: Iterable[str], at: dt.timedelta) -> tuple[Source, ...]:
        """Return the sources of rules by full name, each once: the first of every rule, then their second ones."""
        of_rules = []
        for name in rules:
            regime, _, rule = name.partition(".")
            version = self.assessor.rulebook.regimes[regime].rules[rule].on(self.scenario.day(at))
            of_rules.append(version.sources if version else ())
        found: list[Source] = []
        for row in zip_longest(*of_rules):
            found += [source for source in row if source is not None and source not in found]
        return tuple(found)


def _sources_of(action: Action) -> tuple[Source, ...]:
    return tuple(source_of(dict(source)) for source in action.sources)


def agrees(stated: Value | Open | None, true: Value | Open | None) -> bool:
    """Tell whether a statement says what is known: the same, a day without its time, or a wider number of people."""
    if isinstance(stated, Interval) and isinstance(true, Interval):
        return _wider(stated, true)
    if isinstance(stated, Day) and isinstance(true, Day):
        return stated.date == true.date
    if isinstance(stated, Open) or isinstance(true, Open):
        return isinstance(stated, Open) and isinstance(true, Open)
    return stated == true and stated is not None


def _wider(stated: Interval, true: Interval) -> bool:
    above = stated.high is None or (true.high is not None and stated.high >= true.high)
    return above and stated.low <= true.low


def _shut(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """Return the criteria and duties that were open or stood before, and no longer do."""
    found = []
    for old in before.regimes:
        name, new = old.regime.id, after.regime(old.regime.id)
        if old.applies.truth is NO:
            continue
        found += [
            f"{name}.{criterion}"
            for criterion, proof in old.criteria.items()
            if new is not None and proof.truth is not NO and new.criteria[criterion].truth is NO
        ]
        if old.report.duty in OWING and _stated(after, name) not in OWING:
            found.append(f"{name}.{old.regime.report}")
    return tuple(found)


def _stated(assessment: Assessment, regime: str) -> str:
    """Return what a duty comes to, also of a body of law not looked at: open while it may apply, else not owed."""
    result = assessment.regime(regime)
    if result is not None:
        return result.report.duty
    return UNDETERMINED if any(each.regime.id == regime for each in assessment.unlooked) else NOT_REQUIRED


def _compared(truth: RegimeResult, team: RegimeResult | None, stated: str) -> tuple[str, int]:
    """Return what a team's verdict is worth against the true one."""
    worth, late = _WORTH["verdict"]
    true = truth.report.duty
    if true == stated:
        return ("verdict.reason_missed", _NEARLY) if _missed(truth, team) else ("verdict.right", worth)
    if stated in {NOT_REQUIRED, RELEASED} and true in OWING:
        return "verdict.denied", 0
    return ("verdict.open", late) if stated == UNDETERMINED else ("verdict.claimed", _NEARLY)


def _missed(truth: RegimeResult, team: RegimeResult | None) -> tuple[str, ...]:
    """Return the criteria that hold and that the team's statement does not show."""
    if truth.report.duty != REQUIRED:
        return ()
    return tuple(
        name
        for name, proof in truth.criteria.items()
        if proof.truth is YES and (team is None or team.criteria[name].truth is not YES)
    )


def weighed(assessment: Assessment) -> Iterator[RegimeResult]:
    """Return the bodies of law a team has to judge; one beside the Act that asks for nothing was nobody's decision."""
    return (result for result in counting(assessment.regimes) if result.speaks)


def _duties(assessment: Assessment) -> dict[str, str]:
    return {result.regime.id: result.report.duty for result in weighed(assessment)}
