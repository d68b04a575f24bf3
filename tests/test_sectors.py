"""Licensed businesses: which report goes where, by when, and which of them takes the place of another."""

import datetime as dt
import json
from typing import Any

import pytest
from tests.console import ROOT
from tests.incidents import TODAY, read, reference_cases
from tests.respondents import BCC_MISTAKE, noted, walk
from tests.screens import assessed, desk, golden

from leakresp.law.held import UNSURE
from leakresp.response.assessment_json import assessment_json
from leakresp.response.telling import tellings
from leakresp.shell.telling_words import TellingWords

CASES = reference_cases("sectors.yaml")
SCREENS = ROOT / "tests" / "golden" / "recipients"
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


@pytest.fixture
def assess(assessor, facts):
    return lambda stated: assessor.assess(read(facts, stated), None, TODAY)


def duties(assessment):
    found = {}
    for result in assessment.regimes:
        found[f"{result.regime.id}.{result.regime.report}"] = result.report.duty
    return found


def last_days(assessment):
    return {f"{result.regime.id}.{clock.id}": clock.last for result in assessment.regimes for clock in result.clocks}


def told(assessment):
    return [each.name for each in tellings(assessment)]


# ---- the cases ---------------------------------------------------------------------------------------------------------


def test_every_case_has_a_name_of_its_own_a_source_and_both_languages():
    assert len({case["id"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert case["source"]
        assert set(case["title"]) == {"ja", "en"}


@each_case
def test_the_case_is_decided_as_its_source_decides(case, assess):
    assessment, expected = assess(case["facts"]), case["expect"]
    assert assessment.verdict == expected.get("verdict", assessment.verdict)
    found = duties(assessment)
    for name, duty in expected.get("duties", {}).items():
        assert found.get(name) == (None if duty == "null" else duty), name
    for name, day in expected.get("dates", {}).items():
        assert str(last_days(assessment)[name]) == day, name
    names = told(assessment)
    assert [name for name in names if name in expected.get("told", [])] == expected.get("told", [])
    assert not set(expected.get("not_told", [])) & set(names)
    if "unlooked" in expected:
        looked_for = {"telecom", "finance", "medical_cyber"}
        assert {each.regime.id for each in assessment.unlooked} & looked_for == set(expected["unlooked"])
    for each in tellings(assessment):
        if each.name in expected.get("last_days", {}):
            assert str(each.last) == expected["last_days"][each.name]


@each_case
def test_a_report_that_is_due_never_vanishes_when_a_fact_is_taken_away(case, assessor, facts):
    answers = read(facts, case["facts"])
    before = assessor.assess(answers, None, TODAY)
    owed = {name for name, duty in duties(before).items() if duty == "required" and not name.startswith("appi")}
    for fact in set(answers) - {"sector", "organisation_type", "further_duties"}:
        without = {name: value for name, value in answers.items() if name != fact}
        for fewer in (without, without | {fact: UNSURE}):
            after = duties(assessor.assess(fewer, before.on, TODAY))
            assert all(after[name] in {"required", "undetermined"} for name in owed), fact


@each_case
def test_whoever_is_told_is_still_on_the_list_when_a_branch_cannot_be_told(case, assessor, facts):
    """Not knowing who granted the licence, or whose data they are, takes no addressee of a report off the list."""
    answers = read(facts, case["facts"])
    before = assessor.assess(answers, None, TODAY)
    for fact in {"licence_from", "credit_body", "subject_kinds"} & set(answers):
        after = told(assessor.assess(answers | {fact: UNSURE}, before.on, TODAY))
        own = {"appi.ppc_own_people", "appi.financial_endeavour"}
        assert set(told(before)) - own <= {*after}, fact


# ---- days --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discovered", "last"),
    [
        ("2026-11-20", "2026-12-19"),
        ("2026-12-04", "2027-01-02"),
        ("2027-02-01", "2027-03-02"),
        ("2026-11-20T23:30Z", "2026-12-20"),
    ],
)
def test_the_detailed_report_on_secrecy_counts_the_day_of_knowing_as_day_one(assess, discovered, last):
    found = last_days(assess({"sector": "telecom", "communications_secrecy": "confirmed", "discovered_on": discovered}))
    assert str(found["telecom.detailed_report"]) == last
    assert found["telecom.first_report"] is None, "promptly: no number of days"


def test_the_state_moves_a_closed_last_day_and_a_prefecture_is_not_relied_on_to(assess):
    stated = {"sector": "real_estate", "leak": "confirmed", "affected_people": 1001, "wrongful_act": "ruled_out"}
    found = {each.name: each for each in tellings(assess(stated | {"discovered_on": "2026-11-20"}))}
    finals = {
        name: next(clock.last for clock in found[name].clocks if clock.id == "final_report")
        for name in ("appi.real_estate_bureau", "appi.real_estate_governor")
    }
    assert finals == {
        "appi.real_estate_bureau": dt.date(2026, 12, 21),
        "appi.real_estate_governor": dt.date(2026, 12, 19),
    }


# ---- one report in the place of another --------------------------------------------------------------------------------


def overlaps(assessment):
    return {(each.name, overlap.other): overlap.how for each in tellings(assessment) for overlap in each.overlaps}


def test_of_a_carriers_reports_one_replaces_the_commission_and_the_other_stands_beside_it(assess):
    found = overlaps(
        assess(
            {"sector": "telecom", "communications_secrecy": "confirmed", "leak": "confirmed", "affected_people": 1001}
        )
    )
    assert found["appi.telecom_ministry", "appi.ppc"] == "instead"
    assert found["telecom.regional_bureau", "appi.telecom_ministry"] == "besides"


def test_a_banks_two_reports_may_be_one_document(assess):
    stated = {"sector": "finance", "leak": "confirmed", "affected_people": 1001, "subject_kinds": ["customers"]}
    found = overlaps(assess(stated))
    assert found["finance.authority", "appi.finance_authority"] == "together"
    assert found["appi.finance_authority", "appi.ppc"] == "instead"


def test_a_hospital_tells_the_ministry_besides_the_commission(assess):
    found = overlaps(assess({"sector": "medical", "cause": "ransomware", "leak": "suspected"}))
    assert found == {("medical_cyber.mhlw", "appi.ppc"): "besides"}


def test_whom_another_may_replace_is_named_after_it_and_says_so(assess):
    listed = tellings(assess({"sector": "agriculture", "cause": "ransomware", "leak": "suspected"}))
    names = [each.name for each in listed]
    assert names.index("appi.agriculture_ministry") < names.index("appi.ppc")
    commission = listed[names.index("appi.ppc")]
    assert [each.name for each in commission.replaced_by] == ["appi.agriculture_ministry"]


def test_nobody_stands_in_for_the_commission_on_my_number(rulebook):
    replaced = {
        overlap.other
        for regime in rulebook.regimes.values()
        for recipient in regime.recipients
        for overlap in recipient.overlaps
        if overlap.how == "instead"
    }
    assert "my_number.ppc" not in replaced
    assert "public_bodies.ppc" not in replaced


# ---- how sure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "name", "read_as"),
    [
        ({"sector": "telecom"}, "appi.telecom_ministry", "verbatim"),
        ({"sector": "finance", "licence_from": "state"}, "appi.finance_authority", "verbatim"),
        ({"sector": "agriculture"}, "appi.agriculture_ministry", "memory"),
        ({"sector": "broadcasting"}, "appi.communications_ministry", "memory"),
        ({"sector": "postal"}, "appi.communications_ministry", "memory"),
        ({"sector": "labour_dispatch"}, "appi.labour_ministry", "memory"),
        ({"sector": "debt_collection"}, "appi.justice_ministry", "memory"),
        ({"sector": "liquor_tobacco"}, "appi.liquor_tobacco_ministry", "memory"),
        ({"sector": "construction"}, "appi.construction_ministry", "reported"),
        ({"sector": "other_licensed"}, "appi.delegated_minister", "memory"),
        ({"sector": "security_services"}, "appi.ppc_security_services", "derived"),
        ({"sector": "finance", "subject_kinds": ["employees"]}, "appi.ppc_own_people", "reported"),
    ],
)
def test_an_addressee_says_how_well_it_is_known_and_one_that_is_not_certain_where_to_look(
    assess, stated, name, read_as
):
    listed = {each.name: each for each in tellings(assess(stated | {"leak": "confirmed", "affected_people": 1001}))}
    assert listed[name].read == read_as
    if read_as != "verbatim":
        assert listed[name].recipient.address == "https://www.ppc.go.jp/personalinfo/legal/kengenInin/"


def test_every_licensed_trade_is_sent_somewhere_before_the_commission_or_told_why_not(assess, facts):
    for sector in facts["sector"].words:
        listed = tellings(assess({"sector": sector, "leak": "confirmed", "cause": "ransomware"}))
        plain = {"general", "medical", "care", "education", "government"}
        to_authorities = [each.name for each in listed if each.recipient.purpose == "report"]
        reports = [name for name in to_authorities if name.startswith("appi.") and name != "appi.ppc"]
        assert bool(reports) is (sector not in plain), sector


# ---- questions ---------------------------------------------------------------------------------------------------------

BCC = BCC_MISTAKE | {"affected_people": "1001"}
SECTORAL = {
    "communications_secrecy",
    "specific_user_data",
    "care_disturbed",
    "licence_from",
    "credit_body",
    "whose_data",
}


@pytest.mark.parametrize(
    ("answers", "asked_of_it"),
    [
        ({"further_duties": "nothing"}, set()),
        ({"further_duties": "medical_only"}, set()),
        (
            {"sector": "telecom", "whose_data": ["customers"]},
            {"communications_secrecy", "specific_user_data", "whose_data"},
        ),
        ({"sector": "finance", "whose_data": ["customers"]}, {"whose_data", "licence_from"}),
        ({"sector": "real_estate", "whose_data": ["customers"]}, {"whose_data", "licence_from"}),
        ({"sector": "real_estate", "whose_data": ["employees"]}, {"whose_data"}),
        ({"sector": "credit", "whose_data": ["customers"]}, {"whose_data", "credit_body"}),
        ({"sector": "agriculture", "whose_data": ["customers"]}, {"whose_data"}),
        ({"sector": "education"}, set()),
    ],
)
def test_only_a_licensed_trade_is_asked_what_its_own_law_turns_on(interview, facts, answers, asked_of_it):
    person = noted(facts, BCC | {"further_duties": "several", "privacy_mark": "no"} | answers)
    asked, _ = walk(interview, TODAY, person)
    assert {question.id for question in asked} & SECTORAL == asked_of_it


@pytest.mark.parametrize(
    ("leak", "cause", "asked_of_it"),
    [("suspected", "ransomware", False), ("ruled_out", "ransomware", True), ("ruled_out", "misdelivery", False)],
)
def test_a_hospital_is_asked_about_its_care_only_after_an_attack_and_where_it_decides(
    interview, facts, leak, cause, asked_of_it
):
    known = read(facts, {"sector": "medical", "further_duties": "no", "cause": cause, "leak": leak})
    asked, _ = walk(interview, TODAY, noted(facts, {}), known)
    assert ("care_disturbed" in {question.id for question in asked}) is asked_of_it


def test_a_question_about_the_licence_can_say_what_hangs_on_it(interview, facts):
    known = read(facts, {"sector": "real_estate", "leak": "confirmed", "affected_people": 1001})
    assert "appi.report" in interview.why(interview.by_id["licence_from"], known, TODAY)


# ---- papers ------------------------------------------------------------------------------------------------------------


def test_the_two_reports_on_secrecy_are_named_with_the_bureau_they_go_to(assess):
    listed = {
        each.name: each for each in tellings(assess({"sector": "telecom", "communications_secrecy": "confirmed"}))
    }
    assert listed["telecom.regional_bureau"].papers == ("telecom_first_report", "telecom_detailed_report")


def test_form_1_is_the_paper_for_a_minister(assess):
    listed = {
        each.name: each
        for each in tellings(assess({"sector": "agriculture", "cause": "ransomware", "leak": "confirmed"}))
    }
    assert listed["appi.agriculture_ministry"].papers == ("form1_report",)


# ---- what a reader sees ------------------------------------------------------------------------------------------------

INCIDENTS: dict[str, dict[str, Any]] = {
    "bank_mis_sends_a_list": {
        "sector": "finance",
        "licence_from": "state",
        "further_duties": "no",
        "cause": "misdirected_email",
        "wrongful_act": "ruled_out",
        "leak": "confirmed",
        "data_items": ["name", "transaction_history"],
        "data_items_complete": "yes",
        "affected_people": 1001,
        "subject_kinds": ["customers"],
        "discovered_on": "2026-11-20",
    },
    "carrier_shows_call_records": {
        "sector": "telecom",
        "further_duties": "no",
        "communications_secrecy": "confirmed",
        "cause": "program_error",
        "wrongful_act": "ruled_out",
        "leak": "confirmed",
        "data_items": ["phone"],
        "data_items_complete": "yes",
        "affected_people": 1001,
        "subject_kinds": ["customers"],
        "discovered_on": "2026-11-20",
    },
    "hospital_with_ransomware": {
        "sector": "medical",
        "further_duties": "no",
        "cause": "ransomware",
        "leak": "suspected",
        "unusable": "confirmed",
        "data_items": ["treatment_or_dispensing"],
        "data_items_complete": "yes",
        "affected_people": "500..",
        "discovered_on": "2026-11-20",
    },
    "broker_that_has_not_looked_at_its_licence": {
        "sector": "real_estate",
        "further_duties": "no",
        "cause": "unauthorized_access",
        "leak": "confirmed",
        "data_items": ["name", "address"],
        "data_items_complete": "yes",
        "affected_people": 40,
        "subject_kinds": ["customers"],
        "discovered_on": "2026-11-20",
    },
}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", INCIDENTS)
def test_the_list_of_whom_to_tell_is_the_one_kept(library, name, lang):
    at = desk(library, lang)
    rows = TellingWords(assessed(at, INCIDENTS[name]), at.phrases, at.today, {}).rows()
    golden(f"{name}.{lang}.txt", "".join(f"{' ' * row.indent}{row.text}\n" for row in rows), SCREENS)


@pytest.mark.parametrize("name", INCIDENTS)
def test_each_recipient_of_the_json_says_whom_by_when_how_on_what_ground_and_how_sure(library, name):
    at = desk(library)
    found = json.loads(json.dumps(assessment_json(assessed(at, INCIDENTS[name]), {}, at.phrases)))
    assert found["recipients"]
    for each in found["recipients"]:
        assert all(each[key] for key in ("id", "title", "for", "way", "sources", "read"))
        assert each["for"] != "report" or (each["deadlines"] and each["because"] and each["duty"] == "required")
        assert all(overlap["says"] and overlap["sources"] for overlap in each["overlaps"])
