"""``leakresp status``: one screen of 24 lines, right to the hour, now and as it stood."""

import datetime as dt
import json
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.desk_clock import MORNING, leakresp
from tests.incidents import reference_cases
from tests.screens import golden

from leakresp.law.vocabulary import JAPAN, WrongAnswer
from leakresp.shell.status_words import shortened
from leakresp.shell.typed_times import begin, end, typed_past

__all__ = ["leakresp"]  # the fixture

GOLDEN = Path(__file__).parent / "golden" / "screens"
RANSOMWARE = {
    "cause": "ransomware",
    "leak": "suspected",
    "unusable": "confirmed",
    "data_items": "name,email",
    "affected_people": "500..3000",
    "discovered_on": "2026-11-18",
}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_screen_of_a_case_in_work_is_the_one_kept(leakresp, lang):
    leakresp.begin("server", RANSOMWARE)
    leakresp.fine("draft-notice letter --case server")
    leakresp.fine("step server escalate_at_once --assign 鈴木", minutes=5)
    leakresp.fine("step server note_discovery --done")
    leakresp.fine("change server data_items=name,email,phone")
    golden(f"status_ransomware.{lang}.txt", leakresp.fine(f"status server --lang {lang}", hours=2), GOLDEN)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_case_takes_more_than_24_lines_of_80_cells(leakresp, lang):
    """Whatever happened: many drafts, many dates, several bodies of law at once."""
    many = {
        **RANSOMWARE,
        "data_items": "name,my_number,medical_history,credit_card_number",
        "data_relation": "own",
        "organisation_type": "art26_public_entity",
    }
    leakresp.begin("many", many, discovered_on="2026-09-01")
    leakresp("draft-notice --all --case many")
    for number in range(6):
        leakresp.fine(f"clock many --add '委員会へ続報を出す、その{number}' 2026-12-{number + 10}")
    leakresp.fine("change many affected_people=3000 data_items=name,my_number,credit_card_number,phone")
    lines = leakresp.fine(f"status many --lang {lang}").splitlines()
    assert len(lines) <= 23, "the line below is the shell's"
    assert max(map(cell_len, lines)) <= 80


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_reference_case_is_wider_or_longer_than_the_screen(leakresp, lang):
    for case in reference_cases("appi.yaml")[::6]:
        facts = {fact: ",".join(raw) if isinstance(raw, list) else str(raw) for fact, raw in case["facts"].items()}
        leakresp.begin(case["id"], {fact: raw or "unknown" for fact, raw in facts.items()})
        lines = leakresp(f"status {case['id']} --lang {lang}").splitlines()
        assert len(lines) <= 23, case["id"]
        assert max(map(cell_len, lines)) <= 80, case["id"]


def test_a_long_title_gives_way_to_the_time(leakresp, tmp_path):
    file = tmp_path / "incident.yaml"
    file.write_text(f"incident: {{title: {'会員管理サーバー' * 8}}}\nfacts: {{leak: confirmed}}\n", encoding="utf-8")
    leakresp(f"triage long --no-input --answers '{file}'")
    first = leakresp.fine("status long").splitlines()[0]
    assert "…　2026年11月24日（火）9:00現在" in first
    assert cell_len(first) <= 80


# time left ------------------------------------------------------------------------------------------------------------


def test_days_and_hours_are_those_until_the_last_day_ends_in_japan(leakresp):
    leakresp.begin(affected_people="1200")
    assert "確報  12/17（木）まで  あと23日と15時間" in leakresp.fine("status mail")
    final = leakresp.json("status mail")["clocks"][1]
    assert (final["id"], final["last_day"], final["days_left"], final["hours_left"]) == (
        "appi.final_report", "2026-12-17", 23, 23 * 24 + 15,
    )  # fmt: skip


