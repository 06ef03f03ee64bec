"""Expressions in the names of a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr
from sympy.printing.str import StrPrinter

from symbp.equations.axis import Axis
from symbp.equations.tensor import Tensor, indices_of, tensor_of

MOST = 160
"""Characters beyond which a formula tells nobody anything."""


def spelled(expr: Expr, name: Callable[[Tensor], str], samples: set[Axis]) -> str:
    """``expr`` as text: entries as ``W1[i, j]``, sums as Σ, the number of samples as m."""
    text: str = _Printer(name, samples).doprint(expr)
    return text if len(text) <= MOST else text[:MOST] + "…"


class _Printer(StrPrinter):
    def __init__(self, name: Callable[[Tensor], str], samples: set[Axis]) -> None:
        super().__init__()
        self.name, self.samples = name, samples
        self.letters: dict[Any, str] = {}

    def _letter(self, index: Any) -> str:
        free = (c for c in "ijkpqrstuvw" if c not in self.letters.values())
        return self.letters.setdefault(index, next(free, "x"))

    def _print_Index(self, expr: Any) -> str:
        return self._letter(expr)

    def _print_Size(self, expr: Any) -> str:
        return "m" if expr.axis in self.samples else "n"

    def _print_TensorSymbol(self, expr: Any) -> str:
        return self.name(expr.tensor)

    def _print_Indexed(self, expr: Any) -> str:
        inner = ", ".join(self.doprint(i) for i in indices_of(expr))
        return f"{self.name(tensor_of(expr))}[{inner}]"

    def _print_Total(self, expr: Any) -> str:
        letters = "".join(f"Σ_{self.doprint(limit[0])} " for limit in expr.limits)
        return f"{letters}({self.doprint(expr.function)})"

    def _print_Partial(self, expr: Any) -> str:
        return f"∂{self.doprint(expr.of)}/∂{self.doprint(expr.wrt)}"

    def _print_Opaque(self, expr: Any) -> str:
        return f"{expr.symbol.label}{'′' * expr.order}({self.doprint(expr.argument)})"
