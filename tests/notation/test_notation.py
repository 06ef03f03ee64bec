"""Conventions by name, names for code, and how fast lines are printed."""

from __future__ import annotations

import keyword
from time import perf_counter

import pytest

from symbp.equations.axis import total
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.errors import UnknownConvention
from symbp.notation.notation import Notation
from symbp.notation.presets import PRESETS, convention


def test_presets_are_found_by_name():
    assert all(convention(name).name == name for name in PRESETS)


def test_a_slip_in_a_name_is_met_with_similar_names():
    with pytest.raises(UnknownConvention) as caught:
        convention("nielson")
    assert caught.value.name == "nielson"
    assert caught.value.similar == ("nielsen",)
    assert caught.value.known == tuple(PRESETS)


@pytest.mark.parametrize("preset", PRESETS.values())
def test_letters_are_permuted(preset):
    assert all(preset.neutral(preset.letter(c)) == c for c in ("i", "j", "k", "m", "h", "n", "i'"))


IDENTIFIERS = [
    ("jp-uz", "u2 z2 w2 b2 delta2 y d x dE_dw2 dE_db2 dE_dy eta lam"),
    ("nielsen", "z2 a2 w2 b2 delta2 a3 y x dC_dw2 dC_db2 dC_da3 eta lam"),
    ("matrix-rows", "U2 Z2 W2 b2 Delta2 Y D X dE_dW2 dE_db2 dE_dY eta lam"),
    ("matrix-columns", "Z2 A2 W2 b2 Delta2 A3 Y X dJ_dW2 dJ_db2 dJ_dA3 alpha lam"),
]


@pytest.mark.parametrize(("name", "expected"), IDENTIFIERS)
def test_identifiers(batch, name, expected):
    v = batch
    entries = [v.u(v.j), v.z(v.j), v.w[v.i, v.j], v.b[v.j], v.delta(v.j), v.y(v.jL), v.d(v.jL)]
    entries += [v.x(v.i0), *(Partial(v.E, e) for e in (v.w[v.i, v.j], v.b[v.j], v.y(v.jL)))]
    found = [Notation(name, v.last).identifier(e) for e in (*entries, v.eta, v.lam)]
    assert found == expected.split()
    assert not any(map(keyword.iskeyword, found))


def test_identifiers_of_tensors_are_those_of_their_entries(batch):
    notation = Notation("jp-uz", batch.last)
    assert notation.identifier(tensor_of(batch.u(batch.j))) == "u2"
    assert notation.identifier(Tensor("m_hat")) == "m_hat"
    assert notation.identifier(Tensor("beta1", (), Role.CONSTANT)) == "beta1"


def test_a_line_is_arranged_once_and_fast(batch):
    v = batch
    sides = [
        (v.u(v.j), total(v.w[v.i, v.j] * v.z_in(v.i), v.i) + v.b[v.j]),
        (v.delta(v.j), total(v.delta_next(v.k) * v.w_next[v.j, v.k], v.k) * (1 - v.z(v.j) ** 2)),
    ]
    best = float("inf")
    for _ in range(20):
        notation = Notation("jp-uz", v.last)
        start = perf_counter()
        for line in sides:
            notation.latex_equation(*line)
        best = min(best, (perf_counter() - start) / len(sides))
    assert best < 1e-3  # a generous bound for a busy machine; some 0.1 ms on an idle one
