"""What belongs in one organisation's response manual: every rule, recipient, action and paper that can apply to it.

The organisation's own facts decide. What they rule out is left out; what nobody has stated keeps its part in, since a
manual that leaves out too much harms and one that says a little too much does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import Day
from leakresp.law.rulebook import source_of
from leakresp.law.truth import NO, UNKNOWN, YES, Truth
from leakresp.response.paperwork import Paper

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leakresp.law.conditions import Condition
    from leakresp.law.deadlines import Clock
    from leakresp.law.duties import Duty
    from leakresp.law.held import Answers, Known
    from leakresp.law.presumptions import Presumption
    from leakresp.law.proof import Proof
    from leakresp.law.rulebook import InForce, Recipient, Regime, RegimeInForce
    from leakresp.law.rules import Criterion, Exemption, Written
    from leakresp.law.vocabulary import Source, Text
    from leakresp.response.playbook import Action, Playbook

#: The fact by which actions are grouped.
CAUSE: Final = "cause"
#: The fact from whose day the worked example counts.
_KNOWN_ON: Final = "discovered_on"
#: Recipients whose duty is that of the body of law itself; others are told for reasons of their own.
_UNDER_DUTY: Final = frozenset({"report", "notify"})
#: Why somebody is told, in the order in which the manual names them.
_PURPOSES: Final = ("report", "notify", "tell")
_NOW: Final = "now"


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom and when.

    ``answers`` are what is known of the organisation, ``own`` the facts that say what it is rather than what happened;
    ``causes`` are those the manual is for (none: all).
    """

    answers: Answers
    day: dt.date
    own: frozenset[str]
    causes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """An action, and what is left of its condition once organisation and cause are known (``None``: nothing)."""

    action: Action
    when: Written | None


@dataclass(frozen=True, slots=True)
class CauseSteps:
    """The actions that belong to one cause."""

    cause: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who must be told under a body of law, and what is left of the condition."""

    recipient: Recipient
    when: Written | None


@dataclass(frozen=True, slots=True)
class Lifted:
    """A case in which the duty is another, and what is left of its condition."""

    exemption: Exemption
    when: Written | None


@dataclass(frozen=True, slots=True)
class WorkedClock:
    """A deadline of the law, and when it would end if the situation were known on the manual's day."""

    clock: Clock
    says: Text


@dataclass(frozen=True, slots=True)
class RegimePart:
    """A body of law that can apply: what decides, what lifts the duty, its clocks, and whom to tell."""

    regime: Regime
    applies: Written | None
    event: Criterion
    criteria: tuple[Criterion, ...]
    report: Duty
    notify: Duty | None
    exemptions: tuple[Lifted, ...]
    clocks: tuple[WorkedClock, ...]


@dataclass(frozen=True, slots=True)
class ToldUnder:
    """Everybody who must be told under one body of law."""

    regime: Regime
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A paper that can be called for; ``plain`` is its entry in the catalogue."""

    paper: Paper
    plain: Mapping[str, Any]
    when: Written | None


@dataclass(frozen=True, slots=True)
class Manual:
    """The manual of one organisation on one day."""

    day: dt.date
    fingerprint: str
    regimes: tuple[RegimePart, ...]
    #: Bodies of law in force that what is known of the organisation rules out.
    left_out: tuple[Regime, ...]
    not_in_force: tuple[Regime, ...]
    #: The days after ``day`` on which some rule changes.
    changes: tuple[dt.date, ...]
    presumptions: tuple[Presumption, ...]
    told: tuple[ToldUnder, ...]
    first: tuple[Step, ...]
    common: tuple[Step, ...]
    causes: tuple[CauseSteps, ...]
    circumstances: tuple[Step, ...]
    papers: tuple[PaperPart, ...]
    #: Every source that what stands in the manual rests on, each once.
    sources: tuple[Source, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action of the manual, each once."""
        by_cause = (step for part in self.causes for step in part.steps)
        steps = (*self.first, *self.common, *by_cause, *self.circumstances)
        return tuple({step.action.id: step.action for step in steps}.values())


def manual_of(in_force: InForce, playbook: Playbook, papers: Iterable[Mapping[str, Any]], scope: Scope) -> Manual:
    """Return the manual of ``scope`` under the rules of its day; ``papers`` are the entries of the catalogue."""
    return _Choosing(in_force, scope).manual(playbook, papers)


def may_hold(proof: Proof) -> bool:
    """Tell whether a condition can come to hold: it holds, or what is open or only presumed could make it hold."""
    return bool(proof.swing(open_too=True) & YES.bit)


