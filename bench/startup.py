"""How long a command takes to start, in multiples of ``python -c pass`` measured between the same runs."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
ANSWERS = {
    "organisation_type": "business",
    "cause": "unauthorized_access",
    "leak": "suspected",
    "record_kind": "personal_data",
    "data_items": ["name", "email", "credit_card_number"],
    "data_items_complete": "no",
    "affected_people": "500..3000",
    "discovered_on": "2026-11-20T09:30+09:00",
}


def main():
    """Print the figures, one a line."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        as_json, as_yaml, empty = folder / "a.json", folder / "a.yaml", folder / "empty.json"
        as_json.write_text(json.dumps({"facts": ANSWERS}), encoding="utf-8")
        lines = [f"  {fact}: {json.dumps(value)}\n" for fact, value in ANSWERS.items()]
        as_yaml.write_text("facts:\n" + "".join(lines), encoding="utf-8")
        empty.write_text('{"facts": {}}', encoding="utf-8")
        commands = {
            "--version": (["--version"], 2),
            "--help": (["--help"], 7),
            "assess FILE.yaml --json": (["assess", str(as_yaml), "--json"], 12),
            "assess FILE.json --json": (["assess", str(as_json), "--json"], 12),
            "first question (next)": (["next", "--answers", str(empty), "--json"], 25),
        }
        environment = os.environ | {"LEAKRESP_CACHE": str(folder / "cache")}
        words = {name: [sys.executable, "-m", "leakresp", *options] for name, (options, _) in commands.items()}
        words["python -c pass"] = [sys.executable, "-c", "pass"]
        times: dict[str, list[float]] = {name: [] for name in words}
        for round_ in range(-1, ROUNDS):  # the first round fills the caches and is not counted
            for name, command in words.items():
                taken = _timed(command, environment)
                if round_ >= 0:
                    times[name].append(taken)
    base = statistics.median(times["python -c pass"])
    print(f"{'python -c pass':28} {base * 1000:6.0f} ms   1.0x  (median of {ROUNDS})")
    for name, (_, goal) in commands.items():
        middle = statistics.median(times[name])
        print(f"{name:28} {middle * 1000:6.0f} ms {middle / base:5.1f}x  (goal: at most {goal}x)")


def _timed(command, environment):
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
