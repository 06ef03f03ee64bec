"""What follows from saying what depends on what, and nothing else."""

from __future__ import annotations

import pytest

from symbp.equations.equality import compare
from symbp.notation.reader import Reader
from symbp.verification.binding.local import local_world, local_worlds
from tests.verification.binding.pages import remark

TWO = ("E(u, v)", "u(x, y)", "v(x, y)")
CLAIMS = [
    (("E(x(y))",), r"\frac{∂E}{∂y} = \frac{∂E}{∂x} \frac{∂x}{∂y}", True),
    (("E(x(y))",), r"\frac{∂E}{∂y} = \frac{∂E}{∂x}", False),
    (TWO, r"\frac{∂E}{∂x} = \frac{∂E}{∂u}\frac{∂u}{∂x} + \frac{∂E}{∂v}\frac{∂v}{∂x}", True),
    (TWO, r"\frac{∂E}{∂y} = \frac{∂E}{∂u}\frac{∂u}{∂y} + \frac{∂E}{∂v}\frac{∂v}{∂y}", True),
    (TWO, r"\frac{∂E}{∂x} = \frac{∂E}{∂u}\frac{∂u}{∂x}", False),
    (TWO, r"\frac{∂E}{∂x} = \frac{∂E}{∂u}\frac{∂v}{∂x} + \frac{∂E}{∂v}\frac{∂u}{∂x}", False),
]


@pytest.mark.parametrize(("formulas", "claim", "holds"), CLAIMS)
def test_chain_rules(formulas, claim, holds):
    world = local_world(remark("depends", formula=formula) for formula in formulas)
    assert world is not None
    assert world.covers(claim)
    left, right = Reader(world.notation, world.scope).equation(claim)
    assert compare(left, right, world.program).holds is holds


@pytest.mark.parametrize("formula", ["E(u^L(w^L))", "a(a)", "a(b(a))", "", "E", ")(", "u_j(x)"])
def test_what_says_nothing_usable(formula):
    assert local_world([remark("depends", formula=formula)]) is None


def test_a_world_for_each_line():
    worlds = local_worlds(
        [
            remark("depends", 3, formula="E(x(y))"),
            remark("condition", 3, key="hidden"),
            remark("depends", 8, formula="E(u, v)"),
            remark("depends", 8, formula="u(x, y)"),
        ]
    )
    assert [(world.names, world.lines) for world in worlds] == [
        (("y", "x", "E"), (3,)),
        (("v", "x", "y", "u", "E"), (8,)),
    ]


def test_a_line_about_the_network_is_none_of_its():
    world = local_world([remark("depends", formula="E(x(y))")])
    assert not world.covers(r"\frac{∂E}{∂w^l_{ij}} = δ^l_j z^{l-1}_i")
    assert not world.covers(r"\frac{∂E}{∂y_j}")
