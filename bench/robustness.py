"""What a case was made to bear, with figures: kills, failing and full disks, many writers, and every bit turned over.

A figure is printed only after it was checked that nothing acknowledged was lost and every chain verifies.
"""

import io
import tempfile
from pathlib import Path

from tests.journal_writers import crowd, journal_in, run, run_on_a_small_disk

from leakresp.response.case import Noted, Opened
from leakresp.shell.journal import NAME, Chain

WRITERS = ("佐藤", "鈴木", "高橋", "田中")
TIMES = 1_000
LINES = 12


def _in_a_folder(work):
    with tempfile.TemporaryDirectory() as place:
        return work(Path(place))


def _begun(folder, *notes):
    journal = journal_in(folder)
    journal.create("bench", Opened("bench"), *map(Noted, notes))
    return journal


def _killed(folder):
    _begun(folder)
    return run("killed", folder, "300")


def _crowd(folder, kills):
    _begun(folder)
    took = crowd(folder, WRITERS, TIMES, kills)
    journal = journal_in(folder)
    assert journal.verify().good
    journal.read()
    number = sum(entry.by in WRITERS and isinstance(entry.event, Noted) for entry in journal.entries)
    assert number == len(WRITERS) * TIMES
    beside = f", {kills} others killed beside them" if kills else ""
    return f"{len(WRITERS)} processes, {number:,} appends, {number / took:,.0f} a second{beside}"


def _flipped(folder):
    _begun(folder, *(f"{number} 会員サーバーの画面に脅迫文が出ている。" for number in range(LINES)))
    content = bytearray((folder / NAME).read_bytes())
    for place in range(len(content)):
        for bit in range(8):
            content[place] ^= 1 << bit
            chain = Chain(NAME)
            list(chain.read(io.BytesIO(content)))
            wrong = chain.broken or chain.torn
            assert wrong is not None
            content[place] ^= 1 << bit
            assert wrong.line == content[:place].count(b"\n") + 1
    return f"{8 * len(content):,} single bits turned over, each reported on its line"


def main():
    """Print the figures, one a line."""
    for name, work in (
        ("writing", _killed),
        ("opening and writing", lambda folder: run("cases", folder, "300")),
        ("taking in", lambda folder: run("imports", folder, "200")),
        ("failing disk", lambda folder: run("failing", folder, "40")),
        ("full disk", lambda folder: run_on_a_small_disk(folder, 200) or "no small file system can be mounted here"),
        ("files at their largest", lambda folder: run("full", folder, "100", "files")),
        ("many writers", lambda folder: _crowd(folder, 0)),
        ("many writers", lambda folder: _crowd(folder, 60)),
        ("journal", _flipped),
    ):
        print(f"robustness: {name}: {_in_a_folder(work)}")


if __name__ == "__main__":
    main()
