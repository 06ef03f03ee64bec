"""Which entries of one tensor an entry of another can reach.

The units of a dense layer reach every unit of the next, but sample n reaches sample n only, and
u_j reaches z_j only where the activation works on each unit by itself. Where slot s of ``v`` and
slot q of ``t`` always bear the same index, ∂v/∂t vanishes unless they agree, and no sum is needed
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.recurrence import shift_of
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of

Match = dict[int, tuple[int, int]]
"""From a slot of the tensor reached to that of the tensor that reaches it, and how far on it is.

h[n, t − 1] in the equation of u[n, t]: u is one step further on.
"""


@dataclass(frozen=True)
class Dependence:
    """Questions of reach in one program."""

    program: Program

    @cached_property
    def _parents(self) -> dict[Tensor, tuple[Tensor, ...]]:
        return {
            tensor: tuple(dict.fromkeys(tensor_of(e) for e in entries(equation.rhs)))
            for tensor, equation in self.program.definitions.items()
        }

    @cached_property
    def _users(self) -> dict[Tensor, tuple[Tensor, ...]]:
        users: dict[Tensor, tuple[Tensor, ...]] = {}
        for tensor, parents in self._parents.items():
            for parent in parents:
                users[parent] = (*users.get(parent, ()), tensor)
        return users

    @cached_property
    def position(self) -> dict[Tensor, int]:
        """Where in the program each tensor is computed."""
        return {tensor: k for k, tensor in enumerate(self.program.definitions)}

    def depends(self, v: Tensor, t: Tensor) -> bool:
        """Whether ``v`` is computed from ``t``, directly or not."""
        if v not in self._behind:
            self._behind[v] = _all(self._parents, (v,))
        return t in self._behind[v]

    def ahead(self, tensors: Iterable[Tensor]) -> frozenset[Tensor]:
        """What is computed from any of ``tensors``, directly or not."""
        return _all(self._users, tensors)

    @cached_property
    def _behind(self) -> dict[Tensor, frozenset[Tensor]]:
        """What some tensors are computed from, as far as that was asked."""
        return {}

    def users(self, t: Tensor) -> tuple[Tensor, ...]:
        """The tensors computed from ``t`` directly, in order."""
        return self._users.get(t, ())

    def reach(self, v: Tensor, t: Tensor) -> Match:
        """The slots of ``v`` that are tied to a slot of ``t`` along every path."""
        equation = self.program.definitions[v]
        ties: list[Match] = []
        for parent in self._parents[v]:
            if parent == t:
                ties.append(_direct(equation, t))
            elif self.depends(parent, t):
                step, rest = _direct(equation, parent), self.reach(parent, t)
                ties.append(
                    {s: (rest[q][0], k + rest[q][1]) for s, (q, k) in step.items() if q in rest}
                )
        return {s: q for s, q in ties[0].items() if all(tie.get(s) == q for tie in ties)}


def _all(
    following: Mapping[Tensor, tuple[Tensor, ...]], first: Iterable[Tensor]
) -> frozenset[Tensor]:
    """What follows ``first``, and what follows that, and so on."""
    found: set[Tensor] = set()
    frontier = list(first)
    while frontier:
        for tensor in following.get(frontier.pop(), ()):
            if tensor not in found:
                found.add(tensor)
                frontier.append(tensor)
    return frozenset(found)


def _direct(equation: Equation, t: Tensor) -> Match:
    uses = [indices_of(entry) for entry in entries(equation.rhs, t)]
    match: Match = {}
    for s, index in enumerate(indices_of(equation.lhs)):
        for q in range(len(t.axes)):
            apart = {shift_of(use[q], index) for use in uses}
            if len(apart) == 1 and (shift := apart.pop()) is not None:
                match[s] = (q, -shift)
    return match
