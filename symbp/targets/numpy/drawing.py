"""Random masks, drawn into the same arrays at every step: as ``draw`` draws them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from symbp.lowering.arrays import Temporary
from symbp.targets.numpy import layout
from symbp.targets.numpy.inplace import BOOL, PLACE
from symbp.targets.numpy.passes import Passes

LABEL = "drawn"
"""What random numbers are labelled, one for each entry of a mask."""


@dataclass(frozen=True)
class Drawing:
    """The masks of a step, and an array of random numbers for each of their shapes."""

    passes: Passes

    @cached_property
    def names(self) -> list[str]:
        """What the masks are called."""
        return list(map(self.passes.names, self.passes.drawn))

    @cached_property
    def _shapes(self) -> list[tuple[str, ...]]:
        plan = self.passes.plan
        return [
            tuple(str(plan.sizes.get(axis, plan.count)) for axis in tensor.axes)
            for tensor in self.passes.drawn
        ]

    @cached_property
    def _numbers(self) -> dict[tuple[str, ...], str]:
        """The arrays of random numbers by their shapes."""
        shapes = dict.fromkeys(self._shapes)
        return {s: self.passes.names(Temporary(LABEL, k)) for k, s in enumerate(shapes, 1)}

    def arrays(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """The shapes and kinds of all arrays; a random number takes as much as a place."""
        yield from ((shape, PLACE) for shape in self._numbers)
        yield from ((shape, BOOL) for shape in self._shapes)

    def made(self) -> list[str]:
        """The lines that make the arrays. Their numbers are those of ``draw``: in 64 bits."""
        numbers = [f"{name} = np.empty({_text(s)})" for s, name in self._numbers.items()]
        pairs = zip(self.names, self._shapes, strict=True)
        return [*numbers, *(f"{name} = np.empty({_text(shape)}, bool)" for name, shape in pairs)]

    def lines(self) -> list[str]:
        """The lines that draw, at each step."""
        out = ["# Which entries are kept."] if self.names else []
        drawn = zip(self.names, self._shapes, self.passes.plan.drawn, strict=True)
        for name, shape, (_, chance) in drawn:
            numbers = self._numbers[shape]
            out += [f"rng.random(out={numbers})", f"np.less({numbers}, {chance}, out={name})"]
        return out


def _text(shape: tuple[str, ...]) -> str:
    return layout.tuple_text(list(shape))
