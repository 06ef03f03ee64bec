"""What is computed once, and what need not be computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from symbp.lowering.arrays import (
    Assign,
    Call,
    Einsum,
    MatMul,
    Name,
    Named,
    Part,
    Reduce,
    Rows,
    Slice,
    Temporary,
    Value,
    names_in,
    walk,
)

COSTLY = frozenset(
    (
        *("exp", "log", "expm1", "log1p", "tanh", "sinh", "cosh", "sin", "cos", "tan"),
        *("arctan", "arcsinh", "erf", "erfc", "sigmoid", "softplus"),
    )
)
"""Functions worth a name of their own where they would be computed twice."""


def live(statements: Sequence[Assign], wanted: Iterable[Named]) -> tuple[Assign, ...]:
    """The statements that ``wanted`` depends on. What is written to a part is in the whole."""
    wholes = {
        s.target.of: of
        for s in statements
        if isinstance(s.value, Part)
        for of in names_in(s.value.arg)
    }
    needed = set(wanted).union(*(_read(s) for s in statements if s.loop))
    needed |= {wholes[of] for of in needed if of in wholes}
    kept = []
    for statement in reversed(statements):
        of = statement.target.of
        if of in needed or wholes.get(of) in needed:
            needed |= _read(statement)
            needed |= {wholes[each] for each in _read(statement) if each in wholes}
            kept.append(statement)
    return tuple(reversed(kept))


def _read(statement: Assign) -> frozenset[Named]:
    return names_in(statement.value)


def shared(statements: Sequence[Assign], before: Sequence[Assign] = ()) -> tuple[Assign, ...]:
    """The statements with costly values computed once.

    What an earlier statement, or one of ``before``, has computed is referred to by its name; what
    occurs several times otherwise gets a name in front of the first statement that uses it. What
    a loop computes is that of its own time, and known in that loop only.
    """
    everywhere = {s.value: s.target for s in before if is_costly(s.value) and not s.adds}
    out: list[Assign] = []
    for loop, group in groupby(statements, key=attrgetter("loop")):
        known = everywhere if loop is None else dict(everywhere)
        out += _shared(list(group), known, out)
    return tuple(out)


def _shared(
    statements: Sequence[Assign], known: dict[Value, Name | Slice], before: Sequence[Assign]
) -> list[Assign]:
    """As ``shared``; ``known`` values have names, and those that get one here are added."""
    again = _repeated(statements)
    out = list(before)
    for statement in statements:
        value = _named(statement.value, known, again, out, statement)
        out.append(statement.computing(value))
        if is_costly(statement.value) and not statement.adds:
            known.setdefault(statement.value, statement.target)
    return out[len(before) :]


def is_costly(value: Value) -> bool:
    """Whether to compute ``value`` twice is a waste."""
    if isinstance(value, Call):
        return value.op in COSTLY and bool(value.axes)
    if isinstance(value, Reduce):
        return value.op == "log_sum_exp"
    return isinstance(value, (MatMul, Einsum, Rows))


def _repeated(statements: Sequence[Assign]) -> set[Value]:
    """The costly values that occur several times, on their own and not within the same others."""
    counts = Counter(part for s in statements for part in walk(s.value) if is_costly(part))
    return {value for value, count in counts.items() if count > 1}


def _named(
    value: Value,
    known: dict[Value, Name | Slice],
    again: set[Value],
    out: list[Assign],
    owner: Assign,
) -> Value:
    if (name := known.get(value)) is not None:
        return replace(name, axes=value.axes)
    new = value.mapped(lambda part: _named(part, known, again, out, owner))
    if value in again and value != owner.value:
        name = Name(Temporary(_label(new), _count(out, _label(new))), axes=value.axes)
        out.append(replace(owner, target=name, value=new, adds=False))
        known[value] = name
        return name
    return new


def _label(value: Value) -> str:
    if isinstance(value, (Call, Rows, Reduce)):
        return value.op
    return "product"


def _count(out: list[Assign], label: str) -> int:
    named = (s.target.of for s in out)
    return 1 + sum(isinstance(of, Temporary) and of.label == label for of in named)
