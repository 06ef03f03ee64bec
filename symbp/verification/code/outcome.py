"""What is wrong with a program if its loss is this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr

from symbp.equations.arrays import Array
from symbp.equations.tensor import Tensor
from symbp.verification.code.detours import Detour
from symbp.verification.code.losses import Hypothesis
from symbp.verification.code.recognise import Parameter
from symbp.verification.code.scene import Form, Scene
from symbp.verification.code.updates import Effect


@dataclass(frozen=True)
class Slip:
    """A line that is wrong given what it uses: ``tensor`` is what it computes, None for an update.

    ``kind``: "value", "version" (reads ``version`` where ``meant`` is right), "factor" (``by`` is
    what it is too much by), "update" (of ``parameter``), "unknown". ``form`` is what it should be;
    ``beside``: it is but for a multiple of the parameter.
    """

    kind: str
    tensor: Tensor | None = None
    parameter: Parameter | None = None
    form: Form | None = None
    version: Tensor | None = None
    meant: Tensor | None = None
    by: Expr | None = None
    slope: tuple[Tensor, Tensor] | None = None
    beside: bool = False
    is_other: bool = False  # it is a derivative by something else
    detour: Detour | None = None  # what was forgotten on the way back


@dataclass
class Outcome:
    """``effects`` as they are, ``mended`` as they are with all slips repaired."""

    hypothesis: Hypothesis
    scene: Scene
    effects: tuple[Effect, ...]
    mended: tuple[Effect, ...]
    base: Expr | None
    slips: tuple[Slip, ...]
    forms: Mapping[Tensor, tuple[Form, ...]]
    slopes: Mapping[Tensor, tuple[Tensor, Tensor]]
    follows: Mapping[Tensor | Parameter, Slip]
    order: tuple[Tensor, ...] = ()
    conditions: tuple[str, ...] = ()
    all_slopes: Mapping[tuple[Tensor, Tensor], Array] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return not self.slips

    @property
    def is_partly_right(self) -> bool:
        """Whether a step is right though others are not: with another loss, all would be others."""
        return any(e.is_along and not self.scene.vanishes(e.parameter.before) for e in self.effects)

    @property
    def is_sane(self) -> bool:
        """Whether the loss explains anything at all."""
        return any(e.is_along for e in self.effects)
