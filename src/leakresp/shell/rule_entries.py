"""Finding what a name means: a rule, a body of law, a presumption, an action or a fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leakresp.law.vocabulary import nearest
from leakresp.shell.faults import MISUSE, Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leakresp.law.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the rule files: ``name`` across all of them, and what its file says."""

    kind: str
    name: str
    plain: Mapping[str, Any]


def entries(rulebook: Rulebook) -> dict[str, Entry]:
    """Return everything that can be shown, by its full name."""
    plain = rulebook.plain
    found = [Entry("regime", regime["id"], regime) for regime in plain["regimes"]]
    found += [
        Entry("rule", f"{regime['id']}.{rule['id']}", rule) for regime in plain["regimes"] for rule in regime["rules"]
    ]
    found += [
        Entry("recipient", f"{regime['id']}.{each['id']}", each)
        for regime in plain["regimes"]
        for each in regime["recipients"]
    ]
    for kind, key in (("presumption", "presumptions"), ("action", "actions"), ("fact", "facts")):
        found += [Entry(kind, f"{kind}.{each['id']}", each) for each in plain[key]]
    return {entry.name: entry for entry in found}


def entry(rulebook: Rulebook, name: str) -> Entry:
    """Return the entry ``name`` means: a full name, or an id that only one thing bears. Raises ``FaultsError``."""
    known = entries(rulebook)
    if name in known:
        return known[name]
    bearing = [each for each in known.values() if each.plain["id"] == name]
    if len(bearing) == 1:
        return bearing[0]
    if bearing:
        words = tuple(each.name for each in bearing)
        raise FaultsError([Fault("show.ambiguous", path=name, details={"words": words})], MISUSE)
    near = nearest(name, [*known, *(each.plain["id"] for each in known.values())])
    raise FaultsError([Fault("show.unknown", path=name, details={"nearest": near})], MISUSE)
