"""A network of L layers, f left open and the identity at the end: every line, in its order.

The lines are written down by hand, as a textbook has them for one sample.
"""

import pytest

from symbp.documents.lesson import Range
from symbp.equations.axis import L
from symbp.notation.notation import Notation
from symbp.pipeline import derive

DERIVED = derive("mlp")
LESSON = DERIVED.lesson
SPELLED = Notation("jp-uz", L)

FORWARD = [
    "uˡⱼ = Σᵢ wˡᵢⱼ zˡ⁻¹ᵢ + wˡ₀ⱼ",
    "zˡⱼ = fˡ(uˡⱼ)",
    "uᴸⱼ = Σᵢ wᴸᵢⱼ zᴸ⁻¹ᵢ + wᴸ₀ⱼ",
    "yⱼ = uᴸⱼ",
    "E = ½ Σⱼ (yⱼ − dⱼ)²",
]
AIM = ["Δwˡᵢⱼ = −η · ∂E/∂wˡᵢⱼ"]
OUTPUT = [
    "∂E/∂wᴸᵢⱼ = ∂E/∂uᴸⱼ · ∂uᴸⱼ/∂wᴸᵢⱼ",  # (a)
    "δᴸⱼ = ∂E/∂uᴸⱼ",  # ①
    "∂uᴸⱼ/∂wᴸᵢⱼ = ∂/∂wᴸᵢⱼ (Σₖ wᴸₖⱼ zᴸ⁻¹ₖ + wᴸ₀ⱼ)",
    "∂uᴸⱼ/∂wᴸᵢⱼ = Σₖ zᴸ⁻¹ₖ [i = k]",
    "∂uᴸⱼ/∂wᴸᵢⱼ = zᴸ⁻¹ᵢ",  # ②
    "∂E/∂wᴸᵢⱼ = δᴸⱼ zᴸ⁻¹ᵢ",  # (b)
    "δᴸⱼ = ∂E/∂uᴸⱼ",
    "δᴸⱼ = ∂E/∂zᴸⱼ · ∂zᴸⱼ/∂uᴸⱼ",  # ③
    "∂E/∂zᴸⱼ = ∂/∂yⱼ (½ Σₖ (yₖ − dₖ)²)",
    "∂E/∂zᴸⱼ = Σₖ (yₖ − dₖ) [j = k]",
    "∂E/∂zᴸⱼ = yⱼ − dⱼ",  # ④
    "δᴸⱼ = (yⱼ − dⱼ) · ∂zᴸⱼ/∂uᴸⱼ",
    "∂zᴸⱼ/∂uᴸⱼ = ∂uᴸⱼ/∂uᴸⱼ",
    "∂zᴸⱼ/∂uᴸⱼ = 1",
    "δᴸⱼ = yⱼ − dⱼ",
    "∂E/∂wᴸᵢⱼ = (yⱼ − dⱼ) zᴸ⁻¹ᵢ",
    "Δwᴸᵢⱼ = −η · ∂E/∂wᴸᵢⱼ",
    "Δwᴸᵢⱼ = −η (yⱼ − dⱼ) zᴸ⁻¹ᵢ",
]
HIDDEN = [
    "∂E/∂wˡᵢⱼ = ∂E/∂uˡⱼ · ∂uˡⱼ/∂wˡᵢⱼ",
    "δˡⱼ = ∂E/∂uˡⱼ",
    "∂uˡⱼ/∂wˡᵢⱼ = ∂/∂wˡᵢⱼ (Σₖ wˡₖⱼ zˡ⁻¹ₖ + wˡ₀ⱼ)",
    "∂uˡⱼ/∂wˡᵢⱼ = Σₖ zˡ⁻¹ₖ [i = k]",
    "∂uˡⱼ/∂wˡᵢⱼ = zˡ⁻¹ᵢ",
    "∂E/∂wˡᵢⱼ = δˡⱼ zˡ⁻¹ᵢ",
    "δˡⱼ = ∂E/∂uˡⱼ",
    "δˡⱼ = Σₖ ∂E/∂uˡ⁺¹ₖ · ∂uˡ⁺¹ₖ/∂uˡⱼ",  # ⑤
    "δˡⱼ = Σₖ δˡ⁺¹ₖ · ∂uˡ⁺¹ₖ/∂uˡⱼ",
    "δˡⱼ = Σₖ δˡ⁺¹ₖ · ∂uˡ⁺¹ₖ/∂zˡⱼ · ∂zˡⱼ/∂uˡⱼ",
    "∂uˡ⁺¹ₖ/∂zˡⱼ = ∂/∂zˡⱼ (Σₘ wˡ⁺¹ₘₖ zˡₘ + wˡ⁺¹₀ₖ)",
    "∂uˡ⁺¹ₖ/∂zˡⱼ = Σₘ wˡ⁺¹ₘₖ [j = m]",
    "∂uˡ⁺¹ₖ/∂zˡⱼ = wˡ⁺¹ⱼₖ",
    "δˡⱼ = Σₖ δˡ⁺¹ₖ wˡ⁺¹ⱼₖ · ∂zˡⱼ/∂uˡⱼ",  # ⑥
    "∂zˡⱼ/∂uˡⱼ = ∂fˡ(uˡⱼ)/∂uˡⱼ",  # ⑦
    "∂zˡⱼ/∂uˡⱼ = fˡ′(uˡⱼ)",
    "δˡⱼ = Σₖ δˡ⁺¹ₖ wˡ⁺¹ⱼₖ fˡ′(uˡⱼ)",  # ⑧
    "∂E/∂wˡᵢⱼ = Σₖ δˡ⁺¹ₖ wˡ⁺¹ⱼₖ fˡ′(uˡⱼ) zˡ⁻¹ᵢ",
    "∂E/∂wˡᵢⱼ = Σₖ ∂E/∂uˡ⁺¹ₖ · wˡ⁺¹ⱼₖ fˡ′(uˡⱼ) zˡ⁻¹ᵢ",
    "Δwˡᵢⱼ = −η · ∂E/∂wˡᵢⱼ",
    "Δwˡᵢⱼ = −η Σₖ ∂E/∂uˡ⁺¹ₖ · wˡ⁺¹ⱼₖ fˡ′(uˡⱼ) zˡ⁻¹ᵢ",
]
BATCH = [
    "uˡₙⱼ = Σᵢ wˡᵢⱼ zˡ⁻¹ₙᵢ + wˡ₀ⱼ",
    "zˡₙⱼ = fˡ(uˡₙⱼ)",
    "uᴸₙⱼ = Σᵢ wᴸᵢⱼ zᴸ⁻¹ₙᵢ + wᴸ₀ⱼ",
    "yₙⱼ = uᴸₙⱼ",
    "E = 1/(2N) Σₙ Σⱼ (yₙⱼ − dₙⱼ)²",
    "δᴸₙⱼ = (yₙⱼ − dₙⱼ)/N",
    "∂E/∂wᴸᵢⱼ = Σₙ δᴸₙⱼ zᴸ⁻¹ₙᵢ",
    "∂E/∂wᴸ₀ⱼ = Σₙ δᴸₙⱼ",
    "δˡₙⱼ = Σₖ δˡ⁺¹ₙₖ wˡ⁺¹ⱼₖ fˡ′(uˡₙⱼ)",
    "∂E/∂wˡᵢⱼ = Σₙ δˡₙⱼ zˡ⁻¹ₙᵢ",
    "∂E/∂wˡ₀ⱼ = Σₙ δˡₙⱼ",
]
CHAPTERS = [FORWARD, AIM, OUTPUT, HIDDEN, BATCH]

