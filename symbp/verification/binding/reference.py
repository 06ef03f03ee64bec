"""The network that a page is about, as a program to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Integer

from symbp.activations.activation import Activation
from symbp.activations.table import named
from symbp.derivation.names import delta_of
from symbp.equations.axis import Index
from symbp.equations.calculus import Functional, Partial
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.relocate import substitution
from symbp.equations.tensor import Role, Tensor, entries, tensor_of
from symbp.layers.dense import Dense
from symbp.layers.layer import SAMPLE, activations, units
from symbp.losses.criterion import D, Z
from symbp.losses.loss import DATA_TERM, LOSS, PENALTY
from symbp.verification.binding.built import equations_of
from symbp.verification.binding.setting import Setting
from symbp.verification.binding.terms import SQUARES, squares

OPEN = "general"
"""The activation that is left open."""


def reference_program(
    setting: Setting,
    depth: int,
    batch: bool,
    *,
    scalars: bool = False,
    last: Expr | None = None,
    delta_scale: bool = False,
) -> Program:
    """Layers 1 … ``depth`` of ``setting``, E, and δ = ∂E/∂u of every layer.

    What is not known is left open: each layer has its own function, and E depends on the last
    activations and the target in any way. ``last`` is the place at which ``setting.own_loss``
    was read. With ``delta_scale`` δ is the number of samples times ∂E/∂u.
    """
    forward = forward_program(setting, depth, batch, scalars=scalars, last=last)
    deltas = []
    for equation in forward.equations:
        unit = tensor_of(equation.lhs)
        if unit.role is Role.PREACTIVATION:
            slope = Partial(forward.loss, unit.entry)
            samples = [axis.size for axis in unit.axes if axis.name == "sample"]
            scaled = slope * samples[0] if delta_scale and samples else slope
            deltas.append(Equation(f"delta@{unit.place}", delta_of(unit).entry, scaled))
    return forward.extended(*deltas)


def forward_program(
    setting: Setting,
    depth: int,
    batch: bool,
    *,
    scalars: bool = False,
    last: Expr | None = None,
) -> Program:
    """The same without δ."""
    names = [name or OPEN for name in setting.activations(depth)]
    if scalars:
        return _scalars([named(name) for name in names], setting)
    samples = (SAMPLE.index("n"),) if batch else ()
    equations: list[Equation] = []
    weights: list[Tensor] = []
    if setting.built is not None:
        equations, weights = equations_of(setting.built, [named(n) for n in names], samples)
    for number, name in enumerate(names if setting.built is None else (), 1):
        place, layer = Integer(number), Dense(None, name, setting.has_biases)
        incoming = activations(place - 1, samples)
        equations += layer.equations(place, incoming, samples)
        weights += [p.tensor for p in layer.parameters(place, incoming) if len(p.tensor.axes) == 2]
    prediction = activations(Integer(depth), samples)
    if setting.built is not None:
        prediction = tensor_of(equations[-1].lhs)
    if setting.own_loss is not None and last is not None:
        places = {last: Integer(depth)}
        moved = setting.own_loss.xreplace(substitution([setting.own_loss], places))
        setting = replace(setting, own_loss=moved)
    if setting.penalty is not None:
        return Program(*_penalised(setting, equations, prediction, samples, weights))
    if setting.own_loss is not None:
        return Program((*equations, Equation("E", LOSS[()], setting.own_loss)))
    if setting.loss is None:
        target = Tensor("d", prediction.axes, Role.TARGET)
        rest = Functional(prediction.entry, target.entry)
        return Program((*equations, Equation("E", LOSS[()], rest)))
    equations += setting.loss.equations(prediction, samples, weights)
    return Program(tuple(equations), setting.loss.facts(prediction, samples))


def _penalised(
    setting: Setting,
    equations: Sequence[Equation],
    prediction: Tensor,
    samples: tuple[Index, ...],
    weights: Sequence[Tensor],
) -> tuple[tuple[Equation, ...], tuple[Equation, ...]]:
    """The equations of E = D + R, and facts."""
    facts: tuple[Equation, ...] = ()
    if setting.own_loss is not None:
        data = setting.own_loss
    elif setting.loss is not None:
        data = setting.loss.equations(prediction, samples, ())[-1].rhs
        facts = setting.loss.facts(prediction, samples)
    else:
        data = Functional(prediction.entry, Tensor("d", prediction.axes, Role.TARGET).entry)
    assert setting.penalty is not None
    whole = squares(weights)
    own = [
        Equation("D", DATA_TERM[()], data),
        Equation("R", PENALTY[()], setting.penalty.xreplace({SQUARES[()]: whole})),
        Equation("E", LOSS[()], DATA_TERM[()] + PENALTY[()]),
    ]
    if entries(setting.penalty, SQUARES):
        own.append(Equation("squares", SQUARES[()], whole))
    return (*equations, *own), facts


def _scalars(functions: Sequence[Activation], setting: Setting) -> Program:
    """One unit in every layer: u = w z + b, without any index."""
    z = Tensor("z", (), Role.ACTIVATION, Integer(0))[()]
    d = Tensor("d", (), Role.TARGET)[()]
    loss = setting.loss
    equations = []
    for number, function in enumerate(functions, 1):
        place = Integer(number)
        u = Tensor("u", (), Role.PREACTIVATION, place)[()]
        w, b = Tensor("w", (), Role.WEIGHT, place)[()], Tensor("b", (), Role.BIAS, place)[()]
        equations.append(Equation(f"u@{place}", u, w * z + (b if setting.has_biases else 0)))
        z = Tensor("z", (), Role.ACTIVATION, place)[()]
        equations.append(Equation(f"z@{place}", z, function.of(u, units(place).index("j"), {})))
    if loss is None:
        value: Expr = Functional(z, d)
    else:
        value = loss.criterion.factor * loss.criterion.body.xreplace({Z: z, D: d})
    return Program((*equations, Equation("E", LOSS[()], value)))
