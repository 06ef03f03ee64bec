"""A program at one random point: values, derivatives, and what would be if a line were another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import permutations
from typing import Any

import numpy as np
from sympy import Expr, Integer, Rational, Sum, sqrt

from symbp.equations.adjoints import adjoints
from symbp.equations.arrays import Array
from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.evaluation import Evaluator
from symbp.equations.fields import Field, Reals
from symbp.equations.fingerprint import NoPoint, fingerprint
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of
from symbp.verification.code.spreading import Tie, spread

RATIONALS = tuple(Rational(2) ** k for k in (0, 1, -1, 2, -2, 3, -3))
"""A 2 that is too much in a loop over layers becomes 4 and 8."""

MOST_SIZES = 4
MOST_POWERS = 2
POWERS = ((1, 1), (-1, -1), (1, -1), (2, 1), (-2, -1), (2, -1), (-2, 1))
MOST_NUMBERS = 3
MOST_ENTRIES = 300
"""Of an array whose every entry is differentiated by every other."""
MOST_TYPED = 1000


@dataclass(frozen=True)
class Form:
    """An array of the program as a multiple of something: ``ratio · of``, its slots in ``order``.

    ``ratio`` is an element of the field; ``factor`` the same as an expression, None for an odd one.
    """

    of: Tensor
    order: tuple[int, ...]
    ratio: Any
    factor: Expr | None


class Scene:
    """``program`` at the point ``seed``; ``exact``: modulo a prime."""

    def __init__(
        self,
        program: Program,
        seed: int,
        *,
        exact: bool,
        sizes: Mapping[Axis, int] | None = None,
        ties: Sequence[Tie] = (),
    ) -> None:
        """Raises ``NoPoint`` where the program has no value."""
        self.program = program
        chosen = spread(program, seed, sizes or {}, typed_numbers(program), ties)
        self.start, _ = fingerprint(program, Integer(0), seed=seed, exact=exact, sizes=chosen)
        self.parents = {
            t: {tensor_of(e) for e in entries(equation.rhs)}
            for t, equation in program.definitions.items()
        }

        if self.is_real:
            positive = {
                t: np.asarray(abs(v), dtype=object)
                for t, v in self.start.values.items()
                if t not in program.definitions and (not t.axes or t not in self.ahead)
            }
            if positive:  # rates, other plain numbers, and sums of squares that are kept
                self.start = self.rerun(positive)
                self.start._tangents = {}

    @cached_property
    def ahead(self) -> set[Tensor]:
        """What the loss is computed from, and the loss."""
        found = {tensor_of(self.program.loss)}
        frontier = [tensor_of(self.program.loss)]
        while frontier:
            fresh = self.parents.get(frontier.pop(), set()) - found
            found |= fresh
            frontier += fresh
        return found

    @property
    def field(self) -> Field:
        return self.start.field

    @property
    def is_real(self) -> bool:
        return isinstance(self.field, Reals)

    @cached_property
    def gradients(self) -> dict[Tensor, Array]:
        """The derivatives of the loss that were asked for so far.

        Programs that agree in all that comes before the loss share them: the repairs of a program
        are many, and these are what takes long.
        """
        forward = [e for t, e in self.program.definitions.items() if t in self.ahead]
        given = [t for t in self.program.inputs if t in self.ahead]
        values = tuple((t, *self.start.array(t).flat) for t in given)
        axes = sorted(frozenset().union(*(t.axes for t in self.ahead)), key=lambda a: a.key)
        sizes = tuple((axis, self.start.sizes[axis]) for axis in axes)
        return _gradients(tuple(forward), self.field, sizes, values)

    def gradient(self, tensor: Tensor) -> Array:
        """∂E/∂t. Raises ``ArithmeticError`` where there is none at this point."""
        known = self.gradients
        if not known:
            forward = [e for t, e in self.program.definitions.items() if t in self.ahead]
            one = np.array(self.start.arithmetic.one, dtype=object)
            known |= adjoints(self.start, forward, {tensor_of(self.program.loss): one})
        if tensor not in known:
            zero, shape = self.start.arithmetic.zero, (self.start.sizes[a] for a in tensor.axes)
            return np.full(tuple(shape), zero, dtype=object)
        return known[tensor]

    def slope(self, tensor: Tensor, source: Tensor) -> Array | None:
        """∂t/∂s entry by entry, for two tensors along the same axes; None where there is none."""
        equation, of = self.program.definitions[tensor], tensor.entry
        wrt = source[indices_of(of)]
        if set(entries(equation.rhs, source)) == {source[indices_of(equation.lhs)]}:
            ones = np.full_like(self.start.array(tensor), self.start.arithmetic.one)
            return adjoints(self.start, [equation], {tensor: ones}).get(source)
        if self.start.array(tensor).size > MOST_ENTRIES:
            return None
        tangent = self.start.tangent(of, source, through=True)
        if tangent is None:
            return None
        whole = self.start.derivative(Partial(of, wrt))
        return self.start.arithmetic.full(whole, list(indices_of(of))).array

    def is_like(self, value: Expr, prediction: Tensor) -> bool:
        """Whether ``value`` changes with ``prediction`` as the loss does, up to a factor."""
        if prediction not in self.program.definitions:
            return False
        entry = prediction.entry
        try:
            slope = self.start.value(Partial(value, entry))
            array = self.start.arithmetic.full(slope, list(indices_of(entry))).array
            return self.ratio(self.gradient(prediction), array) is not None
        except (ArithmeticError, NotImplementedError, KeyError):
            return False

    def rerun(self, overrides: Mapping[Tensor, Array], at: Evaluator | None = None) -> Evaluator:
        """The values where the lines that define ``overrides`` gave these instead.

        All others are as in ``at``, where that is given.
        """
        again = copy(at or self.start)
        again.values = {**again.values, **overrides}
        again._memo = {}
        changed = set(overrides)
        for tensor, equation in self.program.definitions.items():
            if tensor not in overrides and self.parents[tensor] & changed:
                again.values[tensor] = again.over(equation.rhs, equation.lhs)
                changed.add(tensor)
        return again

    # ---- multiples ------------------------------------------------------------------------------

    def ratio(self, array: Array, of: Array) -> Any | None:
        """c where ``array`` is c times ``of`` in every entry; None where there is none.

        1 where both are zero, as behind a normalisation that takes a mean away.
        """
        found = None
        for a, b in zip(array.flat, of.flat, strict=True):
            if self._is_zero(b):
                if not self._is_zero(a):
                    return None
            elif found is None:
                if self._is_zero(a):
                    return None
                found = self.field.reduce(a * self.field.inverse(b))
            elif not self.field.same(a, self.field.reduce(found * b)):
                return None
        return self.start.arithmetic.one if found is None else found

    def forms(self, array: Array, axes: tuple[Axis, ...], of: Iterable[Tensor]) -> list[Form]:
        """What ``array`` is a multiple of the derivative of."""
        found = []
        for tensor in of:
            for order in orders(tensor.axes, axes):
                gradient = self.gradient(tensor).transpose(order)
                ratio = self.ratio(array, gradient)
                if ratio is not None:
                    found.append(Form(tensor, order, ratio, self.named(ratio)))
        return found

    @cached_property
    def table(self) -> list[tuple[Any, Rational, Expr]]:
        """The factors that have names: small rationals times powers of sizes, simple ones first.

        The value of each is followed by both parts, which make an expression only where it is
        asked for: there are many.
        """
        numbers = [sign * rational for rational in self._rationals for sign in (1, -1)]
        elements = [(self.field.rational(number), number) for number in numbers]
        out = []
        for factor in products(self._sizes()):
            size = self.start.value(factor).array[()]
            out += [(self.field.reduce(size * e), number, factor) for e, number in elements]
        return out

    @cached_property
    def _by_value(self) -> dict[Any, tuple[Rational, Expr]]:
        """The table by its values, the simplest of each; of use where they are exact."""
        return {value: (number, factor) for value, number, factor in reversed(self.table)}

    def named(self, ratio: Any) -> Expr | None:
        """``ratio`` as an expression in sizes, or the root of one."""
        found = self._named(ratio)
        if found is None and (square := self._named(self.field.reduce(ratio * ratio))) is not None:
            return sqrt(square)
        return found

    def _named(self, ratio: Any) -> Expr | None:
        if self.is_real:
            same = self.field.same
            found = next((row[1:] for row in self.table if same(row[0], ratio)), None)
        else:
            found = self._by_value.get(self.field.reduce(ratio))
        return None if found is None else found[0] * found[1]

    @cached_property
    def _rationals(self) -> tuple[Rational, ...]:
        """Plain factors: simple ones, and the numbers that were typed."""
        typed = sorted(typed_numbers(self.program))[:MOST_NUMBERS]
        more = [Rational(*pair) for n in typed for pair in ((n, 1), (1, n))]
        return tuple(dict.fromkeys([*RATIONALS, *more]))

    def _sizes(self) -> tuple[Size, ...]:
        """The sizes that a factor may hold: those that are typed, and what numbers run along."""
        every = self.program.equations
        typed = {size for equation in every for size in factors_in(equation.rhs)}
        numbers = [equation.rhs for equation in every if not tensor_of(equation.lhs).axes]
        along = {axis.size for number in numbers for axis in _axes(number)}
        found = sorted(typed | along, key=lambda size: (size not in typed, size.axis.key))
        return tuple(found[:MOST_SIZES])

    def vanishes(self, tensor: Tensor) -> bool:
        """Whether ∂E/∂t is zero, whatever the values: then it is not any multiple of itself."""
        return all(map(self._is_zero, self.gradient(tensor).flat))

    def _is_zero(self, value: Any) -> bool:
        return self.field.same(value, self.field.rational(Integer(0)))


@lru_cache(maxsize=64)
def _gradients(
    forward: tuple[Equation, ...],
    field: Field,
    sizes: tuple[tuple[Axis, int], ...],
    values: tuple[tuple[Any, ...], ...],
) -> dict[Tensor, Array]:
    """The derivatives of one loss at one point, to be filled in."""
    return {}


def factors_in(expr: Expr) -> set[Size]:
    """The sizes in ``expr``, bounds of sums left out."""
    if isinstance(expr, Size):
        return {expr}
    parts = expr.args[:1] if isinstance(expr, Sum) else expr.args
    return {size for part in parts for size in factors_in(part)}


@lru_cache(maxsize=64)
def products(sizes: tuple[Size, ...]) -> tuple[Expr, ...]:
    """Products of powers of ``sizes``, simple ones first."""
    out: list[Expr] = [Integer(1)]
    for size in sizes:
        out += [size**k for k in range(-MOST_POWERS, MOST_POWERS + 1) if k]
    out += [a**i * b**j for a in sizes for b in sizes if a != b for i, j in POWERS]
    return tuple(sorted(out, key=lambda f: (f.count_ops(), str(f))))


def typed_numbers(program: Program) -> set[int]:
    """The whole numbers of at least 3 that occur in a program, in fractions too."""
    found = {n for e in program.equations for r in e.rhs.atoms(Rational) for n in (r.p, r.q)}
    return {abs(n) for n in found if 3 <= abs(n) <= MOST_TYPED}


def _axes(expr: Expr) -> set[Axis]:
    found = {size.axis for size in expr.atoms(Size)}
    return found | {index.axis for index in expr.atoms(Index)}


def orders(of: tuple[Axis, ...], axes: tuple[Axis, ...]) -> list[tuple[int, ...]]:
    """How slots along ``of`` may be turned to lie along ``axes``; not at all where they do."""
    if of == axes:
        return [tuple(range(len(of)))]
    if sorted(a.key for a in of) != sorted(a.key for a in axes):
        return []
    slots = range(len(of))
    return [p for p in permutations(slots) if all(of[p[k]] == axes[k] for k in slots)]


def scene(
    program: Program,
    seed: int,
    *,
    exact: bool,
    sizes: Mapping[Axis, int] | None = None,
    ties: Sequence[Tie] = (),
) -> Scene | None:
    """``program`` at a point, or None where it has none."""
    try:
        return Scene(program, seed, exact=exact, sizes=sizes, ties=ties)
    except (NoPoint, NotImplementedError, LookupError):
        return None


def same(scene: Scene, left: Array, right: Array) -> bool:
    """Whether two arrays agree."""
    if left.shape != right.shape:
        return False
    return all(scene.field.same(a, b) for a, b in zip(left.flat, right.flat, strict=True))


def scaled(scene: Scene, array: Array, by: Any) -> Array:
    """``by · array``."""
    return scene.start.arithmetic.reduced(np.asarray(array, dtype=object) * by)
