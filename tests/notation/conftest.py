"""The words of a dense network, as hand-built expressions."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sympy import Integer

from symbp.equations.axis import Axis, L, l
from symbp.equations.calculus import FunctionSymbol
from symbp.equations.tensor import Role, Tensor


def network(place, last, samples):
    """Tensors around ``place`` with the indices n, i, j, k; without n for a single sample."""
    v = SimpleNamespace(place=place, last=last)
    before, here, after, end = (Axis("unit", p) for p in (place - 1, place, place + 1, last))
    sample = Axis("sample", None, "n")
    batch = (sample,) if samples else ()
    v.N, v.n = sample.size, sample.index("n")
    v.i, v.j, v.k, v.m = before.index("i"), here.index("j"), after.index("k"), before.index("m")
    v.jL, v.kL, v.iL = end.index("j"), end.index("k"), Axis("unit", last - 1).index("i")

    def at(name, axis, role, p):
        tensor = Tensor(name, (*batch, axis), role, p)
        return lambda *indices: tensor[(*((v.n,) if samples else ()), *indices)]

    v.z_in = at("z", before, Role.ACTIVATION, place - 1)
    v.z = at("z", here, Role.ACTIVATION, place)
    v.u = at("u", here, Role.PREACTIVATION, place)
    v.u_next = at("u", after, Role.PREACTIVATION, place + 1)
    v.delta = at("delta", here, Role.DELTA, place)
    v.delta_next = at("delta", after, Role.DELTA, place + 1)
    v.w = Tensor("w", (before, here), Role.WEIGHT, place)
    v.w_next = Tensor("w", (here, after), Role.WEIGHT, place + 1)
    v.b = Tensor("b", (here,), Role.BIAS, place)
    v.dw = Tensor("dw", (before, here), Role.OTHER, place)
    v.x = at("z", Axis("unit", Integer(0)), Role.ACTIVATION, Integer(0))
    v.i0 = Axis("unit", Integer(0)).index("i")
    v.y = at("z", end, Role.ACTIVATION, last)
    v.uL = at("u", end, Role.PREACTIVATION, last)
    v.deltaL = at("delta", end, Role.DELTA, last)
    v.wL = Tensor("w", (Axis("unit", last - 1), end), Role.WEIGHT, last)
    v.d = at("d", end, Role.TARGET, None)
    v.t = Tensor("t", batch, Role.TARGET, labels=end)
    v.E = Tensor("E", (), Role.LOSS)[()]
    v.eta, v.lam, v.kappa, v.alpha = (
        Tensor(name, (), Role.CONSTANT)[()] for name in ("eta", "lam", "kappa", "alpha")
    )
    v.f = FunctionSymbol("f", place)
    return v


@pytest.fixture(scope="session")
def general():
    """Layer l of L, one sample."""
    return network(l, L, samples=False)


@pytest.fixture(scope="session")
def batch():
    """Layer 2 of 3, a batch."""
    return network(Integer(2), Integer(3), samples=True)
