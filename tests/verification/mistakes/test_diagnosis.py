"""What is told of lines that people write, in general layers and of letters that do not fit."""

from functools import cache

import pytest
from sympy import Integer, Rational

from symbp.derivation.names import delta_of
from symbp.equations.axis import L, l, total
from symbp.equations.calculus import FunctionSymbol, Opaque, Partial
from symbp.equations.tensor import Role, Tensor
from symbp.layers.layer import activations, units
from symbp.losses.loss import LOSS
from symbp.verification.diagnosis import Wrong, diagnose
from tests.verification.mistakes.networks import CASES

REFERENCE = CASES[0].reference

i, j, k = units(l - 1).index("i"), units(l).index("j"), units(l + 1).index("k")
m, o = units(l + 1).index("m"), units(L).index("j")


def u(place):
    return Tensor("u", (units(place),), Role.PREACTIVATION, place)


def w(place):
    return Tensor("w", (units(place - 1), units(place)), Role.WEIGHT, place)


def f(place, argument, order=1):
    return Opaque(FunctionSymbol("f", place), argument, order)


def z(place):
    return activations(place)


def delta(place):
    return delta_of(u(place))


b = Tensor("b", (units(l),), Role.BIAS, l)
d = Tensor("d", (units(L),), Role.TARGET)

here, above, slope = delta(l)[j], delta(l + 1), f(l, u(l)[j])
HIDDEN = total(above[k] * w(l + 1)[j, k] * slope, k)
OUTPUT = (z(L)[o] - d[o]) * f(L, u(L)[o])
BY_WEIGHT, OF_WEIGHT = Partial(LOSS[()], w(l)[i, j]), here * z(l - 1)[i]
BY_BIAS, OF_BIAS = Partial(LOSS[()], b[j]), here

SLIPS = [
    (delta(L)[o], OUTPUT, z(L)[o] - d[o], ["M01", "M08"]),
    (delta(L)[o], OUTPUT, (d[o] - z(L)[o]) * f(L, u(L)[o]), ["M05"]),
    (delta(L)[o], OUTPUT, 2 * OUTPUT, ["M06"]),
    (delta(L)[o], OUTPUT, OUTPUT * f(L, u(L)[o]), ["M03"]),
    (here, HIDDEN, total(above[k] * w(l + 1)[j, k], k), ["M02"]),
    (here, HIDDEN, slope * total(above[k] * w(l + 1)[j, k], k) * slope, ["M03"]),
    (here, HIDDEN, f(l, z(l)[j]) * total(above[k] * w(l + 1)[j, k], k), ["M03"]),
    (here, HIDDEN, f(l, u(l)[j], 0) * total(above[k] * w(l + 1)[j, k], k), ["M02"]),
    (
        here,
        HIDDEN,
        total(above[k] * w(l + 1)[j, k] * f(l + 1, u(l + 1)[k]), k),
        ["M03", "M10", "M27"],
    ),
    (here, HIDDEN, slope * total(above[k] * w(l + 1)[k, j], k), ["M11"]),
    (here, HIDDEN, slope * total(above[k] * w(l)[j, k], k), ["M10"]),
    (here, HIDDEN, slope * above[k] * w(l + 1)[j, k], ["M14"]),
    (here, HIDDEN, slope * above[m] * w(l + 1)[j, m], ["M14"]),
    (here, HIDDEN, slope * above[0] * w(l + 1)[j, 0], ["M14"]),
    (here, HIDDEN, slope * total(above[k], k) * total(w(l + 1)[j, k], k), ["M15"]),
    (here, HIDDEN, slope * w(l + 1)[j, k] * total(above[k], k), ["M15"]),
    (here, HIDDEN, slope * w(l + 1)[j, m] * total(above[k], k), ["M09", "M15"]),
    (here, HIDDEN, slope * above[j] * w(l + 1)[j, j], ["M13"]),
    (BY_WEIGHT, OF_WEIGHT, here * z(l)[i], ["M10"]),
    (BY_WEIGHT, OF_WEIGHT, delta(l)[i] * z(l - 1)[j], ["M12"]),
    (BY_WEIGHT, OF_WEIGHT, here * z(l - 1)[j], ["M09"]),
    (BY_WEIGHT, OF_WEIGHT, here * slope * z(l - 1)[i], ["M27"]),
    (BY_BIAS, OF_BIAS, here * z(l - 1)[i], ["M17"]),
    (BY_BIAS, OF_BIAS, Integer(0), ["M17"]),
]


@cache
def told(left, right, written):
    return diagnose(Wrong(left, written, (right,), REFERENCE))


@pytest.mark.parametrize(("left", "right", "written", "codes"), SLIPS)
def test_a_slip_is_told(left, right, written, codes):
    assert [each.code for each in told(left, right, written)] == codes


def test_a_right_line_by_itself_is_no_mistake_of_any_layer_but_the_last():
    assert [each.code for each in told(here, HIDDEN, HIDDEN)] == ["M29"]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        (-2 * HIDDEN, {"M05", "M06"}),
        (-total(above[k] * w(l + 1)[j, k], k), {"M02", "M05"}),
        (2 * total(above[k] * w(l + 1)[j, k], k), {"M02", "M06"}),
        (slope**2 * above[k] * w(l + 1)[j, k], {"M03", "M14"}),
    ],
)
def test_two_slips_are_both_told(written, codes):
    assert {each.code for each in told(here, HIDDEN, written)} == codes


@pytest.mark.parametrize(
    "written", [Rational(7, 3) * HIDDEN**2, HIDDEN + 1, z(l)[j] ** 3, HIDDEN * u(l)[j]]
)
def test_nothing_is_told_where_no_mistake_fits(written):
    assert told(here, HIDDEN, written) == ()


def test_the_wrong_part_and_the_right_line_are_told():
    written = slope * total(above[k] * w(l + 1)[k, j], k)
    (transposed,) = told(here, HIDDEN, written)
    assert transposed.part == w(l + 1)[k, j]
    assert transposed.right == slope * total(above[k] * w(l + 1)[j, k], k)
    assert transposed.facts == {"wrong": w(l + 1)[k, j], "right": w(l + 1)[j, k]}


def test_the_missing_slope_is_named():
    (missing,) = told(here, HIDDEN, total(above[k] * w(l + 1)[j, k], k))
    assert (missing.say, missing.facts) == ("missing", {"slope": slope})
