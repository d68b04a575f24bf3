"""One incident assessed: what each body of law requires, by when, what to do and what to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import OWING, REQUIRED, UNDETERMINED, strongest
from leakresp.law.held import Day, Open
from leakresp.law.truth import NO, UNKNOWN, YES
from leakresp.response.caveats import Looking
from leakresp.response.lifting import Lift, lifts
from leakresp.response.paperwork import Duties, Paper, PaperNeed, Paperwork
from leakresp.response.playbook import Playbook

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leakresp.law.conditions import Condition
    from leakresp.law.deadlines import Clock
    from leakresp.law.duties import Ruling
    from leakresp.law.held import Answers, Known
    from leakresp.law.proof import Proof
    from leakresp.law.rulebook import InForce, Recipient, Regime, RegimeInForce, Rulebook
    from leakresp.law.rules import Version
    from leakresp.law.vocabulary import Text
    from leakresp.response.caveats import Caveat
    from leakresp.response.playbook import Action


@dataclass(frozen=True, slots=True)
class RegimeResult:
    """What one body of law says of the incident."""

    regime: Regime
    applies: Proof
    event: Proof
    criteria: Mapping[str, Proof]
    report: Ruling
    notify: Ruling | None
    clocks: tuple[Clock, ...]
    recipients: tuple[Recipient, ...]
    lifts: tuple[Lift, ...]
    presumed: tuple[str, ...]
    versions: Mapping[str, Version]

    @property
    def unless(self) -> tuple[str, ...]:
        """The facts that would end a duty that stands, each if confirmed (two may be needed together)."""
        return tuple(dict.fromkeys(fact for lift in self.lifts for fact in lift.facts))

    @property
    def owed(self) -> str:
        """The stronger of what is owed to the authority and to the persons: beside the Act a notice may stand alone."""
        return self.leading.duty

    @property
    def leading(self) -> Ruling:
        """The ruling that gives what is owed."""
        if self.notify is None or not self.regime.beside:
            return self.report
        return self.report if strongest([self.report.duty, self.notify.duty]) == self.report.duty else self.notify

    @property
    def speaks(self) -> bool:
        """True of the Act and its kin; of a law beside it only where it asks for something, or may."""
        return not self.regime.beside or self.owed in OWING

    def duty(self, purpose: str) -> str:
        """Return the state of the duty toward the authority (``report``) or the persons (``notify``)."""
        return self.notify.duty if purpose == "notify" and self.notify is not None else self.report.duty


@dataclass(frozen=True, slots=True)
class Unlooked:
    """A body of law that may ask for a report, while nobody was asked the ``facts`` that tell whether it applies."""

    regime: Regime
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer. ``on`` is the day whose rules were applied.

    ``regimes`` are the Act and its kin, and of those beside it the ones that apply, or of which somebody who was asked
    could not tell. ``unlooked`` are the others that may apply; they do not count in the verdict.
    """

    on: dt.date
    fingerprint: str
    known: Known
    answers: Answers
    verdict: str
    regimes: tuple[RegimeResult, ...]
    unlooked: tuple[Unlooked, ...]
    not_in_force: tuple[Regime, ...]
    actions: tuple[Action, ...]
    papers: tuple[PaperNeed, ...]
    #: Papers of which it cannot be told yet whether they are called for.
    papers_open: tuple[PaperNeed, ...]
    #: The titles of all papers that fit what happened, whoever asks for them or nobody.
    papers_fitting: Mapping[str, Text]
    open_facts: Mapping[str, tuple[str, ...]]
    caveats: tuple[Caveat, ...]

    def regime(self, name: str) -> RegimeResult | None:
        """Return the result of one regime."""
        return next((result for result in self.regimes if result.regime.id == name), None)


