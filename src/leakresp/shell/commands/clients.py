"""``leakresp clients``: those who entrusted data to us, what of theirs is affected, and who was told."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, get_args

from leakresp.law.languages import LANGUAGES
from leakresp.law.vocabulary import WrongAnswer, nearest, written
from leakresp.response.case import ClientAdded, ClientChanged, ClientNotTold, ClientRemoved, ClientTold
from leakresp.response.clients import BEARS, ENTRUSTED, ClientRole, next_ids, plain_id, plain_name
from leakresp.shell.answers import read_settings
from leakresp.shell.case_desk import keep_ruling, refuse_closed, standing, take_up
from leakresp.shell.cases import author
from leakresp.shell.client_list import ALL, client_id, client_name, fixed_faults, read_list, shown_only
from leakresp.shell.client_list import Row as ListRow
from leakresp.shell.client_words import ClientWords, header
from leakresp.shell.commands.sent import WAYS
from leakresp.shell.day_words import long_day
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, FILE_WRONG, MISUSE, Fault, FaultsError, fault_of
from leakresp.shell.layout import Row
from leakresp.shell.made_again import write_again
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.typed_times import read_option
from leakresp.shell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from leakresp.law.held import Answers, Day
    from leakresp.response.case import Event
    from leakresp.response.clients import Client
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.client_list import ClientList

ROLES: Final[tuple[ClientRole, ...]] = get_args(ClientRole)
BEARING: Final = ("yes", "no", "unknown")
#: Which options each thing to do takes, besides those of every command.
_TAKES: Final[Mapping[str, frozenset[str]]] = {
    "add": frozenset(("id", "role", "contact", "settings", "bears")),
    "change": frozenset(("name", "role", "contact", "settings", "bears", "because")),
    "remove": frozenset(("because",)),
    "told": frozenset(("on", "way", "to", "bears")),
    "not_told": frozenset(("because",)),
    "file": frozenset(("write", "skip_faulty", "sheet", "encoding")),
}
#: How the options are typed, where that is not their name.
_TYPED: Final = {"settings": "--set", "file": "--from"}
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for: at most one of ``add`` … ``file``, and what goes with it."""

    add: str | None = None
    change: str | None = None
    remove: str | None = None
    told: tuple[str, ...] = ()
    not_told: str | None = None
    file: Path | None = None
    id: str | None = None
    name: str | None = None
    role: str | None = None
    contact: str | None = None
    settings: tuple[str, ...] = ()
    bears: str | None = None
    on: str | None = None
    way: str | None = None
    to: str | None = None
    because: str | None = None
    write: bool = False
    skip_faulty: bool = False
    sheet: str | None = None
    encoding: str | None = None

    @property
    def verb(self) -> str | None:
        """The one thing to do. Raises ``FaultsError`` for two at once, or an option that goes with another one."""
        verbs = [verb for verb in _TAKES if getattr(self, verb)]
        if len(verbs) > 1:
            raise FaultsError([Fault("clients.one_thing", details={"options": tuple(map(_option, verbs))})], MISUSE)
        verb = verbs[0] if verbs else None
        takes = _TAKES[verb] if verb else frozenset[str]()
        alone = [each.name for each in fields(self) if each.name not in _TAKES and getattr(self, each.name)]
        for name in alone:
            if name not in takes:
                goes_with = tuple(_option(each) for each, options in _TAKES.items() if name in options)
                details = {"option": _option(name), "with": goes_with}
                raise FaultsError([Fault("clients.option_alone", path=_option(name), details=details)], MISUSE)
        return verb


def _option(name: str) -> str:
    return _TYPED.get(name, f"--{name.replace('_', '-')}")


