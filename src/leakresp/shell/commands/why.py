"""``leakresp why``: the reasons of the result, and what would follow if an answer were another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.truth import NO
from leakresp.law.vocabulary import written
from leakresp.response.assessment_json import assessment_json
from leakresp.response.moved import moved
from leakresp.shell.answers import Given, read_settings
from leakresp.shell.day_words import moment_words
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import GAP, Row
from leakresp.shell.moved_words import moved_json, moved_rows
from leakresp.shell.proof_words import Trees
from leakresp.shell.result import ResultWords, applying, perhaps_applying
from leakresp.shell.screen import Screen, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leakresp.law.duties import Ruling
    from leakresp.response.assessment import Assessment, RegimeResult
    from leakresp.response.wording import Phrases

SCHEMA: Final = "leakresp/why/1"
IF_SCHEMA: Final = "leakresp/if/1"


def run(
    *,
    case: str | None,
    answers: Path | None,
    settings: list[str],
    hypothesis: list[str],
    folder: str | None,
    on: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
    at: str | None = None,
) -> int:
    """Show the reasons, or a hypothetical beside today, and return the exit code. Raises ``FaultsError``.

    ``at`` is a moment, as typed, at which the case is taken as it then stood.
    """
    desk = Desk.set_up(lang=lang, rules=rules, on=on, plain=plain)
    if at is None:
        given = desk.incident(case=case, answers=answers, settings=settings, folder=folder)
    else:
        desk, given = _as_it_stood(desk, case, settings, folder, at)
    if hypothesis:
        _hypothetical(desk, given, hypothesis, as_json=as_json)
        return DONE
    assessment = desk.assess(given)
    if as_json:
        then = {} if at is None else {"at": desk.now.isoformat(timespec="seconds")}
        write_json(why_json(assessment, desk.phrases) | then)
    else:
        screen = Screen(desk)
        words = ResultWords(assessment, desk.phrases, desk.today, screen.marks)
        if at is not None:
            moment = moment_words(desk.now, desk.say)
            screen.write([Row(desk.say("status.then", moment=moment), style="unsure"), GAP])
        screen.write(why_rows(words, given))
    return DONE


def _as_it_stood(desk: Desk, case: str | None, settings: list[str], folder: str | None, at: str) -> tuple[Desk, Given]:
    """Return the desk and the incident of a past moment. Raises ``FaultsError``: only a case has a past."""
    from leakresp.shell.case_desk import standing, take_up

    if case is None:
        raise FaultsError([Fault("why.at_without_case", path="--at")], MISUSE)
    then = standing(desk, take_up(desk, case, folder), at)
    supposed = read_settings(settings, desk.facts, desk.now)
    return then.desk, Given.of_case(then.case, supposed)


# the reasons ----------------------------------------------------------------------------------------------------------


def why_rows(words: ResultWords, given: Given) -> Iterator[Row]:
    """Yield verdict, the trees of every regime that applies or may, what was presumed, and what would change it."""
    assessment = words.assessment
    trees = Trees(words.phrases.rulebook.in_force(assessment.on), words.phrases, words.marks)
    yield from words.verdict(given.incident)
    for result in (*applying(assessment), *perhaps_applying(assessment), *_lifted(assessment)):
        yield GAP
        yield from _regime(result, trees)
    yield from words.section("presumed", _presumed(trees))
    yield from words.section("change", words.change())
    yield GAP
    yield from words.foot()


def _lifted(assessment: Assessment) -> Iterator[RegimeResult]:
    """Yield the regimes that do not apply because an exception says so."""
    yield from (result for result in assessment.regimes if result.applies.truth is NO and result.report.by)


def _regime(result: RegimeResult, trees: Trees) -> Iterator[Row]:
    phrases, say = trees.phrases, trees.say
    yield Row(phrases.text(result.regime.title), style="heading")
    yield Row(say("why.applies", truth=say(f"why.truth.{result.applies.truth.word}")), 2, style="strong")
    yield from trees.rows(result.applies, 4)
    yield from _duty(result, result.report, result.regime.report, trees)
    if result.notify is not None and result.regime.notify is not None:
        yield from _duty(result, result.notify, result.regime.notify, trees)
    if result.applies.truth is NO:
        return
    yield Row(say("why.criteria"), 2, style="strong")
    for proof in result.criteria.values():
        yield from trees.rows(proof, 4)


def _duty(result: RegimeResult, ruling: Ruling, rule: str, trees: Trees) -> Iterator[Row]:
    phrases, say = trees.phrases, trees.say
    title = phrases.text(result.regime.rules[rule].title)
    yield Row(say("screen.pair", name=title, text=say(f"show.duty.{ruling.duty}")), 2, 2, "strong")
    version = result.regime.rules[rule].on(trees.in_force.day)
    if version is not None:
        sources = say.listed(phrases.citations(version))
        yield Row(say("screen.source", sources=sources), 4, 2, "muted")
    if any(each.since is None for each in result.regime.rules[rule].versions):
        yield Row(say("why.not_yet"), 4, 2, "unsure")
        yield Row(f"leakresp rules show {result.regime.id}.{rule}", 6)
    for exception, proof in ruling.exceptions:
        mark, truth = say(f"screen.{trees.marks}.{proof.truth.word}"), say(f"screen.truth.{proof.truth.word}")
        told = say("why.exception", title=phrases.text(exception.title), truth=truth)
        yield Row(say("why.node", mark=mark, text=told), 4, 4, "" if proof.truth is not NO else "muted")
        if exception is ruling.by:
            yield Row(say("screen.source", sources=say.listed(phrases.sources(exception.sources))), 8, 2, "muted")
        if proof.truth is not NO:
            yield from trees.rows(proof, 8)


def _presumed(trees: Trees) -> Iterator[Row]:
    phrases, say = trees.phrases, trees.say
    for presumption in trees.presumptions():
        yield Row(say("screen.bullet", text=phrases.text(presumption.says)), 2, 2)
        yield Row(say("screen.source", sources=say.listed(phrases.sources(presumption.sources))), 4, 2, "muted")


def why_json(assessment: Assessment, phrases: Phrases) -> dict[str, Any]:
    """Return the proofs of every regime as nested mappings."""
    trees = Trees(phrases.rulebook.in_force(assessment.on), phrases)
    return {
        "schema": SCHEMA,
        "rules": {"fingerprint": assessment.fingerprint, "on": str(assessment.on)},
        "verdict": assessment.verdict,
        "regimes": [_regime_json(result, trees) for result in assessment.regimes],
    }


def _regime_json(result: RegimeResult, trees: Trees) -> dict[str, Any]:
    found = {
        "id": result.regime.id,
        "applies": trees.tree(result.applies),
        "event": trees.tree(result.event),
        "criteria": {
            name: trees.tree(proof) | {"open_facts": sorted(proof.open_facts())}
            for name, proof in result.criteria.items()
        },
        "report": _ruling_json(result.report, trees) | {"unless": list(result.unless)},
    }
    if result.notify is not None:
        found["notify"] = _ruling_json(result.notify, trees)
    return found


def _ruling_json(ruling: Ruling, trees: Trees) -> dict[str, Any]:
    return {
        "duty": ruling.duty,
        "base": trees.tree(ruling.base),
        "exceptions": [
            {
                "id": exception.id,
                "title": trees.phrases.text(exception.title),
                "duty": exception.duty,
                "decides": exception is ruling.by,
                "sources": trees.phrases.sources(exception.sources),
                "proof": trees.tree(proof),
            }
            for exception, proof in ruling.exceptions
        ],
        "open_facts": sorted(ruling.open_facts()),
    }


# if an answer were another --------------------------------------------------------------------------------------------


def _hypothetical(desk: Desk, given: Given, hypothesis: list[str], *, as_json: bool) -> None:
    supposed = read_settings(hypothesis, desk.facts, desk.now)
    before, after = desk.assess(given), desk.assess(replace(given, answers=given.answers | supposed))
    if not as_json:
        foot = ResultWords(after, desk.phrases, desk.today, "mark").foot()
        Screen(desk).write((*moved_rows(before, after, tuple(supposed), desk.phrases), GAP, *foot))
        return
    write_json(
        {
            "schema": IF_SCHEMA,
            "if": {fact: written(value) for fact, value in supposed.items()},
            "moved": moved_json(moved(before, after)),
            "before": assessment_json(before, given.incident, desk.phrases),
            "after": assessment_json(after, given.incident, desk.phrases),
        }
    )
