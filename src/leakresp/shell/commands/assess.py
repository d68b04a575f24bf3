"""``leakresp assess``: the decision without a case, for runbooks."""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from leakresp.law.duties import REQUIRED, UNDETERMINED
from leakresp.response.assessment_json import Lines, assessment_json
from leakresp.shell.answers import Given, read_given, read_settings
from leakresp.shell.desk import STDIN, Desk
from leakresp.shell.documents import LARGEST, decode, read_document
from leakresp.shell.faults import (
    DONE,
    FILE_WRONG,
    MISUSE,
    REQUIRED_EXIT,
    UNDETERMINED_EXIT,
    Fault,
    FaultsError,
)
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.law.held import Answers

#: Objects made between two looks for garbage while a stream is read.
_GARBAGE_AFTER: Final = 200_000


def run(
    *,
    files: list[str],
    settings: list[str],
    on: str | None,
    jsonl: bool,
    exit_code: bool,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
    profile: str | None = None,
) -> int:
    """Assess every incident given and return the exit code. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, on=on)
    ours = _of_profile(desk, profile)
    if jsonl:
        stated = read_settings(settings, desk.facts, desk.now)
        return _stream(desk, files or [STDIN], ours, stated, exit_code=exit_code)
    if not files and not settings:
        raise FaultsError([Fault("assess.nothing")], MISUSE)
    found, wrong = _gather(desk, files, settings)
    if wrong:
        raise FaultsError(wrong)
    found = [Given(given.incident, ours | given.answers) for given in found]
    verdicts = []
    for number, given in enumerate(found):
        assessment = desk.assess(given)
        verdicts.append(assessment.verdict)
        if as_json:
            shown = assessment_json(assessment, given.incident, desk.phrases)
            # Several incidents are one object a line, so that a pipe can take them apart.
            text = json.dumps(shown, ensure_ascii=False, indent=2 if len(found) == 1 else None)
            sys.stdout.write(text + "\n")
        else:
            from leakresp.shell.result import Origin
            from leakresp.shell.screen import Screen

            if number:
                sys.stdout.write("\n")
            origin = Origin(file=files[number] if files else None)
            Screen(desk, plain=plain).show(assessment, given.incident, origin)
    return _code(verdicts) if exit_code else DONE


def _of_profile(desk: Desk, profile: str | None) -> Answers:
    """Return the facts of the organisation, where a profile was asked for: a runbook must not hang on a folder."""
    if profile is None:
        return {}
    from leakresp.shell.profiles import find

    found = find(profile, desk.facts)
    return {} if found is None else found.answers


def _gather(desk: Desk, files: list[str], settings: list[str]) -> tuple[list[Given], list[Fault]]:
    if not files:
        return [desk.given(None, settings)], []
    found: list[Given] = []
    wrong: list[Fault] = []
    for file in files:
        try:
            found.append(desk.given(file, settings))
        except FaultsError as error:
            if error.code != FILE_WRONG:
                raise
            wrong += error.faults
    return found, wrong


def _code(verdicts: Iterable[str]) -> int:
    verdicts = set(verdicts)
    if REQUIRED in verdicts:
        return REQUIRED_EXIT
    return UNDETERMINED_EXIT if UNDETERMINED in verdicts else DONE


def _stream(desk: Desk, files: list[str], ours: Answers, settings: Answers, *, exit_code: bool) -> int:
    """Read one incident a line, write one assessment a line; a bad line becomes an error object."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER)
    verdicts: set[str] = set()
    faulty = False
    lines = Lines(desk.phrases)
    for file in files:
        with _opened(file) as stream:
            for number, raw in _lines(stream):
                try:
                    given = _incident(desk, raw, file, number)
                    given = Given(given.incident, ours | given.answers | settings)
                    assessment = desk.assess(given)
                    verdicts.add(assessment.verdict)
                    line = lines.line(assessment, given.incident)
                except FaultsError as error:
                    faulty = True
                    line = json.dumps(_error(desk, error, file, number), ensure_ascii=False)
                sys.stdout.write(line + "\n")
    if faulty:
        return FILE_WRONG
    return _code(verdicts) if exit_code else DONE


def _incident(desk: Desk, raw: bytes | None, file: str, number: int) -> Given:
    if raw is None:
        raise FaultsError([Fault("file.too_large", file, number, details={"largest": LARGEST // 1024 // 1024})])
    text = decode(raw, file)
    if not text.lstrip().startswith("{"):
        raise FaultsError([Fault("assess.line_no_object", file, number)])
    return read_given(read_document(text, file), desk.facts)


def _error(desk: Desk, error: FaultsError, file: str, number: int) -> dict[str, Any]:
    return {
        "schema": "leakresp/error/1",
        "error": {
            "file": file,
            "line": number,
            "faults": [
                {
                    "path": fault.path,
                    "message": sentence(desk.say, Fault(fault.key, path=fault.path, details=fault.details)),
                }
                for fault in error.faults
            ],
        },
    }


def _opened(file: str) -> Any:  # noqa: ANN401 - a context that gives a binary stream
    from contextlib import nullcontext

    if file == STDIN:
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")  # noqa: PTH123 - closed by the caller's `with`
    except FileNotFoundError:
        raise FaultsError([Fault("file.missing", file)]) from None
    except OSError as error:
        raise FaultsError([Fault("file.unreadable", file, details={"reason": error.strerror})]) from None


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield numbered lines that are not blank; ``None`` stands for a line too long to be an incident."""
    number = 0
    while line := stream.readline(LARGEST + 1):
        number += 1
        if len(line) > LARGEST and not line.endswith(b"\n"):
            while (rest := stream.readline(LARGEST)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line
