"""The clients of a case in words: how many were told, what each one's part comes to, and what is missing."""

from __future__ import annotations

import codecs
import csv
import io
import shlex
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leakresp.law.duties import NOT_REQUIRED, RELEASED, REQUIRED
from leakresp.law.held import NOT_ASKED, Open
from leakresp.law.vocabulary import written
from leakresp.response.chain import TOLD, Share
from leakresp.response.clients import BEARS, COMPLETE, ITEMS, PEOPLE, SUSPECTED
from leakresp.shell.answers import Given
from leakresp.shell.day_words import short_day
from leakresp.shell.due_words import said_day
from leakresp.shell.layout import GAP, Row
from leakresp.shell.register_words import harmless
from leakresp.shell.result import verdict_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from leakresp.response.case import ClientTold, Entry
    from leakresp.response.chain import Chain
    from leakresp.response.clients import Client
    from leakresp.shell.cases import OpenCase
    from leakresp.shell.desk import Desk

SCHEMA: Final = "leakresp/clients/1"
PAPER: Final = "entrustor_notice"
#: The columns of the table, in the order in which it is written; those that stand for facts are called like them.
COLUMNS: Final = (
    "id", "name", "role", "contact", PEOPLE, ITEMS, SUSPECTED, COMPLETE, BEARS, "told_on", "way", "verdict", "missing",
    "next",
)  # fmt: skip
_NAMED: Final = 5
_STYLE: Final = {REQUIRED: "bad", RELEASED: "good", NOT_REQUIRED: "good"}
_LISTS: Final = (ITEMS, SUSPECTED)


class Guide(NamedTuple):
    """From which day to which something should be done, and how many days those are."""

    first: dt.date
    last: dt.date
    fewest: int
    most: int


