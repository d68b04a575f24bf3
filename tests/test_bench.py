"""The benchmarks run and print their figures; the figures themselves are for people to read."""

import re

import pytest
from bench import engine, made_up, questions
from tests.incidents import reference_cases

from leakresp.law.conditions import RuleWord


def test_the_questions_of_every_reference_case_are_counted(capsys):
    questions.main()
    *table, summary, within = capsys.readouterr().out.splitlines()
    assert len(table) == len(reference_cases("appi.yaml"))
    median, worst = re.findall(r"(?:median|worst) ([\d.]+)", summary)
    assert float(median) <= 8
    assert int(worst) <= 15, "fourteen of the Act's own, and one about duties elsewhere"
    assert within.endswith("cases take at most 8")


@pytest.mark.parametrize("forgetting", [(), RuleWord, object], ids=["memory", "no rules", "no memory"])
def test_the_engine_is_measured_with_and_without_its_memory(forgetting, rulebook, facts):
    stated = made_up.incidents(facts, ["leak", "cause", "data_items", "affected_people"], 50, unknown=0.2)
    made = [{name: facts[name].read(raw) for name, raw in each.items()} for each in stated]
    assert all(rate > 0 for rate in engine.measure(rulebook, made, forgetting))


def test_made_up_incidents_are_valid_and_the_same_in_every_run(facts):
    first, second = (list(made_up.incidents(facts, list(facts), 20, unknown=0.2)) for _ in range(2))
    assert first == second
    for stated in first:
        for name, raw in stated.items():
            facts[name].read(raw)
