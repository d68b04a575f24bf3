"""``leakresp sent``: freezes what left the house, and shows how a later draft differs from it."""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import nearest, read_day
from leakresp.papers.catalogue import PaperTemplate
from leakresp.response.basis import values
from leakresp.response.case import Answered, Reported, Sent
from leakresp.response.due import dues
from leakresp.shell.case_desk import Standing, refuse_closed, standing, take_up
from leakresp.shell.cases import author
from leakresp.shell.day_words import long_day
from leakresp.shell.desk import Desk, read_bytes
from leakresp.shell.faults import DONE, FILE_WRONG, MISUSE, Fault, FaultsError
from leakresp.shell.journal import disk_fault, sync_folder, write_new
from leakresp.shell.layout import Row
from leakresp.shell.papers_made import DRAFTS, SENT, last_sent, paper_basis, sent_bytes, sha256
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.status_words import basis_titles
from leakresp.shell.typed_times import read_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leakresp.response.case import Drafted, Entry, Event
    from leakresp.shell.cases import OpenCase

SCHEMA: Final = "leakresp/sent/1"
DIFF_SCHEMA: Final = "leakresp/sent-diff/1"
#: How a paper can leave the house.
WAYS: Final = ("post", "mail", "web_form", "web", "fax", "hand", "other")
_FROZEN: Final = 0o400
_FOLDER: Final = 0o700
WRITABLE: Final = 0o600
#: The name of a paper that is none of the catalogue's.
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class Sending:
    """What the command line says of a paper that left."""

    paper: str
    file: Path | None
    to: str | None
    way: str | None
    on: str | None
    receipt: str | None
    by: str | None

    @property
    def only_receipt(self) -> bool:
        """True where a receipt number is all that is new."""
        return self.receipt is not None and (self.file, self.to, self.way, self.on) == (None, None, None, None)


