"""Activations and losses as pages name and define them, and the programs made of them."""

from __future__ import annotations

import pytest
from sympy import Integer

from symbp.equations.axis import L
from symbp.equations.calculus import Functional, Opaque, Partial
from symbp.equations.equality import compare
from symbp.equations.tensor import Role, tensor_of
from symbp.losses.loss import Loss
from symbp.notation.reader import Reader
from symbp.pipeline import declare
from symbp.verification.binding.activations import activation_named
from symbp.verification.binding.bind import bind
from symbp.verification.binding.peek import peek
from symbp.verification.binding.reference import reference_program
from symbp.verification.binding.setting import Setting, concrete
from tests.verification.binding.pages import page, remark, seed, with_remarks

FORMULAS = [
    ("u", "identity"),
    (r"\frac{1}{1+e^{-u}}", "sigmoid"),
    (r"\frac{1}{1+\exp(-x)}", "sigmoid"),
    (r"\frac{e^x-e^{-x}}{e^x+e^{-x}}", "tanh"),
    (r"\tanh(u_j)", "tanh"),
    (r"\max(0,u)", "relu"),
    (r"\begin{cases} u & u > 0 \\ 0 & u \le 0 \end{cases}", "relu"),
    (r"\frac{e^{u_j}}{\sum_k e^{u_k}}", "softmax"),
    (r"\log(1+e^x)", "softplus"),
    ("u^2", None),
    ("u + v", None),
    ("2 u", None),
    ("7", None),
]


@pytest.mark.parametrize(("typed", "name"), FORMULAS)
def test_activations_by_their_formulas(typed, name):
    assert activation_named(peek(typed)[0]) == name


BASE = (
    r"u^l_j = \sum_i w^l_{ij} z^{l-1}_i",
    r"\delta^L_j = \frac{\partial E}{\partial u^L_j}",
)
HALF = r"E = \frac12 \sum_j (y_j - d_j)^2"


def setting_of(*rows, remarks=(), network=None):
    reading = with_remarks(page(*BASE, *rows), *remarks)
    return concrete(reading, network, bind(reading, network=network))


SETTINGS = [
    # rows, remarks, hidden, output, loss
    ((), (), None, None, None),
    ((HALF,), (), None, None, "half_squared_error"),
    ((r"E = -\sum_j d_j \log y_j",), (), None, None, "categorical_cross_entropy"),
    ((r"f(u) = \frac{1}{1+e^{-u}}",), (), "sigmoid", "sigmoid", None),
    ((r"f(u) = u",), (("identity", "output"),), None, "identity", None),
    ((), (("relu", "hidden"), ("softmax", "output")), "relu", "softmax", None),
    ((), (("tanh", ""),), "tanh", "tanh", None),
    ((), (("tanh", ""), ("relu", "")), None, None, None),
    ((r"f(u) = \tanh(u)",), (("identity", "output"),), "tanh", "identity", None),
    ((r"y_j = \frac{e^{u_j}}{\sum_k e^{u_k}}",), (), None, "softmax", None),
]


@pytest.mark.parametrize(("rows", "remarks", "hidden", "output", "loss"), SETTINGS)
def test_what_a_page_fixes(rows, remarks, hidden, output, loss):
    told = [remark("activation", name=name, where=where) for name, where in remarks]
    found = setting_of(*rows, remarks=told)
    assert (found.hidden, found.output) == (hidden, output)
    assert (found.loss and found.loss.criterion.name) == loss


def test_a_loss_by_its_name_needs_more_than_a_name_where_names_differ():
    squares = setting_of(remarks=[remark("loss", name="squared_error")])
    assert squares.loss is None
    entropy = setting_of(
        remarks=[
            remark("loss", name="cross_entropy"),
            remark("activation", name="softmax", where="output"),
        ]
    )
    assert entropy.loss == Loss.of("categorical_cross_entropy", "sum")
    assert entropy.origins["loss"] == "words"


