"""How many questions each reference case takes until its duty is settled, asked of somebody who knows its facts.

Where the case does not say a fact the person cannot tell it; that takes more questions than knowing it would.
"""

import datetime as dt
import statistics
from pathlib import Path

from tests.respondents import knowing, walk

from leakresp.response.assessment import Assessor
from leakresp.response.interview import Interview
from leakresp.shell import library
from leakresp.shell.documents import read_document

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "appi.yaml"
TODAY = dt.date(2026, 11, 24)
GOAL = 8


def main():
    """Print the table, the median and the worst."""
    shelf = library.load()
    assessor = Assessor(shelf.rulebook, shelf.papers)
    interview, facts = Interview(assessor), shelf.rulebook.facts
    numbers = {}
    for case in read_document(CASES.read_text(encoding="utf-8"), CASES.name).data:
        known = {fact: facts[fact].read(raw) for fact, raw in case["facts"].items()}
        asked, said = walk(interview, TODAY, knowing(known))
        verdict = assessor.assess(said, TODAY, TODAY).verdict
        numbers[case["id"]] = len(asked)
        print(f"{len(asked):3}  {verdict:13} {case['id']}")
    worst = max(numbers, key=numbers.__getitem__)
    within = sum(1 for number in numbers.values() if number <= GOAL)
    print(f"questions to the verdict: median {statistics.median(numbers.values()):g}, worst {numbers[worst]} ({worst})")
    print(f"{within} of {len(numbers)} cases take at most {GOAL}")


if __name__ == "__main__":
    main()
