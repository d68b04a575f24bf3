"""What lies in a case that was handed over for whoever has no leakresp: what it is, how to check it, what happened.

Both languages stand in each text, so that the same case makes the same file whoever hands it over.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from leakresp import __version__
from leakresp.law.languages import LANGUAGES
from leakresp.shell.layout import GAP, Row, lines
from leakresp.shell.log_words import LogWords
from leakresp.shell.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.shell.case_files import Record
    from leakresp.shell.desk import Desk

#: Checks a case with nothing but Python: every file against the manifest, every line against the one before it.
CHECK: Final = """\
import hashlib, json
def sha256(content):
    return hashlib.sha256(content).hexdigest()
for each in json.load(open("manifest.json", encoding="utf-8"))["files"]:
    if sha256(open(each["name"], "rb").read()) != each["sha256"]:
        raise SystemExit(each["name"] + ": not as in manifest.json")
head = "0" * 64
for n, line in enumerate(open("journal.jsonl", "rb"), 1):
    if not line.endswith(b"\\n"):
        print("line", n, "is incomplete and does not count")
        break
    found, bare = json.loads(line), line[:-76] + b"}"
    wanted = [n, head, sha256(bare)]
    if [found["n"], found["prev"], found["hash"]] != wanted:
        raise SystemExit("journal.jsonl: line " + str(n) + " is broken")
    head = found["hash"]
print("All files are as in manifest.json, all lines are linked. Last hash:")
print(head)
"""


def readme(desk: Desk, case: str, record: Record) -> bytes:
    """Return what the file is, what lies in it, and how to check it without leakresp."""
    details = {"case": case, "version": __version__, "lines": record.lines, "head": record.head}
    texts = [say("readme", **details).rstrip() for say in _both(desk)]
    check = "\n".join(f"    {line}".rstrip() for line in CHECK.splitlines())
    return "\n\n".join([*texts, "check.py", check]).encode() + b"\n"


def timeline(desk: Desk, case: str, record: Record) -> bytes:
    """Return the record from its first entry to its last, as people read it."""
    rows = chain.from_iterable(_timeline(replace(desk, say=say), case, record) for say in _both(desk))
    return "".join(f"{line}\n" for line, _ in lines(rows)).encode()


def _timeline(desk: Desk, case: str, record: Record) -> Iterator[Row]:
    words = LogWords(desk, longest=None)
    yield Row(desk.say("timeline.title", case=case, lines=record.lines))
    yield GAP
    for entry in record.entries:
        yield Row(desk.say("timeline.entry", n=entry.n, at=entry.at.isoformat(" "), by=entry.by))
        yield from (Row(text, 4, 2) for text in words.texts(entry.event))
    yield GAP


def _both(desk: Desk) -> tuple[Wording, ...]:
    return tuple(Wording(desk.shelf.words, lang) for lang in LANGUAGES)
