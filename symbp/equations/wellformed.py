"""What makes a list of equations a program.

Each tensor is defined once and before it is used; the indices on the left are distinct, run along
the tensor's axes and are the only ones free on the right; every index stands where its axis does;
a sum runs over a whole axis and binds a letter that means nothing else there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Indexed, KroneckerDelta, Sum

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import ArgLargest, Functional, Largest, Partial
from symbp.equations.equation import Equation
from symbp.equations.recurrence import shifts
from symbp.equations.tensor import Tensor, entries, indices_of, is_entry, tensor_of
from symbp.errors import SymbpError


@dataclass(frozen=True)
class Problem:
    """``kind`` of ill-formedness in the equation ``equation``; ``what`` names the offender."""

    kind: str
    equation: str
    what: str


class IllFormed(SymbpError):
    """Equations that make no program; ``problems`` holds all that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.equation}: {p.kind}: {p.what}" for p in problems))


def check(equations: Sequence[Equation], facts: Sequence[Equation] = ()) -> None:
    """Raise ``IllFormed`` unless ``equations`` are a program and ``facts`` are well-formed."""
    problems = [Problem(kind, e.id, what) for e in equations for kind, what in _equation(e)]
    problems += [Problem(kind, e.id, what) for e in facts for kind, what in _scopes(e)]
    problems += list(_order(equations))
    if problems:
        raise IllFormed(problems)


def axis_of(index: Expr) -> Axis | None:
    """The axis whose positions ``index`` takes; None for an affine index, which may take others."""
    if isinstance(index, Index):
        return index.axis
    if isinstance(index, ArgLargest):
        return index.index.axis
    return tensor_of(index).labels if is_entry(index) else None


def free_indices(expr: Expr) -> set[Index]:
    """The indices that are free in ``expr``."""
    return {s for s in expr.free_symbols if isinstance(s, Index)}


def _order(equations: Sequence[Equation]) -> Iterator[Problem]:
    defined: set[Any] = set()
    computed = {_defined_by(e) for e in equations}
    for equation in equations:
        name = _defined_by(equation)
        if name in defined:
            yield Problem("defined twice", equation.id, str(equation.lhs))
        # What stands at another time, as h[t - 1] does, has been computed by then.
        here = [e for e in entries(equation.rhs) if not shifts(e, equation.lhs)]
        late = {tensor_of(e) for e in here} & computed - defined
        for tensor in sorted(late, key=lambda t: t.key):
            yield Problem("used before its definition", equation.id, tensor.name)
        defined.add(name)


def _defined_by(equation: Equation) -> Tensor | tuple[Tensor, Tensor] | None:
    match equation.lhs:
        case Partial(of=of, wrt=wrt) if is_entry(of) and is_entry(wrt):
            return tensor_of(of), tensor_of(wrt)
        case entry if is_entry(entry):
            return tensor_of(entry)
    return None


def _equation(equation: Equation) -> Iterator[tuple[str, str]]:
    if _defined_by(equation) is None:
        yield "defines neither an entry nor a derivative", str(equation.lhs)
        return
    whole = equation.lhs.args if isinstance(equation.lhs, Partial) else (equation.lhs,)
    left = [index for entry in whole for index in indices_of(entry)]
    for index in left:
        if not isinstance(index, Index):
            yield "the left side wants plain indices", str(index)
    for index in {i for i in left if left.count(i) > 1}:
        yield "the same index twice on the left", str(index)
    yield from _scopes(equation)


def _scopes(equation: Equation) -> Iterator[tuple[str, str]]:
    left = free_indices(equation.lhs)
    for index in sorted(free_indices(equation.rhs) - left, key=str):
        yield "free on the right only", str(index)
    yield from _walk(equation.lhs, left)
    yield from _walk(equation.rhs, left)


def _walk(
    expr: Expr, scope: set[Index], summed: frozenset[Index] = frozenset()
) -> Iterator[tuple[str, str]]:
    bound: tuple[Any, ...] = ()
    if isinstance(expr, Sum):
        bound = tuple(limit[0] for limit in expr.limits)
        for limit in expr.limits:
            if not isinstance(limit[0], Index):
                yield "a sum over what is no index", str(limit[0])
            elif tuple(limit) != tuple(limit[0].limits):
                yield "a sum over a part of an axis", str(limit[0])
    elif isinstance(expr, (Largest, ArgLargest)):
        bound = (expr.index,)
    elif isinstance(expr, Functional):
        bound = tuple(expr.atoms(Index))
    elif isinstance(expr, Indexed):
        yield from _slots(expr)
    elif isinstance(expr, KroneckerDelta):
        axes = [axis_of(side) for side in expr.args]
        free = not any(side in summed for side in expr.args)
        if None not in axes and axes[0] != axes[1] and free:
            yield "indices of different axes are compared", str(expr)
    for index in bound:
        if index in scope:
            yield "bound where it already has a meaning", str(index)
    children = expr.args[:1] if bound and not isinstance(expr, Functional) else expr.args
    if isinstance(expr, Indexed):
        children = expr.indices
    for child in children:
        # A sum over i of [i = k] f(i) puts f at k, which may run along another axis.
        over = summed.union(bound) if isinstance(expr, Sum) else summed
        yield from _walk(child, scope | set(bound), over)


def _slots(entry: Expr) -> Iterator[tuple[str, str]]:
    tensor, indices = tensor_of(entry), indices_of(entry)
    if len(indices) != len(tensor.axes):
        yield "the wrong number of indices", str(entry)
        return
    for index, axis in zip(indices, tensor.axes, strict=True):
        runs = axis_of(index)
        if runs is not None and runs != axis:
            yield "an index of another axis", f"{index} in {entry}"
        if runs is None and not _is_affine(index):
            yield "an index that is not affine", f"{index} in {entry}"


def _is_affine(index: Expr) -> bool:
    if index.free_symbols - index.atoms(Index, Size):
        return False
    return all(index.diff(i).is_number and index.diff(i).is_integer for i in index.atoms(Index))