def test_a_loss_of_the_pages_own():
    found = setting_of(r"E = 3 \sum_j (y_j - d_j)^2")
    assert found.loss is None
    assert found.own_loss is not None
    program = reference_program(found, 2, batch=False, last=L)
    assert tensor_of(program.loss).role is Role.LOSS


def test_a_line_that_is_no_definition_of_the_loss():
    assert not setting_of(r"E = \frac12 (y_j - d_j)^2").is_loss_known


def test_a_given_network_beats_the_page():
    network = declare("xor")
    found = setting_of(HALF, network=network)
    assert found.loss == network.loss
    assert set(found.origins.values()) == {"network"}


def test_what_documents_fix():
    reading = seed(2)
    found = concrete(reading, None, bind(reading))
    assert (found.hidden, found.output) == (None, "identity")
    assert found.loss == Loss.of("half_squared_error", "sum")


PROGRAMS = [
    (Setting(), False),
    (Setting(), True),
    (Setting("relu", "softmax", Loss.of("categorical_cross_entropy")), True),
    (Setting("tanh", "identity", Loss.of("half_squared_error", l2=0.1)), True),
]


@pytest.mark.parametrize(("setting", "batch"), PROGRAMS)
def test_deltas_can_be_compared_with_derivatives(setting, batch):
    program = reference_program(setting, 3, batch)
    definitions = program.definitions
    loss = program.loss
    for place in (1, 2, 3):
        delta, w, u, z = (
            next(t for t in (*definitions, *program.inputs) if t.name == n and t.place == p)
            for n, p in (("delta", place), ("w", place), ("u", place), ("z", place - 1))
        )
        samples = tuple(a.index("n") for a in delta.axes[:-1])
        i, j = w.axes[0].index("i"), w.axes[1].index("j")
        assert compare(delta[(*samples, j)], Partial(loss, u[(*samples, j)]), program).holds
        if not batch:
            right = delta[j] * z[i]
            if setting.loss is None:
                assert compare(Partial(loss, w[i, j]), right, program).holds
                assert not compare(Partial(loss, w[i, j]), 2 * right, program).holds


def test_what_is_not_known_is_left_open():
    program = reference_program(Setting(), 2, batch=False)
    assert program.definitions[tensor_of(program.loss)].rhs.has(Functional)
    assert sum(equation.rhs.has(Opaque) for equation in program.equations) == 2


def test_a_delta_that_is_scaled():
    plain, scaled = (reference_program(Setting(), 2, True, delta_scale=s) for s in (False, True))
    delta = next(t for t in plain.definitions if t.name == "delta" and t.place == 2)
    n = delta.axes[0]
    right = n.size * plain.definitions[delta].rhs
    assert scaled.definitions[delta].rhs == right


NUMBERS = [
    (r"\frac{\partial L}{\partial y} = y - t", True),
    (
        r"\frac{∂L}{∂W} = \frac{∂L}{∂y} \frac{∂y}{∂W}",
        True,
    ),
    (r"\frac{\partial y}{\partial W} = x f'(Wx + b)", True),
    (r"\frac{\partial L}{\partial W} = (y - t) x f'(Wx + b)", True),
    (r"\frac{\partial L}{\partial W} = (y - t) f'(Wx + b)", False),
    (r"\frac{\partial L}{\partial b} = (y - t) f'(Wx + b)", True),
]


def test_a_network_of_numbers():
    rows = ["y = f(Wx + b)", r"L = \frac{1}{2} (y - t)^2", *(row for row, _ in NUMBERS)]
    reading = page(*rows)
    binding = bind(reading)
    setting = concrete(reading, None, binding)
    assert setting.loss == Loss.of("half_squared_error", "sum")
    program = reference_program(setting, 1, binding.batch, scalars=binding.scalars)
    assert binding.notation.last == Integer(1)
    reader = Reader(binding.notation, binding.scope)
    for row, holds in NUMBERS:
        left, right = reader.equation(row)
        assert compare(left, right, program).holds is holds, row
