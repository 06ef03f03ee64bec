"""The verdict on one claim."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from symbp.equations.axis import L, l
from symbp.equations.calculus import Opaque, Partial
from symbp.equations.canonical import canonical
from symbp.equations.relocate import places_of
from symbp.equations.tensor import Role, indices_of, is_entry, tensor_of
from symbp.verification.paper.claim import Claim, confused
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.judgement import Judgement, conditional, plain, unread
from symbp.verification.paper.meanings import stated
from symbp.verification.paper.slips import Slip
from symbp.verification.paper.stack import NoMeaning
from symbp.verification.paper.trial import Trial, says, try_out
from symbp.verification.paper.updates import assigned, is_update
from symbp.verification.paper.weaken import RULES, elsewhere
from symbp.verification.paper.world import World
from symbp.verification.statement import Statement
from symbp.verification.verdict import Verdict

DEFINING = (":=", "≡")


@dataclass(frozen=True)
class Judge:
    """Judges claims about ``world``; ``slips`` were found further up the page."""

    world: World
    slips: tuple[Slip, ...] = ()

    def __call__(self, claim: Claim) -> Judgement:
        """The verdict. A guess is never the ground of a refutation."""
        if self.world.declares(claim.left, claim.right):
            return Judgement(Verdict.PROVED, Ground("paper.declared"))
        there = replace(self, world=self.world.speaking_of(claim.left, claim.right))
        if is_update(claim) and not there.world.stack.computes(claim.left):
            return assigned(claim, there.world.stack.program.loss, there.claimed)
        found = there.claimed(claim)
        if claim.is_sure or found.verdict is not Verdict.REFUTED:
            return found
        return conditional(Ground("condition.left_guessed"), message="paper.not_shown")

    def claimed(self, claim: Claim) -> Judgement:
        """The verdict on an equation."""
        if claim.is_naming:
            return Judgement(Verdict.DEFINITION, Ground("paper.definition.new"))
        if self.defines_function(claim):
            return Judgement(Verdict.DEFINITION, Ground("paper.definition.function"))
        try:
            trial = try_out(self.world.stack, claim)
        except NoMeaning as error:
            if claim.misfit is not None:
                return unread(claim.misfit.code, **plain(claim.misfit))
            return elsewhere(self.world, claim) or unread("no_meaning", what=error.what)
        except NotImplementedError as error:
            return unread("beyond", what=str(error))
        if trial.holds and claim.misfit is None:
            return self.held(claim, trial)
        if holds_only_at(claim, trial, self.world.stack.depth):
            return replace(conditional(Ground("condition.last")), codes=("M29",))
        if is_of_last(claim, trial, self.world.stack.depth) and not names_layer(claim):
            return conditional(Ground("condition.last"))
        if not trial.failing:
            return conditional(message="paper.undecided")
        found = (rule(self.world, self.slips, claim, trial) for rule in RULES)
        return next((j for j in found if j is not None), None) or self.refuted(trial)

    def refuted(self, trial: Trial) -> Judgement:
        places, certificate = trial.failing[0]
        return Judgement(
            Verdict.REFUTED,
            Ground("paper.refuted"),
            witness=certificate.witness,
            stack=self.world.stack,
            places=places,
        )

    def held(self, claim: Claim, trial: Trial) -> Judgement:
        if self.defines(claim):
            return Judgement(Verdict.DEFINITION, Ground("paper.definition.forward"))
        if self.is_below_last(claim) and not says(claim, "below_last", "range"):
            return conditional(Ground("condition.below_last"))
        if self.world.is_of_numbers and differentiates_weights(claim):
            return conditional(Ground("condition.scalars"))
        verdict, error = trial.sureness
        message = Ground("paper.derived" if trial.said else "paper.holds")
        return Judgement(verdict, message, error=error)

    def is_below_last(self, claim: Claim) -> bool:
        """Whether the claim speaks of l and has no meaning at l = L."""
        sides = (claim.left, claim.right)
        if not any(place.has(l) for place in places_of(*sides)):
            return False
        stack = self.world.stack
        if all(int(places[l]) < stack.depth for places in stack.instances(claim.left)):
            return False  # what it is about is not there at l = L
        return all(int(places[l]) < stack.depth for places in stack.instances(*sides))

    def defines_function(self, claim: Claim) -> bool:
        """Whether it says what an activation does, ``f(u) = u``, where no network is given."""
        if self.world.is_given or len(claim.chain) > 1:
            return False
        left, right = claim.left, claim.right
        return isinstance(left, Opaque) and left.order == 0 and not right.has(Opaque, Partial)

    def defines(self, claim: Claim) -> bool:
        """Whether it only says what a name means: where a network is given, it is a claim."""
        if self.world.is_given or len(claim.chain) > 1 or not is_entry(claim.left):
            return False
        if claim.operator in DEFINING or stated(claim.left, claim.right) is not None:
            return True
        stack = self.world.stack
        places = stack.instances(claim.left, claim.right)[0]
        left, right = stack.at(claim.left, places), stack.at(claim.right, places)
        tensor = tensor_of(left)
        if tensor.role is Role.DELTA:
            return isinstance(right, Partial)
        equation = stack.program.definitions.get(tensor)
        if equation is None:
            return False
        letters = dict(zip(indices_of(equation.lhs), indices_of(left), strict=True))
        return bool(canonical(equation.rhs.xreplace(letters)) == canonical(right))


def differentiates_weights(claim: Claim) -> bool:
    """Whether a derivative by a weight stands in the claim."""
    partials = claim.left.atoms(Partial) | claim.right.atoms(Partial)
    return any(is_entry(p.wrt) and tensor_of(p.wrt).role is Role.WEIGHT for p in partials)


def is_of_last(claim: Claim, trial: Trial, depth: int) -> bool:
    """Whether only the letters are about any layer, and it is right of the last."""
    held = any(int(places[l]) == depth and each.holds for places, each in trial.certificates)
    pairs = confused(claim)
    return held and bool(pairs) and all({l, L} == pair for pair in pairs)


LAYER = re.compile(r"[\^_]\s*[{(\[\s]*(?:l|\\ell|ℓ)(?![a-zA-Z])")


def names_layer(claim: Claim) -> bool:
    """Whether a layer l is typed in the line, or in those that it continues."""
    at: Statement | None = claim.statement
    while at is not None:
        if LAYER.search(at.text.content):
            return True
        at = at.before
    return False


def holds_only_at(claim: Claim, trial: Trial, place: int) -> bool:
    """Whether a claim about l holds where that is ``place``, and compares nothing anywhere else."""
    held = {int(places[l]) for places, certificate in trial.certificates if certificate.holds}
    is_general = any(each.has(l) for each in places_of(claim.left, claim.right))
    is_elsewhere = len(trial.certificates) > 1 or claim.misfit is not None
    return is_general and is_elsewhere and held == {place} and not trial.failing
