"""An exercise at a real terminal, in both languages: decide, wait, lose the screen, go on, end."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is needed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")

from tests.terminal import CTRL_C, ENTER, Terminal  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

WORDS = {
    "ja": {
        "mark": "【訓練】",
        "begin": "始める",
        "what": "今、どうしますか",
        "act": "対応をとる",
        "which": "どの対応をとりますか",
        "action": "気づいた日時",
        "took": "対応：気づいた日時",
        "next": "次の出来事",
        "arrived": "電話：Bさん",
        "answer": "質問に答える",
        "question": "何が起きましたか",
        "paper": "紙を別の人に",
        "stopped": "続けるには",
        "end": "訓練を終えて",
        "score": "100点満点で",
    },
    "en": {
        "mark": "[EXERCISE]",
        "begin": "begin",
        "what": "what do you do now?",
        "act": "Take actions",
        "which": "Which actions do you take?",
        "action": "Note when",
        "took": "Actions: ",
        "next": "Wait for what comes next",
        "arrived": "Call: B is reached",
        "answer": "Answer the questions",
        "question": "What happened?",
        "paper": "Paper handed",
        "stopped": "To go on:",
        "end": "End the exercise",
        "score": "of 100",
    },
}


def record(drills: Path) -> list[dict[str, Any]]:
    """Return the lines of the one record."""
    (exercise,) = drills.iterdir()
    return [json.loads(line) for line in (exercise / "drill.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_ctrl_c_loses_nothing_and_the_exercise_goes_on_where_it_stood(lang: str, tmp_path: Path) -> None:
    words, drills = WORDS[lang], tmp_path / "drills"
    terminal = Terminal(tmp_path / "cases", "drill", "one_patient", "--dir", str(drills), lang=lang, rows=40)
    terminal.see(words["mark"], words["begin"])
    terminal.pick(words["begin"])
    terminal.see(words["mark"], words["what"], words["act"])
    terminal.pick(words["act"])
    terminal.see(words["which"])
    terminal.press(words["action"])
    terminal.see(f"{terminal.search}{words['action']}")
    terminal.press(" ")
    terminal.see("[x]")
    terminal.press(ENTER)
    terminal.see(words["took"], words["what"])
    terminal.pick(words["next"])
    terminal.see(words["arrived"], words["act"])
    terminal.press(CTRL_C)
    terminal.see(words["stopped"])
    assert terminal.end() == 130
    assert [line["kind"] for line in record(drills)] == ["leakresp/drill/1", "decision", "clock"]
    assert record(drills)[1]["do"] == ["note_discovery"]

    again = Terminal(tmp_path / "cases", "drill", "--resume", "--dir", str(drills), lang=lang, rows=40)
    again.see(words["arrived"], words["act"])
    again.pick(words["answer"])
    again.see(words["question"])
    again.pick(words["paper"])
    again.see(words["mark"])
    again.press(CTRL_C)
    assert again.end() == 130
    assert record(drills)[-1]["state"]["cause"] == "misdelivery"

    last = Terminal(tmp_path / "cases", "drill", "--resume", "--dir", str(drills), lang=lang, rows=40)
    last.see(words["act"])
    last.pick(words["end"])
    last.see(words["mark"])
    assert last.end() == 0
    assert record(drills)[-1]["kind"] == "ended"
    assert not (tmp_path / "cases").exists()
