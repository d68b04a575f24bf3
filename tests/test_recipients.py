"""The list of recipients: every row of it is a letter that is right, or a row that is reported."""

import csv
import io
import pickle
import stat
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leakresp.papers.recipients import (
    LibraryMissing,
    ListUnfit,
    Reading,
    Recipient,
    RowFault,
    addressee,
    map_columns,
    neutral,
    open_table,
    read,
    review,
    survey,
    write_mending,
)
from leakresp.papers.recipients.rows import RowCheck
from leakresp.papers.recipients.words import plain
from leakresp.shell import places
from leakresp.shell.faults import FaultsError
from leakresp.shell.library import read_folder
from leakresp.shell.recipient_words import (
    FILE,
    mending_titles,
    read_plain,
    read_recipient_words,
    remark_sentence,
    tally_sentence,
    unfit_fault,
)
from leakresp.shell.wording import Wording, sentence

HEADER = "整理番号,氏名,郵便番号,住所,メール"
SATO = "A-1,佐藤 花子,100-0001,東京都千代田区千代田1-1,hanako@example.jp"
TANAKA = "A-2,田中 一郎,600-8001,京都市下京区四条1-2,ichiro@example.jp"


@pytest.fixture(scope="module")
def words(library):
    root = places.templates_folder()
    items = library.rulebook.facts["data_items"]
    return read_recipient_words(read_folder(root), str(root), items, library.advice["items"])


@pytest.fixture(params=["ja", "en"])
def say(request, library):
    return Wording(library.words, request.param)


