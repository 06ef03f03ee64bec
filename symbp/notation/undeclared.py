"""Signs that nobody need declare: δ, Δw, a new w', dW for a gradient, W_ij, ŷ."""

from __future__ import annotations

from symbp.equations.tensor import PARAMETERS, Role, Tensor, after, change_name
from symbp.notation.declared import signs_of
from symbp.notation.formula import Sign
from symbp.notation.scope import Scope
from symbp.notation.spelling import capital
from symbp.notation.tables import Tables, as_whole, unbracketed

SAMPLE_LOSS = "loss"
"""What the loss of one sample is called."""

LOSSES = ("L", "ℒ", "ℓ", "E", "C", "J")

PREDICTIONS = (Sign("y\u0302"), Sign("y", "pred"))
TARGETS = (Sign("y", "true"), Sign("t", "true"))


def declare_implied(tables: Tables, scope: Scope) -> None:
    """Enters what follows from the tensors in ``scope``, where its sign means nothing else yet."""
    for tensor in scope.tensors:
        _add_relatives(tables, tensor)
        _add_glyphs(tables, tensor)
        if tables.is_matrix and tensor.axes:
            _add_gradient(tables, tensor)


def _add_relatives(tables: Tables, tensor: Tensor) -> None:
    """δ of a layer; the change of a parameter and its new value."""
    spelling = tables.notation.spelling
    for relative in _relatives(tensor):
        if not tables.has(unbracketed(spelling.tensor(relative))):
            tables.add(spelling.tensor(relative), relative)
            tables.add_whole(relative)


def _relatives(tensor: Tensor) -> tuple[Tensor, ...]:
    if tensor.role in PARAMETERS and not tensor.name.endswith("'"):
        change = Tensor(change_name(tensor), tensor.axes, Role.OTHER, tensor.place)
        return change, after(tensor)
    if tensor.role is Role.PREACTIVATION:
        return (Tensor("delta", tensor.axes, Role.DELTA, tensor.place),)
    return ()


def _add_glyphs(tables: Tables, tensor: Tensor) -> None:
    """Other glyphs for the same: ℓ, W_ij, B, b, ŷ."""
    spelling, convention = tables.notation.spelling, tables.notation.convention
    if tensor.name == SAMPLE_LOSS and tensor.axes:
        for glyph in (convention.glyphs[Role.LOSS], *LOSSES):
            tables.tensors.setdefault(Sign(glyph), [tensor])
    if tables.is_matrix and len(tensor.axes) > 1:
        _add_capital_entries(tables, tensor)
    if tables.is_matrix and tensor.role is Role.BIAS:
        sign = unbracketed(spelling.matrix(tensor))
        large = sign._replace(glyph=capital(sign.glyph))
        if not tables.has(large):
            tables.matrices[large] = tensor
    if spelling.is_bias_as_weight(tensor) and tensor.role is Role.BIAS:
        own = spelling.tensor(tensor)._replace(glyph=convention.glyphs[Role.BIAS])
        if not tables.has(unbracketed(own)):
            tables.tensors[unbracketed(own)] = [tensor]
    if tensor.role is Role.ACTIVATION and tensor.place == tables.notation.last:
        _add_aliases(tables, tensor, PREDICTIONS)
    if tensor.role is Role.TARGET and tensor.axes:
        _add_aliases(tables, tensor, TARGETS)


def _add_capital_entries(tables: Tables, tensor: Tensor) -> None:
    """W_ij, an entry of W."""
    for sign in signs_of(tables.notation, tensor):
        large = unbracketed(sign._replace(glyph=capital(sign.glyph)))
        if not (large in tables.tensors or large in tables.scalars or large in tables.biases):
            tables.tensors[large] = [tensor]


def _add_aliases(tables: Tables, tensor: Tensor, signs: tuple[Sign, ...]) -> None:
    for sign in signs:
        if not tables.has(sign):
            tables.add(sign, tensor)
        if len(tensor.axes) > 1 or tables.is_matrix:
            tables.matrices.setdefault(as_whole(sign, tensor), tensor)


def _add_gradient(tables: Tables, tensor: Tensor) -> None:
    """dW and dw, which are ∂E/∂W."""
    spelling = tables.notation.spelling
    values = (spelling.matrix(tensor), spelling.tensor(tensor))
    others = signs_of(tables.notation, tensor) if tensor.role is Role.ACTIVATION else ()
    for sign in (*values, spelling.matrix(tensor, as_value=False), *others):
        gradient = unbracketed(sign._replace(glyph=f"d{sign.glyph}"))
        if not tables.has(gradient):
            tables.gradients.setdefault(gradient, tensor)
