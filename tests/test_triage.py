"""The interview at a real terminal, in both languages: answer, explain, go back, change, stop, lose power, resume."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is needed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")

from tests.terminal import CTRL_C, DOWN, ENTER, LEFT, Terminal  # noqa: E402

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return tmp_path / "cases"


def journal(cases: Path, case: str) -> list[dict[str, Any]]:
    lines = (cases / case / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def answers(cases: Path, case: str) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    for entry in journal(cases, case):
        if entry["kind"] == "answered":
            stated |= entry["facts"]
        if entry["kind"] == "withdrawn":
            for fact in entry["facts"]:
                stated.pop(fact, None)
    return stated


def leakresp(cases: Path, *arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leakresp", *arguments],
        env=os.environ | {"LEAKRESP_DIR": str(cases)},
        stdin=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def read_on(terminal: Terminal, words: str) -> None:
    """Read the first actions page by page until the question that shows ``words``."""
    while True:
        shown = terminal.see_any(words, "読んだら、Enter", "Press Enter to go on")
        if words in shown:
            return
        terminal.press(ENTER)
        terminal.gone("読んだら、Enter", "Press Enter to go on")


def to_the_result_of_one_patients_paper(terminal: Terminal) -> None:
    """Answer as the nurse who handed one patient's paper to another: eight questions, the clock's included."""
    terminal.see("何が起きましたか", "> 紙を別の人に渡した")
    terminal.press(ENTER)
    read_on(terminal, "どのような立場")
    terminal.press(ENTER)
    terminal.see("外部に出ましたか")
    terminal.press(ENTER)
    terminal.see("どのような情報ですか")
    terminal.press(ENTER)
    terminal.see("項目を選んでください")
    terminal.press("診療・調剤")
    terminal.see("絞り込み：診療・調剤", "> [ ] 診療・調剤の情報")
    terminal.press(" ")
    terminal.see("選択中：診療・調剤の情報")
    terminal.press(ENTER)
    terminal.see("これで全部ですか", "> まだ分からない")
    terminal.pick("はい")
    terminal.see("ほかにも報告や届出が要る", "> どれにも当たらない")
    terminal.pick("医療")
    terminal.see("最初に知ったのは")
    terminal.press("2026/11/20 9時半", ENTER)
    terminal.see("2026年11月20日（金） 09:30", "結果を見る")


def test_a_nurse_comes_to_the_verdict_and_the_drafts(cases: Path) -> None:
    terminal = Terminal(cases, "triage", "nurse")
    to_the_result_of_one_patients_paper(terminal)
    terminal.press(ENTER)
    terminal.see("文書の下書きを作れます")
    terminal.press(DOWN, ENTER)
    shown = terminal.see("報告と本人への通知が必要です", "2026年12月21日（月）", "leakresp triage nurse")
    assert "弁護士" not in shown.splitlines()[-1]
    assert terminal.end() == 0
    drafts = {path.name for path in (cases / "nurse" / "drafts").iterdir()}
    assert {"ppc_preliminary_report.txt", "letter.txt"} <= drafts
    assert answers(cases, "nurse")["data_items"] == ["treatment_or_dispensing"]
    assert [entry["kind"] for entry in journal(cases, "nurse")].count("ruling") == 1


def test_the_first_actions_stand_on_the_screen_before_the_second_question(cases: Path) -> None:
    terminal = Terminal(cases, "triage", "first")
    terminal.see("何が起きましたか")
    terminal.pick("ランサム")
    read_on(terminal, "どのような立場")
    terminal.press(CTRL_C)
    assert terminal.end() == 130


def test_the_interview_speaks_english(cases: Path) -> None:
    terminal = Terminal(cases, "triage", "english", lang="en")
    terminal.see("What happened?", "Paper handed, posted or faxed")
    terminal.pick("ransomware")
    read_on(terminal, "In what position were you handling the data?")
    terminal.press("?")
    terminal.see("What the answer can change:", "Report to the")
    terminal.press(CTRL_C)
    terminal.see("Everything is kept in case english", "leakresp triage english")
    assert terminal.end() == 130


def test_back_takes_the_answer_before_back_also_after_leaving_and_resuming(cases: Path) -> None:
    terminal = Terminal(cases, "triage", "back")
    terminal.see("何が起きましたか")
    terminal.press(ENTER)
    read_on(terminal, "どのような立場")
    terminal.press(CTRL_C)
    terminal.end()
    assert answers(cases, "back")["cause"] == "misdelivery"

    terminal = Terminal(cases, "triage", "back")
    terminal.see("続きから", "どのような立場")
    terminal.press(LEFT)
    terminal.see("何が起きましたか", "紙を別の人に渡した")
    terminal.pick("ランサム")
    read_on(terminal, "どのような立場")
    terminal.press(CTRL_C)
    terminal.end()
    assert answers(cases, "back")["cause"] == "ransomware"
    assert "wrongful_act" not in answers(cases, "back"), "what only the old answer had stated is gone with it"


def test_an_answer_changed_on_the_review_page_moves_the_verdict(cases: Path) -> None:
    terminal = Terminal(cases, "triage", "change", "--until", "clock")
    to_the_result_of_one_patients_paper(terminal)
    terminal.pick("閲覧前")
    terminal.see("当たりますか", "> まだ分からない")
    terminal.pick("はい")
    terminal.see("→ はい")
    while "結果を見る" not in terminal.text():  # what the change opened is asked
        terminal.see("手元のデータは失われたり", "> 暗号化などで使えない")
        terminal.pick("失われても壊れても")
        terminal.see("→ 失われても壊れてもいない", "結果を見る")
    terminal.press(ENTER)
    terminal.see("報告の義務はありません", "leakresp triage change")
    assert terminal.end() == 0


def test_killed_between_two_questions_nothing_acknowledged_is_lost(cases: Path) -> None:
    terminal = Terminal(cases, "triage", "power")
    terminal.see("何が起きましたか")
    terminal.press(ENTER)
    read_on(terminal, "どのような立場")
    terminal.kill()
    terminal = Terminal(cases, "triage", "power")
    terminal.see("続きから", "どのような立場")
    terminal.press(CTRL_C)
    terminal.end()
    assert answers(cases, "power")["cause"] == "misdelivery"


def test_the_screen_follows_a_terminal_that_gets_smaller(cases: Path) -> None:
    terminal = Terminal(cases, "triage", "small", columns=120, rows=40)
    terminal.see("何が起きましたか", "その他")
    terminal.resize(80, 24)
    terminal.press(DOWN)
    terminal.see("> メールを誤った宛先に送った", "Ctrl-C 中断")
    terminal.press(CTRL_C)
    assert terminal.end() == 130


def test_what_cannot_be_read_as_an_answer_is_said_and_asked_again(cases: Path) -> None:
    facts = ["cause=misdelivery", "wrongful_act=ruled_out", "organisation_type=business", "data_relation=own"]
    facts += ["leak=confirmed", "recovered_unseen=no", "intended_provision=no", "record_kind=personal_data"]
    facts += ["pseudonymised=no", "strong_encryption=no", "other_protection=no", "data_items_complete=yes"]
    facts += ["data_items=medical_history", "medium=paper", "further_duties=no"]
    options = [word for fact in facts for word in ("--set", fact)]
    terminal = Terminal(cases, "triage", "typed", *options)
    terminal.see("最初に知ったのは")
    terminal.press("きのうごろ", ENTER)
    terminal.see("日付として読めません")
    terminal.press("\x15", "?", ENTER)
    terminal.see("この回答で変わり得るもの", "速報")
    terminal.press(ENTER)
    terminal.see("→ まだ分からない")
    terminal.press(CTRL_C)
    terminal.end()
    assert answers(cases, "typed")["discovered_on"] == "unknown"


def test_without_a_terminal_and_without_no_input_it_says_what_to_do(cases: Path) -> None:
    done = leakresp(cases, "triage")
    assert done.returncode == 2
    assert "--no-input" in done.stderr
    assert "assess" in done.stderr
    assert "Traceback" not in done.stderr
    assert not cases.exists(), "no case is begun for a command that cannot be carried out"


def test_no_input_with_facts_missing_lists_them_and_exits_three(cases: Path) -> None:
    done = leakresp(cases, "triage", "auto", "--no-input", "--set", "cause=ransomware", "--set", "leak=suspected")
    assert done.returncode == 3
    assert "discovered_on: 「発覚日" in done.stderr
    assert "leakresp triage auto" in done.stderr
    assert "報告と本人への通知が必要です" in done.stdout, "what is known is decided all the same"


def test_no_input_with_everything_given_keeps_the_case_and_exits_zero(cases: Path) -> None:
    file = str(EXAMPLES / "one_patient.yaml")
    done = leakresp(cases, "triage", "given", "--no-input", "--answers", file, "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["case"], shown["verdict"]) == ("given", "required")
    kinds = [entry["kind"] for entry in journal(cases, "given")]
    assert kinds == ["opened", "described", "answered", "ruling"]
    again = leakresp(cases, "triage", "given", "--no-input", "--answers", file, "--json")
    assert again.returncode == 0
    assert len(journal(cases, "given")) == len(kinds), "the same again adds nothing to the record"


def test_a_wrong_option_leaves_no_case_behind(cases: Path) -> None:
    done = leakresp(cases, "triage", "wrong", "--no-input", "--set", "cause=ransomwear")
    assert done.returncode == 2
    assert "ransomware" in done.stderr, "the nearest valid word is named"
    assert not (cases / "wrong").exists()


def test_next_asks_the_same_questions_as_the_interview(cases: Path) -> None:
    asked = []
    options: list[str] = []
    for question, choice in (
        ("what_happened", "misdelivery_paper"),
        ("standing", "business_own"),
        ("went_outside", "confirmed"),
        ("record_kind", "personal_data"),
    ):
        done = leakresp(cases, "next", "--json", *(options or ["--set", "finder=unknown"]))
        found = json.loads(done.stdout)
        asked.append(found["question"])
        assert found["question"] == question
        taken = next(each for each in found["choices"] if each["value"] == choice)
        for fact, value in taken["facts"].items():
            options += ["--set", f"{fact}={','.join(value) if isinstance(value, list) else value}"]
    done = leakresp(cases, "next", "--json", *options)
    assert json.loads(done.stdout)["question"] == "data_items"
