"""The Hessian times a direction beside torch's, which differentiates its own gradients."""

import random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

import types

from torch.nn.attention import SDPBackend, sdpa_kernel

from symbp.pipeline import derive
from tests.layers.test_torch import NETWORKS, drawn, ordinary
from tests.layers.twins import predicted
from tests.sampling import sampled

torch.set_num_threads(1)
pytestmark = [pytest.mark.torch, pytest.mark.slow]

EXACT = 1e-8
"""Relative to the largest number: a second derivative loses digits twice."""

SHAPES, FEW = 10, 1


def loaded(network):
    made = types.ModuleType("net")
    text = derive(network, second_order=True).emit()
    exec(compile(text, "net", "exec"), made.__dict__)  # noqa: S102 - our own
    return made


def shapes():
    return sampled(range(SHAPES), range(FEW))


@pytest.mark.parametrize("number", shapes())
@pytest.mark.parametrize("name", NETWORKS)
def test_its_hessian_is_torchs(name, number):
    network, samples = drawn(NETWORKS[name], random.Random(f"{name} {number} 2"), apart=True)
    module = loaded(network)
    rng = np.random.default_rng(number)
    learnt = getattr(module, "LEARNT", module.SHAPES)  # what is remembered has no gradient
    params = {key: ordinary(rng, module.SHAPES[key]) for key in learnt}
    if not params:
        pytest.skip("nothing is learnt")
    direction = {key: rng.normal(size=w.shape) for key, w in params.items()}
    x, d = module.random_data(samples, number)
    ours = {key: torch.tensor(w, requires_grad=True) for key, w in params.items()}
    with sdpa_kernel(SDPBackend.MATH):  # the others know no second derivatives
        y = predicted(network, ours, torch.tensor(x))
    E = ((y - torch.tensor(d)) ** 2).sum() / 2 / (y.numel() / (y.shape[-1] if y.dim() > 1 else 1))
    slopes = torch.autograd.grad(E, list(ours.values()), create_graph=True, allow_unused=True)
    along = sum(
        (slope * torch.tensor(direction[key])).sum()
        for key, slope in zip(ours, slopes, strict=True)
    )
    wanted = torch.autograd.grad(along, list(ours.values()), allow_unused=True)
    given = module.hessian_vector({**module.init_params(), **params}, direction, x, d)
    expected = {
        key: np.zeros_like(params[key]) if w is None else w.numpy()
        for key, w in zip(ours, wanted, strict=True)
    }
    room = EXACT * max(np.abs(w).max() for w in expected.values())
    for key, w in expected.items():
        assert given[key].shape == w.shape, key
        assert np.abs(given[key] - w).max() <= room, (key, network.layers)
