"""Random points: sizes small and pairwise different, inputs random, facts obeyed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import numpy as np
from sympy import Expr, Indexed, Sum

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.evaluation import Array, Evaluator, Named, inputs_of
from symbp.equations.fields import Field, Modular, Reals
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.errors import SymbpError

TRIES = 20


class NoPoint(SymbpError):
    """No random point was found at which everything is defined."""


def axes_of(program: Program, *others: Expr) -> list[Axis]:
    """The axes that occur in a program and in expressions about it, in a reproducible order."""
    found: set[Axis] = set()
    equations = (*program.equations, *program.facts)
    for expr in (*(side for e in equations for side in (e.lhs, e.rhs)), *others):
        found |= {symbol.axis for symbol in expr.atoms(Index, Size)}
        for entry in entries(expr):
            found |= set(tensor_of(entry).axes)
    return sorted(found, key=lambda axis: axis.key)


def draw_sizes(axes: list[Axis], random: Random) -> dict[Axis, int]:
    """Sizes from 2 up, no two alike: equal sizes hide transposed and swapped factors."""
    numbers = random.sample(range(2, 2 + max(4, len(axes))), len(axes))
    return dict(zip(axes, numbers, strict=True))


def draw_values(
    program: Program, field: Field, sizes: Mapping[Axis, int], random: Random
) -> dict[Tensor, Array]:
    """Values for all inputs; targets are shares between 0 and 1, labels positions on their axis."""
    values: dict[Tensor, Array] = {}
    for tensor in dict.fromkeys(inputs_of(program)):
        shape = [sizes[axis] for axis in tensor.axes]
        array = np.empty(shape, dtype=object)
        share = tensor.role in (Role.TARGET, Role.CONSTANT)
        for at in np.ndindex(*shape):
            if tensor.labels:
                array[at] = random.randrange(sizes[tensor.labels])
            else:
                array[at] = field.draw(random, share=share)
        values[tensor] = array
    for fact in program.facts:
        _obey(fact.lhs, fact.rhs, values, field)
    return values


def _obey(lhs: Expr, rhs: Expr, values: dict[Tensor, Array], field: Field) -> None:
    """Scale the entries of a tensor so that Σ_j t[…, j] = rhs. Other facts are not understood."""
    if not (isinstance(lhs, Sum) and isinstance(lhs.function, Indexed) and rhs.is_Rational):
        raise NotImplementedError(f"cannot draw values that obey {lhs} = {rhs}")
    tensor = tensor_of(lhs.function)
    if tensor not in values:
        return
    summed = [limit[0] for limit in lhs.limits]
    over = tuple(k for k, i in enumerate(indices_of(lhs.function)) if i in summed)
    reduce = np.frompyfunc(field.reduce, 1, 1)
    sums = reduce(values[tensor].sum(axis=over, keepdims=True))
    scale = np.frompyfunc(field.inverse, 1, 1)(sums) * field.rational(rhs)
    values[tensor] = reduce(values[tensor] * reduce(scale))


def fingerprint(
    program: Program,
    *exprs: Expr,
    seed: int,
    exact: bool = True,
    sizes: Mapping[Axis, int] | None = None,
) -> tuple[Evaluator, list[Named]]:
    """The values of ``exprs`` at a random point of ``program``: modulo a prime, or as long reals.

    Raises ``NoPoint`` where every try met a division by zero or a logarithm of a negative number.
    """
    axes = axes_of(program, *exprs)
    for attempt in range(TRIES):
        random = Random(f"{seed} {attempt}")  # noqa: S311
        field: Field = Modular(seed) if exact else Reals(seed)
        try:
            chosen = {**draw_sizes(axes, random), **(sizes or {})}
            values = draw_values(program, field, chosen, random)
            evaluator = Evaluator(program, field, chosen, values)
            return evaluator, [evaluator.value(expr) for expr in exprs]
        except ArithmeticError:
            continue
    raise NoPoint(f"no point in {TRIES} tries")
