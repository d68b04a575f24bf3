"""``leakresp step --measures``: item 8 of the report, drafted from the ticked actions and written into the answers."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

from leakresp.response.case import Withdrawn, answered
from leakresp.response.measures import PLANNED, WHERE
from leakresp.shell.case_desk import refuse_closed, standing, take_up
from leakresp.shell.cases import author
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE as SUCCESS
from leakresp.shell.layout import GAP, Row
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.step_words import offered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.response.case import Event
    from leakresp.response.measures import Measures, Offer
    from leakresp.response.playbook import Action
    from leakresp.shell.cases import OpenCase

SCHEMA: Final = "leakresp/measures/1"


def run(
    *,
    case: str,
    write: bool,
    by: str | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Show what the actions of a case offer for item 8, and write it where asked to. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    opened = take_up(desk, case, folder)
    found = offered(standing(desk, opened))
    written = _write(desk, opened, found, by) if write else ()
    if written:
        found = offered(standing(desk, opened))
    words = _Words(desk, opened.name, found, written)
    if as_json:
        write_json(words.json())
    else:
        Screen(desk).write(words.rows())
    return SUCCESS


def _write(desk: Desk, opened: OpenCase, found: Measures, by: str | None) -> tuple[str, ...]:
    """State what is offered, except where somebody's own words stand, and take back what is no longer so.

    Raises ``FaultsError``.
    """
    refuse_closed(opened)
    lang, offers = desk.say.lang, found.offers
    facts = {name: desk.facts[name].read(offer.text(lang)) for name, offer in offers.items() if offer.writable(lang)}
    gone = tuple(name for name, offer in offers.items() if offer.outdated and not offer.actions)
    events: list[Event] = [answered(facts, "set", where=WHERE)] if facts else []
    if gone:
        events.append(Withdrawn(gone, WHERE))
    if events:
        opened.add(author(by), *events)
    return (*facts, *gone)


class _Words:
    """What is offered, in the words of one language."""

    def __init__(self, desk: Desk, case: str, found: Measures, written: tuple[str, ...]) -> None:
        self.desk: Final = desk
        self.case: Final = case
        self.found: Final = found
        self.written: Final = written

    def rows(self) -> Iterator[Row]:
        """Yield both halves of item 8, what is on record for them, and the measures nobody has decided on."""
        say = self.desk.say
        yield Row(say("measures.head"), style="heading")
        for offer in self.found.offers.values():
            yield GAP
            yield from self._offer(offer)
        if self.found.undecided:
            yield GAP
            yield Row(say("measures.undecided"), 2, style="strong")
            for action in self.found.undecided:
                yield from self._undecided(action)
        yield GAP
        yield from self._next()

    def _offer(self, offer: Offer) -> Iterator[Row]:
        say = self.desk.say
        yield Row(self.desk.phrases.title(offer.fact), 2, style="strong")
        if offer.fact in self.written:
            yield Row(say("measures.written" if offer.actions else "measures.taken_back"), 4, style="good")
        elif offer.outdated:
            yield Row(say("measures.outdated"), 4, style="unsure")
        if not offer.actions:
            yield Row(say(f"measures.none.{offer.fact}"), 4, style="muted")
        for action, sentence in zip(offer.actions, offer.sentences(), strict=True):
            yield Row(say("screen.bullet", text=self.desk.phrases.text(sentence)), 4, 2)
            yield Row(action.id, 6, style="muted")
        if offer.own_words:
            yield Row(say("measures.own_words"), 4, style="unsure")
            yield from (Row(line, 6) for line in (offer.stated or "").splitlines())

    def _undecided(self, action: Action) -> Iterator[Row]:
        yield Row(self.desk.say("screen.bullet", text=self.desk.phrases.text(action.title)), 4, 2)
        yield Row(action.id, 6, style="muted")

    def _next(self) -> Iterator[Row]:
        say, name, lang = self.desk.say, shlex.quote(self.case), self.desk.say.lang
        offers = self.found.offers
        if any(
            (offer.writable(lang) or offer.outdated) and offer.fact not in self.written for offer in offers.values()
        ):
            yield Row(say("measures.how_to_write", command=f"leakresp step {name} --measures --write"))
        if offers[PLANNED].actions:
            yield Row(say("measures.give_dates", command=f"leakresp change {name} {PLANNED}=TEXT"))
        if self.found.undecided:
            yield Row(say("measures.how_to_decide", command=f"leakresp step {name} ID --assign NAME"))

    def json(self) -> dict[str, Any]:
        """Return what is offered as plain values; keys are the same in every language."""
        return {
            "schema": SCHEMA,
            "case": self.case,
            "facts": {
                name: {
                    "offered": offer.text(self.desk.say.lang) or None,
                    "actions": [action.id for action in offer.actions],
                    "stated": offer.stated,
                    "own_words": offer.own_words,
                    "outdated": offer.outdated and name not in self.written,
                    "written": name in self.written,
                }
                for name, offer in self.found.offers.items()
            },
            "undecided": [action.id for action in self.found.undecided],
        }
