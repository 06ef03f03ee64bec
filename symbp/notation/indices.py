"""How the indices of an entry are written: side by side, which way round, 0 for a bias."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Add, Expr, Integer, KroneckerDelta

from symbp.equations.axis import Index
from symbp.equations.calculus import ArgLargest
from symbp.equations.nodes import nodes
from symbp.equations.tensor import CHANGE, PARAMETERS, Entry, Role, Tensor, is_entry
from symbp.notation import formula as tree
from symbp.notation.convention import Convention, Matrix

KEPT = 2**12
"""Rows of indices of which it is remembered how they are written: many signs have the same."""

BIAS_UNIT = tree.Number("0")
"""The index that turns a weight into a bias."""


def below(
    under: str,
    indices: tuple[tree.Formula, ...],
    write: Callable[[tree.Formula], str],
    label: Callable[[str], str] = lambda text: text,
) -> str:
    """What stands below a sign: ``f,nj`` for the label ``under`` f and the indices n and j."""
    if not (under and indices):
        return under + joined(indices, write)
    return f"{label(under)},{joined(indices, write)}"


def joined(indices: tuple[tree.Formula, ...], write: Callable[[tree.Formula], str]) -> str:
    """``nj``; with commas, ``n,t_n``, where one index is more than a letter or a digit."""
    comma = "" if all(map(_is_single, indices)) else ","
    return comma.join(map(write, indices))


def is_flat(indices: tuple[tree.Formula, ...]) -> bool:
    """Whether they are letters and numbers, which differ if their texts do."""
    return all(isinstance(i, tree.Number) or _is_letter(i) for i in indices)


def _is_letter(index: tree.Formula) -> bool:
    return isinstance(index, tree.Sign) and not index.indices


def _is_single(index: tree.Formula) -> bool:
    if isinstance(index, tree.Number):
        return len(index.text) == 1
    return _is_letter(index)


def is_told(index: Index, body: Expr) -> bool:
    """Whether ``body`` shows what ``index`` runs along, in a slot of its own or in [i = j]."""
    if any(index in entry.indices for entry in nodes(body, Entry)):
        return True
    alike = (Index, ArgLargest)
    return any(
        index in delta.args and all(isinstance(a, alike) or is_entry(a) for a in delta.args)
        for delta in nodes(body, KroneckerDelta)
    )


def affine(expr: Add) -> list[Expr]:
    """The terms of ``4 c + 2 r + s - 1``: long steps first, numbers last."""

    def key(term: Expr) -> tuple[bool, bool, Expr]:
        step, _ = term.as_coeff_Mul()
        return isinstance(term, Integer), bool(step < 0), -abs(step)

    return sorted(Add.make_args(expr), key=key)


def is_weight(tensor: Tensor) -> bool:
    """Whether its entries join two things that a layer knows: the units of one and of another."""
    names = [axis.name for axis in tensor.axes]
    if len(names) != 2 or "sample" in names or "token" in names:
        return False
    is_change = tensor.role is Role.OTHER and (tensor.name == "dw" or tensor.name.endswith(CHANGE))
    return names == ["unit", "unit"] or tensor.role in PARAMETERS or is_change


def is_turned(tensor: Tensor, convention: Convention) -> bool:
    """Whether its indices are written the other way round: w_{to, from}, z_{unit, sample}."""
    if is_weight(tensor):
        return convention.weight_to_from
    return len(tensor.axes) == 2 and convention.matrix is Matrix.COLUMNS