class ClientWords:
    """The clients of one case in the words of one language."""

    def __init__(self, desk: Desk, case: str, chain: Chain) -> None:
        self.desk: Final = desk
        self.say: Final = desk.say
        self.phrases: Final = desk.phrases
        self.case: Final = case
        self.quoted: Final = shlex.quote(case)
        self.chain: Final = chain

    # how far it is

    def progress(self) -> Iterator[tuple[str, str]]:
        """Yield how many were told and who was not, by when, and what stays apart: each a line and its style."""
        chain, say = self.chain, self.say
        untold = chain.untold
        style = "unsure" if untold else "good"
        yield say("clients.told_of", told=chain.told, count=len(chain.shares)), style
        if untold:
            yield say("clients.untold", names=self.named(untold)), style
            if self.clock is not None:
                late = self.clock.last < self.desk.today
                yield self.by_when(), "bad" if late else ""
        if chain.doubtful:
            yield say("clients.doubtful", names=self.named(chain.doubtful)), "unsure"
        if chain.rest_owes:
            yield say("clients.rest_owes"), "bad"
        yield say("clients.own_apart"), "muted"

    def named(self, clients: Sequence[Client]) -> str:
        """Return the first names of several clients, and how many more there are."""
        names = self.say.listed(client.name for client in clients[:_NAMED])
        more = len(clients) - _NAMED
        return names if more <= 0 else self.say("clients.and_more", names=names, count=more)

    @cached_property
    def clock(self) -> Guide | None:
        """The days by which the entrustors should be told: the guide is that of one's own first report."""
        for result in self.chain.whole.regimes:
            for clock in result.clocks:
                if clock.guide is not None and clock.guide_days is not None:
                    return Guide(*clock.guide, *clock.guide_days)
        return None

    def by_when(self, key: str = "clients.guide") -> str:
        """Return by when the entrustors should be told, or nothing where no day can be told."""
        clock, say = self.clock, self.say
        if clock is None:
            return ""
        key = f"{key}_over" if clock.last < self.desk.today else key
        days = {"start": self._day(clock.first), "end": self._day(clock.last)}
        return say(key, **days, fewest=clock.fewest, most=clock.most)

    def _day(self, day: dt.date) -> str:
        return short_day(day, self.desk.today, self.say)

    def brief(self) -> Iterator[tuple[str, str]]:
        """Yield the same in at most two lines, for a screen with little room."""
        chain, say = self.chain, self.say
        told = {"told": chain.told, "count": len(chain.shares), "case": self.quoted}
        if not chain.untold:
            yield say("clients.brief_all", **told), "good"
            if chain.doubtful or chain.rest_owes:
                key = "clients.doubtful" if chain.doubtful else "clients.rest_owes"
                yield say(key, names=self.named(chain.doubtful)), "unsure"
            yield say("clients.own_apart"), "muted"
            return
        yield say("clients.brief", **told, names=self.named(chain.untold)), "unsure"
        yield self.by_when("clients.brief_guide") or say("clients.own_apart"), "muted"

    def of_case(self) -> Iterator[Row]:
        """Yield how far the case is, under a heading that names it."""
        yield GAP
        yield Row(self.say("clients.of_case", case=self.case), style="heading")
        yield from (Row(text, 2, 2, style) for text, style in self.progress())

    # the table on a screen

    def rows(self, shares: Iterable[Share], *, head: bool = True) -> Iterator[Row]:
        """Yield how far the case is, and each of the ``shares``."""
        say = self.say
        if head:
            whole = self.chain.whole
            yield Row(say("clients.heading", case=self.case), style="heading")
            yield Row(say(f"screen.verdict.{verdict_words(whole)}"), style=_STYLE.get(whole.verdict, "unsure"))
            yield from (Row(text, 2, 2, style) for text, style in self.progress())
        for share in shares:
            yield GAP
            yield from self.share(share)

    def share(self, share: Share) -> Iterator[Row]:
        client, say = share.client, self.say
        yield Row(say("clients.line", id=client.id, name=client.name), 0, 4, "strong")
        facts = say("clients.facts", people=self.stated(client, PEOPLE), items=self.items(client))
        yield Row(facts, 4, 2)
        yield Row(say("clients.duty", duty=say(f"screen.duty.{share.verdict}"), bears=self.bears(client)), 4, 2,
                  _STYLE.get(share.verdict, "unsure"))  # fmt: skip
        yield from (Row(self.telling(entry), 4, 2) for entry in client.tellings)
        if client.role == "intermediate":
            yield Row(say("clients.intermediate"), 4, 2, "muted")
        if share.missing:
            yield Row(say("clients.missing", what=say.listed(map(self.lack, share.missing))), 4, 2, "unsure")
        yield Row(say("clients.next", what=say(f"clients.step.{next_step(share)}")), 4, 2)

    def bears(self, client: Client) -> str:
        return self.say(f"clients.bears.{client.bears}")

    def stated(self, client: Client, fact: str) -> str:
        return self.phrases.value(fact, client.stated.get(fact, NOT_ASKED))

    def items(self, client: Client) -> str:
        known = self.stated(client, ITEMS)
        suspected = client.stated.get(SUSPECTED)
        if not suspected or isinstance(suspected, Open):
            return known
        return self.say("clients.items_suspected", items=known, suspected=self.stated(client, SUSPECTED))

    def telling(self, entry: Entry[ClientTold]) -> str:
        event, say = entry.event, self.say
        parts = [said_day(event.day, say)]
        if event.way:
            parts.append(say(f"sent.way.{event.way}"))
        if event.to:
            parts.append(event.to)
        return say("clients.was_told", how=say.listed(parts))

    def lack(self, missing: str) -> str:
        return self.say("clients.lack.told") if missing == TOLD else self.phrases.title(missing)

    def commands(self) -> Iterator[Row]:
        """Yield what to type next, for the steps that are still to be taken."""
        steps = {next_step(share) for share in self.chain.shares}
        shown = {
            "tell": (
                f"leakresp draft-notice {PAPER} --case {self.quoted} --clients all",
                f"leakresp sent {self.quoted} {PAPER} --client ID --way mail",
            ),
            "ask_duty": (f"leakresp clients {self.quoted} --change ID --bears yes|no",),
            "complete": (f"leakresp clients {self.quoted} --change ID --set affected_people=… --set data_items=…",),
            "report": (f"leakresp status {self.quoted}",),
        }
        commands = [line for step, lines in shown.items() if step in steps for line in lines]
        if commands:
            yield GAP
            yield Row(self.say("clients.go_on"), style="muted")
            yield from (Row(line, 2) for line in commands)

    # for programs

    def json(self, shares: Iterable[Share]) -> dict[str, Any]:
        """Return the table as plain values; keys are the same in every language."""
        return {"schema": SCHEMA, "case": self.case} | self.progress_json() | {
            "clients": [self.share_json(share) for share in shares]
        }  # fmt: skip

    def progress_json(self) -> dict[str, Any]:
        """Return how far the case is, as plain values."""
        chain, guide = self.chain, self.clock
        return {
            "verdict": chain.whole.verdict,
            "count": len(chain.shares),
            "told": chain.told,
            "untold": [client.id for client in chain.untold],
            "duty_unknown": [client.id for client in chain.doubtful],
            "guide_from": str(guide.first) if guide else None,
            "guide_to": str(guide.last) if guide else None,
            "rest_verdict": chain.rest.verdict if chain.rest else None,
        }

    def share_json(self, share: Share) -> dict[str, Any]:
        client = share.client
        return {
            "id": client.id,
            "name": client.name,
            "role": client.role,
            "contact": client.contact,
            "bears_duty": client.bears,
            "told": [
                {key: getattr(each.event, key) for key in ("day", "way", "to", "file")} | {"n": each.n, "by": each.by}
                for each in client.tellings
            ],
            "verdict": share.verdict,
            "released": share.verdict == RELEASED,
            "missing": list(share.missing),
            "next": next_step(share),
            "facts": {fact: written(value) for fact, value in client.stated.items()},
        }  # fmt: skip

    # for spreadsheets

    def table(self, shares: Iterable[Share]) -> bytes:
        """Return the table as CSV, its header first. No cell of it is taken for a formula."""
        text = io.StringIO(newline="")
        rows = ([harmless(self.cells(share)[column]) for column in COLUMNS] for share in shares)
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        return header(self) + text.getvalue().encode()

    def title(self, column: str) -> str:
        return self.phrases.title(column) if column in self.desk.facts else self.say(f"clients.column.{column}")

    def cells(self, share: Share) -> dict[str, str]:
        client, say = share.client, self.say
        told = client.tellings[0].event if client.tellings else None
        found = {fact: _cell(client, fact) for fact in (PEOPLE, *_LISTS, COMPLETE, BEARS)}
        return found | {
            "id": client.id,
            "name": client.name,
            "role": client.role,
            "contact": client.contact or "",
            "told_on": told.day if told else "",
            "way": (told.way or "") if told else "",
            "verdict": say(f"screen.duty.{share.verdict}"),
            "missing": say.listed(map(self.lack, share.missing)),
            "next": say(f"clients.step.{next_step(share)}"),
        }


def client_words(desk: Desk, opened: OpenCase) -> ClientWords | None:
    """Return the clients of a case in words, where it has any."""
    chain = desk.chain(Given.of_case(opened.case))
    return None if chain is None else ClientWords(desk, opened.name, chain)


def header(words: ClientWords) -> bytes:
    """Return how a table of clients begins: the mark that tells spreadsheets it is UTF-8, and the columns."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([words.title(column) for column in COLUMNS])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _cell(client: Client, fact: str) -> str:
    """Return an answer as a list of clients is read again: a list of items with commas between them."""
    if fact not in client.stated:
        return ""
    found = written(client.stated[fact])
    return found if isinstance(found, str) else ",".join(found)


def next_step(share: Share) -> str:
    """Return what is to be done next for a client."""
    if not share.client.told:
        return "tell"
    if share.client.bears == "unknown":
        return "ask_duty"
    if share.verdict == REQUIRED:
        return "report"
    return "complete" if share.missing else "help"
