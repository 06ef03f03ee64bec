"""A claim, tried at every place that l may stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from sympy import Expr, KroneckerDelta

from symbp.equations.axis import Index, l
from symbp.equations.equality import Certificate
from symbp.equations.equality import Verdict as Sure
from symbp.equations.relocate import Places, places_of
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.stack import NoMeaning, Stack
from symbp.verification.verdict import Verdict

Granted = Callable[[Expr, Places], Expr]

WEAKER = {
    Sure.PROVED: Verdict.PROVED,
    Sure.PROBABLE: Verdict.PROBABLE,
    Sure.CONFIRMED: Verdict.CONFIRMED,
}
STRENGTH = tuple(WEAKER)

HIDDEN = ("below_last", "hidden")
"""Words of condition that leave the last layer out."""

LAST = ("last", "output")


@dataclass(frozen=True)
class Trial:
    """What came of it; ``lookup`` tells whether the derivation has this line at every place."""

    certificates: tuple[tuple[Places, Certificate], ...]
    lookup: Callable[[], bool] = bool

    @cached_property
    def said(self) -> bool:
        """Whether the derivation itself has this line: to look it up takes longer than to try."""
        return self.holds and self.lookup()

    @property
    def holds(self) -> bool:
        return bool(self.certificates) and all(c.holds for _, c in self.certificates)

    @property
    def failing(self) -> list[tuple[Places, Certificate]]:
        return [(p, c) for p, c in self.certificates if c.verdict is Sure.REFUTED]

    @property
    def sureness(self) -> tuple[Verdict, float]:
        """The least sure of all certificates, and the chance that it is wrong."""
        if self.said:
            return Verdict.PROVED, 0.0
        worst = max((c for _, c in self.certificates), key=lambda c: STRENGTH.index(c.verdict))
        return WEAKER[worst.verdict], worst.error


def try_out(
    stack: Stack,
    claim: Claim,
    sides: tuple[Expr, Expr] | None = None,
    granted: Granted | None = None,
) -> Trial:
    """Compare the sides of ``claim``, or other ``sides``, where both make sense.

    ``granted`` makes of a side at its places what it is once slips are taken for granted. Raises
    NoMeaning where there is no such place.
    """
    tried = list(_tried(stack, claim, sides, granted))
    return Trial(
        tuple((places, stack.compare(left, right, places)) for places, left, right in tried),
        lambda: all(stack.says(left, right, places) for places, left, right in tried),
    )


def _tried(
    stack: Stack,
    claim: Claim,
    sides: tuple[Expr, Expr] | None,
    granted: Granted | None,
) -> Iterator[tuple[Places, Expr, Expr]]:
    """The places at which a claim has a meaning, with its sides as they are compared there."""
    typed = sides or (claim.left, claim.right)
    instances = stack.instances(*typed)
    if any(place.has(l) for place in places_of(*typed)):
        instances = tuple(places for places in instances if is_meant(claim, stack, places))
    if not instances:
        raise NoMeaning("places")
    left, right = _of_letters(claim, typed)
    for places in instances:
        if granted is None:
            yield places, left, right
        else:
            yield places, *(granted(stack.at(side, places), places) for side in (left, right))


def _of_letters(claim: Claim, typed: tuple[Expr, Expr]) -> tuple[Expr, Expr]:
    """Both sides, zero where the words around a claim do not speak: ``for k ≠ j``.

    A line that tells the two cases apart by itself, with ``[k = j]``, speaks of both.
    """
    is_apart = says(claim, "apart")
    if not is_apart and not says(claim, "same"):
        return typed
    free = typed[0].free_symbols | typed[1].free_symbols
    units = sorted((i for i in free if isinstance(i, Index) and i.axis.name == "unit"), key=str)
    pairs = [(a, b) for a, b in combinations(units, 2) if a.axis == b.axis]
    if len(pairs) != 1:
        return typed
    same = KroneckerDelta(*pairs[0])
    if typed[0].has(same) or typed[1].has(same):
        return typed
    factor = 1 - same if is_apart else same
    return typed[0] * factor, typed[1] * factor


def holds(
    stack: Stack,
    claim: Claim,
    sides: tuple[Expr, Expr] | None = None,
    granted: Granted | None = None,
) -> bool:
    """Whether it holds at every place; false too where it has no meaning."""
    try:
        tried = _tried(stack, claim, sides, granted)
        return all(stack.holds(left, right, places) for places, left, right in tried)
    except (NoMeaning, NotImplementedError):
        return False


def holds_somewhere(stack: Stack, claim: Claim) -> bool:
    """Whether it holds at some place; true too where it has no meaning."""
    try:
        return any(certificate.holds for _, certificate in try_out(stack, claim).certificates)
    except (NoMeaning, NotImplementedError):
        return True


def says(claim: Claim, *keys: str) -> bool:
    """Whether words of condition around the claim name one of ``keys``."""
    remarks = claim.statement.remarks
    return any(r.kind == "condition" and r.facts.get("key") in keys for r in remarks)


def has_condition(claim: Claim) -> bool:
    """Whether words around the claim state a condition, other than of which layers it speaks."""
    stated = (r.facts.get("key") for r in claim.statement.remarks if r.kind == "condition")
    return any(key not in (*HIDDEN, *LAST, "range") for key in stated)


def is_meant(claim: Claim, stack: Stack, places: Places) -> bool:
    """Whether the words around a claim allow that l stands for ``places``."""
    here = int(places[l])
    if not all(first <= here + stack.first <= last for first, last in _ranges(claim)):
        return False
    if says(claim, *HIDDEN):
        return here < stack.depth
    return here == stack.depth if says(claim, *LAST) else True


def _ranges(claim: Claim) -> Iterable[tuple[int, int]]:
    """The layers, as the writer counts them, that the words around a claim speak of."""
    for remark in claim.statement.remarks:
        if remark.kind == "condition" and remark.facts.get("key") == "range":
            yield int(remark.facts["first"]), int(remark.facts["last"])
