"""The after-action report of an exercise: what happened, what was decided, what was good, what was missed and why."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from leakresp.papers.formats import written
from leakresp.papers.marks import Block
from leakresp.papers.render import Rendered
from leakresp.response.drill import MARKS
from leakresp.shell.faults import MISUSE, Fault, FaultsError
from leakresp.shell.made_again import write_again

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from leakresp.response.drill_score import Finding, Moment, Score
    from leakresp.shell.drill_words import DrillWords

#: The formats of the report, by the ending of its file.
FORMS: Final = ("md", "html")
STEM: Final = "report"
_SIGNS: Final = re.compile(r"([\\`*_\[\]<>#|])")


def report(words: DrillWords, score: Score, form: str) -> str:
    """Return the report as Markdown, or as a page of HTML that needs nothing but itself."""
    text = "\n".join(_lines(words, score))
    title = f"{words.mark} {words.say('drill.report.title', title=words.phrases.text(words.scenario.title))}"
    return written(Rendered("drill_report", words.say.lang, title, (Block(text),), ()), form)


def write_report(words: DrillWords, score: Score, path: Path) -> None:
    """Write the report; only another report of an exercise is written over. Raises ``FaultsError``."""
    form = path.suffix.removeprefix(".")
    if form not in FORMS:
        raise FaultsError([Fault("drill.report_format", str(path), details={"words": FORMS})], MISUSE)
    marks = tuple(mark.encode() for mark in MARKS.values())
    write_again(report(words, score, form).encode(), path, lambda beginning: any(mark in beginning for mark in marks))


def _lines(words: DrillWords, score: Score) -> Iterator[str]:
    say, text, mark = words.say, words.phrases.text, words.mark
    yield f"# {mark} {_plain(say('drill.report.title', title=text(words.scenario.title)))}"
    yield ""
    yield _plain(say("drill.report.note"))
    yield ""
    yield from _section(words, "happened", _story(words), _moments(words, score))
    yield from _section(words, "good", _good(words, score))
    yield from _section(words, "missed", _missed(words, score))
    yield from _section(words, "points", _points(words, score))
    yield from _section(words, "improve", _improve(words, score))
    yield from _section(words, "own", (f"- {say(f'drill.report.own.{key}')}" for key in ("good", "change", "who")))
    yield _plain(say("drill.report.end", mark=mark))


def _section(words: DrillWords, name: str, *parts: Iterator[str]) -> Iterator[str]:
    yield f"## {words.mark} {words.say(f'drill.report.{name}')}"
    yield ""
    lines = "\n".join(chain.from_iterable(parts)).strip("\n")
    yield lines or words.say(f"drill.report.none.{name}")
    yield ""


def _story(words: DrillWords) -> Iterator[str]:
    yield _plain(words.phrases.text(words.scenario.story))
    yield ""


def _moments(words: DrillWords, score: Score) -> Iterator[str]:
    """Yield each moment; how the duties stood is told where it changed, or where the team had it otherwise."""
    before: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
    for moment in score.moments:
        yield f"### {_plain(words.at(moment.at))}"
        yield ""
        for arrival in moment.arrivals:
            yield f"- {_plain(words.arrived(arrival))}"
        for decision in moment.decisions:
            yield from (f"- {_plain(each)}" for each in words.decided(decision))
        if moment.truth != moment.team or (moment.truth, moment.team) != before:
            yield from _duties(words, moment)
        before = (moment.truth, moment.team)
        yield ""


def _duties(words: DrillWords, moment: Moment) -> Iterator[str]:
    for regime in dict.fromkeys((*moment.truth, *moment.team)):
        title = words.phrases.text(words.desk.assessor.rulebook.regimes[regime].title)
        sides = {
            side: words.duty(duties[regime]) if regime in duties else words.say("drill.report.not_seen")
            for side, duties in (("truth", moment.truth), ("team", moment.team))
        }
        yield f"- {_plain(words.say('drill.report.duties', regime=title, **sides))}"


def _good(words: DrillWords, score: Score) -> Iterator[str]:
    for finding in score.findings:
        if finding.good and finding.of:
            yield f"- {_plain(words.sentence(finding))}"


def _missed(words: DrillWords, score: Score) -> Iterator[str]:
    for finding in score.findings:
        if not finding.good:
            yield from _loss(words, finding)


def _loss(words: DrillWords, finding: Finding) -> Iterator[str]:
    yield f"- {_plain(words.sentence(finding))}"
    yield from (f"  - {_plain(each)}" for each in words.why(finding))
    if sources := words.sources(finding):
        yield f"  - {_plain(words.say('drill.source', sources=words.say.listed(sources)))}"


def _points(words: DrillWords, score: Score) -> Iterator[str]:
    say = words.say
    for title, earned, of in words.points(score):
        yield f"- {say('drill.points', title=title, earned=earned, of=of)}"
    yield f"- {say('drill.report.total', total=score.total)}"
    yield from (f"- {_plain(text)}" for text in words.until(score))


def _improve(words: DrillWords, score: Score) -> Iterator[str]:
    return (f"- {_plain(lesson)}" for lesson in words.lessons(score))


def _plain(text: str) -> str:
    """Return words as Markdown shows them; a team's notes may hold its signs."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
