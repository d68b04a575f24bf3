"""One case: everything recorded of an incident, in its order, and what follows from it.

A record is only ever added to. Changing an answer, taking one back or reopening a case is one more event; ``replay``
reads them all in their order and says how the case stands. So it can also say how it stood at any moment before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, NamedTuple, Self, TypeVar, get_args

from leakresp.law.held import Answers, Day, Open, Value
from leakresp.law.vocabulary import JAPAN, WrongAnswer, read_day, written
from leakresp.response.assessment import duties_by_name
from leakresp.response.clients import Client, ClientRole, next_ids, whole

if TYPE_CHECKING:
    from leakresp.law.vocabulary import Fact
    from leakresp.response.assessment import Assessment

#: An answer as files write it: a word, or a list of words.
Written = str | list[str]
#: How an answer came in: typed freely, from a file, with ``--set``, as one choice of a question, or from a profile.
Source = Literal["typed", "file", "set", "choice", "profile"]
#: What became of an action. ``noted`` leaves it where it was; ``open`` takes back a tick.
StepState = Literal["done", "skipped", "assigned", "noted", "open"]
#: What became of a date of one's own.
DateState = Literal["done", "dropped"]

EventT_co = TypeVar("EventT_co", bound="Event", covariant=True)


class Entry(NamedTuple, Generic[EventT_co]):
    """An event as recorded: its number, when it was entered, and by whom."""

    n: int
    at: dt.datetime
    by: str
    event: EventT_co


class Event:
    """Something that happened to a case. Each kind knows how it moves the case."""

    __slots__ = ()
    kind: ClassVar[str]

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        """Change ``draft`` as this event changes the case."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """The case was opened under the name ``case``, with free words about the incident."""

    kind: ClassVar[str] = "opened"
    case: str
    incident: Mapping[str, str] = field(default_factory=dict)

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.opened = draft.opened or entry
        draft.incident |= self.incident


@dataclass(frozen=True, slots=True)
class Described(Event):
    """Free words about the incident (its title …) were added or changed."""

    kind: ClassVar[str] = "described"
    incident: Mapping[str, str]

    def move(self, draft: Draft, entry: Entry[Self]) -> None:  # noqa: ARG002 - as promised by `Event`
        draft.incident |= self.incident


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """Facts were stated. ``where`` is the file or the question they came from, ``choice`` the choice taken there.

    ``why`` is the reason somebody gave for a change.
    """

    kind: ClassVar[str] = "answered"
    facts: Mapping[str, Written]
    source: Source = "typed"
    where: str | None = None
    choice: str | None = None
    why: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        for fact, raw in self.facts.items():
            draft.state(fact, raw, entry)


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """Answers were taken back; the facts are open again."""

    kind: ClassVar[str] = "withdrawn"
    facts: tuple[str, ...]
    why: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        for fact in self.facts:
            draft.stated.pop(fact, None)
            draft.lost.pop(fact, None)
            draft.withdrawn[fact] = entry


@dataclass(frozen=True, slots=True)
class Stepped(Event):
    """An action was done, skipped, given to somebody (``who``), noted upon or opened again."""

    kind: ClassVar[str] = "step"
    action: str
    state: StepState
    who: str | None = None
    note: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.actions[self.action] = draft.actions.get(self.action, UNTOUCHED).after(entry)


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """A line of the timeline. ``happened`` is when it happened, where that is not when it was entered."""

    kind: ClassVar[str] = "note"
    text: str
    happened: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.timeline.append(TimelineLine(self._day(entry), entry))

    def _day(self, entry: Entry[Self]) -> Day:
        if self.happened is not None:
            try:
                return read_day(self.happened)
            except WrongAnswer:
                pass  # no command writes such a time; the moment of entry is the best that is left
        local = entry.at.astimezone(JAPAN)
        return Day(local.date(), local.strftime("%H:%M"))


@dataclass(frozen=True, slots=True)
class Ruled(Event):
    """What the rules said. ``rules`` is the rulebook's fingerprint, ``on`` the day whose rules were applied."""

    kind: ClassVar[str] = "ruling"
    verdict: str
    rules: str
    on: str
    criteria: Mapping[str, str] = field(default_factory=dict)
    duties: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, str] = field(default_factory=dict)

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.rulings.append(entry)


