"""Whom to tell, on a screen: for each recipient whom, by when, how, with what, on what ground, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leakresp.law.duties import OWING, UNDETERMINED
from leakresp.response.telling import tellings
from leakresp.shell.day_words import long_day, short_day, until_words
from leakresp.shell.layout import Row, cells, padded

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from leakresp.law.deadlines import Clock
    from leakresp.response.assessment import Assessment, Unlooked
    from leakresp.response.telling import Telling
    from leakresp.response.wording import Phrases

#: The folder of the laws of other countries.
_ABROAD: Final = "abroad"
#: Cells before the numbers, the longest of them.
_EDGE: Final = 2
#: The lines below a recipient, in their order.
_LABELS: Final = ("by", "way", "papers", "ground", "sure", "overlap")


def paper_titles(assessment: Assessment, phrases: Phrases) -> dict[str, str]:
    """Return the titles of the papers that fit an incident, by their id."""
    return {paper: phrases.text(title) for paper, title in assessment.papers_fitting.items()}


class TellingWords:
    """The list of recipients of one assessment in the words of one language."""

    def __init__(self, assessment: Assessment, phrases: Phrases, today: dt.date, titles: dict[str, str]) -> None:
        self.assessment: Final = assessment
        self.phrases: Final = phrases
        self.say: Final = phrases.say
        self.today: Final = today
        #: The titles of papers by their id.
        self.titles: Final = titles
        self.width: Final = max(cells(self.say(f"telling.{label}")) for label in _LABELS)

    def rows(self) -> Iterator[Row]:
        """Yield the recipients, the soonest first, then the bodies of law of which nobody knows whether they apply."""
        found = tellings(self.assessment)
        sure = [each for each in found if not each.may_not_apply]
        yield from self.abroad([each for each in found if each not in sure])
        yield from self.provisional(sure)
        edge = _EDGE + len(f"{len(sure)}. ")
        for number, each in enumerate(sure, 1):
            yield from self.recipient(number, each, edge)
        yield from self.unsure([each for each in found if each not in sure])
        yield from self.unlooked()

    def provisional(self, found: Iterable[Telling]) -> Iterator[Row]:
        """Yield whom to tell only once a duty is settled: all of them, or those whose ground says so."""
        duties = {each.duty for each in found} - {""}
        if UNDETERMINED in duties:
            key = "provisional" if duties == {UNDETERMINED} else "provisional_some"
            yield Row(self.say(f"screen.recipient.{key}"), 2, style="unsure")

    def recipient(self, number: int, telling: Telling, edge: int) -> Iterator[Row]:
        """Yield one recipient; what is said of it begins at the cell ``edge``, however long the numbers are."""
        recipient, room = telling.recipient, len(f"{number}. ")
        name = self.say(f"screen.recipient.{recipient.purpose}", name=self.phrases.text(recipient.title))
        yield Row(self.say("screen.number", number=number, text=name), edge - room, room, "strong")
        yield self.line(edge, "by", self.by(telling), "bad" if self.late(telling) else "")
        yield self.line(edge, "way", self.phrases.text(recipient.way))
        if recipient.address is not None:
            yield Row(recipient.address, edge + self.width + 2, style="muted")
        if telling.papers:
            yield self.line(edge, "papers", self.say.listed(self.titles.get(paper, paper) for paper in telling.papers))
        yield self.line(edge, "ground", self.ground(telling))
        yield self.line(edge, "sure", self.sure(telling), "" if telling.read == "verbatim" else "unsure")
        yield from (self.line(edge, "overlap", text) for text in self.overlaps(telling))

    def line(self, edge: int, label: str, text: str, style: str = "") -> Row:
        return Row(f"{padded(self.say(f'telling.{label}'), self.width)}  {text}", edge, self.width + 2, style)

    # by when

    def by(self, telling: Telling) -> str:
        if telling.clocks:
            return self.say("telling.and_then").join(map(self.clock, telling.clocks))
        urgency = telling.recipient.urgency
        return self.say(f"telling.by.{urgency or telling.recipient.purpose}")

    def clock(self, clock: Clock) -> str:
        say, name = self.say, self.phrases.text(clock.rule.title)
        if clock.kind == "prompt":
            return say(f"telling.clock.{'at_once' if clock.at_once else 'prompt'}", name=name)
        if clock.hours is not None:
            return self.hours(clock, name)
        if clock.guide_days is not None:
            first, last = clock.guide_days
            if clock.guide is None:
                return say("telling.clock.guide_open", name=name, first=first, last=last)
            start, end = (short_day(day, self.today, say) for day in clock.guide)
            return say("telling.clock.guide", name=name, start=start, end=end)
        days = clock.term.days if clock.term else 0
        if clock.last is None:
            return say("telling.clock.days_open", name=name, days=days)
        return say("telling.clock.days", name=name, day=long_day(clock.last, say), days=days)

    def hours(self, clock: Clock, name: str) -> str:
        if clock.moment is None:
            return self.say("telling.clock.hours_open", name=name, hours=clock.hours)
        until = until_words(clock.moment, self.say)
        return self.say("telling.clock.hours", name=name, hours=clock.hours, until=until)

    def late(self, telling: Telling) -> bool:
        return telling.last is not None and telling.last < self.today

    # on what ground, and how sure

    def ground(self, telling: Telling) -> str:
        result, say = telling.result, self.say
        titles = [self.phrases.text(result.regime.rules[name].title) for name in telling.because]
        cited = say.listed(
            dict.fromkeys(self.phrases.rulebook.cite(each, say.lang) for each in telling.recipient.sources)
        )
        if telling.duty not in OWING or not titles:
            return cited
        quoted = say("screen.quoted_and").join(say("screen.quoted", text=title) for title in titles)
        return say(f"telling.ground.{telling.duty}", criteria=quoted, sources=cited)

    def sure(self, telling: Telling) -> str:
        checked = min(source.checked for source in telling.recipient.sources)
        verify = "" if telling.read in {"verbatim", "quoted"} else self.say("telling.verify")
        return self.say("telling.sure_of", read=self.say(f"read.{telling.read}"), checked=checked, verify=verify)

    def overlaps(self, telling: Telling) -> Iterator[str]:
        """Yield how telling one recipient stands to telling others on the list."""
        yield from (self.phrases.text(overlap.says) for overlap in telling.overlaps)
        if telling.replaced_by:
            names = self.say.listed(self.phrases.text(each.recipient.title) for each in telling.replaced_by)
            yield self.say("telling.replaced", names=names)

    # what nobody knows

    def abroad(self, unsure: list[Telling]) -> Iterator[Row]:
        """Yield, before all else, the shortest clock abroad while nobody can tell whether a law abroad applies."""
        abroad = [each for each in unsure if each.result.regime.group == _ABROAD]
        hours = [clock.hours for each in abroad for clock in each.clocks if clock.hours is not None]
        if hours:
            yield Row(self.say("telling.abroad", hours=min(hours)), 2, style="unsure")

    def unsure(self, found: list[Telling]) -> Iterator[Row]:
        """Yield those of whom nobody can tell whether their law applies, a line each with its soonest clock."""
        if found:
            yield Row(self.say("telling.unsure"), 2, style="unsure")
        for each in found:
            name = self.say(f"screen.recipient.{each.recipient.purpose}", name=self.phrases.text(each.recipient.title))
            yield Row(self.say("screen.pair", name=name, text=self.by(each)), 4, 2)

    def unlooked(self) -> Iterator[Row]:
        """Yield what was not asked yet and decides whether others must be told as well."""
        facts = dict.fromkeys(fact for each in self.assessment.unlooked for fact in each.facts)
        if not facts:
            return
        names = dict.fromkeys(map(self.law, self.assessment.unlooked))
        titles = self.say.listed(map(self.phrases.title, facts))
        count = len(self.assessment.unlooked)
        told = self.say("telling.unlooked", count=count, laws=self.say.listed(names), facts=titles)
        yield Row(told, 2, style="unsure")

    def law(self, unlooked: Unlooked) -> str:
        """Return the name of a body of law; those of other countries go by one name."""
        if unlooked.regime.group == _ABROAD:
            return self.say("telling.laws_abroad")
        return self.phrases.text(unlooked.regime.title)
