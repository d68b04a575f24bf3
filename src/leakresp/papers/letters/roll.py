"""The letters of a folder, each with its names and with what is known of it, so that a result finds its letter.

It is laid out in a database of its own that nobody else can open and that vanishes afterwards; a large one lies on
disk, so that millions of letters take no more memory than thousands. Reference numbers and mail addresses stand in it
as hashes, made with a secret of this run.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from leakresp.papers.letters.batch import STATES
from leakresp.papers.letters.delivery import (
    OTHER_WAY,
    DeliveryUnfit,
    Names,
    Standing,
    need_of,
    prevailing,
    rank_of,
)
from leakresp.papers.letters.ledger import ResultLine
from leakresp.papers.letters.manifest import head_of, rows_of
from leakresp.papers.recipients.words import plain

_MANIFESTS: Final = "manifest*.jsonl"
_CLOSES: Final = b'{"batch":'
#: What the manifests of one folder must agree on.
_SAME: Final = ("paper", "way", "list", "fingerprint")
#: A reference number made from the key of a row, without its hyphens.
_MADE: Final = re.compile("[0-9a-f]{12}")
_KEY: Final = re.compile("[0-9a-f]{32}")
_QUOTED: Final = re.compile(r'"(.*)"(@[^@]*)')
_REFERENCE, _EMAIL = 0, 1

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE letter (
  row INTEGER PRIMARY KEY, key TEXT NOT NULL, status INTEGER NOT NULL, why TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '', rank TEXT NOT NULL DEFAULT '', other INTEGER
);
CREATE TABLE name (kind INTEGER NOT NULL, hash BLOB NOT NULL, key TEXT NOT NULL);
CREATE TABLE said (
  number INTEGER PRIMARY KEY, row INTEGER NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL, moment TEXT NOT NULL,
  fresh INTEGER NOT NULL, UNIQUE (row, outcome, code, moment)
);
"""
_INDEXES: Final = ("CREATE INDEX by_key ON letter (key)", "CREATE INDEX by_name ON name (kind, hash)")


@dataclass(frozen=True, slots=True)
class Told:
    """A letter of which something is known, or that was not written; ``why`` is the manifest's."""

    row: int
    key: str
    status: str
    why: tuple[str, ...]
    outcome: str
    other: bool | None

    def need(self, way: str) -> str:
        """Return what the person needs, or nothing."""
        return need_of(self.status, self.why, self.outcome, way, other=self.other)


