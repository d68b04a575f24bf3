"""What became of the letters: nobody who was not reached is lost, and nobody is taken for somebody else."""

import csv
import io
import json
import os
import random
import re
import signal
import stat
import subprocess
import sys
import textwrap
import time
from functools import reduce
from itertools import islice, permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.console import ROOT, Console

from leakresp.papers.letters import reference_of
from leakresp.papers.letters.delivery import (
    NEEDS,
    OUTCOMES,
    DeliveryUnfit,
    Names,
    Place,
    Result,
    Standing,
    Unread,
    need_of,
    out_of_time,
    prevailing,
    rank_of,
    spans,
)
from leakresp.papers.letters.ledger import NAME, Ledger, ResultLine, SentLine
from leakresp.papers.letters.mail_reports import LARGEST, is_mail, read_mail, read_report
from leakresp.papers.letters.roll import Roll, same_address
from leakresp.papers.recipients import Reading, Recipient, map_columns, open_table, survey
from leakresp.papers.recipients.reading import checked_rows
from leakresp.shell import places
from leakresp.shell.library import read_folder
from leakresp.shell.recipient_words import read_recipient_words

HEADER = "整理番号,氏名,郵便番号,住所,メール"
SATO = "A-1,佐藤 花子,100-0001,東京都千代田区千代田1-1,hanako@example.jp"
TANAKA = "A-2,田中 一郎,600-8001,京都市下京区四条1-2,ichiro@example.jp"
SUZUKI = "A-3,鈴木 次郎,,,jiro@example.jp"
TAKAHASHI = "A-4,高橋 三郎,600-8001,京都市下京区四条1-3,"
#: Somebody with nothing but a name.
ITO = "A-5,伊藤 四郎,,,"
PEOPLE = (SATO, TANAKA, SUZUKI, TAKAHASHI, ITO)
AT = "2026-11-24T09:00:00+09:00"
KEY = "0123456789abcdef0123456789abcdef"
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals and permissions")


@pytest.fixture(scope="module")
def words(library):
    root = places.templates_folder()
    items = library.rulebook.facts["data_items"]
    return read_recipient_words(read_folder(root), str(root), items, library.advice["items"])


def listed(*rows, header=HEADER):
    return "\n".join((header, *rows, ""))


class Mailing:
    """A folder of letters as a run leaves it: the manifest alone, its keys those of a list."""

    def __init__(self, root, words, rows=PEOPLE, *, way="email", header=HEADER, name="letters", maps=()):  # noqa: PLR0913 - each is what a test is about
        self.root, self.folder = root, root / name
        self.list = root / f"{name}.csv"
        self.list.write_text(listed(*rows, header=header), encoding="utf-8")
        self.folder.mkdir(mode=0o700)
        table = open_table(self.list)
        columns = map_columns(table.header, words, maps)
        self.keys, self.notes = {}, []
        with survey(table, columns) as seen:
            for portion in seen.portions():
                for checked, _ in checked_rows(table, columns, Reading(way, "ja", words), portion):
                    self.keys[checked.row] = checked.key
                    note = {"row": checked.row, "key": checked.key, "status": "written"}
                    if checked.recipient is None:
                        why = [f"{each.key}:{each.field}" if each.field else each.key for each in checked.faults]
                        note |= {"status": "skipped", "why": why}
                    self.notes.append(note)
        self.head = {
            "schema": "leakresp/letters/1", "paper": "email" if way == "email" else "letter", "form": "eml",
            "into": "mbox", "way": way, "shard": "1/1", "rows": [2, len(rows) + 1], "day": "2026-11-24",
            "list": table.sha256, "fingerprint": "f",
        }  # fmt: skip
        self.write(self.notes)

    def write(self, notes, name="manifest.jsonl", **head):
        """Write a manifest, its batches closed."""
        source = iter(notes)
        with (self.folder / name).open("w", encoding="utf-8") as file:
            file.write(f"{json.dumps(self.head | head)}\n")
            while some := list(islice(source, 4096)):
                file.writelines(f"{json.dumps(note, separators=(',', ':'))}\n" for note in some)
                file.write(f'{{"batch":[{some[0]["row"]},{some[-1]["row"]}],"written":0,"failed":0,"skipped":0}}\n')

    def results(self, text, name="results.csv", encoding="utf-8"):
        path = self.root / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    @property
    def record(self):
        """The lines of the record, its head left out."""
        path = self.folder / NAME
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]] if path.exists() else []


@pytest.fixture
def mailing(tmp_path, words):
    return Mailing(tmp_path, words)


@pytest.fixture
def posted(tmp_path, words):
    return Mailing(tmp_path, words, way="post")


class Desk:
    """A shell in a folder of its own, at nine in the morning of 24 November 2026."""

    def __init__(self, patch):
        self.console = Console(patch)

    def __call__(self, *words, code=0):
        printed = self.console.type(" ".join(("leakresp delivery letters", *words)))
        assert self.console.code == code, printed
        return printed

    def json(self, *words, code=0):
        return json.loads(self("--json", *words, code=code))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Desk(monkeypatch)


def needs(found):
    return {need: told["rows"] for need, told in found["needs"].items() if told["rows"]}


def refused(found):
    """Return where each result stands that was not recorded, by reason."""
    return {each["why"]: [place["line"] for place in each["places"]] for each in found["results"]["not_recorded"]}


# how it stands before anything came back ----------------------------------------------------------------------------------


def test_before_anything_came_back_nobody_counts_as_reached(mailing, desk):
    found = desk.json()
    assert found["letters"] == {"written": 3, "failed": 0, "skipped": 2}
    assert found["outcomes"]["unknown"] == 3
    assert found["outcomes"]["delivered"] == 0
    assert found["sent"] is None
    assert not (mailing.folder / NAME).exists(), "looking at it writes nothing"


def test_who_has_no_address_at_all_is_not_forgotten(mailing, desk):
    found = desk.json("--recipients letters.csv")
    assert needs(found) == {"post": [5], "substitute": [6]}
    assert any("第26条第2項ただし書" in source for source in found["ground"])
    assert any("3-5-4-5" in source for source in found["ground"])


def test_without_the_list_nobody_is_sent_to_publication(mailing, desk):
    mailing.results("行,結果\n2,不達\n3,返送\n4,受取拒否\n")
    assert needs(desk.json("--results results.csv")) == {"list": [2, 3, 4, 5, 6]}


