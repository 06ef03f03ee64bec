"""Everything that a page about a given network of layers may speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr

from symbp.derivation.backprop import Section, backpropagate
from symbp.derivation.names import RATE
from symbp.derivation.step import Derivation
from symbp.equations.axis import l
from symbp.network import Network
from symbp.notation.scope import Scope


def scope_of_layers(network: Network, *, in_general: bool) -> Scope:
    """What its equations and its derivation speak of; ``in_general`` also at a place l."""
    forward = (*network.program().equations, *network.inference, *network.updates)
    sections = backpropagate(network.program())
    own = [side for section in sections for side in _sides(section.derivations)]
    scope = Scope.of(*forward, RATE[()], *own)
    if not in_general:
        return scope
    kinds = (Section(l, section.kind, {}).derivations for section in sections)
    general = Scope.of(*(side for kind in kinds for side in _sides(kind)))
    placed = tuple(tensor for tensor in general.tensors if tensor.place is not None)
    return scope.joined(replace(general, tensors=placed))


def _sides(derivations: tuple[Derivation, ...]) -> Iterator[Expr]:
    for top in derivations:
        for derivation, step in top.walk():
            yield from (derivation.goal, step.before, step.after)
