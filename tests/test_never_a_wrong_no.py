"""Ways in which a duty was once missed or a date shown too late; each is closed and stays closed."""

import datetime as dt
import subprocess
import sys

import pytest
from tests.incidents import TODAY, read

from leakresp.response.telling import tellings

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


@pytest.mark.parametrize(
    ("fact", "regime"),
    [
        ("sector", "telecom"),
        ("privacy_mark", "privacy_mark"),
        ("listed_company", "listed_company"),
        ("critical_infrastructure", "cyber_act"),
        ("residents_abroad", "gdpr"),
    ],
)
def test_having_answered_none_of_these_does_not_stand_against_one_of_them_that_cannot_be_told(assess, fact, regime):
    stated = {"cause": "ransomware", "leak": "confirmed", "further_duties": "no", fact: "unknown"}
    assert assess(stated).regime(regime).report.duty == "undetermined"


def test_an_empty_list_of_items_is_no_list(assess):
    stated = {"leak": "confirmed", "data_items": [], "data_items_complete": "yes", "wrongful_act": "ruled_out"}
    assert assess(stated | {"affected_people": "5"}).verdict == "undetermined"


def test_a_body_that_holds_other_duties_is_told_of_them_although_nothing_is_due_to_the_commission(assess):
    stated = {
        "leak": "confirmed",
        "record_kind": "unorganised",
        "sector": "telecom",
        "communications_secrecy": "confirmed",
        "privacy_mark": "yes",
    }
    assessment = assess(stated)
    assert assessment.regime("appi").report.duty == "not_required"
    assert {"telecom.regional_bureau", "privacy_mark.body"} <= {each.name for each in tellings(assessment)}
    assert assessment.verdict == "required"
    not_asked = {fact: value for fact, value in stated.items() if fact != "sector"}
    assert "telecom" in {each.regime.id for each in assess(not_asked).unlooked}


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


def typed(*words):
    """Return what a command that is typed comes to."""
    return subprocess.run(
        [sys.executable, "-m", "leakresp", *words], capture_output=True, encoding="utf-8", check=False
    )


def settings(stated):
    return [word for fact, value in stated.items() for word in ("--set", f"{fact}={value}")]


def test_no_final_letter_tells_of_a_leak_that_the_answers_rule_out():
    done = typed("draft-notice", "letter", "--final", *settings({"leak": "ruled_out"} | RULED_OUT))
    assert done.returncode == 3
    assert done.stdout == ""
    assert "漏えいも滅失も毀損もない" in done.stderr


def test_a_letter_that_no_law_calls_for_says_so():
    stated = {"leak": "confirmed", "data_relation": "not_handling", "data_items": "name", "affected_people": "5"}
    assert "法律上の義務はありません" in typed("draft-notice", "letter", *settings(stated)).stderr


def test_records_that_were_only_altered_are_not_said_to_be_unusable():
    stated = {"leak": "confirmed", "recovered_unseen": "yes", "tampered": "confirmed", "secondary_damage": "suspected"}
    assert "記録が使えない" not in typed("draft-notice", "letter", *settings(stated)).stdout


def test_every_failure_ends_in_the_next_command():
    for words in (["assess", "nofile.yaml"], ["assess", "--set", "leak=mayb"], ["assess", "--on", "2023-13-01"]):
        assert "leakresp " in typed(*words).stderr.splitlines()[-1], words


def test_a_body_that_only_stores_what_it_does_not_handle_has_no_duty_of_its_own(assess):
    stated = {"organisation_type": "administrative_organ", "data_relation": "not_handling", "leak": "confirmed"}
    assert assess(stated | {"affected_people": "5000"}).regime("public_bodies").report.duty == "not_required"


def test_the_memo_why_nothing_was_reported_is_not_refused_for_want_of_a_leak():
    done = typed("draft-notice", "not_reported_memo", "--final", *settings({"leak": "ruled_out"} | RULED_OUT))
    assert "完成版は作りません" not in done.stderr
