"""Activations of the user's own, from ``[activations]``."""

from __future__ import annotations

from symbp.activations.activation import Activation, constant
from symbp.activations.custom import activation, own_name_faults
from symbp.errors import fault
from symbp.naming import constant_faults
from symbp.specification.expression import expression
from symbp.specification.fields import Fields


def own_activations(top: Fields) -> dict[str, Activation | None]:
    """``[activations]``: formulas of the user's own; None for one that cannot be used."""
    fields = top.inner("activations")
    return {name: _own_activation(fields, name) for name in fields.table}


def _own_activation(table: Fields, name: str) -> Activation | None:
    value = table.take(name, "anything")
    if not isinstance(value, (str, dict)):
        table.note(fault("type", name, given=value, wanted="text"))
        return None
    fields = table.inner(name) if isinstance(value, dict) else Fields({}, (), table.faults)
    constants = fields.inner("constants")
    given = constants.numbers(tuple(constants.table))
    # One whose value is wrong still is a constant: the formula is not to blame for it.
    values = {key: given.get(key, 1.0) for key in constants.table}
    text = fields.take("expression", "text") if isinstance(value, dict) else value
    gain = fields.take("gain", "text", "glorot")
    outputs = _bounds(fields)
    fields.done()
    if text is None:
        if "expression" not in fields.table:
            fields.note(fault("missing_key", missing="expression"))
        return None
    names = {key: constant(key) for key in constants.table}
    formula = table.attempt(lambda: expression(text, names), name, "expression")
    if formula is None:
        fields.note(*(each for key in values for each in constant_faults(key, "constants", key)))
        table.note(*(each.under(name) for each in own_name_faults(name)))
        return None
    made: Activation | None = table.attempt(
        lambda: activation(name, formula, outputs, gain, **values), name
    )
    return made


def _bounds(fields: Fields) -> tuple[float, float] | None:
    value = fields.take("outputs", "list")
    if value is None:
        return None
    if len(value) != 2:
        fields.note(fault("outputs_order", "outputs", given=tuple(value)))
        return None
    if not all(fields.is_kind(bound, "number", "outputs", n) for n, bound in enumerate(value)):
        return None
    return value[0], value[1]
