"""``leakresp draft-notice``: writes the papers of an incident, and says what is still missing in them."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from leakresp.law.duties import OWING
from leakresp.law.truth import NO
from leakresp.law.vocabulary import nearest
from leakresp.papers.catalogue import FORMATS, PaperTemplate
from leakresp.papers.formats import Press
from leakresp.response.assessment import counting, duties_by_name
from leakresp.response.chain import assess_whole
from leakresp.shell.drafting import Draft, Drafting, Making
from leakresp.shell.drafts import folder, keep, kept_sentence
from leakresp.shell.faults import ANSWERS_MISSING, DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.paper_list import PaperList
from leakresp.shell.paper_press import BINARY, made_or_fault
from leakresp.shell.screen import Page

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from leakresp.response.assessment import Assessor
    from leakresp.shell.answers import Given
    from leakresp.shell.commands.letters import Mailing
    from leakresp.shell.desk import Desk
    from leakresp.shell.library import Library
    from leakresp.shell.papers_made import Recorder
    from leakresp.shell.wording import Wording


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: one ``paper``, ``everything`` that is needed, or (with neither) the list.

    ``usual`` adds to everything what is usual in practice. ``form`` is one of the formats; without it the ending of
    ``output`` decides, else the paper. ``font`` is where PDF finds its type; ``named`` the option naming the incident.
    """

    paper: str | None = None
    listed: bool = False
    everything: bool = False
    form: str | None = None
    output: Path | None = None
    final: bool = False
    as_json: bool = False
    usual: bool = False
    font: Path | None = None
    named: str = ""


def command(
    *,
    paper: str | None,
    case: str | None,
    answers: Path | None,
    settings: list[str],
    listed: bool,
    everything: bool,
    format_: str | None,
    output: Path | None,
    final: bool,
    folder: str | None,
    on: str | None,
    rules: str | None,
    as_json: bool,
    lang: str | None,
    usual: bool = False,
    font: Path | None = None,
    templates: Path | None = None,
    mailing: Mailing | None = None,
    clients: tuple[str, ...] = (),
) -> int:
    """Gather what the command line names, and draft. Raises ``FaultsError``."""
    from leakresp.shell.desk import Desk

    desk = Desk.set_up(lang=lang, rules=rules, on=on, templates=templates)
    wish = Wish(paper, listed, everything, format_, output, final, as_json, usual, font, _named(case, answers))
    if clients:
        from leakresp.shell.commands import client_notices

        _only_clients(mailing=mailing, wish=wish, beside=(answers, *settings))
        return client_notices.draft(desk, case, clients, wish, folder)
    recorder = None
    if case is None or answers is not None:
        given = desk.incident(case=case, answers=answers, settings=settings, folder=folder)
    else:
        recorder, given = _of_case(desk, case, settings, folder)
    if mailing is not None:
        making = Making(paper or "", format_, output, font, rules, templates)
        return _to_each(desk, given, recorder, mailing, making, as_json=as_json)
    return run(
        wish,
        given,
        assessor=desk.assessor,
        library=desk.shelf,
        say=desk.say,
        today=desk.today,
        on=desk.on,
        recorder=recorder,
    )


def _named(case: str | None, answers: Path | None) -> str:
    """Return the option that names an incident on the command line; empty where none can."""
    if answers is not None:
        return "" if str(answers) == "-" else f"--answers {shlex.quote(str(answers))}"
    return "" if case is None else f"--case {shlex.quote(case)}"


def _only_clients(*, mailing: Mailing | None, wish: Wish, beside: tuple[object, ...]) -> None:
    """Refuse what does not go with notices to clients. Raises ``FaultsError``."""
    if mailing is not None or wish.everything or wish.listed or any(beside):
        raise FaultsError([Fault("clients.notices_alone", path="--clients")], MISUSE)


def _to_each(
    desk: Desk, given: Given, recorder: Recorder | None, mailing: Mailing, making: Making, *, as_json: bool
) -> int:
    """Write one letter for each person of a list. Raises ``FaultsError``."""
    from leakresp.shell.commands import letters

    if not making.paper:
        raise FaultsError([Fault("letters.alone")], MISUSE)
    assessment = desk.assess(given)
    work = Drafting(
        given,
        assessor=desk.assessor,
        assessment=assessment,
        library=desk.shelf,
        say=desk.say,
        today=desk.today,
        recorder=recorder,
    )
    _check(Wish(making.paper), work.catalogue, desk.say)
    return letters.run(desk, work, given, mailing, making, as_json=as_json)


def _of_case(desk: Desk, case: str, settings: list[str], folder: str | None) -> tuple[Recorder, Given]:
    """Return a case as an incident, and the recorder of what is drafted of it. Raises ``FaultsError``."""
    from leakresp.shell.answers import Given, read_settings
    from leakresp.shell.case_desk import take_up
    from leakresp.shell.cases import author
    from leakresp.shell.papers_made import Recorder

    opened = take_up(desk, case, folder)
    supposed = read_settings(settings, desk.facts, desk.now)
    return Recorder(desk, opened, author(None)), Given.of_case(opened.case, supposed)


