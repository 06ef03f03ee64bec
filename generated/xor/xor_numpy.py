# symbp:sha256=3250b90e064ae926
"""XOR with the cross-entropy

The number above a statement is that of its equation in derivation.en.md and derivation.ja.md.
Needs NumPy and nothing else. From the command line:

    python xor_numpy.py train [DATA]    learn, write xor.npz
    python xor_numpy.py predict DATA    print what the network in xor.npz predicts
    python xor_numpy.py check [DATA]    compare the gradients with finite differences

DATA is an .npz file with the arrays x (inputs) and d (targets), a row a sample, or a .csv file with
the columns of x and then those of d. Without it, the samples below are learnt.

From Python:

    trainer = Trainer(seed=1)
    history = trainer.fit(x, d)
    predicted = predict(trainer.params, x)

Shapes, for N samples:
    x       (N, 2)  inputs
    u1, z1  (N, 3)
    u2      (N, 1)
    y       (N, 1)  predictions
    d       (N, 1)  targets, from 0 to 1
    w1      (2, 3)
    b1      (3,)
    w2      (3, 1)
    b2      (1,)
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
import zipfile
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Params = dict[str, Array]
State = tuple[Array, ...]
History = dict[str, list[float]]

SIZES = (2, 3, 1)
SHAPES = {"w1": (2, 3), "b1": (3,), "w2": (3, 1), "b2": (1,)}
# Standard deviations of the first weights. All else starts at 0.
SPREAD = {"w1": 0.6 * 1.0, "w2": 0.6 * 1.0}
SAMPLES = (
    np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
    np.array([[0], [1], [1], [0]]),
)


# ------------------------------------------------------------------------------ the network


Values = namedtuple("Values", "u1 z1 u2 y")


def sigmoid(u: Array) -> Array:
    """1 / (1 + exp(-u)), of which only exp(-|u|) is computed: it cannot overflow."""
    e = np.exp(-np.abs(u))
    return np.where(u >= 0, 1, e) / (1 + e)


def forward(params: Params, x: Array) -> Values:
    """The values of all layers for the inputs ``x``."""
    w1, b1, w2, b2 = (params[name] for name in SHAPES)
    # (1) u¹ₙⱼ = Σᵢ w¹ᵢⱼ xₙᵢ + w¹₀ⱼ
    u1 = x @ w1 + b1
    # (2) z¹ₙⱼ = 1/(1 + exp(−u¹ₙⱼ))
    z1 = sigmoid(u1)
    # (3) u²ₙⱼ = Σᵢ w²ᵢⱼ z¹ₙᵢ + w²₀ⱼ
    u2 = z1 @ w2 + b2
    # (4) yₙⱼ = 1/(1 + exp(−u²ₙⱼ))
    y = sigmoid(u2)
    return Values(u1, z1, u2, y)


def loss(params: Params, x: Array, d: Array) -> float:
    """The loss E of what is predicted for ``x``, where ``d`` is wanted."""
    N = len(x)
    u2 = forward(params, x).u2
    # (5) E = −1/N Σₙ Σⱼ (dₙⱼ log yₙⱼ + (1 − dₙⱼ) log(1 − yₙⱼ))
    E = (np.logaddexp(0, u2) * (1 - d) + d * np.logaddexp(0, -u2)).sum() / N
    return float(E)


def loss_and_grads(params: Params, x: Array, d: Array) -> tuple[float, Params]:
    """The loss E, and its derivative by every parameter."""
    w2 = params["w2"]
    N = len(x)
    _u1, z1, u2, y = forward(params, x)
    # (5) E = −1/N Σₙ Σⱼ (dₙⱼ log yₙⱼ + (1 − dₙⱼ) log(1 − yₙⱼ))
    E = (np.logaddexp(0, u2) * (1 - d) + d * np.logaddexp(0, -u2)).sum() / N
    # (26) δ²ₙⱼ = (yₙⱼ − dₙⱼ)/N
    delta2 = (y - d) / N
    # (11) ∂E/∂w²ᵢⱼ = Σₙ δ²ₙⱼ z¹ₙᵢ
    dE_dw2 = z1.T @ delta2
    # (15) ∂E/∂w²₀ⱼ = Σₙ δ²ₙⱼ
    dE_db2 = delta2.sum(axis=0)
    # (50) δ¹ₙⱼ = Σₖ δ²ₙₖ w²ⱼₖ z¹ₙⱼ (1 − z¹ₙⱼ)
    delta1 = (delta2 @ w2.T) * z1 * (1 - z1)
    # (34) ∂E/∂w¹ᵢⱼ = Σₙ δ¹ₙⱼ xₙᵢ
    dE_dw1 = x.T @ delta1
    # (38) ∂E/∂w¹₀ⱼ = Σₙ δ¹ₙⱼ
    dE_db1 = delta1.sum(axis=0)
    grads = {"w1": dE_dw1, "b1": dE_db1, "w2": dE_dw2, "b2": dE_db2}
    return float(E), grads


def dtype_of(params: Params) -> Any:
    """The type of the parameters' numbers; with whole ones, inputs are computed in float64."""
    found = np.asarray(next(iter(params.values()))).dtype
    return found if found.kind == "f" else np.dtype(np.float64)


def predict(params: Params, x: Array) -> Array:
    """What the network predicts, a row for each row of ``x``. Raises InputError."""
    x = check_inputs(x).astype(dtype_of(params))
    return forward(params, x).y


