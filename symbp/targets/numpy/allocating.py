"""How arrays are made that lie in memory in an order of their own."""

from __future__ import annotations

from collections.abc import Sequence

from symbp.lowering.passes.taking import Room
from symbp.targets.numpy import layout


def allocated(room: Room, shape: Sequence[str], made: str) -> str:
    """An array that lies as a room does, ``made`` as NumPy has it: ``empty`` or ``zeros``."""
    order = room.order or tuple(range(len(room.shape)))
    text = f"np.{made}({layout.tuple_text([shape[p] for p in order])}, {room.kind})"
    if order == (1, 0):
        return f"{text}.T"
    if list(order) == sorted(order):
        return text
    if list(order[1:]) == sorted(order[1:]):
        return f"np.moveaxis({text}, 0, {order[0]})"
    back = ", ".join(str(order.index(p)) for p in range(len(order)))
    return f"{text}.transpose({back})"
