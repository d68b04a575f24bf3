"""``leakresp sent``: what left the house is frozen to the byte, and a later draft is held against it."""

import hashlib
import os
import stat

import pytest
from tests.desk_clock import leakresp

from leakresp.shell.commands import sent

__all__ = ["leakresp"]  # the fixture

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
PAPER = "ppc_preliminary_report"


@pytest.fixture
def drafted(leakresp):
    """A case with drafts of everything it needs."""
    leakresp.begin(affected_people="1200")
    leakresp.fine("draft-notice --all --case mail")
    return leakresp


def frozen(leakresp):
    return sorted((leakresp.folder / "mail" / "sent").iterdir())


def draft(leakresp, name=f"{PAPER}.txt"):
    return leakresp.folder / "mail" / "drafts" / name


# drafts on record -----------------------------------------------------------------------------------------------------


def test_a_draft_is_recorded_with_its_hash_and_what_it_rests_on(drafted):
    line = next(line for line in drafted.journal() if line["kind"] == "draft" and line["paper"] == PAPER)
    content = draft(drafted).read_bytes()
    assert (line["file"], line["lang"], line["format"]) == (f"drafts/{PAPER}.txt", "ja", "txt")
    assert line["sha256"] == hashlib.sha256(content).hexdigest()
    assert line["rests_on"]["affected_people"] == "1200"
    assert line["rests_on"]["organisation_name"] == "", "a hole that is filled later makes the draft stale too"
    assert line["rests_on"]["appi.final_report"] == "2026-12-17"


def test_the_same_draft_again_adds_nothing_to_the_record(drafted):
    before = drafted.kinds()
    drafted.fine("draft-notice --all --case mail")
    assert drafted.kinds() == before


def test_a_paper_of_a_case_that_is_printed_is_kept_among_its_drafts(leakresp):
    leakresp.begin(affected_people="1200")
    printed = leakresp.fine("draft-notice letter --case mail")
    assert draft(leakresp, "letter.txt").read_text(encoding="utf-8") == printed
    assert leakresp.kinds()[-1] == "draft"


def test_a_long_text_is_recorded_as_its_hash(leakresp):
    story = "朝の8時40分に受付で気づき、" * 20
    leakresp.begin(affected_people="1200", course_of_events=story)
    leakresp.fine(f"draft-notice {PAPER} --case mail")
    assert leakresp.journal()[-1]["rests_on"]["course_of_events"].startswith("sha256:")


def test_a_case_that_cannot_be_written_to_still_shows_its_paper(leakresp, monkeypatch):
    from leakresp.shell.commands import draft_notice
    from leakresp.shell.faults import Fault, FaultsError

    def refuse(path):
        raise FaultsError([Fault("file.unwritable", str(path), details={"reason": "read-only"})])

    leakresp.begin(affected_people="1200")
    monkeypatch.setattr(draft_notice, "folder", refuse)
    assert "お知らせ" in leakresp.fine("draft-notice letter --case mail")
    assert "read-only" in leakresp.err


# freezing -------------------------------------------------------------------------------------------------------------


def test_the_newest_draft_is_frozen_to_the_byte(drafted):
    drafted.fine("sent mail letter --to 対象の本人1200名 --way mail --on 昨日 --receipt R-1")
    (copy,) = frozen(drafted)
    assert copy.name == "2026-11-23-01-letter.txt"
    assert copy.read_bytes() == draft(drafted, "letter.txt").read_bytes()
    line = drafted.journal()[-1]
    assert line["sha256"] == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert {key: line[key] for key in ("kind", "to", "day", "way", "receipt", "file", "draft", "lang")} == {
        "kind": "sent",
        "to": "対象の本人1200名",
        "day": "2026-11-23",
        "way": "mail",
        "receipt": "R-1",
        "file": "sent/2026-11-23-01-letter.txt",
        "draft": "letter.txt",
        "lang": "ja",
    }


