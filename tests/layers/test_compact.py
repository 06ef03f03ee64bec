"""The forms that the field knows by heart, arrived at from the staged ones."""

import pytest
from sympy import Integer

from symbp.derivation.backprop import backpropagate
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


def test_the_gradient_of_attention_is_that_of_a_softmax():
    sections = backpropagate(network("attention").program())
    results = {e.id: e for s in sections for e in s.results}
    found = results["m_bar@3"]
    spelled = SPELLED.unicode_equation(found.lhs, found.rhs)
    assert spelled == "m̄³ₙₕₜₛ = p³ₙₕₜₛ (p̄³ₙₕₜₛ − Σ_{t′} p̄³_{nhtt′} p³_{nhtt′})"
