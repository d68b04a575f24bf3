"""Exercises: judged by the rules for the right reasons, checked like rules, resumed, and never mixed with a real case."""

import datetime as dt
import json
import re
import shutil
import stat
import sys
from dataclasses import replace

import pytest
from tests.console import ROOT, Console, blocks, read
from tests.drill_teams import FOLDER, LATE, SCENARIOS, SOON, careless, perfect, scenario
from tests.screens import GOLDEN, golden

from leakresp.law.duties import REQUIRED
from leakresp.law.held import Answers
from leakresp.papers.formats import written
from leakresp.papers.marks import Block
from leakresp.papers.render import Rendered
from leakresp.response.drill import Decision, Team, read_span, written_span
from leakresp.response.drill_score import CATEGORIES, play
from leakresp.response.telling import tellings
from leakresp.shell.desk import Desk
from leakresp.shell.drill_drafts import marked
from leakresp.shell.drill_files import read_decisions, read_scenario
from leakresp.shell.drill_record import begin, open_exercise
from leakresp.shell.drill_report import report
from leakresp.shell.drill_words import DrillWords
from leakresp.shell.faults import FaultsError
from leakresp.shell.places import drills_folder

SOURCE_CASES = {"staff_data_attack", "ransomware", "contractor_email", "insider_sale"}
DECISIONS = ROOT / "examples" / "drills" / "one_patient.yaml"
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
FOUR_HOURS = dt.timedelta(hours=4)


