"""``leakresp templates``: the shipped papers handed out to be changed, and one's own checked before they are needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leakresp.law.languages import LANGUAGES
from leakresp.law.vocabulary import nearest
from leakresp.papers.catalogue import PaperTemplate
from leakresp.papers.render import render
from leakresp.response.assessment import Assessor
from leakresp.response.brief import Wordbook, make_brief
from leakresp.shell import library, places
from leakresp.shell.drafts import folder, keep, kept_sentence
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.screen import Page, write_json
from leakresp.shell.wording import Wording, language

if TYPE_CHECKING:
    import datetime as dt

    from leakresp.law.rulebook import Plain

_SUFFIX: Final = ".md"


def check(*, own: Path, rules: str | None, today: dt.date, as_json: bool, lang: str | None) -> int:
    """Check the papers in ``own`` and fill each in where nothing is known. Raises ``FaultsError`` with all faults."""
    shelf, shipped = library.load(rules, own), library.load(rules)
    say = Wording(shelf.words, language(lang))
    names = {name.removeprefix(library.PAPERS).removesuffix(_SUFFIX) for name in library.read_own(own)}
    papers = [PaperTemplate.of(plain) for plain in shelf.papers if plain["id"] in names]
    assessment = Assessor(shelf.rulebook, shelf.papers).assess({}, None, today)
    for paper in papers:
        for each in LANGUAGES:
            wordbook = Wordbook(shelf.rulebook, Wording(shelf.words, each), shelf.advice)
            render(paper, make_brief(wordbook, assessment, {}, today, paper.purpose), each)
    before = {plain["id"]: plain for plain in shipped.papers}
    found = [(paper, "new" if paper.id not in before else _standing(paper, before[paper.id])) for paper in papers]
    if as_json:
        write_json({"ok": True, "papers": [{"id": paper.id, "state": state} for paper, state in found]})
        return DONE
    rows = [Row(say("templates.checked", count=len(found)), 0, 2, "strong")]
    rows += [Row(say(f"templates.{state}", title=paper.title[say.lang], id=paper.id), 2, 2) for paper, state in found]
    Page().write([*rows, Row(say("templates.use", folder=own))])
    return DONE


def _standing(paper: PaperTemplate, shipped: Plain) -> str:
    return "same" if PaperTemplate.of(shipped) == paper else "changed"


def export(*, wanted: list[str], output: Path, lang: str | None) -> int:
    """Write the shipped papers ``wanted`` (all without any) into a folder. Raises ``FaultsError``."""
    say = Wording(library.load().words, language(lang))
    shipped = library.read_folder(places.templates_folder())
    files = {
        name.removeprefix(library.PAPERS).removesuffix(_SUFFIX): raw
        for name, raw in shipped.items()
        if name.startswith(library.PAPERS)
    }
    for paper in wanted:
        if paper not in files:
            details = {"word": paper, "nearest": nearest(paper, files), "words": tuple(files)}
            raise FaultsError([Fault("paper.unknown", details=details)], MISUSE, say("templates.how_to_list"))
    place = folder(output)
    for paper in wanted or sorted(files):
        kept = keep(files[paper], place / f"{paper}{_SUFFIX}")
        sys.stderr.write(kept_sentence(kept, say) + "\n")
    sys.stderr.write(say("templates.how_to_check", folder=output) + "\n")
    return DONE
