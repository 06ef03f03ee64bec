"""Who is timed in a race, in which order, and what becomes of the others."""

from dataclasses import replace

import pytest

from tests.benchmarks import race as racing
from tests.benchmarks.oracle import Outcome
from tests.benchmarks.peers import product
from tests.benchmarks.worker import Failed
from tests.benchmarks.workloads import SMALL

WORKLOAD = replace(SMALL["W1"], block=5, before=7)
PACES = {"symbp": 3.0, "handmade": 2.0, "tutorial": 1.0, "product": 0.5}
RIGHT = Outcome((3.0, 2.0), {name: w + 0.1 for name, w in WORKLOAD.start().items()})


class Fake:
    """A worker that is no process; ``calls`` are all requests for steps."""

    calls = []  # noqa: RUF012 - emptied by each test

    def __init__(self, peer, workload):
        if peer == "torch":
            raise Failed("no memory")
        self.peer, self.runs, self.is_closed = peer, 0, False

    def ask(self, what, *given):
        return getattr(self, what)(*given)

    def follow(self):
        losses = tuple(2 * loss for loss in RIGHT.losses)
        return Outcome(losses, RIGHT.parameters) if self.peer == "autograd" else RIGHT

    def run(self, steps, clock):
        self.calls.append((self.peer, steps, clock))
        self.runs += 1
        if self.peer == "tutorial" and self.runs == 3:
            raise Failed("ended with status 1")
        return steps * PACES[self.peer] / self.runs

    def memory(self):
        return 50.0

    def close(self):
        self.is_closed = True


@pytest.fixture
def done(monkeypatch):
    Fake.calls.clear()
    monkeypatch.setattr(racing, "Worker", Fake)
    monkeypatch.setattr(racing, "truth", lambda workload: RIGHT)
    absent = replace(racing.PEERS["jax"], needs="never_installed")
    here = dict.fromkeys(("torch", "autograd"), "")
    others = {name: replace(racing.PEERS[name], needs=needs) for name, needs in here.items()}
    monkeypatch.setattr(racing, "PEERS", {**racing.PEERS, "jax": absent, **others})
    peers = ("symbp", "handmade", "tutorial", "autograd", "torch", "jax")
    return racing.race(WORKLOAD, peers, 3, "wall")


def test_only_who_is_right_to_the_end_is_timed(done):
    assert set(done.timings) == {"symbp", "handmade"}
    assert set(done.wrong) == {"tutorial", "autograd", "torch"}
    assert done.wrong["torch"] == "no memory"
    assert done.wrong["tutorial"] == "ended with status 1"
    assert done.wrong["autograd"].startswith("loss 1 is 6, not 3")


def test_the_least_of_the_rounds_counts(done):
    # The first run is the one before the clock counts; the product has none.
    assert done.timings["symbp"].seconds == (3 / 2, 3 / 3, 3 / 4)
    assert done.timings["symbp"].median == 3 / 3
    assert done.ratio("symbp", "handmade") == pytest.approx(1.5)
    assert done.ratio("symbp", "jax") is None
    assert done.peak == product.FLOPS / (0.5 / 3)
    assert done.rate("handmade") == WORKLOAD.flops / (2 / 4)


def test_peers_take_turns(done):
    before, first, second, third = Fake.calls[:3], *(Fake.calls[k : k + 4] for k in (3, 7, 11))
    assert {steps for _, steps, _ in before} == {7}
    assert [name for name, *_ in first] == ["symbp", "handmade", "tutorial", "product"]
    assert [name for name, *_ in second] == ["handmade", "tutorial", "product", "symbp"]
    assert [name for name, *_ in third] == ["product", "symbp", "handmade"]
    assert {steps for name, steps, _ in first if name != "product"} == {5}
