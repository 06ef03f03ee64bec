"""What a program minimises: said in the code, by the reader, or one of the usual ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from sympy import Expr, Integer

from symbp.equations.axis import Index, total
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor
from symbp.losses.criterion import CRITERIA, D, Z
from symbp.verification.code.recognise import Recognised
from symbp.verification.text import Spot

LOSS = Tensor("E", (), Role.LOSS)

NAMED = frozenset(
    [
        *("loss", "cost", "e", "j", "l", "mse", "ce", "bce", "cross_entropy", "objective"),
        *("total_loss", "totalloss", "loss_value", "train_loss", "data_loss", "avg_loss"),
        *("epoch_loss", "costs", "losses", "loss_history", "history"),
    ]
)
"""What losses are called; what is called an error is as often only watched."""

FAMILIES = {
    "half_squared_error": "squared_error",
    "mean_squared_error": "squared_error",
    "squared_error": "squared_error",
    "mse": "squared_error",
    "binary_cross_entropy": "binary_cross_entropy",
    "categorical_cross_entropy": "categorical_cross_entropy",
    "sparse_categorical_cross_entropy": "categorical_cross_entropy",
    "cross_entropy": "cross_entropy",
    "absolute_error": "absolute_error",
    "huber": "huber",
}
"""Names of losses by what they have in common: all but a constant factor."""


@dataclass(frozen=True)
class Hypothesis:
    """``E = value``. ``origin``: "code", "shown", "option", "network", "words" or "guess"."""

    name: str
    value: Expr
    origin: str
    at: Spot | None = None
    facts: tuple[Equation, ...] = ()
    prediction: Tensor | None = None


def stated(known: Recognised) -> list[Hypothesis]:
    """The numbers in the code that may be the loss, the most inclusive first."""
    if known.trace.measure is not None:
        return [Hypothesis("sum(dout * out)", known.trace.measure, "code")]
    found = []
    for name, expr, at, _ in known.scalars():
        last = name.replace('"]', "").replace("']", "").split(".")[-1].lower()
        origin = "code" if last.split("[")[0] in NAMED else "shown"
        found.append(Hypothesis(name, expr, origin, at))
    found.sort(key=lambda h: (h.origin != "code", -len(known.reached(h.value))))
    return found


def families(known: Recognised, only: str | None = None) -> Iterator[Hypothesis]:
    """The usual losses of the prediction and the targets, summed over all there is."""
    for prediction in known.predictions:
        for target in known.targets:
            for name in ("half_squared_error", "binary_cross_entropy", "categorical_cross_entropy"):
                family = FAMILIES[name]
                if only is None or FAMILIES.get(only, only) in (family, family.split("_", 1)[-1]):
                    yield from _usual(known, name, prediction, target)


def _usual(
    known: Recognised, name: str, prediction: Tensor, target: Tensor
) -> Iterator[Hypothesis]:
    criterion = CRITERIA[name]
    indices: list[Index] = []
    for axis in prediction.axes:
        indices.append(axis.fresh(indices))
    entry = prediction[tuple(indices)]
    if target.labels is not None:
        if name != "categorical_cross_entropy" or target.labels not in prediction.axes:
            return
        samples = {i.axis: i for i in indices if i.axis != target.labels}
        if any(axis not in samples for axis in target.axes):
            return
        label = target[tuple(samples[axis] for axis in target.axes)]
        at = tuple(label if i.axis == target.labels else i for i in indices)
        body = CRITERIA["sparse_categorical_cross_entropy"].body.xreplace({Z: prediction[at]})
        yield Hypothesis(name, -total(body, *samples.values()), "guess", None, (), prediction)
        return
    for order in permutations(indices):
        if tuple(i.axis for i in order) == target.axes:
            body = criterion.body.xreplace({Z: entry, D: target[order]})
            value = criterion.factor * total(body, *indices)
            facts: tuple[Equation, ...] = ()
            if name == "categorical_cross_entropy":
                facts = one_hot(known, prediction, target)
            yield Hypothesis(name, value, "guess", None, facts, prediction)
            return


def one_hot(known: Recognised, prediction: Tensor, target: Tensor) -> tuple[Equation, ...]:
    """That the targets of a sample sum up to 1, along the axis of the units."""
    units = [axis for axis in prediction.axes if axis in known.along]
    if len(units) != 1 or units[0] not in target.axes:
        return ()
    indices: list[Index] = []
    for axis in target.axes:
        indices.append(axis.fresh(indices))
    (unit,) = (i for i in indices if i.axis == units[0])
    return (Equation("one_hot", total(target[tuple(indices)], unit), Integer(1)),)
