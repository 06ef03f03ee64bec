"""Exact evaluation at random points, and that a certificate can fail."""

from collections import Counter

import numpy as np
import pytest
from sympy import (
    Abs,
    Integer,
    KroneckerDelta,
    Piecewise,
    Symbol,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
)

from symbp.equations.axis import Axis, total
from symbp.equations.calculus import Functional, FunctionSymbol, Opaque, Partial
from symbp.equations.canonical import canonical
from symbp.equations.equality import Verdict, compare
from symbp.equations.equation import Equation
from symbp.equations.fields import PRIME, Modular, Reals
from symbp.equations.fingerprint import NoPoint, fingerprint
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor

N, I, J = Axis("sample", None, "n"), Axis("unit", Integer(1)), Axis("unit", Integer(2))
n, i, j, k = N.index("n"), I.index("i"), J.index("j"), J.index("k")
x, w, b = Tensor("x", (N, I)), Tensor("w", (I, J)), Tensor("b", (J,))
u, z = Tensor("u", (N, J)), Tensor("z", (N, J))
d = Tensor("d", (N, J), Role.TARGET)
E = Tensor("E", role=Role.LOSS)
delta = Tensor("delta", (N, J), Role.DELTA)

PROGRAM = Program(
    (
        Equation("u", u[n, j], total(w[i, j] * x[n, i], i) + b[j]),
        Equation("z", z[n, j], exp(u[n, j]) / total(exp(u[n, k]), k)),
        Equation("E", E[()], -total(d[n, j] * log(z[n, j]), n, j) / N.size),
        Equation("delta", delta[n, j], Partial(E[()], u[n, j])),
    ),
    (Equation("one_hot", total(d[n, j], j), Integer(1)),),
)

SLOPE = Partial(E[()], w[i, j])
RIGHT = total((z[n, j] - d[n, j]) * x[n, i], n) / N.size


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (SLOPE, RIGHT),
        (SLOPE, total(delta[n, j] * x[n, i], n)),
        (Partial(E[()], b[j]), total(delta[n, j], n)),
        (delta[n, j], (z[n, j] - d[n, j]) / N.size),
        (total(z[n, j], j), Integer(1)),
        (total(d[n, j], j), Integer(1)),
        (Partial(z[n, j], u[n, k]), z[n, j] * (KroneckerDelta(j, k) - z[n, k])),
        (Partial(E[()], x[n, i]), total(delta[n, j] * w[i, j], j)),
    ],
)
def test_right(left, right):
    assert compare(left, right, PROGRAM).verdict is Verdict.PROBABLE


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("the sign", -RIGHT),
        ("a factor 2", 2 * RIGHT),
        ("no 1/N", RIGHT * N.size),
        ("1/2 for 1/N", RIGHT * N.size / 2),
        ("1/3 for 1/N", RIGHT * N.size / 3),
        ("1/n of units for 1/N", RIGHT * N.size / J.size),
        ("a missing factor", total(z[n, j] - d[n, j], n) / N.size),
        ("the target is forgotten", total(z[n, j] * x[n, i], n) / N.size),
        ("a dropped sum", (z[n, j] - d[n, j]) * x[n, i] / N.size),
        ("a sum too many", total((z[n, k] - d[n, k]) * x[n, i], n, k) / N.size),
        ("another quantity", total((u[n, j] - d[n, j]) * x[n, i], n) / N.size),
        ("the other order", total((d[n, j] - z[n, j]) * x[n, i], n) / N.size),
        ("zero", Integer(0)),
    ],
)
def test_wrong_gradients_are_refuted_with_a_witness(name, wrong):
    certificate = compare(SLOPE, wrong, PROGRAM)
    assert certificate.verdict is Verdict.REFUTED
    assert not certificate.holds
    witness = certificate.witness
    assert witness.left != witness.right
    assert set(witness.sizes) == {"sample", "unit@1", "unit@2"}


def test_a_transposed_weight_shows_though_both_axes_are_of_one_kind():
    units = Axis("unit")
    a, c, e = (units.index(letter) for letter in "ace")
    square, v = Tensor("w", (units, units)), Tensor("v", (units,))
    h = Tensor("h", (units,))
    program = Program(
        (
            Equation("h", h[a], total(square[c, a] * v[c], c)),
            Equation("E", E[()], total(h[a] ** 2, a) / 2),
        )
    )
    by_x = Partial(E[()], v[a])
    assert compare(by_x, total(square[a, e] * h[e], e), program).verdict is Verdict.PROBABLE
    assert compare(by_x, total(square[e, a] * h[e], e), program).verdict is Verdict.REFUTED