@posix_only
def test_the_copy_can_be_read_by_its_owner_only_and_written_by_nobody(drafted):
    drafted.fine("sent mail letter --to 対象の本人")
    (copy,) = frozen(drafted)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o400
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_a_draft_edited_by_hand_is_sent_as_it_was_edited(drafted):
    path = draft(drafted, "letter.txt")
    path.write_text("手で直した書状", encoding="utf-8")
    drafted.fine("sent mail letter --to 対象の本人")
    assert frozen(drafted)[0].read_text(encoding="utf-8") == "手で直した書状"
    assert drafted.journal()[-1]["rests_on"], "it still rests on what the draft was made from"


def test_a_draft_that_came_back_to_an_older_text_is_the_newest_again(drafted):
    drafted.fine("change mail data_items=email,name")
    drafted.fine("draft-notice letter --case mail")
    drafted.fine("change mail data_items=email")
    drafted.fine("draft-notice letter --case mail")
    drafted.fine("sent mail letter --to 対象の本人")
    assert drafted.journal()[-1]["draft"] == "letter.txt"


def test_another_file_is_frozen_where_one_is_named(drafted, tmp_path):
    file = tmp_path / "form.pdf"
    file.write_bytes(b"%PDF\xff\x00")
    drafted.fine(f"sent mail {PAPER} --file '{file}' --way web_form")
    assert frozen(drafted)[0].name == f"2026-11-24-01-{PAPER}.pdf"
    assert frozen(drafted)[0].read_bytes() == b"%PDF\xff\x00"


def test_a_paper_the_catalogue_does_not_have_is_taken_as_a_file(drafted, tmp_path):
    file = tmp_path / "press.txt"
    file.write_text("発表文", encoding="utf-8")
    drafted.fine(f"sent mail note_to_the_union --file '{file}' --to 公表 --way web")
    assert drafted.journal()[-1]["paper"] == "note_to_the_union"


def test_the_preliminary_report_that_was_sent_answers_that_the_commission_was_told(drafted):
    drafted.fine(f"sent mail {PAPER} --way web_form")
    assert "委員会等への報告" in drafted.err
    stated = [line["facts"] for line in drafted.journal() if line["kind"] == "answered"]
    assert stated[-1] == {"ppc_told": "yes"}
    drafted.fine(f"sent mail {PAPER} --way web_form")
    assert "委員会等への報告" not in drafted.err, "what is stated is not stated again"


def test_copies_are_numbered_and_never_overwritten(drafted):
    for _ in range(3):
        drafted.fine("sent mail letter --to 対象の本人")
    assert [path.name[:13] for path in frozen(drafted)] == ["2026-11-24-01", "2026-11-24-02", "2026-11-24-03"]


def test_a_copy_the_record_does_not_know_is_not_left_behind(drafted, monkeypatch):
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.faults import Fault, FaultsError

    def full(*_events):
        raise FaultsError([Fault("case.disk_full", "journal.jsonl")])

    monkeypatch.setattr(OpenCase, "add", full)
    drafted("sent mail letter --to 対象の本人")
    assert drafted.code == 4
    assert frozen(drafted) == []


# reports --------------------------------------------------------------------------------------------------------------


def test_a_report_is_recorded_as_filed_with_those_who_receive_it(drafted):
    drafted.fine(f"sent mail {PAPER} --way web_form --receipt R-7")
    line = drafted.journal()[-1]
    assert {key: line[key] for key in ("kind", "regime", "stage", "to", "day", "receipt")} == {
        "kind": "report",
        "regime": "appi",
        "stage": "preliminary_report",
        "to": "個人情報保護委員会",
        "day": "2026-11-24",
        "receipt": "R-7",
    }


def test_a_receipt_number_that_comes_later_is_added_without_another_copy(drafted):
    drafted.fine(f"sent mail {PAPER} --way web_form")
    assert f"leakresp sent mail {PAPER} --receipt NO" in drafted.err.replace("\n  ", "")
    drafted.fine(f"sent mail {PAPER} --receipt R-8", days=1)
    assert len(frozen(drafted)) == 1
    line = drafted.journal()[-1]
    assert (line["kind"], line["day"], line["receipt"]) == ("report", "2026-11-24", "R-8")
    assert "R-8" in drafted.fine("status mail")


def test_a_letter_is_no_report(drafted):
    drafted.fine("sent mail letter --to 対象の本人")
    assert "report" not in drafted.kinds()


