"""A claim: two sides that are said to be equal, and how they were typed."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from symbp.equations.axis import Index, l
from symbp.equations.tensor import entries, indices_of, tensor_of
from symbp.equations.wellformed import free_indices
from symbp.notation.read_error import ReadError
from symbp.verification.statement import Statement
from symbp.verification.text import Spot


@dataclass(frozen=True)
class Claim:
    """``left = right``, a link of a chain.

    ``chain`` are the sides before ``right`` in the same chain, the first one first; ``is_sure`` is
    false where the left side was not typed with it but taken from a line before, over words.
    ``misfit`` is why the line cannot be right as it stands: a letter runs along two axes.
    ``is_naming``: the left side was a name that the line introduces.
    ``operator`` is one of the reader's: "=", ":=", "≡", "←", "+=", "-=", "≈".
    """

    left: Expr
    right: Expr
    operator: str
    at: Spot
    end: Spot
    text: str
    statement: Statement
    chain: tuple[Expr, ...] = ()
    is_sure: bool = True
    misfit: ReadError | None = None
    is_naming: bool = False

    @property
    def subject(self) -> Expr:
        """What the whole chain is about: its first side."""
        return self.chain[0] if self.chain else self.left


def confused(claim: Claim) -> list[set[Expr]]:
    """The layers, in pairs, whose units are taken for one another: in an entry, by a letter."""
    pairs = [
        (axis, index.axis)
        for entry in (*entries(claim.left), *entries(claim.right))
        for axis, index in zip(tensor_of(entry).axes, indices_of(entry), strict=True)
        if isinstance(index, Index)
    ]
    right = {index.letter: index.axis for index in free_indices(claim.right)}
    pairs += [(i.axis, right.get(i.letter, i.axis)) for i in free_indices(claim.left)]
    places = [{one.place, other.place} for one, other in pairs if one != other]
    return [each if None not in each else {l} for each in places]
