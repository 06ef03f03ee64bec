"""Small networks to make mistakes in, and claims about them held against a random point."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sympy import Expr, Integer

from symbp.derivation.names import delta_of
from symbp.equations.axis import L, l
from symbp.equations.calculus import Partial
from symbp.equations.equality import Certificate, compare
from symbp.equations.equation import Equation
from symbp.equations.fingerprint import NoPoint, fingerprint
from symbp.equations.program import Program
from symbp.equations.relocate import Places, substitution
from symbp.equations.tensor import Role
from symbp.layers.dense import Dense
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.pipeline import derive


@dataclass(frozen=True)
class Held:
    """A reference over one program; ``last`` is where L stands."""

    program: Program
    last: int

    def instances(self, *exprs: Expr) -> tuple[Places, ...]:
        return tuple(self._places(at) for at in range(2, self.last + 1))

    def _places(self, at: int) -> Places:
        near = {l + k: Integer(at + k) for k in (-2, -1, 0, 1, 2)}
        return near | {L + k: Integer(self.last + k) for k in (-1, 0)}

    def moved(self, expr: Expr, places: Places) -> Expr:
        return expr.xreplace(substitution([expr], places))

    def compare(self, left: Expr, right: Expr, places: Places) -> Certificate:
        return compare(self.moved(left, places), self.moved(right, places), self.program)

    def print(self, expr: Expr) -> Hashable:
        try:
            _, (value,) = fingerprint(self.program, self.moved(expr, self._places(2)), seed=5)
        except (KeyError, NoPoint, NotImplementedError, IndexError):
            return None
        order = sorted(value.indices, key=str)
        array = value.along(order)
        return tuple(map(str, order)), tuple(map(int, np.ravel(array)))

    def rights(self, left: Expr) -> tuple[Expr, ...]:
        return ()

    def sizes(self) -> Mapping[str, int]:
        return {}


def held(program: Program, last: int) -> Held:
    """A reference that also knows each δ."""
    units = [t for t in program.definitions if t.role is Role.PREACTIVATION]
    deltas = [
        Equation(f"delta@{u.place}", delta_of(u).entry, Partial(program.loss, u.entry))
        for u in units
    ]
    return Held(program.extended(*deltas), last)


def network(name: str, last: str, loss: Loss | str, *, hidden: str = "general", batch: bool = True):
    layers = [Dense(4, hidden), Dense(3, hidden), Dense(5, last)]
    return Network.of(name, 2, layers, loss, batch=batch)


@dataclass(frozen=True)
class Case:
    """A network, what it is held against, and the right lines that are derived for it."""

    name: str
    network: Network

    @cached_property
    def reference(self) -> Held:
        program = self.network.program()
        return held(program, 3)

    @cached_property
    def lines(self) -> list[Equation]:
        return [
            Equation(d.id, d.goal, d.result)
            for section in derive(self.network).sections
            for d in section.derivations
            if not d.id.startswith("update")
        ]


BINARY, ONE_HOT = "binary_cross_entropy", "categorical_cross_entropy"
CASES = (
    Case("general", network("general", "general", "half_squared_error", batch=False)),
    Case("squared", network("squared", "sigmoid", "half_squared_error", hidden="sigmoid")),
    Case("entropy", network("entropy", "sigmoid", BINARY, hidden="tanh")),
    Case("softmax", network("softmax", "softmax", ONE_HOT, hidden="relu")),
    Case("penalty", network("penalty", "identity", Loss.of("mean_squared_error", l2=0.1))),
)
