"""What is due, in words: the day, the time left in Japan, and what an overdue date asks for."""

from __future__ import annotations

import datetime as dt
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from leakresp.law.vocabulary import JAPAN, WrongAnswer, read_day
from leakresp.response.case import DateEnded, Notified, Reported, Sent
from leakresp.response.due import AGREED, Due, days_left, time_left
from leakresp.shell.clock_words import rule_title
from leakresp.shell.day_words import bare_day, long_day, short_day, until_words
from leakresp.shell.layout import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.response.case import Entry, Event
    from leakresp.response.wording import Phrases, Say
    from leakresp.shell.desk import Desk

_HOUR = 3600
_ONE_HOUR = dt.timedelta(hours=1)
_ONE_DAY = dt.timedelta(days=1)
_LATE = {"guide": "screen.clock.late_guide", "term": "screen.clock.late", "hours": "screen.clock.late"}


class CaseDue(NamedTuple):
    """One thing that is due, and the case it belongs to. ``by_paper``: a paper of the catalogue meets it."""

    case: str
    due: Due
    by_paper: bool = True

    @property
    def command(self) -> str | None:
        """What to type once it is done, where no paper is there to be sent."""
        if self.by_paper or not self.due.runs or not self.due.purpose or self.due.provisional:
            return None
        return f"leakresp sent {shlex.quote(self.case)} --filed {self.due.id} --to WHOM"


def serving(desk: Desk) -> dict[str, frozenset[str]]:
    """Return for each duty, by its full name, the papers of the catalogue that serve it."""
    found: dict[str, frozenset[str]] = {}
    for plain in desk.shelf.heads:
        for duty in plain["duty"]:
            found[duty] = found.get(duty, frozenset()) | {plain["id"]}
    return found


def by_paper(desk: Desk, due: Due) -> bool:
    """Tell whether a paper of the catalogue meets a deadline, or is the notice that is due."""
    regime = due.id.partition(".")[0]
    if not due.purpose or regime not in desk.shelf.rulebook.regimes:
        return True
    notify = f"{regime}.{desk.shelf.rulebook.regimes[regime].notify}"
    return any(
        meets(plain, due.id) or (due.purpose == "notify" and notify in plain["duty"]) for plain in desk.shelf.heads
    )


def meets(plain: Mapping[str, Any], deadline: str) -> bool:
    """Tell whether a paper, as the catalogue has it, is the report that meets ``deadline``."""
    regime, _, stage = deadline.partition(".")
    served = [duty.partition(".")[0] for duty in plain.get("duty") or ()]
    return served[:1] == [regime] and stage in (plain.get("deadline") or ())


