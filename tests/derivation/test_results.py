"""What derivations come down to, by which moves, and how often they are made."""

from itertools import product

import pytest
from sympy import Integer

from symbp.derivation import backprop
from symbp.documents.lesson import Range
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.equality import compare
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, entries, indices_of, tensor_of
from symbp.layers.dense import Dense
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.pipeline import Derived
from tests.derivation.networks import NAMES, PAIRS, derived, network, shipped

MOVES = [
    *("chain_parameter", "chain_paths", "chain_layer", "chain_output", "chain_outputs"),
    *("chain_activation", "define", "recall_definition", "unfold", "differentiate"),
    *("differentiate_sum", "collapse", "recognise", "insert", "insert_whole", "insert_delta"),
    *("restore_delta", "cancel", "distribute", "fact", "collect", "update"),
]
"""What the steps of a stack of layers are."""


def derivation(found, name, place=None):
    last = found.sections[0] if place is None else found.sections[-place]
    tops = [d for top in last.derivations for d, _ in top.walk()]
    return next(d for d in tops if d.id == name)


def result(found, name, place=None):
    spelled = Notation("jp-uz", found.network.last)
    return spelled.unicode(derivation(found, name, place).result)


def moves(found, name):
    return [step.move for step in derivation(found, name).steps]


@pytest.mark.parametrize(
    ("output", "loss", "options", "expected"),
    [
        ("identity", "half_squared_error", {"reduction": "sum"}, "yₙⱼ − dₙⱼ"),
        ("identity", "half_squared_error", {"reduction": "mean"}, "(yₙⱼ − dₙⱼ)/N"),
        ("identity", "half_squared_error", {"batch": False}, "yⱼ − dⱼ"),
        ("sigmoid", "half_squared_error", {"reduction": "sum"}, "(yₙⱼ − dₙⱼ) yₙⱼ (1 − yₙⱼ)"),
        ("sigmoid", "binary_cross_entropy", {"reduction": "sum"}, "yₙⱼ − dₙⱼ"),
        ("sigmoid", "binary_cross_entropy", {"reduction": "mean"}, "(yₙⱼ − dₙⱼ)/N"),
        ("softmax", "categorical_cross_entropy", {"reduction": "sum"}, "yₙⱼ − dₙⱼ"),
        ("softmax", "categorical_cross_entropy", {"reduction": "mean"}, "(yₙⱼ − dₙⱼ)/N"),
        ("softmax", "categorical_cross_entropy", {"batch": False}, "yⱼ − dⱼ"),
        (
            "softmax",
            "sparse_categorical_cross_entropy",
            {"reduction": "mean"},
            "(yₙⱼ − [j = tₙ])/N",
        ),
        ("softmax", "sparse_categorical_cross_entropy", {"batch": False}, "yⱼ − [j = t]"),
    ],
)
def test_delta_of_the_output_layer(output, loss, options, expected):
    assert result(derived("tanh", output, loss, **options), "delta@2") == expected


def test_softmax_comes_down_to_y_minus_d_by_the_declared_fact():
    found = derived("tanh", "softmax", "categorical_cross_entropy", reduction="mean")
    made = moves(found, "delta@2")
    wanted = ["chain_outputs", "insert", "distribute", "collapse", "fact", "collect"]
    assert [move for move in made if move in wanted and move != "insert"] == [
        move for move in wanted if move != "insert"
    ]
    fact = next(step for step in derivation(found, "delta@2").steps if step.move == "fact")
    spelled = Notation("jp-uz", found.network.last)
    assert [spelled.unicode(fact.facts[side]) for side in ("left", "right")] == ["Σₖ dₙₖ", "1"]


def test_without_a_fact_there_is_no_such_step():
    found = derived("tanh", "softmax", "half_squared_error")
    assert "fact" not in moves(found, "delta@2")


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ("sigmoid", "z¹ₙⱼ (1 − z¹ₙⱼ)"),
        ("tanh", "1 − (z¹ₙⱼ)²"),
        ("relu", "𝟙[u¹ₙⱼ > 0]"),
        ("identity", "1"),
    ],
)
def test_slopes_of_activations(hidden, expected):
    assert result(derived(hidden), "dz@1/du@1", place=1) == expected


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_a_slope_is_found_not_tabulated(hidden):
    steps = derivation(derived(hidden), "dz@1/du@1", place=1).steps
    assert [step.move for step in steps] == ["unfold", "differentiate", "recognise"]
    assert {tensor_of(e).role for e in entries(steps[1].after)} == {Role.PREACTIVATION}
    assert {tensor_of(e).role for e in entries(steps[2].after)} == {Role.ACTIVATION}


