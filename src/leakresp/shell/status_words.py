"""Where a case stands, in words: at most one screen of 24 lines, each thing on one line."""

from __future__ import annotations

import re
import shlex
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import NOT_REQUIRED, RELEASED, REQUIRED
from leakresp.response.moved import Stale, stale_papers
from leakresp.response.standing import to_do
from leakresp.response.told import on_record
from leakresp.shell.client_words import ClientWords
from leakresp.shell.day_words import moment_words
from leakresp.shell.due_words import CaseDue, by_paper, due_json, due_title, ended_words, left_words, when_words
from leakresp.shell.layout import GAP, WIDTH, Row, cells
from leakresp.shell.result import ResultWords, verdict_words
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from leakresp.response.due import Due
    from leakresp.response.playbook import Action
    from leakresp.shell.case_desk import Standing
    from leakresp.shell.desk import Desk
    from leakresp.shell.faults import Fault

SCHEMA: Final = "leakresp/status/1"
_NEXT: Final = 3
_CLOCKS: Final = 4
_PAPERS: Final = 2
_CUT: Final = "…"
_BREAK: Final = re.compile(r"\s*\n\s*")
_STYLE: Final = {REQUIRED: "bad", NOT_REQUIRED: "good", RELEASED: "good"}


def shortened(text: str, width: int) -> str:
    """Return ``text`` on one line of at most ``width`` cells."""
    text = _BREAK.sub(" ", text)
    if cells(text) <= width:
        return text
    kept = ""
    for letter in text:
        if cells(kept + letter + _CUT) > width:
            break
        kept += letter
    return kept.rstrip() + _CUT