def written(folder, text, encoding="utf-8", name="list.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def listed(*rows, header=HEADER):
    return "\n".join((header, *rows, ""))


class Read:
    """A list read as a command reads it."""

    def __init__(self, path, words, *, way="post", chosen=(), **opened):
        self.table = open_table(path, **opened)
        self.columns = map_columns(self.table.header, words, chosen, way)
        self.reading = Reading(way, "ja", words)
        with survey(self.table, self.columns) as seen:
            self.rows, self.blank, self.span = seen.rows, seen.blank, seen.span
            self.portions = list(seen.portions(size=4096))
            self.review = review(self.table, self.columns, self.reading, self.portions)
        self.all = [each for part in self.portions for each in read(self.table, self.columns, self.reading, part)]
        self.people = [each for each in self.all if isinstance(each, Recipient)]
        self.faults = {
            each.row: {remark.key for remark in each.faults} for each in self.all if isinstance(each, RowFault)
        }
        self.doubts = {tally.key: tally.rows for tally in self.review.doubts}


def flaws_of(call, *args, **kwargs):
    with pytest.raises(ListUnfit) as caught:
        call(*args, **kwargs)
    return [flaw.key.removeprefix("recipients.") for flaw in caught.value.flaws]


def read_or_refused(*args, **kwargs):
    """Return the list read and no flaws, or nothing and the flaws that were found; anything else is a crash."""
    try:
        return Read(*args, **kwargs), []
    except ListUnfit as error:
        return None, [flaw.key.removeprefix("recipients.") for flaw in error.flaws]


def one(words, header, cells, **reading):
    """Check one row: a person or the keys of its faults, and the keys of its doubts."""
    reading = {"way": "post", "lang": "ja"} | reading
    check = RowCheck(map_columns(header, words), Reading(words=words, **reading))
    return checked(check, cells)


def checked(check, cells):
    return check.check(2, cells)


def checked_name(words, name, **reading):
    found = one(words, ["氏名", "郵便番号", "住所"], [name, "100-0001", "東京都千代田区千代田1-1"], **reading)
    return {each.key for each in found.faults}, {each.key for each in found.doubts}, found.recipient


# ---- the file and its encoding


@pytest.mark.parametrize(
    ("encoding", "stated", "bom"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", True),
        ("cp932", "cp932", False),
        ("utf-16", "utf-16-le", True),
    ],
)
def test_a_list_reads_the_same_in_every_encoding_and_the_encoding_is_stated(words, tmp_path, encoding, stated, bom):
    names = ["髙橋 ①", "山﨑 丸", "ｻﾄｳ ﾊﾅｺ", "彅 表示"]
    rows = [f"B-{n},{name},100-000{n},東京都港区芝{n},u{n}@example.jp" for n, name in enumerate(names)]
    found = Read(written(tmp_path, listed(*rows), encoding), words)
    assert (found.table.encoding, found.table.bom) == (stated, bom)
    assert [person.name for person in found.people] == names
    assert [person.row for person in found.people] == [2, 3, 4, 5]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_sign_between_cells_is_found_in_the_header(words, tmp_path, sign):
    rows = (HEADER, SATO)
    found = Read(written(tmp_path, "\n".join(row.replace(",", sign) for row in rows)), words)
    assert found.table.delimiter == sign
    assert found.people[0].email == "hanako@example.jp"


def test_a_separator_inside_quotation_marks_does_not_count(words, tmp_path):
    found = Read(
        written(tmp_path, '氏名;"住所, 番地";郵便番号\n佐藤;"港区, 1";100-0001\n'), words, chosen=["address=住所, 番地"]
    )
    assert found.table.delimiter == ";"
    assert found.people[0].address == ("港区, 1",)


def test_a_broken_byte_in_utf_8_is_named_by_its_line_and_never_read_as_another_encoding(tmp_path):
    raw = listed(SATO, TANAKA).encode()
    broken = raw.replace("田中".encode(), "田".encode() + b"\xe4\xb8")
    with pytest.raises(ListUnfit) as caught:
        open_table(written(tmp_path, broken))
    flaw = caught.value.flaws[0]
    assert (flaw.key, flaw.line) == ("recipients.bytes", 3)
    assert dict(flaw.details)["byte"] == broken.index(b"\xe4\xb8 ") + 1


def test_the_line_of_a_broken_byte_is_right_far_into_a_large_file(tmp_path):
    lines = "".join(f"{n},佐藤,東京都千代田区霞が関\n" for n in range(60_000))
    raw = f"整理番号,氏名,住所\n{lines}".encode() + b"x,\xff,y\n"
    with pytest.raises(ListUnfit) as caught:
        open_table(written(tmp_path, raw))
    assert caught.value.flaws[0].line == 60_002
    assert dict(caught.value.flaws[0].details)["byte"] == raw.index(b"\xff") + 1


def test_the_encoding_asked_for_is_held_against_every_byte(tmp_path):
    path = written(tmp_path, listed(SATO), "cp932")
    assert open_table(path, encoding="Shift_JIS").encoding == "cp932"
    assert flaws_of(open_table, path, encoding="utf-8") == ["bytes"]
    assert flaws_of(open_table, path, encoding="klingon") == ["encoding_unknown"]
    assert flaws_of(open_table, written(tmp_path, listed(SATO), "utf-16"), encoding="cp932") == ["encoding_differs"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"%PDF-1.7\n" + b"\x00" * 100, "no_text"),
        ("氏名,住所\n佐藤,東京\n".encode("utf-16-le"), "no_text"),
        (b"PK\x03\x04 no workbook", "book_broken"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
            "book_locked",
        ),
        ("佐藤 花子,hanako@example.jp\n".encode(), "no_header"),
        ("佐藤 花子,1000001\n".encode(), "no_header"),
        (b'"name,address\n', "header_broken"),
        (b"name,address" + b",c" * 3000 + b"\n", "columns_many"),
        (b"name,address\n" + b"x" * (17 << 20), "line_too_long"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(words, tmp_path, say, content, key):
    path = written(tmp_path, content)
    with pytest.raises(ListUnfit) as caught:
        Read(path, words)
    assert [flaw.key for flaw in caught.value.flaws] == [f"recipients.{key}"]
    for fault in unfit_fault(caught.value, str(path), say, words).faults:
        assert sentence(say, fault).startswith(str(path))


def test_a_header_alone_has_no_rows(words, tmp_path):
    assert flaws_of(Read, written(tmp_path, f"{HEADER}\n\n,,,,\n"), words) == ["no_rows"]


def test_no_file_a_folder_and_a_file_that_changed_are_told(words, tmp_path):
    assert flaws_of(open_table, tmp_path / "none.csv") == ["file.missing"]
    assert flaws_of(open_table, tmp_path) == ["no_file"]
    path = written(tmp_path, listed(SATO))
    table = open_table(path)
    path.write_text(listed(SATO, TANAKA), encoding="utf-8")
    assert flaws_of(survey, table, map_columns(table.header, words)) == ["changed"]


def test_a_quotation_mark_left_open_is_never_taken_for_one_long_row(words, tmp_path):
    rows = [f"C-{n},名前{n},100-0001,住所{n},c{n}@example.jp" for n in range(50)]
    rows[20] = rows[20].replace("名前20", '"名前20')
    assert flaws_of(Read, written(tmp_path, listed(*rows)), words) == ["quotes_open"]
    rows[40] = rows[40].replace("名前40", '名前"40')
    assert flaws_of(Read, written(tmp_path, listed(*rows)), words) == ["quotes_open"]


def test_a_row_with_a_wrong_number_of_cells_or_quotation_marks_is_reported_and_the_next_is_read(words, tmp_path):
    rows = (
        SATO,
        "A-3,鈴木,100-0001,東京都,港区,s@example.jp",
        "A-4,林",
        'A-5,"伊"藤,100-0001,東京,i@example.jp',
        TANAKA,
    )
    found = Read(written(tmp_path, listed(*rows)), words)
    assert found.faults == {3: {"cells"}, 4: {"cells"}, 5: {"quotes"}}
    assert [person.row for person in found.people] == [2, 6]


def test_rows_are_numbered_as_a_spreadsheet_does_and_blank_ones_are_counted_apart(words, tmp_path):
    path = written(tmp_path, f"\r\n{HEADER}\r\n{SATO}\r\n\r\n,,,,\r\n{TANAKA}\r\n")
    found = Read(path, words)
    assert [person.row for person in found.people] == [3, 6]
    assert (found.rows, found.blank) == (2, 2)


def test_old_line_ends_are_read(words, tmp_path):
    found = Read(written(tmp_path, f"{HEADER}\r{SATO}\r{TANAKA}"), words)
    assert [person.name for person in found.people] == ["佐藤 花子", "田中 一郎"]


def test_two_hundred_columns_and_a_cell_of_a_megabyte_do_no_harm(words, tmp_path):
    header = ",".join(["氏名", "住所", "郵便番号", *(f"列{n}" for n in range(197))])
    wide = ",".join(["佐藤", "東京都港区1", "100-0001", *("x" for _ in range(197))])
    huge = ",".join(["x" * 1_000_000, "東京都港区2", "100-0001", *("x" for _ in range(197))])
    aside = ",".join(["田中", "東京都港区3", "100-0001", "y" * 1_000_000, *("x" for _ in range(196))])
    found = Read(written(tmp_path, listed(wide, huge, aside, header=header)), words)
    assert found.faults == {3: {"too_long"}}
    assert [person.row for person in found.people] == [2, 4]
    assert len(found.columns.ignored) == 197


# ---- columns


@pytest.mark.parametrize(
    ("title", "field"),
    [("お名前", "name"), ("Ｎａｍｅ", "name"), ("Full_Name", "name"), ("E-Mail", "email"), ("電子メール アドレス", "email"),
     ("〒", "postal_code"), ("ご住所", "address"), ("ＬＡＮＧ", "language"), ("漏えい項目", "items"), ("敬称", "honorific")],
)  # fmt: skip
def test_a_column_is_known_by_its_title_whatever_its_width_case_and_blanks(words, title, field):
    header = ["氏名", title] if field != "name" else [title]
    assert map_columns(header, words).places[field] == (len(header) - 1,)


def test_an_ambiguous_title_is_asked_about_with_the_words_to_type(words, say):
    with pytest.raises(ListUnfit) as caught:
        map_columns(["氏名", "アドレス"], words, way="email")
    assert [flaw.key for flaw in caught.value.flaws] == ["recipients.column_ambiguous"]
    told = sentence(say, unfit_fault(caught.value, "list.csv", say, words).faults[0])
    assert "--map email=アドレス" in told
    assert "--map address=アドレス" in told
    assert map_columns(["氏名", "アドレス"], words, ["email=アドレス"], "email").places["email"] == (1,)


def test_two_columns_for_one_field_are_asked_about(words, say):
    with pytest.raises(ListUnfit) as caught:
        map_columns(["お名前", "氏名", "住所"], words)
    told = sentence(say, unfit_fault(caught.value, "list.csv", say, words).faults[0])
    assert "--map name=氏名" in told
    assert flaws_of(map_columns, ["氏名", "氏名"], words) == ["header_twice"]


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        ("name", "map_form"),
        ("nam=氏名", "map_field_unknown"),
        ("item:telephone=氏名", "map_field_unknown"),
        ("name=氏メイ", "map_column_unknown"),
    ],
)
def test_a_wrong_map_says_what_there_is_and_is_a_slip_of_typing(words, say, chosen, key):
    with pytest.raises(ListUnfit) as caught:
        map_columns(["氏名", "住所"], words, [chosen])
    assert caught.value.flaws[0].key == f"recipients.{key}"
    error = unfit_fault(caught.value, "list.csv", say, words)
    assert error.code == 2
    told = sentence(say, error.faults[0])
    assert chosen in told or chosen.partition("=")[0] in told or "氏メイ" in told


