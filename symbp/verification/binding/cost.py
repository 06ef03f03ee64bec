"""The loss that a page writes down, put together from all that it defines for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Add, Expr, Integer

from symbp.equations.axis import Index, Total
from symbp.equations.calculus import Functional, Partial
from symbp.equations.tensor import Role, Tensor, entries, indices_of, is_entry, tensor_of
from symbp.equations.wellformed import free_indices
from symbp.layers.layer import SAMPLE
from symbp.losses.loss import DATA_TERM, LOSS, PENALTY, Loss
from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.notation.reader import ReadError
from symbp.verification.binding.bind import Binding
from symbp.verification.binding.facts import Line
from symbp.verification.binding.losses import loss_written
from symbp.verification.binding.terms import SAMPLE_LOSS, SQUARES, over_samples

NAMED = (LOSS, DATA_TERM, PENALTY, SAMPLE_LOSS)
Definition = tuple[Expr, Expr, int]

DEEPEST = 3
"""How often a name in a loss may stand for a formula with names in it."""


@dataclass(frozen=True)
class Cost:
    """A known loss, or else a formula for it, and what is added to either for the weights."""

    loss: Loss | None = None
    own: Expr | None = None
    penalty: Expr | None = None
    line: int = 0


def written(lines: tuple[Line, ...], binding: Binding) -> Cost | None:
    """The loss in formulas; None where there is none that says all."""
    definitions = list(_definitions(lines, binding))
    summed = [(left, _over_units(left, right), line) for left, right, line in definitions]
    found = (_written(each, binding) for each in (definitions, summed))
    return next((cost for cost in found if cost is not None), None)


def _written(definitions: list[Definition], binding: Binding) -> Cost | None:
    for of_all in (True, False):
        for tensor in (LOSS, DATA_TERM, SAMPLE_LOSS):
            for left, right, line in definitions:
                if tensor_of(left) == tensor:
                    for whole in _written_out(right, definitions):
                        spoken = _over_all(whole, left, binding)
                        if is_of_many(spoken) == of_all:
                            cost = _cost(spoken, binding, line)
                            if cost is not None:
                                return cost
    return None


def _over_units(left: Expr, right: Expr) -> Expr:
    """``right`` with the sum over the units that is meant beside one over the samples."""
    if not right.has(Total):
        return right
    free = [i for i in free_indices(right) if i not in indices_of(left) and i.axis != SAMPLE]
    return Total(right, *(index.limits for index in free)) if free else right


def is_of_many(expr: Expr) -> bool:
    return any(index.axis == SAMPLE for index in expr.atoms(Index))


def _definitions(lines: tuple[Line, ...], binding: Binding) -> Iterator[Definition]:
    """What is said of E, of its terms and of the loss of one sample, and where."""
    reader = binding.reader
    for line in lines:
        if len(line.sides) < 2 or not isinstance(line.sides[0], (Sign, tree.Apply)):
            continue
        try:
            sides = reader.chain(line.statement.text.content.strip().rstrip(" .,。、"))
        except (ReadError, NotImplementedError, TypeError, ValueError):
            continue
        left = sides[0]
        if is_entry(left) and tensor_of(left) in NAMED:
            for right in sides[1:]:
                if right.free_symbols and not right.has(Partial, Functional):
                    yield left, right, line.number


def _written_out(right: Expr, definitions: list[Definition]) -> Iterator[Expr]:
    """``right`` with what its names stand for, each in every way that the page says."""
    yield right
    found = [right]
    for _ in range(DEEPEST):
        found = [put for expr in found for put in _put(expr, definitions)]
        yield from found


def _put(expr: Expr, definitions: list[Definition]) -> Iterator[Expr]:
    for entry in entries(expr):
        if tensor_of(entry) not in NAMED:
            continue
        for left, right, _ in definitions:
            if tensor_of(left) == tensor_of(entry) and not entries(right, tensor_of(entry)):
                letters = dict(zip(indices_of(left), indices_of(entry), strict=True))
                yield expr.xreplace({entry: right.xreplace(letters)})
            elif tensor_of(entry) == SAMPLE_LOSS and tensor_of(left) == LOSS:
                (n,) = indices_of(entry)
                if isinstance(n, Index) and not entries(right, SAMPLE_LOSS):
                    yield expr.xreplace({entry: over_samples(right, n)})
        return


def _over_all(whole: Expr, left: Expr, binding: Binding) -> Expr:
    """What is written for one sample over all: as the mean, where the slopes are those of one."""
    is_mean = binding.notation.convention.delta_scale
    if tensor_of(left) == SAMPLE_LOSS:
        (n,) = indices_of(left)
        if not isinstance(n, Index):
            return whole
        return Total(whole, n.limits) / (n.axis.size if is_mean else 1)
    if not is_mean or is_of_many(whole) or free_indices(whole):
        return whole
    n = SAMPLE.index("n")
    return Total(over_samples(whole, n), n.limits) / SAMPLE.size


def _cost(whole: Expr, binding: Binding, line: int) -> Cost | None:
    terms = Add.make_args(whole)
    added = [term for term in terms if any(_is_of_weights(t) for t in _tensors(term))]
    data = Add(*(term for term in terms if term not in added))
    penalty = Add(*added) if added else None
    if penalty is not None and not _is_penalty(penalty):
        return None
    known = loss_written(data, replace(binding, batch=is_of_many(data)))
    if known is not None:
        return Cost(known, None, penalty, line)
    return Cost(None, data, penalty, line) if _is_closed(data, binding) else None


def _tensors(expr: Expr) -> set[Tensor]:
    return {tensor_of(entry) for entry in entries(expr)}


def _is_of_weights(tensor: Tensor) -> bool:
    return tensor.role in (Role.WEIGHT, Role.BIAS) or tensor == SQUARES


def _is_penalty(expr: Expr) -> bool:
    """Whether it is made of weights at layers that are known by number, and constants."""
    return not free_indices(expr) and all(
        tensor == SQUARES
        or tensor.role is Role.CONSTANT
        or (_is_of_weights(tensor) and isinstance(tensor.place, Integer))
        for tensor in _tensors(expr)
    )


def _is_closed(right: Expr, binding: Binding) -> bool:
    """Whether ``right`` is a scalar made of the prediction, the target and constants."""
    tensors = _tensors(right)
    last = binding.notation.last
    allowed = (Role.TARGET, Role.CONSTANT)
    fitting = all(
        t.role in allowed or (t.role is Role.ACTIVATION and t.place == last) for t in tensors
    )
    has_prediction = any(t.role is Role.ACTIVATION for t in tensors)
    return fitting and has_prediction and not free_indices(right)
