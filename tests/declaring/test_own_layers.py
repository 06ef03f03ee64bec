"""Layers of one's own in TOML: what can be said, and every fault at its line and column."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from symbp.errors import SpecErrors
from symbp.formulas.syntax import parse_equation
from symbp.layers.forward import Forward
from symbp.layers.placing import put
from symbp.layers.written import Layer
from symbp.network import Network
from symbp.pipeline import derive
from symbp.specification.messages import messages
from symbp.specification.reader import parse_network

OWN = """\
name = "own"
inputs = 6
loss = "half_squared_error"

[layer.bilinear]
reads = ["x[n, i]", "y[n, k]"]
equations = [
  "u[n, j] = sum(i, k, w[i, k, j] * x[n, i] * y[n, k]) + b[j]",
  "z[n, j] = f(u[n, j]) / (s + 1)",
]
sizes = { j = "units" }
parameters = { "w[i, k, j]" = "glorot", "b[j]" = "zeros" }
constants = { s = "scale" }
options = { units = 3, scale = 0.5, f = "tanh" }

[layer.shift]
reads = "x[n, i]"
equations = \"""
  v[n, i] = x[n, i] - mean(k, x[n, k])
  z[n, i] = g[i] * v[n, i]
\"""
parameters = { "g[i]" = "ones" }

[[layers]]
units = 4
name = "a"

[[layers]]
kind = "bilinear"
from = ["a", "x"]
units = 5
f = "sigmoid"

[[layers]]
kind = "shift"
"""


def test_what_can_be_said():
    network = parse_network(OWN)
    assert [p.tensor.name for p in network.parameters()] == ["w", "b", "w", "b", "g"]
    assert {t.name: v for t, v in network.constants().items()} == {"s": 0.5}
    sizes = {axis.key: size for axis, size in network.sizes().items()}
    assert 5 in sizes.values()
    assert "1.5" in derive(network).emit() or "scale" in derive(network).emit()


def wrong(text):
    with pytest.raises(SpecErrors) as caught:
        parse_network(text, "n.toml")
    for language in ("en", "ja"):
        assert all(line.startswith("n.toml:") for line in messages(caught.value, language))
    return [(fault.line, fault.column, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("y[n, k]) + b", "y[n, q]) + b", [(8, 52, "equation_free")]),
        ("y[n, k]) + b", "yy[n, k]) + b", [(8, 47, "formula_name")]),
        ("y[n, k]) + b", "y[n, i]) + b", [(8, 47, "axes_differ")]),
        ("y[n, k]) + b", "y[k]) + b", [(8, 47, "equation_slots")]),
        ("y[n, k]) + b", "y[n, k] + b", [(8, 61, "formula_end")]),
        ("y[n, k]) + b", "y[n, k]) + b %", [(8, 60, "formula_character")]),
        ("y[n, k]) + b", "y[n, k/2]) + b", [(8, 53, "equation_index")]),
        ("sum(i, k,", "sum(i, j,", [(8, 21, "equation_bound")]),
        ("sum(i, k,", "sum(i, 2,", [(8, 21, "equation_over")]),
        ("sum(i, k,", "summ(i, k,", [(8, 14, "formula_call")]),
        ("f(u[n, j])", "h(u[n, j])", [(9, 14, "formula_call")]),
        ("f(u[n, j])", "f(u[n, j], 2)", [(9, 14, "formula_arity")]),
        ("f(u[n, j])", "f(t[n, j])", [(9, 16, "formula_name")]),
        ("f(u[n, j])", "f(z[n, j])", [(9, 4, "equation_order")]),
        ("(s + 1)", "(s - s)", [(9, 25, "formula_undefined")]),
        ("(s + 1)", "(s + 1)^(1/3000)", [(9, 34, "formula_exponent")]),
        ("(s + 1)", "(s + exp(1000))", [(9, 32, "formula_large")]),
        ("(s + 1)", "(u[n, j] + s + 1)^60^2", [(9, 44, "formula_exponent")]),
        ("z[n, j] = f", "z[n, 2] = f", [(9, 4, "equation_left")]),
        ("z[n, j] = f", "z[n, n] = f", [(9, 4, "equation_twice")]),
        ("z[n, j] = f", "u[n, j] = f", [(9, 4, "name_twice")]),
        ("z[n, j] = f", "x[n, j] = f", [(9, 4, "name_twice")]),
        ("z[n, j] = f", "delta[n, j] = f", [(9, 4, "name_of_result")]),
        ("z[n, j] = f", "z[n, q] = s + f", [(9, 4, "equation_size"), (9, 19, "equation_free")][:1]),
        ('{ j = "units" }', "{ j = 0 }", [(11, 15, "number_positive")]),
        ('{ j = "units" }', '{ j = "unit" }', [(11, 15, "unknown_option")]),
        ('{ j = "units" }', "{ j = 2.5 }", [(11, 15, "type")]),
        (
            '{ j = "units" }',
            "{ }",
            [(n, c, "equation_size") for n, c in [(8, 4), (9, 4), (12, 17), (12, 42)]],
        ),
        (
            "f(u[n, j])",
            "f(x[n, i]) + b[j]",
            [(9, 21, "equation_free")],
        ),
        (
            "f(u[n, j])",
            "f(b[j])",
            [(8, 4, "name_idle"), (12, 17, "name_idle")],
        ),
        ('"w[i, k, j]"', '"w[i, k, 2]"', [(12, 25, "entry_letters")]),
        ('"w[i, k, j]"', '"w[i, k, i]"', [(12, 17, "equation_twice")]),
        ('"b[j]" =', '"x[j]" =', [(12, 42, "name_twice")]),
        ('"zeros"', '"zeross"', [(12, 50, "unknown_word")]),
        ('"b[j]" =', '"c[j]" = "zeros", "b[j]" =', [(12, 42, "name_idle")]),
        ('s = "scale"', "s = inf", [(13, 19, "not_finite")]),
        ('s = "scale"', 's = "scal"', [(13, 19, "unknown_option")]),
        ("scale = 0.5", "kind = 0.5", [(13, 19, "unknown_option"), (14, 24, "name_reserved")]),
        ('f = "tanh"', 'f = "softmax"', [(14, 41, "activation_of_all")]),
        ("units = 5", "units = 0", [(31, 9, "number_positive")]),
        ("units = 5", "unit = 5", [(31, 1, "unknown_key")]),
        ('f = "sigmoid"', 'f = "sigmod"', [(32, 5, "unknown_activation")]),
        ('["a", "x"]', '"a"', [(30, 8, "layer_reads")]),
        ("v[n, i] = x", "v[n, i] = y", [(19, 13, "formula_name")]),
        ("g[i] * v[n, i]", "g[i] * v[n, i] +", [(20, 29, "formula_end")]),
        ('"x[n, i]"\ne', '"x[n, t, i]"\ne', [(17, 10, "layer_axes")]),
        ('"x[n, i]"\ne', "3\ne", [(17, 9, "type")]),
        ("[layer.shift]", "[layer.flatten]", [(16, 8, "layer_taken"), (35, 8, "unknown_layer")]),
        ("[layer.shift]", '[layer."a b"]', [(16, 8, "name_form"), (35, 8, "unknown_layer")]),
    ],
)
def test_one_thing_wrong(old, new, expected):
    assert old in OWN
    assert wrong(OWN.replace(old, new, 1)) == expected


