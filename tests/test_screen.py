"""The result on the screen: what it says first, that it fits 80 columns, and that it is plain where it must be."""

import datetime as dt
import subprocess
import sys
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.incidents import answers, reference_cases
from tests.screens import INCIDENTS, Terminal, assessed, desk, golden

from leakresp.shell.layout import Row, cells, lines, wrap
from leakresp.shell.result import Origin, result_rows
from leakresp.shell.screen import Screen, is_plain

LANGUAGES = ("ja", "en")
WIDE = 80


def shown(at, stated, *, origin=None, incident=None):
    out = StringIO()
    Screen(at, out=out).show(assessed(at, stated), incident or {}, origin)
    return out.getvalue()


# The whole screen -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", INCIDENTS)
def test_the_screen_of_an_incident_is_the_one_kept(library, name, lang):
    golden(f"{name}.{lang}.txt", shown(desk(library, lang), INCIDENTS[name], origin=Origin(file="incident.yaml")))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_of_any_reference_case_is_wider_than_80_cells(library, lang):
    at = desk(library, lang)
    for case in reference_cases("appi.yaml"):
        for line in shown(at, case["facts"], origin=Origin(case="2026-11-24-usb")).splitlines():
            assert cell_len(line) <= WIDE, (case["id"], line)
            assert cells(line) <= WIDE, (case["id"], line)


@settings(max_examples=40)
@given(st.data())
def test_any_incident_has_a_screen_that_begins_with_its_verdict(library, data):
    at = desk(library, data.draw(st.sampled_from(LANGUAGES)))
    assessment = at.assessor.assess(data.draw(answers(at.facts)), None, at.today)
    rows = list(result_rows(assessment, {}, at.phrases, at.today))
    assert rows[0].style.startswith("verdict.")
    assert all(cells(line) <= WIDE for line, _ in lines(rows))
    assert rows[-1].text == at.say("screen.no_lawyer")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("nurse_hands_one_paper_to_the_wrong_patient", "報告と本人への通知が必要です。"),
        ("mail_shows_950_addresses", "個人情報保護法と番号法による報告の義務はありません。"),
        ("entrustee_told_its_entrustor", "報告と本人への通知の義務は、免除されています。"),
        ("usb_memory_lost_and_little_known", "報告と通知が必要かどうか、まだ判断できません。"),
    ],
)
def test_the_verdict_is_the_first_line(library, name, first):
    assert shown(desk(library), INCIDENTS[name]).splitlines()[0] == first


def test_the_title_of_the_incident_is_shown(library):
    assert "事案：健診結果の誤送付" in shown(
        desk(library), {"leak": "confirmed"}, incident={"title": "健診結果の誤送付"}
    )


def test_an_unrequired_report_may_still_be_made(library):
    text = shown(desk(library), INCIDENTS["mail_shows_950_addresses"])
    assert "任意の報告はできます" in text
    assert "影響を受ける本人の数：950人" in text.split("何が分かれば変わるか")[1]


def test_an_administrative_organ_is_sent_to_its_own_regime(library):
    stated = {"organisation_type": "administrative_organ", "leak": "confirmed", "cause": "unauthorized_access"}
    text = shown(desk(library), stated)
    assert "個人情報保護法 第68条（行政機関等）：報告と本人への通知が必要です" in text
    assert "個人情報保護法（民間の事業者など）：別の制度で判断します" in text


def test_my_number_is_a_block_of_its_own_only_once_it_is_known_to_be_there(library):
    stated = {"leak": "confirmed", "cause": "unauthorized_access", "data_items": ["my_number"]}
    assert "マイナンバー法（特定個人情報）：報告と本人への通知が必要です" in shown(desk(library), stated)
    text = shown(desk(library), stated | {"data_items": ["name"]})
    assert "マイナンバー法（特定個人情報）の対象になるかは、まだ分かりません。" in text
    assert "マイナンバー法" not in shown(desk(library), stated | {"data_items": ["name"], "data_items_complete": "yes"})