def settled(proof: Proof) -> bool:
    """Tell whether a condition holds whatever else is answered."""
    return proof.swing(open_too=True) == YES.bit


class _Choosing:
    def __init__(self, in_force: InForce, scope: Scope) -> None:
        fill, answers, causes = in_force.presumptions.fill, scope.answers, scope.causes
        self._law, self._answers, self._day, self._own = in_force, answers, scope.day, scope.own
        self._every = {cause: fill(answers | {CAUSE: cause}) for cause in in_force.rulebook.facts[CAUSE].words}
        #: What is known in the incidents the manual is for, by their cause.
        self._known = {cause: known for cause, known in self._every.items() if not causes or cause in causes}
        #: What is known of all of them.
        one = next(iter(self._known.values())) if len(self._known) == 1 else None
        self._base = fill(answers) if one is None else one

    def manual(self, playbook: Playbook, papers: Iterable[Mapping[str, Any]]) -> Manual:
        regimes = tuple(self._regime(regime) for regime in self._law.regimes if self._can_apply(regime))
        told = tuple(self._told())
        presumptions = tuple(each for each in self._law.presumptions.all if self._stands(each))
        rulebook = self._law.rulebook
        first, common, by_cause, other = self._steps(playbook)
        written = tuple(self._papers(papers, {part.regime.id for part in regimes}))
        steps = (*first, *common, *(step for part in by_cause for step in part.steps), *other)
        cited = (
            _of_regimes(regimes),
            _of_told(told),
            _of_presumptions(presumptions),
            _of_steps(steps),
            _of_papers(written),
        )
        return Manual(
            self._day,
            rulebook.fingerprint,
            regimes,
            tuple(regime.regime for regime in self._law.regimes if not self._can_apply(regime)),
            self._law.not_in_force,
            tuple(change for change in rulebook.changes if change > self._day),
            presumptions,
            told,
            first,
            common,
            by_cause,
            other,
            written,
            tuple(_each_once(source for part in (*cited, rulebook.calendar.sources) for source in part)),
        )

    def _can_apply(self, regime: RegimeInForce) -> bool:
        return may_hold(regime.applies.prove(self._base))

    def _regime(self, regime: RegimeInForce) -> RegimePart:
        exemptions = (*regime.report.exceptions, *(regime.notify.exceptions if regime.notify else ()))
        possible = {each.id: each for each, when in reversed(exemptions) if may_hold(when.prove(self._base))}
        criteria = self._law.criteria
        name = regime.regime.id
        return RegimePart(
            regime.regime,
            self._left(regime.regime.applies, name),
            criteria[f"{name}.{regime.regime.event}"],
            tuple(criteria[f"{name}.{each}"] for each in regime.regime.criteria),
            regime.report,
            regime.notify,
            tuple(Lifted(each, self._left(each.when, name)) for each in reversed(possible.values())),
            tuple(self._clocks(regime)),
        )

    def _clocks(self, regime: RegimeInForce) -> Iterator[WorkedClock]:
        known = self._law.presumptions.fill(self._answers | {_KNOWN_ON: Day(self._day)})
        for deadline in regime.deadlines:
            clock = deadline.clock(known, (), (), self._law.rulebook.calendar)
            yield WorkedClock(clock, deadline.version.says or deadline.rule.says)

    def _told(self) -> Iterator[ToldUnder]:
        for regime in self._law.regimes:
            told = [
                Told(recipient, self._left(recipient.when, regime.regime.id) if recipient.when else None)
                for recipient, when, _ in regime.recipients
                if self._may_be_told(regime, recipient, when)
            ]
            if told:
                told.sort(key=lambda each: _PURPOSES.index(each.recipient.purpose))
                yield ToldUnder(regime.regime, tuple(told))

    def _may_be_told(self, regime: RegimeInForce, recipient: Recipient, when: Condition | None) -> bool:
        """Tell whether somebody may have to be told.

        Under a body of law that cannot apply only those whom the organisation tells for what it is, whatever happened.
        """
        if when is not None and not may_hold(when.prove(self._base)):
            return False
        if self._can_apply(regime):
            return True
        return when is not None and recipient.purpose not in _UNDER_DUTY and when.reads <= self._own

    def _stands(self, presumption: Presumption) -> bool:
        """Tell whether a presumption can still fill its fact: the organisation has not stated it."""
        if presumption.fact in self._answers:
            return False
        return presumption.when is None or any(
            may_hold(presumption.when.prove(known)) for known in self._known.values()
        )

    def _left(self, written: Written, regime: str = "", known: Known | None = None) -> Written | None:
        """Return what of a condition is not settled by what is known, or ``None`` where all of it is."""
        known = self._base if known is None else known
        proof = self._law.condition(written, regime).prove(known)
        if settled(proof):
            return None
        for word, settles in (("all", YES), ("any", NO)):
            if word in written:
                open_parts = [part for part in written[word] if not self._is(part, regime, known, settles)]
                left = [self._left(part, regime, known) or part for part in open_parts]
                return left[0] if len(left) == 1 else {word: left}
        return written

    def _is(self, written: Written, regime: str, known: Known, truth: Truth) -> bool:
        return self._law.condition(written, regime).prove(known).swing(open_too=True) == truth.bit

    # actions

    def _steps(
        self, playbook: Playbook
    ) -> tuple[tuple[Step, ...], tuple[Step, ...], tuple[CauseSteps, ...], tuple[Step, ...]]:
        """Return what comes first whatever it is, what every incident calls for, what a cause does, and the rest."""
        plain = {each["id"]: each for each in self._law.rulebook.plain["actions"]}
        nothing_known = self._law.presumptions.fill(self._answers)
        first = tuple(Step(action, None) for action in playbook.chosen(nothing_known) if action.urgency == _NOW)
        common, other = list[Step](), list[Step]()
        by_cause: dict[str, list[Step]] = {cause: [] for cause in self._known}
        for action in playbook.all:
            when = plain[action.id].get("when")
            truths = self._truths(when)
            if all(truth is YES for truth in truths.values()):
                common.append(Step(action, None))
                continue
            by_its_cause = NO in truths.values()
            for cause, steps in by_cause.items():
                if truths[cause] is YES or (by_its_cause and truths[cause] is UNKNOWN):
                    steps.append(Step(action, self._left(when, known=self._known[cause])))
            if not by_its_cause and any(truths[cause] is UNKNOWN for cause in by_cause):
                other.append(Step(action, self._left(when)))
        causes = tuple(CauseSteps(cause, tuple(steps)) for cause, steps in by_cause.items() if steps)
        return first, tuple(common), causes, tuple(other)

    def _truths(self, when: Written | None) -> dict[str, Truth]:
        """Return by cause whether an action is called for: surely, never, or perhaps."""
        if when is None:
            return dict.fromkeys(self._every, YES)
        condition = self._law.condition(when)
        proofs = {cause: condition.prove(known) for cause, known in self._every.items()}
        return {
            cause: YES if proof.truth is YES else UNKNOWN if may_hold(proof) else NO for cause, proof in proofs.items()
        }

    # papers

    def _papers(self, papers: Iterable[Mapping[str, Any]], regimes: set[str]) -> Iterator[PaperPart]:
        for plain in papers:
            paper = Paper.of(plain)
            if paper.duties and regimes.isdisjoint(duty.partition(".")[0] for duty in paper.duties):
                continue
            if paper.when is None:
                yield PaperPart(paper, plain, None)
                continue
            when = self._law.condition(paper.when, paper.regime)
            if any(may_hold(when.prove(known)) for known in self._known.values()):
                yield PaperPart(paper, plain, self._left(paper.when, paper.regime))