def test_without_a_column_for_the_way_the_columns_there_are_named(words, say):
    for way, key in (("post", "no_address_column"), ("email", "no_email_column")):
        with pytest.raises(ListUnfit) as caught:
            map_columns(["氏名", "会員ランク"], words, way=way)
        assert [flaw.key for flaw in caught.value.flaws] == [f"recipients.{key}"]
        assert "会員ランク" in sentence(say, unfit_fault(caught.value, "x.csv", say, words).faults[0])
    assert flaws_of(map_columns, ["住所"], words) == ["no_name_column"]


@pytest.mark.parametrize("chosen", [(), ("name=氏名",), ("name=秘密 太郎", "name=氏名")])
def test_a_person_in_the_first_row_is_quoted_by_no_sentence(words, say, chosen):
    with pytest.raises(ListUnfit) as caught:
        map_columns(["秘密 太郎", "東京都秘密区"], words, chosen, "post")
    told = [sentence(say, fault) for fault in unfit_fault(caught.value, "list.csv", say, words).faults]
    assert told
    assert "秘密" not in "".join(told)


def test_the_writer_has_the_last_word_and_the_rest_is_ignored(words):
    columns = map_columns(["氏名", "旧氏名", "住所", "会員番号"], words, ["name=旧氏名", "reference=会員番号"])
    assert columns.places["name"] == (1,)
    assert columns.places["reference"] == (3,)
    assert columns.ignored == ("氏名",)


def test_a_member_number_becomes_part_of_a_letter_only_when_the_writer_says_so(words):
    assert map_columns(["氏名", "会員番号"], words).ignored == ("会員番号",)


# ---- one person


def test_an_address_in_parts_is_put_together_in_order_and_nothing_stands_twice(words):
    header = ["氏名", "市区町村", "都道府県", "住所", "建物名", "郵便番号"]
    found = one(words, header, ["佐藤", "港区", "東京都", "芝公園4-2-8", "タワー101", "１０５ー００１１"]).recipient
    assert addressee(found, "post") == ("〒105-0011", "東京都港区芝公園4-2-8", "タワー101", "佐藤 様")
    whole = one(words, header, ["佐藤", "", "東京都", "東京都港区芝公園4-2-8", "", "1050011"]).recipient
    assert whole.address == ("東京都港区芝公園4-2-8",)


