"""Formulas that people type: what they mean, and where they go wrong."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Expr, Piecewise, Rational, Symbol, erf, exp, log, pi, sqrt, tanh

from symbp.activations.activation import U
from symbp.errors import SpecErrors
from symbp.naming import FUNCTIONS
from symbp.specification.expression import CALLS, expression

u, a = U, Symbol("a", real=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u", u),
        (" u ", u),
        ("(u)", u),
        ("-u", -u),
        ("--u", u),
        ("-u^2", -(u**2)),
        ("(-u)^2", u**2),
        ("u^-1", 1 / u),
        ("u ** 2 ^ 3", u**8),
        ("u - 1 - 1", u - 2),
        ("u / 2 / 2", u / 4),
        ("2 + 3 * u", 2 + 3 * u),
        ("0.1 * u", u / 10),
        (".5 * u + 1.", u / 2 + 1),
        ("1e-3 * u", u / 1000),
        ("1.5E+2 * u", 150 * u),
        ("u / (1 + exp(-u))", u / (1 + exp(-u))),
        ("a * tanh(u)", a * tanh(u)),
        ("u * (1 + erf(u / sqrt(2))) / 2", u * (1 + erf(u / sqrt(2))) / 2),
        ("sqrt(2 / pi) * u", sqrt(2 / pi) * u),
        ("log(1 + abs(u))", log(1 + Abs(u))),
        ("max(u, 0)", Piecewise((u, u > 0), (0, True))),
        ("max(0, u)", Piecewise((u, u > 0), (0, True))),
        ("min(u, a)", Piecewise((u, u < a), (a, True))),
        ("where(u > 0, u, a * u)", Piecewise((u, u > 0), (a * u, True))),
        ("where(u <= 1, u, 1)", Piecewise((u, u <= 1), (1, True))),
        (
            "min(max(0, u), 6)",
            Piecewise((Piecewise((u, u < 6), (6, True)), u > 0), (0, True)),
        ),
        ("where(2 > 1, u, 0)", u),
        ("2 ^ u", 2**u),
        ("u ^ (a / 2)", u ** (a / 2)),
        ("log(1 + exp(u)) - log(2)", log(1 + exp(u)) - log(2)),
        ("2 * where(u > 0, u, a)", Piecewise((2 * u, u > 0), (2 * a, True))),
        (
            "where(u > 0, u, a) * where(u > 0, 3, u)",
            Piecewise((3 * u, u > 0), (a * u, True)),
        ),
        (
            "where(u < 0, 0, where(u < 1, u, 1))",
            Piecewise((0, u < 0), (u, u < 1), (1, True)),
        ),
        ("u * 0.3333333333", u * Rational(3333333333, 10**10)),
    ],
)
def test_meaning(text, expected):
    assert expression(text, {"a": a}) == expected


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "formula_end", 1),
        ("u +", "formula_end", 4),
        ("(u", "formula_end", 3),
        ("exp(u", "formula_end", 6),
        ("u u", "formula_expected", 3),
        ("u)", "formula_expected", 2),
        ("* u", "formula_unexpected", 1),
        ("u + )", "formula_unexpected", 5),
        ("2u", "formula_expected", 2),
        ("u $ 2", "formula_character", 3),
        ("u.real", "formula_character", 2),
        ("u[0]", "formula_character", 2),
        ("'u'", "formula_character", 1),
        ("u = 1", "formula_character", 3),
        ("__import__(u)", "formula_call", 1),
        ("lambda u", "formula_name", 1),
        ("x + 1", "formula_name", 1),
        ("u + exp", "formula_no_call", 5),
        ("tan(u)", "formula_call", 1),
        ("exp(u, u)", "formula_arity", 1),
        ("max(u)", "formula_arity", 1),
        ("where(u, 1, 2)", "formula_comparison", 8),
        ("tanh(sqrt(2)) * u", "formula_constant", 1),
        ("u ^ sqrt(2)", "formula_exponent", 3),
        ("u ^ (u + 1)", "formula_exponent", 3),
        ("2 ^ where(u > 0, 1, 99)", "formula_exponent", 3),
        ("tanh(max(u, 65)) + tanh(65)", "formula_large", 1),
        ("sqrt(-1 - u^2)", "formula_undefined", 1),
        ("u > 0", "formula_expected", 3),
        ("1 / 0", "formula_undefined", 3),
        ("0 ^ u", "formula_undefined", 3),
        ("log(0) + u", "formula_undefined", 1),
        ("u * sqrt(-2)", "formula_undefined", 5),
        ("u ^ 65", "formula_exponent", 3),
        ("9^9^9", "formula_exponent", 2),
        ("((9^60)^60)^60", "formula_large", 8),
        ("exp(exp(exp(9)))", "formula_constant", 5),
        ("exp(65)", "formula_large", 1),
        ("123456789012345678901 * u", "formula_digits", 1),
        ("1e31 * u", "formula_digits", 1),
        ("(" * 31 + "u" + ")" * 31, "formula_deep", 32),
        ("max(u,1)" + "+max(u,1)" * 6, "formula_branches", 55),
        ("u+" * 250 + "u", "formula_long", 1),
        ("ｕ", "formula_character", 1),
    ],
)
def test_errors(text, code, at):
    with pytest.raises(SpecErrors) as caught:
        expression(text, {"a": a})
    (fault,) = caught.value.faults
    assert (fault.code, fault.details["at"]) == (code, at)


def test_the_functions_are_those_that_no_constant_may_be_called_by():
    assert set(CALLS) == set(FUNCTIONS)


WORDS = ["u", "a", "2", "0.5", "1e9", "(", ")", "+", "-", "*", "/", "^", ",", ">", "<=", " "]


@settings(max_examples=300, deadline=2000)
@given(st.lists(st.sampled_from([*WORDS, *(f"{name}(" for name in FUNCTIONS)]), max_size=25))
def test_any_words_are_a_formula_or_an_error(words):
    try:
        found = expression("".join(words), {"a": a})
    except SpecErrors:
        return
    assert isinstance(found, Expr)
    assert found.free_symbols <= {u, a}
    assert all(condition.is_Relational or condition == True  # noqa: E712
               for p in found.atoms(Piecewise) for _, condition in p.args)  # fmt: skip


@given(st.text(max_size=40))
def test_any_text_is_a_formula_or_an_error(text):
    with suppress(SpecErrors):
        assert isinstance(expression(text), Expr)
