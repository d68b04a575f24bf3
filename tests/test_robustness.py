"""Proofs that a case survives: kills, power cuts, full and failing disks, many writers, and whatever is done to its file.

``LEAKRESP_TEST_ROUNDS=10`` runs ten times as many rounds; `make bench` prints the figures of a long run.

A power cut is modelled as file systems behave: what was synced is there; of what was written since, a beginning may be
there, with zeros or nothing behind it.
"""

import datetime as dt
import errno
import hashlib
import io
import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faulty_disk import PowerCut, every_failure
from tests.journal_writers import crowd, run, run_on_a_small_disk

from leakresp.response.case import Answered, Noted, Opened, SetAside
from leakresp.shell.cases import NotFoundError, create_case, list_cases, open_case
from leakresp.shell.faults import FaultsError
from leakresp.shell.journal import NAME, START, Chain, Journal

ROUNDS = int(os.environ.get("LEAKRESP_TEST_ROUNDS", "1"))
JAPAN = dt.timezone(dt.timedelta(hours=9))
NOON = dt.datetime(2026, 11, 24, 12, 0, 0, tzinfo=JAPAN)
TORN_LINE = b'{"n":3,"at":"2026-11-2'
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals and limits")


def journal_in(folder):
    return Journal(folder, lambda: NOON)


def begun(folder, *texts):
    folder.mkdir(parents=True, exist_ok=True)
    journal = journal_in(folder)
    journal.create("佐藤", Opened("case"), *map(Noted, texts))
    return journal


def texts_in(folder):
    journal = journal_in(folder)
    journal.read()
    assert journal.broken is None
    return [entry.event.text for entry in journal.entries if isinstance(entry.event, Noted)]


def goes_on(folder):
    """Tell whether the next entry is kept and the chain verifies behind it."""
    journal_in(folder).append("鈴木", Noted("翌朝"))
    return journal_in(folder).verify().good


# ---- each thing asked of the disk fails in its turn ----


class Night:
    """Somebody who enters three things in one case, and remembers which were acknowledged."""

    def __init__(self, root, *, torn):
        self.root, self.torn = root, torn
        self.acknowledged = {}

    def folder(self, turn):
        return self.root / str(turn)

    def begin(self, turn):
        begun(self.folder(turn), "宵")
        if self.torn:
            with (self.folder(turn) / NAME).open("ab") as file:
                file.write(TORN_LINE)
        self.acknowledged[turn] = ["宵"]

    def work(self, turn):
        journal = journal_in(self.folder(turn))
        for texts in (["夜半"], ["未明", "明け方"], ["朝"]):
            journal.append("佐藤", *map(Noted, texts))
            self.acknowledged[turn] += texts


@pytest.fixture(params=[False, True], ids=["whole", "with a torn line"])
def night(request, tmp_path):
    return Night(tmp_path, torn=request.param)


@pytest.mark.parametrize("reason", [errno.EIO, errno.ENOSPC, errno.EROFS])
def test_whatever_the_disk_refuses_what_was_acknowledged_is_there_and_nothing_that_was_denied(night, reason):
    def check(turn, disk, raised):
        kept, acknowledged = texts_in(night.folder(turn)), night.acknowledged[turn]
        if raised is None:  # refused where the disk is not trusted anyway, such as closing a file already synced
            assert acknowledged == ["宵", "夜半", "未明", "明け方", "朝"]
        else:
            assert isinstance(raised, FaultsError), repr(raised)
        perhaps = raised is not None and raised.faults[0].key == "case.perhaps_kept"
        assert kept[: len(acknowledged)] == acknowledged
        assert perhaps or kept == acknowledged
        assert goes_on(night.folder(turn))
        if night.torn:
            assert TORN_LINE in {path.read_bytes() for path in night.folder(turn).glob("torn-*")}

    assert every_failure(night.begin, night.work, check, reason=reason) >= 13


def test_wherever_the_power_is_cut_what_was_acknowledged_is_there(night):
    def check(turn, disk, raised):
        folder, acknowledged = night.folder(turn), night.acknowledged[turn]
        assert isinstance(raised, PowerCut)
        torn = {path: path.read_bytes() for path in folder.glob("torn-*")}
        for content in disk.after_power_cut(folder / NAME):
            (folder / NAME).write_bytes(content)
            for path in folder.glob("torn-*"):
                path.unlink()
            for path, whole in torn.items():
                path.write_bytes(whole)
            assert texts_in(folder)[: len(acknowledged)] == acknowledged
            assert goes_on(folder)

    assert every_failure(night.begin, night.work, check, cut=True) >= 13


