"""What to look at before trusting an assessment: answers that clash, days that cannot be, open judgements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leakresp.law.duties import REQUIRED, UNDETERMINED
from leakresp.law.held import Day, Interval
from leakresp.law.languages import LANGUAGES
from leakresp.law.truth import UNKNOWN, YES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leakresp.law.deadlines import Clock
    from leakresp.law.held import Answers, Known
    from leakresp.law.rulebook import InForce, Regime, Rulebook
    from leakresp.response.assessment import RegimeResult


@dataclass(frozen=True, slots=True)
class Caveat:
    """One thing to look at: the key of its sentence (``warning.KEY``) and what fills it."""

    key: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looking:
    """One incident looked over."""

    rulebook: Rulebook
    in_force: InForce
    known: Known
    answers: Answers
    today: dt.date

    def caveats(self, regimes: Sequence[RegimeResult]) -> Iterator[Caveat]:
        """Yield everything to look at, the most basic first."""
        for regime in self.in_force.not_in_force:
            yield Caveat("not_in_force", {"regime": regime.title, "since": _first_day(regime)})
        yield from self._contradictions()
        yield from self._judgements()
        yield from self._my_number(regimes)
        yield from self._days()
        for result in regimes:
            for clock in result.clocks:
                yield from self._clock(clock)

    def _contradictions(self) -> Iterator[Caveat]:
        """Yield where a stated answer goes against what its circumstances make the law presume."""
        for presumption in self.in_force.presumptions.all:
            # A finding stated the stronger way is no contradiction; only ruling it out is.
            if presumption.when is None or self.answers.get(presumption.fact) != "ruled_out":
                continue
            if presumption.value != "ruled_out" and presumption.when.prove(self.known).truth is YES:
                yield Caveat("against_presumption", {"fact": presumption.fact, "says": presumption.says})
        for condition, says in self.in_force.contradictions:
            if condition.prove(self.known).truth is YES:
                yield Caveat("contradiction", {"says": says})
        if self.known["data_items_complete"] == "yes" and self._listed("data_items_suspected"):
            yield Caveat("complete_but_suspected", {})

    def _judgements(self) -> Iterator[Caveat]:
        fact = self.rulebook.facts["data_items"]
        listed = {*self._listed("data_items"), *self._listed("data_items_suspected")}
        for group in ("unclear", "property_judgement"):
            items = [item for item in fact.group(group) if item in listed]
            if items:
                titles = {lang: [fact.choices[item].title[lang] for item in items] for lang in LANGUAGES}
                yield Caveat(f"judge.{group}", {"items": titles})

    def _listed(self, fact: str) -> tuple[str, ...]:
        held = self.known[fact]
        return held if isinstance(held, tuple) and not isinstance(held, Day | Interval) else ()

    def _my_number(self, regimes: Sequence[RegimeResult]) -> Iterator[Caveat]:
        """Yield how the Commission's form takes it when nobody knows whether My Number data are in."""
        number = next((result for result in regimes if result.regime.id == "my_number"), None)
        unknown = number is not None and number.applies.truth is UNKNOWN and number.report.duty == UNDETERMINED
        if unknown and any(result.report.duty == REQUIRED for result in regimes):
            yield Caveat("my_number_unknown", {})

    def _days(self) -> Iterable[Caveat]:
        for fact in ("discovered_on", "occurred_on", "wrongful_learned_on", "over_threshold_learned_on"):
            held = self.known[fact]
            if isinstance(held, Day) and held.date > self.today:
                yield Caveat("day_in_future", {"fact": fact, "day": held.date})
        discovered = self.known["discovered_on"]
        if not isinstance(discovered, Day):
            return
        for fact in ("wrongful_learned_on", "over_threshold_learned_on"):
            held = self.known[fact]
            if isinstance(held, Day) and held.date < discovered.date:
                yield Caveat("learned_before_discovery", {"fact": fact, "day": held.date})
        occurred = self.known["occurred_on"]
        if isinstance(occurred, Day) and occurred.date > discovered.date:
            yield Caveat("occurred_after_discovery", {"day": occurred.date})

    def _clock(self, clock: Clock) -> Iterator[Caveat]:
        if clock.before is not None and clock.before.due is not None:
            yield Caveat("clock_had_begun", {"days": clock.before.days, "due": clock.before.due})
        if clock.term is not None and clock.term.due is not None and not clock.term.known_calendar:
            yield Caveat("calendar_ends", {"due": clock.term.due, "until": self.rulebook.calendar.known_until})


def _first_day(regime: Regime) -> dt.date | None:
    days = [version.since for version in regime.rules[regime.report].versions if version.since is not None]
    return min(days, default=None)
