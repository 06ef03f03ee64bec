"""The declared optimizer: a rule, a rate and how it falls, and a limit on the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.optimizers.clipping import CLIPPED, CLIPPING, LIMIT
from symbp.optimizers.rule import ETA, GRADIENT, RULES, Rule
from symbp.optimizers.schedule import CONSTANT, ETA0, FALL, SCHEDULES, schedule

BELOW_ONE = ("mu", "rho", "beta1", "beta2")
"""Constants that weigh the past: 0 ≤ c < 1."""

ABOVE_ZERO = ("eps",)
"""Constants that keep denominators from 0: c > 0."""


@dataclass(frozen=True)
class Optimizer:
    """How ``w`` follows from its gradient ``g`` at step ``t``, entry by entry.

    ``clip`` is the largest norm that all gradients together may have; None for no limit.
    """

    rule: Rule
    rate: float
    schedule: str = CONSTANT
    decay: float = 0.0
    clip: float | None = None
    constants: tuple[tuple[str, float], ...] = ()

    @staticmethod
    def of(
        name: str = "sgd",
        rate: float = 0.1,
        schedule: str = CONSTANT,
        decay: float = 0.0,
        clip: float | None = None,
        **constants: float,
    ) -> Optimizer:
        """The optimizer called ``name``. Raises SpecErrors for what is unknown or out of range."""
        faults = list(_option_faults(rate, schedule, decay, clip))
        if name not in RULES:
            known = tuple(RULES)
            slip = meant(name, known)
            faults.append(fault("unknown_optimizer", "name", given=name, meant=slip, known=known))
            raise SpecErrors(faults)
        own = dict(RULES[name].constants)
        for key, value in constants.items():
            faults += _constant_faults(key, value, own)
        if faults:
            raise SpecErrors(faults)
        values = tuple((key, float(value)) for key, value in {**own, **constants}.items())
        limit = None if clip is None else float(clip)
        return Optimizer(RULES[name], float(rate), schedule, float(decay), limit, values)

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def states(self) -> tuple[Tensor, ...]:
        """What it remembers for each entry; all 0 before step 1."""
        return self.rule.states

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """From w, g, t, states and, with a limit, ``norm``, to w and states after the step."""
        rate = schedule(self.schedule)
        if self.clip is None:
            return (*rate, *self.rule.equations)
        clipped = {GRADIENT[()]: CLIPPED[()]}
        updates = (Equation(e.id, e.lhs, e.rhs.xreplace(clipped)) for e in self.rule.equations)
        return (*rate, CLIPPING, *updates)

    def values(self) -> dict[Tensor, float]:
        """The values of the constants in its equations."""
        rate = (
            {ETA: self.rate} if self.schedule == CONSTANT else {ETA0: self.rate, FALL: self.decay}
        )
        limit = {} if self.clip is None else {LIMIT: self.clip}
        own = {Tensor(name, (), Role.CONSTANT): value for name, value in self.constants}
        return {**rate, **limit, **own}


def _option_faults(rate: float, word: str, decay: float, clip: float | None) -> list[Fault]:
    faults = []
    if not rate > 0:
        faults.append(fault("number_positive", "rate", given=rate))
    known = (CONSTANT, *SCHEDULES)
    if word not in known:
        slip = meant(str(word), known)
        faults.append(fault("unknown_word", "schedule", given=word, meant=slip, known=known))
    if not decay >= 0:
        faults.append(fault("number_negative", "decay", given=decay))
    if clip is not None and not clip > 0:
        faults.append(fault("number_positive", "clip", given=clip))
    return faults


def _constant_faults(key: str, value: float, own: dict[str, float]) -> list[Fault]:
    if key not in own:
        known = ("name", "rate", "schedule", "decay", "clip", *own)
        return [fault("unknown_key", key, given=key, meant=meant(key, known), known=known)]
    if key in BELOW_ONE and not 0 <= value < 1:
        return [fault("number_below_one", key, given=value)]
    if key in ABOVE_ZERO and not value > 0:
        return [fault("number_positive", key, given=value)]
    return [] if value >= 0 else [fault("number_negative", key, given=value)]
