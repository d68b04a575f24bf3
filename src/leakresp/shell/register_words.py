"""The register of incidents in words: on the screen, as JSON, and as a table for spreadsheets."""

from __future__ import annotations

import codecs
import csv
import io
import shlex
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import Open
from leakresp.response.assessment_json import reasons
from leakresp.response.register import NOTHING_DUE, STAGES, Figures, Filed, Line
from leakresp.shell.day_words import long_day
from leakresp.shell.layout import GAP, Row, cells, padded
from leakresp.shell.result import leading

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leakresp.response.register import Days
    from leakresp.response.wording import Phrases, Say

COLUMNS: Final = (
    "name", "title", "opened", "discovered", "cause", "people", "people_min", "people_max", "verdict", "criteria",
    "preliminary_on", "preliminary_day", "final_on", "final_day", "closed", "because", "people_say", "decided_by",
    "decided_on",
)  # fmt: skip
#: Signs with which spreadsheets take a cell for a formula, in both widths.
_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")
_STYLE: Final = {"required": "bad", "undetermined": "unsure"}


class RegisterWords:
    """The register in the words of one language."""

    def __init__(self, phrases: Phrases, today: dt.date) -> None:
        self.phrases: Final = phrases
        self.say: Final = phrases.say
        self.today: Final = today

    # parts of a line

    def cause(self, line: Line) -> str:
        return self._stated(line, "cause") or self.say("register.open")

    def people(self, line: Line) -> str:
        return self._stated(line, "affected_people") or self.say("register.open")

    def _stated(self, line: Line, fact: str) -> str:
        held = line.assessment.answers.get(fact)
        return "" if held is None or isinstance(held, Open) else self.phrases.value(fact, held)

    def criteria(self, line: Line) -> str:
        return self.say.listed(map(self.rule, line.criteria))

    def rule(self, name: str) -> str:
        regime, _, rule = name.partition(".")
        return self.phrases.text(self.phrases.rulebook.regimes[regime].rules[rule].title)

    def because(self, line: Line) -> list[str]:
        """Return why nothing had to be reported, as the rules have it: the exception, or the answers that settle it."""
        result = leading(line.assessment)
        if result is None or line.verdict not in NOTHING_DUE:
            return []
        by = result.report.by
        lifted = [] if by is None else [self.phrases.text(by.title)]
        return [*lifted, *reasons(result.report.deciding(), self.phrases)]

    # the screen

    def rows(self, lines: Sequence[Line], *, not_reported: bool) -> Iterator[Row]:
        """Yield the register, the newest first."""
        key = "register.count_not_reported" if not_reported else "register.count"
        yield Row(self.say(key, count=len(lines), day=long_day(self.today, self.say)), style="heading")
        for line in lines:
            yield GAP
            yield from self._line(line, whole=not_reported)

    def _line(self, line: Line, *, whole: bool) -> Iterator[Row]:
        say, recorded = self.say, line.recorded
        yield Row(f"{recorded.name}  {recorded.title}".rstrip(), 0, 4, "strong")
        discovered = long_day(line.discovered, say) if line.discovered else say("register.open")
        facts = say("register.facts", discovered=discovered, cause=self.cause(line), people=self.people(line))
        yield Row(facts, 4, 2)
        verdict = say(f"screen.duty.{line.verdict}")
        criteria = self.criteria(line)
        text = say("register.verdict_because", verdict=verdict, criteria=criteria) if criteria else verdict
        yield Row(text, 4, 2, _STYLE.get(line.verdict, "good"))
        if line.ruled_otherwise:
            yield Row(say("register.ruled", verdict=say(f"screen.duty.{line.ruled_otherwise}")), 4, 2, "unsure")
        if line.recorded.filed:
            yield Row(self._filed(line), 4, 2)
        if line.elsewhere:
            yield Row(say("register.elsewhere", reports=say.listed(self._elsewhere(line))), 4, 2)
        if line.closed:
            yield Row(say("register.closed_on", day=long_day(line.closed, say)), 4, 2, "muted")
        if line.closed_owing:
            yield Row(say("register.closed_owing"), 4, 2, "bad")
        if whole:
            yield from self._why(line)

    def _filed(self, line: Line) -> str:
        parts = [self._filing(stage, line.filed(stage)) for stage in STAGES]
        return self.say("register.filed", reports=self.say.listed(parts))

    def _elsewhere(self, line: Line) -> Iterator[str]:
        for name, day in line.elsewhere.items():
            regime, _, stage = name.partition(".")
            known = self.phrases.rulebook.regimes.get(regime)
            title = self.rule(name) if known is not None and stage in known.rules else name
            yield self.say("register.filing", name=title, day=long_day(day, self.say))

    def _filing(self, stage: str, filed: Filed | None) -> str:
        name = self.say(f"register.stage.{stage}")
        if filed is None:
            return self.say("register.filing_none", name=name)
        day = long_day(filed.on, self.say)
        if filed.day is None:
            return self.say("register.filing", name=name, day=day)
        return self.say("register.filing_day", name=name, day=day, number=filed.day)

    def _why(self, line: Line) -> Iterator[Row]:
        say = self.say
        if found := self.because(line):
            yield Row(say("register.why_rules"), 4)
            yield from (Row(say("screen.bullet", text=text), 6, 2) for text in found)
        told = self._people_say(line)
        if told:
            yield Row(say("register.why_people"), 4)
            yield from (Row(say("screen.bullet", text=text), 6, 2) for text in told)
        elif line.recorded.closed_because is None:
            yield Row(say("register.why_missing"), 4, 2, "unsure")
            yield Row(f"leakresp change {shlex.quote(line.recorded.name)} not_reported_because=…", 6, 2, "strong")
        if line.recorded.closed_because is not None:
            yield Row(say("register.why_closed", why=line.recorded.closed_because), 4, 2)

    def _people_say(self, line: Line) -> list[str]:
        because, by, on = (self._stated(line, fact) for fact in ("not_reported_because", "decided_by", "decided_on"))
        decided = [self.say("register.decided", by=by or self.say("register.open"), on=on or self.say("register.open"))]
        return ([because] if because else []) + (decided if by or on else [])

    # JSON

    def json(self, line: Line) -> dict[str, Any]:
        """Return one line as plain values; keys are the same in every language."""
        recorded = line.recorded
        found: dict[str, Any] = {
            "name": recorded.name,
            "title": recorded.title,
            "opened": recorded.opened.isoformat() if recorded.opened else None,
            "discovered_on": str(line.discovered) if line.discovered else None,
            "cause": line.cause,
            "people": str(line.people) if line.people else None,
            "verdict": line.verdict,
            "ruled_otherwise": line.ruled_otherwise,
            "criteria": list(line.criteria),
            "reports": {stage: _filed_json(line.filed(stage)) for stage in STAGES},
            "filed_elsewhere": {name: str(day) for name, day in line.elsewhere.items()},
            "closed": recorded.closed.isoformat() if recorded.closed else None,
            "not_reported": line.not_reported,
        }
        if line.not_reported:
            found["why"] = {
                "rules": self.because(line),
                "people": {
                    fact: self._stated(line, fact) or None
                    for fact in ("not_reported_because", "decided_by", "decided_on")
                },
                "closed": recorded.closed_because,
                "closed_owing": line.closed_owing,
            }
        return found

    # spreadsheets

    def table(self, lines: Iterable[Line]) -> bytes:
        """Return the register as a table (CSV), its header first. No cell of it is taken for a formula."""
        cells_of = map(self._cells, lines)
        return header(self.say) + _csv([[harmless(each[column]) for column in COLUMNS] for each in cells_of])

    def _cells(self, line: Line) -> Mapping[str, str]:
        recorded, people = line.recorded, line.people
        filed = {stage: line.filed(stage) for stage in STAGES}
        found = {
            "name": recorded.name,
            "title": recorded.title,
            "opened": str(line.opened or ""),
            "discovered": str(line.discovered or ""),
            "cause": self._stated(line, "cause"),
            "people": self._stated(line, "affected_people"),
            "people_min": "" if people is None else str(people.low),
            "people_max": "" if people is None or people.high is None else str(people.high),
            "verdict": self.say(f"screen.duty.{line.verdict}"),
            "criteria": self.criteria(line),
            "closed": str(line.closed or ""),
            "because": self.say.listed(self.because(line)) if line.not_reported else "",
            "people_say": self._stated(line, "not_reported_because") or recorded.closed_because or "",
            "decided_by": self._stated(line, "decided_by"),
            "decided_on": self._stated(line, "decided_on"),
        }
        for stage, each in filed.items():
            found[f"{stage}_on"] = str(each.on) if each else ""
            found[f"{stage}_day"] = str(each.day) if each and each.day is not None else ""
        return found

    # figures

    def figures(self, found: Figures) -> Iterator[Row]:
        """Yield the figures of a year."""
        say = self.say
        yield Row(say("register.year", year=found.year, count=found.cases), style="heading")
        for key, counted in (
            ("verdict", {say(f"screen.duty.{verdict}"): count for verdict, count in found.verdicts.items()}),
            ("cause", {self._cause(cause): count for cause, count in found.causes.items()}),
            ("criterion", {self.rule(name): count for name, count in found.criteria.items()}),
        ):
            if counted:
                yield GAP
                yield Row(say(f"register.by.{key}"), 2, style="strong")
                width = max(map(cells, counted))
                yield from (
                    Row(say("register.times", what=padded(w, width), count=n), 4, 4) for w, n in counted.items()
                )
        yield GAP
        yield Row(say("register.by.days"), 2, style="strong")
        for stage, days in found.days.items():
            yield Row(self._days(say(f"register.stage.{stage}"), days), 4, 4)

    def _cause(self, cause: str) -> str:
        return self.say("register.open") if cause == "unknown" else self.phrases.value("cause", cause)

    def _days(self, name: str, days: Days) -> str:
        if not days.count:
            return self.say("register.days_none", name=name)
        middle = f"{days.median:g}"
        details = {"shortest": days.shortest, "median": middle, "longest": days.longest, "count": days.count}
        return self.say("register.days", name=name, **details)


def header(say: Say) -> bytes:
    """Return how a table of the register begins: the mark that tells spreadsheets it is UTF-8, and the columns."""
    return codecs.BOM_UTF8 + _csv([[say(f"register.column.{column}") for column in COLUMNS]])


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before the signs that begin one."""
    return f"'{cell}" if cell[:1] in _FORMULA and cell else cell


def _filed_json(filed: Filed | None) -> dict[str, Any] | None:
    return None if filed is None else {"filed_on": str(filed.on), "day": filed.day}


def figures_json(found: Figures) -> dict[str, Any]:
    """Return the figures of a year as plain values."""
    return {
        "year": found.year,
        "cases": found.cases,
        "verdicts": dict(found.verdicts),
        "causes": dict(found.causes),
        "criteria": dict(found.criteria),
        "days_to_report": {
            stage: {"count": days.count, "shortest": days.shortest, "median": days.median, "longest": days.longest}
            for stage, days in found.days.items()
        },
    }
