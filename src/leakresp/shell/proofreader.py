"""The papers of a case read back from disk and held to its record, to what was sent, and to what is drafted today."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leakresp.law.held import NOT_ASKED, Day, Open
from leakresp.law.vocabulary import JAPAN, read_day
from leakresp.papers.catalogue import PaperTemplate
from leakresp.papers.proofreading import (
    Finding,
    between_papers,
    on_figures,
    on_holes,
    on_items,
    on_items_gone,
    on_names,
    on_people,
)
from leakresp.papers.proofreading.expected import Expected, ItemNames, expected_lines, folded
from leakresp.papers.proofreading.figures import Figure, figures, same
from leakresp.papers.proofreading.lint import Kind, holding, wording_notes
from leakresp.papers.proofreading.record import OnRecord, Record, on_day, stated, told
from leakresp.papers.reading_back import READABLE, Line, UnreadableError, language_of, read_back
from leakresp.papers.render import render
from leakresp.response.basis import values
from leakresp.response.brief import Past, Wordbook, make_brief
from leakresp.response.case import replay
from leakresp.response.paper_phrases import PaperPhrases
from leakresp.shell.answers import Given
from leakresp.shell.papers_made import DRAFTS, past_of, sent_bytes, sha256
from leakresp.shell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.deadlines import Clock
    from leakresp.law.held import Answers
    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case, Drafted, Entry, Sent
    from leakresp.response.clients import Client
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.desk import Desk

#: Names that people mistype: in a paper they must stand as they were stated.
_NAMES: Final = (
    "organisation_name", "organisation_address", "representative", "contact_person", "desk_name", "desk_hours",
    "counterpart_name", "wrong_recipient", "shop_name", "spokesperson", "contact_24h", "reply_address",
)  # fmt: skip
#: A day no paper is dated on: where it stands in a draft of now, the day of the draft stands in the paper.
_SOME_DAY: Final = dt.date(2999, 9, 9)
_NUMBERED: Final = re.compile(r"(?P<paper>.+?)(?:-(?P<number>\d+))?")
_FORMS: Final = (*READABLE, "pdf")


@dataclass(frozen=True, slots=True)
class Copy:
    """One paper on disk. ``paper`` is empty for a file that is none of the catalogue's.

    ``drafted`` is the draft on record in this file, ``sent`` the sending of which this is the frozen copy.
    """

    paper: str
    path: Path
    shown: str
    content: bytes
    lang: str | None = None
    drafted: Entry[Drafted] | None = None
    sent: Entry[Sent] | None = None

    @property
    def form(self) -> str:
        """The format, by the file's name."""
        return self.path.suffix.removeprefix(".").lower()

    @property
    def edited(self) -> bool:
        """Tell whether the file is otherwise than leakresp wrote it."""
        return self.drafted is not None and self.drafted.event.sha256 != sha256(self.content)


@dataclass(frozen=True, slots=True)
class Proofread:
    """One paper and what was found in it, the most pressing first; ``lang`` is the language it was read in."""

    copy: Copy
    lang: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    @property
    def to_mend(self) -> int:
        """How many things must be put right."""
        return sum(finding.mend for finding in self.findings)


