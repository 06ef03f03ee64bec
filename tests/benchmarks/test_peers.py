"""The peers of the benchmark do what they are timed for."""

from dataclasses import replace

import numpy as np
import pytest

from tests.benchmarks.oracle import faults, followed, truth
from tests.benchmarks.peers import emit, generated
from tests.benchmarks.peers.table import PEERS
from tests.benchmarks.worker import Failed, Worker
from tests.benchmarks.workloads import SMALL, WORKLOADS

OURS = ("symbp", "handmade", "tutorial")
COMPILED = ("W2", "W4", "LSTM", "transformer")
"""What jax takes long to compile; a run of the benchmark compares it as well."""


def others():
    """Who is no NumPy of ours, with what it has."""
    for name in (name for name in PEERS if name not in OURS):
        marks = [pytest.mark.torch] if PEERS[name].needs == "torch" else []
        for workload in (each for each in SMALL if PEERS[name].can(SMALL[each])):
            long = [pytest.mark.long] if name == "jax" and workload in COMPILED else []
            yield pytest.param(name, workload, marks=marks + long)


@pytest.fixture(autouse=True)
def _written_here(monkeypatch):
    """Modules are written in this process, which has SymPy already."""
    monkeypatch.setattr(generated, "text", emit.emit)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("peer", OURS)
def test_what_is_written_in_numpy_is_right(peer, name):
    """In float64, so that nothing hides behind rounding."""
    workload = replace(SMALL[name], dtype="float64")
    made = PEERS[peer].make(workload, workload.start())
    assert faults(followed(made, workload), truth(workload), workload) == []


@pytest.mark.parametrize(("peer", "name"), list(others()))
def test_what_others_compute_is_the_same(peer, name):
    workload = SMALL[name]
    pytest.importorskip(PEERS[peer].needs)
    made = PEERS[peer].make(workload, workload.start())
    assert faults(followed(made, workload), truth(workload), workload) == []


@pytest.mark.parametrize("name", SMALL)
def test_single_precision_is_kept(name):
    workload = replace(SMALL[name], dtype="float32")
    for peer in OURS:
        found = followed(PEERS[peer].make(workload, workload.start()), workload).parameters
        assert {w.dtype for w in found.values()} == {np.dtype("float32")}, peer


def test_a_peer_that_is_wrong_is_found_out():
    """A rate that is off by a thousandth, and a loss that is."""
    workload = replace(SMALL["W2"], dtype="float64")
    other = replace(workload, rate=1.001 * workload.rate)
    right = truth(workload)
    said = faults(followed(PEERS["handmade"].make(other, other.start()), other), right, workload)
    assert {line.split()[0] for line in said} == {*workload.network.shapes, "loss"}
    late = replace(right, losses=(1.001 * right.losses[0], *right.losses[1:]))
    assert len(faults(late, right, workload)) == 1


@pytest.mark.parametrize("name", SMALL)
def test_all_parameters_have_the_shapes_of_the_module(name):
    workload = SMALL[name]
    made = generated.module(workload.network, workload.optimizer)
    assert list(made.SHAPES.items()) == list(workload.network.shapes.items())


def test_operations_are_counted():
    assert WORKLOADS["W2"].flops == 2 * 32 * (2 * 784 * 128 + 3 * (128 * 64 + 64 * 10))
    first = 8 * 25 * 24 * 24
    assert WORKLOADS["W5"].flops == 64 * (2 * first + 3 * (16 * 8 * 25 * 64 + 256 * 10))


def test_moments_never_become_subnormal():
    """A gradient of 0 lets m shrink; before it is subnormal, it is 0."""
    from tests.benchmarks.peers.flat import Adam, Flat

    flat = Flat({"w": (3,)}, "float32")
    optimizer = Adam(flat, 0.01)
    smallest = np.finfo("float32").tiny
    for step in range(1100):
        flat.g[:] = [1e-3, -1e-6, 0] if step == 0 else 0
        optimizer.step()
        m = np.abs(optimizer.m)
        assert not np.any((m > 0) & (m < smallest))
    assert not optimizer.m.any()


def test_large_vectors_are_updated_in_slices():
    from tests.benchmarks.peers.flat import LARGE, Flat, Momentum

    flat = Flat({"a": (LARGE,), "b": (5, 3)}, "float32")
    optimizer = Momentum(flat, 0.5)
    assert len(optimizer.parts) == LARGE // (1 << 16) + 1
    for number in (1, 2):
        flat.g[:] = optimizer.factor * number
        optimizer.step()
    np.testing.assert_allclose(flat.blocks["b"], np.full((5, 3), -0.5 - (0.45 + 1)), rtol=1e-6)


def test_a_worker_keeps_its_state_and_tells_its_errors():
    workload = SMALL["W1"]
    worker = Worker("handmade", workload)
    right = truth(workload)
    assert faults(worker.ask("follow"), right, workload) == []
    assert worker.ask("run", 3, "wall") > 0
    assert faults(worker.ask("follow"), right, workload)  # it has gone on
    assert 1 < worker.ask("memory") < 1000
    with pytest.raises(Failed, match="AttributeError"):
        worker.ask("jump")
    worker.close()


class Made:
    """A module with a class for training, as one that is generated may have."""

    class Trainer:
        def __init__(self, params, optimizer, rate):
            self.params, self.told = params, (optimizer, rate)

        def step(self, x, d):
            self.params["w"] += x
            return d


def test_a_trainer_is_used_where_the_module_has_one(monkeypatch):
    monkeypatch.setattr(generated, "module", lambda network, optimizer: Made)
    peer = generated.Generated(SMALL["W3"], {"w": np.ones(2)})
    assert peer.step(0.5, 7.0) == 7.0
    assert peer.trainer.made.told == ("momentum", SMALL["W3"].rate)
    np.testing.assert_array_equal(peer.parameters()["w"], [1.5, 1.5])
