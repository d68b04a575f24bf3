"""The clients of an entrustee: who entrusted data to us, what of theirs is affected, and whether they were told.

One incident at an entrustee concerns many entrustors, each with its own persons and items. What is known of the whole
incident holds for each of them too, save what is each client's own: its persons, its items, and what became of telling
it. Nothing of one client is ever taken over for another.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from leakresp.law.held import UNSURE, Day, Interval, Open

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.held import Answers, Value
    from leakresp.response.case import ClientAdded, ClientTold, Entry, Written

#: Where a client stands in the chain: it decides about the data itself, or it was entrusted with them in its turn.
ClientRole = Literal["entrustor", "intermediate"]

PEOPLE: Final = "affected_people"
ITEMS: Final = "data_items"
SUSPECTED: Final = "data_items_suspected"
COMPLETE: Final = "data_items_complete"
BEARS: Final = "entrustor_bears_duty"
NOTIFIED: Final = "entrustor_notified"
#: What is each client's own: an answer of the whole incident would tell one client of another's persons or items.
OWN: Final = (
    PEOPLE, ITEMS, SUSPECTED, COMPLETE, BEARS, NOTIFIED, "counterpart_name", "item_breakdown",
    "over_threshold_learned_on",
)  # fmt: skip
#: What no client can have otherwise: who we are, and what follows from its being a client, its name and its telling.
FIXED: Final = ("data_relation", "organisation_type", "organisation_name", "counterpart_name", NOTIFIED)
#: What of the whole incident follows from the clients, once there are any.
FOLLOWING: Final = (BEARS, NOTIFIED)
ENTRUSTED: Final = "entrusted_to_us"

_NUMBERED: Final = re.compile(r"c([1-9]\d*)")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑–—−－ー"), "-")
#: An id is part of a file's name; a hyphen would look like the number of a later version.
ID: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Client:
    """One client as it stands. ``stated`` is what was said of it alone, ``tellings`` how it was told, in order."""

    id: str
    name: str
    role: ClientRole
    contact: str | None
    added: Entry[ClientAdded]
    stated: Mapping[str, Value | Open] = field(default_factory=dict)
    #: What is on record of it and today's vocabulary cannot read; it counts as not asked.
    lost: Mapping[str, Written] = field(default_factory=dict)
    tellings: tuple[Entry[ClientTold], ...] = ()

    @property
    def told(self) -> bool:
        """True once the client was told what was known then."""
        return bool(self.tellings)

    @property
    def bears(self) -> str:
        """Whether the client bears the duty itself: ``yes``, ``no``, or ``unknown`` while nobody said."""
        held = self.stated.get(BEARS)
        return held if isinstance(held, str) else "unknown"

    @property
    def people(self) -> Interval | None:
        """How many persons of this client are affected, where that is stated."""
        held = self.stated.get(PEOPLE)
        return held if isinstance(held, Interval) else None

    def share(self, answers: Answers) -> Answers:
        """Return the incident as it is for this client: the case's answers with the client's own laid over them."""
        common = {fact: value for fact, value in answers.items() if fact not in OWN}
        told = {"data_relation": ENTRUSTED, "counterpart_name": self.name, NOTIFIED: "yes" if self.told else "no"}
        return common | dict(self.stated) | told


def plain_name(name: str) -> str:
    """Return a client's name as it is compared: width, case and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def plain_id(word: str) -> str:
    """Return an id as it is kept: small letters, figures and ``_``."""
    return unicodedata.normalize("NFKC", word).strip().lower().translate(_DASHES).replace("-", "_")


def next_ids(used: Iterable[str]) -> Iterable[str]:
    """Yield the ids of clients to come (``c1``, ``c2`` …). An id that was ever used is never used again."""
    taken = set(used)
    number = max((int(match[1]) for word in taken if (match := _NUMBERED.fullmatch(word))), default=0)
    while True:
        number += 1
        yield f"c{number}"


def whole(answers: Answers, clients: Iterable[Client]) -> Answers:
    """Return the answers of the whole incident, with what follows from its clients.

    The entrustors count as told once every one of them is, and as bearing the duty once each does. Items are those of
    any client. Where nobody stated how many persons there are in all, they are at least those of the largest client
    and at most those of all together: one person may be known to several clients. What every client has alike, and
    nobody stated for the whole, holds for the whole, as long as all of it was entrusted to us.
    """
    found = tuple(clients)
    if not found:
        return answers
    return answers | _alike(answers, found) | _items(answers, found) | _people(answers, found) | following(found)


def following(clients: Iterable[Client]) -> Answers:
    """Return whether the entrustors, taken together, were told and bear the duty."""
    found = tuple(clients)
    duties = {client.bears for client in found}
    bears = UNSURE if "unknown" in duties else "no" if "no" in duties else "yes"
    return {NOTIFIED: "yes" if all(client.told for client in found) else "no", BEARS: bears}


def together(clients: Iterable[Client], answers: Answers) -> Answers:
    """Return the incident as it is for several clients of which none takes the duty over, taken together."""
    found = tuple(clients)
    common = {fact: value for fact, value in answers.items() if fact not in OWN}
    alone = _items({}, found) | _people({}, found)
    return common | alone | {"data_relation": ENTRUSTED, BEARS: "no", NOTIFIED: "no"}


def _alike(answers: Answers, clients: tuple[Client, ...]) -> Answers:
    if answers.get("data_relation") != ENTRUSTED:
        return {}
    return {
        fact: value
        for fact, value in clients[0].stated.items()
        if fact not in OWN
        and isinstance(answers.get(fact, UNSURE), Open)
        and all(client.stated.get(fact) == value for client in clients)
    }


def _items(answers: Answers, clients: tuple[Client, ...]) -> Answers:
    found: Answers = {}
    for fact in (ITEMS, SUSPECTED):
        lists = [_listed(each.get(fact)) for each in (answers, *(client.stated for client in clients))]
        if any(value is not None for value in lists):
            found[fact] = tuple(dict.fromkeys(item for value in lists for item in value or ()))
    complete = [client.stated.get(COMPLETE) for client in clients]
    unfinished = next((value for value in complete if value is not None and value != "yes"), None)
    if unfinished is not None:
        found[COMPLETE] = unfinished
    elif all(value == "yes" for value in complete) and COMPLETE not in answers:
        found[COMPLETE] = "yes"
    return found


def _listed(value: Value | Open | None) -> tuple[str, ...] | None:
    return value if isinstance(value, tuple) and not isinstance(value, Interval | Day) else None


def _people(answers: Answers, clients: tuple[Client, ...]) -> Answers:
    counts = [client.people for client in clients]
    if isinstance(answers.get(PEOPLE), Interval) or None in counts:
        return {}
    return {PEOPLE: sum_of(count for count in counts if count is not None)}


def sum_of(counts: Iterable[Interval]) -> Interval:
    """Return how many distinct persons there can be in several groups that may overlap."""
    found = tuple(counts)
    highs = [count.high for count in found]
    return Interval(max(count.low for count in found), None if None in highs else sum(high or 0 for high in highs))
