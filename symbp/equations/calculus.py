"""The nodes that SymPy lacks: partial derivatives of named quantities, opaque functions, maxima.

Each knows its own derivative, so that SymPy's ``diff`` passes through; none evaluates itself.
Expressions are otherwise plain SymPy: ``Sum``, ``KroneckerDelta``, ``Piecewise``, ``exp`` ….
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Expr, Integer, KroneckerDelta, Symbol

from symbp.equations.axis import KEPT, Index, total


class Partial(Expr):
    """∂of/∂wrt, unevaluated.

    Where ``of`` is an entry of a tensor, the derivative is taken through the whole program that
    computes it; where it is an expression, what stands in it is differentiated as it stands, but
    for scalars: they are names for what defines them, and are differentiated by their equations.
    """

    def __new__(cls, of: Expr, wrt: Expr) -> Partial:
        partial: Partial = Expr.__new__(cls, of, wrt)
        return partial

    @property
    def of(self) -> Expr:
        return self.args[0]

    @property
    def wrt(self) -> Expr:
        return self.args[1]

    def _eval_is_commutative(self) -> bool:
        return True

    is_real = True


class FunctionSymbol(Symbol):
    """The name of an opaque function, at a place where each layer has its own."""

    __slots__ = ("label", "place")
    label: str
    place: Expr | None

    def __new__(cls, label: str, place: Expr | None = None) -> FunctionSymbol:
        return _function_symbol(label, place)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.label, self.place), {}


@lru_cache(maxsize=KEPT)
def _function_symbol(label: str, place: Expr | None) -> FunctionSymbol:
    name = label if place is None else f"{label}@{place}"
    symbol: FunctionSymbol = Symbol.__xnew__(FunctionSymbol, f"function({name})")
    symbol.label = label
    symbol.place = place
    return symbol


class Opaque(Expr):
    """``f(x)`` for a function of which nothing is known; ``order`` counts primes.

    ∂f(x)/∂s -> f'(x) ∂x/∂s
    """

    def __new__(cls, symbol: FunctionSymbol, argument: Expr, order: int | Expr = 0) -> Opaque:
        opaque: Opaque = Expr.__new__(cls, symbol, argument, Integer(order))
        return opaque

    @property
    def symbol(self) -> FunctionSymbol:
        symbol: FunctionSymbol = self.args[0]
        return symbol

    @property
    def argument(self) -> Expr:
        return self.args[1]

    @property
    def order(self) -> int:
        return int(self.args[2])

    def _eval_derivative(self, s: Expr) -> Expr:
        return Opaque(self.symbol, self.argument, self.order + 1) * self.argument.diff(s)

    def _eval_is_commutative(self) -> bool:
        return True

    is_real = True


class Functional(Expr):
    """A scalar that depends, in a way left open, on every unit of ``entries``.

    It stands for the rest of a network: all that is known of it are its partial derivatives.
    """

    def __new__(cls, *entries: Expr) -> Functional:
        functional: Functional = Expr.__new__(cls, *entries)
        return functional

    @property
    def entries(self) -> tuple[Expr, ...]:
        return tuple(self.args)

    def _eval_is_commutative(self) -> bool:
        return True

    @property
    def free_symbols(self) -> set[Expr]:
        return {s for s in super().free_symbols if not isinstance(s, Index)}

    is_real = True


class _OverAxis(Expr):
    """A body in which one index runs over its whole axis."""

    def __new__(cls, body: Expr, index: Index) -> Any:
        return Expr.__new__(cls, body, index)

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def index(self) -> Index:
        index: Index = self.args[1]
        return index

    @property
    def free_symbols(self) -> set[Expr]:
        return self.body.free_symbols - {self.index}

    def _eval_is_commutative(self) -> bool:
        return True


class Largest(_OverAxis):
    """max_i body(i).

    ∂/∂s -> Σ_i [i = arg max] ∂body(i)/∂s, the first of equals being the maximum.
    """

    is_real = True

    def _eval_derivative(self, s: Expr) -> Expr:
        inner = self.index.axis.fresh(self.body.atoms(Index))
        where = ArgLargest(self.body.xreplace({self.index: inner}), inner)
        return total(KroneckerDelta(self.index, where) * self.body.diff(s), self.index)


class ArgLargest(_OverAxis):
    """arg max_i body(i): the first position of the maximum, constant almost everywhere."""

    is_integer = True

    def _eval_derivative(self, s: Expr) -> Expr:
        return Integer(0)
