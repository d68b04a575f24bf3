"""``leakresp change``: answers changed or taken back, what that moved, and since when a new duty was known."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import NOT_ASKED, Day
from leakresp.law.vocabulary import nearest, written
from leakresp.response.assessment_json import assessment_json
from leakresp.response.case import Noted, Withdrawn, answered, replay
from leakresp.response.clients import FOLLOWING
from leakresp.response.moved import Arisen, arisen, moved, newly_stale, stale_papers
from leakresp.shell.answers import Given, read_settings
from leakresp.shell.case_desk import keep_ruling, take_up_to_change
from leakresp.shell.cases import author
from leakresp.shell.day_words import long_day
from leakresp.shell.desk import Desk
from leakresp.shell.faults import ANSWERS_MISSING, DONE, INTERRUPTED, MISUSE, Fault, FaultsError
from leakresp.shell.layout import GAP, Row
from leakresp.shell.moved_words import differing_rows, moved_json
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.status_words import stale_details, stale_json
from leakresp.shell.typed_times import read_option, typed_past

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from leakresp.law.held import Answers
    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case, Event
    from leakresp.response.moved import Stale
    from leakresp.shell.cases import OpenCase

SCHEMA: Final = "leakresp/change/1"
_DISCOVERED: Final = "discovered_on"
_OPTION: Final = "--learned-on"


def run(
    *,
    case: str,
    changes: list[str],
    learned_on: str | None,
    because: str | None,
    by: str | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Change answers, keep that, and show what moved. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    opened = take_up_to_change(desk, case, folder)
    wanted = _read(desk, opened.case, changes)
    if not wanted.stated and not wanted.withdrawn:
        return _nothing_new(desk, opened, wanted, as_json=as_json)
    changing = _Changing(desk, opened, wanted, because, author(by))
    day = None if learned_on is None else changing.check_day(read_option(learned_on, _OPTION, desk.now))
    changing.keep()
    asked = day is None and changing.asks and not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        day = changing.ask() if asked else day
    except KeyboardInterrupt:
        Screen(desk).write([*changing.rows(None), GAP, Row(changing.how_to_add())])
        return INTERRUPTED
    if day is not None:
        changing.keep_day(day)
    missing = day is None and changing.asks and not asked
    if as_json:
        write_json(changing.json(day, missing=missing))
    else:
        Screen(desk).write(changing.rows(day))
    if missing:
        raise FaultsError([changing.day_missing()], ANSWERS_MISSING, changing.how_to_add())
    return DONE


# what is wanted -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was typed: facts stated otherwise than on record, facts taken back, and facts that were so already."""

    stated: Answers
    withdrawn: tuple[str, ...]
    same: tuple[str, ...]


def _read(desk: Desk, case: Case, changes: Iterable[str]) -> _Wanted:
    """Return what ``ID=VALUE`` and ``ID=`` ask for, checked like any other answer. Raises ``FaultsError``."""
    settings, withdrawn = [], []
    for change in changes:
        name, equals, raw = change.partition("=")
        if equals and not raw.strip():
            withdrawn.append(name.strip())
        else:
            settings.append(change)
    faults = [fault for name in withdrawn for fault in _not_withdrawable(desk, case, name, withdrawn)]
    if case.clients:
        named = (change.partition("=")[0].strip() for change in settings)
        faults += [
            Fault("clients.fact_follows", path=fact, details={"fact": fact}) for fact in named if fact in FOLLOWING
        ]
    stated: Answers = {}
    try:
        stated = read_settings(settings, desk.facts, desk.now)
    except FaultsError as error:
        faults = [*error.faults, *faults]
    faults += [Fault("answers.set_twice", path=name) for name in stated if name in withdrawn]
    if faults:
        raise FaultsError(faults, MISUSE)
    same = tuple(fact for fact, value in stated.items() if case.answers.get(fact) == value)
    fresh = {fact: value for fact, value in stated.items() if fact not in same}
    return _Wanted(fresh, tuple(withdrawn), same)


def _not_withdrawable(desk: Desk, case: Case, name: str, withdrawn: list[str]) -> Iterator[Fault]:
    if name not in desk.facts and name not in case.lost:
        yield Fault("answers.fact_unknown", path=name, details={"word": name, "nearest": nearest(name, desk.facts)})
    elif name not in case.stated and name not in case.lost:
        yield Fault("change.not_answered", path=name)
    elif withdrawn.count(name) > 1:
        yield Fault("answers.set_twice", path=name)


def _nothing_new(desk: Desk, opened: OpenCase, wanted: _Wanted, *, as_json: bool) -> int:
    if as_json:
        write_json({"schema": SCHEMA, "case": opened.name, "changed": {}, "same": list(wanted.same)})
    else:
        facts = desk.say.listed(map(desk.phrases.title, wanted.same))
        Screen(desk).write([Row(desk.say("change.nothing_new", facts=facts))])
    return DONE


# the change itself ----------------------------------------------------------------------------------------------------


