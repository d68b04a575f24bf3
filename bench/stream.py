"""``assess --jsonl``: complete incidents a second on one core, with two processes, and the memory it takes.

Every incident answers every fact (all bodies of law, actions and papers are worked out), each in its own way: the
worst a stream can be. The time to start is measured apart and taken off.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.made_up import incidents

from leakresp.shell import library

FEW, MANY = 10_000, 100_000


def main():
    """Print the figures, one a line."""
    facts = library.load().rulebook.facts
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = {number: folder / f"{number}.jsonl" for number in (1, FEW, MANY)}
        for number, file in files.items():
            write(file, incidents(facts, list(facts), number))
        assess([files[1]])
        start, _ = assess([files[1]])
        few, few_memory = assess([files[FEW]])
        many, many_memory = assess([files[MANY]])
        rate = MANY / (many - start)
        print(f"assess --jsonl, complete answers         {rate:9,.0f}/s a core  (goal: at least 5,000/s)")
        print(f"the same over {FEW:,} lines              {FEW / (few - start):9,.0f}/s")
        halves = [folder / "first.jsonl", folder / "second.jsonl"]
        for half, part in zip(halves, (0, 1), strict=True):
            write(half, list(incidents(facts, list(facts), MANY))[part::2])
        both, _ = assess(halves)
        print(
            f"with two processes                       {(many - start) / (both - start):9.2f}x  (goal: at least 1.7x)"
        )
        print(f"peak memory at {FEW:,} / {MANY:,} lines  {few_memory:6.1f} / {many_memory:.1f} MiB")


def write(file, made):
    """Write one incident a line."""
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"facts": stated}, ensure_ascii=False) + "\n" for stated in made)


def assess(files):
    """Assess each file in a process of its own, all at once; return seconds and the peak memory of one in MiB."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "leakresp", "assess", "--jsonl"]
    running = [subprocess.Popen([*command, str(file)], stdout=subprocess.DEVNULL) for file in files]
    peak = 0
    for process in running:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"assess --jsonl ended with {process.returncode}")
        peak = max(peak, used.ru_maxrss)
    return time.perf_counter() - begun, peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


if __name__ == "__main__":
    main()
