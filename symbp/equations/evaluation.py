"""A program at one point, with its derivatives.

They are taken by forward-mode differentiation of the numbers themselves, which shares nothing with
SymPy's ``diff``: each can catch the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from types import MappingProxyType
from typing import Any

import numpy as np
from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Number,
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
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
)

from symbp.equations.arrays import Array, Named, scalar
from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import ArgLargest, Functional, Largest, Opaque, Partial
from symbp.equations.equation import Equation
from symbp.equations.fields import Field
from symbp.equations.loops import Loop, behind, loops_of, rounds
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor, TensorSymbol, entries, indices_of, is_entry, tensor_of
from symbp.equations.values import Values, bound_by, slope_of

CONSTANT = (Number, NumberSymbol, Size, Index, KroneckerDelta, ArgLargest, sign)
"""What does not change, or does so nowhere but in jumps."""

SLOPES: Mapping[type[Any], Callable[[Expr], Expr]] = MappingProxyType(
    {
        exp: exp,
        log: lambda x: 1 / x,
        tanh: lambda x: 1 - tanh(x) ** 2,
        erf: lambda x: 2 / sqrt(pi) * exp(-(x**2)),
        sin: cos,
        cos: lambda x: -sin(x),
        sinh: cosh,
        cosh: sinh,
        atan: lambda x: 1 / (1 + x**2),
        Abs: sign,
    }
)
"""Of each function of one argument: values of it are evaluated, never printed."""


Through = Callable[[Tensor], bool]
"""By way of which tensors a derivative is taken; the entries of every other are held fixed."""


def everything(tensor: Tensor) -> bool:
    return True


def scalars(tensor: Tensor) -> bool:
    return not tensor.axes


def nothing(tensor: Tensor) -> bool:
    return False


class Evaluator(Values):
    """``program`` where its inputs have ``values``; those of computed tensors are added.

    Derivatives that have a name are worked out when they are asked for.
    """

    def __init__(
        self,
        program: Program,
        field: Field,
        sizes: Mapping[Axis, int],
        values: Mapping[Tensor, Array],
    ) -> None:
        super().__init__(field, sizes, values)
        self.program = program
        self._loops = loops_of(program)
        self._tangents: dict[tuple[Tensor, Tensor], Array | None] = {}
        self._slopes: dict[tuple[Tensor, Tensor], Array] = {}
        for tensor, equation in program.definitions.items():
            if not equation.rhs.has(Partial):
                self.array(tensor)

    def array(self, tensor: Tensor) -> Array:
        if tensor not in self.values:
            equation = self.program.definitions.get(tensor)
            if equation is None:
                raise NotImplementedError(f"no value of {tensor.name}")
            if tensor in self._loops:
                self._go_through(self._loops[tensor])
            else:
                self.values[tensor] = self.over(equation.rhs, equation.lhs)
        return self.values[tensor]

    def _go_through(self, loop: Loop) -> None:
        """The values of tensors that need each other; they begin anywhere."""
        random, known = Random(0), dict(self._memo)
        for tensor in (tensor_of(equation.lhs) for equation in loop):
            array = np.empty([self.sizes[axis] for axis in tensor.axes], dtype=object)
            for at in np.ndindex(*array.shape):
                array[at] = self.field.draw(random, share=True)
            self.values[tensor] = array
        for _ in range(rounds(loop, self.sizes)):
            self._memo = dict(known)
            for equation in loop:
                self.values[tensor_of(equation.lhs)] = self.over(equation.rhs, equation.lhs)
        self._memo = known

    def over(self, rhs: Expr, lhs: Expr) -> Array:
        """``rhs`` as an array over the indices of the entry or derivative ``lhs``."""
        whole = lhs.args if isinstance(lhs, Partial) else (lhs,)
        indices = [i for entry in whole for i in indices_of(entry)]
        return self.arithmetic.full(self.value(rhs), indices).array

    def derivative(self, expr: Partial) -> Named:
        wrt = tensor_of(expr.wrt)
        if isinstance(expr.of, TensorSymbol):
            return self.entry(self.slope(expr.of.tensor, wrt), expr.wrt)
        tangent = self.tangent(expr.of, wrt, through=is_entry(expr.of))
        if tangent is None:
            return scalar(self.arithmetic.zero)
        seeds = self.seeds(wrt)
        outer = tuple(i for i in tangent.indices if i not in seeds)
        array = self.arithmetic.full(tangent, (*seeds, *outer)).array
        return self.entry(array, expr.wrt, outer)

    def seeds(self, wrt: Tensor) -> tuple[Index, ...]:
        """The indices that say with respect to which entry of ``wrt`` a tangent is taken."""
        return tuple(axis.index(f"seed{k}") for k, axis in enumerate(wrt.axes))

    def slope(self, of: Tensor, wrt: Tensor) -> Array:
        """d(of)/d(wrt) of a scalar: the sum over all that is computed from ``wrt`` at once."""
        key = (of, wrt)
        if key not in self._slopes:
            if wrt in self._loops:
                self._slopes_through(of, self._loops[wrt])
            else:
                self._slopes[key] = self._slope(of, wrt)
        return self._slopes[key]

    def _slope(self, of: Tensor, wrt: Tensor) -> Array:
        on, seeds = self.arithmetic, self.seeds(wrt)
        if of == wrt:
            return scalar(on.one).array
        paths = [scalar(on.zero)]
        for user in self.program.users(wrt):
            if not self._leads_to(user, of):
                continue
            tangent = self._tangent(user.rhs, wrt, nothing)
            if tangent is not None:
                indices = indices_of(user.lhs)
                slope = Named(self.slope(of, tensor_of(user.lhs)), indices)
                paths.append(on.contracted([tangent, slope], indices))
        return on.full(on.added(paths), seeds).array

    def _slopes_through(self, of: Tensor, loop: Loop) -> None:
        """The same of tensors that need each other, from the last time back."""
        tensors = [tensor_of(equation.lhs) for equation in reversed(loop)]
        for tensor in tensors:
            shape = [self.sizes[axis] for axis in tensor.axes]
            self._slopes[of, tensor] = np.full(shape, self.arithmetic.zero, dtype=object)
        for _ in range(rounds(loop, self.sizes)):
            for tensor in tensors:
                self._slopes[of, tensor] = self._slope(of, tensor)

    def _leads_to(self, equation: Equation, of: Tensor) -> bool:
        """Whether ``equation`` defines ``of``, or what that is computed from."""
        if isinstance(equation.lhs, Partial):
            return False
        return tensor_of(equation.lhs) in (of, *behind(self.program).get(of, ()))

    def tangent(self, expr: Expr, wrt: Tensor, *, through: bool) -> Named | None:
        """d(expr)/d(wrt): the directions of ``expr``, then those of ``seeds(wrt)``; None for zero.

        ``through`` the program, or with the entries of every other tensor held fixed. A scalar is
        no more than a name for what defines it: it is never held fixed.
        """
        return self._tangent(expr, wrt, everything if through else scalars)

    def _tangent(self, expr: Expr, wrt: Tensor, through: Through) -> Named | None:
        on = self.arithmetic

        def go(part: Expr) -> Named | None:
            return self._tangent(part, wrt, through)

        match expr:
            case TensorSymbol() | Indexed():
                tensor = tensor_of(expr)
                array = self._of_tensor(tensor, wrt, through)
                return None if array is None else self.entry(array, expr, self.seeds(wrt))
            case Add():
                parts = [t for a in expr.args if (t := go(a)) is not None]
                return on.added(parts) if parts else None
            case Mul():
                return self._product(expr.args, [go(a) for a in expr.args])
            case Sum():
                factors = Mul.make_args(expr.function)
                return self._product(factors, [go(a) for a in factors], bound_by(expr))
            case Piecewise():
                branches = [go(branch) for branch, _ in expr.args]
                if all(branch is None for branch in branches):
                    return None
                return self.pieces(expr, [branch or scalar(on.zero) for branch in branches])
            case Largest():
                t = go(expr.body)
                return None if t is None else self.at_largest(t, expr)
            case Functional():
                return self.functional(expr, go)
            case Partial():
                raise NotImplementedError("derivatives of derivatives")
            case _ if isinstance(expr, CONSTANT):
                return None
        argument, slope = sloping(expr)
        t = go(argument)
        return None if t is None else on.multiplied([t, self.value(slope)])

    def _product(
        self,
        factors: Sequence[Expr],
        tangents: Sequence[Named | None],
        over: Sequence[Index] = (),
    ) -> Named | None:
        """The tangent of the product of ``factors``, summed ``over`` whole axes."""
        terms = []
        for k, tangent in enumerate(tangents):
            if tangent is not None:
                rest = [self.value(a) for a in (*factors[:k], *factors[k + 1 :])]
                terms.append(self.arithmetic.contracted([tangent, *rest], over))
        return self.arithmetic.added(terms) if terms else None

    def _of_tensor(self, tensor: Tensor, wrt: Tensor, through: Through) -> Array | None:
        """d(tensor)/d(wrt) with the slots of both as directions."""
        is_looped = through(tensor) and tensor in self._loops
        if tensor == wrt and not is_looped:
            return self._itself(tensor)
        if not through(tensor) or tensor not in self.program.definitions:
            return None
        key = (tensor, wrt)
        if key not in self._tangents:
            if is_looped:
                self._tangents_through(self._loops[tensor], wrt)
            else:
                self._tangents[key] = self._defined(self.program.definitions[tensor], wrt)
        return self._tangents[key]

    def _itself(self, tensor: Tensor) -> Array:
        """The derivative of ``tensor`` with respect to itself."""
        shape = [self.sizes[axis] for axis in tensor.axes]
        flat = np.full((int(np.prod(shape)),) * 2, self.arithmetic.zero, dtype=object)
        np.fill_diagonal(flat, self.arithmetic.one)
        return flat.reshape(shape * 2)

    def _defined(self, equation: Equation, wrt: Tensor) -> Array | None:
        """The derivative of what ``equation`` defines, by way of all that it reads."""
        tangent = self._tangent(equation.rhs, wrt, everything)
        indices = (*indices_of(equation.lhs), *self.seeds(wrt))
        return None if tangent is None else self.arithmetic.full(tangent, indices).array

    def _tangents_through(self, loop: Loop, wrt: Tensor) -> None:
        """The same for tensors that need each other: a change at one time goes on to the next."""
        tensors = [tensor_of(equation.lhs) for equation in loop]
        self._tangents |= {(tensor, wrt): None for tensor in tensors}
        for _ in range(rounds(loop, self.sizes)):
            for tensor, equation in zip(tensors, loop, strict=True):
                found = self._defined(equation, wrt)
                if tensor == wrt:
                    own = self._itself(tensor)
                    found = own if found is None else self.arithmetic.reduced(found + own)
                self._tangents[tensor, wrt] = found


def sloping(expr: Expr) -> tuple[Expr, Expr]:
    """What ``expr`` is a function of, and its slope there. Raises ``NotImplementedError``."""
    match expr:
        case Opaque():
            return expr.argument, Opaque(expr.symbol, expr.argument, expr.order + 1)
        case Pow(exp=Rational() as power):
            return expr.base, power * expr.base ** (power - 1)
        case Pow():
            return expr.exp * log(expr.base), expr
    if type(expr) in SLOPES:
        return expr.args[0], SLOPES[type(expr)](expr.args[0])
    raise NotImplementedError(f"no slope of {type(expr).__name__}")


def inputs_of(program: Program) -> tuple[Tensor, ...]:
    """All that a point must give values to: the program's inputs and the slopes of functionals."""
    slopes = [
        slope_of(tensor_of(entry))
        for equation in program.equations
        for functional in sorted(equation.rhs.atoms(Functional), key=str)
        for entry in entries(functional)
    ]
    return (*program.inputs, *slopes)
