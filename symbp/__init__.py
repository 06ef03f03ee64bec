"""symbp: networks declared by their forward equations, derived, printed, and turned into NumPy."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symbp.errors import SpecErrors
from symbp.version import VERSION

if TYPE_CHECKING:
    from symbp.activations.custom import activation
    from symbp.layers.dense import Dense
    from symbp.layers.forward import Forward
    from symbp.layers.graph import Input, Node
    from symbp.layers.written import Layer
    from symbp.losses.loss import Loss
    from symbp.network import Network
    from symbp.optimizers.optimizer import Optimizer
    from symbp.pipeline import Derived, declare, derive, generate

__version__ = VERSION

PUBLIC = {
    "declare": "symbp.pipeline",
    "derive": "symbp.pipeline",
    "generate": "symbp.pipeline",
    "Derived": "symbp.pipeline",
    "Network": "symbp.network",
    "Dense": "symbp.layers.dense",
    "Forward": "symbp.layers.forward",
    "Input": "symbp.layers.graph",
    "Layer": "symbp.layers.written",
    "Node": "symbp.layers.graph",
    "Loss": "symbp.losses.loss",
    "Optimizer": "symbp.optimizers.optimizer",
    "activation": "symbp.activations.custom",
}
"""Where each public word lives. Nothing is imported before it is asked for."""

__all__ = [
    "Dense",
    "Derived",
    "Forward",
    "Input",
    "Layer",
    "Loss",
    "Network",
    "Node",
    "Optimizer",
    "activation",
    "declare",
    "derive",
    "generate",
]


def __getattr__(name: str) -> Any:
    if name in PUBLIC:
        return getattr(import_module(PUBLIC[name]), name)
    raise AttributeError(f"module 'symbp' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))


def _told(error: SpecErrors) -> str:
    """What is wrong with a declaration, a line for each fault."""
    from symbp.specification.messages import messages

    return "\n".join(messages(error))


SpecErrors.told = _told
