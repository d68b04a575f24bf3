"""What a letter says to one person: the incident's facts, but of the data only that person's own items."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from leakresp.papers.catalogue import PaperTemplate
from leakresp.papers.letters import ADDRESSEE, REFERENCE
from leakresp.papers.render import Rendered, render
from leakresp.response.assessment import Assessment, Assessor
from leakresp.response.brief import Past, Wordbook, make_brief
from leakresp.shell import library
from leakresp.shell.wording import Wording

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from leakresp.law.held import Answers

_LISTED: Final = "data_items"
_SUSPECTED: Final = "data_items_suspected"


@dataclass(frozen=True, slots=True, eq=False)
class LetterWriter:
    """Writes one paper of one incident for a language and a person's items; it can be sent to another process.

    ``rules`` and ``templates`` are the folders given on the command line; ``today`` dates the letters.
    """

    rules: str | None
    templates: Path | None
    paper: str
    incident: Mapping[str, str]
    answers: Answers
    on: dt.date | None
    today: dt.date
    past: Past

    def __call__(self, lang: str, items: tuple[str, ...] | None) -> Rendered:
        """Return the paper with the blanks for the person open; ``items`` are ids of data items, ``None`` for all."""
        shelf = _shelf(self.rules, self.templates)
        assessment = shelf.assessor.assess(self.answers, self.on, self.today)
        if items is not None:
            assessment = _of_person(assessment, items)
        template = shelf.papers[self.paper]
        wordbook = Wordbook(shelf.library.rulebook, Wording(shelf.library.words, lang), shelf.library.advice)
        purpose = replace(template.purpose, past=self.past)
        brief = make_brief(wordbook, assessment, self.incident, self.today, purpose)
        return render(template, replace(brief, addressee=ADDRESSEE, reference=REFERENCE), lang)

    def fingerprint(self) -> str:
        """Return what stands for all that decides the words of the letters."""
        shelf, past = _shelf(self.rules, self.templates), self.past
        known = (
            past.day,
            sorted((past.then or {}).items()),
            sorted(past.finished),
        )  # a set has another order each time
        parts = [
            shelf.library.fingerprint, repr(shelf.papers[self.paper]), repr(sorted(self.incident.items())),
            repr(sorted(self.answers.items())), str(self.on), str(self.today), repr(known),
            json.dumps([shelf.library.advice, dict(shelf.library.words)], ensure_ascii=False, sort_keys=True),
        ]  # fmt: skip
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _of_person(assessment: Assessment, items: tuple[str, ...]) -> Assessment:
    """Return the incident as it concerns one person; what the law says of it stays that of the whole."""
    answers = dict(assessment.answers)
    suspected = answers.get(_SUSPECTED)
    listed = answers.get(_LISTED)
    only_suspected = set(suspected if isinstance(suspected, tuple) else ()) - set(
        listed if isinstance(listed, tuple) else ()
    )
    own = {
        _LISTED: tuple(item for item in items if item not in only_suspected),
        _SUSPECTED: tuple(item for item in items if item in only_suspected),
    }
    return replace(assessment, answers=answers | own, known=assessment.known | own)


class _Shelf(NamedTuple):
    library: library.Library
    assessor: Assessor
    papers: dict[str, PaperTemplate]


@cache
def _shelf(rules: str | None, templates: Path | None) -> _Shelf:
    """Return rules and papers, read once by each process."""
    read = library.load(rules, templates)
    papers = {plain["id"]: PaperTemplate.of(plain) for plain in read.papers}
    return _Shelf(read, Assessor(read.rulebook, read.heads), papers)
