"""What a mutant is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Mutant:
    """A right file with one slip, or with a change that leaves it right.

    ``wrong``: what the oracle says. ``codes``: those that name the slip. ``line``: where the slip
    is; ``lines``: where it may be told. ``accepts``: verdicts that do it justice.
    """

    file: str
    kind: str  # "paper" or "code"
    text: str
    line: int
    codes: frozenset[str]
    wrong: bool
    what: str  # the row as it was typed, mutated
    lines: frozenset[int] = frozenset()
    accepts: frozenset[str] = frozenset({"refuted"})


def apply(source: str, edits: Sequence[Edit]) -> str:
    """The source with stretches replaced; edits do not overlap."""
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source
