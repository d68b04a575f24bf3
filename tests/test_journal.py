"""The journal: what was acknowledged stays, what was touched is found, and nobody loses anything to anybody else."""

import datetime as dt
import errno
import hashlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from leakresp.response.case import Answered, Noted, Opened, SetAside
from leakresp.shell.faults import FaultsError
from leakresp.shell.journal import LOCK, NAME, START, Chain, Journal, TakenError, open_private

JAPAN = dt.timezone(dt.timedelta(hours=9))
NOON = dt.datetime(2026, 11, 24, 12, 0, 0, tzinfo=JAPAN)
WRITERS = Path(__file__).with_name("journal_writers.py")
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes and signals")


def journal_in(folder, **kwargs):
    return Journal(folder, **({"now": lambda: NOON} | kwargs))


def begun(folder, *texts):
    journal = journal_in(folder)
    journal.create("佐藤", Opened("case"), *map(Noted, texts))
    return journal


def texts_in(folder):
    journal = journal_in(folder)
    journal.read()
    return [entry.event.text for entry in journal.entries if isinstance(entry.event, Noted)]


def first_wrong_line(content):
    chain = Chain("journal.jsonl")
    list(chain.read(io.BytesIO(content)))
    wrong = chain.broken or chain.torn
    return wrong.line if wrong else None


@contextmanager
def fault(*keys):
    with pytest.raises(FaultsError) as caught:
        yield
    assert [each.key for each in caught.value.faults] == list(keys)


# ---- a line ----


def test_a_line_is_plain_json_that_anybody_can_check_with_sha256(tmp_path):
    begun(tmp_path, "ノートPCを紛失")
    lines = (tmp_path / NAME).read_bytes().splitlines()
    previous = START
    for number, line in enumerate(lines, 1):
        read = json.loads(line)
        bare = re.sub(rb',"hash":"[0-9a-f]{64}"', b"", line)
        assert hashlib.sha256(bare).hexdigest() == read["hash"]
        assert (read["n"], read["prev"], read["by"]) == (number, previous, "佐藤")
        assert read["at"] == "2026-11-24T12:00:00+09:00"
        previous = read["hash"]
    assert "ノートPCを紛失" in lines[1].decode()


def test_what_was_written_is_read_back_by_the_next_process(tmp_path):
    begun(tmp_path, "一", "二\n三\u2028四")
    assert texts_in(tmp_path) == ["一", "二\n三\u2028四"]


@pytest.mark.parametrize("words", ["\x1b[2J", "a\x00b", "\ud800", "a\x9bb"])
def test_letters_that_act_on_a_terminal_or_are_half_a_letter_are_refused(tmp_path, words):
    journal = begun(tmp_path)
    for event in (Noted(words), Answered({"incident_place": words}), Opened("case", {words: "x"})):
        with fault("case.control_letters"):
            journal.append("佐藤", event)
    with fault("case.control_letters"):
        journal.append(words, Noted("x"))
    assert journal_in(tmp_path).verify().lines == 1


# ---- a broken chain ----

texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


@given(notes=st.lists(texts, min_size=1, max_size=5), data=st.data())
def test_a_single_changed_byte_is_reported_on_its_line(notes, data):
    with tempfile.TemporaryDirectory() as folder:
        begun(Path(folder), *notes)
        content = bytearray((Path(folder) / NAME).read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    line = content[:place].count(b"\n") + 1
    content[place] ^= data.draw(st.integers(1, 255))
    assert first_wrong_line(bytes(content)) == line


def test_every_bit_of_a_journal_is_guarded(tmp_path):
    begun(tmp_path, "一", "two")
    content = (tmp_path / NAME).read_bytes()
    assert first_wrong_line(content) is None
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            assert first_wrong_line(bytes(changed)) == content[:place].count(b"\n") + 1


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda rows: rows[:2] + rows[3:], 3),
        (lambda rows: rows[1:], 1),
        (lambda rows: [*rows[:2], rows[1], *rows[2:]], 3),
        (lambda rows: [rows[0], rows[2], rows[1], rows[3]], 2),
        (lambda rows: [b"\xef\xbb\xbf" + rows[0], *rows[1:]], 1),
        (lambda rows: [row.replace(b"\n", b"\r\n") for row in rows], 1),
        (lambda rows: [rows[0], b"\n", *rows[1:]], 2),
        (lambda rows: [rows[0], b"[" * 100_000 + b"\n", *rows[1:]], 2),
        (lambda rows: [rows[0], b'{"n":2,"by":"\\ud800"}\n', *rows[1:]], 2),
    ],
    ids=["removed", "first removed", "doubled", "swapped", "bom", "crlf", "empty line", "deep", "half a letter"],
)
def test_the_first_broken_line_is_named(tmp_path, change, line):
    begun(tmp_path, "一", "二", "三")
    rows = (tmp_path / NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / NAME).write_bytes(b"".join(change(rows)))
    checked = journal_in(tmp_path).verify()
    assert not checked.good
    assert checked.broken.line == line


