"""The result of one assessment as rows of a screen, in the order a tired person needs it.

Verdict first, in one sentence; then the dates, the first actions with what not to do, who must be told, the papers with
their holes; then, for whoever has a moment, the situations and what decides them, and what would change the result; and
how to go on.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from leakresp.law.duties import NOT_REQUIRED, OWING, RELEASED, REQUIRED, UNDETERMINED
from leakresp.law.held import Open
from leakresp.law.truth import NO, UNKNOWN, YES
from leakresp.response.assessment_json import because, caveat_sentence, reasons
from leakresp.response.playbook import URGENCIES
from leakresp.shell.clock_words import clock_rows
from leakresp.shell.day_words import long_day
from leakresp.shell.layout import GAP, Row
from leakresp.shell.telling_words import TellingWords, paper_titles

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.proof import Proof
    from leakresp.law.vocabulary import Source
    from leakresp.response.assessment import Assessment, RegimeResult
    from leakresp.response.lifting import Lift
    from leakresp.response.paperwork import PaperNeed
    from leakresp.response.wording import Phrases

#: Sources that say less than the text of the law itself are named beside it.
_MARKED: Final = frozenset(("reported", "derived", "practice", "memory"))
_HOLES_NAMED: Final = 6
_NEEDS_NAMED: Final = 4
_STYLE: Final = {
    REQUIRED: "bad",
    UNDETERMINED: "unsure",
    NOT_REQUIRED: "good",
    RELEASED: "good",
    YES.word: "bad",
    NO.word: "good",
    UNKNOWN.word: "unsure",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an incident comes from, so that the next command can name it: a case, a file, or neither."""

    case: str | None = None
    file: str | None = None

    @property
    def kept(self) -> bool:
        """Tell whether a later command can name this incident."""
        return self.case is not None or self.file not in {None, "-"}


def verdict_words(assessment: Assessment) -> str:
    """Return the word of the verdict's sentence: that of the duty, or ``required_report`` without a notice.

    ``required_beside`` and ``undetermined_beside`` where only what stands beside the Act gives the verdict.
    """
    lead = leading(assessment)
    if lead is None:
        return assessment.verdict
    # What only a law or scheme beside the Act asks for is not said as if the Act did.
    return f"{assessment.verdict}_beside" if lead.regime.beside else duty_words(lead)


def duty_words(result: RegimeResult) -> str:
    """Return the word of one regime's duty; ``required_report``, ``required_notice`` or ``required_tell`` alone."""
    duty = result.report.duty
    if result.owed != REQUIRED:
        return result.owed if result.regime.beside else duty
    if result.regime.beside and all(each.purpose == "tell" for each in result.regime.recipients):
        return "required_tell"
    if result.regime.notice_only or duty not in OWING:
        return "required_notice"
    if duty == UNDETERMINED:
        return "required_notice_first"
    return REQUIRED if result.notify is not None and result.notify.duty == REQUIRED else "required_report"


def leading(assessment: Assessment) -> RegimeResult | None:
    """Return the first regime whose duty gives the verdict."""
    return next((result for result in assessment.regimes if result.owed == assessment.verdict), None)


def applying(assessment: Assessment) -> tuple[RegimeResult, ...]:
    """Return the regimes that apply; the first body of law is taken to apply until it is known not to."""
    return tuple(
        result
        for place, result in enumerate(assessment.regimes)
        if result.applies.truth is YES or (place == 0 and result.applies.truth is UNKNOWN)
    )


def perhaps_applying(assessment: Assessment) -> tuple[RegimeResult, ...]:
    """Return the regimes of which nobody knows yet whether they apply, where it could matter."""
    shown = applying(assessment)
    return tuple(
        result
        for result in assessment.regimes
        if result not in shown and result.applies.truth is UNKNOWN and result.owed in OWING
    )


def waiting(proof: Proof) -> tuple[str, ...]:
    """Return the facts without an answer that keep a proof unknown."""
    open_leaves = (leaf for leaf in proof.deciding() if leaf.truth is UNKNOWN)
    return tuple(dict.fromkeys(fact for leaf in open_leaves for fact in sorted(leaf.word.asks_for(leaf.held))))


