"""One letter for each person of a list: letters a second on one core, with two processes, and the memory it takes.

Rates are per second of processor time; what the same command takes to look the list through, without writing, is
measured apart and taken off. The bare loop reads the same rows, fills the same letter laid out once and writes it the
same way, with no check, hash, manifest or word about it; the loop over checked rows has the check, which every row
needs. PDF is measured on a few letters.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

from leakresp.papers.formats import Press
from leakresp.papers.formats.stencils import stencil_of
from leakresp.papers.recipients import Reading, addressee, map_columns, open_table, read, recipient_words, survey
from leakresp.response.brief import Past
from leakresp.shell.desk import Desk
from leakresp.shell.letter_writer import LetterWriter
from leakresp.shell.recipient_words import item_titles

PEOPLE, FEW, NEXT_TO_NONE, BARE_FILES = 38_000, 3_800, 100, 3_000
ANSWERS = (
    Path(__file__).parent.parent / "tests" / "golden" / "papers" / "ransomware_with_a_possible_leak" / "answers.yaml"
)
#: Paper, format, how the letters are kept, and letters a second that are the goal.
KINDS = (("letter", "txt", "one", 15_000), ("email", "eml", "mbox", 12_000), ("letter", "docx", "files", 2_500))
HEADER = ("氏名", "郵便番号", "住所", "メール", "対象項目", "整理番号")
ITEMS = ("氏名、住所", "氏名、住所、電話番号", "氏名、メールアドレス", "氏名")


def main():
    """Print the figures, one a line."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lists = {number: crowd(folder / f"{number}.csv", number) for number in (PEOPLE, FEW, NEXT_TO_NONE)}
        looked = {paper: run(lists[PEOPLE], paper) for paper in ("letter", "email")}
        start = run(lists[NEXT_TO_NONE], "letter")
        rate = (PEOPLE - NEXT_TO_NONE) / (looked["letter"].processor - start.processor)
        print(f"list looked through and checked, nothing written   {rate:7,.0f} rows/s a core")
        for paper, form, into, goal in KINDS:
            used = run(lists[PEOPLE], paper, folder / form, (form, into))
            rate = PEOPLE / (used.processor - looked[paper].processor)
            bare = rate / loop(as_they_stand(lists[PEOPLE]), paper, form, folder / f"bare.{form}")
            after = rate / loop(checked(lists[PEOPLE], paper), paper, form, folder / f"checked.{form}")
            print(
                f"{form:4} into {into:5}  {rate:7,.0f}/s a core  (goal: at least {goal:,}/s)  peak {used.peak:.0f} MiB"
            )
            print(f"     {bare:.2f} of the bare loop, {after:.2f} of the loop over checked rows  (goal: at least 0.7)")
        small = run(lists[FEW], "letter", folder / "small", ("txt", "one"))
        two = run(lists[PEOPLE], "letter", folder / "two", (form, into), jobs=2)
        gain = (used.wall - looked["letter"].wall) / (two.wall - looked["letter"].wall)
        print(f"txt, peak memory with a tenth of the list          {small.peak:7.0f} MiB  (goal: the same)")
        print(f"{form}, two processes                                {gain:7.2f}x")
        pdf(folder)


def pdf(folder):
    """Measure PDF on a few letters, a file each and many in a file as printers like it; loading fonts is taken off."""
    for into, (few, number), goal in (("files", (20, 120), 50), ("one", (100, 400), 150)):
        some, more = (
            run(crowd(folder / f"{into}-{size}.csv", size), "letter", folder / f"{into}-{size}", ("pdf", into))
            for size in (few, number)
        )
        rate = (number - few) / (more.processor - some.processor)
        print(f"pdf  into {into:5}  {rate:7,.0f}/s a core  (goal: at least {goal}/s)  peak {more.peak:.0f} MiB")


def crowd(file, number):
    """Write a list of made-up persons and return its file."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(HEADER)
        for each in range(number):
            address = f"東京都千代田区架空町{each // 40 + 1}丁目{each % 40 + 1}番地"
            mail, items = f"user{each}@example.jp", ITEMS[each % len(ITEMS)]
            rows.writerow((f"架空 {each}", f"100-{each % 10_000:04}", address, mail, items, f"M-{each}"))
    return file


def run(people, paper, out=None, kept=("txt", "files"), jobs=1):
    """Run the command in a process of its own and return what it used; without ``out`` it writes nothing."""
    words = [
        "draft-notice",
        paper,
        "--answers",
        str(ANSWERS),
        "--recipients",
        str(people),
        "--map",
        "reference=整理番号",
    ]
    if out is not None:
        form, into = kept
        words += ["--write", "-o", str(out), "--format", form, "--into", into, "--jobs", str(jobs)]
    measuring = [sys.executable, "-m", "bench.used", json.dumps([[sys.executable, "-m", "leakresp", *words]])]
    done = subprocess.run(measuring, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return SimpleNamespace(**json.loads(done.stdout))


def loop(persons, paper, form, out):
    """Return letters a second of a loop over persons, each as the letter's values."""
    stencil = stencil_of(laid_out(paper), form, Press(sender="desk@example.jp"))
    begun, number = time.process_time(), 0
    with out.open("wb") as whole:
        for number, values in enumerate(islice(persons, BARE_FILES if form == "docx" else PEOPLE), 1):
            content = stencil.fill(values)
            if form == "docx":
                out.with_name(f"bare-{number}.docx").write_bytes(content)
            else:
                whole.write(content)
    return number / (time.process_time() - begun)


def as_they_stand(people):
    """Yield each person of a list as the values of a letter, nothing checked."""
    with people.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        for number, (name, code, address, mail, _, reference) in enumerate(rows):
            lines = f"〒{code}\n{address}\n{name} 様"
            yield {"addressee": lines, "reference": reference, "to": mail, "message_id": f"<{number}@example.jp>"}


def checked(people, paper):
    """Return each person of a list as the values of a letter, read and checked as the command does."""
    desk = Desk.set_up(lang="ja", rules=None)
    words = recipient_words(desk.shelf.recipients, item_titles(desk.facts["data_items"], desk.shelf.advice["items"]))
    way = "email" if paper == "email" else "post"
    table = open_table(people)
    columns = map_columns(table.header, words, ("reference=整理番号",), way)
    with survey(table, columns) as surveyed:
        portions = list(surveyed.portions())
    reading = Reading(way, "ja", words, None)
    return (values_of(person, way) for portion in portions for person in read(table, columns, reading, portion))


def values_of(person, way):
    """Return a checked person as the values of a letter."""
    lines, message_id = "\n".join(addressee(person, way)), f"<{person.key}@example.jp>"
    return {"addressee": lines, "reference": person.reference, "to": person.email, "message_id": message_id}


def laid_out(paper):
    """Return a paper of the incident with the blanks for the person open."""
    desk = Desk.set_up(lang="ja", rules=None)
    given = desk.given(ANSWERS, [])
    writer = LetterWriter(None, None, paper, dict(given.incident), dict(given.answers), None, desk.today, Past())
    return writer("ja", ("name", "address"))


if __name__ == "__main__":
    main()
