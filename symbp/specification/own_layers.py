"""Layers of the user's own, from ``[layer.NAME]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from symbp.activations.activation import Activation, Scalar
from symbp.activations.table import ACTIVATIONS
from symbp.errors import SpecErrors, fault, meant
from symbp.layers.catalogue import WHERE
from symbp.layers.declared import Declared, in_declaration
from symbp.layers.forward import Forward, read, size_faults
from symbp.layers.options import activation_faults
from symbp.naming import name_faults
from symbp.specification.fields import Fields

Own = Mapping[str, Activation | None]

KEYS = ("kind", "name", "from", "share", "transposed")
"""What every entry of ``[[layers]]`` may say; no option can be called so."""


@dataclass(frozen=True)
class Kind:
    """A layer whose options are still to be given; ``sizes`` and ``constants`` may name them."""

    name: str
    forward: Forward
    sizes: Mapping[str, Any]
    constants: Mapping[str, Any]
    options: Mapping[str, Any]

    def made(self, fields: Fields, own: Own) -> Declared | None:
        """The layer with the options of one entry of ``[[layers]]``."""
        before = len(fields.faults)
        values = {name: self._option(fields, name, own) for name in self.options}
        if len(fields.faults) > before:
            return None
        functions = {k: each for k, each in own.items() if isinstance(each, Scalar)}
        functions |= {k: each for k, each in values.items() if isinstance(each, Scalar)}
        return Declared(self.name, self._filled(values), functions)

    def _filled(self, values: Mapping[str, Any]) -> Forward:
        return replace(
            self.forward,
            sizes={letter: values.get(size, size) for letter, size in self.sizes.items()},
            constants={name: values.get(value, value) for name, value in self.constants.items()},
        )

    def _option(self, fields: Fields, name: str, own: Own) -> Any:
        """The value of an option; its default where none is given."""
        default = self.options[name]
        if isinstance(default, str):
            word = fields.take(name, "text", default)
            found = own.get(word) or ACTIVATIONS.get(word)
            if word not in own:
                fields.note(*activation_faults(word, name))
            return found
        kind = "integer" if isinstance(default, int) else "number"
        value = fields.take(name, kind, default)
        if name in self.sizes.values():
            fields.note(*size_faults(value, name))
        return value


def own_layers(top: Fields, own: Own) -> dict[str, Kind | None]:
    """``[layer.NAME]``: equations of the user's own; None for those that cannot be used."""
    fields = top.inner("layer")
    found = {}
    for name in fields.table:
        if name in WHERE:
            fields.note(fault("layer_taken", name, given=name))
        fields.note(*(replace(each, code="name_form") for each in name_faults(name, name)))
        found[name] = _kind(fields, name, own)
    fields.taken += fields.table
    return found


def _kind(table: Fields, name: str, own: Own) -> Kind | None:
    if not table.is_kind(table.table[name], "table", name):
        return None
    fields = Fields(table.table[name], (*table.path, name), table.faults)
    before = len(fields.faults)
    reads = _texts(fields, "reads")
    equations = _texts(fields, "equations")
    parameters = _texts_of(fields, "parameters")
    options = _options(fields, own)
    sizes = _chosen(fields, "sizes", options, "integer")
    constants = _chosen(fields, "constants", options, "number")
    output = fields.take("output", "text")
    fields.done()
    if reads is None or equations is None:
        return None
    forward = Forward(reads, equations, {}, parameters, {}, output)
    kind = Kind(name, forward, sizes, constants, options)
    try:
        read(kind._filled(options))
    except SpecErrors as wrong:
        fields.note(*(in_declaration(each, forward) for each in wrong.faults))
    return kind if len(fields.faults) == before else None


def _texts(fields: Fields, key: str) -> str | tuple[str, ...] | None:
    """One text, or a list of texts."""
    value = fields.take(key, "anything", required=True)
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, list):
        fields.note(fault("type", key, given=value, wanted="text"))
        return None
    good = [fields.is_kind(each, "text", key, k) for k, each in enumerate(value)]
    return tuple(value) if all(good) else None


def _texts_of(fields: Fields, key: str) -> dict[str, str]:
    """A table of texts."""
    inner = fields.inner(key)
    found = {name: inner.take(name, "text") for name in inner.table}
    return {name: value for name, value in found.items() if value is not None}


def _options(fields: Fields, own: Own) -> dict[str, Any]:
    """The options with their defaults: numbers, and names of activations."""
    inner = fields.inner("options")
    found = {}
    for name, value in inner.table.items():
        if name in KEYS:
            inner.note(fault("name_reserved", name, given=name))
        if isinstance(value, str):
            inner.note(*(activation_faults(value, name) if value not in own else ()))
        elif not inner.is_kind(value, "number", name):
            continue
        found[name] = value
    return found


def _chosen(
    fields: Fields, key: str, options: Mapping[str, Any], kind: str
) -> dict[str, int | float | str]:
    """A table of numbers, or of names of options that are numbers."""
    inner = fields.inner(key)
    known = tuple(name for name, value in options.items() if not isinstance(value, str))
    found: dict[str, int | float | str] = {}
    for name, value in inner.table.items():
        if isinstance(value, str):
            if value not in known:
                facts = {"given": value, "meant": meant(value, known), "known": known}
                inner.note(fault("unknown_option", name, **facts))
                continue
        elif not inner.is_kind(value, kind, name):
            continue
        found[name] = value
    return found
