"""One letter for each person of a list, for one or for millions; nothing is sent."""

from leakresp.papers.letters.batch import STATES, Letter, Written, reference_of, write_batch
from leakresp.papers.letters.engines import ENGINES, Engine, by_dask, by_executor, by_processes
from leakresp.papers.letters.manifest import Manifest, OtherLetters, head_of, manifests, rows_of
from leakresp.papers.letters.order import ADDRESSEE, INTO, REFERENCE, LetterUnfinished, Order, stencil_for
from leakresp.papers.letters.run import FolderTaken, InUse, LettersGone, Run

__all__ = [
    "ADDRESSEE",
    "ENGINES",
    "INTO",
    "REFERENCE",
    "STATES",
    "Engine",
    "FolderTaken",
    "InUse",
    "Letter",
    "LetterUnfinished",
    "LettersGone",
    "Manifest",
    "Order",
    "OtherLetters",
    "Run",
    "Written",
    "by_dask",
    "by_executor",
    "by_processes",
    "head_of",
    "manifests",
    "reference_of",
    "rows_of",
    "stencil_for",
    "write_batch",
]
