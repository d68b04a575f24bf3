"""Deadlines as lines of a screen: the date, the time left, and what might change it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from leakresp.law.conditions import RuleWord
from leakresp.law.duties import OWING, REQUIRED
from leakresp.law.vocabulary import JAPAN
from leakresp.shell.day_words import bare_day, days_left, long_day, moment_words, short_day, until_words
from leakresp.shell.layout import Row, cells, padded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.law.deadlines import Clock
    from leakresp.law.rulebook import Rulebook
    from leakresp.response.assessment import RegimeResult
    from leakresp.response.wording import Phrases, Say


def clock_rows(result: RegimeResult, phrases: Phrases, today: dt.date, indent: int = 2) -> Iterator[Row]:
    """Yield the deadlines of one regime's result, and that the notice to the persons has none."""
    if not result.clocks:
        return
    say = phrases.say
    if result.owed != REQUIRED:
        yield Row(say("screen.clock.provisional"), indent, style="unsure")
    yield from _begins(result.clocks, say, indent)
    names = {clock.id: phrases.text(clock.rule.title) for clock in result.clocks}
    width = max(map(cells, names.values()))
    for clock in result.clocks:
        yield from _clock(clock, padded(names[clock.id], width), phrases, today, indent)
    yield from _notice(result, phrases, indent)


def _begins(clocks: Iterable[Clock], say: Say, indent: int) -> Iterator[Row]:
    """Yield from which days, and for periods of hours from which moments, the deadlines of one regime count."""
    days = {clock.counts_from for clock in clocks if clock.hours is None}
    for day in sorted(day for day in days if day is not None):
        yield Row(say("screen.clock.counts_from", day=long_day(day, say)), indent)
    hourly = {(clock.moment, clock.hours) for clock in clocks if clock.moment is not None and clock.hours is not None}
    for began in sorted({(moment - dt.timedelta(hours=hours)).astimezone(JAPAN) for moment, hours in hourly}):
        key = "counts_from_day" if began.time() == dt.time.min else "counts_from_moment"
        words = {"day": long_day(began.date(), say), "moment": moment_words(began, say)}
        yield Row(say(f"screen.clock.{key}", **words), indent)


def _notice(result: RegimeResult, phrases: Phrases, indent: int) -> Iterator[Row]:
    if any(clock.purpose == "notify" for clock in result.clocks):
        return
    if result.notify is not None and result.notify.duty in OWING and result.regime.notify:
        name = phrases.text(result.regime.rules[result.regime.notify].title)
        yield Row(phrases.say("screen.clock.notice", name=name), indent, 4)


def _clock(clock: Clock, name: str, phrases: Phrases, today: dt.date, indent: int) -> Iterator[Row]:
    last = clock.last
    late = last is not None and last < today
    yield Row(_line(clock, name, phrases, today), indent, 4, "bad" if late else "strong")
    if late:
        key = "screen.clock.late_guide" if clock.kind == "guide" else "screen.clock.late"
        yield Row(phrases.say(key), indent + 4, style="bad")
    if clock.longer is not None:
        yield Row(_longer(clock, phrases), indent + 4)


def _line(clock: Clock, name: str, phrases: Phrases, today: dt.date) -> str:
    say = phrases.say
    if clock.kind == "prompt":
        return say(f"screen.clock.{'at_once' if clock.at_once else 'prompt'}", name=name)
    if clock.hours is not None:
        return _hours(clock, name, phrases, today)
    if clock.term is None:
        return _guide(clock, name, phrases, today)
    term = clock.term
    if term.due is None:
        return say("screen.clock.due_open", name=name, days=term.days)
    left = days_left(term.due, today, say)
    if term.moved_from is None:
        return say("screen.clock.due", name=name, due=long_day(term.due, say), left=left)
    moved = bare_day(term.moved_from, say)
    return say("screen.clock.due_moved", name=name, due=long_day(term.due, say), left=left, moved_from=moved)


def _hours(clock: Clock, name: str, phrases: Phrases, today: dt.date) -> str:
    say, hours, moment, last = phrases.say, clock.hours, clock.moment, clock.last
    if moment is None or last is None:
        return say("screen.clock.hours_open", name=name, hours=hours)
    left = days_left(last, today, say)
    return say("screen.clock.hours", name=name, hours=hours, until=until_words(moment, say), left=left)


def _guide(clock: Clock, name: str, phrases: Phrases, today: dt.date) -> str:
    say = phrases.say
    if clock.guide is None:
        first, last = clock.guide_days or (0, 0)
        return say("screen.clock.guide_open", name=name, first=first, last=last)
    start, end = (short_day(day, today, say) for day in clock.guide)
    return say("screen.clock.guide", name=name, start=start, end=end, left=days_left(clock.guide[1], today, say))


def _longer(clock: Clock, phrases: Phrases) -> str:
    say, longer = phrases.say, clock.longer
    rule = rule_title(clock, phrases)
    if longer is None or longer.due is None:
        return say("screen.clock.longer_open", rule=rule, days=longer.days if longer else 0)
    return say("screen.clock.longer", rule=rule, days=longer.days, due=long_day(longer.due, say))


def rule_title(clock: Clock, phrases: Phrases) -> str:
    """Return the title of the rule that would make the period longer, or the facts it hangs on."""
    proof = clock.longer_if
    if proof is None:
        return ""
    if isinstance(proof.word, RuleWord):
        return phrases.text(_rule(phrases.rulebook, proof.word.rule))
    return phrases.say.listed(phrases.title(fact) for fact in sorted(proof.open_facts()))


def _rule(rulebook: Rulebook, name: str) -> dict[str, str]:
    regime, _, rule = name.partition(".")
    return dict(rulebook.regimes[regime].rules[rule].title)
