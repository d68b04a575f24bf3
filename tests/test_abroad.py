"""The laws abroad: whom they reach, the shortest clock first, and that not knowing is never taken for no."""

import datetime as dt

import pytest
from tests.console import ROOT
from tests.incidents import TODAY, read, reference_cases
from tests.respondents import BCC_MISTAKE, noted, walk
from tests.screens import assessed, desk, golden

from leakresp.law.held import UNSURE
from leakresp.response.assessment_json import assessment_json
from leakresp.response.case import Case
from leakresp.response.due import dues
from leakresp.response.telling import tellings
from leakresp.shell.layout import lines
from leakresp.shell.result import ResultWords

CASES = reference_cases("abroad.yaml")
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
LANGUAGES = ("ja", "en")
PLACES = {
    "eu_eea": ["gdpr"],
    "uk": ["uk_gdpr"],
    "us": ["us_other"],
    "california": ["california"],
    "korea": ["korea"],
    "china": ["china", "china_pipl"],
    "taiwan": ["taiwan"],
    "thailand": ["thailand"],
    "singapore": ["singapore"],
    "malaysia": ["malaysia"],
    "australia": ["australia"],
    "other": ["other_places"],
}
ABROAD = [law for laws in PLACES.values() for law in laws]
each_place = pytest.mark.parametrize("place", PLACES)
#: Laws that go by residence alone; the others ask for a tie to the place as well.
BY_RESIDENCE = ("us", "california")
OWING = {"required", "undetermined"}
LEAKED = {
    "leak": "confirmed",
    "cause": "unauthorized_access",
    "data_items": ["name", "credit_card_number"],
    "affected_people": 2000000,
    "serious_harm": "suspected",
    "china_grave_incident": "yes",
    "other_place_law": "yes",
    "discovered_on": "2026-11-24T03:00",
}
#: Incidents whose list of recipients is kept as a golden file.
KEPT = {
    "ec_shop_with_customers_abroad": CASES[0]["facts"],
    "game_maker_that_cannot_tell": {
        "organisation_type": "business",
        "data_relation": "own",
        "record_kind": "personal_data",
        "cause": "unauthorized_access",
        "leak": "suspected",
        "data_items": ["name", "email", "login_password"],
        "data_items_complete": "yes",
        "affected_people": "80000..2500000",
        "further_duties": "yes",
        "sector": "general",
        "privacy_mark": "no",
        "listed_company": "no",
        "critical_infrastructure": "no",
        "residents_abroad": "unknown",
        "discovered_on": "2026-11-24T03:00",
    },
}


@pytest.fixture
def assess(assessor, facts):
    return lambda stated: assessor.assess(read(facts, stated), None, TODAY)


# The reference cases --------------------------------------------------------------------------------------------------


@each_case
def test_the_case_is_decided_as_the_fact_sheet_has_it(case, assess):
    assessment = assess(case["facts"])
    expected = case["expect"]
    if "verdict" in expected:
        assert assessment.verdict == expected["verdict"]
    for name, owed in expected.get("regimes", {}).items():
        result = assessment.regime(name)
        if owed == "absent":
            assert result is None, name
            continue
        found = {"report": result.report.duty, "notify": result.notify.duty if result.notify else None}
        assert found | owed == found, name
    for name, due in expected.get("due", {}).items():
        assert ends(assessment, name) == due, name


def ends(assessment, name):
    """Return when a clock ends, as the case files write it: a day, a moment in Japan, ``prompt``, or ``none``."""
    law, _, clock_id = name.partition(".")
    clock = next((clock for clock in assessment.regime(law).clocks if clock.id == clock_id), None)
    if clock is None:
        return "none"
    if clock.moment is not None:
        return clock.moment.strftime("%Y-%m-%dT%H:%M")
    return "prompt" if clock.kind == "prompt" else str(clock.last)


@each_case
def test_a_case_has_a_source_and_both_languages(case):
    assert case["source"]
    assert set(case["title"]) == {"ja", "en"}


@each_case
def test_what_is_owed_abroad_never_vanishes_when_a_fact_is_taken_away(case, assess):
    before = assess(case["facts"])
    for fact in case["facts"]:
        for fewer in (
            {name: raw for name, raw in case["facts"].items() if name != fact},
            case["facts"] | {fact: "unknown"},
        ):
            after = assess(fewer)
            waiting = {each.regime.id for each in after.unlooked}
            for law in ABROAD:
                result, then = before.regime(law), after.regime(law)
                if result is not None and result.owed == "required":
                    assert law in waiting or then.owed in OWING, (fact, law)


