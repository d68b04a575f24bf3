"""Decision tables: what is printed is what the rules decide, and each body of law's table is held as a file."""

import datetime as dt
import json
import os
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.incidents import TODAY, answers, lawful_facts
from tests.screens import desk

from leakresp.law.decision_table import TRUTHS, decision_table
from leakresp.shell.commands import rules as command
from leakresp.shell.layout import cells, lines
from leakresp.shell.main import main
from leakresp.shell.table_words import TableWords

GOLDEN = Path(__file__).parent / "golden" / "tables"
DAY = dt.date(2026, 11, 26)


@pytest.fixture(scope="module")
def in_force(library):
    return library.rulebook.in_force(DAY)


def duties(in_force):
    return [duty for each in in_force.regimes for duty in (each.report, each.notify) if duty is not None]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_table_of_each_body_of_law_is_the_one_kept(library, in_force, lang):
    phrases = desk(library, lang).phrases
    changed = []
    for regime in in_force.regimes:
        rows = command.table_rows([TableWords(regime, phrases)], phrases)
        shown = [line for line, _ in lines(rows)]
        assert max(map(cells, shown)) <= 80, regime.regime.id
        text = "".join(f"{line.rstrip()}\n" for line in shown)
        file = GOLDEN / f"{regime.regime.id}.{lang}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            changed.append(file.name)
    assert not changed, "look at it, then run with UPDATE_GOLDEN=1"


def test_no_table_is_kept_of_a_body_of_law_that_is_gone(in_force):
    wanted = {f"{each.regime.id}.{lang}.txt" for each in in_force.regimes for lang in ("ja", "en")}
    assert {file.name for file in GOLDEN.iterdir()} == wanted


def test_every_way_in_which_the_parts_can_stand_is_on_some_line(in_force):
    for duty in duties(in_force):
        table = decision_table(duty)
        width = len(table.parts) + len(table.exceptions)
        covered = {way for line in table.lines for way in product(*line.cells)}
        possible = {
            way
            for way in product(TRUTHS, repeat=width)
            if [truth.word for truth in way[len(table.parts) :]].count("yes") < 2
        }
        assert possible <= covered, duty.rule.name


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_known_each_line_that_fits_says_what_the_rules_decide(data, library, in_force):
    known = in_force.presumptions.fill(data.draw(answers(library.rulebook.facts, lawful_facts(in_force))))
    for duty in duties(in_force):
        table = decision_table(duty)
        way = [part.prove(known).truth for part in table.parts]
        way += [condition.prove(known).truth for _, condition in duty.exceptions]
        fitting = {
            line.duty for line in table.lines if all(truth in cell for truth, cell in zip(way, line.cells, strict=True))
        }
        assert fitting == {duty.decide(known).duty}, duty.rule.name


def test_programs_get_the_same_table(capsys):
    assert main(["rules", "show", "my_number", "--table", "--json", "--on", str(TODAY)]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    report = found["duties"]["my_number.report"]
    assert [part["rule"] for part in report["parts"]] == [
        "my_number.systems", "my_number.wrongful", "my_number.mass_exposure", "my_number.over_100_people",
    ]  # fmt: skip
    assert report["exceptions"] == ["not_handling", "released"]
    first = report["lines"][0]
    assert (first["parts"][0], first["duty"]) == (["yes"], "required")


def test_a_name_that_is_no_body_of_law_and_no_name_at_all_are_told_what_to_type(capsys):
    assert main(["rules", "show", "appi.report", "--table"]) == 2
    assert "my_number" in capsys.readouterr().err
    assert main(["rules", "show"]) == 2
    assert "leakresp rules list" in capsys.readouterr().err
