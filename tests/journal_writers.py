"""Processes that write cases and are crowded, killed or out of space: ``python journal_writers.py MODE FOLDER …``.

Run by test_journal.py, test_robustness.py and bench/robustness.py. Each mode checks what it did and prints one line of
figures; a failed check ends the process with an error.
"""

import datetime as dt
import errno
import os
import random
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import filelock  # noqa: F401 - once, here: else each process that is killed spends its life importing it

from leakresp.response.case import Noted
from leakresp.shell.case_arrival import settle
from leakresp.shell.cases import NotFoundError, create_case, list_cases, open_case
from leakresp.shell.faults import FaultsError
from leakresp.shell.journal import NAME, Journal

JAPAN = dt.timezone(dt.timedelta(hours=9))
SEED = 20261124


def now():
    return dt.datetime.now(JAPAN)


def journal_in(folder):
    return Journal(Path(folder), now, wait=60)


def texts(journal):
    return [entry.event.text for entry in journal.entries if isinstance(entry.event, Noted)]


# ---- several at once ----


def add(folder, name, times):
    """Add lines as soon as standard input says so, knowing before each what all the others have added."""
    journal = journal_in(folder)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(times)):
        own = journal.append(name, Noted(f"{name} {number}")).own
        assert own[0].n == len(journal.entries), "an entry was numbered without knowing those before it"


def read(folder, torn="whole"):
    """Read on and check from the start, in turns, until standard input ends: nobody may see half of what is written.

    Where writers are killed (``torn``) one of them may have left half a line, to be set aside by the next.
    """
    journal = journal_in(folder)
    print("ready", flush=True)
    os.set_blocking(sys.stdin.fileno(), False)
    looks = 0
    while not looks or not _input_ended():
        looks += 1
        journal.read()
        checked = journal_in(folder).verify()
        assert journal.broken is None, journal.broken
        assert checked.broken is None, checked.broken
        assert torn == "torn" or (checked.good and not journal.notes), (checked.torn, journal.notes)
        assert checked.lines >= len(journal.entries), "lines that were read are gone"
    print(f"{looks} looks at the journal while it was written")


def _input_ended():
    try:
        return os.read(sys.stdin.fileno(), 1) == b""
    except BlockingIOError:
        return False


# ---- killed ----


def killed(folder, rounds):
    """Kill a writer again and again; what it acknowledged must be there, and the chain must hold."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    unacknowledged = 0

    def write(acknowledge):
        journal = journal_in(folder)
        for line in count():
            text = f"{number}.{line}"
            journal.append("writer", Noted(text))
            acknowledge(text)

    for number in range(int(rounds)):
        acknowledged = set(_killed(write, chance, 0.002))
        journal = journal_in(folder)
        journal.read()
        there = set(texts(journal))
        assert acknowledged <= there, f"lost: {sorted(acknowledged - there)}"
        assert journal.broken is None, journal.broken
        unacknowledged += len([text for text in there if text.startswith(f"{number}.")]) - len(acknowledged)
    assert journal_in(folder).verify().good
    print(f"{rounds} killed, {unacknowledged} lines written and not yet acknowledged")


def cases(folder, rounds):
    """Kill somebody who opens one case after another and writes in each, at any moment from the first on."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    acknowledged, half_opened = 0, 0

    def write(acknowledge):
        for line in count():
            name = f"case-{number}.{line}"
            opened = create_case(name, folder, {}, by="writer", now=now)
            acknowledge(name)
            for text in ("一", "二", "三"):
                opened.add("writer", Noted(text), Noted(f"{text}の続き"))
                acknowledge(f"{name} {text}")

    for number in range(int(rounds)):
        said = _killed(write, chance, 0.04, first=False)
        acknowledged += len(said)
        _check_cases(folder, said)
        half_opened += _opened_again(folder, f"case-{number}.{sum(' ' not in line for line in said)}")
    listed = list_cases(folder)
    assert all(case.opened for case in listed)
    print(
        f"{rounds} killed, {acknowledged} acknowledged, {len(listed)} cases, {half_opened} half opened and opened anew"
    )


