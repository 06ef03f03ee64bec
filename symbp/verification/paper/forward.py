"""Claims that say how a quantity is computed in the forward pass."""

from __future__ import annotations

from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, entries, is_entry, tensor_of
from symbp.verification.paper.chained import UNITS
from symbp.verification.paper.claim import Claim

COMPUTED_OF = {*UNITS, Role.WEIGHT, Role.BIAS, Role.CONSTANT}
"""What a unit is computed of."""


def is_weighted(claim: Claim) -> bool:
    """Whether it says what is computed of weights."""
    return is_forward(claim) and Role.WEIGHT in _fed(claim)


def is_forward(claim: Claim) -> bool:
    """Whether it says what a unit computes of what comes before it."""
    if not is_entry(claim.left) or claim.right.has(Partial):
        return False
    return tensor_of(claim.left).role in UNITS and _fed(claim) <= COMPUTED_OF


def _fed(claim: Claim) -> set[Role]:
    return {tensor_of(entry).role for entry in entries(claim.right)}
