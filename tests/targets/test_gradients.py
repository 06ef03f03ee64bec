"""Gradients of generated modules, beside those of an independent automatic differentiation."""

import types

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.special import erf, logsumexp
from hypothesis import given, settings
from hypothesis import strategies as st

from symbp.activations.table import ACTIVATIONS
from symbp.errors import SpecErrors
from symbp.layers.dense import Dense
from symbp.losses.criterion import CRITERIA
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.targets.numpy.module import NumpyTarget
from tests.targets.planning import planned

REFERENCE = {
    "identity": lambda u: u,
    "sigmoid": lambda u: 1 / (1 + anp.exp(-u)),
    "tanh": anp.tanh,
    "relu": lambda u: anp.where(u > 0, u, 0 * u),
    "leaky_relu": lambda u: anp.where(u > 0, u, 0.01 * u),
    "elu": lambda u: anp.where(u > 0, u, anp.exp(u) - 1),
    "softplus": lambda u: anp.log(1 + anp.exp(u)),
    "gelu": lambda u: u * (1 + erf(u / np.sqrt(2))) / 2,
    "silu": lambda u: u / (1 + anp.exp(-u)),
    "softmax": lambda u: anp.exp(u - logsumexp(u, axis=1, keepdims=True)),
}
ERRORS = {
    "half_squared_error": lambda y, d: anp.sum((y - d) ** 2) / 2,
    "mean_squared_error": lambda y, d: anp.sum((y - d) ** 2) / y.shape[1],
    "absolute_error": lambda y, d: anp.sum(anp.abs(y - d)),
    "huber": lambda y, d: anp.sum(
        anp.where(anp.abs(y - d) <= 1, (y - d) ** 2 / 2, anp.abs(y - d) - 0.5)
    ),
    "binary_cross_entropy": lambda y, d: -anp.sum(d * anp.log(y) + (1 - d) * anp.log(1 - y)),
    "categorical_cross_entropy": lambda y, d: -anp.sum(d * anp.log(y)),
    "sparse_categorical_cross_entropy": lambda y, d: -anp.sum(anp.log(y[anp.arange(len(y)), d])),
}
ALL = [name for name in ACTIVATIONS if name != "general"]


def module_of(network, **options):
    text = NumpyTarget().module(planned(network, **options))
    module = types.ModuleType(network.name)
    exec(compile(text, network.name, "exec"), module.__dict__)  # noqa: S102 - generated above
    return module


def reference(network, params, x, d):
    z, penalty = x, 0.0
    for place, layer in enumerate(network.layers, 1):
        z = z @ params[f"w{place}"]
        z = REFERENCE[layer.activation.name](z + params[f"b{place}"] if layer.bias else z)
        penalty = penalty + network.loss.l2 / 2 * anp.sum(params[f"w{place}"] ** 2)
    whole = ERRORS[network.loss.criterion.name](z, d)
    return whole / (len(x) if network.loss.reduction == "mean" else 1) + penalty


def agree(network, seed=0, count=5):
    module = module_of(network)
    rng = np.random.default_rng(seed)
    params = {k: w + 0.1 * rng.normal(size=w.shape) for k, w in module.init_params(seed).items()}
    x, d = module.random_data(count, seed)
    value, grads = module.loss_and_grads(params, x, d)
    assert value == pytest.approx(reference(network, params, x, d), rel=1e-10)
    assert module.loss(params, x, d) == value
    exact = autograd.grad(lambda p: reference(network, p, x, d))(params)
    for name, grad in grads.items():
        assert grad.shape == module.SHAPES[name]
        np.testing.assert_allclose(grad, exact[name], rtol=1e-10, atol=1e-10, err_msg=name)


def fits(activation, loss):
    try:
        Network.of("fits", 3, [Dense(2, activation)], loss)
    except SpecErrors:
        return False
    return True


@pytest.mark.parametrize("loss", CRITERIA)
@pytest.mark.parametrize("activation", ALL)
def test_every_activation_under_every_loss(activation, loss):
    if not fits(activation, loss):
        pytest.skip("the loss makes no sense for these outputs")
    agree(Network.of("pair", 3, [Dense(4, activation), Dense(2, activation)], loss))


@st.composite
def networks(draw):
    depth = draw(st.integers(1, 6))
    widths = draw(st.permutations(range(2, 2 + depth + 1)))
    name = draw(st.sampled_from(list(CRITERIA)))
    last = draw(st.sampled_from([a for a in ALL if fits(a, name)]))
    kinds = [draw(st.sampled_from(ALL)) for _ in range(depth - 1)] + [last]
    layers = [Dense(n, a, draw(st.booleans())) for n, a in zip(widths[1:], kinds, strict=True)]
    reduction = draw(st.sampled_from(["mean", "sum"]))
    return Network.of(
        "drawn", widths[0], layers, Loss.of(name, reduction, draw(st.sampled_from([0, 0.1])))
    )


@pytest.mark.slow
@settings(max_examples=200, report_multiple_bugs=False)
@given(networks(), st.integers(0, 99))
def test_random_networks(network, seed):
    agree(network, seed)