def test_a_fact_that_was_asked_and_cannot_be_told_is_marked(library):
    text = shown(desk(library), INCIDENTS["usb_memory_lost_and_little_known"])
    assert "・漏れた情報の項目（不明と回答済み）" in text


@pytest.mark.parametrize(
    ("origin", "command"),
    [
        (Origin(case="2026-11-24-usb"), "leakresp triage 2026-11-24-usb"),
        (Origin(case="2026-11-24-usb"), "leakresp draft-notice --case 2026-11-24-usb --list"),
        (Origin(file="our incident.yaml"), "leakresp why --answers 'our incident.yaml'"),
        (Origin(file="-"), "leakresp triage"),
        (None, "leakresp triage"),
    ],
)
def test_the_screen_ends_in_commands_to_type(library, origin, command):
    found = shown(desk(library), {"leak": "confirmed", "cause": "theft"}, origin=origin)
    assert f"    {command}\n" in found


# What would lift the duty ---------------------------------------------------------------------------------------------


def test_two_confirmations_that_only_count_together_stand_together(library, rulebook):
    at = desk(library)
    stated = {
        "cause": "ransomware",
        "leak": "ruled_out",
        "loss": "ruled_out",
        "tampered": "ruled_out",
        "unusable": "confirmed",
    }
    assessment = assessed(at, stated)
    lifts = {lift.facts: lift.duty for lift in assessment.regime("appi").lifts}
    assert lifts["strong_encryption", "decryption_controlled"] == "not_required"
    assert lifts["copy_held",] == "not_required"
    assert ("strong_encryption",) not in lifts
    assert "「高度な暗号化」と「復号手段の管理」の両方" in shown(at, stated)


def test_nothing_is_offered_to_lift_a_duty_that_does_not_stand(library, rulebook):
    assessment = assessed(desk(library), INCIDENTS["mail_shows_950_addresses"])
    assert all(result.lifts == () for result in assessment.regimes)


# The clocks -----------------------------------------------------------------------------------------------------------

ATTACK = {"cause": "unauthorized_access", "leak": "confirmed", "discovered_on": "2026-11-20"}
MISSENT = {"cause": "misdelivery", "wrongful_act": "ruled_out", "leak": "confirmed", "data_items": ["medical_history"]}


def clock_lines(library, today, stated=ATTACK):
    text = shown(desk(library, now=today), stated)
    return text.split("期限\n", 1)[1].split("\n\n")[0]


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (dt.date(2026, 11, 20), "目安 11/22（日）～11/24（火）  あと4日"),
        (dt.date(2026, 11, 23), "目安 11/22（日）～11/24（火）  あと1日（明日まで）"),
        (dt.date(2026, 11, 24), "目安 11/22（日）～11/24（火）  あと0日（今日まで）"),
        (dt.date(2026, 11, 25), "目安 11/22（日）～11/24（火）  1日超過"),
    ],
)
def test_the_preliminary_clock_says_how_much_is_left(library, today, left):
    assert left in clock_lines(library, today)


def test_an_overdue_clock_says_what_to_do(library):
    text = clock_lines(library, dt.date(2027, 1, 20))
    assert "確報  期限 2027年1月18日（月）  2日超過" in text
    assert "まだ出していなければ、今すぐ出してください。" in text


def test_a_date_moved_by_closed_days_says_so(library):
    stated = MISSENT | {"discovered_on": "2026-11-20"}
    text = clock_lines(library, dt.date(2026, 11, 24), stated)
    assert "確報  期限 2026年12月21日（月）  あと27日（12/19が閉庁日のため繰下げ）" in text


def test_the_dates_of_an_unsettled_duty_are_said_to_be_provisional(library):
    text = clock_lines(library, dt.date(2026, 11, 24), INCIDENTS["usb_memory_lost_and_little_known"])
    assert text.lstrip().startswith("仮の日付です。")
    assert "に当たると分かったときは" in text
    assert "60日（2027年1月18日（月）まで）です。" in text