def test_letters_that_are_not_all_written_yet_are_told(mailing, desk):
    assert desk.json()["complete"] is True
    mailing.write(mailing.notes, shard="1/2", rows=[2, 6])
    assert desk.json()["complete"] is False
    assert "書き終えていない" in desk()


def test_shards_of_one_list_are_read_as_one(mailing, desk):
    (mailing.folder / "manifest.jsonl").unlink()
    mailing.write(mailing.notes[:2], "manifest-0001-of-0002.jsonl", shard="1/2", rows=[2, 3])
    mailing.write(mailing.notes[2:], "manifest-0002-of-0002.jsonl", shard="2/2", rows=[4, 6])
    found = desk.json()
    assert found["complete"] is True
    assert found["letters"] == {"written": 3, "failed": 0, "skipped": 2}


@pytest.mark.parametrize("differs", [{"list": "other"}, {"fingerprint": "other"}, {"way": "post"}])
def test_letters_of_two_lists_in_one_folder_are_refused_since_a_row_would_be_two_persons(mailing, desk, differs):
    mailing.write(mailing.notes, "manifest-0001-of-0002.jsonl", **differs)
    assert "混ざって" in desk(code=4)


def test_a_folder_without_letters_is_said_to_be_none(tmp_path, desk):
    assert "手紙のフォルダーではありません" in desk(code=4)


def test_a_broken_manifest_is_told_and_never_half_believed(mailing, desk):
    path = mailing.folder / "manifest.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"status":"written"', '"status":"?"', 1), encoding="utf-8")
    assert "壊れて" in desk(code=4)


# who needs what -----------------------------------------------------------------------------------------------------------


def test_a_mail_that_bounced_goes_by_post_where_the_list_has_an_address(mailing, desk):
    mailing.results("行,結果\n2,不達\n4,bounced\n")
    found = desk.json("--results results.csv --recipients letters.csv")
    assert needs(found) == {"post": [2, 5], "substitute": [4, 6]}
    assert found["outcomes"]["bounced"] == 2


def test_a_letter_that_came_back_goes_by_mail_where_the_list_has_an_address(posted, desk):
    posted.results("行,結果\n2,宛先不明\n5,返送\n")
    found = desk.json("--results results.csv --recipients letters.csv")
    assert needs(found) == {"email": [2, 4], "substitute": [5, 6]}
    assert found["outcomes"]["returned"] == 2


def test_who_refused_a_letter_is_never_sent_to_publication_by_the_program(posted, desk):
    posted.results("行,結果\n2,受取拒否\n5,refused\n")
    assert needs(desk.json("--results results.csv --recipients letters.csv")) == {
        "email": [2, 4],
        "decide": [5],
        "substitute": [6],
    }


def test_publication_is_named_with_its_ground_and_the_command_in_both_languages(mailing, desk):
    mailing.results("行,結果\n4,不達\n")
    japanese = desk("--results results.csv --recipients letters.csv")
    english = desk("--recipients letters.csv --lang en")
    for text, law, guideline in (
        (japanese, "第26条第2項ただし書", "3-5-4-5"),
        (english, "art. 26 para. 2 proviso", "3-5-4-5"),
    ):
        flat = " ".join(text.split())
        assert law in flat
        assert guideline in flat
        assert "leakresp draft-notice substitute_publication --case CASE" in flat
    assert "行：4、6" in japanese
    assert "Rows: 4, 6" in english


def test_a_row_that_was_skipped_for_the_same_content_is_told_by_the_other_letter(tmp_path, words, desk):
    Mailing(tmp_path, words, (SATO, SATO))
    assert needs(desk.json("--recipients letters.csv")) == {}


def test_a_row_with_a_fault_is_to_be_mended_not_published(tmp_path, words, desk):
    Mailing(tmp_path, words, (SATO, "A-2,田中 一郎,600-8001,京都市下京区四条1-2,ichiro＠example.jp"))
    assert needs(desk.json("--recipients letters.csv")) == {"mend": [3]}


def test_a_letter_that_could_not_be_made_is_to_be_mended_too(mailing, desk):
    mailing.write([{"row": 2, "key": mailing.keys[2], "status": "failed", "why": ["glyphs"]}])
    assert needs(desk.json()) == {"mend": [2]}


CONTACTS = st.sampled_from([None, False, True])
WHYS = st.sampled_from(
    [
        (),
        ("email_missing:email",),
        ("address_missing:address",),
        ("same_row",),
        ("name_missing:name", "email_missing:email"),
    ]
)


@given(
    st.sampled_from(["written", "failed", "skipped"]),
    WHYS,
    st.sampled_from(["", *OUTCOMES]),
    st.sampled_from(["post", "email"]),
    CONTACTS,
)
def test_publication_comes_only_where_the_list_was_asked_and_has_nothing(status, why, outcome, way, other):
    need = need_of(status, why, outcome, way, other=other)
    assert need in {"", *NEEDS}
    if need == "substitute":
        assert other is False
        assert outcome != "refused"
        assert status == "skipped" or outcome in {"bounced", "returned"}
    if status == "written" and outcome in {"bounced", "returned", "refused"}:
        assert need, "who was not reached is never passed over"
    if need == way:
        pytest.fail("the way that failed is no other way")


def test_rows_are_shown_as_spans():
    assert spans([2, 3, 4, 7, 9, 10]) == [(2, 4), (7, 7), (9, 10)]
    assert spans([]) == []


# a result finds its letter ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        "行,結果\n2,不達\n",
        "行番号,配達結果\n２,返送\n",
        "整理番号,状況\nA-1,宛先不明\n",
        "整理番号,状況\nａ－１,宛先不明\n",
        "メールアドレス,結果\nHanako@Example.JP,不達\n",
        "row,status\n2,Bounced\n",
        "reference,status\nA-1,returned\n",
        "row,reference,email,status\n2,A-1,hanako@example.jp,undeliverable\n",
        "row\tstatus\n2\t5.1.1\n",
        "row;status\n2;550 5.1.1 User unknown\n",
    ],
)  # fmt: skip
def test_a_letter_is_found_by_each_of_its_names_in_either_language(mailing, desk, table):
    mailing.results(table)
    found = desk.json("--results results.csv --recipients letters.csv")
    assert found["results"]["not_recorded"] == []
    assert [(line["row"], line["outcome"]) for line in mailing.record] == [(2, "bounced")]


def test_a_letter_is_found_by_its_key_and_by_its_message_id(mailing, desk):
    mailing.results(f"key,status\n{mailing.keys[2]},bounced\n<{mailing.keys[3].upper()}@LEAKRESP.invalid>,bounced\n")
    desk("--results results.csv")
    assert [line["row"] for line in mailing.record] == [2, 3]


