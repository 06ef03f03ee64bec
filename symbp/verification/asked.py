"""Words of the command line, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from symbp.errors import SymbpError, meant
from symbp.verification.finding import Said
from symbp.verification.limiting import Limits

AUTO = "auto"
"""The notation that means: whichever explains most."""

SHORTEST, LONGEST = 0.1, 3600.0
"""Seconds that may be allowed for a file."""

LONG_FORMS = MappingProxyType(
    {
        "mse": "mean_squared_error",
        "squared_error": "half_squared_error",
        "cross_entropy": "categorical_cross_entropy",
        "bce": "binary_cross_entropy",
        "mae": "absolute_error",
    }
)
"""What losses are called for short."""


@dataclass(eq=False)
class Misused(SymbpError):
    """An option that cannot be meant; ``said`` tells why."""

    said: Said


def bindings(given: Iterable[str]) -> dict[str, str]:
    """``GLYPH=ROLE`` each, by glyph. Raises Misused."""
    from symbp.verification.binding.roles import ROLES, UnknownRole, named_role

    found = {}
    for each in given:
        glyph, sign, word = each.rpartition("=")
        glyph = glyph.strip()
        if not sign or not glyph or not word.strip():
            raise Misused(Said("error.bind_form", {"given": each}))
        role = named_role(word)
        if isinstance(role, UnknownRole):
            facts = {"given": word, "known": ", ".join(ROLES)}
            raise Misused(Said("error.bind_role", facts))
        found[glyph] = role
    return found


def loss(given: str | None) -> str | None:
    """The loss called ``given``. Raises Misused."""
    if given is None:
        return None
    from symbp.losses.criterion import CRITERIA

    word = given.strip().lower().replace("-", "_").replace(" ", "_")
    word = LONG_FORMS.get(word, word)
    if word not in CRITERIA:
        close = meant(word, CRITERIA)
        facts = {"given": given, "known": close or ", ".join(CRITERIA)}
        raise Misused(Said("error.loss_meant" if close else "error.loss_unknown", facts))
    return word


def notation(given: str) -> str | None:
    """The notation called ``given``; None for AUTO. Raises UnknownConvention."""
    if given == AUTO:
        return None
    from symbp.notation.convention import find
    from symbp.notation.presets import PRESETS

    find(given, PRESETS)
    return given


LONG = 60.0
"""Seconds of processor time for a file about a given network of layers other than dense ones."""


def limits(seconds: float | None) -> Limits:
    """Limits, with a time of one's own if there is one. Raises Misused."""
    if seconds is None:
        return Limits()
    if not SHORTEST <= seconds <= LONGEST:
        facts = {"least": f"{SHORTEST:g}", "most": f"{LONGEST:g}"}
        raise Misused(Said("error.timeout", facts))
    return Limits(seconds)
