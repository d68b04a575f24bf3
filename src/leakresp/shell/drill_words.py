"""An exercise in words: what arrives, what was decided, how it was judged and why, in one language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import Open
from leakresp.law.vocabulary import written
from leakresp.response.drill import MARKS, written_span
from leakresp.response.drill_score import CATEGORIES
from leakresp.shell.day_words import long_day, short_moment
from leakresp.shell.drill_record import plain_decision
from leakresp.shell.layout import GAP, Row
from leakresp.shell.screen import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.law.held import Value
    from leakresp.response.drill import Arrival, Decision, Scenario
    from leakresp.response.drill_score import Finding, Moment, Score
    from leakresp.shell.desk import Desk

SCHEMA: Final = "leakresp/drill-score/1"
#: Sources shown behind one sentence.
_SHOWN: Final = 4


class DrillPage(Page):
    """A page whose every block opens with the mark of an exercise."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(plain=desk.plain)
        self._mark: Final = MARKS[desk.say.lang]

    def write(self, rows: Iterable[Row]) -> None:
        """Write rows, the first words of them marked."""
        rows = list(rows)
        first = next((place for place, row in enumerate(rows) if row.text), None)
        if first is not None:
            row = rows[first]
            rows[first] = Row(f"{self._mark} {row.text}", row.indent, row.hang, row.style)
        super().write(rows)


