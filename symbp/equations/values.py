"""The values of expressions: arrays over their free indices.

An entry outside its tensor is zero, as in a padded convolution.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    NumberSymbol,
    Piecewise,
    Pow,
    Rational,
    Sum,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    sign,
    sin,
    sinh,
    tanh,
)
from sympy.core.numbers import Exp1
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, BooleanAtom, Not, Or

from symbp.equations.arrays import Arithmetic, Array, Named, scalar, together
from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.canonical import canonical
from symbp.equations.fields import Field
from symbp.equations.landings import Landing, landing
from symbp.equations.tensor import Tensor, TensorSymbol, indices_of, tensor_of

FUNCTIONS = {f: f.__name__ for f in (log, tanh, erf, sin, cos, sinh, cosh, atan)}


PARTS = 720
"""exp(u) is evaluated as this power of exp(u/PARTS)."""


class Values(ABC):
    """Expressions at one point: ``sizes`` of axes and ``values`` of tensors, in a ``field``.

    ``values[t]`` is an object array with the shape of ``t``.
    """

    def __init__(
        self, field: Field, sizes: Mapping[Axis, int], values: Mapping[Tensor, Array]
    ) -> None:
        self.field = field
        self.sizes = sizes
        self.values = dict(values)
        self.arithmetic = Arithmetic(field, sizes)
        self._memo: dict[Expr, Named] = {}

    @abstractmethod
    def array(self, tensor: Tensor) -> Array:
        """The values of ``tensor``."""

    @abstractmethod
    def derivative(self, expr: Partial) -> Named:
        """The value of a derivative."""

    def value(self, expr: Expr) -> Named:
        """The value of ``expr`` over its free indices. Raises ``ArithmeticError`` for none."""
        if expr not in self._memo:
            self._memo[expr] = self._value(expr)
        return self._memo[expr]

    def _value(self, expr: Expr) -> Named:
        on = self.arithmetic
        match expr:
            case Rational():
                return on.rational(expr)
            case Size() | Index():
                return on.each(lambda p: self.field.rational(Integer(p)), self.position(expr))
            case TensorSymbol() | Indexed():
                return self.entry(self.array(tensor_of(expr)), expr)
            case Add():
                return on.added([self.value(a) for a in expr.args])
            case Mul():
                return on.multiplied([self.value(a) for a in expr.args])
            case Pow(exp=Rational() as power):
                return on.power(self.value(expr.base), power)
            case KroneckerDelta():
                equal = together(np.equal, *(self.position(side) for side in expr.args))
                return on.chosen(equal, scalar(on.one), scalar(on.zero))
            case Piecewise():
                return self.pieces(expr, [self.value(branch) for branch, _ in expr.args])
            case Sum():
                found = landing(expr)
                if found is not None:
                    return self.landed(found)
                factors = [self.value(a) for a in Mul.make_args(expr.function)]
                return on.contracted(factors, bound_by(expr))
            case Largest():
                return self.at_largest(self.value(expr.body), expr)
            case Functional():
                return self.functional(expr, self.value) or scalar(on.zero)
            case Partial():
                return self.derivative(expr)
        return self._function(expr)

    def _function(self, expr: Expr) -> Named:
        """The value of a function of one argument, and of a constant."""
        on = self.arithmetic
        match expr:
            case Exp1():
                return self._exponential(Integer(1))
            case NumberSymbol():
                return scalar(self.field.constant(expr))
            case Pow():
                return self._exponential(expr.exp * log(expr.base))
            case exp():
                return self._exponential(expr.args[0])
            case sign():
                return on.signs(self.value(expr.args[0]))
            case Abs():
                inner = self.value(expr.args[0])
                return on.multiplied([inner, on.signs(inner)])
            case Opaque():
                return self._applied(expr.symbol.name + "'" * expr.order, expr.argument)
        if type(expr) in FUNCTIONS:
            return self._applied(FUNCTIONS[type(expr)], expr.args[0])
        raise NotImplementedError(f"no value of {type(expr).__name__}")

    def position(self, expr: Expr) -> Named:
        """An index expression as whole numbers."""
        match expr:
            case Index():
                return Named(np.arange(self.sizes[expr.axis], dtype=object), (expr,))
            case Integer():
                return scalar(int(expr))
            case Size():
                return scalar(self.sizes[expr.axis])
            case Add():
                parts = [self.position(a) for a in expr.args]
                return reduce(lambda a, b: together(np.add, a, b), parts)
            case Mul():
                parts = [self.position(a) for a in expr.args]
                return reduce(lambda a, b: together(np.multiply, a, b), parts)
            case ArgLargest():
                return self.arithmetic.largest(self.value(expr.body), expr.index)
        return self.entry(self.array(tensor_of(expr)), expr)

    def condition(self, expr: Any) -> Named:
        """A condition as an array of booleans."""
        match expr:
            case BooleanAtom():
                return scalar(bool(expr))
            case Relational():
                sides = self.value(expr.lhs), self.value(expr.rhs)
                return self.arithmetic.compared(expr.rel_op, *sides)
            case And() | Or():
                joined = np.logical_and if isinstance(expr, And) else np.logical_or
                parts = [self.condition(a) for a in expr.args]
                return reduce(lambda a, b: together(joined, a, b), parts)
            case Not():
                return together(np.logical_not, self.condition(expr.args[0]))
            case ITE():
                return self.arithmetic.chosen(*map(self.condition, expr.args))
        raise NotImplementedError(f"no value of the condition {type(expr).__name__}")

    def entry(self, array: Array, entry: Expr, rest: tuple[Index, ...] = ()) -> Named:
        """``array`` at the indices of ``entry``; its further directions are named ``rest``."""
        return self.arithmetic.gathered(array, [self.position(i) for i in indices_of(entry)], rest)

    def landed(self, found: Landing) -> Named:
        """Every value where it belongs, added up there; what lies outside is left out."""
        on, value = self.arithmetic, self.value(found.body)
        where = {k: self.position(place) for k, place in found.places}
        inner = (*found.bound, *value.indices, *(i for p in where.values() for i in p.indices))
        scope = tuple(dict.fromkeys(inner))
        outer = tuple(i for i in scope if i not in found.bound)
        indices = (*where, *outer)
        array = on.full(value, scope).array
        slots = [p.along(scope) for p in where.values()]
        slots += [Named(np.arange(self.sizes[i.axis]), (i,)).along(scope) for i in outer]
        total = np.full([self.sizes[i.axis] for i in indices], on.zero, dtype=object)
        scatter(total, slots, array)
        return Named(on.reduced(total), indices)

    def pieces(self, expr: Piecewise, branches: list[Named]) -> Named:
        """The branch whose condition holds first, given all of ``branches``."""
        out = branches[-1]
        for branch, (_, condition) in reversed(list(zip(branches, expr.args, strict=True))):
            out = self.arithmetic.chosen(self.condition(condition), branch, out)
        return out

    def at_largest(self, value: Named, expr: Largest) -> Named:
        """``value`` where the body of ``expr`` is largest along the index that it binds."""
        where = self.position(ArgLargest(expr.body, expr.index))
        outer = tuple(i for i in value.indices if i != expr.index)
        array = self.arithmetic.full(value, (expr.index, *outer)).array
        return self.arithmetic.gathered(array, [where], outer)

    def functional(self, expr: Functional, part: Callable[[Expr], Named | None]) -> Named | None:
        """A random linear form: nothing but its slopes is ever asked of it."""
        out = []
        for entry in expr.entries:
            if (value := part(entry)) is not None:
                slopes = self.entry(self.array(slope_of(tensor_of(entry))), entry)
                product = self.arithmetic.multiplied([value, slopes])
                over = tuple(sorted(entry.atoms(Index), key=str))
                out.append(self.arithmetic.summed(product, over))
        return self.arithmetic.added(out) if out else None

    def _applied(self, name: str, argument: Expr) -> Named:
        return self.arithmetic.each(lambda x: self.field.apply(name, x), self.value(argument))

    def _exponential(self, argument: Expr) -> Named:
        """exp of a sum as the product of the exps of its terms, whole multiples as powers.

        Terms are those of the canonical form, so that exp((a + b)²) is exp(a²) exp(ab)² exp(b²).
        """
        factors = []
        for term in Add.make_args(canonical(argument)):
            number, rest = term.as_coeff_Mul()
            if not isinstance(number, Rational):
                number, rest = Integer(1), term
            # A common denominator makes exp(u/2) exp(u/3) what exp(5u/6) is.
            parts = number.q if PARTS % number.q else PARTS
            base = self._applied("exp", rest / parts)
            factors.append(self.arithmetic.power(base, number * parts))
        return self.arithmetic.multiplied(factors)


def scatter(total: Array, slots: Sequence[Array], values: Array) -> None:
    """Add ``values`` to ``total`` at the positions ``slots``, none of them outside."""
    broad = np.broadcast_arrays(*(s.astype(int) for s in slots), values)
    *at, flat = (b.ravel() for b in broad)
    inside = np.all([(a >= 0) & (a < n) for a, n in zip(at, total.shape, strict=True)], axis=0)
    np.add.at(total, tuple(a[inside].astype(int) for a in at), flat[inside])


def bound_by(expr: Sum) -> tuple[Index, ...]:
    """The indices that a sum runs over."""
    return tuple(limit[0] for limit in expr.limits)


def slope_of(tensor: Tensor) -> Tensor:
    """The tensor of a functional's slopes along ``tensor``; its values are drawn at random."""
    return Tensor(f"slope of {tensor.name}", tensor.axes, place=tensor.place)