@pytest.mark.parametrize("cut", [False, True], ids=["the disk fails", "the power is cut"])
def test_a_case_half_opened_is_whole_or_its_name_is_free(tmp_path, cut):
    opened = {}

    def begin(turn):
        (tmp_path / str(turn)).mkdir()

    def work(turn):
        case = create_case("case", str(tmp_path / str(turn)), {}, by="佐藤", now=lambda: NOON)
        opened[turn] = case.folder / NAME

    def check(turn, disk, raised):
        cases = tmp_path / str(turn)
        journal = cases / "case" / NAME
        if raised is not None:
            assert isinstance(raised, PowerCut if cut else FaultsError), repr(raised)
        for content in disk.after_power_cut(journal) if cut and journal.exists() else [None]:
            if content is not None:
                journal.write_bytes(content)
            list_cases(str(cases))
            try:
                case = open_case("case", str(cases), {}, now=lambda: NOON)
            except NotFoundError:
                assert turn not in opened
                case = create_case("case", str(cases), {}, by="鈴木", now=lambda: NOON)
            case.add("鈴木", Noted("翌朝"))
            assert case.journal.verify().good
            assert isinstance(case.journal.entries[0].event, Opened | SetAside)

    assert every_failure(begin, work, check, cut=cut) >= 10


def test_a_folder_whose_names_do_not_reach_the_disk_is_not_acknowledged(tmp_path, monkeypatch):
    real = os.fsync

    def fails_for_folders(descriptor):
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no way here to tell a folder by its descriptor")
    monkeypatch.setattr(os, "fsync", fails_for_folders)
    with pytest.raises(FaultsError) as caught:
        create_case("case", str(tmp_path), {}, by="佐藤", now=lambda: NOON)
    assert [fault.key for fault in caught.value.faults] == ["case.perhaps_kept"]


def test_on_disks_that_fail_by_chance_nothing_acknowledged_is_lost_and_nothing_denied_is_kept(tmp_path):
    assert "failures of the disk" in run("failing", tmp_path, str(8 * ROUNDS))


# ---- killed at any moment ----


@posix_only
def test_who_is_killed_while_opening_and_writing_cases_loses_nothing_acknowledged(tmp_path):
    assert "killed" in run("cases", tmp_path, str(80 * ROUNDS))


@posix_only
def test_who_is_killed_while_taking_in_cases_leaves_whole_ones_and_nothing_else(tmp_path):
    assert "killed" in run("imports", tmp_path, str(40 * ROUNDS))


@posix_only
@pytest.mark.parametrize("kills", [0, 20 * ROUNDS], ids=["nobody killed", "others killed"])
def test_many_writers_lose_nothing_and_interleave_nothing_and_readers_see_whole_lines(tmp_path, kills):
    begun(tmp_path)
    names, times = ("佐藤", "鈴木", "高橋"), 400 * ROUNDS
    crowd(tmp_path, names, times, kills)
    journal = journal_in(tmp_path)
    journal.read()
    assert journal.verify().good
    assert [entry.n for entry in journal.entries] == list(range(1, len(journal.entries) + 1))
    noted = [(entry.by, entry.event.text) for entry in journal.entries if isinstance(entry.event, Noted)]
    for name in names:
        assert [text for by, text in noted if by == name] == [f"{name} {number}" for number in range(times)]
    changes = sum(one[0] != other[0] for one, other in pairwise(noted))
    assert changes > len(names), "they did not write at the same time"


# ---- no space left ----


@posix_only
def test_on_a_full_disk_nothing_acknowledged_is_lost_and_work_goes_on_when_there_is_space(tmp_path):
    told = run_on_a_small_disk(tmp_path, 80 * ROUNDS)
    if told is None:
        pytest.skip("no small file system can be mounted here")
    assert "no space" in told
    assert not list(tmp_path.iterdir())