BIAS = ("/∂wᴸ₀ⱼ = ", "/∂wˡ₀ⱼ = ", "Δwᴸ₀ⱼ = ", "Δwˡ₀ⱼ = ")
"""Lines of biases stand between those of weights; they have a list of their own."""


def spelled(line):
    return f"{SPELLED.unicode(line.lhs)} = {SPELLED.unicode(line.rhs)}"


def told(number):
    return [spelled(line) for line in LESSON.chapters[number].lines]


def of_biases(line):
    return any(part in line for part in BIAS)


@pytest.mark.parametrize("number", range(3))
def test_lines_up_to_the_output_layer(number):
    lines = told(number)
    assert [line for line in lines if not of_biases(line)] == CHAPTERS[number]


def test_lines_of_a_hidden_layer():
    assert [line for line in told(3) if not of_biases(line)] == HIDDEN


def test_lines_of_a_batch():
    assert told(4) == BATCH


def test_lines_of_biases():
    assert [line for line in told(3) if of_biases(line)] == [
        "∂E/∂wˡ₀ⱼ = ∂E/∂uˡⱼ · ∂uˡⱼ/∂wˡ₀ⱼ",
        "∂uˡⱼ/∂wˡ₀ⱼ = ∂/∂wˡ₀ⱼ (Σₖ wˡₖⱼ zˡ⁻¹ₖ + wˡ₀ⱼ)",
        "∂uˡⱼ/∂wˡ₀ⱼ = 1",
        "∂E/∂wˡ₀ⱼ = δˡⱼ",
        "∂E/∂wˡ₀ⱼ = Σₖ δˡ⁺¹ₖ wˡ⁺¹ⱼₖ fˡ′(uˡⱼ)",
        "∂E/∂wˡ₀ⱼ = Σₖ ∂E/∂uˡ⁺¹ₖ · wˡ⁺¹ⱼₖ fˡ′(uˡⱼ)",
        "Δwˡ₀ⱼ = −η · ∂E/∂wˡ₀ⱼ",
        "Δwˡ₀ⱼ = −η Σₖ ∂E/∂uˡ⁺¹ₖ · wˡ⁺¹ⱼₖ fˡ′(uˡⱼ)",
    ]


