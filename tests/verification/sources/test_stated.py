"""Losses stated as numbers, and the definitions that give them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from symbp.verification.sources.read import read_page
from symbp.verification.sources.stated import explain, stated_losses

SEEDS = Path(__file__).parents[3] / "../shared/seeds"

STATED = [
    ("target: (1, 0)\nprediction: (0.8, 0.2)\nloss: 0.04", ("half_sum_squared", "mean_squared")),
    ("正解:猫(1)、犬(0)\n予測:猫(0.8)、犬(0.2)\n損失:0.02(小さい)", ("half_mean_squared",)),
    ("For the target (1, 0) and the prediction (0.8, 0.2) the loss is 0.08.", ("sum_squared",)),
    ("targets = [1, 0]\noutputs = [0.8, 0.2]\ncost = 0.223",
     ("cross_entropy", "mean_binary_cross_entropy")),
    ("target: 1\nprediction: 0.5\nloss: 7", ()),
]  # fmt: skip


@pytest.mark.parametrize(("source", "fits"), STATED)
def test_definitions_that_give_a_number(source, fits):
    (stated,) = stated_losses(read_page("a.txt", source))
    assert explain(stated).fits == fits


@pytest.mark.parametrize(
    "source",
    ["loss: 0.02", "target: (1, 0)\nloss: 0.02", "target: (1, 0)\nprediction: 0.8\nloss: 1"],
)
def test_what_states_too_little(source):
    assert stated_losses(read_page("a.txt", source)) == ()


def test_the_own_definition_of_a_text():
    source = "正解:1、0\n予測:0.8、0.2\n損失:0.02\n\n損失 = (予測値 - 正解値)² の平均\n"
    (stated,) = stated_losses(read_page("a.txt", source))
    found = explain(stated)
    assert (stated.definition, found.own, found.agrees) == ("mean_squared", "0.04", False)
    assert (stated.at.line, stated.definition_at.line) == (3, 5)


def test_a_real_document():
    paths = sorted(SEEDS.glob("001_*.txt"))
    if not paths:
        pytest.skip("the seeds are not here")
    (stated,) = stated_losses(read_page("a.txt", paths[0].read_text(encoding="utf-8")))
    assert stated.targets == (1, 0)
    assert stated.predictions == (Fraction(4, 5), Fraction(1, 5))
    found = explain(stated)
    assert (stated.loss, found.fits, found.own) == ("0.02", ("half_mean_squared",), "0.04")
