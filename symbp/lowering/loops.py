"""Recurrence as a loop over time: the only loop there is.

    h[n, t, j] = tanh(Σ_i w x[n, t, i] + Σ_k r[k, j] h[n, t - 1, k])

What does not depend on other times is computed for all of them before the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Expr, Sum

from symbp.equations.axis import Index
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.recurrence import shifts
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of, tensors_in
from symbp.lowering.arrays import (
    Assign,
    Copy,
    Empty,
    Loop,
    Name,
    Neighbour,
    Reshape,
    Slice,
    Temporary,
    Value,
    Window,
    walk,
)
from symbp.lowering.lower import lower
from symbp.lowering.passes.numbers import VIEWS
from symbp.lowering.stored import Layout, NotLowered, target

SEEN = (Name, *VIEWS, Reshape, Window)
"""What is another array, or looks at one."""

Rewritten = Callable[[Expr], Expr]


@dataclass(frozen=True)
class Recurrence:
    """Equations that need each other's values at the time before, or after where ``backwards``."""

    equations: tuple[Equation, ...]
    along: Index
    backwards: bool


def grouped(equations: Sequence[Equation]) -> list[Equation | Recurrence]:
    """``equations`` in an order in which they can be computed, recurrences joined."""
    if not any(_shifted(e) for e in equations):
        return list(equations)
    by_tensor = {t: e for e in equations if (t := _defined(e)) is not None}
    needs = {
        e.id: [by_tensor[t].id for t in tensors_in(e.rhs) if t in by_tensor] for e in equations
    }
    reach = {name: _reached(name, needs) for name in needs}
    left = list(equations)
    done: set[str] = set()
    out: list[Equation | Recurrence] = []
    while left:
        for equation in left:
            name = equation.id
            group = [e for e in left if e.id in reach[name] and name in reach[e.id]] or [equation]
            own = {e.id for e in group}
            if {n for member in own for n in needs[member]} <= done | own:
                break
        else:
            raise NotLowered("circle", left[0].lhs)
        done |= own
        left = [e for e in left if e.id not in own]
        out.append(_recurrence(group) if name in reach[name] else equation)
    return out


def looped(
    recurrence: Recurrence, number: int, layout: Layout, rewritten: Rewritten
) -> Iterator[Assign]:
    """The statements before the loop, then those within."""
    index = recurrence.along
    own = {_defined(e) for e in recurrence.equations}
    loop = Loop(index, recurrence.backwards, number)
    before: list[Assign] = []
    within: list[Assign] = []
    for equation in recurrence.equations:
        same = _own_index(equation, index)
        rhs = rewritten(equation.rhs.xreplace({same: index}))
        lhs = equation.lhs.xreplace({same: index})
        now, rest = _apart(rhs, own, index)
        if now != 0:
            all_times = lower(Equation(equation.id, lhs, now), layout)
            before.append(replace(_of_its_own(all_times), equation=equation))
        here = lower(Equation(equation.id, lhs, rest), layout, index)
        within.append(replace(here, equation=equation, loop=loop, adds=now != 0))
    buffers = {a.target.of: a.target for a in before if isinstance(a.target, Name)}
    for assign in within:
        whole = _whole(assign, index, layout)
        if whole.of not in buffers and isinstance(whole, Name):
            like = next((b for b in buffers.values() if b.axes == whole.axes), None)
            before.append(Assign(whole, Empty(like, _typed(recurrence), axes=whole.axes)))
            buffers[whole.of] = whole
    yield from before
    yield from _with_neighbours(within, loop)


def _whole(assign: Assign, index: Index, layout: Layout) -> Name | Slice:
    """The whole array of which a statement in a loop assigns a slice."""
    assert assign.equation is not None
    lhs = assign.equation.lhs.xreplace({_own_index(assign.equation, index): index})
    return target(lhs, layout)


def _with_neighbours(within: Sequence[Assign], loop: Loop) -> Iterator[Assign]:
    """What is read of the time before gets a name at the start of the loop."""
    found = {part: None for a in within for part in walk(a.value) if isinstance(part, Neighbour)}
    names: dict[Value, Name] = {}
    for part in found:
        label = "after" if part.shift > 0 else "before"
        name = Name(Temporary(label, 0, part.of), axes=part.axes)
        names[part] = name
        yield Assign(name, part, loop=loop)
    for assign in within:
        yield replace(assign, value=_put(assign.value, names))


def _put(value: Value, names: Mapping[Value, Name]) -> Value:
    if value in names:
        return replace(names[value], axes=value.axes)
    return value.mapped(lambda part: _put(part, names))


def _apart(rhs: Expr, own: set[Tensor | None], along: Index) -> tuple[Expr, Expr]:
    """The terms computed for all times at once, where that is worth it, and the others.

    What is a part of an array, as z[n, 4 t + j] is, is found in the whole array only.
    """
    terms = Add.make_args(rhs)
    now = [a for a in terms if not tensors_in(a) & own]
    now = now if any(a.has(Sum) or _is_in_part(a, along) for a in now) else []
    return Add(*now), Add(*(a for a in terms if a not in now))


def _is_in_part(term: Expr, along: Index) -> bool:
    """Whether an array is read at other positions than the time, and all of its own."""
    slots = (
        slot
        for entry in entries(term)
        for slot in zip(indices_of(entry), tensor_of(entry).axes, strict=True)
    )
    return any(p.has(Index) and p != along and getattr(p, "axis", None) != a for p, a in slots)


def _of_its_own(assign: Assign) -> Assign:
    """What a loop adds to is no part of another array."""
    value = assign.value
    made = Copy(value, axes=value.axes) if isinstance(value, SEEN) else value
    return replace(assign, value=made)


def _typed(recurrence: Recurrence) -> Tensor:
    """A tensor of real numbers that is at hand before the loop."""
    own = {_defined(e) for e in recurrence.equations}
    found = [t for e in recurrence.equations for t in map(tensor_of, entries(e.rhs))]
    return next(t for t in found if t not in own and t.axes and not t.labels)


def _shifted(equation: Equation) -> list[tuple[Index, int]]:
    if isinstance(equation.lhs, Partial):
        return []
    return [s for e in entries(equation.rhs) for s in shifts(e, equation.lhs)]


def _recurrence(group: Sequence[Equation]) -> Recurrence:
    own = {_defined(e) for e in group}
    found = [
        s
        for equation in group
        for entry in entries(equation.rhs)
        if tensor_of(entry) in own
        for s in shifts(entry, equation.lhs)
    ]
    ways = {shift > 0 for _, shift in found}
    axes = {index.axis for index, _ in found}
    if len(ways) != 1 or len(axes) != 1:
        raise NotLowered("circle", group[0].lhs)
    return Recurrence(tuple(group), found[0][0], ways.pop())


def _own_index(equation: Equation, along: Index) -> Index:
    """The index of ``equation`` that runs along the axis of the loop."""
    return next(i for i in indices_of(equation.lhs) if i.axis == along.axis)


def _defined(equation: Equation) -> Tensor | None:
    return None if isinstance(equation.lhs, Partial) else tensor_of(equation.lhs)


def _reached(name: str, needs: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    frontier = [name]
    while frontier:
        for other in needs[frontier.pop()]:
            if other not in seen:
                seen.add(other)
                frontier.append(other)
    return seen
