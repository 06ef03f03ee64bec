"""What the README shows is what happens."""

import re
from pathlib import Path

import symbp
from symbp.specification.reader import parse_network

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_first_example_prints_what_is_shown(capsys):
    program, shown = blocks("python")
    exec(program, {})  # noqa: S102 - our own README
    printed = capsys.readouterr().out
    (lines,) = blocks("text")
    missing = [line for line in lines.splitlines() if line not in printed]
    assert not missing
    assert shown in printed


def test_the_declaration_is_one():
    (declaration,) = blocks("toml")
    derived = symbp.derive(parse_network(declaration))
    assert derived[1].equation.lhs == derived.network.program().equations[0].lhs


def test_a_line_shows_itself_as_math():
    line = symbp.derive("xor")[1]
    assert str(line) == "u¹ₙⱼ = Σᵢ w¹ᵢⱼ xₙᵢ + w¹₀ⱼ"
    assert line._repr_latex_() == r"$u^{1}_{nj} = \sum_{i} w^{1}_{ij} x_{ni} + w^{1}_{0j}$"


def test_every_public_word_is_there():
    assert all(getattr(symbp, word) for word in symbp.__all__)
    assert set(symbp.PUBLIC) == set(symbp.__all__)
