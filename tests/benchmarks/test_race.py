"""Who is timed in a race, in which order, and what becomes of the others."""

from dataclasses import replace
from itertools import pairwise

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
def raced(monkeypatch):
    """Races peers, of whom jax is not installed."""
    Fake.calls.clear()
    monkeypatch.setattr(racing, "Worker", Fake)
    monkeypatch.setattr(racing, "truth", lambda workload: RIGHT)
    absent = replace(racing.PEERS["jax"], needs="never_installed")
    here = dict.fromkeys(("torch", "autograd"), "")
    others = {name: replace(racing.PEERS[name], needs=needs) for name, needs in here.items()}
    monkeypatch.setattr(racing, "PEERS", {**racing.PEERS, "jax": absent, **others})
    return lambda *peers: racing.race(WORKLOAD, peers, 3, "wall")


@pytest.fixture
def done(raced):
    return raced("symbp", "handmade", "tutorial", "autograd", "torch", "jax")


def test_only_who_is_right_to_the_end_is_timed(done):
    assert set(done.timings) == {"symbp", "handmade"}
    assert set(done.wrong) == {"tutorial", "autograd", "torch"}
    assert done.wrong["torch"] == "no memory"
    assert done.wrong["tutorial"] == "ended with status 1"
    assert done.wrong["autograd"].startswith("loss 1 is 6, not 3")


def test_the_first_is_timed_before_and_after_each_of_the_others(done):
    # The first run is the one before the clock counts; the product has none.
    by_hand = done.timings["handmade"]
    assert by_hand.seconds == pytest.approx((2 / 2, 2 / 3, 2 / 4))
    assert by_hand.least == 2 / 4
    assert by_hand.median == pytest.approx(2 / 3)
    around = [(3 / k + 3 / (k + 1)) / 2 for k in (2, 6, 8)]
    compared = [b / s for b, s in zip(around, by_hand.seconds, strict=True)]
    assert by_hand.beside == pytest.approx(compared)
    assert done.ratio("symbp", "handmade") == pytest.approx(sorted(compared)[1])
    assert done.ratio("handmade", "symbp") == pytest.approx(1 / sorted(compared)[1])
    assert done.ratio("symbp", "symbp") == 1
    assert done.ratio("symbp", "jax") is None
    assert done.peak == product.FLOPS / (0.5 / 3)
    assert done.rate("handmade") == WORKLOAD.flops / (2 / 4)


def test_the_others_are_timed_without_the_first(raced):
    done = raced("tutorial", "handmade", "symbp")
    assert set(done.timings) == {"handmade", "symbp"}
    assert len(done.timings["handmade"].seconds) == 3
    assert done.ratio("symbp", "tutorial") is None
    alone = raced("torch", "autograd")
    assert alone.timings == {}
    assert alone.peak > 0


def test_peers_take_turns(done):
    before, after = Fake.calls[:3], Fake.calls[3:]
    assert {steps for _, steps, _ in before} == {7}
    assert {steps for name, steps, _ in after if name != "product"} == {5}
    others = [name for name, *_ in after if name != "symbp"]
    assert others[:3] == ["handmade", "tutorial", "product"]
    assert others[3:6] == ["tutorial", "product", "handmade"]
    assert others[6:] == ["product", "handmade"]
    timed = [name for name, *_ in after if name != "tutorial"]
    assert [(a, b) for a, b in pairwise(timed) if "symbp" not in (a, b)] == []
