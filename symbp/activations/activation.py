"""What an activation is: a formula for one unit, and what must be known to use it well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sympy import Expr, Reals, Set, Symbol, exp

from symbp.equations.axis import Index, total
from symbp.equations.calculus import FunctionSymbol, Opaque
from symbp.equations.nodes import nodes

U = Symbol("u", real=True)
"""The pre-activation in a formula; entries of a tensor are put in its place."""


class Activation(Protocol):
    """A function from the pre-activations of a layer to what leaves its unit ``j``."""

    @property
    def name(self) -> str:
        """The word that a specification calls it by."""

    @property
    def outputs(self) -> Set:
        """The numbers it can yield: a loss that takes logarithms must know."""

    @property
    def gain(self) -> str:
        """The initialiser of the weights in front of it: "he" or "glorot"."""

    @property
    def constants(self) -> tuple[tuple[str, float], ...]:
        """The chosen numbers in its formula, with their values."""

    def of(self, u: Expr, j: Index, constants: Mapping[str, Expr]) -> Expr:
        """Its value where ``u`` is the pre-activation of unit ``j``."""


@dataclass(frozen=True)
class Scalar:
    """A function of each unit by itself: ``formula`` in ``U`` and a symbol per constant."""

    name: str
    formula: Expr
    outputs: Set = Reals
    gain: str = "glorot"
    constants: tuple[tuple[str, float], ...] = ()

    def __str__(self) -> str:
        return self.name

    def of(self, u: Expr, j: Index, constants: Mapping[str, Expr]) -> Expr:
        into = {constant(name): constants[name] for name, _ in self.constants}
        return self.formula.xreplace({U: u, **into})


@dataclass(frozen=True)
class Softmax:
    """``exp(u_j) / Σ_k exp(u_k)`` over the units of the layer."""

    outputs: Set
    name: str = field(default="softmax", init=False)
    gain: str = field(default="glorot", init=False)
    constants: tuple[tuple[str, float], ...] = field(default=(), init=False)

    def of(self, u: Expr, j: Index, constants: Mapping[str, Expr]) -> Expr:
        k = j.axis.fresh(nodes(u, Index), "k")
        return exp(u) / total(exp(u.xreplace({j: k})), k)


@dataclass(frozen=True)
class General:
    """``f(u)`` for a function left open, one of its own at each layer."""

    name: str = field(default="general", init=False)
    outputs: Set = field(default=Reals, init=False)
    gain: str = field(default="glorot", init=False)
    constants: tuple[tuple[str, float], ...] = field(default=(), init=False)

    def of(self, u: Expr, j: Index, constants: Mapping[str, Expr]) -> Expr:
        return Opaque(FunctionSymbol("f", j.axis.place), u)


def constant(name: str) -> Symbol:
    """The symbol that stands for the constant ``name`` in a formula."""
    return Symbol(name, real=True)
