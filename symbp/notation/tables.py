"""Tables from signs, as a notation spells them, to what they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.equations.calculus import Functional, FunctionSymbol
from symbp.equations.tensor import Role, Tensor
from symbp.notation.convention import Matrix
from symbp.notation.formula import Sign
from symbp.notation.notation import Notation
from symbp.notation.spelling import capital

BRACKETS = "[]()"
"""What may stand around a place; it is the same place without."""

LOSS = Tensor("E", (), Role.LOSS)


def plain(place: str) -> str:
    """``l+1`` for ``[l+1]`` and ``( l + 1 )``."""
    return place.replace(" ", "").strip(BRACKETS)


def unbracketed(sign: Sign) -> Sign:
    """``sign`` with its place as the tables have it."""
    return sign._replace(place=plain(sign.place))


@dataclass(frozen=True)
class Tables:
    """What is named by each sign without indices; where tensors share a sign, all are listed.

    Places are kept without brackets. The tables are filled once, where they are made.
    """

    notation: Notation
    tensors: dict[Sign, list[Tensor]] = field(default_factory=dict)
    biases: dict[Sign, list[Tensor]] = field(default_factory=dict)  # those written w_{0j}
    matrices: dict[Sign, Tensor] = field(default_factory=dict)  # as a whole
    gradients: dict[Sign, Tensor] = field(default_factory=dict)  # dW for ∂E/∂W
    scalars: dict[Sign, Expr] = field(default_factory=dict)
    functions: dict[Sign, FunctionSymbol] = field(default_factory=dict)
    functionals: dict[tuple[Tensor, ...], Functional] = field(default_factory=dict)
    loss: Expr = LOSS[()]
    has_samples: bool = False
    equated: frozenset[frozenset[Axis]] = frozenset()  # axes whose positions are compared
    squares: Expr | None = None  # Σ_l ‖w^l‖², where the scope has a name for it

    @property
    def is_matrix(self) -> bool:
        """Whether lines are written in matrices."""
        return self.notation.convention.matrix is not Matrix.OFF

    @property
    def values(self) -> tuple[dict[Sign, Any], ...]:
        """The tables of all that is no function."""
        return self.tensors, self.biases, self.matrices, self.gradients, self.scalars

    def has(self, sign: Sign) -> bool:
        """Whether a tensor, a scalar or a function bears ``sign``."""
        return (
            sign in self.tensors
            or sign in self.scalars
            or sign in self.matrices
            or sign in self.biases
            or sign in self.gradients
            or sign._replace(primes=0) in self.functions
        )

    def add(self, sign: Sign, tensor: Tensor) -> None:
        """Lets ``sign`` name entries of ``tensor``, or a scalar."""
        sign = unbracketed(sign)
        if self._is_of_another(sign, tensor):
            return
        if not tensor.axes:
            self.scalars[sign] = tensor[()]
            return
        is_bias = self.notation.spelling.is_bias_as_weight(tensor)
        found = (self.biases if is_bias else self.tensors).setdefault(sign, [])
        if tensor not in found:
            found.append(tensor)

    @cached_property
    def _owned(self) -> frozenset[Sign]:
        """The signs that the page gives to single tensors."""
        return frozenset(self.notation.convention.own.values())

    def _is_of_another(self, sign: Sign, tensor: Tensor) -> bool:
        """Whether the page itself gives ``sign`` to another tensor than this one."""
        return sign in self._owned and self.notation.spelling.own(tensor) != sign

    def add_whole(self, tensor: Tensor) -> None:
        """Enters what ``tensor`` is called as a matrix or a column."""
        if not tensor.axes:
            return
        spelling = self.notation.spelling
        for as_value in (True, False):
            whole = unbracketed(spelling.matrix(tensor, as_value))
            is_whole = self.is_matrix or len(tensor.axes) > 1
            if is_whole and not self._is_of_another(whole, tensor):
                self.matrices.setdefault(whole, tensor)
        for sign in spelling.also(tensor) if self.is_matrix else ():
            self.matrices.setdefault(unbracketed(as_whole(sign, tensor)), tensor)


def as_whole(sign: Sign, tensor: Tensor) -> Sign:
    """``sign`` with a capital, if ``tensor`` is a matrix."""
    return sign._replace(glyph=capital(sign.glyph)) if len(tensor.axes) > 1 else sign
