"""Small tensors, and how expressions of them are spelled and computed by NumPy."""

import math

import numpy as np
from sympy import Integer

from symbp.equations.axis import Axis, Size
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.lowering.lower import lower
from symbp.lowering.schedule import shared
from symbp.targets.numpy import helpers
from symbp.targets.numpy.spelling import Spelling

N = Axis("sample", None, "n")
X, Y, Z = (Axis("unit", Integer(p), "j") for p in range(3))
n, i, j, k, m = N.index("n"), X.index("i"), Y.index("j"), Z.index("k"), Y.index("m")

x = Tensor("x", (N, X), Role.ACTIVATION)
w = Tensor("w", (X, Y), Role.WEIGHT)
b = Tensor("b", (Y,), Role.BIAS)
u = Tensor("u", (N, Y), Role.PREACTIVATION)
z = Tensor("z", (N, Y), Role.ACTIVATION)
v = Tensor("v", (Y, Z), Role.WEIGHT)
delta = Tensor("delta", (N, Z), Role.DELTA)
t = Tensor("t", (N,), Role.TARGET, labels=Y)
E = Tensor("E", (), Role.LOSS)
a = Tensor("a", (), Role.CONSTANT)
out = Tensor("out", (N, Y))


def names(of):
    if isinstance(of, Size):
        return {N: "N", X: "I", Y: "J", Z: "K"}[of.axis]
    if isinstance(of, Partial):
        return f"d{tensor_of(of.wrt).name}"
    return of.name if isinstance(of, Tensor) else f"{of.label}_{of.number}"


SPELLING = Spelling(names)


def spelled(*equations, layout=None):
    """The statements for ``(left, right)`` pairs, as text."""
    assigns = [lower(Equation(str(at), *sides), layout) for at, sides in enumerate(equations)]
    return [f"{SPELLING.text(s.target)} = {SPELLING.text(s.value)}" for s in shared(assigns)]


def run(lines, **arrays):
    """What the statements leave behind; any warning of NumPy is an error, but for underflow."""
    scope = {"np": np, "math": math, **vars(helpers), **arrays}
    with np.errstate(all="raise", under="ignore"):
        exec("\n".join(lines), scope)  # noqa: S102 - generated above
    return scope
