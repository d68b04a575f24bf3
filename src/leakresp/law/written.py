"""Conditions as the rule files write them, turned into the words that prove."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from leakresp.law.conditions import All, Any, AtLeast, Before, Condition, Is, Lists, MayExceed, Not
from leakresp.law.vocabulary import Fact, group_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leakresp.law.rules import Written


class Builder:
    """Builds conditions over ``facts``; ``rule`` gives the condition that stands for a rule's full name."""

    def __init__(self, facts: Mapping[str, Fact], rule: Callable[[str], Condition]) -> None:
        self._facts = facts
        self._rule = rule

    def build(self, written: Written, regime: str = "") -> Condition:
        """Return the condition ``written`` says; short rule names are looked up in ``regime``."""
        if "all" in written:
            return All(self.build(part, regime) for part in written["all"])
        if "any" in written:
            return Any(self.build(part, regime) for part in written["any"])
        if "not" in written:
            return Not(self.build(written["not"], regime))
        if "rule" in written:
            name = written["rule"]
            return self._rule(name if "." in name else f"{regime}.{name}")
        return self._leaf(written)

    def _leaf(self, written: Written) -> Condition:
        fact = self._facts[written["fact"]]
        if "is" in written:
            return Is(fact.id, written["is"])
        if "group" in written:
            return Is(fact.id, fact.group(written["group"]))
        if "lists" in written:
            return Lists(
                fact.id,
                group_values(fact, written["lists"]),
                suspected_in=fact.suspected_in or fact.id,
                completed_by=fact.completed_by or fact.id,
            )
        if "may_exceed" in written:
            return MayExceed(fact.id, int(written["may_exceed"]))
        if "at_least" in written:
            return AtLeast(fact.id, int(written["at_least"]))
        return Before(fact.id, dt.date.fromisoformat(written["before"]))