def run(
    wish: Wish,
    given: Given,
    *,
    assessor: Assessor,
    library: Library,
    say: Wording,
    today: dt.date,
    on: dt.date | None = None,
    recorder: Recorder | None = None,
) -> int:
    """Show the list of papers, print one, or write files; return the exit code. Raises ``FaultsError``.

    Nothing is written while a final paper is refused. With a ``recorder`` the drafts are those of a case: each is
    recorded there, and kept among its drafts where no other place was named.
    """
    if recorder is not None and wish.everything and wish.output is None:
        wish = replace(wish, output=recorder.drafts)
    assessment = assess_whole(assessor, given.answers, given.clients, on, today)
    work = Drafting(
        given, assessor=assessor, assessment=assessment, library=library, say=say, today=today, recorder=recorder
    )
    _check(wish, work.catalogue, say)
    if wish.listed or not (wish.paper or wish.everything):
        _show_list(PaperList(work, wish.named), as_json=wish.as_json)
        return DONE
    needed = [need.paper.id for need in (*assessment.papers, *(work.usual if wish.usual else ()))]
    if not wish.paper and not needed:
        raise FaultsError([Fault("paper.none_needed")], MISUSE, say("paper.how_to_list"))
    drafts = [work.draft(paper) for paper in ([wish.paper] if wish.paper else needed)]
    if wish.paper and wish.paper not in work.needs:
        _not_called_for(work, wish)
    if wish.final:
        work.refuse(drafts)
    for draft in drafts:
        sys.stderr.write("".join(f"{line}\n" for line in work.notes(draft)))
    _Writing(work, wish).put(drafts)
    return DONE


def _show_list(papers: PaperList, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(papers.json() + "\n")
        return
    Page().write(Row(line.lstrip(" "), len(line) - len(line.lstrip(" ")), 2) for line in papers.lines())


def _not_called_for(work: Drafting, wish: Wish) -> None:
    """Say that no rule calls for a paper, or not yet; a final one that tells of nothing that happened is refused."""
    paper = work.assessor.papers[wish.paper or ""]
    tells_of_it = paper.when_duty_is == OWING
    if wish.final and tells_of_it and all(result.event.truth is NO for result in work.assessment.regimes):
        how = work.say("paper.how_to_list")
        raise FaultsError([Fault("paper.nothing_happened", path=paper.id)], ANSWERS_MISSING, how)
    states = duties_by_name(counting(work.assessment.regimes))
    owed = any(states.get(duty) in OWING for duty in paper.duties)
    sys.stderr.write(work.say("paper.not_yet" if owed else "paper.not_called_for") + "\n")


def _check(wish: Wish, catalogue: Mapping[str, PaperTemplate], say: Wording) -> None:
    """Refuse what cannot be meant. Raises ``FaultsError``."""
    if wish.paper and wish.paper not in catalogue:
        details = {"word": wish.paper, "nearest": nearest(wish.paper, catalogue), "words": tuple(catalogue)}
        raise FaultsError([Fault("paper.unknown", details=details)], MISUSE, say("paper.how_to_list"))
    if wish.paper and wish.everything:
        raise FaultsError([Fault("paper.one_or_all")], MISUSE)
    if wish.everything and wish.output is None:
        raise FaultsError([Fault("paper.folder_needed")], MISUSE)
    if wish.form is not None and wish.form not in FORMATS:
        raise FaultsError([Fault("paper.format_unknown", details={"word": wish.form, "words": FORMATS})], MISUSE)


def _form(template: PaperTemplate, wish: Wish) -> str:
    """Return the format of one paper. Raises ``FaultsError`` for one the paper is not made in.

    Where all papers are written in one format, a paper that is not made in it takes its own first one.
    """
    if wish.everything:
        return wish.form if wish.form in template.formats else template.formats[0]
    ending = wish.output.suffix.removeprefix(".") if wish.output else ""
    form = wish.form or ending or template.formats[0]
    if form not in template.formats:
        raise FaultsError([Fault("paper.format_unknown", details={"word": form, "words": template.formats})], MISUSE)
    return form


@dataclass(frozen=True, slots=True)
class _Writing:
    """Drafts printed, or written to files and recorded."""

    work: Drafting
    wish: Wish

    def put(self, drafts: list[Draft]) -> None:
        """Print the one paper, or write each to its file and say where."""
        output = self.wish.output
        if output is None:
            self._print(drafts[0])
            return
        forms = [_form(draft.template, self.wish) for draft in drafts]
        many = self.wish.everything or output.is_dir()
        contents = [self._made(draft, form) for draft, form in zip(drafts, forms, strict=True)]
        place = folder(output) if many else output
        for draft, form, content in zip(drafts, forms, contents, strict=True):
            self._keep(draft, form, content, place / f"{draft.template.id}.{form}" if many else place)

    def _print(self, draft: Draft) -> None:
        """Print a paper; one of a case is kept among its drafts as well, where that can be done."""
        form = _form(draft.template, self.wish)
        content = self._made(draft, form)
        if form not in BINARY:
            sys.stdout.write(content.decode())
        elif sys.stdout.isatty():
            raise FaultsError([Fault("paper.file_needed", details={"word": form})], MISUSE)
        else:
            sys.stdout.buffer.write(content)
        recorder = self.work.recorder
        if recorder is None:
            return
        try:
            self._keep(draft, form, content, folder(recorder.drafts) / f"{draft.template.id}.{form}")
        except FaultsError as error:
            recorder.unable(error)

    def _made(self, draft: Draft, form: str) -> bytes:
        return made_or_fault(draft.rendered, form, Press(self.wish.font, draft.sender))

    def _keep(self, draft: Draft, form: str, content: bytes, wanted: Path) -> None:
        kept = keep(content, wanted)
        sys.stderr.write(kept_sentence(kept, self.work.say) + "\n")
        if self.work.recorder is not None:
            self.work.recorder.record(draft.template, form, kept.path, content, self.work.assessment)
