"""A letter that names a size and a matrix is read as the one that fits where it stands."""

from __future__ import annotations

import pytest
from sympy import Integer

from symbp.equations.axis import Axis
from symbp.equations.tensor import Role, Tensor
from symbp.notation.notation import Notation
from symbp.notation.reader import Reader
from symbp.notation.scope import Scope

N, TIME, UNIT = Axis("sample", None, "n"), Axis("time", None, "t"), Axis("unit", Integer(1), "j")
U = Tensor("u", (N, UNIT), Role.PREACTIVATION, Integer(1))
Z = Tensor("z", (N, UNIT), Role.ACTIVATION, Integer(1))
D = Tensor("d", (N, UNIT), Role.TARGET)

READ = (
    ("Y - T", lambda y, t, steps: y - t),
    (r"\frac{1}{T} (Y - T)", lambda y, t, steps: (y - t) / steps),
    (r"Y \odot T", lambda y, t, steps: y * t),
    (r"\frac{T}{Y}", lambda y, t, steps: t / y),
    (r"\frac{Y}{T}", lambda y, t, steps: y / steps),
    ("T Y", lambda y, t, steps: steps * y),
    ("T Y + T", lambda y, t, steps: steps * y + t),
    ("T", lambda y, t, steps: t),
)


@pytest.mark.parametrize(("typed", "make"), READ)
def test_steps_and_targets_share_a_letter(typed, make):
    reader = Reader(Notation("oreilly-jp", Integer(1)), Scope((U, Z, D), axes=(N, TIME, UNIT)))
    left, right = reader.line(rf"A^{{(1)}} = {typed}").sides
    indices = left.args[-2:]
    assert left == U[indices]
    assert right == make(Z[indices], D[indices], TIME.size)
