# ruff: noqa: INP001 - a script to copy, not a module
"""One letter for each person of a list, written by a Dask cluster of your own.

    python letters_on_dask.py tcp://scheduler:8786 draft-notice letter --case NAME --recipients FILE -o DIR --write

Needs ``dask[distributed]`` and the same release of leakresp on every machine; list, folder and the rules or templates
that are named must lie under the same paths everywhere. leakresp itself opens no connection: the one below is yours.
"""

import sys

from dask.distributed import Client

from leakresp.papers.letters import ENGINES, by_executor
from leakresp.shell.main import main

if __name__ == "__main__":
    with Client(sys.argv[1]) as client:
        ENGINES["cluster"] = by_executor(client.get_executor(pure=False))
        cores = sum(client.ncores().values())
        sys.exit(main([*sys.argv[2:], "--engine", "cluster", "--jobs", str(cores)]))
