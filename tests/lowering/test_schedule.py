"""Costly values are computed once; what nothing depends on is left out."""

from sympy import exp, tanh

from symbp.equations.axis import Axis, total
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor
from symbp.lowering.loops import grouped, looped
from symbp.lowering.lower import lower
from symbp.lowering.schedule import live, shared
from tests.lowering.spelled import SPELLING, E, N, Y, b, delta, j, k, m, n, out, spelled, u, v, z

TIME = Axis("time", None, "t")

BACK = total(delta[n, k] * v[j, k], k)


def test_what_has_a_name_is_called_by_it():
    slope = 1 - tanh(u[n, j]) ** 2
    assert spelled((z[n, j], tanh(u[n, j])), (out[n, j], slope)) == [
        "z = np.tanh(u)",
        "out = 1 - z**2",
    ]


def test_indices_may_be_called_anything():
    assert (
        spelled((z[n, m], tanh(u[n, m])), (E[()], total(tanh(u[n, j]), n, j)))[1] == "E = z.sum()"
    )


def test_a_product_that_occurs_twice_is_named():
    inner = total(delta[n, k] * v[m, k], k)
    jacobian = z[n, j] * (BACK - total(z[n, m] * inner, m))
    assert spelled((out[n, j], jacobian)) == [
        "product_1 = delta @ v.T",
        "out = z * (product_1 - (product_1 * z).sum(axis=1, keepdims=True))",
    ]


def test_what_a_loop_computes_is_that_of_its_own_time():
    cell = Tensor("c", (N, TIME, Y))
    states = [Tensor(name, (N, TIME, Y)) for name in ("h", "g")]
    t = TIME.index()
    recurrences = [
        Equation(
            state.name,
            state[n, t, j],
            tanh(cell[n, t, j]) * (state[n, t - 1, j] + tanh(cell[n, t, j])),
        )
        for state in states
    ]
    parts = grouped(recurrences)
    assigns = [a for k, part in enumerate(parts) for a in looped(part, k, {}, lambda rhs: rhs)]
    named = [a for a in shared(assigns) if getattr(a.target.of, "label", "") == "tanh"]
    assert [a.loop.number for a in named] == [0, 1]


def test_what_costs_little_is_repeated():
    assert len(spelled((out[n, j], (b[j] * z[n, j] + u[n, j]) / (1 + b[j] * z[n, j])))) == 1


def test_only_what_is_wanted_stays():
    equations = [
        Equation("z", z[n, j], exp(u[n, j])),
        Equation("out", out[n, j], u[n, j] ** 2),
        Equation("E", E[()], total(z[n, j], n, j)),
    ]
    kept = live([lower(e) for e in equations], [E])
    assert [SPELLING.text(s.target) for s in kept] == ["z", "E"]
    assert shared(kept) == kept
