"""The words of conditions, checked on every way of holding their facts.

Small spaces are walked through completely: what is settled must agree with two-valued logic however the rest turns out.
"""

import datetime as dt
from itertools import product

import pytest

from leakresp.law.conditions import All, Any, AtLeast, Before, Is, Lists, MayExceed, Not, RuleWord
from leakresp.law.held import NOT_ASKED, UNSURE, Day, Held, Interval, Known, Open, Presumed
from leakresp.law.proof import Proof
from leakresp.law.truth import NO, UNKNOWN, YES, Truth

A, B, C = (Is(name, ["yes"]) for name in "abc")
PRESUMED_YES = Presumed("yes", "taken_to_hold", asked=False)
PRESUMED_NO = Presumed("no", "taken_not_to_hold", asked=False)
WAYS = (NOT_ASKED, UNSURE, "yes", "no", PRESUMED_YES, PRESUMED_NO)

# Each is written with a fact once only, as most rules are, and once with a fact that stands twice.
ONCE = {
    "all": All([A, B, C]),
    "any": Any([A, B, C]),
    "not": Not(A),
    "any of all and not": Any([All([A, B]), Not(C)]),
    "all of any and not": All([Any([A, B]), Not(C)]),
    "neither": Not(Any([A, B])),
    "not both": Not(All([A, Not(B)])),
    "through a rule": All([RuleWord("appi.a_or_b", Any([A, B])), Not(C)]),
    "event and not protected": All([A, Not(Any([All([B, C]), Is("d", ["yes"])]))]),
}
TWICE = {
    "a and (not a or b)": All([A, Any([Not(A), B])]),
    "(a and b) or (a and c)": Any([All([A, B]), All([A, C])]),
    "(a or b) and not (a and b)": All([Any([A, B]), Not(All([A, B]))]),
}
each_shape = pytest.mark.parametrize("shape", [*ONCE.values(), *TWICE.values()], ids=[*ONCE, *TWICE])
each_shape_with_every_fact_once = pytest.mark.parametrize("shape", ONCE.values(), ids=ONCE)


def every_way(shape, ways=WAYS):
    facts = sorted(shape.reads)
    return [Known(dict(zip(facts, held, strict=True))) for held in product(ways, repeat=len(facts))]


def two_valued(shape, world):
    """Return what ordinary logic says of ``shape`` where every fact is ``yes`` or ``no``."""
    if isinstance(shape, Is):
        return world[shape.fact] in shape.values
    parts = [two_valued(part, world) for part in shape.parts]
    if isinstance(shape, All):
        return all(parts)
    if isinstance(shape, Any):
        return any(parts)
    return not parts[0] if isinstance(shape, Not) else parts[0]


# Kleene's tables ------------------------------------------------------------------------------------------------------

HOLDS: dict[Truth, Held] = {YES: "yes", NO: "no", UNKNOWN: NOT_ASKED}
ALL = {
    (YES, YES): YES,
    (YES, NO): NO,
    (YES, UNKNOWN): UNKNOWN,
    (NO, UNKNOWN): NO,
    (NO, NO): NO,
    (UNKNOWN, UNKNOWN): UNKNOWN,
}
ANY = {
    (YES, YES): YES,
    (YES, NO): YES,
    (YES, UNKNOWN): YES,
    (NO, UNKNOWN): UNKNOWN,
    (NO, NO): NO,
    (UNKNOWN, UNKNOWN): UNKNOWN,
}


@pytest.mark.parametrize("first", HOLDS, ids=str)
@pytest.mark.parametrize("second", HOLDS, ids=str)
def test_all_and_any_follow_the_tables_in_either_order(first, second):
    known = Known({"a": HOLDS[first], "b": HOLDS[second]})
    pair = (first, second) if (first, second) in ALL else (second, first)
    assert All([A, B]).prove(known).truth is ALL[pair]
    assert Any([A, B]).prove(known).truth is ANY[pair]


def test_not_turns_yes_and_no_and_leaves_unknown():
    assert Not(A).prove(Known({"a": "yes"})).truth is NO
    assert Not(A).prove(Known({"a": "no"})).truth is YES
    assert Not(A).prove(Known({"a": NOT_ASKED})).truth is UNKNOWN
    assert Not(A).prove(Known({"a": UNSURE})).truth is UNKNOWN


# Soundness, relevance and reasons -------------------------------------------------------------------------------------


@each_shape
def test_what_is_settled_agrees_with_every_completion(shape):
    for known in every_way(shape):
        truth = shape.prove(known).truth
        completions = [("yes", "no") if isinstance(held, Open) else (_value(held),) for held in known.values()]
        found = {two_valued(shape, dict(zip(known, world, strict=True))) for world in product(*completions)}
        if truth is not UNKNOWN:
            assert found == {truth is YES}, known


