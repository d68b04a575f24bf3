"""What runs the batches: this process, several of this machine, Dask, or any executor of one's own.

Every engine takes an order, its batches and a number of processes, and yields what was written in the order of the
list. The batches are the same whoever writes them. Nothing here opens a connection.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from itertools import islice
from typing import Final

from leakresp.papers.letters.batch import Written, write_batch
from leakresp.papers.letters.order import Order
from leakresp.papers.recipients import Portion

Engine = Callable[[Order, Iterable[Portion], int], Iterator[Written]]
#: Batches that wait for each process, so that none stands idle and few lie in memory.
_AHEAD: Final = 2


def by_processes(order: Order, portions: Iterable[Portion], jobs: int) -> Iterator[Written]:
    """Write batches with ``jobs`` processes of this machine; with one it is this very process."""
    if jobs == 1:
        for portion in portions:
            yield write_batch(order, portion)
        return
    with _pool(jobs) as pool:
        yield from by_executor(pool)(order, portions, jobs)


def by_dask(order: Order, portions: Iterable[Portion], jobs: int) -> Iterator[Written]:
    """Write batches with Dask on the processes of this machine. Raises ``ImportError`` without Dask."""
    from dask.delayed import delayed
    from dask.multiprocessing import get

    make = delayed(write_batch, pure=False, traverse=False)
    source = iter(portions)
    with _pool(jobs) as pool:
        while some := [make(order, portion) for portion in islice(source, jobs * _AHEAD)]:
            graph = {key: task for each in some for key, task in dict(each.dask).items()}
            yield from get(graph, [each.key for each in some], pool=pool)


def by_executor(pool: Executor) -> Engine:
    """Return the engine that an executor is: of Dask's ``Client.get_executor()``, of MPI, of another scheduler.

    Its workers must see list and folder under the same paths. Give it a name in ``ENGINES`` and call the command.
    """

    def engine(order: Order, portions: Iterable[Portion], jobs: int) -> Iterator[Written]:
        source = iter(portions)
        waiting: deque[Future[Written]] = deque()
        try:
            waiting += (pool.submit(write_batch, order, portion) for portion in islice(source, jobs * _AHEAD))
            while waiting:
                written = waiting.popleft().result()
                waiting += (pool.submit(write_batch, order, portion) for portion in islice(source, 1))
                yield written
        finally:
            for future in waiting:
                future.cancel()

    return engine


ENGINES: Final[dict[str, Engine]] = {"local": by_processes, "dask": by_dask}


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Return processes that start afresh, as they do on every system, and end when this one does, however it ends."""
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Leave Ctrl-C to the process that leads: it waits for what is being written, and then says how to go on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End as soon as the leading process is gone, so that nobody writes beside the run that takes its place."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
