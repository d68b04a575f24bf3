"""What to do, in which order: the actions an incident calls for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import Open
from leakresp.law.remembered import Remembered
from leakresp.law.truth import NO, UNKNOWN, YES

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
class Measure:
    """A measure against recurrence in the words of item 8 of the report: once it is done, and while it is planned."""

    done: Text
    planned: Text


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
    #: What it adds to item 8 of the report, for an action against recurrence.
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    action: Action
    when: Condition | None
    #: While its condition cannot be told it is shown (``show``), shown once that was ``asked``, or not (``hide``).
    unsure: str
    #: While this holds or may hold, the action comes before all others: what flows out is stopped first.
    first_while: Condition | None

    def called_for(self, known: Known) -> bool:
        """Tell whether the incident calls for the action."""
        if self.when is None:
            return True
        truth = self.when.prove(known).truth
        if truth is not UNKNOWN or self.unsure != "asked":
            return truth is YES or (truth is UNKNOWN and self.unsure == "show")
        held = (known[fact] for fact in self.when.reads)
        return all(each.asked for each in held if isinstance(each, Open))

    def comes_first(self, known: Known) -> bool:
        """Tell whether the action comes before all others; what is unknown counts as still going on."""
        return self.first_while is not None and self.first_while.prove(known).truth is not NO

    def open_facts(self, known: Known) -> frozenset[str]:
        """Return the facts that could still change whether, or where, the action stands in the list."""
        when = self.when.prove(known) if self.when is not None else None
        found = when.open_facts() if when is not None else frozenset[str]()
        if self.first_while is not None and (when is None or when.truth is not NO):
            found |= self.first_while.prove(known).open_facts()
        return found

    @property
    def reads(self) -> frozenset[str]:
        """The facts it looks at."""
        return frozenset[str]().union(*(each.reads for each in (self.when, self.first_while) if each is not None))


class Playbook:
    """The action library on a given day."""

    def __init__(self, in_force: InForce) -> None:
        entries = [_entry(plain, in_force) for plain in in_force.rulebook.plain["actions"]]
        entries.sort(key=lambda entry: _place(entry.action))
        self._entries: Final = tuple(entries)
        self._reads: Final = sorted(frozenset[str]().union(*(entry.reads for entry in entries)))
        self._chosen: Final = Remembered[tuple[Action, ...]]()

    @property
    def all(self) -> tuple[Action, ...]:
        """Every action of the library, called for or not, in the same order."""
        return tuple(entry.action for entry in self._entries)

    def chosen(self, known: Known) -> tuple[Action, ...]:
        """Return the actions for what is known: what stops a flow, then by urgency and the order of the response."""
        return self._chosen.of(tuple([known[fact] for fact in self._reads]), lambda: self._choose(known))

    def _choose(self, known: Known) -> tuple[Action, ...]:
        entries = [entry for entry in self._entries if entry.called_for(known)]
        entries.sort(key=lambda entry: not entry.comes_first(known))
        return tuple(entry.action for entry in entries)

    def open_facts(self, known: Known, urgency: str = "now") -> frozenset[str]:
        """Return the facts that could still change which actions of ``urgency`` are called for, or their order."""
        return frozenset[str]().union(
            *(entry.open_facts(known) for entry in self._entries if entry.action.urgency == urgency)
        )


def _entry(plain: Mapping[str, Any], in_force: InForce) -> _Entry:
    measure = plain.get("measure")
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
        Measure(measure["done"], measure["planned"]) if measure else None,
    )
    when, first = (in_force.condition(plain[key]) if plain.get(key) else None for key in ("when", "first_while"))
    return _Entry(action, when, plain["unsure"], first)


def _place(action: Action) -> tuple[int, int, int]:
    return URGENCIES.index(action.urgency), PHASES.index(action.phase), action.order
