"""Gradients of generated modules, beside those of an independent automatic differentiation.

And beside the equations themselves in numbers of fifty digits: once as they were derived,
once by forward-mode differentiation of the forward equations, which uses no derivation at all.
"""

import types

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.special import erf, logsumexp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbp.equations.calculus import Partial
from symbp.equations.evaluation import Evaluator
from symbp.equations.fields import Reals
from symbp.equations.tensor import indices_of, tensor_of
from symbp.layers.dense import Dense
from symbp.network import Network
from symbp.pipeline import derive
from symbp.targets.numpy.module import NumpyTarget
from tests.targets.drawn import PAIRS, networks
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
    "hinge": lambda y, d: anp.sum(anp.where(d * y < 1, 1 - d * y, 0)),
    "squared_hinge": lambda y, d: anp.sum(anp.where(d * y < 1, 1 - d * y, 0) ** 2),
    "kl_divergence": lambda y, d: anp.sum(d * anp.log(d + (d == 0)) - d * anp.log(y)),
    "focal": lambda y, d: -anp.sum(d * (1 - y) ** 2 * anp.log(y)),
    "binary_focal": lambda y, d: (
        -anp.sum(d * (1 - y) ** 2 * anp.log(y) + (1 - d) * y**2 * anp.log(1 - y))
    ),
}


def module_of(network, **options):
    text = NumpyTarget().module(planned(network, **options))
    module = types.ModuleType(network.name)
    exec(compile(text, network.name, "exec"), module.__dict__)  # noqa: S102 - generated above
    return module


def outputs(network, params, x):
    z = x
    for place, layer in enumerate(network.layers, 1):
        z = z @ params[f"w{place}"]
        z = REFERENCE[layer.activation.name](z + params[f"b{place}"] if layer.bias else z)
    return z


def reference(network, params, x, d):
    weights = [params[f"w{place}"] for place in range(1, len(network.layers) + 1)]
    penalty = network.loss.l2 / 2 * sum(anp.sum(w**2) for w in weights)
    whole = ERRORS[network.loss.criterion.name](outputs(network, params, x), d)
    return whole / (len(x) if network.loss.reduction == "mean" else 1) + penalty


def agree(network, seed=0, count=5, where=lambda params, x: True):
    module = module_of(network)
    rng = np.random.default_rng(seed)
    params = {k: w + 0.1 * rng.normal(size=w.shape) for k, w in module.init_params(seed).items()}
    x, d = module.random_data(count, seed)
    assume(where(params, x))
    value, grads = module.loss_and_grads(params, x, d)
    assert value == pytest.approx(reference(network, params, x, d), rel=1e-10)
    assert module.loss(params, x, d) == value
    exact = autograd.grad(lambda p: reference(network, p, x, d))(params)
    for name, grad in grads.items():
        assert grad.shape == module.SHAPES[name]
        np.testing.assert_allclose(grad, exact[name], rtol=1e-10, atol=1e-10, err_msg=name)


@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_every_activation_under_every_loss(activation, loss):
    agree(Network.of("pair", 3, [Dense(4, activation), Dense(2, activation)], loss))


def is_cancelling(network, params, x):
    """Whether 1/(1 − y) of a softmax is so large that it cancels more digits than are compared.

    Only binary losses divide by 1 − y; with a sigmoid the quotient is not formed at all.
    """
    last, loss = network.layers[-1].activation.name, network.loss.criterion.name
    if last != "softmax" or not loss.startswith("binary"):
        return False
    return np.min(1 - outputs(network, params, x)) < 1e-4


def agree_at_random(network, seed):
    agree(network, seed, where=lambda params, x: not is_cancelling(network, params, x))


@pytest.mark.slow
@settings(max_examples=80, report_multiple_bugs=False)
@given(networks(), st.integers(0, 99))
def test_some_random_networks(network, seed):
    agree_at_random(network, seed)


@pytest.mark.long
@settings(max_examples=200, report_multiple_bugs=False)
@given(networks(), st.integers(0, 99))
def test_random_networks(network, seed):
    agree_at_random(network, seed)


def exactly(network, params, x, d):
    """∂E/∂w for every w: as derived, and through the program, in long reals."""
    field = Reals(0)
    each = np.frompyfunc(lambda v: field.context.mpf(float(v)), 1, 1)
    long = lambda array: np.asarray(each(array), dtype=object)  # noqa: E731
    program = network.program()
    sizes = {**network.sizes(), network.input.axes[0]: len(x)}
    values = {t: long(np.array(v)) for t, v in network.constants().items()}
    values[network.input] = long(x)
    values[network.target] = d.astype(object) if network.target.labels else long(d)
    for parameter in network.parameters():
        tensor = parameter.tensor
        values[tensor] = long(params[f"{tensor.name}{tensor.place}"])
    results = [e for s in derive(network).sections for e in s.results]
    deltas = [e for e in results if e.id.startswith("delta")]
    evaluator = Evaluator(program.extended(*deltas), field, sizes, values)
    for result in results:
        if isinstance(result.lhs, Partial):
            tensor = tensor_of(result.lhs.wrt)
            derived = evaluator.value(result.rhs).along(indices_of(result.lhs.wrt))
            through = evaluator.value(result.lhs).along(indices_of(result.lhs.wrt))
            yield f"{tensor.name}{tensor.place}", derived, through


@pytest.mark.slow
@settings(max_examples=25, report_multiple_bugs=False)
@given(networks(), st.integers(0, 99))
def test_gradients_are_those_of_the_equations(network, seed):
    module = module_of(network)
    params = module.init_params(seed)
    x, d = module.random_data(3, seed)
    assume(not is_cancelling(network, params, x))
    _, grads = module.loss_and_grads(params, x, d)
    for name, derived, through in exactly(network, params, x, d):
        assert max(abs(derived - through).ravel()) < 1e-40
        np.testing.assert_allclose(grads[name], derived.astype(float), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("activation", "loss"), PAIRS[::3])
def test_gradients_are_those_of_differences(activation, loss):
    module = module_of(Network.of("pair", 3, [Dense(4, "tanh"), Dense(2, activation)], loss))
    params = {k: w + 0.01 for k, w in module.init_params(1).items()}
    errors = module.check_gradients(params, *module.random_data(5, 1))
    assert max(errors.values()) < 1e-6
