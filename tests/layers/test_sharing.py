"""Parameters with several uses: their gradient is told once, and adds up over the uses."""

import pytest

from symbp.equations.equality import Verdict
from symbp.errors import SpecErrors
from symbp.layers.dense import Dense
from symbp.layers.graph import Node
from symbp.network import Network
from tests.layers.networks import derived, network

TIED = [
    "tied weights",
    "one layer twice in a row",
    "one layer side by side",
    "one parameter in three equations",
]


@pytest.mark.parametrize("name", TIED)
def test_each_gradient_is_told_once(name):
    gradients = [
        e.id for s in derived(name).sections for e in s.results if e.id.startswith("grad.")
    ]
    assert len(gradients) == len(set(gradients))
    assert gradients[-1] == "grad.w@1"


@pytest.mark.parametrize("name", TIED)
def test_every_line_holds(name):
    assert set(derived(name).certify()) <= {Verdict.PROVED, Verdict.PROBABLE}


def test_a_tied_weight_as_it_is_told():
    text = derived("tied weights").render("text")
    assert "∂E/∂w¹ᵢⱼ = Σₙ δ¹ₙⱼ xₙᵢ + Σₙ δ²ₙᵢ z¹ₙⱼ" in text
    assert "u²ₙⱼ = Σᵢ w¹ⱼᵢ z¹ₙᵢ" in text


def test_what_is_shared_is_learnt_once():
    names = [str(p.tensor.key) for p in network("one layer side by side").parameters()]
    assert [name.partition("@")[0] for name in names] == ["w", "b", "w", "b"]


@pytest.mark.parametrize(
    ("nodes", "code"),
    [
        ([Node(Dense(3), share="a")], "unknown_node"),
        ([Node(Dense(3), name="a"), Node(Dense(3), share="a")], "axes_differ"),
        ([Node(Dense(6, bias=False), name="a"), Node(Dense(6), share="a")], "share_none"),
        ([Node(Dense(3), name="a"), Node(Dense(3), transposed=True)], "transposed_alone"),
        ([Node(Dense(3), name="a"), Node(Dense(6), name="a")], "node_again"),
    ],
)
def test_what_cannot_be_shared(nodes, code):
    with pytest.raises(SpecErrors) as caught:
        Network.of("net", 6, nodes)
    assert [fault.code for fault in caught.value.faults] == [code]
