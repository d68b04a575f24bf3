"""The papers of one incident drafted: each filled in from the same answers, with what is still missing in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from leakresp.papers.catalogue import PaperTemplate
from leakresp.papers.proofreading.lint import Kind, WordingNote, holding, wording_notes
from leakresp.papers.render import Rendered, render
from leakresp.response.brief import Wordbook, make_brief
from leakresp.response.paperwork import holes
from leakresp.shell.faults import ANSWERS_MISSING, Fault, FaultsError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from leakresp.response.assessment import Assessment, Assessor
    from leakresp.response.brief import Brief
    from leakresp.response.paperwork import PaperNeed
    from leakresp.shell.answers import Given
    from leakresp.shell.library import Library
    from leakresp.shell.papers_made import Recorder
    from leakresp.shell.wording import Wording


@dataclass(frozen=True, slots=True)
class Draft:
    """One paper drafted. ``blocking`` are the facts it cannot be final without, ``left_open`` those told as open."""

    template: PaperTemplate
    rendered: Rendered
    blocking: tuple[str, ...]
    left_open: tuple[str, ...]
    cautions: tuple[str, ...]
    #: From whom a mail comes: the address of the enquiry desk, where it is stated.
    sender: str = ""
    #: Words typed into the answers that are better chosen otherwise.
    wording: tuple[WordingNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Making:
    """What is drafted, and how: paper, format, where to, and the folders named on the command line."""

    paper: str
    form: str | None
    output: Path | None
    font: Path | None
    rules: str | None
    templates: Path | None


class Drafting:
    """The drafting of one incident's papers; with a ``recorder`` they are those of a case."""

    def __init__(
        self,
        given: Given,
        *,
        assessor: Assessor,
        assessment: Assessment,
        library: Library,
        say: Wording,
        today: dt.date,
        recorder: Recorder | None = None,
        catalogue: Mapping[str, PaperTemplate] | None = None,
    ) -> None:
        self.given: Final = given
        self.assessor: Final = assessor
        self.assessment: Final = assessment
        self.library: Final = library
        self.say: Final = say
        self.today: Final = today
        self.recorder: Final = recorder
        self.catalogue: Final = catalogue or {plain["id"]: PaperTemplate.of(plain) for plain in library.papers}

    @cached_property
    def usual(self) -> tuple[PaperNeed, ...]:
        """The papers that practice would write here, though no rule asks for them."""
        return self.assessor.usual_papers(self.assessment)

    @cached_property
    def needs(self) -> dict[str, PaperNeed]:
        """The papers this incident calls for, by id; what rules ask for stands first."""
        return {need.paper.id: need for need in (*self.assessment.papers, *self.assessment.papers_open, *self.usual)}

    def draft(self, paper: str) -> Draft:
        """Return one paper with what is missing in it."""
        template = self.catalogue[paper]
        purpose = template.purpose
        if self.recorder is not None:
            purpose = replace(purpose, past=self.recorder.past(template))
        wordbook = Wordbook(self.library.rulebook, self.say, self.library.advice)
        brief = make_brief(wordbook, self.assessment, self.given.incident, self.today, purpose)
        rendered = render(template, brief, self.say.lang)
        needed = holes(self.assessor.papers[paper], self.given.answers)
        printed = [hole.fact for hole in rendered.holes]
        blocking = [fact for fact in needed if fact not in template.may_be_open]
        blocking += [hole.fact for hole in rendered.blocking]
        left_open = [fact for fact in (*needed, *printed) if fact not in blocking]
        return Draft(
            template,
            rendered,
            tuple(dict.fromkeys(blocking)),
            tuple(dict.fromkeys(left_open)),
            brief.cautions if template.to_persons else (),
            str(brief.facts["desk_email"] or ""),
            tuple(self._typed(template, rendered, brief)),
        )

    def _typed(self, template: PaperTemplate, rendered: Rendered, brief: Brief) -> list[WordingNote]:
        kind = Kind(template.id, template.group, rendered.lang, holding(brief))
        return wording_notes(rendered, kind, self.library.wording, template.bodies[rendered.lang])

    # what is said of a draft

    def title(self, template: PaperTemplate) -> str:
        """Return the title of a paper."""
        return template.title[self.say.lang]

    def fact_title(self, fact: str) -> str:
        """Return the title of a fact."""
        return self.library.rulebook.facts[fact].title[self.say.lang]

    def notes(self, draft: Draft) -> Iterator[str]:
        """Yield what whoever drafts must know, before the paper itself."""
        title = self.title(draft.template)
        if draft.blocking:
            yield self.say("paper.holes", title=title)
            for fact in draft.blocking:
                yield self.say("paper.hole", title=self.fact_title(fact), id=fact)
        if draft.left_open:
            yield self.say("paper.open", title=title)
            for fact in draft.left_open:
                yield self.say("paper.hole", title=self.fact_title(fact), id=fact)
        for caution in draft.cautions:
            yield self.say("paper.caution", caution=caution)
        for note in draft.wording:
            why, instead = note.why[self.say.lang], note.instead[self.say.lang]
            yield self.say("paper.wording", words=note.words, why=why, instead=instead)

    def refuse(self, drafts: Iterable[Draft]) -> None:
        """Refuse final papers while a needed fact is a hole. Raises ``FaultsError``."""
        faults = [self._refusal(draft, fact) for draft in drafts for fact in draft.blocking]
        if faults:
            raise FaultsError(faults, ANSWERS_MISSING, self.say("paper.how_to_fill"))

    def _refusal(self, draft: Draft, fact: str) -> Fault:
        details = {"paper": self.title(draft.template), "title": self.fact_title(fact), "fact": fact}
        return Fault("paper.hole", details=details)
