"""The rulebook: every rule with its versions, and what of it is in force on a given day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.citing import english_article
from leakresp.law.conditions import All, Condition, RuleWord
from leakresp.law.days import Calendar
from leakresp.law.deadlines import Deadline, Start
from leakresp.law.duties import Duty
from leakresp.law.held import Open
from leakresp.law.presumptions import Presumption, Presumptions
from leakresp.law.rules import NOT_YET, Criterion, Example, Exemption, Rule, Version, Written
from leakresp.law.vocabulary import Choice, Fact, Source, Text
from leakresp.law.written import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leakresp.law.held import Value

Plain = dict[str, Any]
#: What a numbered part of a law begins with: 第7条, 別添2, 附則第1条.
_NUMBERED: Final = "第別附（"
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Overlap:
    """How telling one recipient stands to telling another (``other``, its name across regimes).

    ``how``: ``instead`` (this one takes the other's place), ``besides`` (both are told, each in its own way) or
    ``together`` (one document may serve both).
    """

    other: str
    how: str
    says: Text
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who must be told: how, with which papers, and beside or instead of whom.

    ``urgency`` places those who are told without a number of days: ``now``, ``today``, ``days`` or ``later``. Who is
    told ``unless`` something holds is told while that is unknown. Without ``rolls`` a closed last day stays the last.
    ``any_law``: it is told whichever body of law applies, and although the one it is listed under does not.
    """

    id: str
    title: Text
    purpose: str
    way: Text
    when: Written | None
    unless: Written | None
    rolls: bool
    #: Told as well while somebody who was asked cannot tell whether ``when`` holds.
    shown_unsure: bool
    address: str | None
    papers: tuple[str, ...]
    urgency: str | None
    overlaps: tuple[Overlap, ...]
    sources: tuple[Source, ...]
    any_law: bool = False


@dataclass(frozen=True, slots=True)
class Regime:
    """A body of law, or a scheme, with its own duty to report: its rules, whatever their dates.

    ``beside``: it stands beside the Act and is looked at once something says that it applies. ``group`` is the folder
    it lies in with others of its kind, or empty.
    """

    id: str
    group: str
    beside: bool
    order: int
    title: Text
    says: Text
    applies: Written
    event: str
    criteria: tuple[str, ...]
    report: str
    notify: str | None
    deadlines: tuple[str, ...]
    rules: Mapping[str, Rule]
    recipients: tuple[Recipient, ...]

    @property
    def notice_only(self) -> bool:
        """Tell whether its main duty is the notice to the persons: it names no authority to report to."""
        return self.beside and all(each.purpose != "report" for each in self.recipients)


@dataclass(frozen=True, slots=True)
class RegimeInForce:
    """A regime on a given day, with every condition built."""

    regime: Regime
    applies: Condition
    event: RuleWord
    criteria: Mapping[str, RuleWord]
    #: The versions of the criteria in force.
    versions: Mapping[str, Version]
    report: Duty
    notify: Duty | None
    deadlines: tuple[Deadline, ...]
    #: Each with the condition under which it is told, and the one that takes it off the list.
    recipients: tuple[tuple[Recipient, Condition | None, Condition | None], ...]


@dataclass(frozen=True, slots=True)
class Law:
    """The name of a source as people cite it."""

    id: str
    title: Text
    short: Text
    number: str | None
    address: str | None


class InForce:
    """The rules in force on one day: conditions built, references resolved."""

    def __init__(self, rulebook: Rulebook, day: dt.date) -> None:
        self.rulebook: Final = rulebook
        self.day: Final = day
        self._words: dict[str, RuleWord] = {}
        self._scopes: dict[str, Condition] = {}
        self._builder: Final = Builder(rulebook.facts, self.word)
        #: Terms and criteria in force, by their name across regimes.
        self.criteria: Final[dict[str, Criterion]] = {}
        self.presumptions: Final = Presumptions(rulebook.facts, map(self._presumption, rulebook.plain["presumptions"]))
        #: Answers that cannot well be true together, with what to say of them.
        self.contradictions: Final[tuple[tuple[Condition, Text], ...]] = tuple(
            (self.condition(plain["when"]), plain["says"]) for plain in rulebook.plain["contradictions"]
        )
        self.regimes: Final = tuple(
            built for regime in rulebook.regimes.values() if (built := self._regime(regime)) is not None
        )
        #: Bodies of law of which nothing was in force on this day, but for those that stand beside the Act.
        self.not_in_force: Final = tuple(
            regime
            for regime in rulebook.regimes.values()
            if not regime.beside and regime.rules[regime.report].on(day) is None
        )

    def condition(self, written: Written, regime: str = "") -> Condition:
        """Build a condition as its file writes it; ``regime`` is where short rule names are looked up."""
        return self._builder.build(written, regime)

    def word(self, name: str) -> RuleWord:
        """Return the word that stands for the rule ``name`` (``regime.id``). Raises ``KeyError``."""
        if name not in self._words:
            regime, _, rule_id = name.partition(".")
            rule = self.rulebook.regimes[regime].rules[rule_id]
            version = rule.on(self.day)
            if version is None:
                raise KeyError(name)
            word = RuleWord(name, self.condition(version.body["when"], regime))
            self._words[name] = word
            self.criteria[name] = Criterion(rule, version, word)
        return self._words[name]

    def _presumption(self, plain: Plain) -> Presumption:
        value = self.rulebook.facts[plain["fact"]].read(plain["value"])
        return Presumption(
            plain["id"],
            plain["fact"],
            _stated(value),
            self.condition(plain["when"]) if plain.get("when") else None,
            plain["exemption"],
            plain["ask"],
            plain["only_unasked"],
            plain["says"],
            _sources(plain),
        )

    def _regime(self, regime: Regime) -> RegimeInForce | None:
        report = self._duty(regime, regime.report)
        if report is None:
            return None
        return RegimeInForce(
            regime,
            self.scope(regime),
            self.word(f"{regime.id}.{regime.event}"),
            {criterion: self.word(f"{regime.id}.{criterion}") for criterion in regime.criteria},
            {criterion: self.criteria[f"{regime.id}.{criterion}"].version for criterion in regime.criteria},
            report,
            self._duty(regime, regime.notify) if regime.notify else None,
            tuple(deadline for each in regime.deadlines if (deadline := self._deadline(regime, each)) is not None),
            tuple(
                (
                    recipient,
                    self.condition(recipient.when, regime.id) if recipient.when else None,
                    self.condition(recipient.unless, regime.id) if recipient.unless else None,
                )
                for recipient in regime.recipients
            ),
        )

    def _duty(self, regime: Regime, rule_id: str) -> Duty | None:
        rule = regime.rules[rule_id]
        version = rule.on(self.day)
        if version is None:
            return None
        exceptions = tuple(
            (
                Exemption(each["id"], each["duty"], each["title"], _sources(each), each["when"], each.get("see")),
                self.condition(each["when"], regime.id),
            )
            for each in version.body.get("exceptions") or ()
        )
        when = self.condition(version.body["when"], regime.id)
        # What stands beside the Act asks for nothing where it does not apply.
        return Duty(rule, version, All((self.scope(regime), when)) if regime.beside else when, exceptions)

    def scope(self, regime: Regime) -> Condition:
        """Return the condition under which a body of law applies at all."""
        if regime.id not in self._scopes:
            self._scopes[regime.id] = self.condition(regime.applies, regime.id)
        return self._scopes[regime.id]

    def _deadline(self, regime: Regime, rule_id: str) -> Deadline | None:
        rule = regime.rules[rule_id]
        version = rule.on(self.day)
        if version is None:
            return None
        body = version.body
        starts, guide = body["starts"], body.get("guide")
        later = tuple((self.word(f"{regime.id}.{each['rule']}"), each["fact"]) for each in starts.get("later") or ())
        return Deadline(
            rule,
            version,
            body["firm"],
            self.condition(body["when"], regime.id) if body.get("when") else None,
            Start(starts["fact"], later),
            (int(guide["from_day"]), int(guide["to_day"])) if guide else None,
            int(body["days"]) if body.get("days") else None,
            int(body["hours"]) if body.get("hours") else None,
            tuple((int(each["days"]), self.condition(each["when"], regime.id)) for each in body.get("unless") or ()),
            body["rolls"],
            body.get("at_once", False),
            body["for"],
            self.condition(body["once"], regime.id) if body.get("once") else None,
        )


class Rulebook:
    """All rules, facts, presumptions and sources, with the fingerprint of the text they were built from.

    ``plain`` is the checked text of the rule files as plain mappings. The rulebook trusts it: whether a file keeps the
    promises of its format is checked where files are read, so that a fault can name the line.
    """

    def __init__(self, plain: Plain, fingerprint: str) -> None:
        self.plain: Final = plain
        self.fingerprint: Final = fingerprint
        self._in_force: dict[int, InForce] = {}

    @cached_property
    def laws(self) -> Mapping[str, Law]:
        """The sources' names by id."""
        return {
            key: Law(key, law["title"], law.get("short") or law["title"], law.get("number"), law.get("address"))
            for key, law in self.plain["laws"].items()
        }

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """The vocabulary in its order."""
        facts = {fact["id"]: fact for fact in self.plain["facts"]}
        return {key: _fact(fact, facts) for key, fact in facts.items()}

    @cached_property
    def regimes(self) -> Mapping[str, Regime]:
        """The bodies of law by id, in their order."""
        ordered = sorted(self.plain["regimes"], key=lambda regime: int(regime["order"]))
        return {regime["id"]: _regime(regime) for regime in ordered}

    @cached_property
    def calendar(self) -> Calendar:
        """The days on which national authorities are closed."""
        plain = self.plain["calendar"]
        return Calendar(
            frozenset(_WEEKDAYS.index(day) for day in plain["closed"]["weekdays"]),
            frozenset((int(day[:2]), int(day[3:])) for day in plain["closed"]["days"]),
            {dt.date.fromisoformat(each["day"]): each["name"] for each in plain["holidays"]},
            dt.date.fromisoformat(plain["known_from"]),
            dt.date.fromisoformat(plain["known_until"]),
            _sources(plain),
        )

    @cached_property
    def changes(self) -> tuple[dt.date, ...]:
        """The days on which some rule changes, ascending."""
        days = {
            version.since
            for regime in self.regimes.values()
            for rule in regime.rules.values()
            for version in rule.versions
            if version.since is not None
        }
        return tuple(sorted(days))

    def in_force(self, day: dt.date) -> InForce:
        """Return the rules in force on ``day``; days between two changes share one object."""
        epoch = sum(1 for change in self.changes if change <= day)
        if epoch not in self._in_force:
            self._in_force[epoch] = InForce(self, day)
        return self._in_force[epoch]

    def rules(self) -> Iterator[Rule]:
        """Yield every rule of every regime."""
        for regime in self.regimes.values():
            yield from regime.rules.values()

    def cite(self, source: Source, lang: str) -> str:
        """Return a source as people cite it, such as 施行規則第7条第3号."""
        law = self.laws[source.law].short[lang]
        if source.article is None:
            return law
        if lang == "ja":
            return f"{law}{_between(source.article[:1])}{source.article}"
        return f"{law} {source.article_en or english_article(source.article)}"


def _between(first: str) -> str:
    """Return what joins a law's name and what is cited of it: a number follows at once, Latin letters stand apart."""
    if first.isascii() and first.isalpha():
        return " "
    return "" if first.isdigit() or first in _NUMBERED else "の"


def _stated(value: Value | Open) -> Value:
    if isinstance(value, Open):
        message = "a presumption must have a value"
        raise TypeError(message)
    return value


def source_of(plain: Plain) -> Source:
    """Return a source as its file writes it."""
    return Source(
        plain["law"],
        plain.get("article"),
        plain["read"],
        dt.date.fromisoformat(plain["checked"]),
        plain.get("quote"),
        plain.get("note"),
        plain.get("article_en"),
    )


def _sources(plain: Plain) -> tuple[Source, ...]:
    return tuple(source_of(source) for source in plain.get("sources") or ())


def _fact(plain: Plain, facts: Mapping[str, Plain]) -> Fact:
    values = facts[plain["values_of"]]["values"] if plain.get("values_of") else plain.get("values") or ()
    return Fact(
        plain["id"],
        plain["kind"],
        plain["title"],
        plain["help"],
        _sources(plain),
        {
            value["id"]: Choice(value["id"], value["title"], value.get("help"), tuple(value.get("groups") or ()))
            for value in values
        },
        plain.get("completed_by"),
        plain.get("suspected_in"),
    )


def _regime(plain: Plain) -> Regime:
    return Regime(
        plain["id"],
        plain.get("group", ""),
        plain.get("beside", False),
        int(plain["order"]),
        plain["title"],
        plain["says"],
        plain["applies"],
        plain["event"],
        tuple(plain["criteria"]),
        plain["report"],
        plain.get("notify"),
        tuple(plain["deadlines"]),
        {rule["id"]: _rule(plain["id"], rule) for rule in plain["rules"]},
        tuple(_recipient(recipient) for recipient in plain["recipients"]),
    )


def _rule(regime: str, plain: Plain) -> Rule:
    return Rule(
        regime,
        plain["id"],
        plain["kind"],
        plain["title"],
        plain["says"],
        tuple(_version(version) for version in plain["versions"]),
    )


def _version(plain: Plain) -> Version:
    since = None if plain["from"] == NOT_YET else dt.date.fromisoformat(plain["from"])
    examples = tuple(
        Example(example["name"], example["given"], example["expect"]) for example in plain.get("examples") or ()
    )
    return Version(since, _sources(plain), plain.get("says"), examples, plain)


def _recipient(plain: Plain) -> Recipient:
    return Recipient(
        plain["id"],
        plain["title"],
        plain["for"],
        plain["way"],
        plain.get("when"),
        plain.get("unless"),
        plain.get("rolls", True),
        plain.get("unsure") == "show",
        plain.get("address"),
        tuple(plain.get("papers") or ()),
        plain.get("urgency"),
        tuple(
            Overlap(each["other"], each["how"], each["says"], _sources(each)) for each in plain.get("overlaps") or ()
        ),
        _sources(plain),
        plain.get("any_law", False),
    )
