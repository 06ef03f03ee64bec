"""The functions that have names of their own, and how people type these."""

from __future__ import annotations

import re

FUNCTIONS = frozenset(
    [
        "log", "ln", "exp", "tanh", "sinh", "cosh", "sin", "cos", "tan", "atan",
        "max", "min", "arg max", "erf", "sign",
        "sigmoid", "softmax", "softplus", "relu", "identity", "diag",
    ]
)  # fmt: skip

NAMED = {"σ": "sigmoid", "ReLU": "relu", "argmax": "arg max", "sgn": "sign", "lrelu": "leaky_relu"}
"""A word or a glyph -> the function it names, unless it names something in scope."""


def function_name(text: str) -> str:
    r"""``tanh`` for ``\tanh``, ``erf`` for ``\operatorname{erf}``."""
    name = text.removeprefix("\\operatorname").removeprefix("*").strip("{}\\").replace("\\,", " ")
    name = "arg max" if re.fullmatch(r"arg\s*\\?max", name) else name
    return NAMED.get(name, "log" if name == "ln" else name)