def test_a_broken_chain_is_still_read_but_never_added_to(tmp_path):
    begun(tmp_path, "朝", "昼", "夜")
    content = (tmp_path / NAME).read_text(encoding="utf-8").replace("昼", "晝")
    (tmp_path / NAME).write_text(content, encoding="utf-8", newline="")
    journal = journal_in(tmp_path)
    journal.read()
    assert [entry.event.text for entry in journal.entries[1:]] == ["朝", "晝", "夜"]
    assert [(note.key, note.line) for note in journal.notes] == [("case.chain_altered", 3)]
    with fault("case.chain_altered", "case.append_refused"):
        journal.append("佐藤", Noted("x"))
    assert (tmp_path / NAME).read_text(encoding="utf-8") == content


def sealed_by_a_forger(folder, monkeypatch, **changed):
    """Add a line that says what our program never writes, under a seal that fits."""
    dumps = json.dumps
    monkeypatch.setattr(json, "dumps", lambda line, **how: dumps(line | changed, **how))
    journal_in(folder).append("佐藤", Noted("x"))
    monkeypatch.undo()


@pytest.mark.parametrize("at", ["2026-11-24T12:00:00", "gestern", 5, None])
def test_a_sealed_line_with_an_impossible_time_breaks_the_chain_without_a_crash(tmp_path, at, monkeypatch):
    begun(tmp_path)
    sealed_by_a_forger(tmp_path, monkeypatch, at=at)
    assert journal_in(tmp_path).verify().broken.line == 2


def test_a_sealed_line_under_a_wrong_number_breaks_the_chain(tmp_path, monkeypatch):
    begun(tmp_path)
    sealed_by_a_forger(tmp_path, monkeypatch, n=3)
    assert journal_in(tmp_path).verify().broken.key == "case.chain_cut"


def test_a_sealed_line_of_another_case_breaks_the_chain(tmp_path):
    rows = {}
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        journal_in(folder).create("佐藤", Opened(name), Noted("x"))
        rows[name] = (folder / NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / "one" / NAME).write_bytes(rows["one"][0] + rows["other"][1])
    broken = journal_in(tmp_path / "one").verify().broken
    assert (broken.key, broken.line) == ("case.chain_cut", 2)


def test_half_a_letter_in_a_damaged_line_never_reaches_the_screen(tmp_path):
    begun(tmp_path)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"n":2,"at":"2026-11-24T12:00:00+09:00","by":"\\ud800","kind":"closed"}\n{"n":3}\n')
    journal = journal_in(tmp_path)
    journal.read()
    assert [entry.by for entry in journal.entries] == ["佐藤"]
    assert journal.broken.line == 2


# ---- what a chain cannot show, and the head that shows it ----


def test_lines_cut_off_at_the_end_show_only_against_a_head_kept_elsewhere(tmp_path):
    journal = begun(tmp_path, "一", "二")
    kept = journal.head
    rows = (tmp_path / NAME).read_bytes().splitlines(keepends=True)
    (tmp_path / NAME).write_bytes(b"".join(rows[:2]))
    assert journal_in(tmp_path).verify().good
    assert not journal_in(tmp_path).verify(kept).good


def test_a_journal_written_anew_shows_only_against_a_head_kept_elsewhere(tmp_path):
    kept = begun(tmp_path, "一").head
    (tmp_path / NAME).unlink()
    begun(tmp_path, "壱")
    assert journal_in(tmp_path).verify().good
    assert not journal_in(tmp_path).verify(kept).good


def test_a_head_kept_earlier_is_found_on_its_line_after_the_journal_has_grown(tmp_path):
    journal = begun(tmp_path, "一")
    kept = journal.head
    journal.append("佐藤", Noted("二"))
    checked = journal_in(tmp_path).verify(f" {kept.upper()}\n")
    assert (checked.good, checked.kept_at, checked.lines) == (True, 2, 3)


