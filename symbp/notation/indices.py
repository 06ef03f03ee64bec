"""How the indices of an entry are written: side by side, which way round, 0 for a bias."""

from __future__ import annotations

from collections.abc import Callable

from symbp.equations.tensor import Tensor
from symbp.notation import formula as tree
from symbp.notation.convention import Convention, Matrix

BIAS_UNIT = tree.Number("0")
"""The index that turns a weight into a bias."""


def joined(indices: tuple[tree.Formula, ...], write: Callable[[tree.Formula], str]) -> str:
    """``nj``; with commas, ``n,t_n``, where one index is more than a letter or a digit."""
    comma = "" if all(map(_is_single, indices)) else ","
    return comma.join(map(write, indices))


def _is_single(index: tree.Formula) -> bool:
    if isinstance(index, tree.Number):
        return len(index.text) == 1
    return isinstance(index, tree.Sign) and not index.indices


def is_weight(tensor: Tensor) -> bool:
    """Whether its entries join the units of two layers."""
    return [axis.name for axis in tensor.axes] == ["unit", "unit"]


def is_turned(tensor: Tensor, convention: Convention) -> bool:
    """Whether its indices are written the other way round: w_{to, from}, z_{unit, sample}."""
    if is_weight(tensor):
        return convention.weight_to_from
    in_batch = [axis.name for axis in tensor.axes] == ["sample", "unit"]
    return in_batch and convention.matrix is Matrix.COLUMNS