class _Changing:
    """One change of a case: before and after, and the day since when a new duty was known."""

    def __init__(self, desk: Desk, opened: OpenCase, wanted: _Wanted, because: str | None, by: str) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.wanted: Final = wanted
        self.because: Final = because
        self.by: Final = by
        self.was: Case = opened.case
        self.before: Assessment = self._assess(opened.case)
        self.after: Assessment = desk.assess(Given({}, self._changed(opened.case.answers), opened.case.clients))
        self.others = 0

    def _assess(self, case: Case) -> Assessment:
        return self.desk.assess(Given.of_case(case))

    def _changed(self, answers: Answers) -> Answers:
        kept = {fact: value for fact, value in answers.items() if fact not in self.wanted.withdrawn}
        return kept | self.wanted.stated

    # keeping

    def keep(self) -> None:
        """Record the change. What others recorded in the meantime counts as having been there before."""
        events: list[Event] = []
        if self.wanted.withdrawn:
            events.append(Withdrawn(self.wanted.withdrawn, self.because))
        if self.wanted.stated:
            events.append(answered(self.wanted.stated, "set", where="change", why=self.because))
        added = self.opened.add(self.by, *events)
        self.others = len(added.others)
        entries = self.opened.journal.entries
        self.was = replay(entries[: len(entries) - len(added.own)], self.desk.facts)
        self.before = self._assess(self.was)
        self._assess_anew()

    def _assess_anew(self) -> None:
        self.after = self._assess(self.opened.case)
        keep_ruling(self.opened, self.by, self.after)

    # the day since when it was known

    @property
    def arisen(self) -> tuple[Arisen, ...]:
        """The situations that came to hold, as the record had it before the change."""
        return arisen(self.before, self.after, self.desk.assessor)

    @property
    def discovered(self) -> dt.date | None:
        """The day the incident became known, where it is stated."""
        day = self.after.answers.get(_DISCOVERED)
        return day.date if isinstance(day, Day) else None

    @property
    def asks(self) -> bool:
        """True where the duty to report arose, may have been known later than the incident, and nobody said when."""
        new = [each for each in self.arisen if each.duty]
        if not new or self.discovered == self.desk.today:
            return False
        learned = [each.learned for each in new]
        return not any(fact in self.after.answers for fact in learned if fact is not None)

    def check_day(self, day: Day) -> Day:
        """Refuse a day that dates nothing, or that lies before the incident was known. Raises ``FaultsError``."""
        if not self.arisen:
            raise FaultsError([Fault("change.learned_for_nothing", path=_OPTION)], MISUSE)
        if self.discovered is not None and day.date < self.discovered:
            raise FaultsError([self._before_discovery(day)], MISUSE)
        return day

    def _before_discovery(self, day: Day) -> Fault:
        details = {"day": day.date, "discovered": self.discovered}
        return Fault("change.learned_before_discovery", path=_OPTION, details=details)

    def ask(self) -> Day | None:
        """Ask on which day it became known; ``None`` for "not later". Raises ``KeyboardInterrupt`` on Ctrl-C."""
        from leakresp.law.vocabulary import WrongAnswer
        from leakresp.shell.faults import fault_of
        from leakresp.shell.prompts import type_answer
        from leakresp.shell.wording import sentence

        say = self.desk.say

        def check(text: str) -> str | None:
            if not text.strip():
                return None
            try:
                day = typed_past(text, self.desk.now)
            except WrongAnswer as wrong:
                return sentence(say, fault_of(wrong))
            early = self.discovered is not None and day.date < self.discovered
            return (
                say("fault.change.learned_before_discovery", **self._before_discovery(day).details) if early else None
            )

        Screen(self.desk).write(self._question())
        text = type_answer(check)
        sys.stdout.write("\n")
        if text.strip():
            return typed_past(text, self.desk.now)
        return None if self.discovered is None else Day(self.discovered)

    def _question(self) -> Iterator[Row]:
        yield Row(self.desk.say("change.ask", criteria=self._titles(self.arisen)), style="strong")
        yield Row(self.desk.say("change.ask_help"), style="muted")

    def _titles(self, found: Iterable[Arisen]) -> str:
        return self.desk.say.listed(dict.fromkeys(self._title(each.name) for each in found))

    def _title(self, name: str) -> str:
        regime, _, rule = name.partition(".")
        return self.desk.phrases.text(self.desk.shelf.rulebook.regimes[regime].rules[rule].title)

    def keep_day(self, day: Day) -> None:
        """Record the day: as the fact from which the law counts, or as a line of the timeline where none does."""
        if self.discovered is not None and day.date <= self.discovered:
            return  # known from the start: the day of discovery says it already
        facts: Answers = {
            each.learned: day for each in self.arisen if each.learned and each.learned not in self.after.answers
        }
        events: list[Event] = []
        if facts:
            events.append(answered(facts, "set", where="change", why=self.because))
        if silent := self._silent():
            text = self.desk.say("change.note", criteria=self._titles(silent))
            events.append(Noted(text, str(day)))
        if events:
            self.opened.add(self.by, *events)
            self._assess_anew()

    def _silent(self) -> list[Arisen]:
        return [each for each in self.arisen if each.learned is None]

    # showing

    def rows(self, day: Day | None) -> Iterator[Row]:
        """Yield what was changed, what moved, from when it counts, and the papers that no longer say what is known."""
        say = self.desk.say
        if self.others:
            yield Row(say("change.others", count=self.others), style="unsure")
        yield Row(say("change.kept", case=self.opened.name), style="heading")
        yield from (Row(say("why.moved", name=name, before=was, after=now), 2, 4) for name, was, now in self._facts())
        yield GAP
        yield from differing_rows(self.before, self.after, self.desk.phrases)
        yield from self._counted(day)
        yield from self._papers()

    def _facts(self) -> Iterator[tuple[str, str, str]]:
        phrases, now = self.desk.phrases, self.opened.case.answers
        for fact in self._changed_facts():
            if fact in self.desk.facts:
                was = phrases.value(fact, self.was.answers.get(fact, NOT_ASKED))
                yield phrases.title(fact), was, phrases.value(fact, now.get(fact, NOT_ASKED))
            else:
                yield fact, self.desk.say("change.unreadable"), phrases.say("value.not_asked")

    def _changed_facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.wanted.withdrawn, *self.wanted.stated, *self._day_facts())))

    def _day_facts(self) -> tuple[str, ...]:
        facts = (each.learned for each in self.arisen if each.learned)
        now, was = self.opened.case.answers, self.was.answers
        return tuple(fact for fact in facts if fact in now and now[fact] != was.get(fact))

    def _counted(self, day: Day | None) -> Iterator[Row]:
        """Yield both days, and from which the law counts; a clock that no source moves is said to stay."""
        say = self.desk.say
        if day is None or not self.arisen or self.discovered is None or day.date <= self.discovered:
            return
        yield GAP
        yield Row(say("change.both_days", discovered=long_day(self.discovered, say), learned=long_day(day.date, say)))
        concerned = {each.regime for each in self.arisen}
        for result in self.after.regimes:
            days = {clock.counts_from for clock in result.clocks if clock.counts_from is not None}
            if result.regime.id in concerned:
                title = self.desk.phrases.text(result.regime.title)
                counted = (say("change.counts_from", regime=title, day=long_day(first, say)) for first in sorted(days))
                yield from (Row(text, 2, 2) for text in counted)
        if silent := self._silent():
            yield Row(say("change.silent", criteria=self._titles(silent)), 2, 2, "unsure")

    def _papers(self) -> Iterator[Row]:
        stale = self.stale
        if not stale:
            return
        say = self.desk.say
        yield GAP
        yield Row(say("change.stale"), style="strong")
        for each in stale:
            key = "change.stale_sent" if each.sent else "change.stale_draft"
            yield Row(say(key, **stale_details(each, self.desk)), 2, 2)
        if any(not each.sent for each in stale):
            yield Row(f"leakresp draft-notice --all --case {shlex.quote(self.opened.name)}", 4, style="strong")

    @property
    def stale(self) -> tuple[Stale, ...]:
        """The papers that this change made untrue."""
        return newly_stale(stale_papers(self.was, self.before), stale_papers(self.opened.case, self.after))

    def day_missing(self) -> Fault:
        """Return the fault that nobody said on which day the duty became known."""
        return Fault("change.day_missing", path=_OPTION, details={"criteria": self._titles(self.arisen)})

    def how_to_add(self) -> str:
        """Return how the day can still be recorded."""
        name = shlex.quote(self.opened.name)
        learned = next((each.learned for each in self.arisen if each.learned), None)
        if learned is not None:
            return self.desk.say("change.add_fact", command=f"leakresp change {name} {learned}=YYYY-MM-DD")
        return self.desk.say("change.add_note", command=f"leakresp note {name} --at YYYY-MM-DD TEXT")

    def json(self, day: Day | None, *, missing: bool) -> dict[str, Any]:
        """Return the change as plain values; keys are the same in every language."""
        now = self.opened.case
        return {
            "schema": SCHEMA,
            "case": self.opened.name,
            "changed": {fact: [_raw(self.was, fact), _raw(now, fact)] for fact in self._changed_facts()},
            "same": list(self.wanted.same),
            "because": self.because,
            "moved": moved_json(moved(self.before, self.after)),
            "arisen": [
                {"rule": each.name, "duty": each.duty, "counts_from_fact": each.learned} for each in self.arisen
            ],
            "discovered_on": None if self.discovered is None else str(self.discovered),
            "learned_on": None if day is None else str(day),
            "asks": ["learned_on"] if missing else [],
            "stale": [stale_json(each) for each in self.stale],
            "assessment": assessment_json(self.after, now.incident, self.desk.phrases),
        }


def _raw(case: Case, fact: str) -> str | list[str] | None:
    if fact in case.answers:
        return written(case.answers[fact])
    return case.lost[fact].raw if fact in case.lost else None
