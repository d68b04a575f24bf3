"""``draft-notice PAPER --clients`` and ``sent CASE PAPER --client``: one notice for each client, and that it left.

A notice is made from what is known of that client alone. One that would name another client, or tell how many persons
another client has, is not written.
"""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leakresp.law.vocabulary import nearest
from leakresp.papers.catalogue import PaperTemplate
from leakresp.papers.formats import Press, written
from leakresp.response.case import ClientTold, Drafted, Sent
from leakresp.response.mention import mentions
from leakresp.shell.answers import Given
from leakresp.shell.case_desk import refuse_closed, take_up
from leakresp.shell.cases import author
from leakresp.shell.client_list import client_name
from leakresp.shell.client_words import PAPER
from leakresp.shell.commands.clients import find_clients, record, telling_day
from leakresp.shell.commands.sent import WRITABLE, freeze, newest_draft
from leakresp.shell.desk import read_bytes
from leakresp.shell.drafting import Drafting
from leakresp.shell.drafts import folder, keep
from leakresp.shell.faults import ANSWERS_MISSING, DONE, MISUSE, Fault, FaultsError
from leakresp.shell.layout import Row
from leakresp.shell.paper_press import made_or_fault
from leakresp.shell.papers_made import DRAFTS, Recorder, paper_basis, sha256
from leakresp.shell.screen import Screen, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Entry, Event
    from leakresp.response.clients import Client
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.commands.draft_notice import Wish
    from leakresp.shell.commands.sent import Sending
    from leakresp.shell.desk import Desk
    from leakresp.shell.drafting import Draft

SCHEMA: Final = "leakresp/client-notices/1"
_SHOWN: Final = 20
_TEXT: Final = "txt"


class _Notice(NamedTuple):
    """One client's notice as drafted, and what it was judged on."""

    client: Client
    draft: Draft
    assessment: Assessment
    text: str


# drafting -------------------------------------------------------------------------------------------------------------


def draft(desk: Desk, case: str | None, names: Sequence[str], wish: Wish, where: str | None) -> int:
    """Write one notice for each client named; none while any of them is refused. Raises ``FaultsError``."""
    if case is None:
        raise FaultsError([Fault("clients.case_needed", path="--clients")], MISUSE)
    check_paper(wish.paper, "--clients")
    opened = take_up(desk, case, where)
    drafting = _Drafting(desk, opened, wish)
    notices = [drafting.notice(client) for client in find_clients(opened, names)]
    drafting.refuse(notices)
    written_to = drafting.write(notices)
    if wish.as_json:
        write_json(drafting.json(notices, written_to))
    return DONE


def check_paper(paper: str | None, option: str) -> None:
    """Refuse every paper but the one that tells an entrustor. Raises ``FaultsError``."""
    if paper != PAPER:
        details = {"paper": PAPER, "nearest": nearest(paper or "", (PAPER,))}
        raise FaultsError([Fault("clients.wrong_paper", path=option, details=details)], MISUSE)


def draft_name(client: Client, paper: str) -> str:
    """Return how a client's draft is called: by the client's id first, which holds no hyphen and no dot."""
    return f"{client.id}.{paper}"


