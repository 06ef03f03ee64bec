"""What a slip in a slope comes to further back.

Whoever takes a slope for something that it is not takes the slopes of all that comes before for
something else, too: by the chain rule, each is off by the error times the slopes around it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer

from symbp.equations.axis import Index, l, total
from symbp.equations.calculus import Partial
from symbp.equations.nodes import nodes
from symbp.equations.relocate import Places, places_of
from symbp.equations.tensor import Role, entries, is_entry, tensor_of
from symbp.verification.paper.known import free_letters, renamed
from symbp.verification.paper.slips import Slip
from symbp.verification.paper.stack import Stack

NEAR = (0, 1, -1)
"""From the layer of a line to that of a slip that it may follow from."""


def carried(slip: Slip, expr: Expr, stack: Stack) -> Expr:
    """``expr`` with every slope as it is once ``slip`` is granted; all places are numbers."""
    known = _as_slope(slip.left, slip.written, stack)
    if known is None:
        return expr
    deltas = {e: stack.meant(e) for e in entries(expr) if tensor_of(e).role is Role.DELTA}
    spelled = expr.xreplace(deltas)
    slopes = [slope for slope in nodes(spelled, Partial) if _comes_from(slope, known[0], stack)]
    return spelled.xreplace({slope: slope + _error(*known, slope, spelled) for slope in slopes})


def _comes_from(slope: Partial, wrong: Partial, stack: Stack) -> bool:
    """Whether ``wrong`` is a factor of ``slope``, as the chain rule spells it."""

    def reaches(end: Expr, start: Expr) -> bool:
        if not (is_entry(end) and is_entry(start)):
            return True
        above, below = tensor_of(end), tensor_of(start)
        return above == below or stack.dependence.depends(above, below)

    return is_entry(slope.wrt) and reaches(slope.of, wrong.of) and reaches(wrong.wrt, slope.wrt)


def _error(wrong: Partial, written: Expr, slope: Partial, expr: Expr) -> Expr:
    """How far ``slope`` is off."""
    taken = [*expr.atoms(Index), *wrong.atoms(Index), *written.atoms(Index)]
    letters: dict[Index, Index] = {}
    for letter in free_letters(wrong):
        letters[letter] = letter.axis.fresh(taken, letter.letter)
        taken.append(letters[letter])
    wrong, written = renamed(wrong, letters), renamed(written, letters)
    before = Integer(1) if wrong.of == slope.of else Partial(slope.of, wrong.of)
    return total(before * (written - wrong) * Partial(wrong.wrt, slope.wrt), *letters.values())


def layers(slip: Slip, here: Places, stack: Stack) -> Iterator[Slip]:
    """``slip`` at the layers from which it may reach a line about ``here``."""
    if not any(place.has(l) for place in places_of(slip.left, slip.written)):
        yield slip.at(here)
        return
    possible = stack.instances(slip.left, slip.written)
    for by in NEAR:
        yield from (slip.at(there) for there in possible if there[l] == here[l] + by)


def _as_slope(left: Expr, written: Expr, stack: Stack) -> tuple[Partial, Expr] | None:
    """A slope, and what it was said to be; None where a slip is about something else."""
    if is_entry(left) and tensor_of(left).role is Role.DELTA:
        number, slope = stack.meant(left).as_independent(Partial)
        return slope, written / number
    is_slope = isinstance(left, Partial) and is_entry(left.wrt) and is_entry(left.of)
    return (left, written) if is_slope else None
