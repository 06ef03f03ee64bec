"""What may be a name. A name becomes a folder, a file and a word in generated code."""

from __future__ import annotations

import re
from keyword import iskeyword

from symbp.errors import Fault, fault

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

FUNCTIONS = (
    *("exp", "log", "sqrt", "abs", "sign", "tanh", "sinh", "cosh", "sin", "cos", "atan", "erf"),
    *("min", "max", "where"),
)
"""What a written formula may call."""

RESERVED = frozenset(
    (
        *("b", "d", "e", "g", "h", "i", "j", "k", "l", "m", "n", "p", "t", "u", "v", "w", "x", "y"),
        *("z", "pi", "eta", "eta0", "lam", "kappa", "mu", "rho", "beta1", "beta2", "eps", "clip"),
        *("decay", "weight_decay", "norm", "delta", "expression", "outputs", "gain", "constants"),
        *FUNCTIONS,
    )
)
"""Names that already mean something in equations."""


def is_of_results(name: str) -> bool:
    """Whether derivations call something of their own so: the derivative of u, of h."""
    return name.startswith("delta") or name.endswith("_bar")


def name_faults(name: object, *path: str | int) -> list[Fault]:
    """What keeps ``name`` from being used in file names and in generated code."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return [fault("name_form", *path, given=name)]
    return [fault("name_keyword", *path, given=name)] if iskeyword(name) else []


def is_path(source: str) -> bool:
    """Whether ``source`` leads to the file of a network, and is not the name of one."""
    return source.endswith(".toml") or "/" in source


def constant_faults(name: object, *path: str | int) -> list[Fault]:
    """What keeps ``name`` from being that of a user's constant."""
    if isinstance(name, str) and name in RESERVED:
        return [fault("name_reserved", *path, given=name)]
    return name_faults(name, *path)
