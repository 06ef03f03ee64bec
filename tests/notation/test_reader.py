"""Reading: spellings of one meaning, and what is said about a line that cannot be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational

from symbp.equations.axis import total
from symbp.equations.calculus import Opaque, Partial
from symbp.layers.dense import Dense
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.notation.reader import Reader, ReadError, Scope


@pytest.fixture
def reader(general):
    v = general
    known = (
        v.u(v.j),
        Opaque(v.f, v.u(v.j)),
        total(v.w[v.i, v.j] * v.z_in(v.i), v.i) + v.b[v.j],
        v.w_next[v.j, v.k] * v.delta_next(v.k) * v.delta(v.j),
        v.y(v.jL) - v.d(v.jL),
        v.E * v.eta,
    )
    return Reader(Notation("jp-uz", v.last), Scope.of(*known))


SPELLINGS = [
    (r"\dfrac{∂E}{∂u^l_j}", lambda v: Partial(v.E, v.u(v.j))),
    (r"\frac{\partial}{\partial u^{l}_{j}} E", lambda v: Partial(v.E, v.u(v.j))),
    ("∂E/∂uˡⱼ", lambda v: Partial(v.E, v.u(v.j))),
    (r"{y_j} - d_j", lambda v: v.y(v.jL) - v.d(v.jL)),
    (r"z^L_j-d_j", lambda v: v.y(v.jL) - v.d(v.jL)),
    (r"\frac12 (y_j - d_j)", lambda v: (v.y(v.jL) - v.d(v.jL)) / 2),
    (
        r"\sum\limits_{i}w^l_{ij} \cdot z^{l-1}_i",
        lambda v: total(v.w[v.i, v.j] * v.z_in(v.i), v.i),
    ),
    (
        "δ^{l+1}_k w^{l+1}_{jk} f^l'(u^l_j)",
        lambda v: v.delta_next(v.k) * v.w_next[v.j, v.k] * Opaque(v.f, v.u(v.j), 1),
    ),
    (r"\left( \eta \right) / 3 E", lambda v: v.eta * v.E / 3),
    ("½ E", lambda v: Rational(1, 2) * v.E),
]


@pytest.mark.parametrize(("text", "make"), SPELLINGS)
def test_spellings(general, reader, text, make):
    assert reader.chain(text) == (make(general),)


def test_a_chain_has_many_sides(general, reader):
    v = general
    found = reader.chain(r"δ^l_j = \frac{∂E}{∂u^l_j} = η")
    assert found == (v.delta(v.j), Partial(v.E, v.u(v.j)), v.eta)


ERRORS = [
    # text, code, column, some of the facts
    ("y_j + ", "unexpected", 7, {"found": ""}),
    ("y_j = )", "unexpected", 7, {"found": ")"}),
    ("δˡⱼ + q_j", "unknown_sign", 7, {"found": "q"}),
    ("E + w^{l}_{j}", "indices", 5, {"found": 1, "wanted": (2,)}),
    (r"\sum_{k} δ^{l+1}_k u^l_k", "axes_disagree", 7, {"letter": "k"}),
    (r"\sum_{k} E", "axis_unknown", 7, {"letter": "k"}),
    ("∂E/uˡⱼ", "unexpected", 4, {"expected": ("PARTIAL",)}),
    ("E^{99999999999}", "number_too_large", 1, {}),
    ("(" * 60, "too_deep", 41, {}),
    ("y" * 6000, "too_long", 5000, {}),
    ("1234567890123", "number_too_large", 1, {}),
    ("__import__", "unexpected", 2, {"found": "_"}),
]


@pytest.mark.parametrize(("text", "code", "column", "facts"), ERRORS)
def test_errors_hold_facts(reader, text, code, column, facts):
    with pytest.raises(ReadError) as caught:
        reader.chain(text)
    error = caught.value
    assert (error.code, error.column) == (code, column)
    assert {name: error.facts[name] for name in facts} == facts


def test_similar_signs_are_told(reader):
    with pytest.raises(ReadError) as caught:
        reader.chain("u^{l+2}_j")
    assert "u^{l}" in caught.value.facts["similar"]


def test_an_equation_has_two_sides(reader):
    with pytest.raises(ReadError) as caught:
        reader.equation("E")
    assert (caught.value.code, caught.value.facts) == ("not_an_equation", {"sides": 1})


_NET = Network.of("net", 3, [Dense(4, "relu"), Dense(2, "softmax")], "categorical_cross_entropy")
_SCOPE = Scope.of(*_NET.program().equations)
FUZZED = [Notation(name, _NET.last) for name in ("jp-uz", "matrix-rows")]
READERS = [Reader(notation, _SCOPE) for notation in FUZZED]
LINES = [
    spell(equation.lhs, equation.rhs)
    for notation in FUZZED
    for equation in _NET.program().equations
    for spell in (notation.latex_equation, notation.unicode_equation)
]
PIECES = sorted({piece for line in LINES for piece in re.findall(r"\\[a-zA-Z]+|.", line)})
EDITS = st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["", *PIECES])), max_size=4)


@given(st.sampled_from(LINES), EDITS)
def test_nothing_but_read_errors(line, edits):
    """Whatever is typed is read, or is told not to be understood."""
    pieces = re.findall(r"\\[a-zA-Z]+|.", line)
    for place, piece in edits:
        pieces[place % len(pieces)] = piece
    text = "".join(pieces)
    for reader in READERS:
        try:
            reader.chain(text)
        except ReadError as error:
            assert 1 <= error.column <= len(text) + 1  # noqa: PT017
