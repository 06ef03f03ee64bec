"""A program held against its own first δ, where nothing is known of the loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symbp.equations.axis import Index, total
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of
from symbp.verification.code.losses import Hypothesis
from symbp.verification.code.recognise import Recognised
from symbp.verification.code.scene import orders
from symbp.verification.code.splitting import split

MOST_TRIED = 6


def own_deltas(known: Recognised) -> Iterator[tuple[Recognised, Hypothesis]]:
    """The first arrays that compare prediction and targets, each put to be ∂E/∂t, or minus that.

    E is Σ δ t with a δ that is given: whatever the loss is, the rest must follow from it.
    """
    targets = set(known.targets)
    after = [
        t
        for t in known.equations
        if t.axes and known.ancestors(t) & targets and known.ancestors(t) & set(known.predictions)
    ]
    before = [p.before for p in known.parameters]
    parts = split(known.equations, before)
    tried = 0
    for delta in after:
        for tensor in _ahead(known, parts):
            for order in orders(tensor.axes, delta.axes):
                for sign in (1, -1):
                    tried += 1
                    if tried > 2 * MOST_TRIED:
                        return
                    yield _given(known, delta, tensor, order, sign)


def _ahead(known: Recognised, parts: dict[Tensor, Equation]) -> list[Tensor]:
    """The prediction, and the pre-activation behind it."""
    out = list(known.predictions)
    for prediction in known.predictions:
        equation = parts.get(prediction)
        if equation is not None:
            sources = dict.fromkeys(tensor_of(e) for e in entries(equation.rhs))
            out += [t for t in sources if t in parts and t.axes == prediction.axes]
    return list(dict.fromkeys(out))


def _given(
    known: Recognised, delta: Tensor, tensor: Tensor, order: tuple[int, ...], sign: int
) -> tuple[Recognised, Hypothesis]:
    fixed = Tensor(f"{delta.name} as given", delta.axes)
    indices: list[Index] = []
    for axis in tensor.axes:
        indices.append(axis.fresh(indices))
    turned = tuple(indices[k] for k in order)
    value = sign * total(fixed[turned] * tensor[tuple(indices)], *indices)
    assigned = tuple(
        replace(
            a, equation=Equation(a.equation.id, a.equation.lhs, fixed[indices_of(a.equation.lhs)])
        )
        if tensor_of(a.equation.lhs) == delta
        else a
        for a in known.trace.assigned
    )
    name = known.steps[delta].name
    return Recognised(replace(known.trace, assigned=assigned)), Hypothesis(name, value, "own")
