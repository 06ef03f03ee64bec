"""From TOML to a Network: everything that is wrong is found before anything is raised."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symbp.activations.activation import Activation
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.heads import is_plain
from symbp.layers.dense import Dense
from symbp.network import Network
from symbp.specification import parts
from symbp.specification.document import Document, open_document, parse_document
from symbp.specification.fields import Fields
from symbp.specification.form import form, graph_faults, part_faults
from symbp.specification.layers import entry, inputs
from symbp.specification.own import own_activations

if TYPE_CHECKING:
    from symbp.specification.own_layers import Kind

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
    loss, *further = parts.losses(top)
    declared: dict[str, Any] = {
        "name": top.take("name", "anything"),
        "layers": _layers(top, own, _kinds(top, own)),
        "loss": loss,
        "further": tuple(further),
        "optimizer": parts.optimizer(top),
        "training": parts.training(top),
        "data": parts.data(top),
        "title": parts.title(top),
    }
    if _is_general(top):
        declared |= form(top, own, declared)
    else:
        declared["inputs"] = inputs(top)
        declared["batch"] = top.take("batch", "boolean", True)
        plain = _is_stack(declared)
        faults += part_faults(declared) if plain else graph_faults(declared, faults)
    top.done()
    if faults:
        raise SpecErrors(document.located(faults))
    return Network(**declared)


def _kinds(top: Fields, own: Mapping[str, Activation | None]) -> dict[str, Kind | None]:
    """The layers of the user's own; what reads their equations is loaded where there are any."""
    if "layer" not in top.table:
        return {}
    from symbp.specification.own_layers import own_layers

    return own_layers(top, own)


def _layers(
    top: Fields, own: Mapping[str, Activation | None], kinds: Mapping[str, Kind | None]
) -> tuple[Any, ...]:
    entries = top.take("layers", "list", [], required=True)
    return tuple(
        entry(Fields(each, ("layers", place), top.faults), own, kinds)
        if top.is_kind(each, "table", "layers", place)
        else None
        for place, each in enumerate(entries)
    )


def _is_stack(declared: Mapping[str, Any]) -> bool:
    """Whether fully connected layers follow each other, and units are read."""
    plain = all(isinstance(each, Dense | None) for each in declared["layers"])
    plain = plain and (
        declared["loss"] is None or is_plain((declared["loss"], *declared["further"]))
    )
    return plain and not isinstance(declared["inputs"], tuple)


def _is_general(top: Fields) -> bool:
    word = top.take("depth", "text")
    if word is not None and word != GENERAL:
        known = (GENERAL,)
        slip = meant(word, known)
        top.note(fault("unknown_word", "depth", given=word, meant=slip, known=known))
    return word is not None