def init_params(seed: int = 0, dtype: Any = np.float64, scale: float = 1.0) -> Params:
    """Parameters to start from; ``scale`` multiplies the weights."""
    rng = np.random.default_rng(seed)
    params = {}
    for name, shape in SHAPES.items():
        params[name] = (scale * SPREAD.get(name, 0.0) * rng.standard_normal(shape)).astype(dtype)
    return params


# ------------------------------------------------------------------------------ training


def sgd(w: Array, g: Array, state: State, work: State, tau: int, eta: float) -> None:
    # w′ = w − η g
    g *= eta
    w -= g


def momentum(
    w: Array, g: Array, state: State, work: State, tau: int, eta: float, mu: float = 0.9
) -> None:
    (v,) = state
    # (55) v′ = μ v − η g
    v *= mu
    g *= eta
    v -= g
    # (56) w′ = w + v′
    w += v


def nesterov(
    w: Array, g: Array, state: State, work: State, tau: int, eta: float, mu: float = 0.9
) -> None:
    (v,) = state
    (room_1,) = work
    # (55) v′ = μ v − η g
    v *= mu
    g *= eta
    v -= g
    # w′ = w + μ v′ − η g
    np.multiply(v, mu, out=room_1)
    w += room_1
    w -= g


def adagrad(
    w: Array, g: Array, state: State, work: State, tau: int, eta: float, epsilon: float = 1e-08
) -> None:
    (h,) = state
    (room_1,) = work
    # h′ = h + g²
    np.square(g, out=room_1)
    h += room_1
    # w′ = w − η g/(√h′ + ε)
    np.sqrt(h, out=room_1)
    room_1 += epsilon
    g /= room_1
    g *= eta
    w -= g


def rmsprop(
    w: Array,
    g: Array,
    state: State,
    work: State,
    tau: int,
    eta: float,
    rho: float = 0.9,
    epsilon: float = 1e-08,
) -> None:
    # As h, h / (1 - rho) is kept.
    (h,) = state
    (room_1,) = work
    c1 = eta / math.sqrt(1 - rho)
    c2 = epsilon / math.sqrt(1 - rho)
    # h′ = ρ h + (1 − ρ) g²
    np.square(g, out=room_1)
    h *= rho
    h += room_1
    # w′ = w − η g/(√h′ + ε)
    np.sqrt(h, out=room_1)
    room_1 += c2
    g /= room_1
    g *= c1
    w -= g


def adam(
    w: Array,
    g: Array,
    state: State,
    work: State,
    tau: int,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
) -> None:
    # As m, m / (1 - beta1) is kept.
    # As v, v / (1 - beta2) is kept.
    m, v = state
    c1 = eta * (1 - beta1) / ((1 - beta1**tau) * math.sqrt((1 - beta2) / (1 - beta2**tau)))
    c2 = epsilon / math.sqrt((1 - beta2) / (1 - beta2**tau))
    # m′ = β₁ m + (1 − β₁) g
    m *= beta1
    m += g
    # v′ = β₂ v + (1 − β₂) g²
    np.square(g, out=g)
    v *= beta2
    v += g
    # m̂ = m′/(1 − β₁^τ)
    # v̂ = v′/(1 − β₂^τ)
    # w′ = w − η m̂/(√v̂ + ε)
    np.sqrt(v, out=g)
    g += c2
    np.divide(m, g, out=g)
    g *= c1
    w -= g


def adamw(
    w: Array,
    g: Array,
    state: State,
    work: State,
    tau: int,
    eta: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-08,
    omega: float = 0.01,
) -> None:
    # As m, m / (1 - beta1) is kept.
    # As v, v / (1 - beta2) is kept.
    m, v = state
    c1 = 1 - eta * omega
    c2 = eta * (1 - beta1) / ((1 - beta1**tau) * math.sqrt((1 - beta2) / (1 - beta2**tau)))
    c3 = epsilon / math.sqrt((1 - beta2) / (1 - beta2**tau))
    # m′ = β₁ m + (1 − β₁) g
    m *= beta1
    m += g
    # v′ = β₂ v + (1 − β₂) g²
    np.square(g, out=g)
    v *= beta2
    v += g
    # m̂ = m′/(1 − β₁^τ)
    # v̂ = v′/(1 − β₂^τ)
    # w′ = w − η (ω w + m̂/(√v̂ + ε))
    w *= c1
    np.sqrt(v, out=g)
    g += c3
    np.divide(m, g, out=g)
    g *= c2
    w -= g


# Each renews parameters w, and what it remembers of them, in place; their gradients g are used up.
# tau is the number of the step, from 1, eta the learning rate. Beside it: how many arrays it
# remembers, all 0 at first, how many it needs to work in, and its options.
OPTIMIZERS: dict[str, tuple[Callable[..., None], int, int, tuple[str, ...]]] = {
    "sgd": (sgd, 0, 0, ()),
    "momentum": (momentum, 1, 0, ("mu",)),
    "nesterov": (nesterov, 1, 1, ("mu",)),
    "adagrad": (adagrad, 1, 1, ("epsilon",)),
    "rmsprop": (rmsprop, 1, 1, ("rho", "epsilon")),
    "adam": (adam, 2, 0, ("beta1", "beta2", "epsilon")),
    "adamw": (adamw, 2, 0, ("beta1", "beta2", "epsilon", "omega")),
}


def inverse_time(eta0: float, xi: float, tau: int) -> float:
    # η = η₀/(1 + ξ (τ − 1))
    return eta0 / (1 + xi * (tau - 1))


