"""Gradients of every layer's module against differences of its loss."""

import numpy as np
import pytest

from symbp import gallery
from tests.layers.networks import NETWORKS, module, network, parameters

STEP = 1e-5


@pytest.mark.parametrize("name", [*NETWORKS, *gallery.graphs()])
def test_gradients_are_the_slopes_of_the_loss(name, tmp_path):
    made = network(name) if name in NETWORKS else gallery.load(name)
    loaded = module(made, tmp_path)
    data = loaded.random_data(3, seed=2)
    params = parameters(loaded)
    rng = np.random.default_rng(3)
    masks = [loaded.draw(rng, 3)] if hasattr(loaded, "draw") else []
    _, grads = loaded.loss_and_grads(params, *data, *masks)
    for key in grads:
        w, way = params[key], rng.standard_normal(params[key].shape)
        above, below = (
            loaded.loss({**params, key: w + h * way}, *data, *masks) for h in (STEP, -STEP)
        )
        measured = (above - below) / (2 * STEP)
        assert grads[key].shape == w.shape
        assert (grads[key] * way).sum() == pytest.approx(measured, rel=1e-6, abs=1e-8), key
