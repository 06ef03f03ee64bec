"""Random points: sizes small and pairwise different, inputs random, facts obeyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np
from sympy import Expr, Indexed, Piecewise, Sum

from symbp.equations.arrays import Array, Named
from symbp.equations.axis import Axis
from symbp.equations.evaluation import Evaluator, inputs_of
from symbp.equations.fields import Field, Modular, Reals
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor, axes_in, indices_of, tensor_of
from symbp.errors import SymbpError

TRIES = 20

MANY = 8
"""Of more axes, sizes are 2 and 3 only."""

WIDE = 3
"""So they are where a tensor has more axes than this: derivatives have the square of its size."""

FEW = 2
"""Points; modulo 2^61 − 1, with degrees below 2^20, each lies with a chance of 2^-41."""

KEPT = 16
"""Points that are remembered: the lines of one layer are all compared at the same few."""


class NoPoint(SymbpError):
    """No random point was found at which everything is defined."""


def axes_of(program: Program, *others: Expr) -> list[Axis]:
    """The axes that occur in a program and in expressions about it, in a reproducible order."""
    found = program.axes.union(*map(axes_in, others))
    return sorted(found, key=lambda axis: axis.key)


def are_many(axes: Sequence[Axis], program: Program) -> bool:
    """Whether arrays would grow too large if no two sizes were alike."""
    return len(axes) > MANY or any(len(tensor.axes) > WIDE for tensor in program.definitions)


def draw_sizes(axes: Sequence[Axis], random: Random, seed: int, *, small: bool) -> dict[Axis, int]:
    """Sizes from 2 up, no two alike: equal sizes hide transposed and swapped factors.

    Neighbouring seeds give each axis different sizes: a size may be mistaken for a number at one
    point, not at both. Where they are to be ``small``, each is 2 or 3, and any two differ at one of
    the points that ``enough`` asks for.
    """
    if small:
        bits = enough(len(axes), small=True)
        codes = random.sample(range(1, 2**bits), len(axes))  # 0 would never be more than 2
        return {a: 2 + (code >> seed % bits & 1) for a, code in zip(axes, codes, strict=True)}
    count = max(4, len(axes))
    numbers = random.sample(range(count), len(axes))
    return {axis: 2 + (number + seed) % count for axis, number in zip(axes, numbers, strict=True)}


def enough(axes: int, *, small: bool) -> int:
    """How many points it takes to tell so many axes from each other."""
    return max(FEW, axes.bit_length()) if small else FEW


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


@dataclass(frozen=True)
class Point:
    """What a random point is drawn from; ``sizes`` are those that are given."""

    axes: tuple[Axis, ...]
    seed: int
    exact: bool
    sizes: tuple[tuple[Axis, int], ...] = ()


@lru_cache(maxsize=KEPT)
def evaluated(program: Program, point: Point, attempt: int) -> Evaluator:
    """``program`` at a random point. Raises ``ArithmeticError`` where something is undefined."""
    field: Field = Modular(point.seed) if point.exact else Reals(point.seed)
    random = Random(f"{point.seed} {attempt}")
    small = are_many(point.axes, program)
    drawn = draw_sizes(point.axes, Random(f"sizes {attempt}"), point.seed, small=small)
    sizes = drawn | dict(point.sizes)
    return Evaluator(program, field, sizes, draw_values(program, field, sizes, random))


@lru_cache(maxsize=KEPT)
def _failed(program: Program, point: Point) -> set[int]:
    """The attempts at which ``program`` is known to be undefined; the caller adds to them."""
    return set()


@lru_cache(maxsize=KEPT)
def is_alive(program: Program, point: Point, attempt: int) -> bool:
    """Whether no layer with a kink, as max(0, u), is all zeros: whatever is behind it would be.

    Raises ``ArithmeticError`` where something is undefined.
    """
    evaluator = evaluated(program, point, attempt)
    kinked = [e.lhs for e in program.equations if e.rhs.has(Piecewise)]
    values = (evaluator.value(lhs) for lhs in kinked)
    return all(any(value.along(value.indices).ravel()) for value in values)


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
    point = Point(tuple(axes_of(program, *exprs)), seed, exact, tuple((sizes or {}).items()))
    failed = _failed(program, point)
    for must_live in (True, False) if program.is_kinked else (False,):
        for attempt in range(TRIES):
            if attempt in failed:
                continue
            try:
                evaluator = evaluated(program, point, attempt)
            except ArithmeticError:
                failed.add(attempt)
                continue
            try:
                if must_live and not is_alive(program, point, attempt):
                    continue
                return evaluator, [evaluator.value(expr) for expr in exprs]
            except ArithmeticError:
                continue
    raise NoPoint(f"no point in {TRIES} tries")