class Proofreader:
    """Holds papers to one incident: that of a case, or of an answers file."""

    def __init__(self, desk: Desk, given: Given, opened: OpenCase | None = None) -> None:
        self.desk: Final = desk
        self.given: Final = given
        self.opened: Final = opened
        self.catalogue: Final = {plain["id"]: PaperTemplate.of(plain) for plain in desk.shelf.papers}

    # which papers

    def copies(self, wanted: Iterable[str]) -> Iterator[Copy]:
        """Yield the newest draft on disk of each paper, language and format, then the newest copies sent.

        A draft that was sent, or one that lies as it was written before its paper was sent, has had its day.
        """
        wanted = frozenset(wanted)
        newest: dict[tuple[str, str | None, str, str | None], Copy] = {}
        for copy in sorted(self._drafts(), key=_age):
            newest[copy.paper, copy.lang, copy.form, _client(copy)] = copy
        newest = {key: copy for key, copy in newest.items() if not self._is_past(copy)}
        for copy in (*newest.values(), *self._sent()):
            if not wanted or copy.paper in wanted:
                yield copy

    def _is_past(self, copy: Copy) -> bool:
        every = self.opened.case.sent if self.opened else ()
        sent = [entry for entry in every if (entry.event.paper, entry.event.client) == (copy.paper, _client(copy))]
        if any(entry.event.sha256 == sha256(copy.content) for entry in sent):
            return True
        return bool(sent) and copy.drafted is not None and not copy.edited and copy.drafted.n < sent[-1].n

    def _drafts(self) -> Iterator[Copy]:
        if self.opened is None:
            return
        recorded = {self._place(entry.event.file): entry for entry in self.opened.case.drafts}
        folder = self.opened.folder / DRAFTS
        lying = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
        for path in dict.fromkeys(
            (*(path for path in recorded if path.is_file()), *(each.resolve() for each in lying))
        ):
            paper = recorded[path].event.paper if path in recorded else self.paper_of(path)
            if paper and path.suffix.removeprefix(".") in _FORMS:
                yield self.copy(path, paper, recorded.get(path))

    def _place(self, file: str) -> Path:
        return ((self.opened.folder if self.opened else Path()) / file).resolve()

    def paper_of(self, path: Path) -> str:
        """Return the paper whose name a file bears, or nothing."""
        match = _NUMBERED.fullmatch(path.stem)
        stem = match["paper"] if match else path.stem
        return stem if stem in self.catalogue else ""

    def copy(self, path: Path, paper: str, drafted: Entry[Drafted] | None = None) -> Copy:
        """Return a file as a paper. Raises ``FaultsError`` where it cannot be read."""
        from leakresp.shell.desk import read_bytes

        content = read_bytes(str(path))
        return Copy(paper, path, self._shown(path), content, drafted.event.lang if drafted else None, drafted)

    def _shown(self, path: Path) -> str:
        folder = self.opened.folder.resolve() if self.opened else None
        return path.relative_to(folder).as_posix() if folder and path.is_relative_to(folder) else str(path)

    def _sent(self) -> Iterator[Copy]:
        case = self.opened.case if self.opened else None
        newest = {
            (entry.event.paper, entry.event.lang, entry.event.client): entry for entry in (case.sent if case else ())
        }
        for entry in newest.values():
            content = sent_bytes(self.opened, entry) if self.opened else None
            path = Path(entry.event.file)
            if content is not None and path.suffix.removeprefix(".") in _FORMS:
                yield Copy(entry.event.paper, path, path.as_posix(), content, entry.event.lang, None, entry)

    # what is found

    def read(self, copies: Iterable[Copy]) -> list[Proofread]:
        """Return the papers with what was found in each, those that need most first."""
        proofs = [self._read(copy) for copy in copies]
        proofs = [_read_otherwise(proof, proofs) for proof in proofs]
        titles = {str(place): proof for place, proof in enumerate(proofs)}
        told = between_papers({name: proof.findings for name, proof in titles.items() if not proof.copy.sent})
        for name, found in told.items():
            named = [self._with_place(finding, proofs) for finding in found]
            proofs[int(name)] = replace(titles[name], findings=(*titles[name].findings, *named))
        proofs = [replace(proof, findings=tuple(self._elsewhere(proof, proofs))) for proof in proofs]
        return sorted(proofs, key=lambda proof: (proof.copy.sent is not None, -proof.to_mend, -len(proof.findings)))

    def _with_place(self, finding: Finding, proofs: list[Proofread]) -> Finding:
        other = proofs[int(str(finding.details["paper"]))].copy
        return replace(finding, details={**finding.details, "paper": other.paper, "file": other.shown})

    def _elsewhere(self, proof: Proofread, proofs: Iterable[Proofread]) -> Iterator[Finding]:
        """Yield a paper's findings; where another paper has the figure on record, with the place."""
        others = [other for other in proofs if other.copy.paper != proof.copy.paper and not other.copy.sent]
        for finding in proof.findings:
            value = finding.details.get("value")
            place = next(_places(value, others), None) if isinstance(value, Figure) else None
            yield replace(finding, details={**finding.details, **place}) if place else finding

    def _read(self, copy: Copy) -> Proofread:
        try:
            lines = read_back(copy.content, copy.form, copy.lang)
        except UnreadableError as error:
            lang = copy.lang or self.desk.say.lang
            found = [*self._stale(copy), Finding("unread", f"unread.{error.reason}", None, "", {}, copy.sent is None)]
            return Proofread(copy, lang, (), tuple(found))
        lang = copy.lang or language_of(lines)
        found = [*self._stale(copy), *self._checked(copy, lang, lines)]
        if copy.sent is not None:  # it left: whatever is wrong is for the next one to put right
            found = [replace(finding, mend=False) for finding in found]
        found.sort(key=lambda finding: (not finding.mend, finding.line or 0))
        return Proofread(copy, lang, lines, tuple(_once(found)))

    def _checked(self, copy: Copy, lang: str, lines: tuple[Line, ...]) -> Iterator[Finding]:
        moment = self._moment(copy)
        expected = self._expected(copy.paper, lang, moment) if copy.paper in self.catalogue else None
        record = Record(self._recorded(moment))
        yield from on_holes(lines, expected)
        yield from on_figures(lines, record, expected)
        yield from on_people(lines, record, expected)
        if expected is not None:
            names = ItemNames(expected.items, lang)
            yield from on_names(lines, expected)
            yield from on_items(lines, expected, names)
            if copy.edited or copy.sent or copy.drafted is None:
                yield from on_items_gone(lines, expected, names)
        yield from self._wording(copy, lang, lines, expected)
        if copy.edited:
            yield Finding("edited", "edited", None, "", {}, mend=False)

    def _wording(self, copy: Copy, lang: str, lines: tuple[Line, ...], expected: Expected | None) -> Iterator[Finding]:
        template = self.catalogue.get(copy.paper)
        kind = Kind(copy.paper, template.group if template else "", lang, expected.holding if expected else frozenset())
        titles = {line.folded for line in expected.lines if line.heading} if expected else set()
        lines = tuple(replace(line, heading=line.heading or folded(line.words) in titles) for line in lines)
        for note in wording_notes(lines, kind, self.desk.shelf.wording, expected.fixed if expected else ""):
            details = {"words": note.words, "why": note.why, "instead": note.instead, "rule": note.rule}
            yield Finding("wording", "wording", note.line, note.sentence, details, mend=False)

    # what it is held to

    def _moment(self, copy: Copy) -> _Moment:
        """Return the answers a paper has to agree with: those of now, or for one that was sent those of that time."""
        opened, today = self.opened, self.desk.today
        if opened is None:
            return _Moment(self.given.answers, self.given.incident, today, None)
        if copy.drafted is not None:
            today = copy.drafted.at.astimezone(JAPAN).date()
        if copy.sent is None:
            return _Moment(_answers(opened.case, copy), self.given.incident, today, opened.case)
        number = copy.sent.n
        case = replay(takewhile(lambda entry: entry.n < number, opened.journal.entries), self.desk.facts)
        return _Moment(_answers(case, copy), case.incident, read_day(copy.sent.event.day).date, case)

    def _expected(self, paper: str, lang: str, moment: _Moment) -> Expected:
        template = self.catalogue[paper]
        shelf = self.desk.shelf
        say = Wording(shelf.words, lang)
        purpose = replace(template.purpose, past=self._past(template, moment.case))
        assessment = self.desk.assessor.assess(moment.answers, self.desk.on, moment.today)
        wordbook = Wordbook(shelf.rulebook, say, shelf.advice)
        brief = make_brief(wordbook, assessment, moment.incident, moment.today, purpose)
        day = PaperPhrases(say).date(_SOME_DAY)
        rendered = render(template, replace(brief, today=day), lang)
        names = {fact: line for fact in _NAMES for line in str(moment.answers.get(fact, "")).splitlines()[:1]}
        return Expected(
            expected_lines(rendered),
            {fact: name for fact, name in names.items() if not isinstance(moment.answers[fact], Open)},
            self._items(lang),
            frozenset(_chosen(moment.answers, "data_items") + _chosen(moment.answers, "data_items_suspected")),
            template.bodies[lang],
            day,
            holding(brief),
        )

    def _items(self, lang: str) -> dict[str, tuple[str, ...]]:
        """Return what an item is called: in lists, and in letters."""
        names = self.desk.shelf.advice["items"]
        choices = self.desk.facts["data_items"].choices
        return {
            item: tuple(dict.fromkeys(text[lang] for text in (choice.title, names.get(item)) if text))
            for item, choice in choices.items()
            if item != "other"
        }

    def _past(self, template: PaperTemplate, case: Case | None) -> Past:
        if case is None or self.opened is None:
            return Past()
        return past_of(self.desk, self.opened, case, template)

    def _recorded(self, moment: _Moment) -> Iterator[OnRecord]:
        phrases = PaperPhrases(self.desk.say)
        yield from stated(moment.answers, self.desk.facts, phrases.stated)
        for words in moment.incident.values():
            yield from told(words, "record.incident")
        assessment = self.desk.assessor.assess(moment.answers, self.desk.on, moment.today)
        for day in {day for result in assessment.regimes for clock in result.clocks for day in _days(clock)}:
            yield on_day(day, phrases.date(day), "record.deadline")
        for day in {moment.today, self.desk.today}:
            yield on_day(day, phrases.date(day), "record.today")
        if moment.case is not None:
            yield from self._of_case(moment.case, phrases)

    def _of_case(self, case: Case, phrases: PaperPhrases) -> Iterator[OnRecord]:
        for line in case.timeline:
            yield on_day(line.happened.date, phrases.date(line.happened.date), "record.timeline")
            yield from told(line.entry.event.text, "record.timeline")
        for date in case.agreed:
            yield on_day(date.day, phrases.date(date.day), "record.agreed")
        dated = (*case.sent, *case.reports, *case.notices)
        for written in (entry.event.day for entry in dated):  # type: ignore[attr-defined]
            day = read_day(written).date
            yield on_day(day, phrases.date(day), "record.sent")

    # what changed since

    @cached_property
    def _assessment(self) -> Assessment:
        return self.desk.assess(self.given)

    def _of_client(self, client: Client) -> Assessment:
        return self.desk.assess(Given({}, client.share(self.given.answers)))

    def _stale(self, copy: Copy) -> Iterator[Finding]:
        made = copy.sent or copy.drafted
        if made is None:
            return
        then = made.event.rests_on
        client = self.opened.case.clients.get(_client(copy) or "") if self.opened else None
        now = values(then, self._of_client(client) if client else self._assessment)
        changed = {name: (then[name], now[name]) for name in then if then[name] != now[name]}
        if changed:
            key = "sent_stale" if copy.sent else "stale"
            yield Finding("stale", key, None, "", {"changed": changed}, mend=copy.sent is None)


