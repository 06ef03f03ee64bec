"""How each preset spells one network, and what is special about some."""

from __future__ import annotations

import pytest
from sympy import Integer

from symbp.equations.axis import L
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.layers.dense import Dense
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.notation.presets import PRESETS
from symbp.notation.reader import Scope
from symbp.pipeline import derive

XOR = derive("xor")

# preset -> u@2, ∂E/∂w@2, δ@2 and δ@1, as they are printed
SPELLED = {
    "dlai": (
        "Z^[2] = W^[2] A^[1] + b^[2]",
        "∂J/∂W^[2] = 1/m dZ^[2] (A^[1])ᵀ",
        "dZ^[2] = A^[2] − Y",
        "dZ^[1] = ((W^[2])ᵀ dZ^[2]) ⊙ A^[1] ⊙ (1 − A^[1])",
    ),
    "ng-theta": (
        "z⁽³⁾ₙⱼ = Σₖ Θ⁽²⁾ⱼₖ a⁽²⁾ₙₖ + Θ⁽²⁾ⱼ₀",
        "∂J/∂Θ⁽²⁾ⱼₖ = Σₙ δ⁽³⁾ₙⱼ a⁽²⁾ₙₖ",
        "δ⁽³⁾ₙⱼ = (a⁽³⁾ₙⱼ − yₙⱼ)/m",
        "δ⁽²⁾ₙⱼ = Σᵢ Θ⁽²⁾ᵢⱼ δ⁽³⁾ₙᵢ a⁽²⁾ₙⱼ (1 − a⁽²⁾ₙⱼ)",
    ),
    "cs231n": (
        "F₂ = H₁ W₂ + 𝟏 b₂ᵀ",
        "∂L/∂W₂ = H₁ᵀ dF₂",
        "dF₂ = 1/N (P − Y)",
        "dF₁ = (dF₂ W₂ᵀ) ⊙ H₁ ⊙ (1 − H₁)",
    ),
    "oreilly-jp": (
        "A⁽²⁾ = Z⁽¹⁾ W⁽²⁾ + 𝟏 (b⁽²⁾)ᵀ",
        "∂L/∂W⁽²⁾ = (Z⁽¹⁾)ᵀ Δ⁽²⁾",
        "Δ⁽²⁾ = 1/N (Y − T)",
        "Δ⁽¹⁾ = (Δ⁽²⁾ (W⁽²⁾)ᵀ) ⊙ Z⁽¹⁾ ⊙ (1 − Z⁽¹⁾)",
    ),
    "d2l": (
        "Z⁽²⁾ = W⁽²⁾ H⁽¹⁾ + b⁽²⁾",
        "∂J/∂W⁽²⁾ = Δ⁽²⁾ (H⁽¹⁾)ᵀ",
        "Δ⁽²⁾ = 1/n (O − Y)",
        "Δ⁽¹⁾ = ((W⁽²⁾)ᵀ Δ⁽²⁾) ⊙ H⁽¹⁾ ⊙ (1 − H⁽¹⁾)",
    ),
    "scalar-f": (
        "z²ₙⱼ = Σᵢ w²ᵢⱼ y¹ₙᵢ + b²ⱼ",
        "∂L/∂w²ᵢⱼ = Σₙ δ²ₙⱼ y¹ₙᵢ",
        "δ²ₙⱼ = (yₙⱼ − tₙⱼ)/N",
        "δ¹ₙⱼ = Σₖ δ²ₙₖ w²ⱼₖ y¹ₙⱼ (1 − y¹ₙⱼ)",
    ),
}


def lines_of(derived):
    program = derived.network.program()
    results = [result for section in derived.sections for result in section.results]
    sides = {e.id: (e.lhs, e.rhs) for e in (*program.equations, *results)}
    return [sides[name] for name in ("u@2", "grad.w@2", "delta@2", "delta@1")]


@pytest.mark.parametrize("name", SPELLED)
def test_lines_are_spelled_as_in_the_course(name):
    notation = Notation(name, XOR.network.last)
    assert tuple(notation.unicode_equation(*line) for line in lines_of(XOR)) == SPELLED[name]


def test_a_scaled_delta_is_the_sum_over_samples_of_what_each_loses():
    notation = Notation("dlai", XOR.network.last)
    unit = XOR.network.program().definitions
    u = next(t for t in unit if t.name == "u" and t.place == 2)
    delta = Tensor("delta", u.axes, Role.DELTA, u.place)
    n, j = (axis.index(letter) for axis, letter in zip(u.axes, "nj", strict=True))
    loss = XOR.network.program().loss
    defined = notation.meant(delta[n, j], Partial(loss, u[n, j]))
    assert defined == (delta[n, j], n.axis.size * Partial(loss, u[n, j]))
    used = notation.meant(loss, delta[n, j] ** 2)
    assert used == (loss, delta[n, j] ** 2 / n.axis.size**2)
    assert Notation("jp-uz").meant(loss, delta[n, j]) == (loss, delta[n, j])


def test_a_scaled_delta_of_one_sample_is_the_plain_one():
    one = Network.of("one", 2, [Dense(1)], batch=False)
    u = one.program().equations[0].lhs
    delta = Tensor("delta", tensor_of(u).axes, Role.DELTA, Integer(1))[u.indices]
    sides = (delta, Partial(one.program().loss, u))
    assert Notation("dlai", Integer(1)).meant(*sides) == sides


def test_places_of_weights_may_be_counted_from_where_they_come():
    last = Notation("ng-theta", L).spelling
    tensors = {
        str(t.place): t
        for t in Scope.of(*derive("mlp").network.windows().hidden.equations).tensors
        if t.name == "w"
    }
    assert last.tensor(tensors["l"]).place == "(l-1)"
    assert last.tensor(tensors["l + 1"]).place == "(l)"


@pytest.mark.parametrize(
    ("name", "typed"),
    [("scalar-f", r"y_{true}"), ("scalar-f", "t")],
)
def test_names_that_are_read_for_the_target(name, typed):
    neuron = derive("neuron").network
    notation = Notation(name, neuron.last)
    target = neuron.target
    assert notation.spelling.tensor(target) != notation.spelling.also(target)
    signs = [notation.spelling.tensor(target), *notation.spelling.also(target)]
    assert typed in [s.glyph + (f"_{{{s.label}}}" if s.label else "") for s in signs]


@pytest.mark.parametrize("name", PRESETS)
def test_identifiers_are_names(name):
    notation = Notation(name, XOR.network.last)
    scope = Scope.of(*XOR.network.program().equations)
    names = [notation.identifier(tensor) for tensor in scope.tensors]
    assert all(each.isidentifier() and "__" not in each for each in names)
    assert len(set(names)) == len(names)
