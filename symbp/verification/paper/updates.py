"""Assignments: ``w ← w − η ∂E/∂w``, and what is typed with = and means that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sympy import Expr

from symbp.derivation.names import RATE
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.tensor import PARAMETERS, indices_of, is_entry, tensor_of
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.judgement import Judgement
from symbp.verification.verdict import Verdict

UPDATES = ("←", "+=", "-=")

NEW: dict[str, Callable[[Expr, Expr], Expr]] = {
    "+=": lambda old, change: old + change,
    "-=": lambda old, change: old - change,
}
"""What a quantity becomes by an operator that changes it."""


def old_of(left: Expr) -> Expr:
    """The quantity of which ``left`` is the new value: w for w'; else ``left`` itself."""
    if not is_entry(left) or not tensor_of(left).name.endswith("'"):
        return left
    tensor = tensor_of(left)
    old = replace(tensor, name=tensor.name.rstrip("'"))
    return old[indices_of(left)]


def is_update(claim: Claim) -> bool:
    """Whether a claim gives a parameter a new value: ``w = w + Δw`` cannot be an equation."""
    if claim.operator in UPDATES or old_of(claim.left) != claim.left:
        return True
    if not is_entry(claim.left) or tensor_of(claim.left).role not in PARAMETERS:
        return False
    return bool(claim.right.is_Add and claim.left in claim.right.args)


def assigned(claim: Claim, loss: Expr, judge: Callable[[Claim], Judgement]) -> Judgement:
    """Judge an update by the gradient that it descends along, where it shows one."""
    old = old_of(claim.left)
    typed = claim.operator in (*UPDATES, ":=") or old != claim.left
    message = Ground("paper.assignment" if typed else "paper.assignment_typed_as_equation")
    plain = Judgement(Verdict.ASSIGNMENT, message, codes=() if typed else ("M28",))
    new = NEW.get(claim.operator, lambda _, right: right)(claim.left, claim.right)
    change = canonical(new - old)
    rate = RATE[()]
    if not is_entry(old) or tensor_of(old).role not in PARAMETERS or not change.has(rate):
        return plain
    truth, gradient = Partial(loss, old), canonical(-change / rate)
    found = judge(replace(claim, left=truth, right=gradient, operator="=", chain=(truth,)))
    if found.verdict is Verdict.REFUTED:
        return replace(found, sides=(truth, gradient))
    conditions = found.conditions if found.verdict is Verdict.CONDITIONAL else ()
    return replace(plain, conditions=conditions, follows=found.follows)