def result_rows(
    assessment: Assessment,
    incident: Mapping[str, str],
    phrases: Phrases,
    today: dt.date,
    *,
    origin: Origin | None = None,
    marks: str = "mark",
) -> Iterator[Row]:
    """Yield the whole result. ``marks`` is ``mark`` (✓ ✗ ？) or ``mark.plain`` (ASCII)."""
    result = ResultWords(assessment, phrases, today, marks)
    yield from result.verdict(incident)
    for section, rows in (
        ("regimes", result.regimes()),
        ("clocks", result.clocks()),
        ("actions", result.actions()),
        ("recipients", result.recipients()),
        ("papers", result.papers()),
        ("warnings", result.warnings()),
        ("criteria", result.criteria()),
        ("change", result.change()),
        ("go_on", result.go_on(origin or Origin())),
    ):
        yield from result.section(section, rows)
    yield GAP
    yield from result.foot()


def summary_rows(assessment: Assessment, phrases: Phrases, today: dt.date) -> Iterator[Row]:
    """Yield the verdict and the dates again, for the end of a long screen whose beginning has gone by."""
    result = ResultWords(assessment, phrases, today, "mark")
    yield next(iter(result.verdict({})))
    yield from result.clocks()


def action_rows(assessment: Assessment, phrases: Phrases, today: dt.date, *, urgencies: Iterable[str]) -> Iterator[Row]:
    """Yield the actions of some urgencies alone, for the moment before anything else is known."""
    yield from ResultWords(assessment, phrases, today, "mark").actions(urgencies)


