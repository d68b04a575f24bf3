"""What is presumed while nobody can tell; and a stated answer, which always prevails."""

import pytest
from tests.incidents import TODAY, read

from leakresp.law.held import NOT_ASKED, UNSURE, Open, Presumed
from leakresp.law.presumptions import Presumption, Presumptions
from leakresp.law.truth import NO, YES

EXEMPTIONS = (
    "recovered_unseen",
    "intended_provision",
    "copy_held",
    "justified_deletion",
    "strong_encryption",
    "decryption_controlled",
    "other_protection",
    "pseudonymised",
)
WRONGFUL_CAUSES = (
    "unauthorized_access",
    "ransomware",
    "malware",
    "web_tampering",
    "account_takeover",
    "credential_stuffing",
    "tech_support_scam",
    "insider_theft",
    "theft",
)
SIGNS = (
    "exfiltration_traces",
    "infostealer_malware",
    "c2_traffic",
    "page_tampering",
    "credible_warning",
    "insider_access_traces",
)


@pytest.fixture(scope="module")
def in_force(rulebook):
    return rulebook.in_force(TODAY)


@pytest.fixture
def known(in_force, facts):
    return lambda **stated: in_force.presumptions.fill(read(facts, stated))


def presumed(held):
    return held.value if isinstance(held, Presumed) else None


@pytest.mark.parametrize("fact", EXEMPTIONS)
def test_an_exemption_must_be_confirmed(known, in_force, fact):
    assert fact in in_force.presumptions.exemptions
    assert presumed(known()[fact]) == "no"
    assert presumed(known(**{fact: "unknown"})[fact]) == "no"
    assert known(**{fact: "yes"})[fact] == "yes"
    assert known(**{fact: "no"})[fact] == "no"


@pytest.mark.parametrize(
    ("fact", "value"), [("organisation_type", "business"), ("data_relation", "own"), ("record_kind", "personal_data")]
)
def test_the_widest_duty_is_presumed_while_nothing_is_stated(known, fact, value):
    assert presumed(known()[fact]) == value
    assert not known()[fact].asked
    assert known(**{fact: "unknown"})[fact].asked


@pytest.mark.parametrize("cause", WRONGFUL_CAUSES)
def test_an_attack_or_a_theft_is_taken_as_a_wrongful_act(known, cause):
    assert presumed(known(cause=cause)["wrongful_act"]) == "confirmed"
    assert presumed(known(cause=cause, wrongful_act="unknown")["wrongful_act"]) == "confirmed"


def test_no_other_cause_says_anything_of_a_purpose(known, facts):
    for cause in set(facts["cause"].words) - set(WRONGFUL_CAUSES):
        assert isinstance(known(cause=cause)["wrongful_act"], Open), cause


@pytest.mark.parametrize("sign", SIGNS)
def test_one_sign_makes_a_leak_and_a_purpose_suspected(known, sign):
    held = known(compromise_signs=[sign])
    assert presumed(held["leak"]) == "suspected"
    assert presumed(held["wrongful_act"]) == "suspected"


def test_no_sign_found_says_nothing(known):
    assert isinstance(known(compromise_signs=["none"])["leak"], Open)
    assert isinstance(known(compromise_signs=["none"])["wrongful_act"], Open)


def test_the_cause_comes_before_the_signs(known):
    held = known(cause="ransomware", compromise_signs=["c2_traffic"])["wrongful_act"]
    assert (held.value, held.by) == ("confirmed", "attack_is_wrongful")


@pytest.mark.parametrize("stated", ["confirmed", "suspected", "ruled_out"])
def test_a_stated_answer_prevails_over_what_the_cause_or_the_signs_suggest(known, stated):
    held = known(cause="theft", compromise_signs=["c2_traffic"], wrongful_act=stated, leak=stated)
    assert held["wrongful_act"] == stated
    assert held["leak"] == stated


def test_everything_else_that_nobody_stated_is_open_never_no(known, facts, in_force):
    filled = known()
    presumable = {each.fact for each in in_force.presumptions.all}
    for fact in facts:
        if fact not in presumable:
            assert filled[fact] is NOT_ASKED, fact
            assert known(**{fact: "unknown"})[fact] is UNSURE, fact


