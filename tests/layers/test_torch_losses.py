"""Values and gradients of every loss beside torch's."""

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from symbp.layers.dense import Dense
from symbp.losses.criterion import CRITERIA
from symbp.losses.loss import Loss
from symbp.network import Network
from tests.layers.test_torch import EXACT, NOISE, loaded, ordinary, shapes
from tests.layers.twins import predicted

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
