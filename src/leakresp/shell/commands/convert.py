"""``leakresp convert``: incidents taken over from other tools, and handed to statistics as VERIS records."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.answers import Given, read_given
from leakresp.shell.desk import STDIN, Desk
from leakresp.shell.documents import Document
from leakresp.shell.faults import DONE, FILE_WRONG, MISUSE, Fault, FaultsError
from leakresp.shell.foreign_answers import Reader
from leakresp.shell.layout import Row
from leakresp.shell.record_files import find_records
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.veris_records import seed_of, veris_record
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.shell.record_files import Found

SCHEMA: Final = "leakresp/conversion/1"
VERIS: Final = "veris"
_YAML: Final = (".yaml", ".yml")


def run(
    *,
    files: list[str],
    source: str | None,
    target: str | None,
    case: str | None,
    answers: Path | None,
    output: Path | None,
    report: bool,
    with_victim: bool,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Convert every record given and return the exit code. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    _check(desk, source, target, given=bool(case or answers), with_victim=with_victim)
    work: _Work = (
        _From(desk, source, files) if source else _To(desk, files, case, answers, folder, with_victim=with_victim)
    )
    if output is None:
        for line in _lines(desk, work):
            sys.stdout.write(line + "\n")
    else:
        _write(output, work, desk)
        if not as_json:
            sys.stderr.write(desk.say("paper.written", path=output) + "\n")
    if report:
        _report(desk, work, as_json=as_json)
    return FILE_WRONG if work.refused else DONE


def _check(desk: Desk, source: str | None, target: str | None, *, given: bool, with_victim: bool) -> None:
    """Refuse options that do not go together. Raises ``FaultsError``."""
    if (source is None) == (target is None):
        raise FaultsError([Fault("interchange.from_or_to")], MISUSE)
    known = tuple(desk.shelf.interchange) if source else (VERIS,)
    word = source or target or ""
    if word not in known:
        details = {"word": word, "words": known}
        raise FaultsError(
            [Fault("interchange.tool_unknown", path="--from" if source else "--to", details=details)], MISUSE
        )
    if source and (given or with_victim):
        raise FaultsError([Fault("interchange.only_to")], MISUSE)


class _Work:
    """What is converted, one record after the other; what went wrong, and what was left, is counted on the way."""

    def __init__(self) -> None:
        self.taken = 0
        self.refused = 0
        self.facts: Counter[str] = Counter()
        self.left: Counter[tuple[str, str]] = Counter()

    def each(self) -> Iterator[dict[str, Any] | Refused]:
        """Yield what each record became, or why it could not be converted."""
        raise NotImplementedError


class Refused:
    """A record that could not be converted: where it stood, and why."""

    def __init__(self, found: Found, faults: Iterable[Fault]) -> None:
        self.file: Final = found.file
        self.line: Final = found.line
        self.faults: Final = tuple(faults)


class _From(_Work):
    """Records of another tool, which become incidents as ``assess --jsonl`` takes them."""

    def __init__(self, desk: Desk, source: str, files: list[str]) -> None:
        super().__init__()
        self._files = files or [STDIN]
        self._reader = Reader(desk.shelf.interchange[source], desk.facts)
        self._title = desk.shelf.interchange[source]["title"][desk.say.lang]

    def each(self) -> Iterator[dict[str, Any] | Refused]:
        for found in find_records(self._files):
            if found.faults:
                yield Refused(found, found.faults)
            elif not self._reader.knows(found.record):
                fault = Fault("interchange.not_this_tool", found.file, found.line, details={"tool": self._title})
                yield Refused(found, [fault])
            else:
                taken = self._reader.read(found.record)
                self.facts.update(taken.facts.keys())
                self.left.update(taken.left)
                yield {"incident": taken.incident, "facts": taken.facts}


class _To(_Work):
    """Incidents of ours, which become VERIS records."""

    def __init__(
        self,
        desk: Desk,
        files: list[str],
        case: str | None,
        answers: Path | None,
        folder: str | None,
        *,
        with_victim: bool,
    ) -> None:
        super().__init__()
        if sum((bool(files), case is not None, answers is not None)) > 1:
            raise FaultsError([Fault("interchange.one_source")], MISUSE)
        self._desk = desk
        self._files = files or [STDIN]
        self._case = case
        self._answers = answers
        self._folder = folder
        self._with_victim = with_victim

    def each(self) -> Iterator[dict[str, Any] | Refused]:
        if self._case is not None:
            yield self._of_case(self._case)
        elif self._answers is not None:
            given = self._desk.given(self._answers, ())
            yield self._record(given, seed_of(given.incident, given.answers))
        else:
            for found in find_records(self._files):
                yield self._of_line(found)

    def _of_case(self, name: str) -> dict[str, Any]:
        from leakresp.shell.case_desk import take_up

        opened = take_up(self._desk, name, self._folder)
        # The first line of the record, with its time, is the same as long as the case lives, and names nobody here.
        seed = opened.journal.content().split(b"\n", 1)[0].decode("utf-8", "replace")
        return self._record(Given(dict(opened.case.incident), opened.case.answers), seed)

    def _of_line(self, found: Found) -> dict[str, Any] | Refused:
        if found.faults:
            return Refused(found, found.faults)
        try:
            given = read_given(Document(found.file, found.record, {(): found.line}), self._desk.facts)
            return self._record(given, seed_of(given.incident, given.answers))
        except FaultsError as error:
            return Refused(found, error.faults)

    def _record(self, given: Given, seed: str) -> dict[str, Any]:
        mapping = self._desk.shelf.interchange[VERIS]
        self.facts.update(given.answers.keys())
        return veris_record(mapping, given.incident, given.answers, seed, with_victim=self._with_victim)


def _lines(desk: Desk, work: _Work) -> Iterator[str]:
    for each in work.each():
        if isinstance(each, Refused):
            work.refused += 1
            yield json.dumps(_error(desk, each), ensure_ascii=False)
        else:
            work.taken += 1
            yield json.dumps(each, ensure_ascii=False)


def _error(desk: Desk, refused: Refused) -> dict[str, Any]:
    """Return the error object that stands in a bad record's place, as ``assess --jsonl`` writes it."""
    return {
        "schema": "leakresp/error/1",
        "error": {
            "file": refused.file,
            "line": refused.line,
            "faults": [
                {
                    "path": fault.path,
                    "message": sentence(desk.say, Fault(fault.key, path=fault.path, details=fault.details)),
                }
                for fault in refused.faults
            ],
        },
    }


