"""What is printed reads back as what was meant, for networks of every layer."""

from __future__ import annotations

from functools import cache
from itertools import cycle, product

import pytest

from symbp.derivation.backprop import backpropagate
from symbp.equations.axis import Index
from symbp.equations.canonical import canonical
from symbp.notation.notation import Notation
from symbp.notation.reader import Reader, Scope
from symbp.pipeline import derive
from tests.layers.networks import NETWORKS, network
from tests.notation.test_law import SPELL, with_letters_of
from tests.sampling import sampled

NOTATIONS = ("jp-uz", "nielsen", "matrix-rows", "matrix-columns", "dlai")
WAYS = tuple(product(NOTATIONS, SPELL))
EVERY = tuple((*way, name) for way, name in product(WAYS, NETWORKS))
SAMPLE = tuple((*way, name) for way, name in zip(cycle(WAYS), NETWORKS, strict=False))
"""Every network is read in one notation and one spelling."""


@cache
def lines(name):
    """The last place, and the sides of every line about the network."""
    made = network(name)
    program = made.program()
    steps = [line for section in backpropagate(program) for line in derived(section)]
    given = [(equation.lhs, equation.lhs, equation.rhs) for equation in program.equations]
    return made.last, tuple(dict.fromkeys([*given, *steps]))


def derived(section):
    """(goal, left, right): as a document has it, and each step by itself."""
    for top in section.derivations:
        for derivation, step in top.walk():
            yield derivation.goal, derivation.goal, step.after
            yield derivation.goal, step.before, step.after


def letters_of(notation, goal):
    """The letters of the line that a step goes on from: what it is told of their axes."""
    return {notation.convention.letter(i.letter): i.axis for i in goal.atoms(Index)}


def check(name, preset, spell):
    last, told = lines(name)
    notation = Notation(preset, last)
    reader = Reader(notation, Scope.of(*(side for line in told for side in line)))
    for goal, *line in told:
        text = getattr(notation, spell)(*line)
        sides = notation.meant(*line)
        letters = letters_of(notation, goal) if goal != line[0] else None
        found = with_letters_of(sides[0], reader.line(text, letters).sides)
        assert [canonical(side) for side in found] == [canonical(s) for s in sides], text


SECOND = ("second", "second_backward", "gauss_newton")


@pytest.mark.slow
@pytest.mark.parametrize(("preset", "spell", "name"), sampled(EVERY, SAMPLE[1::2]))
def test_second_derivatives_read_back(name, preset, spell):
    lesson = derive(network(name), second_order=True).lesson
    notation = Notation(preset, network(name).last)
    reader = Reader(notation, Scope.of(*(s for line in lesson.lines for s in (line.lhs, line.rhs))))
    lines = [line for c in lesson.chapters if c.heading in SECOND for line in c.lines]
    assert len(lines) > 8
    for line in lines:
        text = getattr(notation, spell)(line.lhs, line.rhs)
        sides = notation.meant(line.lhs, line.rhs)
        found = with_letters_of(sides[0], reader.line(text, None).sides)
        assert [canonical(side) for side in found] == [canonical(s) for s in sides], text


@pytest.mark.slow
@pytest.mark.parametrize(("preset", "spell", "name"), sampled(EVERY, SAMPLE))
def test_what_is_printed_reads_back(name, preset, spell):
    check(name, preset, spell)
