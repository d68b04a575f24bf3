"""``leakresp delivery``: results of sending taken back, how the letters stand, and who has to be told another way."""

from __future__ import annotations

import re
import shlex
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.languages import LANGUAGES
from leakresp.law.rulebook import source_of
from leakresp.law.vocabulary import WrongAnswer
from leakresp.papers.letters.again import Again, Listed, names_of, write_list
from leakresp.papers.letters.delivery import (
    NEEDS,
    OTHER_WAY,
    PRESSING,
    DeliveryUnfit,
    Place,
    Result,
    Unread,
    out_of_time,
    spans,
)
from leakresp.papers.letters.ledger import Ledger, ResultLine, SentLine
from leakresp.papers.letters.results import (
    FIELDS,
    SAID,
    ResultWords,
    Returned,
    open_results,
    result_words,
    results_of,
)
from leakresp.papers.letters.roll import Roll
from leakresp.papers.recipients import (
    LibraryMissing,
    ListUnfit,
    RecipientWords,
    map_columns,
    open_table,
    recipient_words,
)
from leakresp.shell.day_words import date
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, FILE_WRONG, MISUSE, Fault, FaultsError
from leakresp.shell.layout import GAP, Row
from leakresp.shell.recipient_words import item_titles, missing_library_fault, unfit_fault
from leakresp.shell.screen import Page, write_json
from leakresp.shell.typed import typed_day
from leakresp.shell.typed_times import read_option

if TYPE_CHECKING:
    import datetime as dt

