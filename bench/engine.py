"""The four criteria of the APPI with full proofs, over 100,000 incidents of whose answers a fifth are missing.

Proofs are let go one after the other, as a stream does. Presumptions (*fill*) are counted in and left out. The engine
keeps the proofs of equal facts; to see what that is worth the same is measured with the memory of rules switched off,
and with that of single facts too.
"""

import datetime as dt
import gc
import time
from pathlib import Path
from typing import Any

from bench.made_up import incidents, like

from leakresp.law.conditions import RuleWord
from leakresp.shell import library
from leakresp.shell.documents import read_document

INCIDENTS = 100_000
AT_ONCE = 1_000
CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "appi.yaml"
TODAY = dt.date(2026, 11, 24)
GOAL = 250_000


class Forgetful(dict[Any, Any]):
    """A memory that keeps nothing."""

    def get(self, key, default=None):
        """Return ``default``: nothing was kept."""
        return default

    def __setitem__(self, key, value):
        """Keep nothing."""


def main():
    """Print the figures, one a line."""
    rulebook = library.load().rulebook
    facts = rulebook.facts
    names = sorted(frozenset().union(*(word.reads for word in criteria(rulebook.in_force(TODAY)))))
    names += [name for name in ("cause", "compromise_signs") if name not in names]  # what presumptions read
    cases = [case["facts"] for case in read_document(CASES.read_text(encoding="utf-8"), CASES.name).data]
    print(f"{INCIDENTS:,} incidents, 20 % of the answers missing; seconds of one core")
    for said, drawn in (
        ("like the reference cases", like(cases, INCIDENTS, 0.2)),
        ("every fact drawn evenly", incidents(facts, names, INCIDENTS, 0.2)),
    ):
        made = [{name: facts[name].read(raw) for name, raw in stated.items()} for stated in drawn]
        gc.freeze()
        print(f"{said}:")
        for kinds, memory in (
            ((), f"goal: at least {GOAL:,}/s"),
            (RuleWord, "memory of rules off"),
            (object, "all memory off"),
        ):
            proving, filling = measure(rulebook, made, kinds)
            print(f"  four criteria with proofs {proving:9,.0f}/s, {filling:9,.0f}/s with fill counted in  ({memory})")
        gc.unfreeze()


def criteria(in_force):
    """Return the four criteria of the APPI."""
    return list(next(each for each in in_force.regimes if each.regime.id == "appi").criteria.values())


def measure(rulebook, made, forgetting=()):
    """Return incidents per second, with presumptions filled in outside and inside the timing."""
    rulebook = type(rulebook)(rulebook.plain, rulebook.fingerprint)  # nothing remembered yet
    in_force = rulebook.in_force(TODAY)
    words = criteria(in_force)
    if forgetting:
        for condition in every(words):
            if isinstance(condition, forgetting) and hasattr(condition, "_seen"):
                condition._seen = Forgetful()
    proving = filling = 0.0
    for start in range(0, len(made), AT_ONCE):
        some = made[start : start + AT_ONCE]
        begun = time.process_time()
        known = [in_force.presumptions.fill(answers) for answers in some]
        filled = time.process_time()
        for each in known:
            for word in words:
                word.prove(each)
        proving += time.process_time() - filled
        filling += filled - begun
    return len(made) / proving, len(made) / (proving + filling)


def every(conditions):
    """Yield each condition of the trees once."""
    ahead, seen = list(conditions), set()
    while ahead:
        condition = ahead.pop()
        if id(condition) not in seen:
            seen.add(id(condition))
            yield condition
            ahead += condition.parts


if __name__ == "__main__":
    main()
