"""A case for its board: everything the page shows, as plain values in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import NOT_ASKED, Day, Open
from leakresp.law.truth import NO, UNKNOWN
from leakresp.law.vocabulary import WrongAnswer, read_day
from leakresp.papers.deadline_picture import Bar, Picture
from leakresp.response.assessment_json import because, caveat_sentence
from leakresp.response.comparison import as_filed, compare, comparison_json, last_preliminary
from leakresp.response.due import Due, dues
from leakresp.response.moved import stale_papers
from leakresp.response.playbook import PHASES
from leakresp.shell.answers import Given
from leakresp.shell.board_events import EventWords
from leakresp.shell.board_recipients import BoardRecipients
from leakresp.shell.case_desk import standing
from leakresp.shell.client_words import ClientWords
from leakresp.shell.day_words import bare_day, long_day, moment_words, until_words
from leakresp.shell.due_words import CaseDue, due_json, due_notes, due_title, ended_words, left_words, said_day, serving
from leakresp.shell.result import ResultWords, applying, duty_words, perhaps_applying, verdict_words, waiting
from leakresp.shell.step_words import StepWords, steps
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from leakresp.law.held import Held
    from leakresp.law.proof import Proof
    from leakresp.law.vocabulary import Source
    from leakresp.response.assessment import Assessment, RegimeResult
    from leakresp.response.case import Case, Entry, Sent
    from leakresp.response.comparison import Comparison
    from leakresp.shell.board_events import Happening
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.desk import Desk

SCHEMA: Final = "leakresp/report/1"
#: What the page tells of the incident itself, in this order, where it is stated.
_TOLD: Final = (
    "organisation_name", "incident_summary", "cause", "occurred_on", "discovered_on", "data_items",
    "data_items_suspected", "affected_people", "secondary_damage",
)  # fmt: skip
_PRELIMINARY_FOR: Final = "appi"
_FORM: Final = "ppc_preliminary_report"


class Board:
    """One case for its board."""

    def __init__(self, desk: Desk, opened: OpenCase) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.say: Final = desk.say
        self.phrases: Final = desk.phrases
        self.standing: Final = standing(desk, opened)
        self.case: Final[Case] = self.standing.case
        self.assessment: Final[Assessment] = self.standing.assessment
        self.dues: Final = dues(self.case, self.assessment, serving(desk))
        self.words: Final = ResultWords(self.assessment, desk.phrases, desk.today, "mark")

    def values(self) -> dict[str, Any]:
        """Return everything, as plain values; keys are the same in every language."""
        case, comparison, entries = self.case, self.comparison(), self.opened.journal.entries
        return {
            "schema": SCHEMA,
            "lang": self.say.lang,
            "case": self.opened.name,
            "title": " ".join(case.incident.get("title", "").split()) or self.opened.name,
            "as_of": moment_words(self.desk.now, self.say),
            "state": self.state(),
            "notes": [sentence(self.say, note) for note in self.opened.notes],
            "verdict": self.verdict(),
            "glance": list(self.glance()),
            "clients": self.clients(),
            "incident": list(self.incident()),
            "deadlines": [self.deadline(due) for due in self.dues],
            "recipients": BoardRecipients(self.standing, self.dues).values(),
            "situations": [self.situations(result) for result in self.shown()],
            "actions": list(self.actions()),
            "timeline": [
                self.happening(each) for each in EventWords(self.say, self.paper, self.stage).all(self.case, entries)
            ],
            "papers": self.papers(),
            "open_facts": list(self.open_facts()),
            "lifts": self.lifts(),
            "warnings": [caveat_sentence(caveat, self.phrases) for caveat in self.assessment.caveats],
            "comparison": None if comparison is None else self.compared(comparison),
            "record": self.record(),
        }

    def state(self) -> str:
        closed = self.case.closed
        if closed is None:
            return self.say("board.state.open")
        return self.say("board.state.closed", day=moment_words(closed.at, self.say))

    def glance(self) -> Iterator[dict[str, str]]:
        """Yield the few figures a board asks for first."""
        say, running = self.say, [due for due in self.dues if due.runs and due.last is not None]
        over = [due for due in running if self.how_it_stands(due) == "over"]
        ahead = [due for due in running if due not in over]
        if over:
            names = say.listed(due_title(due, self.phrases) for due in over)
            yield _tile(say("board.glance.over"), say("board.glance.times", count=len(over)), names)
        for due in ahead[:1]:
            yield _tile(say("board.glance.next"), self.when(due), f"{due_title(due, self.phrases)} {self.left(due)}")
        people = self.assessment.answers.get("affected_people", NOT_ASKED)
        yield _tile(say("board.glance.people"), self.value("affected_people", people))
        filed = [self.stage(entry.event.regime, entry.event.stage) for entry in self.case.reports]
        yield _tile(say("board.glance.filed"), say.listed(dict.fromkeys(filed)) or say("board.glance.none"))
        found = steps(self.standing)
        ended = sum(step.state.state != "open" for step in found)
        yield _tile(say("board.glance.actions"), say("board.glance.ended", ended=ended, count=len(found)))

    def value(self, fact: str, held: Held) -> str:
        """Return what is held of a fact, in words; a day as people write it."""
        if isinstance(held, Day):
            return f"{long_day(held.date, self.say)} {held.time or ''}".rstrip()
        return self.phrases.value(fact, held)

    # what happened, and what the law says

    def incident(self) -> Iterator[dict[str, str]]:
        for fact in _TOLD:
            held = self.assessment.answers.get(fact)
            if held is not None and not isinstance(held, Open):
                yield {"fact": fact, "name": self.phrases.title(fact), "value": self.value(fact, held)}

    def clients(self) -> dict[str, Any] | None:
        """Return how many of those who entrusted the data were told, and who was not; nothing where there are none."""
        chain = self.standing.chain
        if chain is None:
            return None
        words = ClientWords(self.desk, self.opened.name, chain)
        return words.progress_json() | {
            "told_text": [text for text, _ in words.progress()],
            "table": [
                words.cells(share)
                | {
                    "people_text": words.stated(share.client, "affected_people"),
                    "told_text": said_day(share.client.tellings[0].event.day, self.say) if share.client.told else "",
                }
                for share in chain.shares
            ],
            "titles": {
                column: words.title(column) for column in ("name", "affected_people", "told_on", "verdict", "missing")
            },
        }

    def shown(self) -> tuple[RegimeResult, ...]:
        return (*applying(self.assessment), *perhaps_applying(self.assessment))

    def verdict(self) -> dict[str, Any]:
        giving = [result for result in self.shown() if result.owed == self.assessment.verdict]
        found = {
            "verdict": self.assessment.verdict,
            "sentence": self.say(f"screen.verdict.{verdict_words(self.assessment)}"),
            "because": [self.words.reason(result) for result in giving[:1]],
            "regimes": [
                {
                    "id": result.regime.id,
                    "title": self.phrases.text(result.regime.title),
                    "duty": result.report.duty,
                    "text": self.say(f"screen.duty.{duty_words(result)}"),
                }
                for result in self.assessment.regimes
                if result in self.shown() or (result.applies.truth is NO and result.report.by)
            ],
            "ruled_otherwise": "",
        }
        if self.standing.ruled_otherwise and self.case.ruling is not None:
            ruled = self.say(f"screen.duty.{self.case.ruling.event.verdict}")
            found["ruled_otherwise"] = self.say("register.ruled", verdict=ruled)
        return found

    def situations(self, result: RegimeResult) -> dict[str, Any]:
        return {
            "regime": result.regime.id,
            "title": self.phrases.text(result.regime.title),
            "applies": result.applies.truth.word,
            "situations": [self.situation(result, name, proof) for name, proof in result.criteria.items()],
        }

    def situation(self, result: RegimeResult, name: str, proof: Proof) -> dict[str, Any]:
        version = result.versions.get(name)
        sources = version.sources if version else ()
        return {
            "id": name,
            "title": self.words.rule_title(result, name),
            "holds": proof.truth.word,
            "word": self.say(f"screen.truth.{proof.truth.word}"),
            "mark": self.say(f"screen.mark.{proof.truth.word}"),
            "because": because(proof, self.phrases),
            "sources": self.sources(sources),
            "checked": str(min((source.checked for source in sources), default="")),
        }

    def sources(self, sources: Iterable[Source]) -> list[dict[str, str]]:
        """Return sources with how each was read; an article cited for several of its words stands once."""
        found = {(source.law, source.article, source.read): self.source(source) for source in sources}
        return list(found.values())

    def source(self, source: Source) -> dict[str, str]:
        rulebook = self.phrases.rulebook
        return {
            "text": rulebook.cite(source, self.say.lang),
            "read": source.read,
            "read_text": self.say(f"read.{source.read}"),
            "checked": str(source.checked),
            "address": rulebook.laws[source.law].address or "",
        }

    # deadlines

    def deadline(self, due: Due) -> dict[str, Any]:
        """Return one deadline with its words beside what ``leakresp clock --json`` says of it."""
        found = due_json(CaseDue(self.opened.name, due), self.phrases, self.desk.now)
        return found | {
            "name": due_title(due, self.phrases),
            "when": self.when(due),
            "left": self.left(due),
            "standing": self.how_it_stands(due),
            "notes": list(due_notes(due, self.phrases, self.desk.now)) if due.runs else [],
        }

    def when(self, due: Due) -> str:
        if due.last is None:
            return self.say(f"board.when.{due.dayless}")
        if due.first is not None:
            return self.say("board.when.guide", start=long_day(due.first, self.say), end=long_day(due.last, self.say))
        return long_day(due.last, self.say) if due.moment is None else until_words(due.moment, self.say)

    def left(self, due: Due) -> str:
        if due.ended is not None:
            return ended_words(due.ended, self.say)
        return "" if due.last is None else left_words(due, self.desk.now, self.say)

    def how_it_stands(self, due: Due) -> str:
        if not due.runs:
            return "done"
        if due.is_over(self.desk.now):
            return "over"
        return "open" if due.provisional else "running"

    def picture(self) -> Picture | None:
        """Return the deadlines as a picture, where any has a day."""
        bars = [bar for due in self.dues if (bar := self.bar(due)) is not None]
        if not bars:
            return None
        told = self.say("board.picture.told", bars=self.say("board.picture.join").join(_told(bar) for bar in bars))
        label = self.say("board.picture.today", day=bare_day(self.desk.today, self.say))
        return Picture(self.say("board.picture.title"), told, self.desk.today, label, tuple(bars))

    def bar(self, due: Due) -> Bar | None:
        if due.last is None:
            return None
        clock, days = due.clock, long_day(due.last, self.say)
        left = self.left(due)
        met = _recorded_day(due.ended) if due.ended is not None else None
        return Bar(
            due_title(due, self.phrases),
            self.say("board.picture.days", day=days, left=left) if due.runs else left,
            self.how_it_stands(due),  # type: ignore[arg-type]
            (clock.counts_from if clock else None) or due.last,
            due.last,
            due.first,
            clock.longer.due if clock and clock.longer and due.runs else None,
            met,
        )

    # actions

    def actions(self) -> Iterator[dict[str, Any]]:
        found, words = steps(self.standing), StepWords(self.standing)
        for phase in PHASES:
            of_phase = [step for step in found if step.action.phase == phase]
            if not of_phase:
                continue
            yield {
                "phase": phase,
                "title": self.say(f"show.phase.{phase}"),
                "ended": sum(step.state.state != "open" for step in of_phase),
                "count": len(of_phase),
                "actions": [
                    words.json(step)
                    | {
                        "word": self.say(f"board.action.{step.state.state}"),
                        "roles_text": self.say.listed(self.say(f"show.who.{role}") for role in step.action.who),
                        "urgency_text": self.say(f"screen.urgency.{step.action.urgency}"),
                        "told": list(words.notes(step)),
                    }
                    for step in of_phase
                ],
            }

    # what happened, in the order of the days

    def happening(self, each: Happening) -> dict[str, Any]:
        day, entry = each.happened, each.entry
        return {
            "kind": each.kind,
            "happened": str(day),
            "happened_text": self.value("", day),
            "entered": entry.at.isoformat(),
            "entered_text": moment_words(entry.at, self.say),
            "by": entry.by,
            "n": entry.n,
            "text": each.text,
        }

    # papers

    def paper(self, name: str) -> str:
        titles = {plain["id"]: plain["title"] for plain in self.desk.shelf.heads}
        return titles[name][self.say.lang] if name in titles else name

    def stage(self, regime: str, stage: str) -> str:
        rules = self.phrases.rulebook.regimes[regime].rules if regime in self.phrases.rulebook.regimes else {}
        rule = rules.get(stage) or rules.get(f"{stage}_report")
        return self.phrases.text(rule.title) if rule else stage

    def papers(self) -> dict[str, Any]:
        return {
            "needed": [
                {
                    "id": need.paper.id,
                    "title": self.phrases.text(need.paper.title),
                    "holes": [self.phrases.title(fact) for fact in need.holes],
                }
                for need in self.assessment.papers
            ],
            "sent": [self.sent(entry) for entry in self.case.sent],
            "filed": [
                {
                    "regime": entry.event.regime,
                    "stage": entry.event.stage,
                    "title": self.stage(entry.event.regime, entry.event.stage),
                    "to": entry.event.to,
                    "day": entry.event.day,
                    "day_text": said_day(entry.event.day, self.say),
                    "receipt": entry.event.receipt or "",
                    "by": entry.by,
                }
                for entry in self.case.reports
            ],
        }

    def sent(self, entry: Entry[Sent]) -> dict[str, str]:
        event = entry.event
        stale = {each.made.n for each in stale_papers(self.case, self.assessment)}
        return {
            "id": event.paper,
            "title": self.paper(event.paper),
            "to": event.to,
            "day": event.day,
            "day_text": said_day(event.day, self.say),
            "sha256": event.sha256,
            "by": entry.by,
            "stale": self.say("board.paper.stale") if entry.n in stale else "",
        }

    # what is open

    def open_facts(self) -> Iterator[dict[str, Any]]:
        """Yield the facts on which a situation, or whether a law applies, still hangs."""
        hanging: dict[str, list[str]] = {}
        for result in self.shown():
            proofs = [(self.words.rule_title(result, name), proof) for name, proof in result.criteria.items()]
            for title, proof in ((self.phrases.text(result.regime.title), result.applies), *proofs):
                for fact in waiting(proof) if proof.truth is UNKNOWN else ():
                    hanging.setdefault(fact, []).append(title)
        for fact, titles in hanging.items():
            held = self.assessment.answers.get(fact)
            asked = isinstance(held, Open) and held.asked
            yield {
                "fact": fact,
                "title": self.phrases.title(fact),
                "asked": asked,
                "word": self.say("value.unsure" if asked else "value.not_asked"),
                "could_change": list(dict.fromkeys(titles)),
            }

    def lifts(self) -> list[str]:
        """Return what would lift the duty to report, if somebody confirmed it."""
        found = (lift for result in applying(self.assessment) for lift in result.lifts)
        return list(dict.fromkeys(map(self.words.lift, found)))

    def rule(self, name: str) -> str:
        regime, _, rule = name.partition(".")
        return self.phrases.text(self.phrases.rulebook.regimes[regime].rules[rule].title)

    # what the next report has to say

    def comparison(self) -> Comparison | None:
        """Return the nine items as they were told and as they stand, where a preliminary report was filed."""
        filed = last_preliminary(self.case, _PRELIMINARY_FOR)
        if filed is None:
            return None
        then = as_filed(self.opened.journal.entries, self.desk.facts, filed)
        before = self.desk.assess(Given.of_case(then))
        form = self.desk.assessor.papers.get(_FORM)
        return compare(filed, before, self.assessment, form.needs if form else ())

    def compared(self, comparison: Comparison) -> dict[str, Any]:
        found = comparison_json(comparison, self.phrases)
        told = {each.fact: each for item in comparison.items for each in item.told}
        for item in found["items"]:
            for fact in item["facts"]:
                each = told[fact["fact"]]
                fact["word"] = self.say(f"board.told.{each.state}")
                fact["then_text"] = self.value(each.fact, each.then)
                fact["now_text"] = self.value(each.fact, each.now)
            for key, state in (("unchanged", "same"), ("still_open", "open")):
                item[key] = self.say.listed(each["title"] for each in item["facts"] if each["state"] == state)
        for each in found["situations"]:
            each["title"] = self.rule(each["rule"])
            each["then_text"], each["now_text"] = (self.say(f"screen.truth.{each[key]}") for key in ("then", "now"))
        found["filed_text"] = self.say(
            "board.comparison.filed",
            stage=self.stage(comparison.filed.event.regime, comparison.filed.event.stage),
            day=said_day(comparison.filed.event.day, self.say),
        )
        return found

    # what it rests on

    def record(self) -> dict[str, Any]:
        return {
            "rules": self.assessment.fingerprint,
            "on": str(self.assessment.on),
            "on_text": long_day(self.assessment.on, self.say),
            "entries": len(self.opened.journal.entries),
            "head": self.opened.journal.head,
        }


def _tile(name: str, value: str, more: str = "") -> dict[str, str]:
    return {"name": name, "value": value, "more": more}


def _told(bar: Bar) -> str:
    return f"{bar.name} {bar.days}"


def _recorded_day(entry: Entry[Any]) -> dt.date | None:
    try:
        return read_day(getattr(entry.event, "day", entry.at.isoformat(timespec="minutes"))).date
    except WrongAnswer:
        return None
