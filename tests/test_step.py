"""``leakresp step`` and ``leakresp case``: actions with who and when, and a case that closes only when its duties are done."""

import datetime as dt

import pytest
from tests.desk_clock import MAIL, MORNING, leakresp

from leakresp.response.playbook import PHASES
from leakresp.shell.layout import cells

__all__ = ["leakresp"]  # the fixture


@pytest.fixture
def required(leakresp):
    """A case whose report is required."""
    leakresp.begin(affected_people="1200")
    return leakresp


def listed(leakresp, options=""):
    return {step["id"]: step for step in leakresp.json(f"step mail {options}")["actions"]}


# the list -------------------------------------------------------------------------------------------------------------


def test_actions_are_listed_by_phase_in_the_order_of_a_response(required):
    phases = [step["phase"] for step in required.json("step mail")["actions"]]
    assert phases == sorted(phases, key=PHASES.index)
    assert "発見（" in required.out or "発見（" in required.fine("step mail")
    assert all(cells(line) <= 80 for line in required.fine("step mail").splitlines())


def test_a_phase_or_a_person_narrows_the_list(required):
    assert {step["phase"] for step in listed(required, "--phase report").values()} == {"report"}
    required.fine("step mail notify_persons --assign 鈴木")
    assert list(listed(required, "--who 鈴木")) == ["notify_persons"]
    assert all("legal" in step["roles"] for step in listed(required, "--who legal").values())
    assert listed(required, "--who 法務") == listed(required, "--who legal")


def test_a_phase_that_is_none_is_refused_with_the_nearest(required):
    required("step mail --phase reports")
    assert required.code == 2
    assert "「report」の誤りではありませんか" in required.err


# one action -----------------------------------------------------------------------------------------------------------


def test_one_action_is_shown_whole(required):
    shown = required.fine("step mail notify_persons")
    assert "注意：" in shown
    assert "担当の部門：窓口、法務" in shown
    assert "法律が求める対応です" in shown


def test_what_became_of_an_action_is_kept_with_who_and_when(required):
    required.fine("step mail note_discovery --done --note 8時40分に受付で --by 鈴木", minutes=5)
    step = listed(required)["note_discovery"]
    assert (step["state"], step["changed"]["by"]) == ("done", "鈴木")
    assert dt.datetime.fromisoformat(step["changed"]["at"]) == MORNING + dt.timedelta(minutes=5)
    assert step["notes"][0]["text"] == "8時40分に受付で"
    shown = required.fine("step mail note_discovery")
    assert "[x]" in shown
    assert "11/24（火）9:05に済み（鈴木）" in shown


def test_an_action_goes_through_every_state(required):
    required.fine("step mail note_discovery --assign 鈴木")
    assert (listed(required)["note_discovery"]["state"], listed(required)["note_discovery"]["assigned"]) == (
        "open",
        "鈴木",
    )
    required.fine("step mail note_discovery --skip --note 別の部署が済ませた")
    assert listed(required)["note_discovery"]["state"] == "skipped"
    required.fine("step mail note_discovery --reopen")
    assert listed(required)["note_discovery"]["state"] == "open"
    required.fine("step mail note_discovery --note 明日確かめる")
    assert listed(required)["note_discovery"]["state"] == "open"
    states = [line["state"] for line in required.journal() if line["kind"] == "step"]
    assert states == ["assigned", "skipped", "open", "noted"]


def test_to_skip_is_a_decision_and_needs_its_reason(required):
    required("step mail notify_persons --skip")
    assert required.code == 2
    assert "--note" in required.err
    assert "step" not in required.kinds()


def test_who_comes_second_is_told_and_nothing_is_overwritten(required):
    required.fine("step mail note_discovery --done --by 鈴木")
    required.fine("step mail note_discovery --done --by 田中")
    assert "もう「済み」になっています" in required.err
    assert listed(required)["note_discovery"]["changed"]["by"] == "鈴木"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("step mail note_discovry --done", "「note_discovery」の誤りではありませんか"),
        ("step mail note_discovery --done --skip --note x", "一度に一つだけ"),
        ("step mail --done", "対応のIDを書いてください"),
        ("step mail note_discovery --phase report", "一緒に使えません"),
        ("step mail note_discovery --note '  '", "文が空です"),
    ],
)
def test_a_slip_is_said_and_nothing_is_kept(required, line, said):
    required(line)
    assert required.code == 2
    assert said in required.err
    assert "step" not in required.kinds()


def test_an_action_that_is_no_longer_called_for_stays_on_the_list_once_it_was_worked_on(required):
    assert "keep_sent_mail" in listed(required)
    required.fine("step mail keep_sent_mail --done")
    required.fine("change mail cause=misdelivery")
    found = listed(required)
    assert found["keep_sent_mail"]["called_for"] is False
    assert "stop_further_sending" not in found
    assert "求められていない対応です" in required.fine("step mail keep_sent_mail")