@dataclass(frozen=True, slots=True)
class _Moment:
    """What was known when a paper has to agree with it."""

    answers: Answers
    incident: Mapping[str, str]
    today: dt.date
    case: Case | None


def _read_otherwise(proof: Proofread, proofs: Iterable[Proofread]) -> Proofread:
    """Return a paper; that one format cannot be read is only a note where the same paper was read in another."""
    other = any(each.lines and (each.copy.paper, each.lang) == (proof.copy.paper, proof.lang) for each in proofs)
    if proof.lines or not other or proof.copy.form != "pdf":
        return proof
    found = (replace(each, mend=each.mend and each.kind != "unread") for each in proof.findings)
    return replace(proof, findings=tuple(found))


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, each once: a figure that stands twice in a line is told once."""
    seen: list[Finding] = []
    for finding in found:
        if finding not in seen:
            seen.append(finding)
            yield finding


def _client(copy: Copy) -> str | None:
    made = copy.sent or copy.drafted
    return made.event.client if made else None


def _answers(case: Case, copy: Copy) -> Answers:
    """Return what a paper has to agree with: the case's answers, or those of the one client it was written for."""
    client = case.clients.get(_client(copy) or "")
    return client.share(case.answers) if client else case.answers


def _chosen(answers: Answers, fact: str) -> tuple[str, ...]:
    value = answers.get(fact, NOT_ASKED)
    return tuple(map(str, value)) if isinstance(value, tuple) and not isinstance(value, Day) else ()


def _days(clock: Clock) -> Iterator[dt.date]:
    yield from clock.guide or ()
    if clock.moment is not None:
        yield clock.moment.date()
    for term in (clock.term, clock.longer, clock.before):
        if term is not None and term.due is not None:
            yield term.due


def _age(copy: Copy) -> tuple[int, int, str]:
    """Return by what the newest of several files is told: when it was written, then the number in its name."""
    match = _NUMBERED.fullmatch(copy.path.stem)
    number = int(match["number"]) if match and match["number"] else 1
    return copy.path.stat().st_mtime_ns, number, copy.path.name


def _places(value: Figure, proofs: Iterable[Proofread]) -> Iterator[dict[str, object]]:
    for proof in proofs:
        for line in proof.lines:
            if any(same(value, figure) for figure in figures(line.words)):
                yield {"there": proof.copy.paper, "there_file": proof.copy.shown, "there_line": line.number}