def test_a_reference_made_by_the_program_needs_no_list(tmp_path, words, desk):
    header, row = HEADER.partition(",")[2], SATO.partition(",")[2]
    mailing = Mailing(tmp_path, words, (row,), header=header)
    reference = reference_of(Recipient(2, mailing.keys[2], "", "", "", (), "", "ja", None, ""))
    mailing.results(f"整理番号,結果\n{reference},不達\n")
    desk("--results results.csv")
    assert [line["row"] for line in mailing.record] == [2]


def test_what_only_the_list_can_tell_is_not_guessed_without_it(mailing, desk):
    mailing.results("整理番号,メール,結果\nA-1,,不達\n,hanako@example.jp,不達\n")
    found = desk.json("--results results.csv", code=4)
    assert refused(found) == {"needs_list": [2, 3]}
    assert mailing.record == []


def test_a_row_and_a_reference_of_different_persons_are_told_and_not_recorded(mailing, desk):
    mailing.results("行,整理番号,結果\n2,A-2,不達\n3,A-2,不達\n")
    found = desk.json("--results results.csv --recipients letters.csv", code=4)
    assert refused(found) == {"disagree": [2]}
    assert [line["row"] for line in mailing.record] == [3]


def test_an_address_that_two_persons_share_names_neither(tmp_path, words, desk):
    mailing = Mailing(tmp_path, words, (SATO, TANAKA.replace("ichiro@", "hanako@")))
    mailing.results("メール,結果\nhanako@example.jp,不達\n")
    assert refused(desk.json("--results results.csv --recipients letters.csv", code=4)) == {"ambiguous": [2]}
    assert mailing.record == []
    mailing.results("メール,整理番号,結果\nhanako@example.jp,A-2,不達\n")
    desk("--results results.csv --recipients letters.csv")
    assert [line["row"] for line in mailing.record] == [3]


def test_every_result_that_matches_nothing_is_told_with_its_line(mailing, desk):
    mailing.results(
        "行,結果,日付\n99,不達,\n5,不達,\n,不達,\nx,不達,\n2,行方不明,\n2,不達,昨日\n2,不達,13/45\n2,,\n2,不達,2027-01-01\n"
    )
    found = desk.json("--results results.csv", code=4)
    assert refused(found) == {
        "unknown": [2], "not_written": [3], "unnamed": [4, 5], "status_unknown": [6], "day_unknown": [7, 8], "to_come": [10],
    }  # fmt: skip
    assert found["results"]["silent"] == 1
    assert mailing.record == []
    printed = desk("--results results.csv", code=4)
    assert "results.csv:2" in printed
    assert "results.csv:8" in printed


def test_what_can_be_recorded_is_although_other_lines_cannot(mailing, desk):
    mailing.results("行,結果\n99,不達\n2,不達\n")
    desk("--results results.csv", code=4)
    assert [line["row"] for line in mailing.record] == [2]


def test_a_list_read_otherwise_than_when_the_letters_were_written_is_refused(tmp_path, words, desk):
    header = "整理番号,氏名,郵便番号,住所,連絡先"
    mailing = Mailing(tmp_path, words, (SATO, SUZUKI), header=header, maps=("email=連絡先",))
    mailing.results("行,結果\n2,不達\n3,不達\n")
    assert "同じ --map" in desk("--results results.csv --recipients letters.csv", code=4)
    assert mailing.record == [], "nothing is recorded on the way to a fault"
    found = desk.json("--results results.csv --recipients letters.csv --map email=連絡先")
    assert needs(found) == {"post": [2], "substitute": [3]}


def test_a_list_that_lost_some_rows_leaves_their_persons_to_be_looked_for(mailing, desk):
    mailing.results("行,結果\n2,不達\n3,不達\n")
    mailing.list.write_text(listed(TANAKA, TAKAHASHI, ITO), encoding="utf-8")
    found = desk.json("--results results.csv --recipients letters.csv")
    assert needs(found) == {"post": [3, 5], "list": [2], "substitute": [6]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_results_in_every_encoding_of_a_japanese_office_are_read(mailing, desk, encoding):
    mailing.results(
        "整理番号,氏名,結果,返送日\nA-1,髙橋 﨑子,あて所に尋ねあたりません,令和8年11月24日\n", encoding=encoding
    )
    desk("--results results.csv --recipients letters.csv")
    assert [(line["row"], line["when"]) for line in mailing.record] == [(2, "2026-11-24")]


def test_results_in_a_workbook_are_read_with_their_dates(mailing, desk):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    import datetime as dt

    with xlsxwriter.Workbook(mailing.root / "results.xlsx") as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/mm/dd"})
        sheet.write_row(0, 0, ["行", "結果", "日付"])
        sheet.write_row(1, 0, [2, "返送"])
        sheet.write_datetime(1, 2, dt.datetime(2026, 11, 23), day)  # noqa: DTZ001 - a workbook has no zones
        sheet.write_row(2, 0, [3, "到達", "2026/11/23 10:30:15"])
    desk("--results results.xlsx")
    assert [(line["row"], line["outcome"], line["when"]) for line in mailing.record] == [
        (2, "bounced", "2026-11-23"),
        (3, "delivered", "2026-11-23T10:30"),
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("行,備考\n2,x\n", "結果の列"),
        ("氏名,結果\n佐藤,不達\n", "どの手紙のこと"),
        ("行,結果,状況\n2,不達,到達\n", "同じ意味の列"),
        ("", "中身がありません"),
        ("行,結果\n", ""),
    ],
)
def test_a_table_without_what_is_needed_is_refused_whole(mailing, desk, table, said):
    mailing.results(table)
    assert said in desk("--results results.csv", code=4 if said else 0)
    assert mailing.record == []


def test_a_file_that_is_not_there_and_a_pipe_are_told(mailing, desk):
    assert "none.csv" in desk("--results none.csv", code=4)
    assert "none.eml" in desk("--results none.eml", code=4)


# later results prevail, the same one changes nothing ----------------------------------------------------------------------


def test_the_same_results_read_twice_change_nothing(mailing, desk):
    mailing.results("行,結果,日付\n2,不達,2026-11-23\n3,到達,\n")
    first = desk.json("--results results.csv")
    before = (mailing.folder / NAME).read_bytes()
    second = desk.json("--results results.csv --results results.csv")
    assert (mailing.folder / NAME).read_bytes() == before
    assert (first["results"]["added"], second["results"]["added"], second["results"]["known"]) == (2, 0, 4)
    assert first["outcomes"] == second["outcomes"]


