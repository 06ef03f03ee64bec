"""What δ may mean: the slope of E by a pre-activation or by an activation, or its negative."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr

from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor, indices_of, is_entry, tensor_of
from symbp.losses.loss import LOSS
from symbp.verification.binding.terms import SAMPLE_LOSS

NAMES = {Role.PREACTIVATION: "u", Role.ACTIVATION: "z"}


@dataclass(frozen=True)
class Meaning:
    """δ_j is ``sign`` times the derivative of E by the quantity ``by`` of the same unit."""

    by: Role = Role.PREACTIVATION
    sign: int = 1

    @property
    def is_usual(self) -> bool:
        return self == Meaning()

    def unit(self, delta: Tensor) -> Tensor:
        """What E is differentiated by in ``delta``."""
        name = delta.name.replace("delta", NAMES[self.by], 1)
        return replace(delta, name=name, role=self.by)

    def of(self, delta: Expr) -> Expr:
        """``∂E/∂u_j``, given ``δ_j``; with its sign."""
        return self.sign * Partial(LOSS[()], self.unit(tensor_of(delta))[indices_of(delta)])


USUAL = Meaning()
OTHERS = (Meaning(Role.ACTIVATION), Meaning(sign=-1))
"""What people confuse it with."""


def stated(left: Expr, right: Expr) -> Meaning | None:
    """The meaning that ``left = right`` gives δ; None where it is no definition of it."""
    if not is_entry(left) or tensor_of(left).role is not Role.DELTA:
        return None
    number, slope = right.as_coeff_Mul()
    if abs(number) != 1 or not isinstance(slope, Partial):
        return None
    of, wrt = slope.of, slope.wrt
    if not (is_entry(of) and is_entry(wrt)) or tensor_of(of) not in (LOSS, SAMPLE_LOSS):
        return None
    unit, delta = tensor_of(wrt), tensor_of(left)
    is_of_it = unit.place == delta.place and indices_of(wrt) == indices_of(left)
    return Meaning(unit.role, int(number)) if is_of_it and unit.role in NAMES else None
