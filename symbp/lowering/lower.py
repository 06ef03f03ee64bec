"""Equation -> Assign.

    u[n,j] = Σ_i w[i,j] z[n,i] + b[j]     ->   u = z @ w + b

Nothing but the expression decides. Units are never unrolled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    Expr,
    Float,
    Function,
    Heaviside,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    NumberSymbol,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
)
from sympy.core.relational import Relational

from symbp.equations.axis import Index, Size
from symbp.equations.calculus import ArgLargest, Largest, Partial
from symbp.equations.equation import Equation
from symbp.equations.tensor import is_entry
from symbp.lowering.arrays import (
    Assign,
    Collect,
    Const,
    Expand,
    Name,
    Ones,
    Overlay,
    Range,
    Rows,
    Value,
)
from symbp.lowering.contract import contract, reduced
from symbp.lowering.functions import LogNotSoftmax, LogSoftmax, LogSumExp, Softmax
from symbp.lowering.landing import Landing, landing, opened
from symbp.lowering.shape import common_order, entrywise, ordered, real
from symbp.lowering.stored import Layout, NotLowered, affine, entry, target
from symbp.lowering.terms import (
    addend_order,
    collapsed,
    factor_order,
    flattened,
    fraction,
    is_fixed,
    joined,
    over_axes,
    rectified,
    split_sum,
)

FUNCTIONS = {
    "exp": "exp", "log": "log", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh", "sin": "sin",
    "cos": "cos", "tan": "tan", "atan": "arctan", "asinh": "arcsinh", "Abs": "abs", "sign": "sign",
    "erf": "erf", "erfc": "erfc", "sigmoid": "sigmoid", "softplus": "softplus", "expm1": "expm1",
    "log1p": "log1p", "atmost": "minimum", "atleast": "maximum", "Max": "maximum", "Min": "minimum",
    "floor": "floor", "ceiling": "ceil",
}  # fmt: skip
RELATIONS = {">": "greater", ">=": "greater_equal", "<": "less", "<=": "less_equal",
             "==": "equal", "!=": "not_equal"}  # fmt: skip

ROWS = {Softmax: "softmax", LogSoftmax: "log_softmax", LogNotSoftmax: "log_not_softmax"}


def lower(equation: Equation, layout: Layout | None = None, loop: Index | None = None) -> Assign:
    """``equation`` as one assignment of whole arrays; of slices where ``loop`` counts the time."""
    layout = layout or {}
    left = target(equation.lhs, layout, loop)
    value = Lowering(layout, loop).value(equation.rhs, real(left.axes))
    if set(value.axes) != set(left.axes):
        value = _filled(value, left)
    return Assign(left, ordered(value, real(left.axes)), equation)


def _filled(value: Value, left: Value) -> Value:
    """A value that lacks some of its target's axes, repeated along them."""
    missing = tuple(i for i in real(left.axes) if i not in value.axes)
    ones = Ones(tuple(i.axis for i in missing), axes=missing)
    if value == Const(S.One):
        return ones
    return entrywise("mul", [value, ones], real(left.axes))