def exponential(eta0: float, xi: float, tau: int) -> float:
    # η = η₀ exp(ξ (1 − τ))
    return eta0 * math.exp(-xi * (tau - 1))


# Each takes the first learning rate, the decay, and the number of the step from 1.
SCHEDULES: dict[str, Callable[[float, float, int], float]] = {
    "constant": lambda rate, _decay, _step: rate,
    "inverse_time": inverse_time,
    "exponential": exponential,
}


def clipped(norm: float, c: float) -> float:
    """What gradients are multiplied by, where ``norm`` is the norm of all together."""
    # g̃ = {c g/‖g‖ if ‖g‖ > c; g if ‖g‖ ≤ c}
    return c / norm if norm > c else 1


def below(w: Array, b: Array) -> Array:
    """``w`` and, as one more row, ``b``, which lies behind it in the vector that both are of."""
    whole = w.base
    if whole is None or b.base is not whole or b.ctypes.data != w.ctypes.data + w.nbytes:
        raise ValueError("a bias does not lie behind its weights: make both by laid_out")
    start = (w.ctypes.data - whole.ctypes.data) // w.itemsize
    return whole[start : start + w.size + b.size].reshape(-1, b.size)


def prepared(params: Params, grads: Params, N: int) -> Callable[..., float]:
    """The function that computes the loss for N samples and writes the gradients.

    It works in arrays that are made here: 15 * N + 3 numbers,
    and 0 bytes for places and for what is true or false.

    What makes it fast:
        biased      a bias is one more row of the weights, beside a column of ones
        sums        a sum over rows is a product with ones
        common      what would be computed twice is computed once
        scalars     numbers beside arrays are arrays without axes
        rooms       results are written where nothing is read any more
        views       a matrix with its columns as rows is looked at once, before all steps
    """
    w1, b1, w2, b2 = (params[name] for name in SHAPES)
    dtype = next(iter(params.values())).dtype
    dE_dw1, dE_db1, dE_dw2, dE_db2 = (grads[name] for name in SHAPES)
    w1_and_b1 = below(w1, b1)
    w2_and_b2 = below(w2, b2)
    dE_dw2_and_dE_db2 = below(dE_dw2, dE_db2)
    dE_dw1_and_dE_db1 = below(dE_dw1, dE_db1)
    one = np.array(1, dtype)
    zero = np.array(0, dtype)
    number_1 = np.array(1 / N, dtype)
    ones_1 = np.ones((N,), next(iter(params.values())).dtype)
    x_and_ones = np.ones((3, N), dtype).T
    room_1 = x_and_ones[:, :-1]
    z1_and_ones = np.ones((4, N), dtype).T
    u1 = z1 = room_5 = z1_and_ones[:, :-1]
    u2 = room_3 = np.empty((N, 1), dtype)
    room_2 = np.empty((N, 1), dtype)
    y = delta2 = np.empty((N, 1), dtype)
    room_4 = np.empty((N, 1), dtype)
    delta1 = np.empty((3, N), dtype).T
    u1_T, w1_and_b1_T, x_and_ones_T, z1_and_ones_T = u1.T, w1_and_b1.T, x_and_ones.T, z1_and_ones.T
    delta1_T, delta2_T = delta1.T, delta2.T

    def both(x: Array, d: Array) -> float:
        # (1) u¹ₙⱼ = Σᵢ w¹ᵢⱼ xₙᵢ + w¹₀ⱼ
        room_1[...] = x
        w1_and_b1_T.dot(x_and_ones_T, out=u1_T)
        # (2) z¹ₙⱼ = 1/(1 + exp(−u¹ₙⱼ))
        np.negative(u1, out=z1)
        np.exp(z1, out=z1)
        np.add(z1, one, out=z1)
        np.reciprocal(z1, out=z1)
        # (3) u²ₙⱼ = Σᵢ w²ᵢⱼ z¹ₙᵢ + w²₀ⱼ
        z1_and_ones.dot(w2_and_b2, out=u2)
        # (4) yₙⱼ = 1/(1 + exp(−u²ₙⱼ))
        np.negative(u2, out=room_2)
        np.exp(room_2, out=y)
        np.add(y, one, out=y)
        np.reciprocal(y, out=y)
        # (5) E = −1/N Σₙ Σⱼ (dₙⱼ log yₙⱼ + (1 − dₙⱼ) log(1 − yₙⱼ))
        np.logaddexp(u2, zero, out=room_3)
        np.subtract(one, d, out=room_4)
        np.multiply(room_3, room_4, out=room_3)
        np.logaddexp(room_2, zero, out=room_2)
        np.multiply(d, room_2, out=room_2)
        np.add(room_3, room_2, out=room_3)
        E = ones_1.dot(room_3)[0] / N
        # (26) δ²ₙⱼ = (yₙⱼ − dₙⱼ)/N
        np.subtract(y, d, out=delta2)
        np.multiply(delta2, number_1, out=delta2)
        # (11) ∂E/∂w²ᵢⱼ = Σₙ δ²ₙⱼ z¹ₙᵢ
        # (15) ∂E/∂w²₀ⱼ = Σₙ δ²ₙⱼ
        z1_and_ones_T.dot(delta2, out=dE_dw2_and_dE_db2)
        # (50) δ¹ₙⱼ = Σₖ δ²ₙₖ w²ⱼₖ z¹ₙⱼ (1 − z¹ₙⱼ)
        w2.dot(delta2_T, out=delta1_T)
        np.multiply(delta1, z1, out=delta1)
        np.subtract(one, z1, out=room_5)
        np.multiply(delta1, room_5, out=delta1)
        # (34) ∂E/∂w¹ᵢⱼ = Σₙ δ¹ₙⱼ xₙᵢ
        # (38) ∂E/∂w¹₀ⱼ = Σₙ δ¹ₙⱼ
        x_and_ones_T.dot(delta1, out=dE_dw1_and_dE_db1)
        return float(E)

    return both


