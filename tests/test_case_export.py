"""A case handed over: it comes back byte for byte, everything that was changed is found, and no file from outside harms."""

import datetime as dt
import errno
import hashlib
import io
import json
import os
import re
import stat
import struct
import subprocess
import sys
import textwrap
import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faulty_disk import PowerCut, every_failure

from leakresp.response.case import Answered, Drafted, Noted, Opened, Sent
from leakresp.shell import case_files, case_zip, main
from leakresp.shell.case_arrival import settle
from leakresp.shell.case_files import MANIFEST, README, TIMELINE, pack, read_record, unpack
from leakresp.shell.case_zip import read_zip
from leakresp.shell.cases import create_case, list_cases, open_case
from leakresp.shell.commands import case_export, case_import
from leakresp.shell.faults import FaultsError
from leakresp.shell.journal import NAME, Journal
from leakresp.shell.layout import WIDTH, cells

JAPAN = dt.timezone(dt.timedelta(hours=9))
NOON = dt.datetime(2026, 11, 24, 12, 0, 1, tzinfo=JAPAN)
LETTER = "お詫びとお知らせ\n".encode()
SENT = "sent/2026-11-24-書状.txt"
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes and links")


@pytest.fixture
def cases(tmp_path):
    return tmp_path / "cases"


@pytest.fixture
def case(cases):
    """A case with a paper sent, a draft, and a line that was cut short once."""
    opened = create_case("会員サイト", str(cases), {}, by="佐藤", incident={"title": "会員サイトへの侵入"}, now=now)
    folder = opened.folder
    for name, content in {SENT: LETTER, "drafts/書状.txt": b"draft"}.items():
        (folder / name).parent.mkdir(mode=0o700)
        (folder / name).write_bytes(content)
    with (folder / NAME).open("ab") as file:
        file.write(b'{"n":2')
    opened.add(
        "佐藤",
        Answered({"cause": "unauthorized_access", "discovered_on": "2026-11-20"}),
        Noted("夜勤の担当者が、見慣れないログインに気付いた。", "2026-11-20T21:40+09:00"),
        Drafted("letter", "drafts/書状.txt", sha256(b"draft")),
        Sent("letter", SENT, sha256(LETTER), "本人", "2026-11-24"),
    )
    return folder


def now():
    return NOON


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def exported(case, output=None, *, to=(), drafts=False, lang=None):
    """Export a case and return where to."""
    output = output or case.parent.parent / "handed-over.zip"
    folder = str(case.parent)
    case_export.run(
        case=case.name, output=output, to=list(to), drafts=drafts, folder=folder, rules=None, as_json=True, plain=True, lang=lang
    )  # fmt: skip
    return output


def imported(file, cases, *, name=None, identity=None):
    """Import a file and return the exit code."""
    return case_import.run(
        file=file, name=name, identity=identity, folder=str(cases), rules=None, as_json=True, plain=True, lang=None
    )


