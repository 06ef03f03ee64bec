"""``dx`` for the slope of the loss by x, where a page writes slopes so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.facts import Line
from symbp.verification.binding.peek import SINGLE, parts
from symbp.verification.binding.slots import COUNTS, bare

D = Sign("d")
RATES = frozenset("ηα")
"""What is on the right of a step dw, which is no slope."""

Slopes = Mapping[Sign, Sign]
"""Name of a slope -> what it is the slope by."""


def differentials(lines: Sequence[Line]) -> Slopes:
    """The slopes that are written so: all, where a line says what one of them is.

    None where d is a quantity of its own, dw a step, or dy = f′(x) dx what a change of x comes to.
    """
    lefts = [(line, inner) for line in lines if (inner := _inner(line.sides[:1])) is not None]
    names = {bare(part) for line in lines for part in _plain(line.sides)}
    told = [line for line, inner in lefts if len(line.sides) > 1 and bare(inner) in names]
    rights = [p for line in told for p in parts(line.sides[1:]) if isinstance(p, Sign)]
    lonely = any(bare(line.sides[0]) == D for line in lines if isinstance(line.sides[0], Sign))
    if not told or lonely or any(sign.glyph in RATES for sign in rights):
        return {}
    slopes = {name._replace(glyph=f"d{name.glyph}"): name for name in names}
    return {} if _go_forward([joined(line, slopes) for line in lines], slopes) else slopes


def _go_forward(lines: Sequence[Line], slopes: Slopes) -> bool:
    """Whether something of the kind of dy is told by dx, where y is computed from x."""
    read: dict[Sign, set[Sign]] = {}
    told: list[tuple[Sign, Sign]] = []
    for line in lines:
        left, rights = line.sides[0], {bare(p) for p in parts(line.sides[1:]) if _is_sign(p)}
        if isinstance(left, Sign) and bare(left) in slopes:
            told += [(slopes[bare(left)], slopes[right]) for right in rights if right in slopes]
        elif isinstance(left, Sign):
            read.setdefault(bare(left), rights)
    return any(_is_from(a, b, read) and not _is_from(b, a, read) for a, b in told)


def _is_from(name: Sign, other: Sign, read: Mapping[Sign, set[Sign]]) -> bool:
    """Whether ``name`` is computed from ``other``, directly or not."""
    found: set[Sign] = set()
    frontier = [name]
    while frontier:
        new = read.get(frontier.pop(), set()) - found
        found |= new
        frontier += new
    return other in found


def _is_sign(part: tree.Formula) -> TypeGuard[Sign]:
    return isinstance(part, Sign)


def are_means(lines: Sequence[Line], slopes: Slopes) -> bool:
    """Whether a slope is 1/m Σ, as that of the mean is where others are those of single costs."""
    for line in lines:
        match line.sides[:2]:
            case [
                Sign() as left,
                tree.Product(factors=(tree.Fraction(bottom=Sign() as m), tree.Big())),
            ]:
                if bare(left) in slopes and m.glyph in COUNTS:
                    return True
    return False


def joined(line: Line, slopes: Slopes) -> Line:
    """``line`` with d and what follows it as one name."""

    def whole(formula: Any) -> Any:
        if not isinstance(formula, tuple) or isinstance(formula, Sign):
            return formula
        found = tuple(map(whole, formula))
        if type(formula) is tuple:
            return found
        if isinstance(formula, tree.Product):
            factors = _joined(formula.factors, slopes)
            return tree.Product(tuple(map(whole, factors))) if len(factors) > 1 else factors[0]
        return type(formula)(*found)

    return replace(line, sides=whole(line.sides)) if slopes else line


def _joined(factors: Sequence[tree.Formula], slopes: Slopes) -> list[tree.Formula]:
    found: list[tree.Formula] = []
    for factor in factors:
        inner = _inner((tree.Product((found[-1], factor)),)) if found else None
        if inner is not None and (name := inner._replace(glyph=f"d{inner.glyph}")):
            found[-1:] = [name] if bare(name) in slopes else [found[-1], factor]
        else:
            found.append(factor)
    return found


def _inner(sides: Sequence[tree.Formula]) -> Sign | None:
    """x, where the one of ``sides`` is dx."""
    match sides:
        case [tree.Product(factors=(Sign() as d, Sign() as inner))] if d == D:
            return inner
        case [Sign(glyph=glyph) as sign] if glyph in SINGLE and glyph[0] == "d":
            return sign._replace(glyph=glyph[1:])
    return None


def _plain(formula: Any) -> list[Sign]:
    """The signs in ``formula`` that are no d, nor stand behind one."""
    if isinstance(formula, Sign):
        return [] if formula == D or _inner((formula,)) is not None else [formula]
    if not isinstance(formula, tuple):
        return []
    behind = zip((None, *formula), formula, strict=False)
    return [sign for before, part in behind if before != D for sign in _plain(part)]
