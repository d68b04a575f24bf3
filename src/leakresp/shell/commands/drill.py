"""``leakresp drill``: an exercise over simulated time, judged by the rules, never mixed with a real case."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import nearest
from leakresp.response.drill import Team, written_span
from leakresp.response.drill_score import play
from leakresp.shell import journal
from leakresp.shell.case_desk import tell
from leakresp.shell.desk import Desk, read_bytes
from leakresp.shell.drill_files import FOLDER, read_decisions, read_scenario
from leakresp.shell.drill_record import Exercise, alone, begin, exercises, open_exercise
from leakresp.shell.drill_report import FORMS, STEM, write_report
from leakresp.shell.drill_words import DrillPage, DrillWords
from leakresp.shell.faults import DONE, INTERRUPTED, MISUSE, Fault, FaultsError
from leakresp.shell.layout import GAP, Row
from leakresp.shell.places import cases_folder, drills_folder, templates_folder
from leakresp.shell.screen import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.response.drill import Decision, Scenario
    from leakresp.response.drill_score import Score

LIST_SCHEMA: Final = "leakresp/drills/1"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    name: str | None
    resume: bool = False
    scenario: Path | None = None
    check: Path | None = None
    decisions: Path | None = None
    report: Path | None = None
    folder: str | None = None
    as_json: bool = False


def run(wish: Wish, *, rules: str | None, plain: bool, lang: str | None) -> int:
    """List, check or play exercises. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    _refuse(wish)
    if wish.check is not None:
        return _check(desk, wish.check, as_json=wish.as_json)
    drills = drills_folder(wish.folder)
    if wish.name is None and wish.scenario is None and not wish.resume:
        return _list(desk, drills, as_json=wish.as_json)
    exercise = _taken_up(desk, wish, drills)
    if exercise is None:
        scenario = _scenario(desk, wish, drills)
        if wish.decisions is not None:
            return _by_script(desk, wish, scenario, drills)
        _need_terminal()
        exercise = begin(scenario, drills)
    elif wish.decisions is not None:
        raise FaultsError([Fault("drill.decisions_alone", path="--decisions")], MISUSE)
    elif not exercise.ended:
        _need_terminal()
    return _at_the_keyboard(desk, wish, exercise)


def _refuse(wish: Wish) -> None:
    """Refuse what cannot be meant together. Raises ``FaultsError``."""
    if wish.name is not None and wish.scenario is not None:
        raise FaultsError([Fault("drill.one_scenario", path="--scenario")], MISUSE)
    if wish.resume and (wish.scenario is not None or wish.decisions is not None):
        raise FaultsError([Fault("drill.resume_alone", path="--resume")], MISUSE)
    if wish.report is not None and wish.report.suffix.removeprefix(".") not in FORMS:
        raise FaultsError([Fault("drill.report_format", str(wish.report), details={"words": FORMS})], MISUSE)


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise FaultsError([Fault("drill.no_terminal")], MISUSE)


# ---- which exercise ----


def shipped(desk: Desk) -> dict[str, Scenario]:
    """Return the scenarios that come with leakresp, by their ids. Raises ``FaultsError``."""
    folder = templates_folder() / FOLDER
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        raw = read_bytes(str(path))
        found[path.stem] = read_scenario(raw, str(path), desk.assessor, wanted=path.stem, promises=False)
    return found


def _shipped_ids() -> list[str]:
    return sorted(path.stem for path in (templates_folder() / FOLDER).glob("*.yaml"))


def _scenario(desk: Desk, wish: Wish, drills: Path) -> Scenario:
    """Return the scenario to be played. Raises ``FaultsError``."""
    if wish.scenario is not None:
        return read_scenario(read_bytes(str(wish.scenario)), str(wish.scenario), desk.assessor)
    name = wish.name or ""
    if name not in _shipped_ids():
        known = [*_shipped_ids(), *(path.name for path in exercises(drills))]
        details = {"word": name, "nearest": nearest(name, known)}
        raise FaultsError(
            [Fault("drill.scenario_unknown", path=name, details=details)], MISUSE, desk.say("drill.how_to_list")
        )
    path = templates_folder() / FOLDER / f"{name}.yaml"
    return read_scenario(read_bytes(str(path)), str(path), desk.assessor, wanted=name)


def _taken_up(desk: Desk, wish: Wish, drills: Path) -> Exercise | None:
    """Return the exercise that was begun before, where one is meant. Raises ``FaultsError``."""
    if wish.name is not None and wish.name not in _shipped_ids():
        folder = drills / wish.name  # a path stays what it is; a name lies among the exercises
        if folder.exists():
            return open_exercise(folder, desk.assessor)
        if (cases_folder() / wish.name / journal.NAME).is_file():
            raise FaultsError([Fault("drill.is_a_case", path=wish.name)], MISUSE)
        return None
    if not wish.resume:
        return None
    for exercise in _unfinished(desk, drills):
        if wish.name in {None, exercise.scenario.id}:
            return exercise
    raise FaultsError([Fault("drill.nothing_to_resume", str(drills))], MISUSE, desk.say("drill.how_to_list"))


