"""The reference cases: what the guideline, the Q&A or the rule decides is what the engine decides.

And whatever is then taken away from the facts, a duty to report does not quietly vanish.
"""

import datetime as dt

import pytest
from tests.incidents import TODAY, contradicts_itself, read, reference_cases

from leakresp.law.held import UNSURE

CASES = [*reference_cases("appi.yaml"), *reference_cases("more.yaml")]
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def test_every_case_has_a_name_of_its_own_a_source_and_both_languages():
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert len(CASES) >= 92 + 40
    for case in CASES:
        assert case["source"]
        assert set(case["title"]) == {"ja", "en"}


@each_case
def test_the_case_is_decided_as_its_source_decides(case, assessor, facts):
    assessment = assessor.assess(read(facts, case["facts"]), None, TODAY)
    expected = case["expect"]
    found = {"verdict": assessment.verdict}
    if expected.keys() - {"verdict", "warnings"}:
        found |= regime(assessment, "appi")
        found["my_number_report"] = assessment.regime("my_number").report.duty
        for name in ("my_number", "public_bodies"):
            found[name] = regime(assessment, name)
    for key, value in expected.items():
        if key == "warnings":
            assert set(value) <= {caveat.key for caveat in assessment.caveats}
        elif key == "unless":
            assert set(value) <= set(assessment.regime("appi").unless)
        elif isinstance(value, dict):
            assert_holds(value, found[key], key)
        else:
            assert found[key] == value, key


def assert_holds(expected, found, key):
    for name, value in expected.items():
        if isinstance(value, dict):
            assert_holds(value, found[name], f"{key}.{name}")
        else:
            assert found[name] == value, f"{key}.{name}"


def regime(assessment, name):
    """Return what a case may expect of one body of law, in the words of the case files."""
    result = assessment.regime(name)
    clock = next((clock for clock in result.clocks if clock.id == "final_report"), None)
    return {
        "event": result.event.truth.word,
        "criteria": {criterion: proof.truth.word for criterion, proof in result.criteria.items()},
        "report": result.report.duty,
        "final_days": str(clock.term.days) if clock else None,
        "due": str(clock.term.due) if clock else None,
    }


@each_case
def test_a_required_report_never_vanishes_when_a_fact_is_taken_away(case, assessor, facts):
    answers = read(facts, case["facts"])
    before = assessor.assess(answers, None, TODAY)
    if contradicts_itself(answers):
        return  # taking one side of a contradiction away decides it
    for fact in answers:
        without = {name: value for name, value in answers.items() if name != fact}
        for fewer in (without, without | {fact: UNSURE}):
            after = assessor.assess(fewer, before.on, TODAY)
            if before.verdict == "required":
                assert after.verdict in {"required", "undetermined"} or asks_who_we_are(after, fact), fact
            if before.regimes and before.regime("appi").report.duty == "required":
                assert after.regime("appi").report.duty in {"required", "undetermined"}, fact


def asks_who_we_are(assessment, fact):
    """Tell whether an administrative organ that did not say so is asked: until then it is judged as a business."""
    return fact == "organisation_type" and "organisation_type" in assessment.open_facts


@each_case
def test_not_knowing_an_answer_decides_as_if_it_had_not_been_asked(case, assessor, facts):
    answers = read(facts, case["facts"])
    day = assessor.day(answers, None, TODAY)
    for fact in answers:
        without = {name: value for name, value in answers.items() if name != fact}
        not_asked = assessor.assess(without, day, TODAY)
        unsure = assessor.assess(without | {fact: UNSURE}, day, TODAY)
        assert truths(not_asked) == truths(unsure), fact


def truths(assessment):
    """Return what is decided by the Act and its kin; what stands beside it is looked at only once somebody was asked."""
    return {
        result.regime.id: (result.report.duty, *(proof.truth.word for proof in result.criteria.values()))
        for result in assessment.regimes
        if not result.regime.beside
    }


def test_a_later_day_of_the_rules_does_not_change_what_was_already_law(assessor, facts):
    """An incident of 2026 is judged alike on every later day: nothing promulgated without a date is applied."""
    for case in CASES:
        answers = read(facts, {key: value for key, value in case["facts"].items() if key != "discovered_on"})
        now = assessor.assess(answers, TODAY, TODAY)
        assert truths(assessor.assess(answers, dt.date(2030, 1, 1), TODAY)) == truths(now), case["id"]
