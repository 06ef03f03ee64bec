"""Layers that are alike, one after the other, and what is put into which room in each.

What a layer needs for itself alone is in one room for all of them. What it leaves to others is in a
room of its own: where that is read no more, the same layer may put another result there later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from symbp.equations.equation import Equation
from symbp.lowering.arrays import Assign


@dataclass(frozen=True)
class Turns:
    """Statements from ``start`` on, ``length`` for each of ``layers``: these are their numbers."""

    start: int
    length: int
    layers: tuple[int, ...]

    @property
    def stop(self) -> int:
        return self.start + self.length * len(self.layers)

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Where the statements of each layer begin and end."""
        return [(at, at + self.length) for at in self.like(self.start)]

    def like(self, position: int) -> list[int]:
        """Where the statements are that are for each layer what the one at ``position`` is."""
        offset = (position - self.start) % self.length
        return [self.start + offset + k * self.length for k in range(len(self.layers))]

    def layer(self, position: int) -> int:
        """The number of the layer that ``position`` is in."""
        return self.layers[(position - self.start) // self.length]

    def end(self, position: int) -> int:
        """Where the layer ends that ``position`` is in."""
        done = position - self.start
        return position - done % self.length + self.length

    def beside(self, others: Turns) -> list[int] | None:
        """For each layer the turn in which ``others`` meet it, nearly; None where one is missing.

        What was met last is met first on the way back.
        """
        far = others.layers[-1] - self.layers[0] if self.is_back(others) else 0
        wanted = [layer + far for layer in self.layers]
        known = {layer: turn for turn, layer in enumerate(others.layers)}
        return [known[layer] for layer in wanted] if set(wanted) <= known.keys() else None

    def is_back(self, others: Turns) -> bool:
        """Whether one goes up and the other down."""
        return (self.layers[0] < self.layers[-1]) != (others.layers[0] < others.layers[-1])


Told = Sequence[tuple[int, Collection[Equation]]]
"""For each of several layers that are alike its number and its equations."""


def turns(statements: Sequence[Assign], told: Sequence[Told]) -> list[Turns]:
    """Those layers whose statements follow each other, as many for each, and are in no loop."""
    where = {
        equation: (several, turn)
        for several, layers in enumerate(told)
        for turn, (_, equations) in enumerate(layers)
        for equation in equations
    }
    keys = [where.get(s.equation) if s.equation else None for s in statements]
    found = []
    for several, layers in enumerate(told):
        places = [place for place, key in enumerate(keys) if key is not None and key[0] == several]
        length = len(places) // len(layers)
        wanted = [(several, turn) for turn in range(len(layers)) for _ in range(length)]
        if any(statements[place].loop for place in places):
            continue
        if places and keys[places[0] : places[-1] + 1] == wanted:
            found.append(Turns(places[0], length, tuple(number for number, _ in layers)))
    return found
