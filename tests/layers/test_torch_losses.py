"""Values and gradients of every loss beside torch's."""

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from symbp.layers.dense import Dense
from symbp.layers.graph import Input, Node
from symbp.losses.criterion import CRITERIA, RELATIONS
from symbp.losses.loss import Loss
from symbp.network import Network
from tests.layers.test_torch import EXACT, NOISE, loaded, ordinary, shapes
from tests.layers.twins import outputs, predicted

pytestmark = [pytest.mark.torch, pytest.mark.slow]
F = torch.nn.functional


def binary_focal(y, d, s, gamma):
    """As torchvision's sigmoid_focal_loss without alpha."""
    right = y * d + (1 - y) * (1 - d)
    return (F.binary_cross_entropy(y, d, reduction="none") * (1 - right) ** gamma).sum()


def focal(y, d, s, gamma):
    right = (y * d).sum(-1)
    return ((1 - right) ** gamma * F.nll_loss(y.log(), d.argmax(-1), reduction="none")).sum()


def smoothed(y, d, s):
    """The logarithm of a softmax is a softmax's logit as well."""
    return F.cross_entropy(y.log(), d, label_smoothing=s, reduction="sum")


TWINS = {
    "half_squared_error": lambda y, d, s: F.mse_loss(y, d, reduction="sum") / 2,
    "mean_squared_error": lambda y, d, s: F.mse_loss(y, d, reduction="sum") / y.shape[-1],
    "absolute_error": lambda y, d, s: F.l1_loss(y, d, reduction="sum"),
    "huber": lambda y, d, s, kappa: F.huber_loss(y, d, reduction="sum", delta=kappa),
    "binary_cross_entropy": lambda y, d, s: F.binary_cross_entropy(
        y, (1 - s) * d + s / 2, reduction="sum"
    ),
    "categorical_cross_entropy": smoothed,
    "sparse_categorical_cross_entropy": smoothed,
    "hinge": lambda y, d, s: F.relu(1 - d * y).sum(),
    "squared_hinge": lambda y, d, s: F.relu(1 - d * y).square().sum(),
    "kl_divergence": lambda y, d, s: F.kl_div(y.log(), d, reduction="sum"),
    "focal": focal,
    "binary_focal": binary_focal,
}
LAST = {"half_squared_error": "tanh", "binary_cross_entropy": "sigmoid", "binary_focal": "sigmoid"}
OF_CLASSES = {"categorical_cross_entropy", "sparse_categorical_cross_entropy", "focal"}


def drawn(name, rng):
    """A network of two layers that ends in this loss."""
    of_classes = name in OF_CLASSES or name == "kl_divergence"
    last = LAST.get(name, "softmax" if of_classes else "identity")
    samples, read, hidden, units = rng.sample(range(2, 10), 4)
    criterion = CRITERIA[name]
    constants = {key: rng.uniform(1.5, 3) for key, _ in criterion.constants}
    smoothing = rng.choice((0.0, 0.1, 0.3)) if criterion.classes is not None else 0.0
    loss = Loss.of(name, rng.choice(("mean", "sum")), smoothing=smoothing, **constants)
    return Network.of("net", read, [Dense(hidden, "tanh"), Dense(units, last)], loss), samples


def test_every_loss_has_a_twin():
    assert set(TWINS) == set(CRITERIA)


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("name", TWINS)
def test_its_module_agrees_with_torch(name, number):
    network, samples = drawn(name, random.Random(f"{name} {number}"))
    module, rng = loaded(network), np.random.default_rng(number)
    params = {name: ordinary(rng, shape) for name, shape in module.SHAPES.items()}
    x, d = module.random_data(samples, number)
    if name == "kl_divergence":
        d = rng.dirichlet(np.ones(d.shape[1]), samples)
    ours = {name: torch.tensor(w, requires_grad=True) for name, w in params.items()}
    loss = network.loss
    y = predicted(network, ours, torch.tensor(x))
    E = TWINS[name](y, torch.tensor(d), loss.smoothing, **dict(loss.constants))
    E = E / (samples if loss.reduction == "mean" else 1)
    E.backward()
    given, grads = module.loss_and_grads(params, x, d)
    assert given == pytest.approx(E.item(), rel=EXACT)
    largest = max(w.grad.abs().max().item() for w in ours.values())
    for key, w in ours.items():
        wanted = w.grad.numpy()
        room = EXACT * np.abs(wanted).max() + NOISE * largest
        assert np.abs(grads[key] - wanted).max() <= room, key


