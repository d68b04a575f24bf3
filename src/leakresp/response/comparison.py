"""What a follow-up report has to say: the nine items as the preliminary report told them, and as they stand now.

The nine items are those of article 8, paragraph 1 of the Enforcement Rules of the APPI. What was said then is what was
on record when the report was recorded as filed; a fact corrected on record after the filing counts as changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from leakresp.law.held import NOT_ASKED, Open
from leakresp.law.vocabulary import written
from leakresp.response.case import replay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leakresp.law.held import Value
    from leakresp.law.vocabulary import Fact
    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case, Entry, Event, Reported
    from leakresp.response.wording import Phrases

SCHEMA: Final = "leakresp/comparison/1"

#: The facts that each of the nine items tells.
ITEMS: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {
        1: (
            "occurred_on", "discovered_on", "leak", "loss", "tampered", "unusable", "finder", "data_relation",
            "counterpart_name", "entrusted_work", "sub_entrusted", "incident_summary", "course_of_events",
            "containment", "recovery_state", "exposure_window", "outside_experts", "my_number_misuse",
            "misuse_kind_told",
        ),
        2: ("medium", "subject_kinds", "data_items", "data_items_suspected", "item_breakdown"),
        3: ("affected_people",),
        4: ("reporter_side", "cause", "cause_detail"),
        5: ("secondary_damage", "secondary_damage_detail"),
        6: ("response_to_persons", "compensation"),
        7: ("published", "publication_plan", "web_page"),
        8: ("prevention_done", "prevention_planned"),
        9: ("police_told", "police_reference", "other_matters"),
    }
)  # fmt: skip

#: ``same``: told then and not changed. ``changed``: told then, otherwise now. ``new``: not known then. ``withdrawn``:
#: told then and taken back since. ``open``: not known then, nor now.
State = Literal["same", "changed", "new", "withdrawn", "open"]
#: What needs most attention first.
STATES: Final[tuple[State, ...]] = ("withdrawn", "changed", "new", "open", "same")
_FINAL: Final = frozenset(("final", "final_report"))


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as it was told then and as it stands now."""

    fact: str
    then: Value | Open
    now: Value | Open

    @property
    def state(self) -> State:
        """What became of the fact."""
        if isinstance(self.now, Open):
            return "open" if isinstance(self.then, Open) else "withdrawn"
        if isinstance(self.then, Open):
            return "new"
        return "same" if self.then == self.now else "changed"


@dataclass(frozen=True, slots=True)
class Item:
    """One of the nine items with its facts."""

    number: int
    told: tuple[Told, ...]

    @property
    def state(self) -> State:
        """What became of the item: that of its facts which needs most attention."""
        return next((state for state in STATES if any(each.state == state for each in self.told)), "same")


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation of the law: whether it held by what was known then, and by what is known now."""

    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was said when ``filed`` was filed, beside what is known now."""

    filed: Entry[Reported]
    items: tuple[Item, ...]
    situations: tuple[Situation, ...]

    def in_state(self, state: State) -> tuple[Told, ...]:
        """Return the facts that became so."""
        return tuple(told for item in self.items for told in item.told if told.state == state)


def last_preliminary(case: Case, regime: str) -> Entry[Reported] | None:
    """Return the last report filed under a law that was not its final one."""
    fitting = (entry for entry in reversed(case.reports) if entry.event.regime == regime)
    return next((entry for entry in fitting if entry.event.stage not in _FINAL), None)


def as_filed(entries: Iterable[Entry[Event]], facts: Mapping[str, Fact], filed: Entry[Any]) -> Case:
    """Return the case as it stood when a report was filed, or a paper sent."""
    return replay(takewhile(lambda entry: entry.n <= filed.n, entries), facts)


def compare(filed: Entry[Reported], then: Assessment, now: Assessment, needs: Iterable[str] = ()) -> Comparison:
    """Return the nine items then and now.

    ``needs`` are the facts a report must tell: they count as open though nobody was asked. Other facts that nobody was
    ever asked are left out.
    """
    needs = frozenset(needs)
    items = tuple(Item(number, tuple(_told(facts, then, now, needs))) for number, facts in ITEMS.items())
    return Comparison(filed, items, _situations(filed.event.regime, then, now))


def _told(facts: Iterable[str], then: Assessment, now: Assessment, needs: frozenset[str]) -> Iterable[Told]:
    for fact in facts:
        told = Told(fact, then.answers.get(fact, NOT_ASKED), now.answers.get(fact, NOT_ASKED))
        if told.state != "open" or fact in needs or _asked(told.then) or _asked(told.now):
            yield told


def _asked(held: Value | Open) -> bool:
    return isinstance(held, Open) and held.asked


def _situations(regime: str, then: Assessment, now: Assessment) -> tuple[Situation, ...]:
    before, after = then.regime(regime), now.regime(regime)
    if before is None or after is None:
        return ()
    return tuple(
        Situation(f"{regime}.{name}", before.criteria[name].truth.word, proof.truth.word)
        for name, proof in after.criteria.items()
        if name in before.criteria
    )


def comparison_json(comparison: Comparison, phrases: Phrases) -> dict[str, Any]:
    """Return a comparison as plain values; keys are the same in every language."""
    event = comparison.filed.event
    return {
        "schema": SCHEMA,
        "regime": event.regime,
        "filed": {"stage": event.stage, "day": event.day, "to": event.to, "n": comparison.filed.n},
        "items": [
            {
                "item": item.number,
                "title": phrases.say(f"item.{item.number}"),
                "state": item.state,
                "facts": [_told_json(told, phrases) for told in item.told],
            }
            for item in comparison.items
        ],
        "situations": [{"rule": each.name, "then": each.then, "now": each.now} for each in comparison.situations],
    }


def _told_json(told: Told, phrases: Phrases) -> dict[str, Any]:
    return {
        "fact": told.fact,
        "title": phrases.title(told.fact),
        "state": told.state,
        "then": None if isinstance(told.then, Open) else written(told.then),
        "now": None if isinstance(told.now, Open) else written(told.now),
    }
