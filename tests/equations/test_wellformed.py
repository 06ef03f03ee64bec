"""What is no program, and that all that is wrong with one is told at once."""

import pytest
from sympy import KroneckerDelta, Sum, Symbol

from symbp.equations.axis import Axis, total
from symbp.equations.calculus import ArgLargest, Functional, Largest, Partial
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor
from symbp.equations.wellformed import IllFormed

N, U, V = Axis("sample", None, "n"), Axis("unit"), Axis("other")
n, i, j, k = N.index("n"), U.index("i"), U.index("j"), V.index("k")
x, y, z = Tensor("x", (U,)), Tensor("y", (U,)), Tensor("z", (U,))
a, m = Tensor("a", (V,)), Tensor("m", (U, V))
label = Tensor("t", (N,), labels=U)
E = Tensor("E", role=Role.LOSS)


def told(*pairs, facts=()):
    equations = tuple(Equation(f"e{number}", *pair) for number, pair in enumerate(pairs, 1))
    with pytest.raises(IllFormed) as caught:
        Program(equations, facts)
    return [(p.equation, p.kind) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("pairs", "kinds"),
    [
        ([(y[i], x[j])], ["free on the right only"]),
        ([(y[i], total(m[i, k], k) + a[k])], ["free on the right only"]),
        ([(y[i], x[i] * total(x[i], i))], ["bound where it already has a meaning"]),
        ([(y[i], total(x[j] * total(x[j], j), j))], ["bound where it already has a meaning"]),
        (
            [(y[i], Largest(m[i, k], i))],
            ["bound where it already has a meaning", "free on the right only"],
        ),
        ([(y[i], a[i])], ["an index of another axis"]),
        ([(a[i], x[i])], ["an index of another axis"]),
        ([(E[()], total(a[label[n]], n))], ["an index of another axis"]),
        ([(y[i], x[ArgLargest(a[k], k)])], ["an index of another axis"]),
        ([(y[i], x[i**2])], ["an index that is not affine"]),
        ([(y[i], x[i / 2])], ["an index that is not affine"]),
        ([(y[i], x[i + Symbol("p", integer=True)])], ["an index that is not affine"]),
        ([(y[i], m.base[i])], ["the wrong number of indices"]),
        ([(y[2 * i], x[i])], ["the left side wants plain indices"]),
        ([(Tensor("q", (U, U))[i, i], x[i])], ["the same index twice on the left"]),
        (
            [(y[i], KroneckerDelta(i, k) * a[k])],
            ["free on the right only", "indices of different axes are compared"],
        ),
        ([(E[()], Sum(x[i], (i, 0, 3)))], ["a sum over a part of an axis"]),
        (
            [(E[()], Sum(E[()], (Symbol("r"), 0, 3)))],
            ["a sum over what is no index", "used before its definition"],
        ),
        ([(y[i] + 1, x[i])], ["defines neither an entry nor a derivative"]),
        ([(Partial(E[()] * 2, x[i]), x[i])], ["defines neither an entry nor a derivative"]),
        ([(y[i], x[i]), (y[i], x[i] ** 2)], ["defined twice"]),
        ([(y[i], z[i]), (z[i], x[i])], ["used before its definition"]),
        ([(y[i], y[i] + 1)], ["used before its definition"]),
        ([(Partial(E[()], x[i]), x[i]), (Partial(E[()], x[j]), x[j])], ["defined twice"]),
    ],
)
def test_ill_formed(pairs, kinds):
    assert sorted(kind for _, kind in told(*pairs)) == sorted(kinds)


def test_all_that_is_wrong_is_told_at_once():
    pairs = [(y[i], z[j] * a[i]), (z[i], total(x[i], i)), (y[j], x[j + j**2])]
    fact = Equation("known", total(x[i] * a[i], i), 1 + 0 * x[i])
    assert told(*pairs, facts=(fact,)) == [
        ("e1", "free on the right only"),
        ("e1", "an index of another axis"),
        ("e2", "bound where it already has a meaning"),
        ("e3", "an index that is not affine"),
        ("known", "an index of another axis"),
        ("e1", "used before its definition"),
        ("e3", "defined twice"),
    ]


def test_problems_name_the_offender():
    with pytest.raises(IllFormed, match=r"e1: free on the right only: j\(unit\)"):
        Program((Equation("e1", y[i], x[j]),))


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (y[i], total(m[i, k] * a[k], k)),
        (y[i], x[2 * i + 1]),
        (y[i], x[U.size - 1 - i]),
        (y[i], total(a[k], k) + total(a[k] ** 2, k)),
        (y[i], x[ArgLargest(x[j], j)] * Largest(x[j], j)),
        (Tensor("p", (N,))[n], x[label[n]]),
        (y[i], total(KroneckerDelta(i, label[n]), n)),
        (E[()], Functional(x[i])),
        (Partial(E[()], x[i]), x[i]),
    ],
)
def test_well_formed(lhs, rhs):
    assert Program((Equation("e", lhs, rhs),)).equations[0].eq.lhs == lhs


def test_a_program_is_checked_wherever_one_is_made():
    program = Program((Equation("y", y[i], x[i]),))
    with pytest.raises(IllFormed, match="defined twice"):
        program.extended(Equation("again", y[i], x[i]))


def test_inputs_and_definitions():
    program = Program(
        (
            Equation("y", y[i], x[i] + a[()] if not a.axes else x[i]),
            Equation("E", E[()], total(y[i], i)),
        )
    )
    assert program.inputs == (x,)
    assert list(program.definitions) == [y, E]
    assert [e.id for e in program.users(y)] == ["E"]
    assert program.loss == E[()]


def test_without_a_loss_there_is_none():
    with pytest.raises(LookupError):
        _ = Program((Equation("y", y[i], x[i]),)).loss