# Bytes that a processor reads at once: vectors that begin where such do are worked through faster.
LINE = 64


def zeros(size: int, dtype: Any) -> Array:
    """A vector of zeros that begins where a line of memory does."""
    room = np.zeros(size + LINE, dtype)
    start = -room.ctypes.data % LINE // room.itemsize
    return room[start : start + size]


def laid_out(shapes: dict[str, tuple[int, ...]], dtype: Any) -> tuple[Array, Params]:
    """A vector of zeros, and its parts as arrays of ``shapes``."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])
    whole = zeros(ends[-1], dtype)
    parts = zip(shapes.items(), np.split(whole, ends[:-1]), strict=True)
    return whole, {name: part.reshape(shape) for (name, shape), part in parts}


def fed(
    data: Sequence[Array],
    kinds: Sequence[Any],
    rows: Array,
    size: int | None,
    rng: np.random.Generator,
) -> Iterator[tuple[Array, ...]]:
    """The samples with the numbers ``rows``, in ``batches``, always in the same arrays."""
    most = min(size or len(rows), len(rows))
    rooms = [np.empty((most, *e.shape[1:]), k) for e, k in zip(data, kinds, strict=True)]
    for batch in batches(rows, size, rng):
        part = tuple(room[: len(batch)] for room in rooms)
        for room, each in zip(part, data, strict=True):
            if room.dtype == each.dtype and each.flags.c_contiguous:  # else it would copy all
                np.take(each, batch, axis=0, out=room, mode="clip")
            else:
                room[...] = each[batch]
        yield part


# Vectors of more numbers than MANY are renewed in pieces that the processor's cache holds.
MANY, PIECE = 1_000_000, 65_536
# So many steps apart, what has become so small that processors are slow with it is set to 0.
FLUSHED = 256


class Trainer:
    """Learns step by step in arrays of its own, which are made once for each number of samples.

    ``params`` and ``grads`` show the parts of two vectors, ``weights`` and ``slopes``. To renew
    the parameters uses the gradients up. ``options`` are the optimizer's constants; ``clip`` is
    the largest norm of all gradients together. ``dtype`` is that of ``params`` unless it is given.

    While it learns, its arrays take so many bytes:

        b * (13 * (2 + s + w) + 15 * N + 3) + 0

    where a number has b bytes (8, or 4 in float32), N samples make a step, and the optimizer
    remembers s arrays and works in w (OPTIMIZERS tells both). Python and NumPy need some 200 kB
    besides; arrays for another number of samples, as of the last batch, come on top.

    A copy (``copy.deepcopy``), or one from ``pickle``, goes on where this one is. One trainer is
    for one thread. Raises InputError for parameters of other shapes, and for settings that cannot
    be used.
    """

    def __init__(
        self,
        params: Params | None = None,
        *,
        optimizer: str = "momentum",
        options: dict[str, float] | None = None,
        rate: float = 1.0,
        schedule: str = "constant",
        decay: float = 0.0,
        clip: float | None = None,
        seed: int = 0,
        dtype: Any = None,
    ) -> None:
        given = {key: value for key, value in locals().items() if key not in ("self", "params")}
        check_settings(given)
        if dtype is None:
            dtype = np.float64 if params is None else dtype_of(params)
        self._given = given | {"dtype": np.dtype(dtype)}
        start = init_params(seed, dtype) if params is None else check_params(params)
        self.weights, self.params = laid_out(SHAPES, dtype)
        self.slopes, self.grads = laid_out(SHAPES, dtype)
        for name, w in self.params.items():
            w[...] = start[name]
        self.rng = np.random.default_rng(seed)
        self.steps = 0
        self.dtype = np.dtype(dtype)
        self.kinds = (self.dtype, self.dtype)
        self.rate, self.decay, self.clip = rate, decay, clip
        self.schedule = SCHEDULES[schedule]
        self.update, states, rooms, _ = OPTIMIZERS[optimizer]
        self.options = options or {}
        self._states = [zeros(len(self.weights), dtype) for _ in range(states)]
        self._pieces = self._cut(rooms)
        self._prepared: dict[int, Callable[..., float]] = {}

    def _cut(self, rooms: int) -> list[tuple[Array, Array, State, State]]:
        """The pieces in which weights are renewed, with what is remembered and worked in."""
        size = len(self.weights)
        length = PIECE if size > MANY else size
        work = [zeros(length, self.dtype) for _ in range(rooms)]
        pieces = []
        for start in range(0, size, length):
            part = slice(start, start + length)
            w, g = self.weights[part], self.slopes[part]
            own = tuple(state[part] for state in self._states)
            pieces.append((w, g, own, tuple(room[: len(w)] for room in work)))
        return pieces

    def __getstate__(self) -> dict[str, Any]:
        """What a copy, or one that is loaded with pickle, goes on with: all that is learnt."""
        now = {"rate": self.rate, "decay": self.decay, "clip": self.clip, "options": self.options}
        return {
            "given": self._given | now,
            "params": {name: w.copy() for name, w in self.params.items()},
            "states": [state.copy() for state in self._states],
            "steps": self.steps,
            "rng": self.rng.bit_generator.state,
        }

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__init__(kept["params"], **kept["given"])  # type: ignore[misc]
        for state, values in zip(self._states, kept["states"], strict=True):
            state[...] = values
        self.steps = kept["steps"]
        self.rng.bit_generator.state = kept["rng"]

    @np.errstate(over="ignore", divide="ignore", invalid="ignore")  # Diverged says it better
    def fit(
        self,
        x: Array,
        d: Array,
        *,
        epochs: int = 2000,
        batch_size: int | None = None,
        validation: tuple[Array, Array] | None = None,
        split: float = 0.0,
        patience: int | None = None,
        verbose: bool | None = None,
    ) -> History:
        """Learn to predict ``d`` from ``x``, a row a sample; how it went.

        Of data larger than memory (``np.memmap``) a batch is read at a time.
        ``batch_size`` None takes all samples at once; the last batch may be a shorter one. Loss is
        also watched on ``validation``, or on the part ``split`` of the samples, which is then held
        out. With ``patience``, training stops after so many epochs without a new smallest loss, and
        the parameters are those that had it. The history has, for each epoch, "loss", "validation",
        "rate", and the norm of each gradient. A progress line goes to a terminal; ``verbose`` True
        or False decides otherwise.
        Raises InputError for what cannot be used, and Diverged.
        """
        check_settings(locals())
        x, d = check_data(x, d, self.dtype)
        rows, validation = set_apart((x, d), self.kinds, validation, split, self.rng)
        history: History = {key: [] for key in ("loss", "validation", "rate", *SHAPES)}
        best, best_loss, best_epoch, shown = self.params, math.inf, 0, 0.0
        for epoch in range(1, epochs + 1):
            sums = dict.fromkeys(("loss", *SHAPES), 0.0)
            for part in fed((x, d), self.kinds, rows, batch_size, self.rng):
                value = self.gradients(*part)
                norms = {name: float(np.linalg.norm(g)) for name, g in self.grads.items()}
                self.renew()
                for key, number in {"loss": value, **norms}.items():
                    sums[key] += number * len(part[0]) / len(rows)
            eta = self.schedule(self.rate, self.decay, self.steps)
            for key, number in {**sums, "rate": eta}.items():
                history[key].append(number)
            if validation is not None:
                history["validation"].append(loss(self.params, *validation))
            watched = history["loss" if validation is None else "validation"][-1]
            if not math.isfinite(watched):
                raise Diverged(f"the loss is {watched} after epoch {epoch}: try a smaller rate")
            if watched < best_loss:
                best_loss, best_epoch = watched, epoch
                if patience is not None:
                    best = {name: w.copy() for name, w in self.params.items()}
            stop = patience is not None and epoch - best_epoch >= patience
            if verbose or (verbose is None and sys.stderr.isatty()):
                shown = progress(epoch, epochs, history, shown, last=stop or epoch == epochs)
            if stop:
                break
        if patience is not None:
            for name, w in self.params.items():
                w[...] = best[name]
        return history

    def step(self, x: Array, d: Array) -> float:
        """Learn from samples in rows, as ``check_data`` returns them; the loss before that.

        They are checked where there are no arrays for so many yet, where NumPy refuses them, and
        where they are numbers of another kind, which are converted in each step.
        Else a label that is too large, or a row that NumPy repeats, gives a wrong step.
        """
        value = self.gradients(x, d)
        self.renew()
        return value

    def gradients(self, x: Array, d: Array) -> float:
        """The loss; its gradients are in ``grads`` then."""
        both = self._prepared.get(len(x)) or self._prepare(x, d)
        try:
            if (x.dtype, d.dtype) != self.kinds:
                x, d = self._converted(x, d)
            return both(x, d)
        except (AttributeError, IndexError, TypeError, ValueError):
            self._check(x, d)
            raise

    def _check(self, *data: Array) -> tuple[Array, ...]:
        """Samples as ``check_data`` returns them. Raises InputError where they are others."""
        checked = check_data(*data, dtype=self.dtype)
        names = ("x", "d")
        for name, given, right, kind in zip(names, data, checked, self.kinds, strict=True):
            if not isinstance(given, np.ndarray) or given.shape != right.shape:
                told = f"{name} must be an array of the shape {right.shape}"
                raise InputError(f"{told}: use check_data")
            if not np.can_cast(given.dtype, kind):
                told = f"{name} must hold numbers of {np.dtype(kind)}, not {given.dtype}"
                raise InputError(f"{told}: use check_data")
        return checked

    def _converted(self, *data: Array) -> tuple[Array, ...]:
        """Samples as numbers of the right kinds. Raises InputError as ``_check`` does."""
        pairs = zip(self._check(*data), self.kinds, strict=True)
        return tuple(each.astype(kind, copy=False) for each, kind in pairs)

    def _prepare(self, *data: Array) -> Callable[..., float]:
        """Arrays for as many samples; those for two numbers of samples are kept."""
        self._check(*data)
        if len(self._prepared) == 2:
            del self._prepared[next(iter(self._prepared))]
        count = len(data[0])
        return self._prepared.setdefault(count, prepared(self.params, self.grads, count))

    def renew(self) -> None:
        """Renew the parameters by the gradients, which are used up."""
        self.steps += 1
        eta = self.schedule(self.rate, self.decay, self.steps)
        if self.clip is not None:
            norm = float(np.linalg.norm(self.slopes))
            self.slopes *= clipped(norm, self.clip)
        for w, g, state, work in self._pieces:
            self.update(w, g, state, work, self.steps, eta, **self.options)
            if self.steps % FLUSHED == 0:
                for s in state:
                    np.abs(s, out=g)
                    np.greater_equal(g, FLUSHED * np.finfo(s.dtype).tiny * 2.0**32, out=g)
                    s *= g


class Diverged(ArithmeticError):
    """The loss grew beyond all numbers."""


def train(
    x: Array,
    d: Array,
    *,
    params: Params | None = None,
    optimizer: str = "momentum",
    options: dict[str, float] | None = None,
    rate: float = 1.0,
    schedule: str = "constant",
    decay: float = 0.0,
    clip: float | None = None,
    epochs: int = 2000,
    batch_size: int | None = None,
    seed: int = 0,
    validation: tuple[Array, Array] | None = None,
    split: float = 0.0,
    patience: int | None = None,
    dtype: Any = np.float64,
    verbose: bool | None = None,
) -> tuple[Params, History]:
    """Learn to predict ``d`` from ``x``, a row a sample; the parameters, and how it went.

    In one call what a ``Trainer`` is told when it is made, and what its ``fit`` is told.
    Raises InputError for what cannot be used, and Diverged.
    """
    trainer = Trainer(
        params,
        optimizer=optimizer,
        options=options,
        rate=rate,
        schedule=schedule,
        decay=decay,
        clip=clip,
        seed=seed,
        dtype=dtype,
    )
    history = trainer.fit(
        x,
        d,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        split=split,
        patience=patience,
        verbose=verbose,
    )
    return trainer.params, history


def set_apart(
    data: Sequence[Array],
    kinds: Sequence[Any],
    validation: tuple[Array, ...] | None,
    split: float,
    rng: np.random.Generator,
) -> tuple[Array, tuple[Array, ...] | None]:
    """The numbers of the samples to learn from, and the samples that are only watched."""
    rows = np.arange(len(data[0]))
    if validation is not None and split:
        raise InputError("either validation or split may be given, not both")
    if split:
        held_out, rows = np.split(rng.permutation(rows), [math.ceil(split * len(rows))])
        if not len(rows):
            raise InputError(f"split {split} leaves no samples to learn from")
        validation = taken(data, kinds, held_out)
    elif validation is not None:
        if not isinstance(validation, (tuple, list)) or len(validation) != len(data):
            raise InputError(f"validation must be a tuple of {len(data)} arrays")
        validation = taken(check_data(*validation), kinds, slice(None))
    return rows, validation


def taken(data: Sequence[Array], kinds: Sequence[Any], rows: Any) -> tuple[Array, ...]:
    """Some samples, as numbers of the kinds that are computed with."""
    pairs = zip(data, kinds, strict=True)
    return tuple(each[rows].astype(kind, copy=False) for each, kind in pairs)


def batches(rows: Array, size: int | None, rng: np.random.Generator) -> Iterator[Array]:
    """The numbers of samples, shuffled, ``size`` at a time; the last may be fewer."""
    size = min(size or len(rows), len(rows))
    order = rng.permutation(rows)
    for start in range(0, len(rows), size):
        yield order[start : start + size]


def progress(epoch: int, epochs: int, history: History, shown: float, *, last: bool) -> float:
    """Renew the progress line, ten times a second at most; when it was last renewed."""
    now = time.monotonic()
    if now - shown < 0.1 and not last:
        return shown
    parts = [f"{key} {history[key][-1]:.6g}" for key in ("loss", "validation") if history[key]]
    line = f"epoch {epoch}/{epochs}  {'  '.join(parts)}"
    print(f"\r{line:<70}", end="\n" if last else "", file=sys.stderr, flush=True)
    return now


WHOLE, NUMBER = (int, np.integer), (int, float, np.integer, np.floating)
# The settings that are numbers: of which kinds, which of them, and how that is told.
SETTINGS: dict[str, tuple[Any, Callable[[Any], Any], str]] = {
    "epochs": (WHOLE, lambda n: n >= 1, "a whole number, 1 or more"),
    "batch_size": (WHOLE, lambda n: n >= 1, "a whole number, 1 or more"),
    "patience": (WHOLE, lambda n: n >= 1, "a whole number, 1 or more"),
    "seed": (WHOLE, lambda n: n >= 0, "a whole number, 0 or more"),
    "rate": (NUMBER, lambda n: 0 < n < math.inf, "a number above 0"),
    "clip": (NUMBER, lambda n: 0 < n < math.inf, "a number above 0"),
    "decay": (NUMBER, lambda n: 0 <= n < math.inf, "a number, 0 or more"),
    "split": (NUMBER, lambda n: 0 <= n < 1, "a number from 0 to below 1"),
}
MAY_BE_NONE = ("batch_size", "patience", "clip", "dtype")
# The options of optimizers that are below 1, and those that are not 0; none is below 0.
BELOW_ONE, ABOVE_ZERO = ("mu", "rho", "beta1", "beta2"), ("epsilon",)


def check_settings(given: dict[str, Any]) -> None:
    """Raises InputError for a setting of training that cannot be used."""
    given = {key: given[key] for key in given if given[key] is not None or key not in MAY_BE_NONE}
    for key, known in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
        if key in given and given[key] not in known:
            raise InputError(f"there is no {key} {given[key]!r}, but {', '.join(known)}")
    for key in SETTINGS:
        if key in given:
            check_number(key, given[key], key)
    for key, value in (given.get("options") or {}).items():
        if key not in OPTIMIZERS[given["optimizer"]][-1]:
            raise InputError(f"{given['optimizer']} has no option {key!r}")
        like = "split" if key in BELOW_ONE else "rate" if key in ABOVE_ZERO else "decay"
        check_number(key, value, like)
    if not is_float(given.get("dtype", float)):
        raise InputError(f"dtype must be of floating-point numbers, not {given['dtype']!r}")


def check_number(key: str, value: Any, like: str) -> None:
    """Raises InputError for a number that could not be the setting ``like``."""
    kinds, fits, told = SETTINGS[like]
    if not (isinstance(value, kinds) and fits(value)):
        raise InputError(f"{key} must be {told}, not {value!r}")


def is_float(dtype: Any) -> bool:
    """Whether parameters may be of such a type."""
    try:
        return np.dtype(dtype).kind == "f"
    except TypeError:
        return False


# ------------------------------------------------------------------------------ gradients, checked


def check_gradients(
    params: Params, x: Array, d: Array, *, entries: int = 200, seed: int = 0
) -> dict[str, float]:
    """How far the gradient of each parameter is from central differences, relative to both.

    Computed in float64. Of a parameter with more entries, ``entries`` are chosen at random.
    """
    x, d = check_data(x, d)
    rng = np.random.default_rng(seed)
    params = check_params(params)
    params = {name: np.array(w, np.float64, order="C") for name, w in params.items()}
    value, grads = loss_and_grads(params, x, d)
    errors = {}
    for name, w in params.items():
        flat = w.reshape(-1)  # a view: what is written here is written into the parameter
        chosen = rng.choice(flat.size, min(entries, flat.size), replace=False)
        measured = []
        for at in chosen:
            kept, h = flat[at], 1e-5 * max(1.0, abs(flat[at]))
            flat[at] = kept + h
            above = loss(params, x, d)
            flat[at] = kept - h
            measured.append((above - loss(params, x, d)) / (2 * h))
            flat[at] = kept
        computed = grads[name].reshape(-1)[chosen]
        size = float(np.linalg.norm(computed) + np.linalg.norm(measured))
        # Differences of a loss are no more exact than its own last digit, divided by h.
        least = 1e-4 * max(1.0, abs(value))
        errors[name] = float(np.linalg.norm(computed - measured) / max(size, least))
    return errors


# ------------------------------------------------------------------------------ data and files


class InputError(ValueError):
    """Something that was given cannot be used."""


def check_numbers(name: str, values: Any) -> Array:
    """``values`` as an array of finite numbers. Raises InputError."""
    try:
        array = values if isinstance(values, np.memmap) else np.asarray(values)
    except ValueError:
        raise InputError(f"the rows of {name} are not all of one length") from None
    if array.dtype.kind not in "fiub":
        raise InputError(f"{name} must hold numbers, not {array.dtype}")
    if not is_finite(array):
        raise InputError(f"{name} holds NaN or infinity")
    return array


def parts(array: Array) -> Iterator[Array]:
    """``array``, a few rows at a time where it lies on disk."""
    many = isinstance(array, np.memmap) and array.ndim
    rows = max(1, 1_000_000 // max(1, array[:1].size)) if many else 0
    return (array[at : at + rows] for at in range(0, len(array), rows)) if many else iter([array])


def is_finite(array: Array) -> bool:
    """Whether all numbers are."""
    return all(bool(np.isfinite(part).all()) for part in parts(array))


def precise(array: Array, dtype: Any) -> Array:
    """``array`` in this precision; what lies on disk stays there until it is needed."""
    return array if isinstance(array, np.memmap) else array.astype(dtype, copy=False)


def check_inputs(x: Any) -> Array:
    """``x`` as samples in rows. Raises InputError."""
    x = check_numbers("x", x)
    if x.ndim == 1 and SIZES[0] == 1:
        x = x[:, None]
    if x.ndim != 2 or x.shape[1] != SIZES[0]:
        raise InputError(f"x must have the shape (N, {SIZES[0]}), not {x.shape}")
    if len(x) == 0:
        raise InputError("x holds no samples")
    return x


def check_data(x: Any, d: Any, dtype: Any = np.float64) -> tuple[Array, Array]:
    """``x`` and ``d`` as samples in rows. Raises InputError."""
    x, d = check_inputs(x), check_numbers("d", d)
    if d.ndim == 1 and SIZES[-1] == 1:
        d = d[:, None]
    if d.shape != (len(x), SIZES[-1]):
        raise InputError(f"d must have the shape ({len(x)}, {SIZES[-1]}), not {d.shape}")
    if d.min() < 0 or d.max() > 1:
        raise InputError(f"d must lie from 0 to 1, not from {d.min():g} to {d.max():g}")
    return precise(x, dtype), precise(d, dtype)


def check_params(arrays: Params, where: str = "params") -> Params:
    """The parameters of this network among ``arrays``. Raises InputError."""
    for name, shape in SHAPES.items():
        if name not in arrays:
            raise InputError(f"{where} lacks the array {name}; it holds {', '.join(arrays)}")
        array = check_numbers(f"{name} in {where}", arrays[name])
        if array.shape != shape:
            raise InputError(f"{name} in {where} must have the shape {shape}, not {array.shape}")
    return {name: arrays[name] for name in SHAPES}


def random_data(count: int, seed: int = 0) -> tuple[Array, Array]:
    """Samples without a meaning, to check gradients with."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((count, SIZES[0]))
    d = rng.integers(0, 2, (count, SIZES[-1])).astype(float)
    return x, d


