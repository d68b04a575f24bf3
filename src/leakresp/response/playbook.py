"""What to do, in which order: the actions an incident calls for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.remembered import Remembered
from leakresp.law.truth import UNKNOWN, YES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leakresp.law.conditions import Condition
    from leakresp.law.held import Known
    from leakresp.law.rulebook import InForce
    from leakresp.law.vocabulary import Text

#: The steps of a response, in their order.
PHASES: Final = ("detection", "first_response", "investigation", "report", "police", "recovery", "prevention")
URGENCIES: Final = ("now", "today", "days", "later")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. ``order`` is its place within phase and urgency; it preserves evidence."""

    id: str
    phase: str
    urgency: str
    order: int
    who: tuple[str, ...]
    title: Text
    why: Text
    caution: Text | None
    look_for: Mapping[str, Sequence[str]] | None
    sources: tuple[Mapping[str, Any], ...]
    #: The duty under which the law itself demands this (``report``, ``notify``), where one does.
    statutory: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    action: Action
    when: Condition | None
    shown_while_unsure: bool


class Playbook:
    """The action library on a given day."""

    def __init__(self, in_force: InForce) -> None:
        entries = []
        for plain in in_force.rulebook.plain["actions"]:
            action = Action(
                plain["id"],
                plain["phase"],
                plain["urgency"],
                plain["order"],
                tuple(plain["who"]),
                plain["title"],
                plain["why"],
                plain.get("caution"),
                plain.get("look_for"),
                tuple(plain["sources"]),
                plain.get("statutory"),
            )
            when = in_force.condition(plain["when"]) if plain.get("when") else None
            entries.append(_Entry(action, when, plain["unsure"] == "show"))
        entries.sort(key=lambda entry: _place(entry.action))
        self._entries: Final = tuple(entries)
        self._reads: Final = sorted(frozenset[str]().union(*(entry.when.reads for entry in entries if entry.when)))
        self._chosen: Final = Remembered[tuple[Action, ...]]()

    @property
    def all(self) -> tuple[Action, ...]:
        """Every action of the library, called for or not, in the same order."""
        return tuple(entry.action for entry in self._entries)

    def chosen(self, known: Known) -> tuple[Action, ...]:
        """Return the actions for what is known, most urgent first, then in the order of the response."""
        return self._chosen.of(tuple([known[fact] for fact in self._reads]), lambda: self._choose(known))

    def _choose(self, known: Known) -> tuple[Action, ...]:
        chosen = []
        for entry in self._entries:
            if entry.when is None:
                chosen.append(entry.action)
                continue
            truth = entry.when.prove(known).truth
            if truth is YES or (truth is UNKNOWN and entry.shown_while_unsure):
                chosen.append(entry.action)
        return tuple(chosen)

    def open_facts(self, known: Known, urgency: str = "now") -> frozenset[str]:
        """Return the facts that could still change which actions of ``urgency`` are called for."""
        return frozenset[str]().union(
            *(
                entry.when.prove(known).open_facts()
                for entry in self._entries
                if entry.when is not None and entry.action.urgency == urgency
            )
        )


def _place(action: Action) -> tuple[int, int, int]:
    return URGENCIES.index(action.urgency), PHASES.index(action.phase), action.order
