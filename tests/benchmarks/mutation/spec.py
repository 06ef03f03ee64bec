"""What a derivation's author declares of it: the network, and what the glyphs stand for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

LAYERED = {"pre", "act", "weight", "bias", "delta", "dpre", "dact", "dweight", "dbias"}
FUNCTIONS = {
    r"\tanh": "fun:tanh",
    r"\exp": "fun:exp",
    r"\log": "fun:log",
    r"\ln": "fun:log",
    "tanh": "fun:tanh",
    "exp": "fun:exp",
    "log": "fun:log",
}
NAMES: dict[str, dict[str, str]] = {
    "jp-uz": {"u": "pre", "z": "act", "w": "weight", "b": "bias", r"\delta": "delta"}
    | {"E": "loss", "d": "target", "y": "pred", r"\eta": "rate", "x": "input"},
    "nielsen": {"z": "pre", "a": "act", "w": "weight", "b": "bias", r"\delta": "delta"}
    | {"C": "loss", "y": "target", r"\eta": "rate", "x": "input"},
    "dlai": {"Z": "pre", "z": "pre", "A": "act", "a": "act", "W": "weight", "w": "weight"}
    | {"b": "bias", "dZ": "dpre", "dz": "dpre", "dW": "dweight", "db": "dbias", "dA": "dact"}
    | {"J": "loss", "L": "sloss", "Y": "target", "y": "target", r"\alpha": "rate"}
    | {"X": "input", "hat y": "pred", "hat Y": "pred", "da": "dact"},
    "ng-theta": {"z": "pre", "a": "act", r"\Theta": "weight", "b": "bias", r"\delta": "delta"}
    | {"J": "loss", "y": "target", r"\alpha": "rate", "x": "input", "h": "pred"},
    "oreilly-jp": {"a": "pre", "z": "act", "W": "weight", "w": "weight", "b": "bias"}
    | {r"\delta": "delta", "E": "loss", "L": "loss", "t": "target", "y": "pred"}
    | {r"\eta": "rate", "x": "input", "A": "pre", "Z": "act", "Y": "pred", "T": "target"}
    | {"X": "input"},
    "d2l": {"z": "pre", "h": "act", "W": "weight", "b": "bias", "J": "loss", "L": "D"}
    | {"s": "reg", "o": "pred", "y": "target", r"\eta": "rate", "x": "input"},
    "cs231n": {"s": "pre", "h": "act", "W": "weight", "b": "bias", "L": "loss", "p": "pred"}
    | {"X": "input", "Y": "target"},
    "scalar": {"z": "pre", "a": "act", "w": "weight", "b": "bias", "L": "loss", "t": "target"}
    | {"y": "pred", "x": "input", r"\eta": "rate"},
}
COMMON = {"m": "count", "N": "count", "n": "count", r"\lambda": "decay"}


@dataclass(frozen=True)
class Spec:
    """``order`` is that of a weight's indices, ``matrix`` the shape of a weight as a matrix.

    layer: how layers are typed: "plain" (superscript), "bracket", "paren", "sub" or "none".
    paren: what ``^{(i)}`` is. sample: "first" where the first of two indices is the sample.
    activations: of each layer. scale: "mean" where the loss is divided by the samples.
    """

    name: str
    names: Mapping[str, str]
    sizes: tuple[int, ...] = (3, 4, 2, 5)
    samples: int = 1
    activations: tuple[str, ...] = ("generic", "generic", "generic")
    loss: str = "half_se"
    scale: str = "sum"
    decay: str = ""  # "half": λ/2 Σw², "one": λ Σw², "half_m": λ/(2m) Σw²
    delta: str = "loss"  # or "sample": the gradient of the sample's own loss
    order: str = "from_to"
    matrix: str = "in_out"
    layer: str = "plain"
    paren: str = "layer"
    shift: int = 0  # W^{(l)} leads into layer l + shift
    base: int = 0  # what the layer of the inputs is called
    fixed: Mapping[str, int] = field(default_factory=dict)  # glyphs that always mean one layer
    extras: tuple[str, ...] = ()
    targets: str = "free"
    notation: str = ""
    folder: Path = field(default=Path())


STYLES = {
    "jp-uz": {},
    "nielsen": {"order": "to_from", "matrix": "out_in"},
    "dlai": {"order": "to_from", "matrix": "out_in", "layer": "bracket", "paren": "sample"}
    | {"delta": "sample"},
    "ng-theta": {"order": "to_from", "matrix": "out_in", "layer": "paren", "shift": 1}
    | {"base": 1},
    "oreilly-jp": {"layer": "paren"},
    "d2l": {"order": "to_from", "matrix": "out_in", "layer": "paren"},
    "cs231n": {"layer": "sub"},
    "scalar": {"layer": "sub", "sizes": (1, 1, 1)},
}


def read_specs(path: Path) -> dict[str, Spec]:
    """By file name. Raises KeyError where a preset is not known."""
    found = {}
    for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        told = dict(table)
        style = told.pop("style")
        names = COMMON | NAMES[style] | told.pop("names", {})
        fixed = {g: int(r.split("@")[1]) for g, r in names.items() if "@" in r}
        names = {glyph: role.split("@")[0] for glyph, role in names.items() if role}
        facts = {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
        depth = len(facts.get("activations", ("",) * 3))
        sizes = {2: (3, 4, 2), 3: (3, 4, 2, 5), 1: (3, 4)}[depth]
        base = Spec(name, names, sizes=sizes, notation=style, folder=path.parent, fixed=fixed)
        found[name] = replace(base, **{**STYLES[style], **facts})
    return found
