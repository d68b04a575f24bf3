"""The decision tables of a body of law on a screen: each duty's parts, every way they can stand, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.law.conditions import AtLeast, Before, Condition, Is, Lists, MayExceed, RuleWord
from leakresp.law.decision_table import TRUTHS, DecisionTable, TooWideError, decision_table
from leakresp.shell.condition_words import condition_line
from leakresp.shell.layout import GAP, Row, padded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.law.deadlines import Deadline
    from leakresp.law.decision_table import Cell
    from leakresp.law.duties import Duty
    from leakresp.law.rulebook import Recipient, RegimeInForce
    from leakresp.response.wording import Phrases

#: Cells of one column of the table.
_COLUMN: Final = 6


class TableWords:
    """The tables of one body of law in the words of one language."""

    def __init__(self, regime: RegimeInForce, phrases: Phrases) -> None:
        self.regime: Final = regime
        self.name: Final = regime.regime.id
        self.phrases: Final = phrases
        self.say: Final = phrases.say

    def rows(self) -> Iterator[Row]:
        """Yield the whole: scope, each duty's table, deadlines and recipients."""
        regime = self.regime.regime
        yield Row(self.say("rules.regime", title=self.phrases.text(regime.title), id=regime.id), style="heading")
        yield Row(self.say("table.applies", when=condition_line(regime.applies, self.phrases, self.name)), 2, 2)
        for duty in (self.regime.report, self.regime.notify):
            if duty is not None:
                yield from self.duty(duty)
        yield from self.deadlines()
        yield from self.recipients()

    # duties

    def duty(self, duty: Duty) -> Iterator[Row]:
        yield GAP
        yield Row(self.say("screen.pair", name=duty.rule.name, text=self.phrases.text(duty.rule.title)), 2, 2, "strong")
        try:
            table = decision_table(duty)
        except TooWideError:
            yield Row(self.say("table.too_wide", name=duty.rule.name), 4)
            return
        yield from self.legend(duty, table)
        names = _names(table)
        yield Row("".join(padded(name, _COLUMN) for name in names) + self.say("table.comes_to"), 4, style="muted")
        for line in table.lines:
            marks = "".join(padded(self.cell(cell), _COLUMN) for cell in line.cells)
            yield Row(marks + self.say(f"show.duty.{line.duty}"), 4, len(names) * _COLUMN)

    def legend(self, duty: Duty, table: DecisionTable) -> Iterator[Row]:
        names = _names(table)
        for name, part in zip(names, table.parts, strict=False):
            yield Row(self.say("table.part", name=name, text=self.part(part, duty)), 4, 4)
        for name, exception in zip(names[len(table.parts) :], table.exceptions, strict=True):
            yield Row(self.say("table.exception", name=name, text=self.phrases.text(exception.title)), 4, 4)

    def part(self, part: Condition, duty: Duty) -> str:
        return condition_line(written_form(part), self.phrases, duty.rule.regime)

    def cell(self, cell: Cell) -> str:
        if len(cell) == len(TRUTHS):
            return self.say("table.any")
        return "".join(self.say(f"table.{truth.word}") for truth in TRUTHS if truth in cell)

    # deadlines and recipients

    def deadlines(self) -> Iterator[Row]:
        if self.regime.deadlines:
            yield GAP
            yield Row(self.say("table.deadlines"), 2, style="strong")
        for deadline in self.regime.deadlines:
            text = self.say("screen.pair", name=self.phrases.text(deadline.rule.title), text=self.period(deadline))
            yield Row(self.say("screen.bullet", text=text), 4, 2)
            yield from self.conditions(deadline)

    def period(self, deadline: Deadline) -> str:
        start = self.phrases.title(deadline.start.fact)
        if deadline.guide_days is not None:
            first, last = deadline.guide_days
            return self.say("table.guide", start=start, first=first, last=last)
        if deadline.hours is not None:
            return self.say("table.hours", start=start, hours=deadline.hours)
        if deadline.days is None:
            return self.say("table.prompt")
        return self.say("table.days_rolling" if deadline.rolls else "table.days", start=start, days=deadline.days)

    def conditions(self, deadline: Deadline) -> Iterator[Row]:
        body = deadline.version.body
        if body.get("when"):
            when = condition_line(body["when"], self.phrases, self.name)
            yield Row(self.say("table.only_if", when=when), 6, 2)
        for longer in body.get("unless") or ():
            when = condition_line(longer["when"], self.phrases, self.name)
            yield Row(self.say("table.longer", days=longer["days"], when=when), 6, 2)

    def recipients(self) -> Iterator[Row]:
        if self.regime.recipients:
            yield GAP
            yield Row(self.say("table.recipients"), 2, style="strong")
        for recipient, *_ in self.regime.recipients:
            yield from self.recipient(recipient)

    def recipient(self, recipient: Recipient) -> Iterator[Row]:
        name = self.say(f"screen.recipient.{recipient.purpose}", name=self.phrases.text(recipient.title))
        sources = self.say.listed(self.phrases.sources(recipient.sources))
        yield Row(self.say("screen.bullet", text=self.say("screen.pair", name=name, text=sources)), 4, 2)
        if recipient.when is not None:
            when = condition_line(recipient.when, self.phrases, self.name)
            yield Row(self.say("table.only_if", when=when), 6, 2)

    # for programs

    def json(self) -> dict[str, Any]:
        """Return the tables as plain values: each line names the truths of each part, and the duty."""
        found = {}
        for duty in (self.regime.report, self.regime.notify):
            if duty is None:
                continue
            table = decision_table(duty)
            found[duty.rule.name] = {
                "parts": [written_form(part) for part in table.parts],
                "exceptions": [exception.id for exception in table.exceptions],
                "lines": [
                    {
                        "parts": [[truth.word for truth in TRUTHS if truth in cell] for cell in line.cells],
                        "duty": line.duty,
                    }
                    for line in table.lines
                ],
            }
        return {"regime": self.name, "duties": found}


def _names(table: DecisionTable) -> list[str]:
    """Return the short names of the columns: numbers for the parts, letters for the exceptions."""
    numbers = [str(number) for number in range(1, len(table.parts) + 1)]
    return numbers + [chr(ord("A") + place) for place in range(len(table.exceptions))]


def written_form(condition: Condition) -> dict[str, Any]:
    """Return a condition without parts of its own as the rule files write it."""
    if isinstance(condition, RuleWord):
        return {"rule": condition.rule}
    if isinstance(condition, Is):
        return {"fact": condition.fact, "is": sorted(condition.values)}
    if isinstance(condition, Lists):
        return {"fact": condition.fact, "lists": sorted(condition.values)}
    if isinstance(condition, MayExceed):
        return {"fact": condition.fact, "may_exceed": condition.bound}
    if isinstance(condition, AtLeast):
        return {"fact": condition.fact, "at_least": condition.bound}
    if isinstance(condition, Before):
        return {"fact": condition.fact, "before": str(condition.day)}
    raise TypeError(condition)