def test_a_later_result_prevails_whatever_order_they_are_read_in(mailing, desk):
    mailing.results("行,結果,日付\n2,到達,2026-11-23\n2,不達,2026-11-22\n", "a.csv")
    assert desk.json("--results a.csv")["outcomes"]["delivered"] == 1
    mailing.results("行,結果,日付\n2,不達,2026-11-24\n", "b.csv")
    assert desk.json("--results b.csv")["outcomes"]["bounced"] == 1
    assert desk.json("--results a.csv")["outcomes"]["bounced"] == 1


@given(
    st.lists(
        st.tuples(st.sampled_from(OUTCOMES), st.integers(1, 28)), min_size=1, max_size=4, unique_by=lambda each: each[1]
    )
)
def test_results_with_their_own_days_stand_the_same_in_every_order(said):
    ends = set()
    for some in permutations(said):
        standings = [Standing(outcome, rank_of(f"2026-11-{day:02}", AT)) for outcome, day in some]
        ends.add(reduce(prevailing, standings).outcome)
    assert len(ends) == 1
    settled = [each for each in said if each[0] != "delayed"]
    assert ends == {max(settled or said, key=lambda each: each[1])[0]}


def test_a_day_alone_means_its_end():
    assert rank_of("2026-11-24", AT) > rank_of("2026-11-24T23:59", AT)
    assert rank_of("", AT) > rank_of("2026-11-24T23:59", AT)
    assert rank_of("", AT) < rank_of("2026-11-25", AT)


def test_the_day_of_sending_is_kept_and_results_before_it_are_refused(mailing, desk):
    assert desk.json("--sent 11/23")["sent"] == "2026-11-23"
    assert desk.json()["sent"] == "2026-11-23"
    before = (mailing.folder / NAME).read_bytes()
    desk("--sent 2026-11-23")
    assert (mailing.folder / NAME).read_bytes() == before
    mailing.results("行,結果,日付\n2,不達,2026-11-22\n3,不達,2026-11-23\n")
    assert refused(desk.json("--results results.csv", code=4)) == {"before_sent": [2]}
    assert "送った日：2026年11月23日" in desk()


def test_a_day_of_sending_that_has_not_come_is_refused(mailing, desk):
    desk("--sent 2026-11-25", code=2)
    assert not (mailing.folder / NAME).exists()


def test_a_result_is_out_of_time_only_where_days_say_so():
    assert out_of_time("2026-11-25", "", "2026-11-24") == "to_come"
    assert out_of_time("2026-11-20T10:00", "2026-11-21", "2026-11-24") == "before_sent"
    assert out_of_time("", "2026-11-21", "2026-11-24") == ""
    assert out_of_time("2026-11-21T00:00", "2026-11-21", "2026-11-24") == ""


# delivery reports of mail servers -----------------------------------------------------------------------------------------


def postfix(  # noqa: PLR0913 - a report has that many parts that matter
    to="hanako@example.jp",
    key=KEY,
    *,
    action="failed",
    status="5.1.1",
    reply="550 5.1.1 <x>: Recipient address rejected",
    returned="message/rfc822",
):
    original = f"Message-ID: <{key}@leakresp.invalid>\n" if key else ""
    return (
        textwrap.dedent(f"""\
        Return-Path: <>
        Date: Mon, 23 Nov 2026 10:15:31 +0900 (JST)
        From: MAILER-DAEMON@mail.example.co.jp (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: desk@example.co.jp
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="4Xq.1700/mail.example.co.jp"
        Message-Id: <20261123011531.4Xq@mail.example.co.jp>

        This is a MIME-encapsulated message.

        --4Xq.1700/mail.example.co.jp
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --4Xq.1700/mail.example.co.jp
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.example.co.jp
        X-Postfix-Queue-ID: 4Xq
        X-Postfix-Sender: rfc822; desk@example.co.jp
        Arrival-Date: Mon, 23 Nov 2026 10:15:30 +0900 (JST)

        Final-Recipient: rfc822; {to}
        Original-Recipient: rfc822;{to}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.example.jp
        Diagnostic-Code: smtp; {reply}

        --4Xq.1700/mail.example.co.jp
        Content-Description: Undelivered Message
        Content-Type: {returned}

        Return-Path: <desk@example.co.jp>
        """)
        + original
        + textwrap.dedent("""\
        Subject: =?utf-8?b?44GK55+l44KJ44Gb?=
        Content-Type: text/plain; charset="utf-8"

        本文

        --4Xq.1700/mail.example.co.jp--
        """)
    )


def exchange(to="hanako@example.jp", key=KEY):
    """The shape of Exchange: words in ISO-2022-JP, fields without blanks, a name beside the recipient, CRLF."""
    said = "メッセージを配信できませんでした。".encode("iso-2022-jp").decode("latin-1")
    return textwrap.dedent(f"""\
        From: postmaster@example.co.jp
        To: desk@example.co.jp
        Date: Mon, 23 Nov 2026 02:20:00 +0000
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="c1a5b6d7-ex01"
        X-MS-Exchange-Message-Is-Ndr:
        Content-Language: ja-JP
        Message-ID: <6f1e@EX01.example.co.jp>
        In-Reply-To: <{key}@leakresp.invalid>
        References: <{key}@leakresp.invalid>
        Subject: =?iso-2022-jp?B?GyRCR1s/LiRHJC0kXiQ7JHMbKEI=?=
        MIME-Version: 1.0

        --c1a5b6d7-ex01
        Content-Type: multipart/alternative; differences=Content-Type;
        \tboundary="alt-ex01"

        --alt-ex01
        Content-Type: text/plain; charset="iso-2022-jp"
        Content-Transfer-Encoding: 7bit

        {said}

        --alt-ex01--

        --c1a5b6d7-ex01
        Content-Type: message/delivery-status

        Reporting-MTA: dns;EX01.example.co.jp
        Received-From-MTA: dns;EX02.example.co.jp
        Arrival-Date: Mon, 23 Nov 2026 02:19:58 +0000

        Original-Recipient: rfc822;{to}
        Final-Recipient: rfc822;{to}
        Action: failed
        Status: 5.1.10
        Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
         by SMTP address lookup
        X-Display-Name: =?iso-2022-jp?B?GyRCOjRGIxsoQg==?=

        --c1a5b6d7-ex01
        Content-Type: message/rfc822

        From: desk@example.co.jp
        To: {to}
        Message-ID: <{key}@leakresp.invalid>
        Content-Type: text/plain

        --c1a5b6d7-ex01--
        """).replace("\n", "\r\n")