@dataclass(frozen=True)
class Lowering:
    """Lowers expressions for one storage layout. ``want`` is the order of axes hoped for."""

    layout: Layout
    loop: Index | None = None

    def value(self, expr: Expr, want: Sequence[Index]) -> Value:
        """The value of ``expr``."""
        for kinds, method in _METHODS:
            if isinstance(expr, kinds):
                return method(self, expr, want)
        if is_entry(expr):
            return entry(expr, self.layout, self.loop)
        raise NotLowered("expression", expr)

    # ------------------------------------------------------------ leaves

    def number(self, expr: Expr, want: Sequence[Index]) -> Value:
        return Const(expr)

    def size(self, expr: Expr, want: Sequence[Index]) -> Value:
        return Name(expr)

    def index(self, expr: Index, want: Sequence[Index]) -> Value:
        if expr == self.loop:
            return Name(expr)
        return Range(expr.axis, axes=(expr,))

    def partial(self, expr: Partial, want: Sequence[Index]) -> Value:
        return target(expr, self.layout, self.loop)

    # ------------------------------------------------------------ entry by entry

    def add(self, expr: Add, want: Sequence[Index]) -> Value:
        plus = [arg for arg in expr.args if not arg.could_extract_minus_sign()]
        minus = [-arg for arg in expr.args if arg.could_extract_minus_sign()]
        first = [self.value(arg, want) for arg in sorted(plus, key=addend_order)]
        then = [self.value(arg, want) for arg in sorted(minus, key=addend_order)]
        order = common_order([*first, *then], want)
        if not first:
            first, then = [entrywise("neg", then[:1], order)], then[1:]
        whole = entrywise("add", first, order) if len(first) > 1 else first[0]
        for value in then:
            whole = entrywise("sub", [whole, value], order)
        return whole

    def multiply(self, expr: Mul, want: Sequence[Index]) -> Value:
        return self.product([expr], [], want)

    def sum(self, expr: Sum, want: Sequence[Index]) -> Value:
        if over_axes(expr) is None:
            raise NotLowered("limits", expr)
        return self.product([expr], [], want)

    def product(self, factors: list[Expr], bound: list[Index], want: Sequence[Index]) -> Value:
        """Σ_bound Π factors: numbers and what stands below fractions are drawn outside."""
        flat, bound = collapsed(*opened(*flattened(factors, bound)))
        for index in [i for i in bound if not any(f.has_free(i) for f in flat)]:
            bound.remove(index)
            flat.append(index.axis.size)
        varying = [f for f in flat if f.has_free(*bound)]
        if bound and (split := split_sum(varying, bound)) is not None:
            fixed = [f for f in flat if f not in varying]
            return self.product([*fixed, split], [], want) if fixed else self.value(split, want)
        if (found := landing(flat, bound)) is not None:
            return self.overlaid(flat, bound, found, want)
        sign, above, below = fraction(flat)
        inside = [f for f in above + [1 / f for f in below] if f.has_free(*bound)]
        above = [f for f in above if not f.has_free(*bound)]
        below = [f for f in below if not f.has_free(*bound)]
        indicators = [self.indicator(f, want) for f in inside]
        values = contract(indicators, bound, want) if inside else []
        return self.scaled(values, (sign, above, below), want)

    def scaled(
        self, values: list[Value], by: tuple[int, list[Expr], list[Expr]], want: Sequence[Index]
    ) -> Value:
        """The product of ``values``, times a sign and factors ``by``, over other factors."""
        sign, above, below = by
        values = sorted((*(self.indicator(f, want) for f in above), *values), key=factor_order)
        order = common_order(values, want)
        result = joined("mul", values, order) or Const(S.One)
        divisors = sorted((self.value(f, want) for f in below), key=factor_order)
        divisor = joined("mul", divisors, order)
        if divisor is not None:
            result = entrywise("div", [result, divisor], order)
        return entrywise("neg", [result]) if sign < 0 else result

    def overlaid(
        self,
        factors: list[Expr],
        bound: list[Index],
        found: Landing,
        want: Sequence[Index],
    ) -> Value:
        """Σ_i [s i + p = r] f(i): each value is put where it belongs, and added up there."""
        at, place = found.at, found.place
        rest = [f for f in factors if f is not found.delta]
        outside = [f for f in rest if not f.has_free(*bound)]
        inside = [f for f in rest if f.has_free(*bound)]
        if is_entry(at):
            labels = entry(at, self.layout, self.loop)
            over = real(labels.axes)
            others = [i for i in bound if i not in over]
            wanted = (*over, *(i for i in want if i != place))
            body = self.summed(inside, others, over, wanted)
            body = ordered(body, (*over, *(i for i in real(body.axes) if i not in over)))
            axes = [place, *body.axes[len(over) :]]
            value: Value = Collect((body, labels), place.axis, axes=tuple(axes))
        else:
            over, steps = affine(at)
            others = [i for i in bound if i not in over]
            wanted = tuple(j for i in want for j in (over if i == place else (i,)))
            body = self.summed(inside, others, over, wanted)
            positions = tuple(body.axes.index(i) for i in over)
            axes = [i for i in body.axes if i not in over]
            axes.insert(min(positions), place)
            value = Overlay(body, positions, steps, place.axis, axes=tuple(axes))
        return self.scaled([value], fraction(outside), want)

    def summed(
        self, factors: list[Expr], bound: list[Index], kept: Sequence[Index], want: Sequence[Index]
    ) -> Value:
        """Σ_bound Π factors with an axis for each of ``kept``, of length 1 if nothing varies."""
        body = self.product(factors, bound, want)
        for index in kept:
            if index not in body.axes:
                body = Expand(body, (len(body.axes),), axes=(*body.axes, index))
        return body

    def indicator(self, expr: Expr, want: Sequence[Index]) -> Value:
        """A factor; where it is 1 or 0, its condition does."""
        if isinstance(expr, Piecewise) and [e for e, _ in expr.args] == [S.One, S.Zero]:
            return self.relation(expr.args[0][1], want)
        return self.value(expr, want)

    def power(self, expr: Pow, want: Sequence[Index]) -> Value:
        base, exponent = expr.args
        if exponent == S.Half:
            return entrywise("sqrt", [self.value(base, want)], want)
        if exponent.could_extract_minus_sign():
            return entrywise("div", [Const(S.One), self.value(base**-exponent, want)], want)
        if base == S.Exp1:
            return entrywise("exp", [self.value(exponent, want)], want)
        return entrywise("power", [self.value(base, want), self.value(exponent, want)], want)

    def function(self, expr: Expr, want: Sequence[Index]) -> Value:
        op = FUNCTIONS.get(type(expr).__name__)
        if op is None:
            raise NotLowered("function", expr)
        args = sorted(expr.args, key=lambda arg: arg.is_number)
        values = [self.value(arg, want) for arg in args]
        whole = entrywise(op, values[:2], want)
        for value in values[2:]:
            whole = entrywise(op, [whole, value], want)
        return whole

    def step(self, expr: Heaviside, want: Sequence[Index]) -> Value:
        return self.value(Piecewise((S.One, expr.args[0] > 0), (S.Zero, True)), want)

    # ------------------------------------------------------------ conditions

    def relation(self, expr: Any, want: Sequence[Index]) -> Value:
        if not isinstance(expr, Relational):
            raise NotLowered("condition", expr)
        left, right = self.value(expr.lhs, want), self.value(expr.rhs, want)
        if is_fixed(left) and not is_fixed(right):  # what a thing is compared with stands behind it
            return self.relation(expr.reversed, want)
        return entrywise(RELATIONS[expr.rel_op], [left, right], want)

    def cases(self, expr: Piecewise, want: Sequence[Index]) -> Value:
        if (inner := rectified(expr)) is not None:
            return entrywise("maximum", [self.value(inner, want), Const(S.Zero)], want)
        *cases, (last, otherwise) = expr.args
        if otherwise != True:  # noqa: E712 - SymPy's true
            raise NotLowered("no-other-case", expr)
        whole = self.value(last, want)
        for branch, condition in reversed(cases):
            parts = [self.relation(condition, want), self.value(branch, want), whole]
            whole = entrywise("where", parts, want)
        return whole

    def delta(self, expr: KroneckerDelta, want: Sequence[Index]) -> Value:
        """[t_n = j] compares labels with positions: a one-hot array."""
        sides = sorted(expr.args, key=lambda side: (isinstance(side, Index), str(side)))
        sides.sort(key=lambda side: isinstance(side, Integer))
        return entrywise("equal", [self.value(side, want) for side in sides], want)

    # ------------------------------------------------------------ along an axis

    def largest(self, expr: Largest | ArgLargest, want: Sequence[Index]) -> Value:
        op = "max" if isinstance(expr, Largest) else "argmax"
        body = self.value(expr.body, want)
        if expr.index not in body.axes:
            raise NotLowered("constant-maximum", expr)
        return reduced(op, body, [expr.index])

    def log_sum_exp(self, expr: LogSumExp, want: Sequence[Index]) -> Value:
        return reduced("log_sum_exp", self.value(expr.body, want), [expr.index])

    def softmax(self, expr: Softmax, want: Sequence[Index]) -> Value:
        if not isinstance(expr.at, Index):
            raise NotLowered("index", expr)
        body = self.value(expr.body.xreplace({expr.index: expr.at}), want)
        return Rows(body, ROWS[type(expr)], body.axes.index(expr.at), axes=body.axes)


_METHODS: list[tuple[Any, Callable[[Lowering, Any, Sequence[Index]], Value]]] = [
    ((Rational, Float, NumberSymbol), Lowering.number),
    (Size, Lowering.size),
    (Index, Lowering.index),
    (Partial, Lowering.partial),
    (Add, Lowering.add),
    (Mul, Lowering.multiply),
    (Sum, Lowering.sum),
    (Piecewise, Lowering.cases),
    (KroneckerDelta, Lowering.delta),
    (Heaviside, Lowering.step),
    ((Largest, ArgLargest), Lowering.largest),
    (LogSumExp, Lowering.log_sum_exp),
    (Softmax, Lowering.softmax),
    ((Function, Max, Min), Lowering.function),
    (Pow, Lowering.power),
]