def test_softmax_is_recognised():
    found = derived("tanh", "softmax", "half_squared_error")
    assert result(found, "dz@2/du@2") == "yₙₖ ([j = k] − yₙⱼ)"
    assert moves(found, "dz@2/du@2")[-1] == "recognise"


@pytest.mark.parametrize("hidden", NAMES)
def test_gradients_by_way_of_delta(hidden):
    found = derived(hidden, l2=0.5)
    assert result(found, "grad.w@1", place=1) == "Σₙ δ¹ₙⱼ xₙᵢ + λ w¹ᵢⱼ"
    assert result(found, "grad.b@1", place=1) == "Σₙ δ¹ₙⱼ"


def test_without_bias_there_is_no_gradient_of_one():
    found = derived(bias=False)
    assert all(".b@" not in d.id for section in found.sections for d in section.derivations)


def test_all_moves_are_known():
    words = {
        step.move
        for (output, loss), hidden in product(PAIRS[:12], ["relu", "sigmoid"])
        for part in derived(hidden, output, loss, l2=0.1).sections
        for top in part.kind.derivations
        for _, step in top.walk()
    }
    assert words <= set(MOVES)


# ---- each kind of layer once -----------------------------------------------------------------


def test_each_kind_of_layer_is_derived_once(monkeypatch):
    made = []
    original = backprop.derive_layer
    monkeypatch.setattr(backprop, "derive_layer", lambda around: made.append(1) or original(around))
    found = Derived(network("relu", depth=12))
    assert len(found.sections) == 12
    assert len(made) == 2, "the last layer, and a hidden one"
    last, *hidden = (part.kind for part in found.sections)
    assert all(kind is hidden[0] for kind in hidden)
    assert last is not hidden[0]


def test_layers_that_differ_are_of_different_kinds():
    one, other = Dense(4, "relu"), Dense(5, "tanh", bias=False)
    layers = (one, other, one, other, one)
    found = Derived(Network.of("net", 2, layers, Loss.of("half_squared_error")))
    assert len({id(part.kind) for part in found.sections}) == 3


def test_widths_are_no_part_of_a_derivation():
    small, large = derived("relu", depth=3), shipped("mnist")
    assert small.sections[-1].kind.program.axes == large.sections[-1].kind.program.axes


@pytest.mark.parametrize("place", range(1, 6))
def test_a_section_is_that_of_its_kind_at_another_place(place):
    found = derived("tanh", depth=6)
    part = next(s for s in found.sections if s.place == place)
    names = {d.id for top in part.derivations for d, _ in top.walk()}
    assert {f"delta@{place}", f"grad.w@{place}", f"du@{place}/dw@{place}"} <= names
    places = {tensor_of(e).place for r in part.results for e in entries(r.rhs)}
    assert places <= {place - 1, place, place + 1, None}


def test_results_hold_in_the_whole_program():
    """Windows onto a network, moved to where they are, against derivatives through all of it."""
    found = derived("sigmoid", "softmax", "categorical_cross_entropy", depth=3, l2=0.3)
    program = found.network.program()
    deltas = [r for part in found.sections for r in part.results if r.id.startswith("delta")]
    units = {t.place: t for t in program.definitions if t.role is Role.PREACTIVATION}
    named = []
    for delta in deltas:
        u = units[tensor_of(delta.lhs).place]
        slope = Partial(program.loss, u[indices_of(delta.lhs)])
        named.append(Equation("of " + delta.id, delta.lhs, slope))
    whole = program.extended(*named)
    for part in found.sections:
        for each in part.results:
            assert compare(each.lhs, each.rhs, whole).holds
            assert not compare(each.lhs, 2 * each.rhs, whole).holds


def test_long_rows_of_layers_are_told_once():
    lesson = derived("relu", depth=12).lesson
    conditions = {chapter.condition for chapter in lesson.chapters} - {None}
    assert conditions == {Range(Integer(1), Integer(11))}


def test_the_number_of_lines_does_not_grow_with_depth():
    counts = [len(list(derived("relu", depth=depth).lesson.lines)) for depth in (8, 12)]
    assert counts[0] == counts[1]


def test_canonical_results_do_not_depend_on_depth():
    two, nine = derived("relu", depth=4), derived("relu", depth=9)
    for one, other in zip(two.sections[-1].results, nine.sections[-1].results, strict=True):
        assert canonical(one.rhs) == canonical(other.rhs)
