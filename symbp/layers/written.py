"""Layers that are written down as text: what a layer of one's own derives from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from sympy import Expr

from symbp.equations.tensor import Tensor
from symbp.errors import SpecErrors, fault
from symbp.layers.forward import Forward
from symbp.layers.layer import function_of
from symbp.layers.options import LARGEST, own_activations, wrong_options
from symbp.layers.placed import Placed
from symbp.layers.placing import put

Sizes = Sequence[int | None]
"""The shape of what comes in, None for the number of samples."""

NEVER = "-1e30"
"""A number that is never the largest, and whose exponential is 0."""


ANY_AXIS = MappingProxyType({"axis": -LARGEST})
"""Axes are also counted from the end: -1 is the last."""


class Layer(ABC):
    """A layer whose ``forward`` gives its equations as text; all else follows from them.

    Options are the fields of a dataclass. Whole numbers are 1 or more unless ``least`` says so,
    ``words`` lists the texts that an option may be; ``activation`` names one, or is one.
    """

    kind: ClassVar[str] = ""
    least: ClassVar[Mapping[str, int]] = {}
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    tokens: ClassVar[bool] = False
    """Whether it reads tokens, and no numbers."""

    @abstractmethod
    def forward(self, *shapes: Sizes) -> Forward:
        """The equations for tensors of these shapes."""

    def put(self, place: Expr, reads: Sequence[Tensor], shapes: Sequence[Sizes]) -> Placed:
        """The layer at ``place``. Raises SpecErrors for whatever does not fit."""
        if faults := wrong_options(self):
            raise SpecErrors(faults)
        if self.tokens and any(read.labels is None for read in reads):
            raise SpecErrors([fault("layer_numbers")])
        return put(self.forward(*shapes), place, reads, shapes, own_functions(self))


def own_functions(layer: Any) -> dict[str, Callable[[Expr], Expr]]:
    """The functions that are given to ``layer`` as options, by name."""
    return {each.name: function_of(each) for each in own_activations(layer)}