class Roll:
    """The letters of a folder; close it like a file.

    ``way`` is how they went (``post`` or ``email``), ``paper`` what they are. ``complete`` is false while some rows of
    the list were not written yet.
    """

    def __init__(self, folder: Path) -> None:
        """Read the manifests of a folder. Raises ``DeliveryUnfit``, ``OSError``."""
        manifests = _manifests(folder)
        head = manifests[0][1]
        self.paper: Final = str(head["paper"])
        self.way: Final = str(head["way"])
        self.complete: Final = _complete(manifests)
        self._secret: Final = secrets.token_bytes(32)
        self._named = False
        self._database: Final = sqlite3.connect("", isolation_level=None)
        try:
            self._database.executescript(_TABLES)
            self._database.execute("BEGIN")
            for path, _ in manifests:
                self._take(path)
            for index in _INDEXES:
                self._database.execute(index)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def _take(self, path: Path) -> None:
        try:
            self._database.executemany(
                "INSERT INTO letter (row, key, status, why) VALUES (?, ?, ?, ?)", map(_stored, rows_of(path))
            )
        except sqlite3.IntegrityError:
            raise DeliveryUnfit("delivery.mixed", str(path)) from None
        except (KeyError, TypeError, ValueError):
            raise DeliveryUnfit("delivery.manifest_broken", str(path)) from None

    # what the list says

    def learn(self, rows: Iterable[tuple[str, str, str]]) -> int:
        """Take in the key, reference number and mail address of each row of the list; return how many have a letter."""
        count = 0
        for key, reference, email in rows:
            if self._database.execute("SELECT 1 FROM letter WHERE key = ? LIMIT 1", (key,)).fetchone() is None:
                continue
            count += 1
            names = ((_REFERENCE, plain(reference)), (_EMAIL, same_address(email)))
            some = [(kind, self._hash(word), key) for kind, word in names if word]
            self._database.executemany("INSERT INTO name VALUES (?, ?, ?)", some)
        self._named = True
        return count

    def _hash(self, word: str) -> bytes:
        coded = word.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(coded, digest_size=16, key=self._secret).digest()

    def asks(self) -> bool:
        """Tell whether the list has to be asked about another contact of somebody."""
        return any(told.need(self.way) == "list" for told in self.told())

    def asking(self, key: str) -> bool:
        """Tell whether a letter to the row of the list with this key asks for another contact."""
        found = self._database.execute(f"{_TOLD} WHERE key = ? AND other IS NULL", (key,))
        return any(told.need(self.way) == "list" for told in map(_told, found))

    def settle_other(self, key: str, *, other: bool) -> None:
        """Note whether the row of the list with this key has a contact for the other way."""
        self._database.execute("UPDATE letter SET other = ? WHERE key = ?", (other, key))

    # a result finds its letter

    def find(self, names: Names) -> tuple[int, str] | str:
        """Return row and key of the one letter that is meant, or why there is none."""
        wanted = [*self._conditions(names)]
        if not wanted:
            return "needs_list" if names.reference or names.emails else "unnamed"
        found = self._select(wanted)
        written = [(row, key) for row, key, status in found if status == 0]
        if len(written) == 1:
            return written[0]
        if written:
            return "ambiguous"
        if found:
            return "not_written"
        return "disagree" if len(wanted) > 1 and all(self._select([each]) for each in wanted) else "unknown"

    def _select(self, wanted: list[tuple[str, tuple[object, ...]]]) -> list[tuple[int, str, int]]:
        clauses = " AND ".join(clause for clause, _ in wanted)
        values = [value for _, some in wanted for value in some]
        query = f"SELECT row, key, status FROM letter WHERE {clauses} ORDER BY status LIMIT 2"  # noqa: S608 - ours
        return self._database.execute(query, values).fetchall()

    def _conditions(self, names: Names) -> Iterator[tuple[str, tuple[object, ...]]]:
        """Yield what the letter must fulfil; what cannot be looked up without the list is left out."""
        if names.row is not None:
            yield "row = ?", (names.row,)
        if names.key:
            yield "key = ?", (names.key,)
        if names.reference and (condition := self._by_reference(plain(names.reference))):
            yield condition
        if names.emails and self._named:
            hashes = tuple({self._hash(same_address(email)) for email in names.emails})
            marks = ", ".join("?" * len(hashes))
            yield f"key IN (SELECT key FROM name WHERE kind = {_EMAIL} AND hash IN ({marks}))", hashes  # noqa: S608

    def _by_reference(self, reference: str) -> tuple[str, tuple[object, ...]] | None:
        made = _MADE.fullmatch(reference) is not None
        if self._named:
            word = self._hash(reference)
            own = f"key IN (SELECT key FROM name WHERE kind = {_REFERENCE} AND hash = ?)"  # noqa: S608
            if not made or self._select([(own, (word,))]):
                return own, (word,)
        return ("key >= ? AND key < ?", (reference, f"{reference}g")) if made else None

    # what was said

    def recorded(self, line: ResultLine) -> bool:
        """Take in a line of the record; tell whether it is about one of these letters."""
        found = self._database.execute("SELECT key FROM letter WHERE row = ?", (line.row,)).fetchone()
        if found is None or found[0] != line.key:
            return False
        self.say(line, fresh=False)
        return True

    def say(self, line: ResultLine, *, fresh: bool = True) -> bool:
        """Take in what is said of a letter; tell whether it is new. ``fresh``: it is not on record yet."""
        values = (line.row, line.outcome, line.code, line.when, fresh)
        new = self._database.execute(
            "INSERT OR IGNORE INTO said (row, outcome, code, moment, fresh) VALUES (?, ?, ?, ?, ?)", values
        ).rowcount
        if not new:
            return False
        before = self._database.execute("SELECT outcome, rank FROM letter WHERE row = ?", (line.row,)).fetchone()
        said = Standing(line.outcome, rank_of(line.when, line.at))
        stands = prevailing(Standing(*before) if before[0] else None, said)
        self._database.execute(
            "UPDATE letter SET outcome = ?, rank = ? WHERE row = ?", (stands.outcome, stands.rank, line.row)
        )
        return True

    def fresh(self, at: str) -> Iterator[ResultLine]:
        """Yield what was said and is not on record yet, in its order; ``at`` is the time of the record."""
        query = (
            "SELECT said.row, key, said.outcome, code, moment FROM said JOIN letter ON said.row = letter.row "
            "WHERE fresh ORDER BY number"
        )
        for row, key, outcome, code, moment in self._database.execute(query):
            yield ResultLine(row=row, key=key, outcome=outcome, code=code, when=moment, at=at)

    # how it stands

    def written(self) -> dict[str, int]:
        """Return how many rows ended in which state when the letters were written."""
        found = dict(self._database.execute("SELECT status, count(*) FROM letter GROUP BY status"))
        return {state: found.get(number, 0) for number, state in enumerate(STATES)}

    def outcomes(self) -> dict[str, int]:
        """Return how many letters have which outcome; the empty one is that of those nothing is known of."""
        return dict(self._database.execute("SELECT outcome, count(*) FROM letter WHERE status = 0 GROUP BY outcome"))

    def told(self) -> Iterator[Told]:
        """Yield, by row, each letter of which something is known, and each row that has none."""
        return map(_told, self._database.execute(f"{_TOLD} WHERE outcome <> '' OR status <> 0 ORDER BY row"))