@pytest.mark.parametrize("name", sorted(OF_CLASSES | {"kl_divergence"}))
@pytest.mark.filterwarnings("error")
def test_a_certain_prediction_has_finite_slopes(name):
    network = Network.of("net", 2, [Dense(3, "softmax")], name)
    module = loaded(network)
    x, d = module.random_data(3, 1)
    params = {key: np.zeros(shape) for key, shape in module.SHAPES.items()}
    params["b1"] = np.array([800.0, 0.0, -800.0])
    loss, grads = module.loss_and_grads(params, x, d)
    assert np.isfinite(loss)
    assert all(np.isfinite(g).all() for g in grads.values())


WEIGHTED = {
    "binary_cross_entropy": lambda y, d, s, c, how: (
        F.binary_cross_entropy_with_logits(
            torch.logit(y), (1 - s) * d + s / 2, pos_weight=c[1] / c[0], reduction="sum"
        )
        * c[0]
        / (len(y) if how == "mean" else 1)
    ),
    "categorical_cross_entropy": lambda y, d, s, c, how: F.cross_entropy(
        y.log(), d, weight=c, label_smoothing=s, reduction=how
    ),
    "sparse_categorical_cross_entropy": lambda y, d, s, c, how: F.cross_entropy(
        y.log(), d, weight=c, label_smoothing=s, reduction=how
    ),
}
"""The means of torch divide by what it divides by: of labels, by the sum of their weights."""


def agrees(module, params, data, ours, E):
    """The value and all gradients of ``module`` beside those of torch."""
    E.backward()
    given, grads = module.loss_and_grads(params, *data)
    assert given == pytest.approx(E.item(), rel=EXACT)
    assert module.loss(params, *data) == given
    largest = max(w.grad.abs().max().item() for w in ours.values())
    for key, w in ours.items():
        wanted = w.grad.numpy()
        room = EXACT * np.abs(wanted).max() + NOISE * largest
        assert np.abs(grads[key] - wanted).max() <= room, key


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("name", WEIGHTED)
def test_classes_count_as_torch_has_them(name, number):
    rng = random.Random(f"{name} {number}")
    samples, read, hidden, units = rng.sample(range(2, 10), 4)
    weights = [rng.uniform(0.2, 3) for _ in range(2 if name.startswith("binary") else units)]
    how, smoothing = rng.choice(("mean", "sum")), rng.choice((0.0, 0.2))
    loss = Loss.of(name, how, smoothing=smoothing, class_weights=weights)
    layers = [Dense(hidden, "tanh"), Dense(units, LAST.get(name, "softmax"))]
    network = Network.of("net", read, layers, loss)
    module, draw = loaded(network), np.random.default_rng(number)
    params = {key: ordinary(draw, shape) for key, shape in module.SHAPES.items()}
    x, d = module.random_data(samples, number)
    if name.startswith("categorical"):
        d = draw.dirichlet(np.ones(units), samples)
    ours = {key: torch.tensor(w, requires_grad=True) for key, w in params.items()}
    y = predicted(network, ours, torch.tensor(x))
    counts = torch.tensor(weights, dtype=torch.float64)
    E = WEIGHTED[name](y, torch.tensor(d), smoothing, counts, how)
    agrees(module, params, (x, d), ours, E)


def test_weights_of_the_labels_of_each_time():
    """Samples and times are weighted together, as torch does with classes on axis 1."""
    loss = Loss.of("sparse_categorical_cross_entropy", class_weights=(0.5, 2.0, 1.5))
    network = Network.of("net", (5, 4), [Dense(3, "softmax")], loss)
    module, rng = loaded(network), np.random.default_rng(0)
    params = {key: ordinary(rng, shape) for key, shape in module.SHAPES.items()}
    x, t = module.random_data(7, 1)
    ours = {key: torch.tensor(w, requires_grad=True) for key, w in params.items()}
    y = predicted(network, ours, torch.tensor(x))
    weights = torch.tensor(loss.class_weights, dtype=torch.float64)
    E = F.cross_entropy(y.log().movedim(-1, 1), torch.tensor(t), weight=weights)
    agrees(module, params, (x, t), ours, E)


def test_training_in_single_precision_stays_in_it():
    loss = Loss.of("sparse_categorical_cross_entropy", class_weights=(0.5, 2.0, 1.5))
    module = loaded(Network.of("net", 4, [Dense(3, "softmax")], loss))
    x, t = module.random_data(7, 1)
    params, _ = module.train(x, t, epochs=2, dtype=np.float32)
    assert {w.dtype for w in params.values()} == {np.dtype(np.float32)}


def cosine(a, b):
    return F.cosine_similarity(a, b, dim=-1, eps=0)


def distance(a, b):
    return (a - b + 1e-6).square().sum(-1)