def test_a_head_behind_a_break_proves_nothing(tmp_path):
    kept = begun(tmp_path, "一", "二").head
    content = (tmp_path / NAME).read_text(encoding="utf-8").replace("一", "弐")
    (tmp_path / NAME).write_text(content, encoding="utf-8", newline="")
    assert journal_in(tmp_path).verify(kept).kept_at is None


def test_half_a_head_is_refused(tmp_path):
    journal = begun(tmp_path)
    with fault("case.head_unfit"):
        journal.verify(journal.head[:32])


# ---- a torn end ----


@given(data=st.data())
def test_cut_anywhere_the_journal_keeps_every_whole_line_and_goes_on(data):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        begun(folder, "一", "two", "三")
        content = (folder / NAME).read_bytes()
        cut = data.draw(st.integers(0, len(content)))
        (folder / NAME).write_bytes(content[:cut])
        whole, tail = content[:cut].count(b"\n"), content[:cut].rpartition(b"\n")[2]

        journal = journal_in(folder)
        journal.read()
        assert len(journal.entries) == whole
        assert [note.key for note in journal.notes] == ["case.torn"] * bool(tail)
        own = journal.append("佐藤", Noted("後")).own
        assert isinstance(own[0].event, SetAside) == bool(tail)
        assert (folder / NAME).read_bytes().startswith(content[: cut - len(tail)])
        assert journal_in(folder).verify().good
        kept = [path.read_bytes() for path in folder.glob("torn-*.txt")]
        assert kept == ([tail] if tail else [])


@pytest.mark.parametrize("rubbish", [b"\0" * 3000, b'{"n":3\n', b"\xff\xfe\n"])
def test_rubbish_at_the_end_is_set_aside_too(tmp_path, rubbish):
    begun(tmp_path, "一")
    with (tmp_path / NAME).open("ab") as file:
        file.write(rubbish)
    journal = journal_in(tmp_path)
    journal.read()
    assert [(note.key, note.line) for note in journal.notes] == [("case.torn", 3)]
    assert not journal_in(tmp_path).verify().good
    journal.append("佐藤", Noted("二"))
    assert [note.key for note in journal.notes] == ["case.set_aside"]
    assert (tmp_path / "torn-20261124-120000.txt").read_bytes() == rubbish
    assert texts_in(tmp_path) == ["一", "二"]
    assert journal_in(tmp_path).verify().good


def test_two_lines_torn_in_one_second_are_both_kept(tmp_path):
    begun(tmp_path)
    for rubbish in (b"{1", b"{2"):
        with (tmp_path / NAME).open("ab") as file:
            file.write(rubbish)
        journal_in(tmp_path).append("佐藤", Noted("x"))
    assert sorted(path.read_bytes() for path in tmp_path.glob("torn-*")) == [b"{1", b"{2"]
    assert journal_in(tmp_path).verify().good


def test_a_line_that_is_just_being_written_is_no_torn_line(tmp_path):
    writer = begun(tmp_path)
    end = (tmp_path / NAME).stat().st_size
    writer.append("佐藤", Noted("一"))
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(whole[: end + 20])
    reader = journal_in(tmp_path)
    alone = reader._alone

    @contextmanager
    def written_meanwhile():
        (tmp_path / NAME).write_bytes(whole)
        with alone():
            yield

    reader._alone = written_meanwhile
    reader.read()
    assert reader.notes == ()
    assert len(reader.entries) == 2


# ---- the disk refuses ----


class FullDisk(io.FileIO):
    """A file on a disk that takes a few more bytes and then is full."""

    room = 0
    reason = errno.ENOSPC
    undo = True

    def write(self, content):
        taken = super().write(bytes(content)[: self.room])
        self.room -= taken
        if not taken:
            raise OSError(self.reason, os.strerror(self.reason))
        return taken

    def truncate(self, size=None):
        if not self.undo:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().truncate(size)


def on_full_disk(folder, room, **settings):
    def open_file(path, mode):
        file = FullDisk(path, mode)
        for name, value in {"room": room, **settings}.items():
            setattr(file, name, value)
        return file

    return journal_in(folder, open_file=open_file)


