"""``leakresp note`` and ``leakresp log``: who, when and what, in words; and a record whose chain is checked."""

import datetime as dt
import json

import pytest
from tests.desk_clock import MORNING, leakresp

from leakresp.response.case import KINDS
from leakresp.shell.layout import cells
from leakresp.shell.log_words import _TOLD

__all__ = ["leakresp"]  # the fixture


@pytest.fixture
def worked(leakresp):
    """A case on which two people worked for two days."""
    leakresp.begin(affected_people="1200")
    leakresp.fine("note mail 患者の家族から電話 --at '22:30'")
    leakresp.fine("step mail note_discovery --done --by 鈴木", hours=3)
    leakresp.fine("draft-notice letter --case mail")
    leakresp.fine("sent mail letter --to 対象の本人 --way mail")
    leakresp.fine("change mail secondary_damage=suspected --because 問い合わせがあった --by 鈴木", days=1)
    leakresp.fine("change mail secondary_damage=")
    return leakresp


# notes ----------------------------------------------------------------------------------------------------------------


def test_a_note_keeps_when_it_happened_apart_from_when_it_was_entered(leakresp):
    leakresp.begin()
    leakresp.fine("note mail 患者の家族から電話 --at 22:30 --by 鈴木")
    note = leakresp.journal()[-1]
    assert (note["text"], note["happened"], note["by"]) == ("患者の家族から電話", "2026-11-23T22:30+09:00", "鈴木")
    assert dt.datetime.fromisoformat(note["at"]) == MORNING
    assert "2026年11月23日（月）22:30の出来事として" in leakresp.err


def test_a_note_without_a_time_has_only_the_time_of_its_entry(leakresp):
    leakresp.begin()
    leakresp.fine("note mail '  委員会に電話した  '")
    assert leakresp.journal()[-1]["text"] == "委員会に電話した"
    assert "happened" not in leakresp.journal()[-1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("note mail '  '", "文が空です"),
        ("note mail x --at 2027-01-01", "まだ来ていない時"),
        ("note mail x --at いつか", "日付として読めません"),
        ("note nobody x", "この名前の事案は"),
    ],
)
def test_a_note_that_cannot_be_is_refused(leakresp, line, said):
    leakresp.begin()
    before = leakresp.kinds()
    leakresp(line)
    assert leakresp.code == 2
    assert said in leakresp.err
    assert leakresp.kinds() == before


# the record in words --------------------------------------------------------------------------------------------------


def test_the_record_says_who_did_what_and_when(worked):
    shown = worked.fine("log mail")
    for line in (
        "1　11/24（火）9:00　佐藤",
        "2026-11-23 22:30の出来事",
        "済みにしました：気づいた日時・人・部署を書き留める",
        "下書きを作りました：本人への書状（お詫びとお知らせ）（drafts/letter.txt）",
        "2026-11-24に「本人への書状（お詫びとお知らせ）」を対象の本人へ送りました。",
        "方法：メール",
        "二次被害：おそれあり",
        "理由：問い合わせがあった",
        "回答を取り消しました：二次被害",
    ):
        assert line in shown, line
    assert all(cells(line) <= 80 for line in shown.splitlines())


def test_english_says_it_too(worked):
    shown = worked.fine("log mail --lang en")
    assert "Took back: Secondary damage" in shown
    assert "1  Tue 24 Nov 9:00  佐藤" in shown


def test_every_kind_of_event_is_told_in_words():
    assert set(_TOLD) == set(KINDS)


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ("--kind note", ["note"]),
        ("--kind note,sent", ["note", "sent"]),
        ("--kind note --kind sent", ["note", "sent"]),
        ("--by 鈴木", ["step", "answered"]),
        ("--since 11/25", ["answered", "withdrawn"]),
        ("--until '11/24 9:00' --kind opened,note,step", ["opened", "note"]),
        ("--since '11/24 12:00' --until 11/24", ["step", "draft", "sent"]),
        ("--kind closed", []),
    ],
)
def test_the_record_is_narrowed_by_kind_person_and_time(worked, options, kinds):
    assert [entry["kind"] for entry in worked.json(f"log mail {options}")["entries"]] == kinds


def test_nothing_that_fits_is_said(worked):
    assert "当てはまる記録はありません" in worked.fine("log mail --kind closed")


