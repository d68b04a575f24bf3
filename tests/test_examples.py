"""The examples: each comes to the result it is meant to show, and the runbooks act on it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.console import ROOT
from tests.incidents import TODAY

import leakresp
from leakresp.shell.answers import read_file, read_given
from leakresp.shell.documents import read_document

EXAMPLES = ROOT / "examples"
#: What each file comes to: the verdict, the situations of article 26 that hold, and the days for the final report.
EXPECTED = {
    "one_patient.yaml": ("required", {"sensitive_data"}, 30),
    "ransomware.yaml": ("required", {"wrongful_purpose", "over_1000_people"}, 60),
    "staff_data_attack.yaml": ("required", {"wrongful_purpose", "over_1000_people"}, 60),
    "contractor_email.yaml": ("required", {"over_1000_people"}, 30),
    "insider_sale.yaml": ("required", {"wrongful_purpose", "over_1000_people"}, 60),
    "siem.json": ("required", {"wrongful_purpose", "over_1000_people"}, 60),
}
STREAM = ["required", "not_required", "undetermined", "released"]

NOT_REQUIRED, UNDETERMINED = 1, 2  # lines of incidents.jsonl


def assess(assessor, facts, name):
    return assessor.assess(read_file((EXAMPLES / name).read_bytes(), name, facts).answers, None, TODAY)


def test_every_example_file_is_held_to_its_result():
    assert {path.name for path in EXAMPLES.iterdir() if path.suffix in {".yaml", ".json"}} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_comes_to_its_result(name, assessor, facts):
    verdict, holding, days = EXPECTED[name]
    assessment = assess(assessor, facts, name)
    result = assessment.regime("appi")
    assert assessment.verdict == verdict
    assert {criterion for criterion, proof in result.criteria.items() if proof.truth.word == "yes"} == holding
    assert next(clock.term.days for clock in result.clocks if clock.id == "final_report") == days


def test_the_attack_decides_about_a_thousand_employees_whatever_their_number(assessor, facts):
    answers = read_file((EXAMPLES / "staff_data_attack.yaml").read_bytes(), "", facts).answers
    few = answers | {"affected_people": facts["affected_people"].read("1")}
    assert assessor.assess(few, None, TODAY).regime("appi").report.duty == "required"


def test_my_number_data_that_may_be_there_bring_their_own_law_in(assessor, facts):
    assert assess(assessor, facts, "staff_data_attack.yaml").regime("my_number").report.duty == "required"


def test_a_finance_firm_is_sent_to_its_supervisor_whether_that_is_the_state_or_a_governor(assessor, facts):
    recipients = assess(assessor, facts, "contractor_email.yaml").regime("appi").recipients
    assert {"finance_authority", "finance_governor"} <= {recipient.id for recipient in recipients}


def test_the_stream_shows_every_verdict_once(assessor, facts):
    found = []
    for number, line in enumerate((EXAMPLES / "incidents.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        given = read_given(read_document(line, f"incidents.jsonl:{number}"), facts)
        assert given.incident["title"]
        found.append(assessor.assess(given.answers, None, TODAY).verdict)
    assert found == STREAM


# Runbooks -----------------------------------------------------------------------------------------------------------------

RUNBOOKS = {"bash": "runbook.sh", "pwsh": "runbook.ps1"}


@pytest.fixture(params=RUNBOOKS)
def runbook(request, tmp_path):
    """Run a runbook on an incident and return the finished process and the folder it kept things in."""
    shell = shutil.which(request.param)
    if shell is None or (request.param == "bash" and sys.platform == "win32"):
        pytest.skip(f"needs {request.param}")
    called = tmp_path / "bin"
    called.mkdir()
    if sys.platform == "win32":
        (called / "leakresp.cmd").write_text(f'@"{sys.executable}" -m leakresp %*\n', encoding="utf-8")
    else:
        (called / "leakresp").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m leakresp "$@"\n', encoding="utf-8")
        (called / "leakresp").chmod(0o755)
    environment = os.environ | {
        "PATH": os.pathsep.join((str(called), os.environ["PATH"])),
        "PYTHONPATH": str(Path(leakresp.__file__).parent.parent),
    }

    def run(incident):
        kept = tmp_path / "kept"
        done = subprocess.run(
            [shell, str(EXAMPLES / RUNBOOKS[request.param]), str(incident), str(kept)],
            env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip
        return done, kept

    return run


def line_of_stream(number, folder):
    path = folder / "incident.json"
    path.write_text((EXAMPLES / "incidents.jsonl").read_text(encoding="utf-8").splitlines()[number], encoding="utf-8")
    return path


def verdict_kept(folder):
    return json.loads((folder / "assessment.json").read_text(encoding="utf-8"))["verdict"]


def test_a_runbook_drafts_the_preliminary_report_when_a_report_is_required(runbook):
    done, kept = runbook(EXAMPLES / "siem.json")
    assert done.returncode == 10, done.stderr
    assert verdict_kept(kept) == "required"
    assert (kept / "preliminary_report.md").read_text(encoding="utf-8").startswith("# 漏えい等報告")
    assert "A report is required" in done.stdout


def test_a_runbook_prints_the_next_question_while_it_cannot_tell(runbook, tmp_path):
    done, kept = runbook(line_of_stream(UNDETERMINED, tmp_path))
    assert done.returncode == 11, done.stderr
    assert verdict_kept(kept) == "undetermined"
    question = json.loads((kept / "next_question.json").read_text(encoding="utf-8"))
    assert question["text"] in done.stdout


def test_a_runbook_keeps_the_reasons_when_no_report_is_due(runbook, tmp_path):
    done, kept = runbook(line_of_stream(NOT_REQUIRED, tmp_path))
    assert done.returncode == 0, done.stderr
    assert verdict_kept(kept) == "not_required"
    assert not (kept / "preliminary_report.md").exists()


def test_a_runbook_stops_at_a_wrong_file_and_keeps_no_decision(runbook, tmp_path):
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"facts": {"leak": "maybe"}}', encoding="utf-8")
    done, kept = runbook(wrong)
    assert done.returncode == 4
    assert "wrong.json:1: facts.leak" in done.stderr
    assert not (kept / "assessment.json").exists()


def test_a_runbook_keeps_what_it_found_from_others(runbook):
    _, kept = runbook(EXAMPLES / "siem.json")
    if os.name == "posix" and (kept / "assessment.json").stat().st_mode & 0o077:
        pytest.fail("others may read the decision")


def test_old_powershell_reads_its_runbook_whatever_the_code_page():
    assert (EXAMPLES / "runbook.ps1").read_bytes().isascii()
