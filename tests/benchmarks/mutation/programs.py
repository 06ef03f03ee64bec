"""The right programs, run as they are or mutated, and held against derivatives taken by steps."""

from __future__ import annotations

import contextlib
import io
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.mutation.world import ACTIVATIONS, STEP, softmax

HERE = Path(__file__).parent
LAYERS = HERE.parents[1] / "verification" / "code"
BEGIN = re.compile(r"^for epoch in range\(epochs\):", re.MULTILINE)
FEW = 5
"""Entries of a parameter that are moved, where the loss is the program's own."""
EPOCHS = re.compile(r"^epochs = \d+", re.MULTILINE)


class Crashed(Exception):
    """A mutated program ended with an error; the error's type is told."""


@dataclass(frozen=True)
class Harness:
    """What the harness must know of a program: expressions to look at once it has run."""

    params: tuple[str, ...]
    data: tuple[str, ...]
    rate: str
    shape: str
    activations: tuple[str, ...]
    loss: str
    divisor: str
    decay: str
    grads: tuple[str, ...] = ()
    patch: tuple[tuple[str, str], ...] = ()


def programs() -> dict[str, tuple[str, Harness]]:
    """Source and harness of each program, by file name."""
    told = tomllib.loads((HERE / "programs.toml").read_text(encoding="utf-8"))
    defaults = told.pop("defaults")
    made = {}
    for name, own in sorted(told.items()):
        facts = {k: tuple(v) if isinstance(v, list) else v for k, v in (defaults | own).items()}
        folder = LAYERS if name.startswith("layers/") else HERE / "programs"
        source = (folder / name).read_text(encoding="utf-8")
        made[name] = (source, Harness(**facts))
    return made


def run(source: str, harness: Harness, epochs: int) -> dict:
    """What a program has named once it has trained. These programs and mutants are our own."""
    for old, new in harness.patch:
        source = source.replace(old, new)
    source = EPOCHS.sub(f"epochs = {epochs}", source)
    space: dict = {"__name__": "__main__"}
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            exec(compile(source, "<program>", "exec"), space)  # noqa: S102 - our own files
    except SyntaxError as error:
        raise Crashed("SyntaxError") from error
    except Exception as error:
        if epochs or not isinstance(error, NameError):
            raise Crashed(type(error).__name__) from error
    return space


def seen(space: dict, names: tuple[str, ...]) -> list[np.ndarray]:
    return [np.array(eval(n, space), dtype=float) for n in names]  # noqa: S307 - our own


def result(source: str, harness: Harness, epochs: int = 3) -> list[np.ndarray]:
    """Parameters after some steps (and the gradients): equal results, equal programs."""
    space = run(source, harness, epochs)
    try:
        return seen(space, harness.params + harness.grads)
    except (NameError, KeyError, ValueError, TypeError) as error:
        raise Crashed(type(error).__name__) from error


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True)
        for a, b in zip(one, other, strict=True)
    )


def loss_of(params, x, d, space, harness) -> complex:
    """The loss that the author means, of parameters that may be complex."""
    value = x
    for l, kind in enumerate(harness.activations):
        u = value @ params[2 * l] + params[2 * l + 1]
        value = softmax(u) if kind == "softmax" else ACTIVATIONS[kind][0](u)
    y = value
    kinds = {
        "half_se": lambda: 0.5 * ((y - d) ** 2).sum(),
        "se": ((y - d) ** 2).sum,
        "bce": lambda: -(d * np.log(y) + (1 - d) * np.log(1 - y)).sum(),
        "ce": lambda: -(d * np.log(y)).sum(),
    }
    here = {**space, "m": len(x)}
    divisor = eval(harness.divisor, here)  # noqa: S307 - our own
    decay = eval(harness.decay, here)  # noqa: S307 - our own
    return kinds[harness.loss]() / divisor + decay * sum((w**2).sum() for w in params[::2])


def first_step(source: str, harness: Harness) -> list[np.ndarray]:
    """What the first step takes off the parameters, or the gradients that a program tells."""
    before, after = run(source, harness, 0), run(source, harness, 1)
    if harness.grads:
        return seen(after, harness.grads)
    old, new = seen(before, harness.params), seen(after, harness.params)
    return [a - b for a, b in zip(old, new, strict=True)]


OWN = ("loss", "cost")
"""Names that losses have in programs that are held against what they print themselves."""


def is_down_its_own_slope(source: str, harness: Harness) -> bool:
    """Whether the first step is along the slope of the loss that the program works out itself."""
    after = run(source, harness, 1)
    rate = eval(harness.rate, dict(after))  # noqa: S307 - our own
    for name, step in zip(harness.params, first_step(source, harness), strict=True):
        places = list(np.ndindex(*step.shape))
        for place in places[:: max(1, len(places) // FEW)]:
            ends = []
            for sign in "+-":
                moved = f"{name}[{place}] {sign}= 1e-5\nfor epoch in range(epochs):"
                space = run(BEGIN.sub(moved, source), harness, 1)
                ends.append(float(np.ravel(space[harness.loss])[0]))
            if not np.isclose((ends[0] - ends[1]) / 2e-5, step[place] / rate, rtol=1e-4, atol=1e-6):
                return False
    return True


def is_right(source: str, harness: Harness) -> bool:
    """Whether the first step moves every parameter by the gradient of the loss times the rate."""
    if harness.loss in OWN:
        return is_down_its_own_slope(source, harness)
    before, after = run(source, harness, 0), run(source, harness, 1)
    turn = harness.shape == "columns"
    old = seen(before, harness.params)
    rate = 1 if harness.grads else eval(harness.rate, dict(after))  # noqa: S307 - our own
    moved = [step / rate for step in first_step(source, harness)]
    x, d = seen(before, harness.data)
    params = [p.T.astype(complex) if turn else p.astype(complex) for p in old]
    x, d = (x.T, d.T) if turn else (x, d)
    for k, param in enumerate(params):
        if harness.params[k] == "0":
            continue
        slope = np.empty(param.shape)
        for place in np.ndindex(*param.shape):
            trial = [p.copy() for p in params]
            trial[k][place] += 1j * STEP
            slope[place] = np.imag(loss_of(trial, x, d, before, harness)) / STEP
        if not np.allclose(slope, moved[k].T if turn else moved[k], rtol=1e-6, atol=1e-8):
            return False
    return True
