"""The papers of a case on disk and on record: drafts as they are written, and frozen copies of what left the house."""

from __future__ import annotations

import hashlib
import os
import shlex
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import read_day
from leakresp.papers.catalogue import names_used
from leakresp.response.basis import basis
from leakresp.response.brief import Past
from leakresp.response.case import Drafted
from leakresp.response.comparison import as_filed
from leakresp.shell.day_words import long_day
from leakresp.shell.faults import FaultsError
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    from pathlib import Path

    from leakresp.papers.catalogue import PaperTemplate
    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case, Entry, Sent
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.desk import Desk

#: The folders of a case.
DRAFTS: Final = "drafts"
SENT: Final = "sent"


def sha256(content: bytes) -> str:
    """Return the hash by which a paper is known in the record."""
    return hashlib.sha256(content).hexdigest()


def last_sent(case: Case, paper: str) -> Entry[Sent] | None:
    """Return the copy of a paper that was sent last; one of the notices to many clients is that client's alone."""
    sent = (entry for entry in reversed(case.sent) if entry.event.client is None)
    return next((entry for entry in sent if entry.event.paper == paper), None)


def sent_bytes(opened: OpenCase, entry: Entry[Sent]) -> bytes | None:
    """Return a frozen copy, or ``None`` where it is gone."""
    with suppress(OSError):
        return (opened.folder / entry.event.file).read_bytes()
    return None


def paper_basis(desk: Desk, template: PaperTemplate, lang: str, assessment: Assessment) -> dict[str, str]:
    """Return what the text of a paper rests on, in an incident assessed like this."""
    paper = desk.assessor.papers[template.id]
    used = set(names_used(template.bodies[lang]))
    if template.open_as == "investigating":  # what is still open is promised for one of these days
        used |= {"final_due", "next_word", *([template.open_until] if template.open_until else ())}
    return basis(paper, sorted(used), assessment)


def past_of(desk: Desk, opened: OpenCase, case: Case, template: PaperTemplate) -> Past:
    """Return what ``case``, as it stands or stood, knows of its past when a paper is drafted."""
    finished = frozenset(name for name, state in case.actions.items() if state.state != "open")
    earlier = next((entry for entry in reversed(case.sent) if entry.event.paper in template.follows), None)
    if earlier is None:
        return Past(finished=finished)
    then = as_filed(opened.journal.entries, desk.facts, earlier)
    return Past(read_day(earlier.event.day), then.answers, finished)


class Recorder:
    """Records the drafts of one case as they are written."""

    def __init__(self, desk: Desk, opened: OpenCase, by: str) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.by: Final = by

    @property
    def drafts(self) -> Path:
        """The folder where the case keeps its drafts."""
        return self.opened.folder / DRAFTS

    def past(self, template: PaperTemplate) -> Past:
        """Return what the case knows of its past when a paper is drafted."""
        return past_of(self.desk, self.opened, self.opened.case, template)

    def record(self, template: PaperTemplate, form: str, path: Path, content: bytes, assessment: Assessment) -> None:
        """Record a draft, unless the last one on record is the very same. Raises ``FaultsError``."""
        lang = self.desk.say.lang
        rests_on = paper_basis(self.desk, template, lang, assessment)
        event = Drafted(template.id, self.below(path), sha256(content), lang, form, rests_on)
        alike = (
            entry.event
            for entry in reversed(self.opened.case.drafts)
            if (entry.event.paper, entry.event.lang, entry.event.format) == (template.id, lang, form)
            and entry.event.client is None
        )
        if next(alike, None) != event:
            self.opened.add(self.by, event)
        with suppress(OSError):  # a text that came back is the newest draft again, though its file was there before
            os.utime(path)
        self._compare(template, content)

    def below(self, path: Path) -> str:
        """Return a path as the record names it: from the case's folder, where the file lies below it."""
        path, folder = path.resolve(), self.opened.folder.resolve()
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)

    def _compare(self, template: PaperTemplate, content: bytes) -> None:
        """Say where a draft differs from what was sent."""
        sent = last_sent(self.opened.case, template.id)
        if sent is None or sent.event.sha256 == sha256(content):
            return
        say = self.desk.say
        day = long_day(read_day(sent.event.day).date, say)
        title = template.title[say.lang]
        command = f"leakresp sent {shlex.quote(self.opened.name)} --diff {template.id}"
        sys.stderr.write(say("paper.differs_from_sent", title=title, day=day, command=command) + "\n")

    def unable(self, error: FaultsError) -> None:
        """Say that a draft could be shown but not kept; showing it is what was asked for."""
        sys.stderr.write("".join(f"{sentence(self.desk.say, fault)}\n" for fault in error.faults))
