"""What has a name of its own in a loss: the loss of one sample, the squares of all weights."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Add, Expr

from symbp.equations.axis import Index, total
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.layers.layer import SAMPLE
from symbp.losses.loss import Loss

SAMPLE_LOSS = Tensor("loss", (SAMPLE,), Role.TERM)
"""The loss of one sample of a batch, as L^(i) in J = (1/m) Σ_i L^(i)."""

SQUARES = Tensor("squares", (), Role.OTHER)
"""Σ_l Σ_ij (w^l_ij)²"""


def of_sample(loss: Loss, prediction: Tensor, n: Index) -> Expr:
    """What ``loss`` is for the sample ``n``; ``prediction`` is that of a batch."""
    plain = Tensor(prediction.name, prediction.axes[1:], prediction.role, prediction.place)
    formula = Loss(loss.criterion, "sum", 0.0, loss.constants).equations(plain, (), ())[-1].rhs
    return over_samples(formula, n)


def over_samples(formula: Expr, n: Index) -> Expr:
    """``formula`` of one sample for the sample ``n``: z_j becomes z_nj, d_j becomes d_nj."""
    moved = {}
    for entry in entries(formula):
        tensor = tensor_of(entry)
        if tensor.role in (Role.ACTIVATION, Role.TARGET) and n.axis not in tensor.axes:
            whole = Tensor(
                tensor.name, (n.axis, *tensor.axes), tensor.role, tensor.place, tensor.labels
            )
            moved[entry] = whole[(n, *indices_of(entry))]
    return formula.xreplace(moved)


def squares(weights: Iterable[Tensor]) -> Expr:
    """The sum of the squares of all ``weights``."""
    found = []
    for weight in weights:
        i, j = (axis.index(letter) for axis, letter in zip(weight.axes, "ij", strict=True))
        found.append(total(weight[i, j] ** 2, i, j))
    return Add(*found)
