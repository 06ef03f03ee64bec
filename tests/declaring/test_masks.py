"""Masks and first states in TOML, and all that can be wrong with them."""

import pytest

from symbp.errors import SpecErrors
from symbp.layers.attention import CrossAttention, SelfAttention
from symbp.layers.graph import Input, Node
from symbp.layers.recurrent import LSTM
from symbp.layers.times import TimePool
from symbp.network import Network
from symbp.specification.messages import messages
from symbp.specification.reader import parse_network

MASKED = """\
name = "masked"
loss = "half_squared_error"

[inputs]
x = { shape = [5, 4] }
seen = { shape = 5, mask = true }
cell = { shape = 6 }
state = { shape = 6 }

[[layers]]
kind = "lstm"
units = 6
masked = true
started = true
from = ["x", "seen", "cell", "state"]
name = "read"

[[layers]]
kind = "attention"
heads = 2
from = ["read", "seen"]

[[layers]]
kind = "cross_attention"
heads = 3
from = ["layer2", "x", "seen"]
name = "other"

[[layers]]
kind = "time_pool"
from = ["other", "seen"]
"""


def test_what_is_declared():
    inputs = (
        Input("x", (5, 4)),
        Input("seen", (5,), mask=True),
        Input("cell", (6,)),
        Input("state", (6,)),
    )
    nodes = [
        Node(LSTM(6, masked=True, started=True), ("x", "seen", "cell", "state"), "read"),
        Node(SelfAttention(2), ("read", "seen")),
        Node(CrossAttention(3), ("layer2", "x", "seen"), "other"),
        Node(TimePool(), ("other", "seen")),
    ]
    made = Network.of("masked", inputs, nodes)
    assert parse_network(MASKED).program().equations == made.program().equations


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("mask = true", 'mask = "yes"', "6:28: "),
        ("shape = 5, mask = true", "shape = 6, mask = true", "15:8: Two axes of different sizes"),
        ("shape = 5, mask = true", "shape = 5", "15:8: What comes in is no mask"),
        ("shape = 5, mask = true", "shape = [5, 5], mask = true", "15:8: What comes in has 3 axes"),
        ("cell = { shape = 6 }", "cell = { shape = 7 }", "15:8: Two axes of different sizes"),
        ("cell = { shape = 6 }", "cell = { shape = [5, 6] }", "15:8: What comes in has 3 axes"),
        ('"cell", "state"]', '"cell"]', "15:8: This layer reads 4 tensors, and 3 were given."),
        ('["read", "seen"]', '["read", "x"]', "21:8: What comes in is no mask"),
        ('["read", "seen"]', '["read", "seen", "seen"]', "21:8: This layer reads 2 tensors"),
        ('["read", "seen"]', '["read", "cell"]', "21:8: What comes in is no mask"),
        ('["layer2", "x", "seen"]', '"layer2"', "26:8: This layer reads 2 tensors, and 1"),
        ('["layer2", "x", "seen"]', '["layer2", "cell"]', "23:1: What comes in has 2 axes"),
        ("heads = 3", "heads = 4", "25:9: 6 units cannot be shared out evenly among 4"),
        ('["other", "seen"]', '["other", "x"]', "31:8: "),
        ('kind = "time_pool"', 'kind = "time_pool"\nover = "first"', "31:8: "),
        ('kind = "time_pool"', 'kind = "time_pool"\nover = "last"', "32:8: This layer reads 1 "),
    ],
)
def test_one_thing_wrong(old, new, expected):
    with pytest.raises(SpecErrors) as caught:
        parse_network(MASKED.replace(old, new, 1), "f.toml")
    told = messages(caught.value)
    assert any(line.startswith(f"f.toml:{expected}") for line in told), told
    assert len(messages(caught.value, "ja")) == len(told)