@dataclass(frozen=True, slots=True)
class Drafted(Event):
    """A draft was written to ``file`` (below the case's folder); ``sha256`` is the hash of its content.

    ``rests_on`` is what its text was made from, so that one can tell later whether that still holds.
    """

    kind: ClassVar[str] = "draft"
    paper: str
    file: str
    sha256: str
    lang: str | None = None
    format: str | None = None
    rests_on: Mapping[str, str] = field(default_factory=dict)
    #: The client it was written for, where it is one of many.
    client: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.drafts.append(entry)


@dataclass(frozen=True, slots=True)
class Sent(Event):
    """A paper left the house: its frozen copy, the addressee, the day, the way, and the receipt it was given.

    ``draft`` is the file it was copied from; ``rests_on`` is what its text was made from, as far as that is known.
    """

    kind: ClassVar[str] = "sent"
    paper: str
    file: str
    sha256: str
    to: str
    day: str
    way: str | None = None
    receipt: str | None = None
    lang: str | None = None
    draft: str | None = None
    rests_on: Mapping[str, str] = field(default_factory=dict)
    client: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.sent.append(entry)


@dataclass(frozen=True, slots=True)
class Reported(Event):
    """A report was filed: under which law, which one (preliminary, final), where, when, and its receipt number."""

    kind: ClassVar[str] = "report"
    regime: str
    stage: str
    to: str
    day: str
    receipt: str | None = None
    way: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.reports.append(entry)


@dataclass(frozen=True, slots=True)
class Notified(Event):
    """The persons concerned were told, and no paper of the case shows it: under which law, which notice, when, how.

    ``stage`` is a duty or a deadline of the law; ``to`` says who they are, never a name.
    """

    kind: ClassVar[str] = "notified"
    regime: str
    stage: str
    to: str
    day: str
    receipt: str | None = None
    way: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.notices.append(entry)


@dataclass(frozen=True, slots=True)
class Agreed(Event):
    """A date of one's own was set: ``what`` is to be done by ``day``. Dates are numbered in their order, from 1."""

    kind: ClassVar[str] = "agreed"
    what: str
    day: str

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        try:
            day = read_day(self.day).date
        except WrongAnswer:
            return  # no command writes such a day
        draft.agreed.append(AgreedDate(len(draft.agreed) + 1, day, entry))


@dataclass(frozen=True, slots=True)
class DateEnded(Event):
    """A date of one's own was met or dropped; ``number`` is the one it was given."""

    kind: ClassVar[str] = "agreed_ended"
    number: str
    state: DateState

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        for place, date in enumerate(draft.agreed):
            if str(date.number) == self.number and date.ended is None:
                draft.agreed[place] = date._replace(ended=entry)


@dataclass(frozen=True, slots=True)
class ClientAdded(Event):
    """A client whose data are affected was entered under the id ``client``; ``facts`` is what holds for it alone.

    ``contact`` is a department of the client, never a person affected; ``where`` is the file it came from.
    """

    kind: ClassVar[str] = "client_added"
    client: str
    name: str
    role: ClientRole = "entrustor"
    contact: str | None = None
    facts: Mapping[str, Written] = field(default_factory=dict)
    where: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        # Of two people who gave the same id at the same moment, neither's client may hide the other's.
        chosen = next(iter(next_ids(draft.client_ids))) if self.client in draft.client_ids else self.client
        client = Client(chosen, self.name, self.role, self.contact, entry)
        draft.clients[chosen] = draft.stating(client, self.facts)
        draft.client_ids.add(chosen)


@dataclass(frozen=True, slots=True)
class ClientChanged(Event):
    """What is known of a client was changed: the fields that are given, and facts stated or taken back."""

    kind: ClassVar[str] = "client_changed"
    client: str
    name: str | None = None
    role: ClientRole | None = None
    contact: str | None = None
    facts: Mapping[str, Written] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
    why: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:  # noqa: ARG002 - as promised by `Event`
        client = draft.clients.get(self.client)
        if client is None:
            return
        kept = {fact: value for fact, value in client.stated.items() if fact not in self.withdrawn}
        lost = {fact: raw for fact, raw in client.lost.items() if fact not in self.withdrawn}
        changed = replace(
            client,
            name=self.name or client.name,
            role=self.role or client.role,
            contact=self.contact or client.contact,
            stated=kept,
            lost=lost,
        )
        draft.clients[self.client] = draft.stating(changed, self.facts)


