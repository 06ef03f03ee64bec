"""Networks of which only the form is declared: L layers, and any layer l of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr

from symbp.equations.axis import Index, L, l
from symbp.equations.calculus import Functional
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import tensor_of
from symbp.layers.dense import Dense
from symbp.layers.layer import activations
from symbp.losses.loss import LOSS, Loss


@dataclass(frozen=True)
class Windows:
    """What a derivation looks at: the last layer with the loss, and a hidden layer with the next.

    In ``hidden`` the rest of the network is left open: ``E`` depends on every ``u_k`` at l + 1.
    """

    output: Program
    hidden: Program


def windows(layers: Sequence[Dense], loss: Loss, samples: tuple[Index, ...]) -> Windows:
    """The windows onto a network whose hidden layers are like the first and whose last is last.

    ``u_j = Σ_i w_ij z_i + b_j`` at l, ``z_j = f(u_j)``, ``u_k = Σ_j w_jk z_j + b_k`` at l + 1.
    """
    hidden, last = layers[0], layers[-1]
    end = _stage(last, L, samples)
    prediction = tensor_of(end[-1].lhs)
    output = (*end, *loss.equations(prediction, samples, ()))
    here = _stage(hidden, l, samples)
    following = hidden.equations(l + 1, tensor_of(here[-1].lhs), samples, "jk")[0]
    rest = Equation("E", LOSS[()], Functional(following.lhs))
    return Windows(
        Program(output, loss.facts(prediction, samples)), Program((*here, following, rest))
    )


def _stage(layer: Dense, place: Expr, samples: tuple[Index, ...]) -> tuple[Equation, ...]:
    return layer.equations(place, activations(place - 1, samples), samples)