@pytest.fixture(scope="module")
def scenarios(assessor):
    """The scenarios shipped, by id."""
    return {name: scenario(name, assessor) for name in SCENARIOS}


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Empty folders for cases and for exercises."""
    monkeypatch.setenv("LEAKRESP_DIR", str(tmp_path / "cases"))
    monkeypatch.setenv("LEAKRESP_DRILLS", str(tmp_path / "drills"))
    return tmp_path


@pytest.fixture
def type_(folders, monkeypatch):
    """Type a command; return what it printed."""
    return Console(monkeypatch).type


@pytest.fixture
def console(folders, monkeypatch):
    """The command line with its exit code."""
    return Console(monkeypatch)


def keys(score, category=None):
    """Return the keys of all that was lost."""
    return {each.key for each in score.findings if not each.good and category in {None, each.category}}


def deadlines(score, regime):
    """Return what became of the deadlines of one body of law."""
    found = (each for each in score.findings if each.category == "deadlines")
    return {each.subject: each.key for each in found if each.subject.startswith(f"{regime}.")}


def only(folder):
    """Return the one exercise below a folder."""
    (found,) = (folder / "drills").iterdir()
    return found


# the scenarios ------------------------------------------------------------------------------------------------------------


def test_the_four_source_cases_and_eight_more_are_shipped(scenarios):
    assert len(scenarios) == 12
    assert set(scenarios) >= SOURCE_CASES


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_ends_with_nothing_left_to_ask_about_the_duty(name, scenarios, interview):
    played = scenarios[name]
    due = [each.id for each in interview.due(played.truth(played.ends), played.day(played.ends), "duty")]
    assert [question for question in due if question != "entrustment"] == []  # what the team itself has yet to do


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_tempts_and_traps(name, scenarios):
    assert any(arrival.lure for arrival in scenarios[name].arrivals)
    assert scenarios[name].traps


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_english_text_of_a_scenario_holds_japanese(name, scenarios):
    def english(plain):
        if isinstance(plain, dict):
            yield from [plain["en"]] if "en" in plain else (text for each in plain.values() for text in english(each))
        elif isinstance(plain, list):
            yield from (text for each in plain for text in english(each))

    texts = list(english(scenarios[name].plain))
    assert texts
    assert [text for text in texts if JAPANESE.search(text)] == []


# two teams ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_team_that_follows_what_can_be_known_loses_nothing(name, scenarios, assessor):
    score = play(scenarios[name], perfect(scenarios[name], assessor), assessor)
    assert [(each.key, each.subject) for each in score.findings if not each.good] == []
    assert score.total == 100


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_careless_team_loses_for_the_right_reasons(name, scenarios, assessor):
    played = scenarios[name]
    score = play(played, careless(played, assessor), assessor)
    assert score.total < 30
    assert {"action.never", "action.harmful", "fact.unknown_taken_for_no"} <= keys(score)
    due = [each for each in score.findings if each.category == "recipients" and each.at < LATE]
    assert all(each.key in {"recipient.never", "recipient.late"} for each in due)
    assert keys(score, "papers") == {"paper.never"}
    # Where nothing was owed, that nothing was reported must not be held against the team.
    last = score.moments[-1]
    owed = {regime for regime, duty in last.truth.items() if duty == REQUIRED}
    assert ("verdict.denied" in keys(score)) is any(last.team.get(regime) != REQUIRED for regime in owed)
    assert {each.subject.partition(".")[0] for each in score.findings if each.category == "deadlines"} <= owed
    assert bool(keys(score, "deadlines")) is bool(owed)
    assert "deadline.kept" not in {each.key for each in score.findings}


@pytest.mark.parametrize("name", SCENARIOS)
def test_whoever_does_nothing_earns_nothing_for_acting(name, scenarios, assessor):
    score = play(scenarios[name], (), assessor)
    for category in ("actions", "papers", "recipients"):
        assert score.points(category)[0] == 0
    assert "action.harmful" not in keys(score)
    assert "fact.unknown_taken_for_no" not in keys(score)  # silence denies nothing


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_trap_of_a_scenario_springs_and_says_why(name, scenarios, assessor):
    played = scenarios[name]
    score = play(played, [Decision(SOON, do=tuple(trap.do for trap in played.traps))], assessor)
    harm = [each for each in score.findings if each.key == "action.harmful"]
    assert {each.subject for each in harm} == {trap.do for trap in played.traps}
    assert all(each.lesson for each in harm)


@pytest.mark.parametrize("name", SCENARIOS)
def test_whoever_believes_what_misleads_is_told_what_misled(name, scenarios, assessor):
    played = scenarios[name]
    for arrival in played.arrivals:
        if arrival.lure is None:
            continue
        perfectly = [each for each in perfect(played, assessor) if each.at <= arrival.at + SOON]
        score = play(played, [*perfectly, Decision(arrival.at + SOON, state=dict(arrival.lure.tempts))], assessor)
        lost = [each for each in score.findings if arrival.lure in each.details.get("lures", ())]
        assert lost, arrival.lure.text["en"]
        assert {each.key for each in lost} <= {"fact.unknown_taken_for_no", "fact.denied"}


# single reasons -----------------------------------------------------------------------------------------------------------


def test_wiping_is_harmful_before_preserving_and_not_after(scenarios, assessor):
    played = scenarios["ransomware"]
    wiped_first = ("reinstall_at_once", "copy_appliance_logs", "engage_forensic_experts")
    preserved_first = ("copy_appliance_logs", "engage_forensic_experts", "reinstall_at_once")
    assert "action.harmful" in keys(play(played, [Decision(SOON, do=wiped_first)], assessor))
    assert "action.harmful" not in keys(play(played, [Decision(SOON, do=preserved_first)], assessor))


def test_cannot_be_told_yet_is_no_denial_and_suspected_neither(scenarios, assessor, facts):
    played = scenarios["insider_sale"]
    for word in ("unknown", "suspected"):
        score = play(played, [Decision(SOON, state={"leak": facts["leak"].read(word)})], assessor)
        assert "fact.unknown_taken_for_no" not in keys(score)


def test_an_exemption_taken_for_granted_is_found_though_it_takes_two_facts(scenarios, assessor):
    played = scenarios["stolen_pc"]
    state: Answers = {"strong_encryption": "yes", "decryption_controlled": "yes"}
    found = play(played, [Decision(FOUR_HOURS / 2, state=state)], assessor).findings
    taken = {each.subject for each in found if each.key == "fact.unknown_taken_for_no"}
    assert taken == set(state)
    assert all(each.sources for each in found if each.subject in state)


def test_naming_items_before_the_list_is_complete_is_no_denial(scenarios, assessor, facts):
    stated = {"data_items": ["name", "treatment_or_dispensing"], "data_items_complete": "unknown"}
    state = {fact: facts[fact].read(raw) for fact, raw in stated.items()}
    for name, played in scenarios.items():
        score = play(played, [Decision(SOON, state=state)], assessor, until=FOUR_HOURS / 4)
        assert "fact.unknown_taken_for_no" not in keys(score), name


def test_an_exemption_denied_while_unknown_costs_nothing(scenarios, assessor):
    played = scenarios["stolen_pc"]
    score = play(played, [Decision(SOON, state={"strong_encryption": "no", "recovered_unseen": "no"})], assessor)
    assert "fact.unknown_taken_for_no" not in keys(score)


def test_a_number_made_smaller_than_what_is_known_is_a_denial(scenarios, assessor, facts):
    played = scenarios["staff_data_attack"]
    day_six = dt.timedelta(days=6, hours=1)
    score = play(
        played, [Decision(day_six, state={"affected_people": facts["affected_people"].read("1000")})], assessor
    )
    (denied,) = (each for each in score.findings if each.key == "fact.denied")
    assert denied.subject == "affected_people"
    assert "appi.over_1000_people" in denied.rules


def test_a_wider_number_than_what_is_known_is_right(scenarios, assessor, facts):
    played = scenarios["ransomware"]
    state = {"affected_people": facts["affected_people"].read("..60000")}
    found = play(played, [Decision(dt.timedelta(hours=6), state=state)], assessor).findings
    assert next(each.key for each in found if each.subject == "affected_people") == "fact.right"


def test_what_is_done_after_its_time_is_late_and_keeps_half(scenarios, assessor):
    played = scenarios["ransomware"]
    late = dt.timedelta(days=40)
    found = play(
        played,
        [
            Decision(late, do=("isolate_backups",), state={"cause": "ransomware"}),
            Decision(late, draft=("ppc_preliminary_report",), tell=("appi.persons",)),
        ],
        assessor,
    ).findings
    keys_of = {each.subject: (each.key, each.points) for each in found}
    assert keys_of["isolate_backups"] == ("action.late", 1)
    assert keys_of["cause"] == ("fact.late", 1)
    assert keys_of["ppc_preliminary_report"] == ("paper.late", 1)
    assert keys_of["appi.persons"] == ("recipient.late", 1)


def test_what_the_rules_call_for_now_is_due_three_hours_after_they_do(scenarios, assessor):
    played = scenarios["ransomware"]
    for minutes, key in ((180, "action.in_time"), (181, "action.late")):
        found = play(played, [Decision(dt.timedelta(minutes=minutes), do=("escalate_at_once",))], assessor).findings
        assert next(each.key for each in found if each.subject == "escalate_at_once") == key


def test_the_preliminary_report_is_kept_on_its_fifth_day_and_late_on_the_sixth(scenarios, assessor):
    played = scenarios["one_patient"]
    for days, key in ((4, "deadline.kept"), (5, "deadline.late")):
        decided = [Decision(dt.timedelta(days=days), report=("appi.preliminary_report",))]
        found = play(played, decided, assessor).findings
        assert key in {each.key for each in found if each.subject == "appi.preliminary_report"}


def test_filing_the_report_tells_the_commission(scenarios, assessor):
    played = scenarios["one_patient"]
    decided = [Decision(dt.timedelta(days=1), report=("appi.preliminary_report",))]
    told = {
        each.subject: each.key for each in play(played, decided, assessor).findings if each.category == "recipients"
    }
    assert told["appi.ppc"] == "recipient.in_time"


@pytest.mark.parametrize("name", SCENARIOS)
def test_everybody_the_rules_have_told_is_judged_though_the_scenario_named_nobody(name, scenarios, assessor):
    bare = replace(scenarios[name], expects=tuple(replace(each, tell=()) for each in scenarios[name].expects))
    score = play(bare, (), assessor)
    owed = {
        each.name: each.last
        for each in tellings(
            assessor.assess(bare.truth(bare.ends) | Team(bare, ()).conduct(bare.ends), None, bare.day(bare.ends))
        )
        if each.duty == REQUIRED and not each.replaced_by
    }
    found = {each.subject: each for each in score.findings if each.category == "recipients"}
    assert found.keys() == owed.keys()
    assert {each.key for each in found.values()} == {"recipient.never"}
    for subject, last in owed.items():
        assert bare.day(found[subject].at) == (last or bare.day(bare.ends))


def test_a_financial_firm_tells_its_supervisor_under_both_laws_and_not_the_commission(scenarios, assessor):
    played = scenarios["contractor_email"]
    both = ("appi.preliminary_report", "finance.report_in_days")
    score = play(played, [Decision(dt.timedelta(days=3), report=both)], assessor)
    told = {each.subject: each.key for each in score.findings if each.category == "recipients"}
    assert told == {
        "appi.finance_authority": "recipient.in_time",
        "finance.authority": "recipient.in_time",
        "appi.persons": "recipient.never",
    }
    assert deadlines(score, "finance") == {"finance.report_in_days": "deadline.kept"}
    one_law = play(played, [Decision(dt.timedelta(days=3), report=both[:1])], assessor)
    assert deadlines(one_law, "finance") == {"finance.report_in_days": "deadline.missed"}


def test_a_scheme_nobody_asked_about_is_not_decided_and_one_that_was_denied_is_judged_wrong(scenarios, assessor):
    contractor = play(scenarios["contractor_ransomware"], (), assessor)
    assert {each.key for each in contractor.findings if each.subject == "contracts.report"} == {"verdict.open"}
    denied = [Decision(SOON, state={"privacy_mark": "no"})]
    holder = play(scenarios["bcc_mistake"], denied, assessor).findings
    assert {each.key for each in holder if each.subject == "privacy_mark.report"} == {"verdict.denied"}
    assert [each.key for each in holder if each.subject == "privacy_mark"] == ["fact.denied"]


def test_who_did_the_action_told_the_recipient_and_who_told_the_recipient_did_the_action(scenarios, assessor):
    played = scenarios["contractor_ransomware"]
    clients = ("appi.entrustor", "contracts.entrustor")
    for decided in (Decision(SOON, do=("tell_every_entrustor",)), Decision(SOON, tell=clients)):
        found = {each.subject: each.key for each in play(played, [decided], assessor).findings}
        assert found["tell_every_entrustor"] == "action.in_time"
        assert {found[client] for client in clients} == {"recipient.in_time"}
        assert "appi.preliminary_report" not in found  # released from the duty
    one_of_them = play(played, [Decision(SOON, tell=clients[:1])], assessor).findings
    assert {each.key for each in one_of_them if each.subject == "tell_every_entrustor"} == {"action.never"}


def test_a_contractor_that_tells_its_clients_owes_no_report_and_one_that_is_silent_does(scenarios, assessor):
    played = scenarios["contractor_ransomware"]
    told = play(played, [Decision(dt.timedelta(days=1), tell=("appi.entrustor",))], assessor)
    silent = play(played, (), assessor)
    assert deadlines(told, "appi") == {}
    assert set(deadlines(silent, "appi").values()) == {"deadline.missed"}


def test_only_one_of_two_laws_may_ask_for_a_report(scenarios, assessor):
    played = scenarios["my_number_payroll"]
    score = play(played, (), assessor)
    assert set(deadlines(score, "my_number")) == {"my_number.preliminary_report", "my_number.final_report"}
    assert deadlines(score, "appi") == {}


def test_where_nothing_is_owed_a_report_is_neither_wanted_nor_punished(scenarios, assessor):
    played = scenarios["bcc_mistake"]
    decided = [*perfect(played, assessor), Decision(dt.timedelta(days=3), report=("appi.preliminary_report",))]
    score = play(played, decided, assessor)
    assert score.total == 100
    assert deadlines(score, "appi") == {}


def test_what_is_not_due_when_a_team_ends_early_is_not_judged(scenarios, assessor):
    played = scenarios["ransomware"]
    score = play(played, (), assessor, until=FOUR_HOURS)
    assert all(each.at <= FOUR_HOURS for each in score.findings)
    assert "deadlines" not in {each.category for each in score.findings}


def test_a_score_of_an_exercise_ended_early_says_so(scenarios, assessor):
    played = scenarios["ransomware"]
    words = DrillWords(Desk.set_up(lang="en", rules=None), played)
    early, whole = (play(played, (), assessor, until=until) for until in (FOUR_HOURS, None))
    assert "what was due later is not judged" in report(words, early, "md")
    assert "what was due later is not judged" not in report(words, whole, "md")


def test_penalties_never_take_a_category_below_nothing(scenarios, assessor):
    for played in scenarios.values():
        score = play(played, careless(played, assessor), assessor)
        assert all(0 <= score.points(category)[0] <= score.points(category)[1] for category in CATEGORIES)


@pytest.mark.parametrize("text", ["0h", "30m", "2h", "1d", "1d 9h", "12d 30m"])
def test_spans_are_read_as_they_are_written(text):
    span = read_span(text)
    assert span is not None
    assert written_span(span) == text


@pytest.mark.parametrize("text", ["", "2", "h", "1h 2d", "-1h", "１h", "tomorrow"])
def test_what_is_no_span_is_not_guessed(text):
    assert read_span(text) is None


# own scenarios are checked like rules -------------------------------------------------------------------------------------

TEXT = (FOLDER / "one_patient.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "key", "nearest", "where"),
    [
        (("      cause: misd", "      cuase: misd"), "answers.fact_unknown", "cause", "cuase"),
        (("cause: misdelivery", "cause: misdelivry"), "answer.unknown_word", "misdelivery", "misdelivry"),
        (("  sector: medical", "  sektor: medical"), "answers.fact_unknown", "sector", "sektor"),
        (("[find_both_sides,", "[find_both_side,"), "drill.action_unknown", "find_both_sides", "find_both_side,"),
        (("[ppc_preliminary_report]", "[ppc_report]"), "drill.paper_unknown", "ppc_final_report", "ppc_report"),
        (("[appi.ppc]", "[appi.pcp]"), "drill.recipient_unknown", "appi.ppc", "appi.pcp"),
        (
            ("notify_persons: [", "notify_person: ["),
            "drill.action_unknown",
            "notify_persons",
            "notify_person:",
        ),
        (
            ("notify_persons: [appi.persons]", "notify_persons: [appi.person]"),
            "drill.recipient_unknown",
            "appi.persons",
            "notify_persons: [appi.person]",
        ),
        (("decide: [appi]", "decide: [apip]"), "drill.regime_unknown", "appi", "apip"),
        (("    by: 2h", "    by: zwei"), "drill.no_span", None, "zwei"),
        (("T11:30+09:00\nends", "T\nends"), "answer.not_a_day", None, "start:"),
        (("T11:30+09:00\nends", "\nends"), "drill.no_time", None, "start:"),
        (("  - at: 30m", "  - at: 4h"), "drill.out_of_order", None, "at: 3h"),
        (("  - at: 0h", "  - at: 10m"), "drill.begins_late", None, "at: 10m"),
        (("ends: 33d", "ends: 2d"), "drill.after_the_end", None, "by: 4d"),
        (("leave_open: [recovered_unseen]", "state: [recovered_unseen]"), "drill.not_revealed", None, "state: [recov"),
        (("    by: 2h", "    by: 5h"), "drill.revealed_already", None, "leave_open:"),
        (("[find_both_sides,", "[isolate_backups,"), "drill.not_called_for", None, "isolate_backups"),
        (("caution: collect_in_person", "caution: find_both_sides"), "drill.no_caution", None, "find_both_sides"),
        (("id: ask_to_post_back", "id: tell_whose_it_is"), "rules.id_twice", None, "tell_whose_it_is"),
        (("id: ask_to_post_back", "id: collect_in_person"), "drill.move_is_action", None, "id: collect_in_person"),
        (("    way: visit", "    way: pigeon"), "rules.wrong_form", None, "pigeon"),
        (("    way: visit\n", ""), "rules.key_missing", None, "at: 0h"),
        (("    way: visit", "    colour: red\n    way: visit"), "rules.key_unknown", None, "colour"),
    ],
)
def test_a_fault_of_a_scenario_is_named_with_its_line_and_the_nearest_word(change, key, nearest, where, assessor):
    old, new = change
    assert old in TEXT
    broken = TEXT.replace(old, new, 1)
    with pytest.raises(FaultsError) as caught:
        read_scenario(broken.encode(), "own.yaml", assessor)
    fault = next(each for each in caught.value.faults if each.key == key)
    assert fault.file == "own.yaml"
    assert fault.line is not None
    assert where in broken.splitlines()[fault.line - 1]
    assert fault.details.get("nearest") == nearest


def test_an_unknown_action_is_named_on_its_very_line(assessor):
    broken = TEXT.replace("[find_both_sides,", "[find_both_side,", 1)
    line = broken[: broken.index("find_both_side,")].count("\n") + 1
    with pytest.raises(FaultsError) as caught:
        read_scenario(broken.encode(), "own.yaml", assessor)
    assert [(each.key, each.line) for each in caught.value.faults] == [("drill.action_unknown", line)]


def test_all_faults_of_a_scenario_are_shown_together(console, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(TEXT.replace("cause:", "cuase:").replace("[appi.ppc]", "[appi.pcp]"), encoding="utf-8")
    shown = console.type(f"leakresp drill --check {own} --lang en")
    assert console.code == 4
    assert 'Did you mean "cause"?' in shown
    assert 'Did you mean "appi.ppc"?' in shown


def test_a_scenario_of_ones_own_is_checked_and_played(console, folders, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(TEXT.replace("id: one_patient", "id: our_pharmacy"), encoding="utf-8")
    assert "our_pharmacy" in console.type(f"leakresp drill --check {own}")
    console.type(f"leakresp drill --scenario {own} --decisions {DECISIONS}")
    assert console.code == 0
    assert only(folders).name.startswith("our_pharmacy-")


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("do: [note_discovery]\n", "drill.no_list", 1),
        ("- {at: 0h}\n- {at: 1h, do: [isolate_backup]}\n", "drill.action_unknown", 2),
        ("- {at: 0h}\n- {at: 1h, state: {leak: no}}\n", "answer.unknown_word", 2),
        ("- {at: 2h}\n- {at: 1h}\n", "drill.clock_back", 2),
        ("- {at: 0h, report: appi.final}\n", "drill.deadline_unknown", 1),
        ("- {at: 0h, when: 1h}\n", "rules.key_unknown", 1),
        ("- {at: soon}\n", "drill.no_span", 1),
    ],
)
def test_a_fault_of_a_decisions_file_is_named_with_its_line(text, key, line, scenarios, assessor):
    with pytest.raises(FaultsError) as caught:
        read_decisions(text.encode(), "team.yaml", scenarios["one_patient"], assessor)
    assert [(each.key, each.line) for each in caught.value.faults] == [(key, line)]


def test_decisions_wait_from_one_to_the_next(scenarios, assessor):
    text = "- {do: [note_discovery], wait: 2h}\n- {do: [start_timeline], wait: 1d}\n- {at: 3d, note: done}\n"
    decisions = read_decisions(text.encode(), "team.yaml", scenarios["one_patient"], assessor)
    assert [written_span(each.at) for each in decisions] == ["0h", "2h", "3d"]


# played by script, on the screen and as a report --------------------------------------------------------------------------


def test_the_exercises_are_listed_in_both_languages(type_):
    japanese, english = type_("leakresp drill"), type_("leakresp drill --lang en")
    assert all(name in japanese and name in english for name in SCENARIOS)
    assert not JAPANESE.search(english)


def test_a_written_down_exercise_scores_what_it_did_well_and_what_it_did_not(type_):
    found = json.loads(type_(f"leakresp drill one_patient --decisions {DECISIONS} --json"))
    assert (found["schema"], found["exercise"]) == ("leakresp/drill-score/1", True)
    lost = {
        (each["key"], each["subject"])
        for each in found["findings"]
        if each["points"] < max(each["of"], 0) or each["points"] < 0
    }
    assert lost == {
        ("action.harmful", "ask_to_post_back"),
        ("action.never", "collect_in_person"),
        ("fact.unknown_taken_for_no", "recovered_unseen"),
    }
    assert 50 < found["total"] < 100
    assert all(each["why"] and each["sources"] for each in found["findings"] if each["points"] < 0)


def test_the_score_has_the_same_keys_and_points_in_both_languages(type_):
    def bare(found):
        findings = [{key: each[key] for key in ("key", "subject", "at", "points", "of")} for each in found["findings"]]
        return found["total"], found["categories"], findings

    line = f"leakresp drill one_patient --decisions {DECISIONS} --json"
    assert bare(json.loads(type_(line))) == bare(json.loads(type_(f"{line} --lang en")))


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_finding_of_every_exercise_can_be_said(name, lang, scenarios, assessor):
    words = DrillWords(Desk.set_up(lang=lang, rules=None), scenarios[name])
    played = scenarios[name]
    for team in (perfect(played, assessor), careless(played, assessor), ()):
        score = play(played, team, assessor)
        found = words.json(score)
        text = report(words, score, "md")
        assert len(found["findings"]) == len(score.findings)
        if lang == "en":
            assert not JAPANESE.search(json.dumps(found, ensure_ascii=False))
            assert not JAPANESE.search(text)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_after_action_report_is_as_approved(lang, scenarios, assessor):
    played = scenarios["one_patient"]
    desk = Desk.set_up(lang=lang, rules=None)
    decisions = read_decisions(DECISIONS.read_bytes(), "team.yaml", played, assessor)
    score = play(played, decisions, assessor)
    golden(f"one_patient.{lang}.md", report(DrillWords(desk, played), score, "md"), GOLDEN.parent / "drills")


def test_the_report_is_written_with_the_record_and_where_it_is_wanted(type_, folders):
    wanted = folders / "after.html"
    type_(f"leakresp drill one_patient --decisions {DECISIONS} --report {wanted}")
    exercise = only(folders)
    page = (exercise / "report.html").read_text(encoding="utf-8")
    assert wanted.read_text(encoding="utf-8") == page
    assert (exercise / "report.md").exists()
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_a_report_never_replaces_a_file_that_is_none(console, folders):
    wanted = folders / "plan.md"
    wanted.write_text("our own plan", encoding="utf-8")
    console.type(f"leakresp drill one_patient --decisions {DECISIONS} --report {wanted}")
    assert console.code == 2
    assert wanted.read_text(encoding="utf-8") == "our own plan"


def test_what_a_team_notes_cannot_change_the_report(scenarios, assessor):
    played = scenarios["one_patient"]
    score = play(played, [Decision(SOON, note="# <script>alert(1)</script> [a](http://b) *c*")], assessor)
    page = report(DrillWords(Desk.set_up(lang="en", rules=None), played), score, "html")
    assert "<script" not in page
    assert "href" not in page
    assert "&lt;script&gt;" in page


def test_a_report_ends_in_md_or_html(console):
    console.type(f"leakresp drill one_patient --decisions {DECISIONS} --report after.docx")
    assert console.code == 2


@pytest.mark.parametrize("name", ["docs/drills.md", "docs/drills.ja.md"])
def test_the_exercise_that_the_document_shows_is_what_the_tool_prints(name, console, folders, monkeypatch):
    shutil.copytree(ROOT / "examples", folders / "examples")
    monkeypatch.chdir(folders)
    (session,) = blocks(read(name), "console")
    console.follow(session)


def test_both_documents_tell_the_same_keys():
    english, japanese = (set(re.findall(r"`([a-z_.\[\]]+)`", read(f"docs/drills{lang}.md"))) for lang in ("", ".ja"))
    assert english == japanese


# never mistaken for a real case, never mixed with one ---------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "mark"), [("ja", "【訓練】"), ("en", "[EXERCISE]")])
def test_every_block_on_the_screen_every_paper_and_every_report_is_marked(lang, mark, type_, folders):
    shown = type_(f"leakresp drill one_patient --decisions {DECISIONS} --lang {lang}")
    blocks = [block for block in shown.split("\n\n") if block.strip()]
    assert len(blocks) >= 3
    assert all(block.lstrip().startswith(mark) for block in blocks)
    assert type_(f"leakresp drill --lang {lang}").startswith(mark)
    exercise = only(folders)
    drafts = sorted((exercise / "drafts").iterdir())
    assert {path.name for path in drafts} == {f"{mark}ppc_preliminary_report.md", f"{mark}letter.md"}
    assert all(path.read_text(encoding="utf-8").startswith(f"{mark}\n") for path in drafts)
    text = (exercise / "report.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {mark} ")
    assert all(line.startswith(f"## {mark} ") for line in text.splitlines() if line.startswith("## "))
    assert text.rstrip().splitlines()[-1].startswith(mark.replace("[", r"\[").replace("]", r"\]"))
    assert f"<title>{mark} " in (exercise / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["txt", "md", "html"])
def test_a_marked_paper_says_so_first_in_every_format(form):
    text = written(marked(Rendered("letter", "ja", "書状", (Block("本文"),), ())), form)
    body = text.partition("<body>")[2] or text
    assert body.index("【訓練】") < body.index("本文")


def test_an_exercise_lies_apart_from_the_cases_and_only_its_owner_can_read_it(type_, folders):
    type_(f"leakresp drill one_patient --decisions {DECISIONS}")
    exercise = only(folders)
    assert not (folders / "cases").exists()
    assert not list(exercise.rglob("journal.jsonl"))
    header = json.loads((exercise / "drill.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert header["kind"] == "leakresp/drill/1"
    assert header["mark"] == "【訓練】[EXERCISE]"
    if sys.platform != "win32":
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (exercise, *exercise.rglob("*"))}
        assert set(modes.values()) <= {0o600, 0o700}


def test_no_command_of_real_cases_lists_an_exercise(type_, folders):
    type_("leakresp triage real --no-input --set cause=misdelivery")
    type_(f"leakresp drill one_patient --decisions {DECISIONS}")
    name = only(folders).name
    for line in ("cases", "clock", "cases --json", "clock --json"):
        assert name not in type_(f"leakresp {line}")
    # and not where somebody moved it among the cases
    shutil.copytree(only(folders), folders / "cases" / name)
    for line in ("cases", "clock"):
        assert name not in type_(f"leakresp {line}")


@pytest.mark.parametrize(
    "line",
    [
        "status {drill}", "why {drill}", "log {drill}", "step {drill}", "note {drill} text", "report {drill}",
        "change {drill} leak=confirmed", "triage {drill} --no-input", "sent {drill}", "clock {drill}",
        "draft-notice letter --case {drill}", "next --case {drill}", "proofread {drill}", "case close {drill} --because x",
        "case export {drill}", "case import {drill}", "case import {drill}/drill.jsonl", "status {drill}/drill.jsonl",
    ],
)  # fmt: skip
def test_every_command_of_real_cases_refuses_an_exercise_with_a_sentence(line, console, folders):
    console.type(f"leakresp drill one_patient --decisions {DECISIONS}")
    before = sorted(folders.rglob("*"))
    shown = console.type(f"leakresp {line.format(drill=only(folders))} --lang en")
    assert console.code == 2, shown
    assert "record of an exercise, not a real case" in shown
    assert sorted(folders.rglob("*")) == before


def test_a_record_of_an_exercise_renamed_to_a_journal_is_no_case(console, folders):
    console.type(f"leakresp drill one_patient --decisions {DECISIONS}")
    forged = folders / "cases" / "forged"
    forged.mkdir(parents=True)
    shutil.copy(only(folders) / "drill.jsonl", forged / "journal.jsonl")
    shown = console.type("leakresp status forged --lang en")
    assert console.code == 2
    assert "record of an exercise, not a real case" in shown


def test_an_exercise_refuses_a_real_case(console, folders):
    console.type("leakresp triage real --no-input --set cause=misdelivery")
    before = (folders / "cases" / "real" / "journal.jsonl").read_bytes()
    for name in ("real", folders / "cases" / "real", folders / "cases" / "real" / "journal.jsonl"):
        shown = console.type(f"leakresp drill {name} --lang en")
        assert console.code == 2, shown
        assert "This is a real case" in shown
    assert (folders / "cases" / "real" / "journal.jsonl").read_bytes() == before


@pytest.mark.parametrize("empty", [True, False])
def test_neither_is_kept_in_the_folder_of_the_other(empty, console, folders):
    cases = folders / "cases"
    if not empty:
        console.type("leakresp triage real --no-input --set cause=misdelivery")
    shown = console.type(f"leakresp drill one_patient --decisions {DECISIONS} --dir {cases} --lang en")
    assert (console.code, "Keep exercises in another one" in shown) == (2, True)
    console.type(f"leakresp drill one_patient --decisions {DECISIONS}")
    shown = console.type(f"leakresp triage real --no-input --set cause=theft --dir {folders / 'drills'} --lang en")
    assert (console.code, "Keep real cases in another one" in shown) == (2, True)


# the record: begun, cut off, taken up again -------------------------------------------------------------------------------


def test_a_record_is_read_back_as_it_was_decided(scenarios, assessor, tmp_path):
    played = scenarios["contractor_email"]
    exercise = begin(played, tmp_path)
    for decision in perfect(played, assessor):
        exercise.decide(decision)
    again = open_exercise(exercise.folder, assessor)
    assert again.decisions == exercise.decisions
    assert again.clock == exercise.clock
    assert play(again.scenario, again.decisions, assessor).total == 100


def test_a_last_line_cut_short_never_counted_and_is_written_over(scenarios, assessor, tmp_path):
    exercise = begin(scenarios["one_patient"], tmp_path)
    exercise.decide(Decision(SOON, do=("note_discovery",)))
    with exercise.path.open("ab") as file:
        file.write(b'{"n":3,"kind":"decision","at":"1h","do":["sta')
    again = open_exercise(exercise.folder, assessor)
    assert [each.do for each in again.decisions] == [("note_discovery",)]
    again.decide(Decision(SOON, do=("start_timeline",)))
    assert [each.do for each in open_exercise(exercise.folder, assessor).decisions] == [
        ("note_discovery",),
        ("start_timeline",),
    ]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("{}", "drill.line_unreadable"),
        ("no json", "drill.line_unreadable"),
        ('{"kind":"decision","at":"1h","state":{"leak":"maybe"}}', "answer.unknown_word"),
        ('{"kind":"decision","at":"1h","state":{"leek":"confirmed"}}', "answers.fact_unknown"),
        ('{"kind":"decision","at":"1h","do":["fly_away"]}', "drill.action_unknown"),
        ('{"kind":"decision","at":"1h","gone":["fly_away"]}', "rules.key_unknown"),
    ],
)
def test_a_damaged_line_of_a_record_is_named(line, key, scenarios, assessor, tmp_path):
    exercise = begin(scenarios["one_patient"], tmp_path)
    with exercise.path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{line}\n")
    with pytest.raises(FaultsError) as caught:
        open_exercise(exercise.folder, assessor)
    assert [(each.key, each.line) for each in caught.value.faults] == [(key, 2)]


def test_a_damaged_exercise_is_told_and_does_not_hide_the_others(type_, scenarios, folders):
    damaged, sound = (begin(scenarios["one_patient"], folders / "drills") for _ in range(2))
    damaged.path.write_bytes(b"{}\n")
    shown = type_("leakresp drill --lang en")
    assert f"{damaged.path}:1: This is no record of an exercise" in shown
    assert f"leakresp drill {sound.name}" in shown
    assert f"leakresp drill {damaged.name}\n" not in shown


def test_a_file_that_does_not_say_it_is_an_exercise_is_none(assessor, tmp_path):
    (tmp_path / "drill.jsonl").write_text('{"kind":"opened"}\n', encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        open_exercise(tmp_path, assessor)
    assert [each.key for each in caught.value.faults] == ["drill.no_record"]


def test_an_exercise_that_ended_shows_its_score_again(type_, folders):
    type_(f"leakresp drill one_patient --decisions {DECISIONS}")
    assert "点満点で" in type_(f"leakresp drill {only(folders).name}")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("drill one_pateint", 'Did you mean "one_patient"?'),
        ("drill one_patient", "no terminal"),
        ("drill --resume", "no exercise to go on with"),
        ("drill --resume --scenario own.yaml", "cannot stand beside"),
        ("drill one_patient --scenario own.yaml", "not both"),
    ],
)
def test_a_command_line_that_cannot_be_meant_is_refused(line, key, console, folders):
    shown = console.type(f"leakresp {line} --lang en")
    assert console.code == 2
    assert key in shown
    assert not (folders / "drills").exists()


def test_the_folder_of_the_exercises_is_the_users_own(monkeypatch):
    monkeypatch.delenv("LEAKRESP_DRILLS", raising=False)
    assert drills_folder().name == "drills"
    assert drills_folder().parent.name == "leakresp"
