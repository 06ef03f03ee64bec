"""Where SymPy alone goes wrong, and that our way does not lead there."""

import ast
from pathlib import Path

import pytest
from sympy import KroneckerDelta, Piecewise, Sum

from symbp.equations.axis import Axis, total
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor
from symbp.equations.wellformed import IllFormed

UNIT = Axis("unit")
i, j, a = (UNIT.index(letter) for letter in "ija")
x, y = Tensor("x", (UNIT,)), Tensor("y", (UNIT,))
S = Tensor("s")

SOURCES = sorted((Path(__file__).parents[2] / "symbp").rglob("*.py"))
FORBIDDEN = {
    *("doit", "simplify", "nsimplify"),  # slow or wrong on indices
    *("sympify", "parse_expr", "parse_latex", "lambdify", "srepr", "eval", "exec"),  # run text
}


def test_differentiating_by_a_bound_index_is_silently_wrong_in_sympy():
    assert Sum(x[i] ** 2, i.limits).diff(x[i]) != 2 * x[i]


def test_a_fresh_index_gives_the_derivative():
    square = total(x[i] ** 2, i)
    fresh = UNIT.fresh(square.atoms(type(i)))
    assert canonical(square.diff(x[fresh])) == 2 * x[fresh]


def test_no_program_binds_an_index_that_has_a_meaning():
    with pytest.raises(IllFormed) as caught:
        Program((Equation("y", y[i], x[i] * total(x[i] ** 2, i)),))
    assert [p.kind for p in caught.value.problems] == ["bound where it already has a meaning"]


def test_sympy_makes_cases_of_a_delta_in_a_sum_and_canonical_makes_the_term():
    plain = Sum(x[i] * KroneckerDelta(i, j), i.limits)
    assert plain.doit().has(Piecewise)
    assert canonical(plain) == x[j]


def test_equal_sums_under_other_letters():
    left, right = total(x[i], i), total(x[j], j)
    assert left != right
    assert canonical(left) == canonical(right)


def test_sympy_drags_factors_into_branches_and_ours_stay():
    branches = Piecewise((1, y[i] > 0), (0, True))
    assert isinstance(Sum(x[i] * branches, i.limits).function, Piecewise)
    assert total(x[i] * branches, i).function == x[i] * branches


def test_a_delta_out_of_branches_collapses():
    condition = y[i] > 0
    inner = Piecewise((x[i] * KroneckerDelta(i, j), condition), (0, True))
    expected = Piecewise((x[j], y[j] > 0), (0, True))
    assert canonical(total(inner, i)) == expected


def test_the_derivative_of_a_sum_over_the_whole_axis_does_not_depend_on_its_size():
    """An unrolled sum would have as many terms as units; ours has no number in it at all."""
    derived = canonical(total(x[i] * y[i], i).diff(y[a]))
    assert derived == x[a]
    assert canonical(total(x[i] * 0 + 1, i)) == UNIT.size


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(path.parents[2])))
def test_sources_call_nothing_that_is_slow_wrong_or_runs_text(path):
    called = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called.add(getattr(node.func, "attr", getattr(node.func, "id", "")))
        if isinstance(node, ast.ImportFrom):
            called |= {alias.name for alias in node.names}
    assert not called & FORBIDDEN
