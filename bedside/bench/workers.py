"""Worker processes, each with one thread of linear algebra."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def workers(jobs: int) -> ProcessPoolExecutor:
    """Return a pool of fresh processes.

    More threads would only take turns on the same cores, and would count as processor time
    while they wait; numpy reads the variable once, so the processes start anew.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