def run(
    *,
    case: str,
    paper: str | None,
    file: Path | None,
    to: str | None,
    way: str | None,
    on: str | None,
    receipt: str | None,
    diff: str | None,
    listed: bool,
    clients: tuple[str, ...] = (),
    filed: str | None = None,
    by: str | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Freeze a paper, record what was filed without one, list what was sent, or compare a draft with it.

    Raises ``FaultsError``.
    """
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    if way is not None and way not in WAYS:
        raise FaultsError([_no_way(way)], MISUSE)
    if (paper is not None) + (diff is not None) + (filed is not None) + listed > 1:
        raise FaultsError([Fault("sent.one_thing")], MISUSE)
    if filed is not None and (file is not None or clients):
        raise FaultsError([Fault("sent.filed_without_paper", path="--filed")], MISUSE)
    opened = take_up(desk, case, folder)
    if clients:
        from leakresp.shell.commands import client_notices

        if paper is None:
            raise FaultsError([Fault("sent.one_thing")], MISUSE)
        return client_notices.send(desk, opened, Sending(paper, file, to, way, on, receipt, by), clients)
    if filed is not None:
        from leakresp.shell.commands import filing

        return filing.record(desk, opened, filing.Filing(filed, to, way, on, receipt, by))
    if diff is not None:
        return _diff(desk, opened, diff, file, as_json=as_json)
    if paper is None:
        return _list(desk, opened, as_json=as_json)
    return _Freezing(desk, opened, Sending(paper, file, to, way, on, receipt, by)).run()


def _no_way(way: str) -> Fault:
    return Fault("sent.no_way", path="--way", details={"word": way, "nearest": nearest(way, WAYS), "words": WAYS})


# freezing -------------------------------------------------------------------------------------------------------------


class _Freezing:
    """One paper being frozen."""

    def __init__(self, desk: Desk, opened: OpenCase, sending: Sending) -> None:
        self.desk: Final = desk
        self.opened: Final = opened
        self.sending: Final = sending
        self.plain: Final = _plain(desk, sending)
        self.now: Final[Standing] = standing(desk, opened)

    def run(self) -> int:
        """Freeze the paper and record it. Raises ``FaultsError``."""
        refuse_closed(self.opened)
        earlier = last_sent(self.opened.case, self.sending.paper)
        source = self.sending.file or newest_draft(self.opened.folder, self.sending.paper)
        if earlier is not None and self.sending.only_receipt and self._is(earlier, source):
            return self._add_receipt(earlier)
        if source is None:
            details = {"paper": self.sending.paper, "folder": str(self.opened.folder / DRAFTS)}
            raise FaultsError([Fault("sent.no_draft", details=details)], MISUSE, self._how_to_draft())
        day = self.desk.today if self.sending.on is None else read_option(self.sending.on, "--on", self.desk.now).date
        content = read_bytes(str(source))
        to, by = self._to(), author(self.sending.by)
        draft = self._draft(source, content)
        self._warn(draft)
        frozen = freeze(self.opened, content, f"{day}", f"{self.sending.paper}{source.suffix}")
        sent = Sent(
            self.sending.paper,
            frozen.relative_to(self.opened.folder).as_posix(),
            sha256(content),
            to,
            str(day),
            self.sending.way,
            self.sending.receipt,
            draft.event.lang if draft else None,
            source.name,
            draft.event.rests_on if draft else self._basis(),
        )
        report = self._report(to, str(day), self._stage())
        states = self._states()
        events: list[Event] = [Answered(states, "set", where=f"sent {self.sending.paper}")] if states else []
        events += [sent] if report is None else [sent, report]
        self._record(by, frozen, events)
        self._told(sent, report, states)
        return DONE

    def _is(self, earlier: Entry[Sent], source: Path | None) -> bool:
        return source is None or sha256(read_bytes(str(source))) == earlier.event.sha256

    def _add_receipt(self, earlier: Entry[Sent]) -> int:
        """Record the receipt number of a report that was filed before."""
        report = self._report(earlier.event.to, earlier.event.day, self._stage_filed())
        if report is None:
            raise FaultsError([Fault("sent.no_report", details={"paper": self.sending.paper})], MISUSE)
        self.opened.add(author(self.sending.by), report)
        self._say([self.desk.say("sent.receipt_added", receipt=report.receipt, title=self._title())])
        return DONE

    def _how_to_draft(self) -> str:
        name = shlex.quote(self.opened.name)
        return self.desk.say("sent.how_to_draft", command=f"leakresp draft-notice {self.sending.paper} --case {name}")

    def _to(self) -> str:
        """Return the addressee: as typed, else for a report those who receive it. Raises ``FaultsError``."""
        if self.sending.to is not None and self.sending.to.strip():
            return " ".join(self.sending.to.split())
        regime = self._regime()
        result = self.now.assessment.regime(regime) if self.plain.get("deadline") and regime else None
        names = [
            each.title[self.desk.say.lang] for each in (result.recipients if result else ()) if each.purpose == "report"
        ]
        if not names:
            raise FaultsError([Fault("sent.to_missing", path="--to")], MISUSE)
        return self.desk.say.listed(names)

    def _regime(self) -> str | None:
        duties = self.plain.get("duty")
        return duties[0].partition(".")[0] if duties else None

    def _draft(self, source: Path, content: bytes) -> Entry[Drafted] | None:
        """Return the draft on record that was sent: with these very bytes, else in this file, which somebody edited."""
        drafts = [entry for entry in reversed(self.opened.case.drafts) if entry.event.paper == self.sending.paper]
        found = next((entry for entry in drafts if entry.event.sha256 == sha256(content)), None)
        if found is not None:
            return found
        place = source.resolve()
        return next((entry for entry in drafts if (self.opened.folder / entry.event.file).resolve() == place), None)

    def _basis(self) -> dict[str, str]:
        papers = {plain["id"]: plain for plain in self.desk.shelf.papers}
        if self.plain.get("id") not in papers:
            return {}
        template = PaperTemplate.of(papers[self.plain["id"]])
        return paper_basis(self.desk, template, self.desk.say.lang, self.now.assessment)

    def _warn(self, draft: Entry[Drafted] | None) -> None:
        """Say what is otherwise now than when the draft was made; to send it all the same is not ours to judge."""
        if draft is None:
            return
        now = values(draft.event.rests_on, self.now.assessment)
        changed = [name for name, value in draft.event.rests_on.items() if now[name] != value]
        if changed:
            facts = self.desk.say.listed(basis_titles(changed, self.desk))
            sys.stderr.write(self.desk.say("sent.stale", facts=facts) + "\n")

    def _record(self, by: str, frozen: Path, events: list[Event]) -> None:
        try:
            self.opened.add(by, *events)
        except FaultsError:
            with suppress(OSError):  # a copy that the record does not know would only confuse
                frozen.chmod(WRITABLE)
                frozen.unlink()
            raise

    def _report(self, to: str, day: str, stage: str | None) -> Reported | None:
        """Return the event that a report was filed, where the paper is one that meets a deadline."""
        regime = self._regime()
        if regime is None or stage is None:
            return None
        return Reported(regime, stage, to, day, self.sending.receipt)

    def _stage(self) -> str | None:
        """Return the deadline that filing the paper now meets: the first of its own that still runs, else the last."""
        stages: list[str] = self.plain.get("deadline") or []
        running = {due.id for due in dues(self.now.case, self.now.assessment) if due.runs}
        return next(
            (stage for stage in stages if f"{self._regime()}.{stage}" in running), stages[-1] if stages else None
        )

    def _stage_filed(self) -> str | None:
        """Return the deadline that the paper met when it was filed last."""
        stages: list[str] = self.plain.get("deadline") or []
        reports = (entry.event for entry in reversed(self.opened.case.reports))
        met = (each.stage for each in reports if each.regime == self._regime() and each.stage in stages)
        return next(met, stages[-1] if stages else None)

    def _states(self) -> dict[str, str]:
        """Return what is a fact now that the paper has left, and was not stated so."""
        states: dict[str, str] = self.plain.get("states") or {}
        answers = self.opened.case.answers
        return {fact: value for fact, value in states.items() if answers.get(fact) != value}

    # what is said

    def _title(self) -> str:
        title = self.plain.get("title")
        return title[self.desk.say.lang] if isinstance(title, dict) else self.sending.paper

    def _told(self, sent: Sent, report: Reported | None, states: Mapping[str, str]) -> None:
        say = self.desk.say
        day = long_day(read_day(sent.day).date, say)
        lines = [say("sent.frozen", title=self._title(), to=sent.to, day=day, file=sent.file)]
        lines.append(say("log.hash", sha256=sent.sha256))
        if report is not None:
            lines.append(say("sent.reported"))
            if report.receipt is None:
                command = f"leakresp sent {shlex.quote(self.opened.name)} {sent.paper} --receipt NO"
                lines.append(say("sent.add_receipt", command=command))
        for fact, value in states.items():
            told = self.desk.phrases.value(fact, value)
            lines.append(say("sent.answered", title=self.desk.phrases.title(fact), value=told, id=fact))
        self._say(lines)

    def _say(self, lines: list[str]) -> None:
        Screen(self.desk, out=sys.stderr).write(Row(line, 2 if place else 0, 2) for place, line in enumerate(lines))


def freeze(opened: OpenCase, content: bytes, day: str, name: str, number: int | None = None) -> Path:
    """Write a copy under a name of its own, which nobody can then write over. Raises ``FaultsError``.

    The name is the day, a number from ``number`` on that is free, and ``name``.
    """
    folder = opened.folder / SENT
    number = len(opened.case.sent) + 1 if number is None else number
    try:
        folder.mkdir(mode=_FOLDER, exist_ok=True)
        while True:
            path = folder / f"{day}-{number:02}-{name}"
            with suppress(FileExistsError):
                write_new(path, content)
                break
            number += 1
        path.chmod(_FROZEN)
        sync_folder(folder)
    except OSError as error:
        raise FaultsError([disk_fault(error, folder / name)]) from None
    return path


def _plain(desk: Desk, sending: Sending) -> dict[str, Any]:
    """Return the catalogue's entry of a paper; a file may also be of a kind the catalogue does not have.

    Raises ``FaultsError`` for a name that is likely a slip.
    """
    catalogue = {plain["id"]: plain for plain in desk.shelf.heads}
    if sending.paper in catalogue:
        return catalogue[sending.paper]
    near = nearest(sending.paper, catalogue)
    if near is None and sending.file is not None and _NAME.fullmatch(sending.paper):
        return {}
    details = {"word": sending.paper, "nearest": near, "words": tuple(catalogue)}
    raise FaultsError([Fault("sent.no_paper", path=sending.paper, details=details)], MISUSE)


def newest_draft(folder: Path, paper: str, suffix: str | None = None) -> Path | None:
    """Return the draft of a paper that was written, or edited, last; ``suffix`` narrows it to one format."""
    name = re.compile(re.escape(paper) + r"(?:-\d+)?")
    with suppress(OSError):
        found = [
            path
            for path in (folder / DRAFTS).iterdir()
            if path.is_file() and name.fullmatch(path.stem) and (suffix is None or path.suffix == suffix)
        ]
        return max(found, key=_written_last, default=None)
    return None


def _written_last(path: Path) -> tuple[int, int, str]:
    number = path.stem.rpartition("-")[2]
    return path.stat().st_mtime_ns, int(number) if number.isdecimal() else 1, path.name


# what was sent --------------------------------------------------------------------------------------------------------


def _list(desk: Desk, opened: OpenCase, *, as_json: bool) -> int:
    found = [(entry, _intact(opened, entry)) for entry in opened.case.sent]
    if as_json:
        write_json({"schema": SCHEMA, "case": opened.name, "sent": [_json(entry, intact) for entry, intact in found]})
    else:
        rows = [row for entry, intact in found for row in _rows(desk, entry, intact)]
        Screen(desk).write(rows or [Row(desk.say("sent.none"))])
    return DONE if all(intact for _, intact in found) else FILE_WRONG


def _intact(opened: OpenCase, entry: Entry[Sent]) -> bool | None:
    """Tell whether a frozen copy is what was sent; ``None`` where it is gone."""
    content = sent_bytes(opened, entry)
    return None if content is None else sha256(content) == entry.event.sha256


def _json(entry: Entry[Sent], intact: bool | None) -> dict[str, Any]:
    event = entry.event
    return {
        "n": entry.n,
        "paper": event.paper,
        "client": event.client,
        "to": event.to,
        "day": event.day,
        "way": event.way,
        "receipt": event.receipt,
        "file": event.file,
        "sha256": event.sha256,
        "intact": intact,
        "by": entry.by,
    }


def _rows(desk: Desk, entry: Entry[Sent], intact: bool | None) -> Iterator[Row]:
    say, event = desk.say, entry.event
    paper = desk.assessor.papers.get(event.paper)
    title = desk.phrases.text(paper.title) if paper else event.paper
    yield Row(say("log.sent", paper=title, to=event.to, day=event.day), 0, 2, "strong")
    if event.way:
        yield Row(say("log.way", way=way_words(desk, event.way)), 2, 2)
    if event.receipt:
        yield Row(say("log.receipt", receipt=event.receipt), 2, 2)
    yield Row(say("log.frozen", file=event.file), 2, 2, "muted")
    yield Row(say("log.hash", sha256=event.sha256), 2, 2, "muted")
    if not intact:
        yield Row(say("sent.gone" if intact is None else "sent.altered"), 2, 2, "bad")


def way_words(desk: Desk, way: str) -> str:
    """Return the way a paper left, in words."""
    return desk.say(f"sent.way.{way}") if way in WAYS else way


# how a draft differs from it ------------------------------------------------------------------------------------------


def _diff(desk: Desk, opened: OpenCase, paper: str, file: Path | None, *, as_json: bool) -> int:
    """Show how the newest draft, or ``file``, differs from what was sent last. Raises ``FaultsError``."""
    entry = last_sent(opened.case, paper)
    if entry is None:
        words = tuple(dict.fromkeys(each.event.paper for each in opened.case.sent))
        details = {"word": paper, "nearest": nearest(paper, words), "words": words}
        raise FaultsError([Fault("sent.never", path=paper, details=details)], MISUSE)
    then = sent_bytes(opened, entry)
    if then is None:
        raise FaultsError([Fault("sent.copy_gone", str(opened.folder / entry.event.file))])
    source = file or newest_draft(opened.folder, paper, Path(entry.event.file).suffix)
    if source is None:
        details = {"paper": paper, "folder": str(opened.folder / DRAFTS)}
        raise FaultsError([Fault("sent.no_draft", details=details)], MISUSE)
    now = read_bytes(str(source))
    lines = _unified(then, now, entry.event.file, source.name)
    if as_json:
        write_json(
            {
                "schema": DIFF_SCHEMA,
                "case": opened.name,
                "paper": paper,
                "sent": {"file": entry.event.file, "day": entry.event.day, "sha256": sha256(then)},
                "draft": {"file": str(source), "sha256": sha256(now)},
                "same": then == now,
                "diff": lines,
            }
        )
    elif then == now:
        sys.stdout.write(desk.say("sent.same", day=entry.event.day) + "\n")
    elif lines is None:
        sys.stdout.write(desk.say("sent.not_text", sent=sha256(then), draft=sha256(now)) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
    return DONE


def _unified(then: bytes, now: bytes, before: str, after: str) -> list[str] | None:
    """Return the lines of a unified diff, or ``None`` where one of the two is no text."""
    from difflib import unified_diff

    try:
        was, new = (content.decode("utf-8-sig").splitlines() for content in (then, now))
    except UnicodeDecodeError:
        return None
    return list(unified_diff(was, new, before, after, lineterm=""))