def left_words(due: Due, now: dt.datetime, say: Say) -> str:
    """Return the time left, in days and hours, or by how many days (or hours) it is overdue; it must have a day."""
    left = time_left(due, now)
    if left <= dt.timedelta():
        if due.moment is not None and -left < _ONE_DAY:
            return say("clock.left.over_hours", hours=-left // _ONE_HOUR)
        over = now.astimezone(JAPAN).date() - (due.last or now.date())
        return say("screen.left.over", days=over.days)
    days, hours = divmod(int(left.total_seconds()) // _HOUR, 24)
    if days:
        return say("clock.left.days", days=days, hours=hours)
    return say("clock.left.hours" if due.moment else "clock.left.today", hours=hours)


def when_words(due: Due, today: dt.date, say: Say) -> str:
    """Return the last day, with the time of day where it ends within it; it must have a day."""
    return short_day(due.last or today, today, say) if due.moment is None else until_words(due.moment, say, today)


def due_title(due: Due, phrases: Phrases) -> str:
    """Return what is due, marked where it is a guide, one's own date, or not settled."""
    title = phrases.text(due.title)
    if due.kind == "agreed":
        return phrases.say("clock.own", what=title, number=due.id.removeprefix(f"{AGREED}."))
    if due.kind == "guide":
        title = phrases.say("clock.guide", name=title)
    return phrases.say("clock.provisional", name=title) if due.provisional else title


def clock_screen(found: Iterable[CaseDue], phrases: Phrases, now: dt.datetime, *, ended: bool) -> Iterator[Row]:
    """Yield the whole screen: what is overdue first and loud, then what is to come; ``ended`` shows that, too."""
    found, say, today = tuple(found), phrases.say, now.date()
    running = [each for each in found if each.due.runs]
    over = [each for each in running if each.due.is_over(now)]
    ahead = [each for each in running if each.due.last is not None and not each.due.is_over(now)]
    if over:
        yield Row(say("clock.overdue", count=len(over)), style="verdict.bad")
    moment = say("clock.now", day=long_day(today, say), time=now.strftime("%H:%M"))
    yield Row(moment, style="muted")
    if not running:
        yield Row(say("clock.nothing"))
    done = [each for each in found if not each.due.runs] if ended else []
    for section, part in (
        ("over", over),
        ("ahead", ahead),
        ("open", [each for each in running if each.due.last is None]),
        ("ended", done),
    ):
        if part:
            yield Row()
            yield Row(say(f"clock.heading.{section}"), style="bad" if section == "over" else "heading")
        for each in part:
            yield from _rows(each, phrases, now)
    if any(each.due.kind != "agreed" for each in running):
        yield Row()
        yield Row(say("clock.go_on"), style="muted")
        yield Row("leakresp sent CASE PAPER", 2)


def _rows(each: CaseDue, phrases: Phrases, now: dt.datetime) -> Iterator[Row]:
    say, due = phrases.say, each.due
    title = due_title(due, phrases)
    if due.ended is not None:
        yield Row(say("clock.line.ended", what=title, how=ended_words(due.ended, say)), 2, 4, "muted")
    elif due.last is None:
        yield Row(say(f"clock.line.{due.dayless}", what=title), 2, 4)
    else:
        over = due.is_over(now)
        line = say(
            "clock.line.over" if over else "clock.line.ahead",
            day=when_words(due, now.date(), say),
            what=title,
            left=left_words(due, now, say),
        )
        yield Row(line, 2, 4, "bad" if over else "strong")
    yield Row(say("clock.line.case", case=each.case), 6, 2, "muted")
    if due.runs:
        yield from (Row(text, 6, 2) for text in due_notes(due, phrases, now))
    if each.command is not None:
        yield Row(say("clock.file_it"), 6, style="muted")
        yield Row(each.command, 8, 2)


def due_notes(due: Due, phrases: Phrases, now: dt.datetime) -> Iterator[str]:
    """Yield what belongs to a date: how it was moved, which longer period may apply, what is now to be done."""
    say, clock = phrases.say, due.clock
    if due.is_over(now):
        yield say(_LATE.get(due.kind, "clock.late_own"))
    if clock is None:
        return
    if clock.term is not None and clock.term.moved_from is not None:
        yield say("clock.moved", day=bare_day(clock.term.moved_from, say))
    if clock.longer is not None and clock.longer.due is not None:
        rule, longer = rule_title(clock, phrases), clock.longer
        yield say("screen.clock.longer", rule=rule, days=longer.days, due=long_day(longer.due or now.date(), say))
    if clock.before is not None and clock.before.due is not None:
        yield say("clock.before", days=clock.before.days, due=long_day(clock.before.due, say))


def ended_words(entry: Entry[Any], say: Say) -> str:
    """Return how a clock was stopped: filed on a day with a receipt number, sent, met or dropped."""
    event: Event = entry.event
    if isinstance(event, Reported):
        key = "clock.ended.filed_receipt" if event.receipt else "clock.ended.filed"
        return say(key, day=said_day(event.day, say), receipt=event.receipt or "")
    if isinstance(event, Notified):
        return say("clock.ended.notified", day=said_day(event.day, say))
    if isinstance(event, Sent):
        return say("clock.ended.sent", day=said_day(event.day, say))
    if isinstance(event, DateEnded):
        return say(f"clock.ended.{event.state}", day=long_day(entry.at.date(), say))
    raise TypeError(event)


def said_day(day: str, say: Say) -> str:
    """Return a recorded day in words; one that nobody can read as it stands."""
    try:
        return long_day(read_day(day).date, say)
    except WrongAnswer:
        return day


def due_json(each: CaseDue, phrases: Phrases, now: dt.datetime) -> dict[str, Any]:
    """Return one thing that is due as plain values; keys are the same in every language."""
    due = each.due
    found: dict[str, Any] = {
        "case": each.case,
        "id": due.id,
        "kind": due.kind,
        "title": phrases.text(due.title),
        "last_day": _day(due.last),
        "provisional": due.provisional,
    }
    if due.last is not None:
        left = time_left(due, now)
        found |= {
            "days_left": days_left(due.last, now),
            "hours_left": int(left.total_seconds() // _HOUR),
            "overdue": due.runs and left.total_seconds() <= 0,
        }
    if due.clock is not None:
        found |= _clock_json(due)
    if due.ended is not None:
        found["ended"] = _ended_json(due.ended)
    return found


def _clock_json(due: Due) -> dict[str, Any]:
    clock = due.clock
    if clock is None:
        return {}
    found: dict[str, Any] = {"counts_from": _day(clock.counts_from), "firm": clock.firm}
    if clock.guide_days is not None:
        found["first_day"] = _day(due.first)
    if clock.term is not None:
        found |= {"days": clock.term.days, "moved_from": _day(clock.term.moved_from)}
    if clock.hours is not None:
        found |= {"hours": clock.hours, "due_at": clock.moment.isoformat(timespec="minutes") if clock.moment else None}
    for key, term in (("or", clock.longer), ("before", clock.before)):
        if term is not None:
            found[key] = {"days": term.days, "last_day": _day(term.due)}
    return found


def _ended_json(entry: Entry[Any]) -> dict[str, Any]:
    event = entry.event
    state = {Reported: "filed", Notified: "notified", Sent: "sent"}.get(type(event)) or event.state
    found = {"state": state, "day": str(getattr(event, "day", entry.at.date())), "n": entry.n, "by": entry.by}
    if isinstance(event, Reported | Notified) and event.receipt:
        found["receipt"] = event.receipt
    return found


def _day(day: dt.date | None) -> str | None:
    return None if day is None else str(day)