# Whom the laws reach --------------------------------------------------------------------------------------------------


@each_place
def test_residence_alone_leaves_it_open_but_where_the_law_goes_by_residence(assess, place):
    for law in PLACES[place]:
        owed = assess(LEAKED | {"residents_abroad": [place]}).regime(law).owed
        assert owed == ("required" if place in BY_RESIDENCE else "undetermined")


@each_place
def test_people_there_and_a_tie_to_the_place_bring_the_duty(assess, place):
    assessment = assess(LEAKED | {"residents_abroad": [place], "offered_abroad": [place]})
    assert [assessment.regime(law).owed for law in PLACES[place]] == ["required"] * len(PLACES[place])
    assert not {law for law in ABROAD if assessment.regime(law)} - set(PLACES[place])


@each_place
def test_nothing_is_owed_where_there_is_no_tie_to_the_place_unless_residence_is_enough(assess, place):
    assessment = assess(LEAKED | {"residents_abroad": [place], "offered_abroad": ["none"]})
    for law in PLACES[place]:
        assert assessment.regime(law).owed == ("required" if place in BY_RESIDENCE else "not_required")


def test_nobody_asked_where_they_live_so_every_law_is_named_as_not_looked_at(assess):
    assessment = assess(LEAKED)
    waiting = {each.regime.id: each.facts for each in assessment.unlooked}
    assert set(ABROAD) <= set(waiting)
    assert all("residents_abroad" in waiting[law] for law in ABROAD)
    assert not any(assessment.regime(law) for law in ABROAD)


def test_somebody_asked_who_cannot_tell_keeps_every_law_open(assess):
    assessment = assess(LEAKED | {"residents_abroad": "unknown"})
    assert {law: assessment.regime(law).owed for law in ABROAD} == dict.fromkeys(ABROAD, "undetermined")


def test_nobody_lives_abroad_and_no_law_abroad_is_looked_at(assess):
    for stated in ({"residents_abroad": ["none"]}, {"further_duties": "no"}):
        assessment = assess(LEAKED | stated)
        assert not any(assessment.regime(law) for law in ABROAD)
        assert not set(ABROAD) & {each.regime.id for each in assessment.unlooked}


# The shortest clock first ---------------------------------------------------------------------------------------------


def test_who_cannot_tell_sees_china_before_the_seventy_two_hours_and_those_before_the_days(assess):
    found = [each for each in tellings(assess(LEAKED | {"residents_abroad": "unknown"})) if each.result.regime.beside]
    hours = [each.hours for each in found if each.clocks and each.result.regime.id != "china_pipl"]
    assert hours == sorted(hours)
    names = [each.name for each in found if each.clocks]
    assert names[:2] == ["china_pipl.authority", "china.authority"]
    assert names.index("gdpr.authority") < names.index("malaysia.persons") < names.index("california.authority")
    assert names.index("california.authority") < names.index("australia.authority")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_cannot_tell_reads_of_the_shortest_clock_and_of_counsel_before_the_list(library, lang):
    at = desk(library, lang)
    unsure = assessed(at, LEAKED | {"residents_abroad": "unknown"})
    first = next(iter(ResultWords(unsure, at.phrases, TODAY, "mark").recipients())).text
    assert {"ja": "4時間", "en": "4 hours"}[lang] in first
    assert {"ja": "現地の専門家", "en": "local counsel"}[lang] in first


def test_local_counsel_stands_first_and_once(assess):
    found = tellings(assess(LEAKED | {"residents_abroad": ["korea", "eu_eea", "china"], "offered_abroad": ["china"]}))
    assert found[0].name == "appi.local_counsel"
    assert [each.name for each in found].count("appi.local_counsel") == 1
    assert "appi.local_counsel" not in {each.name for each in tellings(assess(LEAKED | {"residents_abroad": ["none"]}))}


def test_who_cannot_tell_where_the_persons_live_is_sent_to_counsel_and_who_was_not_asked_is_not(assess):
    assert tellings(assess(LEAKED | {"residents_abroad": "unknown"}))[0].name == "appi.local_counsel"
    assert "appi.local_counsel" not in {each.name for each in tellings(assess(LEAKED))}