def number_of(line):
    return next(each.number for each in LESSON.lines if spelled(each) == line)


@pytest.mark.parametrize(
    ("line", "move", "rests_on"),
    [
        ("∂E/∂wᴸᵢⱼ = ∂E/∂uᴸⱼ · ∂uᴸⱼ/∂wᴸᵢⱼ", "chain_parameter", ["uᴸⱼ = Σᵢ wᴸᵢⱼ zᴸ⁻¹ᵢ + wᴸ₀ⱼ"]),
        ("∂uᴸⱼ/∂wᴸᵢⱼ = zᴸ⁻¹ᵢ", "collapse", []),
        ("∂E/∂wᴸᵢⱼ = δᴸⱼ zᴸ⁻¹ᵢ", "insert", ["δᴸⱼ = ∂E/∂uᴸⱼ", "∂uᴸⱼ/∂wᴸᵢⱼ = zᴸ⁻¹ᵢ"]),
        ("δᴸⱼ = ∂E/∂zᴸⱼ · ∂zᴸⱼ/∂uᴸⱼ", "chain_output", []),
        ("δᴸⱼ = yⱼ − dⱼ", "insert", ["∂zᴸⱼ/∂uᴸⱼ = 1"]),
        ("∂E/∂wᴸᵢⱼ = (yⱼ − dⱼ) zᴸ⁻¹ᵢ", "insert_whole", ["∂E/∂wᴸᵢⱼ = δᴸⱼ zᴸ⁻¹ᵢ", "δᴸⱼ = yⱼ − dⱼ"]),
        ("δˡⱼ = Σₖ ∂E/∂uˡ⁺¹ₖ · ∂uˡ⁺¹ₖ/∂uˡⱼ", "chain_layer", []),
        ("δˡⱼ = Σₖ δˡ⁺¹ₖ · ∂uˡ⁺¹ₖ/∂uˡⱼ", "insert_delta", ["δˡⱼ = ∂E/∂uˡⱼ"]),
        ("∂uˡ⁺¹ₖ/∂zˡⱼ = wˡ⁺¹ⱼₖ", "collapse", []),
        ("∂zˡⱼ/∂uˡⱼ = ∂fˡ(uˡⱼ)/∂uˡⱼ", "unfold", ["zˡⱼ = fˡ(uˡⱼ)"]),
        ("Δwˡᵢⱼ = −η Σₖ ∂E/∂uˡ⁺¹ₖ · wˡ⁺¹ⱼₖ fˡ′(uˡⱼ) zˡ⁻¹ᵢ", "insert", []),
    ],
)
def test_each_line_names_its_move_and_what_it_rests_on(line, move, rests_on):
    found = next(each for each in LESSON.lines if spelled(each) == line)
    assert found.told == move
    assert set(map(number_of, rests_on)) <= set(found.uses)
    assert all(used < found.number for used in found.uses)


def test_hidden_layers_hold_below_the_last():
    *_, output, hidden, _ = LESSON.chapters
    assert output.condition is None
    assert {line.condition for line in output.lines} == {None}
    assert hidden.condition == Range(1, L, strict=True)
    assert {line.condition for line in hidden.lines} == {hidden.condition}
    assert [hidden.condition.holds(place, 3) for place in range(5)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_every_derived_line_carries_its_certificate():
    steps = [line for chapter in LESSON.chapters[2:4] for line in chapter.lines]
    assert steps
    assert all(line.step.certificate(line.program).holds for line in steps)