def _write(output: Path, work: _Work, desk: Desk) -> None:
    """Write a file, whole or not at all: an answers file where its name says YAML, else one record a line."""
    from leakresp.shell.case_files import put

    if output.suffix.lower() in _YAML:
        put(_answers_file(work), output)
        return
    put("".join(f"{line}\n" for line in _lines(desk, work)).encode(), output)


def _answers_file(work: _Work) -> bytes:
    import yaml

    found = list(work.each())
    if len(found) != 1:
        raise FaultsError([Fault("interchange.not_one", details={"count": len(found)})], MISUSE)
    if isinstance(found[0], Refused):
        raise FaultsError(found[0].faults)
    work.taken = 1
    text: str = yaml.safe_dump(found[0], allow_unicode=True, sort_keys=False, default_flow_style=False, width=100)
    return text.encode()


def _report(desk: Desk, work: _Work, *, as_json: bool) -> None:
    """Say on standard error what was taken over and what was not, and why: the records themselves go elsewhere."""
    left = sorted(work.left.items(), key=lambda item: (-item[1], item[0]))
    if as_json:
        found = {
            "schema": SCHEMA,
            "converted": work.taken,
            "refused": work.refused,
            "facts": dict(sorted(work.facts.items())),
            "left": [{"field": field, "why": why, "count": count} for (field, why), count in left],
        }
        write_json(found, sys.stderr)
        return
    Screen(desk, out=sys.stderr).write(_rows(desk, work, left))


def _rows(desk: Desk, work: _Work, left: list[tuple[tuple[str, str], int]]) -> Iterator[Row]:
    say = desk.say
    yield Row(say("convert.counts", taken=work.taken, refused=work.refused), style="strong")
    if work.facts:
        yield Row(say("convert.facts"), style="heading")
        for fact, count in sorted(work.facts.items()):
            yield Row(say("convert.fact", fact=fact, title=desk.facts[fact].title[say.lang], count=count), 2, 2)
    if left:
        yield Row(say("convert.left"), style="heading")
    whys = dict.fromkeys(why for (_, why), _ in left)
    for why in whys:
        yield Row(say(f"convert.why.{why}"), 2, 2)
        for (field, reason), count in left:
            if reason == why:
                yield Row(say("convert.field", field=field, count=count), 4, 2)