def test_json_has_each_event_with_its_sentences(worked):
    entry = worked.json("log mail --kind note")["entries"][0]
    assert (entry["n"], entry["by"], entry["kind"]) == (4, "佐藤", "note")
    assert entry["event"] == {"text": "患者の家族から電話", "happened": "2026-11-23T22:30+09:00"}
    assert entry["text"] == ["2026-11-23 22:30の出来事", "「患者の家族から電話」"]


def test_a_kind_that_is_none_is_refused(worked):
    worked("log mail --kind notes")
    assert worked.code == 2
    assert "「note」の誤りではありませんか" in worked.err


def test_an_answer_the_rules_cannot_read_any_more_is_told_as_it_was_written(worked):
    _append(worked, {"kind": "answered", "facts": {"cause": "cosmic_rays", "moonphase": "full"}})
    shown = worked("log mail")
    assert "原因：cosmic_rays" in shown
    assert "moonphase：full" in shown


def test_an_event_of_a_newer_version_is_shown_as_unread(worked):
    _append(worked, {"kind": "teleported", "to": "mars"})
    assert "この版では読めない記録です（teleported）" in worked("log mail")
    assert worked.json("log mail")["entries"][-1]["event"] == {"to": "mars"}


def _append(leakresp, event):
    """Add a line that is sealed as the journal seals it."""
    import hashlib

    path = leakresp.folder / "mail" / "journal.jsonl"
    last = leakresp.journal()[-1]
    line = {"n": last["n"] + 1, "at": last["at"], "by": "佐藤", **event, "prev": last["hash"]}
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    sealed = f'{text[:-1]},"hash":"{hashlib.sha256(text.encode()).hexdigest()}"}}\n'
    with path.open("ab") as file:
        file.write(sealed.encode())


# the chain ------------------------------------------------------------------------------------------------------------


def test_a_whole_record_is_found_whole_and_what_that_does_not_show_is_said(worked):
    shown = worked.fine("log mail --verify")
    assert f"{len(worked.journal())}行すべてがつながっています" in shown
    assert "書かれた内容や時刻が正しいことは、分かりません" in shown.replace("\n", "")


def test_the_first_broken_line_is_named(worked):
    path = worked.folder / "mail" / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace("家族".encode(), "友人".encode())
    path.write_bytes(b"".join(lines))
    shown = worked("log mail --verify")
    assert worked.code == 4
    assert f"{path}:4: この行は、書かれた後に変えられています" in shown.replace("\n", "")
    found = worked.json("log mail --verify")
    assert (found["good"], found["broken"]["line"], found["broken"]["key"]) == (False, 4, "case.chain_altered")


def test_head_prints_the_last_hash_alone(worked):
    last = worked.journal()[-1]["hash"]
    assert worked.fine("log mail --head") == f"{last}\n"
    assert worked.fine("log --head mail") == f"{last}\n"
    assert worked.json("log mail --head") == {"head": last, "lines": len(worked.journal())}


def test_a_hash_kept_elsewhere_is_found_again(worked):
    kept = worked.journal()[5]["hash"]
    for line in (
        f"log mail --verify --head {kept}",
        f"log mail --verify --head={kept.upper()}",
        f"log mail --head {kept}",
    ):
        assert "控えたハッシュは6行目にあります" in worked.fine(line)
    assert worked.json(f"log mail --verify --head {kept}")["kept"] == {"hash": kept, "line": 6}


def test_lines_cut_off_at_the_end_are_found_by_the_hash_kept_elsewhere(worked):
    kept = worked.journal()[-1]["hash"]
    path = worked.folder / "mail" / "journal.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    worked.fine("log mail --verify")
    shown = worked(f"log mail --verify --head {kept}")
    assert worked.code == 4
    assert "控えたハッシュは、つながりの確かな行の中にありません" in shown


@pytest.mark.parametrize("head", ["abcd", "g" * 64, "0" * 63])
def test_what_is_no_hash_is_said(worked, head):
    worked(f"log mail --verify --head {head}")
    assert worked.code == 2
    assert "64桁" in worked.err


def test_an_incomplete_last_line_is_shown_and_does_not_count(worked):
    path = worked.folder / "mail" / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    worked("log mail --verify")
    assert worked.code == 4
    assert "途中で切れている" in worked.out
