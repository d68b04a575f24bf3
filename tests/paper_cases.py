"""Papers drafted for tests: an answers file, a few changed answers, and the text that comes of it.

Every file of tests for papers draws from here, so that a paper is drafted in one way only.
"""

import datetime as dt
import os
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from leakresp.law.held import Day
from leakresp.papers.catalogue import TEXTS, PaperTemplate
from leakresp.papers.formats import written
from leakresp.papers.marks import Block
from leakresp.papers.render import Rendered, render
from leakresp.response.assessment import Assessor
from leakresp.response.brief import Past, Wordbook, make_brief
from leakresp.shell import library as shipped
from leakresp.shell.answers import Given, read_file
from leakresp.shell.wording import Wording

TODAY = dt.date(2026, 11, 24)
LANGUAGES = ("ja", "en")
ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
GOLDEN = Path(__file__).parent / "golden" / "papers_more"
#: Items of a report to an authority, and of a notice to the persons concerned.
REPORT_ITEMS, NOTICE_ITEMS = (1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 4, 5, 9)
#: What no finished text may show: holes, marks, template syntax and the names of Python's values.
TRACES = ("【", "】", "TO CONFIRM", "{{", "{%", "}}", "%}", ":::", "Hole(", "None", "True", "False")


@dataclass(frozen=True, slots=True)
class Bench:
    """The shipped rules, words and papers, read once."""

    library: object
    assessor: Assessor
    papers: dict
    say: dict


@lru_cache(maxsize=1)
def bench():
    """Return what papers are made with. Call it in tests only: they have a cache of their own."""
    library = shipped.load()
    papers = {plain["id"]: PaperTemplate.of(plain) for plain in library.papers}
    say = {lang: Wording(library.words, lang) for lang in LANGUAGES}
    return Bench(library, Assessor(library.rulebook, library.papers), papers, say)


def paper_of(paper):
    """Return a paper of the catalogue."""
    return bench().papers[paper]


def given_of(answers, **changes):
    """Return an incident: the path of an answers file, or ``None`` for one of which nothing is known.

    ``changes`` are answers as a file writes them; ``None`` takes one away, as if it had never been asked.
    """
    facts = bench().library.rulebook.facts
    path = answers and Path(answers)
    given = read_file(path.read_bytes(), path.name, facts) if path else Given()
    stated = {fact: facts[fact].read(value) for fact, value in changes.items() if value is not None}
    kept = {fact: value for fact, value in given.answers.items() if fact not in changes}
    return Given(given.incident, kept | stated)


def drafted(paper, answers, lang="ja", *, today=TODAY, sent=None, **changes):
    """Return ``paper`` rendered for an incident (see ``given_of``).

    ``sent`` are the answers that stood otherwise when the paper went that this one continues, and the day under ``on``:
    ``sent={"on": "2026-11-21", "affected_people": "500..38000", "cause": None}``.
    """
    make, given = bench(), given_of(answers, **changes)
    template = make.papers[paper]
    wordbook = Wordbook(make.library.rulebook, make.say[lang], make.library.advice)
    assessment = make.assessor.assess(given.answers, None, today)
    purpose = template.purpose
    if sent is not None:
        purpose = replace(purpose, past=_past(given, sent))
    return render(template, make_brief(wordbook, assessment, given.incident, today, purpose), lang)


def _past(given, sent):
    facts = bench().library.rulebook.facts
    then = {fact: facts[fact].read(raw) for fact, raw in sent.items() if fact != "on" and raw is not None}
    kept = {fact: value for fact, value in given.answers.items() if fact not in sent}
    return Past(Day(dt.date.fromisoformat(sent["on"])), kept | then)


def text_of(rendered, form="txt"):
    """Return a rendered paper as text."""
    return written(rendered, form)


def part(rendered, item):
    """Return the plain text of one statutory item."""
    block = next(block for block in rendered.blocks if block.item == item)
    return text_of(Rendered(rendered.paper, rendered.lang, rendered.title, (Block(block.text),), ()))


def called_for(answers, *, today=TODAY, **changes):
    """Return the ids of the papers that the law, a scheme or a contract asks for in an incident."""
    return [need.paper.id for need in _assessed(answers, today, changes).papers]


def usual(answers, *, today=TODAY, **changes):
    """Return the ids of the papers that practice would write in an incident."""
    assessment = _assessed(answers, today, changes)
    return [need.paper.id for need in bench().assessor.usual_papers(assessment)]


def _assessed(answers, today, changes):
    return bench().assessor.assess(given_of(answers, **changes).answers, None, today)


def approved(name, found):
    """Hold ``found`` against the approved text below ``papers_more``; UPDATE_GOLDEN=1 writes it anew."""
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8", newline="\n")
    assert found == path.read_text(encoding="utf-8"), f"{name} has changed: look at it, then run with UPDATE_GOLDEN=1"


def assert_reads_well(rendered):
    """Hold a text to what every paper owes its reader: no gap, no doubled stop, no heading with nothing under it."""
    lines = text_of(rendered, "md").splitlines()
    whole = "\n".join(lines)
    assert "\n\n\n" not in whole, "a double blank line"
    for slip in ("。。", "、、", "。、", "、。", "：：", "（）", "..", "( ", "，"):
        assert slip not in whole, slip
    assert not re.search(r" [.,;](?=\s|$)", whole), "a space before a stop"
    for above, line in pairwise(lines):
        assert not (above.strip() and re.match(r"#+ |\*\*[^*]+\*\*$", line)), f"no blank line above {line!r}"
    filled = [line for line in lines if line.strip()]
    for line, below in zip(filled, [*filled[1:], "# "], strict=True):
        empty = below.startswith("#") and below.count("#", 0, 3) <= line.count("#", 0, 3)
        assert not (line.startswith("#") and empty), f"nothing under {line!r}"
        assert not re.fullmatch(r"\*\*[^*]+\*\*", line) or not below.startswith(("#", "**")), f"nothing under {line!r}"


def assert_finished(rendered):
    """Hold a paper all of whose needs are answered to showing no hole and no trace of how it was made."""
    assert not rendered.blocking
    for form in TEXTS:
        found = [trace for trace in TRACES if trace in text_of(rendered, form)]
        assert not found, found
