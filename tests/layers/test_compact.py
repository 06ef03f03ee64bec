"""The forms that the field knows by heart, arrived at from the staged ones."""

import pytest
from sympy import Integer

from symbp.derivation.backprop import backpropagate
from symbp.layers.convolution import Conv1d, Conv2d
from symbp.layers.dense import Dense
from symbp.layers.shapes import Flatten
from symbp.network import Network
from symbp.notation.notation import Notation
from tests.layers.networks import network

SPELLED = Notation("jp-uz", Integer(99))

FORMS = [
    (
        "batch normalisation",
        "z_bar@1",
        "z̄¹ₙⱼ = γ²ⱼ (z̄²ₙⱼ − 1/N Σ_{n′} z̄²_{n′j} − 1/N x̂²ₙⱼ Σ_{n′′} z̄²_{n′′j} x̂²_{n′′j})/√(ε + v²ⱼ)",
    ),
    (
        "layer normalisation",
        "z_bar@1",
        "z̄¹ₙⱼ = (z̄²ₙⱼ γ²ⱼ − 1/n₁ Σᵢ z̄²ₙᵢ γ²ᵢ − 1/n₁ x̂²ₙⱼ Σₖ z̄²ₙₖ γ²ₖ x̂²ₙₖ)/√(ε + v²ₙ)",
    ),
    (
        "RMS normalisation",
        "z_bar@1",
        "z̄¹ₙⱼ = (z̄²ₙⱼ γ²ⱼ − 1/n₁ x̂²ₙⱼ Σᵢ z̄²ₙᵢ γ²ᵢ x̂²ₙᵢ)/√(ε + v²ₙ)",
    ),
]


def compact_forms(name):
    sections = backpropagate(network(name).program())
    found = (d for s in sections for d in s.derivations if d.id.startswith("compact."))
    return {d.id.removeprefix("compact."): d for d in found}


@pytest.mark.parametrize(("name", "stage", "form"), FORMS, ids=[name for name, _, _ in FORMS])
def test_normalisations_arrive_at_their_compact_form(name, stage, form):
    derivation = compact_forms(name)[stage]
    assert SPELLED.unicode_equation(derivation.goal, derivation.result) == form


@pytest.mark.parametrize("gate", "ifgo")
def test_the_deltas_of_the_gates_follow_from_the_cell_and_the_state(gate):
    derivation = compact_forms("LSTM")[f"delta_{gate}@1"]
    moves = [step.move for step in derivation.steps]
    assert moves == ["recall_staged", "insert"]
    assert f"{gate}_bar" not in str(derivation.result)


def flipped(*shape, **options):
    """The compact form of the adjoint of what a convolution reads, and how it is arrived at."""
    kind = Conv1d if len(shape) == 2 else Conv2d
    first = Conv1d(4, 2, activation="tanh") if kind is Conv1d else Conv2d(4, 2)
    layers = [first, kind(6, 3, **options), Flatten(), Dense(2)]
    made = Network.of("net", shape, layers)
    sections = backpropagate(made.program())
    section, found = next(
        (s, d) for s in sections for d in s.derivations if d.id == "compact.delta@1"
    )
    at_l = next(d for d in section.kind.derivations if d.id.startswith("compact."))
    for step in at_l.steps:
        assert step.certificate(section.kind.program).verdict.value.startswith("proved")
    return SPELLED.unicode_equation(found.goal, found.result), [s.move for s in found.steps]


@pytest.mark.parametrize(
    ("shape", "options", "form"),
    [
        ((2, 19), {}, "Σ_{o′} Σₖ δ²_{n,o′,i − k} w²_{o′ok} (1 − (z¹ₙₒᵢ)²)"),
        ((2, 19), {"padding": 1}, "Σ_{o′} Σₖ δ²_{n,o′,i − k + 1} w²_{o′ok} (1 − (z¹ₙₒᵢ)²)"),
        ((2, 19), {"dilation": 3}, "Σ_{o′} Σₖ δ²_{n,o′,i − 3k} w²_{o′ok} (1 − (z¹ₙₒᵢ)²)"),
        (
            (2, 19),
            {"stride": 2, "padding": 1},
            "Σ_{o′} Σⱼ δ²_{no′j} w²_{o′,o,i − 2j + 1} (1 − (z¹ₙₒᵢ)²)",
        ),
        (
            (2, 19),
            {"groups": 2},
            "Σ_g Σₖ Σₘ v̄²_{n,g,k,i − m} w²_{g,k,o − 2g,m} (1 − (z¹ₙₒᵢ)²)",
        ),
        (
            (2, 9, 8),
            {"padding": 1},
            "Σ_{o′} Σᵣ Σₛ δ²_{n,o′,i − r + 1,j − s + 1} w²_{o′ors}",
        ),
    ],
)
def test_what_a_convolution_reads_gets_the_kernel_run_through_backwards(shape, options, form):
    spelled, moves = flipped(*shape, **options)
    assert spelled.partition(" = ")[2] == form
    assert moves == ["recall_staged"] + ["solve"] * (len(moves) - 1)


def test_where_no_index_can_be_solved_for_the_staged_form_is_left():
    layers = [Conv1d(4, 2), Conv1d(6, 3, stride=3, dilation=2), Flatten(), Dense(2)]
    sections = backpropagate(Network.of("net", (2, 19), layers).program())
    assert not [d.id for s in sections for d in s.derivations if d.id == "compact.delta@1"]


def test_the_gradient_of_attention_is_that_of_a_softmax():
    sections = backpropagate(network("attention").program())
    results = {e.id: e for s in sections for e in s.results}
    found = results["m_bar@3"]
    spelled = SPELLED.unicode_equation(found.lhs, found.rhs)
    assert spelled == "m̄³ₙₕₜₛ = p³ₙₕₜₛ (p̄³ₙₕₜₛ − Σ_{t′} p̄³_{nhtt′} p³_{nhtt′})"
