"""How much is known of the loss, and what may be said then."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from symbp.equations.fingerprint import FEW
from symbp.verification.verdict import Verdict

BADNESS = dict.fromkeys(Verdict, 0) | {Verdict.CONDITIONAL: 1, Verdict.REFUTED: 2}
ERROR = 2.0 ** (-41 * FEW)


@dataclass(frozen=True)
class Tone:
    """How much is known of the loss.

    ``kind``: "sure", "refuting", "right_for", "times", "guessed", "consistent",
    "refuting_own", "unknown". ``other`` is a loss for which all is right, ``given`` the one that
    is shown or taught. "times": the gradient of ``given``, ``factor`` times, which is ``number``.
    """

    kind: str
    other: str = ""
    given: str = ""
    factor: Expr | None = None
    number: str = ""

    @property
    def refutes(self) -> bool:
        return self.kind in ("sure", "refuting", "refuting_own")
