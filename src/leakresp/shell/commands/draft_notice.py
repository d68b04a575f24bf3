"""``leakresp draft-notice``: writes the papers of an incident, and says what is still missing in them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import REQUIRED, UNDETERMINED
from leakresp.law.truth import NO, UNKNOWN, YES
from leakresp.law.vocabulary import nearest
from leakresp.papers.catalogue import FORMATS, PaperTemplate
from leakresp.papers.formats import written
from leakresp.papers.render import Rendered, render
from leakresp.response.assessment import OWING, holes
from leakresp.response.brief import Wordbook, make_brief
from leakresp.shell.drafts import folder, keep
from leakresp.shell.faults import ANSWERS_MISSING, DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.screen import Page

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from leakresp.response.assessment import Assessment, Assessor, Paper
    from leakresp.shell.answers import Given
    from leakresp.shell.desk import Desk
    from leakresp.shell.library import Library
    from leakresp.shell.papers_made import Recorder
    from leakresp.shell.wording import Wording

#: Papers that serve this duty go to the persons, and carry the notes for whoever writes to them.
_TO_PERSONS: Final = "notify"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: one ``paper``, ``everything`` that is needed, or (with neither) the list.

    ``form`` is ``txt``, ``md`` or ``html``; without it the ending of ``output`` decides, else the paper.
    """

    paper: str | None = None
    listed: bool = False
    everything: bool = False
    form: str | None = None
    output: Path | None = None
    final: bool = False
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """One paper drafted. ``blocking`` are the facts it cannot be final without, ``left_open`` those told as open."""

    template: PaperTemplate
    rendered: Rendered
    blocking: tuple[str, ...]
    left_open: tuple[str, ...]
    cautions: tuple[str, ...]


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
) -> int:
    """Gather what the command line names, and draft. Raises ``FaultsError``."""
    from leakresp.shell.desk import Desk

    desk = Desk.set_up(lang=lang, rules=rules, on=on)
    wish = Wish(paper, listed, everything, format_, output, final, as_json)
    recorder = None
    if case is None or answers is not None:
        given = desk.incident(case=case, answers=answers, settings=settings, folder=folder)
    else:
        recorder, given = _of_case(desk, case, settings, folder)
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


def _of_case(desk: Desk, case: str, settings: list[str], folder: str | None) -> tuple[Recorder, Given]:
    """Return a case as an incident, and the recorder of what is drafted of it. Raises ``FaultsError``."""
    from leakresp.shell.answers import Given, read_settings
    from leakresp.shell.case_desk import take_up
    from leakresp.shell.cases import author
    from leakresp.shell.papers_made import Recorder

    opened = take_up(desk, case, folder)
    supposed = read_settings(settings, desk.facts, desk.now)
    given = Given(dict(opened.case.incident), opened.case.answers | supposed)
    return Recorder(desk, opened, author(None)), given


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
    catalogue = {plain["id"]: PaperTemplate.of(plain) for plain in library.papers}
    if recorder is not None and wish.everything and wish.output is None:
        wish = replace(wish, output=recorder.drafts)
    _check(wish, catalogue, say)
    assessment = assessor.assess(given.answers, on, today)
    needed = [need.paper.id for need in assessment.papers]
    work = _Work(given, assessor, assessment, library, say, today, catalogue, recorder)
    if wish.listed or not (wish.paper or wish.everything):
        if wish.as_json:
            sys.stdout.write(work.json(needed) + "\n")
        else:
            lines = work.lines(needed)
            Page().write(Row(line.lstrip(" "), len(line) - len(line.lstrip(" ")), 2) for line in lines)
        return DONE
    if not wish.paper and not needed:
        raise FaultsError([Fault("paper.none_needed")], MISUSE, say("paper.how_to_list"))
    drafts = [work.draft(paper) for paper in ([wish.paper] if wish.paper else needed)]
    if wish.paper and wish.paper not in needed:
        _not_called_for(assessor.papers[wish.paper], assessment, final=wish.final, say=say)
    if wish.final:
        work.refuse(drafts)
    for draft in drafts:
        sys.stderr.write("".join(f"{line}\n" for line in work.notes(draft)))
    work.put(drafts, wish)
    return DONE


