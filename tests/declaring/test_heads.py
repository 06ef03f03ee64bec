"""Several inputs and several losses in TOML, and all that can be wrong with them."""

import pytest

from symbp.errors import SpecErrors
from symbp.layers.dense import Dense
from symbp.layers.graph import Input, Node
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.specification.messages import messages
from symbp.specification.reader import parse_network

TWO = """\
name = "two"

[inputs]
left = { shape = 4 }
right = { shape = [3] }

[[loss]]
name = "sparse_categorical_cross_entropy"
from = "which"
weight = 0.3

[[loss]]
name = "huber"
from = "sum"
reduction = "sum"
kappa = 0.5
l2 = 0.01

[[layers]]
units = 5
from = "left"
name = "a"

[[layers]]
units = 5
from = "right"
name = "b"

[[layers]]
kind = "add"
from = ["a", "b"]
name = "sum"

[[layers]]
units = 2
activation = "softmax"
name = "which"
"""


def test_what_is_declared():
    nodes = [
        Node(Dense(5), ("left",), "a"),
        Node(Dense(5), ("right",), "b"),
        Node(parse_network(TWO).layers[2].layer, ("a", "b"), "sum"),
        Node(Dense(2, "softmax"), (), "which"),
    ]
    losses = [
        Loss.of("sparse_categorical_cross_entropy", reads=("which",), weight=0.3),
        Loss.of("huber", "sum", reads=("sum",), kappa=0.5, l2=0.01),
    ]
    inputs = (Input("left", (4,)), Input("right", (3,)))
    made = Network.of("two", inputs, nodes, losses)
    assert parse_network(TWO).program().equations == made.program().equations
    assert [e.id for e in made.program().equations][-4:] == ["D1", "D2", "R", "E"]
    assert {t.name: value for t, value in made.constants().items()} == {
        "lam": 0.01,
        "zeta1": 0.3,
        "kappa": 0.5,
    }


def test_a_layer_that_neither_layers_nor_losses_read():
    with pytest.raises(SpecErrors) as caught:
        parse_network(TWO.replace('from = "which"', 'from = "sum"', 1).replace("sparse_", ""))
    assert [(f.code, f.path) for f in caught.value.faults] == [("node_idle", ("layers", 3))]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'from = "which"',
            'from = "wich"',
            '9:8: No layer is called "wich". Did you mean "which"?',
        ),
        ('from = "which"', 'from = "left"', '9:8: No layer is called "left". '),
        ('from = "sum"', 'from = ["sum", "a"]', "14:8: huber wants the outputs of 1 layers, and 2"),
        ('from = "which"', "from = []", "9:8: The list is empty."),
        ('from = "which"', "from = 3", "9:8: "),
        ("weight = 0.3", "weight = 0", "10:10: "),
        ("weight = 0.3", 'weight = "much"', "10:10: "),
        ("weight = 0.3", "wieght = 0.3", "10:1: "),
        ("weight = 0.3", "weight = 0.3\nl2 = 0.1", "18:6: The penalty falls on all weights"),
        ("kappa = 0.5", "kappa = -1", "16:9: "),
        ("kappa = 0.5", "gamma = 1", "16:1: "),
        ('name = "huber"', 'name = "hubber"', '13:8: There is no loss "hubber". Did you mean'),
        ("units = 2", "units = 2\n\n[[layers]]\nunits = 3", "37:1: "),
        ('activation = "softmax"', 'activation = "tanh"', "36:14: "),
        ('name = "two"', 'name = "two"\ndata = "xor"', "2:8: "),
        ("[[loss]]", "[loss.a]", ""),
    ],
)
def test_one_thing_wrong(old, new, expected):
    with pytest.raises(SpecErrors) as caught:
        parse_network(TWO.replace(old, new, 1), "f.toml")
    told = messages(caught.value)
    assert any(line.startswith(f"f.toml:{expected}") for line in told), told
    assert len(messages(caught.value, "ja")) == len(told)


def test_a_loss_that_nobody_gave():
    with pytest.raises(SpecErrors) as caught:
        parse_network(TWO.replace("[[loss]]", "[[lost]]"), "f.toml")
    assert "missing_key" in {fault.code for fault in caught.value.faults}


def test_losses_that_are_no_tables():
    text = 'name = "two"\ninputs = 3\nloss = ["huber", 3]\n[[layers]]\nunits = 2\n'
    with pytest.raises(SpecErrors) as caught:
        parse_network(text, "f.toml")
    assert [line.partition(" ")[0] for line in messages(caught.value)] == [
        "f.toml:3:9:",
        "f.toml:3:18:",
    ]