def tree(folder):
    """Return the files of a folder by their paths below it, locks aside."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@contextmanager
def refused(*keys):
    with pytest.raises(FaultsError) as caught:
        yield caught
    assert [fault.key for fault in caught.value.faults] == [f"case_files.{key}" for key in keys]


# ---- there and back ----


def test_a_case_comes_back_byte_for_byte(case, tmp_path):
    there = tmp_path / "there"
    assert imported(exported(case, drafts=True), there) == 0
    before, after = tree(case), tree(there / case.name)
    assert before == after
    assert {name.partition("/")[0] for name in after} == {NAME, "torn-20261124-120001.txt", "sent", "drafts"}
    opened = open_case(case.name, str(there), {})
    assert opened.journal.verify().good
    assert [entry.event.kind for entry in opened.journal.entries] == [
        "opened", "set_aside", "answered", "note", "draft", "sent",
    ]  # fmt: skip


def test_drafts_stay_where_they_are_unless_asked_for_and_that_is_said(case, capsys):
    file = exported(case)
    assert not [name for name in read_zip(file.read_bytes(), "x") if name.startswith("drafts/")]
    assert json.loads(capsys.readouterr().out)["left_out"] == ["drafts/書状.txt"]


def test_the_same_case_makes_the_same_bytes_wherever_and_in_whatever_language(case, tmp_path, monkeypatch):
    first = exported(case).read_bytes()
    assert exported(case, tmp_path / "again.zip").read_bytes() == first
    monkeypatch.setenv("TZ", "America/New_York")
    assert exported(case, tmp_path / "in-english.zip", lang="en").read_bytes() == first
    imported(tmp_path / "again.zip", tmp_path / "there")
    assert exported(tmp_path / "there" / case.name, tmp_path / "from-there.zip").read_bytes() == first


def test_the_file_is_an_ordinary_zip_that_names_everything_in_it(case):
    file = exported(case)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        manifest = json.loads(archive.read(MANIFEST))
        for each in manifest["files"]:
            content = archive.read(each["name"])
            assert (len(content), sha256(content)) == (each["size"], each["sha256"])
    assert names[:4] == [README, MANIFEST, TIMELINE, NAME]
    assert {each["name"] for each in manifest["files"]} == set(names) - {MANIFEST}
    journal = Journal(case, now)
    journal.read()
    assert manifest["journal"] == {"lines": len(journal.entries), "head": journal.head}


def unzipped(file, folder):
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    text = (folder / README).read_text(encoding="utf-8")
    program = textwrap.dedent(text.partition("\ncheck.py\n")[2])
    (folder / "check.py").write_text(program, encoding="utf-8")
    return folder


def checked(folder):
    """Run the program of the readme, with nothing but Python."""
    return subprocess.run(
        [sys.executable, "-I", "check.py"], cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_whoever_has_no_leakresp_checks_it_as_the_readme_says(case, tmp_path):
    folder = unzipped(exported(case), tmp_path / "unzipped")
    ran = checked(folder)
    journal = Journal(case, now)
    journal.read()
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split()[-1] == journal.head
    assert journal.head in (folder / README).read_text(encoding="utf-8")


def test_the_program_of_the_readme_finds_what_was_changed(case, tmp_path):
    folder = unzipped(exported(case), tmp_path / "unzipped")
    (folder / SENT).write_bytes(LETTER + b"!")
    ran = checked(folder)
    assert (ran.returncode, SENT in ran.stderr) == (1, True)
    (folder / SENT).write_bytes(LETTER)
    journal = (folder / NAME).read_bytes()
    changed = journal.replace("見慣れない".encode(), "いつもの".encode())
    (folder / NAME).write_bytes(changed)
    manifest = (folder / MANIFEST).read_text(encoding="utf-8").replace(sha256(journal), sha256(changed))
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    ran = checked(folder)
    assert (ran.returncode, "line 4 is broken" in ran.stderr) == (1, True)


def test_the_readme_describes_how_a_line_is_sealed(case):
    *_, last = (case / NAME).read_bytes().splitlines()
    bare = re.sub(rb',"hash":"[0-9a-f]{64}"', b"", last)
    assert sha256(bare) == json.loads(last)["hash"]


def test_readme_and_timeline_can_be_read_in_both_languages_on_eighty_columns(case):
    files = read_zip(exported(case).read_bytes(), "x")
    for name in (README, TIMELINE):
        text = files[name].decode()
        assert "会員サイト" in text
        assert [line for line in text.splitlines() if cells(line) > WIDTH] == []
    timeline = files[TIMELINE].decode()
    assert timeline.count("夜勤の担当者が、見慣れないログインに気付いた。") == 2
    assert timeline.index("2026-11-24 12:00:01+09:00") < timeline.index("見慣れない")
    assert "不正アクセス" in timeline


@posix_only
def test_what_is_written_can_be_read_by_its_owner_only(case, tmp_path):
    file = exported(case, drafts=True)
    there = tmp_path / "there"
    imported(file, there)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for path in (there, *there.rglob("*")):
        wanted = 0o700 if path.is_dir() else 0o400 if path.parent.name == "sent" else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_without_a_place_the_file_is_named_after_the_case(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exported(case, Path())
    assert (tmp_path / "会員サイト.zip").is_file()


def test_an_incomplete_last_line_is_handed_over_and_taken_in_as_it_is(case, tmp_path, capsys):
    with (case / NAME).open("ab") as file:
        file.write(b'{"n":7')
    there = tmp_path / "there"
    imported(exported(case), there)
    assert tree(there / case.name)[NAME] == (case / NAME).read_bytes()
    assert "torn-" in capsys.readouterr().err


# ---- what is not handed over ----


def test_a_file_is_never_written_over(case, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"mine")
    with refused("exists"):
        exported(case, tmp_path / "x.zip")
    assert (tmp_path / "x.zip").read_bytes() == b"mine"


def test_a_broken_record_is_not_handed_over_as_if_it_were_whole(case, tmp_path):
    content = (case / NAME).read_bytes().replace("見慣れない".encode(), "いつもの".encode())
    (case / NAME).write_bytes(content)
    with pytest.raises(FaultsError) as caught:
        exported(case, tmp_path / "x.zip")
    assert [fault.key for fault in caught.value.faults] == ["case.chain_altered", "case_files.broken"]
    assert not (tmp_path / "x.zip").exists()


def test_a_frozen_copy_that_was_changed_is_refused_and_one_that_is_gone_is_noted(case, tmp_path, capsys):
    (case / SENT).write_bytes(b"changed")
    with refused("sent_altered"):
        exported(case)
    (case / SENT).unlink()
    imported(exported(case), tmp_path / "there")
    assert capsys.readouterr().err.count(SENT) == 2
    assert open_case(case.name, str(tmp_path / "there"), {}).case.sent[0].event.sha256 == sha256(LETTER)


@posix_only
def test_links_and_devices_in_the_folder_are_left_out_and_named(case, tmp_path, capsys):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (case / "sent" / "link.txt").symlink_to(tmp_path / "secret")
    (case / "sent" / "folder").symlink_to(tmp_path)
    os.mkfifo(case / "sent" / "pipe")
    files = read_zip(exported(case).read_bytes(), "x")
    assert set(files) == {MANIFEST, README, TIMELINE, NAME, SENT, "torn-20261124-120001.txt"}
    told = capsys.readouterr().err
    assert all(name in told for name in ("link.txt", "folder", "pipe"))


@posix_only
def test_a_file_whose_name_no_other_system_keeps_is_refused_before_anything_is_written(case, tmp_path):
    (case / "sent" / "報告: 第1報.txt").write_text("x", encoding="utf-8")
    with refused("path_unsafe"):
        exported(case, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_what_could_not_be_taken_in_again_is_not_handed_over(case, monkeypatch):
    for largest in (1000, 5000):
        monkeypatch.setattr(case_files, "LARGEST", largest)
        with refused("too_large"):
            exported(case)
    monkeypatch.undo()
    monkeypatch.setattr(case_files, "MOST_FILES", 5)
    with refused("too_many"):
        exported(case)


# ---- taking in ----


def test_a_case_is_never_put_in_the_place_of_another(case, cases):
    file, before = exported(case), tree(cases)
    with refused("taken"):
        imported(file, cases)
    assert tree(cases) == before
    imported(file, cases, name="写し")
    assert tree(cases / case.name) == tree(case)
    assert tree(cases / "写し")[NAME] == (case / NAME).read_bytes()


@pytest.mark.parametrize("there", ["a file", "another folder", "a case half opened"])
def test_nothing_that_has_the_name_is_put_aside(case, tmp_path, there):
    place = tmp_path / "there" / case.name
    place.parent.mkdir()
    if there == "a file":
        place.write_text("x", encoding="utf-8")
    else:
        place.mkdir()
        (place / ("notes.txt" if there == "another folder" else NAME)).touch()
    before = tree(place.parent)
    with refused("taken"):
        imported(exported(case), place.parent)
    assert tree(place.parent) == before
    assert not list(place.parent.glob(".import-*"))


def test_a_name_that_leads_elsewhere_is_refused(case, tmp_path):
    file = exported(case)
    for name in ("../x", "CON", "a/b", ".hidden"):
        with pytest.raises(FaultsError) as caught:
            imported(file, tmp_path / "there", name=name)
        assert [fault.key for fault in caught.value.faults] == ["case.name_unsafe"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_screens_tell_the_hash_to_compare_and_how_to_go_on(case, tmp_path, monkeypatch, capsys, lang):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEAKRESP_LANG", lang)
    assert main.main(["case", "export", case.name, "--dir", str(case.parent)]) == 0
    journal = Journal(case, now)
    journal.read()
    shown = capsys.readouterr().out
    assert journal.head in shown
    assert sha256((tmp_path / f"{case.name}.zip").read_bytes()) in shown
    assert main.main(["case", "import", f"{case.name}.zip", "--dir", "there"]) == 0
    told = capsys.readouterr().out
    assert journal.head in told
    assert f"leakresp status {case.name}" in told.replace("'", "")
    assert all(cells(line) <= WIDTH for line in (shown + told).splitlines())


# ---- tampering ----


def packed(folder, name="case"):
    """Return a small case as files, packed without the words of any language."""
    journal = Journal(folder, now)
    journal.create("佐藤", Opened(name), Noted("一"), Sent("letter", "sent/a.txt", sha256(b"A"), "本人", "2026-11-24"))
    record = read_record((folder / NAME).read_bytes(), "x")
    files = {NAME: record.content, "sent/a.txt": b"A", README: b"readme", TIMELINE: b"timeline"}
    return pack(name, record, files)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A small case as it was handed over."""
    return packed(tmp_path_factory.mktemp("original"))