def _not_called_for(paper: Paper, assessment: Assessment, *, final: bool, say: Wording) -> None:
    """Say that no law calls for a paper; a final one that tells of something that did not happen is refused."""
    tells_of_it = paper.when_duty_is == OWING
    if final and tells_of_it and all(result.event.truth is NO for result in assessment.regimes):
        raise FaultsError([Fault("paper.nothing_happened", path=paper.id)], ANSWERS_MISSING, say("paper.how_to_list"))
    sys.stderr.write(say("paper.not_called_for") + "\n")


def _check(wish: Wish, catalogue: dict[str, PaperTemplate], say: Wording) -> None:
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
    """Return the format of one paper. Raises ``FaultsError`` for one the paper is not made in."""
    ending = wish.output.suffix.removeprefix(".") if wish.output and not wish.everything else ""
    form = wish.form or ending or template.formats[0]
    if form not in template.formats:
        raise FaultsError([Fault("paper.format_unknown", details={"word": form, "words": template.formats})], MISUSE)
    return form


@dataclass(frozen=True, slots=True)
class _Work:
    """The drafting of one incident's papers."""

    given: Given
    assessor: Assessor
    assessment: Assessment
    library: Library
    say: Wording
    today: dt.date
    catalogue: dict[str, PaperTemplate]
    recorder: Recorder | None = None

    def draft(self, paper: str) -> Draft:
        """Return one paper with what is missing in it."""
        template = self.catalogue[paper]
        wordbook = Wordbook(self.library.rulebook, self.say, self.library.advice)
        brief = make_brief(wordbook, self.assessment, self.given.incident, self.today, template.purpose)
        rendered = render(template, brief, self.say.lang)
        needed = holes(self.assessor.papers[paper], self.given.answers)
        printed = [hole.fact for hole in rendered.holes]
        blocking = [fact for fact in needed if fact not in template.may_be_open]
        blocking += [hole.fact for hole in rendered.blocking]
        left_open = [fact for fact in (*needed, *printed) if fact not in blocking]
        to_persons = (template.duty or "").endswith(f".{_TO_PERSONS}")
        return Draft(
            template,
            rendered,
            tuple(dict.fromkeys(blocking)),
            tuple(dict.fromkeys(left_open)),
            brief.cautions if to_persons else (),
        )

    # what is said

    def title(self, template: PaperTemplate) -> str:
        return template.title[self.say.lang]

    def fact(self, fact: str) -> str:
        return self.say("paper.fact", title=self._fact_title(fact), id=fact)

    def _fact_title(self, fact: str) -> str:
        return self.library.rulebook.facts[fact].title[self.say.lang]

    def lines(self, needed: list[str]) -> Iterator[str]:
        """Yield the lines of the list: the papers this incident needs, why, and what is missing."""
        uncovered = [self.say("paper.list.uncovered", regime=regime) for regime in self._uncovered()]
        owed = any(need.duty in OWING for need in self.assessment.papers)
        if owed:
            yield self.say("paper.list.title")
        elif not uncovered:
            papers = [self._entry(template) for paper, template in self.catalogue.items() if paper not in needed]
            yield self.say("paper.list.none", papers=self.say.listed(papers))
        if needed and not owed:
            yield ""
            yield self.say("paper.list.for_the_files")
        for paper in needed:
            yield ""
            yield from self._listed(self.draft(paper))
        if needed and uncovered:
            yield ""
        yield from uncovered

    def _listed(self, draft: Draft) -> Iterator[str]:
        yield self._entry(draft.template)
        yield "  " + self.say("paper.list.audience", audience=draft.template.audience[self.say.lang])
        yield "  " + self.say("paper.list.why", why=self.why(draft.template))
        yield "  " + self._missing(draft)
        yield "  " + self.say("paper.list.next", id=draft.template.id)

    def _entry(self, template: PaperTemplate) -> str:
        return self.say("paper.list.entry", title=self.title(template), id=template.id)

    def _uncovered(self) -> list[str]:
        """Return the bodies of law that apply and ask, or may ask, for a report for which there is no paper yet."""
        covered = {template.regime for template in self.catalogue.values()}
        return [
            result.regime.title[self.say.lang]
            for result in self.assessment.regimes
            if result.regime.id not in covered
            and (result.report.duty == REQUIRED or (result.report.duty == UNDETERMINED and result.applies.truth is YES))
        ]

    def _missing(self, draft: Draft) -> str:
        facts = [self.fact(fact) for fact in (*draft.blocking, *draft.left_open)]
        return self.say("paper.list.holes", holes=self.say.listed(facts)) if facts else self.say("paper.list.complete")

    def json(self, needed: list[str]) -> str:
        """Return the list as JSON: the same keys in every language."""
        papers: list[dict[str, Any]] = []
        for paper in needed:
            draft = self.draft(paper)
            papers.append(
                {
                    "id": paper,
                    "title": self.title(draft.template),
                    "for": draft.template.audience[self.say.lang],
                    "why": self.why(draft.template),
                    "holes": [*draft.blocking, *draft.left_open],
                    "may_be_open": list(draft.left_open),
                    "formats": list(draft.template.formats),
                }
            )
        return json.dumps({"papers": papers}, ensure_ascii=False, indent=2)

    def why(self, template: PaperTemplate) -> str:
        """Return the duty that calls for the paper, and the situations behind it."""
        result = self.assessment.regime(template.regime)
        need = next((need for need in self.assessment.papers if need.paper.id == template.id), None)
        if result is None or need is None:
            return ""
        titles = {name: rule.title[self.say.lang] for name, rule in result.regime.rules.items()}
        wanted = UNKNOWN if need.duty == UNDETERMINED else YES
        situations = [
            self._situation(number, titles[name])
            for number, (name, proof) in enumerate(result.criteria.items(), 1)
            if proof.truth is wanted
        ]
        rule = titles[(template.duty or "").partition(".")[2]]
        listed = self.say.listed(situations) or self.say("paper.why.no_situation")
        return self.say(f"paper.why.{need.duty}", rule=rule, situations=listed)

    def _situation(self, number: int, title: str) -> str:
        return self.say("paper.why.situation", number=self.say("brief.situation.number", number=number), title=title)

    def notes(self, draft: Draft) -> Iterator[str]:
        """Yield what whoever drafts must know, before the paper itself."""
        title = self.title(draft.template)
        if draft.blocking:
            yield self.say("paper.holes", title=title)
            for fact in draft.blocking:
                yield self.say("paper.hole", title=self._fact_title(fact), id=fact)
        if draft.left_open:
            yield self.say("paper.open", title=title)
            for fact in draft.left_open:
                yield self.say("paper.hole", title=self._fact_title(fact), id=fact)
        for caution in draft.cautions:
            yield self.say("paper.caution", caution=caution)

    def refuse(self, drafts: Iterable[Draft]) -> None:
        """Refuse final papers while a needed fact is a hole. Raises ``FaultsError``."""
        faults = [self._refusal(draft, fact) for draft in drafts for fact in draft.blocking]
        if faults:
            raise FaultsError(faults, ANSWERS_MISSING, self.say("paper.how_to_fill"))

    def _refusal(self, draft: Draft, fact: str) -> Fault:
        details = {"paper": self.title(draft.template), "title": self._fact_title(fact), "fact": fact}
        return Fault("paper.hole", details=details)

    # what is written

    def put(self, drafts: list[Draft], wish: Wish) -> None:
        """Print the one paper, or write each to its file and say where."""
        if wish.output is None:
            self._print(drafts[0], wish)
            return
        forms = [_form(draft.template, wish) for draft in drafts]
        many = wish.everything or wish.output.is_dir()
        place = folder(wish.output) if many else wish.output
        for draft, form in zip(drafts, forms, strict=True):
            self._keep(draft, form, place / f"{draft.template.id}.{form}" if many else place)

    def _print(self, draft: Draft, wish: Wish) -> None:
        """Print a paper; one of a case is kept among its drafts as well, where that can be done."""
        form = _form(draft.template, wish)
        sys.stdout.write(written(draft.rendered, form))
        if self.recorder is None:
            return
        try:
            self._keep(draft, form, folder(self.recorder.drafts) / f"{draft.template.id}.{form}")
        except FaultsError as error:
            self.recorder.unable(error)

    def _keep(self, draft: Draft, form: str, wanted: Path) -> None:
        text = written(draft.rendered, form)
        kept = keep(text, wanted)
        if kept.beside:
            told = self.say("paper.beside", path=kept.wanted, fresh=kept.path)
        else:
            told = self.say("paper.written" if kept.fresh else "paper.unchanged", path=kept.path)
        sys.stderr.write(told + "\n")
        if self.recorder is not None:
            self.recorder.record(draft.template, form, kept.path, text.encode(), self.assessment)