def test_several_columns_for_an_address_become_its_lines(words):
    columns = map_columns(["氏名", "a", "b"], words, ["address=a", "address=b"])
    check = RowCheck(columns, Reading("post", "ja", words))
    assert checked(check, ["佐藤", "東京都港区1", "2号室"]).recipient.address == ("東京都港区1", "2号室")


def test_a_postal_code_before_the_address_is_taken_out_of_it(words):
    found = one(words, ["氏名", "住所"], ["佐藤", "〒100-0001　東京都千代田区1"])
    assert (found.recipient.postal_code, found.recipient.address) == ("100-0001", ("東京都千代田区1",))
    assert not found.doubts


def test_by_mail_the_name_alone_is_addressed(words):
    found = one(words, ["氏名", "メール"], ["佐藤 花子", "h@example.jp"], way="email").recipient
    assert addressee(found, "email") == ("佐藤 花子 様",)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("佐藤", "佐藤 様"),
        ("佐藤様", "佐藤様"),
        ("佐藤 殿", "佐藤 殿"),
        ("鵜殿", "鵜殿 様"),
        ("山田商店 御中", "山田商店 御中"),
        ("林先生", "林先生"),
    ],
)
def test_a_title_that_stands_in_the_name_is_not_doubled(words, name, shown):
    assert addressee(checked_name(words, name)[2], "email") == (shown,)


def test_in_english_a_name_stands_as_it_is_and_its_own_title_before_it(words):
    header = ["family name", "given name", "honorific", "address", "language"]
    plainly = one(words, header, ["Smith", "Jo", "", "1 Main St", "en"]).recipient
    assert addressee(plainly, "email") == ("Jo Smith",)
    titled = one(words, header, ["Smith", "Jo", "Dr", "1 Main St", "英語"]).recipient
    assert (addressee(titled, "email"), titled.lang) == (("Dr Jo Smith",), "en")
    assert one(words, header, ["佐藤", "花子", "", "東京都", ""]).recipient.name == "佐藤 花子"


@pytest.mark.parametrize(
    "name",
    [
        "髙橋 﨑",
        "𠮷野家 太郎",
        "渡邉󠄀 子",
        "ｻﾄｳ ﾊﾅｺ",
        "佐藤　花子",
        "José Ñandú",
        "JOÃO",
        "محمد علي",
        "O'Neill-Smith",
        "नमस्ते",
    ],
)
def test_an_unusual_name_is_no_fault_and_no_doubt_and_comes_out_as_typed(words, name):
    faults, doubts, person = checked_name(words, name)
    assert (faults, doubts, person.name) == (set(), set(), name)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "name_missing"),
        (" \u3000 ", "name_missing"),
        ("佐藤\n花子", "line_break"),
        ("佐藤\u2028花子", "line_break"),
        ("佐藤\r\nBcc: x@example.com", "line_break"),
        ("佐\x00藤", "control"),
        ("佐\x1b[31m藤", "control"),
        ("佐藤\u202e花子", "bidi"),
        ("佐藤\u200f花子", "bidi"),
        ("佐\ufdd0藤", "noncharacter"),
        ("佐\U0001ffff藤", "noncharacter"),
        ("佐\ud842藤", "surrogate"),
        ("佐" * 101, "too_long"),
    ],
)
def test_a_name_that_no_letter_may_carry_is_a_fault(words, name, fault):
    faults, _, person = checked_name(words, name)
    assert fault in faults
    assert person is None


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("=cmd|'/c calc'!A1", "formula"), ("+81-3-0000", "formula"), ("-1+1", "formula"), ("@SUM(A1)", "formula"),
        ("{{ 7*7 }}", "template"), ("{% for x in y %}", "template"), ("佐\ue000藤", "private_use"),
        ("佐\ufffd藤", "replaced"), ("縺輔→縺�", "mojibake"), ("山?", "lost_letter"), ("山〓", "lost_letter"),
        ("佐藤😀", "emoji"), ("佐\u200b藤", "invisible"), ("\ufeff佐藤", "invisible"), ("佐\u0378藤", "unassigned"),
        ("株式会社山田", "company"), ("12345", "name_odd"), ("h@example.jp", "name_odd"),
    ],
)  # fmt: skip
def test_a_name_at_which_somebody_should_look_is_written_as_typed_and_doubted(words, name, doubt):
    faults, doubts, person = checked_name(words, name)
    assert faults == set()
    assert doubt in doubts
    assert person.name == name


def test_a_line_end_in_an_address_parts_its_lines_and_any_other_control_is_a_fault(words):
    header = ["氏名", "住所", "郵便番号"]
    assert one(words, header, ["佐藤", "東京都港区1\r\nタワー 2", "100-0001"]).recipient.address == (
        "東京都港区1",
        "タワー 2",
    )
    for sign, key in (("\x07", "control"), ("\u202e", "bidi"), ("\u2028", "line_break"), ("\ufdd1", "noncharacter")):
        found = one(words, header, ["佐藤", f"東京都{sign}港区", "100-0001"])
        assert key in {each.key for each in found.faults}
    many = one(words, header, ["佐藤", "\n".join("一二三四五六七八九"), "100-0001"])
    assert {each.key for each in many.faults} == {"too_long"}


