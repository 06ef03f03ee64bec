"""Whether all that is wrong is that one thing was forgotten on the way back, and where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr

from symbp.equations.arrays import Array
from symbp.equations.evaluation import Evaluator
from symbp.equations.tensor import Tensor
from symbp.verification.code.detours import Detour, Detours
from symbp.verification.code.outcome import Slip
from symbp.verification.code.recognise import Parameter, Recognised
from symbp.verification.code.scene import Form, Scene, orders, same, scaled
from symbp.verification.code.updates import Effect, _without_rates, stepped


@dataclass(frozen=True)
class Omission:
    """What was forgotten, where arrays have the values of ``at``.

    ``base`` is the factor of right steps, None where none is known; ``adjoints`` are what the loss
    may be differentiated by.
    """

    known: Recognised
    scene: Scene
    at: Evaluator
    base: Expr | None
    adjoints: Sequence[Tensor]

    def detour(
        self, wrong: Mapping[Parameter, Effect], is_over: Callable[[], bool]
    ) -> Detour | None:
        """The first detour that explains all ``wrong`` steps, unless the time is over before."""
        if any(e.is_along and e.factor is not None for e in wrong.values()):
            return None
        sources = tuple(parameter.before for parameter in wrong)
        for detour in Detours(self.known, self.scene, sources):
            if is_over():
                return None
            ratios = [self._along(e, detour) for e in wrong.values()]
            if all(r is not None for r in ratios) and self._is_sure(wrong, ratios):
                return detour
        return None

    def first(
        self,
        detour: Detour,
        lines: Sequence[Tensor],
        forms: Collection[Tensor],
        again: Callable[[Tensor | None], Sequence[Tensor]],
    ) -> tuple[Slip | None, dict[Tensor, Array]]:
        """The first line that gives what a derivative is where something is forgotten.

        And what it should give, as should those that are the same line ``again``; ``forms`` are
        those that are derivatives where nothing is forgotten, too.
        """
        others = [t for t in self.adjoints if t not in detour.at]
        arrays: dict[Tensor, Array] = {}
        first: Slip | None = None
        for group in (detour.at, others):
            for tensor in lines if first is None else ():
                is_again = first is None or group is detour.at or tensor in again(first.tensor)
                form = self._form_of(tensor, group, detour) if is_again else None
                if form is None:
                    continue
                right = self.scene.gradient(form.of).transpose(form.order)
                arrays[tensor] = scaled(self.scene, right, form.ratio)
                if first is None:
                    is_other = tensor in forms
                    first = Slip("value", tensor, form=form, is_other=is_other, detour=detour)
        return first, arrays

    def _is_sure(self, wrong: Mapping[Parameter, Effect], ratios: Sequence[Any]) -> bool:
        """Whether ``wrong`` steps are the same named multiple of what they should not be.

        Single numbers are multiples of any others.
        """
        sizes = [self.scene.gradient(p.before).size for p in wrong]
        factors = {self.scene.named(r) for r in ratios}
        is_base = self.base is None or factors <= {self.base, -self.base}
        is_one = all(self.scene.field.same(r, ratios[0]) for r in ratios)
        return max(sizes) > 1 and is_one and (None not in factors and is_base)

    def _along(self, e: Effect, detour: Detour) -> Any | None:
        """What multiple a step is of what the gradient is once something is forgotten."""
        of = e.parameter.before
        gradient = detour.gradients.get(of)
        if gradient is None or self._is_multiple(gradient, self.scene.gradient(of)):
            return None
        if e.array is not None:
            for order in orders(of.axes, e.array.axes):
                ratio = self.scene.ratio(self.at.values[e.array], gradient.transpose(order))
                if ratio is not None:
                    return ratio
        if e.parameter.after is None:
            return None
        after = self.at.values[stepped(e.parameter)]
        step = self.at.arithmetic.reduced(self.at.values[of] - after)
        ratio = self.scene.ratio(step, gradient)
        return None if ratio is None else _without_rates(self.scene, self.at, ratio, e.parameter)

    def _is_multiple(self, gradient: Array, right: Array) -> bool:
        """Whether what is left is right up to a factor, as that of a number always is."""
        if same(self.scene, gradient, right):
            return True
        return right.size > 1 and self.scene.ratio(gradient, right) is not None

    def _form_of(self, tensor: Tensor, group: Sequence[Tensor], detour: Detour) -> Form | None:
        """What an array is a derivative by where something is forgotten, and is not else."""
        for of in group:
            gradient = detour.gradients.get(of)
            if gradient is None or same(self.scene, gradient, self.scene.gradient(of)):
                continue
            for order in orders(of.axes, tensor.axes):
                ratio = self.scene.ratio(self.at.values[tensor], gradient.transpose(order))
                if ratio is not None:
                    return Form(of, order, ratio, self.scene.named(ratio))
        return None
