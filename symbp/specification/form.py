"""Networks of which only the form is declared, and the instance that can be run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symbp.activations.activation import Activation, General
from symbp.agreement import disagreements, form_faults, graph_disagreements, named_faults
from symbp.errors import Fault, fault
from symbp.heads import joined
from symbp.layers.dense import Dense
from symbp.layers.graph import Graph
from symbp.network import Network
from symbp.specification.fields import Fields

PARTS = ("name", "inputs", "layers", "loss", "data")


def part_faults(declared: Mapping[str, Any]) -> list[Fault]:
    """What does not fit; that the list of layers is missing has been noted on reading it."""
    found = disagreements(*(declared[key] for key in PARTS))
    return found if declared["layers"] else [f for f in found if f.code != "no_layers"]


def graph_faults(declared: Mapping[str, Any], noted: Sequence[Fault]) -> list[Fault]:
    """What does not fit in a graph of layers; ``noted`` is what is known to be wrong."""
    name, inputs, layers, loss, data = (declared[key] for key in PARTS)
    losses = tuple(each for each in (loss, *declared["further"]) if each is not None)

    def graph() -> Graph:
        return joined(inputs, layers, losses, batch=declared["batch"])

    found = graph_disagreements(name, inputs, layers, losses, data, graph)
    if any(f.path[:1] == ("inputs",) for f in noted):
        found = [f for f in found if f.path[:1] != ("inputs",)]
    return found if declared["layers"] else [f for f in found if f.code != "no_layers"]


def form(
    top: Fields, own: Mapping[str, Activation | None], declared: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of a network of which only the form is declared, from ``[instance]``.

    Nothing where there are faults, all of which are then noted.
    """
    batch = top.take("batch", "boolean", True)
    if "instance" not in top.table:
        top.take("instance", "table", required=True)
        top.note(*named_faults(declared["name"]))
        return {}
    fields = top.inner("instance")
    inputs = fields.take("inputs", "anything")
    counts = fields.take("units", "list", [], required=True)
    word = fields.take("activation", "text", "tanh")
    fields.done()
    shape = form_faults(declared["layers"], declared["loss"])
    if shape or None in declared["layers"]:
        top.note(*named_faults(declared["name"]), *shape)
        return {}
    hidden, last = declared["layers"]
    function = own.get(word, word) if hidden.activation == General() else hidden.activation
    if len(counts) < 2:
        fields.note(fault("instance_units", "units", given=len(counts)))
    kinds = [(function or "identity", hidden.bias)] * (len(counts) - 1)
    layers = tuple(
        _layer(fields, place, size, *kind)
        for place, (size, kind) in enumerate(
            zip(counts, [*kinds, (last.activation, last.bias)], strict=False)
        )
    )
    concrete = {**declared, "inputs": inputs, "layers": layers}
    top.note(*(_in_instance(each) for each in part_faults(concrete)))
    if top.faults:
        return {}
    return {"inputs": None, "batch": batch, "data": None, "instance": Network(**concrete)}


def _layer(
    fields: Fields, place: int, size: Any, activation: str | Activation, bias: bool
) -> Dense | None:
    faults: list[Fault] = []
    made: Dense | None = Fields({}, (), faults).attempt(lambda: Dense(size, activation, bias))
    fields.note(*(each for each in (_of_units(f, place) for f in faults)))
    return made


def _of_units(each: Fault, place: int) -> Fault:
    """A layer's fault where the sizes of all layers are one list and the activation is one word."""
    path = ("units", place) if each.path == ("units",) else each.path
    return Fault(each.code, path, each.details)


def _in_instance(each: Fault) -> Fault:
    if each.path[:1] in (("name",), ("data",)) or each.details.get("missing") == "name":
        return each
    path = each.path
    if path[:1] == ("layers",) and path[2:] == ("units",):
        path = ("units", path[1])
    return Fault(each.code, ("instance", *path), each.details)
