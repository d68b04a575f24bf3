"""What became of each letter once it was sent, and who has to be told in another way.

What a result says is held apart from what follows from it: a mail that bounced is a fact, and whether the person can be
written to by post is told by the list. Publication comes into question only where the list has nothing left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

#: What a result says of a letter. A mail that cannot be delivered bounces, a letter by post is returned. ``delayed``:
#: the server goes on trying. ``expired``: it gave up over a passing fault, which says nothing against the address.
OUTCOMES: Final = ("delivered", "delayed", "expired", "bounced", "returned", "refused")
#: Outcomes after which a person was not reached, and will not be in this way.
UNREACHED: Final = frozenset({"bounced", "returned", "refused"})
#: What is to be done for a person, the most urgent last: another try, another way, or none that the list knows.
NEEDS: Final = ("wait", "again", "mend", "list", "email", "post", "decide", "substitute")
#: Needs that call for something to be done now.
PRESSING: Final = NEEDS[1:]
#: The way that is left, by the way the letters went.
OTHER_WAY: Final = {"email": "post", "post": "email"}

_UNDELIVERED: Final = {"email": "bounced", "post": "returned"}
#: Why a row was left out because the list has no contact for the way of the letters.
_LACKING: Final = {"email": "email_missing:email", "post": "address_missing:address"}
#: A row left out because another one has the same content: its letter is the same letter.
_SAME: Final = "same_row"


class DeliveryUnfit(Exception):
    """A folder or a record that cannot be used as it is: the key of its sentence, the file, the line, details."""

    def __init__(self, key: str, file: str, line: int | None = None, **details: object) -> None:
        super().__init__(key)
        self.key: Final = key
        self.file: Final = file
        self.line: Final = line
        self.details: Final = details


@dataclass(frozen=True, slots=True)
class Names:
    """By what a result names a letter; what is empty was not said. ``emails`` are addresses of one and the same mail.

    Nothing of it is kept, and nothing is shown when the program fails.
    """

    row: int | None = None
    key: str = ""
    reference: str = field(default="", repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the file, and its line or row where it has any."""

    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One thing said of one letter. ``when`` is a day (``2026-11-25``) or a minute of it in Japan, or nothing.

    ``code`` is the reason as mail servers number it (``5.1.1``).
    """

    place: Place
    names: Names
    outcome: str
    code: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line or a mail that is no result, and why: the key of its sentence."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What prevails of all that was said of one letter; ``rank`` puts results in order of time."""

    outcome: str
    rank: str


def outcome_of(said: str, way: str) -> str:
    """Return the outcome that a word stands for: what is ``undelivered`` bounced, or was returned by the post."""
    return _UNDELIVERED[way] if said in {"undelivered", *_UNDELIVERED.values()} else said


def rank_of(when: str, recorded: str) -> str:
    """Return by what results are put in order: their own time, else that of the record. A day alone means its end."""
    return when if "T" in when else f"{when or recorded[:10]}T24:00"


def prevailing(before: Standing | None, new: Standing) -> Standing:
    """Return which of two results counts: the later one; that a server is still trying never undoes a result."""
    if before is None:
        return new
    return new if (new.outcome != "delayed", new.rank) >= (before.outcome != "delayed", before.rank) else before


def out_of_time(when: str, sent: str, today: str) -> str:
    """Return why a result cannot be about these letters: it is older than they are, or from a day to come."""
    if when and when[:10] > today:
        return "to_come"
    return "before_sent" if when and sent and when[:10] < sent else ""


def need_of(status: str, why: Iterable[str], outcome: str, way: str, *, other: bool | None) -> str:
    """Return what a person needs, or nothing. ``status`` and ``why`` are the manifest's.

    ``other`` tells whether the list has a contact for the other way, ``None`` where nobody looked.
    """
    if status == "written":
        match outcome:
            case "delayed":
                return "wait"
            case "expired":
                return "again"
        return _other(way, outcome, other=other) if outcome in UNREACHED else ""
    reasons = set(why)
    if _SAME in reasons:
        return ""
    lacking = status == "skipped" and reasons == {_LACKING[way]}
    return _other(way, outcome, other=other) if lacking else "mend"


def _other(way: str, outcome: str, *, other: bool | None) -> str:
    """Return the way that is left. Who refused a letter has an address: no source says what follows, people decide."""
    if other is None:
        return "list"
    if other:
        return OTHER_WAY[way]
    return "decide" if outcome == "refused" else "substitute"


def spans(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Return ascending row numbers as spans: first and last of each run."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
