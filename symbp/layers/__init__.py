"""What a network is made of: forward equations, a file per layer."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from symbp.layers.catalogue import WHERE

PUBLIC = {
    **{name: module for module, name in WHERE.values()},
    "Forward": "symbp.layers.forward",
    "Input": "symbp.layers.graph",
    "Layer": "symbp.layers.written",
    "Node": "symbp.layers.graph",
}
"""Where each public word lives. Nothing is imported before it is asked for."""

__all__ = sorted(PUBLIC)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in PUBLIC:
        return getattr(import_module(PUBLIC[name]), name)
    raise AttributeError(f"module 'symbp.layers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted((*globals(), *__all__))