class StatusWords:
    """One case's standing in the words of one language; each method yields some lines."""

    def __init__(self, standing: Standing, dues: Sequence[Due], width: int = WIDTH) -> None:
        self.standing: Final = standing
        self.desk: Final = standing.desk
        self.say: Final = standing.desk.say
        self.phrases: Final = standing.desk.phrases
        self.dues: Final = tuple(dues)
        self.width: Final = width

    @property
    def now(self) -> dt.datetime:
        """The moment of the standing."""
        return self.desk.now

    def rows(self, *, chosen: bool, notes: Sequence[Fault] = ()) -> Iterator[Row]:
        """Yield the whole screen. ``chosen``: nobody named the case; ``notes``: what must be known of it."""
        yield from self.head(chosen=chosen)
        yield from self.warned(notes)
        yield from self.verdict()
        yield from self.clients()
        for rows in (self.clocks(), self.actions(), self.open_points()):
            shown = tuple(rows)
            if shown:
                yield GAP
                yield from shown
        yield from self.go_on()

    def line(self, text: str, indent: int = 0, style: str = "") -> Row:
        return Row(shortened(text, self.width - indent), indent, style=style)

    # which case, and what stands above all

    def head(self, *, chosen: bool) -> Iterator[Row]:
        case, say = self.standing.case, self.say
        title = case.incident.get("title")
        name = say("status.named", case=self.standing.name, title=title) if title else self.standing.name
        moment = moment_words(self.now, say)
        room = self.width - cells(say("status.head", case="", moment=moment))  # a long title gives way to the time
        yield Row(say("status.head", case=shortened(name, room), moment=moment), style="heading")
        if chosen:
            yield self.line(say("status.chosen"), style="muted")
        if case.closed is not None:
            why = case.closed.event.why or say("status.no_reason")
            moment = moment_words(case.closed.at, say)
            yield self.line(say("status.closed", moment=moment, by=case.closed.by, why=why), style="unsure")

    def warned(self, notes: Sequence[Fault]) -> Iterator[Row]:
        if notes:
            yield self.line(sentence(self.say, notes[0]), style="bad")

    def verdict(self) -> Iterator[Row]:
        assessment = self.standing.assessment
        style = _STYLE.get(assessment.verdict, "unsure")
        yield self.line(self.say(f"screen.verdict.{verdict_words(assessment)}"), style=style)
        words = ResultWords(assessment, self.phrases, self.desk.today, "mark")
        giving = [result for result in assessment.regimes if result.owed == assessment.verdict]
        for result in [*(each for each in giving if each in words.shown), *giving][:1]:
            yield self.line(words.reason(result), 2)
        if self.standing.ruled_otherwise and self.standing.case.ruling is not None:
            ruling = self.standing.case.ruling
            then = self.say(f"screen.duty.{ruling.event.verdict}")
            yield self.line(
                self.say("status.ruled", moment=moment_words(ruling.at, self.say), verdict=then), 2, "unsure"
            )

    def clients(self) -> Iterator[Row]:
        """Yield how many of those who entrusted the data were told, where the case has any."""
        words = self.client_words
        if words is not None:
            yield from (self.line(text, 2, style) for text, style in words.brief())

    @property
    def client_words(self) -> ClientWords | None:
        """The clients of the case in words."""
        chain = self.standing.chain
        return None if chain is None else ClientWords(self.desk, self.standing.name, chain)

    # clocks

    def clocks(self) -> Iterator[Row]:
        overdue = [due for due in self.dues if self.is_over(due)]
        if overdue:
            yield self.line(self.say("status.overdue", count=len(overdue)), style="bad")
        elif self.dues:
            yield Row(self.say("status.clocks"), style="strong")
        shown = sorted(self.dues, key=lambda due: not due.runs)
        for due in shown[:_CLOCKS]:
            yield self.line(self.clock(due), 2, self.clock_style(due))
        if len(shown) > _CLOCKS:
            yield self.line(self.say("status.more_clocks", count=len(shown) - _CLOCKS, case=self.quoted), 2, "muted")

    @property
    def quoted(self) -> str:
        """The case's name as it is typed."""
        return shlex.quote(self.standing.name)

    def is_over(self, due: Due) -> bool:
        return due.is_over(self.now)

    def clock_style(self, due: Due) -> str:
        return "bad" if self.is_over(due) else "" if due.runs else "muted"

    def clock(self, due: Due) -> str:
        say, title = self.say, due_title(due, self.phrases)
        if due.ended is not None:
            return say("status.clock.ended", what=title, how=ended_words(due.ended, say))
        if due.last is None:
            return say(f"status.clock.{due.dayless}", what=title)
        day, left = when_words(due, self.desk.today, say), left_words(due, self.now, say)
        return say("status.clock.over" if self.is_over(due) else "status.clock.runs", what=title, day=day, left=left)

    # what to do

    def actions(self) -> Iterator[Row]:
        waiting = to_do(self.standing.case, self.standing.assessment)
        if waiting:
            count = len(waiting)
            yield self.line(self.say("status.actions", count=count, case=self.quoted), style="strong")
        for number, action in enumerate(islice(waiting, _NEXT), 1):
            yield Row(self.action(number, action), 2)

    def action(self, number: int, action: Action) -> str:
        """Return an action on one line; its id, which the next command needs, is never cut."""
        who = self.standing.case.action(action.id).who
        given = self.say("status.given", who=who) if who else ""
        tail = f"{shortened(given, self.width // 4)}  {action.id}"
        head = self.say("screen.number", number=number, text=self.phrases.text(action.title))
        return shortened(head, self.width - 2 - cells(tail)) + tail

    # what is open

    def open_points(self) -> Iterator[Row]:
        assessment = self.standing.assessment
        if assessment.open_facts:
            facts = self.say.listed(map(self.phrases.title, assessment.open_facts))
            yield self.line(self.say("status.open", count=len(assessment.open_facts), facts=facts))
        for need in [need for need in assessment.papers if need.holes][:_PAPERS]:
            facts = self.say.listed(map(self.phrases.title, need.holes))
            title = self.phrases.text(need.paper.title)
            yield self.line(self.say("status.holes", paper=title, count=len(need.holes), facts=facts))
        for stale in self.stale[:_PAPERS]:
            yield self.line(self.say("status.stale", **stale_details(stale, self.desk)), style="unsure")

    @property
    def stale(self) -> tuple[Stale, ...]:
        """The drafts that no longer say what is known; what has left the house is no draft."""
        return tuple(each for each in stale_papers(self.standing.case, self.standing.assessment) if not each.sent)

    def go_on(self) -> Iterator[Row]:
        commands = []
        if self.stale:
            commands.append(f"leakresp draft-notice --all --case {self.quoted}")
        assessment = self.standing.assessment
        if assessment.open_facts or any(need.holes for need in assessment.papers):
            commands.append(f"leakresp triage {self.quoted}")
        commands += self.filing(commands)
        if self.standing.case.is_open and commands:
            yield GAP
            yield self.line(self.say("status.go_on", commands="  /  ".join(commands)), style="muted")

    def filing(self, commands: Sequence[str]) -> list[str]:
        """Return what to type once the soonest deadline is met, where no paper meets it and the line has room."""
        soonest = next((due for due in self.dues if due.runs), None)
        if soonest is None:
            return []
        command = CaseDue(self.standing.name, soonest, by_paper(self.desk, soonest)).command
        line = self.say("status.go_on", commands="  /  ".join([*commands, command or ""]))
        return [command] if command is not None and cells(line) <= self.width else []

    # for programs

    def json(self) -> dict[str, Any]:
        """Return the standing as plain values; keys are the same in every language."""
        case, assessment = self.standing.case, self.standing.assessment
        waiting, clients = to_do(case, assessment), self.client_words
        return {
            "schema": SCHEMA,
            "case": self.standing.name,
            "at": self.now.isoformat(timespec="seconds"),
            "open": case.is_open,
            "verdict": assessment.verdict,
            "ruled": None if case.ruling is None else case.ruling.event.verdict,
            "clocks": [due_json(CaseDue(self.standing.name, due), self.phrases, self.now) for due in self.dues],
            "overdue": sum(map(self.is_over, self.dues)),
            "recipients": [
                {
                    "id": each.telling.name,
                    "last_day": None if each.last is None else str(each.last),
                    "done": each.state == "done",
                }
                for each in on_record(case, assessment, self.dues)
            ],
            "next_actions": [self.action_json(action) for action in waiting[:_NEXT]],
            "actions_open": len(waiting),
            "open_facts": list(assessment.open_facts),
            "holes": {need.paper.id: list(need.holes) for need in assessment.papers if need.holes},
            "stale": [stale_json(each) for each in stale_papers(case, assessment)],
        } | ({} if clients is None else {"clients": clients.progress_json()})

    def action_json(self, action: Action) -> dict[str, Any]:
        return {
            "id": action.id,
            "phase": action.phase,
            "urgency": action.urgency,
            "title": self.phrases.text(action.title),
            "assigned": self.standing.case.action(action.id).who,
        }


def stale_details(stale: Stale, desk: Desk) -> dict[str, str]:
    """Return what fills a sentence on a stale paper: its title, its file, and the names of what changed."""
    paper = desk.assessor.papers.get(stale.paper)
    return {
        "paper": desk.phrases.text(paper.title) if paper else stale.paper,
        "file": stale.made.event.file,
        "facts": desk.say.listed(basis_titles(stale.changed, desk)),
    }


def basis_titles(names: Iterable[str], desk: Desk) -> list[str]:
    """Return the titles of what a paper rests on: facts, and rules by their full name."""
    rules = {rule.name: rule for rule in desk.shelf.rulebook.rules()}
    titles = []
    for name in names:
        if name in desk.facts:
            titles.append(desk.phrases.title(name))
        elif name in rules:
            titles.append(desk.phrases.text(rules[name].title))
        else:
            titles.append(name)
    return list(dict.fromkeys(titles))


def stale_json(stale: Stale) -> dict[str, Any]:
    """Return a stale paper as plain values; each changed name with what it was and what it is."""
    return {
        "paper": stale.paper,
        "sent": stale.sent,
        "file": stale.made.event.file,
        "n": stale.made.n,
        "changed": {name: list(pair) for name, pair in stale.changed.items()},
    }