def run(
    *,
    case: str,
    wanted: Wanted,
    waiting: bool,
    csv: Path | None,
    by: str | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Show the clients of a case, or record what became of one. Raises ``FaultsError``."""
    verb = wanted.verb
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    _check_words(wanted)
    opened = take_up(desk, case, folder)
    if verb == "file":
        return _Listing(desk, opened, wanted, by).run(as_json=as_json)
    concerned: tuple[str, ...] = ()
    if verb is not None:
        refuse_closed(opened)
        concerned = _Recording(desk, opened, wanted, by).run(verb)
    return _show(desk, opened, concerned, waiting=waiting, csv=csv, as_json=as_json)


def _check_words(wanted: Wanted) -> None:
    for option, word, words in (
        ("--role", wanted.role, ROLES),
        ("--bears", wanted.bears, BEARING),
        ("--way", wanted.way, WAYS),
    ):
        if word is not None and word not in words:
            details = {"word": word, "nearest": nearest(word, words), "words": words}
            raise FaultsError([Fault("clients.no_such_word", path=option, details=details)], MISUSE)


# finding --------------------------------------------------------------------------------------------------------------


def find_client(opened: OpenCase, word: str) -> Client:
    """Return the client that a word names: its id, or its whole name. Raises ``FaultsError``."""
    clients = opened.case.clients
    if plain_id(word) in clients:
        return clients[plain_id(word)]
    for client in clients.values():
        if plain_name(client.name) == plain_name(word):
            return client
    near = nearest(word, (*clients, *(client.name for client in clients.values())))
    details = {"word": word, "nearest": near, "case": opened.name}
    raise FaultsError([Fault("clients.unknown", path=word, details=details)], MISUSE)


def find_clients(opened: OpenCase, words: Iterable[str]) -> tuple[Client, ...]:
    """Return the clients that words name, each once, in the order of the table; ``all`` names every one.

    A word may be several ids with commas between them. Raises ``FaultsError``.
    """
    parts = [part for word in words for part in _parts(opened, word)]
    if not opened.case.clients:
        raise FaultsError([Fault("clients.none", details={"case": opened.name})], MISUSE)
    if ALL in parts:
        return tuple(opened.case.clients.values())
    named = {find_client(opened, part).id for part in parts}
    return tuple(client for client in opened.case.clients.values() if client.id in named)


def _parts(opened: OpenCase, word: str) -> list[str]:
    """Return a word as it is where it is a client's name, commas and all, else what stands between its commas."""
    names = {plain_name(client.name) for client in opened.case.clients.values()}
    return [word] if plain_name(word) in names else [part.strip() for part in word.split(",") if part.strip()]


# recording ------------------------------------------------------------------------------------------------------------


class _Recording:
    """One thing being recorded of one client, or of several that were told together."""

    def __init__(self, desk: Desk, opened: OpenCase, wanted: Wanted, by: str | None) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.wanted: Final = wanted
        self.by: Final = author(by)

    def run(self, verb: str) -> tuple[str, ...]:
        """Record it, say so, and return the ids of the clients concerned. Raises ``FaultsError``."""
        events = {
            "add": self._added,
            "change": self._changed,
            "remove": self._removed,
            "told": self._told,
            "not_told": self._not_told,
        }[verb]()
        record(self.desk, self.opened, self.by, events)
        concerned = tuple(dict.fromkeys(event.client for event in events))
        said = self.desk.say.listed(concerned[:_SHOWN])
        _tell(self.desk, self.desk.say(f"clients.kept.{verb}", ids=said, count=len(concerned)))
        if verb == "add":
            warn_relation(self.desk, self.opened)
        return tuple(each for each in concerned if each in self.opened.case.clients)

    def _name(self, typed: str, option: str, mine: str | None = None) -> str:
        name = _checked(client_name, typed, option)
        taken = {plain_name(each.name): each.id for each in self.opened.case.clients.values() if each.id != mine}
        if plain_name(name) in taken:
            details = {"name": name, "id": taken[plain_name(name)]}
            raise FaultsError([Fault("clients.name_taken", path=option, details=details)], MISUSE)
        return name

    def _facts(self, settings: Iterable[str]) -> Answers:
        """Return the facts typed, with whether the client bears the duty. Raises ``FaultsError``."""
        facts = read_settings(settings, self.desk.facts, self.desk.now)
        if self.wanted.bears is not None:
            if BEARS in facts:
                raise FaultsError([Fault("answers.set_twice", path=BEARS)], MISUSE)
            facts[BEARS] = self.desk.facts[BEARS].read(self.wanted.bears)
        if faults := list(fixed_faults(facts)):
            raise FaultsError(faults, MISUSE)
        return facts

    def _contact(self) -> str | None:
        return None if self.wanted.contact is None else _checked(client_name, self.wanted.contact, "--contact")

    def _added(self) -> list[Any]:
        wanted = self.wanted
        name, facts = self._name(wanted.add or "", "--add"), self._facts(wanted.settings)
        if wanted.id is None:
            chosen = next(iter(next_ids(self.opened.case.client_ids)))
        else:
            chosen = _checked(client_id, wanted.id, "--id")
            if chosen in self.opened.case.client_ids:
                raise FaultsError([Fault("clients.id_taken", path="--id", details={"id": chosen})], MISUSE)
        return [ClientAdded(chosen, name, _role(wanted.role) or "entrustor", self._contact(), _raw(facts))]

    def _changed(self) -> list[Any]:
        wanted, client = self.wanted, find_client(self.opened, self.wanted.change or "")
        withdrawn = [each.partition("=")[0].strip() for each in wanted.settings if _is_withdrawal(each)]
        for fact in withdrawn:
            if fact not in client.stated and fact not in client.lost:
                raise FaultsError([Fault("change.not_answered", path=fact)], MISUSE)
        facts = self._facts(each for each in wanted.settings if not _is_withdrawal(each))
        fresh = {fact: value for fact, value in facts.items() if client.stated.get(fact) != value}
        name = None if wanted.name is None else self._name(wanted.name, "--name", client.id)
        changed = ClientChanged(
            client.id,
            name,
            _role(wanted.role),
            self._contact(),
            _raw(fresh),
            tuple(withdrawn),
            self._because(),
        )
        if changed == ClientChanged(client.id, why=changed.why):
            raise FaultsError([Fault("clients.nothing_new", path="--change", details={"id": client.id})], MISUSE)
        return [changed]

    def _removed(self) -> list[Any]:
        return [
            ClientRemoved(find_client(self.opened, self.wanted.remove or "").id, self._reason("clients.remove_why"))
        ]

    def _not_told(self) -> list[Any]:
        client = find_client(self.opened, self.wanted.not_told or "")
        if not client.told:
            raise FaultsError([Fault("clients.never_told", path="--not-told", details={"id": client.id})], MISUSE)
        return [ClientNotTold(client.id, self._reason("clients.not_told_why"))]

    def _told(self) -> list[Any]:
        wanted = self.wanted
        found = find_clients(self.opened, wanted.told)
        if ALL in wanted.told:
            found = tuple(client for client in found if not client.told)
            if not found:
                raise FaultsError([Fault("clients.all_told", path="--told")], MISUSE)
        day = telling_day(self.desk, self.opened, wanted.on)
        to = None if wanted.to is None else _checked(client_name, wanted.to, "--to")
        events: list[Any] = [ClientTold(client.id, day, wanted.way, to) for client in found]
        if facts := self._facts(()):
            events += [ClientChanged(client.id, facts=_raw(facts)) for client in found]
        return events

    def _because(self) -> str | None:
        because = self.wanted.because
        return None if because is None else _checked(client_name, because, "--because")

    def _reason(self, key: str) -> str:
        because = self._because()
        if because is None:
            raise FaultsError([Fault(key, path="--because")], MISUSE)
        return because


def record(desk: Desk, opened: OpenCase, by: str, events: Iterable[Event]) -> None:
    """Record events of clients all at once, and what the case then comes to. Raises ``FaultsError``."""
    opened.add(by, *events)
    keep_ruling(opened, by, standing(desk, opened).assessment)


def telling_day(desk: Desk, opened: OpenCase, typed: str | None) -> str:
    """Return the day on which a client was told: as typed, else today. Raises ``FaultsError``.

    Nobody can have told of an incident before it became known.
    """
    day = desk.today if typed is None else read_option(typed, "--on", desk.now).date
    discovered: Day | Any = opened.case.answers.get("discovered_on")
    known = getattr(discovered, "date", None)
    if known is not None and day < known:
        details = {"day": long_day(day, desk.say), "discovered": long_day(known, desk.say)}
        raise FaultsError([Fault("clients.told_early", path="--on", details=details)], MISUSE)
    return str(day)


def warn_relation(desk: Desk, opened: OpenCase) -> None:
    """Say where the case itself is not one of entrusted data: then telling the clients releases nobody."""
    if opened.case.answers.get("data_relation") != ENTRUSTED:
        command = f"leakresp change {shlex.quote(opened.name)} data_relation={ENTRUSTED}"
        sys.stderr.write(desk.say("clients.not_entrusted", command=command) + "\n")


def _checked(read: Any, typed: str, option: str) -> str:  # noqa: ANN401
    try:
        return str(read(typed))
    except WrongAnswer as wrong:
        raise FaultsError([fault_of(wrong, path=option)], MISUSE) from None


def _is_withdrawal(setting: str) -> bool:
    _, equals, raw = setting.partition("=")
    return bool(equals) and not raw.strip()


def _role(word: str | None) -> ClientRole | None:
    """Return a role that was checked before."""
    return next((role for role in ROLES if role == word), None)


def _raw(facts: Answers) -> dict[str, str | list[str]]:
    return {fact: written(value) for fact, value in facts.items()}


def _tell(desk: Desk, text: str, style: str = "good") -> None:
    Screen(desk, out=sys.stderr).write([Row(text, style=style)])


# a list ---------------------------------------------------------------------------------------------------------------


class _Listing:
    """A list of clients held against the table of a case: shown, and kept where that is wanted."""

    def __init__(self, desk: Desk, opened: OpenCase, wanted: Wanted, by: str | None) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.wanted: Final = wanted
        self.by: Final = by
        self.file: Final = str(wanted.file)

    def run(self, *, as_json: bool) -> int:
        """Show what would be kept, or keep it. Raises ``FaultsError``."""
        wanted = self.wanted
        if wanted.write:
            refuse_closed(self.opened)
        if wanted.file is None:  # pragma: no cover - the verb is there
            raise TypeError
        found = read_list(self.desk, wanted.file, wanted.sheet, wanted.encoding, WAYS)
        events, more = self._events(found.rows)
        faults = sorted((*found.faults, *more), key=lambda fault: fault.line or 0)
        if not found.rows and not faults:
            raise FaultsError([Fault("clients.list_empty", self.file)], FILE_WRONG)
        if not as_json:
            Screen(self.desk).write(self._rows(found, events, faults))
        if faults and not (wanted.skip_faulty and events):
            raise FaultsError(faults, FILE_WRONG, self.desk.say("clients.mend_list"))
        if wanted.write and events:
            record(self.desk, self.opened, author(self.by), events)
            _tell(self.desk, self.desk.say("clients.list_kept", count=len(_clients_of(events)), file=self.file))
            warn_relation(self.desk, self.opened)
        if as_json:
            write_json(self._json(found, events, faults))
        return DONE

    # what a row means for the table

    def _events(self, rows: Iterable[ListRow]) -> tuple[list[Any], list[Fault]]:
        events: list[Any] = []
        faults: list[Fault] = []
        seen: dict[str, int] = {}
        ids = iter(next_ids(self._reserved(rows)))
        for row in rows:
            fault = self._clash(row, seen)
            if fault is not None:
                faults.append(fault)
                continue
            client = self._known(row)
            if client is None:
                events += self._new(row, row.id or next(ids))
            else:
                events += self._news(row, client)
        return events, faults

    def _reserved(self, rows: Iterable[ListRow]) -> set[str]:
        return {*self.opened.case.client_ids, *(row.id for row in rows if row.id)}

    def _known(self, row: ListRow) -> Client | None:
        clients = self.opened.case.clients
        if row.id is not None:
            return clients.get(row.id)
        return next((each for each in clients.values() if plain_name(each.name) == plain_name(row.name)), None)

    def _clash(self, row: ListRow, seen: dict[str, int]) -> Fault | None:
        """Return why a row cannot be told from another one, or from another client of the table."""
        for key in (plain_name(row.name), *([f"\0{row.id}"] if row.id else [])):
            if key in seen:
                return self._fault("clients.row_twice", row, other=seen[key])
            seen[key] = row.line
        if row.id in self.opened.case.client_ids and row.id not in self.opened.case.clients:
            return self._fault("clients.id_taken", row, id=row.id)
        client = self._known(row)
        namesake = next(
            (each for each in self.opened.case.clients.values() if plain_name(each.name) == plain_name(row.name)), None
        )
        if namesake is not None and (client is None or client.id != namesake.id):
            return self._fault("clients.name_taken", row, name=row.name, id=namesake.id)
        if row.told_on is not None:
            try:
                telling_day(self.desk, self.opened, row.told_on)
            except FaultsError as error:
                return Fault(error.faults[0].key, self.file, row.line, details=error.faults[0].details)
        return None

    def _fault(self, key: str, row: ListRow, **details: object) -> Fault:
        return Fault(key, self.file, row.line, details=details)

    def _new(self, row: ListRow, chosen: str) -> Iterator[Any]:
        name = self.wanted.file.name if self.wanted.file else None
        yield ClientAdded(chosen, row.name, _role(row.role) or "entrustor", row.contact, _raw(row.facts), name)
        if row.told_on is not None:
            yield ClientTold(chosen, row.told_on, row.way)

    def _news(self, row: ListRow, client: Client) -> Iterator[Any]:
        fresh = {fact: value for fact, value in row.facts.items() if client.stated.get(fact) != value}
        changed = ClientChanged(
            client.id,
            row.name if row.name != client.name else None,
            _role(row.role) if row.role != client.role else None,
            row.contact if row.contact != client.contact else None,
            _raw(fresh),
        )
        if changed != ClientChanged(client.id):
            yield changed
        if row.told_on is not None and not client.told:
            yield ClientTold(client.id, row.told_on, row.way)

    # what is said of it

    def _rows(self, found: ClientList, events: list[Any], faults: list[Fault]) -> Iterator[Row]:
        say = self.desk.say
        added = [event for event in events if isinstance(event, ClientAdded)]
        changed = [event for event in events if isinstance(event, ClientChanged)]
        told = [event for event in events if isinstance(event, ClientTold)]
        rows = len(found.rows) + len({fault.line for fault in found.faults})
        yield Row(say("clients.list_head", file=self.file, rows=rows), style="heading")
        counts = {"added": len(added), "changed": len(changed), "told": len(told), "faults": len(faults)}
        yield Row(say("clients.list_counts", **counts), 2)
        listed: list[Any] = [*added, *changed]
        for event in listed[:_SHOWN]:
            yield Row(say("clients.list_line", id=event.client, name=self._named(event), facts=self._told(event)), 2, 4)
        if len(listed) > _SHOWN:
            yield Row(say("clients.list_more", count=len(listed) - _SHOWN), 2)
        if ignored := shown_only(self.desk, found.ignored):
            yield Row(say("clients.list_ignored", columns=say.listed(ignored[:_SHOWN])), 2, 2, "unsure")
        if not self.wanted.write and events:
            yield Row(say("clients.list_write"), 2, 2, "strong")

    def _named(self, event: Any) -> str:  # noqa: ANN401
        return event.name or self.opened.case.clients[event.client].name

    def _told(self, event: Any) -> str:  # noqa: ANN401
        phrases, facts = self.desk.phrases, self.desk.facts
        told = (
            self.desk.say("log.pair", name=phrases.title(fact), value=phrases.value(fact, facts[fact].read(raw)))
            for fact, raw in event.facts.items()
        )
        return self.desk.say.listed(told)

    def _json(self, found: ClientList, events: list[Any], faults: list[Fault]) -> dict[str, Any]:
        return {
            "schema": "leakresp/clients-list/1",
            "case": self.opened.name,
            "written": self.wanted.write and bool(events),
            "added": [event.client for event in events if isinstance(event, ClientAdded)],
            "changed": [event.client for event in events if isinstance(event, ClientChanged)],
            "told": [event.client for event in events if isinstance(event, ClientTold)],
            "faulty_rows": sorted({fault.line for fault in faults if fault.line is not None}),
            "ignored_columns": list(shown_only(self.desk, found.ignored)),
        }


def _clients_of(events: Iterable[Any]) -> set[str]:
    return {str(event.client) for event in events}


# showing --------------------------------------------------------------------------------------------------------------


def _show(
    desk: Desk, opened: OpenCase, concerned: tuple[str, ...], *, waiting: bool, csv: Path | None, as_json: bool
) -> int:
    chain = standing(desk, opened).chain
    if chain is None:
        if as_json:
            write_json({"schema": "leakresp/clients/1", "case": opened.name, "count": 0, "clients": []})
        else:
            Screen(desk).write(
                [Row(desk.say("clients.none_yet")), Row(f"leakresp clients {shlex.quote(opened.name)} --add NAME", 2)]
            )
        return DONE
    words = ClientWords(desk, opened.name, chain)
    shares = [
        share
        for share in chain.shares
        if (not concerned or share.client.id in concerned) and (not waiting or share.missing)
    ]
    if csv is not None:
        write_again(words.table(shares), csv, lambda beginning: _is_ours(desk, words, beginning))
        sys.stderr.write(desk.say("clients.written", count=len(shares), path=csv) + "\n")
    if as_json:
        write_json(words.json(shares))
    elif csv is None:
        screen = Screen(desk)
        screen.write(words.rows(shares))
        screen.write(words.commands())
    return DONE


def _is_ours(desk: Desk, words: ClientWords, beginning: bytes) -> bool:
    """Tell whether a file begins as our tables do, in either language."""
    from dataclasses import replace

    desks = [replace(desk, say=Wording(desk.shelf.words, lang)) for lang in LANGUAGES]
    return any(beginning.startswith(header(ClientWords(each, words.case, words.chain))) for each in desks)