def _value(held):
    return held.value if isinstance(held, Presumed) else held


@each_shape
def test_what_everything_is_stated_of_is_never_unknown(shape):
    for world in every_way(shape, ("yes", "no")):
        assert shape.prove(world).truth is (YES if two_valued(shape, world) else NO)


@each_shape
def test_an_added_answer_never_turns_what_is_settled(shape):
    for known in every_way(shape):
        truth = shape.prove(known).truth
        for fact, held in known.items():
            for answer in ("yes", "no"):
                if truth is not UNKNOWN and isinstance(held, Open):
                    assert shape.prove(known | {fact: answer}).truth is truth, (known, fact)


@each_shape
def test_a_fact_outside_the_open_facts_changes_nothing(shape):
    for known in every_way(shape):
        proof = shape.prove(known)
        for fact, held in known.items():
            if isinstance(held, Open | Presumed) and fact not in proof.open_facts():
                for answer in ("yes", "no"):
                    assert shape.prove(known | {fact: answer}).truth is proof.truth, (known, fact)


@each_shape
def test_a_stated_fact_is_never_open(shape):
    for known in every_way(shape):
        asked = shape.prove(known).open_facts()
        assert not {fact for fact in asked if known[fact] in {"yes", "no"}}, known


@each_shape_with_every_fact_once
def test_every_open_fact_can_matter(shape):
    """Some answers to the facts that nobody stated make this one turn the result."""
    for known in every_way(shape):
        free = [fact for fact, held in known.items() if isinstance(held, Open | Presumed)]
        for fact in shape.prove(known).open_facts():
            rest = [other for other in free if other != fact]
            worlds = [
                known | dict(zip(rest, values, strict=True)) for values in product(("yes", "no"), repeat=len(rest))
            ]
            assert any(
                shape.prove(world | {fact: "yes"}).truth is not shape.prove(world | {fact: "no"}).truth
                for world in worlds
            ), (known, fact)


@each_shape
def test_what_is_not_worth_asking_any_more_changes_nothing_whatever_the_rest_turns_out(shape):
    """Facts asked in vain stay as they are: then no answer to what is left out may matter, alone or together."""
    for known in every_way(shape):
        proof = shape.prove(known)
        if proof.truth is not UNKNOWN:
            continue
        asked = frozenset(fact for fact, held in known.items() if held is not NOT_ASKED)
        worth = proof.open_facts(asked)
        assert worth <= proof.open_facts()
        assert not worth & asked
        if not worth:
            left = [fact for fact in known if fact not in asked]
            for values in product(("yes", "no"), repeat=len(left)):
                assert shape.prove(known | dict(zip(left, values, strict=True))).truth is proof.truth, known


@each_shape
def test_the_reasons_alone_give_the_same_truth(shape):
    for known in every_way(shape):
        proof = shape.prove(known)
        kept = {leaf.word.fact for leaf in proof.deciding()}
        assert kept
        alone = known | {fact: NOT_ASKED for fact in known if fact not in kept}
        assert shape.prove(alone).truth is proof.truth, known


@each_shape
def test_every_reason_is_a_leaf_of_the_tree(shape):
    for known in every_way(shape):
        proof = shape.prove(known)
        assert set(proof.deciding()) <= set(proof.leaves())
        assert {leaf.word.fact for leaf in proof.leaves()} == shape.reads


@each_shape
def test_equal_facts_give_equal_results_however_often_they_are_asked(shape):
    first = [shape.prove(known).truth for known in every_way(shape)]
    assert [shape.prove(known).truth for known in every_way(shape)] == first


def test_the_firmest_reason_explains_best():
    """A stated reason is named rather than a presumed one; among equals the shorter."""
    assert reasons(Any([A, B]), a=PRESUMED_YES, b="yes") == ["b"]
    assert reasons(Any([All([A, B]), C]), a="yes", b="yes", c="yes") == ["c"]


def reasons(shape, **held):
    return [repr(leaf.word).split()[0] for leaf in shape.prove(Known(held)).deciding()]


def test_not_asked_and_unsure_are_told_apart():
    assert not A.prove(Known({"a": NOT_ASKED})).unsure
    assert A.prove(Known({"a": UNSURE})).unsure
    assert not A.prove(Known({"a": "yes"})).unsure


def test_what_is_presumed_is_marked_and_stays_open():
    proof = A.prove(Known({"a": PRESUMED_YES}))
    assert proof.truth is YES
    assert proof.presumed is PRESUMED_YES
    assert proof.open_facts() == {"a"}
    assert A.prove(Known({"a": "yes"})).presumed is None


