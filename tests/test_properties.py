"""What holds for every incident that the vocabulary can describe.

Monotone: an added answer never turns what is settled, unless it replaces a presumption. Sound: what is settled agrees
with ordinary logic however the rest turns out. Relevant: what is not among the open facts changes nothing. The reasons
given are reasons enough. And nothing that can be answered stops the assessment.
"""

import datetime as dt
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.incidents import TODAY, answers, conditions, contradicts_itself, lawful_facts, raw_answers, read
from tests.second_opinion import ITEMS, Opinion

from leakresp.law.held import UNSURE, Interval, Open, Presumed
from leakresp.law.truth import NO, UNKNOWN, YES
from leakresp.law.vocabulary import written
from leakresp.response.assessment_json import Lines, assessment_json
from leakresp.response.wording import Phrases
from leakresp.shell.wording import Wording

incidents = settings(max_examples=150)
#: Days on which different versions of the rules were in force.
DAYS = st.sampled_from([dt.date(2022, 4, 1), dt.date(2024, 3, 31), dt.date(2024, 4, 1), TODAY])


def tries(fact):
    """Return answers to ``fact`` that between them reach every value the rules tell apart."""
    some = {"count": ["0", "100", "101", "1000", "1001", "50..150", "1000.."], "day": ["2026-11-20"], "words": ["…"]}
    words = some.get(fact.kind) or fact.words
    if fact.kind == "choices":
        return [(), *(fact.read([word]) for word in words)]
    return [fact.read(word) for word in words]


def drawn(data, law):
    """Return rules in force on some day and answers to facts they look at."""
    in_force = law.rulebook.in_force(data.draw(DAYS))
    return in_force, data.draw(answers(law.facts, lawful_facts(in_force)))


@incidents
@given(data=st.data())
def test_an_added_answer_never_turns_what_is_settled_unless_it_replaces_a_presumption(data, law):
    in_force, known_answers = drawn(data, law)
    known = in_force.presumptions.fill(known_answers)
    settled = {name: word for name, word in conditions(in_force).items() if word.prove(known).truth is not UNKNOWN}
    for fact, held in known.items():
        if not isinstance(held, Open):
            continue
        for answer in tries(law.facts[fact]):
            more = known_answers | {fact: answer}
            if contradicts_itself(more):
                continue
            after = in_force.presumptions.fill(more)
            for name, word in settled.items():
                assert word.prove(after).truth is word.prove(known).truth, (name, fact, answer)


@incidents
@given(data=st.data())
def test_a_fact_that_is_not_open_changes_nothing(data, law):
    in_force, known_answers = drawn(data, law)
    known = in_force.presumptions.fill(known_answers)
    rules = conditions(in_force)
    duties = {regime.regime.id: regime.report for regime in in_force.regimes}
    for fact in lawful_facts(in_force):
        if fact in known_answers and known_answers[fact] is not UNSURE:
            continue
        still = [word for word in rules.values() if fact not in word.prove(known).open_facts()]
        standing = [duty for duty in duties.values() if fact not in duty.decide(known).open_facts()]
        for answer in tries(law.facts[fact]):
            more = known_answers | {fact: answer}
            if contradicts_itself(more):
                continue
            after = in_force.presumptions.fill(more)
            for word in still:
                assert word.prove(after).truth is word.prove(known).truth, (word, fact, answer)
            for duty in standing:
                assert duty.decide(after).duty == duty.decide(known).duty, (duty.rule.name, fact, answer)


@settings(max_examples=80)
@given(data=st.data())
def test_a_fact_outside_the_open_facts_of_an_assessment_changes_no_verdict(data, law):
    in_force, known_answers = drawn(data, law)
    before = law.assessor.assess(known_answers, in_force.day, TODAY)
    presumed = in_force.presumptions.unasked(in_force.presumptions.fill(known_answers))
    for fact in law.facts:
        if (
            fact in before.open_facts
            or fact in presumed
            or (fact in known_answers and known_answers[fact] is not UNSURE)
        ):
            continue
        for answer in tries(law.facts[fact])[:3]:
            more = known_answers | {fact: answer}
            if contradicts_itself(more):
                continue
            after = law.assessor.assess(more, in_force.day, TODAY)
            assert after.verdict == before.verdict, (fact, answer)
            assert duties_and_truths(after, before) == duties_and_truths(before, after), (fact, answer)


def duties_and_truths(assessment, other):
    """Return what each body of law says; one that can have no say in either is shown, but nothing hangs on it."""
    silent = {
        result.regime.id for each in (assessment, other) for result in each.regimes if result.applies.swing() == NO.bit
    }
    # What stands beside the Act and owes nothing may come onto the list, or leave it.
    silent |= {
        result.regime.id
        for each in (assessment, other)
        for result in each.regimes
        if result.regime.beside and result.owed == "not_required"
    }
    return [
        (
            result.report.duty,
            result.notify and result.notify.duty,
            *(proof.truth.word for proof in result.criteria.values()),
        )
        for result in assessment.regimes
        if result.regime.id not in silent
    ]


@incidents
@given(data=st.data())
def test_what_is_settled_agrees_with_ordinary_logic_however_the_rest_turns_out(data, law):
    in_force, known_answers = drawn(data, law)
    known = in_force.presumptions.fill(known_answers)
    opinion = Opinion(law.rulebook, in_force.day)
    for _ in range(3):
        world = completed(data, known, law.facts, lawful_facts(in_force))
        for regime in in_force.regimes:
            for word in (regime.event, *regime.criteria.values()):
                truth = word.prove(known).truth
                if truth is not UNKNOWN:
                    assert opinion.rule(word.rule, world) is (truth is YES), (word, world)
            assert_duty_agrees(regime.report.decide(known), opinion.duty(regime.report.rule.name, world), world)


