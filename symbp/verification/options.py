"""What a person may say about a submission before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Options:
    """``network`` is a name from the gallery or a .toml file; None: the network in general.

    ``notation`` names a preset; None: the one that explains most. ``bind`` says which role a glyph
    plays, ``loss`` names the loss that code is meant to have. ``solution`` asks for right lines.
    After ``seconds`` of processor time what is still to be checked is better left, and said to be:
    soon after, the whole process is stopped.
    """

    network: str | None = None
    notation: str | None = None
    bind: Mapping[str, str] = field(default_factory=dict)
    loss: str | None = None
    language: str = "en"
    solution: bool = False
    seconds: float | None = None
