"""What is printed reads back as what was meant, in every convention, for all dense networks say."""

from __future__ import annotations

import subprocess
from itertools import cycle, product

import pytest
from sympy import Integer

from symbp.activations.table import ACTIVATIONS
from symbp.derivation.backprop import backpropagate, backpropagate_windows
from symbp.equations.axis import L
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.tensor import indices_of, is_entry
from symbp.general import windows
from symbp.layers.dense import Dense
from symbp.layers.layer import SAMPLE
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.notation.presets import JP_UZ, PRESETS
from symbp.notation.reader import Reader, Scope
from symbp.optimizers.optimizer import Optimizer
from symbp.optimizers.rule import RULES
from tests.sampling import sampled

SPELL = ("latex_equation", "unicode_equation")

ENDS = {
    "identity": "half_squared_error",
    "tanh": "mean_squared_error",
    "softmax": "categorical_cross_entropy",
    "sigmoid": "binary_cross_entropy",
}
PREAMBLE = "\\documentclass{article}\\usepackage{amsmath,amssymb}\\begin{document}"
LOSSES = ("absolute_error", "huber", "sparse_categorical_cross_entropy")


def programs():
    """(last place, the sides of every line) for all activations, losses and optimizers."""
    for batch in (True, False):
        inner = [name for name in ACTIVATIONS if name != "general"]
        for (end, loss), name in zip(cycle(ENDS.items()), inner, strict=False):
            layers = [Dense(4, name), Dense(2, end)]
            yield lines_of(Network.of("net", 3, layers, Loss.of(loss, l2=0.1), batch=batch))
        for loss in LOSSES:
            end = "softmax" if loss.startswith("sparse") else "identity"
            layers = [Dense(4, "tanh"), Dense(2, end)]
            yield lines_of(Network.of("net", 3, layers, Loss.of(loss), batch=batch))
        samples = (SAMPLE.index("n"),) if batch else ()
        general = [Dense(None, "general"), Dense(None, "identity")]
        seen = windows(general, Loss.of("half_squared_error", reduction="sum"), samples)
        both = (seen.output, seen.hidden)
        steps = [pair for section in backpropagate_windows(both) for pair in derived(section)]
        yield L, [*(sides for p in both for sides in equations(p.equations)), *steps]
    for name in RULES:
        yield Integer(1), equations(Optimizer.of(name, clip=1.0, schedule="exponential").equations)


def lines_of(network):
    program = network.program()
    steps = [pair for section in backpropagate(program) for pair in derived(section)]
    return network.last, [*equations(program.equations), *steps]


def derived(section):
    for derivation in section.derivations:
        yield (derivation.goal, derivation.result)
        yield from ((step.before, step.after) for _, step in derivation.walk())


def equations(them):
    return [(equation.lhs, equation.rhs) for equation in them]


@pytest.fixture(scope="module")
def everything():
    kept = []
    seen = set()
    for last, lines in programs():
        new = [line for line in dict.fromkeys(lines) if (last, line) not in seen]
        seen |= {(last, line) for line in new}
        kept.append((last, new))
    return kept


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "spell"),
    sampled(product(PRESETS, SPELL), [*zip(PRESETS, cycle(SPELL), strict=False)]),
)
def test_what_is_printed_reads_back(everything, name, spell):
    read = 0
    for last, lines in everything:
        notation = Notation(name, last)
        reader = Reader(notation, Scope.of(*(side for line in lines for side in line)))
        for line in lines:
            text = getattr(notation, spell)(*line)
            sides = notation.meant(*line)
            found = with_letters_of(sides[0], reader.equation(text))
            assert [canonical(side) for side in found] == [canonical(s) for s in sides], text
            read += 1
    assert read > 700


def with_letters_of(left, sides):
    """A matrix form does not tell what its row and its column are called: they are renamed."""
    old, new = (indices_of(place_of(side)) for side in (sides[0], left))
    through = {a: b.axis.index(f"?{b.letter}") for a, b in zip(old, new, strict=False) if a != b}
    back = {b.axis.index(f"?{b.letter}"): b for b in new if hasattr(b, "letter")}
    return tuple(side.xreplace(through).xreplace(back) for side in sides)


def place_of(side):
    entry = side.wrt if isinstance(side, Partial) else side
    return entry if is_entry(entry) else Integer(0)


def test_forward_equations_read_back_to_the_letter():
    network = Network.of("net", 3, [Dense(4, "gelu"), Dense(2, "softmax")], "half_squared_error")
    program = network.program()
    notation = Notation("jp-uz", network.last)
    reader = Reader(notation, Scope.of(*program.equations))
    for equation in program.equations:
        for text in (
            notation.latex_equation(equation.lhs, equation.rhs),
            notation.unicode_equation(equation.lhs, equation.rhs),
        ):
            assert reader.equation(text) == (equation.lhs, equation.rhs)


def test_limits_read_back(batch):
    from dataclasses import replace

    from symbp.equations.axis import total

    v = batch
    notation = Notation(replace(JP_UZ, limits=True), v.last)
    sides = v.u(v.j), total(v.w[v.i, v.j] * v.z_in(v.i), v.i)
    text = notation.latex_equation(*sides)
    assert text == r"u^{2}_{nj} = \sum_{i=1}^{n_{1}} w^{2}_{ij} z^{1}_{ni}"
    assert Reader(notation, Scope.of(*sides)).equation(text) == sides


@pytest.mark.slow
@pytest.mark.latex
def test_what_is_printed_compiles(everything, tmp_path):
    lines = [
        Notation(name, last).latex_equation(*sides)
        for name in PRESETS
        for last, several in everything
        for sides in several
    ]
    body = "\n\n".join(f"$\\displaystyle {line}$" for line in dict.fromkeys(lines))
    (tmp_path / "lines.tex").write_text(PREAMBLE + body + "\\end{document}")
    command = ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "lines.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
