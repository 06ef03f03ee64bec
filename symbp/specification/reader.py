"""From TOML to a Network: everything that is wrong is found before anything is raised."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symbp.activations.activation import Activation
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.layers.dense import Dense
from symbp.network import Network
from symbp.specification import parts
from symbp.specification.document import Document, open_document, parse_document
from symbp.specification.fields import Fields
from symbp.specification.form import form, part_faults
from symbp.specification.own import own_activations

GENERAL = "general"


def read_network(path: str | Path) -> Network:
    """The network declared in the file ``path``. Raises SpecErrors with all that is wrong."""
    return network_of(open_document(Path(path)))


def parse_network(text: str, file: str = "<text>") -> Network:
    """The network that ``text`` declares; ``file`` is what errors call it."""
    return network_of(parse_document(text, file))


def network_of(document: Document) -> Network:
    """The network of a document. Raises SpecErrors with all that is wrong, in the text's order."""
    faults: list[Fault] = []
    top = Fields(document.tables, (), faults)
    own = own_activations(top)
    declared: dict[str, Any] = {
        "name": top.take("name", "anything"),
        "layers": _layers(top, own),
        "loss": parts.loss(top),
        "optimizer": parts.optimizer(top),
        "training": parts.training(top),
        "data": parts.data(top),
        "title": parts.title(top),
    }
    if _is_general(top):
        declared |= form(top, own, declared)
    else:
        declared["inputs"] = top.take("inputs", "anything")
        declared["batch"] = top.take("batch", "boolean", True)
        faults += part_faults(declared)
    top.done()
    if faults:
        raise SpecErrors(document.located(faults))
    return Network(**declared)


def _layers(top: Fields, own: Mapping[str, Activation | None]) -> tuple[Dense | None, ...]:
    entries = top.take("layers", "list", [], required=True)
    return tuple(
        parts.layer(Fields(entry, ("layers", place), top.faults), own)
        if top.is_kind(entry, "table", "layers", place)
        else None
        for place, entry in enumerate(entries)
    )


def _is_general(top: Fields) -> bool:
    word = top.take("depth", "text")
    if word is not None and word != GENERAL:
        known = (GENERAL,)
        slip = meant(word, known)
        top.note(fault("unknown_word", "depth", given=word, meant=slip, known=known))
    return word is not None
