"""What may make a claim true after all, once it has failed as it stands.

Each rule answers with a judgement, or with None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sympy import Expr, Integer, Max, Piecewise

from symbp.equations.axis import L, Total, l
from symbp.equations.calculus import Opaque, Partial
from symbp.equations.relocate import Places
from symbp.equations.tensor import Role, entries, indices_of, is_entry, tensor_of, tensors_in
from symbp.equations.wellformed import free_indices
from symbp.losses.loss import LOSS
from symbp.verification.binding.terms import SAMPLE_LOSS
from symbp.verification.diagnosis import Explained
from symbp.verification.paper.carrying import NEAR, carried, layers
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.forward import is_forward
from symbp.verification.paper.ground import Ground
from symbp.verification.paper.judgement import Judgement, conditional
from symbp.verification.paper.meanings import stated
from symbp.verification.paper.slips import Slip
from symbp.verification.paper.trial import Trial, has_condition, holds, says
from symbp.verification.paper.world import World, form
from symbp.verification.verdict import Verdict

MOST = 6
"""Slips, the last ones, of which it is asked what they come to further back."""

Rule = Callable[[World, tuple[Slip, ...], Claim, Trial], Judgement | None]


def following(
    world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial
) -> Judgement | None:
    """It holds once earlier slips are taken for granted."""
    stack = world.stack

    def said(chosen: tuple[Slip, ...]) -> bool:
        def granted(side: Expr, places: Places) -> Expr:
            for slip in chosen:
                side = slip.at(places).into(side)
            return side

        return holds(stack, claim, granted=granted)

    def meant(slip: Slip, k: int) -> bool:
        def granted(side: Expr, places: Places) -> Expr:
            there = [*layers(slip, places, stack)]
            return carried(there[k], side, stack) if k < len(there) else side

        return holds(stack, claim, granted=granted)

    last_first = slips[::-1]
    found: tuple[Slip, ...]
    found = next(((slip,) for slip in last_first if said((slip,))), ())
    found = found or next(
        ((slip,) for slip in last_first[:MOST] if any(meant(slip, k) for k in range(len(NEAR)))), ()
    )
    found = found or (slips if len(slips) > 1 and said(slips) else ())
    if not found:
        return None
    line = max(slip.line for slip in found)
    told = {"line": str(line)}
    judged = conditional(Ground("condition.follows", told))
    return replace(judged, message=Ground("paper.follows", told), follows=line)


def in_range(world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial) -> Judgement | None:
    """It holds for all hidden layers and not for the last."""
    failing = {int(places[l]) for places, _ in trial.failing}
    if failing != {world.stack.depth} or len(trial.certificates) < 2:
        return None
    if is_forward(claim) and not world.is_given:
        return Judgement(Verdict.DEFINITION, Ground("paper.definition.forward"))
    return replace(conditional(Ground("condition.below_last")), codes=("M29",))


def differentiated(
    world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial
) -> Judgement | None:
    """``E = ½ (y_j − d_j)²`` is false, and true after ∂/∂y_j."""
    if not is_entry(claim.left) or tensor_of(claim.left).role is not Role.LOSS:
        return None
    for entry in entries(claim.right):
        if tensor_of(entry).role is Role.ACTIVATION and indices_of(entry):
            sides = Partial(claim.left, entry), Partial(claim.right, entry)
            if holds(world.stack, claim, sides):
                ground = Ground("condition.derivative", {"wrt": entry})
                return conditional(ground, message="paper.not_an_equation")
    return None


def linear(world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial) -> Judgement | None:
    """It holds for the identity, of which the words around it speak."""
    if world.linear is None or not says(claim, "identity"):
        return None
    stack = form(world.linear(), claim.left, claim.right)
    held = stack is not None and holds(stack, claim)
    return conditional(Ground("condition.identity")) if held else None


def guessed(world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial) -> Judgement | None:
    """Nobody named the loss or the output activation, on which it rests.

    Where the page differentiates the output activation as any function, it is not left open.
    """
    if not rests_on_guess(world, claim):
        return None
    found = elsewhere(world, claim)
    if world.is_loss_known and is_about_any_function(claim) and found == NOWHERE:
        return None
    is_any = world.is_loss_known and world.is_output_any and not has_condition(claim)
    return None if is_any else found


def opened(world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial) -> Judgement | None:
    """Nobody named the activation, and it holds for one of the usual ones."""
    has_mask = claim.left.has(Piecewise, Max) or claim.right.has(Piecewise, Max)
    for name, make in world.opened.items():
        if name == "relu" and not has_mask:
            continue  # f'(z) = f'(u) there: what speaks of f' alone holds by chance
        stack = form(make(), claim.left, claim.right)
        if stack is not None and holds(stack, claim):
            return conditional(Ground("condition.activation", {"activation": name}))
    return None


def doubted(world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial) -> Judgement | None:
    """The page was perhaps not understood."""
    return conditional(Ground(world.doubt), message="paper.not_shown") if world.doubt else None


def of_one_sample(
    world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial
) -> Judgement | None:
    """A step after each sample, on a page that writes the loss of one."""
    left, right = free_indices(claim.left), free_indices(claim.right)
    own = [i for i in right if i not in left and i.axis.name == "sample"]
    if len(own) != 1 or not world.is_of_samples:
        return None
    summed = replace(claim, right=Total(claim.right, own[0].limits))
    held = holds(world.stack, summed)
    return conditional(Ground("condition.one_sample")) if held else None


def another_loss(
    world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial
) -> Judgement | None:
    """It says what E is, and all that is known of E otherwise are words."""
    left = claim.left
    is_loss = is_entry(left) and tensor_of(left).role is Role.LOSS
    if not is_loss or world.is_given or world.is_loss_written:
        return None
    return conditional(Ground("condition.loss_unknown"), message="paper.not_shown")


def left_open(
    world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial
) -> Judgement | None:
    """It says what a slope of the loss is, of which the page does not say what it is."""
    speaks = [_speaks_of_slopes(side) for side in (claim.left, claim.right)]
    return NOWHERE if world.is_loss_open and speaks[0] != speaks[1] else None


def _speaks_of_slopes(side: Expr) -> bool:
    named = any(tensor_of(e).role in (Role.ADJOINT, Role.DELTA) for e in entries(side))
    return named or any(p.of == LOSS[()] for p in side.atoms(Partial))


def misdefined(
    world: World, slips: tuple[Slip, ...], claim: Claim, trial: Trial
) -> Judgement | None:
    """It says what δ means, and the other lines hold with another meaning."""
    said = stated(claim.left, claim.right)
    if said is None or claim.at not in world.defining:
        return None
    right = world.stack.delta.of(claim.left)
    facts = {"symbol": claim.left, "meaning": right}
    codes = ("M05", "M27") if said.by is world.stack.delta.by else ("M27",)
    places, certificate = trial.failing[0]
    return Judgement(
        Verdict.REFUTED,
        Ground("paper.refuted"),
        codes=codes[:-1],
        explained=(Explained("M27", "below", facts, right, claim.right),),
        witness=certificate.witness,
        stack=world.stack,
        places=places,
    )


RULES: tuple[Rule, ...] = (
    doubted,
    misdefined,
    left_open,
    of_one_sample,
    another_loss,
    following,
    in_range,
    differentiated,
    linear,
    opened,
    guessed,
)


NOWHERE = conditional(Ground("condition.loss_unknown"), message="paper.not_shown")
"""What is said of a claim that holds under no activation and loss that come to mind."""


def elsewhere(world: World, claim: Claim) -> Judgement | None:
    """Under which activation and loss it would hold; None where these are known."""
    if world.is_complete:
        return None
    fits = {}
    for guess in world.guesses:
        stack = form(guess.stacks, claim.left, claim.right)
        if stack is not None and holds(stack, claim):
            fits[guess.activation, guess.loss] = guess
    if not fits:
        return NOWHERE
    pairs = ({"activation": activation, "loss": loss} for activation, loss in fits)
    return conditional(*(Ground("condition.pair", facts) for facts in pairs))


def rests_on_guess(world: World, claim: Claim) -> bool:
    """Whether the claim speaks of the output and of the loss, and one of them is not known."""
    last = (L, Integer(world.stack.depth))
    sides = (claim.left, claim.right)
    return not world.is_complete and any(_is_about_output(side, last) for side in sides)


def of_single_losses(claims: Iterable[Claim]) -> bool:
    """Whether a page speaks of the loss of one sample, E_p, and never of that of all."""
    spoken = tensors_in(*(side for claim in claims for side in (claim.left, claim.right)))
    return SAMPLE_LOSS in spoken and LOSS not in spoken


def names_output_slope(claim: Claim) -> bool:
    """Whether f′ of the last layer stands in it."""
    sides = (claim.left, claim.right)
    applied = [f for side in sides for f in side.atoms(Opaque) if f.order and is_entry(f.argument)]
    return any(tensor_of(f.argument).place == L for f in applied)


def is_about_any_function(claim: Claim) -> bool:
    """Whether it is wrong whatever the output activation is: it names f', or needs no f at all."""
    if names_output_slope(claim):
        return True
    sides = (claim.left, claim.right)
    tensors = [tensor_of(entry) for side in sides for entry in entries(side)]
    return all(t.role in OF_THE_LOSS and t.place in (None, L) for t in tensors)


OF_THE_LOSS = (Role.LOSS, Role.TERM, Role.TARGET, Role.ACTIVATION, Role.CONSTANT)


def _is_about_output(expr: Expr, last: tuple[Expr, ...]) -> bool:
    tensors = [tensor_of(entry) for entry in entries(expr)]
    return any(t.role is Role.TARGET or t.place in last for t in tensors)