@dataclass(frozen=True, slots=True)
class ClientRemoved(Event):
    """A client was taken off the table: its data turned out not to be affected, say."""

    kind: ClassVar[str] = "client_removed"
    client: str
    why: str

    def move(self, draft: Draft, entry: Entry[Self]) -> None:  # noqa: ARG002 - as promised by `Event`
        draft.clients.pop(self.client, None)


@dataclass(frozen=True, slots=True)
class ClientTold(Event):
    """A client was told what was known: the day, the way, its department, and the copy of the paper, if one left."""

    kind: ClassVar[str] = "client_told"
    client: str
    day: str
    way: str | None = None
    to: str | None = None
    file: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        client = draft.clients.get(self.client)
        if client is not None:
            draft.clients[self.client] = replace(client, tellings=(*client.tellings, entry))


@dataclass(frozen=True, slots=True)
class ClientNotTold(Event):
    """What the record said of telling a client was wrong; it counts as not told."""

    kind: ClassVar[str] = "client_not_told"
    client: str
    why: str

    def move(self, draft: Draft, entry: Entry[Self]) -> None:  # noqa: ARG002 - as promised by `Event`
        client = draft.clients.get(self.client)
        if client is not None:
            draft.clients[self.client] = replace(client, tellings=())


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """The case was closed. ``left_open`` names the duties that were still open: reports and actions."""

    kind: ClassVar[str] = "closed"
    why: str | None = None
    left_open: tuple[str, ...] = ()

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.closed = entry


@dataclass(frozen=True, slots=True)
class Reopened(Event):
    """The case was opened again."""

    kind: ClassVar[str] = "reopened"
    why: str | None = None

    def move(self, draft: Draft, entry: Entry[Self]) -> None:  # noqa: ARG002 - as promised by `Event`
        draft.closed = None


@dataclass(frozen=True, slots=True)
class SetAside(Event):
    """An incomplete last line was found and moved to ``file``. The journal writes this by itself."""

    kind: ClassVar[str] = "set_aside"
    file: str

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        """Move nothing: what was never complete never counted."""


@dataclass(frozen=True, slots=True)
class Unread(Event):
    """An event this version cannot read, kept as it stands. It moves nothing and must be pointed out."""

    kind: ClassVar[str] = "unread"
    named: str
    plain: Mapping[str, Any]

    def move(self, draft: Draft, entry: Entry[Self]) -> None:
        draft.unread.append(entry)


class Stated(NamedTuple):
    """An answer with where it came from."""

    value: Value | Open
    entry: Entry[Answered]


class LostAnswer(NamedTuple):
    """An answer on record that today's vocabulary cannot read; its fact counts as not asked."""

    raw: Written
    entry: Entry[Answered]


class TimelineLine(NamedTuple):
    """A line of the timeline with the day (and time) it happened."""

    happened: Day
    entry: Entry[Noted]


class AgreedDate(NamedTuple):
    """A date of one's own, by its number within the case; ``ended`` once it was met or dropped."""

    number: int
    day: dt.date
    entry: Entry[Agreed]
    ended: Entry[DateEnded] | None = None


@dataclass(frozen=True, slots=True)
class ActionState:
    """How an action stands: ``state`` is ``open``, ``done`` or ``skipped``; ``who`` has it; ``notes`` as they came."""

    state: str
    who: str | None = None
    changed: Entry[Stepped] | None = None
    notes: tuple[Entry[Stepped], ...] = ()

    def after(self, entry: Entry[Stepped]) -> ActionState:
        """Return how the action stands after one more step."""
        step = entry.event
        moves = step.state in {"done", "skipped", "open"}
        return ActionState(
            step.state if moves else self.state,
            step.who or self.who,
            entry if moves else self.changed,
            (*self.notes, entry) if step.note else self.notes,
        )


UNTOUCHED: Final = ActionState("open")


