"""``leakresp proofread``: whether the papers of a case agree with the record, with each other and with good wording."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from leakresp.law.vocabulary import nearest
from leakresp.shell.case_desk import take_up
from leakresp.shell.desk import Desk
from leakresp.shell.faults import ANSWERS_MISSING, DONE, MISUSE, Fault, FaultsError
from leakresp.shell.papers_made import DRAFTS
from leakresp.shell.proofread_words import ProofreadWords
from leakresp.shell.proofreader import Copy, Proofreader
from leakresp.shell.screen import Screen, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leakresp.shell.cases import OpenCase


def run(
    *,
    case: str | None,
    papers: list[str],
    file: Path | None,
    answers: Path | None,
    mending_fails: bool,
    templates: Path | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Read the papers of a case, or one file, and say what is found. Raises ``FaultsError``.

    ``mending_fails`` asks for an exit code of its own where something must be put right.
    """
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain, templates=templates)
    if answers is not None and case is not None:  # no case is meant, so the first word names a paper
        papers.insert(0, case)
        case = None
    reader, opened = _reader(desk, case, answers, file, folder)
    for paper in papers:
        _known(paper, reader)
    copies = list(reader.copies(papers)) if file is None else [_one(reader, file, papers)]
    if not copies:
        raise FaultsError([_nothing(opened, papers)], MISUSE, _how_to_draft(desk, opened))
    proofs = reader.read(copies)
    words = ProofreadWords(desk, reader.catalogue)
    if as_json:
        write_json(words.json(opened.name if opened else None, proofs))
    else:
        Screen(desk).write(words.rows(proofs))
    return ANSWERS_MISSING if mending_fails and any(proof.to_mend for proof in proofs) else DONE


def _reader(
    desk: Desk, case: str | None, answers: Path | None, file: Path | None, folder: str | None
) -> tuple[Proofreader, OpenCase | None]:
    """Return what papers are held to: a case, or an answers file and one paper. Raises ``FaultsError``."""
    from leakresp.shell.answers import Given

    if case is not None:
        opened = take_up(desk, case, folder)
        return Proofreader(desk, Given.of_case(opened.case), opened), opened
    if answers is None:
        raise FaultsError([Fault("proofread.no_case")], MISUSE)
    if file is None:
        raise FaultsError([Fault("proofread.no_file", path="--answers")], MISUSE)
    return Proofreader(desk, desk.given(answers, [])), None


def _known(paper: str, reader: Proofreader) -> None:
    if paper not in reader.catalogue:
        details = {"word": paper, "nearest": nearest(paper, reader.catalogue), "words": tuple(reader.catalogue)}
        raise FaultsError([Fault("paper.unknown", details=details)], MISUSE, reader.desk.say("paper.how_to_list"))


def _one(reader: Proofreader, file: Path, papers: Sequence[str]) -> Copy:
    """Return one file as a paper: the one that is named, else the one whose name it bears. Raises ``FaultsError``."""
    if len(papers) > 1:
        raise FaultsError([Fault("proofread.one_paper", path="--file")], MISUSE)
    return reader.copy(file.resolve(), papers[0] if papers else reader.paper_of(file))


def _nothing(opened: OpenCase | None, papers: Sequence[str]) -> Fault:
    folder = str(opened.folder / DRAFTS) if opened else ""
    return Fault("proofread.nothing", folder, details={"papers": tuple(papers)})


def _how_to_draft(desk: Desk, opened: OpenCase | None) -> str:
    name = shlex.quote(opened.name) if opened else "CASE"
    return desk.say("sent.how_to_draft", command=f"leakresp draft-notice --all --case {name}")
