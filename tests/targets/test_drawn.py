"""Fast modules of random networks beside plain ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbp.pipeline import derive
from tests.targets.drawn import networks
from tests.targets.test_fast import EXACT, NOISE, OPTIMIZERS, RATES, STEPS, largest, loaded

SAMPLES = 13


def followed(plain, fast, optimizer, seed):
    """Each of a hundred steps, from where the plain module is before it.

    A random network may be one that training amplifies rounding in. What is remembered of
    gradients is each module's own. Numbers of samples differ from step to step. Of some samples a
    loss may have no slope but rounding, where it has one of all.
    """
    rate, rng = RATES[optimizer], np.random.default_rng(seed)
    data = fast.check_data(*plain.random_data(SAMPLES, seed))
    params = plain.init_params(seed)
    update, count, _ = plain.OPTIMIZERS[optimizer]
    states = {name: (np.zeros_like(w),) * count for name, w in params.items()}
    trainer = fast.Trainer(params, optimizer=optimizer, rate=rate)
    scale = max(1e-3, *largest(plain.loss_and_grads(params, *data)[1]).values())
    for step in range(1, STEPS + 1):
        rows = rng.permutation(SAMPLES)[: 3 + step % 5]
        batch = [each[rows] for each in data]
        for name, w in params.items():
            trainer.params[name][...] = w
        value, grads = plain.loss_and_grads(params, *batch)
        for name, g in grads.items():
            params[name], states[name] = update(params[name], g, states[name], step, rate)
        assert trainer.step(*batch) == pytest.approx(value, rel=EXACT)
        for name in [n for n, g in largest(grads).items() if g > NOISE * scale]:
            near = EXACT * np.abs(params[name]).max()
            assert np.allclose(trainer.params[name], params[name], rtol=0, atol=near), (step, name)


def compared(network, seed):
    derived = derive(network)
    plain, fast = (loaded(derived.emit(style=style)) for style in ("plain", "fast"))
    for optimizer in OPTIMIZERS:
        followed(plain, fast, optimizer, seed)


@pytest.mark.slow
@settings(max_examples=15, report_multiple_bugs=False)
@given(networks(), st.integers(0, 99))
def test_some_networks_learn_what_the_plain_module_learns(network, seed):
    compared(network, seed)


@pytest.mark.long
@settings(max_examples=300, report_multiple_bugs=False)
@given(networks(), st.integers(0, 99))
def test_many_networks_learn_what_the_plain_module_learns(network, seed):
    compared(network, seed)
