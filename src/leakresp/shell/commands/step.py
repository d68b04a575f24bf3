"""``leakresp step``: the actions of a case by phase, and what became of each."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import nearest
from leakresp.response.case import Stepped, StepState
from leakresp.response.playbook import PHASES
from leakresp.shell.case_desk import refuse_closed, standing, take_up
from leakresp.shell.cases import author
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.step_words import Step, StepWords, concerns, every_action, steps

if TYPE_CHECKING:
    from leakresp.shell.case_desk import Standing
    from leakresp.shell.cases import OpenCase

SCHEMA: Final = "leakresp/steps/1"


def run(
    *,
    case: str,
    action: str | None,
    done: bool,
    skip: bool,
    reopen: bool,
    assign: str | None,
    note: str | None,
    phase: str | None,
    who: str | None,
    measures: bool,
    write: bool,
    by: str | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """List the actions, or record what became of one. Raises ``FaultsError``."""
    if measures or write:
        from leakresp.shell.commands import measures as drafting

        _check_measures(measures, beside=(action, done, skip, reopen, assign, note, phase, who))
        options = {"folder": folder, "rules": rules, "lang": lang}
        return drafting.run(case=case, write=write, by=by, as_json=as_json, plain=plain, **options)
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    opened = take_up(desk, case, folder)
    state = _state(done=done, skip=skip, reopen=reopen, assign=assign, note=note)
    _check(action, state, phase, who)
    if action is not None:
        _find(standing(desk, opened), action)
        if state is not None:
            _record(desk, opened, Stepped(action, state, _clean(assign, "--assign"), _clean(note, "--note")), by)
    now = standing(desk, opened)
    found = [step for step in steps(now) if _wanted(step, action, phase, who, now)]
    if action is not None and not found:  # nobody worked on it, and nothing calls for it
        found = [_unasked(now, action)]
    if as_json:
        words = StepWords(now)
        write_json({"schema": SCHEMA, "case": opened.name, "actions": [words.json(step) for step in found]})
    else:
        _show(now, found, whole=action is not None and state is None, one=action is not None)
    return DONE


def _state(*, done: bool, skip: bool, reopen: bool, assign: str | None, note: str | None) -> StepState | None:
    """Return the one thing that is to be recorded. Raises ``FaultsError`` for two at once."""
    wanted: dict[StepState, bool] = {"done": done, "skipped": skip, "open": reopen, "assigned": assign is not None}
    chosen = [state for state, asked in wanted.items() if asked]
    if len(chosen) > 1:
        raise FaultsError([Fault("step.one_thing")], MISUSE)
    if chosen:
        return chosen[0]
    return "noted" if note is not None else None


def _check_measures(measures: bool, *, beside: tuple[str | bool | None, ...]) -> None:
    if not measures:
        raise FaultsError([Fault("measures.write_alone", path="--write")], MISUSE)
    if any(beside):
        raise FaultsError([Fault("measures.alone", path="--measures")], MISUSE)


def _check(action: str | None, state: StepState | None, phase: str | None, who: str | None) -> None:
    if phase is not None and phase not in PHASES:
        details = {"word": phase, "nearest": nearest(phase, PHASES), "words": PHASES}
        raise FaultsError([Fault("step.no_phase", path="--phase", details=details)], MISUSE)
    if action is None and state is not None:
        raise FaultsError([Fault("step.no_action")], MISUSE)
    if action is not None and (phase is not None or who is not None):
        raise FaultsError([Fault("step.filter_with_action")], MISUSE)


def _clean(text: str | None, option: str) -> str | None:
    if text is not None and not text.strip():
        raise FaultsError([Fault("answer.empty_words", path=option)], MISUSE)
    return None if text is None else text.strip()


def _find(now: Standing, name: str) -> None:
    """Refuse an action that no library has. Raises ``FaultsError``."""
    known = [each.id for each in every_action(now)]
    if name not in known:
        details = {"word": name, "nearest": nearest(name, known)}
        raise FaultsError([Fault("step.unknown", path=name, details=details)], MISUSE, _how_to_list(now))


def _how_to_list(now: Standing) -> str:
    return now.desk.say("step.how_to_list", command=f"leakresp step {shlex.quote(now.name)}")


def _record(desk: Desk, opened: OpenCase, step: Stepped, by: str | None) -> None:
    """Record one step. To skip an action is a decision, which needs its reason. Raises ``FaultsError``."""
    refuse_closed(opened)
    if step.state == "skipped" and step.note is None:
        raise FaultsError([Fault("step.skip_why", path="--note")], MISUSE)
    before = opened.case.action(step.action)
    if step.state == before.state and step.note is None:  # somebody else was quicker: say so, and keep their word
        sys.stderr.write(desk.say("step.so_already", state=desk.say(f"step.state.{before.state}")) + "\n")
        return
    opened.add(author(by), step)


def _wanted(step: Step, action: str | None, phase: str | None, who: str | None, now: Standing) -> bool:
    if action is not None:
        return step.action.id == action
    return (phase is None or step.action.phase == phase) and (who is None or concerns(step, who, now))


def _unasked(now: Standing, name: str) -> Step:
    action = next(each for each in every_action(now) if each.id == name)
    return Step(action, now.case.action(name), called_for=False)


def _show(now: Standing, found: list[Step], *, whole: bool, one: bool) -> None:
    words, screen = StepWords(now), Screen(now.desk)
    if one:
        screen.write(row for step in found for row in (words.whole(step) if whole else words.step(step)))
        return
    if not found:
        screen.write([Row(now.desk.say("step.none"))])
        return
    screen.write(words.rows(found))
    screen.write(
        [Row(), Row(now.desk.say("step.how_to_tick", command=f"leakresp step {shlex.quote(now.name)} ID --done"))]
    )
