"""What only counts the same entries by other axes is no window, and nothing is added up.

z⁴ₙₖ = Σ_c Σᵣ Σₛ z³_{ncrs} [k = 4c + 2r + s], where r and s are 0 or 1   ->   z³.reshape(N, 48)
"""

from __future__ import annotations

from collections.abc import Sequence

from symbp.lowering.arrays import Assign, Name, Overlay, Reshape, Value, Window
from symbp.lowering.passes.steps import Sizes, is_dense


def flat(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, where such values are other shapes of arrays."""
    return tuple(
        s.computing(_reshaped(s.value, sizes)) if s.loop is None else s for s in statements
    )


def _reshaped(value: Value, sizes: Sizes) -> Value:
    if not isinstance(value, (Window, Overlay)) or not isinstance(value.arg, Name):
        return value
    known = [index.axis for index in value.axes if index is not None]
    if len(known) < len(value.axes) or None in value.arg.axes:
        return value
    if isinstance(value, Window):
        index = value.arg.axes[value.position]
        dense = index is not None and is_dense(value.at, index.axis, sizes)
    else:
        first = value.positions[0]
        in_order = value.positions == tuple(range(first, first + len(value.positions)))
        dense = in_order and is_dense(value.at, value.along, sizes)
    return Reshape(value.arg, tuple(known), axes=value.axes) if dense else value
