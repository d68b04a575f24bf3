"""Whoever runs the batches, the letters and what is recorded of them are the same to the byte."""

import csv
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.desk_clock import leakresp

from leakresp.papers.letters import ENGINES, by_executor
from leakresp.papers.letters import order as orders

__all__ = ["leakresp"]

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "tests" / "golden" / "papers" / "ransomware_with_a_possible_leak" / "answers.yaml"


@pytest.fixture
def write(leakresp, tmp_path, monkeypatch):
    """Write letters to thirty persons in small batches; return the files by name."""
    monkeypatch.setattr(orders, "BATCH", 4)
    monkeypatch.setattr(orders, "BATCHES", {})
    people = tmp_path / "list.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        rows = [("架空 太郎", "100-0001", f"東京都千代田区架空町{number}番地") for number in range(30)]
        csv.writer(file).writerows([("氏名", "郵便番号", "住所"), *rows])

    def written(name, words):
        out = tmp_path / name
        listed = f"draft-notice letter --answers '{ANSWERS}' --recipients '{people}' --into csv"
        leakresp.fine(f"{listed} --write -o '{out}' {words}")
        return {path.name: path.read_bytes() for path in out.iterdir() if path.suffix != ".lock"}

    return written


def test_an_executor_of_ones_own_writes_what_this_machine_writes(write, monkeypatch):
    with ThreadPoolExecutor(3) as pool:
        monkeypatch.setitem(ENGINES, "own", by_executor(pool))
        assert write("own", "--engine own --jobs 3") == write("one", "--jobs 1")


def test_the_example_hands_the_work_to_the_cluster_it_connects_to(monkeypatch):
    """Dask's client is stood in for: what counts is that the command gets all words, and the cluster's cores."""

    pytest.importorskip("dask")

    class Client:
        def __init__(self, address):
            self.address = address

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def get_executor(self, **_):
            return ThreadPoolExecutor(1)

        def ncores(self):
            return {"a": 3, "b": 5}

    from leakresp.shell import main as shell

    typed = []
    monkeypatch.setitem(sys.modules, "dask.distributed", types.SimpleNamespace(Client=Client))

    def type_in(words):
        typed.extend(words)
        return 0

    monkeypatch.setattr(shell, "main", type_in)
    monkeypatch.setattr(sys, "argv", ["letters_on_dask.py", "tcp://scheduler:8786", "draft-notice", "letter"])
    script = (ROOT / "examples" / "letters_on_dask.py").read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        exec(compile(script, "letters_on_dask.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own example
    ENGINES.pop("cluster")
    assert left.value.code == 0
    assert typed == ["draft-notice", "letter", "--engine", "cluster", "--jobs", "8"]
