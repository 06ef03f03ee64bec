"""Functions that lowering knows how to compute where their textbook formula would overflow.

They stand only in expressions on their way to arrays; none of them evaluates itself.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Function

from symbp.equations.axis import Index


class sigmoid(Function):
    """1 / (1 + exp(-x))"""


class softplus(Function):
    """log(1 + exp(x))"""


class expm1(Function):
    """exp(x) - 1"""


class log1p(Function):
    """log(1 + x)"""


class erfc(Function):
    """1 - erf(x); SymPy's own turns erfc(-x) back into 2 - erfc(x), which cancels."""


class atmost(Function):
    """The smaller of two values, where the first is known to be it."""


class atleast(Function):
    """The larger of two values, where the first is known to be it."""


class _AlongAxis(Expr):
    def __new__(cls, *args: Any) -> Any:
        return Expr.__new__(cls, *args)

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def index(self) -> Index:
        index: Index = self.args[1]
        return index

    def _eval_is_commutative(self) -> bool:
        return True


class LogSumExp(_AlongAxis):
    """``LogSumExp(body, k)``: log Σ_k exp(body)"""

    @property
    def free_symbols(self) -> set[Expr]:
        return self.body.free_symbols - {self.index}


class Softmax(_AlongAxis):
    """``Softmax(body, k, at)``: exp(body at k = at) / Σ_k exp(body)"""

    @property
    def at(self) -> Expr:
        return self.args[2]

    @property
    def free_symbols(self) -> set[Expr]:
        return (self.body.free_symbols - {self.index}) | self.at.free_symbols


class LogSoftmax(Softmax):
    """``LogSoftmax(body, k, at)``: body at k = at, less log Σ_k exp(body)"""


class LogNotSoftmax(Softmax):
    """``LogNotSoftmax(body, k, at)``: log of 1 less the softmax"""
