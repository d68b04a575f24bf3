"""One rule, presumption, action or fact put into words: what it says, since when, by which source, with examples."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.rulebook import source_of
from leakresp.law.rules import NOT_YET
from leakresp.shell.condition_words import condition_rows, value_title
from leakresp.shell.day_words import date
from leakresp.shell.layout import GAP, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.rulebook import Rulebook
    from leakresp.law.vocabulary import Source
    from leakresp.response.wording import Phrases
    from leakresp.shell.rule_entries import Entry

_ONE_DAY: Final = dt.timedelta(days=1)


class EntryWords:
    """Entries in one language. ``day`` is the day whose version is in force; ``only`` shows that version alone."""

    def __init__(self, phrases: Phrases, day: dt.date, *, only: bool = False) -> None:
        self.phrases: Final = phrases
        self.say: Final = phrases.say
        self.day: Final = day
        self.only: Final = only
        self._addressed: Final = set[str]()

    def rows(self, entry: Entry) -> Iterator[Row]:
        """Yield everything about an entry."""
        shows = {
            "regime": self._regime,
            "rule": self._rule,
            "presumption": self._presumption,
            "action": self._action,
            "fact": self._fact,
            "recipient": self._recipient,
        }
        yield from shows[entry.kind](entry)

    def head(self, title: Mapping[str, str], name: str, kind: str) -> Iterator[Row]:
        yield Row(self.phrases.text(title), style="heading")
        yield Row(self.say("show.name", name=name, kind=self.say(f"show.kind.{kind}")), 2, style="muted")

    def bullets(self, texts: Iterable[str], indent: int = 4) -> Iterator[Row]:
        yield from (Row(self.say("screen.bullet", text=text), indent, 2) for text in texts)

    def label(self, key: str) -> Row:
        return Row(self.say(f"show.{key}"), 2, style="strong")

    def when(self, written: Mapping[str, Any] | None, regime: str = "") -> Iterator[Row]:
        if written is not None:
            yield self.label("when")
            yield from condition_rows(written, self.phrases, regime)

    def sources(self, plain: Mapping[str, Any]) -> Iterator[Row]:
        if plain.get("sources"):
            yield self.label("sources")
        for source in map(source_of, plain.get("sources") or ()):
            yield from self.source(source)

    def source(self, source: Source) -> Iterator[Row]:
        cited = self.phrases.rulebook.cite(source, self.say.lang)
        read, checked = self.say(f"read.{source.read}"), date(source.checked, self.say)
        yield from self.bullets([self.say("show.source", cited=cited, read=read, checked=checked)])
        if source.quote is not None:
            yield Row(self.say("show.quote", quote=source.quote), 6, 2)
        if source.note is not None:
            yield Row(self.phrases.text(source.note), 6)
        address = self.phrases.rulebook.laws[source.law].address
        if address is not None and source.law not in self._addressed:
            self._addressed.add(source.law)
            yield Row(address, 6, style="muted")

    # regimes and rules

    def _regime(self, entry: Entry) -> Iterator[Row]:
        plain = entry.plain
        yield from self.head(plain["title"], entry.name, "regime")
        yield Row(self.phrases.text(plain["says"]), 2)
        yield GAP
        yield from self.when(plain["applies"], plain["id"])
        yield self.label("rules")
        for rule in plain["rules"]:
            name = self.say("screen.pair", name=f"{plain['id']}.{rule['id']}", text=self.phrases.text(rule["title"]))
            yield from self.bullets([name])

    def _rule(self, entry: Entry) -> Iterator[Row]:
        regime, plain = entry.name.partition(".")[0], entry.plain
        yield from self.head(plain["title"], entry.name, plain["kind"])
        yield Row(self.phrases.text(plain["says"]), 2)
        versions = plain["versions"]
        in_force = version_on(versions, self.day)
        if self.only:
            versions = [version for version in versions if version is in_force]
            if not versions:
                yield GAP
                yield Row(self.say("show.none_in_force", day=date(self.day, self.say)), 2, style="unsure")
        for version in reversed(versions):
            yield GAP
            yield from self.version(regime, version, plain["versions"], in_force)

    def version(
        self, regime: str, version: Mapping[str, Any], versions: list[Any], in_force: Mapping[str, Any] | None
    ) -> Iterator[Row]:
        style = "heading" if version is in_force else "unsure"
        yield Row(self.period(version, versions, in_force), 0, 2, style)
        if version.get("says"):
            yield Row(self.phrases.text(version["says"]), 2)
        if "starts" in version:
            yield from self.deadline(regime, version)
        else:
            yield from self.when(version.get("when"), regime)
        for exception in version.get("exceptions") or ():
            duty = self.say(f"show.duty.{exception['duty']}")
            title = self.phrases.text(exception["title"])
            yield Row(self.say("show.exception", title=title, duty=duty), 2, 2, "strong")
            yield from condition_rows(exception["when"], self.phrases, regime)
            for source in map(source_of, exception["sources"]):
                yield from self.source(source)
        yield from self.sources(version)
        yield from self.examples(version)

    def period(self, version: Mapping[str, Any], versions: list[Any], in_force: Mapping[str, Any] | None) -> str:
        if version["from"] == NOT_YET:
            return self.say("show.not_yet")
        start, end = dt.date.fromisoformat(version["from"]), _end(version, versions)
        if version is in_force:
            return self.say("show.in_force", start=date(start, self.say), day=date(self.day, self.say))
        if end is None or start > self.day:
            return self.say("show.not_in_force_yet", start=date(start, self.say))
        return self.say("show.past", start=date(start, self.say), end=date(end, self.say))

    def deadline(self, regime: str, version: Mapping[str, Any]) -> Iterator[Row]:
        starts, guide = version["starts"], version.get("guide")
        yield self.label("period")
        title = self.phrases.title(starts["fact"])
        yield from self.bullets([self.say("show.starts", fact=title)])
        for later in starts.get("later") or ():
            rule = self.phrases.text(self.phrases.rulebook.regimes[regime].rules[later["rule"]].title)
            yield from self.bullets([self.say("show.starts_later", rule=rule, fact=self.phrases.title(later["fact"]))])
        if guide:
            yield from self.bullets([self.say("show.guide", first=guide["from_day"], last=guide["to_day"])])
        if version.get("days"):
            yield from self.bullets([self.say("show.days", days=version["days"])])
        if version.get("hours"):
            yield from self.bullets([self.say("show.hours", hours=version["hours"])])
        if not any(version.get(key) for key in ("guide", "days", "hours")):
            yield from self.bullets([self.say("table.prompt")])
        if version["for"] == "notify":
            yield from self.bullets([self.say("show.for_notify")])
        if version.get("when"):
            yield from self.bullets([self.say("show.only_if")])
            yield from condition_rows(version["when"], self.phrases, regime, 6)
        if version.get("once"):
            yield from self.bullets([self.say("show.once")])
            yield from condition_rows(version["once"], self.phrases, regime, 6)
        for longer in version.get("unless") or ():
            yield from self.bullets([self.say("show.longer", days=longer["days"])])
            yield from condition_rows(longer["when"], self.phrases, regime, 6)
        yield from self.bullets([self.say("show.rolls" if version["rolls"] else "show.rolls_not")])

    def examples(self, version: Mapping[str, Any]) -> Iterator[Row]:
        if version.get("examples"):
            yield self.label("examples")
        for example in version.get("examples") or ():
            outcome = outcome_words(example["expect"], self.phrases)
            yield from self.bullets([self.say("show.example", name=example["name"], outcome=outcome)])
            given = [self.answer(fact, raw) for fact, raw in example["given"].items()]
            yield Row(self.say.listed(given), 6, style="muted")

    def answer(self, fact: str, raw: Any) -> str:  # noqa: ANN401 - an answer as its file writes it
        known = self.phrases.rulebook.facts[fact]
        value = self.phrases.value(fact, known.read(raw))
        return self.say("screen.answer", fact=self.phrases.text(known.title), value=value)

    # presumptions, actions, facts

    def _presumption(self, entry: Entry) -> Iterator[Row]:
        plain = entry.plain
        fact = self.phrases.rulebook.facts[plain["fact"]]
        value = self.phrases.value(fact.id, fact.read(plain["value"]))
        yield Row(self.say("screen.answer", fact=self.phrases.text(fact.title), value=value), style="heading")
        yield Row(self.say("show.name", name=entry.name, kind=self.say("show.kind.presumption")), 2, style="muted")
        yield Row(self.phrases.text(plain["says"]), 2)
        yield from self.when(plain.get("when"))
        yield from self.sources(plain)

    def _action(self, entry: Entry) -> Iterator[Row]:
        plain = entry.plain
        yield from self.head(plain["title"], entry.name, "action")
        yield Row(self.phrases.text(plain["why"]), 2)
        if plain.get("caution"):
            yield Row(self.say("screen.caution", caution=self.phrases.text(plain["caution"])), 2, style="caution")
        who = self.say.listed(self.say(f"show.who.{each}") for each in plain["who"])
        phase, urgency = self.say(f"show.phase.{plain['phase']}"), self.say(f"screen.urgency.{plain['urgency']}")
        yield Row(self.say("show.action", phase=phase, urgency=urgency, who=who), 2)
        if plain.get("look_for"):
            yield self.label("look_for")
            yield from self.bullets(plain["look_for"][self.say.lang])
        yield from self.when(plain.get("when"))
        if plain.get("when") is None:
            yield Row(self.say("show.always"), 2)
        elif plain.get("unsure") == "show":
            yield Row(self.say("show.unsure_too"), 2)
        elif plain.get("unsure") == "asked":
            yield Row(self.say("show.unsure_asked"), 2)
        if plain.get("first_while"):
            yield self.label("first_while")
            yield from condition_rows(plain["first_while"], self.phrases)
        if plain.get("measure"):
            yield self.label("measure")
            yield from self.bullets(
                self.say(f"measures.{state}", text=self.phrases.text(plain["measure"][state]))
                for state in ("done", "planned")
            )
        yield from self.sources(plain)

    def _recipient(self, entry: Entry) -> Iterator[Row]:
        plain, regime = entry.plain, entry.name.partition(".")[0]
        yield from self.head(plain["title"], entry.name, "recipient")
        yield Row(self.phrases.text(plain["way"]), 2)
        if plain.get("address"):
            yield Row(plain["address"], 2, style="muted")
        yield from self.when(plain.get("when"), regime)
        for overlap in plain["overlaps"]:
            yield self.label("overlap")
            yield from self.bullets([self.phrases.text(overlap["says"])])
            for source in map(source_of, overlap["sources"]):
                yield from self.source(source)
        yield from self.sources(plain)

    def _fact(self, entry: Entry) -> Iterator[Row]:
        plain = entry.plain
        fact = self.phrases.rulebook.facts[plain["id"]]
        yield from self.head(plain["title"], entry.name, "fact")
        yield Row(self.phrases.text(plain["help"]), 2)
        yield Row(self.say("show.fact_kind", kind=self.say(f"show.fact.{fact.kind}")), 2)
        if fact.words:
            yield self.label("values")
        for word in fact.words:
            yield from self.bullets([self.say("screen.pair", name=word, text=value_title(fact, word, self.phrases))])
            helped = fact.choices[word].help if fact.choices else None
            if helped is not None:
                yield Row(self.phrases.text(helped), 6, style="muted")
        yield from self.sources(plain)


def version_on(versions: list[dict[str, Any]], day: dt.date) -> dict[str, Any] | None:
    """Return the version in force on ``day``, if one is."""
    begun = [each for each in versions if each["from"] != NOT_YET and dt.date.fromisoformat(each["from"]) <= day]
    return begun[-1] if begun else None


def _end(version: Mapping[str, Any], versions: list[Any]) -> dt.date | None:
    """Return the last day of a version: the day before the next one begins."""
    dated = [each for each in versions if each["from"] != NOT_YET]
    after = dated[dated.index(version) + 1 :]
    return dt.date.fromisoformat(after[0]["from"]) - _ONE_DAY if after else None


def outcome_words(outcome: str, phrases: Phrases) -> str:
    """Return the words for what an example must give: a truth value or a duty."""
    return phrases.say(f"screen.truth.{outcome}" if outcome in {"yes", "no", "unknown"} else f"show.duty.{outcome}")


def entry_json(entry: Entry, rulebook: Rulebook, day: dt.date, lang: str, *, only: bool) -> dict[str, Any]:
    """Return an entry as its file says it, in one language, with each source's law named."""
    plain = dict(entry.plain)
    if "versions" in plain:
        versions: list[dict[str, Any]] = plain["versions"]
        in_force = version_on(versions, day)
        chosen = [version for version in versions if version is in_force] if only else versions
        plain["versions"] = [version | {"in_force": version is in_force} for version in chosen]
    if "rules" in plain:
        plain["rules"] = [f"{plain['id']}.{rule['id']}" for rule in plain["rules"]]
        plain.pop("recipients", None)
    kind = plain.pop("kind", None)
    found = {"name": entry.name, "entry": entry.kind} | ({"kind": kind} if kind else {})
    return found | {key: _in(value, rulebook, lang) for key, value in plain.items() if key not in {"file", "at"}}


def _in(value: Any, rulebook: Rulebook, lang: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with texts in one language and sources completed by the name and address of their law."""
    if isinstance(value, list):
        return [_in(each, rulebook, lang) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"ja", "en"}:
        return value[lang]
    found = {key: _in(each, rulebook, lang) for key, each in value.items()}
    law = rulebook.laws.get(str(value.get("law"))) if "checked" in value else None
    return found if law is None else found | {"title": law.title[lang], "address": law.address}
