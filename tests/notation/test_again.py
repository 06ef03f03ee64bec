"""Lines that are alike but for their place are written as if each had been arranged by itself."""

import pytest

from symbp import Dense, Network, derive
from symbp.derivation.backprop import backpropagate
from symbp.notation.again import Again
from symbp.notation.notation import Notation
from symbp.notation.presets import PRESETS
from tests.layers.networks import network

DEEP = Network.of("deep", 3, [Dense(4, "tanh")] * 12 + [Dense(2)])
SHALLOW = ("skip connection", "attention", "layer normalisation", "RNN twice")


def lines(each):
    """All equations that a module computes."""
    program = each.program()
    results = (e for section in backpropagate(program) for e in section.results)
    return [(e.lhs, e.rhs) for e in (*program.equations, *results)]


@pytest.mark.parametrize("convention", PRESETS)
@pytest.mark.parametrize("each", [DEEP, *map(network, SHALLOW)], ids=["deep", *SHALLOW])
def test_moved_signs_are_those_of_the_line_itself(convention, each):
    notation = Notation(convention, each.last)
    for sides in lines(each):
        alone = Notation(convention, each.last)
        assert notation.arranged(*sides) == alone.arranged(*sides)
        assert notation.unicode_sides(*sides) == alone.unicode_sides(*sides)
        assert notation.latex_sides(*sides) == alone.latex_sides(*sides)


def test_layers_of_one_kind_are_arranged_once():
    notation = Notation("jp-uz", DEEP.last)
    asked = []
    plain = notation._again.arrange
    again = Again(notation.spelling, lambda sides: asked.append(sides) or plain(sides))
    for sides in lines(DEEP):
        again(sides)
    assert len(asked) < 24
    assert len(lines(DEEP)) > 48


@pytest.mark.parametrize("name", ["mlp", "mnist"])
def test_lines_of_a_lesson_are_those_of_the_line_itself(name):
    derived = derive(name)
    notation = Notation("jp-uz", derived.network.last)
    for line in derived.lesson.lines:
        alone = Notation("jp-uz", derived.network.last)
        assert notation.latex_sides(line.lhs, line.rhs) == alone.latex_sides(line.lhs, line.rhs)
