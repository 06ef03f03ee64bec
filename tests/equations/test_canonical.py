"""Canonical forms: laws on random expressions, and a table of contractions."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from sympy import Add, Integer, KroneckerDelta, Mul, Piecewise, exp

from symbp.equations.axis import Axis, total
from symbp.equations.calculus import ArgLargest, Largest
from symbp.equations.canonical import canonical
from symbp.equations.equality import Verdict, compare
from symbp.equations.fingerprint import fingerprint
from symbp.equations.tensor import Tensor
from tests.equations.expressions import FREE, PROGRAM, SIZES, expressions, relettered

U, V = Axis("unit"), Axis("other")
i, j, k, a, b = (U.index(letter) for letter in "ijkab")
p, q = V.index("p"), V.index("q")
x, y, w = Tensor("x", (U,)), Tensor("y", (U,)), Tensor("w", (U, V))
g = Tensor("g", (U, U))
label = Tensor("t", (V,), labels=U)
delta = KroneckerDelta


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (total(delta(i, a) * x[i], i), x[a]),
        (total(delta(i, a) * delta(i, b), i), delta(a, b)),
        (total(delta(i, j) * x[i] * y[j], i, j), total(x[k] * y[k], k)),
        (total(delta(i, a) ** 2 * x[i], i), x[a]),
        (total(x[i] * (delta(i, a) - y[i]), i), x[a] - total(x[i] * y[i], i)),
        (total(Integer(1) + 0 * x[i], i), U.size),
        (total(y[a] + 0 * x[i], i), U.size * y[a]),
        (total(x[i] * y[j], i, j), total(x[i], i) * total(y[i], i)),
        (total(x[i], i) ** 2, total(x[i] * x[j], i, j)),
        (total(delta(i, label[p]) * x[i], i), x[label[p]]),
        (delta(a, b) * x[a], delta(a, b) * x[b]),
        (total(w[i, p] * delta(p, q), p), w[i, q]),
        (exp(total(x[i], i)), exp(total(x[j], j))),
        (Largest(g[a, i], i), Largest(g[a, j], j)),
        (total(delta(i, 2 * j) * x[i], i), x[2 * j]),
        (total(delta(i, 0) * exp(x[i]), i), exp(x[0])),
    ],
)
def test_equal(expr, expected):
    assert canonical(expr) == canonical(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (total(g[i, a], i), total(g[a, i], i)),
        (total(x[i] * y[i], i), total(x[i], i) * total(y[i], i)),
        # 2j may lie outside of the axis, where x is 0, and exp(x) is not.
        (total(delta(i, 2 * j) * exp(x[i]), i), exp(x[2 * j])),
        (total(delta(i, a), i), U.size),
        # An axis has a first entry; a second one, it may lack.
        (total(delta(i, 1) * exp(x[i]), i), exp(x[1])),
        (
            # The inner sum must not capture the letter that the outer one is given.
            total(exp(total(exp(g[i, j]), j)), i),
            total(exp(total(exp(g[i, i]), i)), i),
        ),
        (total(exp(total(exp(g[i, j]), j)), i), total(exp(total(exp(g[j, i]), j)), i)),
    ],
)
def test_different(one, other):
    assert canonical(one) != canonical(other)


def test_letters_of_a_canonical_form_do_not_clash_when_it_is_used_again():
    nested = canonical(total(exp(total(exp(g[i, j]), j)), i))
    product = canonical(nested * total(exp(x[i]), i))
    assert canonical(product) == product
    assert canonical(total(exp(total(exp(g[a, b]), b)) * exp(x[i]), a, i)) == product


@settings(max_examples=80)
@given(expressions())
def test_a_canonical_form_has_the_same_values(expr):
    """What proves equalities must keep values: no law is more important here."""
    form = canonical(expr)
    # What is larger than what is not kept modulo a prime when both are divided by a number.
    exact = not expr.has(Piecewise, Largest, ArgLargest)
    at, (left, right) = fingerprint(PROGRAM, expr, form, seed=1, exact=exact, sizes=SIZES)
    field = at.field
    pairs = zip(left.along(FREE).flat, right.along(FREE).flat, strict=False)
    if left.along(FREE).shape == right.along(FREE).shape:
        assert all(field.same(one, other) for one, other in pairs)
    else:
        verdict = compare(expr - form, Integer(0), PROGRAM, sizes=SIZES).verdict
        assert verdict in (Verdict.PROVED, Verdict.PROBABLE if exact else Verdict.CONFIRMED)


@settings(max_examples=60)
@given(expressions())
def test_idempotent(expr):
    form = canonical(expr)
    assert canonical(form) == form


@settings(max_examples=60)
@given(expressions())
def test_letters_do_not_matter(expr):
    other = relettered(expr)
    assert canonical(other) == canonical(expr)


@settings(max_examples=30)
@given(expressions(depth=1), expressions(depth=1), expressions(depth=1))
def test_ring(one, two, three):
    distributed = Add(Mul(one, two), Mul(one, three))
    assert canonical(Mul(one, Add(two, three))) == canonical(distributed)


@pytest.mark.parametrize("order", [(i, j, k), (k, i, j), (j, k, i), (k, j, i)])
def test_the_order_of_sums_does_not_matter(order):
    body = g[i, j] * g[j, k] * x[k]
    assert canonical(total(body, *order)) == canonical(total(body, i, j, k))


def test_many_sums_over_one_axis():
    """Whatever their letters: a chain of products, whose indices are told apart by their places."""
    letters = [U.index(f"c{number}") for number in range(7)]
    links = [g[one, other] for one, other in pairwise(letters)]
    body = Mul(*links, x[letters[0]], y[letters[-1]])
    mirrored = body.xreplace(dict(zip(letters, letters[::-1], strict=True)))
    assert canonical(total(body, *letters)) == canonical(
        total(mirrored, *letters[3:], *letters[:3])
    )