def gmail(to="hanako@example.jp", key=KEY, *, action="failed", status="5.1.1"):
    """The shape of Gmail: pictures beside the words, several lines of diagnosis, no original headers."""
    return textwrap.dedent(f"""\
        Return-Path: <>
        From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
        To: desk@example.co.jp
        Auto-Submitted: auto-replied
        Subject: Delivery Status Notification (Failure)
        References: <{key}@leakresp.invalid>
        In-Reply-To: <{key}@leakresp.invalid>
        X-Failed-Recipients: {to}
        Message-ID: <65f.170a0220.1@mx.google.com>
        Date: Sun, 22 Nov 2026 18:21:00 -0800 (PST)
        Content-Type: multipart/report; boundary="000000000000aa"; report-type=delivery-status

        --000000000000aa
        Content-Type: multipart/related; boundary="000000000000bb"

        --000000000000bb
        Content-Type: text/html; charset="UTF-8"

        <p>住所が見つかりません</p>

        --000000000000bb
        Content-Type: image/png; name="icon.png"
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=

        --000000000000bb--

        --000000000000aa
        Content-Type: message/delivery-status

        Reporting-MTA: dns; googlemail.com
        Received-From-MTA: dns; desk@example.co.jp
        Arrival-Date: Sun, 22 Nov 2026 18:20:59 -0800 (PST)
        X-Original-Message-ID: <{key}@leakresp.invalid>

        Final-Recipient: rfc822; {to}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.example.jp. (192.0.2.1, the server for the domain example.jp.)
        Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
         550 5.1.1 Please try double-checking the recipient's email address
        Last-Attempt-Date: Sun, 22 Nov 2026 18:21:00 -0800 (PST)

        --000000000000aa
        Content-Type: message/rfc822

        DKIM-Signature: v=1; a=rsa-sha256
        Subject: x

        --000000000000aa--
        """)


def said_by(mail):
    return list(read_report(mail if isinstance(mail, bytes) else mail.encode(), Place("m.eml")))


@pytest.mark.parametrize(
    ("mail", "code", "when"),
    [
        (postfix(), "5.1.1", "2026-11-23T10:15"),
        (postfix(returned="text/rfc822-headers"), "5.1.1", "2026-11-23T10:15"),
        (postfix().replace("\n", "\r\n"), "5.1.1", "2026-11-23T10:15"),
        (exchange(), "5.1.10", "2026-11-23T11:20"),
        (gmail(), "5.1.1", "2026-11-23T11:21"),
    ],
    ids=["postfix", "postfix-headers", "postfix-crlf", "exchange", "gmail"],
)
def test_a_report_of_each_kind_of_server_names_its_letter_by_our_message_id(mail, code, when):
    (result,) = said_by(mail)
    assert (result.names, result.outcome, result.code, result.when) == (Names(key=KEY), "bounced", code, when)


def test_a_report_in_the_newer_form_for_addresses_in_any_script_is_read():
    mail = (
        postfix(to="花子@例え.jp", key="")
        .replace("message/delivery-status", "message/global-delivery-status")
        .replace("rfc822;", "utf-8;")
    )
    (result,) = said_by(mail)
    assert (result.names.emails, result.outcome) == (("花子@例え.jp",), "bounced")


def test_where_the_mail_did_not_come_back_the_address_counts_as_sent_and_as_taken():
    mail = postfix(key="").replace(
        "Final-Recipient: rfc822; hanako@example.jp", "Final-Recipient: rfc822; forwarded@example.com"
    )
    (result,) = said_by(mail)
    assert result.names == Names(emails=("hanako@example.jp", "forwarded@example.com"))


@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [
        ("failed", "5.1.1", "bounced"),
        ("failed", "5.2.2 (mailbox full)", "bounced"),
        ("delayed", "4.4.1", "delayed"),
        ("failed", "4.4.7", "expired"),
        ("delivered", "2.0.0", "delivered"),
        ("Failed", "", "bounced"),
    ],
)
def test_a_passing_fault_never_counts_as_bounced(action, status, outcome):
    (result,) = said_by(postfix(action=action, status=status))
    assert result.outcome == outcome


@pytest.mark.parametrize("action", ["relayed", "expanded"])
def test_a_mail_that_was_only_handed_on_does_not_count_as_delivered(action):
    assert said_by(postfix(action=action, status="2.0.0")) == [Unread(Place("m.eml"), "silent")]


def test_a_reply_of_the_server_counts_where_the_report_has_no_code():
    (result,) = said_by(postfix(status="", reply="451 try again later"))
    assert (result.outcome, result.code) == ("expired", "")


def test_a_report_that_says_two_things_of_one_letter_is_left_to_people():
    group = "Final-Recipient: rfc822; other@example.com\nAction: delivered\nStatus: 2.0.0\n\n"
    mail = postfix().replace("Final-Recipient: rfc822; hanako", f"{group}Final-Recipient: rfc822; hanako")
    assert said_by(mail) == [Unread(Place("m.eml"), "mixed")]


REPLY = "From: hanako@example.jp\nIn-Reply-To: <{key}@leakresp.invalid>\nSubject: Re\n\n不在にしております。\n"


@pytest.mark.parametrize(
    "mail",
    [
        REPLY.format(key=KEY),
        "From: a@example.jp\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n" + postfix() + "\n--x--\n",
        "", "\n", "\x00\x01\xff", "Content-Type: multipart/report; boundary=\n\n--\n", postfix()[:600],
        "Content-Type: multipart/report; boundary=x; report-type=disposition-notification\n\n--x\nContent-Type: message/disposition-notification\n\nDisposition: automatic-action; displayed\n\n--x--\n",
    ],
)  # fmt: skip
def test_a_mail_that_is_no_report_is_told_and_moves_nobody(mail):
    assert said_by(mail) == [Unread(Place("m.eml"), "no_report")]


