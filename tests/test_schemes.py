"""Schemes, disclosure rules, contracts and the police beside the Act: whom to tell, by when, how, on what ground, how sure."""

import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from tests.desk_clock import leakresp
from tests.incidents import TODAY, read, reference_cases
from tests.respondents import BCC_MISTAKE, noted, walk
from tests.screens import golden
from tests.test_interview import NURSE, RANSOMWARE

from leakresp.law.vocabulary import JAPAN
from leakresp.response.assessment_json import assessment_json
from leakresp.response.telling import tellings
from leakresp.shell.desk import Desk
from leakresp.shell.result import ResultWords
from leakresp.shell.screen import Screen
from leakresp.shell.wording import Wording

__all__ = ["leakresp"]  # the fixture

GOLDEN = Path(__file__).parent / "golden" / "recipients"
LANGUAGES = ("ja", "en")
SCHEMES = ("privacy_mark", "listed_company", "cyber_act", "card", "contracts")
CASES = reference_cases("schemes.yaml")
by_id = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
#: For each scheme an incident in which it asks for something.
DUE: dict[str, Any] = {
    "privacy_mark": {"privacy_mark": "yes", "leak": "confirmed"},
    "listed_company": {"listed_company": "yes", "leak": "confirmed", "disclosure_material": "yes"},
    "cyber_act": {"critical_infrastructure": "yes", "cause": "ransomware", "important_computers": "confirmed"},
    "card": {"cause": "web_tampering", "data_items": ["credit_card_number"]},
    "contracts": {"data_relation": "entrusted_to_us", "entrustor_contract_notice": "yes", "leak": "confirmed"},
}
RULED_OUT: dict[str, Any] = {"leak": "ruled_out", "loss": "ruled_out", "tampered": "ruled_out", "unusable": "ruled_out"}
#: What only a scheme asks for.
OF_SCHEMES = {"disclosure_material", "important_computers", "entrustor_contract_notice", "partners_to_tell"}


@pytest.fixture
def assess(assessor, facts):
    return lambda stated: assessor.assess(read(facts, stated), None, TODAY)


def told(assessment):
    return [each.name for each in tellings(assessment)]


def dated(clock):
    """Return what a case expects of a clock."""
    if clock.kind == "prompt":
        return "prompt"
    if clock.kind == "guide":
        return {"guide_to": str(clock.guide[1])}
    return {"days": str(clock.term.days), "due": str(clock.term.due)}


# the cases --------------------------------------------------------------------------------------------------------------


@by_id
def test_the_case_is_decided_as_its_scheme_decides(case, assess):
    assessment, expected = assess(case["facts"]), case["expect"]
    for name, wanted in expected.get("schemes", {}).items():
        result = assessment.regime(name)
        if wanted == "absent":
            assert result is None, name
            continue
        assert result.report.duty == wanted["duty"], name
        if "deadlines" in wanted:
            assert {clock.id: dated(clock) for clock in result.clocks} == wanted["deadlines"]
    names, unlooked = told(assessment), {each.regime.id for each in assessment.unlooked}
    assert set(expected.get("told", ())) <= set(names)
    assert not set(expected.get("not_told", ())) & set(names)
    assert set(expected.get("unlooked", ())) <= unlooked
    assert not set(expected.get("unlooked_not", ())) & unlooked
    assert assessment.verdict == expected.get("verdict", assessment.verdict)
    if "report" in expected:
        assert assessment.regime("appi").report.duty == expected["report"]


