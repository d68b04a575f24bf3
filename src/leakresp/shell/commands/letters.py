"""``leakresp draft-notice PAPER --recipients FILE``: the list checked, one letter shown, all written if wanted."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.papers.formats import FormatUnavailable, Press, Unwritable, missing_glyphs, stencil
from leakresp.papers.letters import (
    ENGINES,
    INTO,
    FolderTaken,
    InUse,
    Letter,
    LettersGone,
    LetterUnfinished,
    Order,
    OtherLetters,
    Run,
    head_of,
    manifests,
    stencil_for,
)
from leakresp.papers.recipients import (
    Columns,
    LibraryMissing,
    ListUnfit,
    Reading,
    Recipient,
    RecipientWords,
    Review,
    Survey,
    Table,
    Tally,
    map_columns,
    open_table,
    read,
    recipient_words,
    review,
    survey,
    write_mending,
)
from leakresp.response.brief import Past
from leakresp.shell.faults import (
    DONE,
    FILE_WRONG,
    INTERRUPTED,
    MISUSE,
    OUR_FAULT,
    Fault,
    FaultsError,
)
from leakresp.shell.layout import GAP, Row
from leakresp.shell.letter_writer import LetterWriter
from leakresp.shell.mailing_json import SHOWN_ROWS, dry_json, end_json, list_json
from leakresp.shell.paper_press import lack
from leakresp.shell.progress import progress
from leakresp.shell.recipient_words import (
    item_titles,
    mending_titles,
    missing_library_fault,
    remark_sentence,
    tally_sentence,
    unfit_fault,
)
from leakresp.shell.screen import Page, is_plain, write_json

if TYPE_CHECKING:
    import datetime as dt

    from leakresp.papers.catalogue import PaperTemplate
    from leakresp.papers.letters import Manifest
    from leakresp.shell.answers import Given
    from leakresp.shell.desk import Desk
    from leakresp.shell.drafting import Draft, Drafting, Making
    from leakresp.shell.papers_made import Recorder

#: Titles of columns that are named before the rest is only counted.
_IGNORED_NAMED: Final = 8
#: How letters are kept where nobody says, by format.
_INTO: Final = {"eml": "mbox"}
#: Formats each way of keeping letters can hold.
_FORMS: Final = {
    "files": ("txt", "html", "docx", "pdf", "eml", "md"),
    "one": ("txt", "pdf"),
    "mbox": ("eml",),
    "csv": ("txt",),
    "jsonl": ("txt",),
}


@dataclass(frozen=True, slots=True)
class Mailing:
    """What the command line says of a list and its letters."""

    file: Path
    maps: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    into: str | None = None
    write: bool = False
    skip_faulty: bool = False
    mend: Path | None = None
    shard: str | None = None
    jobs: int | None = None
    engine: str = "local"
    names: bool = False


def run(desk: Desk, work: Drafting, given: Given, mailing: Mailing, making: Making, *, as_json: bool = False) -> int:
    """Show what the letters would be, or write them; return the exit code. Raises ``FaultsError``."""
    letters = _Letters(desk, work, given, mailing, making, as_json=as_json)
    try:
        return letters.run()
    except ListUnfit as error:
        raise unfit_fault(error, str(mailing.file), desk.say, letters.words) from None
    except LibraryMissing as error:
        raise missing_library_fault(error, str(mailing.file)) from None
    except FormatUnavailable as error:
        raise FaultsError([lack(error, letters.form)], OUR_FAULT) from None
    except BrokenPipeError:
        raise  # nobody reads the screen any more; nothing is wrong with a file
    except OSError as error:
        reason = error.strerror or str(error)
        where = str(error.filename or making.output or mailing.file)
        fault = Fault("file.unwritable", where, details={"reason": reason})
        advice = desk.say("letters.goes_on_later") if mailing.write else None
        raise FaultsError([fault], FILE_WRONG, advice) from None


class _Letters:
    def __init__(
        self, desk: Desk, work: Drafting, given: Given, mailing: Mailing, making: Making, *, as_json: bool
    ) -> None:
        self.desk, self.say, self.as_json = desk, desk.say, as_json
        self.json: dict[str, Any] = {}
        self.work, self.given, self.mailing, self.making = work, given, mailing, making
        self.page = Page(plain=desk.plain)
        items = desk.facts["data_items"]
        self.words: RecipientWords = recipient_words(
            desk.shelf.recipients, item_titles(items, desk.shelf.advice["items"])
        )
        self.template: PaperTemplate = work.catalogue[making.paper]
        self.form = _form(self.template, making, mailing)
        self.into = mailing.into or _INTO.get(self.form, "files")
        self.shard = _shard(mailing.shard)

    def run(self) -> int:
        self._check()
        mailing = self.mailing
        table = open_table(mailing.file, mailing.sheet, mailing.encoding, mailing.delimiter)
        way = "email" if self.template.look == "message" else "post"
        columns = map_columns(table.header, self.words, mailing.maps, way)
        reading = Reading(way, self.say.lang, self.words, self._incident_items())
        with survey(table, columns) as surveyed:
            order = self._order(table, columns, reading)
            found = self._review(order, surveyed)
            unprintable = self._unprintable(order, surveyed) if self.form == "pdf" else ()
            span = surveyed.shard(*self.shard)
            self.json = list_json(order, self.template.id, span, found, unprintable)
            self._write_page(self._told(table, columns, found, surveyed, unprintable))
            if mailing.mend is not None and (found.faulty or found.doubtful):
                self._write_page([Row(self.say("letters.mended", path=mailing.mend))])
            try:
                return self._go_on(order, surveyed, found)
            finally:
                if self.as_json:
                    write_json(self.json)

    def _go_on(self, order: Order, surveyed: Survey, found: Review) -> int:
        if found.first is None:
            raise FaultsError([Fault("letters.nobody", str(self.mailing.file))], FILE_WRONG)
        if self.mailing.write:
            self._refuse(found)
            return self._write(order, surveyed)
        draft = self._draft(order)
        self.json |= dry_json(draft, self._again())
        if not self.as_json:
            self._show_first(order, found.first)
            self._show_how(draft, found)
        return DONE

    def _write_page(self, rows: Iterable[Row]) -> None:
        if not self.as_json:
            self.page.write(rows)

    def _draft(self, order: Order) -> Draft:
        """Return the paper with what is still missing in it; items of each person need no sorting out any more."""
        draft = self.work.draft(self.template.id)
        if "items" not in order.columns.places and not order.columns.items:
            return draft
        sorted_out = self.say("brief.caution.per_person")
        return replace(draft, cautions=tuple(each for each in draft.cautions if each != sorted_out))

    # what was asked for

    def _check(self) -> None:
        if self.template.group != "persons" or self.template.look not in {"letter", "message"}:
            raise FaultsError([Fault("letters.no_letter", path=self.template.id)], MISUSE)
        if self.into not in INTO or self.form not in _FORMS[self.into]:
            fit = tuple(into for into, forms in _FORMS.items() if self.form in forms)
            details = {"into": self.into, "form": self.form, "words": fit if self.into in INTO else INTO}
            raise FaultsError([Fault("letters.into", details=details)], MISUSE)
        if self.mailing.engine not in ENGINES:
            raise FaultsError([Fault("letters.engine", details={"word": self.mailing.engine})], MISUSE)
        if self.mailing.write and self.making.output is None:
            raise FaultsError([Fault("letters.output_needed")], MISUSE)
        if self.mailing.write:
            self.work.refuse([self.work.draft(self.template.id)])

    def _incident_items(self) -> frozenset[str] | None:
        found: set[str] = set()
        for fact in ("data_items", "data_items_suspected"):
            value = self.given.answers.get(fact)
            found |= set(map(str, value)) if isinstance(value, tuple) else set()
        return frozenset(found) or None

    def _order(self, table: Table, columns: Columns, reading: Reading) -> Order:
        folder = self.making.output or Path()
        writer = LetterWriter(
            self.making.rules,
            self.making.templates,
            self.template.id,
            dict(self.given.incident),
            dict(self.given.answers),
            self.desk.on,
            self._day(folder),
            self.work.recorder.past(self.template) if self.work.recorder else Past(),
        )
        sender = self.given.answers.get("desk_email")
        press = Press(self.making.font, sender if isinstance(sender, str) else "")
        table_read = (table.sheet, table.encoding, table.delimiter)
        mapped = repr((sorted(columns.places.items()), sorted(columns.items.items()), table_read, press))
        fingerprint = f"{writer.fingerprint()}-{_short(mapped)}"
        return Order(
            table, columns, reading, writer, self.form, self.into, press, folder, fingerprint, self.mailing.names,
            self.shard,
        )  # fmt: skip

    def _day(self, folder: Path) -> dt.date:
        """Return the day that dates the letters: a run that goes on keeps that of its first letters."""
        import datetime as dt

        with suppress(OSError, ValueError):
            begun = manifests(folder) if self.making.output else []
            return dt.date.fromisoformat(str(head_of(begun[0])["day"])) if begun else self.desk.today
        return self.desk.today

    # what the list is worth

    def _review(self, order: Order, surveyed: Survey) -> Review:
        mend = self.mailing.mend
        portions = surveyed.portions(surveyed.shard(*self.shard))
        opened = (
            nullcontext()
            if mend is None
            else write_mending(
                mend,
                order.table.header,
                mending_titles(self.say),
                lambda remark: remark_sentence(self.say, remark, self.words),
            )
        )
        with opened as mending:
            return review(order.table, order.columns, order.reading, portions, mending)

    def _unprintable(self, order: Order, surveyed: Survey) -> tuple[int, ...]:
        """Return the rows whose name or address the font of the PDF cannot print."""
        rows = []
        for portion in surveyed.portions(surveyed.shard(*self.shard)):
            for row in read(order.table, order.columns, order.reading, portion):
                if isinstance(row, Recipient):
                    words = "".join(Letter.to(row, order).values.values())
                    if missing_glyphs(words, order.press):
                        rows.append(row.row)
        return tuple(rows)

    def _refuse(self, found: Review) -> None:
        if found.faulty and not self.mailing.skip_faulty:
            details = {"count": f"{found.faulty:,}"}
            fault = Fault("letters.faulty", str(self.mailing.file), details=details)
            raise FaultsError([fault], FILE_WRONG, self._how_to_mend())

    def _how_to_mend(self) -> str:
        return f"{self.say('letters.how_to_mend')}\n{self._again(write=False, mend=True)}"

    # what is said before anything is written

    def _told(
        self, table: Table, columns: Columns, found: Review, surveyed: Survey, unprintable: tuple[int, ...]
    ) -> Iterator[Row]:
        say = self.say
        yield Row(say("letters.title", title=self.work.title(self.template), file=table.path.name), 0, 2, "strong")
        if table.form == "workbook":
            yield Row(say("letters.workbook", sheet=table.sheet), 2, 2)
        else:
            sign = {"\t": say("letters.tab")}.get(table.delimiter, table.delimiter)
            mark = say("letters.bom") if table.bom else ""
            yield Row(say("letters.text", encoding=f"{table.encoding}{mark}", sign=sign), 2, 2)
        for field in columns.places:
            title = self.words.titles[field][say.lang] if field in self.words.titles else field
            yield Row(say("letters.column", field=title, column=columns.title(field)), 2, 4)
        if columns.items:
            items = say.listed(self.words.named[item][say.lang] for item in columns.items)
            yield Row(say("letters.item_columns", items=items), 2, 4)
        if columns.ignored:
            named = say.listed(columns.ignored[:_IGNORED_NAMED])
            more = len(columns.ignored) - _IGNORED_NAMED
            key = "letters.ignored_more" if more > 0 else "letters.ignored"
            yield Row(say(key, columns=named, more=more), 2, 4)
        yield GAP
        if self.shard[1] > 1:
            first, last = surveyed.shard(*self.shard)
            yield Row(say("letters.shard", number=self.shard[0], of=self.shard[1], first=first, last=last))
        yield Row(
            say(
                "letters.counts",
                rows=f"{found.rows:,}",
                fit=f"{found.fit:,}",
                faulty=f"{found.faulty:,}",
                doubtful=f"{found.doubtful:,}",
                aside=f"{found.aside:,}",
            ),
            0,
            2,
            "strong",
        )
        yield from self._kinds("letters.faults", found.faults, "bad")
        yield from self._kinds("letters.doubts", found.doubts, "caution")
        if unprintable:
            rows = say.listed(str(row) for row in unprintable[:SHOWN_ROWS])
            yield Row(say("letters.unprintable", count=f"{len(unprintable):,}", rows=rows), 0, 2, "bad")

    def _kinds(self, key: str, tallies: tuple[Tally, ...], style: str) -> Iterator[Row]:
        if not tallies:
            return
        yield Row(self.say(key), 0, 2, style)
        for each in tallies:
            what = tally_sentence(self.say, each.key, each.field, self.words)
            rows = self.say.listed(map(str, each.rows))
            more = "letters.kind_more" if each.count > len(each.rows) else "letters.kind"
            yield Row(self.say(more, what=what, count=f"{each.count:,}", rows=rows), 2, 4)

    def _show_first(self, order: Order, first: Recipient) -> None:
        """Show the first letter in full."""
        say = self.say
        shown = replace(order, form="txt", into="files")
        letter = Letter.to(first, shown)
        try:
            text = stencil_for(shown, first.lang, first.items).fill(letter.values).decode()
        except LetterUnfinished:
            text = self._with_holes(shown, letter)
        except Unwritable:
            raise FaultsError([Fault("letters.nobody", str(self.mailing.file))], FILE_WRONG) from None
        sys.stdout.flush()
        self.page.write([GAP, Row(say("letters.first", row=first.row), 0, 2, "heading"), GAP])
        sys.stdout.write(text)
        sys.stdout.flush()

    def _show_how(self, draft: Draft, found: Review) -> None:
        """Say what whoever drafts must know, and how to write all letters: a command on one line, to be copied."""
        self.page.write([GAP, *(Row(line, 0, 2) for line in self.work.notes(draft))])
        if found.faulty and not self.mailing.skip_faulty and self.mailing.mend is None:
            sys.stdout.write(self._how_to_mend() + "\n")
        self.page.write([Row(self.say("letters.nothing_written"), 0, 2, "strong")])
        sys.stdout.write(self._again() + "\n")

    def _again(self, *, write: bool = True, mend: bool = False) -> str:
        """Return the command that was typed, as it has to be typed to write the letters, or the rows to mend."""
        typed = [word for word in sys.argv[1:] if word not in {"--debug", "--json", "--write"}]
        output = [] if self.making.output or not write else ["-o", "letters"]
        more = [*output, *(["--write"] if write else []), *(["--mend", "mend.csv"] if mend else [])]
        return shlex.join(["leakresp", *typed, *more])

    def _with_holes(self, order: Order, letter: Letter) -> str:
        """Return the first letter with its holes to be seen; it could not be written like this."""
        rendered = order.writer(letter.recipient.lang, letter.recipient.items)
        return stencil(rendered, "txt").fill(letter.values).decode()

    # writing

    def _write(self, order: Order, surveyed: Survey) -> int:
        run = Run(order, surveyed, self.template.id, str(self._day(order.folder)))
        first, last = run.span
        batches = (last - first) // order.batch + 1
        jobs = max(1, min(self.mailing.jobs or os.cpu_count() or 1, batches))  # a process takes half a second to start
        try:
            with run.manifest() as manifest:
                return self._written(run, manifest, jobs)
        except InUse:
            raise FaultsError([Fault("letters.in_use", str(order.folder))], FILE_WRONG) from None
        except FolderTaken:
            raise FaultsError([Fault("letters.folder_taken", str(order.folder))], FILE_WRONG) from None
        except LettersGone as gone:
            raise FaultsError([Fault("letters.gone", str(gone.path))], FILE_WRONG) from None
        except OtherLetters as other:
            details = {"differs": tuple(other.differs)}
            raise FaultsError([Fault("letters.other", str(order.folder), details=details)], FILE_WRONG) from None
        except ImportError:
            raise FaultsError([Fault("letters.no_dask")], MISUSE) from None
        except BrokenExecutor:
            raise FaultsError([Fault("letters.worker_lost")], OUR_FAULT, self.say("letters.goes_on_later")) from None

    def _written(self, run: Run, manifest: Manifest, jobs: int) -> int:
        say, begun = self.say, time.monotonic()
        first, last = run.span
        before = sum(manifest.counts().values())
        if before:
            sys.stderr.write(say("letters.goes_on", count=f"{before:,}") + "\n")
        bar = progress(say, last - first + 1, before, plain=is_plain(sys.stderr, wanted=self.desk.plain))
        try:
            with bar:
                for written in run.write(manifest, ENGINES[self.mailing.engine], jobs):
                    bar.advance(written.last - written.first + 1)
        except KeyboardInterrupt:
            counts = manifest.counts()
            self.json |= end_json(run, counts, before, None, time.monotonic() - begun)
            sys.stderr.write("\n" + say("letters.stopped", count=f"{counts['written']:,}") + "\n")
            return INTERRUPTED
        joined = run.join(manifest)
        counts = manifest.counts()
        self._record(counts, before)
        seconds = time.monotonic() - begun
        self.json |= end_json(run, counts, before, joined, seconds)
        self._write_page(self._ended(run, counts, before, joined, seconds))
        return FILE_WRONG if counts["failed"] else DONE

    def _ended(
        self, run: Run, counts: dict[str, int], before: int, joined: Path | None, seconds: float
    ) -> Iterator[Row]:
        say, made = self.say, sum(counts.values()) - before
        numbers = {state: f"{count:,}" for state, count in counts.items()}
        yield Row(say("letters.ended", **numbers), 0, 2, "bad" if counts["failed"] else "good")
        if made:
            rate = f"{made / max(seconds, 0.001):,.0f}"
            yield Row(say("letters.rate", made=f"{made:,}", seconds=f"{seconds:,.1f}", rate=rate), 2, 2)
        yield Row(say("letters.where", path=joined or run.order.folder / "letters"), 2, 2)
        yield Row(say("letters.manifest", path=run.order.folder / run.manifest_name), 2, 2)
        yield Row(say("letters.not_sent"), 0, 2)
        yield Row(f"leakresp delivery {shlex.quote(str(run.order.folder))}", 2)

    def _record(self, counts: dict[str, int], before: int) -> None:
        """Note in the case how many letters were written; no name enters it."""
        recorder: Recorder | None = self.work.recorder
        if recorder is None or sum(counts.values()) == before:
            return
        from leakresp.response.case import Noted

        title = self.work.title(self.template)
        numbers = {state: f"{count:,}" for state, count in counts.items()}
        try:
            recorder.opened.add(recorder.by, Noted(self.say("letters.noted", title=title, **numbers)))
        except FaultsError as error:
            recorder.unable(error)


def _form(template: PaperTemplate, making: Making, mailing: Mailing) -> str:
    """Return the format: the one named, else what the way of keeping them needs, else the paper's own."""
    if making.form is not None:
        if making.form not in template.formats:
            details = {"word": making.form, "words": template.formats}
            raise FaultsError([Fault("paper.format_unknown", details=details)], MISUSE)
        return making.form
    usual = "eml" if template.look == "message" else "txt"
    able = [form for form in _FORMS.get(mailing.into or "", ()) if form in template.formats]
    return usual if usual in able or not able else able[0]


def _shard(written: str | None) -> tuple[int, int]:
    """Return ``3/16`` as numbers. Raises ``FaultsError``."""
    if written is None:
        return 1, 1
    number, _, of = written.partition("/")
    if number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        return int(number), int(of)
    raise FaultsError([Fault("letters.shard_form", details={"word": written})], MISUSE)


def _short(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]
