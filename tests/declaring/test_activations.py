"""Activations: their formulas at points that can be checked by hand, and what they promise."""

import math

import pytest
from sympy import Float, Integer, Max, Min, Piecewise, Symbol, cosh, exp, gamma, symbols

from symbp.activations.activation import U
from symbp.activations.custom import activation
from symbp.activations.table import ACTIVATIONS, named
from symbp.equations.axis import Axis, Index
from symbp.equations.calculus import FunctionSymbol, Opaque
from symbp.equations.tensor import Role, Tensor
from symbp.errors import SpecErrors

UNITS = Axis("unit", Integer(2), "j")
J = UNITS.index("j")
ENTRY = Tensor("u", (UNITS,), Role.PREACTIVATION, Integer(2))[J]
SCALARS = [name for name in ACTIVATIONS if name not in {"softmax", "general"}]


def value(function, at):
    constants = {name: Float(v) for name, v in function.constants}
    return float(function.of(ENTRY, J, constants).xreplace({ENTRY: Float(at)}))


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("identity", -1.5, -1.5),
        ("sigmoid", 0.0, 0.5),
        ("sigmoid", 2.0, 1 / (1 + math.exp(-2))),
        ("tanh", 0.3, math.tanh(0.3)),
        ("relu", -2.0, 0.0),
        ("relu", 2.0, 2.0),
        ("leaky_relu", -2.0, -0.02),
        ("leaky_relu", 2.0, 2.0),
        ("elu", -1.0, math.exp(-1) - 1),
        ("elu", 3.0, 3.0),
        ("softplus", 0.0, math.log(2)),
        ("gelu", 1.0, 0.5 * (1 + math.erf(1 / math.sqrt(2)))),
        ("silu", 2.0, 2 / (1 + math.exp(-2))),
    ],
)
def test_values(name, at, expected):
    assert value(named(name), at) == pytest.approx(expected, rel=1e-12)


def test_softmax_runs_over_the_units_of_its_layer():
    formula = named("softmax").of(ENTRY, J, {})
    (k,) = formula.atoms(Index) - {J}
    assert k.axis == UNITS
    assert formula.free_symbols & {k} == set()


def test_general_is_a_function_of_its_own_at_each_place():
    assert named("general").of(ENTRY, J, {}) == Opaque(FunctionSymbol("f", Integer(2)), ENTRY)


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("at", [-30.0, -1.0, -1e-3, 1e-3, 1.0, 30.0])
def test_values_lie_among_the_outputs(name, at):
    # At ±30 a float rounds to the bound itself, hence the closure.
    function = named(name)
    assert function.outputs.closure.contains(value(function, at)) == True  # noqa: E712


def test_constants_can_be_given():
    assert named("elu", alpha=2).constants == (("alpha", 2.0),)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: named("rulu"), ["unknown_activation"]),
        (lambda: named("relu", alpha=1.0), ["unknown_key"]),
        (lambda: named("softmax", alpha=1.0), ["unknown_key"]),
        (lambda: activation("relu", U), ["name_taken"]),
        (lambda: activation("import", U), ["name_keyword"]),
        (lambda: activation("a b", U), ["name_form"]),
        (lambda: activation("f", U * Symbol("q")), ["formula_variables"]),
        (lambda: activation("f", Integer(1)), ["formula_no_variable"]),
        (lambda: activation("f", gamma(U)), ["formula_function"]),
        (lambda: activation("f", Piecewise((U, U > 0))), ["formula_undefined"]),
        (
            lambda: activation("f", Piecewise((U, (U > 0) & (U < 1)), (0, True))),
            ["formula_function"],
        ),
        (lambda: activation("f", U / 0), ["formula_undefined"]),
        (lambda: activation("f", U, eta=1.0), ["name_reserved"]),
        (lambda: activation("f", U, outputs=(1, 0)), ["outputs_order"]),
        (lambda: activation("f", U, gain="xavier"), ["unknown_word"]),
    ],
)
def test_bad_activations(make, codes):
    with pytest.raises(SpecErrors) as caught:
        make()
    assert [fault.code for fault in caught.value.faults] == codes


def test_a_formula_of_the_user():
    x, beta = symbols("x beta")
    swish = activation("swish", x / (1 + exp(-beta * x)), beta=1.5)
    assert value(swish, 2.0) == pytest.approx(2 / (1 + math.exp(-3)))
    assert swish.formula.free_symbols == {U, Symbol("beta", real=True)}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (lambda x: Max(x, 0), Piecewise((U, U > 0), (0, True))),
        (lambda x: Min(x, 6), Piecewise((U, U < 6), (6, True))),
        (
            lambda x: Min(Max(x, 0), 6),
            Piecewise((Piecewise((U, U < 6), (6, True)), U > 0), (0, True)),
        ),
        (lambda x: 2 * Max(x, 0) + 1, Piecewise((2 * U + 1, U > 0), (1, True))),
        (lambda x: Piecewise((x, x >= 0), (-x, True)), Piecewise((U, U >= 0), (-U, True))),
        (lambda x: 0.5 * x, U / 2),
        (cosh, cosh(U)),
    ],
)
def test_a_formula_is_made_exact(formula, expected):
    assert activation("f", formula(Symbol("x", real=True))).formula == expected
