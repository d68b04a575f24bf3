"""Ways in which a duty was once missed or a date shown too late; each is closed and stays closed."""

import datetime as dt

import pytest
from tests.incidents import TODAY, read

RULED_OUT = {"loss": "ruled_out", "tampered": "ruled_out", "unusable": "ruled_out"}
MY_NUMBER = {"data_items": ["my_number"], "data_items_complete": "yes"}


@pytest.fixture
def assess(assessor, facts):
    return lambda stated: assessor.assess(read(facts, stated), None, TODAY)


def final(assessment, regime="appi"):
    return next(clock for clock in assessment.regime(regime).clocks if clock.id == "final_report")


def caveats(assessment):
    return {caveat.key for caveat in assessment.caveats}


def test_not_knowing_whether_my_number_was_misused_is_not_taken_for_no(assess):
    stated = {"cause": "misdirected_email", "wrongful_act": "ruled_out", "leak": "confirmed"}
    stated |= {"intended_provision": "yes", "affected_people": "150", "my_number_misuse": "unknown"}
    assert assess(stated | RULED_OUT | MY_NUMBER).regime("my_number").report.duty == "undetermined"


def test_my_number_open_to_all_counts_although_nobody_is_known_to_have_looked(assess):
    stated = {
        "cause": "web_misconfiguration",
        "leak": "ruled_out",
        "special_mass_exposure": "yes",
        "affected_people": "1",
    }
    assessment = assess(stated | RULED_OUT | MY_NUMBER)
    assert assessment.regime("my_number").report.duty == "required"
    assert assess(stated | RULED_OUT | MY_NUMBER | {"recovered_unseen": "yes"}).verdict == "not_required"


def test_an_empty_list_of_items_is_no_list(assess):
    stated = {"leak": "confirmed", "data_items": [], "data_items_complete": "yes", "wrongful_act": "ruled_out"}
    assert assess(stated | {"affected_people": "5"}).verdict == "undetermined"


def test_a_body_that_holds_other_duties_is_told_of_them_although_nothing_is_due_to_the_commission(assess):
    stated = {
        "leak": "confirmed",
        "record_kind": "unorganised",
        "communications_secrecy": "confirmed",
        "privacy_mark": "yes",
    }
    told = {recipient.id for recipient in assess(stated).regime("appi").recipients}
    assert {"secrecy_of_communications", "privacy_mark_body"} <= told


@pytest.mark.parametrize(
    "stated",
    [
        {"pseudonymised": "yes", "data_items": ["name", "credit_card_number"]},
        {"cause": "insider_theft", "intended_provision": "yes"},
        {"recovered_unseen": "yes", "secondary_damage": "confirmed"},
        {"cause": "theft", "leak": "ruled_out"},
        {"cause": "bcc_mistake", "strong_encryption": "yes"},
        {"cause": "misdelivery", "intended_provision": "yes"},
    ],
    ids=" and ".join,
)
def test_answers_that_cannot_both_be_true_are_pointed_out(assess, stated):
    assert "contradiction" in caveats(assess(stated))


def test_choosing_a_cause_states_no_more_than_its_words(interview):
    options = {option.id: option.facts for option in interview.by_id["what_happened"].options}
    assert "wrongful_act" not in options["generative_ai_input"]
    assert "wrongful_act" not in options["lost_device"]
    assert "wrongful_act" not in options["web_misconfiguration"]


def test_the_clock_has_no_first_day_while_a_situation_was_known_on_an_unknown_day(assess):
    stated = {"leak": "confirmed", "data_items": ["medical_history"], "wrongful_act": "suspected"}
    assessment = assess(stated | {"discovered_on": "unknown", "wrongful_learned_on": "2026-11-20"})
    assert final(assessment).counts_from is None


def test_a_situation_that_may_still_hold_starts_the_clock_on_the_first_day(assess):
    stated = {"leak": "confirmed", "cause": "other", "wrongful_act": "suspected", "discovered_on": "2026-10-01"}
    assert final(assess(stated | {"wrongful_learned_on": "2026-11-20"})).counts_from == dt.date(2026, 10, 1)


def test_a_later_day_that_lies_in_the_future_is_pointed_out(assess):
    stated = {"leak": "confirmed", "cause": "ransomware", "discovered_on": "2026-11-20"}
    assert "day_in_future" in caveats(assess(stated | {"wrongful_learned_on": "2027-11-22"}))