class DrillWords:
    """One scenario's exercise in the words of a desk."""

    def __init__(self, desk: Desk, scenario: Scenario) -> None:
        self.desk: Final = desk
        self.scenario: Final = scenario
        self.say: Final = desk.say
        self.phrases: Final = desk.phrases
        self.mark: Final = MARKS[desk.say.lang]
        rulebook = desk.assessor.rulebook
        self._actions: Final = {plain["id"]: plain for plain in rulebook.plain["actions"]}
        self._moves: Final = {trap.id: trap.text for trap in scenario.traps if trap.text is not None}

    # ---- names ----

    def move(self, name: str) -> str:
        """Return the words of an action, or of a move the scenario adds."""
        text = self._moves.get(name)
        return self.phrases.text(text if text is not None else self._actions[name]["title"])

    def deadline(self, name: str) -> str:
        """Return the title of a deadline, or of another rule, by its full name; with its law where two share it."""
        regime, _, rule = name.partition(".")
        regimes = self.desk.assessor.rulebook.regimes
        title = self.phrases.text(regimes[regime].rules[rule].title)
        titles = [self.phrases.text(each.title) for found in regimes.values() for each in found.rules.values()]
        if titles.count(title) == 1:
            return title
        return self.say("drill.of_regime", title=title, regime=self.phrases.text(regimes[regime].title))

    def rules(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the titles of rules, one sentence for each body of law."""
        by_regime: dict[str, list[str]] = {}
        regimes = self.desk.assessor.rulebook.regimes
        for name in dict.fromkeys(names):
            regime, _, rule = name.partition(".")
            by_regime.setdefault(regime, []).append(self.phrases.text(regimes[regime].rules[rule].title))
        for regime, titles in by_regime.items():
            title = self.phrases.text(regimes[regime].title)
            yield self.say("drill.why.rules", regime=title, rules=self.say.listed(titles))

    def recipient(self, name: str) -> str:
        """Return the title of a recipient by its full name."""
        regime, _, wanted = name.partition(".")
        recipients = self.desk.assessor.rulebook.regimes[regime].recipients
        return self.phrases.text(next(each.title for each in recipients if each.id == wanted))

    def paper(self, name: str) -> str:
        """Return the title of a paper."""
        return self.phrases.text(self.desk.assessor.papers[name].title)

    def duty(self, duty: str) -> str:
        """Return what a duty comes to."""
        return self.say(f"show.duty.{duty}")

    def value(self, fact: str, value: Value | Open | None) -> str:
        """Return what is held of a fact."""
        return self.phrases.value(fact, Open(asked=False) if value is None else value)

    # ---- time ----

    def span(self, span: dt.timedelta) -> str:
        """Return a time since the beginning: 1日4時間, or 1 d 4 h."""
        hours, minutes = divmod(span.seconds // 60, 60)
        parts = ((span.days, "days"), (hours, "hours"), (minutes, "minutes"))
        return self.say("drill.span_join").join(
            self.say(f"drill.span.{unit}", number=number) for number, unit in parts if number
        ) or self.say("drill.span.hours", number=0)

    def at(self, at: dt.timedelta) -> str:
        """Return a moment of the exercise with the time since its beginning."""
        begun = self.scenario.day(dt.timedelta(0))
        moment = short_moment(self.scenario.moment(at), begun, self.say)
        return self.say("drill.at" if at else "drill.at_start", moment=moment, span=self.span(at))

    # ---- what happens ----

    def opening(self) -> Iterator[Row]:
        """Yield the title and the story."""
        yield Row(self.phrases.text(self.scenario.title), style="heading")
        yield Row(self.phrases.text(self.scenario.story), 2)
        yield Row(self.say("drill.not_real"), 2, style="caution")

    def arrival(self, arrival: Arrival) -> Iterator[Row]:
        """Yield what arrives."""
        yield Row(self.at(arrival.at), style="heading")
        yield Row(self.arrived(arrival), 2, 2)

    def arrived(self, arrival: Arrival) -> str:
        """Return what arrives in a sentence."""
        return self.say(f"drill.way.{arrival.way}", text=self.phrases.text(arrival.text))

    def decided(self, decision: Decision) -> Iterator[str]:
        """Yield what was decided at one moment, one sentence for each kind."""
        say = self.say
        parts = {
            "do": [self.move(name) for name in decision.do],
            "state": [
                say("because.stated", fact=self.phrases.title(fact), value=self.value(fact, value))
                for fact, value in decision.state.items()
            ],
            "withdraw": [self.phrases.title(fact) for fact in decision.withdraw],
            "draft": [self.paper(name) for name in decision.draft],
            "report": [self.deadline(name) for name in decision.report],
            "tell": [self.recipient(name) for name in decision.tell],
            "note": [decision.note] if decision.note else [],
        }
        for kind, names in parts.items():
            if names:
                yield say(f"drill.decided.{kind}", names=say(f"drill.between.{kind}").join(names))

    # ---- the judgement ----

    def subject(self, finding: Finding) -> str:
        """Return what a finding is about."""
        name = finding.subject
        match finding.category:
            case "actions":
                return self.move(name)
            case "facts":
                return self.phrases.title(name)
            case "papers":
                return self.paper(name)
            case "recipients":
                return self.recipient(name)
            case _:
                return self.deadline(name)

    def sentence(self, finding: Finding) -> str:
        """Return a finding as a sentence."""
        return self.say(f"drill.finding.{finding.key}", subject=self.subject(finding), **self._details(finding))

    def _details(self, finding: Finding) -> dict[str, str]:
        found = finding.details
        shown: dict[str, str] = {}
        for key in ("by", "at"):
            if isinstance(found.get(key), dt.timedelta):
                shown[key] = self.at(found[key])
        shown.setdefault("at", self.at(finding.at))
        if finding.category == "facts":
            shown |= {key: self.value(finding.subject, found.get(key)) for key in ("true", "stated")}
        elif finding.category == "verdict":
            shown |= {key: self.duty(found[key]) for key in ("true", "stated")}
            shown["missed"] = self.say.listed(map(self.deadline, found["missed"]))
        elif finding.category == "deadlines":
            shown["due"] = long_day(found["due"], self.say)
            shown["filed"] = "" if found["filed"] is None else long_day(found["filed"], self.say)
        elif finding.key == "action.harmful":
            shown["before"] = self.say.listed(map(self.move, found["unless_done"]))
        return shown

    def why(self, finding: Finding) -> Iterator[str]:
        """Yield why a finding matters: the reason or the warning of the rules, the rules that hang on it, lures."""
        found, text, say = finding.details, self.phrases.text, self.say
        if finding.key == "action.harmful":
            if found["unless_done"]:
                yield say("drill.why.before", before=say.listed(map(self.move, found["unless_done"])))
            if found["caution"]:
                yield say("screen.caution", caution=text(self._actions[found["caution"]]["caution"]))
        elif finding.category == "actions":
            yield text(self._actions[finding.subject]["why"])
        for lure in found.get("lures", ()):
            yield say("drill.why.lure", lure=text(lure.text))
        if found.get("presumed"):
            yield text(found["presumed"])
        if finding.category == "facts" and finding.rules:
            yield from self.rules(finding.rules)
        if finding.key == "fact.unknown_taken_for_no":
            yield say("drill.why.unknown")
        if finding.category == "deadlines" and not found["firm"]:
            yield say("drill.why.guide")

    def sources(self, finding: Finding) -> list[str]:
        """Return where what a finding rests on is written."""
        return self.phrases.sources(finding.sources)[:_SHOWN]

    def points(self, score: Score) -> Iterator[tuple[str, int, int]]:
        """Yield each category in which there was anything to earn, by its title."""
        for category in CATEGORIES:
            earned, of = score.points(category)
            if of:
                yield self.say(f"drill.category.{category}"), earned, of

    def until(self, score: Score) -> Iterator[str]:
        """Yield that an exercise was ended early, where it was."""
        if score.until < self.scenario.ends:
            yield self.say("drill.until", at=self.at(score.until))

    def lessons(self, score: Score) -> list[str]:
        """Return what is to be learned from what went wrong, each once."""
        lessons = (self.phrases.text(each.lesson) for each in score.findings if each.lesson is not None)
        return list(dict.fromkeys(lessons))

    def score_rows(self, score: Score) -> Iterator[Row]:
        """Yield the judgement for the screen."""
        say = self.say
        yield Row(say("drill.total", title=self.phrases.text(self.scenario.title), total=score.total), style="heading")
        for title, earned, of in self.points(score):
            yield Row(say("drill.points", title=title, earned=earned, of=of), 2)
        yield from (Row(text, 2, style="caution") for text in self.until(score))
        lost = [finding for finding in score.findings if not finding.good]
        yield GAP
        yield Row(say("drill.missed_heading" if lost else "drill.nothing_missed"), style="strong")
        for finding in lost:
            yield Row(say("screen.bullet", text=self.sentence(finding)), 2, 2)
            yield from (Row(text, 6, style="muted") for text in self.why(finding))
            if sources := self.sources(finding):
                yield Row(say("drill.source", sources=say.listed(sources)), 6, 2, "muted")

    # ---- for programs ----

    def json(self, score: Score) -> dict[str, Any]:
        """Return the judgement as plain values; keys are the same in every language."""
        return {
            "schema": SCHEMA,
            "exercise": True,
            "mark": self.mark,
            "scenario": self.scenario.id,
            "title": self.phrases.text(self.scenario.title),
            "until": written_span(score.until),
            "total": score.total,
            "categories": {
                category: dict(zip(("earned", "of"), score.points(category), strict=True)) for category in CATEGORIES
            },
            "findings": [self._finding(finding) for finding in score.findings],
            "moments": [self._moment(moment) for moment in score.moments],
            "lessons": self.lessons(score),
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        return {
            "category": finding.category,
            "key": finding.key,
            "subject": finding.subject,
            "at": written_span(finding.at),
            "points": finding.points,
            "of": finding.of,
            "text": self.sentence(finding),
            "why": [] if finding.good else list(self.why(finding)),
            "rules": list(finding.rules),
            "sources": self.phrases.sources(finding.sources),
            "lesson": None if finding.lesson is None else self.phrases.text(finding.lesson),
        }

    def _moment(self, moment: Moment) -> dict[str, Any]:
        return {
            "at": written_span(moment.at),
            "moment": self.scenario.moment(moment.at).isoformat(timespec="minutes"),
            "arrived": [self.phrases.text(arrival.text) for arrival in moment.arrivals],
            "decided": [plain_decision(decision) for decision in moment.decisions],
            "truth": dict(moment.truth),
            "team": dict(moment.team),
            "revealed": _revealed(moment.arrivals),
        }


def _revealed(arrivals: Iterable[Arrival]) -> dict[str, Any]:
    return {fact: written(value) for arrival in arrivals for fact, value in arrival.reveals.items()}
