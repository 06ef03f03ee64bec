"""What a page means by δ, found out from how it is used.

Each definition is a hypothesis. If most of the lines that tell hold with the meaning that is
stated, it stands, however unusual it is; if they hold with another and not with this one, the
definition is the slip, and they are read as they were meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import compress
from operator import not_

from symbp.equations.axis import l
from symbp.equations.calculus import Partial
from symbp.equations.relocate import places_of
from symbp.equations.tensor import Role, is_entry, tensor_of, tensors_in
from symbp.losses.loss import LOSS
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.meanings import OTHERS, USUAL, Meaning, stated
from symbp.verification.paper.trial import holds
from symbp.verification.paper.world import World

ENOUGH = 2
"""Lines that must tell against a meaning: one may be wrong itself."""


def settled(world: World, claims: Sequence[Claim]) -> World:
    """``world`` with the meaning that ``claims`` give δ."""
    firsts = _definitions(claims)
    using = [claim for claim in claims if speaks_of_delta(claim) and _meaning(claim) is None]
    found = [meaning for claim in firsts if (meaning := _meaning(claim)) is not None]
    chosen = _chosen(world, found, using)
    return world.meaning(chosen, frozenset(claim.at for claim in firsts))


def speaks_of_delta(claim: Claim) -> bool:
    return any(tensor.role is Role.DELTA for tensor in tensors_in(claim.left, claim.right))


def speaks_of_slopes(claim: Claim) -> bool:
    """Whether it joins δ to a derivative of E, or to what is added to a parameter for it.

    A slip in δ goes on from layer to layer.
    """
    slopes = claim.left.atoms(Partial) | claim.right.atoms(Partial)
    changed = is_entry(claim.left) and tensor_of(claim.left).name in CHANGES
    return changed or any(slope.of == LOSS[()] for slope in slopes)


CHANGES = ("dw", "db")
"""Δw and Δb."""


NAMED = re.compile(r"[^=]*=\s*-?\s*d[^/=]*")
"""A derivative of E by its name: ``dz = da`` says nothing of what dz means."""


def _meaning(claim: Claim) -> Meaning | None:
    if claim.misfit is not None or NAMED.fullmatch(claim.text):
        return None
    return stated(claim.left, claim.right)


def _definitions(claims: Iterable[Claim]) -> list[Claim]:
    """The first claim about each δ, where it says what that δ means.

    Once it was said of any layer, each further line only uses it.
    """
    first: dict[str, Claim] = {}
    for claim in filter(speaks_of_delta, claims):
        first.setdefault(str(claim.left), claim)
        if _meaning(claim) is not None and l in places_of(claim.left):
            break
    return [claim for claim in first.values() if _meaning(claim) is not None]


def _chosen(world: World, found: list[Meaning], using: list[Claim]) -> Meaning:
    """The meaning that is stated, unless the lines tell against it."""
    own = found[0] if found else USUAL
    mine = _held(world, own, using)
    holding = list(compress(using, mine))
    failing = list(compress(using, map(not_, mine)))
    best, most = own, ENOUGH - 1
    for other in dict.fromkeys((*found, USUAL, *OTHERS)) if failing else ():
        against = list(compress(failing, _held(world, other, failing)))
        if len(against) <= most or not any(map(speaks_of_slopes, against)):
            continue
        told = _held(world, other, holding).count(False)
        if told < len(against) if found else not told:
            best, most = other, len(against)
    return best


def _held(world: World, meaning: Meaning, using: list[Claim]) -> list[bool]:
    """Which of ``using`` hold with ``meaning``."""
    there = world.meaning(meaning, frozenset())
    return [
        claim.misfit is None and holds(there.speaking_of(claim.left, claim.right).stack, claim)
        for claim in using
    ]