def completed(data, known, facts, names):
    """Return a world in which everything open has turned out one way or the other."""
    world: dict[str, Any] = {}
    for name in names:
        held = known[name]
        if isinstance(held, Presumed):
            world[name] = held.value
        elif isinstance(held, Open):
            world[name] = read(facts, {name: data.draw(raw_answers(facts[name]))})[name]
        else:
            world[name] = held
    there = [known[name] for name in (ITEMS, "data_items_suspected") if isinstance(known[name], tuple)]
    closed = isinstance(known[ITEMS], tuple) and known["data_items_complete"] == "yes"
    more = () if closed else data.draw(st.lists(st.sampled_from(facts[ITEMS].words), max_size=3))
    world[ITEMS] = {item for items in (*there, more) for item in items}
    return world


def assert_duty_agrees(ruling, expected, world):
    match ruling.duty:
        case "required":
            # An exception that is not proven does not lift the duty, though it may turn out to hold.
            unproven = any(proof.truth is UNKNOWN for _, proof in ruling.exceptions)
            assert expected == "required" or unproven, world
        case "released":
            assert expected in {"released", "not_required"}, world
        case "not_required" | "other_regime":
            assert expected == ruling.duty or any(proof.truth is UNKNOWN for _, proof in ruling.exceptions), world


@incidents
@given(data=st.data())
def test_what_is_fully_known_is_decided_as_ordinary_logic_decides(data, law):
    """Where nothing is open, the engine and the second opinion agree on every rule and every duty."""
    in_force = law.rulebook.in_force(data.draw(DAYS))
    names = lawful_facts(in_force)
    world = read(law.facts, {name: data.draw(raw_answers(law.facts[name])) for name in names})
    world |= {"data_items_complete": "yes", "data_items_suspected": (), "data_items": world["data_items"] or ("name",)}
    known = in_force.presumptions.fill(world)
    opinion = Opinion(law.rulebook, in_force.day)
    for regime in in_force.regimes:
        for word in (regime.event, *regime.criteria.values()):
            assert word.prove(known).truth.word == ("yes" if opinion.rule(word.rule, world) else "no"), word
        assert regime.report.decide(known).duty == opinion.duty(regime.report.rule.name, world)
        if regime.notify is not None:
            assert regime.notify.decide(known).duty == opinion.duty(regime.notify.rule.name, world)


@incidents
@given(data=st.data())
def test_the_reasons_alone_give_the_same_truth(data, law):
    in_force, known_answers = drawn(data, law)
    known = in_force.presumptions.fill(known_answers)
    for name, word in conditions(in_force).items():
        proof = word.prove(known)
        rests_on = set()
        for leaf in proof.deciding():
            rests_on |= leaf.word.reads
            if leaf.presumed:
                when = in_force.presumptions.by_id[leaf.presumed.by].when
                rests_on |= when.reads if when is not None else set()
        # What is stated keeps a presumption away; taken back with the rest it would speak up.
        rests_on |= {each.fact for each in in_force.presumptions.all}
        alone = {fact: value for fact, value in known_answers.items() if fact in rests_on}
        assert word.prove(in_force.presumptions.fill(alone)).truth is proof.truth, name


@incidents
@given(data=st.data())
def test_more_people_never_make_a_duty_smaller(data, law):
    in_force, known_answers = drawn(data, law)
    fewer, more = sorted(data.draw(st.tuples(st.integers(0, 2000), st.integers(0, 2000))))
    for regime in in_force.regimes:
        duties = [
            regime.report.decide(
                in_force.presumptions.fill(known_answers | {"affected_people": Interval(people, people)})
            )
            for people in (fewer, more)
        ]
        if duties[0].duty == "required":
            assert duties[1].duty == "required", regime.regime.id


@settings(max_examples=200)
@given(data=st.data())
def test_nothing_that_can_be_answered_stops_an_assessment(data, law):
    known_answers = data.draw(answers(law.facts))
    on = data.draw(st.none() | st.dates(dt.date(1901, 1, 1), dt.date(2198, 12, 31)))
    assessment = law.assessor.assess(known_answers, on, TODAY)
    assert assessment.verdict in {"required", "undetermined", "not_required", "released"}
    for lang in ("ja", "en"):
        phrases = Phrases(law.rulebook, Wording(law.library.words, lang))
        shown = assessment_json(assessment, {"title": "件名 {x}"}, phrases)
        text = json.dumps(shown, ensure_ascii=False)
        assert json.loads(text) == shown
        assert json.loads(Lines(phrases).line(assessment, {"title": "件名 {x}"})) == shown
        assert "{" not in "".join(shown["warnings"]).replace("{x}", "")


@settings(max_examples=60)
@given(data=st.data())
def test_the_json_has_the_same_keys_and_words_of_law_in_both_languages(data, law):
    assessment = law.assessor.assess(data.draw(answers(law.facts)), None, TODAY)
    ja, en = (
        assessment_json(assessment, {}, Phrases(law.rulebook, Wording(law.library.words, lang)))
        for lang in ("ja", "en")
    )
    assert ja.keys() == en.keys()
    for key in ("schema", "rules", "verdict", "open_facts", "facts"):
        assert ja[key] == en[key]
    for first, second in zip(ja["regimes"], en["regimes"], strict=True):
        assert first.keys() == second.keys()
        assert first["deadlines"] == second["deadlines"]
        assert first["report"]["duty"] == second["report"]["duty"]


@settings(max_examples=200)
@given(data=st.data())
def test_an_answer_written_down_and_read_again_is_the_same(data, law):
    fact = law.facts[data.draw(st.sampled_from(list(law.facts)))]
    answer = fact.read(data.draw(raw_answers(fact) | st.just("unknown")))
    assert fact.read(written(answer)) == answer
