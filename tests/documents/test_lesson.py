"""Numbers, citations and conditions of a lesson."""

import re

import pytest

from symbp import Dense, Network, derive, gallery
from symbp.documents.lesson import LONGEST_LISTING, Range
from symbp.equations.axis import L, l
from symbp.equations.equality import compare
from symbp.equations.equation import Equation
from symbp.equations.relocate import substitution
from symbp.equations.tensor import Role, Tensor
from symbp.notation.notation import Notation
from tests.derivation.networks import derived, shipped

NAMES = gallery.names()
CITED = re.compile(r"^ *# \((\d+)\) (.*?)(?:   \[(l|L) = (\d+)\])?$", re.MULTILINE)
"""``# (12) δ²ₙⱼ = …   [l = 2]`` above a statement."""


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_numbered_in_order(name):
    numbers = [line.number for line in shipped(name).lesson.lines]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_lines_rest_on_lines_before_them(name):
    for line in shipped(name).lesson.lines:
        assert all(used < line.number for used in line.uses)


@pytest.mark.parametrize("name", NAMES)
def test_a_line_that_continues_has_the_left_side_of_the_line_before(name):
    before = None
    for line in shipped(name).lesson.lines:
        if line.continues:
            assert line.lhs == before.lhs
            assert line.step.before.func == before.step.after.func
        before = line


@pytest.mark.parametrize("name", NAMES)
def test_a_module_cites_the_numbers_of_the_document(name):
    found = shipped(name)
    lines = {line.number: line for line in found.lesson.lines}
    spelled = Notation("jp-uz", found.network.concrete.last)
    cited = CITED.findall(found.emit())
    assert len(cited) >= len(found.computed) * 4
    for number, text, letter, place in cited:
        line = lines[int(number)]
        if not letter:
            assert text == spelled.unicode_equation(line.lhs, line.rhs)
        elif letter == "l":
            assert line.condition.holds(int(place), int(found.network.concrete.last))


def at(place, last, *sides):
    """Lines for a layer in general as they are for the layer at ``place`` of ``last``."""
    here = {l + step: place + step for step in (-1, 0, 1)} | {L - 1: last - 1, L: last}
    return [side.xreplace(substitution(sides, here)) for side in sides]


@pytest.mark.parametrize("depth", [2, 4, 5, 12])
def test_a_line_cited_for_a_layer_says_what_is_computed_there(depth):
    found = derived("sigmoid", depth=depth)
    lesson, last = found.lesson, found.network.last
    lines = {line.number: line for line in lesson.lines}
    equations = [
        *found.network.program().equations,
        *(r for s in found.sections for r in s.results),
    ]
    for equation in equations:
        number, note = lesson.cite(equation, last)
        line = lines[number]
        sides = (line.lhs, line.rhs)
        if note:
            _, _, place = note.partition(" = ")
            assert equation.id.endswith(f"@{place}")
            sides = at(int(place), last, *sides)
        assert tuple(sides) == (equation.lhs, equation.rhs)


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("mean_squared_error", {"τ": "number of the step, from 1"}),
        (
            "sparse_categorical_cross_entropy",
            {"τ": "number of the step, from 1", "tₙ": "label of the right class"},
        ),
    ],
)
def test_labels_and_steps_are_told_apart(loss, said):
    network = Network.of(
        "small", 2, [Dense(3, "tanh"), Dense(3, "softmax")], loss=loss, optimizer="adam"
    )
    lines = derive(network).render("text").splitlines()
    listed = [line for line in lines[: lines.index("The forward pass")] if line.startswith("  ")]
    symbols = dict(line.split(maxsplit=1) for line in listed)
    assert {sign: symbols.get(sign) for sign in ("τ", "tₙ")} == {"tₙ": None} | said
    assert "small number" in symbols["ε"]


def test_what_a_lesson_does_not_say_is_not_cited():
    found = derived("tanh")
    strange = Tensor("q", role=Role.OTHER)[()]
    assert found.lesson.cite(Equation("q@1", strange, strange + 1), found.network.last) is None
    known = found.network.program().equations[0]
    wrong = Equation(known.id, known.lhs, 2 * known.rhs)
    assert found.lesson.cite(wrong, found.network.last) is None


def test_results_of_a_general_network_are_cited_where_the_batch_is_told():
    found = shipped("mlp")
    for section in found.computed:
        for result in section.results:
            number, note = found.lesson.cite(result, found.network.concrete.last, "batch.")
            line = next(line for line in found.lesson.lines if line.number == number)
            assert line.id.startswith("batch.")
            assert note in {f"l = {section.place}", f"L = {section.place}"}


@pytest.mark.parametrize("depth", range(1, 8))
def test_rows_of_layers_are_told_in_general_where_there_are_many(depth):
    chapters = derived("relu", depth=depth).lesson.chapters
    conditions = [chapter.condition for chapter in chapters if chapter.condition]
    assert bool(conditions) == (depth - 1 > LONGEST_LISTING)


@pytest.mark.parametrize(
    ("places", "holding"),
    [
        (Range(1, 4), {1, 2, 3, 4}),
        (Range(2, L), {2, 3, 4, 5}),
        (Range(1, L, strict=True), {1, 2, 3, 4}),
    ],
)
def test_ranges(places, holding):
    assert {place for place in range(8) if places.holds(place, 5)} == holding


@pytest.mark.parametrize(
    ("name", "form", "shown"),
    [
        ("mlp", "text", "(1 ≤ l < L)"),
        ("mlp", "markdown", r"$1 \le l < L$"),
        ("mlp", "latex", r"1 \le l < L"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_conditions_are_shown(name, form, shown, language):
    text = shipped(name).render(form, language=language)
    assert shown.strip("()") in text
    lines = [line for line in text.splitlines() if r"\le l" in line or "≤ l" in line]
    assert len(lines) >= 6, "the heading, and each line for hidden layers in other chapters"


def test_a_fact_is_told_among_what_is_given():
    chapters = derived("tanh", "softmax", "categorical_cross_entropy").lesson.chapters
    assert [line.id for line in chapters[0].lines if line.told.startswith("given_fact")] == [
        "fact.one_hot"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_given_results_hold_by_the_steps_that_lead_to_them(name):
    """The last line of each derivation, as it stands in the lesson of its own layer."""
    found = shipped(name)
    for section in found.sections[:2]:
        for top in section.kind.derivations:
            sides = top.goal, top.result
            assert compare(*sides, section.kind.program).holds
