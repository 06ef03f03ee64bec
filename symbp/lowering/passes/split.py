"""A direction that is only looked at in windows side by side is two: which window, and where in it.

u[n, i], z[n, k] = max_p u[n, 2k + p]   ->   u[n, k, p], z[n, k] = max_p u[n, k, p]

Then there are no windows any more, and nothing has to be put back to where it was. What is overlaid
along the direction has it as one: that is put together before, where there is less of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from symbp.equations.axis import Axis, Index
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor
from symbp.lowering.arrays import (
    Assign,
    Name,
    Named,
    Overlay,
    Reshape,
    Steps,
    Temporary,
    Tensordot,
    Value,
    Window,
    long_axes,
    walk,
)
from symbp.lowering.passes.common import renamed
from symbp.lowering.passes.doubled import Doubled, Whole
from symbp.lowering.passes.doubling import Doubling
from symbp.lowering.passes.steps import Sizes, is_dense


def split(statements: Sequence[Assign], sizes: Sizes) -> tuple[Assign, ...]:
    """The statements, each with one operation, where such axes are two."""
    found = tuple(statements)
    if any(s.loop is not None for s in found):
        return found
    for number, (axis, at) in enumerate(_candidates(found, sizes).items()):
        try:
            found = _without_copies(_Splitting(Doubling(axis, at, sizes), number).all(found))
        except Whole:
            continue
    return found


def _candidates(statements: Sequence[Assign], sizes: Sizes) -> dict[Axis, tuple[Index, Index]]:
    """The axes that windows side by side cover, and the two indices that count these."""
    found: dict[Axis, tuple[Index, Index]] = {}
    for statement in statements:
        value = statement.value
        if isinstance(value, Window) and len(value.at.along) == 2:
            index = value.arg.axes[value.position]
            own = value.axes[value.position : value.position + 2]
            if index is not None and is_dense(value.at, index.axis, sizes):
                outer, inner = (i for i in own if i is not None)
                found.setdefault(index.axis, (outer, inner))
    return found


def _without_copies(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """Without what has become another name."""
    instead: dict[Named, Name] = {}
    out: list[Assign] = []
    for statement in statements:
        value, of = renamed(statement.value, instead), statement.target.of
        if isinstance(of, Temporary) and isinstance(value, Name):
            instead[of] = value
        else:
            out.append(statement.computing(value))
    return tuple(out)


@dataclass(frozen=True)
class _Splitting:
    """Puts ``two`` axes in place of one."""

    two: Doubling
    number: int

    @property
    def doubled(self) -> Doubled:
        return Doubled(self.two)

    def all(self, statements: Sequence[Assign]) -> tuple[Assign, ...]:
        """Raises Whole where that cannot be."""
        made = {s.target.of for s in statements if not _is_fixed(s.target.of)}
        parts = (part for s in statements for part in (s.target, *walk(s.value)))
        names = (part for part in parts if isinstance(part, Name))
        if any(self.two.positions(name.axes) for name in names if name.of not in made):
            raise Whole
        kept = self._kept(statements)
        whole: dict[Named, Name] = {}
        out: list[Assign] = []
        for statement in statements:
            value = statement.value
            if statement.target.of in kept:
                out += self._as_one(statement, kept, whole)
            elif isinstance(value, Overlay) and _is_name_of(value.arg, kept):
                out.append(statement)
            else:
                out.append(self._statement(statement))
        return tuple(out)

    def _kept(self, statements: Sequence[Assign]) -> set[Named]:
        """What leads to overlaid arrays, as far as there are sums: there the axis stays one."""
        made = {s.target.of: s.value for s in statements if isinstance(s.target.of, Temporary)}
        readers: dict[Named, list[Assign]] = {}
        for statement in statements:
            for part in walk(statement.value):
                if isinstance(part, Name):
                    readers.setdefault(part.of, []).append(statement)
        kept: set[Named] = set()
        for statement in reversed(statements):
            value, of = statement.value, statement.target.of
            if of not in made or not self.two.positions(statement.target.axes):
                continue
            if isinstance(value, (Overlay, Tensordot, Reshape)) and all(
                reader.target.of in kept or self._lands(reader.value)
                for reader in readers.get(of, [])
            ):
                kept.add(of)
        return kept

    def _lands(self, value: Value) -> bool:
        """Whether a value overlays what lies along the axis."""
        if not isinstance(value, Overlay) or not isinstance(value.arg, Name):
            return False
        return any(p in value.positions for p in self.two.positions(value.arg.axes))

    def _as_one(
        self, statement: Assign, kept: Collection[Named], whole: dict[Named, Name]
    ) -> Iterator[Assign]:
        """The statement, which leaves the axis one, and before it what it reads as one."""
        value = statement.value
        if isinstance(value, Reshape):
            yield statement.computing(replace(value, arg=self.doubled.value(value.arg)))
            return
        for part in value.parts:
            if not self.two.positions(part.axes) or _is_name_of(part, kept):
                continue
            if not isinstance(part, Name) or None in part.axes:
                raise Whole
            if part.of not in whole:
                whole[part.of] = Name(Temporary("whole", self.number, part.of), axes=part.axes)
                along = long_axes(part.axes)
                joined = Reshape(self.doubled.value(part), along, axes=part.axes)
                yield replace(statement, target=whole[part.of], value=joined)
        yield statement.computing(renamed(value, whole))

    def _statement(self, statement: Assign) -> Assign:
        value, target = statement.value, statement.target
        parts = (target, *(part for part in walk(value)))
        if not any(self.two.positions(p.axes) or self._steps_along(p) for p in parts):
            return statement
        target = replace(target, axes=self.two.wider(target.axes))
        return replace(statement, target=target, value=self.doubled.value(value))

    def _steps_along(self, value: Value) -> bool:
        at = getattr(value, "at", None)
        return isinstance(at, Steps) and self.two.axis in at.along


def _is_name_of(value: Value, names: Collection[Named]) -> bool:
    return isinstance(value, Name) and value.of in names


def _is_fixed(of: Named) -> bool:
    """Whether others read what is computed: a gradient, or what is remembered."""
    return isinstance(of, Partial) or (isinstance(of, Tensor) and of.role is Role.STATE)
