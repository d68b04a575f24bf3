"""The list of papers: what is asked for, what hangs on an answer, what is usual; and what a later report says has changed."""

import json
import shlex

import pytest
from tests.desk_clock import leakresp
from tests.paper_cases import EXAMPLES, bench, given_of

from leakresp.response.interview import Interview
from leakresp.response.paperwork import PRACTICE
from leakresp.shell.faults import ANSWERS_MISSING, DONE

__all__ = ["leakresp"]  # the fixture

ATTACK = EXAMPLES / "ransomware.yaml"
PATIENT = EXAMPLES / "one_patient.yaml"
#: Papers that one body or another asks of some organisations only: the answers that call for it, and those it hangs on.
ASKED_OF_SOME = {
    "telecom_first_report": {"sector": "telecom", "communications_secrecy": "suspected"},
    "telecom_detailed_report": {"sector": "telecom", "communications_secrecy": "suspected"},
    "privacy_mark_report": {"privacy_mark": "yes"},
    "timely_disclosure_note": {"listed_company": "yes"},
}
RULED_OUT = {"sector": "general", "privacy_mark": "no", "listed_company": "no"}
EACH = [(paper, fact) for paper, called in ASKED_OF_SOME.items() for fact in called]
asked_of_some = pytest.mark.parametrize("paper", ASKED_OF_SOME)


#: What brings other reports is said one by one in these tests, so the answers that covers it all is taken back.
ONE_BY_ONE = {"further_duties": "yes"}


def listing(leakresp, answers=ATTACK, **facts):
    """Return the list of papers as JSON."""
    facts = ONE_BY_ONE | facts
    return leakresp.json(f"draft-notice --list --answers {shlex.quote(str(answers))}{settings(facts)}")


def settings(facts):
    return "".join(f" --set {shlex.quote(f'{fact}={value}')}" for fact, value in facts.items())


def ids(papers):
    return [paper["id"] for paper in papers]


def entry(papers, wanted):
    return next(paper for paper in papers if paper["id"] == wanted)


# in which order, and by whom --------------------------------------------------------------------------------------------


def test_what_is_asked_for_stands_first_then_what_hangs_on_an_answer_then_what_is_usual(leakresp):
    shown = leakresp.fine(f"draft-notice --list --answers {ATTACK}{settings(ONE_BY_ONE)} --lang ja")
    places = [
        shown.index(words)
        for words in (
            "この事案で要る文書",
            "（ppc_preliminary_report）",
            "（letter）",
            "要るかどうかがまだ決まらない文書",
            "（privacy_mark_report）",
            "義務ではありませんが、この事案でよく使う文書",
            "（web_notice_first）",
        )
    ]
    assert places == sorted(places)


def test_each_part_of_the_list_holds_what_its_name_says(leakresp):
    found = listing(leakresp)
    assert set(found) == {"papers", "open", "usual"}
    assert all(paper["basis"] != PRACTICE and not paper["hangs_on"] for paper in found["papers"])
    assert all(paper["basis"] != PRACTICE and paper["hangs_on"] for paper in found["open"])
    assert all(paper["basis"] == PRACTICE and not paper["hangs_on"] for paper in found["usual"])
    everything = [paper for part in found.values() for paper in ids(part)]
    assert len(everything) == len(set(everything))


def test_a_paper_that_is_asked_for_names_its_reason_its_source_and_its_last_day(leakresp):
    report = entry(listing(leakresp)["papers"], "ppc_preliminary_report")
    assert "第3号" in report["why"]
    assert any("第26条第1項" in source for source in report["sources"])
    assert report["due"] == "2026-11-24"
    assert entry(listing(leakresp, ppc_told="yes")["papers"], "ppc_final_report")["due"] == "2027-01-18"


def test_every_paper_in_the_list_says_why_it_is_there(leakresp):
    for part in listing(leakresp).values():
        assert all(paper["why"] for paper in part)


def test_the_list_has_the_same_papers_in_both_languages(leakresp):
    english = leakresp.json(f"draft-notice --list --answers {ATTACK}{settings(ONE_BY_ONE)} --lang en")
    assert {part: ids(papers) for part, papers in english.items()} == {
        part: ids(papers) for part, papers in listing(leakresp).items()
    }
    shown = leakresp.fine(f"draft-notice --list --answers {ATTACK}{settings(ONE_BY_ONE)} --lang en")
    assert "Papers that may be needed" in shown


# what hangs on an answer ------------------------------------------------------------------------------------------------


@asked_of_some
def test_a_paper_asked_of_some_organisations_hangs_on_the_facts_that_decide_it(leakresp, paper):
    found = listing(leakresp)
    assert sorted(ASKED_OF_SOME[paper]) == entry(found["open"], paper)["hangs_on"]
    assert paper not in ids(found["papers"])