def test_every_case_has_a_name_of_its_own_a_source_and_both_languages():
    assert len({case["id"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert case["source"]
        assert set(case["title"]) == set(LANGUAGES)


def test_every_scheme_has_cases_that_ask_for_something_ask_for_nothing_and_cannot_be_told():
    for scheme in SCHEMES:
        found = [case["expect"].get("schemes", {}).get(scheme) for case in CASES]
        duties = {each if isinstance(each, str) else each["duty"] for each in found if each}
        assert {"required", "undetermined"} <= duties, scheme
        assert duties & {"not_required", "absent"}, scheme


# unknown is never no ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_answer_that_cannot_be_told_never_ends_a_scheme(scheme, assess):
    whole = DUE[scheme]
    assert assess(whole).regime(scheme).report.duty == "required"
    for fact in whole:
        assessment = assess(whole | {fact: "unknown"})
        result = assessment.regime(scheme)
        unlooked = {each.regime.id for each in assessment.unlooked}
        # Whose data they are is taken to be our own while nobody can tell: the widest duty under the Act.
        assert scheme in unlooked or result is not None or fact == "data_relation", (scheme, fact)
        assert result is None or result.report.duty in {"required", "undetermined"}, (scheme, fact)


@pytest.mark.parametrize("fact", ["privacy_mark", "listed_company", "critical_infrastructure"])
def test_what_nothing_else_rules_out_is_left_out_without_a_word(fact, assess):
    assessment = assess({"further_duties": "no", "leak": "confirmed", "cause": "ransomware", "data_items": ["email"]})
    assert fact not in {each for one in assessment.unlooked for each in one.facts}


@pytest.mark.parametrize("scheme", ["privacy_mark", "contracts"])
def test_nothing_is_owed_where_nothing_happened(scheme, assess):
    stated = DUE[scheme] | RULED_OUT | {"my_number_misuse": "ruled_out", "cause": "misdelivery"}
    assert assess(stated).regime(scheme).report.duty == "not_required"


# the interview ----------------------------------------------------------------------------------------------------------


def asked(interview, facts, choices):
    return [question.id for question in walk(interview, TODAY, noted(facts, choices))[0]]


BCC = BCC_MISTAKE | {"affected_people": "30"}


@pytest.mark.parametrize("choices", [NURSE, BCC, RANSOMWARE], ids=["nurse", "mass mail", "ransomware"])
def test_a_plain_case_is_asked_nothing_for_a_scheme(interview, facts, choices):
    questions = asked(interview, facts, choices | {"further_duties": "nothing"})
    assert questions.count("further_duties") == 1
    assert not OF_SCHEMES & set(questions)
    assert not {"privacy_mark", "listed_company", "critical_infrastructure"} & set(questions)


def test_an_entrustee_is_asked_one_thing_about_its_contract(interview, facts):
    choices = NURSE | {"standing": "business_entrusted_to_us", "further_duties": "nothing"}
    assert OF_SCHEMES & set(asked(interview, facts, choices)) == {"entrustor_contract_notice"}


def test_a_listed_operator_is_asked_what_its_two_regimes_turn_on(interview, facts):
    several = {"further_duties": "several", "listed_company": "yes", "critical_infrastructure": "yes"}
    questions = asked(interview, facts, RANSOMWARE | several)
    assert OF_SCHEMES & set(questions) == {"disclosure_material", "important_computers"}
    assert questions.index("listed_company") < questions.index("disclosure_material")
    mispost = asked(interview, facts, NURSE | several)
    assert "important_computers" not in mispost, "a letter to the wrong person is no attack"


# whom, by when, how, on what ground, how sure -----------------------------------------------------------------------------


@pytest.fixture
def listed(library, assess):
    at = Desk(Wording(library.words, "en"), library, dt.datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN), None, plain=False)
    return lambda stated: assessment_json(assess(stated), {}, at.phrases)["recipients"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_list_says_of_each_whom_by_when_how_on_what_ground_and_how_sure(scheme, listed):
    mine = [each for each in listed(DUE[scheme]) if each["id"].startswith(f"{scheme}.")]
    assert mine
    for each in mine:
        assert each["title"]
        assert each["way"]
        assert each["duty"] == "required"
        assert each["because"]
        assert each["sources"]
        assert each["read"] in {"reported", "practice", "memory"}, "none of these was read in the original"
        assert bool(each["deadlines"]) == (each["for"] == "report")


def test_what_is_told_now_stands_before_what_has_days(listed):
    names = [each["id"] for each in listed(DUE["card"] | {"leak": "confirmed", "discovered_on": "2026-11-20"})]
    assert names[0] == "card.acquirer"
    assert names.index("card.acquirer") < names.index("card.pfi") < names.index("appi.ppc")


OVERLAPS: list[Any] = [
    ("privacy_mark.body", "appi.ppc", "besides", DUE["privacy_mark"] | {"data_items": ["medical_history"]}),
    ("privacy_mark.body", "my_number.ppc", "besides", DUE["privacy_mark"] | {"data_items": ["my_number"], "affected_people": "101"}),
    ("listed_company.exchange", "appi.ppc", "besides", DUE["listed_company"] | {"affected_people": "5000"}),
    ("listed_company.exchange", "appi.persons", "besides", DUE["listed_company"] | {"affected_people": "5000"}),
    ("cyber_act.minister", "appi.ppc", "besides", DUE["cyber_act"] | {"leak": "suspected"}),
    ("cyber_act.minister", "appi.police", "besides", DUE["cyber_act"]),
    ("card.acquirer", "appi.ppc", "besides", DUE["card"] | {"leak": "confirmed"}),
    ("card.acquirer", "appi.persons", "besides", DUE["card"] | {"leak": "confirmed"}),
    ("card.pfi", "appi.ppc", "besides", DUE["card"] | {"leak": "confirmed"}),
    ("contracts.entrustor", "appi.entrustor", "together", DUE["contracts"]),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "how", "stated"), OVERLAPS, ids=[f"{each[0]}-{each[1]}" for each in OVERLAPS])
def test_reports_side_by_side_say_whether_one_replaces_the_other(one, other, how, stated, listed):
    entry = next(each for each in listed(stated) if each["id"] == one)
    overlap = next(each for each in entry["overlaps"] if each["with"] == other)
    assert overlap["how"] == how
    assert overlap["says"]
    assert overlap["sources"]


def test_no_scheme_takes_the_place_of_a_report_under_the_law(rulebook):
    for regime in rulebook.regimes.values():
        if regime.group == "schemes":
            assert all(each.how != "instead" for recipient in regime.recipients for each in recipient.overlaps)


@pytest.mark.parametrize(
    ("cause", "paper"),
    [
        ("ransomware", "cyber_form_ransomware"),
        ("ddos", "cyber_form_ddos"),
        ("unauthorized_access", "cyber_form_other"),
    ],
)
def test_the_common_form_that_fits_the_attack_is_named_and_no_other(cause, paper, listed):
    entry = next(each for each in listed(DUE["cyber_act"] | {"cause": cause}) if each["id"] == "cyber_act.minister")
    assert entry["papers"] == [paper]


def test_a_paper_of_a_scheme_hangs_on_the_answer_that_brings_the_scheme_in(assess):
    stated = {"leak": "confirmed", "data_items": ["medical_history"]}
    paper = "privacy_mark_report"
    open_need = next(need for need in assess(stated).papers_open if need.paper.id == paper)
    assert open_need.hangs_on == ("further_duties", "privacy_mark")
    assert paper in [need.paper.id for need in assess(stated | {"privacy_mark": "yes"}).papers]
    ruled_out = assess(stated | {"privacy_mark": "no"})
    assert paper not in [need.paper.id for need in (*ruled_out.papers, *ruled_out.papers_open)]


def test_a_company_that_decided_not_to_disclose_is_not_sent_to_the_exchange(assess):
    stated = DUE["listed_company"] | {"disclosure_material": "no"}
    assert "timely_disclosure_note" not in [need.paper.id for need in assess(stated).papers]
    undecided = assess(DUE["listed_company"] | {"disclosure_material": "unknown"})
    assert "timely_disclosure_note" in [need.paper.id for need in undecided.papers]


# the screen -------------------------------------------------------------------------------------------------------------

INCIDENTS = {
    "mark_holder_mass_mail": {
        "data_relation": "own",
        "cause": "bcc_mistake",
        "wrongful_act": "ruled_out",
        "leak": "confirmed",
        "data_items": ["email"],
        "data_items_complete": "yes",
        "affected_people": "30",
        "further_duties": "no",
        "privacy_mark": "yes",
        "discovered_on": "2026-11-20",
    },
    "listed_shop_card_skimming": {
        "data_relation": "own",
        "cause": "web_tampering",
        "leak": "confirmed",
        "data_items": ["name", "credit_card_number", "card_security_code"],
        "data_items_complete": "yes",
        "affected_people": "..5000",
        "further_duties": "no",
        "listed_company": "yes",
        "disclosure_material": "unknown",
        "discovered_on": "2026-11-20",
    },
    "infrastructure_operator_ransomware": {
        "data_relation": "own",
        "cause": "ransomware",
        "leak": "suspected",
        "unusable": "confirmed",
        "copy_held": "no",
        "data_items": ["name", "email"],
        "data_items_complete": "yes",
        "affected_people": "38000",
        "further_duties": "no",
        "critical_infrastructure": "yes",
        "important_computers": "suspected",
        "discovered_on": "2026-11-20",
    },
    "entrustee_mailed_a_clients_list": {
        "data_relation": "entrusted_to_us",
        "cause": "misdirected_email",
        "wrongful_act": "ruled_out",
        "leak": "confirmed",
        "data_items": ["name", "email"],
        "data_items_complete": "yes",
        "affected_people": "2800",
        "further_duties": "no",
        "entrustor_contract_notice": "yes",
        "partners_to_tell": ["isms_body", "cyber_insurer"],
        "discovered_on": "2026-11-20",
    },
    "pc_left_on_a_train": {
        "data_relation": "own",
        "cause": "lost_device",
        "wrongful_act": "ruled_out",
        "leak": "suspected",
        "strong_encryption": "no",
        "data_items": ["name", "email"],
        "data_items_complete": "yes",
        "affected_people": "300",
        "further_duties": "no",
        "discovered_on": "2026-11-20",
    },
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", INCIDENTS)
def test_the_list_of_those_to_be_told_is_the_one_kept(library, name, lang, assess):
    moment = dt.datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN)
    at = Desk(Wording(library.words, lang), library, moment, None, plain=False)
    result = ResultWords(assess(INCIDENTS[name]), at.phrases, at.today, "mark")
    out = StringIO()
    Screen(at, out=out).write(result.section("recipients", result.recipients()))
    golden(f"{name}.{lang}.txt", out.getvalue(), GOLDEN)


@pytest.mark.parametrize(
    ("stated", "first"),
    [
        (INCIDENTS["mark_holder_mass_mail"], "Another law, a scheme or a contract beside the APPI asks for a report"),
        (
            INCIDENTS["mark_holder_mass_mail"] | {"privacy_mark": "no", "listed_company": "yes", "disclosure_material": "unknown"},
            "Whether another law, a scheme or a contract asks for a report or notice cannot be told yet.",
        ),
        (INCIDENTS["listed_shop_card_skimming"], "A report to the authority and notice to the persons concerned"),
    ],
)  # fmt: skip
def test_what_only_a_scheme_asks_for_is_not_said_as_if_the_act_did(library, assess, stated, first):
    at = Desk(Wording(library.words, "en"), library, dt.datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN), None, plain=False)
    rows = ResultWords(assess(stated), at.phrases, at.today, "mark").verdict({})
    assert next(iter(rows)).text.startswith(first)


# the clock of a case ------------------------------------------------------------------------------------------------------


def test_a_case_shows_that_disclosure_follows_at_once_and_other_prompt_reports_promptly(leakresp):
    leakresp.begin(
        cause="ransomware", listed_company="yes", disclosure_material="yes", critical_infrastructure="yes",
        important_computers="confirmed",
    )  # fmt: skip
    for command in ("status mail", "clock", "assess --set listed_company=yes --set disclosure_material=yes"):
        assert "適時開示（上場規程）  直ちに" in leakresp.fine(command), command
    assert "速やかな報告（サイバー対処能力強化法）  状況に応じて速やかに" in leakresp.fine("clock")