@pytest.mark.parametrize(
    ("email", "fault"),
    [
        ("", "email_missing"),
        ("h＠example.jp", "email_full_width"),
        ("ｈ@example.jp", "email_full_width"),
        ("a@example.jp, b@example.jp", "email_several"),
        ("a@example.jp b@example.jp", "email_several"),
        ("a@example.jp\nBcc: b@example.jp", "line_break"),
        ("a@example.jp\r\n\r\nhello", "line_break"),
        ("a\u202e@example.jp", "bidi"),
        ("a\u200b@example.jp", "invisible"),
        ("example.jp", "email_impossible"),
        ("a@example", "email_impossible"),
        ("a@-example.jp", "email_impossible"),
        ("a@[127.0.0.1]", "email_impossible"),
        ("佐藤 <a@example.jp>", "email_impossible"),
        ("a@b@example.jp", "email_impossible"),
        ("花子@example.jp", "email_impossible"),
        (f"{'a' * 65}@example.jp", "email_impossible"),
        (f"a@{'b' * 300}.jp", "email_impossible"),
        ("なし", "email_impossible"),
    ],
)
def test_an_address_no_mail_can_reach_is_a_fault_by_mail_and_left_out_by_post(words, email, fault):
    by_mail = one(words, ["氏名", "メール"], ["佐藤", email], way="email")
    assert fault in {each.key for each in by_mail.faults}
    by_post = one(words, ["氏名", "メール", "住所", "郵便番号"], ["佐藤", email, "東京都港区1", "100-0001"])
    assert by_post.recipient.email == ""
    assert {each.key for each in by_post.doubts} == ({"email_unused"} if email else set())


@pytest.mark.parametrize(
    "email",
    ["h@example.jp", "h.s+tag@sub.example.co.jp", "a_b@日本語.jp", "x@xn--wgv71a119e.jp", "o'neill@example.com"],
)
def test_an_address_a_mail_can_reach_is_kept_as_typed(words, email):
    found = one(words, ["氏名", "メール"], ["佐藤", f" {email} "], way="email")
    assert (found.recipient.email, found.doubts) == (email, ())


@pytest.mark.parametrize("email", ["abc..def@docomo.ne.jp", "abc.@ezweb.ne.jp"])
def test_an_old_mobile_address_is_doubted_and_not_refused(words, email):
    found = one(words, ["氏名", "メール"], ["佐藤", email], way="email")
    assert found.recipient.email == email
    assert {each.key for each in found.doubts} == {"email_dots"}


def test_a_language_or_a_way_nobody_knows_is_a_fault(words):
    header = ["氏名", "住所", "郵便番号", "言語", "送付方法"]
    row = ["佐藤", "東京都港区1", "100-0001"]
    assert {each.key for each in one(words, header, [*row, "中国語", "郵送"]).faults} == {"language_unknown"}
    assert {each.key for each in one(words, header, [*row, "", "伝書鳩"]).faults} == {"deliver_unknown"}
    assert one(words, header, [*row, "ENGLISH", ""]).recipient.lang == "en"


def test_who_is_to_be_told_another_way_is_left_out_and_counted(words, library, tmp_path):
    rows = [f"{SATO},郵送", f"{TANAKA},メール", "A-3,林,,,not an address,E-Mail"]
    found = Read(written(tmp_path, listed(*rows, header=f"{HEADER},送付方法")), words)
    say = Wording(library.words, "ja")
    assert len(mended(found, tmp_path / "mend.csv", words, say)) == 1
    assert [person.row for person in found.people] == [2]
    assert (found.review.rows, found.review.fit, found.review.aside, found.review.faulty) == (3, 1, 2, 0)


def test_a_postal_code_that_lost_its_zero_is_doubted(words):
    header = ["氏名", "住所", "郵便番号"]
    assert {each.key for each in one(words, header, ["佐藤", "札幌市1", "600001"]).doubts} == {"postal_zero"}
    assert {each.key for each in one(words, header, ["佐藤", "札幌市1", "060-00"]).doubts} == {"postal_shape"}
    assert {each.key for each in one(words, header, ["佐藤", "札幌市1", ""]).doubts} == {"postal_missing"}
    abroad = one(words, header, ["Jo", "1 Main St, Springfield", "94105"])
    assert abroad.doubts == ()
    assert addressee(abroad.recipient, "post")[0] == "94105"


# ---- the items of one person


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("氏名、住所", ("name", "address")),
        ("name; credit_card_number", ("name", "credit_card_number")),
        ("電話/メール|生年月日", ("phone", "email", "date_of_birth")),
        ("氏名\nマイナンバー", ("name", "my_number")),
        ("個人番号", ("my_number",)),
        ("Member, staff or user number, Name", ("name", "member_id")),
        ("身体の測定値（身長、体重、血圧、脈拍または体温）、氏名", ("name", "height_weight_outside_medicine")),
        ("Ｎａｍｅ，　氏名", ("name",)),
    ],
)
def test_a_cell_may_list_items_by_id_or_title_in_either_language(words, cell, items):
    found = one(words, ["氏名", "住所", "郵便番号", "対象項目"], ["佐藤", "東京都1", "100-0001", cell])
    assert found.recipient.items == items


def test_every_title_of_every_item_names_that_item(words, library):
    fact, letters = library.rulebook.facts["data_items"], library.advice["items"]
    for item, choice in fact.choices.items():
        for word in (item, *choice.title.values(), *letters.get(item, {}).values()):
            assert words.items[plain(word)] == item, word