def test_the_action_to_have_clocks_checked_goes_with_people_abroad_or_with_not_knowing_of_any(assess):
    for stated, shown in ((["korea"], True), ("unknown", True), (["none"], False), (None, False)):
        residents = {} if stated is None else {"residents_abroad": stated}
        assert ("check_clocks_abroad" in {each.id for each in assess(LEAKED | residents).actions}) is shown


# A notice that is owed alone ------------------------------------------------------------------------------------------


def test_a_notice_owed_alone_gives_the_verdict_its_recipient_and_its_clock(library, assess):
    case = next(each for each in CASES if each["id"] == "three-addresses-shown-to-korean-customers")
    assessment = assess(case["facts"])
    listed = {each.name: each for each in tellings(assessment)}
    assert "korea.persons" in listed
    assert "korea.authority" not in listed
    assert listed["korea.persons"].duty == "required"
    assert [clock.id for clock in listed["korea.persons"].clocks] == ["persons_notice"]
    words = ResultWords(assessment, desk(library, "en").phrases, TODAY, "mark")
    shown = [row.text for row in words.verdict({})]
    assert shown[0] == "Another law, a scheme or a contract beside the APPI asks for a report or notice."
    assert listed["korea.persons"].result.owed == "required"


def test_an_undecided_report_beside_a_notice_that_is_owed_is_said(library, assess):
    case = next(each for each in CASES if each["id"] == "number-in-korea-not-known")
    assessment = assess({"organisation_type": "exempt_purpose"} | case["facts"])
    words = ResultWords(assessment, desk(library, "en").phrases, TODAY, "mark")
    korea = assessment.regime("korea")
    assert words.duty(korea) == "notice required; whether a report is, cannot be told yet"


def test_the_clock_of_a_notice_is_due_in_a_case_and_is_not_listed_twice(assess, facts):
    stated = CASES[0]["facts"]
    case = Case("c", {}, {}, read(facts, stated), {}, {}, {}, (), (), (), (), (), (), None, None, None)
    found = {each.id: each for each in dues(case, assess(stated))}
    assert found["korea.persons_notice"].moment == dt.datetime.fromisoformat("2026-11-23T09:30+09:00")
    assert "korea.notify" not in found
    assert found["gdpr.notify"].kind == "prompt"
    assert not found["korea.persons_notice"].provisional


def test_no_tie_and_no_report_leaves_no_clock(assess):
    assessment = assess(LEAKED | {"residents_abroad": ["korea"], "offered_abroad": ["none"]})
    assert assessment.regime("korea").clocks == ()


# What an exemption needs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["eu_eea", "uk", "thailand"])
def test_only_a_confirmed_want_of_risk_spares_the_report_and_it_is_shown_as_what_would(assess, place):
    (law,) = PLACES[place]
    stated = {"leak": "confirmed", "residents_abroad": [place], "offered_abroad": [place]}
    for unsure in ({}, {"risk_unlikely": "unknown"}, {"risk_unlikely": "no"}):
        assert assess(stated | unsure).regime(law).report.duty == "required"
    assert "risk_unlikely" in assess(stated).regime(law).unless
    assert assess(stated | {"risk_unlikely": "yes"}).regime(law).report.duty == "not_required"


def test_a_deadline_that_is_only_proposed_is_kept_and_not_applied(rulebook, assess):
    rule = rulebook.regimes["gdpr"].rules["authority_report"]
    assert rule.versions[-1].since is None
    assert rule.versions[-1].body["hours"] == 96
    (clock,) = (
        assess({"leak": "confirmed", "residents_abroad": ["eu_eea"], "offered_abroad": ["eu_eea"]})
        .regime("gdpr")
        .clocks
    )
    assert clock.hours == 72


def test_what_must_be_known_first_does_not_start_a_period_while_it_is_not(assess):
    stated = {"leak": "confirmed", "residents_abroad": ["australia"], "offered_abroad": ["australia"]}
    for harm, ids in (({}, ["assessment"]), ({"serious_harm": "confirmed"}, ["authority_report"])):
        assert [clock.id for clock in assess(stated | harm).regime("australia").clocks] == ids