class Assessor:
    """Assesses incidents against one rulebook and one catalogue of papers."""

    def __init__(self, rulebook: Rulebook, papers: Iterable[Mapping[str, Any]]) -> None:
        self.rulebook: Final = rulebook
        self.papers: Final = {plain["id"]: Paper.of(plain) for plain in papers}
        self._playbooks: dict[int, Playbook] = {}
        self._paperwork: dict[int, Paperwork] = {}

    def day(self, answers: Answers, on: dt.date | None, today: dt.date) -> dt.date:
        """Return the day whose rules apply: ``on``, else the day the incident was known, else today."""
        discovered = answers.get("discovered_on")
        if on is not None:
            return on
        return discovered.date if isinstance(discovered, Day) else today

    def playbook(self, in_force: InForce) -> Playbook:
        """Return the action library in force."""
        key = id(in_force)
        if key not in self._playbooks:
            self._playbooks[key] = Playbook(in_force)
        return self._playbooks[key]

    def paperwork(self, in_force: InForce) -> Paperwork:
        """Return the catalogue of papers in force."""
        key = id(in_force)
        if key not in self._paperwork:
            self._paperwork[key] = Paperwork(in_force, self.papers.values())
        return self._paperwork[key]

    def usual_papers(self, assessment: Assessment) -> tuple[PaperNeed, ...]:
        """Return the papers that practice would write, though no rule asks for them."""
        paperwork = self.paperwork(self.rulebook.in_force(assessment.on))
        happened = any(result.event.truth is not NO for result in assessment.regimes)
        duties = _duties(assessment.regimes, assessment.unlooked)
        return paperwork.usual(duties, assessment.known, assessment.answers, happened=happened)

    def assess(self, answers: Answers, on: dt.date | None, today: dt.date) -> Assessment:
        """Return the assessment of ``answers``; never raises on answers that were read by the vocabulary."""
        day = self.day(answers, on, today)
        in_force = self.rulebook.in_force(day)
        known = in_force.presumptions.fill(answers)
        judged: list[RegimeInForce] = []
        aside: list[RegimeInForce] = []
        for regime in in_force.regimes:
            (judged if looked_at(regime, known) else aside).append(regime)
        regimes = tuple([self._regime(regime, in_force, known) for regime in judged])
        unlooked = tuple(_unlooked(aside, known))
        presumed_away = tuple(_presumed_away(aside, known, in_force.presumptions.unasked(known)))
        duties = [result.owed for result in regimes] + [UNDETERMINED] * len(in_force.not_in_force)
        papers = self.paperwork(in_force).required(_duties(regimes, unlooked), known, answers, strongest(duties))
        return Assessment(
            day,
            self.rulebook.fingerprint,
            known,
            answers,
            strongest(duties),
            regimes,
            unlooked,
            in_force.not_in_force,
            self.playbook(in_force).chosen(known),
            tuple(need for need in papers if not need.hangs_on),
            tuple(need for need in papers if need.hangs_on),
            self.paperwork(in_force).fitting(known),
            self._open_facts(regimes, (*unlooked, *presumed_away), known),
            tuple(Looking(self.rulebook, in_force, known, answers, today).caveats(regimes)),
        )

    def _regime(self, regime: RegimeInForce, in_force: InForce, known: Known) -> RegimeResult:
        applies = regime.applies.prove(known)
        criteria = {name: word.prove(known) for name, word in regime.criteria.items()}
        report = regime.report.decide(known)
        notify = regime.notify.decide(known) if regime.notify else None
        standing = standing_duties(report, notify)
        clocks: tuple[Clock, ...] = ()
        if any(standing.values()) and applies.truth is not NO:
            words = list(zip(regime.criteria.values(), criteria.values(), strict=True))
            holding = [word for word, proof in words if proof.truth is YES]
            possible = [word for word, proof in words if proof.truth is not NO]
            clocks = tuple(
                deadline.clock(known, holding, possible, self.rulebook.calendar)
                for deadline in regime.deadlines
                if standing[deadline.purpose] and deadline.runs(known)
            )
        return RegimeResult(
            regime.regime,
            applies,
            regime.event.prove(known),
            criteria,
            report,
            notify,
            clocks,
            tuple(recipient for recipient, _ in addressed(regime, standing, known)),
            lifts(regime, report, known, in_force.presumptions.exemptions),
            tuple(dict.fromkeys(_fact(leaf) for leaf in report.deciding() if leaf.presumed)),
            regime.versions,
        )

    def _open_facts(
        self, regimes: Sequence[RegimeResult], aside: Sequence[Unlooked], known: Known
    ) -> dict[str, tuple[str, ...]]:
        changes: dict[str, list[str]] = {}
        for result in regimes:
            name = result.regime.id
            if result.applies.swing() == NO.bit:
                continue  # whatever is answered, this body of law has no say
            for criterion, proof in result.criteria.items():
                for fact in proof.open_facts():
                    changes.setdefault(fact, []).append(f"{name}.{criterion}")
            for fact in result.report.open_facts():
                changes.setdefault(fact, []).append(f"{name}.{result.regime.report}")
            for clock in result.clocks:
                if clock.counts_from is None and isinstance(known["discovered_on"], Open):
                    changes.setdefault("discovered_on", []).append(f"{name}.{clock.id}")
        for each in aside:
            for fact in each.facts:
                changes.setdefault(fact, []).append(f"{each.regime.id}.{each.regime.report}")
        return {fact: tuple(changes[fact]) for fact in self.rulebook.facts if fact in changes}