class ResultWords:
    """One assessment in the words of one language; each method yields one section."""

    def __init__(self, assessment: Assessment, phrases: Phrases, today: dt.date, marks: str) -> None:
        self.assessment: Final = assessment
        self.phrases: Final = phrases
        self.say: Final = phrases.say
        self.today: Final = today
        self.marks: Final = marks
        #: Beside the Act only what asks for something, or may, is told.
        self.shown: Final = tuple(result for result in applying(assessment) if result.speaks)

    def section(self, name: str, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield rows below their heading, and nothing where there are none."""
        rows = tuple(rows)
        if rows:
            yield GAP
            yield Row(self.say(f"screen.heading.{name}"), style="heading")
            yield from rows

    def bullets(self, texts: Iterable[str], indent: int = 4) -> Iterator[Row]:
        for text in dict.fromkeys(texts):
            yield Row(self.say("screen.bullet", text=text), indent, 2)

    def quoted(self, texts: Iterable[str]) -> str:
        return self.say("screen.quoted_and").join(self.say("screen.quoted", text=text) for text in texts)

    # verdict

    def verdict(self, incident: Mapping[str, str]) -> Iterator[Row]:
        word = verdict_words(self.assessment)
        yield Row(self.say(f"screen.verdict.{word}"), style=f"verdict.{_STYLE.get(self.assessment.verdict, 'unsure')}")
        giving = [result for result in self.assessment.regimes if result.owed == self.assessment.verdict]
        giving = [result for result in giving if result in self.shown] or giving[:1]
        for result in giving:
            reason = self.reason(result)
            if len(giving) > 1:
                reason = self.say("screen.pair", name=self.phrases.text(result.regime.title), text=reason)
            yield Row(reason, 2)
        if self.assessment.verdict == NOT_REQUIRED:
            yield Row(self.say("screen.voluntary"), 2)
        if incident.get("title"):
            yield Row(self.say("screen.incident", title=incident["title"]), 2, style="muted")

    def reason(self, result: RegimeResult) -> str:
        ruling = result.leading
        if ruling.by is not None:
            return self.say("screen.reason.criteria", criteria=self.quoted([self.phrases.text(ruling.by.title)]))
        if ruling.duty == REQUIRED:
            holding = [name for name, proof in result.criteria.items() if proof.truth is YES]
            titles = self.quoted(self.rule_title(result, name) for name in holding)
            return self.say("screen.reason.criteria", criteria=titles)
        if ruling.duty == UNDETERMINED:
            return self.needs(waiting(ruling.base))
        return self.say("screen.reason.no_event" if result.event.truth is NO else "screen.reason.none_holds")

    def needs(self, facts: tuple[str, ...]) -> str:
        named = self.say.listed(map(self.phrases.title, facts[:_NEEDS_NAMED]))
        key = "needs_more" if len(facts) > _NEEDS_NAMED else "needs"
        return self.say(f"screen.reason.{key}", facts=named, count=len(facts))

    def rule_title(self, result: RegimeResult, rule: str) -> str:
        return self.phrases.text(result.regime.rules[rule].title)

    # regimes and dates

    def regimes(self) -> Iterator[Row]:
        """Yield what each body of law says, where more than one has something to say."""
        lifted = [result for result in self.assessment.regimes if result.applies.truth is NO and result.report.by]
        if len(self.shown) + len(lifted) < 2:  # noqa: PLR2004 - one alone is the verdict itself
            return
        named = (*self.shown, *lifted, *perhaps_applying(self.assessment))
        for result in self.assessment.regimes:
            if result in named:
                title = self.phrases.text(result.regime.title)
                yield from self.bullets([self.say("screen.pair", name=title, text=self.duty(result))], 2)

    def duty(self, result: RegimeResult) -> str:
        duty = self.say(f"screen.duty.{duty_words(result)}")
        by = result.report.by
        return duty if by is None else self.say("screen.duty_by", duty=duty, exception=self.phrases.text(by.title))

    def under(self, result: RegimeResult, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows of one regime, below its name where several are shown."""
        if len(self.shown) == 1:
            yield from rows
            return
        rows = tuple(rows)
        if rows:
            yield Row(self.phrases.text(result.regime.title), 2, style="strong")
            yield from (replace(row, indent=row.indent + 2) for row in rows)

    def clocks(self) -> Iterator[Row]:
        for result in self.shown:
            yield from self.under(result, clock_rows(result, self.phrases, self.today))

    # the situations

    def criteria(self) -> Iterator[Row]:
        for result in self.shown:
            criteria = (self.criterion(result, name, proof) for name, proof in result.criteria.items())
            yield from self.under(result, chain.from_iterable(criteria))

    def criterion(self, result: RegimeResult, name: str, proof: Proof) -> Iterator[Row]:
        word = proof.truth.word
        mark, truth = self.say(f"screen.{self.marks}.{word}"), self.say(f"screen.truth.{word}")
        title = self.rule_title(result, name)
        yield Row(self.say("screen.criterion", mark=mark, title=title, truth=truth), 2, 4, _STYLE[word])
        version = result.versions.get(name)
        if version is not None:
            yield Row(self.say("screen.source", sources=self.cited(version.sources)), 6, 4, "muted")
        yield from self.bullets(because(proof, self.phrases), 6)

    def cited(self, sources: tuple[Source, ...]) -> str:
        """Return the first source, and those that are no more than a reading, practice or hearsay."""
        return self.say.listed(
            self.phrases.sources(source for place, source in enumerate(sources) if not place or source.read in _MARKED)
        )

    # what would change it

    def change(self) -> Iterator[Row]:
        for result in self.shown:
            yield from self.under(result, self.changes(result))
        yield from self.presumed()
        yield from self.may_apply()

    def may_apply(self) -> Iterator[Row]:
        """Yield the bodies of law that may apply, those together that hang on the same facts."""
        hanging: dict[tuple[str, ...], list[str]] = {}
        for result in perhaps_applying(self.assessment):
            hanging.setdefault(waiting(result.applies), []).append(self.phrases.text(result.regime.title))
        for facts, titles in hanging.items():
            yield Row(self.say("screen.may_apply", regime=self.say.listed(titles)), 2)
            yield from self.bullets(map(self.open_fact, facts))

    def changes(self, result: RegimeResult) -> Iterator[Row]:
        duty = result.report.duty
        if duty == REQUIRED:
            lifts = result.lifts
            yield from self.listing("lift", [self.lift(lift) for lift in lifts if lift.duty != UNDETERMINED])
            yield from self.listing("lift_open", [self.lift(lift) for lift in lifts if lift.duty == UNDETERMINED])
            yield from self.listing("open", map(self.open_fact, self.waiting_for(result)))
        elif duty == UNDETERMINED:
            yield from self.listing("settles", map(self.open_fact, waiting(result.report.base)))
        elif duty in {NOT_REQUIRED, RELEASED}:
            yield from self.listing("rests_on", reasons(result.report.deciding(), self.phrases))

    def listing(self, key: str, texts: Iterable[str]) -> Iterator[Row]:
        texts = tuple(texts)
        if texts:
            yield Row(self.say(f"screen.change.{key}"), 2)
            yield from self.bullets(texts)

    def lift(self, lift: Lift) -> str:
        one, *others = map(self.phrases.title, lift.facts)
        return self.say("screen.change.both", one=one, other=others[0]) if others else one

    def waiting_for(self, result: RegimeResult) -> tuple[str, ...]:
        proofs = (proof for proof in result.criteria.values() if proof.truth is UNKNOWN)
        return tuple(dict.fromkeys(fact for proof in proofs for fact in waiting(proof)))

    def open_fact(self, fact: str) -> str:
        held = self.assessment.answers.get(fact)
        key = "unsure" if isinstance(held, Open) and held.asked else "not_asked"
        return self.say(f"screen.open.{key}", fact=self.phrases.title(fact))

    def presumed(self) -> Iterator[Row]:
        exempting = self.phrases.rulebook.in_force(self.assessment.on).presumptions.exemptions
        duties = [result for result in self.shown if result.report.duty in OWING]
        facts = dict.fromkeys(fact for result in duties for fact in result.presumed if fact not in exempting)
        yield from self.listing("presumed", [self.held(fact) for fact in facts])

    def held(self, fact: str) -> str:
        value = self.phrases.value(fact, self.assessment.known[fact])
        return self.say("screen.answer", fact=self.phrases.title(fact), value=value)

    # what to do

    def actions(self, urgencies: Iterable[str] = URGENCIES) -> Iterator[Row]:
        for urgency in urgencies:
            chosen = [action for action in self.assessment.actions if action.urgency == urgency]
            if not chosen:
                continue
            yield Row(self.say(f"screen.urgency.{urgency}"), 2, style="strong")
            if urgency != URGENCIES[0]:
                yield from self.bullets(self.phrases.text(action.title) for action in chosen)
                continue
            for number, action in enumerate(chosen, 1):
                text = self.phrases.text(action.title)
                yield Row(self.say("screen.number", number=number, text=text), 4, 3)
                if action.caution is not None:
                    caution = self.say("screen.caution", caution=self.phrases.text(action.caution))
                    yield Row(caution, 7, style="caution")

    def recipients(self) -> Iterator[Row]:
        titles = paper_titles(self.assessment, self.phrases)
        return TellingWords(self.assessment, self.phrases, self.today, titles).rows()

    def papers(self) -> Iterator[Row]:
        for need in self.assessment.papers:
            yield from self.paper(need)

    def paper(self, need: PaperNeed) -> Iterator[Row]:
        title = self.phrases.text(need.paper.title)
        if not need.holes:
            yield from self.bullets([self.say("screen.paper", title=title)], 2)
            return
        yield from self.bullets([self.say("screen.paper_holes", title=title, count=len(need.holes))], 2)
        named = self.say.listed(map(self.phrases.title, need.holes[:_HOLES_NAMED]))
        more = len(need.holes) - _HOLES_NAMED
        yield Row(self.say("screen.paper_more", facts=named, more=more) if more > 0 else named, 6, style="muted")

    def warnings(self) -> Iterator[Row]:
        yield from self.bullets((caveat_sentence(caveat, self.phrases) for caveat in self.assessment.caveats), 2)

    # how to go on

    def go_on(self, origin: Origin) -> Iterator[Row]:
        asks, writes = bool(self.assessment.open_facts), bool(self.assessment.papers)
        for what, command in _commands(origin, asks=asks, writes=writes):
            yield Row(self.say(f"screen.go_on.{what}"), 2)
            yield Row(command, 4, 2, "strong")

    def foot(self) -> Iterator[Row]:
        day = long_day(self.assessment.on, self.say)
        yield Row(self.say("screen.rules_on", day=day), style="muted")
        yield Row(self.say("screen.no_lawyer"), style="muted")


def _commands(origin: Origin, *, asks: bool, writes: bool) -> Iterator[tuple[str, str]]:
    """Yield what can be done next and the command for it."""
    if origin.case is not None:
        case = shlex.quote(origin.case)
        if asks:
            yield "triage", f"leakresp triage {case}"
        yield "why", f"leakresp why {case}"
        if writes:
            yield "draft", f"leakresp draft-notice --case {case} --list"
    elif origin.kept and origin.file is not None:
        file = shlex.quote(origin.file)
        yield "why", f"leakresp why --answers {file}"
        if writes:
            yield "draft", f"leakresp draft-notice --answers {file} --list"
        yield "keep", f"leakresp triage --answers {file}"
    else:
        yield "keep", "leakresp triage"