@asked_of_some
def test_the_screen_names_the_facts_that_decide_it(leakresp, paper):
    shown = leakresp.fine(f"draft-notice --list --answers {ATTACK}{settings(ONE_BY_ONE)}")
    part = shown.split("要るかどうかがまだ決まらない文書")[1].split(paper)[1].split("作るには")[0]
    assert all(f"（{fact}）" in part for fact in ASKED_OF_SOME[paper])


@asked_of_some
def test_it_is_asked_for_once_the_answers_call_for_it_and_hangs_on_nothing(leakresp, paper):
    found = listing(leakresp, **ASKED_OF_SOME[paper])
    assert paper in ids(found["papers"])
    assert paper not in ids(found["open"])


def test_nothing_is_left_of_them_where_the_answers_rule_them_out(leakresp):
    found = listing(leakresp, **RULED_OUT)
    assert not set(ASKED_OF_SOME) & {paper for part in found.values() for paper in ids(part)}


@pytest.mark.parametrize(("paper", "fact"), EACH)
def test_an_answer_that_cannot_be_told_yet_leaves_the_paper_open_and_out_of_what_is_asked_for(leakresp, paper, fact):
    found = listing(leakresp, **ASKED_OF_SOME[paper] | {fact: "unknown"})
    assert fact in entry(found["open"], paper)["hangs_on"]
    assert paper not in ids(found["papers"])


@pytest.mark.parametrize(("paper", "fact"), EACH)
def test_the_interview_asks_with_the_duties_for_what_a_paper_hangs_on(paper, fact):
    interview = Interview(bench().assessor)
    others = {other: word for other, word in ASKED_OF_SOME[paper].items() if other != fact}
    answers = given_of(ATTACK, **ONE_BY_ONE, **others).answers
    day = bench().assessor.day(answers, None, answers["discovered_on"].date)
    asking = [question for question in interview.due(answers, day) if fact in question.settles]
    assert asking
    assert {question.stage for question in asking} == {"duty"}
    assert any(name.endswith(".report") for question in asking for name in interview.why(question, answers, day))


def test_the_interview_leaves_out_what_no_paper_hangs_on_any_more():
    interview = Interview(bench().assessor)
    answers = given_of(ATTACK, **ONE_BY_ONE, sector="general").answers
    day = bench().assessor.day(answers, None, answers["discovered_on"].date)
    assert "communications_secrecy" not in {
        fact for question in interview.due(answers, day) for fact in question.settles
    }


# what other programs and folders get ------------------------------------------------------------------------------------


def test_an_assessment_names_the_papers_that_are_asked_for_and_no_other(leakresp):
    asked_for = ids(listing(leakresp)["papers"])
    assessed = leakresp.json(f"assess {ATTACK}")["papers"]
    assert ids(assessed) == asked_for
    shown = leakresp.fine(f"assess {ATTACK}")
    for paper in ids(listing(leakresp)["usual"]):
        assert paper not in shown


def test_all_writes_what_is_asked_for_and_usual_adds_the_rest(leakresp, tmp_path):
    found = listing(leakresp, PATIENT)
    for words, wanted in (("", ids(found["papers"])), (" --usual", ids(found["papers"]) + ids(found["usual"]))):
        place = tmp_path / f"drafts{words.strip()}"
        leakresp.fine(f"draft-notice --all{words} --answers {PATIENT} -o {shlex.quote(str(place))}")
        assert sorted(path.stem for path in place.iterdir()) == sorted(wanted)
    assert found["usual"]


def test_a_final_set_with_the_usual_papers_is_refused_whole_while_one_has_a_hole(leakresp, tmp_path):
    place = tmp_path / "drafts"
    leakresp(f"draft-notice --all --usual --final --answers {PATIENT} -o {shlex.quote(str(place))}")
    assert leakresp.code == ANSWERS_MISSING
    assert not place.exists()


# a paper whose time has not come ----------------------------------------------------------------------------------------

NOT_YET = "この文書を使う時期や条件がそろっていません"
NO_DUTY = "この文書を出す法律上の義務はありません"


@pytest.mark.parametrize(
    ("paper", "facts"),
    [
        ("ppc_final_report", {}),
        ("ppc_final_report", {"ppc_told": "no"}),
        ("ppc_preliminary_report", {"ppc_told": "yes"}),
        ("ppc_follow_up_report", {"ppc_told": "no"}),
        ("letter", {"contact_available": "none"}),
    ],
)
def test_a_paper_drafted_before_its_time_is_said_to_be_so_and_never_that_no_law_asks_for_it(leakresp, paper, facts):
    assert leakresp.fine(f"draft-notice {paper} --answers {ATTACK}{settings(facts)}")
    assert NOT_YET in leakresp.err
    assert NO_DUTY not in leakresp.err


