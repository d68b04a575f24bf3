"""The journal: opening a case of 10,000 events against plain JSON, checking it, and adding to it with fsync."""

import datetime as dt
import json
import tempfile
import time
from pathlib import Path

from leakresp.response.case import Answered, Noted, Opened, Stepped, replay
from leakresp.shell import library
from leakresp.shell.journal import Journal

EVENTS = 10_000
ACTIONS = 150
ROUNDS = 5
APPENDS = 500
JAPAN = dt.timezone(dt.timedelta(hours=9))


def _events():
    """Yield what a long incident would leave: answers, steps over as many actions as the rules know, and notes."""
    for number in range(0, EVENTS - 1, 3):
        yield Answered({"cause": "ransomware", "medium": ["electronic"]}, "choice", "what_happened", "ransomware")
        yield Stepped(f"action_{number % ACTIONS}", "done", note="サーバー室の3台の線を抜いた。電源は入れたまま。")
        yield Noted("会員サーバーの画面に脅迫文が出ているのを、夜勤の担当者が見つけた。", "2026-11-20T21:40+09:00")


def _best(work):
    """Return the shortest of several runs, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def main():
    """Print the figures, one a line."""
    facts = library.load().rulebook.facts

    def now():
        return dt.datetime.now(JAPAN)

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        Journal(folder, now).create("bench", Opened("bench"), *_events())

        def opened():
            journal = Journal(folder, now)
            journal.read()
            return replay(journal.entries, facts)

        def plain():
            with (folder / "journal.jsonl").open(encoding="utf-8") as file:
                return [json.loads(line) for line in file]

        ours, bare, checking = _best(opened), _best(plain), _best(lambda: Journal(folder, now).verify())
        size = (folder / "journal.jsonl").stat().st_size
        print(
            f"journal: {EVENTS:,} events ({size / 1e6:.1f} MB) opened in {ours * 1000:.0f} ms, plain json {bare * 1000:.0f} ms"
        )
        print(f"journal: opened / plain json = {ours / bare:.2f}  (goal: at most 3)")
        print(f"journal: verified {EVENTS / checking:,.0f} lines/s")

    with tempfile.TemporaryDirectory() as place:
        journal = Journal(Path(place), now)
        journal.create("bench", Opened("bench"))
        begun = time.perf_counter()
        for number in range(APPENDS):
            journal.append("bench", Noted(f"note {number}"))
        each = (time.perf_counter() - begun) / APPENDS
        print(f"journal: {1 / each:,.0f} appends/s, each locked, read on and fsynced ({each * 1000:.2f} ms)")


if __name__ == "__main__":
    main()
