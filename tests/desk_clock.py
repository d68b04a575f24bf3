"""Commands typed one after another at moments of the test's choosing: case, record and screen all see its clock."""

import contextlib
import datetime as dt
import io
import json
import shlex
import shutil
from types import SimpleNamespace

import pytest

from leakresp.law.vocabulary import JAPAN
from leakresp.shell import cases, desk, main

#: A Tuesday morning in Japan.
MORNING = dt.datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN)

#: A mail that showed 950 addresses: no report is required while the number stays below the threshold.
MAIL = {
    "organisation_type": "business",
    "data_relation": "own",
    "record_kind": "personal_data",
    "cause": "bcc_mistake",
    "wrongful_act": "ruled_out",
    "leak": "confirmed",
    "recovered_unseen": "no",
    "intended_provision": "no",
    "pseudonymised": "no",
    "strong_encryption": "no",
    "other_protection": "no",
    "data_items": "email",
    "data_items_complete": "yes",
    "affected_people": "950",
    "discovered_on": "2026-11-18",
}


class Typing:
    """Runs commands in one folder of cases; ``out``, ``err`` and ``code`` are those of the last one."""

    def __init__(self, patch, folder):
        self.folder = folder / "cases"
        self.profiles = folder / "profiles"
        self.moment = MORNING
        self.code, self.out, self.err = 0, "", ""
        typing = self

        class Clock(dt.datetime):
            @classmethod
            def now(cls, tz=None):
                return typing.moment.astimezone(tz)

        clock = SimpleNamespace(**{name: getattr(dt, name) for name in dir(dt)} | {"datetime": Clock})
        for module in (desk, main, cases):
            patch.setattr(module, "dt", clock)
        patch.setenv("LEAKRESP_DIR", str(self.folder))
        patch.setenv("LEAKRESP_PROFILES", str(self.profiles))
        patch.setenv("LEAKRESP_BY", "佐藤")
        self.patch = patch

    def __call__(self, line, **wait):
        """Type a command, after waiting (``hours=3``); return what it printed."""
        self.moment += dt.timedelta(**wait)
        words = shlex.split(line)
        self.patch.setattr(main, "_EN", main._english(words))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self.code = main.main(words)
        self.out, self.err = out.getvalue(), err.getvalue()
        return self.out

    def fine(self, line, **wait):
        """Type a command that must succeed."""
        self(line, **wait)
        assert self.code == 0, self.err
        return self.out

    def json(self, line, **wait):
        """Type a command and return the JSON it printed."""
        return json.loads(self(f"{line} --json", **wait))

    def begin(self, case="mail", facts=MAIL, **more):
        """Open a case with facts as an answers file writes them."""
        settings = " ".join(f"--set {shlex.quote(f'{fact}={value}')}" for fact, value in (facts | more).items())
        self(f"triage {case} --no-input {settings}")

    def journal(self, case="mail"):
        """Return the lines of a case's record."""
        text = (self.folder / case / "journal.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def kinds(self, case="mail"):
        """Return the kinds of the events on record."""
        return [line["kind"] for line in self.journal(case)]

    def wipe(self):
        """Take every case and profile away."""
        for folder in (self.folder, self.profiles):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def leakresp(monkeypatch, tmp_path):
    """The command line, in an empty folder, on a Tuesday morning."""
    return Typing(monkeypatch, tmp_path)
