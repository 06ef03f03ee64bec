"""Evaluating expressions, and differentiating them, in numbers.

Values are arrays whose directions are named by indices. ``tangent`` is forward-mode differentiation
of the numbers themselves: it shares nothing with SymPy's ``diff``, so that each can catch the other.
An entry outside its tensor is zero, as in a padded convolution.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
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
    erf,
    exp,
    log,
    sign,
    tanh,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, BooleanAtom, Not, Or

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.fields import Field, elementwise
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor, TensorSymbol, entries, indices_of, is_entry, tensor_of

Array = NDArray[Any]


@dataclass(frozen=True)
class Named:
    """An array of numbers with one direction for each index in ``indices``."""

    array: Array
    indices: tuple[Index, ...] = ()

    def along(self, indices: Sequence[Index]) -> Array:
        """The array with directions in the order of ``indices``, of length 1 where it has none."""
        order = [self.indices.index(i) for i in indices if i in self.indices]
        shape = iter(self.array.transpose(order).shape)
        return self.array.transpose(order).reshape(
            [next(shape) if i in self.indices else 1 for i in indices]
        )


def together(function: Callable[..., Any], *values: Named) -> Named:
    """``function`` on arrays that are aligned by their indices."""
    indices = tuple(dict.fromkeys(i for value in values for i in value.indices))
    return Named(np.asarray(function(*(v.along(indices) for v in values)), dtype=object), indices)


FUNCTIONS = {exp: "exp", log: "log", tanh: "tanh", erf: "erf"}


class Evaluator:
    """A program at one point: ``sizes`` of its axes and ``values`` of its inputs, in a ``field``.

    ``values[t]`` is an object array with the shape of ``t``; those of computed tensors are added.
    """

    def __init__(
        self,
        program: Program,
        field: Field,
        sizes: Mapping[Axis, int],
        values: Mapping[Tensor, Array],
    ) -> None:
        self.program = program
        self.field = field
        self.sizes = sizes
        self.values = dict(values)
        self._tangents: dict[tuple[Tensor, Tensor], Array | None] = {}
        self._memo: dict[Expr, Named] = {}
        for tensor, equation in program.definitions.items():
            self.values[tensor] = self.of_tensor(equation.rhs, equation.lhs)

    @cached_property
    def zero(self) -> Any:
        return self.field.rational(Integer(0))

    @cached_property
    def one(self) -> Any:
        return self.field.rational(Integer(1))

    def of_tensor(self, rhs: Expr, lhs: Expr) -> Array:
        """``rhs`` as an array over the indices of the entry or derivative ``lhs``."""
        entries_ = lhs.args if isinstance(lhs, Partial) else (lhs,)
        indices = [i for entry in entries_ for i in indices_of(entry)]
        return self._full(self.value(rhs), indices).array

    def _full(self, value: Named, indices: Sequence[Any]) -> Named:
        shape = [self.sizes[i.axis] for i in indices]
        return Named(np.broadcast_to(value.along(indices), shape), tuple(indices))

    def value(self, expr: Expr) -> Named:
        """The value of ``expr`` over its free indices. Raises ``ArithmeticError`` at a bad point."""
        if expr not in self._memo:
            self._memo[expr] = self._value(expr)
        return self._memo[expr]

    def _value(self, expr: Expr) -> Named:
        field = self.field
        match expr:
            case Rational():
                return self._scalar(field.rational(expr))
            case NumberSymbol():
                return self._scalar(field.constant(expr))
            case Size():
                return self._scalar(field.rational(Integer(self.sizes[expr.axis])))
            case Index():
                return together(lambda a: elementwise(self._whole, a), self.position(expr))
            case TensorSymbol() | Indexed():
                return self._gather(Named(self.values[tensor_of(expr)]), indices_of(expr))
            case Add():
                return self._fold(np.add, [self.value(a) for a in expr.args])
            case Mul():
                return self._fold(np.multiply, [self.value(a) for a in expr.args])
            case Pow(exp=Rational() as power):
                return self._power(self.value(expr.base), power)
            case exp():
                return self._exponential(expr.args[0])
            case Abs() | sign():
                inner = self.value(expr.args[0])
                signs = together(lambda a: elementwise(self._sign, a), inner)
                return signs if isinstance(expr, sign) else self._fold(np.multiply, [inner, signs])
            case Opaque():
                name = f"{expr.symbol.name}" + "'" * expr.order
                return self._apply(name, self.value(expr.argument))
            case KroneckerDelta():
                positions = [self.position(side) for side in expr.args]
                equal = together(np.equal, *positions)
                return together(lambda a: np.where(a.astype(bool), self.one, self.zero), equal)
            case Piecewise():
                return self._piecewise(expr, [self.value(branch) for branch, _ in expr.args])
            case Sum():
                return self._sum(self.value(expr.function), self._bound(expr))
            case Largest():
                return self._pick(self.value(expr.body), self.position(self._where(expr)), expr)
            case Functional():
                return self._functional(expr, self.value)
            case Partial():
                return self._partial(expr)
        if type(expr) in FUNCTIONS:
            return self._apply(FUNCTIONS[type(expr)], self.value(expr.args[0]))
        raise NotImplementedError(f"no value of {type(expr).__name__}")

    def position(self, expr: Expr) -> Named:
        """An index expression as whole numbers."""
        match expr:
            case Index():
                return Named(np.arange(self.sizes[expr.axis], dtype=object), (expr,))
            case Integer():
                return self._scalar(int(expr))
            case Size():
                return self._scalar(self.sizes[expr.axis])
            case Add():
                return together(lambda *a: sum(a[1:], a[0]), *map(self.position, expr.args))
            case Mul():
                return together(lambda *a: np.prod(np.broadcast_arrays(*a), 0), *map(self.position, expr.args))
            case ArgLargest():
                body = self.value(expr.body)
                order = (expr.index, *(i for i in body.indices if i != expr.index))
                full = self._full(body, order).array
                return Named(elementwise(int, self._first_largest(full)), order[1:])
        return self._gather(Named(self.values[tensor_of(expr)]), indices_of(expr))

    def condition(self, expr: Any) -> Named:
        """A condition as an array of booleans."""
        match expr:
            case BooleanAtom():
                return self._scalar(bool(expr))
            case Relational():
                gap = together(self._minus, self.value(expr.lhs), self.value(expr.rhs))
                return together(lambda a: elementwise(self._holds(expr.rel_op), a), gap)
            case And() | Or():
                joined = np.logical_and if isinstance(expr, And) else np.logical_or
                return together(lambda *a: _reduce(joined, a), *map(self.condition, expr.args))
            case Not():
                return together(np.logical_not, self.condition(expr.args[0]))
        raise NotImplementedError(f"no value of the condition {type(expr).__name__}")

    def tangent(self, expr: Expr, wrt: Tensor, *, through: bool) -> Named | None:
        """d(expr)/d(wrt): the directions of ``expr``, then those of ``seeds(wrt)``; None for zero.

        ``through`` the program, or with every other tensor held fixed.
        """
        go = lambda e: self.tangent(e, wrt, through=through)  # noqa: E731
        match expr:
            case TensorSymbol() | Indexed():
                array = self._entry_tangent(tensor_of(expr), wrt, through=through)
                return None if array is None else self._gather(Named(array, self.seeds(wrt)), indices_of(expr))
            case Add():
                return self._add([go(a) for a in expr.args])
            case Mul():
                parts = []
                for k, factor in enumerate(expr.args):
                    if (t := go(factor)) is not None:
                        rest = [self.value(a) for a in (*expr.args[:k], *expr.args[k + 1 :])]
                        parts.append(self._fold(np.multiply, [t, *rest]))
                return self._add(parts)
            case Sum():
                t = go(expr.function)
                return None if t is None else self._sum(t, self._bound(expr))
            case Piecewise():
                branches = [go(branch) for branch, _ in expr.args]
                if all(b is None for b in branches):
                    return None
                return self._piecewise(expr, [b or self._scalar(self.zero) for b in branches])
            case Largest():
                t = go(expr.body)
                return None if t is None else self._pick(t, self.position(self._where(expr)), expr)
            case Functional():
                return self._functional(expr, go)
            case Partial():
                raise NotImplementedError("derivatives of derivatives")
        if (slope := self._slope(expr)) is None or (t := go(expr.args[self._argument(expr)])) is None:
            return None
        return self._fold(np.multiply, [t, slope])

    def seeds(self, wrt: Tensor) -> tuple[Index, ...]:
        """The indices that say with respect to which entry of ``wrt`` a tangent is taken."""
        return tuple(axis.index(f"seed{k}") for k, axis in enumerate(wrt.axes))

    # ---- derivatives of what has one argument ------------------------------------------------

    @staticmethod
    def _argument(expr: Expr) -> int:
        return 1 if isinstance(expr, Opaque) else 0

    def _slope(self, expr: Expr) -> Named | None:
        """The derivative of a function of one argument, in numbers; None where it is constant."""
        match expr:
            case Pow(exp=Rational() as power):
                scale = self._scalar(self.field.rational(power))
                return self._fold(np.multiply, [scale, self._power(self.value(expr.base), power - 1)])
            case exp():
                return self.value(expr)
            case log():
                return self._power(self.value(expr.args[0]), Integer(-1))
            case tanh():
                square = self._fold(np.multiply, [self.value(expr), self.value(expr)])
                return together(self._minus, self._scalar(self.one), square)
            case erf():
                return self.value(2 * Pow(self._pi(), Rational(-1, 2)) * exp(-(expr.args[0] ** 2)))
            case Abs():
                return self.value(sign(expr.args[0]))
            case Opaque():
                return self.value(Opaque(expr.symbol, expr.argument, expr.order + 1))
        return None

    @staticmethod
    def _pi() -> Expr:
        from sympy import pi

        return pi

    def _entry_tangent(self, tensor: Tensor, wrt: Tensor, *, through: bool) -> Array | None:
        """d(tensor)/d(wrt) with the slots of both as directions."""
        if tensor == wrt:
            shape = [self.sizes[axis] for axis in tensor.axes]
            flat = np.full((int(np.prod(shape)),) * 2, self.zero, dtype=object)
            np.fill_diagonal(flat, self.one)
            return flat.reshape(shape * 2)
        if not through or tensor not in self.program.definitions:
            return None
        key = (tensor, wrt)
        if key not in self._tangents:
            equation = self.program.definitions[tensor]
            t = self.tangent(equation.rhs, wrt, through=True)
            indices = (*indices_of(equation.lhs), *self.seeds(wrt))
            self._tangents[key] = None if t is None else self._full(t, indices).array
        return self._tangents[key]

    def _partial(self, expr: Partial) -> Named:
        wrt = tensor_of(expr.wrt)
        t = self.tangent(expr.of, wrt, through=is_entry(expr.of))
        if t is None:
            return self._scalar(self.zero)
        seeds = self.seeds(wrt)
        outer = tuple(i for i in t.indices if i not in seeds)
        array = self._full(t, (*seeds, *outer)).array
        return self._gather(Named(array, outer), indices_of(expr.wrt))

    # ---- arrays -------------------------------------------------------------------------------

    def _scalar(self, value: Any) -> Named:
        return Named(np.array(value, dtype=object))

    def _whole(self, value: int) -> Any:
        return self.field.rational(Integer(value))

    def _sign(self, value: Any) -> Any:
        positive = self.field.positive
        return self.one if positive(value) else -self.one if positive(-value) else self.zero

    def _minus(self, left: Array, right: Array) -> Array:
        return self._reduced(left - right)

    def _reduced(self, array: Any) -> Array:
        return np.asarray(elementwise(self.field.reduce, array), dtype=object)

    def _holds(self, operator: str) -> Callable[[Any], bool]:
        up = self.field.positive
        tests: dict[str, Callable[[Any], bool]] = {
            ">": up,
            "<": lambda x: up(-x),
            ">=": lambda x: not up(-x),
            "<=": lambda x: not up(x),
            "==": lambda x: not up(x) and not up(-x),
            "!=": lambda x: up(x) or up(-x),
        }
        return tests[operator]

    def _fold(self, function: Any, values: Sequence[Named]) -> Named:
        out = values[0]
        for value in values[1:]:
            out = together(lambda a, b: self._reduced(function(a, b)), out, value)
        return out

    def _add(self, values: Sequence[Named | None]) -> Named | None:
        there = [value for value in values if value is not None]
        return self._fold(np.add, there) if there else None

    def _apply(self, name: str, value: Named) -> Named:
        return together(lambda a: elementwise(lambda x: self.field.apply(name, x), a), value)

    def _power(self, value: Named, power: Rational) -> Named:
        field = self.field
        if power == -1:
            return together(lambda a: elementwise(field.inverse, a), value)
        if power.q == 1:
            base = value if power > 0 else self._power(value, Integer(-1))
            return self._fold(np.multiply, [base] * abs(int(power))) if power else self._scalar(self.one)
        root = together(lambda a: elementwise(lambda x: field.root(x, abs(power)), a), value)
        return root if power > 0 else self._power(root, Integer(-1))

    def _exponential(self, argument: Expr) -> Named:
        """exp of a sum as the product of the exps of its terms, whole multiples as powers."""
        factors = []
        for term in Add.make_args(argument):
            number, rest = term.as_coeff_Mul()
            if not isinstance(number, Rational):
                number, rest = Integer(1), term
            base = self._apply("exp", self.value(rest / number.q))
            factors.append(self._power(base, Integer(number.p)))
        return self._fold(np.multiply, factors)

    def _bound(self, expr: Sum) -> tuple[Index, ...]:
        return tuple(limit[0] for limit in expr.limits)

    def _sum(self, value: Named, over: Sequence[Index]) -> Named:
        indices = tuple(dict.fromkeys((*over, *value.indices)))
        array = self._full(value, indices).array
        return Named(self._reduced(array.sum(axis=tuple(range(len(over))))), indices[len(over) :])

    def _piecewise(self, expr: Piecewise, branches: Sequence[Named]) -> Named:
        out = branches[-1]
        for branch, (_, condition) in reversed(list(zip(branches, expr.args, strict=True))):
            out = together(
                lambda c, a, b: np.where(c.astype(bool), a, b), self.condition(condition), branch, out
            )
        return out

    def _where(self, expr: Largest) -> ArgLargest:
        return ArgLargest(expr.body, expr.index)

    def _first_largest(self, array: Array) -> Array:
        best = np.zeros(array.shape[1:], dtype=int)
        for k in range(1, len(array)):
            here = np.take_along_axis(array, best[None], 0)[0]
            best = np.where(elementwise(self.field.positive, self._minus(array[k], here)).astype(bool), k, best)
        return best

    def _pick(self, value: Named, at: Named, expr: Largest) -> Named:
        """``value`` at the position ``at`` along the index that ``expr`` binds."""
        outer = tuple(i for i in value.indices if i != expr.index)
        array = self._full(value, (expr.index, *outer)).array
        return self._gather_at(array, (at,), outer)

    def _gather(self, values: Named, indices: Sequence[Expr]) -> Named:
        """The entries of an array whose first directions are slots, at ``indices``."""
        return self._gather_at(values.array, [self.position(i) for i in indices], values.indices)

    def _gather_at(self, array: Array, at: Sequence[Named], rest: tuple[Index, ...]) -> Named:
        if not at:
            return Named(array, rest)
        outer = tuple(dict.fromkeys((*(i for p in at for i in p.indices), *rest)))
        slots = [p.along(outer).astype(int) for p in at]
        slots += [Named(np.arange(self.sizes[i.axis]), (i,)).along(outer) for i in rest]
        inside = _reduce(
            np.logical_and, [(s >= 0) & (s < n) for s, n in zip(slots, array.shape, strict=True)]
        )
        clipped = [np.clip(s, 0, n - 1) for s, n in zip(slots, array.shape, strict=True)]
        return Named(np.where(inside, array[tuple(np.broadcast_arrays(*clipped))], self.zero), outer)

    def _functional(self, expr: Functional, part: Callable[[Expr], Named | None]) -> Named | None:
        """A random linear form: nothing but its slopes is ever asked of it."""
        out = []
        for entry in expr.entries:
            if (value := part(entry)) is not None:
                slopes = self._gather(Named(self.values[slope_of(tensor_of(entry))]), indices_of(entry))
                product = self._fold(np.multiply, [value, slopes])
                out.append(self._sum(product, tuple(sorted(entry.atoms(Index), key=str))))
        return self._add(out)


def slope_of(tensor: Tensor) -> Tensor:
    """The tensor of a functional's slopes along ``tensor``; its values are drawn at random."""
    return Tensor(f"slope of {tensor.name}", tensor.axes, place=tensor.place)


def inputs_of(program: Program) -> tuple[Tensor, ...]:
    """All that a point must give values to: the program's inputs and the slopes of functionals."""
    slopes = [
        slope_of(tensor_of(entry))
        for equation in program.equations
        for functional in sorted(equation.rhs.atoms(Functional), key=str)
        for entry in entries(functional)
    ]
    return (*program.inputs, *slopes)


def _reduce(function: Any, arrays: Sequence[Array]) -> Array:
    out = arrays[0]
    for array in arrays[1:]:
        out = function(out, array)
    return np.asarray(out)
