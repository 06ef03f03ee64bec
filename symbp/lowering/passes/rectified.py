"""Where a rectified unit z = max(u, 0) is above 0, u is: z tells it, and u need not be kept."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import S

from symbp.lowering.arrays import Assign, Call, Const, Name, Value
from symbp.lowering.passes.common import renamed

ZERO = Const(S.Zero)


def rectified(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, where ``u > 0`` is ``z > 0`` once z = max(u, 0) is known."""
    known: dict[object, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value = statement.value
        if _is_positive(value):
            value = renamed(value, known)
        out.append(statement.computing(value))
        if _is_rectified(value):
            for arg in value.parts:
                if isinstance(arg, Name) and isinstance(statement.target, Name):
                    known[arg.of] = statement.target
    return tuple(out)


def _is_positive(value: Value) -> bool:
    return isinstance(value, Call) and value.op == "greater" and value.args[1] == ZERO


def _is_rectified(value: Value) -> bool:
    return isinstance(value, Call) and value.op == "maximum" and ZERO in value.args
