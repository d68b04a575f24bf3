"""The response manual as a paper: chapters of plain sentences and tables, made from the rules in force on its day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from leakresp.law.citing import english_article
from leakresp.law.rulebook import source_of
from leakresp.papers.catalogue import GROUPS
from leakresp.papers.escape import escaped
from leakresp.papers.formats.outline import CHAPTER, CONTENTS
from leakresp.papers.formats.reader import BREAK, MANUAL
from leakresp.papers.marks import Block
from leakresp.papers.render import Rendered
from leakresp.response.paper_phrases import PaperPhrases
from leakresp.response.playbook import PHASES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from leakresp.law.deadlines import Clock, Term
    from leakresp.law.held import Answers
    from leakresp.law.rules import Rule, Written
    from leakresp.law.vocabulary import Source, Text
    from leakresp.response.manual import Manual, PaperPart, RegimePart, Step, Told, WorkedClock
    from leakresp.response.wording import Phrases, Say

#: What stands where a name or a number has to be filled in by hand.
BLANK: Final = "＿＿＿＿＿＿"
#: Whom the papers are for that serve a duty, by what is owed to the recipient.
_GROUP_OF: Final = {"report": "authority", "notify": "persons"}
_NUMBER: Final = re.compile(r"(\d+)")
#: Empty rows of the sample record.
_ROWS: Final = 5
#: A part of a page that is written once: its lines.
Lines = list[str]


@dataclass(frozen=True, slots=True)
class Contact:
    """One place of the contact tree: what it is called, who belongs there, and whom the organisation named."""

    id: str
    title: str
    who: str
    words: str | None


@dataclass(frozen=True, slots=True)
class House:
    """What the manual says of the organisation itself.

    ``facts`` are those a profile holds, in their order; ``inside`` and ``outside`` are the contact tree. ``profile`` is
    the profile's name; ``drills`` tells whether exercises can be held with this program.
    """

    facts: Sequence[str]
    answers: Answers
    inside: Sequence[Contact]
    outside: Sequence[Contact]
    profile: str
    drills: bool = False


def manual_paper(manual: Manual, house: House, phrases: Phrases, conditions: Callable[[Written, str], str]) -> Rendered:
    """Return the manual as a paper; ``conditions`` puts a condition of the rules into one line of words."""
    return _Manual(manual, house, phrases, conditions).paper()


class _Manual:
    def __init__(
        self, manual: Manual, house: House, phrases: Phrases, conditions: Callable[[Written, str], str]
    ) -> None:
        self.manual, self.house, self.phrases = manual, house, phrases
        self._condition = conditions
        self._papers = PaperPhrases(phrases.say)

    def paper(self) -> Rendered:
        chapters = (
            ("contacts", self._contacts),
            ("first", self._first),
            ("decide", self._decide),
            ("clocks", self._clocks),
            ("tell", self._tell),
            ("actions", self._actions),
            ("papers", self._paper_list),
            ("record", self._record),
            ("drills", self._drills),
            ("sources", self._sources),
            ("blanks", self._blanks),
        )
        heads = [
            self._words("manual.chapter", number=n, title=self.say(f"manual.{key}"))
            for n, (key, _) in enumerate(chapters, 1)
        ]
        written = (
            Block("\n\n".join([f"## {head}", *_joined(lines())]), CHAPTER)
            for head, (_, lines) in zip(heads, chapters, strict=True)
        )
        contents = Block("\n".join(f"- {head}" for head in heads), CONTENTS)
        return Rendered(
            MANUAL, self.say.lang, self.say("manual.title"), (*self._cover(), contents, *written), (), MANUAL
        )

    # words

    @property
    def say(self) -> Say:
        return self.phrases.say

    def _words(self, key: str, **details: object) -> str:
        return escaped(self.say(key, **details))

    def _text(self, text: Text) -> str:
        return escaped(self.phrases.text(text))

    def _when(self, written: Written | None, regime: str = "") -> str:
        """Return when something holds, or nothing where it always does."""
        return "" if written is None else self._words("manual.when", condition=self._condition(written, regime))

    def _cited(self, sources: Iterable[Source]) -> str:
        return BREAK.join(map(escaped, self.phrases.sources(sources)))

    def _table(self, head: str, *rows: Sequence[str]) -> str:
        """Return a table; ``head`` names the words of its columns."""
        columns = self.say(f"manual.columns.{head}").split("|")
        return _table(columns, rows)

    # the cover

    def _cover(self) -> Iterator[Block]:
        manual = self.manual
        name = self.house.answers.get("organisation_name")
        yield Block(f"# {self._words('manual.title')}")
        yield Block(escaped(str(name)) if isinstance(name, str) else BLANK, "center")
        read = [source.checked for source in manual.sources]
        rows = [
            (self._words("manual.cover.day"), escaped(self._papers.date(manual.day))),
            (self._words("manual.cover.rules"), manual.fingerprint[:16]),
            (self._words("manual.cover.checked"), self._between(min(read), max(read)) if read else BLANK),
            (self._words("manual.cover.approved"), BLANK),
            (self._words("manual.cover.kept"), BLANK),
        ]
        yield Block(self._table("cover", *rows))
        yield Block("\n\n".join(self._notes()))

    def _notes(self) -> Iterator[str]:
        yield self._words("manual.cover.note")
        for regime in self.manual.not_in_force:
            yield self._words("manual.cover.not_in_force", regime=self.phrases.text(regime.title))
        if self.manual.changes:
            days = self.say.listed(map(self._papers.date, self.manual.changes))
            yield self._words("manual.cover.changes", days=days)

    def _between(self, first: dt.date, last: dt.date) -> str:
        if first == last:
            return escaped(self._papers.date(first))
        return self._words("manual.cover.between", first=self._papers.date(first), last=self._papers.date(last))

    # whom to call

    def _contacts(self) -> Iterator[str]:
        yield self._words("manual.contacts.lead")
        for place, contacts in (("inside", self.house.inside), ("outside", self.house.outside)):
            yield f"### {self._words(f'manual.contacts.{place}')}"
            yield self._table("contacts", *(self._contact(number, each) for number, each in enumerate(contacts, 1)))
        yield f"### {self._words('manual.contacts.house')}"
        facts = ((escaped(self.phrases.title(fact)), self._fact(fact)) for fact in self.house.facts)
        yield self._table("house", *facts)

    def _contact(self, number: int, contact: Contact) -> tuple[str, str, str]:
        title = f"**{escaped(contact.title)}**{BREAK}{escaped(contact.who)}"
        return str(number), title, escaped(contact.words) if contact.words else BLANK

    def _fact(self, fact: str) -> str:
        value = self.house.answers.get(fact)
        return BLANK if fact in self._facts_missing() or value is None else escaped(self.phrases.value(fact, value))

    def _facts_missing(self) -> list[str]:
        from leakresp.law.held import Open

        return [fact for fact in self.house.facts if isinstance(self.house.answers.get(fact, Open(asked=False)), Open)]

    # the first minutes

    def _first(self) -> Iterator[str]:
        yield self._words("manual.first.lead")
        yield self._table("steps", *map(self._step, self.manual.first))
        yield self._words("manual.first.next")
        yield "\n".join(
            f"{n}. {self._words(f'manual.first.{key}')}" for n, key in enumerate(("triage", "status", "step"), 1)
        )

    def _step(self, step: Step) -> tuple[str, str, str]:
        action, say = step.action, self.say
        who = BREAK.join(self._words(f"show.who.{each}") for each in action.who)
        told = [f"**{self._text(action.title)}**", self._text(action.why)]
        if step.when is not None:
            told.insert(1, self._when(step.when))
        if action.look_for:
            told.append(self._words("manual.look_for", items=say.listed(action.look_for[say.lang])))
        if action.caution:
            told.append(self._words("manual.cautioned", caution=self.phrases.text(action.caution)))
        when = f"□ {self._words(f'manual.urgency.{action.urgency}')}{BREAK}{self._words(f'show.phase.{action.phase}')}"
        return when, BREAK.join(told), who

    # has a report to be made

    def _decide(self) -> Iterator[str]:
        yield self._words("manual.decide.lead")
        yield "\n".join(f"- {self._words(f'manual.decide.{key}')}" for key in ("yes", "no", "unknown"))
        for part in self.manual.regimes:
            yield f"### {self._text(part.regime.title)}"
            yield from self._regime(part)
        if self.manual.left_out:
            yield f"### {self._words('manual.left_out')}"
            yield self._words("manual.left_out.lead")
            left = (
                (f"**{self._text(each.title)}**", escaped(self._condition(each.applies, each.id)))
                for each in self.manual.left_out
            )
            yield self._table("left_out", *left)
        if self.manual.presumptions:
            yield f"### {self._words('manual.presumed')}"
            yield self._words("manual.presumed.lead")
            rows = (
                (escaped(self.phrases.title(each.fact)), self._text(each.says), self._cited(each.sources))
                for each in self.manual.presumptions
            )
            yield self._table("presumed", *rows)

    def _regime(self, part: RegimePart) -> Iterator[str]:
        yield self._text(part.regime.says)
        if part.applies is not None:
            yield self._words("manual.applies", condition=self._condition(part.applies, part.regime.id))
        rows = [
            (
                f"**{self._text(each.rule.title)}**",
                self._text(each.version.says or each.rule.says),
                self._cited(each.version.sources),
                self._words("manual.boxes").replace(" / ", BREAK),
            )
            for each in (part.event, *part.criteria)
        ]
        yield self._table("decide", *rows)
        for duty in (part.report, part.notify):
            if duty is not None:
                yield f"**{self._text(duty.rule.title)}**"
                yield self._text(duty.version.says or duty.rule.says)
        if part.exemptions:
            yield f"**{self._words('manual.exemptions')}**"
            exempt = (
                (
                    self._text(each.exemption.title),
                    self._words(f"show.duty.{each.exemption.duty}"),
                    "―" if each.when is None else escaped(self._condition(each.when, part.regime.id)),
                    self._cited(each.exemption.sources),
                )
                for each in part.exemptions
            )
            yield self._table("exemptions", *exempt)

    # by when

    def _clocks(self) -> Iterator[str]:
        yield self._words("manual.clocks.lead")
        yield self._words("manual.clocks.example", day=self._papers.day(self.manual.day))
        for part in self.manual.regimes:
            if part.clocks:
                yield f"### {self._text(part.regime.title)}"
                yield self._table("clocks", *map(self._clock, part.clocks))

    def _clock(self, worked: WorkedClock) -> tuple[str, str, str, str]:
        clock = worked.clock
        kind = "firm" if clock.firm else "guide" if clock.guide_days else "prompt"
        firm = self._words(f"manual.clocks.{kind}")
        title = f"**{self._text(clock.rule.title)}**{BREAK}{firm}"
        return (
            title,
            self._text(worked.says),
            BREAK.join(self._example(clock)) or "―",
            self._cited(clock.version.sources),
        )

    def _example(self, clock: Clock) -> Iterator[str]:
        if clock.guide and clock.guide_days:
            first, last = map(self._papers.day, clock.guide)
            yield self._words("manual.clocks.from_to", first=first, last=last)
        # A period in hours runs from the moment of knowing, which only the incident can tell.
        if hours := clock.version.body.get("hours"):
            yield self._words("manual.clocks.hours", hours=hours)
        if clock.term:
            yield self._ends("manual.clocks.due", clock.term)
        if clock.longer and clock.longer_if is not None:
            yield self._ends("manual.clocks.longer", clock.longer)

    def _ends(self, key: str, term: Term) -> str:
        if term.due is None:
            return self._words("manual.clocks.days", days=term.days)
        say, day = self.say, self._papers.day
        moved = "" if term.moved_from is None else say("manual.clocks.moved", day=day(term.moved_from))
        known = "" if term.known_calendar else say("manual.clocks.calendar_ends")
        return escaped(say(key, days=term.days, due=day(term.due)) + moved + known)

    # whom to tell

    def _tell(self) -> Iterator[str]:
        yield self._words("manual.tell.lead")
        clocks = {part.regime.id: part for part in self.manual.regimes}
        for under in self.manual.told:
            yield f"### {self._text(under.regime.title)}"
            part = clocks.get(under.regime.id)
            yield self._table("tell", *(self._told(each, part, under.regime.id) for each in under.told))

    def _told(self, told: Told, part: RegimePart | None, regime: str) -> tuple[str, str, str]:
        recipient = told.recipient
        whom = [f"**{self._text(recipient.title)}**", self._words(f"manual.purpose.{recipient.purpose}")]
        if told.when is not None:
            whom.append(self._when(told.when, regime))
        how = [*self._by_when(recipient.purpose, part), self._text(recipient.way)]
        if recipient.address:
            how.append(escaped(recipient.address))
        titles = [self.phrases.text(paper.paper.title) for paper in self._papers_for(recipient.purpose, part)]
        if titles:
            how.append(self._words("manual.tell.papers", titles=self.say.listed(titles)))
        return BREAK.join(whom), BREAK.join(how), self._checked(recipient.sources)

    def _by_when(self, purpose: str, part: RegimePart | None) -> Iterator[str]:
        if part is None:
            return
        if purpose == "report" and part.clocks:
            titles = self.say.listed(self.phrases.text(each.clock.rule.title) for each in part.clocks)
            yield self._words("manual.tell.clocks", titles=titles)
        if purpose == "notify" and part.notify is not None:
            yield self._words("manual.tell.notice")

    def _papers_for(self, purpose: str, part: RegimePart | None) -> Iterator[PaperPart]:
        """Yield the papers that serve the duty under which somebody is told."""
        if part is None or purpose not in _GROUP_OF:
            return
        duty = part.regime.report if purpose == "report" else part.regime.notify
        for paper in self.manual.papers:
            if paper.plain["group"] == _GROUP_OF[purpose] and f"{part.regime.id}.{duty}" in paper.paper.duties:
                yield paper

    def _checked(self, sources: Iterable[Source]) -> str:
        """Return sources, each with how well it is known and when it was last held against its text."""
        return BREAK.join(
            dict.fromkeys(
                self._words(
                    "manual.source",
                    cited=self.phrases.rulebook.cite(source, self.say.lang),
                    read=self.say(f"read.{source.read}"),
                    checked=str(source.checked),
                )
                for source in sources
            )
        )

    # what to do

    def _actions(self) -> Iterator[str]:
        manual = self.manual
        yield self._words("manual.actions.lead")
        yield f"### {self._words('manual.actions.common')}"
        yield from self._phases(manual.common)
        if manual.circumstances:
            yield f"### {self._words('manual.actions.circumstances')}"
            yield self._words("manual.actions.circumstances.lead")
            yield from self._phases(manual.circumstances)
        causes = self.phrases.rulebook.facts["cause"].choices
        for part in manual.causes:
            yield f"### {self._words('manual.actions.cause', cause=self.phrases.text(causes[part.cause].title))}"
            yield from self._phases(part.steps)

    def _phases(self, steps: Iterable[Step]) -> Iterator[str]:
        ordered = sorted(steps, key=lambda step: PHASES.index(step.action.phase))
        yield self._table("steps", *map(self._step, ordered))

    # the papers

    def _paper_list(self) -> Iterator[str]:
        yield self._words("manual.papers.lead")
        groups = {part.plain["group"]: None for part in self.manual.papers}
        for group in (*GROUPS, *(each for each in groups if each not in GROUPS)):
            if group in groups:
                yield f"### {self._words(f'manual.papers.{group}')}"
                yield self._table(
                    "papers", *(self._paper(each) for each in self.manual.papers if each.plain["group"] == group)
                )

    def _paper(self, part: PaperPart) -> tuple[str, str, str]:
        paper = part.paper
        title = [
            f"**{self._text(paper.title)}**",
            self._words("manual.papers.for", audience=self.phrases.text(part.plain["for"])),
        ]
        when = [self._words(f"manual.papers.basis.{paper.basis}")]
        duties = [self.phrases.text(rule.title) for rule in self._duties(paper.duties)]
        if duties:
            states = self.say.listed(self.say(f"manual.papers.duty.{state}") for state in paper.when_duty_is)
            when.append(self._words("manual.papers.serves", duties=self.say.listed(duties), states=states))
        if part.when is not None:
            when.append(self._when(part.when, paper.regime))
        if paper.why:
            when.append(self._text(paper.why))
        sources = [source_of(source) for source in part.plain.get("sources") or ()]
        if sources:
            when.append(self._cited(sources))
        return BREAK.join(title), BREAK.join(when), escaped(paper.id)

    def _duties(self, names: Iterable[str]) -> Iterator[Rule]:
        kept = {part.regime.id: part.regime for part in self.manual.regimes}
        for name in names:
            regime, _, rule = name.partition(".")
            if regime in kept:
                yield kept[regime].rules[rule]

    # record, drills

    def _record(self) -> Iterator[str]:
        yield self._words("manual.record.lead")
        yield f"### {self._words('manual.record.rules')}"
        yield "\n".join(f"- {self._words(f'manual.record.rule.{n}')}" for n in range(1, 7))
        yield f"### {self._words('manual.record.sample')}"
        sample = tuple(self._words(f"manual.record.sample.{n}") for n in range(1, 6))
        yield self._table("record", sample, *[("\u3000",) * 5] * _ROWS)
        yield f"### {self._words('manual.record.evidence')}"
        yield "\n".join(f"- {self._words(f'manual.record.evidence.{n}')}" for n in range(1, 5))
        yield f"### {self._words('manual.record.never')}"
        yield self._words("manual.record.never.lead")
        now = (step.action for step in (*self.manual.first, *self.manual.common))
        cautions = dict.fromkeys(self._text(action.caution) for action in now if action.caution)
        yield "\n".join(f"- {caution}" for caution in cautions)

    def _drills(self) -> Iterator[str]:
        yield self._words("manual.drills.lead")
        yield "\n".join(f"- {self._words(f'manual.drills.when.{n}')}" for n in range(1, 4))
        yield self._words("manual.drills.with" if self.house.drills else "manual.drills.table_top")
        yield self._words("manual.drills.after")
        yield self._table("drills", *[("\u3000",) * 4] * _ROWS)

    # sources, blanks

    def _sources(self) -> Iterator[str]:
        yield self._words("manual.sources.lead")
        yield self._words(
            "manual.sources.fingerprint", fingerprint=self.manual.fingerprint, day=self._papers.date(self.manual.day)
        )
        rulebook, lang = self.phrases.rulebook, self.say.lang
        order = {law: place for place, law in enumerate(rulebook.laws)}
        together: dict[tuple[str, str, dt.date], list[str]] = {}
        for source in sorted(self.manual.sources, key=lambda each: (order[each.law], _place(each))):
            together.setdefault((source.law, source.read, source.checked), []).append(_article(source, lang))
        yield self._table("sources", *(self._source(*key, articles) for key, articles in together.items()))

    def _source(self, law: str, read: str, checked: dt.date, articles: Iterable[str]) -> tuple[str, ...]:
        known = self.phrases.rulebook.laws[law]
        named = [self._text(known.title), *([escaped(known.address)] if known.address else [])]
        passages = self.say.listed(article for article in dict.fromkeys(articles) if article)
        return BREAK.join(named), escaped(passages) or "―", self._words(f"read.{read}"), str(checked)

    def _blanks(self) -> Iterator[str]:
        contacts = [each for each in (*self.house.inside, *self.house.outside) if not each.words]
        facts = self._facts_missing()
        yield self._words("manual.blanks.lead" if contacts or facts else "manual.blanks.none")
        profile = "" if self.house.profile == "default" else f" --profile {self.house.profile}"
        rows = [
            (escaped(each.title), escaped(f"leakresp profile init --no-input{profile} --contact {each.id}=…"))
            for each in contacts
        ]
        rows += [
            (escaped(self.phrases.title(fact)), escaped(f"leakresp profile init --no-input{profile} --set {fact}=…"))
            for fact in facts
        ]
        if rows:
            yield self._table("blanks", *rows)
            yield self._words("manual.blanks.all", command=f"leakresp profile init{profile}")


def _article(source: Source, lang: str) -> str:
    if source.article is None:
        return ""
    return source.article if lang == "ja" else source.article_en or english_article(source.article)


def _place(source: Source) -> list[tuple[int, str]]:
    """Return the place of an article: article 9 comes before article 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(source.article or "")]


def _joined(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if line]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown. A cell is one line: what broke its lines breaks them still."""
    lines = [f"| {' | '.join(map(escaped, columns))} |", f"|{' --- |' * len(columns)}"]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows]
    return "\n".join(lines)


def _cell(words: str) -> str:
    return words.replace("  \n", BREAK).replace("\n", BREAK)
