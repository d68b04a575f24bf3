"""Measures against recurrence: what the ticked actions of a case offer for item 8 of the report.

Only what somebody ticked or took on is offered as a sentence: a report must not promise what nobody has decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from leakresp.law.held import Open
from leakresp.law.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.vocabulary import Text
    from leakresp.response.case import Case
    from leakresp.response.playbook import Action

#: The facts that item 8 tells, and the wording of a measure that each of them takes.
DONE: Final = "prevention_done"
PLANNED: Final = "prevention_planned"
ITEM_8: Final = (DONE, PLANNED)
#: Where an answer came from that was made of such sentences.
WHERE: Final = "step --measures"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the actions of a case offer for one fact, beside what is stated.

    ``stated`` is the answer on record. ``own_words``: a person wrote it, so it must not be replaced.
    """

    fact: str
    actions: tuple[Action, ...]
    stated: str | None
    own_words: bool

    def sentences(self) -> tuple[Text, ...]:
        """Return one sentence for each action, in both languages."""
        measures = (action.measure for action in self.actions)
        return tuple(
            measure.done if self.fact == DONE else measure.planned for measure in measures if measure is not None
        )

    def text(self, lang: str) -> str:
        """Return the answer these sentences make: one a line."""
        return "\n".join(sentence[lang] for sentence in self.sentences())

    def writable(self, lang: str) -> bool:
        """Tell whether there is something new to write and nobody's own words stand in its place."""
        return bool(self.actions) and not self.own_words and self.stated != self.text(lang)

    @property
    def outdated(self) -> bool:
        """True where the answer on record was made of such sentences and the ticks have changed since."""
        return self.stated is not None and not self.own_words and self.stated not in map(self.text, LANGUAGES)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a case offers for item 8, and the measures it calls for that nobody has decided on."""

    done: Offer
    planned: Offer
    undecided: tuple[Action, ...]

    @property
    def offers(self) -> Mapping[str, Offer]:
        """Both offers by their fact."""
        return {DONE: self.done, PLANNED: self.planned}


def measures(library: Iterable[Action], called_for: Iterable[Action], case: Case) -> Measures:
    """Return what the actions of a case offer. What was done counts even where it is no longer called for."""
    wanted = {action.id for action in called_for}
    found: dict[str, list[Action]] = {"done": [], "planned": [], "undecided": []}
    for action in library:
        state = case.action(action.id)
        if action.measure is None:
            continue
        if state.state == "done":
            found["done"].append(action)
        elif state.state == "open" and action.id in wanted:
            found["planned" if state.who else "undecided"].append(action)
    return Measures(
        _offer(DONE, found["done"], case), _offer(PLANNED, found["planned"], case), tuple(found["undecided"])
    )


def _offer(fact: str, actions: Iterable[Action], case: Case) -> Offer:
    stated = case.stated.get(fact)
    if stated is None or isinstance(stated.value, Open):
        return Offer(fact, tuple(actions), None, own_words=False)
    return Offer(fact, tuple(actions), str(stated.value), own_words=stated.entry.event.where != WHERE)