def accuracy(params: Params, x: Array, d: Array) -> float:
    """Which part of the samples is predicted right."""
    x, d = check_data(x, d)
    return float(((predict(params, x) > 0.5) == (d > 0.5)).mean())


def save(params: Params, path: str | Path) -> None:
    """Write ``params`` to an .npz file, whole or not at all."""
    path = Path(path)
    check_writable(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            np.savez(file, **params)  # type: ignore[arg-type]
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Raises InputError where no file can be put at ``path``."""
    taken = not path.name or (path.exists() and not path.is_file())
    if taken or not os.access(path.parent, os.W_OK):
        raise InputError(f"{path} cannot be written")


def load(path: str | Path) -> Params:
    """The parameters in an .npz file. Raises InputError where they are not this network's."""
    return check_params(read_npz(path), str(path))


def read_npz(path: str | Path) -> dict[str, Array]:
    """The arrays of an .npz file. Raises InputError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or 'no .npz file'}") from None
    except (ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile):
        raise InputError(f"{path} is no .npz file of plain arrays") from None


def number_in(cell: str) -> float | None:
    """The number that ``cell`` is, or None."""
    try:
        return float(cell)
    except ValueError:
        return None


def read_csv(path: str | Path) -> Array:
    """The numbers of a .csv file; a first line that holds none is skipped. Raises InputError."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise InputError(f"{path}: {reason}") from None
    filled = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    rows = []
    for number, line in filled:
        cells = [number_in(cell) for cell in line.split(",")]
        if None not in cells:
            rows.append(cells)
        elif number > filled[0][0] or any(cell is not None for cell in cells):
            raise InputError(f"{path}, line {number}: not numbers: {line:.80}")
    if not rows:
        raise InputError(f"{path} holds no samples")
    if any(len(row) != len(rows[0]) for row in rows):
        raise InputError(f"the lines of {path} are not all of one length")
    return np.array(rows)


def read_data(path: str | Path) -> tuple[Array, Array | None]:
    """Inputs and, where there are some, targets. Raises InputError."""
    if Path(path).suffix.lower() == ".csv":
        table = read_csv(path)
        x, d = table[:, : SIZES[0]], table[:, SIZES[0] :]
        return x, d if d.size else None
    arrays = read_npz(path)
    if "x" not in arrays:
        raise InputError(f"{path} lacks the array x; it holds {', '.join(arrays) or 'nothing'}")
    return arrays["x"], arrays.get("d")


# ------------------------------------------------------------------------------ command line


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    learn = commands.add_parser("train", help="learn, and write the parameters")
    learn.add_argument("data", nargs="?", help=".npz or .csv; the built-in samples without")
    learn.add_argument("--optimizer", choices=OPTIMIZERS)
    learn.add_argument("--schedule", choices=SCHEDULES)
    for option in ("rate", "decay", "clip", "split"):
        learn.add_argument(f"--{option}", type=float)
    for option in ("epochs", "batch-size", "seed", "patience"):
        learn.add_argument(f"--{option}", type=int)
    learn.add_argument("--float32", dest="dtype", action="store_const", const=np.float32)
    tell = commands.add_parser("predict", help="print predictions, a line a sample")
    tell.add_argument("data", help=".npz or .csv")
    check = commands.add_parser("check", help="compare gradients with finite differences")
    check.add_argument("data", nargs="?", help=".npz or .csv; random samples without")
    for command in (learn, tell):
        command.add_argument("--params", default="xor.npz", help="default: %(default)s")
    return parser.parse_args(words)


def data_of(path: str | None) -> tuple[Array, Array]:
    """The samples in the file, or those that stand in for it."""
    if path is None:
        return SAMPLES
    x, d = read_data(path)
    if d is None:
        raise InputError(f"{path} holds no targets d")
    return check_data(x, d)


def run_train(given: dict[str, Any]) -> int:
    """Learn from a file, and write what was learnt."""
    path, x_and_d = given.pop("params"), data_of(given.pop("data", None))
    check_writable(Path(path))
    params, history = train(*x_and_d, **given)
    save(params, path)
    losses = history["loss"]
    print(f"loss {losses[0]:.6g} -> {losses[-1]:.6g} in {len(losses)} epochs")
    print(f"accuracy {accuracy(params, *x_and_d):.2%}")
    print(f"parameters in {path}")
    return 0


def run_predict(given: dict[str, Any]) -> int:
    """Print predictions for the inputs in a file."""
    np.savetxt(sys.stdout, predict(load(given["params"]), read_data(given["data"])[0]), "%.6g", ",")
    return 0


def run_check(given: dict[str, Any]) -> int:
    """Compare gradients with finite differences, away from where all biases are 0."""
    x, d = data_of(given["data"]) if "data" in given else random_data(8)
    rng = np.random.default_rng(1)
    params = {name: w + 0.1 * rng.standard_normal(w.shape) for name, w in init_params().items()}
    errors = check_gradients(params, x[:8], d[:8])
    for name, error in errors.items():
        print(f"{name:<6} {error:.1e}  {'agrees' if error < 1e-6 else 'DIFFERS'}")
    return 0 if max(errors.values()) < 1e-6 else 1


def main(words: Sequence[str] | None = None) -> int:
    """0: done, 1: a check failed or training diverged, 2: something given cannot be used."""
    given = {key: value for key, value in vars(arguments(words)).items() if value is not None}
    run = {"train": run_train, "predict": run_predict, "check": run_check}[given.pop("command")]
    try:
        code = run(given)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever reads the output has closed it, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (InputError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except Diverged as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
