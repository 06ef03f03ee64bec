"""Why statements end early."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.verification.code.values import Value


@dataclass(frozen=True)
class Leave:
    """Why a row of statements ends early: ``return``, ``break``, ``continue`` or ``raise``."""

    how: str
    value: Value = None
