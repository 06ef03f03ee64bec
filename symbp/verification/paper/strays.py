"""Letters that stray: j runs over one layer in a line, and over another in the reason for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from symbp.equations.axis import Axis, Index
from symbp.verification.paper.claims import Chain

REASONS_AFTER = ("より", "から", "ので", "により", "を用い", "を使")
"""What follows a formula that is given as a reason, in Japanese."""

REASONS_BEFORE = ("because", "since", "by", "from", "as", "using")
"""What stands before one in English."""


@dataclass(frozen=True)
class Stray:
    """``letter`` runs along ``here``; above along ``there``, and ``meant`` along ``here``."""

    letter: str
    meant: str
    here: Axis
    there: Axis


def stray(chain: Chain, before: Iterable[Chain], typed: Callable[[str], str]) -> Stray | None:
    """The letter of ``chain``, given as a reason, that the line before uses for another layer.

    ``typed`` says how the letter of an index is written.
    """
    if not is_reason(chain):
        return None
    section = chain.statement.section
    for above in reversed(list(before)):
        if above.statement.section != section:
            return None
        if above.letters and not is_reason(above):
            return _between(chain.letters, above, typed)
    return None


def is_reason(chain: Chain) -> bool:
    """Whether the words around a formula give it as a reason for something else."""
    left, right = (words.strip(" \t、,。.").lower() for words in chain.statement.words)
    return right.startswith(REASONS_AFTER) or left.split(" ")[-1] in REASONS_BEFORE


def _between(here: Mapping[str, Axis], above: Chain, typed: Callable[[str], str]) -> Stray | None:
    """Only where the axis that the letter has here goes by another letter above, bound or free."""
    bound = {typed(i.letter): i.axis for side in above.sides for i in side.atoms(Index)}
    for letter, axis in here.items():
        there = above.letters.get(letter)
        if there is None or there == axis or there.name != axis.name:
            continue
        others = [name for name, along in bound.items() if along == axis and name != letter]
        if others:
            return Stray(letter, others[0], axis, there)
    return None