@pytest.mark.parametrize(
    ("reason", "key"),
    [
        (errno.ENOSPC, "case.disk_full"),
        (errno.EDQUOT, "case.disk_full"),
        (errno.EROFS, "case.read_only"),
        (errno.ESTALE, "case.vanished"),
        (errno.EIO, "case.not_kept"),
    ],
)
@pytest.mark.parametrize("room", [0, 1, 250])
def test_a_write_that_fails_half_way_leaves_the_journal_as_it_was(tmp_path, room, reason, key):
    begun(tmp_path, "一")
    before = (tmp_path / NAME).read_bytes()
    journal = on_full_disk(tmp_path, room, reason=reason)
    with fault(key):
        journal.append("佐藤", Noted("二"), Noted("三"))
    assert (tmp_path / NAME).read_bytes() == before
    assert [entry.n for entry in journal.entries] == [1, 2]
    journal._open = open_private  # somebody made room
    journal.append("佐藤", Noted("二"))
    assert texts_in(tmp_path) == ["一", "二"]
    assert journal_in(tmp_path).verify().good


def test_a_disk_that_takes_one_byte_at_a_time_still_gets_all(tmp_path):
    class Slow(io.FileIO):
        def write(self, content):
            return super().write(bytes(content)[:1])

    begun(tmp_path)
    journal_in(tmp_path, open_file=Slow).append("佐藤", Noted("一"))
    assert texts_in(tmp_path) == ["一"]


def test_where_a_failed_write_cannot_be_undone_that_is_said(tmp_path):
    begun(tmp_path, "一")
    with fault("case.perhaps_kept"):
        on_full_disk(tmp_path, 100, undo=False).append("佐藤", Noted("二"))
    journal_in(tmp_path).append("佐藤", Noted("三"))
    assert texts_in(tmp_path) == ["一", "三"]
    assert journal_in(tmp_path).verify().good
    assert len(list(tmp_path.glob("torn-*.txt"))) == 1


def test_a_disk_too_full_to_keep_the_torn_line_aside_changes_nothing(tmp_path):
    begun(tmp_path)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"n":2')
    before = (tmp_path / NAME).read_bytes()
    with fault("case.disk_full"):
        on_full_disk(tmp_path, 0).append("佐藤", Noted("一"))
    assert (tmp_path / NAME).read_bytes() == before


