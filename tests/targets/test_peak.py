"""The bytes that a trainer says it takes are those that it takes."""

import re
import tracemalloc

import numpy as np
import pytest

from tests.targets.test_fast import both, small_buffers

SAID = re.compile(r"so many bytes:\s+(.*?)\n\n", re.DOTALL)

OVERHEAD = 2**17
"""Bytes of views and lists of these, numbers, and functions."""

CASES = {
    "mnist": (64, 600),
    "residual_mlp": (200, 1200),
    "lenet": (50, 300),
    "convolution": (100, 900),
    "LSTM": (100, 1500),
    "char_lstm": (16, 120),
    "attention": (100, 1500),
    "two losses": (1000, 9000),
}


def told(module, count, optimizer, dtype):
    """What the docstring says, in numbers."""
    formula = " ".join(SAID.search(module.Trainer.__doc__)[1].split())
    _, s, w, _ = module.OPTIMIZERS[optimizer]
    names = {"b": np.dtype(dtype).itemsize, "N": count, "s": s, "w": w}
    return eval(formula, names)  # noqa: S307 - our own


def measured(module, count, optimizer, dtype):
    """The most that is held while a trainer learns, samples left out."""
    data = module.random_data(count)
    data = [each.astype(dtype) if each.dtype.kind == "f" else each for each in data]
    module.Trainer(dtype=dtype).step(*data)
    tracemalloc.start()
    trainer = module.Trainer(optimizer=optimizer, dtype=dtype)
    tracemalloc.reset_peak()
    for _ in range(3):
        trainer.step(*data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("optimizer", "dtype"), [("sgd", np.float64), ("adam", np.float32), ("rmsprop", np.float64)]
)
def test_it_takes_what_it_says(name, optimizer, dtype):
    _, module = both(name)
    for count in CASES[name]:
        wanted = told(module, count, optimizer, dtype)
        with small_buffers():
            given = measured(module, count, optimizer, dtype)
        print(f"{name}, {count} samples, {optimizer}: {wanted} bytes told, {given} measured")
        assert wanted <= given <= wanted + OVERHEAD
