"""The entries of ``[[layers]]``: a kind and its options, a name, and what is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any

from symbp.activations.activation import Activation, Scalar
from symbp.activations.table import ACTIVATIONS, with_constants
from symbp.errors import fault, meant
from symbp.layers.catalogue import WHERE, class_of
from symbp.layers.graph import Input, Node
from symbp.layers.options import ACTIVATION, activation_faults, kind_of, options, wrong_options
from symbp.specification import parts
from symbp.specification.fields import Fields

if TYPE_CHECKING:
    from symbp.specification.own_layers import Kind

Own = Mapping[str, Activation | None]


def entry(fields: Fields, own: Own, kinds: Mapping[str, Kind | None]) -> Any:
    """One of ``[[layers]]``: a layer, or a Node where it is named, reads or shares; None if bad."""
    kind = fields.take("kind", "text", "dense")
    before = len(fields.faults)
    around = _around(fields)
    unsure = len(fields.faults) > before
    made = _layer(fields, kind, own, kinds)
    made = None if unsure else made
    return Node(made, **around) if around else made


def _around(fields: Fields) -> dict[str, Any]:
    """What is said of the layer's place among the others."""
    said: dict[str, Any] = {}
    name = fields.take("name", "text")
    if name is not None:
        said["name"] = name
    if reads := parts.names(fields, "from"):
        said["reads"] = reads
    share = fields.take("share", "text")
    if share is not None:
        said["share"] = share
    if fields.take("transposed", "boolean", default=False):
        said["transposed"] = True
    return said


def _layer(fields: Fields, kind: str, own: Own, kinds: Mapping[str, Kind | None]) -> Any:
    if kind in kinds:
        found = kinds[kind]
        if found is None:
            return None  # what is wrong with it has been noted
        made = found.made(fields, own)
        fields.done()
        return made
    if kind not in WHERE:
        known = tuple(dict.fromkeys((*WHERE, *kinds)))
        slip = meant(kind, known)
        fields.note(fault("unknown_layer", "kind", given=kind, meant=slip, known=known))
        return None
    if kind == "dense":
        return parts.dense(fields, own)
    return _of_class(fields, class_of(kind), own)


def _of_class(fields: Fields, layer: Any, own: Own) -> Any:
    """A layer of the package, its options taken from the fields of its class."""
    before = len(fields.faults)
    values: dict[str, Any] = {}
    for option in options(layer):
        required = option.default is MISSING
        if option.name == ACTIVATION:
            found = _activation(fields, required=required, own=own)
        else:
            found = fields.take(option.name, kind_of(option), required=required)
        if found is not None:
            values[option.name] = found
    fields.done()
    if len(fields.faults) > before:
        return None
    made = layer(**values)
    fields.note(*wrong_options(made))
    return made if len(fields.faults) == before else None


def _activation(fields: Fields, own: Own, *, required: bool) -> Activation | str | None:
    """The activation of each unit, with its constants, which are keys of the same table."""
    word = fields.take(ACTIVATION, "text", required=required)
    if word is None:
        return None
    if word not in own:
        fields.note(*activation_faults(word, ACTIVATION))
    found = own.get(word) or ACTIVATIONS.get(word)
    if not isinstance(found, Scalar):
        return None
    constants = fields.numbers(key for key, _ in found.constants)
    if word in own or constants:
        return with_constants(found, constants)
    return word


def inputs(top: Fields) -> Any:
    """``inputs = 64``, ``inputs = [1, 8, 8]``, or a table of named inputs."""
    value = top.take("inputs", "anything")
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, dict):
        return value
    before = len(top.faults)
    table = top.inner("inputs")
    found = []
    for name in table.table:
        if not table.is_kind(table.table[name], "table", name):
            continue
        fields = Fields(table.table[name], (*table.path, name), table.faults)
        shape = fields.take("shape", "anything", [])
        shape = [shape] if isinstance(shape, int) else shape
        tokens = fields.take("tokens", "integer")
        mask = fields.take("mask", "boolean", default=False)
        fields.done()
        if fields.is_kind(shape, "list", "shape"):
            found.append(Input(name, tuple(shape), tokens, mask))
    return tuple(found) if len(top.faults) == before else ()
