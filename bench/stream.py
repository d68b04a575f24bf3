"""``assess --jsonl``: incidents a second on one core, with two processes, and the memory it takes.

All bodies of law, actions and papers are worked out for each. Two mixtures: incidents like the reference cases with
everything else about them answered (organisation, days, words for the papers), and every fact of the vocabulary drawn
evenly, which no two incidents share and is the worst a stream can be. Rates are per second of processor time; the time
to start is measured apart and taken off.
"""

import json
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

from bench.made_up import incidents, like

from leakresp.shell import library
from leakresp.shell.documents import read_document

FEW, MANY = 10_000, 100_000
CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "appi.yaml"


def main():
    """Print the figures, one a line."""
    facts = library.load().rulebook.facts
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        one, few, many = (write(folder / f"{number}.jsonl", usual(facts, number)) for number in (1, FEW, MANY))
        worst = write(folder / "worst.jsonl", incidents(facts, list(facts), FEW))
        first, second = (
            write(folder / f"half{part}.jsonl", islice(usual(facts, MANY), part, None, 2)) for part in range(2)
        )
        assess([one])
        start = assess([one])
        small, large, evenly, halves = assess([few]), assess([many]), assess([worst]), assess([first, second])
    rate = MANY / (large.processor - start.processor)
    print(f"like the reference cases, answered in full  {rate:7,.0f}/s a core  (goal: at least 5,000/s)")
    print(f"every fact drawn evenly                     {FEW / (evenly.processor - start.processor):7,.0f}/s a core")
    gain = (large.wall - start.wall) / (halves.wall - start.wall)
    print(f"two processes, half each                    {gain:7.2f}x  (goal: at least 1.7x)")
    print(f"peak memory at {FEW:,} / {MANY:,} lines     {small.peak:7.1f} / {large.peak:.1f} MiB  (goal: constant)")


def usual(facts, number):
    """Yield incidents like the reference cases, with all that the cases leave out of the papers answered."""
    cases = [case["facts"] for case in read_document(CASES.read_text(encoding="utf-8"), CASES.name).data]
    told = {name for case in cases for name in case}
    others = incidents(facts, [name for name in facts if name not in told or facts[name].kind == "day"], number)
    for stated, other in zip(like(cases, number, 0.0), others, strict=True):
        yield other | stated


def write(file, made):
    """Write one incident a line and return the file."""
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"facts": stated}, ensure_ascii=False) + "\n" for stated in made)
    return file


def assess(files):
    """Assess each file in a process of its own, all at once, and return what they used."""
    commands = [[sys.executable, "-m", "leakresp", "assess", "--jsonl", str(file)] for file in files]
    measuring = [sys.executable, "-m", "bench.used", json.dumps(commands)]
    done = subprocess.run(measuring, check=True, stdout=subprocess.PIPE)
    return SimpleNamespace(**json.loads(done.stdout))


if __name__ == "__main__":
    main()