def test_a_paper_that_meets_a_deadline_names_one_of_its_duty(library):
    for plain in library.papers:
        if plain.get("deadline"):
            regime = library.rulebook.regimes[plain["duty"][0].partition(".")[0]]
            assert set(plain["deadline"]) <= set(regime.deadlines)


def test_a_paper_that_meets_two_deadlines_meets_the_first_and_then_the_second(leakresp):
    leakresp.begin(affected_people="1200", privacy_mark="yes")
    leakresp.fine("draft-notice privacy_mark_report --case mail")
    filed = [("privacy_mark", "preliminary_report"), ("privacy_mark", "final_report")]
    for number, stage in enumerate(filed, 1):
        leakresp.fine("sent mail privacy_mark_report --to 審査機関", days=1)
        leakresp.fine(f"sent mail privacy_mark_report --receipt P-{number}")
        lines = [line for line in leakresp.journal() if line["kind"] == "report"]
        assert [(line["regime"], line["stage"]) for line in lines[-2:]] == [stage, stage]
        assert lines[-1]["receipt"] == f"P-{number}"


def test_a_paper_of_two_deadlines_meets_the_last_where_the_first_does_not_run(leakresp):
    leakresp.begin(affected_people="30", privacy_mark="yes")
    leakresp.fine("draft-notice privacy_mark_report --case mail")
    leakresp.fine("sent mail privacy_mark_report --to 審査機関")
    assert leakresp.journal()[-1]["stage"] == "final_report"


# filed without a paper of ours -----------------------------------------------------------------------------------------

ABROAD = {
    "cause": "unauthorized_access",
    "wrongful_act": "confirmed",
    "data_items": "name,email",
    "affected_people": "3000",
    "further_duties": "yes",
    "residents_abroad": "eu_eea,korea",
    "offered_abroad": "eu_eea,korea",
    "serious_harm": "confirmed",
}


@pytest.fixture
def abroad(leakresp):
    """A case with clocks abroad, for which there is no paper."""
    leakresp.begin(**ABROAD, discovered_on="2026-11-23T09:30")
    return leakresp


def running(leakresp):
    return {each["id"] for each in leakresp.json("clock mail")["due"] if "ended" not in each}


def test_a_report_without_a_paper_goes_on_record_and_stops_its_clock_alone(abroad):
    before = running(abroad)
    abroad.fine(
        "sent mail --filed gdpr.authority_report --on 昨日 --to 'CNIL（フランス）' --way web_form --receipt FR-1"
    )
    line = abroad.journal()[-1]
    assert {key: line[key] for key in ("kind", "regime", "stage", "to", "day", "receipt", "way")} == {
        "kind": "report",
        "regime": "gdpr",
        "stage": "authority_report",
        "to": "CNIL（フランス）",
        "day": "2026-11-23",
        "receipt": "FR-1",
        "way": "web_form",
    }
    assert running(abroad) == before - {"gdpr.authority_report"}
    assert "FR-1" in abroad.fine("clock mail")
    assert "方法：ウェブのフォーム" in abroad.fine("log mail --kind report")
    assert not (abroad.folder / "mail" / "sent").exists()


def test_whoever_alone_can_be_meant_need_not_be_typed(abroad):
    abroad.fine("sent mail --filed gdpr.authority_report")
    assert abroad.journal()[-1]["to"] == "主管する監督機関（EU・EEA）"


@pytest.mark.parametrize("deadline", ["korea.persons_notice", "gdpr.notify", "appi.notify"])
def test_persons_told_stop_the_clock_of_their_notice_and_are_no_report(abroad, deadline):
    before = running(abroad)
    assert deadline in before
    abroad(f"sent mail --filed {deadline}")
    assert abroad.code == 2, "who the persons are is typed, never guessed"
    assert "本人" in abroad.err
    abroad.fine(f"sent mail --filed {deadline} --to 対象の本人40名 --way mail")
    assert running(abroad) == before - {deadline}
    ended = next(each["ended"] for each in abroad.json("clock mail")["due"] if each["id"] == deadline)
    assert (ended["state"], ended["day"]) == ("notified", "2026-11-24")
    assert abroad.kinds()[-1] == "notified"
    assert "対象の本人40名へ知らせました" in abroad.fine("log mail --kind notified")
    found = abroad.json("report mail")
    assert found["papers"]["filed"] == []
    assert found["comparison"] is None, "a notice is no preliminary report to compare with"
    assert any(each["kind"] == "notified" for each in found["timeline"])
    assert next(each for each in abroad.json("cases")["cases"])["reports"] == {"preliminary": None, "final": None}


