"""Several inputs and several losses: predictions, losses and gradients beside torch's.

All sizes are different; parameters are normal numbers.
"""

import random
import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from symbp.layers.dense import Dense
from symbp.layers.dropout import Dropout
from symbp.layers.embedding import Embedding
from symbp.layers.graph import Input, Node
from symbp.layers.normalisation import BatchNorm
from symbp.layers.recurrent import LSTM
from symbp.layers.shapes import Add, Concatenate
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.pipeline import derive
from tests.layers.test_torch import EXACT, NOISE, loaded, ordinary, shapes
from tests.layers.twins import outputs

pytestmark = [pytest.mark.torch, pytest.mark.slow]
F = torch.nn.functional


def two_inputs(rng):
    left, right, one, other, out = rng.sample(range(2, 10), 5)
    nodes = [
        Node(Dense(one, "tanh"), ("left",), "a"),
        Node(Dense(other, "sigmoid"), ("right",), "b"),
        Node(Concatenate(), ("a", "b")),
        Dense(out),
    ]
    return (Input("left", (left,)), Input("right", (right,))), nodes, "half_squared_error"


def three_added(rng):
    sizes = rng.sample(range(2, 10), 4)
    names = ("x", "y", "seed")
    inputs = tuple(Input(name, (n,)) for name, n in zip(names, sizes, strict=False))
    nodes = [Node(Dense(sizes[3], "tanh"), (name,), f"of_{name}") for name in names]
    nodes.append(Node(Add(), tuple(f"of_{name}" for name in names)))
    return inputs, nodes, "half_squared_error"


def two_losses(rng):
    read, trunk, classes, others = rng.sample(range(2, 10), 4)
    nodes = [
        Node(Dense(trunk, "tanh"), name="trunk"),
        Node(Dense(classes, "softmax"), ("trunk",), "which"),
        Node(Dense(others, "sigmoid"), ("trunk",), "marks"),
    ]
    losses = [
        Loss.of("sparse_categorical_cross_entropy", reads=("which",), weight=0.3),
        Loss.of("binary_cross_entropy", rng.choice(("mean", "sum")), reads=("marks",), weight=1.7),
    ]
    return read, nodes, losses


def loss_on_the_way(rng):
    """A loss of a layer that others read, a penalty, and two losses of one kind."""
    read, trunk, out, more = rng.sample(range(2, 10), 4)
    nodes = [
        Node(Dense(trunk, "tanh"), name="trunk"),
        Node(Dense(out), name="out"),
        Node(Dense(more, "tanh"), ("trunk",), "more"),
    ]
    losses = [
        Loss.of("huber", reads=("trunk",), weight=2, kappa=0.4),
        Loss.of("half_squared_error", reads=("out",), l2=0.03),
        Loss.of("huber", reads=("more",), weight=0.5, kappa=0.7),
    ]
    return read, nodes, losses


def losses_of_sequences(rng):
    """Predictions of each time and of the whole, from two inputs."""
    times, left, units, right, classes, out = rng.sample(range(2, 10), 6)
    nodes = [
        Node(LSTM(units), ("left",), "states"),
        Node(Dense(classes, "softmax"), ("states",), "tags"),
        Node(Dense(out, "tanh"), ("right",), "whole"),
        Node(Dense(units, "tanh"), ("whole",), "again"),
        Node(Dense(classes), ("again",), "last"),
    ]
    losses = [
        Loss.of("sparse_categorical_cross_entropy", reads=("tags",), weight=0.4),
        Loss.of("absolute_error", reads=("last",)),
    ]
    return (Input("left", (times, left)), Input("right", (right,))), nodes, losses


NETWORKS = {
    "two inputs": two_inputs,
    "three inputs added": three_added,
    "two losses": two_losses,
    "a loss on the way": loss_on_the_way,
    "losses of sequences": losses_of_sequences,
}

COSTS = {
    "half_squared_error": lambda y, d, c: F.mse_loss(y, d, reduction="sum") / 2,
    "absolute_error": lambda y, d, c: F.l1_loss(y, d, reduction="sum"),
    "huber": lambda y, d, c: F.huber_loss(y, d, reduction="sum", delta=c["kappa"]),
    "binary_cross_entropy": lambda y, d, c: F.binary_cross_entropy(y, d, reduction="sum"),
    "sparse_categorical_cross_entropy": lambda y, d, c: F.nll_loss(
        y.log().flatten(0, -2), d.flatten(), reduction="sum"
    ),
}


