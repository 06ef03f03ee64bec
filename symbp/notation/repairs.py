"""Lines of matrices whose shapes do not fit, with one thing in them changed.

A transpose more or less, two factors the other way round, ⊙ for a product or a product for ⊙.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symbp.notation import formula as tree

Change = tuple[str, tree.Formula]
"""What was changed: "transposed" with the glyph, as "transposed W"; "swapped"; "entrywise" where a
product stood; "multiplied" where ⊙ stood."""


def changed(formula: Any) -> Iterator[tuple[str, Any]]:
    """``formula`` with one change, in all ways."""
    if isinstance(formula, tree.Sign):
        yield f"transposed {formula.glyph}", tree.Transposed(formula)
        return
    if isinstance(formula, tree.Transposed):
        if isinstance(formula.inner, tree.Sign):
            yield f"transposed {formula.inner.glyph}", formula.inner
        return
    if isinstance(formula, (tree.Product, tree.Hadamard)):
        yield from _of_factors(formula)
    if not isinstance(formula, tuple) or isinstance(formula, (tree.Derivative, tree.Bound)):
        return
    is_applied = isinstance(formula, (tree.Apply, tree.Note))
    for position, part in enumerate(formula):
        if isinstance(part, tuple) and not (is_applied and position == 0):
            for kind, other in changed(part):
                parts = (*formula[:position], other, *formula[position + 1 :])
                yield kind, parts if type(formula) is tuple else type(formula)(*parts)


def _of_factors(formula: tree.Product | tree.Hadamard) -> Iterator[Change]:
    factors = formula.factors
    for k in range(len(factors) - 1):
        before, pair, after = factors[:k], factors[k : k + 2], factors[k + 2 :]
        if isinstance(formula, tree.Product):
            yield "swapped", tree.Product((*before, *pair[::-1], *after))
            yield "swapped", tree.Product((*before, *map(_turned, pair[::-1]), *after))
            other: tree.Formula = tree.Hadamard(pair)
            kind = "entrywise"
        else:
            other, kind = tree.Product(pair), "multiplied"
        whole = (*before, other, *after)
        yield kind, whole[0] if len(whole) == 1 else type(formula)(whole)
    if isinstance(formula, tree.Product):
        for k in range(1, len(factors)):
            left, right = (_product(part) for part in (factors[:k], factors[k:]))
            yield "entrywise", tree.Hadamard((left, right))


def _turned(formula: tree.Formula) -> tree.Formula:
    return formula.inner if isinstance(formula, tree.Transposed) else tree.Transposed(formula)


def _product(factors: tuple[tree.Formula, ...]) -> tree.Formula:
    return factors[0] if len(factors) == 1 else tree.Product(factors)