def _check_cases(folder, said):
    for name in {line.split()[0] for line in said}:
        case = open_case(name, folder, {}, now=now)
        assert case.case.opened is not None
        assert case.journal.verify().good, name
        there = texts(case.journal)
        told = [line.split()[1] for line in said if line.startswith(f"{name} ")]
        assert [text for text in there if text in told] == told, f"{name}: {told} told, {there} there"
        case.add("next", Noted("翌朝"))


def _opened_again(folder, name):
    """Open the case at whose opening somebody may have been killed: it is whole, or its name is free."""
    try:
        open_case(name, folder, {}, now=now).add("next", Noted("翌朝"))
    except NotFoundError:
        there = (Path(folder) / name).exists()
        create_case(name, folder, {}, by="next", now=now)
        return there
    return False


def imports(folder, rounds):
    """Kill somebody who takes in one case after another; each is whole or not there, and nothing else remains."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    files = {NAME: b"x" * 5_000, "sent/a.txt": b"A" * 20_000, "sent/b/c.txt": b"C", "torn-1.txt": b"{"}
    acknowledged, half_done = 0, 0

    def write(acknowledge):
        for line in count():
            name = f"case-{number}.{line}"
            settle(files, name, folder)
            acknowledge(name)

    for number in range(int(rounds)):  # noqa: B007 - the writer reads it
        said = _killed(write, chance, 0.06, first=False)
        acknowledged += len(said)
        half_done += len(list(Path(folder).glob(".import-*")))
        assert set(said) <= {case.name for case in list_cases(folder)}
    settle(files, "last", folder)
    for case in Path(folder).iterdir():
        assert not case.name.startswith(".import-"), case
        found = {path.relative_to(case).as_posix(): path.read_bytes() for path in case.rglob("*") if path.is_file()}
        assert case.name == ".import.lock" or found == files, case
    print(f"{rounds} killed, {acknowledged} taken in, {half_done} cut off in the middle, none of them taken for a case")


def _killed(work, chance, longest, *, first=True):
    """Kill a process in the midst of ``work`` and return what it acknowledged; with ``first`` not before its first."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        os.close(read_end)
        try:
            work(lambda text: os.write(write_end, f"{text}\n".encode()))
        finally:
            os._exit(1)
    os.close(write_end)
    with os.fdopen(read_end) as acknowledged:
        said = [acknowledged.readline().strip()] if first else []
        until = time.perf_counter() + chance.random() * longest
        while time.perf_counter() < until:
            pass
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the writer had ended by itself"
        return said + [line.strip() for line in acknowledged]


# ---- failing ----


def failing(folder, rounds):
    """Write on disks that fail by chance: nothing acknowledged is lost, nothing denied is kept, and work goes on."""
    from tests.faulty_disk import Disk

    failed, acknowledged, perhaps_kept = 0, 0, 0
    for seed in range(int(rounds)):
        chance = random.Random(seed)  # noqa: S311 - no secret
        case = create_case(f"case-{seed}", folder, {}, by="writer", now=now)
        writers = [case.journal, Journal(case.folder, now)]
        expected, perhaps = [], set()
        for number in range(40):
            told = [f"{number}.{part}" + "漏" * chance.randrange(40) for part in range(chance.randint(1, 3))]
            disk = Disk(chance=chance, rate=0.15, reason=chance.choice([errno.EIO, errno.ENOSPC]))
            try:
                with disk.breaks():
                    chance.choice(writers).append("writer", *map(Noted, told))
                expected += told
                acknowledged += len(told)
            except FaultsError as error:
                if error.faults[0].key == "case.perhaps_kept":
                    perhaps |= set(told)
                    expected += told
            failed += disk.failed
            reader = open_case(case.name, folder, {}, now=now).journal
            assert reader.broken is None, reader.broken
            there = texts(reader)
            perhaps_kept += sum(text in perhaps for text in there[len(expected) - len(told) :])
            expected = [text for text in expected if text in there or text not in perhaps]
            assert there == expected, (there, expected)
        case.add("writer", Noted("翌朝"))
        assert case.journal.verify().good
    print(f"{failed} failures of the disk in {rounds} cases, {acknowledged} acknowledged, {perhaps_kept} perhaps kept")