def test_a_stream_of_different_incidents_does_not_grow_the_memory():
    exceeds = MayExceed("people", 1000)
    rule = RuleWord("appi.many", exceeds)
    for people in range(10_000):
        rule.prove(Known({"people": Interval(people, people)}))
    assert len(exceeds._seen) <= 1024
    assert len(rule._seen) <= 1024


# The single words -----------------------------------------------------------------------------------------------------


def truth_of(word, held):
    return word.prove(Known({word.fact: held})).truth


@pytest.mark.parametrize(
    ("count", "over_1000", "at_least_1000"),
    [
        (Interval(1000, 1000), NO, YES),
        (Interval(1001, 1001), YES, YES),
        (Interval(999, 999), NO, NO),
        (Interval(500, 1500), YES, UNKNOWN),
        (Interval(1000, None), YES, YES),
        (Interval(1, None), YES, UNKNOWN),
        (Interval(0, 1000), NO, UNKNOWN),
        (Interval(0, 1001), YES, UNKNOWN),
        (Interval(0, 999), NO, NO),
        (NOT_ASKED, UNKNOWN, UNKNOWN),
        (UNSURE, UNKNOWN, UNKNOWN),
    ],
    ids=str,
)
def test_a_count_is_judged_by_its_possible_maximum_or_minimum(count, over_1000, at_least_1000):
    assert truth_of(MayExceed("people", 1000), count) is over_1000
    assert truth_of(AtLeast("people", 1000), count) is at_least_1000


def test_a_day_lies_before_another_or_not():
    before = Before("known_on", dt.date(2024, 4, 1))
    assert truth_of(before, Day(dt.date(2024, 3, 31), "23:59")) is YES
    assert truth_of(before, Day(dt.date(2024, 4, 1))) is NO
    assert truth_of(before, UNSURE) is UNKNOWN


def test_a_chosen_value_or_one_of_several_is_one_of_those_named():
    signs = Is("signs", ["c2_traffic", "page_tampering"])
    assert truth_of(signs, ("c2_traffic", "credible_warning")) is YES
    assert truth_of(signs, ("credible_warning",)) is NO
    assert truth_of(signs, ()) is NO
    assert truth_of(signs, Presumed(("page_tampering",), "taken_to_hold", asked=True)) is YES
    assert truth_of(Is("leak", ["confirmed", "suspected"]), "suspected") is YES


SENSITIVE = Lists("items", ["illness", "creed"], suspected_in="suspected", completed_by="complete")
LISTS = (NOT_ASKED, UNSURE, (), ("name",), ("name", "illness"))


@pytest.mark.parametrize("listed", LISTS, ids=str)
@pytest.mark.parametrize("suspected", LISTS, ids=str)
@pytest.mark.parametrize("complete", [NOT_ASKED, UNSURE, "yes", "no"], ids=str)
def test_an_item_is_there_when_listed_or_suspected_and_absent_only_from_a_complete_list(listed, suspected, complete):
    known = Known({"items": listed, "suspected": suspected, "complete": complete})
    proof = SENSITIVE.prove(known)
    if any(isinstance(held, tuple) and "illness" in held for held in (listed, suspected)):
        assert proof.truth is YES
        assert proof.held == ("illness",)
    elif isinstance(listed, tuple) and listed and complete == "yes":
        assert proof.truth is NO
    else:
        assert proof.truth is UNKNOWN
        assert proof.open_facts()
        assert not {fact for fact in proof.open_facts() if not isinstance(known[fact], Open)} - {"complete"}


def test_before_there_is_a_list_nobody_is_asked_whether_it_is_complete():
    nothing = Known({"items": NOT_ASKED, "suspected": NOT_ASKED, "complete": NOT_ASKED})
    assert SENSITIVE.prove(nothing).open_facts() == {"items", "suspected"}
    listed = nothing | {"items": ("name",)}
    assert SENSITIVE.prove(listed).open_facts() == {"suspected", "complete"}
    assert not SENSITIVE.prove(nothing).unsure
    assert SENSITIVE.prove(nothing | {"items": UNSURE}).unsure


def test_a_reason_is_given_once_however_often_its_proof_was_made():
    """Proofs are remembered or made anew; the explanation must not tell which."""
    nothing = Known({"items": ("name",), "suspected": (), "complete": "yes"})
    first, again = (SENSITIVE._prove(*nothing.values()) for _ in range(2))
    assert first is not again
    proof = Proof(NO, Any([SENSITIVE, SENSITIVE]), (first, again))
    assert len(proof.deciding()) == 1