def test_the_wrong_layer_shows():
    units = [Axis("unit", Integer(place)) for place in range(3)]
    same = Axis("unit")
    f = [FunctionSymbol("f", Integer(place)) for place in range(3)]
    t = [Tensor("z", (same,), place=Integer(place)) for place in range(3)]
    s = same.index("s")
    program = Program(
        (
            Equation("z@1", t[1][s], Opaque(f[1], t[0][s])),
            Equation("z@2", t[2][s], Opaque(f[2], t[1][s])),
            Equation("E", E[()], total(t[2][s], s)),
        )
    )
    assert len(set(units)) == 3
    slope = Partial(E[()], t[1][s])
    assert compare(slope, Opaque(f[2], t[1][s], 1), program).verdict is Verdict.PROBABLE
    assert compare(slope, Opaque(f[1], t[1][s], 1), program).verdict is Verdict.REFUTED
    assert compare(slope, Opaque(f[2], t[0][s], 1), program).verdict is Verdict.REFUTED
    assert compare(slope, Opaque(f[2], t[1][s], 2), program).verdict is Verdict.REFUTED


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sizes_differ_from_one_another_and_from_point_to_point(seed):
    here, there = (fingerprint(PROGRAM, seed=s)[0].sizes for s in (seed, seed + 1))
    assert len(set(here.values())) == len(here)
    assert min(here.values()) >= 2
    assert all(here[axis] != there[axis] for axis in here)


def test_facts_are_obeyed():
    for exact in (True, False):
        evaluator, (ones,) = fingerprint(PROGRAM, total(d[n, j], j), seed=5, exact=exact)
        assert all(evaluator.field.same(value, 1) for value in ones.array.flat)


def test_without_its_fact_the_gradient_of_cross_entropy_is_another():
    bare = Program(PROGRAM.equations)
    assert compare(SLOPE, RIGHT, PROGRAM).holds
    assert compare(SLOPE, RIGHT, bare).verdict is Verdict.REFUTED


def test_a_point_can_be_drawn_again():
    first, second = (fingerprint(PROGRAM, SLOPE, seed=7)[1][0].array for _ in range(2))
    assert np.array_equal(first, second)


def test_given_sizes_are_taken():
    evaluator, (value,) = fingerprint(PROGRAM, SLOPE, seed=1, sizes={I: 1, J: 4})
    assert value.along((i, j)).shape == (1, 4)
    assert evaluator.sizes[J] == 4


def test_random_letters_of_labels_stay_on_their_axis():
    label = Tensor("t", (N,), Role.TARGET, labels=J)
    program = Program((Equation("E", E[()], total(z[n, label[n]], n)),))
    evaluator, _ = fingerprint(program, seed=1)
    assert all(0 <= value < evaluator.sizes[J] for value in evaluator.values[label].flat)


def test_an_entry_outside_its_tensor_is_zero():
    y = Tensor("y", (I,))
    program = Program((Equation("E", E[()], total(y[i], i)),))
    assert compare(y[I.size], Integer(0), program).holds
    assert compare(y[i - I.size], Integer(0), program).holds


def test_no_point_where_nothing_is_defined():
    bad = Program((Equation("E", E[()], 1 / (total(b[j] - b[j] + 0 * b[j], j) + b[J.size - 0])),))
    with pytest.raises(NoPoint):
        fingerprint(bad, seed=1)
    assert compare(E[()], 2 * E[()], bad).verdict is Verdict.UNDECIDED


# ---- functions -------------------------------------------------------------------------------

v = Tensor("v", (I,))
alpha = Tensor("alpha", role=Role.CONSTANT)[()]
g = FunctionSymbol("g")
ONE_ARGUMENT = [
    *(f(v[i]) for f in (exp, tanh, erf, sin, cos, sinh, cosh, atan)),
    *(v[i] ** 3, 1 / v[i], abs(v[i]), exp(-(v[i] ** 2) / 2), Opaque(g, v[i])),
    *(log(1 + exp(v[i])), sqrt(1 + v[i] ** 2), (1 + v[i] ** 2) ** alpha, 2 ** v[i]),
    Piecewise((v[i], v[i] > 0), (alpha * v[i], True)),
    Piecewise((v[i] ** 2, Abs(v[i]) <= alpha), (alpha * Abs(v[i]), True)),
    v[i] * (1 + erf(v[i] / sqrt(2))) / 2,
]