# What each recipient is told by ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@each_place
def test_every_recipient_says_whom_by_when_how_on_what_ground_and_how_sure(library, place, lang):
    at = desk(library, lang)
    stated = LEAKED | {"residents_abroad": [place], "offered_abroad": [place]}
    found = assessment_json(assessed(at, stated), {}, at.phrases)
    mine = [each for each in found["recipients"] if each["id"].partition(".")[0] in PLACES[place]]
    assert mine
    for each in mine:
        assert each["duty"] in OWING
        assert each["title"]
        assert each["because"]
        assert each["sources"]
        assert each["read"] in {"memory", "reported"}
        assert each["way"].endswith(("現地の専門家に確認してください。", "Confirm with local counsel."))
        assert {overlap["how"] for overlap in each["overlaps"]} == {"besides"}
        if each["for"] == "report":
            assert each["deadlines"]
            assert "appi.ppc" in {overlap["with"] for overlap in each["overlaps"]}
        if each["for"] == "notify":
            assert "appi.persons" in {overlap["with"] for overlap in each["overlaps"]}


def test_no_law_abroad_is_said_to_have_been_read(rulebook):
    for law in ABROAD:
        regime = rulebook.regimes[law]
        assert regime.group == "abroad"
        assert "現地の専門家" in regime.says["ja"]
        assert "local counsel" in regime.says["en"]
        sources = [source for rule in regime.rules.values() for version in rule.versions for source in version.sources]
        sources += [source for each in regime.recipients for source in each.sources]
        assert {source.read for source in sources} <= {"memory", "reported", "derived"}


# The interview --------------------------------------------------------------------------------------------------------

BCC = BCC_MISTAKE | {"data_condition": "intact"}
ABROAD_QUESTIONS = {"residents_abroad", "offered_abroad", "harm_abroad", "china_grave_incident", "other_place_law"}


@pytest.fixture
def ask(interview, facts):
    def put(choices):
        asked, known = walk(interview, TODAY, noted(facts, choices))
        return [question.id for question in asked], known

    return put


def test_who_has_nothing_abroad_is_asked_nothing_of_it(ask):
    asked, _ = ask(BCC | {"further_duties": "nothing"})
    assert not ABROAD_QUESTIONS & set(asked)


def test_who_cannot_tell_where_they_live_is_not_asked_the_rest(ask):
    asked, _ = ask(BCC | {"further_duties": "several"})
    assert set(asked) & ABROAD_QUESTIONS == {"residents_abroad"}


def test_a_place_named_is_asked_for_the_tie_to_it_and_only_what_its_law_turns_on(ask):
    several = BCC | {"further_duties": "several"}
    asked, _ = ask(several | {"residents_abroad": ["korea"], "offered_abroad": ["korea"]})
    assert set(asked) & ABROAD_QUESTIONS == {"residents_abroad", "offered_abroad"}
    asked, _ = ask(several | {"residents_abroad": ["eu_eea"], "offered_abroad": ["eu_eea"], "harm_abroad": "some"})
    assert set(asked) & ABROAD_QUESTIONS == {"residents_abroad", "offered_abroad", "harm_abroad"}
    asked, _ = ask(several | {"residents_abroad": ["eu_eea", "china"], "offered_abroad": ["none"]})
    assert set(asked) & ABROAD_QUESTIONS == {"residents_abroad", "offered_abroad"}
    asked, _ = ask(several | {"residents_abroad": ["california"]})
    assert set(asked) & ABROAD_QUESTIONS == {"residents_abroad"}


def test_not_knowing_the_harm_leaves_it_unsure(ask):
    _, known = ask(BCC | {"further_duties": "several", "residents_abroad": ["eu_eea"], "offered_abroad": ["eu_eea"]})
    assert known["serious_harm"] is UNSURE
    assert known["risk_unlikely"] is UNSURE


# The list as it is read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", KEPT)
def test_the_list_of_recipients_is_the_one_kept(library, name, lang):
    at = desk(library, lang)
    words = ResultWords(assessed(at, KEPT[name]), at.phrases, TODAY, "mark")
    found = "".join(f"{line.rstrip()}\n" for line, _ in lines(list(words.recipients())))
    golden(f"{name}.{lang}.txt", found, ROOT / "tests" / "golden" / "recipients")
