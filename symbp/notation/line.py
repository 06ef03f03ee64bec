"""A line of mathematics as it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr

from symbp.equations.axis import Axis


@dataclass(frozen=True)
class Remark:
    """Something about a line that is worth telling though it could be read.

    ``code`` is one of: sum_bounds (``letter``, ``lower``, ``upper``: what Σ runs over is not the
    whole of its axis; it is read as if it were), depends (``found``: E in "E(u, v)", which is read
    as E), turned (a matrix of weights is read as the transpose of what the notation has, as only
    so the shapes fit), by_axis (δ z without indices is read as δ_j z_i, as only so the axes fit).
    """

    code: str
    column: int
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """``a = b = c``: a chain with all its sides.

    The first side is None where the line begins with a sign of relation. ``operators`` stand
    between the sides: "=", ":=", "≡", "≈", "←", "+=", "-=", "<", "≤" …; side k begins at
    ``columns[k]`` and was typed as ``typed[k]``. ``letters`` are the free letters as typed, with
    their axes. ``bare`` tells that signs stood without indices: such a line is read entry by entry,
    at the letters j, i j, n, or as matrices; where it has no places it speaks of the layer l.
    """

    sides: tuple[Expr | None, ...]
    operators: tuple[str, ...]
    columns: tuple[int, ...]
    typed: tuple[str, ...]
    letters: Mapping[str, Axis] = field(default_factory=dict)
    bare: bool = False
    remarks: tuple[Remark, ...] = ()
