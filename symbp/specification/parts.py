"""The parts of a network, each from its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symbp.activations.activation import Activation
from symbp.activations.table import ACTIVATIONS, with_constants
from symbp.errors import fault, meant
from symbp.layers.dense import Dense
from symbp.losses.criterion import LOSSES
from symbp.losses.loss import Loss
from symbp.optimizers.optimizer import Optimizer
from symbp.optimizers.rule import RULES
from symbp.specification.fields import Fields
from symbp.training import Table, Title, Training


def title(top: Fields) -> Title:
    """``title = "…"`` for every language, or a table with a text per language."""
    value = top.take("title", "anything", "")
    if isinstance(value, str):
        return Title(value, value)
    fields = top.inner("title")
    found = Title(fields.take("en", "text", ""), fields.take("ja", "text", ""))
    fields.done()
    return found


def dense(fields: Fields, own: Mapping[str, Activation | None]) -> Dense | None:
    """A fully connected layer: units, activation and its constants, bias."""
    units, bias = fields.take("units", "anything"), fields.take("bias", "boolean", True)
    function = _activation(fields, own)
    own_constants = function.constants if function else _every(ACTIVATIONS.values())
    constants = fields.numbers(key for key, _ in own_constants)
    fields.done()
    chosen = with_constants(function, constants) if function else "identity"
    made: Dense | None = fields.attempt(lambda: Dense(units, chosen, bias))
    return made if function is not None else None


def _activation(fields: Fields, own: Mapping[str, Activation | None]) -> Activation | None:
    name = fields.take("activation", "text", "identity")
    if name in own:
        return own[name]
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    known = tuple(dict.fromkeys((*ACTIVATIONS, *own)))
    slip = meant(name, known)
    fields.note(fault("unknown_activation", "activation", given=name, meant=slip, known=known))
    return None


def losses(top: Fields) -> list[Loss | None]:
    """``loss = "name"``, a table, or ``[[loss]]``, a table for each of several."""
    given = top.table.get("loss")
    if not isinstance(given, list):
        return [_loss(_named(top, "loss"))]
    top.take("loss", "list")
    if not given:
        top.note(fault("missing_key", "loss", missing="name"))
        return [None]
    return [
        _loss(Fields(each, ("loss", k), top.faults))
        if top.is_kind(each, "table", "loss", k)
        else None
        for k, each in enumerate(given)
    ]


def _loss(fields: Fields) -> Loss | None:
    """A table with name, reduction, l2, smoothing, from, weight and constants."""
    name = fields.take("name", "text", required=True)
    options = {
        "reduction": fields.take("reduction", "text", "mean"),
        "l2": fields.take("l2", "number", 0.0),
        "smoothing": fields.take("smoothing", "number", 0.0),
        "weight": fields.take("weight", "number", 1.0),
        "reads": names(fields, "from"),
        "class_weights": _numbers(fields, "class_weights"),
        **fields.numbers(_constants(LOSSES, name)),
    }
    fields.done()
    if name is None:
        return None
    made: Loss | None = fields.attempt(lambda: Loss.of(name, **options))
    # With its name known, a loss whose options are wrong can still be held against the layers.
    return made or (Loss(LOSSES[name], reads=options["reads"]) if name in LOSSES else None)


def _numbers(fields: Fields, key: str) -> tuple[float, ...]:
    """A list of numbers; none where there is no list or one of them is none."""
    given = fields.take(key, "list", [])
    good = [fields.is_kind(each, "number", key, k) for k, each in enumerate(given)]
    return tuple(given) if all(good) else ()


def names(fields: Fields, key: str) -> tuple[str, ...]:
    """A name, or a list of names, of what is read; none where there is none or one is wrong."""
    given = fields.take(key, "anything")
    if isinstance(given, str):
        return (given,)
    if given is not None and not isinstance(given, list):
        fields.note(fault("type", key, given=given, wanted="text"))
        return ()
    if given is not None and not given:
        fields.note(fault("from_nothing", key))
    good = [fields.is_kind(each, "text", key, k) for k, each in enumerate(given or ())]
    return tuple(given or ()) if all(good) else ()


def optimizer(top: Fields) -> Optimizer | None:
    """``optimizer = "name"``, or a table with name, rate, schedule, decay, clip and constants."""
    fields = _named(top, "optimizer", "sgd")
    name = fields.take("name", "text", "sgd")
    options = {
        "rate": fields.take("rate", "number", 0.1),
        "schedule": fields.take("schedule", "text", "constant"),
        "decay": fields.take("decay", "number", 0.0),
        "clip": fields.take("clip", "number"),
        **fields.numbers(_constants(RULES, name)),
    }
    fields.done()
    made: Optimizer | None = fields.attempt(lambda: Optimizer.of(name, **options))
    return made


def _named(top: Fields, key: str, default: str | None = None) -> Fields:
    """The table under ``key``; a text there is the table that has this name only."""
    value = top.take(key, "anything", default)
    if isinstance(value, dict):
        return top.inner(key)
    if value is None:
        top.note(fault("missing_key", missing=key))
        return Fields({"name": ""}, (key,), [])  # its faults would only repeat this one
    return Fields({"name": value}, (key,), top.faults)


def _constants(table: Mapping[str, Any], name: object) -> tuple[str, ...]:
    """The constants of the entry ``name``; those of all entries where there is no such."""
    found = isinstance(name, str) and name in table
    own = table[str(name)].constants if found else _every(table.values())
    return tuple(key for key, _ in own)


def _every(entries: Iterable[Any]) -> tuple[tuple[str, float], ...]:
    """The constants of all ``entries``, each once."""
    return tuple({key: (key, value) for each in entries for key, value in each.constants}.values())


def training(top: Fields) -> Training | None:
    """``[training]``: epochs, batch_size, seed, init, init_scale."""
    fields = top.inner("training")
    usual = Training()
    options = {
        "epochs": fields.take("epochs", "integer", usual.epochs),
        "batch_size": fields.take("batch_size", "integer"),
        "seed": fields.take("seed", "integer", usual.seed),
        "init": fields.take("init", "text", usual.init),
        "init_scale": fields.take("init_scale", "number", usual.init_scale),
    }
    fields.done()
    made: Training | None = fields.attempt(lambda: Training(**options))
    return made


def data(top: Fields) -> Table | str | None:
    """``data = "name"``, or a table with rows ``x`` and rows or labels ``d``."""
    value = top.take("data", "anything")
    if value is None or isinstance(value, str):
        return value
    fields = top.inner("data")
    inputs = _rows(fields, "x", labels=False)
    targets = _rows(fields, "d", labels=True)
    fields.done()
    return None if inputs is None or targets is None else Table(inputs, targets)


def _rows(fields: Fields, key: str, labels: bool) -> tuple[Any, ...] | None:
    rows = fields.take(key, "list", required=True)
    if rows is None:
        return None
    good = True
    for n, row in enumerate(rows):
        if isinstance(row, list):
            for j, value in enumerate(row):
                good = fields.is_kind(value, "number", key, n, j) and good
        elif not labels:
            good = fields.is_kind(row, "list", key, n) and good
    return tuple(tuple(r) if isinstance(r, list) else r for r in rows) if good else None