class _Drafting:
    """The notices to several clients being drafted from one case."""

    def __init__(self, desk: Desk, opened: OpenCase, wish: Wish) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.wish: Final = wish
        self.recorder: Final = Recorder(desk, opened, author(None))
        self.catalogue: Final = {plain["id"]: PaperTemplate.of(plain) for plain in desk.shelf.papers}
        self.template: Final = self.catalogue[PAPER]
        self.form: Final = self._form()

    def _form(self) -> str:
        form = self.wish.form or self.template.formats[0]
        if form not in self.template.formats:
            details = {"word": form, "words": self.template.formats}
            raise FaultsError([Fault("paper.format_unknown", details=details)], MISUSE)
        return form

    def notice(self, client: Client) -> _Notice:
        """Return one client's notice."""
        case = self.opened.case
        given = Given(dict(case.incident), client.share(case.answers))
        assessment = self.desk.assess(given)
        work = Drafting(
            given,
            assessor=self.desk.assessor,
            assessment=assessment,
            library=self.desk.shelf,
            say=self.desk.say,
            today=self.desk.today,
            recorder=self.recorder,
            catalogue=self.catalogue,
        )
        made = work.draft(PAPER)
        return _Notice(client, made, assessment, written(made.rendered, _TEXT))

    def refuse(self, notices: Iterable[_Notice]) -> None:
        """Refuse notices that tell of other clients, and final ones with holes. Raises ``FaultsError``."""
        notices = tuple(notices)
        if told := [fault for notice in notices for fault in self._telling(notice)]:
            raise FaultsError(told, ANSWERS_MISSING)
        holes = [self._hole(notice, fact) for notice in notices for fact in notice.draft.blocking]
        if self.wish.final and holes:
            how = self.desk.say("clients.how_to_fill", case=shlex.quote(self.opened.name))
            raise FaultsError(holes, ANSWERS_MISSING, how)

    def _telling(self, notice: _Notice) -> Iterator[Fault]:
        client, clients = notice.client, self.opened.case.clients.values()
        ours = str(self.opened.case.answers.get("organisation_name", ""))
        for found in mentions(notice.text, client, clients, ours):
            facts = self._told_in(client, found.client, ours, found.kind)
            details = {"id": client.id, "other": found.client.id, "facts": facts, "count": found.words}
            yield Fault("clients.names_another" if found.kind == "name" else "clients.counts_another", details=details)

    def _told_in(self, client: Client, other: Client, ours: str, kind: str) -> tuple[str, ...]:
        """Return the titles of the facts whose words tell of another client."""
        answers = client.share(self.opened.case.answers)
        said = {fact: value for fact, value in answers.items() if isinstance(value, str)}
        return tuple(
            self.desk.phrases.title(fact)
            for fact, words in said.items()
            if any(found.kind == kind for found in mentions(words, client, [other], ours))
        )

    def _hole(self, notice: _Notice, fact: str) -> Fault:
        client, title = notice.client, self.desk.phrases.title(fact)
        return Fault("clients.hole", details={"id": client.id, "name": client.name, "title": title, "fact": fact})

    def write(self, notices: Sequence[_Notice]) -> list[Path]:
        """Write the notices and record them together; return where each lies. Raises ``FaultsError``."""
        contents = [self._made(each) for each in notices]
        place = folder(self.wish.output or self.recorder.drafts)
        kept = [
            keep(content, place / f"{draft_name(each.client, PAPER)}.{self.form}")
            for each, content in zip(notices, contents, strict=True)
        ]
        events = [
            self._drafted(each, self.recorder.below(where.path), content)
            for each, content, where in zip(notices, contents, kept, strict=True)
        ]
        known = {entry.event.client: entry.event for entry in self.opened.case.drafts if entry.event.paper == PAPER}
        if fresh := [event for event in events if known.get(event.client) != event]:
            self.opened.add(self.recorder.by, *fresh)
        Screen(self.desk, out=sys.stderr).write(self._rows(notices, place))
        return [where.path for where in kept]

    def _made(self, notice: _Notice) -> bytes:
        if self.form == _TEXT:
            return notice.text.encode()
        return made_or_fault(notice.draft.rendered, self.form, Press(self.wish.font))

    def _drafted(self, notice: _Notice, file: str, content: bytes) -> Drafted:
        lang = self.desk.say.lang
        rests_on = paper_basis(self.desk, self.template, lang, notice.assessment)
        return Drafted(PAPER, file, sha256(content), lang, self.form, rests_on, notice.client.id)

    def _rows(self, notices: Sequence[_Notice], place: Path) -> Iterator[Row]:
        say, phrases = self.desk.say, self.desk.phrases
        yield Row(say("clients.notice_written", count=len(notices), folder=place), style="good")
        counted = Counter(fact for each in notices for fact in _holes(each))
        common = [fact for fact, count in counted.items() if count == len(notices)]
        if common:
            yield Row(say("clients.notice_common", facts=say.listed(map(phrases.title, common))), 2, 2, "unsure")
        lacking = [(each.client, [fact for fact in _holes(each) if fact not in common]) for each in notices]
        lacking = [(client, facts) for client, facts in lacking if facts]
        for client, facts in lacking[:_SHOWN]:
            told = say.listed(map(phrases.title, facts))
            yield Row(say("clients.notice_holes", id=client.id, name=client.name, facts=told), 2, 2, "unsure")
        if len(lacking) > _SHOWN:
            yield Row(say("clients.list_more", count=len(lacking) - _SHOWN), 2)

    def json(self, notices: Sequence[_Notice], files: Sequence[Path]) -> dict[str, Any]:
        """Return what was written as plain values; keys are the same in every language."""
        return {
            "schema": SCHEMA,
            "case": self.opened.name,
            "paper": PAPER,
            "notices": [
                {
                    "client": each.client.id,
                    "file": str(file),
                    "blocking": list(each.draft.blocking),
                    "left_open": list(each.draft.left_open),
                }
                for each, file in zip(notices, files, strict=True)
            ],
        }


