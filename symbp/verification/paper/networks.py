"""The networks that pages speak of, as stacks to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Integer

from symbp.activations.activation import Activation, General, Scalar, U, constant
from symbp.equations.calculus import Functional
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor
from symbp.layers.dense import Dense
from symbp.layers.layer import SAMPLE, activations
from symbp.losses.loss import LOSS, Loss
from symbp.network import Network
from symbp.verification.paper.stack import ARGUMENT, Stack

DEPTH = 4
"""Layers of a network in general: a first, an inner and a last one."""


def stack_of(layers: Sequence[Dense], loss: Loss | None, *, batch: bool) -> Stack:
    """A stack of ``layers``; without ``loss`` E is left open."""
    samples = (SAMPLE.index("n"),) if batch else ()
    equations: list[Equation] = []
    for place, layer in enumerate(layers, 1):
        incoming = activations(Integer(place - 1), samples)
        equations += layer.equations(Integer(place), incoming, samples)
    prediction = activations(Integer(len(layers)), samples)
    parameters = [
        parameter.tensor
        for place, layer in enumerate(layers, 1)
        for parameter in layer.parameters(Integer(place), activations(Integer(place - 1), samples))
    ]
    facts: tuple[Equation, ...] = ()
    if loss is None:
        equations.append(Equation("E", LOSS[()], Functional(prediction.entry)))
    else:
        weights = [tensor for tensor in parameters if tensor.role is Role.WEIGHT]
        equations += loss.equations(prediction, samples, weights)
        facts = loss.facts(prediction, samples)
    program = Program(tuple(equations), facts)
    return Stack(program, len(layers), formulas_of(layers, program))


def formula(activation: Activation, place: int, program: Program) -> Expr | None:
    """What an activation does to ``ARGUMENT``; None where it is no function of one unit.

    A function left open stays what it is. Constants are called as ``program`` calls them.
    """
    if isinstance(activation, General):
        return activation.of(ARGUMENT, activations(Integer(place)).axes[0].index(), {})
    if not isinstance(activation, Scalar):
        return None
    own: dict[Expr, Expr] = {}
    for name, _ in activation.constants:
        here = Tensor(name, (), Role.CONSTANT, Integer(place))
        everywhere = replace(here, place=None)
        own[constant(name)] = (here if here in program.inputs else everywhere)[()]
    return activation.formula.xreplace({U: ARGUMENT, **own})


def formulas_of(layers: Sequence[Dense], program: Program) -> dict[int, Expr | None]:
    """The formulas of all layers, by place."""
    return {p: formula(layer.activation, p, program) for p, layer in enumerate(layers, 1)}


def stacks_of(network: Network) -> tuple[Stack, ...]:
    """A given network as it is declared, then with or without the samples of a batch."""
    forms = (network.batch, not network.batch)
    if network.is_general:
        hidden, last = network.layers[0], network.layers[-1]
        layers = (*(hidden,) * (DEPTH - 1), last)
        return tuple(stack_of(layers, network.loss, batch=batch) for batch in forms)
    sizes = network.sizes()
    programs = [replace(network, batch=batch).program() for batch in forms]
    return tuple(
        Stack(program, len(network.layers), formulas_of(network.layers, program), sizes)
        for program in programs
    )


def in_general(hidden: str | None, output: str | None, loss: Loss | None) -> tuple[Stack, ...]:
    """A network of a few layers with activations by name; None is a function left open."""
    inner, last = (Dense(None, name or "general") for name in (hidden, output))
    layers = (*(inner,) * (DEPTH - 1), last)
    return tuple(stack_of(layers, loss, batch=batch) for batch in (False, True))