def test_on_the_last_day_it_still_runs_and_after_its_end_it_is_overdue(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp.moment = dt.datetime(2026, 12, 17, 23, 59, tzinfo=JAPAN)
    found = leakresp.json("status mail")
    assert [clock["overdue"] for clock in found["clocks"][:2]] == [True, False]
    leakresp.moment += dt.timedelta(minutes=1)
    found = leakresp.json("status mail")
    assert found["overdue"] == 2
    assert "■ 過ぎた期限が2件あります" in leakresp("status mail")
    assert "■ 確報  12/17（木）まで" in leakresp.out


def test_a_machine_in_another_zone_sees_japans_days(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp.moment = dt.datetime(2026, 12, 17, 15, 30, tzinfo=dt.UTC)  # half past midnight of the 18th in Japan
    assert leakresp.json("status mail")["overdue"] == 2


def test_a_report_that_was_filed_no_longer_runs(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp.fine("draft-notice ppc_preliminary_report --case mail")
    leakresp.fine("sent mail ppc_preliminary_report --way web_form --receipt R-7")
    clocks = {clock["id"]: clock for clock in leakresp.json("status mail")["clocks"]}
    assert clocks["appi.preliminary_report"]["ended"]["state"] == "filed"
    assert leakresp.json("status mail")["overdue"] == 0
    assert "R-7" in leakresp.fine("status mail")


# what to do, what is open ---------------------------------------------------------------------------------------------


def test_the_next_three_actions_are_those_nobody_ended(leakresp):
    leakresp.begin()
    first = [action["id"] for action in leakresp.json("status mail")["next_actions"]]
    assert len(first) == 3
    leakresp.fine(f"step mail {first[0]} --done")
    leakresp.fine(f"step mail {first[1]} --skip --note 該当なし")
    leakresp.fine(f"step mail {first[2]} --assign 佐藤")
    found = leakresp.json("status mail")
    assert found["next_actions"][0]["id"] == first[2]
    assert found["next_actions"][0]["assigned"] == "佐藤"
    shown = leakresp.fine("status mail")
    assert f"（佐藤）  {first[2]}" in shown


def test_open_facts_and_holes_are_named(leakresp):
    leakresp.begin(affected_people="unknown")
    shown = leakresp.fine("status mail")
    assert "まだ分からないこと（" in shown
    assert "影響を受ける本人の数" in shown
    assert "未確認（" in shown
    assert "leakresp triage mail" in shown
    assert "affected_people" in leakresp.json("status mail")["open_facts"]


def test_a_broken_record_is_said_first_and_the_case_still_shown(leakresp):
    leakresp.begin()
    path = leakresp.folder / "mail" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace("佐藤".encode(), "加藤".encode(), 1))
    leakresp("status mail")
    assert "書かれた後に変えられています" in leakresp.err
    assert "報告の義務はありません" in leakresp.out


def test_another_verdict_on_record_is_pointed_out(leakresp):
    leakresp.begin()
    leakresp("change mail affected_people=1200")
    path = leakresp.folder / "mail" / "journal.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8", newline="")  # the last ruling is that of 950 persons
    assert "前に記録した結論と違います：報告の義務はありません" in leakresp("status mail")


# which case -----------------------------------------------------------------------------------------------------------


def test_without_a_name_the_newest_open_case_is_shown_and_that_is_said(leakresp):
    leakresp.begin("old")
    leakresp.moment += dt.timedelta(hours=1)
    leakresp.begin("new")
    leakresp.moment += dt.timedelta(hours=1)
    leakresp.begin("newest")
    leakresp.fine("case close newest")
    shown = leakresp.fine("status")
    assert shown.startswith("new　")
    assert "進行中で最も新しい事案" in shown
    assert leakresp.json("status")["case"] == "new"


def test_a_case_that_cannot_be_read_does_not_hide_the_others(leakresp):
    leakresp.begin("good")
    (leakresp.folder / "bad").mkdir()
    (leakresp.folder / "bad" / "journal.jsonl").write_text("", encoding="utf-8")
    assert leakresp.fine("status").startswith("good")
    assert "bad" in leakresp.err


def test_where_no_case_is_open_the_next_step_is_said(leakresp):
    leakresp("status")
    assert leakresp.code == 2
    assert "leakresp triage" in leakresp.err


def test_a_closed_case_says_when_and_why(leakresp):
    leakresp.begin()
    leakresp.fine("case close mail --because 全員に連絡済み")
    assert "この事案は2026年11月24日（火）9:00に終了しています（佐藤、全員に連絡済み）。" in leakresp.fine(
        "status mail"
    )
    assert leakresp.json("status mail")["open"] is False


# when we knew ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def grown(leakresp):
    """A case that was 950 persons in the morning and 1,200 in the evening."""
    leakresp.begin()
    leakresp("change mail affected_people=1200 --learned-on 今日", hours=9)
    leakresp.moment += dt.timedelta(days=2)
    return leakresp


def test_at_a_time_the_case_is_shown_as_it_stood(grown):
    then = grown.json("status mail --at '11/24 12:00'")
    assert (then["verdict"], then["clocks"]) == ("not_required", [])
    assert then["at"].startswith("2026-11-24T12:00:59")
    evening = grown.json("status mail --at 11/24")
    assert evening["verdict"] == "required"
    assert evening["clocks"][0]["days_left"] == 4, "counted from that evening, not from today"
    assert grown.json("status mail")["clocks"][0]["days_left"] == 2


def test_a_minute_the_record_shows_belongs_to_that_minute(grown):
    assert grown.json("status mail --at '11/24 9:00'")["verdict"] == "not_required"


def test_before_the_case_was_opened_there_was_nothing(grown):
    grown("status mail --at '11/24 8:59'")
    assert grown.code == 2
    assert "記録の始まりは2026年11月24日（火）9:00" in grown.err


def test_a_time_to_come_cannot_be_looked_back_to(grown):
    grown("status mail --at 2027-01-01")
    assert grown.code == 2
    assert "まだ来ていない時" in grown.err


def test_why_looks_back_in_the_same_way(grown):
    then = json.loads(grown.fine("why mail --at '11/24 12:00' --json"))
    assert (then["verdict"], then["at"][:16]) == ("not_required", "2026-11-24T12:00")
    shown = grown.fine("why mail --at '11/24 12:00'")
    assert shown.startswith("2026年11月24日（火）12:00の時点の記録によります。")
    assert "報告の義務はありません" in shown
    assert grown.json("why mail")["verdict"] == "required"


def test_why_needs_a_case_to_look_back_into(leakresp):
    leakresp("why --set leak=confirmed --at 昨日")
    assert leakresp.code == 2
    assert "事案の名前を添えてください" in leakresp.err


# moments as people type them ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8:10", "2026-11-24T08:10+09:00"),
        ("22:30", "2026-11-23T22:30+09:00"),
        ("午後10時半", "2026-11-23T22:30+09:00"),
        ("昨日 22:30", "2026-11-23T22:30+09:00"),
        ("20日 9時半", "2026-11-20T09:30+09:00"),
        ("11/20", "2026-11-20"),
        ("今日", "2026-11-24"),
        ("now", "2026-11-24T09:00+09:00"),
    ],
)
def test_a_moment_that_has_come_is_read_as_it_is_meant(typed, meant):
    assert str(typed_past(typed, MORNING)) == meant


