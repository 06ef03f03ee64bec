"""Everything that a page about a network may speak of, at all the places that people write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Expr, Integer

from symbp.derivation.names import RATE, change_of, delta_of
from symbp.equations.axis import Axis, L, l
from symbp.equations.calculus import Functional, FunctionSymbol
from symbp.equations.tensor import Role, Tensor
from symbp.layers.layer import SAMPLE, units
from symbp.losses.loss import DATA_TERM, LAMBDA, LOSS, PENALTY
from symbp.network import Network
from symbp.notation.scope import Scope
from symbp.notation.spelling import OPEN
from symbp.verification.binding.architecture import Architecture
from symbp.verification.binding.built import axes_at, tensors_of
from symbp.verification.binding.terms import SAMPLE_LOSS, SQUARES

HIGHEST = 5
"""The largest layer that a page about no network in particular may number."""
AROUND = range(-2, 3)
BELOW_LAST = range(-3, 1)


def paper_scope(
    network: Network | None = None,
    batch: bool = False,
    *,
    last: Expr = L,
    scalars: bool = False,
    plain: bool = False,
    functions: Iterable[str] = (),
    labelled: bool = False,
    built: Architecture | None = None,
) -> Scope:
    """The tensors at l - 2 … l + 2, L - 3 … L and 0, 1, 2, …, with their functions and sizes.

    ``last`` is the place that predicts. With ``scalars`` no quantity has indices; ``plain`` leaves
    the layers in general out, for pages that number none. ``functions`` are more activation
    functions than one, by their glyphs. With ``labelled`` the targets are numbers of units.
    ``built`` are the layers that the page builds: there are no others then.
    """
    places = _places(network, last, plain)
    samples = (SAMPLE,) if batch and not scalars else ()
    if built is None:
        tensors = [t for place in places for t in _layer(place, samples, scalars)]
        target = Tensor("d", () if scalars else (*samples, units(last)), Role.TARGET)
    else:
        tensors, places = (
            list(tensors_of(built, samples)),
            list(map(Integer, range(built.depth + 1))),
        )
        target = Tensor("d", axes_at(built, built.depth, samples), Role.TARGET)
    if labelled and not scalars:
        target = Tensor("t", samples, Role.TARGET, labels=units(last))
    others: tuple[Tensor, ...] = (target, LOSS, DATA_TERM, PENALTY, RATE, LAMBDA, SQUARES)
    others = (*others, SAMPLE_LOSS) if samples else others
    own = _of_network(network) if network is not None and not scalars else Scope()
    every = tuple(dict.fromkeys((*tensors, *others, *own.tensors)))
    signals = [t for t in tensors if t.role in (Role.PREACTIVATION, Role.ACTIVATION)]
    labels = dict.fromkeys((OPEN, *functions))
    opaque = [FunctionSymbol(c, p) for c in labels for p in (None, *places) if p != 0]
    return Scope(
        every,
        tuple(dict.fromkeys((*opaque, *own.functions))),
        tuple(_axes(every)),
        own.symbols,
        tuple(Functional(t.entry) for t in signals),
    )


def _places(network: Network | None, last: Expr, plain: bool) -> list[Expr]:
    highest = len(network.concrete.layers) if network is not None else HIGHEST
    if isinstance(last, Integer):
        highest = max(highest, int(last))
    numbers: list[Expr] = [Integer(number) for number in range(highest + 1)]
    if plain:
        return numbers[: int(last) + 1] if isinstance(last, Integer) else numbers
    symbolic = [l + k for k in AROUND]
    symbolic += [L + k for k in BELOW_LAST] if last == L else []
    return [*symbolic, *numbers]


def _layer(place: Expr, samples: tuple[Axis, ...], scalars: bool) -> Iterator[Tensor]:
    """z at ``place`` and, but for the input, all that computes it."""
    here, before = ((), ()) if scalars else ((units(place),), (units(place - 1),))
    yield Tensor("z", (*samples, *here), Role.ACTIVATION, place)
    if place == 0:
        return
    u = Tensor("u", (*samples, *here), Role.PREACTIVATION, place)
    w = Tensor("w", (*before, *here), Role.WEIGHT, place)
    b = Tensor("b", here, Role.BIAS, place)
    yield from (u, w, b, delta_of(u), change_of(w), change_of(b))


def _of_network(network: Network) -> Scope:
    """What only this network has: constants, labels, what its optimizer remembers."""
    equations = [*network.program().equations, *network.concrete.optimizer.equations]
    found = Scope.of(*equations)
    layers = (Role.ACTIVATION, Role.PREACTIVATION, Role.WEIGHT, Role.BIAS)
    others = tuple(t for t in found.tensors if t.role not in layers and _is_new(t))
    return Scope(others, found.functions, found.axes, found.symbols)


def _is_new(tensor: Tensor) -> bool:
    return tensor.role is not Role.TARGET or tensor.labels is not None


def _axes(tensors: Iterable[Tensor]) -> Iterator[Axis]:
    seen = dict.fromkeys(axis for t in tensors for axis in (*t.axes, t.labels) if axis)
    yield from seen