def test_without_fsync_nothing_is_acknowledged(tmp_path, monkeypatch):
    journal = begun(tmp_path, "一")
    before = (tmp_path / NAME).read_bytes()

    def fails(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with fault("case.not_kept"):
        journal.append("佐藤", Noted("二"))
    monkeypatch.undo()
    assert (tmp_path / NAME).read_bytes() == before
    assert texts_in(tmp_path) == ["一"]


def test_every_append_is_fsynced_after_its_last_byte(tmp_path, monkeypatch):
    journal = begun(tmp_path)
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    journal.append("佐藤", Noted("一"))
    assert synced == [(tmp_path / NAME).stat().st_size]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_folder_is_read_and_not_written(tmp_path):
    begun(tmp_path, "一")
    (tmp_path / LOCK).unlink()
    tmp_path.chmod(0o500)
    try:
        assert texts_in(tmp_path) == ["一"]
        with fault("case.read_only"):
            journal_in(tmp_path).append("佐藤", Noted("二"))
    finally:
        tmp_path.chmod(0o700)


def test_a_file_that_may_not_be_written_is_named_as_such(tmp_path):
    def refused(path, mode):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    begun(tmp_path, "一")
    with fault("case.read_only"):
        journal_in(tmp_path, open_file=refused).append("佐藤", Noted("二"))
    assert texts_in(tmp_path) == ["一"]


def test_a_folder_that_vanished_is_not_made_anew(tmp_path):
    folder = tmp_path / "case"
    folder.mkdir()
    journal = begun(folder, "一")
    folder.rename(tmp_path / "elsewhere")
    with fault("case.vanished"):
        journal.append("佐藤", Noted("二"))
    with fault("case.vanished"):
        journal.read()
    assert not folder.exists()
    (tmp_path / "elsewhere").rename(folder)
    journal.append("佐藤", Noted("二"))
    assert texts_in(folder) == ["一", "二"]


def test_a_journal_that_vanished_from_its_folder_is_not_begun_anew(tmp_path):
    journal = begun(tmp_path, "一")
    (tmp_path / NAME).unlink()
    with fault("case.vanished"):
        journal.append("佐藤", Noted("二"))
    assert not (tmp_path / NAME).exists()


def test_a_journal_exchanged_while_open_is_not_added_to(tmp_path):
    journal = begun(tmp_path, "一")
    (tmp_path / NAME).unlink()
    begun(tmp_path, "別の記録", "二")
    with fault("case.replaced"):
        journal.append("佐藤", Noted("三"))
    assert texts_in(tmp_path) == ["別の記録", "二"]


# ---- the clock ----


def test_a_clock_set_back_is_recorded_as_it_is_and_pointed_out(tmp_path):
    begun(tmp_path)
    back = NOON - dt.timedelta(hours=2)
    journal = journal_in(tmp_path, now=lambda: back)
    journal.append("佐藤", Noted("一"), Noted("二"))
    assert [entry.at for entry in journal.entries] == [NOON, back, back]
    assert [entry.n for entry in journal.entries] == [1, 2, 3]
    assert [(note.key, note.line) for note in journal.notes] == [("case.clock_backwards", 2)]
    assert journal_in(tmp_path).verify().good


def test_the_same_moment_in_two_time_zones_is_no_clock_set_back(tmp_path):
    begun(tmp_path)
    journal = journal_in(tmp_path, now=lambda: NOON.astimezone(dt.UTC))
    journal.append("佐藤", Noted("一"))
    assert journal.notes == ()


# ---- several processes ----


def test_the_second_writer_learns_what_the_first_one_added(tmp_path):
    first = begun(tmp_path)
    second = journal_in(tmp_path)
    second.read()
    first.append("佐藤", Noted("一"))
    added = second.append("鈴木", Noted("二"))
    assert [(entry.by, entry.event.text) for entry in added.others] == [("佐藤", "一")]
    assert [(entry.by, entry.n) for entry in added.own] == [("鈴木", 3)]
    assert [entry.event.text for entry in first.read()] == ["二"]


def test_who_waits_too_long_is_told_since_when_and_nothing_is_lost(tmp_path):
    journal = begun(tmp_path)
    with FileLock(tmp_path / LOCK), pytest.raises(FaultsError) as caught:
        journal_in(tmp_path, wait=0.02).append("佐藤", Noted("一"))
    assert [(each.key, each.details) for each in caught.value.faults] == [("case.busy", {"since": "12:00:00"})]
    journal.append("佐藤", Noted("一"))
    assert texts_in(tmp_path) == ["一"]


def test_a_lock_file_left_behind_locks_nobody_out(tmp_path):
    begun(tmp_path)
    (tmp_path / LOCK).write_text("4711\nsome-host\n", encoding="utf-8")
    journal_in(tmp_path, wait=0).append("佐藤", Noted("一"))
    assert texts_in(tmp_path) == ["一"]


def test_several_processes_lose_nothing_and_interleave_nothing(tmp_path):
    begun(tmp_path)
    names, times = ("佐藤", "鈴木", "高橋", "田中"), 250
    started = [
        subprocess.Popen([sys.executable, WRITERS, "add", tmp_path, name, str(times)], stdin=-1, stdout=-1)
        for name in names
    ]
    for writer in started:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == b"ready"
    for writer in started:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in started:
        writer.communicate()
        assert writer.returncode == 0
    journal = journal_in(tmp_path)
    journal.read()
    assert journal.verify().good
    assert [entry.n for entry in journal.entries] == list(range(1, len(names) * times + 2))
    for name in names:
        texts = [entry.event.text for entry in journal.entries[1:] if entry.by == name]
        assert texts == [f"{name} {number}" for number in range(times)]
    written = [entry.by for entry in journal.entries]
    assert sum(one != other for one, other in pairwise(written)) > len(names), "they did not write at the same time"


@posix_only
def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(tmp_path):
    begun(tmp_path)
    ran = subprocess.run(
        [sys.executable, WRITERS, "killed", tmp_path, "150"], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr


def test_two_that_begin_the_same_journal_are_told_apart(tmp_path):
    begun(tmp_path, "一")
    with pytest.raises(TakenError):
        begun(tmp_path, "二")
    assert texts_in(tmp_path) == ["一"]


@posix_only
def test_the_files_are_readable_by_their_owner_only(tmp_path):
    begun(tmp_path)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b"{")
    journal_in(tmp_path).append("佐藤", Noted("一"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys((NAME, LOCK, "torn-20261124-120000.txt"), 0o600)
