"""A process that is one peer: it keeps its state, and runs a block of steps when it is asked.

Requests and answers are pickles on standard input and output. One thread: the environment says so
before anything is imported, and those who do not listen to it are told.
"""

from __future__ import annotations

import itertools
import os
import pickle
import re
import resource
import subprocess
import sys
import time
import traceback
from pathlib import Path
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).parents[2]
ONE_THREAD = MappingProxyType(
    {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "NPROC": "1",  # the pool of threads that XLA makes
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
        "JAX_PLATFORMS": "cpu",
    }
)

CLOCKS = MappingProxyType({"wall": time.perf_counter, "processor": time.process_time})
"""Processor time, of all threads together, is what counts where others use the machine."""


class Failed(Exception):
    """What a worker says of an error of its own, a line."""


class Worker:
    """A peer in another process. Raises Failed where that cannot go on."""

    def __init__(self, peer: str, workload: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.worker"],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.ask("make", peer, workload)

    def ask(self, what: str, *given: Any) -> Any:
        """The answer to a request, one of the methods of ``Work``."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            pickle.dump((what, given), self.process.stdin)
            self.process.stdin.flush()
            is_right, answer = pickle.load(self.process.stdout)
        except (EOFError, BrokenPipeError):
            raise Failed(f"ended with status {self.process.wait()}") from None
        if not is_right:
            raise Failed(answer)
        return answer

    def close(self) -> None:
        self.process.communicate()


class Work:
    """What is asked of a worker."""

    def make(self, peer: str, workload: Any) -> None:
        from tests.benchmarks.peers.table import PEERS, PRODUCT

        entry = PEERS.get(peer, PRODUCT)
        if entry.needs == "torch":
            import torch

            torch.set_num_threads(1)
        self.workload, self.peer = workload, entry.make(workload, workload.start())
        self.batches = [self.peer.batch(x, d) for x, d in workload.batches()]
        self.turns = itertools.cycle(self.batches)

    def follow(self) -> Any:
        """The outcome of the first steps."""
        from tests.benchmarks.oracle import followed

        return followed(self.peer, self.workload, self.batches)

    def run(self, steps: int, clock: str) -> float:
        """The seconds that so many steps take by one of ``CLOCKS``, with the last loss."""
        turns, step = self.turns, self.peer.step
        loss: Any = 0.0
        now = CLOCKS[clock]
        begin = now()
        for x, d in itertools.islice(turns, steps):
            loss = step(x, d)
        float(loss)
        return now() - begin

    def memory(self) -> float:
        """The most memory that this process ever held, in MiB."""
        status = Path("/proc/self/status")
        if status.exists():  # ru_maxrss also remembers what the process was before it was this one
            found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
            if found:
                return int(found[1]) / 1024
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def serve() -> None:
    """Answer until there are no more requests."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    work = Work()
    while True:
        try:
            what, given = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = True, getattr(work, what)(*given)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side is told
            line = traceback.format_exception_only(error)[-1].strip()
            answer = False, line
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    serve()
