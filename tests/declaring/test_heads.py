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
        (
            "weight = 0.3",
            "class_weights = [1, 2, 3]",
            "10:17: There are 2 classes, and weights of 3.",
        ),
        ("weight = 0.3", "class_weights = [1, 0]", "10:21: "),
        ("weight = 0.3", "class_weights = 1", "10:17: "),
        ("weight = 0.3", 'class_weights = [1, "b"]', "10:21: "),
        (
            "kappa = 0.5",
            "class_weights = [1, 2]",
            "16:17: The classes of huber cannot be weighted.",
        ),
        (
            'name = "huber"',
            'name = "triplet_margin"',
            "14:8: triplet_margin wants the outputs of 3",
        ),
        ("weight = 0.3", "weight = 0", "10:10: "),
        ("weight = 0.3", 'weight = "much"', "10:10: "),
        ("weight = 0.3", "wieght = 0.3", "10:1: "),
        ("weight = 0.3", "weight = 0.3\nl2 = 0.1", "18:6: The penalty falls on all weights"),
        ("kappa = 0.5", "kappa = -1", "16:9: "),
        ("kappa = 0.5", "gamma = 1", "16:1: "),
        ('name = "huber"', 'name = "hubber"', '13:8: There is no loss "hubber". Did you mean'),
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


COMPARED = TWO.replace(
    TWO[TWO.index('[[loss]]\nname = "huber"') : TWO.index("[[layers]]")],
    '[[loss]]\nname = "cosine_embedding"\nfrom = ["a", "sum"]\nmargin = 0.2\n\n',
)


def test_what_outputs_are_compared():
    made = parse_network(COMPARED)
    assert [e.id for e in made.program().equations][-8:] == [
        *("p@5", "q@5", "s@5", "r@5", "v@5"),
        *("D1", "D2", "E"),
    ]
    assert [head.target.place for head in made.heads] == [4, 5]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('["a", "sum"]', '["a", "which"]', "14:8: cosine_embedding compares outputs of one shape"),
        ('["a", "sum"]', '["a", "left"]', "14:8: cosine_embedding compares outputs of one shape"),
        ('["a", "sum"]', '["a", "som"]', '14:8: No layer is called "som". Did you mean "sum"?'),
        ('["a", "sum"]', '"a"', "14:8: cosine_embedding wants the outputs of 2 layers, and 1"),
        ("margin = 0.2", "margin = -1", "15:10: "),
        (
            "margin = 0.2",
            "smoothing = 0.2",
            "15:13: Targets of cosine_embedding cannot be smoothed",
        ),
    ],
)
def test_one_thing_wrong_with_what_is_compared(old, new, expected):
    with pytest.raises(SpecErrors) as caught:
        parse_network(COMPARED.replace(old, new, 1), "f.toml")
    told = messages(caught.value)
    assert any(line.startswith(f"f.toml:{expected}") for line in told), told
    assert len(messages(caught.value, "ja")) == len(told)


def test_a_loss_that_nobody_gave():
    with pytest.raises(SpecErrors) as caught:
        parse_network(TWO.replace("[[loss]]", "[[lost]]"), "f.toml")
    assert "missing_key" in {fault.code for fault in caught.value.faults}


def test_an_unknown_loss_beside_data():
    text = """
name = "net"
inputs = [5, 4]
loss = "hubber"
data = { x = [[1, 2]], d = [[1]] }
[[layers]]
kind = "flatten"
[[layers]]
units = 2
"""
    with pytest.raises(SpecErrors) as caught:
        parse_network(text)
    assert "unknown_loss" in {fault.code for fault in caught.value.faults}


def test_losses_that_are_no_tables():
    text = 'name = "two"\ninputs = 3\nloss = ["huber", 3]\n[[layers]]\nunits = 2\n'
    with pytest.raises(SpecErrors) as caught:
        parse_network(text, "f.toml")
    assert [line.partition(" ")[0] for line in messages(caught.value)] == [
        "f.toml:3:9:",
        "f.toml:3:18:",
    ]
