"""Whether a derivative comes: the ∂ or d of a differential, and what makes a slope of two."""

from __future__ import annotations

from symbp.notation.cursor import Cursor
from symbp.notation.grammar import kind

DIFFERENTIALS = ("d", "\\mathrm{d}", "δ")
OF_A_SIGN = ("LETTER", "WORD", "MARK", "scripted", "PRIME", "braces")
LONGEST_NAME = 7
"""Items of the sign that is differentiated, the d before it counted in."""


def is_differential(cursor: Cursor, ahead: int = 0) -> bool:
    """Whether a ∂ comes ``ahead``, or a d that bears no index."""
    item = cursor.ahead(ahead)
    if kind(item) == "PARTIAL":
        return True
    bare = kind(cursor.ahead(ahead + 1)) not in ("scripted", "PRIME")
    return kind(item) in ("LETTER", "WORD") and str(item) in DIFFERENTIALS and bare


def is_slope(cursor: Cursor) -> bool:
    """Whether ``dE/dw`` comes."""
    if not is_differential(cursor):
        return False
    steps = range(1, LONGEST_NAME + 1)
    slash = next((p for p in steps if kind(cursor.ahead(p)) == "SLASH"), 0)
    after = kind(cursor.ahead(slash + 2)) in ("LETTER", "WORD", "MARK", "braces")
    kinds = [kind(cursor.ahead(p)) for p in range(1, slash)]
    inside = all(each in OF_A_SIGN or (p and each == "NUMBER") for p, each in enumerate(kinds))
    return slash > 0 and inside and is_differential(cursor, slash + 1) and after