def test_the_receipt_number_of_a_filing_that_comes_later_is_added(abroad):
    abroad.fine("sent mail --filed korea.authority_report --to KISA")
    assert "leakresp sent mail --filed korea.authority_report --receipt NO" in " ".join(abroad.err.split())
    abroad.fine("sent mail --filed korea.authority_report --receipt K-9", days=1)
    line = abroad.journal()[-1]
    assert (line["to"], line["day"], line["receipt"]) == ("KISA", "2026-11-24", "K-9")


def test_the_form_of_the_commission_filled_in_by_hand_says_that_it_was_told(abroad):
    abroad.fine("sent mail --filed appi.preliminary_report --to 個人情報保護委員会 --receipt R-1")
    stated = [line["facts"] for line in abroad.journal() if line["kind"] == "answered"]
    assert stated[-1] == {"ppc_told": "yes"}


def test_a_case_whose_clocks_were_all_stopped_so_owes_no_report_any_more(abroad):
    abroad("case close mail")
    assert "korea.persons_notice: " in abroad.err
    for each in abroad.json("clock mail")["due"]:
        abroad.fine(f"sent mail --filed {each['id']} --to 相手")
    abroad("case close mail")
    assert "_report: " not in abroad.err
    assert "_notice: " not in abroad.err
    abroad.fine("case close mail --because 済んだ")
    assert not any("." in name for name in abroad.journal()[-1]["left_open"])


def test_the_clock_names_the_command_where_no_paper_meets_a_deadline(abroad):
    shown = abroad.fine("clock")
    assert "leakresp sent mail --filed gdpr.authority_report --to WHOM" in shown
    assert "--filed appi" not in shown, "for that there is a paper"


def test_each_command_the_clock_names_can_be_typed(abroad):
    commands = [line.strip() for line in abroad.fine("clock").splitlines() if "--filed" in line]
    assert len(commands) >= 4
    for command in commands:
        abroad.fine(command.removeprefix("leakresp ").replace("WHOM", "相手"))
    assert not any("--filed" in line for line in abroad.fine("clock").splitlines())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--filed gdpr.authority_reprt --to x", "「gdpr.authority_report」の誤りではありませんか"),
        ("--filed thailand.authority_report --to x", "という期限はありません"),
        ("--filed agreed.1 --to x", "という期限はありません"),
        ("letter --filed gdpr.authority_report --to x", "どれか一つだけ"),
        ("--filed gdpr.authority_report --to x --file x.pdf", "--file や --client とは一緒に使えません"),
        ("--filed gdpr.authority_report --to x --on 2027-01-01", "まだ来ていない時"),
        ("--filed gdpr.authority_report --to x --way pigeon", "使える語：post"),
    ],
)
def test_a_filing_that_is_a_slip_is_said_and_nothing_is_recorded(abroad, line, said):
    abroad.fine("clock mail --add 続報 12/5")
    before = abroad.kinds()
    abroad(f"sent mail {line}")
    assert abroad.code == 2
    assert said in abroad.err
    assert abroad.kinds() == before


def test_a_closed_case_takes_no_filing(abroad):
    abroad.fine("case close mail --because 見つかった")
    abroad("sent mail --filed gdpr.authority_report --to x")
    assert abroad.code == 2


# slips ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sent mail leter --to x", "「letter」の誤りではありませんか"),
        ("sent mail letter", "宛先を書いてください"),
        ("sent mail letter --to x --way pigeon", "使える語：post"),
        ("sent mail letter --to x --on 2027-01-01", "まだ来ていない時"),
        ("sent mail letter --to x --file nowhere.txt", "ファイルがありません"),
        ("sent mail letter --list", "どれか一つだけ"),
        ("sent mail --diff letter", "まだ送った記録がありません"),
    ],
)
def test_a_slip_is_said_and_nothing_is_frozen(drafted, line, said):
    before = drafted.kinds()
    drafted(line)
    assert drafted.code in {2, 4}
    assert said in drafted.err
    assert drafted.kinds() == before
    assert not (drafted.folder / "mail" / "sent").exists()