def cost(network, params, inputs, targets):
    """E in torch."""
    values = outputs(network, params, inputs)
    *_, last = values
    E = torch.tensor(0.0, dtype=torch.float64)
    for head in network.heads:
        loss = head.loss
        y = values[loss.reads[0] if loss.reads else last]
        part = COSTS[loss.criterion.name](y, targets[head.target], dict(loss.constants))
        count = 1 if loss.reduction == "sum" else y.numel() / y.shape[-1]
        E = E + loss.weight * part / count
        weights = [w for name, w in params.items() if name.startswith("w")]
        E = E + loss.l2 / 2 * sum((w**2).sum() for w in weights)
    return E


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("name", NETWORKS)
def test_its_module_agrees_with_torch(name, number):
    draw = random.Random(f"{name} {number}")
    network = Network.of("net", *NETWORKS[name](draw))
    module, rng = loaded(network), np.random.default_rng(number)
    params = {key: ordinary(rng, shape) for key, shape in module.SHAPES.items()}
    samples = 11
    data = module.random_data(samples, number)
    count = len(network.graph.inputs)
    ours = {key: torch.tensor(w, requires_grad=True) for key, w in params.items()}
    inputs = [torch.tensor(x) for x in data[:count]]
    goals = dict.fromkeys(head.target for head in network.heads)
    targets = dict(zip(goals, map(torch.tensor, data[count:]), strict=True))
    E = cost(network, ours, inputs, targets)
    E.backward()
    given, grads = module.loss_and_grads(params, *data)
    assert given == pytest.approx(E.item(), rel=EXACT)
    assert module.loss(params, *data) == pytest.approx(E.item(), rel=EXACT)
    if len(network.losses) > 1:
        terms = module.terms(params, *data)
        parts = [h.loss.weight * terms[f"D{h.number}"] for h in network.heads]
        penalty = sum(h.loss.l2 for h in network.heads) / 2
        squares = sum((w**2).sum() for key, w in params.items() if key.startswith("w"))
        assert sum(parts) + penalty * squares == pytest.approx(E.item(), rel=EXACT)
    largest = max(w.grad.abs().max().item() for w in ours.values())
    for key, w in ours.items():
        wanted = w.grad.numpy()
        room = EXACT * np.abs(wanted).max() + NOISE * largest
        assert grads[key].shape == wanted.shape
        assert np.abs(grads[key] - wanted).max() <= room, key
    values = outputs(network, ours, inputs)
    found = module.predict(params, *data[:count])
    found = found if isinstance(found, tuple) else (found,)
    reads = dict.fromkeys(loss.reads[0] if loss.reads else [*values][-1] for loss in network.losses)
    for y, key in zip(found, reads, strict=True):
        np.testing.assert_allclose(y, values[key].detach(), rtol=1e-12, atol=1e-13)


def test_mini_batches_take_the_same_samples_of_everything():
    """What fits the samples as they are paired cannot be learnt from other pairs."""
    nodes = [
        Node(Dense(1), ("left",), "p"),
        Node(Dense(1), ("right",), "q"),
        Node(Add(), ("p", "q")),
    ]
    network = Network.of("net", (Input("left", (3,)), Input("right", (2,))), nodes)
    module, rng = loaded(network), np.random.default_rng(0)
    a, b = rng.normal(size=(60, 3)), rng.normal(size=(60, 2))
    d = a @ [[1.0], [2.0], [-1.0]] + b @ [[0.5], [3.0]] + 0.25
    how = {"rate": 0.1, "epochs": 80, "batch_size": 7, "split": 0.25, "patience": 80}
    params, history = module.train(a, b, d, **how)
    assert history["loss"][-1] < 1e-6
    assert history["validation"][-1] < 1e-6
    np.testing.assert_allclose(module.predict(params, a, b), d, atol=1e-2)


BOTH = Network.of(
    "both",
    (Input("words", (5,), 7), Input("speed", (4,))),
    [
        Node(Embedding(3), ("words",)),
        Node(LSTM(6)),
        Node(Dense(2, "softmax"), name="tags"),
        Node(Dense(5, bias=False), ("speed",)),
        BatchNorm(),
        Dropout(0.2),
        Node(Dense(3, "sigmoid"), name="marks"),
    ],
    [
        Loss.of("sparse_categorical_cross_entropy", reads=("tags",), weight=0.5),
        Loss.of("binary_cross_entropy", reads=("marks",)),
    ],
)


