"""``leakresp change``: what moved is shown, what is kept is kept, and no deadline moves in silence."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desk_clock import MORNING, leakresp
from tests.incidents import answers
from tests.screens import assessed, desk

from leakresp.response.basis import basis, is_explained, values
from leakresp.response.brief import DERIVED
from leakresp.response.case import Drafted, Entry, Sent, replay
from leakresp.response.moved import arisen, newest_papers, stale_papers
from leakresp.shell.layout import cells

__all__ = ["leakresp"]  # the fixture


# what moved -----------------------------------------------------------------------------------------------------------


def test_a_change_shows_before_and_after(leakresp):
    leakresp.begin()
    shown = leakresp("change mail affected_people=1,200名 --learned-on 11/23 --because 名簿の数え直し")
    assert leakresp.code == 0
    assert "影響を受ける本人の数：950人 → 1,200人" in shown
    assert "結論：報告の義務はありません → 報告と本人への通知が必要です" in shown
    assert "本人の数が千人を超える漏えい等：当たりません → 当たります" in shown
    assert "・本人への書状（お詫びとお知らせ）" in shown
    assert all(cells(line) <= 80 for line in shown.splitlines())


def test_a_change_is_kept_with_its_reason_and_a_new_ruling(leakresp):
    leakresp.begin()
    leakresp("change mail affected_people=1200 --learned-on 11/23 --because 名簿の数え直し --by 鈴木")
    change, ruling, day, last = leakresp.journal()[-4:]
    assert (change["kind"], change["by"], change["why"]) == ("answered", "鈴木", "名簿の数え直し")
    assert (change["source"], change["where"]) == ("set", "change")
    assert ruling["verdict"] == "required"
    assert day["facts"] == {"over_threshold_learned_on": "2026-11-23"}
    assert last["due"]["appi.final_report"] == "2026-12-22"


def test_an_answer_is_taken_back_with_nothing_behind_the_equals_sign(leakresp):
    leakresp.begin()
    shown = leakresp("change mail affected_people= --because 数え直し中")
    assert "影響を受ける本人の数：950人 → 未回答" in shown
    withdrawn = next(line for line in leakresp.journal() if line["kind"] == "withdrawn")
    assert (withdrawn["facts"], withdrawn["why"]) == (["affected_people"], "数え直し中")
    assert leakresp.json("status mail")["verdict"] == "undetermined"


def test_what_is_on_record_already_changes_nothing(leakresp):
    leakresp.begin()
    before = leakresp.kinds()
    assert "もうそのとおりに記録されています" in leakresp("change mail affected_people=950")
    assert leakresp.kinds() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("lek=confirmed", "「leak」の誤りではありませんか"),
        ("leak=confirmd", "「confirmed」の誤りではありませんか"),
        ("lek=", "「leak」の誤りではありませんか"),
        ("occurred_on=", "取り消せません"),
        ("leak", "「ID=値」"),
        ("leak=confirmed leak=", "二度"),
        ("leak= leak=", "二度"),
        ("affected_people=1o", "人数として読めません"),
    ],
)
def test_a_slip_is_said_and_nothing_is_kept(leakresp, change, said):
    leakresp.begin()
    before = leakresp.kinds()
    leakresp(f"change mail {change}")
    assert leakresp.code == 2
    assert said in leakresp.err
    assert leakresp.kinds() == before


def test_all_slips_of_one_command_are_shown_together(leakresp):
    leakresp.begin()
    leakresp("change mail lek=confirmed occurred_on= affected_people=1o")
    *slips, next_command = leakresp.err.strip().splitlines()
    assert len(slips) == 3
    assert "leakresp rules show" in next_command


def test_a_closed_case_has_to_be_reopened_before_it_is_changed(leakresp):
    leakresp.begin()
    leakresp.fine("case close mail")
    leakresp("change mail affected_people=1200")
    assert leakresp.code == 2
    assert "leakresp case reopen mail" in leakresp.err
    assert leakresp.json("status mail")["verdict"] == "not_required"


def test_json_names_only_what_differs(leakresp):
    leakresp.begin()
    found = leakresp.json("change mail affected_people=1200 --learned-on 11/23")
    assert found["schema"] == "leakresp/change/1"
    assert found["changed"] == {
        "affected_people": ["950", "1200"],
        "over_threshold_learned_on": [None, "2026-11-23"],
    }
    assert found["moved"]["verdict"] == ["not_required", "required"]
    assert found["moved"]["deadlines"]["appi.final_report"] == [None, {"days": 30, "due": "2026-12-22"}]
    assert found["arisen"] == [
        {"rule": "appi.over_1000_people", "duty": True, "counts_from_fact": "over_threshold_learned_on"}
    ]
    assert (found["discovered_on"], found["learned_on"], found["asks"]) == ("2026-11-18", "2026-11-23", [])
    assert found["assessment"]["verdict"] == "required"


def test_english_says_the_same(leakresp):
    leakresp.begin()
    shown = leakresp("change mail affected_people=1200 --learned-on 11/23 --lang en")
    assert "Verdict: no duty to report -> report and notice required" in shown
    assert "Discovered on 18 November 2026 (Wed); that it applies became known on 23 November 2026 (Mon)." in " ".join(
        shown.split()
    )


# since when it was known ----------------------------------------------------------------------------------------------


def test_the_days_count_from_the_day_the_number_was_known_and_both_days_stay(leakresp):
    leakresp.begin()
    shown = leakresp("change mail affected_people=1200 --learned-on 11/23").replace("\n    ", "").replace("\n", "")
    assert "発覚した日は2026年11月18日（水）、当たると分かった日は2026年11月23日（月）です。" in shown
    assert "2026年11月23日（月）を1日目として数えます。" in shown
    due = {clock["id"]: clock["last_day"] for clock in leakresp.json("status mail")["clocks"]}
    assert due["appi.final_report"] == "2026-12-22"
    assert leakresp.json("change mail affected_people=1201")["assessment"]["facts"]["discovered_on"] == "2026-11-18"


def test_without_a_terminal_and_a_day_the_change_is_kept_and_the_day_is_asked_for(leakresp):
    leakresp.begin()
    leakresp("change mail affected_people=1200")
    assert leakresp.code == 3
    assert "変更は記録しました" in leakresp.err
    assert "leakresp change mail over_threshold_learned_on=YYYY-MM-DD" in leakresp.err
    found = leakresp.json("status mail")
    assert found["verdict"] == "required"
    assert found["clocks"][1]["last_day"] == "2026-12-17", "until a later day is stated the earlier date binds"


def test_json_says_too_that_the_day_is_missing(leakresp):
    leakresp.begin()
    found = leakresp.json("change mail affected_people=1200")
    assert leakresp.code == 3
    assert (found["asks"], found["learned_on"]) == (["learned_on"], None)


def test_the_day_of_discovery_itself_adds_nothing(leakresp):
    leakresp.begin()
    leakresp.fine("change mail affected_people=1200 --learned-on 2026-11-18")
    assert leakresp.kinds()[-2:] == ["answered", "ruling"]
    assert "over_threshold_learned_on" not in leakresp.journal()[-2]["facts"]


def test_what_is_discovered_today_needs_no_second_day(leakresp):
    leakresp.begin(discovered_on="2026-11-24")
    leakresp.fine("change mail affected_people=1200")


def test_a_day_stated_in_the_same_change_is_not_asked_for(leakresp):
    leakresp.begin()
    leakresp.fine("change mail affected_people=1200 over_threshold_learned_on=昨日")
    assert leakresp.json("status mail")["clocks"][1]["last_day"] == "2026-12-22"


def test_where_no_source_lets_the_days_begin_later_they_do_not_and_that_is_said(leakresp):
    leakresp.begin()
    shown = "".join(
        line.strip() for line in leakresp("change mail data_items=medical_history --learned-on 昨日").splitlines()
    )
    assert "後から分かったときに数え始めを遅らせてよいと書いた出典がありません：要配慮個人情報" in shown
    assert "2026年11月18日（水）を1日目として数えます" in shown
    note = next(line for line in leakresp.journal() if line["kind"] == "note")
    assert note["happened"] == "2026-11-23"
    assert "要配慮個人情報" in note["text"]
    assert leakresp.json("status mail")["clocks"][1]["last_day"] == "2026-12-17"


def test_a_wrongful_purpose_found_later_is_dated_though_the_duty_stood_already(leakresp):
    leakresp.begin(affected_people="2000")
    leakresp.fine("change mail wrongful_act=suspected --learned-on 11/22")
    day = [line for line in leakresp.journal() if line["kind"] == "answered"][-1]
    assert day["facts"] == {"wrongful_learned_on": "2026-11-22"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("affected_people=960 --learned-on 11/23", "分かった日は要りません"),
        ("affected_people=1200 --learned-on 11/17", "発覚した日（2026-11-18）より前"),
        ("affected_people=1200 --learned-on 2026-11-25", "まだ来ていない時"),
        ("affected_people=1200 --learned-on いつか", "日付として読めません"),
    ],
)
def test_a_day_that_cannot_be_is_refused_before_anything_is_kept(leakresp, options, said):
    leakresp.begin()
    before = leakresp.kinds()
    leakresp(f"change mail {options}")
    assert leakresp.code == 2
    assert said in leakresp.err
    assert leakresp.kinds() == before


def test_the_situations_that_arise_are_those_that_hold_now_and_did_not(library):
    at = desk(library)
    before = {"leak": "confirmed", "affected_people": "10", "data_items": ["name"], "discovered_on": "2026-11-18"}
    one, other = (
        assessed(at, before),
        assessed(at, before | {"affected_people": "1001", "data_items": ["medical_history"]}),
    )
    found = {each.name: (each.learned, each.duty) for each in arisen(one, other, at.assessor)}
    assert found == {
        "appi.sensitive_data": (None, True),
        "appi.over_1000_people": ("over_threshold_learned_on", True),
    }
    assert arisen(other, other, at.assessor) == ()


@given(st.data())
def test_nothing_arises_where_nothing_changed(library, data):
    at = desk(library)
    assessment = at.assessor.assess(data.draw(answers(at.facts)), None, at.today)
    assert arisen(assessment, assessment, at.assessor) == ()


# papers that became stale ---------------------------------------------------------------------------------------------


def test_a_draft_whose_facts_changed_is_named(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp.fine("draft-notice --all --case mail")
    shown = leakresp("change mail affected_people=1300")
    assert "今の内容と合わなくなった文書" in shown
    assert "drafts/ppc_preliminary_report.txt" in shown
    assert "leakresp draft-notice --all --case mail" in shown
    found = leakresp.json("status mail")
    assert found["stale"] == [
        {
            "paper": "ppc_preliminary_report",
            "sent": False,
            "file": "drafts/ppc_preliminary_report.txt",
            "n": found["stale"][0]["n"],
            "changed": {"affected_people": ["1200", "1300"]},
        }
    ]


def test_the_letter_does_not_tell_the_number_and_so_does_not_become_stale(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp.fine("draft-notice letter --case mail")
    assert leakresp.json("change mail affected_people=1300")["stale"] == []
    assert leakresp.json("change mail data_items=email,name")["stale"][0]["changed"] == {
        "data_items": ["email", "name,email"]
    }


def test_a_draft_made_again_is_fresh(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp.fine("draft-notice --all --case mail")
    leakresp.fine("change mail affected_people=1300")
    leakresp.fine("draft-notice --all --case mail")
    assert leakresp.json("status mail")["stale"] == []


def test_what_was_sent_is_said_to_be_for_the_next_report(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp.fine("draft-notice ppc_preliminary_report --case mail")
    leakresp.fine("sent mail ppc_preliminary_report --way web_form")
    shown = leakresp("change mail affected_people=1300")
    assert "確報や続報で伝えてください" in shown.replace("\n    ", "")
    assert "leakresp draft-notice --all" not in shown


def test_a_paper_that_shows_the_last_day_becomes_stale_when_it_moves(library):
    at = desk(library)
    stated = {"leak": "confirmed", "cause": "theft", "discovered_on": "2026-11-18"}
    paper = at.assessor.papers["letter"]
    then = basis(paper, ("final_due", "situations"), assessed(at, stated))
    now = assessed(at, stated | {"wrongful_act": "ruled_out", "cause": "misdelivery", "affected_people": "2000"})
    changed = {name for name, value in values(then, now).items() if value != then[name]}
    assert {"appi.final_report", "appi.wrongful_purpose", "appi.over_1000_people"} <= changed


def test_it_is_known_what_every_name_of_a_brief_rests_on():
    assert [name for name in DERIVED if not is_explained(name)] == []


@given(st.data())
def test_a_paper_just_made_is_fresh_and_names_exactly_what_changes_afterwards(library, data):
    at = desk(library)
    paper = at.assessor.papers[data.draw(st.sampled_from(sorted(at.assessor.papers)))]
    before = data.draw(answers(at.facts))
    assessment = at.assessor.assess(before, None, at.today)
    made = basis(paper, data.draw(st.sets(st.sampled_from(DERIVED))), assessment)
    assert values(made, assessment) == made
    fact = data.draw(st.sampled_from(sorted(name for name in made if "." not in name)))
    after = {name: value for name, value in before.items() if name != fact}
    now = values(made, at.assessor.assess(after, assessment.on, at.today))
    differing = {name for name in made if made[name] != now[name] and "." not in name}
    assert differing == ({fact} if fact in before else set())


def test_only_the_newest_papers_are_looked_at(library, facts):
    at = desk(library)
    assessment = assessed(at, {"affected_people": "3"})
    stale = {"affected_people": "2"}

    def papers(*events):
        return replay([Entry(n, MORNING, "佐藤", event) for n, event in enumerate(events, 1)], facts)

    older, newer = (Drafted("letter", f"drafts/{name}.md", name, "ja", "md", stale) for name in "ab")
    sent = Sent("letter", "sent/a.md", "a", "本人", "2026-11-24", lang="ja", rests_on=stale)
    assert [each.event.sha256 for each in newest_papers(papers(older, newer))] == ["b"]
    assert [each.event.kind for each in newest_papers(papers(older, sent))] == ["sent"], "it is no draft any more"
    assert [each.event.kind for each in newest_papers(papers(sent, newer))] == ["draft", "sent"]
    assert [each.sent for each in stale_papers(papers(sent, newer), assessment)] == [False, True]
    fresh = Drafted("letter", "drafts/c.md", "c", "ja", "md", {"affected_people": "3"})
    assert stale_papers(papers(older, fresh), assessment) == ()


# at a terminal --------------------------------------------------------------------------------------------------------

terminal = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")


@pytest.fixture
def asked(tmp_path, leakresp):
    """A terminal that stands at the question on which day it became known."""
    from tests.terminal import Terminal

    leakresp.begin(discovered_on="2026-11-18")
    found = Terminal(leakresp.folder, "change", "mail", "affected_people=1200")
    found.see("いつですか", "Enterを押して")
    return found


@terminal
def test_at_a_terminal_the_day_is_asked_and_counted_from(asked, leakresp):
    from tests.terminal import ENTER

    asked.press("11/17", ENTER)
    asked.see("より前です")
    asked.press("\x15", "11/20", ENTER)
    asked.see("2026年11月20日（金）を1日目として")
    assert asked.end() == 0
    assert leakresp.journal()[-2]["facts"] == {"over_threshold_learned_on": "2026-11-20"}


@terminal
def test_enter_alone_says_that_it_was_known_from_the_start(asked, leakresp):
    from tests.terminal import ENTER

    asked.press(ENTER)
    assert asked.end() == 0
    assert leakresp.kinds()[-2:] == ["answered", "ruling"]


@terminal
def test_ctrl_c_at_the_question_keeps_the_change(asked, leakresp):
    from tests.terminal import CTRL_C

    asked.press(CTRL_C)
    asked.see("over_threshold_learned_on=YYYY-MM-DD")
    assert asked.end() == 130
    assert json.dumps(leakresp.journal()[-2]["facts"]) == '{"affected_people": "1200"}'
