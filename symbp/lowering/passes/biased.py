"""A bias is one more row of the weights, beside a column of ones: one product instead of two.

u = z w + b                      ->   u = [z 1] [w; b]
∂w = zᵀ δ;  ∂b = Σₙ δ[n]         ->   [∂w; ∂b] = [z 1]ᵀ δ

The rows lie one behind the other in the vector of all parameters, and in that of the gradients.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import (
    Assign,
    Bordered,
    Call,
    Copy,
    Cut,
    Element,
    Expand,
    Joined,
    MatMul,
    Name,
    Named,
    Neighbours,
    Reduce,
    Temporary,
    Transpose,
    Value,
    long_axes,
    walk,
)
from symbp.lowering.passes.steps import Sizes

WIDEST = 256
"""So many units at most, before and behind: of larger products, the sums are a small part."""

COPIED = 64
"""So many inputs at most, which are copied beside the ones."""

ONES, OWN = "and_ones", "own"
"""What an array with a column of ones is labelled, and a copy of what is given."""

BORDER = Axis("border")

ASKED = (Call, MatMul, Transpose, Reduce, Expand, Element, Copy, Bordered)
"""What may be done to arrays with samples innermost: NumPy does it as fast as in any order."""


@dataclass(frozen=True)
class _Layer:
    """``u = z w + b``, and ``delta``, of which their gradients ``dw`` and ``db`` are made."""

    u: Named
    z: Name
    w: Name
    b: Named
    delta: Name
    dw: Named
    db: Named


def biased(
    statements: Sequence[Assign], sizes: Sizes, gradients: Mapping[Named, Named]
) -> tuple[Assign, ...]:
    """The statements, each with one operation; ``gradients`` are in the order of memory."""
    if any(s.loop is not None for s in statements):
        return tuple(statements)
    finder = _Finder(statements, sizes, gradients)
    writer = _Writer(finder.values)
    for layer in finder.layers():
        writer.sums[layer.u] = writer.slopes[layer.dw] = writer.slopes[layer.db] = layer
    return tuple(new for s in statements for new in writer.written(s))


def columns(statements: Sequence[Assign]) -> dict[Named, tuple[int, ...]]:
    """The arrays beside such, which have the samples innermost in memory, and that order."""
    bordered = {_along(s.value.arg) for s in statements if isinstance(s.value, Bordered)}
    targets = [s.target for s in statements if isinstance(s.target, Name)]
    return {t.of: (1, 0) for t in targets if _along(t) in bordered}


def _along(array: Value) -> tuple[Axis | None, ...]:
    return tuple(index.axis if index is not None else None for index in array.axes)


def _units(array: Value) -> Axis | None:
    """The axis of the units of an array that has samples and units."""
    return _along(array)[1] if len(array.axes) == 2 else None


def is_own(value: Value | None) -> bool:
    """Whether a result has an array of its own, which may have a border."""
    return isinstance(value, (Call, MatMul, Copy))


@dataclass(frozen=True)
class _Finder:
    """Looks for layers whose bias can be a row."""

    statements: Sequence[Assign]
    sizes: Sizes
    gradients: Mapping[Named, Named]

    @cached_property
    def values(self) -> dict[Named, Value]:
        return {s.target.of: s.value for s in self.statements}

    def layers(self) -> Iterator[_Layer]:
        behind = dict(pairwise(self.gradients))
        for u, value in self.values.items():
            z, w, b = self._summed(value)
            if z is None or w is None or b is None or behind.get(w.of) != b:
                continue
            dw, db = self.gradients[w.of], self.gradients[b]
            delta = _factor(self.values[dw], z)
            is_one = delta is not None and self.values[db] == Reduce(delta, "sum", (0,))
            if delta is not None and is_one and self._pays(z, w) and _units(z) not in self._apart:
                yield _Layer(u, z, w, b, delta, dw, db)

    def _summed(self, value: Value) -> tuple[Name, Name, Named] | tuple[None, None, None]:
        """``z``, ``w`` and ``b`` of ``z w + b``."""
        match value:
            case Call(args=(Name(of=Temporary() as of), Name(of=b)), op="add"):
                match self.values.get(of):
                    case MatMul(args=(Name() as z, Name() as w)):
                        return z, w, b
        return None, None, None

    def _pays(self, z: Name, w: Name) -> bool:
        widths = [self.sizes[axis] for axis in long_axes(w.axes) if axis in self.sizes]
        if not len(z.axes) == len(w.axes) == len(widths) == 2:
            return False
        samples = _along(z)[0]
        most = WIDEST if is_own(self.values.get(z.of)) else COPIED
        pays = widths[0] <= most and widths[1] <= WIDEST
        return pays and samples is not None and samples not in self.sizes

    @cached_property
    def _apart(self) -> set[Axis | None]:
        """The axes of units of arrays that something else is done to."""
        parts = (part for s in self.statements for part in walk(s.value))
        others = (part for part in parts if not isinstance(part, ASKED))
        return {_units(arg) for part in others for arg in part.parts} - {None}


def _factor(value: Value, z: Name) -> Name | None:
    """δ in zᵀ δ."""
    match value:
        case MatMul(args=(Transpose(arg=Name() as left), Name() as delta)) if left == z:
            return delta
    return None


@dataclass(frozen=True)
class _Writer:
    """Writes statements anew: ``sums`` and ``slopes`` are the layers by what they compute."""

    values: Mapping[Named, Value]
    sums: dict[Named, _Layer] = field(default_factory=dict)
    slopes: dict[Named, _Layer] = field(default_factory=dict)
    bordered: dict[Named, Name] = field(default_factory=dict)
    done: set[Named] = field(default_factory=set)

    def written(self, statement: Assign) -> Iterator[Assign]:
        """The statements that are in place of one."""
        of = statement.target.of
        if of in self.sums:
            yield from self._sum(statement, self.sums[of])
        elif of in self.slopes:
            yield from self._slope(statement, self.slopes[of])
        else:
            yield statement

    def _sum(self, statement: Assign, layer: _Layer) -> Iterator[Assign]:
        z = layer.z
        if z.of not in self.bordered:
            if not is_own(self.values.get(z.of)):
                own = Name(Temporary(OWN, 0, z.of), axes=z.axes)
                yield replace(statement, target=own, value=Copy(z, axes=z.axes))
                z = own
            axes = (z.axes[0], _longer(z.axes[1]))
            target = Name(Temporary(ONES, 0, layer.z.of), axes=axes)
            yield replace(statement, target=target, value=Bordered(z, axes=target.axes))
            self.bordered[layer.z.of] = target
        axes = (_longer(layer.w.axes[0]), layer.w.axes[1])
        both = Name(Neighbours(layer.w.of, layer.b), axes=axes)
        product = MatMul((self.bordered[layer.z.of], both), axes=statement.value.axes)
        yield statement.computing(product)

    def _slope(self, statement: Assign, layer: _Layer) -> Iterator[Assign]:
        wide = (_longer(layer.w.axes[0]), layer.w.axes[1])
        both = Name(Neighbours(layer.dw, layer.db), axes=wide)
        if both.of not in self.done:
            self.done.add(both.of)
            z = self.bordered[layer.z.of]
            product = MatMul((Transpose(z, (1, 0), axes=z.axes[::-1]), layer.delta), axes=both.axes)
            yield replace(statement, target=both, value=product)
        yield statement.computing(self._part(both, layer, statement.target))

    def _part(self, both: Name, layer: _Layer, target: Value) -> Value:
        rows = layer.w.axes[0]
        if (isinstance(target, Name) and target.of == layer.db) or rows is None:
            return Element(both, 0, -1, axes=target.axes)
        return Cut(both, 0, (), rows.axis, axes=target.axes)


def _longer(index: Index | None) -> Index | None:
    """The axis with one more entry."""
    return Joined.of((index.axis, BORDER)).index() if index is not None else None
