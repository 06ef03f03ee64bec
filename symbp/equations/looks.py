"""What an expression looks like from where it stands: the same for layer 5 as for layer 7.

Of two expressions that look alike, one is the other moved to another place, down to the order of
terms and factors.
"""

from __future__ import annotations

from functools import lru_cache

from sympy import Expr

from symbp.equations.axis import KEPT, Axis, Index, Size
from symbp.equations.calculus import FunctionSymbol
from symbp.equations.tensor import Tensor, TensorSymbol

Look = tuple[object, ...]


def look(here: Expr, *exprs: Expr) -> Look:
    """All that is in ``exprs``, with places counted from ``here``."""
    out: list[object] = []
    left = list(exprs)
    while left:
        node = left.pop()
        if isinstance(node, (Index, Size, TensorSymbol, FunctionSymbol)):
            out.append(_atom(node, here))
        elif args := node.args:
            out += (node.func, len(args))
            left += args
        else:
            out.append(node)
    return tuple(out)


def named_in(*exprs: Expr) -> list[TensorSymbol | Size]:
    """The tensors and sizes in ``exprs``: in one order where they look alike."""
    out: list[TensorSymbol | Size] = []
    left = list(exprs)
    while left:
        node = left.pop()
        if isinstance(node, (Size, TensorSymbol)):
            out.append(node)
        else:
            left += node.args
    return out


@lru_cache(maxsize=KEPT)
def _atom(atom: Expr, here: Expr) -> Look:
    match atom:
        case Index():
            return Index, atom.letter, _axis(atom.axis, here)
        case Size():
            return Size, _axis(atom.axis, here)
        case FunctionSymbol():
            return FunctionSymbol, atom.label, _from(here, atom.place)
    return _tensor(atom.tensor, here)


def _tensor(tensor: Tensor, here: Expr) -> Look:
    axes = tuple(_axis(axis, here) for axis in tensor.axes)
    labels = tensor.labels and _axis(tensor.labels, here)
    return tensor.name, tensor.role, _from(here, tensor.place), axes, labels


def _axis(axis: Axis, here: Expr) -> Look:
    return axis.name, axis.letter, _from(here, axis.place)


def _from(here: Expr, place: Expr | None) -> Expr | None:
    return None if place is None else place - here
