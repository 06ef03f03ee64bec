"""Two operands whose shapes do not go together, and what would make them."""

from __future__ import annotations

from typing import NamedTuple

from symbp.notation import formula as tree
from symbp.notation.axes import Agreement, Axes
from symbp.notation.latex import write
from symbp.notation.read_error import ReadError

MATRIX_PRODUCT = ""
"""The sign between two factors."""


class Operand(NamedTuple):
    """A formula, and what its rows and columns run along."""

    formula: tree.Formula
    axes: Axes


def misfit(
    agreement: Agreement, column: int, operator: str, first: Operand, second: Operand
) -> ReadError:
    """The error with the code "shapes"; ``column`` is where the second operand begins."""
    return ReadError(
        "shapes",
        column,
        operator=operator,
        first=write(first.formula),
        second=write(second.formula),
        left=agreement.keys(first.axes),
        right=agreement.keys(second.axes),
        fits=_remedies(operator, first.axes, second.axes),
    )


def _remedies(operator: str, first: Axes, second: Axes) -> tuple[str, ...]:
    """What would fit: an operand transposed, ⊙ instead of a product, the other order."""
    if operator != MATRIX_PRODUCT:
        return ("second_transposed",) if first == second[::-1] else ()
    remedies = (
        ("second_transposed", first[1] is not None and first[1] == second[1]),
        ("first_transposed", second[0] is not None and first[0] == second[0]),
        ("second_transposed", first[1] is None and second[1] is None),
        ("entrywise", first == second),
        ("turned_round", second[1] is not None and first[0] == second[1]),
    )
    return tuple(dict.fromkeys(name for name, fits in remedies if fits))
