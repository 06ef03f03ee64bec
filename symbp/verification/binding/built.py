"""The tensors and the equations of the network that a page builds in its own letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Integer

from symbp.activations.activation import Activation
from symbp.derivation.names import change_of, delta_of
from symbp.equations.axis import Axis, Index, total
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor
from symbp.layers.layer import units
from symbp.notation.convention import Convention, Matrix
from symbp.verification.binding.architecture import Architecture


def axes_at(built: Architecture, place: int, samples: Sequence[Axis] = ()) -> tuple[Axis, ...]:
    """The axes of what a layer computes: its units, unless it is a mere number."""
    return (*samples, *((units(Integer(place)),) if built.wide[place] else ()))


def _activation(built: Architecture, place: int, samples: Sequence[Axis]) -> Tensor:
    return Tensor("z", axes_at(built, place, samples), Role.ACTIVATION, Integer(place))


def _layer(built: Architecture, place: int, samples: Sequence[Axis]) -> tuple[Tensor, ...]:
    """u, w and b of a layer."""
    here, before = axes_at(built, place), axes_at(built, place - 1)
    number = Integer(place)
    return (
        Tensor("u", (*samples, *here), Role.PREACTIVATION, number),
        Tensor("w", (*before, *here), Role.WEIGHT, number),
        Tensor("b", here, Role.BIAS, number),
    )


def tensors_of(built: Architecture, samples: Sequence[Axis]) -> Iterator[Tensor]:
    """Everything that the page may speak of; what it has no name for is left out."""
    yield _activation(built, 0, samples)
    for place in range(1, built.depth + 1):
        u, w, b = _layer(built, place, samples)
        yield _activation(built, place, samples)
        if ("u", place) in built.signs:
            yield u
        yield from (w, change_of(w), delta_of(u))
        if place in built.biased:
            yield from (b, change_of(b))


def spelled(convention: Convention, built: Architecture) -> Convention:
    """``convention`` with the page's own signs."""
    matrix = Matrix.OFF
    if built.is_matrix:
        matrix = Matrix.COLUMNS if built.order == "to_from" else Matrix.ROWS
    glyphs = dict(convention.glyphs)
    if built.loss:
        glyphs[Role.LOSS] = built.loss
    taken = {*glyphs.values(), *(sign.glyph for sign in built.signs.values())}
    functions = list(built.functions.values())
    return replace(
        convention,
        glyphs=glyphs,
        names={key: name for key, name in convention.names.items() if name not in taken},
        own=built.signs,
        aliases={},
        prediction=None,
        weight_to_from=built.order == "to_from",
        bias_as_weight=bool(built.biased) and not any(name == "b" for name, _ in built.signs),
        weight_shift=0,
        bias_shift=0,
        first=0,
        suffix=False,
        bare=False,
        delta_scale=False,
        function=functions[0] if functions else convention.function,
        matrix=matrix,
        lies=matrix is Matrix.ROWS,
        broadcast=matrix is not Matrix.OFF,
    )


def equations_of(
    built: Architecture, activations: Sequence[Activation], samples: Sequence[Index]
) -> tuple[list[Equation], list[Tensor]]:
    """The forward equations and the weights."""
    equations, weights = [], []
    along = [n.axis for n in samples]
    for place, activation in enumerate(activations, 1):
        u, w, b = _layer(built, place, along)
        i = [axis.index("i") for axis in axes_at(built, place - 1)]
        j = [axis.index("j") for axis in axes_at(built, place)]
        fed = _activation(built, place - 1, along)[(*samples, *i)]
        summed = total(w[(*i, *j)] * fed, *i)
        unit, left = u[(*samples, *j)], _activation(built, place, along)[(*samples, *j)]
        bias = b[tuple(j)] if place in built.biased else 0
        unit_index = units(Integer(place)).index("j")
        equations.append(Equation(f"u@{place}", unit, summed + bias))
        equations.append(Equation(f"z@{place}", left, activation.of(unit, unit_index, {})))
        weights.append(w)
    return equations, weights
