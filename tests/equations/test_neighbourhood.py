"""A part of a program that is enough for a line proves it, and never more than the whole does."""

import pytest
from sympy import Expr, Integer, sqrt

from symbp.equations.axis import Axis, total
from symbp.equations.calculus import Partial
from symbp.equations.equality import Verdict, compare
from symbp.equations.equation import Equation
from symbp.equations.fingerprint import NoPoint, fingerprint
from symbp.equations.neighbourhood import neighbourhoods
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor

N, J = Axis("sample", None, "n"), Axis("unit", Integer(1))
n, j, k = N.index("n"), J.index("j"), J.index("k")
E = Tensor("E", role=Role.LOSS)
eps = Tensor("eps", role=Role.CONSTANT)
DEPTH = 7
x = [Tensor("x", (N, J), place=Integer(p)) for p in range(DEPTH + 1)]
mu = [Tensor("mu", (N,), place=Integer(p)) for p in range(DEPTH + 1)]
v = [Tensor("v", (N,), place=Integer(p)) for p in range(DEPTH + 1)]
gamma = [Tensor("gamma", (J,), place=Integer(p)) for p in range(DEPTH + 1)]


def normalised(p: int) -> tuple[Equation, ...]:
    """Layer p divides the deviations of what it reads by their size, and adds what it read."""
    read = x[p - 1]
    apart = read[n, j] - mu[p][n]
    return (
        Equation(f"mu@{p}", mu[p][n], total(read[n, k], k) / J.size),
        Equation(f"v@{p}", v[p][n], total((read[n, k] - mu[p][n]) ** 2, k) / J.size),
        Equation(f"x@{p}", x[p][n, j], gamma[p][j] * apart / sqrt(v[p][n] + eps[()]) + read[n, j]),
    )


LOSS = Equation("E", E[()], total(x[DEPTH][n, j] ** 3, n, j))
DEEP = Program((*(e for p in range(1, DEPTH + 1) for e in normalised(p)), LOSS))
"""Roots of roots of roots, of which there are none modulo a prime."""

APART = x[DEPTH - 1][n, j] - mu[DEPTH][n]
TOP = Partial(E[()], gamma[DEPTH][j])


def slope(factor: int) -> Expr:
    root = sqrt(v[DEPTH][n] + eps[()])
    return total(factor * x[DEPTH][n, j] ** 2 * APART / root, n)


def test_the_whole_has_no_point():
    with pytest.raises(NoPoint):
        fingerprint(DEEP, E[()], seed=1)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (total(2 * APART, j), Integer(0)),
        (total(APART**2, j), J.size * v[DEPTH][n]),
        (TOP, slope(3)),
        (Partial(E[()], x[DEPTH][n, j]) * x[DEPTH][n, j], 3 * x[DEPTH][n, j] ** 3),
    ],
)
def test_what_a_part_is_enough_for_is_proved(left, right):
    assert compare(left, right, DEEP).verdict is Verdict.PROBABLE


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (total(x[DEPTH - 1][n, j] - 2 * mu[DEPTH][n], j), Integer(0)),
        (total(APART**2, j), v[DEPTH][n]),
        (TOP, slope(2)),
        (Partial(E[()], gamma[DEPTH - 1][j]), Integer(0)),
        # with the paths through μ and v held fixed
        (
            Partial(E[()], x[DEPTH - 1][n, j]),
            3 * x[DEPTH][n, j] ** 2 * (gamma[DEPTH][j] / sqrt(v[DEPTH][n] + eps[()]) + 1),
        ),
    ],
)
def test_what_is_wrong_is_refuted(left, right):
    assert compare(left, right, DEEP).verdict is Verdict.REFUTED
    assert not any(compare(left, right, part).holds for part in neighbourhoods(DEEP, left, right))


def test_parts_hold_every_path_of_a_derivative():
    a, b, c, e = (Tensor(name) for name in "abce")
    program = Program(
        (
            Equation("b", b[()], 2 * a[()]),
            Equation("c", c[()], b[()] ** 2),
            Equation("e", e[()], c[()] * b[()] * a[()]),
            Equation("E", E[()], 5 * e[()]),
        )
    )
    for expr, kept in [
        ((e[()],), [{e}, {b, c, e}]),
        ((Partial(e[()], b[()]),), [{b, c, e}]),
        ((Partial(e[()], a[()]),), [{b, c, e}]),
        ((Partial(e[()], c[()]),), [{c, e}, {b, c, e}]),
        ((c[()], a[()]), [{b, c}]),
    ]:
        assert [set(part.definitions) for part in neighbourhoods(program, *expr)] == kept, expr


def test_a_program_without_any_values_has_no_truth():
    a, zero, over = Tensor("a"), Tensor("zero"), Tensor("over")
    program = Program(
        (
            Equation("zero", zero[()], a[()] - a[()] + Integer(0) * a[()]),
            Equation("over", over[()], 1 / zero[()]),
        )
    )
    assert compare(over[()] * zero[()], Integer(1), program).verdict is Verdict.UNDECIDED
