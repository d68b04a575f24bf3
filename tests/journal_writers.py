"""Processes that write one journal: run by test_journal.py as ``python journal_writers.py add|killed FOLDER …``."""

import datetime as dt
import os
import random
import signal
import sys
import time
from pathlib import Path

from leakresp.response.case import Noted
from leakresp.shell.journal import Journal

JAPAN = dt.timezone(dt.timedelta(hours=9))


def journal_in(folder):
    return Journal(Path(folder), lambda: dt.datetime.now(JAPAN), wait=60)


def add(folder, name, times):
    """Add lines as soon as standard input says so, knowing before each what all the others have added."""
    journal = journal_in(folder)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(times)):
        own = journal.append(name, Noted(f"{name} {number}")).own
        assert own[0].n == len(journal.entries), "an entry was numbered without knowing those before it"


def killed(folder, rounds):
    """Kill a writer again and again; what it acknowledged must be there, and the chain must hold."""
    chance = random.Random(20261124)  # noqa: S311 - no secret
    unacknowledged = 0
    for number in range(int(rounds)):
        acknowledged = _one_killed(folder, number, chance)
        journal = journal_in(folder)
        journal.read()
        there = {entry.event.text for entry in journal.entries if isinstance(entry.event, Noted)}
        assert acknowledged <= there, f"lost: {sorted(acknowledged - there)}"
        assert journal.broken is None, journal.broken
        unacknowledged += len([text for text in there if text.startswith(f"{number}.")]) - len(acknowledged)
    assert journal_in(folder).verify().good
    print(f"{rounds} killed, {unacknowledged} lines written and not yet acknowledged")


def _one_killed(folder, number, chance):
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        os.close(read_end)
        journal, line = journal_in(folder), 0
        while True:
            text = f"{number}.{line}"
            journal.append("writer", Noted(text))
            os.write(write_end, f"{text}\n".encode())
            line += 1
    os.close(write_end)
    with os.fdopen(read_end) as acknowledged:
        first = {acknowledged.readline().strip()}
        until = time.perf_counter() + chance.random() * 0.002
        while time.perf_counter() < until:
            pass
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return first | {line.strip() for line in acknowledged}


if __name__ == "__main__":
    (add if sys.argv[1] == "add" else killed)(*sys.argv[2:])
