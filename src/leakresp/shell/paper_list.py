"""The list of the papers an incident calls for: which, for whom, why, by when, and what is still missing in each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import OWING, REQUIRED, UNDETERMINED
from leakresp.law.rulebook import source_of
from leakresp.law.truth import UNKNOWN, YES
from leakresp.response.wording import Phrases
from leakresp.shell.day_words import long_day

if TYPE_CHECKING:
    import datetime as dt

    from leakresp.papers.catalogue import PaperTemplate
    from leakresp.response.assessment import RegimeResult
    from leakresp.response.paperwork import PaperNeed
    from leakresp.shell.drafting import Draft, Drafting

#: Missing facts of a paper that are named before the rest is only counted.
_HOLES_NAMED: Final = 4


class PaperList:
    """The list of papers of one incident."""

    def __init__(self, drafting: Drafting, named: str = "") -> None:
        #: The option that names this incident on the command line, so that the commands shown can be typed.
        self.named: Final = f" {named}" if named else ""
        self.drafting: Final = drafting
        self.assessment: Final = drafting.assessment
        self.say: Final = drafting.say
        self.phrases: Final = Phrases(drafting.library.rulebook, drafting.say)
        self.sources: Final = {plain["id"]: plain["sources"] for plain in drafting.library.papers}
        self.deadlines: Final = {plain["id"]: plain.get("deadline") or () for plain in drafting.library.papers}

    def lines(self) -> Iterator[str]:
        """Yield the lines: first what rules ask for, then what is usual."""
        needed = self.assessment.papers
        uncovered = [self.say("paper.list.uncovered", regime=regime) for regime in self._uncovered()]
        owed = any(need.duty in {"", *OWING} for need in needed)
        if owed:
            yield self.say("paper.list.title")
        elif not uncovered:
            yield self.say("paper.list.none")
        if needed and not owed:
            yield ""
            yield self.say("paper.list.for_the_files")
        for need in needed:
            yield ""
            yield from self._asked_for(need)
        if needed and uncovered:
            yield ""
        yield from uncovered
        yield from self._open()
        yield from self._usual()

    def _open(self) -> Iterator[str]:
        if not self.assessment.papers_open:
            return
        yield ""
        yield self.say("paper.list.open")
        for need in self.assessment.papers_open:
            yield "  " + self._entry(self.drafting.catalogue[need.paper.id])
            facts = self.say.listed(map(self._fact, need.hangs_on))
            yield "    " + self.say("paper.list.hangs_on", facts=facts)

    def _usual(self) -> Iterator[str]:
        if not self.drafting.usual:
            return
        yield ""
        yield self.say("paper.list.usual")
        for need in self.drafting.usual:
            yield "  " + self._entry(self.drafting.catalogue[need.paper.id])
            if need.paper.why:
                yield "    " + self.phrases.text(need.paper.why)
        yield self.say("paper.list.usual_next", named=self.named)

    def _asked_for(self, need: PaperNeed) -> Iterator[str]:
        draft = self.drafting.draft(need.paper.id)
        template = draft.template
        yield self._entry(template)
        yield "  " + self.say("paper.list.audience", audience=template.audience[self.say.lang])
        yield "  " + self.say("paper.list.why", why=self.why(need))
        if cited := self._cited(need):
            yield "  " + self.say("paper.list.sources", sources=self.say.listed(cited))
        if (day := self._due(need)) is not None:
            yield "  " + self.say("paper.list.due", day=long_day(day, self.say))
        yield "  " + self._missing(draft)
        yield "  " + self.say("paper.list.next", id=template.id, named=self.named)

    def _entry(self, template: PaperTemplate) -> str:
        return self.say("paper.list.entry", title=self.drafting.title(template), id=template.id)

    def _cited(self, need: PaperNeed) -> list[str]:
        """Return what calls for the paper: where it serves several duties, the sources of the one that stands here."""
        duty, result = self._behind(need) if len(need.paper.duties) > 1 else ("", None)
        version = result.regime.rules[duty].on(self.assessment.on) if result else None
        if version is not None:
            return self.phrases.citations(version)
        return self.phrases.sources(source_of(source) for source in self.sources[need.paper.id])

    def _due(self, need: PaperNeed) -> dt.date | None:
        """Return the last day of the deadline that the paper meets first: of its period, else of its guide."""
        wanted = self.deadlines[need.paper.id]
        result = self.assessment.regime(need.paper.regime)
        clock = next((clock for clock in result.clocks if clock.id in wanted), None) if result else None
        return clock.last if clock else None

    def _uncovered(self) -> list[str]:
        """Return the bodies of law that apply and ask, or may ask, for a report for which there is no paper."""
        covered = {duty.partition(".")[0] for template in self.drafting.catalogue.values() for duty in template.duties}
        return [
            result.regime.title[self.say.lang]
            for result in self.assessment.regimes
            if result.regime.id not in covered
            and not any(recipient.papers for recipient in result.regime.recipients)
            and (result.report.duty == REQUIRED or (result.report.duty == UNDETERMINED and result.applies.truth is YES))
        ]

    def _missing(self, draft: Draft) -> str:
        facts = (*draft.blocking, *draft.left_open)
        if not facts:
            return self.say("paper.list.complete")
        named = self.say.listed(map(self._fact, facts[:_HOLES_NAMED]))
        more = len(facts) - _HOLES_NAMED
        if more <= 0:
            return self.say("paper.list.holes", holes=named)
        return self.say("paper.list.holes_more", holes=named, more=more)

    def _fact(self, fact: str) -> str:
        return self.say("paper.fact", title=self.drafting.fact_title(fact), id=fact)

    # why

    def why(self, need: PaperNeed) -> str:
        """Return the duty that calls for the paper with the situations behind it, else the reason of its template."""
        duty, result = self._behind(need) if need.duty else ("", None)
        if result is None:
            # Nobody was asked whether the law behind it applies.
            return self.phrases.text(need.paper.why) if need.paper.why else ""
        titles = {name: rule.title[self.say.lang] for name, rule in result.regime.rules.items()}
        wanted = UNKNOWN if need.duty == UNDETERMINED else YES
        situations = [
            # Only the situations of the Act and its kin have numbers that people cite.
            titles[name] if result.regime.beside else self._situation(number, titles[name])
            for number, (name, proof) in enumerate(result.criteria.items(), 1)
            if proof.truth is wanted
        ]
        listed = self.say.listed(situations) or self.say("paper.why.no_situation")
        return self.say(f"paper.why.{need.duty}", rule=titles[duty], situations=listed)

    def _behind(self, need: PaperNeed) -> tuple[str, RegimeResult | None]:
        """Return the id of the duty whose state calls for the paper, and the body of law it belongs to."""
        for name in need.paper.duties:
            regime, _, duty = name.partition(".")
            result = self.assessment.regime(regime)
            if result is None:
                continue
            ruling = result.report if duty == result.regime.report else result.notify
            if ruling is not None and ruling.duty == need.duty:
                return duty, result
        return "", None

    def _situation(self, number: int, title: str) -> str:
        return self.say("paper.why.situation", number=self.say("brief.situation.number", number=number), title=title)

    # for other programs

    def json(self) -> str:
        """Return the list as JSON: the same keys in every language."""
        found = {
            "papers": [self._plain(need) for need in self.assessment.papers],
            "open": [self._plain(need) for need in self.assessment.papers_open],
            "usual": [self._plain(need) for need in self.drafting.usual],
        }
        return json.dumps(found, ensure_ascii=False, indent=2)

    def _plain(self, need: PaperNeed) -> dict[str, Any]:
        draft = self.drafting.draft(need.paper.id)
        template, due = draft.template, self._due(need)
        return {
            "id": template.id,
            "title": self.drafting.title(template),
            "for": template.audience[self.say.lang],
            "group": template.group,
            "basis": need.paper.basis,
            "why": self.why(need),
            "sources": self._cited(need),
            "due": str(due) if due else None,
            "hangs_on": list(need.hangs_on),
            "holes": [*draft.blocking, *draft.left_open],
            "may_be_open": list(draft.left_open),
            "formats": list(template.formats),
        }
