"""How a page is meant, as far as only all of its lines together tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from sympy import Expr

from symbp.equations.axis import Index, L, l
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, entries, indices_of, is_entry, tensor_of
from symbp.notation.read_error import ReadError
from symbp.verification.finding import Finding
from symbp.verification.paper.chained import UNITS
from symbp.verification.paper.claim import Claim, confused
from symbp.verification.paper.claims import Chain
from symbp.verification.paper.forward import is_forward
from symbp.verification.paper.trial import holds_somewhere
from symbp.verification.paper.world import ROW_LAYOUT, UNLIKE, World

Page: TypeAlias = Sequence[Chain | Finding]

BATCH = ["sample", "unit"]


def claims_of(read: Chain | Finding) -> tuple[Claim, ...]:
    """The claims of a statement; none where it was not read as one."""
    return read.claims if isinstance(read, Chain) else ()


def _with_claims(read: Chain | Finding, claims: Iterable[Claim]) -> Chain | Finding:
    return replace(read, claims=tuple(claims)) if isinstance(read, Chain) else read


# ---- how many layers ----------------------------------------------------------------------------


def depth_told(page: Page) -> int | None:
    """The number of the last layer, where lines run along the units of both as of one."""
    found = set().union(*(_along_last(claim) for read in page for claim in claims_of(read)))
    return found.pop() if len(found) == 1 else None


def with_last(page: Page, depth: int) -> Page:
    """``page``, in which nothing is amiss if only layer ``depth`` was taken for the last."""

    def known(claim: Claim) -> Claim:
        return replace(claim, misfit=None) if _along_last(claim) == {depth} else claim

    return [_with_claims(read, map(known, claims_of(read))) for read in page]


def _along_last(claim: Claim) -> set[int]:
    """The layers whose units are taken for those of the last; none if other axes disagree."""
    found = [places - {L} if L in places else {l} for places in confused(claim)]
    numbers: set[Expr] = set().union(*found)
    is_numbered = all(place.is_Integer and place > 0 for place in numbers)
    return set(map(int, numbers)) if is_numbered else set()


# ---- which index is the sample ------------------------------------------------------------------


def in_order(page: Page) -> Page:
    """``page`` with samples first, where all of its entries have them last: ``x_{id}``."""
    every = [claim for read in page for claim in claims_of(read)]
    if any(_batches(claim) for claim in every if claim.misfit is None):
        return page
    return [_with_claims(read, map(_turned, claims_of(read))) for read in page]


def _turned(claim: Claim) -> Claim:
    swapped = {
        entry: tensor_of(entry)[indices_of(entry)[::-1]]
        for entry in _batches(claim)
        if [index.axis for index in indices_of(entry)[::-1]] == list(tensor_of(entry).axes)
    }
    if claim.misfit is None or not swapped:
        return claim
    left, right = claim.left.xreplace(swapped), claim.right.xreplace(swapped)
    turned = replace(claim, left=left, right=right, misfit=None)
    return claim if confused(turned) else turned


def _batches(claim: Claim) -> list[Expr]:
    """The entries of one unit for one sample, with a letter for each."""
    return [
        entry
        for entry in (*entries(claim.left), *entries(claim.right))
        if [axis.name for axis in tensor_of(entry).axes] == BATCH
        and all(isinstance(index, Index) for index in indices_of(entry))
    ]


# ---- whether it was understood ------------------------------------------------------------------


def doubted(world: World, page: Page, claims: Iterable[Claim]) -> World:
    """``world`` with the doubt that the lines of its page give; ``claims`` are what is tried."""
    if world.is_given or world.doubt:
        return world
    if world.is_double and _is_unlike(world, claims):
        return replace(world, doubt=UNLIKE)
    return replace(world, doubt=ROW_LAYOUT) if _is_in_rows(page) else world


def _is_unlike(world: World, claims: Iterable[Claim]) -> bool:
    """Whether the page computes a kind of quantity, and never as it was understood to."""
    held: dict[Role, bool] = {}
    for claim in claims:
        if not claim.is_naming and is_forward(claim):
            role = tensor_of(claim.left).role
            stack = world.speaking_of(claim.left, claim.right).stack
            fits = claim.misfit is None and holds_somewhere(stack, claim)
            held[role] = held.get(role, False) or fits
    return not all(held.values())


def _is_in_rows(page: Page) -> bool:
    """Whether derivatives by vectors are written as rows, and none as a column."""
    troubles = [read.trouble for read in page if isinstance(read, Chain) and read.trouble]
    slopes = (_is_slope(claim) for read in page for claim in claims_of(read))
    return any(map(_lies, troubles)) and not any(slopes)


def _lies(error: ReadError) -> bool:
    """Whether a line fails only because one side is a row, and the other a column."""
    left, fits = error.facts.get("left"), error.facts.get("fits")
    is_vector = isinstance(left, tuple) and "1" in left
    is_whole = error.facts.get("operator") in ("=", "⊙")
    return is_vector and is_whole and fits == ("second_transposed",)


def _is_slope(claim: Claim) -> bool:
    """Whether it says what the derivative by a vector is, and not only how it is called."""
    by = claim.left.wrt if isinstance(claim.left, Partial) else claim.left
    if not is_entry(by) or claim.right.has(Partial):
        return False
    is_slope = isinstance(claim.left, Partial) or tensor_of(by).role is Role.DELTA
    return is_slope and tensor_of(by).role in (*UNITS, Role.BIAS, Role.DELTA)
