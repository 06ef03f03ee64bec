"""Whether the parts of a network fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import prod
from typing import Any

from symbp.activations.activation import Activation, Softmax
from symbp.activations.table import ACTIVATIONS
from symbp.equations.tensor import entries, tensor_of
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.heads import head_faults, heads, is_plain, names_of, path_of
from symbp.layers.dense import Dense, size_faults
from symbp.layers.graph import Graph, Input, Node
from symbp.losses.criterion import Targets
from symbp.losses.loss import Loss
from symbp.naming import RESERVED, is_of_results, name_faults
from symbp.training import DATASETS, Table

MOST_WEIGHTS = 1_000_000_000
MOST_LAYERS = 1_000
ONES = 1e-9


def disagreements(
    name: object,
    inputs: object,
    layers: Sequence[Dense | None],
    loss: Loss | None,
    data: Table | str | None,
) -> list[Fault]:
    """Everything that does not fit; a layer or loss that is None is not known, and not judged."""
    faults = named_faults(name)
    if inputs is None:
        faults.append(fault("missing_key", missing="inputs"))
    else:
        faults += size_faults(inputs, "inputs")
    faults += _layer_faults(layers)
    width = inputs if isinstance(inputs, int) and not size_faults(inputs) else None
    sizes = [width, *(layer.units if layer else None for layer in layers)]
    faults += _amount_faults(sizes)
    if layers and layers[-1] and loss:
        faults += outputs_faults(layers[-1], loss, len(layers) - 1)
        faults += class_faults(loss, sizes[-1], "loss")
    if isinstance(data, str):
        faults += _dataset_faults(data)
    if isinstance(data, Table):
        faults += table_faults(data, width, sizes[-1] if layers else None, loss)
    return faults


def graph_disagreements(
    name: object,
    inputs: Any,
    layers: Sequence[Any],
    losses: Sequence[Loss],
    data: Table | str | None,
    graph: Callable[[], Graph],
) -> list[Fault]:
    """Everything that does not fit in a graph of layers, which ``graph`` joins."""
    faults = [*named_faults(name), *input_faults(inputs), *node_faults(layers)]
    if isinstance(data, str):
        faults += _dataset_faults(data)
    if not layers:
        faults.append(fault("no_layers", "layers"))
    if len(layers) > MOST_LAYERS:
        faults.append(fault("too_many_layers", "layers", given=len(layers), limit=MOST_LAYERS))
    if not layers or len(layers) > MOST_LAYERS or input_faults(inputs):
        return faults
    unread = list(head_faults(losses, layers))
    faults += unread
    try:
        found = graph()
    except SpecErrors as wrong:
        return [*faults, *wrong.faults]
    faults += [*_idle_faults(found, layers, losses), *_learnt_faults(found)]
    faults += [] if unread else _measured_faults(found, layers, losses)
    if data is not None and (len(found.inputs) > 1 or not is_plain(losses)):
        return [*faults, fault("data_many", "data")]
    if isinstance(data, Table):
        given, predicted = found.inputs[0], found.placed[-1].output
        width = prod(found.sizes[axis] for axis in given.axes if axis in found.sizes)
        units = found.sizes.get(predicted.axes[-1]) if len(predicted.axes) <= 2 else None
        faults += table_faults(data, width, units, losses[0] if losses else None)
    return faults


def input_faults(inputs: Any) -> list[Fault]:
    """What keeps ``inputs`` from being a number of units, a shape, or inputs with names."""
    if inputs is None:
        return [fault("missing_key", missing="inputs")]
    if not isinstance(inputs, (tuple, list)):
        return list(size_faults(inputs, "inputs"))
    if not inputs:
        return [fault("inputs_none", "inputs")]
    if not all(isinstance(each, Input) for each in inputs):
        return [f for k, n in enumerate(inputs) for f in size_faults(n, "inputs", k)]
    faults: list[Fault] = []
    for k, each in enumerate(inputs):
        path = ("inputs", each.name)
        faults += name_faults(each.name, *path)
        if each.name in [other.name for other in inputs[:k]]:
            faults.append(fault("node_again", *path, given=each.name))
        if each.name in RESERVED - {"x", "y"} or is_of_results(str(each.name)):
            faults.append(fault("name_reserved", *path, given=each.name))
        faults += [f for k, n in enumerate(each.shape) for f in size_faults(n, *path, "shape", k)]
        if each.labels is not None:
            faults += size_faults(each.labels, *path, "tokens")
        elif not each.shape:
            faults.append(fault("missing_key", *path, missing="shape"))
    return faults


def node_faults(layers: Sequence[Any]) -> list[Fault]:
    """What is wrong with the names of layers, and with fully connected ones by themselves."""
    nodes = [each for each in enumerate(layers) if isinstance(each[1], Node)]
    faults = [f for k, n in nodes if n.name for f in name_faults(n.name, "layers", k, "name")]
    inner = [each.layer if isinstance(each, Node) else each for each in layers]
    return [*faults, *_dense_faults([e if isinstance(e, Dense) else None for e in inner])]


def _idle_faults(graph: Graph, layers: Sequence[Any], losses: Sequence[Loss]) -> Iterator[Fault]:
    """Layers that nothing reads, losses neither, and networks that learn nothing."""
    names = names_of(layers)
    measured = {name for loss in losses for name in loss.reads or names[-1:]} or {names[-1]}
    used = {tensor_of(entry) for e in graph.equations for entry in entries(e.rhs)}
    for placed, name in zip(graph.placed, names, strict=True):
        if placed.output not in used and name not in measured:
            yield fault("node_idle", "layers", int(placed.place) - 1)
    if not graph.parameters:
        yield fault("nothing_learnt", "layers")


def _measured_faults(
    graph: Graph, layers: Sequence[Any], losses: Sequence[Loss]
) -> Iterator[Fault]:
    """Whether losses make sense of what they read, as far as that is known."""
    names = names_of(layers)
    for loss in losses:
        for place in sorted({names.index(n) for n in loss.reads or names[-1:] if n in names}):
            yield from _range_faults(layers[place], loss, place)
    for k, head in enumerate(heads(losses, graph, layers)):
        axes = head.measured.axes[-1:]
        classes = graph.sizes.get(axes[0]) if axes else None
        yield from class_faults(head.loss, classes, *path_of(k, losses))


def _learnt_faults(graph: Graph) -> Iterator[Fault]:
    """Parameters with more numbers than any network has."""
    for placed in graph.placed:
        for each in placed.parameters:
            count = prod(graph.sizes.get(axis, 1) for axis in each.tensor.axes)
            if count > MOST_WEIGHTS:
                facts = {"given": count, "limit": MOST_WEIGHTS, "name": each.tensor.name}
                yield fault("weights_many", "layers", int(placed.place) - 1, **facts)


def _range_faults(layer: Any, loss: Loss, place: int) -> Iterator[Fault]:
    """Whether ``loss`` makes sense of the last layer, as far as its outputs are known."""
    layer = layer.layer if isinstance(layer, Node) else layer
    if isinstance(layer, Dense):
        yield from outputs_faults(layer, loss, place)
        return
    found = getattr(layer, "activation", None)
    activation = ACTIVATIONS.get(found) if isinstance(found, str) else found
    if activation and activation.outputs.is_subset(loss.criterion.outputs) is not True:
        facts = {"activation": activation.name, "loss": loss.criterion.name}
        yield fault("loss_of_outputs", "layers", place, "activation", **facts)


def _dataset_faults(data: str) -> Iterator[Fault]:
    if data not in DATASETS:
        slip = meant(data, DATASETS)
        yield fault("unknown_dataset", "data", given=data, meant=slip, known=DATASETS)


def named_faults(name: object) -> list[Fault]:
    """What is wrong with the name of a network; without any it has None."""
    return [fault("missing_key", missing="name")] if name is None else name_faults(name, "name")


def form_faults(layers: Sequence[Dense | None], loss: Loss | None) -> list[Fault]:
    """What keeps ``layers`` from being a form: a hidden layer and the last one, without sizes."""
    if len(layers) != 2:
        return [fault("form_layers", "layers", given=len(layers))]
    faults = [
        fault("form_units", *("layers", place, "units"))
        for place, layer in enumerate(layers)
        if layer and layer.units is not None
    ]
    if layers[-1] and loss:
        faults += outputs_faults(layers[-1], loss, 1)
    return faults


def _layer_faults(layers: Sequence[Dense | None]) -> Iterator[Fault]:
    if not layers:
        yield fault("no_layers", "layers")
    if len(layers) > MOST_LAYERS:
        yield fault("too_many_layers", "layers", given=len(layers), limit=MOST_LAYERS)
    yield from _dense_faults(layers)


def _dense_faults(layers: Sequence[Dense | None]) -> Iterator[Fault]:
    for place, layer in enumerate(layers):
        if layer and layer.units is None:
            yield fault("missing_key", "layers", place, missing="units")
        if layer and isinstance(layer.activation, Softmax) and layer.units == 1:
            yield fault("softmax_of_one", "layers", place, "activation")


def _amount_faults(sizes: Sequence[int | None]) -> Iterator[Fault]:
    for place, (before, after) in enumerate(pairwise(sizes)):
        if before and after and before * after > MOST_WEIGHTS:
            yield fault(
                "too_many_weights",
                *("layers", place, "units"),
                before=before,
                after=after,
                limit=MOST_WEIGHTS,
            )


def outputs_faults(layer: Dense, loss: Loss, place: int) -> Iterator[Fault]:
    """Whether ``loss`` makes sense of what ``layer``, the last one, yields."""
    activation: Activation = layer.activation
    if activation.outputs.is_subset(loss.criterion.outputs) is not True:
        yield fault(
            "loss_of_outputs",
            *("layers", place, "activation"),
            activation=activation.name,
            loss=loss.criterion.name,
        )
    labels = loss.criterion.targets is Targets.LABELS
    if labels and layer.units == 1:
        yield fault("labels_of_one", "layers", place, "units", loss=loss.criterion.name)


def class_faults(loss: Loss, classes: int | None, *path: str | int) -> Iterator[Fault]:
    """Whether there is a weight for each class of ``loss``, of which a layer has so many."""
    given = len(loss.class_weights)
    if given and not loss.is_binary and classes is not None and given != classes:
        facts = {"given": given, "wanted": classes}
        yield fault("class_weights_count", *path, "class_weights", **facts)


def table_faults(
    table: Table, inputs: int | None, outputs: int | None, loss: Loss | None
) -> Iterator[Fault]:
    """Rows of the wrong length, targets that the loss cannot take."""
    if not table.inputs:
        yield fault("no_samples", "data", "x")
    if len(table.inputs) != len(table.targets):
        yield fault("rows_differ", "data", "d", x=len(table.inputs), d=len(table.targets))
    for n, row in enumerate(table.inputs):
        if inputs is not None and len(row) != inputs:
            yield fault("row_length", "data", "x", n, given=len(row), wanted=inputs)
    if loss is None:
        return
    for n, target in enumerate(table.targets):
        yield from _target_faults(target, n, outputs, loss)


def _target_faults(target: object, n: int, outputs: int | None, loss: Loss) -> Iterator[Fault]:
    criterion = loss.criterion
    if criterion.targets is Targets.LABELS:
        if isinstance(target, bool) or not isinstance(target, int):
            yield fault("label_type", "data", "d", n, given=target, loss=criterion.name)
        elif target < 0 or (outputs is not None and target >= outputs):
            yield fault("label_range", "data", "d", n, given=target, classes=outputs)
        return
    if not isinstance(target, tuple):
        yield fault("target_row", "data", "d", n, given=target, loss=criterion.name)
        return
    if outputs is not None and len(target) != outputs:
        yield fault("row_length", "data", "d", n, given=len(target), wanted=outputs)
    for j, value in enumerate(target):
        if value in criterion.allowed:
            continue
        if criterion.targets is Targets.SIGNS:
            yield fault("target_sign", "data", "d", n, j, given=value, loss=criterion.name)
        else:
            yield fault("target_range", "data", "d", n, j, given=value, loss=criterion.name)
    if criterion.targets is Targets.ONE_HOT and abs(sum(target) - 1) > ONES:
        yield fault("not_one_hot", "data", "d", n, given=target, loss=criterion.name)