def test_what_could_still_fill_a_fact_is_asked_for_with_it(known, in_force):
    wrongful = in_force.condition({"fact": "wrongful_act", "is": ["confirmed"]})
    assert wrongful.prove(known()).open_facts() == {"wrongful_act", "cause", "compromise_signs"}
    assert wrongful.prove(known(cause="misdelivery")).open_facts() == {"wrongful_act", "compromise_signs"}


def test_a_presumption_is_shown_where_a_duty_rests_on_it(assessor, facts):
    report = assessor.assess(read(facts, {"leak": "confirmed", "cause": "theft"}), None, TODAY).regime("appi")
    assert {"wrongful_act", "record_kind", "recovered_unseen"} <= set(report.presumed)
    assert "leak" not in report.presumed


def test_the_interview_does_not_ask_a_purpose_that_the_cause_makes_plain(known, in_force):
    assert "wrongful_act" in in_force.presumptions.unasked(known(cause="ransomware"))
    assert "wrongful_act" not in in_force.presumptions.unasked(known(cause="lost_device"))


def test_every_presumption_says_why_in_both_languages(in_force):
    for each in in_force.presumptions.all:
        assert each.says["ja"], each.id
        assert each.says["en"], each.id
        assert each.sources, each.id


def test_of_two_presumptions_for_one_fact_the_first_in_the_file_that_holds_is_taken(in_force):
    by_cause = {"fact": "cause", "is": ["other"]}
    made = [
        Presumption(name, "leak", value, in_force.condition(when) if when else None, False, True, False, {}, ())
        for name, value, when in (("first", "confirmed", by_cause), ("last", "suspected", None))
    ]
    presumptions = Presumptions(in_force.rulebook.facts, made)
    assert presumed(presumptions.fill({"cause": "other"})["leak"]) == "confirmed"
    assert presumed(presumptions.fill({"cause": "theft"})["leak"]) == "suspected"
    assert presumed(presumptions.fill({})["leak"]) == "suspected"


def test_an_exemption_taken_not_to_hold_can_still_lift_the_duty(assessor, facts):
    stated = read(facts, {"leak": "confirmed", "cause": "theft"})
    before = assessor.assess(stated, None, TODAY)
    assert before.verdict == "required"
    assert before.regime("appi").event.truth is YES
    for fact in ("recovered_unseen", "intended_provision", "other_protection", "pseudonymised"):
        assert fact in before.open_facts
        lifted = assessor.assess(stated | {fact: "yes"}, None, TODAY).regime("appi")
        assert lifted.criteria["wrongful_purpose"].truth is NO or lifted.report.duty != "required", fact


@pytest.mark.parametrize(
    ("stated", "warned"),
    [
        ({"cause": "theft", "wrongful_act": "ruled_out"}, True),
        ({"cause": "theft", "wrongful_act": "suspected"}, False),
        ({"cause": "theft"}, False),
        ({"compromise_signs": ["c2_traffic"], "leak": "ruled_out"}, True),
        ({"compromise_signs": ["c2_traffic"], "leak": "confirmed"}, False),
        ({"compromise_signs": ["none"], "leak": "ruled_out"}, False),
        ({"cause": "misdelivery", "my_number_misuse": "ruled_out"}, False),
    ],
)
def test_a_stated_answer_that_goes_against_the_circumstances_is_followed_and_warned_about(
    assessor, facts, stated, warned
):
    warnings = assessor.assess(read(facts, stated), None, TODAY).caveats
    assert ("against_presumption" in {warning.key for warning in warnings}) is warned


def test_what_is_presumed_only_while_nobody_was_asked_does_not_stand_against_somebody_who_cannot_tell(known):
    assert presumed(known()["partners_to_tell"]) == ("none",)
    assert known(partners_to_tell="unknown")["partners_to_tell"] == UNSURE
    assert known(partners_to_tell=["client"])["partners_to_tell"] == ("client",)
