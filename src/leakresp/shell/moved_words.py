"""What moved between two assessments, in words: before and after, what changes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.response.moved import Moved, moved
from leakresp.shell.day_words import long_day, until_words
from leakresp.shell.layout import GAP, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.law.deadlines import Clock
    from leakresp.response.assessment import Assessment
    from leakresp.response.wording import Phrases


def moved_rows(before: Assessment, after: Assessment, supposed: Iterable[str], phrases: Phrases) -> Iterator[Row]:
    """Yield what changes if the answers to ``supposed`` are those of ``after``, then what stays."""
    say = phrases.say
    yield Row(say("why.if", answers=say.listed(_answer(fact, after, phrases) for fact in supposed)), style="heading")
    yield GAP
    yield from differing_rows(before, after, phrases)
    same = [
        Row(say("screen.pair", name=name, text=was), 2, 4, "muted")
        for name, was, new in _compared(before, after, phrases)
        if was == new
    ]
    if same:
        yield GAP
        yield Row(say("why.stays"), style="strong")
        yield from same


def differing_rows(before: Assessment, after: Assessment, phrases: Phrases) -> Iterator[Row]:
    """Yield what changes from one assessment to the other, or that nothing does."""
    say = phrases.say
    changed = [
        Row(say("why.moved", name=name, before=was, after=new), 2, 4)
        for name, was, new in _compared(before, after, phrases)
        if was != new
    ]
    changed += list(_more_or_less(moved(before, after), phrases))
    yield Row(say("why.changes" if changed else "why.nothing"), style="strong")
    yield from changed


def _answer(fact: str, assessment: Assessment, phrases: Phrases) -> str:
    value = phrases.value(fact, assessment.known[fact])
    return phrases.say("screen.answer", fact=phrases.title(fact), value=value)


def _compared(before: Assessment, after: Assessment, phrases: Phrases) -> Iterator[tuple[str, str, str]]:
    """Yield the name of everything compared, with its words before and after."""
    say, found = phrases.say, moved(before, after)
    was, now = found.verdict
    yield say("why.verdict"), say(f"screen.duty.{was}"), say(f"screen.duty.{now}")
    about = _regimes(before) | _regimes(after)
    for words, key in ((found.duties, "show.duty"), (found.criteria, "screen.truth")):
        for name, (one, other) in words.items():
            if name.partition(".")[0] in about:
                yield _title(name, phrases), _word(key, one, name, phrases), _word(key, other, name, phrases)
    for name, (earlier, later) in found.deadlines.items():
        yield _title(name, phrases), _clock(earlier, phrases), _clock(later, phrases)


def _regimes(assessment: Assessment) -> set[str]:
    """Return the bodies of law that apply or may apply."""
    return {result.regime.id for result in assessment.regimes if result.applies.truth.word != "no"}


def _title(name: str, phrases: Phrases) -> str:
    regime, _, rule = name.partition(".")
    return phrases.text(phrases.rulebook.regimes[regime].rules[rule].title)


def _word(key: str, word: str | None, name: str, phrases: Phrases) -> str:
    if word is not None:
        return phrases.say(f"{key}.{word}")
    beside = phrases.rulebook.regimes[name.partition(".")[0]].beside
    return phrases.say("why.not_looked_at" if beside else "why.not_in_force")


def _clock(clock: Clock | None, phrases: Phrases) -> str:
    """Return a deadline as the day or moment it ends, or as its number of days or hours while day one is not known."""
    say = phrases.say
    if clock is None:
        return say("why.no_clock")
    if clock.moment is not None:
        return until_words(clock.moment, say)
    if clock.guide is not None:
        return say("why.guide", start=long_day(clock.guide[0], say), end=long_day(clock.guide[1], say))
    if clock.last is not None:
        return long_day(clock.last, say)
    first, last = clock.guide_days or (0, 0)
    days = clock.term.days if clock.term else 0
    return say(_PERIODS[clock.kind], days=days, hours=clock.hours, first=first, last=last)


#: How a period is told while day one is not known.
_PERIODS: Final = {"term": "why.day", "hours": "why.hours", "guide": "why.guide_days", "prompt": "why.prompt"}


def _more_or_less(found: Moved, phrases: Phrases) -> Iterator[Row]:
    for key, titles in (
        ("actions_added", [action.title for action in found.actions_added]),
        ("actions_removed", [action.title for action in found.actions_removed]),
        ("papers_added", [need.paper.title for need in found.papers_added]),
        ("papers_removed", [need.paper.title for need in found.papers_removed]),
    ):
        if titles:
            yield Row(phrases.say(f"why.{key}"), 2)
        yield from (Row(phrases.say("screen.bullet", text=phrases.text(title)), 4, 2) for title in titles)


def moved_json(found: Moved) -> dict[str, Any]:
    """Return what differs, by full name, as pairs of before and after."""
    return {
        "verdict": list(found.verdict) if found.verdict[0] != found.verdict[1] else None,
        "duties": _differing(found.duties.items()),
        "criteria": _differing(found.criteria.items()),
        "deadlines": _differing(
            (name, (_clock_json(before), _clock_json(after))) for name, (before, after) in found.deadlines.items()
        ),
        "actions": {
            "added": [action.id for action in found.actions_added],
            "removed": [action.id for action in found.actions_removed],
        },
        "papers": {
            "added": [need.paper.id for need in found.papers_added],
            "removed": [need.paper.id for need in found.papers_removed],
        },
        "open_facts": {"added": list(found.open_added), "removed": list(found.open_removed)},
    }


def _differing(pairs: Iterable[tuple[str, tuple[Any, Any]]]) -> dict[str, list[Any]]:
    return {name: [before, after] for name, (before, after) in pairs if before != after}


def _clock_json(clock: Clock | None) -> dict[str, Any] | None:
    if clock is None:
        return None
    if clock.term is not None:
        return {"days": clock.term.days, "due": None if clock.term.due is None else str(clock.term.due)}
    if clock.hours is not None:
        return {"hours": clock.hours, "due_at": clock.moment.isoformat(timespec="minutes") if clock.moment else None}
    if clock.kind == "prompt":
        return {"prompt": True}
    first, last = clock.guide or (None, None)
    return {"guide_from": None if first is None else str(first), "guide_to": None if last is None else str(last)}
