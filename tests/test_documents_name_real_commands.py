"""What README.md and CONTRIBUTING.md tell a stranger to type exists, and .ci/run types it too."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_ci_types_what_the_readme_says_about_testing():
    for command in ('pip install ".[test]"', "pytest"):
        assert re.search(rf"^\s*{re.escape(command)}$", read("README.md"), re.MULTILINE)
        words = command.replace("pip install", "pip install --quiet")
        assert re.search(rf"^{re.escape(words)}$", read(".ci/run"), re.MULTILINE)


def test_every_make_command_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = set()
    for name in ("README.md", "CONTRIBUTING.md", ".pre-commit-config.yaml"):
        named |= set(re.findall(r"\bmake ([a-z]+)\b(?=[`,}])", read(name)))
    assert named
    assert named <= targets
