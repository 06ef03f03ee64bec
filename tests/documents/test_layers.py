"""Lessons of networks of every layer: what they say of themselves."""

from __future__ import annotations

from itertools import product

import pytest

from symbp.documents.words import LANGUAGES
from symbp.equations.axis import Size
from symbp.equations.nodes import nodes
from symbp.equations.tensor import tensors_in
from symbp.notation.notation import Notation
from symbp.notation.reader import Scope
from tests.layers.networks import NETWORKS, derived, network
from tests.sampling import each

FORMS = ("text", "markdown", "latex")
CHECKED = ("jp-uz", "nielsen", "matrix-rows", "matrix-columns", "dlai")


@pytest.mark.parametrize(("name", "form"), each(2, tuple(product(NETWORKS, FORMS))))
def test_every_lesson_can_be_told(name, form):
    for language in LANGUAGES:
        assert derived(name).render(form, language=language)
    for notation in CHECKED:
        assert derived(name).render(form, notation)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_has_one_chapter_at_most(name):
    chapters = [c for c in derived(name).lesson.chapters if c.heading != "shared"]
    places = [c.facts["place"] for c in chapters if "place" in c.facts]
    assert len(places) == len(set(places))
    assert places == sorted(places, reverse=True)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_forward_equation_is_told_once(name):
    given = [line.id for line in derived(name).lesson.lines if line.told.startswith("given_")]
    wanted = [equation.id for equation in network(name).program().equations]
    apart = ("fact.", "inference.", "renewal.")
    assert [each for each in given if not each.startswith(apart)] == wanted


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("preset", CHECKED)
def test_no_two_things_have_one_sign(name, preset):
    lines = derived(name).lesson.lines
    sides = [side for line in lines for side in (line.lhs, line.rhs)]
    spelling = Notation(preset, network(name).last).spelling
    axes = dict.fromkeys(s.axis for side in sides for s in nodes(side, Size))
    scalars = [t for t in Scope.of(*sides).tensors if not t.axes]
    tensors = [t for t in tensors_in(*sides) if t.axes]
    numbers = [*map(spelling.size, axes), *map(spelling.tensor, scalars)]
    assert len(numbers) == len(set(numbers))
    entries = [(spelling.tensor(t), len(t.axes)) for t in tensors]
    assert len(entries) == len(set(entries))


def test_a_stage_with_several_uses_says_so():
    text = derived("skip connection").render()
    assert "the derivative is the sum over its uses" in text
    assert "Write these derivatives of E by their names." in text


def test_chapters_are_called_by_their_layers():
    text = derived("LSTM").render()
    assert "Layer 1: LSTM" in text
    assert "Layer 2: fully connected layer" in text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "LSTM",
            (
                "f¹ₙₜⱼ  forget gate",
                "r¹_{i,kj}  weight of the previous hidden state, for each gate and the candidate",
            ),
        ),
        ("layer normalisation", ("μ²ₙ  mean over the units", "γ²ⱼ  learnt scale")),
        ("convolution", ("p  index over rows of the kernel, rows of the window",)),
        (
            "dropout",
            (
                "p  probability that a value is dropped",
                "m²ₙⱼ  mask: 1 for what is kept, 0 for what is dropped",
                "α  weight of the new value in the moving averages",
                "s⁴ⱼ  moving average of the variance",
            ),
        ),
        ("one parameter in three equations", ("v¹ₙᵢ  intermediate quantity of its layer",)),
    ],
)
def test_the_table_of_symbols_explains_what_occurs(name, told):
    table = derived(name).render().split("The forward pass")[0]
    rows = [" ".join(line.split()) for line in table.splitlines()]
    for row in told:
        assert " ".join(row.split()) in rows


def test_long_sums_are_broken():
    text = derived("LSTM").render("latex")
    assert "\\\\\n&\\qquad + \\sum" in text


def test_no_reason_is_left_unfinished():
    for name in NETWORKS:
        for line in derived(name).render().splitlines():
            assert ", ." not in line, line