# ---- no space ----


class SmallDisk:
    """The space of a small file system, taken up by a file that can be made smaller."""

    def __init__(self, folder):
        self.ballast = Path(folder) / "ballast"
        space = os.statvfs(folder)
        self.ballast.write_bytes(b"\0" * (space.f_bavail * space.f_frsize - 16_384))

    def give(self, size):
        """Free some space."""
        os.truncate(self.ballast, max(0, self.ballast.stat().st_size - size))


class SmallFiles:
    """The largest size the system lets a file have: where nothing can be mounted, the next best to a full disk."""

    def __init__(self, folder):
        self.largest = 0
        self.give(16_384)

    def give(self, size):
        """Let files grow a little more."""
        import resource

        self.largest += size
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def full(folder, rounds, space):
    """Write until there is no space, again and again; what was acknowledged is there, and nothing else."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    room = (SmallDisk if space == "disk" else SmallFiles)(folder)
    journal = create_case("case", folder, {}, by="writer", now=now).journal
    acknowledged, not_opened = [], 0
    for number in range(int(rounds)):
        while _added(journal, text := f"{number} {'漏' * chance.randrange(2_000)}"):
            acknowledged.append(text)
        case = open_case("case", folder, {}, now=now)
        assert texts(case.journal) == acknowledged
        assert case.notes == ()
        assert case.journal.verify().good
        not_opened += _not_opened(folder, f"new-{number}")
        room.give(8_192)
        _opened_again(folder, f"new-{number}")
    print(f"{rounds} times no space, {len(acknowledged)} acknowledged, {not_opened} cases could not be opened then")


def _added(journal, text):
    return _had_space(lambda: journal.append("writer", Noted(text)))


def _not_opened(folder, name):
    return not _had_space(lambda: create_case(name, folder, {}, by="writer", now=now))


def _had_space(work):
    keys = []
    try:
        work()
    except FaultsError as error:
        keys = [fault.key for fault in error.faults]
    assert keys in ([], ["case.disk_full"]), keys
    return not keys


# ---- these processes run from outside ----

WRITERS = Path(__file__)
MODES = (add, read, killed, cases, imports, failing, full)


def run(*words, before=()):
    """Run a mode and return the line of figures it prints."""
    ran = subprocess.run([*before, sys.executable, WRITERS, *words], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def run_on_a_small_disk(folder, rounds):
    """Run ``full`` on a small file system that goes with the process; ``None`` where none can be mounted."""
    new = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0:
        new += ["--user", "--map-root-user"]
    size = 256 + 9 * rounds  # in kilobytes: each round is given eight
    mounted = f'mount -t tmpfs -o size={size}k,mode=700 leakresp "$1" && shift && exec "$@"'
    small = [*new, "sh", "-c", mounted, "sh", folder]
    try:
        allowed = subprocess.run([*small, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return None
    return run("full", folder, str(rounds), "disk", before=small) if allowed else None


def crowd(folder, names, times, kills):
    """Let all of ``names`` write at once, while one reads, and others are killed; return the seconds it took."""
    writers = [_started("add", folder, name, str(times)) for name in names]
    reader = _started("read", folder, "torn" if kills else "whole")
    for each in (*writers, reader):
        assert each.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for each in writers:
        each.stdin.write("go\n")
        each.stdin.flush()
    run("killed", folder, str(kills))
    for each in writers:
        _ended(each)
    took = time.perf_counter() - began
    _ended(reader)
    return took


def _started(*words):
    return subprocess.Popen([sys.executable, WRITERS, *words], stdin=-1, stdout=-1, stderr=-1, text=True)


def _ended(process):
    _, errors = process.communicate()
    assert process.returncode == 0, errors


if __name__ == "__main__":
    sys.path.insert(0, str(WRITERS.parents[1]))
    next(mode for mode in MODES if mode.__name__ == sys.argv[1])(*sys.argv[2:])
