"""From judgements to findings: mistakes are looked for, formulas are spelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Derivative, Expr

from symbp.derivation.parts import partials, put
from symbp.equations.calculus import Functional, Opaque, Partial
from symbp.equations.tensor import Role, Tensor, indices_of, is_entry, tensor_of
from symbp.losses.loss import LOSS
from symbp.notation.notation import Notation
from symbp.verification.diagnosis import Explained, Wrong, diagnose
from symbp.verification.finding import Finding, Said, Told
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.judgement import Judgement
from symbp.verification.paper.stack import Stack
from symbp.verification.verdict import Verdict

SEEN = {"M28": "assignment"}
"""Which text of a mistake says what was seen, where it has several."""


@dataclass(frozen=True)
class Author:
    """Writes findings in the writer's own notation."""

    notation: Notation

    def finding(self, claim: Claim, judged: Judgement) -> Finding:
        """What is reported of a claim."""
        explained = tuple(filter(self.is_visible, self.explained(claim, judged)))
        told = [self.told(each) for each in explained]
        told += [self.seen(code, claim) for code in judged.codes]
        message = judged.message
        if judged.verdict is Verdict.REFUTED:
            message = Ground("paper.refuted_known" if told else "paper.unknown_cause")
        return Finding(
            claim.at,
            claim.text,
            judged.verdict,
            message.said(self.spell),
            end=claim.end,
            label=" ".join(claim.statement.labels),
            conditions=tuple(ground.said(self.spell) for ground in judged.conditions),
            mistakes=tuple(told),
            follows_from=judged.follows,
            witness=judged.witness,
            error=judged.error,
            wrong=next((self.spell(e.part) for e in explained if e.part is not None), ""),
            right=self.right(claim, judged, explained),
        )

    def spell(self, expr: Expr) -> str:
        return self.notation.unicode(slopes_of_loss(expr))

    def spell_equation(self, left: Expr, right: Expr) -> str:
        return self.notation.unicode_equation(slopes_of_loss(left), slopes_of_loss(right))

    def is_visible(self, explained: Explained) -> bool:
        """Whether what is typed and what belongs there are spelled differently."""
        wrong, right = (explained.facts.get(name) for name in ("wrong", "right"))
        if not (isinstance(wrong, Expr) and isinstance(right, Expr)):
            return True
        return self.spell(wrong) != self.spell(right)

    def told(self, explained: Explained) -> Told:
        ground = Ground(explained.say, explained.facts)
        return Told(explained.code, ground.said(self.spell))

    def seen(self, code: str, claim: Claim) -> Told:
        """A mistake that is seen without a search."""
        typed = claim.text.partition("=")[0].strip()
        return Told(code, Said(f"{code}.{SEEN.get(code, 'seen')}", {"name": typed}))

    def explained(self, claim: Claim, judged: Judgement) -> tuple[Explained, ...]:
        """The mistakes that give what was written; the left side is the wrong one at times."""
        if judged.verdict is not Verdict.REFUTED or judged.stack is None:
            return ()
        if judged.explained:
            return judged.explained
        left, right = judged.sides or (claim.left, claim.right)
        rights = _rights(judged.stack, left, claim.chain)
        turned = _rights(judged.stack, right, ())
        found = diagnose(Wrong(left, right, rights, judged.stack))
        return found or diagnose(Wrong(right, left, turned, judged.stack, is_turned=True))

    def right(self, claim: Claim, judged: Judgement, explained: tuple[Explained, ...]) -> str:
        """The line as it should be: the writer's own without the mistake, or as it is derived."""
        if judged.verdict is not Verdict.REFUTED:
            return ""
        if judged.right is not None:
            return self.spell_equation(*judged.right)
        if judged.stack is None:
            return ""
        left, _ = judged.sides or (claim.subject, claim.right)
        rights = [each.right for each in explained] or list(judged.stack.rights(left))
        return self.spell_equation(left, rights[0]) if rights else ""


def slopes_of_loss(expr: Expr) -> Expr:
    """``expr`` with ∂E/∂z where a loss that is nowhere named is differentiated by its argument."""
    slopes = [d for d in expr.atoms(Derivative) if isinstance(d.expr, Functional)]
    known = {d: Partial(LOSS[()], d.variables[0]) for d in slopes if len(d.variables) == 1}
    return put(expr, known) if known else expr


def _rights(stack: Stack, left: Expr, chain: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Right sides for ``left``: those of the derivation, the writer's own before, ``left`` itself.

    Where ``left`` contains derivatives that are known, also ``left`` with these worked out.
    """
    found: dict[Expr, None] = {}
    for side in (left, *reversed(chain)):
        for right in stack.rights(slope_as_derivative(side)):
            found[right] = None
    for side in (*reversed(chain), left):
        found[worked_out(side, stack.rights)] = None
        found[side] = None
    for partial in partials(left) if not isinstance(left, Partial) else ():
        found |= {put(left, {partial: value}): None for value in stack.rights(partial)}
    return tuple(found)


def slope_as_derivative(expr: Expr) -> Expr:
    """``∂z_j/∂u_j`` for ``f'(u_j)``; all else as it is."""
    if not isinstance(expr, Opaque) or expr.order != 1 or not is_entry(expr.argument):
        return expr
    unit = tensor_of(expr.argument)
    if unit.role is not Role.PREACTIVATION:
        return expr
    output = Tensor("z", unit.axes, Role.ACTIVATION, unit.place)
    return Partial(output[indices_of(expr.argument)], expr.argument)


def worked_out(expr: Expr, rights: Callable[[Expr], tuple[Expr, ...]]) -> Expr:
    """``expr`` with the result of every derivative in it that is known."""
    known = {}
    for partial in partials(expr):
        values = [value for value in rights(partial) if not partials(value)]
        if values:
            known[partial] = values[0]
    return put(expr, known) if known else expr