RELATED = {
    "triplet_margin": lambda zs, d, c: F.triplet_margin_loss(
        *zs, margin=c["margin"], reduction="sum"
    ),
    "squared_triplet_margin": lambda zs, d, c: F.relu(
        distance(zs[0], zs[1]) - distance(zs[0], zs[2]) + c["margin"]
    ).sum(),
    "cosine_distance": lambda zs, d, c: (1 - cosine(zs[0], d)).sum(),
    "cosine_embedding": lambda zs, d, c: F.cosine_embedding_loss(
        *zs, d, margin=c["margin"], reduction="sum"
    ),
}


def test_every_relation_has_a_twin():
    assert set(RELATED) == set(RELATIONS)


def related(name, rng):
    """Inputs through one network that all of them share, and a loss of what it makes of them."""
    samples, read, hidden, units = rng.sample(range(3, 10), 4)
    count = len(RELATIONS[name].relation.reads)
    names = ("anchor", "positive", "negative")[:count]
    nodes = []
    for name_ in names:
        first = name_ == "anchor"
        nodes += [
            Node(Dense(hidden, "tanh"), (name_,), f"h_{name_}", "" if first else "h_anchor"),
            Node(Dense(units), (f"h_{name_}",), f"z_{name_}", "" if first else "z_anchor"),
        ]
    margin = (
        {"margin": rng.uniform(0.1, 0.9)} if "margin" in dict(RELATIONS[name].constants) else {}
    )
    reads = tuple(f"z_{each}" for each in names)
    loss = Loss.of(name, rng.choice(("mean", "sum")), reads=reads, **margin)
    inputs = tuple(Input(each, (read,)) for each in names)
    return Network.of("net", inputs if count > 1 else read, nodes_of(nodes, count), loss), samples


def nodes_of(nodes, count):
    """The nodes; of the only input there is no name to read."""
    return nodes if count > 1 else [Node(nodes[0].layer, (), "h_anchor"), *nodes[1:]]


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("name", RELATED)
def test_outputs_compared_with_each_other_agree_with_torch(name, number):
    network, samples = related(name, random.Random(f"{name} {number}"))
    module, rng = loaded(network), np.random.default_rng(number)
    params = {key: ordinary(rng, shape) for key, shape in module.SHAPES.items()}
    data = module.random_data(samples, number)
    ours = {key: torch.tensor(w, requires_grad=True) for key, w in params.items()}
    loss, count = network.loss, len(network.graph.inputs)
    values = outputs(network, ours, [torch.tensor(x) for x in data[:count]])
    target = torch.tensor(data[count]) if len(data) > count else None
    if target is not None:
        assert len(np.unique(data[count])) > 1
    E = RELATED[name]([values[each] for each in loss.reads], target, dict(loss.constants))
    agrees(module, params, data, ours, E / (samples if loss.reduction == "mean" else 1))


def test_a_margin_that_is_kept_has_no_slope():
    """At the kink, where the margin is kept exactly, the slope is 0, too."""
    inputs = tuple(Input(each, (1,)) for each in ("one", "two", "three"))
    nodes = [
        Node(Dense(1), ("one",), "p"),
        Node(Dense(1), ("two",), "q", share="p"),
        Node(Dense(1), ("three",), "r", share="p"),
    ]
    loss = Loss.of("squared_triplet_margin", reads=("p", "q", "r"), margin=3.0)
    module = loaded(Network.of("net", inputs, nodes, loss))
    params = {"w1": np.array([[1.0]]), "b1": np.array([0.0])}
    step = 1e-6  # what the squares are shifted by
    for far, slope in ((2.0, 0.0), (2.5, 0.0), (1.5, 1.0)):
        data = ([[0.0]], [[1.0 + step]], [[far + step]])
        E, grads = module.loss_and_grads(params, *map(np.array, data))
        assert pytest.approx(max(0.0, 4 - far**2), abs=1e-15) == E
        assert (abs(grads["w1"]).max() > 0) == bool(slope)


def test_equal_outputs_have_finite_slopes():
    inputs = tuple(Input(each, (2,)) for each in ("one", "two", "three"))
    nodes = [
        Node(Dense(3), ("one",), "p"),
        Node(Dense(3), ("two",), "q", share="p"),
        Node(Dense(3), ("three",), "r", share="p"),
    ]
    loss = Loss.of("triplet_margin", reads=("p", "q", "r"))
    module = loaded(Network.of("net", inputs, nodes, loss))
    same = np.ones((4, 2))
    _, grads = module.loss_and_grads(module.init_params(), same, same, same)
    assert all(np.isfinite(g).all() for g in grads.values())
