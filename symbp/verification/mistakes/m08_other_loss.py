"""M08: the gradient of another loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from sympy import Expr, Integer, KroneckerDelta

from symbp.derivation.backprop import backpropagate
from symbp.equations.axis import Index
from symbp.equations.calculus import Partial
from symbp.equations.equation import Equation
from symbp.equations.relocate import substitution
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.layers.dense import Dense
from symbp.losses.criterion import CRITERIA, Targets
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.output import Slopes, by_delta

PAIRS = (
    ("sigmoid", "binary_cross_entropy"),
    ("sigmoid", "half_squared_error"),
    ("tanh", "half_squared_error"),
)
"""Well-known pairs of an output activation and a loss: δ of one is used where it is not its own."""


def make(expr: Expr, context: Context) -> Iterator[Made]:
    """``(z − d) f'(u)`` -> ``z − d``: δ of cross-entropy where the loss is a squared error"""
    for z in context.outputs:
        if sum(axis not in context.batch for axis in z.axes) > 1:
            continue  # of a sequence: the known pairs are about single units
        slopes = Slopes.of(expr, context, z)
        for name in CRITERIA:
            if (loss := _loss(name, z, context)) is not None:
                facts = {"loss": name, "activation": ""}
                slope = partial(Partial, loss)
                for made in (*by_delta(context, z, slope), *slopes.replaced(slope)):
                    yield Made(made, "loss", facts)
        for activation, name in PAIRS:
            delta = _known(activation, name, bool(context.batch))
            for factor in _factors(context):
                moved = _moved(delta, z, factor, context)
                if moved is not None:
                    facts = {"loss": name, "activation": activation}
                    found = (*by_delta(context, z, None, moved), *slopes.replaced(None, moved))
                    yield from (Made(made, "pair", facts) for made in found)


def _loss(name: str, z: Tensor, context: Context) -> Expr | None:
    """The loss ``name`` of the output ``z``, reduced as the real one is."""
    criterion = CRITERIA[name]
    samples = tuple(a.index() for a in z.axes if a in context.batch)
    if len(z.axes) == len(samples) and criterion.targets is Targets.LABELS:
        return None
    loss = Loss(criterion, "mean" if _is_mean(context) else "sum")
    return _of_output(loss, z, samples) if context.is_known(loss.target(z)) else None


@cache
def _of_output(loss: Loss, z: Tensor, samples: tuple[Index, ...]) -> Expr:
    """``loss`` of the output ``z``: each line of a page is held against the same few."""
    made: Expr = loss.equations(z, samples, ())[0].rhs
    return made


def _is_mean(context: Context) -> bool:
    scalars = [
        e.rhs for t, e in context.program.definitions.items() if t.role in (Role.LOSS, Role.TERM)
    ]
    return any(rhs.has(axis.size) for rhs in scalars for axis in context.batch)


def _factors(context: Context) -> tuple[Expr, ...]:
    if not _is_mean(context):
        return (Integer(1),)
    return tuple(1 / axis.size for axis in context.batch)


@cache
def _known(activation: str, loss: str, batch: bool) -> Equation:
    """δ of one layer with this activation and this loss, as it is derived."""
    pair = Network.of("pair", 1, [Dense(1, activation)], Loss.of(loss, "sum"), batch=batch)
    (section,) = backpropagate(pair.program())
    return section.results[0]


def _moved(known: Equation, z: Tensor, factor: Expr, context: Context) -> Equation | None:
    """δ of a known pair, at the last layer; one-hot targets where those are labels."""
    atoms = substitution([known.lhs, known.rhs], {Integer(1): z.place})
    lhs, rhs = (side.xreplace(atoms) for side in (known.lhs, known.rhs))
    if not z.axes:
        lhs, rhs = (_as_number(side) for side in (lhs, rhs))
        if rhs.atoms(Index):
            return None
    if (u := context.sources.get(z)) is not None and not context.is_known(tensor_of(lhs)):
        lhs, rhs = (_as_called(side, z, u, context) for side in (lhs, rhs))
    for entry in entries(rhs):
        target = tensor_of(entry)
        if target.role is Role.TARGET and not context.is_known(target):
            labels = Loss(CRITERIA["sparse_categorical_cross_entropy"]).target(z)
            *samples, j = indices_of(entry)
            if not context.is_known(labels):
                return None
            rhs = rhs.xreplace({entry: KroneckerDelta(j, labels[tuple(samples)])})
        elif target.role is not Role.TARGET and not context.is_known(target):
            return None
    return Equation(known.id, lhs, factor * rhs)


def _as_called(expr: Expr, z: Tensor, u: Tensor, context: Context) -> Expr:
    """``expr`` in the program's own tensors of the last layer, whose samples may be columns."""
    own = {Role.ACTIVATION: z, Role.PREACTIVATION: u, Role.DELTA: u}
    given = (*context.program.inputs, *context.program.definitions)
    targets = [t for t in given if t.role is Role.TARGET and not t.labels]
    units = [axis for axis in z.axes if axis.place is not None]
    samples = [axis for axis in z.axes if axis.place is None]
    if len(units) != 1 or len(samples) > 1:
        return expr
    atoms: dict[Expr, Expr] = {}
    for entry in entries(expr):
        tensor = tensor_of(entry)
        fits = [t for t in targets if tensor.role is Role.TARGET and set(t.axes) == set(z.axes)]
        meant = own.get(tensor.role) or (fits[0] if fits else None)
        if meant is not None and len(meant.axes) == len(tensor.axes):
            letters = {
                axis: axis.index("j" if axis.place is not None else "n") for axis in meant.axes
            }
            atoms[entry] = meant[tuple(letters[axis] for axis in meant.axes)]
    return expr.xreplace(atoms)


def _as_number(expr: Expr) -> Expr:
    """``expr`` where every layer is one number."""
    found = {entry: replace(tensor_of(entry), axes=())[()] for entry in entries(expr)}
    return expr.xreplace(found)


TEXTS = {
    "en": {
        "what": "This is the gradient of another loss than the stated one.",
        "why": "z − d is δ only where the loss fits the activation: cross-entropy with a sigmoid or"
        " softmax, squared error with the identity.",
        "example": "δ_j = z_j − d_j with a sigmoid and the squared error",
        "fix": "Differentiate the stated loss, or state the loss that was meant.",
        "loss": "this is right for {loss}, not for the loss that is stated",
        "pair": "this is right for {loss} with {activation} outputs, not for what is stated",
    },
    "ja": {
        "what": "書かれた損失ではない、別の損失の勾配になっている。",
        "why": "δ が z − d になるのは、シグモイドやソフトマックスと交差エントロピー、恒等関数と"
        "二乗誤差のように、損失と活性化関数が組になっているときだけである。",
        "example": "シグモイドと二乗誤差なのに δ_j = z_j − d_j",
        "fix": "書かれた損失を微分するか、意図した損失を書く。",
        "loss": "損失が{loss}なら正しいが、書かれた損失では正しくない",
        "pair": "出力が {activation} で損失が{loss}なら正しいが、ここでは正しくない",
    },
}

MISTAKE = Mistake("M08", TEXTS, make)
