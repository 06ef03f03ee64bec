"""Parameters that several equations use: the paths from all of them to the loss are added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from symbp.derivation.dependence import Dependence
from symbp.derivation.layer import Author
from symbp.derivation.step import Derivation
from symbp.derivation.unroll import is_later
from symbp.derivation.window import Window
from symbp.equations.equation import Equation
from symbp.equations.tensor import PARAMETERS, Tensor


def shared(dependence: Dependence, stages: Iterable[Tensor]) -> dict[Tensor, tuple[Tensor, ...]]:
    """The parameters with several uses, and the stages that use them, first to last."""
    known = set(stages)
    found: dict[Tensor, tuple[Tensor, ...]] = {}
    for parameter in dependence.program.inputs:
        if parameter.role not in PARAMETERS or is_later(parameter):
            continue
        uses = tuple(u for u in dependence.users(parameter) if u in known)
        if len(uses) > 1:
            found[parameter] = uses
    return found


def derive_shared(around: Window) -> tuple[Derivation, ...]:
    """∂E/∂w of the parameter ``around.unit``, and the step that follows from it."""
    return tuple(_SharedAuthor(around).write())


@dataclass(frozen=True)
class _SharedAuthor(Author):
    """``around.cuts`` are the uses: the δ of each is known by now."""

    @property
    def equation(self) -> Equation:
        return self.program.definitions[self.around.cuts[0]]

    def write(self) -> list[Derivation]:
        gradient = self.gradient(self.around.unit, first=False)
        return [gradient, self.update(gradient)]