@pytest.mark.parametrize("typed", ["今日 22:30", "2026-11-24 22:30", "2026-11-25", "2027/1/1"])
def test_a_moment_that_has_not_come_is_refused(typed):
    with pytest.raises(WrongAnswer) as caught:
        typed_past(typed, MORNING)
    assert caught.value.key == "in_future"


def test_a_day_ends_with_its_last_moment_and_a_minute_too():
    day, minute = typed_past("11/20", MORNING), typed_past("11/20 9:30", MORNING)
    assert end(day) - begin(day) == dt.timedelta(days=1) - dt.timedelta(microseconds=1)
    assert (begin(minute).minute, end(minute).second) == (30, 59)


@pytest.mark.parametrize("width", [10, 11, 12, 40])
def test_a_line_that_is_cut_says_so_and_fits(width):
    text = "影響を受ける本人の数が、まだ分かりません。" * 2
    cut = shortened(text, width)
    assert cell_len(cut) <= width
    assert cut.endswith("…")
    assert shortened("短い", 4) == "短い"


# a screen that stays --------------------------------------------------------------------------------------------------


def test_watch_needs_a_terminal_and_stands_alone(leakresp):
    leakresp.begin()
    leakresp("status mail --watch")
    assert leakresp.code == 2
    assert "端末" in leakresp.err
    leakresp("status mail --watch --json")
    assert leakresp.code == 2
    assert "--json" in leakresp.err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_watch_shows_what_others_record_and_ends_with_ctrl_c(leakresp):
    from tests.terminal import CTRL_C, Terminal

    leakresp.begin()
    watching = Terminal(leakresp.folder, "status", "mail", "--watch")
    watching.see("報告の義務はありません", "終わるにはCtrl-C")
    leakresp("change mail affected_people=1200")
    watching.see("報告と本人への通知が必要です", "確報")
    watching.press(CTRL_C)
    assert watching.end() == 0
