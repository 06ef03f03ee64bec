"""The target as others see it."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from sympy import Function

from symbp.equations.equation import Equation
from symbp.layers.dense import Dense
from symbp.lowering.stored import NotLowered
from symbp.network import Network
from symbp.targets.numpy.module import NumpyTarget
from symbp.targets.plan import Line
from symbp.targets.target import Target
from tests.targets.planning import planned

NETWORK = Network.of("small", 3, [Dense(4, "silu"), Dense(2, "softmax")], "mean_squared_error")

PRINT = """
from tests.targets.test_target import NETWORK
from tests.targets.planning import planned
from symbp.targets.numpy.module import NumpyTarget
print(NumpyTarget().module(planned(NETWORK)))
"""


def test_it_is_a_target():
    target: Target = NumpyTarget()
    assert target.filename(planned(NETWORK)) == "small_numpy.py"
    assert (target.name, target.comment) == ("numpy", "#")


def test_the_text_does_not_depend_on_hashes():
    texts = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


def test_what_a_person_typed_stays_text():
    title = 'quote """ and \\ and\nline'
    text = NumpyTarget().module(replace(planned(NETWORK), title=title))
    scope = {"__name__": "module"}
    exec(compile(text, "module", "exec"), scope)  # noqa: S102 - generated above
    assert scope["__doc__"].startswith('quote """ and \\ and line\n')


def test_equations_stand_above_their_statements():
    text = NumpyTarget().module(planned(NETWORK))
    lines = [line.strip() for line in text.splitlines()]
    at = lines.index("z1 = u1 * sigmoid(u1)")
    assert lines[at - 1] == "# (2) z¹ₙⱼ = u¹ₙⱼ/(1 + exp(−u¹ₙⱼ))"


def broken(plan, where, change):
    lines = getattr(plan, where)
    return replace(plan, **{where: (*lines[:-1], *change(lines[-1]))})


@pytest.mark.parametrize(
    ("where", "change", "code"),
    [
        ("forward", lambda line: [], "undefined"),
        ("backward", lambda line: [], "no-gradient"),
        (
            "loss",
            lambda line: [
                Line(Equation("E", line.equation.lhs, Function("strange")(line.equation.rhs)))
            ],
            "function",
        ),
    ],
)
def test_a_plan_with_a_gap_is_refused(where, change, code):
    with pytest.raises(NotLowered) as caught:
        NumpyTarget().module(broken(planned(NETWORK), where, change))
    assert caught.value.code == code