def test_without_the_day_of_knowing_the_clock_is_told_in_days(library):
    text = clock_lines(library, dt.date(2026, 11, 24), {"cause": "theft", "leak": "confirmed"})
    assert "目安 知った日を1日目として3～5日目" in text
    assert "期限 知った日を1日目として60日目" in text


def test_a_duty_that_does_not_stand_has_no_clock(library):
    assert "期限\n" not in shown(desk(library), INCIDENTS["mail_shows_950_addresses"])


# Lines ----------------------------------------------------------------------------------------------------------------

MIXED = st.text(st.sampled_from("漏えい等、。」）（「カタカナー12月word.-/ 　…é"), max_size=120)


@given(MIXED, st.integers(10, 40))
def test_a_wrapped_line_never_exceeds_its_width(text, width):
    assert all(cells(line) <= width for line in wrap(text, width))


@given(MIXED, st.integers(10, 40))
def test_wrapping_loses_nothing_but_blanks(text, width):
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


@given(
    st.lists(
        st.sampled_from(["漏えい", "等、", "（本人）", "leakresp", "report", "報告。", "12月21日", "ウェブ"]),
        max_size=40,
    )
)
def test_no_line_begins_with_a_closing_mark_and_no_word_is_split(parts):
    found = wrap("".join(f" {part} " if part.isascii() else part for part in parts), 24)
    for line in found[1:]:
        assert line[0] not in "、。）」ェー月日"
    words = [word for line in found for word in line.split() if word.isascii()]
    assert set(words) <= {"leakresp", "report"}


def test_a_word_longer_than_the_line_is_cut_rather_than_left_to_overflow():
    assert wrap("https://www.ppc.go.jp/personalinfo", 10) == ["https://ww", "w.ppc.go.j", "p/personal", "info"]


def test_a_letter_with_a_mark_above_it_takes_the_room_of_one():
    assert cells("が") == 2  # か and a combining mark
    assert cells("漏えいabc") == 9


def test_a_row_hangs_below_its_first_line():
    assert [line for line, _ in lines([Row("・" + "あ" * 12, 2, 2)], 20)] == ["  ・ああああああああ", "    ああああ"]


# Plain and coloured ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value"),
    [("NO_COLOR", "1"), ("TERM", "dumb")],
)
def test_a_terminal_that_takes_no_colour_gets_none(library, monkeypatch, variable, value):
    monkeypatch.setenv("TERM", "xterm-256color")
    assert not is_plain(Terminal())
    monkeypatch.setenv(variable, value)
    out = Terminal()
    Screen(desk(library), out=out).show(assessed(desk(library), ATTACK), {})
    assert "\x1b" not in out.getvalue()
    assert "╭" not in out.getvalue()


def test_plain_can_be_asked_for(library, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    for screen in (
        Screen(desk(library), plain=True, out=Terminal()),
        Screen(desk(library, plain=True), out=Terminal()),
    ):
        assert screen.plain
        assert screen.marks == "mark.plain"


def test_a_terminal_gets_colour_and_a_box_of_at_most_80_columns(library, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    out = Terminal()
    Screen(desk(library), out=out).show(assessed(desk(library), ATTACK), {})
    text = out.getvalue()
    assert "\x1b[" in text
    assert max(map(cell_len, text.split("\n")[0].split("\x1b[0m"))) <= WIDE + len("\x1b[1;31m")
    assert "✓" in text


def test_a_narrow_terminal_is_filled_no_wider_than_it_is(library, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "50")
    assert Screen(desk(library), out=Terminal()).width == 50


def test_a_plain_screen_loads_no_rich():
    code = (
        "import sys; from leakresp.shell.desk import Desk; from leakresp.shell.screen import Screen\n"
        "desk = Desk.set_up(lang=None, rules=None); Screen(desk).show(desk.assess(desk.given(None, ['leak=confirmed'])), {})\n"
        "assert 'rich' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_marks_of_a_plain_screen_are_ascii(library):
    at = desk(library)
    for lang in LANGUAGES:
        say = desk(library, lang).say
        assert all(say(f"screen.mark.plain.{word}").isascii() for word in ("yes", "no", "unknown"))
    assert "✓" not in shown(at, ATTACK)