def test_a_mail_nested_without_end_is_told_and_ends_nothing():
    nested = "".join(f"Content-Type: multipart/report; boundary=b{n}\n\n--b{n}\n" for n in range(20_000))
    assert said_by(nested) == [Unread(Place("m.eml"), "no_report")]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_report_is_read_or_told_and_never_names_another_letter(data):
    mail = bytearray(data.draw(st.sampled_from([postfix(), exchange(), gmail()])).encode("utf-8"))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(mail) - 1))
        mail[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    for result in said_by(bytes(mail)):
        if isinstance(result, Result):
            assert result.outcome in OUTCOMES
            assert result.names.key or result.names.emails
            assert re.fullmatch(r"|[245]\.\d{1,3}\.\d{1,3}", result.code)
            assert re.fullmatch(r"|\d{4}-\d\d-\d\dT\d\d:\d\d", result.when)


def test_a_folder_of_reports_finds_the_letters_and_tells_the_rest_by_file(mailing, desk):
    folder = mailing.root / "reports"
    folder.mkdir()
    mails = {
        "1.eml": postfix(key=mailing.keys[2]),
        "2.EML": gmail("jiro@example.jp", mailing.keys[4]),
        "3.eml": exchange("ichiro@example.jp", "f" * 32),
        "4.eml": REPLY.format(key=mailing.keys[3]),
        "note.txt": "no mail",
    }
    for name, mail in mails.items():
        (folder / name).write_bytes(mail.encode())
    found = desk.json("--results reports --recipients letters.csv", code=4)
    assert needs(found) == {"post": [2, 5], "substitute": [4, 6]}
    told = {each["why"]: each["places"][0]["file"] for each in found["results"]["not_recorded"]}
    # A report that bears the Message-ID of another folder's letter is about that one, whatever address it names.
    assert {why: os.path.basename(file) for why, file in told.items()} == {"unknown": "3.eml", "no_report": "4.eml"}  # noqa: PTH119


def test_a_mailbox_of_reports_is_read_with_the_line_of_each(mailing, desk):
    mails = [
        postfix(key=mailing.keys[2]),
        "Subject: x\n\n>From here\nFrom there\n",
        gmail(key="", to="ichiro@example.jp"),
    ]
    text = "".join(f"From MAILER-DAEMON Mon Nov 23 10:15:31 2026\n{mail}\n" for mail in mails)
    mailing.results(text, "inbox")
    found = desk.json("--results inbox --recipients letters.csv", code=4)
    assert [line["row"] for line in mailing.record] == [2, 3]
    assert refused(found) == {"no_report": [text[: text.index("Subject: x")].count("\n")]}


def test_by_address_a_report_needs_the_list(mailing, desk):
    mailing.results(postfix(key=""), "bounce.eml")
    assert refused(desk.json("--results bounce.eml", code=4)) == {"needs_list": [None]}
    desk("--results bounce.eml --recipients letters.csv")
    assert [line["row"] for line in mailing.record] == [2]


def test_an_old_carriers_address_is_known_again_in_the_quotes_of_a_server():
    assert same_address('<"a..b."@DOCOMO.example.jp>') == same_address("a..b.@docomo.example.jp")


def test_reports_of_mails_are_refused_for_letters_that_went_by_post(posted, desk):
    posted.results(postfix(), "bounce.eml")
    assert "郵便" in desk("--results bounce.eml --recipients letters.csv", code=4)


def test_a_server_whose_clock_runs_ahead_does_not_keep_a_bounce_from_being_known(mailing, desk):
    mailing.results(postfix(key=mailing.keys[2]).replace("23 Nov 2026", "23 Nov 2027"), "bounce.eml")
    desk("--results bounce.eml")
    assert [(line["row"], line["when"]) for line in mailing.record] == [(2, "")]


def test_what_holds_mails_is_told_from_tables(tmp_path):
    for name, text, mails in (
        ("a", "From x\n", True),
        ("b.eml", "", True),
        ("c", "Return-Path: <>\n", True),
        ("d.csv", "Result: x\n", False),
        ("e.csv", "行,結果\n", False),
        ("f", "行,結果\n", False),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert is_mail(tmp_path / name) is mails, name
    assert is_mail(tmp_path)
    assert not is_mail(tmp_path / "none.eml")


def test_of_an_endless_mail_only_the_beginning_is_held(tmp_path):
    big = tmp_path / "big.mbox"
    with big.open("wb") as file:
        file.write(b"From a\n" + postfix().encode()[:-1])
        for _ in range(12):
            file.write(b"x" * LARGEST + b"\n")
        file.write(b"\nFrom b\n" + gmail().encode())
    script = (
        "import resource, sys; from pathlib import Path; from leakresp.papers.letters.mail_reports import read_mail\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = [each.outcome for each in read_mail(Path(sys.argv[1]))]\n"
        "print(found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    if os.name == "nt":
        assert [isinstance(each, Result) for each in read_mail(big)] == [True, True]
        return
    done = subprocess.run([sys.executable, "-c", script, str(big)], capture_output=True, text=True, check=True)
    found, _, grown = done.stdout.strip().rpartition(" ")
    assert found == "['bounced', 'bounced']"
    assert int(grown) < 40 * 1024, "kilobytes; the mailbox has fifty million bytes"


# nothing of anybody, nothing that does harm -------------------------------------------------------------------------------


def test_neither_the_record_nor_the_screen_names_anybody(mailing, desk):
    mailing.results(postfix(key="").replace("<x>", "<hanako@example.jp> 佐藤"), "bounce.eml")
    mailing.results(
        "行,整理番号,メール,氏名,結果\n3,A-2,ichiro@example.jp,田中 一郎,不達\n99,A-9,somebody@example.jp,山田,不達\n2,,,,田中 一郎\n"
    )
    printed = desk("--results bounce.eml --results results.csv --recipients letters.csv", code=4)
    printed += desk("--recipients letters.csv --json")
    kept = (mailing.folder / NAME).read_text(encoding="utf-8")
    assert [line["row"] for line in mailing.record] == [2, 3]
    for word in ("佐藤", "田中", "山田", "@example.jp", "千代田", "A-1", "A-9"):
        assert word not in printed, word
        assert word not in kept, word


@posix_only
def test_only_its_owner_can_read_the_record_and_the_new_list(mailing, desk):
    mailing.results("行,結果\n2,不達\n")
    desk("--results results.csv --recipients letters.csv --csv again.csv")
    for path in (mailing.folder / NAME, mailing.root / "again.csv"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


HOSTILE = [
    '=HYPERLINK("http://example.com")', "@SUM(A1)", "-2+3", "{{ 7*7 }}", "\u202e2", "2\x00", "a" * 1_000_000, "2,5", "'; DROP TABLE letter; --",
    "99999999999999999999", "-1", "0", "1e1", "²", "٢", "\U0001f600",
]  # fmt: skip


@pytest.mark.parametrize("cell", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_cell_is_no_letter_no_command_and_no_crash(mailing, desk, cell):
    text = io.StringIO()
    csv.writer(text).writerows(
        [
            ["行", "キー", "整理番号", "メール", "結果", "日付"],
            *([""] * at + [cell] + [""] * (3 - at) + ["不達", ""] for at in range(4)),
            ["2", "", "", "", cell, ""],
            ["2", "", "", "", "不達", cell],
        ]
    )
    mailing.results(text.getvalue())
    printed = desk("--results results.csv --recipients letters.csv --json", code=4)
    assert cell not in printed or len(cell) < 3
    assert {line["row"] for line in mailing.record} <= {2}


def test_bytes_that_are_no_list_are_refused(mailing, desk):
    for content in (
        b"\x81\x20\xff\xfe\xfd",
        b"PK\x03\x04broken",
        bytes(range(256)) * 8,
        b"%PDF-1.7\n",
        b'a,"b\nc,d\ne,f\n',
    ):
        mailing.results(content)
        desk("--results results.csv", code=4)
    assert mailing.record == []


def test_a_file_that_breaks_off_in_the_middle_leaves_nothing_behind(mailing, desk):
    mailing.results('行,結果\n2,不達\n3,"不達\n4,不達\n5,不達\n')
    desk("--results results.csv", code=4)
    assert mailing.record == []


# the new list -------------------------------------------------------------------------------------------------------------


def read_list(path):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_new_list_has_exactly_those_who_can_be_told_the_other_way(mailing, desk):
    mailing.results("行,結果\n2,不達\n4,不達\n")
    printed = desk("--results results.csv --recipients letters.csv --csv again.csv")
    assert read_list(mailing.root / "again.csv") == [HEADER.split(","), SATO.split(","), TAKAHASHI.split(",")]
    assert "leakresp draft-notice letter --case CASE --recipients again.csv" in printed


def test_the_new_list_says_the_new_way_and_keeps_the_number_of_the_first_letter(tmp_path, words, desk):
    header = "氏名,郵便番号,住所,メール,送付方法"
    mailing = Mailing(tmp_path, words, (f"{SATO.partition(',')[2]},メール",), header=header)
    mailing.results("行,結果\n2,不達\n")
    desk("--results results.csv --recipients letters.csv --csv again.csv")
    titles, row = read_list(tmp_path / "again.csv")
    assert titles == [*header.split(","), "整理番号"]
    reference = reference_of(Recipient(2, mailing.keys[2], "", "", "", (), "", "ja", None, ""))
    assert row[-2:] == ["郵送", reference]
    again = Mailing(tmp_path, words, (",".join(row),), way="post", header=",".join(titles), name="second")
    assert [note["status"] for note in again.notes] == ["written"], "the new list is fit for the other way"


def test_no_cell_of_the_new_list_is_a_formula(tmp_path, words, desk):
    mailing = Mailing(tmp_path, words, ("=1+1,@佐藤,100-0001,+東京都千代田区1-1,hanako@example.jp",))
    mailing.results("行,結果\n2,不達\n")
    desk("--results results.csv --recipients letters.csv --csv again.csv")
    assert read_list(tmp_path / "again.csv")[1] == [
        "'=1+1",
        "'@佐藤",
        "100-0001",
        "'+東京都千代田区1-1",
        "hanako@example.jp",
    ]


def test_a_file_that_is_there_is_never_written_over(mailing, desk):
    mailing.results("行,結果\n2,不達\n")
    (mailing.root / "again.csv").write_text("mine", encoding="utf-8")
    desk("--results results.csv --recipients letters.csv --csv again.csv", code=2)
    assert (mailing.root / "again.csv").read_text(encoding="utf-8") == "mine"
    assert mailing.record == []


def test_where_nobody_can_be_told_the_other_way_no_list_is_made(tmp_path, words, desk):
    Mailing(tmp_path, words, (SUZUKI, ITO))
    assert "作っていません" in desk("--recipients letters.csv --csv again.csv")
    assert not (tmp_path / "again.csv").exists()


@pytest.mark.parametrize("option", ["--csv again.csv", "--map name=氏名", "--sheet x"])
def test_an_option_about_the_list_needs_the_list(mailing, desk, option):
    assert "--recipients" in desk(option, code=2)


# the record survives ------------------------------------------------------------------------------------------------------


def line_for(row, outcome="bounced", at=AT):
    return ResultLine(row=row, key=KEY, outcome=outcome, at=at)


def test_an_incomplete_last_line_is_cut_off_and_what_was_whole_stays(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add([SentLine(on="2026-11-24", at=AT), line_for(2)])
    whole = ledger.path.read_bytes()
    for cut in range(len(whole)):
        ledger.path.write_bytes(whole[:cut])
        again = Ledger(tmp_path)
        kept = list(again.lines())
        assert len(kept) == max(whole[:cut].count(b"\n") - 1, 0)
        again.add(each for _, each in [(2, SentLine(on="2026-11-24", at=AT)), (3, line_for(2))][len(kept) :])
        assert ledger.path.read_bytes() == whole


def test_zeros_that_a_power_cut_left_behind_are_cut_off(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add([line_for(2)])
    ledger.path.write_bytes(ledger.path.read_bytes() + b'{"kind":"res' + bytes(200_000))
    again = Ledger(tmp_path)
    assert [line for _, line in again.lines()] == [line_for(2)]
    again.add([line_for(3)])
    assert [line for _, line in Ledger(tmp_path).lines()] == [line_for(2), line_for(3)]
    assert b"\0" not in ledger.path.read_bytes()


def test_who_adds_without_having_read_adds_behind_what_is_there(tmp_path):
    Ledger(tmp_path).add([line_for(2)])
    Ledger(tmp_path).add([line_for(3)])
    assert [line for _, line in Ledger(tmp_path).lines()] == [line_for(2), line_for(3)]


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n", b"\n", b"x\n", b'{"kind":"result","row":0}\n', b"\xff\n",
        b'{"kind":"result","row":2,"key":"' + KEY.encode() + b'","outcome":"bounced","code":"","when":"","at":"2026-11-24T09:00","name":"x"}\n',
    ],
)  # fmt: skip
def test_a_line_that_is_none_of_ours_is_named_and_nothing_is_built_on_it(tmp_path, line):
    ledger = Ledger(tmp_path)
    ledger.add([line_for(2)])
    ledger.path.write_bytes(
        ledger.path.read_bytes() + line + b'{"kind":"sent","on":"2026-11-24","at":"2026-11-24T09:00"}\n'
    )
    with pytest.raises(DeliveryUnfit) as told:
        list(Ledger(tmp_path).lines())
    assert (told.value.key, told.value.line) == ("delivery.record_broken", 3)


def test_the_record_of_another_folder_is_refused(mailing, desk):
    Ledger(mailing.folder).add([line_for(2)])
    assert "このフォルダーの手紙のものではありません" in desk(code=4)


def test_a_record_that_another_keeps_is_not_written_to(mailing):
    ledger = Ledger(mailing.folder)
    with ledger.alone(), pytest.raises(DeliveryUnfit) as told, Ledger(mailing.folder).alone(wait=0):
        pytest.fail("two at once")
    assert told.value.key == "delivery.in_use"


def test_a_full_disk_leaves_the_record_as_it_was(tmp_path, monkeypatch):
    ledger = Ledger(tmp_path)
    ledger.add([line_for(2)])
    before, write = ledger.path.read_bytes(), os.write

    def full(descriptor, content):
        if len(content) > 10:
            return write(descriptor, bytes(content[:10]))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        ledger.add([line_for(3)])
    monkeypatch.undo()
    assert ledger.path.read_bytes() == before
    ledger.add([line_for(3)])
    assert [line for _, line in Ledger(tmp_path).lines()] == [line_for(2), line_for(3)]


#: Takes results back as the command does, a line at a time, so that a kill may fall between any two.
SLOW = """
import sys
from pathlib import Path
from leakresp.papers.letters import ledger
from leakresp.shell.commands.delivery import Asked, run
ledger._BATCH = 1
run(Asked(Path(sys.argv[1]), tuple(map(Path, sys.argv[2:]))), as_json=True, plain=True, lang="ja")
"""


def started(mailing, *results):
    words = [sys.executable, "-c", SLOW, str(mailing.folder), *map(str, results)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def many(tmp_path, words):
    return Mailing(
        tmp_path, words, [f"B-{n},佐藤 {n}子,100-0001,東京都千代田区千代田{n},p{n}@example.jp" for n in range(300)]
    )


@posix_only
def test_killed_again_and_again_no_result_is_lost_or_doubled(many):
    rows = range(2, 302)
    many.results("".join(("行,結果\n", *(f"{row},不達\n" for row in rows))))
    record, chance = many.folder / NAME, random.Random(20261124)  # noqa: S311 - moments, no secrets
    for kept in (1, 60, 120, 180):
        process = started(many, many.root / "results.csv")
        while process.poll() is None and (not record.exists() or record.read_bytes().count(b"\n") < kept):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.003))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        lines = record.read_bytes().split(b"\n")[1:-1]
        assert len({json.loads(line)["row"] for line in lines}) == len(lines)
        assert kept - 2 < len(lines) < 300, "killed in the middle"
    out, _ = started(many, many.root / "results.csv").communicate(timeout=60)
    assert json.loads(out)["outcomes"]["bounced"] == 300
    assert [line["row"] for line in many.record] == list(rows)


def test_two_at_once_keep_every_result_once(many):
    halves = {"a.csv": range(2, 202), "b.csv": range(102, 302)}
    for name, rows in halves.items():
        many.results("".join(("行,結果\n", *(f"{row},不達\n" for row in rows))), name)
    both = [started(many, many.root / name) for name in halves]
    for process in both:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    assert sorted(line["row"] for line in many.record) == list(range(2, 302))


@posix_only
def test_a_hundred_thousand_letters_and_results_take_little_more_memory_than_a_thousand(tmp_path, words):
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom leakresp.shell.commands.delivery import Asked, run\n"
        "run(Asked(Path(sys.argv[1]), (Path(sys.argv[2]),)), as_json=False, plain=True, lang='ja')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    sizes = {}
    for count in (1_000, 100_000):
        mailing = Mailing(tmp_path, words, (SATO,), name=f"letters{count}")
        rows = range(2, count + 2)
        mailing.write(({"row": row, "key": f"{row:032x}", "status": "written"} for row in rows), rows=[2, count + 1])
        mailing.results("".join(("row,status\n", *(f"{row},delivered\n" for row in rows))))
        words_ = [sys.executable, "-c", script, str(mailing.folder), str(mailing.root / "results.csv")]
        done = subprocess.run(words_, capture_output=True, text=True, check=True, timeout=120)
        assert f"{count:,}" in done.stdout
        sizes[count] = int(done.stdout.splitlines()[-1])
    assert sizes[100_000] - sizes[1_000] < 24 * 1024, "kilobytes"


# from the first letter to the last way ------------------------------------------------------------------------------------


def test_mails_are_written_bounce_and_become_letters(tmp_path, monkeypatch, desk):
    answers = ROOT / "tests" / "golden" / "papers_more" / "skimmed_shop" / "answers.yaml"
    (tmp_path / "list.csv").write_text(listed(*PEOPLE), encoding="cp932")
    made = f"--answers {answers} --set representative=代表取締役 --set desk_hours=平日9時〜17時 --jobs 1 --write --skip-faulty"
    desk.console.type(f"leakresp draft-notice email --recipients list.csv -o letters {made}")
    mailbox = (tmp_path / "letters" / "letters.mbox").read_text(encoding="utf-8")
    keys = re.findall(r"^Message-ID: <([0-9a-f]{32})@leakresp\.invalid>$", mailbox, re.MULTILINE)
    assert len(keys) == 3
    (tmp_path / "bounce.eml").write_text(postfix("anyone@example.org", keys[0]), encoding="utf-8")
    found = desk.json("--sent 11/23 --results bounce.eml --recipients list.csv --csv again.csv")
    assert needs(found) == {"post": [2, 5], "substitute": [6]}
    printed = desk.console.type(f"leakresp draft-notice letter --recipients again.csv -o second {made}")
    assert desk.console.code == 0, printed
    letters = sorted((tmp_path / "second" / "letters").rglob("*.txt"))
    assert [
        ("佐藤 花子" in text, "高橋 三郎" in text) for text in (path.read_text(encoding="utf-8") for path in letters)
    ] == [(True, False), (False, True)]


def test_the_roll_finds_a_letter_among_two_written_with_the_same_content(tmp_path, words):
    """A key that two written letters share names neither; the row does."""
    mailing = Mailing(tmp_path, words, (SATO, TANAKA))
    mailing.write([{"row": row, "key": KEY, "status": "written"} for row in (2, 3)])
    with Roll(mailing.folder) as roll:
        assert roll.find(Names(key=KEY)) == "ambiguous"
        assert roll.find(Names(row=3, key=KEY)) == (3, KEY)
        assert roll.find(Names(row=4)) == "unknown"
        assert roll.find(Names()) == "unnamed"
