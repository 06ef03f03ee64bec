"""Printed second derivatives are verified about the network that they were derived for."""

from collections import Counter
from unicodedata import normalize

import pytest

from symbp import gallery
from symbp.pipeline import derive
from symbp.verification.options import Options
from symbp.verification.verify import verify_about
from tests.layers.networks import NETWORKS, network
from tests.sampling import sampled

SURE = {"proved", "proved_probabilistically", "definition", "assignment"}


def page(name, form="text", language="en"):
    made = network(name) if name in NETWORKS else gallery.load(name)
    return made, derive(made, second_order=True).render(form, "jp-uz", language)


def findings(made, text, suffix="txt"):
    return verify_about(f"page.{suffix}", text, made, Options()).findings


PAGES = (
    ("xor", "text", "en"),
    ("xor_squared", "markdown", "ja"),
    ("batch normalisation", "markdown", "ja"),
    ("multinomial_wine", "markdown", "en"),
    ("LSTM", "text", "en"),
    ("convolution", "markdown", "en"),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "form", "language"),
    sampled(PAGES, PAGES[:3]),
)
def test_every_line_is_proved(name, form, language):
    made, text = page(name, form, language)
    found = findings(made, text, "md" if form == "markdown" else "txt")
    doubtful = [each.text for each in found if each.verdict.value not in SURE]
    assert doubtful == []
    assert sum("̃" in each.text or "tilde" in each.text for each in found) > 4


SLIPS = [
    ("δ̃²ₙⱼ = ỹₙⱼ/N", "δ̃²ₙⱼ = ỹₙⱼ"),
    ("Hw̃¹ᵢⱼ = Σₙ δ̃¹ₙⱼ xₙᵢ", "Hw̃¹ᵢⱼ = Σₙ δ¹ₙⱼ xₙᵢ"),
    ("Hw̃²ᵢⱼ = Σₙ (δ̃²ₙⱼ z¹ₙᵢ + δ²ₙⱼ z̃¹ₙᵢ)", "Hw̃²ᵢⱼ = Σₙ δ̃²ₙⱼ z¹ₙᵢ"),
    ("Gw̃²ᵢⱼ = Σₙ δ̂²ₙⱼ z¹ₙᵢ", "Gw̃²ᵢⱼ = Σₙ δ̂²ₙⱼ z̃¹ₙᵢ"),
    ("= ũ²ₙⱼ yₙⱼ (1 − yₙⱼ)", "= ũ²ₙⱼ (1 − yₙⱼ)"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("right", "wrong"), SLIPS)
def test_a_slip_is_refuted(right, wrong):
    made, text = page("xor")
    right, wrong = (normalize("NFD", line) for line in (right, wrong))
    assert right in text
    found = findings(made, text.replace(right, wrong))
    verdicts = Counter(each.verdict.value for each in found)
    assert verdicts["refuted"] == 1
