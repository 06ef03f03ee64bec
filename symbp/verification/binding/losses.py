"""Which loss a formula on a page is, and how it is reduced over a batch."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symbp.equations.canonical import canonical
from symbp.equations.tensor import Role, Tensor
from symbp.layers.layer import SAMPLE, activations
from symbp.losses.criterion import CRITERIA, D, Targets, Z
from symbp.losses.loss import REDUCTIONS, Loss
from symbp.verification.binding.bind import Binding


def loss_written(right: Expr, binding: Binding) -> Loss | None:
    """The known loss whose formula, at the last place of ``binding``, is ``right``."""
    wanted = canonical(right)
    for loss, formula in _known(binding):
        if canonical(formula) == wanted:
            return loss
    return None


def _known(binding: Binding) -> Iterator[tuple[Loss, Expr]]:
    last = binding.notation.last
    if binding.scalars or (binding.built is not None and not binding.built.wide[-1]):
        if binding.batch:
            return
        z, d = Tensor("z", (), Role.ACTIVATION, last)[()], Tensor("d", (), Role.TARGET)[()]
        for name, criterion in CRITERIA.items():
            if criterion.targets is Targets.VALUES and not criterion.constants:
                body = criterion.body.xreplace({Z: z, D: d})
                yield Loss.of(name, "sum"), criterion.factor * body
        return
    samples = (SAMPLE.index("n"),) if binding.batch else ()
    prediction = activations(last, samples)
    for name in CRITERIA:
        for reduction in REDUCTIONS if binding.batch else ("sum",):
            loss = Loss.of(name, reduction)
            if not loss.constants:
                yield loss, loss.equations(prediction, samples, ())[-1].rhs