def _holes(notice: _Notice) -> tuple[str, ...]:
    return (*notice.draft.blocking, *notice.draft.left_open)


# what left the house --------------------------------------------------------------------------------------------------


def send(desk: Desk, opened: OpenCase, sending: Sending, names: Sequence[str]) -> int:
    """Freeze the notices to clients and record that they were told: all of them, or none. Raises ``FaultsError``."""
    check_paper(sending.paper, "--client")
    refuse_closed(opened)
    clients = find_clients(opened, names)
    if sending.file is not None and len(clients) > 1:
        raise FaultsError([Fault("clients.file_for_one", path="--file")], MISUSE)
    _Sending(desk, opened, sending).run(clients)
    return DONE


class _Sending:
    """Notices to several clients being frozen."""

    def __init__(self, desk: Desk, opened: OpenCase, sending: Sending) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.sending: Final = sending
        self.day: Final = telling_day(desk, opened, sending.on)

    def run(self, clients: Sequence[Client]) -> None:
        """Freeze each client's newest draft and record it. Raises ``FaultsError``."""
        sources = [self.sending.file or self._draft_of(client) for client in clients]
        missing = [client for client, source in zip(clients, sources, strict=True) if source is None]
        if missing:
            raise FaultsError([self._no_draft(client) for client in missing], MISUSE)
        contents = [read_bytes(str(source)) for source in sources]
        by, number = author(self.sending.by), len(self.opened.case.sent)
        frozen: list[Path] = []
        events: list[Event] = []
        try:
            for place, (client, source, content) in enumerate(zip(clients, sources, contents, strict=True), 1):
                name = f"{PAPER}-{client.id}{source.suffix if source else ''}"
                frozen.append(freeze(self.opened, content, self.day, name, number + place))
                events += self._events(client, frozen[-1], content, source)
            record(self.desk, self.opened, by, events)
        except FaultsError:
            _take_back(frozen)  # copies that the record does not know would only confuse
            raise
        ids = self.desk.say.listed(client.id for client in clients[:_SHOWN])
        told = self.desk.say("clients.notice_sent", count=len(clients), ids=ids)
        Screen(self.desk, out=sys.stderr).write([Row(told, style="good")])

    def _draft_of(self, client: Client) -> Path | None:
        return newest_draft(self.opened.folder, draft_name(client, PAPER))

    def _no_draft(self, client: Client) -> Fault:
        command = f"leakresp draft-notice {PAPER} --case {shlex.quote(self.opened.name)} --clients {client.id}"
        details = {"id": client.id, "name": client.name, "command": command}
        return Fault("clients.no_draft", str(self.opened.folder / DRAFTS), details=details)

    def _events(self, client: Client, frozen: Path, content: bytes, source: Path | None) -> Iterator[Event]:
        sending, draft = self.sending, self._drafted(client, content, source)
        file = frozen.relative_to(self.opened.folder).as_posix()
        department = None if sending.to is None else client_name(sending.to)
        yield Sent(
            PAPER,
            file,
            sha256(content),
            f"{client.name} {department}" if department else client.name,
            self.day,
            sending.way,
            sending.receipt,
            draft.event.lang if draft else None,
            source.name if source else None,
            draft.event.rests_on if draft else {},
            client.id,
        )
        yield ClientTold(client.id, self.day, sending.way, department, file)

    def _drafted(self, client: Client, content: bytes, source: Path | None) -> Entry[Drafted] | None:
        """Return the draft on record that was sent: with these very bytes, else in this file, which somebody edited."""
        drafts = [entry for entry in reversed(self.opened.case.drafts) if entry.event.client == client.id]
        same = next((entry for entry in drafts if entry.event.sha256 == sha256(content)), None)
        if same is not None or source is None:
            return same
        place = source.resolve()
        return next((entry for entry in drafts if (self.opened.folder / entry.event.file).resolve() == place), None)


def _take_back(frozen: Iterable[Path]) -> None:
    for path in frozen:
        with suppress(OSError):
            path.chmod(WRITABLE)
            path.unlink()