def looked_at(regime: RegimeInForce, known: Known) -> bool:
    """Tell whether a body of law is judged: one beside the Act once it applies, or nobody asked can tell whether."""
    if not regime.regime.beside:
        return True
    truth = regime.applies.prove(known).truth
    if truth is not UNKNOWN:
        return truth is YES
    return _all_asked(regime.applies, known)


def _unlooked(aside: Iterable[RegimeInForce], known: Known) -> Iterator[Unlooked]:
    for regime in aside:
        applies = regime.applies.prove(known)
        duties = (duty for duty in (regime.report, regime.notify) if duty is not None)
        if applies.truth is UNKNOWN and any(stands(duty.decide(known)) for duty in duties):
            yield Unlooked(regime.regime, tuple(sorted(applies.open_facts())))


def standing_duties(report: Ruling, notify: Ruling | None) -> dict[str, bool]:
    """Return of each purpose whether its duty stands, or may; a notice without its own duty goes with the report."""
    return {"report": stands(report), "notify": stands(notify or report)}


def stands(ruling: Ruling) -> bool:
    """Tell whether something is owed, or may be."""
    return ruling.duty in OWING


def _presumed_away(aside: Iterable[RegimeInForce], known: Known, settled: frozenset[str]) -> Iterator[Unlooked]:
    """Yield what is taken not to apply though nobody said so: an answer that is not ``settled`` may bring it in."""
    for regime in aside:
        applies = regime.applies.prove(known)
        if applies.truth is NO and (facts := applies.open_facts() - settled):
            yield Unlooked(regime.regime, tuple(sorted(facts)))


def duties_by_name(regimes: Iterable[RegimeResult]) -> dict[str, str]:
    """Return what each duty comes to, by its full name (``appi.report``)."""
    duties = {}
    for result in regimes:
        duties[f"{result.regime.id}.{result.regime.report}"] = result.report.duty
        if result.notify is not None:
            duties[f"{result.regime.id}.{result.regime.notify}"] = result.notify.duty
    return duties


def counting(regimes: Iterable[RegimeResult]) -> Iterator[RegimeResult]:
    """Yield the bodies of law whose clocks and papers are shown.

    The first one counts until it is known not to apply, one that stands beside it while nobody can tell; another once
    it applies, or asks for a report all the same.
    """
    for place, result in enumerate(regimes):
        applies = result.applies.truth
        open_counts = place == 0 or result.regime.beside
        if applies is YES or result.owed == REQUIRED or (open_counts and applies is UNKNOWN):
            yield result


def _duties(regimes: Sequence[RegimeResult], unlooked: Sequence[Unlooked]) -> Duties:
    may_come = {f"{each.regime.id}.{each.regime.report}": UNDETERMINED for each in unlooked}
    return Duties(duties_by_name(counting(regimes)), may_come | duties_by_name(regimes))


def addressed(
    regime: RegimeInForce, standing: Mapping[str, bool], known: Known
) -> Iterator[tuple[Recipient, Condition | None]]:
    """Yield those to be told while the duties stand as they do, each with what would take it off the list."""
    for recipient, when, unless in regime.recipients:
        if not _bound(regime.regime, recipient, standing):
            continue
        if when is not None and not _called_for(recipient, when, known):
            continue
        if unless is None or unless.prove(known).truth is not YES:
            yield recipient, unless


def _called_for(recipient: Recipient, when: Condition, known: Known) -> bool:
    truth = when.prove(known).truth
    return truth is YES or (truth is UNKNOWN and recipient.shown_unsure and _all_asked(when, known))


def _all_asked(condition: Condition, known: Known) -> bool:
    """Tell whether somebody was asked everything on which a condition that cannot be told waits."""
    leaves = (leaf for leaf in condition.prove(known).deciding() if leaf.truth is UNKNOWN)
    held = (known[fact] for leaf in leaves for fact in leaf.word.asks_for(leaf.held) & leaf.word.reads)
    return all(each.asked for each in held if isinstance(each, Open))


def _bound(regime: Regime, recipient: Recipient, standing: Mapping[str, bool]) -> bool:
    """Tell whether a recipient is listed while the duties stand as they do; beside the Act a notice may stand alone."""
    if not regime.beside:
        return recipient.purpose == "tell" or standing["report"]
    return standing.get(recipient.purpose, any(standing.values()))


def _fact(leaf: Proof) -> str:
    return next(iter(leaf.word.reads))
