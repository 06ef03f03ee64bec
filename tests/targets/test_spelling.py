"""Array values as Python text: the text computes what the value means, and fits the margin."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Integer, Rational, pi, sqrt

from symbp.equations.tensor import Role, Tensor
from symbp.lowering.arrays import Call, Const, MatMul, Name, Transpose
from symbp.targets.numpy.names import Identifiers
from symbp.targets.numpy.spelling import Spelling, constant
from symbp.targets.numpy.wrap import statement

AXES = ("rows", "columns")
ARRAYS = {name: np.random.default_rng(at).uniform(0.5, 2, (2, 2)) for at, name in enumerate("abc")}
BINARY = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}
SPELLING = Spelling(lambda of: of.name)


def leaf(name):
    return Name(Tensor(name), axes=AXES)


def nodes(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(lambda args, op: Call(args, op, axes=AXES), pair, st.sampled_from([*BINARY])),
        st.builds(lambda args: MatMul(args, axes=AXES), pair),
        st.builds(lambda arg: Call((arg,), "neg", axes=AXES), inner),
        st.builds(lambda arg: Transpose(arg, (1, 0), axes=AXES), inner),
        st.builds(lambda arg: Call((arg, Const(Integer(2))), "power", axes=AXES), inner),
        st.builds(lambda args: Call((*args, args[0]), "add", axes=AXES), pair),
    )


def meaning(value):
    match value:
        case Name(of=of):
            return ARRAYS[of.name]
        case Transpose(arg=arg):
            return meaning(arg).T
        case MatMul(args=(a, b)):
            return meaning(a) @ meaning(b)
        case Call(args=(a,), op="neg"):
            return -meaning(a)
        case Call(args=(a, _), op="power"):
            return meaning(a) ** 2
        case Call(args=(a, b, c)):
            return meaning(a) + meaning(b) + meaning(c)
        case Call(args=(a, b), op=op):
            return BINARY[op](meaning(a), meaning(b))
    raise TypeError(value)


values = st.recursive(st.sampled_from("abc").map(leaf), nodes, max_leaves=12)


@given(values, st.integers(20, 100))
def test_text_computes_what_the_value_means_however_it_is_broken(value, width):
    lines = statement("out =", SPELLING.text(value), width)
    scope = {"np": np, **ARRAYS}
    with np.errstate(all="ignore"):
        exec("\n".join(lines), scope)  # noqa: S102 - spelled above
        expected = meaning(value)
    np.testing.assert_allclose(scope["out"], expected, rtol=1e-9)


A, B, C = map(leaf, "abc")


def op(name, *args):
    return Call(args, name, axes=AXES)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (op("sub", A, op("sub", B, C)), "a - (b - c)"),
        (op("sub", op("sub", A, B), C), "a - b - c"),
        (op("add", A, op("mul", B, C)), "a + b * c"),
        (op("mul", op("add", A, B), C), "(a + b) * c"),
        (op("div", A, op("mul", B, C)), "a / (b * c)"),
        (op("neg", op("mul", A, B)), "-a * b"),
        (op("neg", op("add", A, B)), "-(a + b)"),
        (op("mul", MatMul((A, B), axes=AXES), C), "(a @ b) * c"),
        (op("add", MatMul((A, B), axes=AXES), C), "a @ b + c"),
        (op("power", op("sub", A, B), Const(Integer(2))), "(a - b) ** 2"),
        (op("mul", A, op("greater", B, C)), "a * (b > c)"),
        (op("neg", op("mul", op("greater", B, C), A)), "-((b > c) * a)"),
        (op("exp", op("neg", A)), "np.exp(-a)"),
    ],
)
def test_parentheses_are_few(value, text):
    assert SPELLING.text(value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Rational(1, 2), "0.5"),
        (Rational(-1, 4), "-0.25"),
        (Rational(2, 3), "2 / 3"),
        (Integer(7), "7"),
        (pi, "math.pi"),
    ],
)
def test_numbers(number, text):
    assert constant(number)[0] == text
    assert eval(text, {"math": math}) == pytest.approx(float(number))  # noqa: S307


def test_functions_of_numbers_do_not_widen_arrays():
    root = Call((Const(Integer(2)),), "sqrt")
    assert SPELLING.text(root) == "math.sqrt(2)"
    assert float(sqrt(2)) == math.sqrt(2)


def test_a_long_statement_is_broken_where_a_reader_would():
    text = "0.5 * lam * ((first**2).sum() + (second**2).sum() + (third**2).sum())"
    assert statement("R =", text, 50) == [
        "R = 0.5 * lam * (",
        "    (first**2).sum()",
        "    + (second**2).sum()",
        "    + (third**2).sum()",
        ")",
    ]


ARGUMENTS = [
    (
        "sums(first + second_one, third_argument, 4)",
        [
            "out = sums(",
            "    (",
            "        first",
            "        + second_one",
            "    ),",
            "    third_argument,",
            "    4,",
            ")",
        ],
        20,
    ),
    (
        "later_values[:, t + 1] if t + 1 < 5 else zeros",
        ["out = (", "    later_values[:, t + 1]", "    if t + 1 < 5", "    else zeros", ")"],
        30,
    ),
]


@pytest.mark.parametrize(("text", "lines", "width"), ARGUMENTS)
def test_a_part_in_brackets_of_its_own_means_the_same(text, lines, width):
    assert statement("out =", text, width) == lines


COLLISIONS = [
    (["u1", "u1"], ["u1", "u1_"]),
    (["lambda"], ["lambda_"]),
    (["np"], ["np_"]),
    (["params"], ["params_"]),
    (["match"], ["match_"]),
    (["sum"], ["sum_"]),
    (["loss"], ["loss_"]),
    (["a b", "1st", "δ"], ["a_b", "_1st", "__"]),
]


@pytest.mark.parametrize(("proposed", "given_out"), COLLISIONS, ids=[str(c[0]) for c in COLLISIONS])
def test_each_name_means_one_thing(proposed, given_out):
    tensors = [Tensor(str(at)) for at in range(len(proposed))]
    names = Identifiers(lambda tensor: proposed[int(tensor.name)])
    assert [names(tensor) for tensor in tensors] == given_out
    assert [names(tensor) for tensor in tensors] == given_out


def test_constants_of_a_module_are_in_capitals():
    alpha = Tensor("alpha", (), Role.CONSTANT)
    assert Identifiers(lambda tensor: tensor.name)(alpha) == "ALPHA"
    assert Identifiers(lambda tensor: tensor.name, constants_upper=False)(alpha) == "alpha"
