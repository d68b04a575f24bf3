"""One letter for each person of a list: no double and no gap, whatever happens, and nothing of anybody else in it.

``LEAKRESP_TEST_ROUNDS=10`` kills ten times as often, and lets disks fail in more ways.
"""

import contextlib
import csv
import email
import email.policy
import errno
import io
import json
import mailbox
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.desk_clock import leakresp
from tests.faulty_disk import PowerCut, every_failure

from leakresp.papers.letters import ENGINES, by_executor
from leakresp.papers.letters import order as orders

__all__ = ["leakresp"]

ROUNDS = int(os.environ.get("LEAKRESP_TEST_ROUNDS", "1"))
#: Whether there is time for disks that fail in more ways.
MORE = ROUNDS > 1
ANSWERS = Path(__file__).parent / "golden" / "papers" / "ransomware_with_a_possible_leak" / "answers.yaml"
HEADER = ("会員番号", "氏名", "郵便番号", "住所", "メール", "対象項目", "言語")
SATO = ("A-1", "佐藤 花子", "100-0001", "東京都千代田区架空町1番地", "hanako@example.jp", "氏名、住所", "")
TANAKA = (
    "A-2",
    "田中 一郎",
    "600-8001",
    "京都市下京区架空通2番地",
    "ichiro@example.jp",
    "氏名、credit_card_number",
    "",
)
SMITH = ("A-3", "John Smith", "100-0002", "3 Example Street, Tokyo", "john@example.com", "氏名、login_password", "en")
NAMELESS = ("A-4", "", "100-0003", "東京都千代田区架空町4番地", "nobody@example.jp", "氏名", "")
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


def crowd(number):
    """Yield as many persons as wanted, no two alike."""
    items = ("氏名、住所", "氏名、電話番号", "氏名、credit_card_number", "login_password")
    for each in range(number):
        address = f"東京都千代田区架空町{each}番地"
        yield f"M-{each}", f"架空 {each}号", "100-0001", address, f"user{each}@example.jp", items[each % 4], ""


@dataclass
class Mailing:
    """Commands on one list, which lies beside the folder that the letters go to."""

    leakresp: Any
    place: Path
    file: Path

    def list(self, *rows, header=HEADER):
        with self.file.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((header, *rows))
        return self

    def command(self, *words, paper="letter", jobs=1):
        return (
            "draft-notice", paper, "--answers", str(ANSWERS), "--recipients", str(self.file),
            "--map", "reference=会員番号", "--jobs", str(jobs), *map(str, words),
        )  # fmt: skip

    def type(self, *words, **more):
        """Type the command; return what it printed."""
        return self.leakresp(" ".join(f"'{word}'" for word in self.command(*words, **more)))

    def write(self, folder, *words, **more):
        """Write letters into a folder beside the list; the command must succeed."""
        self.type("--write", "-o", self.place / folder, *words, **more)
        assert self.leakresp.code == 0, self.leakresp.err
        return self.place / folder

    def refused(self, code, *words, **more):
        """Type a command that must be refused with a sentence; return the sentence."""
        self.type(*words, **more)
        assert self.leakresp.code == code, self.leakresp.err
        assert "Traceback" not in self.leakresp.err
        assert "不具合" not in self.leakresp.err
        return self.leakresp.err