def test_without_a_draft_the_command_that_makes_one_is_named(leakresp):
    leakresp.begin(affected_people="1200")
    leakresp("sent mail letter --to x")
    assert leakresp.code == 2
    assert "leakresp draft-notice letter --case mail" in leakresp.err


def test_a_stale_draft_is_pointed_out_and_recorded_as_it_is(drafted):
    drafted.fine("change mail affected_people=1300")
    drafted.fine(f"sent mail {PAPER}")
    assert "影響を受ける本人の数" in drafted.err
    assert drafted.journal()[-2]["rests_on"]["affected_people"] == "1200"


# afterwards -----------------------------------------------------------------------------------------------------------


def test_what_was_sent_is_listed_and_each_copy_is_checked(drafted):
    assert "送った文書はありません" in drafted.fine("sent mail")
    drafted.fine("sent mail letter --to 対象の本人 --way mail")
    shown = drafted.fine("sent mail --list")
    assert "2026-11-24に「本人への書状（お詫びとお知らせ）」を対象の本人へ送りました。" in shown
    assert drafted.json("sent mail")["sent"][0]["intact"] is True
    (copy,) = frozen(drafted)
    copy.chmod(0o600)
    copy.write_text("別の文", encoding="utf-8")
    assert "控えが、送ったときから変わっています" in drafted("sent mail")
    assert drafted.code == 4
    copy.unlink()
    assert "控えのファイルがありません" in drafted("sent mail")
    assert drafted.json("sent mail")["sent"][0]["intact"] is None


def test_a_later_draft_is_said_to_differ_and_the_difference_is_shown(drafted):
    drafted.fine("sent mail letter --to 対象の本人")
    assert "同じです" in drafted.fine("sent mail --diff letter")
    drafted.fine("change mail data_items=email,name")
    drafted.fine("draft-notice letter --case mail")
    assert "2026年11月24日（火）に送ったものと内容が違います" in drafted.err
    assert "leakresp sent mail --diff letter" in drafted.err
    os.utime(draft(drafted, "letter-2.txt"), (2e9, 2e9))
    lines = drafted.fine("sent mail --diff letter").splitlines()
    assert lines[0] == "--- sent/2026-11-24-01-letter.txt"
    assert lines[1] == "+++ letter-2.txt"
    assert any(line.startswith("+") and "氏名" in line for line in lines)
    found = drafted.json("sent mail --diff letter")
    assert (found["same"], found["sent"]["day"]) == (False, "2026-11-24")
    assert found["diff"] == lines


def test_a_draft_that_says_the_same_is_not_said_to_differ(drafted):
    drafted.fine("sent mail letter --to 対象の本人")
    drafted.fine("draft-notice letter --case mail")
    assert "内容が違います" not in drafted.err


def test_what_is_no_text_is_compared_by_its_hash(drafted, tmp_path):
    one, other = tmp_path / "a.pdf", tmp_path / "b.pdf"
    one.write_bytes(b"\xff1")
    other.write_bytes(b"\xff2")
    drafted.fine(f"sent mail letter --to x --file '{one}'")
    assert "行ごとには比べられません" in drafted.fine(f"sent mail --diff letter --file '{other}'")


def test_the_newest_draft_is_the_one_edited_last(tmp_path):
    (tmp_path / "drafts").mkdir()
    for age, name in enumerate(["letter-10.txt", "letter-9.txt", "letter.html", "letters.txt", "letter-x.txt"]):
        path = tmp_path / "drafts" / name
        path.write_text(name, encoding="utf-8")
        os.utime(path, (1e9 - age, 1e9 - age))
    assert _newest(tmp_path, "letter") == "letter-10.txt"
    os.utime(tmp_path / "drafts" / "letter-9.txt", (2e9, 2e9))
    assert _newest(tmp_path, "letter") == "letter-9.txt"
    assert _newest(tmp_path, "letter", ".html") == "letter.html"
    assert _newest(tmp_path, "memo") is None


def _newest(folder, paper, suffix=None):
    found = sent.newest_draft(folder, paper, suffix)
    return found and found.name
