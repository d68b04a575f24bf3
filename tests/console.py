"""What the documents tell a reader to type, typed: fenced blocks found, commands run, output compared."""

import contextlib
import datetime as dt
import io
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from leakresp.law.vocabulary import JAPAN
from leakresp.shell import desk, main

ROOT = Path(__file__).resolve().parent.parent
#: The moment at which the documents' sessions were typed: their days left are counted from it.
THEN = dt.datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN)
#: A fenced block: its kind and what it holds.
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: What stands for something left out: within a line any letters, alone on a line any lines.
CUT = "…"


def read(name):
    """Return a file of the repository as text."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text, kind):
    """Return the fenced blocks of one kind (``console``, ``yaml`` …) in their order."""
    return [block for found, block in FENCED.findall(text) if found == kind]


@dataclass
class Typed:
    """One command of a session and the lines that follow it."""

    command: str
    shown: list[str]


def session(block):
    """Return the commands of a console block, each with what the document shows after it."""
    typed = []
    for line in block.splitlines():
        if line.startswith("$ "):
            typed.append(Typed(line.removeprefix("$ "), []))
        else:
            typed[-1].shown.append(line)
    return typed


def agrees(shown, found):
    """Tell whether what was printed is what a document shows, with anything where it shows ``…``."""
    lines = (re.escape(line.rstrip()).replace(CUT, ".*") + "\n" for line in shown)
    pattern = "".join("(?:.*\n)*" if line == ".*\n" else line for line in lines)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in found.splitlines())) is not None


class Console:
    """A shell of few words, at the moment ``THEN`` in the current folder: leakresp, cp -r, echo $?."""

    def __init__(self, patch):
        clock = SimpleNamespace(datetime=SimpleNamespace(now=THEN.astimezone), date=dt.date)
        for module in (desk, main):
            patch.setattr(module, "dt", clock)
        self.patch = patch
        self.code = 0

    def type(self, command):
        """Run a command and return what it printed, errors included."""
        program, *words = shlex.split(command)
        if (program, *words) == ("echo", "$?"):
            return f"{self.code}\n"
        if (program, *words[:-2]) == ("cp", "-r"):
            shutil.copytree(words[-2], words[-1])
            return ""
        assert program == "leakresp", f"no document may tell a reader to type {command!r} untested"
        # The language of help and faults is read from the command line when the program starts.
        self.patch.setattr(main, "_EN", main._english(words))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            self.code = main.main(words)
        return printed.getvalue()

    def follow(self, block):
        """Type a session and compare; a difference fails with what was printed."""
        for typed in session(block):
            found = self.type(typed.command)
            assert agrees(typed.shown, found), f"$ {typed.command}\n{found}"