@pytest.fixture
def mailing(leakresp, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "sync", lambda: None, raising=False)  # it waits for whatever else the machine writes
    return Mailing(leakresp, tmp_path, tmp_path / "list.csv")


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of four rows, so that a short list has many."""
    monkeypatch.setattr(orders, "BATCH", 4)
    monkeypatch.setattr(orders, "BATCHES", {})


def manifest(folder):
    """Return what all manifests of a folder say of each row."""
    lines = [line for path in sorted(folder.glob("manifest*.jsonl")) for line in path.read_bytes().splitlines()]
    return [line for line in map(json.loads, lines) if "row" in line]


def files(folder):
    """Return the letters of a folder by their name, and whatever else a mail house would find there."""
    kept = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("manifest")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept if path.suffix != ".lock"}


def letter(folder, row, form="txt"):
    """Return the letter to the person of a row."""
    return (folder / "letters" / f"{row // 1000:05}" / f"{row:08}.{form}").read_bytes()


def text_of(folder, row):
    return letter(folder, row).decode()


# one letter each ------------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_shows_the_first_letter_and_the_command(mailing, monkeypatch):
    mailing.list(SATO, TANAKA, SMITH)
    monkeypatch.setattr(sys, "argv", ["leakresp", *mailing.command("--debug")])
    before = sorted(mailing.place.rglob("*"))
    shown = mailing.type()
    assert mailing.leakresp.code == 0
    assert sorted(mailing.place.rglob("*")) == before
    assert "〒100-0001\n東京都千代田区架空町1番地\n佐藤 花子 様\n" in shown
    assert "田中" not in shown
    command = next(line for line in shown.splitlines() if line.startswith("leakresp draft-notice"))
    assert command.endswith(" -o letters --write")
    assert str(mailing.file) in command
    assert "--debug" not in command


@pytest.mark.parametrize("given", [False, True], ids=["no items in the list", "items in the list"])
def test_who_drafts_is_told_to_sort_out_items_only_where_the_list_has_none(mailing, given):
    cut = None if given else -2
    mailing.list(SATO[:cut], TANAKA[:cut], header=HEADER[:cut])
    assert ("人によって違うとき" in mailing.type()) == (not given)


def test_rows_that_name_nobody_keep_all_from_being_written_until_they_are_left_out(mailing):
    mailing.list(SATO, NAMELESS, TANAKA)
    out = mailing.place / "out"
    assert "1行" in mailing.refused(4, "--write", "-o", out)
    assert not out.exists()
    folder = mailing.write("out", "--skip-faulty")
    assert "書いたもの 2通、書けなかったもの 0通、除いた行 1行" in mailing.leakresp.out
    assert [(line["row"], line["status"]) for line in manifest(folder)] == [
        (2, "written"),
        (3, "skipped"),
        (4, "written"),
    ]
    assert sorted(files(folder)) == ["letters/00000/00000002.txt", "letters/00000/00000004.txt"]


def test_nothing_is_written_while_the_letter_has_a_hole_that_must_not_be_open(mailing):
    mailing.list(SATO)
    out = mailing.place / "out"
    told = mailing.refused(3, "--set", "organisation_name=unknown", "--write", "-o", out)
    assert "organisation_name" in told
    assert not out.exists()


def test_writing_needs_a_folder(mailing):
    assert "-o" in mailing.list(SATO).refused(2, "--write")


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("letter", ("--into", "mbox")),
        ("letter", ("--into", "pigeon")),
        ("letter", ("--format", "docx", "--into", "one")),
        ("letter", ("--format", "eml")),
        ("email", ("--format", "pdf")),
        ("web_notice_first", ()),
        ("letter", ("--engine", "steam")),
        ("letter", ("--shard", "4/3")),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(mailing, paper, words):
    mailing.list(SATO).refused(2, *words, paper=paper)


def test_a_letter_is_for_its_owner_only(mailing):
    folder = mailing.list(SATO).write("out")
    if os.name == "nt":
        pytest.skip("Windows keeps no such modes")
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def docx_text(content):
    docx = pytest.importorskip("docx")
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def pdf_text(path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not there")
    done = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True)
    return done.stdout.decode()


class Tags(HTMLParser):
    """The tags of a page, and its words."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *attrs))

    def handle_data(self, data):
        self.words += data


