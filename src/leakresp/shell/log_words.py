"""The record of a case in words: who, when, and what happened, one event after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import OWING
from leakresp.law.vocabulary import WrongAnswer
from leakresp.response.case import KINDS, Entry, Event, Unread, plain
from leakresp.shell.day_words import short_moment
from leakresp.shell.layout import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from leakresp.shell.desk import Desk

_LONG: Final = 60


class LogWords:
    """Events in the words of one language. What is longer than ``longest`` letters is cut; ``None`` cuts nothing."""

    def __init__(self, desk: Desk, *, longest: int | None = _LONG) -> None:
        self.desk: Final = desk
        self.longest: Final = longest
        self.say: Final = desk.say
        self.phrases: Final = desk.phrases
        self._rules: Final = {rule.name: rule for rule in desk.shelf.rulebook.rules()}
        self._actions: Final = {plain["id"]: plain["title"] for plain in desk.shelf.rulebook.plain["actions"]}
        self._papers: Final = {plain["id"]: plain["title"] for plain in desk.shelf.heads}

    def rows(self, entries: Iterable[Entry[Event]]) -> Iterator[Row]:
        """Yield one paragraph an event: its number, when it was entered, by whom, and what it says."""
        for entry in entries:
            moment = short_moment(entry.at, self.desk.today, self.say)
            yield Row(self.say("log.line", n=entry.n, moment=moment, by=entry.by), style="muted")
            yield from (Row(text, 4, 2) for text in self.texts(entry.event))

    def texts(self, event: Event) -> list[str]:
        """Return what an event says, one sentence a line."""
        if isinstance(event, Unread):
            return [self.say("log.unread", kind=event.named)]
        told = [*_TOLD[event.kind](self, event)]
        why = getattr(event, "why", None)
        return [*told, self.say("log.why", why=why)] if why else told

    def json(self, entry: Entry[Event]) -> dict[str, Any]:
        """Return an entry as plain values, with its sentences; keys are the same in every language."""
        event = entry.event
        fields = dict(event.plain) if isinstance(event, Unread) else plain(event)
        fields = {key: value for key, value in fields.items() if key not in {"n", "at", "by", "kind", "prev", "hash"}}
        kind = event.named if isinstance(event, Unread) else event.kind
        head = {"n": entry.n, "at": entry.at.isoformat(), "by": entry.by, "kind": kind}
        return head | {"event": fields, "text": self.texts(event)}

    # names

    def fact(self, fact: str) -> str:
        return self.phrases.title(fact) if fact in self.desk.facts else fact

    def value(self, fact: str, raw: Any) -> str:  # noqa: ANN401 - as a file writes it
        try:
            return self.cut(self.phrases.value(fact, self.desk.facts[fact].read(raw)))
        except (KeyError, WrongAnswer):
            return self.cut(raw if isinstance(raw, str) else self.say.listed(raw))

    def cut(self, text: str) -> str:
        """Return a text on one line, and no longer than a screen has room for."""
        text = " ".join(text.split())
        return text if self.longest is None or len(text) <= self.longest else f"{text[: self.longest]}…"

    def titled(self, name: str, titles: Mapping[str, Mapping[str, str]]) -> str:
        return titles[name][self.say.lang] if name in titles else name

    def paper(self, name: str) -> str:
        return self.titled(name, self._papers)

    def rule(self, name: str) -> str:
        return self.phrases.text(self._rules[name].title) if name in self._rules else name

    # events

    def opened(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.opened", case=event.case)
        yield from self.incident(event.incident)

    def described(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.described")
        yield from self.incident(event.incident)

    def incident(self, words: Mapping[str, str]) -> Iterator[str]:
        yield from (self.say("log.pair", name=name, value=self.cut(text)) for name, text in words.items())

    def answered(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        where = event.where or ""
        yield self.say(f"log.answered.{event.source}", where=where, count=len(event.facts))
        for fact, raw in event.facts.items():
            yield self.say("log.pair", name=self.fact(fact), value=self.value(fact, raw))

    def withdrawn(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.withdrawn", facts=self.say.listed(map(self.fact, event.facts)))

    def step(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        title = self.titled(event.action, self._actions)
        yield self.say(f"log.step.{event.state}", action=title, who=event.who or "")
        if event.note:
            yield self.say("log.said", text=event.note)

    def note(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        if event.happened:
            yield self.say("log.happened", moment=event.happened.replace("T", " ").replace("+09:00", ""))
        yield self.say("log.said", text=event.text)

    def ruling(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.ruling", verdict=self.say(f"screen.duty.{event.verdict}"), on=event.on)
        owing = {name.partition(".")[0] for name, duty in event.duties.items() if duty in OWING}
        holding = [
            self.rule(name)
            for name, word in event.criteria.items()
            if word == "yes" and name.partition(".")[0] in owing
        ]
        if holding:
            yield self.say("log.holding", criteria=self.say.listed(holding))
        due = [self.say("log.due", name=self.rule(name), day=day) for name, day in event.due.items()]
        if due:
            yield self.say.listed(due)
        yield self.say("log.rules", rules=event.rules[:12])

    def draft(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.draft", paper=self.paper(event.paper), file=event.file)
        yield self.say("log.hash", sha256=event.sha256)

    def sent(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.sent", paper=self.paper(event.paper), to=event.to, day=event.day)
        if event.way:
            yield self.say(
                "log.way", way=self.say(f"sent.way.{event.way}") if self.say.has(f"sent.way.{event.way}") else event.way
            )
        if event.receipt:
            yield self.say("log.receipt", receipt=event.receipt)
        yield self.say("log.frozen", file=event.file)
        yield self.say("log.hash", sha256=event.sha256)

    def report(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        names = (f"{event.regime}.{event.stage}", f"{event.regime}.{event.stage}_report")
        title = next((self.rule(name) for name in names if name in self._rules), names[0])
        yield self.say("log.report", report=title, to=event.to, day=event.day)
        yield from self.how_filed(event)

    def notified(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        title = self.rule(f"{event.regime}.{event.stage}")
        yield self.say("log.notified", notice=title, to=event.to, day=event.day)
        yield from self.how_filed(event)

    def how_filed(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        if event.way:
            way = f"sent.way.{event.way}"
            yield self.say("log.way", way=self.say(way) if self.say.has(way) else event.way)
        if event.receipt:
            yield self.say("log.receipt", receipt=event.receipt)

    def agreed(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.agreed", what=event.what, day=event.day)

    def agreed_ended(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say(f"log.agreed.{event.state}", number=event.number)

    def client_added(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        role = self.say(f"clients.role.{event.role}")
        yield self.say("log.client_added", id=event.client, name=event.name, role=role)
        if event.contact:
            yield self.say("log.client_contact", contact=event.contact)
        yield from self.client_facts(event.facts)
        if event.where:
            yield self.say("log.client_from", file=event.where)

    def client_changed(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.client_changed", id=event.client)
        if event.name:
            yield self.say("log.client_name", name=event.name)
        if event.role:
            yield self.say("log.client_role", role=self.say(f"clients.role.{event.role}"))
        if event.contact:
            yield self.say("log.client_contact", contact=event.contact)
        yield from self.client_facts(event.facts)
        if event.withdrawn:
            yield self.say("log.withdrawn", facts=self.say.listed(map(self.fact, event.withdrawn)))

    def client_facts(self, facts: Mapping[str, Any]) -> Iterator[str]:
        for fact, raw in facts.items():
            yield self.say("log.pair", name=self.fact(fact), value=self.value(fact, raw))

    def client_removed(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.client_removed", id=event.client)

    def client_told(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.client_told", id=event.client, day=event.day)
        if event.way:
            way = f"sent.way.{event.way}"
            yield self.say("log.way", way=self.say(way) if self.say.has(way) else event.way)
        if event.to:
            yield self.say("log.client_contact", contact=event.to)
        if event.file:
            yield self.say("log.frozen", file=event.file)

    def client_not_told(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.client_not_told", id=event.client)

    def closed(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.closed")
        if event.left_open:
            names = [self.rule(name) if "." in name else self.titled(name, self._actions) for name in event.left_open]
            yield self.say("log.left_open", names=self.say.listed(names))

    def reopened(self, _event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.reopened")

    def set_aside(self, event: Any) -> Iterator[str]:  # noqa: ANN401
        yield self.say("log.set_aside", file=event.file)


#: How each kind of event is told.
_TOLD: Final[Mapping[str, Callable[[LogWords, Any], Iterator[str]]]] = {
    kind: getattr(LogWords, kind) for kind in KINDS if hasattr(LogWords, kind)
}
