"""What labels choose is taken from where it stands in memory: that needs no new array.

z[n, t[n]]   ->   places = t + start, where start[n] = n · units;  z.reshape(-1)[places]
w[x[n, t]]   ->   places = x;  w[places], where places may lie in memory as the result does
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symbp.equations.axis import Axis
from symbp.lowering.arrays import (
    Assign,
    At,
    Axes,
    Call,
    Expand,
    Name,
    Named,
    Pick,
    Places,
    Range,
    Take,
    Temporary,
    Value,
)

START, PLACE = "start", "place"


def picked(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, where places are numbers of their own.

    Those that take an entry of each row are in three parts, the first of which is constant.
    """
    out: list[Assign] = []
    count = 0
    for statement in statements:
        value = statement.value
        if statement.loop is None and isinstance(value, Take) and _is_in_order(value):
            array, labels = value.args
            count += 1
            start = Name(Temporary(START, count), axes=value.axes)
            place = Name(Temporary(PLACE, count), axes=value.axes)
            out.append(
                replace(
                    statement,
                    target=start,
                    value=_starts(array, value.axes, range(len(array.axes))),
                )
            )
            out.append(
                replace(statement, target=place, value=Places((labels, start), axes=value.axes))
            )
            value = At((array, place), axes=value.axes)
        elif isinstance(value, Pick) and statement.loop is None and _is_of_many(value):
            array, labels = value.args
            count += 1
            place = Name(Temporary(PLACE, count), axes=labels.axes)
            out.append(replace(statement, target=place, value=Places((labels,), axes=labels.axes)))
            value = value.over((array, place))
        out.append(statement.computing(value))
    return tuple(out)


def _is_of_many(value: Pick) -> bool:
    """Whether there are several labels for each sample, in whatever order."""
    array, labels = value.args
    return isinstance(array, Name) and isinstance(labels, Name) and len(labels.axes) > 1


def _is_in_order(value: Take) -> bool:
    """Whether the array has the axes of the labels, then that which they choose from."""
    array, labels = value.args
    return isinstance(array, Name) and len(array.axes) == len(labels.axes) + 1


def counted(
    once: Sequence[Assign], each: Sequence[Assign], orders: Mapping[Named, tuple[int, ...]]
) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
    """The same, where entries are counted in the order in which they lie in memory."""
    starts = {s.target.of: s.value.args[-1] for s in each if isinstance(s.value, Places)}
    found: dict[Named, set[tuple[int, ...]]] = {}
    arrays: dict[Named, Value] = {}
    for statement in each:
        if isinstance(statement.value, At):
            array, place = statement.value.args
            start = starts[getattr(place, "of", None)]
            of, order = getattr(start, "of", None), orders.get(getattr(array, "of", None), ())
            found.setdefault(of, set()).add(order)
            arrays[of] = array
    known = {of: order for of, (order, *more) in found.items() if order and not more}
    first = [
        s.computing(_starts(arrays[s.target.of], s.value.axes, known[s.target.of]))
        if s.target.of in known
        else s
        for s in once
    ]
    rest = []
    for statement in each:
        value = statement.value
        if isinstance(value, At):
            start = starts[getattr(value.args[1], "of", None)]
            value = replace(value, order=known.get(getattr(start, "of", None), ()))
        of = getattr(value.args[-1], "of", None) if isinstance(value, Places) else None
        if of in known:
            labels, start = value.parts
            value = value.over((labels, *_steps(arrays[of], known[of]), start))
        rest.append(statement.computing(value))
    return tuple(first), tuple(rest)


def _steps(array: Value, order: Sequence[int]) -> tuple[Value, ...]:
    """How far apart in memory the entries are that labels choose from; nothing where it is 1."""
    axes = [index.axis for index in array.axes if index is not None]
    further = [_size(axes[p]) for p in order[order.index(len(axes) - 1) + 1 :]]
    if len(further) > 1:
        return (Call(tuple(further), "mul"),)
    return tuple(further)


def _starts(array: Value, along: Axes, order: Sequence[int]) -> Value:
    """Where the entries of each row begin."""
    axes = [index.axis for index in array.axes if index is not None]
    whole: Value | None = None
    for position in range(len(along)):
        own: Value = Range(axes[position], axes=(along[position],))
        behind = len(along) - position - 1
        if behind:
            new = tuple(range(1, behind + 1))
            own = Expand(own, new, axes=(along[position], *(None,) * behind))
        further = order[order.index(position) + 1 :]
        own = Call((own, *(_size(axes[p]) for p in further)), "mul", axes=own.axes)
        whole = own if whole is None else Call((whole, own), "add", axes=along)
    assert whole is not None
    return whole


def _size(axis: Axis) -> Name:
    return Name(axis.size)
