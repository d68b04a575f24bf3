"""Incidents for tests: written by hand as a file would write them, or made up by hypothesis over the whole vocabulary."""

import datetime as dt
from pathlib import Path

from hypothesis import strategies as st

from leakresp.law.held import UNSURE, Open
from leakresp.shell.documents import read_document

TODAY = dt.date(2026, 11, 24)
CASES = Path(__file__).parent / "cases"


def read(facts, stated):
    """Return answers as the vocabulary reads them; numbers may be written as numbers."""
    return {fact: facts[fact].read(str(raw) if isinstance(raw, int) else raw) for fact, raw in stated.items()}


def reference_cases(name):
    """Return the cases of one file of tests/cases, read strictly: words stay words."""
    return read_document((CASES / name).read_text(encoding="utf-8"), name).data


def lawful_facts(in_force):
    """Return the facts that any rule, exception or presumption in force looks at, in the order of the vocabulary."""
    reads: set[str] = set()
    for regime in in_force.regimes:
        conditions = [regime.applies, regime.event, *regime.criteria.values()]
        for duty in filter(None, (regime.report, regime.notify)):
            conditions += [duty.when, *(condition for _, condition in duty.exceptions)]
        reads.update(*(condition.reads for condition in conditions))
    reads.update(*(each.when.reads for each in in_force.presumptions.all if each.when is not None))
    return [fact for fact in in_force.rulebook.facts if fact in reads]


def conditions(in_force):
    """Return every event, scope and criterion in force by name."""
    found = {}
    for regime in in_force.regimes:
        found[f"{regime.regime.id} applies"] = regime.applies
        found[f"{regime.regime.id} event"] = regime.event
        found |= {word.rule: word for word in regime.criteria.values()}
    return found


def contradicts_itself(answers):
    """Tell whether a list said to be complete comes with items that may be there besides."""
    suspected = answers.get("data_items_suspected")
    return answers.get("data_items_complete") == "yes" and isinstance(suspected, tuple) and len(suspected) > 0


def stated(answers):
    """Return the answers without those that cannot be told yet."""
    return {fact: value for fact, value in answers.items() if not isinstance(value, Open)}


# Made up by hypothesis ------------------------------------------------------------------------------------------------

_PEOPLE = (
    "0",
    "1",
    "100",
    "101",
    "1000",
    "1001",
    "..100",
    "..1000",
    "..1001",
    "100..",
    "1000..",
    "50..150",
    "999..1001",
)
_DAYS = ("2026-11-20", "2026-11-20T23:30Z", "2024-03-31", "2022-01-05", "1901-01-01", "2198-12-31T23:59+09:00")


def raw_answers(fact):
    """Return a strategy for the valid answers to ``fact`` as a file writes them, ``unknown`` aside."""
    if fact.kind == "count":
        free = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)).map(
            lambda pair: "..".join(map(str, sorted(pair)))
        )
        return st.sampled_from(_PEOPLE) | free
    if fact.kind == "day":
        return st.sampled_from(_DAYS) | st.dates(dt.date(1901, 1, 1), dt.date(2198, 12, 31)).map(str)
    if fact.kind == "words":
        letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
        return st.text(letters, min_size=1, max_size=20).filter(lambda text: text.strip() not in {"", "unknown"})
    if fact.kind == "choices":
        some = [word for word in fact.words if word != "none"]
        several = st.lists(st.sampled_from(some), max_size=3, unique=True)
        return several | st.just(["none"]) if "none" in fact.words else several
    return st.sampled_from(fact.words)


def answers(facts, names=None):
    """Return a strategy for answers to any of the facts ``names``: not asked, cannot be told yet, or stated.

    A complete list that comes with suspected items contradicts itself and is left out.
    """
    each = {name: st.just("unknown") | raw_answers(facts[name]) | raw_answers(facts[name]) for name in names or facts}
    made = st.fixed_dictionaries({}, optional=each).map(lambda raw: read(facts, raw))
    return made.map(lambda known: known | {"data_items_complete": UNSURE} if contradicts_itself(known) else known)
