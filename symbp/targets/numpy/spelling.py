"""The array language in Python: one table of operations with their precedence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sympy import Expr, Float, Rational, S

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Call,
    Collect,
    Const,
    Copy,
    Cut,
    Einsum,
    Element,
    Empty,
    Expand,
    Join,
    Joined,
    Loop,
    MatMul,
    Name,
    Named,
    Neighbour,
    Ones,
    Overlay,
    Pick,
    Range,
    Reduce,
    Reshape,
    Rows,
    Scalar,
    Slice,
    Steps,
    Take,
    Tensordot,
    Transpose,
    Value,
    Window,
    walk,
)
from symbp.lowering.passes.numbers import is_number

DTYPE = "next(iter(params.values())).dtype"
"""The precision that a module computes in, where ``params`` are given."""

LARGEST_WHOLE = 2**53
"""Up to here, whole numbers are exact as floating point numbers."""

SIMPLE = re.compile(r"-?[\w.]+")
"""A name or a number."""

CHOICE, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)

OPERATORS: dict[str, tuple[str, int]] = {
    "add": ("+", SUM), "sub": ("-", SUM), "mul": ("*", PRODUCT), "div": ("/", PRODUCT),
    "greater": (">", COMPARE), "greater_equal": (">=", COMPARE), "less": ("<", COMPARE),
    "less_equal": ("<=", COMPARE), "equal": ("==", COMPARE), "not_equal": ("!=", COMPARE),
}  # fmt: skip

HELPERS = frozenset(
    (
        "sigmoid",
        "softplus",
        "softmax",
        "log_softmax",
        "log_not_softmax",
        "log_sum_exp",
        "erf",
        "erfc",
    )
)
"""Functions that NumPy lacks; ``helpers.py`` has them."""

IN_MATH = {"sqrt": "sqrt", "exp": "exp", "log": "log", "erf": "erf", "erfc": "erfc"}
"""What Python's own ``math`` does to numbers, whose results do not widen an array's dtype."""


@dataclass(frozen=True)
class Spelling:
    """Spells values with the identifiers of ``names``; ``numbers`` are no arrays but numbers."""

    names: Callable[[Named], str]
    numbers: frozenset[Named] = frozenset()

    def text(self, value: Value, above: int = CHOICE) -> str:
        """``value`` as Python, in parentheses where ``above`` binds tighter."""
        text, precedence = self._spelled(value)
        return f"({text})" if precedence < above else text

    def _spelled(self, value: Value) -> tuple[str, int]:
        match value:
            case Name(of=of):
                return self.names(of), ATOM
            case Neighbour():
                return self._neighbour(value), CHOICE
            case Slice():
                return self._slice(value), ATOM
            case Const(number=number):
                return constant(number)
            case Range(along=along):
                return f"np.arange({self.size(along)})", ATOM
            case Ones(along=along):
                return self._ones(along), ATOM
            case MatMul(args=(a, b)):
                return f"{self._operand(a)} @ {self._operand(b)}", PRODUCT
            case Einsum(args=args, subscripts=subscripts):
                return f'np.einsum("{subscripts}", {self._list(args)})', ATOM
            case Take(args=(array, labels), along=along):
                return self._taken(array, labels, along), ATOM
            case Reduce():
                return self._reduced(value), ATOM
            case Rows(arg=arg, op=op, position=position):
                last = position == len(arg.axes) - 1
                axis = "" if last else f", axis={position}"
                return f"{op}({self.text(arg)}{axis})", ATOM
            case Transpose(arg=arg, order=order):
                return self.transposed(self.text(arg, ATOM), order), ATOM
            case Expand(arg=arg, new=new):
                return f"{self.text(arg, ATOM)}[{_new_axes(value, new)}]", ATOM
            case Call():
                return self._called(value)
        return self._moved(value), ATOM

    def transposed(self, array: str, order: Sequence[int]) -> str:
        """``array`` with its axes in another order."""
        if list(order) == sorted(order):
            return array
        return f"{array}.T" if list(order) == [1, 0] else f"{array}.transpose{tuple(order)}"

    def _ones(self, along: tuple[Axis, ...]) -> str:
        """In the precision of the parameters: 1/N times ones has no array to take it from."""
        sizes = ", ".join(map(self.size, along))
        return f"np.ones(({sizes}{',' * (len(along) == 1)}), {DTYPE})"

    def _moved(self, value: Value) -> str:
        """What reads or writes elsewhere: windows, labels, sums over several axes."""
        match value:
            case Tensordot(args=args, meeting=meeting):
                return f"np.tensordot({self._list(args)}, {_meeting(meeting, args)})"
            case Window(arg=arg, position=position, at=at):
                return f"windows({self.text(arg)}, {position}, {self._steps(at)})"
            case Overlay(arg=arg, positions=positions, at=at, along=along):
                where = f"{positions}, {self._steps(at)}, {self.size(along)}"
                return f"overlaid({self.text(arg)}, {where})"
            case Element(arg=arg, position=position, number=number):
                return f"{self.text(arg, ATOM)}[{':, ' * position}{number}]"
            case Pick(args=(array, labels), position=position):
                slots = f"{':, ' * position}{self.text(labels)}"
                return f"{self.text(array, ATOM)}[{slots}]"
            case Collect(args=args, along=along):
                return f"collected({self._list(args)}, {self.size(along)})"
            case Empty(like=like):
                return self._empty(value, like)
            case Cut():
                return self._cut(value)
            case Join(args=args, position=position):
                return f"np.concatenate(({self._list(args)}), axis={position})"
            case Scalar(arg=arg):
                return f"np.array({self.text(arg)}, dtype)"
            case Reshape(arg=arg, along=along):
                return f"{self.text(arg, ATOM)}.reshape({', '.join(map(self.size, along))})"
            case Copy(arg=arg):
                return f"{self.text(arg, ATOM)}.copy()"
        raise TypeError(value)

    def _cut(self, value: Cut) -> str:
        start = [self.size(axis) for axis in value.before]
        ends = [" + ".join(each) for each in (start, [*start, self.size(value.along)])]
        slots = ":, " * value.position
        colon = " : " if any("+" in end for end in ends) else ":"
        return f"{self.text(value.arg, ATOM)}[{slots}{colon.join(ends).lstrip()}]"

    def head(self, loop: Loop) -> str:
        """``for t in range(T):``"""
        count = f"range({self.size(loop.along.axis)})"
        count = f"reversed({count})" if loop.backwards else count
        return f"for {self.names(loop.along)} in {count}:"

    def _slice(self, value: Slice) -> str:
        return self._at(value, self.names(value.along))

    def _neighbour(self, value: Neighbour) -> str:
        """A slice of another time, or zeros where there is none."""
        t, shift = self.names(value.along), value.shift
        at = f"{t} {'-+'[shift > 0]} {abs(shift)}"
        exists = f"{at} < {self.size(value.along.axis)}" if shift > 0 else f"{at} >= 0"
        exists = f"{t} > 0" if shift == -1 else exists
        return f"{self._at(value, at)} if {exists} else {self._nothing(value)}"

    def _at(self, value: Slice, time: str) -> str:
        return f"{self.names(value.of)}[{':, ' * value.position}{time}]"

    def _nothing(self, value: Neighbour) -> str:
        return f"np.zeros_like({self._slice(value)})"

    def _empty(self, value: Empty, like: Name | None) -> str:
        if like is not None:
            return f"np.empty_like({self.names(like.of)})"
        shape = ", ".join(self.size(i.axis) for i in value.axes if i is not None)
        return f"np.empty(({shape}), {self.names(value.typed)}.dtype)"

    def _steps(self, at: Steps) -> str:
        counts = ", ".join(map(self.size, at.along))
        steps = ", ".join(map(str, at.steps))
        comma = "," * (len(at.steps) == 1)
        return f"({counts}{comma}), ({steps}{comma}), {at.start}"

    def size(self, axis: Axis) -> str:
        if not isinstance(axis, Joined):
            return self.names(axis.size)
        sizes = [self.size(part) for part in axis.parts]
        known = all(size.isdigit() for size in sizes)
        return str(sum(map(int, sizes))) if known else f"({' + '.join(sizes)})"

    def _taken(self, array: Value, labels: Value, along: tuple[Axis, ...]) -> str:
        places = [f"np.arange({self.size(axis)})" for axis in along]
        behind = [", None" * k for k in reversed(range(len(along)))]
        places = [f"{p}[:{more}]" if more else p for p, more in zip(places, behind, strict=True)]
        places.append(self.text(labels))
        if isinstance(array, Transpose) and len(places) == 2:
            array, places = array.arg, places[::-1]
        return f"{self.text(array, ATOM)}[{', '.join(places)}]"

    def _list(self, args: tuple[Value, ...]) -> str:
        return ", ".join(self.text(arg) for arg in args)

    def _operand(self, value: Value) -> str:
        """An operand of ``@``, which binds like ``*`` but reads as if it bound tighter."""
        return self.text(value, SIGN)

    def _reduced(self, value: Reduce) -> str:
        arg, whole = value.arg, len(value.positions) == len(value.arg.axes)
        axis = ", ".join(map(str, value.positions))
        options = [] if whole else [f"axis=({axis})" if "," in axis else f"axis={axis}"]
        options += ["keepdims=True"] if value.keep else []
        if value.op in HELPERS:
            last = value.positions == (len(arg.axes) - 1,)
            return f"{value.op}({', '.join([self.text(arg), *options[last:]])})"
        return f"{self.text(arg, ATOM)}.{value.op}({', '.join(options)})"

    def _called(self, value: Call) -> tuple[str, int]:
        op, args = value.op, value.args
        if op in OPERATORS:
            return self._operated(op, args)
        if op == "neg":
            return f"-{self.text(args[0], PRODUCT if _may_be_negated(args[0]) else SIGN)}", PRODUCT
        if op == "power":
            base, power = self.text(args[0], ATOM), self.text(args[1], SIGN)
            # Between simple operands formatters leave no room, elsewhere they do.
            room = "" if SIMPLE.fullmatch(base) and SIMPLE.fullmatch(power) else " "
            return f"{base}{room}**{room}{power}", POWER
        if op == "where":
            return self._chosen(args)
        if op == "softplus":
            return f"np.logaddexp(0, {self.text(args[0])})", ATOM
        if op in IN_MATH and is_number(value, self.numbers):
            return f"math.{IN_MATH[op]}({self._list(args)})", ATOM
        prefix = "" if op in HELPERS else "np."
        return f"{prefix}{op}({self._list(args)})", ATOM

    def _operated(self, op: str, args: tuple[Value, ...]) -> tuple[str, int]:
        sign, precedence = OPERATORS[op]
        first, *rest = args
        texts = [self._factor(first, precedence)]
        tighter = precedence + (op != "add")
        texts += [self._factor(arg, tighter) for arg in rest]
        return f" {sign} ".join(texts).replace("+ -", "- "), precedence

    def _factor(self, value: Value, above: int) -> str:
        if isinstance(value, MatMul) and above >= PRODUCT:
            return f"({self.text(value)})"
        return self.text(value, above)

    def _chosen(self, args: tuple[Value, ...]) -> tuple[str, int]:
        """Two numbers to choose from would make float64, whatever the arrays are."""
        condition, yes, no = args
        if is_number(condition, self.numbers):
            return f"{self.text(yes)} if {self.text(condition)} else {self.text(no)}", CHOICE
        text = f"np.where({self._list(args)})"
        if yes.axes or no.axes:
            return text, ATOM
        arrays = (part for part in walk(condition) if isinstance(part, Name) and part.axes)
        if (array := next(arrays, None)) is None:
            return text, ATOM  # positions are compared
        return f"{text}.astype({self.names(array.of)}.dtype)", ATOM


def constant(number: Expr) -> tuple[str, int]:
    """A number as Python writes it."""
    if number == S.Pi:
        return "math.pi", ATOM
    if number == S.Exp1:
        return "math.e", ATOM
    if isinstance(number, Rational) and number.q != 1:
        if number.q & (number.q - 1):
            return f"{number.p} / {number.q}", PRODUCT
        return repr(float(number)), SIGN if number < 0 else ATOM
    # Whole numbers beyond those that an array of integers can hold would make one of objects.
    inexact = isinstance(number, Float) or abs(number) > LARGEST_WHOLE
    text = repr(float(number)).replace("e+", "e") if inexact else str(number)
    return text, SIGN if number < 0 else ATOM


def _may_be_negated(value: Value) -> bool:
    """Whether ``-a * b`` may stand for ``-(a * b)``: conditions have no sign, ``@`` reads ill."""
    while isinstance(value, Call) and value.op in ("mul", "div"):
        value = value.args[0]
    return OPERATORS.get(getattr(value, "op", ""), ("", SUM))[1] != COMPARE


def _meeting(over: tuple[tuple[int, ...], tuple[int, ...]], args: tuple[Value, ...]) -> str:
    """The axes that meet, as a number where they are the last of one and the first of the other."""
    first, second = over
    count, rank = len(first), len(args[0].axes)
    if first == tuple(range(rank - count, rank)) and second == tuple(range(count)):
        return str(count)
    if count == 1:
        return f"({first[0]}, {second[0]})"
    return str(over)


def _new_axes(value: Value, new: tuple[int, ...]) -> str:
    return ", ".join("None" if p in new else ":" for p in range(len(value.axes)))