def test_an_action_nothing_calls_for_can_be_recorded_all_the_same(required):
    required.fine("step mail call_police_for_theft --done")
    assert listed(required)["call_police_for_theft"]["state"] == "done"


# closing --------------------------------------------------------------------------------------------------------------


def test_every_action_the_law_demands_cites_the_law(rulebook):
    demanded = [action for action in rulebook.plain["actions"] if action.get("statutory")]
    assert {action["id"] for action in demanded} >= {"notify_persons", "tell_every_entrustor"}
    for action in demanded:
        laws = {source["law"] for source in action["sources"] if source["read"] in {"verbatim", "quoted"}}
        assert laws & {"appi", "appi_rules", "my_number_act", "my_number_rules"}, action["id"]


def test_a_case_does_not_close_while_the_law_still_asks_for_something(required):
    required("case close mail")
    assert required.code == 3
    assert "「確報」（期限2026年12月17日（木））を提出した記録がありません" in required.err
    assert "notify_persons" in required.err
    assert "--because" in required.err
    assert "closed" not in required.kinds()


def test_it_closes_once_the_final_report_is_filed_and_the_persons_told(required):
    required.fine("draft-notice ppc_preliminary_report --case mail")
    required.fine("sent mail ppc_preliminary_report")
    required("case close mail")
    assert "確報" in required.err, "the preliminary report alone does not end the duty"
    _final_report_filed(required)
    required("case close mail")
    assert "確報" not in required.err
    required.fine("step mail notify_persons --done")
    required.fine("case close mail")
    assert required.journal()[-1]["kind"] == "closed"
    assert "left_open" not in required.journal()[-1]


def _final_report_filed(leakresp):
    from leakresp.response.case import Reported
    from leakresp.shell.cases import open_case
    from leakresp.shell.library import load

    opened = open_case("mail", str(leakresp.folder), load().rulebook.facts)
    opened.add("佐藤", Reported("appi", "final_report", "個人情報保護委員会", "2026-11-24"))


def test_with_a_reason_it_closes_all_the_same_and_what_was_open_is_on_record(required):
    required.fine("case close mail --because 委員会の指示で別の事案に統合")
    closed = required.journal()[-1]
    assert closed["why"] == "委員会の指示で別の事案に統合"
    assert closed["left_open"] == ["appi.final_report", "notify_persons"]
    assert "残したまま終了した" in required.err
    assert "残っていたもの：確報、本人に" in required.fine("log mail --kind closed")


def test_where_nothing_is_required_a_case_closes_and_the_ruling_stands_before_it(leakresp):
    leakresp.begin()
    leakresp.fine("case close mail")
    assert leakresp.kinds()[-2:] == ["ruling", "closed"]
    assert leakresp.journal()[-2]["verdict"] == "not_required"


def test_an_entrustee_that_told_nobody_cannot_close(leakresp):
    facts = {**MAIL, "data_relation": "entrusted_to_us", "entrustor_bears_duty": "yes", "affected_people": "1200"}
    leakresp.begin(facts=facts, entrustor_notified="no")
    leakresp("case close mail")
    assert "tell_every_entrustor" in leakresp.err
    leakresp.fine("change mail entrustor_notified=yes")
    leakresp.fine("case close mail")


def test_a_closed_case_is_reopened_with_a_reason(leakresp):
    leakresp.begin()
    leakresp("case reopen mail --because x")
    assert leakresp.code == 2
    assert "終了していません" in leakresp.err
    leakresp.fine("case close mail")
    leakresp("case close mail")
    assert leakresp.code == 2
    leakresp("case reopen mail")
    assert leakresp.code == 2
    assert "再開の理由" in leakresp.err
    leakresp.fine("case reopen mail --because 本人からの問い合わせ")
    assert leakresp.journal()[-1]["why"] == "本人からの問い合わせ"
    leakresp.fine("step mail note_discovery --done")


@pytest.mark.parametrize(
    "line", ["step mail note_discovery --done", "triage mail --no-input", "sent mail letter --to x"]
)
def test_a_closed_case_is_not_changed(leakresp, line):
    leakresp.begin()
    leakresp.fine("case close mail")
    before = leakresp.kinds()
    leakresp(line)
    assert leakresp.code == 2
    assert "leakresp case reopen mail" in leakresp.err
    assert leakresp.kinds() == before


def test_a_closed_case_still_takes_a_line_of_its_timeline(leakresp):
    leakresp.begin()
    leakresp.fine("case close mail")
    leakresp.fine("note mail 委員会から受理の連絡")
    assert leakresp.kinds()[-1] == "note"