def test_everything_at_once():
    text = OWN.replace("y[n, k]) + b", "y[n, q]) + b").replace("f(u[n", "h(uu[n")
    text = text.replace("g[i] * v", "g[j] * vv").replace('"shift"', '"shift"\nfrom = "a"')
    assert wrong(text) == [
        (8, 52, "equation_free"),
        (9, 14, "formula_call"),
        (9, 16, "formula_name"),
        (20, 20, "formula_name"),
    ]


SIGNS = ["+", "-", "*", "/", "^", "**", "(", ")", "[", "]", ",", "=", "<", ">=", "...", "==", " "]
WORDS = [*"xyuzwbnijk", "sum", "mean", "max", "size", "where", "exp", "log", "sqrt", "tanh", "pi"]
NUMBERS = ["0", "1", "2", "3", "0.5", "1e9", "1e-30", "99999999999999999999", "1e400"]
ENTRIES = ["x[n, i]", "w[i, j]", "b[j]", "u[n, j]", "sum(i, ", "max(j, ", "where(", "u[n - 1, j]"]


class _Text(Layer):
    def __init__(self, *equations):
        self.equations = equations

    def forward(self, x):
        learnt = {"w[i, j]": "glorot", "b[j]": "zeros"}
        return Forward("x[n, i]", self.equations, {"j": 3}, learnt, {"s": 2.0})


def tried(*equations):
    """Whether the equations make a layer: SpecErrors if not, and no other exception."""
    try:
        Network.of("net", 4, [_Text(*equations)]).program()
    except SpecErrors as wrong:
        return not all(messages(wrong, language) for language in ("en", "ja"))
    return True


parts = st.lists(st.sampled_from(SIGNS + WORDS + NUMBERS + ENTRIES), max_size=25).map("".join)
slow = settings(
    deadline=5000, max_examples=300, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@slow
@given(st.text(max_size=60))
@example("u[n, j] = " + "(" * 400)
@example("u[n, j] = " + "-" * 480 + "1")
@example("u[n, j] = " + "2^" * 200 + "2")
@example("u[n, j] = exp(exp(exp(exp(9))))")
@example("u[n, j] = (b[j] + 1)^64 * (b[j] + s)^64 * (b[j] + 2)^64")
@example("u[n, j] = 9^64^64")
@example("u[n, j] = sin(10^60) - sin(10^60 + pi)")
@example("u[n, j] = where(1 < 2, b[j], 3)")
@example("u[n, j] = where(b[j] < sqrt(-1), b[j], 3)")
@example("u[n, j] = max(j, sum(j, j))")
@example("__import__('os').system('true') = 1")
def test_no_text_does_anything_else_than_fail(text):
    tried(text)


@slow
@given(parts, parts)
def test_no_formula_does_anything_else_than_fail(first, second):
    tried(f"u[n, j] = sum(i, w[i, j] * x[n, i]) + b[j] + {first}", f"z[n, j] = u[n, j] + {second}")


@slow
@given(st.lists(st.sampled_from(SIGNS + WORDS + ENTRIES), max_size=8).map("".join))
def test_no_entry_does_anything_else_than_fail(entry):
    try:
        put(Forward(entry, "z[n] = 1", {}, {entry: "ones"}), 1, [], [])
    except SpecErrors:
        return


def test_a_usual_formula_is_none_of_these():
    assert tried("u[n, j] = sum(i, w[i, j] * x[n, i]) + b[j]", "z[n, j] = u[n, j]^2 / s")


def test_nothing_is_evaluated_in_reading():
    assert re.match("E|u", parse_equation("u = E").left.name)