def rezipped(content, change, *, listed=None):
    """Return a zip made anew with its files changed, and the manifest as ``listed`` makes it of them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    change(files)
    if listed:
        manifest = json.loads(files[MANIFEST])
        listed(manifest, files)
        files[MANIFEST] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return out.getvalue()


def relisted(manifest, files):
    """List the files as they are now, as a forger would."""
    names = sorted(files.keys() - {MANIFEST})
    manifest["files"] = [{"name": name, "size": len(files[name]), "sha256": sha256(files[name])} for name in names]


def opened(content):
    return unpack(read_zip(content, "x.zip"), "x.zip")


@pytest.mark.parametrize("name", [NAME, "sent/a.txt", README, TIMELINE])
def test_a_file_changed_cut_or_taken_out_is_found(original, name):
    for change, key in (
        (lambda files: files.update({name: files[name] + b" "}), "altered"),
        (lambda files: files.update({name: files[name][:-1]}), "altered"),
        (lambda files: files.update({name: bytes([files[name][0] ^ 1]) + files[name][1:]}), "altered"),
    ):
        with refused(key):
            opened(rezipped(original, change))
    with refused("no_case" if name == NAME else "not_there"):
        opened(rezipped(original, lambda files: files.pop(name)))


def test_a_file_added_is_found_whether_or_not_a_case_has_a_place_for_it(original):
    for name in ("sent/b.txt", "torn-1.txt", "notes.txt", "sent.txt"):
        with refused("not_listed"):
            opened(rezipped(original, lambda files, name=name: files.update({name: b"x"})))


def test_a_file_that_the_manifest_lists_and_no_case_has_is_refused(original):
    for name in ("notes.txt", "sub/journal.jsonl", ".lock"):
        with pytest.raises(FaultsError):
            opened(rezipped(original, lambda files, name=name: files.update({name: b"x"}), listed=relisted))


def test_a_line_changed_under_a_manifest_made_anew_breaks_the_chain(original):
    def change(files):
        files[NAME] = files[NAME].replace("一".encode(), "二".encode())

    with pytest.raises(FaultsError) as caught:
        opened(rezipped(original, change, listed=relisted))
    assert [(fault.key, fault.place) for fault in caught.value.faults] == [("case.chain_altered", f"x.zip/{NAME}:2")]


def test_lines_cut_off_under_a_manifest_made_anew_show_by_the_last_hash(original):
    def cut(files):
        files[NAME] = files[NAME][: files[NAME].rindex(b'{"n":3')]

    with refused("head_differs"):
        opened(rezipped(original, cut, listed=relisted))


def test_a_paper_changed_under_a_manifest_made_anew_shows_by_the_record(original):
    with refused("sent_altered"):
        opened(rezipped(original, lambda files: files.update({"sent/a.txt": b"B"}), listed=relisted))


def test_a_whole_case_made_anew_shows_only_by_the_hash_told_another_way(original, tmp_path):
    forged = packed(tmp_path, name="case2")
    assert opened(forged).record.head != opened(original).record.head


@pytest.mark.parametrize(
    "manifest",
    [
        b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"schema":"leakresp/case-files/9"}', b"null",
        b'{"schema":"leakresp/case-files/1","leakresp":"1","case":"x","journal":{"lines":"3","head":"0"},"files":[]}',
    ],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(original, manifest):
    with refused("manifest_unfit"):
        opened(rezipped(original, lambda files: files.update({MANIFEST: manifest})))


def test_a_manifest_of_a_later_version_that_says_more_is_read(original):
    def more(manifest, _files):
        manifest["signed_by"] = "x"
        manifest["files"][0]["more"] = 1

    assert opened(rezipped(original, lambda files: None, listed=more)).manifest.case == "case"


def test_a_manifest_that_lists_a_file_twice_is_refused(original):
    def twice(manifest, _files):
        manifest["files"].append({**manifest["files"][0], "sha256": "0" * 64})

    with pytest.raises(FaultsError) as caught:
        opened(rezipped(original, lambda files: None, listed=twice))
    assert "case_files.twice" in {fault.key for fault in caught.value.faults}


@given(data=st.data())
def test_a_zip_with_any_byte_changed_is_refused_or_gives_the_very_same_files(original, data):
    content = bytearray(original)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        found = opened(bytes(content))
    except FaultsError:
        return
    assert found.files == opened(original).files


def test_a_zip_cut_anywhere_is_refused(original):
    for length in range(len(original)):
        with pytest.raises(FaultsError):
            read_zip(original[:length], "x")


# ---- files that mean harm ----


def zipped(*entries, method=zipfile.ZIP_STORED):
    """Return a zip of ``(name, content, attributes)``, with names as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content, *mode in entries:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.compress_type = method
            info.external_attr = mode[0] if mode else 0
            archive.writestr(info, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../journal.jsonl", "sent/../../x", "sent/./x", "/etc/passwd", "sent//x", "C:/x", "C:x", "sent/C:x",
        "sent\\x", "..\\x", "\\\\host\\share\\x", "sent/a.txt:stream", "sent/x\0.txt", "journal.jsonl\0.txt",
        "sent/CON", "sent/con.txt", "sent/NUL.tar.gz", "sent/COM1", "sent/LPT¹.txt", "sent/x.", "sent/x ",
        "sent/.hidden", ".lock", "sent/ x", "sent/a?b", "sent/a*b", 'sent/a"b', "sent/a|b", "sent/a<b",
        "sent/a\x1b[2Jb", "sent/a\nb", "sent/a\u202eb", "sent/" + "x" * 200, "sent/" + "あ" * 100,
        "sent/" + "a/" * 10 + "x", "x" * 5000, "",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_or_that_some_system_cannot_keep_is_refused(name):
    with refused("path_unsafe") as caught:
        read_zip(zipped((name, b"x")), "x")
    assert caught.value.faults[0].path.isprintable()


def test_half_a_letter_in_a_path_is_refused():
    with refused("damaged"):
        read_zip(zipped(("sent/あ", b"x")).replace("あ".encode(), b"\xed\xa0\x80"), "x")


@pytest.mark.parametrize(
    "mode",
    [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR],
    ids=["link", "terminal", "disk", "pipe", "socket", "folder"],
)
def test_links_devices_pipes_and_sockets_are_refused(mode):
    with refused("link"):
        read_zip(zipped(("sent/x", b"/etc/passwd", (mode | 0o777) << 16)), "x")


def test_a_link_of_windows_is_refused():
    with refused("link"):
        read_zip(zipped(("sent/x", b"x", 0x400)), "x")


@pytest.mark.parametrize(
    "names",
    [
        ("sent/x", "sent/x"),
        ("sent/x", "sent/X"),
        ("sent/x", "SENT/x"),
        ("sent/が", "sent/か\u3099"),
        ("sent/a", "sent/a/b"),
        ("sent/A/b", "sent/a"),
        ("sent/ß", "sent/ss"),
    ],
)
def test_two_files_that_some_system_cannot_keep_side_by_side_are_refused(names):
    with pytest.raises(FaultsError) as caught:
        read_zip(zipped(*((name, b"x") for name in names)), "x")
    assert caught.value.faults[-1].key in {"case_files.twice", "case_files.not_listed"}


def test_folders_in_a_zip_made_anew_are_passed_over():
    assert read_zip(zipped(("sent/", b"", (stat.S_IFDIR | 0o755) << 16 | 0x10), ("sent/x", b"x")), "x") == {
        "sent/x": b"x"
    }


def test_a_zip_made_anew_and_compressed_is_read(original):
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        files = [(info.filename, archive.read(info)) for info in archive.infolist()]
    assert opened(zipped(*files, method=zipfile.ZIP_DEFLATED)).files == opened(original).files


@pytest.mark.parametrize("entries", [1, 20])
def test_a_few_bytes_that_become_many_are_not_unpacked(entries):
    import tracemalloc

    content = zipped(
        *((f"sent/{n}", b"\0" * (100_000_000 // entries)) for n in range(entries)), method=zipfile.ZIP_DEFLATED
    )
    tracemalloc.start()
    with refused("bomb"):
        read_zip(content, "x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * case_zip._RATIO * len(content)


def test_what_a_zip_says_of_its_sizes_is_not_believed():
    content = bytearray(zipped(("sent/x", b"\0" * 50_000_000), method=zipfile.ZIP_DEFLATED))
    for mark, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = content.index(mark) + offset
        content[place : place + 4] = struct.pack("<I", 10)
    with refused("damaged"):
        read_zip(bytes(content), "x")


def test_more_than_a_case_may_come_to_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(case_zip, "LARGEST", 1000)
    assert read_zip(zipped(("sent/x", b"x" * 1000)), "x")
    with refused("bomb"):
        read_zip(zipped(("sent/x", b"x" * 1001)), "x")


def test_too_many_files_are_refused_before_they_are_looked_at(monkeypatch):
    monkeypatch.setattr(case_zip, "MOST_FILES", 3)
    assert len(read_zip(zipped(*((f"sent/{n}", b"") for n in range(3))), "x")) == 3
    with refused("too_many"):
        read_zip(zipped(*((f"sent/{n}", b"") for n in range(4))), "x")


def test_a_list_of_files_that_would_fill_the_memory_is_not_read():
    huge = bytearray(zipped(("sent/x", b"x")))
    huge[-10:-6] = struct.pack("<I", 500_000_000)
    with refused("too_large"):
        read_zip(bytes(huge), "x")
    many = bytearray(zipped(("sent/x", b"x")))
    many[-14:-10] = struct.pack("<HH", 60_000, 60_000)
    with refused("too_many"):
        read_zip(bytes(many), "x")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\3\4",
        b"x" * 100,
        b"#!/bin/sh\n" + zipped(("sent/x", b"x")),
        zipped(("sent/x", b"x")) + b"more",
        zipped(("sent/x", b"x"))[:-2] + b"\4\0note",
        zipped(("sent/x", b"x"))[:-22] + b"PK\6\7" + b"\0" * 16 + zipped(("sent/x", b"x"))[-22:],
    ],
    ids=["empty", "head only", "no zip", "a program before", "more behind", "a comment", "sizes of 64 bits"],
)
def test_what_is_not_quite_a_zip_is_refused(content):
    with pytest.raises(FaultsError) as caught:
        read_zip(content, "x")
    assert caught.value.faults[0].key in {"case_files.no_zip", "case_files.damaged"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method):
    with refused("method"):
        read_zip(zipped(("sent/x", b"x"), method=method), "x")


def test_a_zip_with_a_password_is_refused():
    content = bytearray(zipped(("sent/x", b"x")))
    content[content.index(b"PK\1\2") + 8] |= 1
    with refused("method"):
        read_zip(bytes(content), "x")


def test_nothing_is_written_for_a_file_that_is_refused(original, tmp_path):
    file, there = tmp_path / "x.zip", tmp_path / "there"
    for content in (
        zipped(("../x", b"x")),
        rezipped(original, lambda files: files.update({"sent/a.txt": b"B"}), listed=relisted),
        original[:-30],
    ):
        file.write_bytes(content)
        with pytest.raises(FaultsError):
            imported(file, there)
    assert not there.exists()


# ---- the disk fails, or the power ----


@pytest.mark.parametrize("cut", [False, True], ids=["the disk fails", "the power is cut"])
@pytest.mark.parametrize("reason", [errno.EIO, errno.ENOSPC])
def test_a_case_taken_in_is_whole_or_not_there(original, tmp_path, cut, reason):
    files = opened(original).files

    def begin(turn):
        (tmp_path / str(turn)).mkdir()

    def work(turn):
        settle(files, "case", str(tmp_path / str(turn)))

    def check(turn, disk, raised):
        cases = tmp_path / str(turn)
        listed = list_cases(str(cases))
        assert [case.name for case in listed] in ([], ["case"])
        if listed:
            assert tree(cases / "case") == files
        if not cut and raised is not None:
            assert isinstance(raised, FaultsError), repr(raised)
            assert not listed or raised.faults[0].key == "case.perhaps_kept"
            assert not list(cases.glob(".import-*/journal.jsonl")) or disk.failed > 1
        if cut:
            assert isinstance(raised, PowerCut)
        settle(files, "again", str(cases))  # what was left is swept away
        assert tree(cases / "again") == files
        assert not list(cases.glob(".import-*"))

    assert every_failure(begin, work, check, cut=cut, reason=reason) >= 12


@pytest.mark.parametrize("cut", [False, True], ids=["the disk fails", "the power is cut"])
def test_a_file_handed_over_is_whole_or_not_there(tmp_path, cut):
    def begin(turn):
        (tmp_path / str(turn)).mkdir()

    def work(turn):
        case_files.put(b"x" * 1000, tmp_path / str(turn) / "case.zip")

    def check(turn, disk, raised):
        path = tmp_path / str(turn) / "case.zip"
        assert not path.exists() or path.read_bytes() == b"x" * 1000
        if not cut and raised is not None:
            assert isinstance(raised, FaultsError), repr(raised)

    assert every_failure(begin, work, check, cut=cut) >= 5


# ---- encrypted ----


@pytest.fixture
def keys(tmp_path):
    """Two keys of age: their files, and their public halves."""
    pyrage = pytest.importorskip("pyrage")
    found = []
    for name in ("鈴木", "高橋"):
        key = pyrage.x25519.Identity.generate()
        file = tmp_path / f"{name}.key"
        file.write_text(f"# created: 2026-11-24\n# public key: {key.to_public()}\n{key}\n", encoding="utf-8")
        found.append((str(file), str(key.to_public())))
    return found


def test_an_encrypted_case_is_read_by_each_of_its_recipients_and_holds_the_same(case, tmp_path, keys):
    plain = exported(case).read_bytes()
    file = exported(case, tmp_path / "x.zip.age", to=[public for _, public in keys])
    assert file.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert case.name.encode() not in file.read_bytes()
    for number, (key, _) in enumerate(keys):
        there = tmp_path / f"there-{number}"
        assert imported(file, there, identity=key) == 0
        assert exported(there / case.name, tmp_path / f"{number}.zip").read_bytes() == plain


def test_recipients_may_stand_in_a_file(case, tmp_path, keys):
    recipients = tmp_path / "recipients.txt"
    recipients.write_text("# 法務\n\n" + "\n".join(public for _, public in keys) + "\n", encoding="utf-8")
    file = exported(case, tmp_path / "x.zip.age", to=[str(recipients)])
    assert imported(file, tmp_path / "there", identity=keys[1][0]) == 0


def test_without_the_right_key_nothing_is_read(case, tmp_path, keys):
    file, there = exported(case, tmp_path / "x.zip.age", to=[keys[0][1]]), tmp_path / "there"
    with refused("encrypted"):
        imported(file, there)
    with refused("not_decrypted"):
        imported(file, there, identity=keys[1][0])
    file.write_bytes(file.read_bytes()[:-1])
    with refused("not_decrypted"):
        imported(file, there, identity=keys[0][0])
    assert not there.exists()


def test_what_is_no_key_is_refused_and_a_secret_key_is_never_shown(case, tmp_path, keys):
    secret = Path(keys[0][0]).read_text(encoding="utf-8").splitlines()[-1]
    for wrong in ("age1", "age1yubikey1xyz", secret):
        with refused("recipient_unfit") as caught:
            exported(case, to=[wrong])
        assert secret not in str(caught.value.faults)
    (tmp_path / "empty").write_text("# nobody\n", encoding="utf-8")
    with refused("no_keys"):
        exported(case, to=[str(tmp_path / "empty")])
    file = exported(case, tmp_path / "x.zip.age", to=[keys[0][1]])
    (tmp_path / "public").write_text(keys[0][1], encoding="utf-8")
    with refused("identity_unfit"):
        imported(file, tmp_path / "there", identity=str(tmp_path / "public"))


def test_without_the_extra_the_command_to_install_it_is_said(case, monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "pyrage", None)
    monkeypatch.chdir(tmp_path)
    assert main.main(["case", "export", case.name, "--dir", str(case.parent), "--to", "age1x"]) == 2
    assert 'pip install "leakresp[encrypt]"' in capsys.readouterr().err
    assert not list(tmp_path.glob("*.age"))
