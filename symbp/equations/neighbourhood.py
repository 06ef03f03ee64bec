"""What stands around a line in a program: equations without which it may hold already.

What is not computed any more may have any value. A line that holds whatever that is holds where it
is computed, too; one that does not says nothing. So the mean of an activation is its mean however
deep below the activation is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sympy import Expr

from symbp.equations.calculus import Partial
from symbp.equations.loops import behind
from symbp.equations.nodes import nodes
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor, tensor_of, tensors_in

FARTHEST = 4
"""How many equations behind each other are looked at."""

KEPT = 2**10
"""Tensors of which it is remembered what is computed from them."""


def neighbourhoods(program: Program, *exprs: Expr) -> Iterator[Program]:
    """Parts of ``program`` around ``exprs``, each with more equations than the one before.

    They have values for all that ``exprs`` speak of, and all that is on the way of a derivative, so
    that it has the paths that it has in the whole. The whole is none of them.
    """
    definitions = program.definitions
    near = frozenset(each for t in tensors_in(*exprs) for each in _beginning(program, t))
    kept: frozenset[Tensor] = frozenset()
    for _ in range(FARTHEST):
        wider = _with_paths(program, exprs, near)
        if len(wider) == len(definitions):
            return
        if wider != kept:
            kept = wider
            equations = tuple(definitions[tensor] for tensor in definitions if tensor in kept)
            yield Program(equations, program.facts, derived=True)
        near = kept.union(*(tensors_in(definitions[tensor].rhs) for tensor in kept))
        near &= definitions.keys()


def _beginning(program: Program, tensor: Tensor) -> tuple[Tensor, ...]:
    """What must be computed for ``tensor`` to have a value: for an input, what reads it."""
    if tensor in program.definitions:
        return (tensor,)
    return tuple(t for t, e in program.definitions.items() if tensor in tensors_in(e.rhs))[:1]


def _with_paths(
    program: Program, exprs: tuple[Expr, ...], kept: frozenset[Tensor]
) -> frozenset[Tensor]:
    """``kept`` and all that derivatives go through, in ``exprs`` and in what is kept."""
    while True:
        sides = (*exprs, *(program.definitions[tensor].rhs for tensor in kept))
        partials = frozenset(partial for side in sides for partial in nodes(side, Partial))
        wider = kept.union(*(_path(program, partial) for partial in partials))
        if wider == kept:
            return kept
        kept = wider


def _path(program: Program, partial: Partial) -> frozenset[Tensor]:
    """What is computed from what a derivative is taken with respect to, up to what it is of."""
    before, ends = behind(program), tensors_in(partial.of) & program.definitions.keys()
    return frozenset(ends.union(*(before[e] for e in ends))) & _ahead(program, partial.wrt)


@lru_cache(maxsize=KEPT)
def _ahead(program: Program, wrt: Expr) -> frozenset[Tensor]:
    """All that is computed from the tensor of an entry, directly or not."""
    found: set[Tensor] = set()
    frontier = [tensor_of(wrt)]
    while frontier:
        tensor = frontier.pop()
        users = {t for t, e in program.definitions.items() if tensor in tensors_in(e.rhs)}
        frontier += users - found
        found |= users
    return frozenset(found)