def _unfinished(desk: Desk, drills: Path) -> Iterator[Exercise]:
    """Yield the exercises that did not end, the newest first; one that cannot be read is told and passed over."""
    for folder in exercises(drills):
        try:
            exercise = open_exercise(folder, desk.assessor)
        except FaultsError as error:
            tell(desk, error.faults)
            continue
        if not exercise.ended:
            yield exercise


# ---- list and check ----


def _list(desk: Desk, drills: Path, *, as_json: bool) -> int:
    scenarios = shipped(desk)
    unfinished = list(_unfinished(desk, drills))
    if as_json:
        write_json(_list_json(desk, scenarios, unfinished))
    else:
        DrillPage(desk).write(_list_rows(desk, scenarios, unfinished))
    return DONE


def _list_rows(desk: Desk, scenarios: dict[str, Scenario], unfinished: list[Exercise]) -> Iterator[Row]:
    say, text = desk.say, desk.phrases.text
    yield Row(say("drill.list", count=len(scenarios)), style="heading")
    for scenario in scenarios.values():
        yield Row(say("drill.listed", id=scenario.id, title=text(scenario.title)), 2, 4)
    yield GAP
    yield Row(say("drill.how_to_play"))
    if unfinished:
        yield GAP
        yield Row(say("drill.unfinished"), style="strong")
        for exercise in unfinished:
            yield Row(f"leakresp drill {shlex.quote(exercise.name)}", 2)


def _list_json(desk: Desk, scenarios: dict[str, Scenario], unfinished: list[Exercise]) -> dict[str, object]:
    text = desk.phrases.text
    return {
        "schema": LIST_SCHEMA,
        "scenarios": [
            {
                "id": each.id,
                "title": text(each.title),
                "story": text(each.story),
                "start": each.start.isoformat(timespec="minutes"),
                "ends": written_span(each.ends),
                "events": len(each.arrivals),
            }
            for each in scenarios.values()
        ],
        "unfinished": [
            {"name": each.name, "scenario": each.scenario.id, "clock": written_span(each.clock)} for each in unfinished
        ],
    }


def _check(desk: Desk, file: Path, *, as_json: bool) -> int:
    scenario = read_scenario(read_bytes(str(file)), str(file), desk.assessor)
    counts = {"events": len(scenario.arrivals), "expects": len(scenario.expects), "traps": len(scenario.traps)}
    if as_json:
        write_json({"ok": True, "id": scenario.id, **counts})
    else:
        DrillPage(desk).write([Row(desk.say("drill.checked", id=scenario.id, **counts))])
    return DONE


# ---- play ----


def _by_script(desk: Desk, wish: Wish, scenario: Scenario, drills: Path) -> int:
    """Play the decisions of a file to the end of the scenario. Raises ``FaultsError``."""
    decisions = read_decisions(read_bytes(str(wish.decisions)), str(wish.decisions), scenario, desk.assessor)
    exercise = begin(scenario, drills)
    with alone(exercise):
        for decision in decisions:
            exercise.decide(decision)
            _write_drafts(desk, exercise, decision)
        exercise.wait_until(max(scenario.ends, exercise.clock))
        exercise.end()
    return _finish(desk, wish, exercise)


def _write_drafts(desk: Desk, exercise: Exercise, decision: Decision) -> None:
    if decision.draft:
        from leakresp.shell.drill_drafts import write_drafts

        answers = Team(exercise.scenario, exercise.decisions).answers(decision.at)
        write_drafts(desk, exercise, decision.draft, answers, decision.at)


def _at_the_keyboard(desk: Desk, wish: Wish, exercise: Exercise) -> int:
    """Play until the end, or until the person stops. Raises ``FaultsError``."""
    from leakresp.shell.drill_table import Table
    from leakresp.shell.interviewer import Stopped

    if not exercise.ended:
        try:
            with alone(exercise):
                Table(desk, exercise).play()
        except Stopped:
            _say_how_to_go_on(desk, exercise)
            return DONE
        except KeyboardInterrupt:
            _say_how_to_go_on(desk, exercise)
            return INTERRUPTED
    return _finish(desk, wish, exercise)


def _say_how_to_go_on(desk: Desk, exercise: Exercise) -> None:
    rows = [Row(desk.say("drill.kept")), Row(f"leakresp drill {shlex.quote(exercise.name)}", 2, style="strong")]
    DrillPage(desk).write([GAP, *rows])


def _finish(desk: Desk, wish: Wish, exercise: Exercise) -> int:
    """Judge an exercise that ended, write its report beside its record, and show the score. Raises ``FaultsError``."""
    score = play(exercise.scenario, exercise.decisions, desk.assessor, until=exercise.clock)
    words = DrillWords(desk, exercise.scenario)
    places = [exercise.folder / f"{STEM}.{form}" for form in FORMS]
    for path in (*places, *([wish.report] if wish.report else ())):
        write_report(words, score, path)
    if wish.as_json:
        write_json(words.json(score) | {"exercise_folder": str(exercise.folder)})
        return DONE
    _show(desk, words, score, places)
    return DONE


def _show(desk: Desk, words: DrillWords, score: Score, places: list[Path]) -> None:
    page = DrillPage(desk)
    rows = list(words.score_rows(score))
    head = list(takewhile(lambda row: row is not GAP, rows))
    page.write(head)
    page.write(rows[len(head) :])
    page.write([GAP, Row(desk.say("drill.reports_written")), *(Row(str(path), 2) for path in places)])