@pytest.mark.parametrize("formula", ONE_ARGUMENT, ids=str)
def test_slopes_of_sympy_and_of_the_numbers_agree(formula):
    """Two ways of differentiating that share nothing."""
    program = Program((Equation("E", E[()], total(formula, i)),))
    a = I.index("a")
    derived = canonical(total(formula, i).diff(v[a]))
    certificate = compare(Partial(E[()], v[a]), derived, program)
    assert certificate.holds
    assert compare(Partial(E[()], v[a]), derived + 1, program).verdict is Verdict.REFUTED


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (exp(b[j] + b[k]), exp(b[j]) * exp(b[k])),
        (exp(-2 * b[j]) * exp(b[j]) ** 2, 1 + 0 * b[j]),
        (Abs(b[j]), b[j] * sign(b[j])),
        (sqrt(b[j] ** 2 + 1) ** 2, b[j] ** 2 + 1),
        (sign(b[j]) + sign(-b[j]), 0 * b[j]),
    ],
)
def test_identities_that_hold_in_both_kinds_of_numbers(exact, left, right):
    program = Program((Equation("E", E[()], total(b[j], j)),))
    evaluator, sides = fingerprint(program, left, right, seed=3, exact=exact)
    indices = tuple(dict.fromkeys((*sides[0].indices, *sides[1].indices)))
    pairs = np.broadcast_arrays(*(side.along(indices) for side in sides))
    assert all(evaluator.field.same(p, q) for p, q in zip(*map(np.ravel, pairs), strict=True))


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (total(b[j], j), total(b[k], k), Verdict.PROVED),
        (1 / (1 + exp(-b[j])), exp(b[j]) / (1 + exp(b[j])), Verdict.PROBABLE),
        (log(b[j] ** 4), 2 * log(b[j] ** 2), Verdict.CONFIRMED),  # needs log and real numbers
        (cosh(b[j]) ** 2 - sinh(b[j]) ** 2, 1 + 0 * b[j], Verdict.CONFIRMED),
        (log(b[j] ** 2), 2 * log(b[j] ** 2), Verdict.REFUTED),
        (log(-(b[j] ** 2)), log(-2 * b[j] ** 2), Verdict.UNDECIDED),
    ],
)
def test_how_sure_is_never_mixed_up(left, right, verdict):
    program = Program((Equation("E", E[()], total(b[j], j)),))
    certificate = compare(left, right, program)
    assert certificate.verdict is verdict
    assert certificate.holds == (verdict not in (Verdict.REFUTED, Verdict.UNDECIDED))
    assert (certificate.error > 0) == (verdict is Verdict.PROBABLE)


def test_a_functional_is_known_by_its_slopes_alone():
    program = Program((Equation("E", E[()], Functional(u[n, j])),))
    one, two = Partial(E[()], u[n, j]), Partial(E[()], u[n, k])
    assert compare(one, one, program).verdict is Verdict.PROVED
    assert compare(one, two, program).verdict is Verdict.REFUTED


def test_a_scalar_in_an_expression_is_a_name_for_what_defines_it():
    data, penalty = Tensor("D", role=Role.TERM), Tensor("R", role=Role.TERM)
    program = Program(
        (
            Equation("D", data[()], total(b[j] ** 2, j)),
            Equation("R", penalty[()], total(b[j], j)),
            Equation("E", E[()], data[()] + penalty[()]),
        )
    )
    opened = Partial(data[()] + penalty[()], b[j])
    assert compare(Partial(E[()], b[j]), opened, program).holds
    assert compare(opened, 2 * b[j] + 1, program).holds
    held = Partial(b[j] * u[n, j], b[j])
    assert compare(held, u[n, j], PROGRAM).holds, "but entries are held fixed"


@pytest.mark.parametrize("what", [Symbol("strange"), sin(Symbol("q")), exp(Symbol("q"))])
def test_what_is_not_known_has_no_value(what):
    with pytest.raises(NotImplementedError):
        fingerprint(PROGRAM, what, seed=1)


# ---- fields ------------------------------------------------------------------------------------


def test_residues():
    field = Modular(1)
    assert field.inverse(3) * 3 % PRIME == 1
    assert field.positive(5) != field.positive(-5)
    assert field.apply("tanh", 5) == field.apply("tanh", 5 + PRIME)
    with pytest.raises(ZeroDivisionError):
        field.inverse(PRIME)


def test_reals_know_their_functions():
    field = Reals(1)
    assert abs(field.apply("tanh", field.rational(Integer(1))) - 0.7615941559557649) < 1e-15
    with pytest.raises(ArithmeticError):
        field.apply("log", -1)


def test_a_point_is_worked_out_once_for_all_lines():
    counts = Counter(id(fingerprint(PROGRAM, SLOPE, seed=11)[0]) for _ in range(5))
    assert len(counts) == 1


def test_a_single_entry_is_multiplied_exactly():
    units = Axis("unit", None, "j")
    a, b = (Tensor(name, (units,)) for name in "ab")
    j = units.index()
    program = Program((Equation("c", Tensor("c", (units,))[j], a[j] * b[j]),))
    product = a[0] * b[0]  # in machine numbers of 64 bits it would overflow
    evaluator, (found,) = fingerprint(program, product, seed=3, exact=True)
    one, other = (int(evaluator.array(tensor)[0]) for tensor in (a, b))
    assert int(found.array[()]) == one * other % PRIME
