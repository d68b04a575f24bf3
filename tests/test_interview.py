"""The interview asks what can still change something, nothing twice, and comes to an end."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.incidents import TODAY, answers, contradicts_itself, lawful_facts, raw_answers, read, reference_cases
from tests.respondents import NOTHING_ELSE, drawing, knowing, noted, walk

from leakresp.law.held import UNSURE
from leakresp.law.truth import UNKNOWN
from leakresp.response.interview import STAGES

CASES = [*reference_cases("appi.yaml"), *reference_cases("more.yaml")]
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])

NURSE = {
    "what_happened": "misdelivery_paper",
    "standing": "business_own",
    "went_outside": "confirmed",
    "record_kind": "personal_data",
    "data_items": ["name", "treatment_or_dispensing"],
    "data_items_complete": "yes",
    "further_duties": "nothing",
}
RANSOMWARE = {
    "what_happened": "ransomware",
    "standing": "business_own",
    "went_outside": "suspected",
    "data_condition": "unusable_no_copy",
    "record_kind": "personal_data",
    "protection": "none",
    "data_items": ["name", "email"],
    "data_items_complete": "yes",
    "further_duties": "nothing",
}
#: The questions that look for duties under other laws and schemes, in their order; the first one can end them all.
ELSEWHERE = [
    "further_duties",
    "sector",
    "privacy_mark",
    "listed_company",
    "critical_infrastructure",
    "residents_abroad",
]


# How long it takes ----------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(interview, facts):
    """Put the questions of the duty to somebody; return the ids asked and the answers."""

    def put(choices):
        asked, known = walk(interview, TODAY, noted(facts, choices))
        return [question.id for question in asked], known

    return put


def test_a_nurse_who_handed_one_patients_paper_to_another_is_asked_six_things_and_one_about_other_duties(ask, assessor):
    asked, known = ask(NURSE)
    of_the_act = ["what_happened", "standing", "went_outside", "record_kind", "data_items", "data_items_complete"]
    assert asked == [*of_the_act, "further_duties"]
    assessment = assessor.assess(known, TODAY, TODAY)
    assert assessment.verdict == "required"
    assert assessment.regime("appi").criteria["sensitive_data"].truth.word == "yes"
    assert assessment.regime("my_number").report.duty == "not_required"


@pytest.mark.parametrize("standing", ["business_own", "art26_public_entity"])
def test_a_nurse_reaches_the_verdict_in_at_most_eight_questions_wherever_she_works(ask, assessor, standing):
    asked, known = ask(NURSE | {"standing": standing, "data_relation": "own"})
    assert len(of_the_act(asked)) <= 8, asked
    assert assessor.assess(known, TODAY, TODAY).verdict == "required"


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "required"),
        ({"went_outside": "confirmed"}, "required"),
        ({"went_outside": "ruled_out"}, "required"),
        ({"went_outside": None, "compromise_signs": ["c2_traffic"]}, "required"),
        ({"went_outside": "ruled_out", "data_condition": "unusable_with_copy"}, "not_required"),
        ({"data_items": ["name", "my_number"]}, "required"),
        ({"data_items": None}, "required"),
        ({"standing": "administrative_organ", "data_relation": "own"}, "required"),
        ({"protection": "key_safe"}, "not_required"),
    ],
)
def test_a_ransomware_case_reaches_the_verdict_in_at_most_eight_questions(ask, assessor, change, verdict):
    asked, known = ask(RANSOMWARE | change)
    assert len(of_the_act(asked)) <= 8, asked
    assert assessor.assess(known, TODAY, TODAY).verdict == verdict


def of_the_act(asked):
    """Return the questions without the one that asks for duties elsewhere, which may be no more than one here."""
    assert len(set(asked).intersection(ELSEWHERE)) <= 1
    return [question for question in asked if question not in ELSEWHERE]


def test_who_says_that_other_duties_may_apply_is_asked_for_them_one_by_one(ask):
    asked, _ = ask(NURSE | {"further_duties": "several"})
    assert next(question for question in asked if question in ELSEWHERE) == "further_duties"
    assert {"sector", "privacy_mark", "residents_abroad"} <= set(asked)


#: What an organisation settles in peace time; the incident alone tells whether people abroad are concerned.
OURS = {"sector": "general", "privacy_mark": "no", "listed_company": "no", "critical_infrastructure": "no"}


@pytest.mark.parametrize("change", [{}, {"sector": "medical"}, {"privacy_mark": "yes"}, {"listed_company": "yes"}])
@pytest.mark.parametrize("person", [NURSE, RANSOMWARE], ids=["nurse", "ransomware"])
def test_what_the_profile_settles_leaves_only_the_people_abroad_to_be_asked(interview, facts, ask, person, change):
    answer = noted(facts, person | {"residents_abroad": ["none"]})
    asked, _ = walk(interview, TODAY, answer, read(facts, OURS | change))
    names = [question.id for question in asked]
    assert [name for name in names if name in ELSEWHERE] == ["residents_abroad"]
    if not change:
        without, _ = ask(person)
        assert len(names) <= len(without)


def test_a_profile_that_settles_a_part_leaves_the_question_that_gathers_the_rest(interview, facts):
    start = read(facts, {"sector": "general", "privacy_mark": "no"})
    asked, known = walk(interview, TODAY, noted(facts, NURSE), start)
    assert [question.id for question in asked if question.id in ELSEWHERE] == ["further_duties"]
    assert (known["sector"], known["privacy_mark"]) == ("general", "no")


def test_a_hospital_with_nothing_else_says_so_in_the_same_answer(ask):
    asked, known = ask(NURSE | {"further_duties": "medical_only"})
    assert [question for question in asked if question in ELSEWHERE] == ["further_duties"]
    assert known["sector"] == "medical"


def test_who_can_tell_nothing_at_all_is_not_held_up(ask, assessor):
    asked, known = ask({})
    assert len([question for question in asked if question not in ELSEWHERE]) <= 14, asked
    assert set(known.values()) == {UNSURE}
    assert assessor.assess(known, TODAY, TODAY).verdict == "undetermined"


# What is asked --------------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(data=st.data())
def test_an_interview_ends_on_every_path_and_puts_no_question_twice(data, law):
    known = data.draw(st.just({}) | answers(law.facts))
    asked, known = walk(law.interview, TODAY, drawing(data, law.facts, raw_answers), known, "papers")
    ids = [question.id for question in asked]
    assert len(set(ids)) == len(ids)
    order = [STAGES.index(question.stage) for question in asked]
    assert order == sorted(order) or known  # a late answer may open an earlier stage again


@settings(max_examples=20)
@given(data=st.data())
def test_whichever_option_is_chosen_its_question_is_not_put_again(data, law):
    interview, known = law.interview, data.draw(st.just({}) | answers(law.facts))
    person = drawing(data, law.facts, raw_answers)
    while (question := interview.next(known, TODAY, "duty")) is not None:
        for said in (question.unsure_facts(known), *(option.facts for option in question.options)):
            after = known | {fact: value for fact, value in said.items() if fact not in known}
            assert len(after) > len(known), question.id
            assert question.id not in [each.id for each in interview.due(after, TODAY, "duty")], (question.id, said)
        said = person(question, known) or question.unsure_facts(known)
        known = known | {fact: value for fact, value in said.items() if fact not in known}


@settings(max_examples=60)
@given(data=st.data())
def test_no_option_contradicts_what_is_stated_and_none_that_could_be_true_is_hidden(data, law):
    interview, known = law.interview, data.draw(answers(law.facts))
    in_force = law.rulebook.in_force(TODAY)
    waited_for = interview._open("duty", in_force, in_force.presumptions.fill(known), known)
    for question in interview.due(known, TODAY, "duty"):
        for option in question.options:
            assert all(known.get(fact, value) == value for fact, value in option.facts.items()), option
        if question.options and question.stage == "duty":
            for fact in waited_for.intersection(question.settles) - known.keys():
                assert said_of(fact, question) == said_of(fact, interview.by_id[question.id]), (question.id, fact)


def said_of(fact, question):
    return {option.facts[fact] for option in question.options if fact in option.facts}


@settings(max_examples=80)
@given(data=st.data())
def test_at_the_end_nothing_that_was_not_asked_could_still_change_a_duty(data, law):
    """Neither one answer nor all of them together: the interview stops because it is over."""
    in_force = law.rulebook.in_force(TODAY)
    _, known = walk(law.interview, TODAY, drawing(data, law.facts, raw_answers))
    before = law.assessor.assess(known, TODAY, TODAY)
    plain = in_force.presumptions.unasked(in_force.presumptions.fill(known))
    left = [fact for fact in lawful_facts(in_force) if fact not in known and fact not in plain]
    for _ in range(4):
        chosen = data.draw(st.lists(st.sampled_from(left), unique=True)) if left else []
        more = known | read(law.facts, {fact: data.draw(raw_answers(law.facts[fact])) for fact in chosen})
        if contradicts_itself(more):
            continue
        after = law.assessor.assess(more, TODAY, TODAY)
        assert {each.regime.id for each in before.regimes} <= {each.regime.id for each in after.regimes}
        for now in after.regimes:
            was = before.regime(now.regime.id)
            if was is None:  # it stands beside the Act, and nobody was asked about it
                assert now.report.duty == "not_required", (now.regime.id, chosen)
                continue
            if was.applies.truth is UNKNOWN:
                continue  # its own situations are asked once it is known to apply
            if was.report.duty == "released":
                assert now.report.duty in {"released", "not_required"}, (was.regime.id, chosen)
            else:
                assert now.report.duty == was.report.duty, (was.regime.id, chosen)
                assert periods(now) == periods(was), (was.regime.id, chosen)


def periods(result):
    return [(clock.id, clock.term.days) for clock in result.clocks if clock.term is not None]


@settings(max_examples=60)
@given(data=st.data())
def test_every_question_can_say_what_hangs_on_it(data, law):
    known = data.draw(answers(law.facts))
    for question in law.interview.due(known, TODAY, "clock"):
        assert law.interview.why(question, known, TODAY), question.id


@settings(max_examples=60)
@given(data=st.data())
def test_what_a_file_has_stated_is_not_asked_again(data, law):
    stated = data.draw(answers(law.facts))
    asked, _ = walk(law.interview, TODAY, drawing(data, law.facts, raw_answers), stated, "clock")
    for question in asked:
        assert not set(question.settles) <= set(stated), question.id


def test_not_knowing_what_happened_says_nothing_of_encryption(interview, facts):
    asked, known = walk(interview, TODAY, noted(facts, RANSOMWARE | {"what_happened": None}))
    assert known["cause"] is UNSURE
    assert "protection" in [question.id for question in asked]
    assert known["strong_encryption"] == "no"


def test_a_purpose_that_the_cause_leaves_open_is_asked_and_one_it_makes_plain_is_not(interview, facts):
    def asked(**change):
        questions, _ = walk(interview, TODAY, noted(facts, RANSOMWARE | change))
        return [question.id for question in questions]

    assert "wrongful_act" in asked(what_happened="lost_device")
    assert "wrongful_act" in asked(what_happened="web_misconfiguration")
    assert "wrongful_act" not in asked()
    assert "wrongful_act" not in asked(what_happened="misdelivery_paper")


def test_a_suspected_leak_from_a_file_can_still_be_said_to_have_come_back_unseen(interview, facts):
    """The option for it says "confirmed": so the fact is asked by itself instead of being hidden."""
    stated = read(facts, {"cause": "misdelivery", "leak": "suspected", "data_items": ["medical_history"]})
    asked, _ = walk(interview, TODAY, noted(facts, {}), stated)
    assert "recovered_unseen" in [question.id for question in asked]
    assert "went_outside" not in [question.id for question in asked]


def test_free_text_is_judged_only_where_it_is_listed(interview, facts):
    def asked(items):
        questions, _ = walk(interview, TODAY, noted(facts, NURSE | {"data_items": items}))
        return [question.id for question in questions]

    assert "content_judged_sensitive" not in asked(["name"])
    assert "content_judged_sensitive" in asked(["name", "free_text"])
    assert "content_judged_property" in asked(["name", "login_password"])
    assert "content_judged_sensitive" not in asked(["name", "free_text", "medical_history"])


def test_the_day_is_asked_only_where_a_clock_runs(interview, facts):
    def asked(choices):
        questions, _ = walk(interview, TODAY, noted(facts, choices), until="clock")
        return [question.id for question in questions]

    assert "discovered_on" in asked(NURSE)
    assert "discovered_on" not in asked(NURSE | {"went_outside": "recovered", "data_condition": "intact"})
    assert "wrongful_learned_on" not in asked(NURSE)
    assert "wrongful_learned_on" in asked(RANSOMWARE)


# The reference cases --------------------------------------------------------------------------------------------------


@each_case
def test_a_case_told_in_answers_to_the_questions_comes_to_the_same_verdict(case, assessor, interview, facts):
    known = read(facts, NOTHING_ELSE | case["facts"])
    if contradicts_itself(known):
        return  # who calls a list complete is not asked what else may be there
    day = assessor.day(known, None, TODAY)
    _, said = walk(interview, day, knowing(known), until="clock")
    assert all(said[fact] == known.get(fact, UNSURE) for fact in said)
    direct, told = (assessor.assess(each, day, TODAY) for each in (known, said))
    assert same_duty(told.verdict, direct.verdict)
    for result in direct.regimes:
        same = told.regime(result.regime.id)
        assert same_duty(same.report.duty, result.report.duty), result.regime.id
        assert [clock.term and clock.term.days for clock in same.clocks] == [
            clock.term and clock.term.days for clock in result.clocks
        ]


def same_duty(told, direct):
    """Tell whether both come to the same; who is released is not asked whether there was a duty to begin with."""
    return told == direct or (told, direct) == ("released", "not_required")


@each_case
def test_no_case_takes_more_than_fourteen_questions(case, interview, facts):
    asked, _ = walk(interview, TODAY, knowing(read(facts, case["facts"])))
    assert len([question for question in asked if question.id not in ELSEWHERE]) <= 14, [each.id for each in asked]


# The same for other programs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choices", [NURSE, RANSOMWARE, {}], ids=["nurse", "ransomware", "cannot tell"])
def test_driving_next_json_asks_the_same_questions(choices, interview, facts, tmp_path, capsys):
    """A front end that only knows the JSON: it picks a choice and puts its facts into the answers file."""
    from leakresp.shell.main import main

    expected, _ = walk(interview, TODAY, noted(facts, choices), until="duty")
    file = tmp_path / "answers.json"
    stated: dict[str, Any] = {}
    asked: list[str] = []
    while len(asked) < 30:
        file.write_text(json.dumps({"facts": stated}), encoding="utf-8")
        assert main(["next", "--answers", str(file), "--until", "duty", "--on", str(TODAY), "--json"]) == 0
        question = json.loads(capsys.readouterr().out)
        if question is None:
            break
        asked.append(question["question"])
        stated |= chosen(question, choices.get(question["question"], "unknown"))
    assert asked == [question.id for question in expected]


def chosen(question, choice):
    if isinstance(choice, list):
        return {question["settles"][0]: choice}
    return next(each["facts"] for each in question["choices"] if each["value"] == choice)