@posix_only
def test_where_files_may_grow_no_further_nothing_acknowledged_is_lost(tmp_path):
    assert "no space" in run("full", tmp_path, str(50 * ROUNDS), "files")


# ---- whatever is done to the file ----


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """The lines of a journal of seven entries."""
    folder = tmp_path_factory.mktemp("rows") / "case"
    begun(folder, "一", "two", "三")
    journal = journal_in(folder)
    journal.append("鈴木", Answered({"cause": "ransomware"}), Noted("四"))
    journal.append("佐藤", Noted("四"))
    return (folder / NAME).read_bytes().splitlines(keepends=True)


def found(rows):
    """Return the chain of lines read anew."""
    chain = Chain("journal.jsonl")
    list(chain.read(io.BytesIO(b"".join(rows))))
    return chain


def first_wrong_line(rows):
    wrong = found(rows).broken or found(rows).torn
    return wrong.line if wrong else None


@given(data=st.data())
def test_lines_removed_doubled_swapped_or_put_elsewhere_are_reported_where_the_first_is_wrong(rows, data):
    edited = data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=9))
    differing = (place for place, row in enumerate(edited, 1) if rows[place - 1 : place] != [row])
    assert first_wrong_line(edited) == next(differing, None)


@pytest.mark.parametrize("kind", ["removed", "doubled", "swapped", "inserted"])
def test_every_single_line_that_is_moved_is_reported_at_its_place(rows, kind):
    for place in range(len(rows) - 1):
        edited = {
            "removed": rows[:place] + rows[place + 1 :],
            "doubled": rows[: place + 1] + rows[place:],
            "swapped": [*rows[:place], rows[place + 1], rows[place], *rows[place + 2 :]],
            "inserted": [*rows[:place], rows[-1], *rows[place:]],
        }[kind]
        assert first_wrong_line(edited) == place + 1 + (kind == "doubled")


@given(data=st.data())
def test_a_byte_changed_added_or_taken_out_anywhere_is_reported_on_its_line(rows, data):
    content = bytearray(b"".join(rows))
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    match data.draw(st.sampled_from(["changed", "added", "taken out"])):
        case "changed":
            content[place] = byte
        case "added":
            content.insert(place, byte)
        case _:
            del content[place]
    edited = io.BytesIO(bytes(content)).readlines()
    differing = (n for n, (one, other) in enumerate(zip(edited, rows, strict=False), 1) if one != other)
    shorter = None if len(edited) == len(rows) else min(len(edited), len(rows)) + 1
    assert first_wrong_line(edited) == next(differing, shorter)


def resealed(rows, place, change):
    """Return the lines as a forger would leave them: one changed, and every seal from there on made anew."""
    head, forged = (json.loads(rows[place - 1])["hash"] if place else START), rows[:place]
    for row in rows[place:]:
        line = {**json.loads(row), "prev": head}
        del line["hash"]
        change(line)
        bare = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
        head = hashlib.sha256(bare).hexdigest()
        forged = [*forged, bare[:-1] + f',"hash":"{head}"}}\n'.encode()]
    return forged


# What a chain alone cannot show. Both are found only with a head kept elsewhere, and only up to the line it was kept at.


def test_a_chain_alone_cannot_show_that_lines_were_cut_off_at_its_end(rows):
    for kept in range(1, len(rows) + 1):
        assert first_wrong_line(rows[:kept]) is None


def test_a_chain_alone_cannot_show_that_it_was_forged_and_sealed_anew(rows):
    for place in range(1, len(rows)):
        assert first_wrong_line(resealed(rows, place, lambda line: line.update(by="鈴木"))) is None


@pytest.mark.parametrize("kept_at", range(1, 8))
def test_with_a_head_kept_elsewhere_every_cut_and_every_forgery_up_to_its_line_shows(tmp_path, rows, kept_at):
    kept = json.loads(rows[kept_at - 1])["hash"]
    for place in range(1, len(rows)):
        for edited in (rows[:place], resealed(rows, place, lambda line: line.update(by="別人"))):
            (tmp_path / NAME).write_bytes(b"".join(edited))
            checked = journal_in(tmp_path).verify(kept)
            assert checked.broken is None
            assert checked.good == (place >= kept_at)
            assert checked.kept_at == (kept_at if checked.good else None)
