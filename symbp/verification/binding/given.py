"""Everything that a page about a given network of layers may speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr

from symbp.derivation.backprop import Section, backpropagate
from symbp.derivation.names import RATE
from symbp.derivation.second import Second
from symbp.derivation.step import Derivation
from symbp.equations.axis import l
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.network import Network
from symbp.notation.scope import Scope


def second_order(network: Network) -> tuple[Equation, ...]:
    """What second derivatives are computed from: adjoints, tangents, products with a direction."""
    program = network.program()
    second = Second.of(program, backpropagate(program), network.predictions)
    adjoints = tuple(e for e in second.results if not isinstance(e.lhs, Partial))
    motions = (*second.forward, *second.backward, *second.linear)
    slopes = (slope.equation for slope in second.gauss_newton.slopes)
    return (*adjoints, *slopes, *(motion.tangent_equation for motion in motions))


def scope_of_layers(
    network: Network, more: tuple[Equation, ...] = (), *, in_general: bool
) -> Scope:
    """What its equations, its derivation and ``more`` speak of.

    With ``in_general`` also what a layer l is said to compute.
    """
    forward = (*network.program().equations, *network.inference, *network.updates, *more)
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