@dataclass(frozen=True, slots=True)
class Case:
    """How a case stands after the events replayed."""

    name: str
    incident: Mapping[str, str]
    stated: Mapping[str, Stated]
    #: The same answers by their values alone, as the rules take them, with what follows from the clients.
    answers: Answers
    withdrawn: Mapping[str, Entry[Withdrawn]]
    lost: Mapping[str, LostAnswer]
    actions: Mapping[str, ActionState]
    #: In the order in which things happened, not in which they were entered.
    timeline: tuple[TimelineLine, ...]
    rulings: tuple[Entry[Ruled], ...]
    drafts: tuple[Entry[Drafted], ...]
    sent: tuple[Entry[Sent], ...]
    reports: tuple[Entry[Reported], ...]
    unread: tuple[Entry[Unread], ...]
    opened: Entry[Opened] | None
    closed: Entry[Closed] | None
    last: Entry[Event] | None
    agreed: tuple[AgreedDate, ...] = ()
    #: Those whose data we hold as entrustee, by id, in the order in which they were entered.
    clients: Mapping[str, Client] = field(default_factory=dict)
    #: Every id a client ever had here; none is given twice.
    client_ids: frozenset[str] = frozenset()
    notices: tuple[Entry[Notified], ...] = ()

    @property
    def is_open(self) -> bool:
        """True while the case is not closed."""
        return self.closed is None

    @property
    def ruling(self) -> Entry[Ruled] | None:
        """The latest ruling."""
        return self.rulings[-1] if self.rulings else None

    def action(self, name: str) -> ActionState:
        """Return how an action stands; one nobody touched is open."""
        return self.actions.get(name, UNTOUCHED)


class Draft:
    """A case in the making; only the events' ``move`` changes it."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts: Final = facts
        self.incident: dict[str, str] = {}
        self.stated: dict[str, Stated] = {}
        self.withdrawn: dict[str, Entry[Withdrawn]] = {}
        self.lost: dict[str, LostAnswer] = {}
        self.actions: dict[str, ActionState] = {}
        self.timeline: list[TimelineLine] = []
        self.rulings: list[Entry[Ruled]] = []
        self.drafts: list[Entry[Drafted]] = []
        self.sent: list[Entry[Sent]] = []
        self.reports: list[Entry[Reported]] = []
        self.notices: list[Entry[Notified]] = []
        self.unread: list[Entry[Unread]] = []
        self.agreed: list[AgreedDate] = []
        self.clients: dict[str, Client] = {}
        self.client_ids: set[str] = set()
        self.opened: Entry[Opened] | None = None
        self.closed: Entry[Closed] | None = None

    def state(self, name: str, raw: Written, entry: Entry[Answered]) -> None:
        """Hold an answer; one the vocabulary cannot read is kept apart instead."""
        self.withdrawn.pop(name, None)
        fact = self.facts.get(name)
        try:
            if fact is not None:
                self.stated[name] = Stated(fact.read(raw), entry)
                self.lost.pop(name, None)
                return
        except WrongAnswer:
            pass
        # The older answer was replaced by this one; to fall back on it would state what nobody states any more.
        self.stated.pop(name, None)
        self.lost[name] = LostAnswer(raw, entry)

    def stating(self, client: Client, facts: Mapping[str, Written]) -> Client:
        """Return a client with answers that hold for it alone; those the vocabulary cannot read are kept apart."""
        stated, lost = dict(client.stated), dict(client.lost)
        for name, raw in facts.items():
            stated.pop(name, None)
            lost.pop(name, None)
            try:
                stated[name] = self.facts[name].read(raw)
            except (KeyError, WrongAnswer):
                lost[name] = raw
        return replace(client, stated=stated, lost=lost)

    def finish(self, last: Entry[Event] | None) -> Case:
        """Return the case as it now stands."""
        return Case(
            self.opened.event.case if self.opened else "",
            self.incident,
            self.stated,
            whole({fact: stated.value for fact, stated in self.stated.items()}, self.clients.values()),
            self.withdrawn,
            self.lost,
            self.actions,
            tuple(sorted(self.timeline, key=_moment)),
            tuple(self.rulings),
            tuple(self.drafts),
            tuple(self.sent),
            tuple(self.reports),
            tuple(self.unread),
            self.opened,
            self.closed,
            last,
            agreed=tuple(self.agreed),
            clients=self.clients,
            client_ids=frozenset(self.client_ids),
            notices=tuple(self.notices),
        )


def _moment(line: TimelineLine) -> tuple[dt.date, str, int]:
    return line.happened.date, line.happened.time or "", line.entry.n


def replay(entries: Iterable[Entry[Event]], facts: Mapping[str, Fact], *, at: dt.datetime | None = None) -> Case:
    """Return how the case stands after ``entries``, or how it stood at the moment ``at`` (with its time zone).

    Entries count in the order of their numbers. Where the clock was set back, "at a moment" means: up to the first
    entry made after it.
    """
    if at is not None:
        entries = takewhile(lambda entry: entry.at <= at, entries)
    draft = Draft(facts)
    last = None
    for last in entries:
        last.event.move(draft, last)
    return draft.finish(last)


def answered(
    answers: Answers,
    source: Source = "typed",
    *,
    where: str | None = None,
    choice: str | None = None,
    why: str | None = None,
) -> Answered:
    """Return the event that states ``answers``."""
    return Answered({fact: written(value) for fact, value in answers.items()}, source, where, choice, why)


def ruled(assessment: Assessment) -> Ruled:
    """Return the event that keeps what an assessment found, short enough to be compared with the next one."""
    criteria: dict[str, str] = {}
    due: dict[str, str] = {}
    for result in assessment.regimes:
        name = result.regime.id
        criteria |= {f"{name}.{criterion}": proof.truth.word for criterion, proof in result.criteria.items()}
        for clock in result.clocks:
            if clock.term is not None and clock.term.due is not None:
                due[f"{name}.{clock.id}"] = str(clock.term.due)
            elif clock.moment is not None:
                due[f"{name}.{clock.id}"] = clock.moment.isoformat(timespec="minutes")
            elif clock.guide is not None:
                due[f"{name}.{clock.id}"] = f"{clock.guide[0]}..{clock.guide[1]}"
    return Ruled(
        assessment.verdict,
        assessment.fingerprint,
        str(assessment.on),
        criteria,
        duties_by_name(assessment.regimes),
        due,
    )


# ---- events as plain mappings, for the record -----------------------------------------------------------------------


def plain(event: Event) -> dict[str, Any]:
    """Return an event's fields as JSON writes them; what was left at its default is left out."""
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, _, default in _FIELDS[event.kind]
        if (value := getattr(event, name)) != default
    }


