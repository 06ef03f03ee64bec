"""What may be said of a claim. These are never merged."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """PROVED: reached by the moves of the calculus, or the same canonical form.

    PROBABLE: equal modulo a large prime at random points; the chance of error is told.
    CONFIRMED: equal in real numbers of many digits. REFUTED: false, with a witness.
    CONDITIONAL: true, or not shown, only under what is named with it.
    DEFINITION, ASSIGNMENT: says what a name means, or gives a quantity a new value.
    NOT_UNDERSTOOD: could not be read, or speaks of what is not known here.
    """

    PROVED = "proved"
    PROBABLE = "proved_probabilistically"
    CONFIRMED = "confirmed"
    CONDITIONAL = "conditional"
    REFUTED = "refuted"
    DEFINITION = "definition"
    ASSIGNMENT = "assignment"
    NOT_UNDERSTOOD = "not_understood"

    @property
    def holds(self) -> bool:
        return self in (Verdict.PROVED, Verdict.PROBABLE, Verdict.CONFIRMED)
