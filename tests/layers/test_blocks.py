"""A block that is repeated is derived once, told once, and its code is what it was."""

import pytest
from sympy import Integer

from symbp.equations import nodes as nodes_of
from symbp.equations.axis import Axis
from symbp.equations.tensor import axes_in, tensor_of
from symbp.layers.attention import SelfAttention
from symbp.layers.dense import Dense
from symbp.layers.embedding import Embedding
from symbp.layers.graph import Input, Node
from symbp.layers.normalisation import LayerNorm
from symbp.layers.shapes import Add
from symbp.network import Network
from symbp.pipeline import derive


def block(k, before):
    """Attention, then two dense layers, each behind a normalisation and beside a skip path."""
    return [
        Node(LayerNorm(), (before,), f"n{k}"),
        Node(SelfAttention(2, causal=True), name=f"a{k}"),
        Node(Add(), (before, f"a{k}"), f"r{k}"),
        Node(LayerNorm(), (f"r{k}",), f"m{k}"),
        Node(Dense(9, "gelu"), name=f"h{k}"),
        Node(Dense(8), name=f"o{k}"),
        Node(Add(), (f"r{k}", f"o{k}"), f"b{k}"),
    ]


def transformer(blocks):
    nodes = [Node(Embedding(8), name="b0")]
    for k in range(1, blocks + 1):
        nodes += block(k, f"b{k - 1}")
    nodes.append(Node(Dense(20, "softmax")))
    words = (Input("x", (5,), labels=20),)
    return Network.of("net", words, nodes, "sparse_categorical_cross_entropy")


@pytest.fixture(scope="module")
def few():
    return derive(transformer(6))


@pytest.fixture(scope="module")
def many():
    return derive(transformer(12))


def kinds(derived):
    return {id(section.kind) for section in derived.sections}


def test_more_blocks_are_no_more_kinds(few, many):
    assert len(many.sections) > 1.9 * len(few.sections)
    assert len(kinds(many)) == len(kinds(few))


def test_letters_are_the_networks_own():
    """Equal axes may call their indices differently: those of another network do not count."""
    for cached in (nodes_of._all, nodes_of._of_kinds, axes_in):
        cached.cache_clear()
    axes_in(Axis("unit", Integer(1), "q").index("j"))
    nodes = [Node(Dense(4, "tanh"), name="a"), Node(Dense(4)), Node(Dense(4))]
    nodes += [Node(Add(), ("a", "layer3"), "b"), Node(Dense(4)), Node(Dense(4), name="c")]
    nodes += [Node(Add(), ("b", "c"))]
    found = Network.of("net", 3, nodes, "half_squared_error").program().equations
    letters = {axis.letter for e in found for axis in tensor_of(e.lhs).axes}
    assert letters == {"n", "j"}


def test_more_blocks_are_no_more_lines(few, many):
    assert len(list(many.lesson.lines)) == len(list(few.lesson.lines))


def test_every_statement_of_every_block_is_cited(many):
    planned = many.planned()
    for line in (*planned.forward, *planned.backward):
        assert line.number, line.equation.id


def test_what_is_told_in_general_holds(few):
    assert all(verdict.value.startswith("proved") for verdict in few.certify())