_TOLD: Final = "SELECT row, key, status, why, outcome, other FROM letter"


def _told(found: tuple[int, str, int, str, str, int | None]) -> Told:
    row, key, status, why, outcome, other = found
    return Told(row, key, STATES[status], tuple(why.split()), outcome, None if other is None else bool(other))


def same_address(written: str) -> str:
    """Return a mail address as it is compared: without the signs around it, case making no difference."""
    address = written.strip().strip("<>").strip()
    if quoted := _QUOTED.fullmatch(address):  # servers quote what no modern address has: "a..b"@example.jp
        address = re.sub(r"\\(.)", r"\1", quoted[1]) + quoted[2]
    return address.casefold()


# the manifests -------------------------------------------------------------------------------------------------------


def _manifests(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return the manifests of a folder with their heads, all of one list and one text. Raises ``DeliveryUnfit``."""
    if not folder.is_dir():
        raise DeliveryUnfit("delivery.no_letters", str(folder))
    found = [(path, head_of(path)) for path in sorted(folder.glob(_MANIFESTS))]
    heads = [(path, head) for path, head in found if head]
    if not heads:
        raise DeliveryUnfit("delivery.no_letters", str(folder))
    first = heads[0][1]
    for path, head in heads:
        if head.get("way") not in OTHER_WAY or "paper" not in head:
            raise DeliveryUnfit("delivery.manifest_broken", str(path))
        if any(head.get(key) != first.get(key) for key in _SAME):
            raise DeliveryUnfit("delivery.mixed", str(path))
    return heads


def _complete(manifests: list[tuple[Path, dict[str, Any]]]) -> bool:
    """Tell whether every row of every shard is in a batch that was closed."""
    try:
        shards = {str(head["shard"]) for _, head in manifests}
        of = int(next(iter(shards)).partition("/")[2])
        rows = sum(max(head["rows"][1] - head["rows"][0] + 1, 0) for _, head in manifests)
        return len(shards) == of and sum(_closed(path) for path, _ in manifests) >= rows
    except (KeyError, TypeError, ValueError, IndexError):
        raise DeliveryUnfit("delivery.manifest_broken", str(manifests[0][0])) from None


def _closed(path: Path) -> int:
    """Return how many rows, blank ones included, stand in closed batches of a manifest."""
    import json

    count = 0
    with path.open("rb") as file:
        for line in file:
            if line.startswith(_CLOSES) and line.endswith(b"\n"):
                batch = json.loads(line)["batch"]
                count += batch[1] - batch[0] + 1 if batch else 0
    return count


def _stored(note: Mapping[str, Any]) -> tuple[int, str, int, str]:
    key, why = note["key"], note.get("why", ())
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError(key)
    return int(note["row"]), key, STATES.index(note["status"]), " ".join(map(str, why))
