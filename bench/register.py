"""The register of a thousand cases: read from their journals, and from the snapshot. Goal: under two seconds."""

import contextlib
import datetime as dt
import io
import os
import tempfile
import time
from pathlib import Path

from leakresp.response.assessment import Assessor
from leakresp.response.case import Answered, Noted, Opened, ruled
from leakresp.shell import library
from leakresp.shell.commands import cases, clock
from leakresp.shell.journal import Journal

CASES = 1000
NOTES = 100
JAPAN = dt.timezone(dt.timedelta(hours=9))
INCIDENTS = (
    {
        "cause": "ransomware",
        "leak": "suspected",
        "unusable": "confirmed",
        "data_items": ["name", "email"],
        "affected_people": "500..3000",
    },
    {
        "cause": "bcc_mistake",
        "wrongful_act": "ruled_out",
        "leak": "confirmed",
        "data_items": ["email"],
        "data_items_complete": "yes",
        "affected_people": "950",
    },
    {"cause": "lost_device", "leak": "suspected", "data_items": "unknown"},
)


def _make(root):
    """Write a thousand cases, each as long as a real one, without waiting for the disk."""
    shelf = library.load()
    facts, assessor = shelf.rulebook.facts, Assessor(shelf.rulebook, shelf.papers)
    for number in range(CASES):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=number)
        stated = INCIDENTS[number % len(INCIDENTS)] | {"discovered_on": str(day)}
        found = assessor.assess({fact: facts[fact].read(raw) for fact, raw in stated.items()}, None, day)
        folder = root / f"case-{number:04}"
        folder.mkdir()
        moment = dt.datetime.combine(day, dt.time(9), JAPAN)
        notes = [Noted(f"調査会社から{each}回目の連絡を受けた。") for each in range(NOTES)]
        journal = Journal(folder, lambda moment=moment: moment)
        journal.create("bench", Opened(folder.name), Answered(stated, "choice"), ruled(found), *notes)


def _seconds(command):
    begun = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        command()
    return time.perf_counter() - begun


def main():
    """Print the figures, one a line."""
    shared = {"rules": None, "as_json": False, "plain": True, "lang": None}
    with tempfile.TemporaryDirectory() as place:
        fsync, os.fsync = os.fsync, lambda _: None
        try:
            _make(Path(place))
        finally:
            os.fsync = fsync

        def register():
            cases.run(not_reported=False, year=None, csv=None, folder=place, **shared)

        def due():
            clock.run(cases=[], add=None, done=None, drop=None, ics=None, folder=place, by=None, **shared)

        first, again, dates = _seconds(register), _seconds(register), _seconds(due)
        print(
            f"register: {CASES:,} cases of {NOTES + 3} events read in {first:.2f} s, from the snapshot in {again:.2f} s  (goal: under 2)"
        )
        print(f"clock: everything due in {CASES:,} open cases in {dates:.2f} s")


if __name__ == "__main__":
    main()