SCHEMA: Final = "leakresp/delivery/1"
#: The paper that takes the place of a notice, and the paper of each way.
SUBSTITUTE: Final = "substitute_publication"
_PAPERS: Final = {"post": "letter", "email": "email"}
#: The needs as they are shown: first what can be done at once.
_SHOWN: Final = ("post", "email", "list", "substitute", "decide", "again", "mend", "wait")
#: Outcomes as they are shown.
_OUTCOMES: Final = ("delivered", "", "bounced", "returned", "refused", "expired", "delayed")
#: Spans of rows, and places of results, that are named on screen before the rest is only counted.
_SPANS: Final = 12
_PLACES: Final = 5
#: Places that are kept of each kind of result that could not be taken.
_KEPT: Final = 1000
#: How the names of a database's errors begin where the disk is full or fails.
_NO_ROOM: Final = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN")
_BETWEEN: Final = re.compile("、|, ")
_DATE: Final = re.compile(r".*\d\D{1,2}\d.*\d.*", re.DOTALL)
_EIGHT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: What spreadsheets add to a date: its weekday, and seconds.
_ADDED: Final = re.compile(r"\([^()]*\)|(?<=:\d\d):\d\d(?:\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    folder: Path
    results: tuple[Path, ...] = ()
    recipients: Path | None = None
    maps: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sent: str | None = None
    csv: Path | None = None


def run(asked: Asked, *, as_json: bool, plain: bool, lang: str | None) -> int:
    """Take results back and show how the letters stand; return the exit code. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=None, plain=plain)
    delivery = _Delivery(desk, asked)
    try:
        return delivery.run(as_json=as_json)
    except DeliveryUnfit as error:
        raise FaultsError([Fault(error.key, error.file, error.line, details=error.details)]) from None
    except ListUnfit as error:
        raise unfit_fault(error, str(delivery.reading), desk.say, delivery.words) from None
    except LibraryMissing as error:
        raise missing_library_fault(error, str(delivery.reading)) from None
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith(_NO_ROOM):
            raise
        raise FaultsError([Fault("delivery.no_room", details={"reason": str(error)})]) from None
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        raise FaultsError([Fault("file.unwritable", str(error.filename or asked.folder), details=details)]) from None


@dataclass(slots=True)
class _Taken:
    """What came of the files of results; ``unread`` has the places of each kind, and how many there are."""

    added: int = 0
    known: int = 0
    silent: int = 0
    unread: dict[str, tuple[int, list[Place]]] = field(default_factory=dict)

    def refuse(self, why: str, place: Place) -> None:
        """Keep where something stands that was not recorded."""
        count, places = self.unread.get(why, (0, []))
        if count < _KEPT:
            places.append(place)
        self.unread[why] = (count + 1, places)


class _Delivery:
    def __init__(self, desk: Desk, asked: Asked) -> None:
        self.desk, self.say, self.asked = desk, desk.say, asked
        titles = item_titles(desk.facts["data_items"], desk.shelf.advice["items"])
        self.words: RecipientWords = recipient_words(desk.shelf.recipients, titles)
        self.result_words = _result_words(desk)
        #: The file being read, should it turn out to be unfit.
        self.reading: Path = asked.recipients or asked.folder
        self.at = desk.now.isoformat(timespec="seconds")
        self.sent = ""

    def run(self, *, as_json: bool) -> int:
        asked = self.asked
        self._check()
        day = read_option(asked.sent, "--sent", self.desk.now).date if asked.sent is not None else None
        ledger = Ledger(asked.folder)
        with ExitStack() as stack:
            roll = stack.enter_context(_read(asked.folder))
            if day is not None or asked.results:
                stack.enter_context(ledger.alone())
            self._recall(roll, ledger)
            listed = self._listed(roll)
            taken = self._take_back(roll, ledger, day)
            count = self._look_up(roll, listed)
            needs = _needs(roll)
            if as_json:
                write_json(self._json(roll, taken, needs, count))
            else:
                Page(plain=self.desk.plain).write(self._rows(roll, taken, needs, count))
        return FILE_WRONG if taken.unread else DONE

    def _check(self) -> None:
        asked = self.asked
        options = {"--map": asked.maps, "--csv": asked.csv, "--sheet": asked.sheet}
        options |= {"--encoding": asked.encoding, "--delimiter": asked.delimiter}
        alone = next((option for option, value in options.items() if value), None)
        if asked.recipients is None and alone:
            raise FaultsError([Fault("letters.only_with", details={"option": alone})], MISUSE)
        if asked.csv is not None and asked.csv.exists():
            raise FaultsError([Fault("delivery.list_there", str(asked.csv))], MISUSE)

    def _recall(self, roll: Roll, ledger: Ledger) -> None:
        """Take in what is on record."""
        for number, line in ledger.lines():
            if isinstance(line, SentLine):
                self.sent = line.on
            elif not roll.recorded(line):
                raise DeliveryUnfit("delivery.record_other", str(ledger.path), number)

    def _listed(self, roll: Roll) -> Listed | None:
        asked = self.asked
        if asked.recipients is None:
            return None
        table = open_table(asked.recipients, asked.sheet, asked.encoding, asked.delimiter)
        listed = Listed(table, map_columns(table.header, self.words, asked.maps), self.words)
        if not roll.learn(names_of(listed)):
            raise DeliveryUnfit("delivery.other_list", str(asked.recipients))
        return listed

    # results

    def _take_back(self, roll: Roll, ledger: Ledger, day: dt.date | None) -> _Taken:
        """Read all results, then record what is new: a file that cannot be read leaves nothing behind."""
        taken = _Taken()
        if day is not None:
            self.sent, before = str(day), self.sent
            day = None if before == self.sent else day
        opened = [self._opened(path, roll.way) for path in self.asked.results]
        for returned in opened:
            self.reading = returned.path
            for result in results_of(returned, self.result_words, roll.way, self._read_time):
                self._take(roll, returned, result, taken)
        ledger.add([SentLine(on=str(day), at=self.at)] if day is not None else [])
        ledger.add(roll.fresh(self.at))
        return taken

    def _opened(self, path: Path, way: str) -> Returned:
        self.reading = path
        return open_results(path, self.result_words, self.words, way)

    def _take(self, roll: Roll, returned: Returned, result: Result | Unread, taken: _Taken) -> None:
        if isinstance(result, Unread):
            if result.why == "silent":
                taken.silent += 1
            else:
                taken.refuse(result.why, result.place)
            return
        wrong = out_of_time(result.when, self.sent, str(self.desk.today))
        if wrong == "to_come" and returned.table is None:
            result, wrong = replace(result, when=""), ""  # a mail server whose clock is wrong
        found = wrong or roll.find(result.names)
        if isinstance(found, str):
            taken.refuse(found, result.place)
            return
        if roll.say(ResultLine.of(*found, result, self.at)):
            taken.added += 1
        else:
            taken.known += 1

    def _read_time(self, written: str) -> str | None:
        """Return a day as a table has it. Words that mean another day tomorrow (昨日) are none."""
        text = _ADDED.sub("", unicodedata.normalize("NFKC", written)).strip()
        if whole := _EIGHT.fullmatch(text):
            text = "-".join(whole.groups())
        if not _DATE.fullmatch(text) or ":" in text.partition(" ")[0].partition("T")[0]:
            return None
        try:
            day = typed_day(text, self.desk.now)
        except WrongAnswer:
            return None
        return f"{day.date}T{day.time}" if day.time else str(day.date)

    # the list

    def _look_up(self, roll: Roll, listed: Listed | None) -> int:
        """Look for other contacts in the list, and write the new list; return how many rows it has."""
        if listed is None or not roll.asks():
            return 0
        self.reading, say = listed.table.path, self.say
        way_word, title = say(f"delivery.list.{OTHER_WAY[roll.way]}"), say("delivery.list.reference")
        again = Again(listed, roll.way, way_word=way_word, reference_title=title)
        rows = again.rows(roll)
        first = next(rows, None)
        if first is None:
            return 0
        path, count = self.asked.csv, 1
        with nullcontext() if path is None else write_list(path, again.header) as new:
            if new is not None:
                new.add(first)
            for row in rows:
                count += 1
                if new is not None:
                    new.add(row)
        return count

    # what is shown

    def _rows(self, roll: Roll, taken: _Taken, needs: dict[str, list[int]], count: int) -> Iterator[Row]:
        say = self.say
        title = say("delivery.title", title=self._title(roll.paper), folder=self.asked.folder)
        yield Row(title, 0, 2, "heading")
        yield Row(say("delivery.written", **{key: f"{many:,}" for key, many in roll.written().items()}), 2, 2)
        if not roll.complete:
            yield Row(say("delivery.unfinished"), 2, 2, "caution")
        yield Row(self._sent(), 2, 2)
        outcomes = roll.outcomes()
        shown = [each for each in _OUTCOMES if outcomes.get(each)]
        parts = (
            say("delivery.outcome", outcome=say(f"delivery.outcome.{each or 'unknown'}"), count=f"{outcomes[each]:,}")
            for each in shown
        )
        yield Row(say.listed(parts), 2, 2, "strong")
        yield from self._read_rows(taken)
        yield GAP
        yield Row(say("delivery.needs"), 0, 2, "heading") if any(needs.values()) else Row(say("delivery.needs_none"))
        for need in _SHOWN:
            if needs[need]:
                yield from self._need(need, needs[need], count)
        if self.asked.csv is not None and not count:
            yield Row(say("delivery.list_empty", path=self.asked.csv), 0, 2)

    def _sent(self) -> str:
        if not self.sent:
            return self.say("delivery.sent_not")
        import datetime as dt

        return self.say("delivery.sent", day=date(dt.date.fromisoformat(self.sent), self.say))

    def _read_rows(self, taken: _Taken) -> Iterator[Row]:
        say = self.say
        if not self.asked.results:
            return
        yield GAP
        numbers = {"added": f"{taken.added:,}", "known": f"{taken.known:,}", "silent": f"{taken.silent:,}"}
        yield Row(say("delivery.read", **numbers), 0, 2)
        if not taken.unread:
            return
        total = sum(count for count, _ in taken.unread.values())
        yield Row(say("delivery.unread", count=f"{total:,}"), 0, 2, "bad")
        for why, (count, places) in sorted(taken.unread.items(), key=lambda each: -each[1][0]):
            what = say(f"delivery.unread.{why}")
            yield Row(say("delivery.unread_kind", what=what, count=f"{count:,}"), 2, 2)
            for place in places[:_PLACES]:
                yield Row(place.file if place.line is None else f"{place.file}:{place.line}", 4, 2)
            if count > _PLACES:
                yield Row(say("delivery.unread_more", count=f"{count - _PLACES:,}"), 4, 2)

    def _need(self, need: str, rows: list[int], count: int) -> Iterator[Row]:
        say = self.say
        yield Row(say(f"delivery.need.{need}", count=f"{len(rows):,}"), 2, 2, "strong" if need in PRESSING else "")
        why = "list_other" if need == "list" and self.asked.recipients is not None else need
        yield Row(say(f"delivery.why.{why}"), 4, 2)
        if need == "substitute":
            yield Row(say("delivery.ground", sources=say.listed(self._sources())), 4, 2)
        yield Row(self._named(rows), 4, 2)
        if need in _PAPERS and self.asked.csv is not None:
            yield Row(say("delivery.list_written", count=f"{count:,}", path=self.asked.csv), 4, 2)
        if command := self._next(need):
            yield Row(command, 4)

    def _named(self, rows: list[int]) -> str:
        say, found = self.say, spans(rows)
        some = (
            str(first) if first == last else say("delivery.span", first=first, last=last)
            for first, last in found[:_SPANS]
        )
        more = sum(last - first + 1 for first, last in found[_SPANS:])
        key = "delivery.rows_more" if more else "delivery.rows"
        return say(key, rows=say.listed(some), more=f"{more:,}")

    def _next(self, need: str) -> str:
        """Return the command that is next for a need, or nothing."""
        asked = self.asked
        if need == SUBSTITUTE.partition("_")[0]:
            return f"leakresp draft-notice {SUBSTITUTE} --case CASE"
        own = [part for word in asked.maps for part in ("--map", word)]
        if need in _PAPERS and asked.csv is not None:
            words = ["--recipients", str(asked.csv), *own]
            return f"leakresp draft-notice {_PAPERS[need]} --case CASE {shlex.join(words)}"
        opened = (("--sheet", asked.sheet), ("--encoding", asked.encoding), ("--delimiter", asked.delimiter))
        own += [part for option, word in opened if word is not None for part in (option, word)]
        folder = shlex.quote(str(asked.folder))
        if need in _PAPERS:
            words = ["--recipients", str(asked.recipients), *own, "--csv", f"{_PAPERS[need]}-again.csv"]
            return f"leakresp delivery {folder} {shlex.join(words)}"
        return f"leakresp delivery {folder} --recipients FILE" if need == "list" and not asked.recipients else ""

    def _title(self, paper: str) -> str:
        titles = (head["title"] for head in self.desk.shelf.heads if head["id"] == paper)
        return next((str(title[self.say.lang]) for title in titles), paper)

    def _sources(self) -> list[str]:
        """Return what the paper that takes the place of a notice rests on."""
        head = next(head for head in self.desk.shelf.heads if head["id"] == SUBSTITUTE)
        return self.desk.phrases.sources(source_of(source) for source in head["sources"])

    def _json(self, roll: Roll, taken: _Taken, needs: dict[str, list[int]], count: int) -> dict[str, Any]:
        outcomes, failed = roll.outcomes(), "bounced" if roll.way == "email" else "returned"
        kinds = ("delivered", "delayed", "expired", failed, "refused")
        return {
            "schema": SCHEMA,
            "paper": roll.paper,
            "way": roll.way,
            "letters": roll.written(),
            "complete": roll.complete,
            "sent": self.sent or None,
            "outcomes": {"unknown": outcomes.get("", 0), **{kind: outcomes.get(kind, 0) for kind in kinds}},
            "results": {
                "added": taken.added,
                "known": taken.known,
                "silent": taken.silent,
                "not_recorded": [
                    {
                        "why": why,
                        "count": many,
                        "places": [{"file": place.file, "line": place.line} for place in places],
                    }
                    for why, (many, places) in taken.unread.items()
                ],
            },
            "needs": {need: {"count": len(needs[need]), "rows": needs[need]} for need in NEEDS},
            "ground": self._sources() if needs["substitute"] else [],
            "list": str(self.asked.csv) if self.asked.csv is not None and count else None,
        }


def _read(folder: Path) -> Roll:
    try:
        return Roll(folder)
    except OSError as error:
        details = {"reason": error.strerror or str(error)}
        raise FaultsError([Fault("file.unreadable", str(error.filename or folder), details=details)]) from None


def _needs(roll: Roll) -> dict[str, list[int]]:
    """Return the rows by what the person needs."""
    found: dict[str, list[int]] = {need: [] for need in NEEDS}
    for told in roll.told():
        if need := told.need(roll.way):
            found[need].append(told.row)
    return found


def _result_words(desk: Desk) -> ResultWords:
    """Return the words that files of results may use, those of both languages."""

    def both(key: str) -> list[str]:
        return [word for lang in LANGUAGES for word in _BETWEEN.split(desk.shelf.words[lang][key])]

    fields = [name for name in FIELDS if f"delivery.column.{name}" in desk.shelf.words["en"]]
    return result_words(
        {name: both(f"delivery.column.{name}") for name in fields},
        {said: both(f"delivery.said.{said}") for said in SAID},
    )