def test_an_item_nobody_knows_is_a_fault_that_names_the_nearest(words, say):
    found = one(words, ["氏名", "住所", "郵便番号", "対象項目"], ["佐藤", "東京都1", "100-0001", "氏名、電話番後"])
    assert [each.key for each in found.faults] == ["items_unknown"]
    told = remark_sentence(say, found.faults[0], words)
    assert "電話番後" in told
    assert words.named["phone"][say.lang] in told
    assert "電話番後" not in tally_sentence(say, "items_unknown", "items", words)


def test_an_empty_list_of_items_is_never_guessed(words):
    header = ["氏名", "住所", "郵便番号", "対象項目"]
    assert {each.key for each in one(words, header, ["佐藤", "東京都1", "100-0001", ""]).faults} == {"items_missing"}
    assert one(words, header[:3], ["佐藤", "東京都1", "100-0001"]).recipient.items is None


def test_an_item_outside_the_incident_is_doubted(words):
    header, row = ["氏名", "住所", "郵便番号", "対象項目"], ["佐藤", "東京都1", "100-0001", "氏名、電話番号"]
    found = one(words, header, row, incident_items=frozenset({"name"}))
    assert [(each.key, each.details) for each in found.doubts] == [("items_outside", (("item", "phone"),))]


def test_a_column_for_each_item_is_read_by_its_marks(words):
    header = ["氏名", "住所", "郵便番号", "項目：電話番号", "カード"]
    columns = map_columns(header, words, ["item:credit_card_number=カード"])
    check = RowCheck(columns, Reading("post", "ja", words))
    row = ["佐藤", "東京都1", "100-0001"]
    assert checked(check, [*row, "○", "×"]).recipient.items == ("phone",)
    assert checked(check, [*row, "はい", "1"]).recipient.items == ("phone", "credit_card_number")
    assert checked(check, [*row, "－", "TRUE"]).recipient.items == ("credit_card_number",)
    assert {each.key for each in checked(check, [*row, "×", ""]).faults} == {"items_missing"}


@pytest.mark.parametrize("mark", ["x", "Ｘ", "△", "?", "090-0000-0000"])
def test_a_mark_that_could_mean_either_is_a_fault(words, mark):
    check = RowCheck(map_columns(["氏名", "住所", "item:phone"], words), Reading("post", "ja", words))
    found = checked(check, ["佐藤", "東京都1", mark])
    assert [(each.key, each.field) for each in found.faults] == [("item_mark", "item:phone")]


# ---- across rows


def test_the_same_row_twice_is_a_fault_of_the_second(words, tmp_path):
    found = Read(written(tmp_path, listed(SATO, TANAKA, SATO)), words)
    assert found.faults == {4: {"same_row"}}
    assert found.all[0].key == found.all[2].key
    assert [each.details for row in found.all if isinstance(row, RowFault) for each in row.faults] == [(("other", 2),)]


def test_one_reference_for_two_persons_is_a_fault_of_the_second_and_a_doubt_of_the_first(words, tmp_path):
    found = Read(written(tmp_path, listed(SATO, TANAKA.replace("A-2", "Ａ-1"))), words)
    assert found.faults == {3: {"same_reference"}}
    assert found.doubts["reference_shared"] == (2,)


def test_two_persons_with_one_address_or_mail_are_doubted_with_both_rows(words, tmp_path):
    rows = (
        SATO,
        TANAKA.replace("ichiro@", "HANAKO@"),
        "A-3,佐藤 次郎,100-0001,東京都千代田区千代田１－１,j@example.jp",
    )
    found = Read(written(tmp_path, listed(*rows)), words)
    assert found.faults == {}
    assert found.doubts["same_email"] == (2, 3)
    assert found.doubts["same_address"] == (2, 4)


def test_one_person_in_two_rows_is_doubted(words, tmp_path):
    found = Read(
        written(tmp_path, listed(SATO, TANAKA, SATO.replace("A-1", "A-9").replace("佐藤 花子", "佐藤　花子"))), words
    )
    assert found.doubts["same_person"] == (2, 4)
    assert "same_address" not in found.doubts


def test_a_key_is_the_same_on_every_run_and_for_every_order_of_columns(words, tmp_path):
    first = Read(written(tmp_path, listed(SATO)), words).people[0]
    turned = Read(
        written(
            tmp_path,
            "氏名,メール,住所,郵便番号,整理番号\n佐藤 花子,hanako@example.jp,東京都千代田区千代田1-1,100-0001,A-1\n",
        ),
        words,
    )
    assert first.key == turned.people[0].key == "02deacb81377318034db7f4ada362685"


def test_what_is_printed_of_a_person_when_a_program_fails_names_nobody(words):
    _, _, person = checked_name(words, "秘密 太郎")
    assert person.name == "秘密 太郎"
    assert "秘密" not in repr(person)


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-1", "@x", "＝1", "\tx", "\r=x", "\n=x"])
def test_a_cell_that_a_spreadsheet_takes_for_a_formula_is_written_as_text(cell):
    assert neutral(cell) == f"'{cell}"
    assert neutral(f"a{cell}") == f"a{cell}"


# ---- shards


