"""``leakresp log``: the record of a case, read and checked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import nearest
from leakresp.response.case import KINDS, Unread
from leakresp.shell.case_desk import take_up
from leakresp.shell.cases import find_case
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, FILE_WRONG, MISUSE, Fault, FaultsError
from leakresp.shell.journal import Journal
from leakresp.shell.layout import Row
from leakresp.shell.log_words import LogWords
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.typed import typed_day
from leakresp.shell.typed_times import begin, end, read_option
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from leakresp.response.case import Entry, Event
    from leakresp.shell.journal import Checked

SCHEMA: Final = "leakresp/log/1"
CHECK_SCHEMA: Final = "leakresp/log-check/1"


def run(
    *,
    case: str,
    kinds: list[str],
    author: str | None,
    since: str | None,
    until: str | None,
    verify: bool,
    head: str | None,
    folder: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
) -> int:
    """Show the record, its last hash (``head`` is ""), or check its chain, against ``head``. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    if verify or head:
        return _verify(desk, case, folder, head or None, as_json=as_json)
    wanted = _Wanted(desk, kinds, author, since, until)
    opened = take_up(desk, case, folder)
    if head is not None:
        _show_head(opened.journal.head, len(opened.journal.entries), as_json=as_json)
        return FILE_WRONG if opened.journal.broken else DONE
    found = [entry for entry in opened.journal.entries if wanted.takes(entry)]
    words = LogWords(desk)
    if as_json:
        write_json({"schema": SCHEMA, "case": opened.name, "entries": [words.json(entry) for entry in found]})
    else:
        rows = list(words.rows(found)) or [Row(desk.say("log.nothing"))]
        Screen(desk).write(rows)
    return DONE


class _Wanted:
    """Which entries are asked for."""

    def __init__(
        self, desk: Desk, kinds: Iterable[str], author: str | None, since: str | None, until: str | None
    ) -> None:
        self.kinds: Final = frozenset(word for kind in kinds for word in kind.replace("、", ",").split(",") if word)
        self.author: Final = author.casefold() if author else None
        now = desk.now
        self.since: Final = None if since is None else begin(read_option(since, "--since", now, typed_day))
        self.until: Final = None if until is None else end(read_option(until, "--until", now, typed_day))
        for kind in self.kinds - {*KINDS}:
            details = {"word": kind, "nearest": nearest(kind, KINDS), "words": KINDS}
            raise FaultsError([Fault("log.no_kind", path="--kind", details=details)], MISUSE)

    def takes(self, entry: Entry[Event]) -> bool:
        """Tell whether an entry is asked for; times are those at which it was entered."""
        kind = entry.event.named if isinstance(entry.event, Unread) else entry.event.kind
        by = self.author is None or self.author in entry.by.casefold()
        return by and (not self.kinds or kind in self.kinds) and self._between(entry.at)

    def _between(self, at: dt.datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at <= self.until)


def _show_head(head: str, lines: int, *, as_json: bool) -> None:
    """Print the hash alone: it is to be copied."""
    if as_json:
        write_json({"head": head, "lines": lines})
    else:
        sys.stdout.write(f"{head}\n")


def _verify(desk: Desk, case: str, folder: str | None, head: str | None, *, as_json: bool) -> int:
    journal = Journal(find_case(case, folder), lambda: desk.now)
    checked = journal.verify(head)
    if as_json:
        write_json(_checked_json(desk, checked))
    else:
        Screen(desk).write(_checked_rows(desk, checked))
    return DONE if checked.good else FILE_WRONG


def _checked_rows(desk: Desk, checked: Checked) -> Iterable[Row]:
    say = desk.say
    for fault in (checked.broken, checked.torn):
        if fault is not None:
            yield Row(sentence(say, fault), style="bad")
    if checked.broken is None:
        yield Row(say("log.chain_good", lines=checked.lines, head=checked.head), style="good")
    if checked.kept is not None and checked.kept_at is not None:
        yield Row(say("log.head_found", line=checked.kept_at), style="good")
    elif checked.kept is not None:
        yield Row(say("log.head_missing"), style="bad")
    yield Row(say("log.chain_limits"), style="muted")


def _checked_json(desk: Desk, checked: Checked) -> dict[str, Any]:
    return {
        "schema": CHECK_SCHEMA,
        "good": checked.good,
        "lines": checked.lines,
        "head": checked.head,
        "broken": _fault_json(desk, checked.broken),
        "torn": _fault_json(desk, checked.torn),
        "kept": None if checked.kept is None else {"hash": checked.kept, "line": checked.kept_at},
        "limits": desk.say("log.chain_limits"),
    }


def _fault_json(desk: Desk, fault: Fault | None) -> dict[str, Any] | None:
    if fault is None:
        return None
    message = sentence(desk.say, Fault(fault.key, details=fault.details))
    return {"line": fault.line, "key": fault.key, "message": message}