def test_where_it_is_open_whether_there_is_a_duty_the_note_does_not_say_there_is_one(leakresp):
    leakresp.fine("draft-notice ppc_final_report --set cause=ransomware --set ppc_told=no")
    assert "義務がある（またはあり得る）" in leakresp.err
    leakresp.fine("draft-notice ppc_final_report --set cause=ransomware --set ppc_told=no --lang en")
    assert "there is a duty, or may be one" in leakresp.err


@pytest.mark.parametrize("paper", ["ppc_preliminary_report", "letter", "web_notice_first", "privacy_mark_report"])
def test_no_such_note_where_the_paper_is_in_the_list(leakresp, paper):
    leakresp.fine(f"draft-notice {paper} --answers {ATTACK}{settings(ONE_BY_ONE)}")
    assert NOT_YET not in leakresp.err
    assert NO_DUTY not in leakresp.err


def test_where_no_law_asks_for_a_report_that_is_said(leakresp):
    nothing = dict.fromkeys(("leak", "loss", "tampered", "unusable"), "ruled_out")
    leakresp.fine(f"draft-notice ppc_final_report --answers {ATTACK}{settings(nothing)}")
    assert NO_DUTY in leakresp.err
    assert NOT_YET not in leakresp.err


# what has changed since the report before -------------------------------------------------------------------------------


@pytest.fixture
def reported(leakresp):
    """A case whose preliminary report was sent; two answers changed and one came in since."""
    leakresp(f"triage ransom --no-input --answers {ATTACK} --set police_told=no")
    assert leakresp.code == ANSWERS_MISSING
    leakresp.fine("draft-notice ppc_preliminary_report --case ransom")
    leakresp.fine("sent ransom ppc_preliminary_report", minutes=5)
    leakresp.fine("change ransom affected_people=36412 police_told=yes cause_detail=VPN装置の弱点", hours=30)
    return leakresp


def changes(paper, heading="前回の報告からの変更点"):
    return paper.split(heading)[1].split("報告の種別と報告者")[0]


def test_a_final_report_lists_what_changed_since_the_preliminary_one_was_sent(reported):
    told = changes(reported.fine("draft-notice ppc_final_report --case ransom"))
    assert NOT_YET not in reported.err
    assert "前回の報告（2026年11月24日（火））から変わった事項は、次のとおりです。" in told
    assert "影響を受ける本人の数：（前回）最大38,000人\n　（今回）36,412人" in told
    assert "原因の詳細：（前回）記載なし\n　（今回）VPN装置の弱点" in told
    assert told.count("（前回）") == 3, "what stayed as it was is not listed"


def test_the_changes_are_told_in_english_too(reported):
    told = reported.fine("draft-notice ppc_final_report --case ransom --lang en").split("What has changed")[1]
    assert "before: at most 38,000 persons\n  now: 36,412 persons" in told


def test_the_next_report_is_held_against_the_one_sent_last(reported):
    reported.fine("draft-notice ppc_follow_up_report --case ransom")
    reported.fine("sent ransom ppc_follow_up_report --to 個人情報保護委員会")
    nothing = changes(reported.fine("draft-notice ppc_final_report --case ransom"))
    assert "前回の報告（2026年11月25日（水））から変わった事項はありません。" in nothing
    reported.fine("change ransom affected_people=36500")
    told = changes(reported.fine("draft-notice ppc_final_report --case ransom"))
    assert "（前回）36,412人\n　（今回）36,500人" in told
    assert told.count("（前回）") == 1


def test_a_changed_draft_that_never_left_is_nothing_to_compare_with(leakresp):
    leakresp(f"triage ransom --no-input --answers {ATTACK}")
    leakresp.fine("draft-notice ppc_preliminary_report --case ransom")
    leakresp.fine("change ransom ppc_told=yes affected_people=36412")
    paper = leakresp.fine("draft-notice ppc_final_report --case ransom")
    assert "前回の報告の控えが記録にないため" in paper
    assert "（前回）" not in paper


def test_a_paper_of_no_case_knows_of_no_earlier_one(leakresp):
    paper = leakresp.fine(f"draft-notice ppc_final_report --answers {ATTACK} --set ppc_told=yes")
    assert leakresp.code == DONE
    assert "前回の報告の控えが記録にないため" in paper


def test_a_draft_is_stale_once_the_day_it_promises_was_changed(leakresp):
    leakresp(f"triage ransom --no-input --answers {ATTACK} --set findings_expected_on=2026-12-10")
    assert "（2026年12月10日までに報告する予定です。）" in leakresp.fine(
        "draft-notice ppc_preliminary_report --case ransom"
    )
    changed = leakresp.json("change ransom findings_expected_on=2026-12-20")
    assert "ppc_preliminary_report" in json.dumps(changed, ensure_ascii=False)