@pytest.fixture(scope="module")
def both():
    return loaded(BOTH)


def test_states_and_masks_of_several(both):
    data = both.random_data(9)
    params, history = both.train(*data, epochs=30, batch_size=4, split=0.3, optimizer="adam")
    assert history["loss"][-1] < history["loss"][0]
    assert not np.array_equal(params["m5"], both.init_params()["m5"])
    assert set(both.accuracy(params, *data)) == {"t3", "d7"}
    found = both.predict(params, *data[:2])
    assert (found.z3.shape, found.z7.shape) == ((9, 5, 2), (9, 3))
    errors = both.check_gradients(params, *data)
    assert max(errors.values()) < 1e-6


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"words": np.zeros((9, 4))}, "words must have the shape ('N', 5), not (9, 4)"),
        ({"words": np.full((9, 5), 7)}, "the tokens in words must be whole numbers from 0 to 6"),
        ({"speed": np.zeros((8, 4))}, "as many samples of each input, not 9 of words, 8 of speed"),
        ({"speed": "text"}, "speed must hold numbers"),
        ({"t3": np.full((9, 5), 2)}, "the labels in t3 must be whole numbers from 0 to 1"),
        ({"t3": np.zeros(9)}, "t3 must have the shape (9, 5), not (9,)"),
        ({"d7": np.full((9, 3), 1.5)}, "d7 must lie from 0 to 1"),
        ({"d7": np.full((8, 3), 1)}, "d7 must have the shape (9, 3), not (8, 3)"),
    ],
)
def test_bad_data_is_told_by_name(both, change, told):
    data = dict(zip(("words", "speed", "t3", "d7"), both.random_data(9), strict=True))
    with pytest.raises(both.InputError) as wrong:
        both.train(*(data | change).values(), epochs=1)
    assert told in str(wrong.value)


def test_the_command_line_takes_a_file_with_these_names(tmp_path):
    network = Network.of("net", *two_inputs(random.Random(1)))
    path = tmp_path / "net_numpy.py"
    path.write_text(derive(network).emit(), encoding="utf-8")
    module = loaded(network)
    left, right, d = module.random_data(6)
    np.savez(tmp_path / "samples.npz", left=left, right=right, d=d)
    np.savez(tmp_path / "few.npz", left=left, d=d)

    def run(*words):
        script = [sys.executable, path.name, *words]
        return subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run("train", "samples.npz", "--epochs", "5").returncode == 0
    told = run("predict", "samples.npz")
    rows = np.loadtxt(told.stdout.splitlines(), delimiter=",", ndmin=2)
    params = module.load(tmp_path / "net.npz")
    np.testing.assert_allclose(rows, module.predict(params, left, right), rtol=1e-4, atol=1e-5)
    assert run("check").returncode == 0
    lacking = run("train", "few.npz")
    assert lacking.returncode == 2
    assert "few.npz lacks the array right; it holds left, d" in lacking.stderr


def test_validation_sees_all_that_the_loss_needs():
    """A softmax is never computed by itself: its logarithm is that of what stands before it."""
    nodes = [Dense(5, "tanh"), Dropout(0.3), Dense(4, "softmax")]
    module = loaded(Network.of("net", 6, nodes, "categorical_cross_entropy"))
    x, d = module.random_data(12)
    params, history = module.train(x, d, epochs=2, validation=(x, d))
    expected = -(d * np.log(module.predict(params, x))).sum() / 12
    assert history["validation"][-1] == pytest.approx(expected, rel=1e-12)


def test_one_sample_at_a_time_gives_what_a_batch_does():
    inputs, nodes, losses = two_losses(random.Random(4))
    means = [Loss.of(each.criterion.name, reads=each.reads, weight=each.weight) for each in losses]
    batch, alone = (
        loaded(Network.of("net", inputs, nodes, means, batch=one)) for one in (True, False)
    )
    data = batch.random_data(6)
    params = batch.init_params(3)
    E, grads = batch.loss_and_grads(params, *data)
    value, each = alone.rows_loss_and_grads(params, *data)
    assert value == pytest.approx(E, rel=1e-12)
    for name, grad in grads.items():
        np.testing.assert_allclose(each[name], grad, rtol=1e-9, atol=1e-14)
    for one, other in zip(
        batch.predict(params, data[0]), alone.predict(params, data[0]), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-12)