# sources --------------------------------------------------------------------------------------------------------------


def _of_regimes(regimes: Iterable[RegimePart]) -> Iterator[Source]:
    for part in regimes:
        for criterion in (part.event, *part.criteria):
            yield from criterion.version.sources
        for duty in (part.report, part.notify):
            yield from duty.version.sources if duty else ()
        for lifted in part.exemptions:
            yield from lifted.exemption.sources
        for worked in part.clocks:
            yield from worked.clock.version.sources


def _of_told(told: Iterable[ToldUnder]) -> Iterator[Source]:
    for under in told:
        for each in under.told:
            yield from each.recipient.sources


def _of_presumptions(presumptions: Iterable[Presumption]) -> Iterator[Source]:
    for each in presumptions:
        yield from each.sources


def _of_steps(steps: Iterable[Step]) -> Iterator[Source]:
    for step in steps:
        yield from (source_of(dict(source)) for source in step.action.sources)


def _of_papers(papers: Iterable[PaperPart]) -> Iterator[Source]:
    for part in papers:
        yield from map(source_of, part.plain.get("sources") or ())


def _each_once(sources: Iterable[Source]) -> Iterator[Source]:
    seen = set()
    for source in sources:
        key = (source.law, source.article, source.read, source.checked)
        if key not in seen:
            seen.add(key)
            yield source