def mail(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def messages_in(box):
    """Return the messages of a mailbox as the standard library reads them."""
    with contextlib.closing(mailbox.mbox(box, create=False)) as found:
        return [mail(bytes(each)) for each in found]


def told_in(folder, row, form):
    """Return the words of a letter, whatever its format."""
    content = letter(folder, row, form)
    match form:
        case "docx":
            return docx_text(content)
        case "html":
            return Tags(content).words
        case "eml":
            return mail(content).get_content()
        case "pdf":
            return pdf_text(folder / "letters" / "00000" / f"{row:08}.pdf")
    return content.decode()


@pytest.mark.parametrize("form", ["txt", "md", "html", "docx", "pdf", "eml"])
def test_each_person_is_told_in_their_language_of_their_own_items_only(mailing, form):
    if form == "pdf":
        pytest.importorskip("typst")
    paper = "email" if form == "eml" else "letter"
    folder = mailing.list(SATO, TANAKA, SMITH).write("out", "--format", form, "--into", "files", paper=paper)
    sato, tanaka, smith = (re.sub(r"\s+", " ", told_in(folder, row, form)) for row in (2, 3, 4))
    assert "佐藤 花子 様" in sato
    assert "田中 一郎 様" in tanaka
    assert "John Smith" in smith
    for own, others in ((sato, ("田中", "Smith")), (tanaka, ("佐藤", "Smith")), (smith, ("佐藤", "田中"))):
        assert not [name for name in others if name in own]
    # What may happen and what to do follow from the person's own items.
    assert "クレジットカード" in tanaka
    assert "クレジットカード" not in sato
    assert "郵便物" in sato
    assert "郵便物" not in tanaka
    assert "password" in smith.lower()
    assert "credit card" not in smith.lower()
    assert "お知らせ" not in smith
    assert not [mark for mark in ("【", "{{", "\ufdd0", "\ufdd1") if mark in sato + tanaka + smith]


def test_an_item_that_is_only_suspected_is_told_as_suspected_and_to_nobody_else(mailing):
    only = (*SATO[:5], "credit_card_number", "")
    folder = mailing.list(only, TANAKA).write("out")
    certain, suspected = "対象となったお客様の情報は、次の項目です。", "次の項目は、含まれていたおそれがあります。"
    about = [text_of(folder, row).split("\n2　対象となった情報\n")[1].split("\n3　")[0] for row in (2, 3)]
    assert about[0].strip().startswith(f"{suspected}\n\n・クレジットカード番号\n")
    assert certain not in about[0]
    assert about[1].strip().startswith(f"{certain}\n\n・氏名\n\n{suspected}\n\n・クレジットカード番号\n")


# the manifest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("into", ["files", "one", "csv", "jsonl"])
def test_the_manifest_names_nobody_unless_that_is_wanted(mailing, into):
    folder = mailing.list(SATO, TANAKA, NAMELESS).write("out", "--into", into, "--skip-faulty")
    kept = (folder / "manifest.jsonl").read_text(encoding="utf-8")
    named = mailing.write("named", "--into", into, "--skip-faulty", "--names") / "manifest.jsonl"
    for words in ("佐藤", "花子", "架空町", "hanako", "100-0001", "A-1"):
        assert words not in kept
    assert "佐藤 花子" in named.read_text(encoding="utf-8")


def test_the_manifest_has_the_hash_of_every_letter(mailing):
    import hashlib

    folder = mailing.list(SATO, TANAKA).write("out")
    for line in manifest(folder):
        assert hashlib.sha256((folder / line["file"]).read_bytes()).hexdigest() == line["sha256"]


def test_the_same_row_has_the_same_key_in_every_run_and_another_row_another(mailing):
    first, again = (manifest(mailing.list(SATO, TANAKA).write(name)) for name in ("one", "two"))
    assert [line["key"] for line in first] == [line["key"] for line in again]
    assert len({line["key"] for line in first}) == len(first)


# one file for all -----------------------------------------------------------------------------------------------------


def test_a_mailbox_holds_one_message_for_each_row(mailing, small_batches):
    odd = ("A-9", "From Mallory", "", "", "mallory@example.com", "氏名", "en")
    folder = mailing.list(SATO, TANAKA, odd, *crowd(20)).write("out", paper="email")
    messages = messages_in(folder / "letters.mbox")
    assert [each["To"] for each in messages[:3]] == ["hanako@example.jp", "ichiro@example.jp", "mallory@example.com"]
    assert (
        len(messages) == len({each["To"] for each in messages}) == len({each["Message-ID"] for each in messages}) == 23
    )
    assert "佐藤 花子 様" in messages[0].get_content()
    assert re.search(r"^[^>\n]*From Mallory", messages[2].get_content(), re.MULTILINE)
    alone = mailing.write("alone", "--into", "files", paper="email")
    for row, message in enumerate(messages, 2):
        assert message.get_content().splitlines() == mail(letter(alone, row, "eml")).get_content().splitlines()
    assert not (folder / "parts").exists()


def test_the_table_for_a_mail_house_reads_back_equal_and_no_cell_is_a_formula(mailing, small_batches):
    formula = ("A-9", "=HYPERLINK(1)", "100-0009", "+81東京都千代田区\n@家", "x@example.jp", "氏名", "")
    folder = mailing.list(SATO, formula, *crowd(20)).write("out", "--into", "csv")
    content = (folder / "letters.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    alone = mailing.write("alone")
    assert [row["row"] for row in rows] == [str(number) for number in range(2, 24)]
    assert rows[0]["name"] == "佐藤 花子"
    assert rows[0]["addressee"] == "〒100-0001\n東京都千代田区架空町1番地\n佐藤 花子 様"
    assert rows[1]["name"] == "'=HYPERLINK(1)"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    for row in rows:
        assert row["text"] == text_of(alone, int(row["row"]))


def test_lines_of_json_read_back_equal_and_as_typed(mailing):
    formula = ("A-9", "=1+1", "100-0009", "東京都", "", "氏名", "")
    folder = mailing.list(SATO, formula).write("out", "--into", "jsonl")
    rows = [json.loads(line) for line in (folder / "letters.jsonl").read_bytes().splitlines()]
    assert [row["name"] for row in rows] == ["佐藤 花子", "=1+1"]
    alone = mailing.write("alone")
    assert [row["text"] for row in rows] == [text_of(alone, 2), text_of(alone, 3)]


def test_one_pdf_for_the_printer_has_each_letter_once_and_one_language(mailing):
    pytest.importorskip("typst")
    folder = mailing.list(SATO, TANAKA, SMITH).write("out", "--format", "pdf", "--into", "one")
    paths = sorted((folder / "letters").iterdir())
    assert [path.name for path in paths] == ["rows-00000002-00000003-ja.pdf", "rows-00000004-00000004-en.pdf"]
    japanese, english = map(pdf_text, paths)
    assert japanese.count("佐藤 花子") == japanese.count("田中 一郎") == english.count("John Smith") == 1


def test_a_name_the_font_cannot_print_is_told_before_and_never_printed_as_a_box(mailing):
    pytest.importorskip("typst")
    odd = ("A-9", "山田 \U0002fa1d", "100-0009", "東京都千代田区架空町9番地", "", "氏名", "")
    mailing.list(SATO, odd)
    assert "3行目" in mailing.type("--format", "pdf")
    mailing.type("--format", "pdf", "--write", "-o", mailing.place / "out")
    states = {line["row"]: line["status"] for line in manifest(mailing.place / "out")}
    assert states == {2: "written", 3: "failed"}
    assert mailing.leakresp.code == 4


# hostile rows ---------------------------------------------------------------------------------------------------------

HOSTILE = {
    "a formula": "=cmd|'/C calc'!A1",
    "a newline": "佐藤\n花子",
    "a header": "x\r\nBcc: everybody@example.com\r\n\r\nHello",
    "template syntax": "{{ organisation_name }}{% for x in y %}",
    "HTML": "<script>alert(1)</script><b>&amp;",
    "typst": '#eval("1+1") $x$ *b* @ref \\ "',
    "Markdown": "[x](http://example.com) **b** `c` # d",
    "XML": "]]></w:t><w:p/>",
    "our own blanks": "\ufdd0addressee\ufdd1",
    "right to left": "\u202ecod.exe",
    "a mark of direction": "شركة\u200f",
    "emoji": "山田👨\u200d👩\u200d👧🎌",
    "a letter of the second plane": "𠮷野 太郎",
    "a percent": "100%s %d {0} \\n \\1",
    "a byte-order mark": "\ufeff佐藤",
    "control letters": "a\x00b\x1b[31mc",
    "a megabyte": "長" * 350_000,
    "a line of From": "From nobody Thu Jan  1 00:00:00 1970",
    "spaces": "\u3000\u00a0",
}


@pytest.mark.parametrize("form", ["txt", "html", "eml", "docx"])
def test_a_hostile_row_is_a_letter_that_is_right_or_a_row_that_is_reported(mailing, form):
    paper = "email" if form == "eml" else "letter"
    rows = [
        (
            f"X-{number}",
            value,
            f"100-{number:04}",
            f"東京都千代田区架空町{number}番地",
            f"x{number}@example.jp",
            "氏名",
            "",
        )
        for number, value in enumerate(HOSTILE.values())
    ]
    mailing.list(SATO, *rows, TANAKA)
    mailing.type("--write", "--skip-faulty", "--into", "files", "--format", form, "-o", "out", paper=paper)
    assert mailing.leakresp.code in {0, 4}, mailing.leakresp.err
    assert "不具合" not in mailing.leakresp.err
    folder = mailing.place / "out"
    states = {line["row"]: line for line in manifest(folder)}
    assert sorted(states) == list(range(2, len(HOSTILE) + 4))
    assert states[2]["status"] == states[len(HOSTILE) + 3]["status"] == "written"
    usual = letter(folder, 2, form)
    for row, (kind, value) in enumerate(HOSTILE.items(), 3):
        if states[row]["status"] != "written":
            assert states[row]["why"], kind
            assert not (folder / "letters" / "00000" / f"{row:08}.{form}").exists()
            continue
        content = letter(folder, row, form)
        assert " ".join(value.split()) in " ".join(told_in(folder, row, form).split()), kind
        if form == "eml":
            assert mail(content).keys() == mail(usual).keys(), kind
            assert mail(content)["To"] == f"x{row - 3}@example.jp"
        if form == "html":
            paragraphs = [tag for tag in Tags(content).tags if tag[0] not in {"li", "ul"}]
            assert paragraphs == [tag for tag in Tags(usual).tags if tag[0] not in {"li", "ul"}], kind
    written = {kind for row, kind in enumerate(HOSTILE, 3) if states[row]["status"] == "written"}
    assert {
        "a formula",
        "template syntax",
        "HTML",
        "typst",
        "Markdown",
        "XML",
        "a percent",
        "a line of From",
    } <= written
    assert not {"a header", "our own blanks", "right to left", "control letters", "a megabyte", "spaces"} & written


def test_hostile_words_come_out_of_a_pdf_as_typed(mailing):
    pytest.importorskip("typst")
    kinds = ("typst", "HTML", "template syntax")
    rows = [(f"X-{at}", HOSTILE[kind], "100-0001", f"架空町{at}番地", "", "氏名", "") for at, kind in enumerate(kinds)]
    folder = mailing.list(*rows).write("out", "--format", "pdf")
    for row, kind in enumerate(kinds, 2):
        assert "".join(HOSTILE[kind].split()) in "".join(told_in(folder, row, "pdf").split()), kind


@pytest.mark.parametrize(
    "address",
    [
        "a@example.jp\r\nBcc: b@example.jp",
        "a@example.jp, b@example.jp",
        "a@example.jp\n",
        "<a@example.jp>",
        "a b@example.jp",
    ],
)
def test_an_address_that_is_more_than_one_address_gets_no_mail(mailing, address):
    folder = mailing.list(SATO, (*TANAKA[:4], address, "氏名", "")).write("out", "--skip-faulty", paper="email")
    box = messages_in(folder / "letters.mbox")
    states = {line["row"]: line["status"] for line in manifest(folder)}
    recipients = [each["To"] for each in box]
    if states[3] == "written":
        assert recipients[1:] == ["a@example.jp"]
    assert recipients[0] == "hanako@example.jp"
    assert not [each for each in box if each["Bcc"] or each["Cc"]]


def test_half_a_surrogate_in_the_file_is_told_with_its_place(mailing):
    mailing.file.write_bytes(",".join(HEADER).encode() + b"\nA-1,\xed\xa0\x80,1,x,,,\n")
    assert "list.csv" in mailing.refused(4)


# many processes, shards, Dask -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("into", ["files", "csv"])
def test_two_processes_write_the_same_as_one(mailing, small_batches, into):
    mailing.list(*crowd(60))
    one = mailing.write("one", "--into", into)
    two = mailing.write("two", "--into", into, jobs=2)
    assert files(one) == files(two)
    assert manifest(one) == manifest(two)


def test_dask_writes_the_same(mailing, small_batches):
    pytest.importorskip("dask")
    mailing.list(*crowd(60))
    assert files(mailing.write("one")) == files(mailing.write("dask", "--engine", "dask", jobs=2))


def test_any_executor_of_ones_own_writes_the_same(mailing, small_batches, monkeypatch):
    """So the documents tell whoever has a cluster to call it."""
    mailing.list(*crowd(30))
    with ThreadPoolExecutor(3) as pool:
        monkeypatch.setitem(ENGINES, "cluster", by_executor(pool))
        assert files(mailing.write("one")) == files(mailing.write("own", "--engine", "cluster", jobs=3))


def test_without_dask_a_sentence_names_the_extra(mailing, monkeypatch):
    for name in ("dask", "dask.base", "dask.delayed", "dask.multiprocessing"):
        monkeypatch.setitem(sys.modules, name, None)
    told = mailing.list(SATO).refused(2, "--engine", "dask", "--write", "-o", "out")
    assert "leakresp[dask]" in told


def test_shards_together_are_the_whole_list(mailing, small_batches):
    mailing.list(*crowd(50), NAMELESS)
    whole, shards = mailing.write("whole", "--skip-faulty"), mailing.place / "shards"
    for number in (3, 1, 2):
        mailing.write("shards", "--skip-faulty", "--shard", f"{number}/3")
    assert files(whole) == files(shards)
    assert manifest(whole) == manifest(shards)
    assert len(list(shards.glob("manifest*.jsonl"))) == 3


def test_tables_of_shards_laid_one_behind_the_other_are_the_whole_table(mailing, small_batches):
    mailing.list(*crowd(50))
    whole = mailing.write("whole", "--into", "csv") / "letters.csv"
    for number in (1, 2, 3):
        mailing.write("shards", "--into", "csv", "--shard", f"{number}/3")
    head, *rows = whole.read_bytes().splitlines(keepends=True)
    parts = sorted((mailing.place / "shards").glob("letters-*.csv"))
    assert b"".join(b"".join(part.read_bytes().splitlines(keepends=True)[1:]) for part in parts) == b"".join(rows)
    assert all(part.read_bytes().startswith(head) for part in parts)


def test_more_shards_than_rows_leave_some_empty_and_none_fails_without_a_sentence(mailing):
    mailing.list(SATO, TANAKA)
    for number in (1, 2, 3):
        mailing.type("--write", "-o", "out", "--shard", f"{number}/3")
        assert mailing.leakresp.code in {0, 4}, mailing.leakresp.err
        assert "不具合" not in mailing.leakresp.err
    assert [line["row"] for line in manifest(mailing.place / "out")] == [2, 3]


# interrupted ----------------------------------------------------------------------------------------------------------

#: Runs leakresp with small batches; their size is sent along with the work.
RUNNER = """
import datetime, sys
from types import SimpleNamespace
from leakresp.papers.letters import order
order.BATCH = 50
if __name__ == "__main__":
    from leakresp.shell import desk, main
    now = datetime.datetime.fromisoformat("2026-11-24T09:00+09:00")
    desk.dt = SimpleNamespace(datetime=SimpleNamespace(now=lambda zone: now), date=datetime.date)
    sys.exit(main.main(sys.argv[1:]))
"""


class Killing:
    """A process that writes letters, started in a group of its own so that it can be killed with all it started."""

    def __init__(self, mailing, folder, *words, paper):
        runner = mailing.place / "runner.py"
        runner.write_text(RUNNER, encoding="utf-8")
        command = mailing.command("--write", "-o", folder, *words, paper=paper, jobs=2)
        self.process = subprocess.Popen(
            [sys.executable, runner, *command], stdout=-3, stderr=-1, text=True, start_new_session=True
        )
        self.manifest = folder / "manifest.jsonl"

    def wait_for_the_first_letters(self):
        until = time.monotonic() + 20
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                if b'{"batch"' in self.manifest.read_bytes():
                    return
            time.sleep(0.005)

    def kill(self, *, group=True):
        if group:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()

    def end(self):
        _, told = self.process.communicate(timeout=60)
        return self.process.returncode, told


@posix_only
@pytest.mark.parametrize(("paper", "into"), [("letter", "files"), ("email", "mbox"), ("letter", "csv")])
def test_killed_at_any_moment_and_resumed_there_is_one_letter_for_every_row(mailing, monkeypatch, paper, into):
    monkeypatch.setattr(orders, "BATCH", 50)
    mailing.list(*crowd(700), NAMELESS)
    whole = mailing.write("whole", "--into", into, "--skip-faulty", paper=paper)
    chance, killed = random.Random(20261124), mailing.place / "killed"  # noqa: S311 - no secret
    kills = 3 * ROUNDS
    for number in range(kills):
        running = Killing(mailing, killed, "--into", into, "--skip-faulty", paper=paper)
        if number % 2:
            time.sleep(chance.uniform(0.3, 1.5))
        else:
            running.wait_for_the_first_letters()
            time.sleep(chance.uniform(0, 0.3))
        running.kill()
        if killed.is_dir() and into == "files":  # nothing stands half written under the name of a letter
            partly, all_of_it = files(killed), files(whole)
            assert not [
                name
                for name, content in partly.items()
                if not Path(name).name.startswith(".") and all_of_it[name] != content
            ]
    mailing.write("killed", "--into", into, "--skip-faulty", paper=paper)
    assert files(killed) == files(whole)
    assert manifest(killed) == manifest(whole)


@posix_only
def test_where_only_the_leading_process_is_killed_the_others_end_and_the_same_command_goes_on(mailing, monkeypatch):
    monkeypatch.setattr(orders, "BATCH", 50)
    mailing.list(*crowd(700))
    whole, killed = mailing.write("whole"), mailing.place / "killed"
    running = Killing(mailing, killed, paper="letter")
    running.wait_for_the_first_letters()
    running.kill(group=False)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.killpg(running.process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        os.killpg(running.process.pid, signal.SIGKILL)
        pytest.fail("processes were left behind")
    mailing.write("killed")
    assert files(killed) == files(whole)


@posix_only
def test_a_process_that_is_ended_from_outside_costs_nothing(mailing, monkeypatch):
    """As when the system runs out of memory and kills the largest process."""
    monkeypatch.setattr(orders, "BATCH", 50)
    mailing.list(*crowd(2000))
    running = Killing(mailing, mailing.place / "out", paper="letter")
    running.wait_for_the_first_letters()
    children = subprocess.run(["pgrep", "-P", str(running.process.pid)], capture_output=True, text=True, check=False)
    writers = [pid for pid in children.stdout.split() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(int(writers[0]), signal.SIGKILL)
    code, told = running.end()
    assert code == 1
    assert "外から止められました" in told
    assert "Traceback" not in told
    mailing.write("out")
    assert sorted(line["row"] for line in manifest(mailing.place / "out")) == list(range(2, 2002))


@posix_only
def test_ctrl_c_stops_with_a_sentence_and_the_same_command_goes_on(mailing, monkeypatch):
    monkeypatch.setattr(orders, "BATCH", 50)
    mailing.list(*crowd(1500))
    running = Killing(mailing, mailing.place / "out", paper="letter")
    running.wait_for_the_first_letters()
    os.killpg(running.process.pid, signal.SIGINT)
    code, told = running.end()
    assert code == 130
    assert "同じコマンドで続きから始まります" in told
    assert "Traceback" not in told
    mailing.write("out")
    assert "続きから" in mailing.leakresp.err
    assert sorted(line["row"] for line in manifest(mailing.place / "out")) == list(range(2, 1502))


def cut(folder, keep):
    """Cut a manifest as a crash would, ``keep`` being a share of it; return what is left."""
    path = folder / "manifest.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])


def test_wherever_the_manifest_ends_the_same_command_makes_it_whole(mailing, small_batches):
    folder = mailing.list(*crowd(9)).write("out")
    path = folder / "manifest.jsonl"
    whole, letters = path.read_bytes(), files(folder)
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    places = {0, 1, 40, *ends[:7], *(end - 1 for end in ends[:7]), *(end - 2 for end in ends[4:7])}
    for number, place in enumerate(sorted(places)):
        zeros = bytes(40 * (number % 2))  # as a power cut may leave it
        path.write_bytes(whole[:place] + zeros)
        mailing.write("out")
        assert path.read_bytes() == whole, place
    assert files(folder) == letters


@pytest.mark.parametrize("into", ["files", "csv"])
def test_what_is_finished_is_not_written_again(mailing, into):
    folder = mailing.list(SATO, TANAKA).write("out", "--into", into)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix != ".lock"}
    mailing.write("out", "--into", into)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix != ".lock"} == before


def test_resumed_the_next_day_the_letters_bear_the_first_days_date(mailing, small_batches):
    folder = mailing.list(*crowd(20)).write("out")
    cut(folder, 0.5)
    shutil.rmtree(folder / "letters")
    mailing.leakresp.moment = mailing.leakresp.moment.replace(day=25)
    mailing.write("out")
    assert "2026年11月24日" in text_of(folder, 21)
    fresh = mailing.write("fresh")
    assert "2026年11月25日" in text_of(fresh, 21)


@pytest.mark.parametrize("change", ["answers", "list", "format", "into", "language", "map", "font"])
def test_another_text_list_or_format_is_refused_and_nothing_is_touched(mailing, change):
    folder = mailing.list(SATO, TANAKA).write("out")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    words = {
        "answers": ("--set", "desk_phone=0120-111-111"),
        "format": ("--format", "html"),
        "into": ("--into", "one"),
        "language": ("--lang", "en"),
        "map": ("--map", "kana=言語"),
        "font": ("--font", "elsewhere"),
    }.get(change, ())
    if change == "list":
        mailing.list(SATO, SMITH)
    if change == "map":
        words = ("--map", "reference=郵便番号")
    mailing.type("--write", "-o", folder, *words)
    assert mailing.leakresp.code != 0 or change == "font"
    assert "不具合" not in mailing.leakresp.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_two_runs_at_once_do_not_mix(mailing):
    folder = mailing.list(SATO, TANAKA).write("out")
    cut(folder, 0.5)
    (lock,) = folder.glob(".*.lock")
    with FileLock(lock):
        assert "別の実行" in mailing.refused(4, "--write", "-o", folder)
    mailing.write("out")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_list_that_is_changed_while_it_is_read_is_refused_and_not_mixed(mailing, small_batches, jobs):
    from leakresp.papers.letters import Manifest

    mailing.list(*crowd(80))
    original = Manifest.close_batch

    def meddling(self, written):
        original(self, written)
        mailing.list(*reversed(list(crowd(30))))

    mailing.leakresp.patch.setattr(Manifest, "close_batch", meddling)
    mailing.type("--write", "-o", "out", jobs=jobs)
    assert mailing.leakresp.code == 4, mailing.leakresp.err
    assert "不具合" not in mailing.leakresp.err
    assert len(manifest(mailing.place / "out")) < 80


# disks ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken_disk(mailing, small_batches):
    """Write on a disk of which each thing asked fails in its turn; return how many there were."""
    mailing.list(*crowd(5))

    def turns(into, check, **disk):
        whole = mailing.write("whole", "--into", into)

        def work(turn):
            mailing.type("--write", "-o", mailing.place / str(turn), "--into", into)

        def resumed(turn, _disk, raised):
            check(raised)
            folder = mailing.write(str(turn), "--into", into)
            assert files(folder) == files(whole)
            assert manifest(folder) == manifest(whole)
            shutil.rmtree(folder)

        return every_failure(lambda _: None, work, resumed, **disk)

    return turns


@pytest.mark.parametrize(("into", "reason"), [("csv", errno.ENOSPC), ("files", errno.EROFS)][: 1 + MORE])
def test_whatever_the_disk_refuses_a_sentence_says_so_and_the_same_command_goes_on(mailing, broken_disk, into, reason):
    def check(raised):
        assert raised is None
        assert mailing.leakresp.code in {0, 1, 4}
        assert "不具合" not in mailing.leakresp.err, mailing.leakresp.err

    assert broken_disk(into, check, reason=reason) > 10


@pytest.mark.parametrize("into", ["files", "csv"][: 1 + MORE])
def test_wherever_the_process_ends_the_same_command_makes_it_whole(broken_disk, into):
    def check(raised):
        assert isinstance(raised, PowerCut)

    assert broken_disk(into, check, cut=True) > 10


@posix_only
def test_a_folder_that_may_not_be_written_to_is_a_sentence(mailing):
    if os.geteuid() == 0:
        pytest.skip("for root every folder may be written to")
    sealed = mailing.place / "sealed"
    sealed.mkdir(mode=0o500)
    assert "sealed" in mailing.list(SATO).refused(4, "--write", "-o", sealed / "out")


def test_on_a_full_disk_the_letters_wait_for_room(mailing):
    mount = ["unshare", "--mount", "--propagation", "private"]
    mount += [] if os.name == "nt" or os.geteuid() == 0 else ["--user", "--map-root-user"]
    small = 'mkdir -p "$1" && mount -t tmpfs -o size=96k leakresp "$1" && shift && "$@"; echo $?; df --output=pcent . '
    mailing.list(*crowd(60))
    runner = mailing.place / "runner.py"
    runner.write_text(RUNNER, encoding="utf-8")
    out = mailing.place / "disk"
    command = [sys.executable, str(runner), *mailing.command("--write", "-o", out / "out")]
    try:
        done = subprocess.run(
            [*mount, "sh", "-c", small, "sh", str(out), *command], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("no small file system can be mounted here")
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("no small file system can be mounted here")
    assert "不具合" not in done.stderr
    assert "No space left" in done.stderr
    assert done.stdout.splitlines()[-3] == "4" or "4" in done.stdout.split()


# what is said, and what is kept ---------------------------------------------------------------------------------------


def test_a_case_gets_one_note_with_counts_and_no_name(mailing, leakresp):
    leakresp(f"triage ransom --no-input --answers '{ANSWERS}'")
    mailing.list(SATO, TANAKA)
    words = f"draft-notice letter --case ransom --recipients '{mailing.file}' --write -o out --jobs 1"
    leakresp.fine(words)
    leakresp.fine(words)
    record = (leakresp.folder / "ransom" / "journal.jsonl").read_text(encoding="utf-8")
    notes = [line for line in record.splitlines() if "一人ひとり" in line]
    assert len(notes) == 1
    assert "2通" in notes[0]
    assert not [words for words in ("佐藤 花子", "田中", "hanako", "ichiro", "架空町1番地") if words in record]


def test_letters_of_a_case_are_gone_on_with_by_another_process(mailing, leakresp):
    """What stands for the text must not depend on the order in which a process happens to keep a set."""
    leakresp(f"triage ransom --no-input --answers '{ANSWERS}'")
    for step in leakresp.json("step ransom")["actions"][:4]:
        leakresp.fine(f"step ransom {step['id']} --done")
    mailing.list(SATO)
    words = ["draft-notice", "letter", "--case", "ransom", "--recipients", mailing.file, "--write", "-o", "out"]
    for seed in ("1", "2", "3"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-m", "leakresp", *words], capture_output=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr.decode()


def test_a_runbook_reads_the_dry_run_and_the_end_as_json(mailing):
    mailing.list(SATO, NAMELESS, TANAKA)
    dry = json.loads(mailing.type("--json"))
    assert dry["schema"] == "leakresp/mailing/1"
    assert dry["counts"] == {"rows": 3, "fit": 2, "faulty": 1, "doubtful": 0, "aside": 0}
    assert [(each["kind"], each["count"], each["rows"]) for each in dry["faults"]] == [("name_missing", 1, [3])]
    assert "佐藤" not in json.dumps(dry, ensure_ascii=False)
    mailing.refused(4, "--json", "--write", "-o", "out")
    done = json.loads(mailing.type("--json", "--write", "-o", "out", "--skip-faulty"))
    assert done["schema"] == "leakresp/mailing/1"
    assert done["written"] == {"written": 2, "failed": 0, "skipped": 1}
    assert Path(done["manifest"]).is_file()


def test_a_workbook_is_read_as_a_table_is(mailing):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    folder = mailing.list(SATO, TANAKA).write("out")
    book = openpyxl.Workbook()
    for row in (HEADER, SATO, TANAKA):
        book.active.append(row)
    mailing.file = mailing.place / "list.xlsx"
    book.save(mailing.file)
    assert files(mailing.write("book")) == files(folder)
