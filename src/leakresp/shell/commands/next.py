"""``leakresp next``: the next question that can still change something, for other front ends."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from leakresp.law.vocabulary import written
from leakresp.response.interview import STAGES, Interview, Question, kind_of
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.question_words import question_help, question_text, unsure_text, word_text
from leakresp.shell.screen import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leakresp.law.held import Answers


def run(
    *,
    case: str | None,
    answers: Path | None,
    settings: list[str],
    until: str,
    folder: str | None,
    on: str | None,
    rules: str | None,
    as_json: bool,
    lang: str | None,
) -> int:
    """Show the next question; nothing left is exit 0 with ``null``. Raises ``FaultsError``."""
    check_stage(until)
    desk = Desk.set_up(lang=lang, rules=rules, on=on)
    given = desk.incident(case=case, answers=answers, settings=settings, folder=folder)
    interview = Interview(desk.assessor)
    day = desk.assessor.day(given.answers, desk.on, desk.today)
    question = interview.next(given.answers, day, until)
    if as_json:
        shown = None if question is None else question_json(question, interview, given.answers, desk)
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    elif question is None:
        sys.stdout.write(desk.say("next.nothing_left") + "\n")
    else:
        rows = (Row(text, indent, 2 if indent else 0) for text, indent in _shown(question, desk))
        Page().write(rows)
    return DONE


def check_stage(until: str) -> None:
    """Refuse a stage that is none. Raises ``FaultsError``."""
    if until not in STAGES:
        raise FaultsError([Fault("next.no_stage", path=until, details={"words": STAGES})], MISUSE)


def question_json(question: Question, interview: Interview, answers: Answers, desk: Desk) -> dict[str, Any]:
    """Return a question as the public interface writes it."""
    day = desk.assessor.day(answers, desk.on, desk.today)
    found: dict[str, Any] = {
        "question": question.id,
        "settles": list(question.settles),
        "stage": question.stage,
        "text": question_text(question, desk),
        "help": question_help(question, desk),
        "kind": kind_of(question, desk.facts),
        "choices": _choices(question, answers, desk),
        "why": list(interview.why(question, answers, day)),
    }
    return found


def _choices(question: Question, answers: Answers, desk: Desk) -> list[dict[str, Any]]:
    """Return the choices with the facts each sets; in a list of items each sets its own, the caller gathers them."""
    fact = question.settles[0]
    many = not question.options and desk.facts[fact].kind == "choices"
    if question.options:
        choices = [
            {
                "value": option.id,
                "text": desk.phrases.text(option.text),
                "facts": {key: written(value) for key, value in option.facts.items()},
            }
            for option in question.options
        ]
    else:
        choices = [
            {"value": word, "text": word_text(question, word, desk), "facts": {fact: [word] if many else word}}
            for word in desk.facts[fact].words
        ]
    unsure = {key: written(value) for key, value in question.unsure_facts(answers).items()}
    return [*choices, {"value": "unknown", "text": unsure_text(question, desk), "facts": unsure}]


def _shown(question: Question, desk: Desk) -> Iterator[tuple[str, int]]:
    """Yield the question's lines with their indents."""
    yield question_text(question, desk), 0
    yield question_help(question, desk), 0
    for option in question.options:
        yield f"{option.id}: {desk.phrases.text(option.text)}", 2
    if not question.options:
        for word in desk.facts[question.settles[0]].words:
            yield f"{word}: {word_text(question, word, desk)}", 2
    yield f"unknown: {unsure_text(question, desk)}", 2