def many(folder, count):
    """A list with line ends inside cells, a duplicate and a fault here and there."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER.split(","))
    for n in range(count):
        address = f"東京都港区{n}-1\nタワー{n}号" if n % 7 == 0 else f"東京都港区{n}-1"
        name = "" if n % 501 == 500 else f"佐藤 {n}"
        writer.writerow((f"R{n if n % 1000 != 999 else n - 1}", name, "100-0001", address, f"u{n}@example.jp"))
    return written(folder, text.getvalue(), "cp932")


@pytest.mark.parametrize("of", [1, 2, 7])
def test_the_shards_of_a_list_are_the_whole_list(words, tmp_path, of):
    whole = Read(many(tmp_path, 9000), words)
    table, columns, reading = pickle.loads(pickle.dumps((whole.table, whole.columns, whole.reading)))  # noqa: S301
    parts: list[Recipient | RowFault] = []
    for number in range(1, of + 1):
        with survey(open_table(table.path), columns) as seen:
            for portion in seen.portions(seen.shard(number, of), size=1000):
                parts += read(table, columns, reading, pickle.loads(pickle.dumps(portion)))  # noqa: S301
    assert parts == whole.all
    assert len({each.row for each in parts}) == 9000


def test_more_shards_than_rows_leave_some_empty(words, tmp_path):
    table = open_table(written(tmp_path, listed(SATO, TANAKA)))
    columns = map_columns(table.header, words)
    with survey(table, columns) as seen:
        spans = [seen.shard(number, 5) for number in range(1, 6)]
        assert [row for first, last in spans for row in range(first, last + 1)] == [2, 3]
        assert all(list(seen.portions(span)) == [] for span in spans if span[0] > span[1])


def test_a_portion_in_the_middle_is_read_from_a_mark_and_not_from_the_start(words, tmp_path):
    table = open_table(many(tmp_path, 9000))
    columns = map_columns(table.header, words)
    with survey(table, columns) as seen:
        portion = seen.portion(8500, 8510)
        assert portion.start.row > 8000
        rows = [each.row for each in read(table, columns, Reading("post", "ja", words), portion)]
    assert rows == list(range(8500, 8511))


# ---- the review, and the CSV to mend


def test_the_review_counts_every_kind_with_the_first_rows_and_holds_no_name_of_them(words, tmp_path):
    rows = [f"B-{n},秘密 太郎{n},100-0001,,b{n}@example.jp" for n in range(9)]
    found = Read(written(tmp_path, listed(SATO, *rows, TANAKA)), words)
    counted = found.review
    assert (counted.rows, counted.fit, counted.faulty, counted.doubtful) == (11, 2, 9, 0)
    assert [(each.key, each.count, each.rows) for each in counted.faults] == [("address_missing", 9, (3, 4, 5, 6, 7))]
    assert counted.first == found.people[0]
    assert "秘密" not in repr(counted)


def mended(found, path, words, say):
    def told(remark):
        return remark_sentence(say, remark, words)

    with write_mending(path, found.table.header, mending_titles(say), told) as mending:
        review(found.table, found.columns, found.reading, found.portions, mending)
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_all_rows_that_need_a_hand_are_written_with_their_number_and_what_is_wrong(words, tmp_path, say):
    rows = (SATO, "A-3,=HYPERLINK(1),100-0001,@東京都港区1,x@example.jp", "A-4,林,,,", TANAKA)
    found = Read(written(tmp_path, listed(*rows)), words)
    path = tmp_path / "mend.csv"
    lines = mended(found, path, words, say)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600
    assert lines[0] == [*mending_titles(say), *HEADER.split(",")]
    assert [line[0] for line in lines[1:]] == ["3", "4"]
    assert lines[1][3] == "'=HYPERLINK(1)"
    assert all(cell[:1] not in set("=+-@") for line in lines for cell in line)
    again = Read(path, words)
    assert again.people[0].name == "=HYPERLINK(1)"
    with pytest.raises(FileExistsError):
        mended(found, path, words, say)


def test_every_remark_and_every_flaw_has_a_sentence_in_both_languages(library):
    from pathlib import Path

    import leakresp.papers.recipients as package

    text = "".join(path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.glob("*.py"))
    keys = {key.removeprefix("recipients.row.") for key in library.words["ja"] if key.startswith("recipients.row.")}
    for key in keys | {
        key.removeprefix("recipients.kind.")
        for key in library.words["ja"]
        if ".kind." in key and key.startswith("recipients")
    }:
        assert f'"{key}"' in text or key in {"language_unknown", "deliver_unknown"}, f"nobody says {key}"
        assert f"recipients.row.{key}" in library.words["en"]


# ---- workbooks


@pytest.fixture
def book(tmp_path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    path = tmp_path / "list.xlsx"
    return xlsxwriter.Workbook(path), path


def test_a_workbook_gives_its_first_visible_sheet_formulas_as_values_and_figures_as_doubts(words, book):
    workbook, path = book
    hidden, shown = workbook.add_worksheet("控え"), workbook.add_worksheet("名簿")
    hidden.write_row(0, 0, ["氏名", "住所"])
    hidden.hide()
    shown.activate()
    shown.merge_range(0, 5, 0, 6, "メモ")
    shown.write_row(0, 0, ["氏名", "郵便番号", "住所", "整理番号"])
    shown.write_row(1, 0, ["佐藤 花子", 600001, "札幌市中央区1", 1234567])
    shown.write_formula(2, 0, '="田中"&" 一郎"', None, "田中 一郎")
    shown.write_row(2, 1, ["600-8001", "京都市下京区1", 12345678901234567890])
    shown.write_row(4, 0, ["", "100-0001", "東京都1", "x"])
    workbook.close()
    found = Read(path, words)
    assert (found.table.form, found.table.sheet, found.table.sheets) == ("workbook", "名簿", ("名簿",))
    assert [(each.row, each.name) for each in found.people] == [(2, "佐藤 花子"), (3, "田中 一郎")]
    assert found.people[0].reference == "1234567"
    assert found.doubts["postal_zero"] == (2,)
    assert found.doubts["figure_rounded"] == (3,)
    assert found.faults == {5: {"name_missing"}}
    assert Read(path, words, sheet="名簿").people == found.people
    assert flaws_of(open_table, path, sheet="名薄") == ["sheet_unknown"]


def test_the_shards_of_a_workbook_are_the_whole_workbook(words, book):
    workbook, path = book
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["氏名", "住所", "郵便番号"])
    for n in range(1, 40):
        sheet.write_row(n, 0, [f"佐藤 {n}", f"東京都港区{n}", "100-0001"])
    workbook.close()
    whole = Read(path, words)
    with survey(whole.table, whole.columns) as seen:
        parts = [
            each
            for number in (1, 2, 3)
            for portion in seen.portions(seen.shard(number, 3))
            for each in read(whole.table, whole.columns, whole.reading, portion)
        ]
    assert parts == whole.all
    assert len(parts) == 39


def test_a_stray_cell_far_away_is_told_instead_of_filling_the_memory(book):
    workbook, path = book
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["氏名", "住所"])
    sheet.write(1_048_575, 16_383, "x")
    workbook.close()
    with pytest.raises(ListUnfit) as caught:
        open_table(path)
    assert caught.value.flaws[0].key == "recipients.book_stray"
    assert dict(caught.value.flaws[0].details) == {"cell": "XFD1048576"}


@pytest.mark.parametrize("places", [10, 200, 2000])
def test_a_broken_workbook_is_refused_or_read_and_never_a_crash(words, book, places):
    workbook, path = book
    workbook.add_worksheet().write_column(0, 0, ["氏名", "佐藤"])
    workbook.close()
    raw = bytearray(path.read_bytes())
    for place in range(places):
        raw[place * 7919 % len(raw)] ^= 0x55
    path.write_bytes(raw)
    found, flaws = read_or_refused(path, words)
    assert found is not None or flaws


def test_without_the_library_a_workbook_names_the_extra(words, book, monkeypatch):
    workbook, path = book
    workbook.add_worksheet().write(0, 0, "氏名")
    workbook.close()
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(LibraryMissing) as caught:
        open_table(path)
    assert caught.value.extra == "xlsx"


# ---- whatever a list holds

_CELLS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    [
        "",
        "=1+1",
        "{{ x }}",
        "\u202e",
        "\n",
        "\r\nBcc: a@example.jp",
        "佐藤",
        "\ufdd0addressee\ufdd1",
        '"',
        "a@example.jp",
        "'=x",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    rows=st.lists(st.lists(_CELLS, min_size=5, max_size=5), min_size=1, max_size=6),
    way=st.sampled_from(["post", "email"]),
)
def test_whatever_the_cells_hold_every_row_is_right_or_reported(words, tmp_path, rows, way):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([HEADER.split(","), *rows])
    path = written(tmp_path, text.getvalue())
    found, flaws = read_or_refused(path, words, way=way)
    if found is None:
        assert set(flaws) <= {"no_rows", "no_text"}
        return
    wanted = {row for row, cells in enumerate(rows, 2) if any(cells)}
    assert {each.row for each in found.all} == wanted
    for person in found.people:
        typed = rows[person.row - 2]
        assert person.name == typed[1].strip() or typed[1].startswith("'")
        lines = (*addressee(person, way), person.email, person.reference)
        assert not set("".join(lines)) & set("\r\n\0\x1b\u2028\u202e\ufdd0\ufdd1")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    raw=st.binary(max_size=400),
    head=st.sampled_from([b"", f"{HEADER}\n".encode(), HEADER.encode("cp932") + b"\n", b"PK\x03\x04", b"\xff\xfe"]),
)
def test_whatever_the_bytes_are_they_are_read_or_refused_with_a_sentence(words, library, tmp_path, raw, head):
    path = written(tmp_path, head + raw)
    try:
        Read(path, words)
    except ListUnfit as error:
        say = Wording(library.words, "ja")
        for fault in unfit_fault(error, "list.csv", say, words).faults:
            assert sentence(say, fault)


# ---- the words as data


def test_the_shipped_words_are_checked_with_file_and_line(library):
    root = places.templates_folder()
    text = read_folder(root)[FILE].decode()
    items = list(library.rulebook.facts["data_items"].choices)
    for old, new, key in (
        ("  - id: kana", "  - id: cana", "recipients.field_unknown"),
        ("  phone: [", "  telefone: [", "rules.value_unknown"),
        ("  family: [家族構成", "  family: [学歴", "recipients.word_twice"),
        ("languages:", "tongues:", "rules.key_unknown"),
    ):
        assert old in text
        with pytest.raises(FaultsError) as caught:
            read_plain({FILE: text.replace(old, new).encode()}, "templates", items)
        assert key in {fault.key for fault in caught.value.faults}
        assert all(fault.place.startswith("templates/recipients.yaml") for fault in caught.value.faults)