def read_event(kind: str, found: Mapping[str, Any]) -> Event:
    """Return the event of ``kind`` that ``found`` holds; ``Unread`` where this version does not understand it."""
    try:
        return _KINDS[kind](
            *[read(found[name]) if name in found else _required(default) for name, read, default in _FIELDS[kind]]
        )
    except (KeyError, TypeError):
        return Unread(kind, found)


def _required(default: Any) -> Any:  # noqa: ANN401
    if default is MISSING:
        raise KeyError
    return default


def _words(raw: Any) -> str:  # noqa: ANN401
    if type(raw) is not str:
        raise TypeError
    return raw


def _names(raw: Any) -> tuple[str, ...]:  # noqa: ANN401
    if type(raw) is not list:
        raise TypeError
    return tuple(map(_words, raw))


def _mapping(raw: Any) -> dict[str, str]:  # noqa: ANN401
    if type(raw) is not dict:
        raise TypeError
    return {name: _words(value) for name, value in raw.items()}


def _answers(raw: Any) -> dict[str, Written]:  # noqa: ANN401
    if type(raw) is not dict:
        raise TypeError
    return {name: list(_names(value)) if type(value) is list else _words(value) for name, value in raw.items()}


def _one_of(words: Iterable[str]) -> Callable[[Any], str]:
    allowed = frozenset(words)

    def read(raw: Any) -> str:  # noqa: ANN401
        if _words(raw) not in allowed:
            raise TypeError
        return str(raw)

    return read


#: How each form of field is read, by its annotation above: a closed list.
_FORMS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "str": _words,
    "str | None": _words,
    "tuple[str, ...]": _names,
    "Mapping[str, str]": _mapping,
    "Mapping[str, Written]": _answers,
    "Source": _one_of(get_args(Source)),
    "StepState": _one_of(get_args(StepState)),
    "DateState": _one_of(get_args(DateState)),
    "ClientRole": _one_of(get_args(ClientRole)),
    "ClientRole | None": _one_of(get_args(ClientRole)),
}
_KINDS: Final[Mapping[str, Callable[..., Event]]] = {
    event.kind: event
    for event in (
        Opened, Described, Answered, Withdrawn, Stepped, Noted, Ruled,
        Drafted, Sent, Reported, Notified, Agreed, DateEnded, Closed, Reopened, SetAside,
        ClientAdded, ClientChanged, ClientRemoved, ClientTold, ClientNotTold,
    )
}  # fmt: skip


def _fields_of(event: Any) -> tuple[tuple[str, Callable[[Any], Any], Any], ...]:  # noqa: ANN401
    return tuple(
        (each.name, _FORMS[str(each.type)], {} if each.default_factory is not MISSING else each.default)
        for each in fields(event)
    )


_FIELDS: Final = {kind: _fields_of(event) for kind, event in _KINDS.items()}
#: Every kind of event a record may hold.
KINDS: Final = tuple(_KINDS)
