"""The README files: their sessions are what the tool prints, and both languages tell the same."""

import re
import shutil

import pytest
from tests.console import FENCED, ROOT, Console, blocks, read

READMES = ("README.md", "README.ja.md")


@pytest.fixture
def console(tmp_path, monkeypatch):
    """A shell in a folder of its own that holds the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return Console(monkeypatch)


def typed_lines(text):
    """Return the indented lines, which a reader may type as they stand."""
    return re.findall(r"^ {4}(\S.*)$", FENCED.sub("", text), re.MULTILINE)


@pytest.mark.parametrize("name", READMES)
def test_the_session_is_what_the_tool_prints(name, console):
    sessions = blocks(read(name), "console")
    assert sessions
    for block in sessions:
        console.follow(block)


@pytest.mark.parametrize("name", READMES)
def test_the_session_shows_assess_with_its_exit_code_next_why_and_a_draft(name):
    typed = "\n".join(blocks(read(name), "console"))
    commands = ("assess", "next", "why", "draft-notice")
    assert [command for command in commands if f"$ leakresp {command} " not in typed] == []
    assert re.search(r"--exit-code\n(.*\n)*\$ echo \$\?\n10$", typed, re.MULTILINE)


@pytest.mark.parametrize("name", READMES)
def test_each_command_of_the_set_up_stands_alone_so_that_any_shell_takes_it(name):
    lines = typed_lines(read(name))
    assert lines[:4] == ["pip install .", "leakresp triage", 'pip install ".[test]"', "pytest"]
    assert not [line for line in lines if "&&" in line or ";" in line]


def test_both_languages_name_the_same_commands_and_the_same_codes():
    english, japanese = map(read, READMES)
    assert typed_lines(english) == typed_lines(japanese)
    codes = re.compile(r"^\| (\d+) \|", re.MULTILINE)
    assert codes.findall(english) == codes.findall(japanese) == ["0", "1", "2", "3", "4", "10", "11"]


def test_both_languages_have_the_same_parts():
    shape = re.compile(r"^(#+|- |\|)", re.MULTILINE)
    english, japanese = map(read, READMES)
    assert shape.findall(english) == shape.findall(japanese)


def test_both_languages_lead_to_the_same_files():
    link = re.compile(r"\]\(([^)]+)\)")
    english, japanese = (set(link.findall(read(name))) for name in READMES)
    assert {target.replace(".ja.md", ".md") for target in japanese} == english - {"README.ja.md"} | {"README.md"}
