"""Σ, max and arg max: what they bind and what they run over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, Pow

from symbp.equations.axis import Axis, Index, Size, Total, l
from symbp.equations.calculus import ArgLargest, Largest
from symbp.equations.tensor import Role, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation.latex import write
from symbp.notation.letters import IMPLIED
from symbp.notation.line import Remark
from symbp.notation.meaning import Meaning
from symbp.notation.read_error import ReadError


def big(meaning: Meaning, formula: tree.Big) -> Expr:
    """Binds the letters from left to right, then reads the body."""
    if not formula.bounds:
        if formula.operator != "Σ":
            raise meaning.unexpected(formula, "index")
        return meaning.sum_of_all(formula.body)
    if any(_is_layer(bound.letter) for bound in formula.bounds):
        return _over_layers(meaning, formula)
    limits = []
    for bound in formula.bounds:
        index = meaning.letters.bind(meaning.neutral(bound.letter), meaning.column(bound.letter))
        limits.append((index, bound))
    body = meaning(formula.body)
    for index, _ in limits:
        body = _with_bare(meaning, body, index)
    by_size = [bound for index, bound in limits if _is_by_size(meaning, index, bound)]
    found = [
        index.limits if bound in by_size else _limits(meaning, index, bound)
        for index, bound in limits
    ]
    for _ in limits:
        meaning.letters.release()
    whole = BIG[formula.operator](body, found)
    if formula.operator != "Σ" or by_size:
        return whole
    return whole + _zeroth(meaning, formula)


def _is_by_size(meaning: Meaning, index: Index, bound: tree.Bound) -> bool:
    """Whether only its bounds tell what ``index`` runs along: Σ from 0 to P − 1."""
    size = meaning.lexicon.scalars.get(bound.size) if isinstance(bound.size, tree.Sign) else None
    if not isinstance(size, Size) or meaning.letters.is_used(index):
        return False
    meaning.letters.stands(index, size.axis)
    return True


def _is_layer(letter: tree.Sign) -> bool:
    return letter == tree.Sign("l")


def _over_layers(meaning: Meaning, formula: tree.Big) -> Expr:
    """``Σ_l ‖w^l‖²``: the one sum over layers that has a name."""
    squares = meaning.lexicon.squares
    rest = tuple(bound for bound in formula.bounds if not _is_layer(bound.letter))
    if formula.operator != "Σ" or squares is None:
        raise meaning.unexpected(formula, "index")
    inner = formula.body
    whole = meaning(tree.Big("Σ", rest, inner) if rest else inner)
    body = whole.function if isinstance(whole, Total) and len(whole.limits) == 2 else None
    if not (isinstance(body, Pow) and body.exp == 2 and is_entry(body.base)):
        raise meaning.unexpected(formula, "index")
    weight = tensor_of(body.base)
    if weight.role is not Role.WEIGHT or weight.place != l:
        raise meaning.unexpected(formula, "index")
    return squares


def _with_bare(meaning: Meaning, body: Expr, index: Index) -> Expr:
    """Σ_j y, where y bears no index: it bears that of the Σ."""
    if meaning.letters.is_used(index):
        return body
    free = [i for i in body.free_symbols if isinstance(i, Index) and i.letter.startswith(IMPLIED)]
    axis = meaning.letters.axis(free[0]) if len(free) == 1 else None
    if axis is None:
        return body
    meaning.letters.stands(index, axis)
    return body.xreplace({free[0]: index})


def _zeroth(meaning: Meaning, formula: tree.Big) -> Expr:
    """What Σ_{i=0} adds: the bias w_{0j} z_0, where the first unit bears the number 1."""
    zero = tree.Number("0")
    from_zero = [b for b in formula.bounds if b.lower == zero]
    if not from_zero or meaning.convention.base != 1:
        return Integer(0)
    (bound, *others) = from_zero
    rest = tuple(b for b in formula.bounds if b is not bound)
    body = _with_zero(formula.body, bound.letter)
    if others or body == formula.body or not meaning.convention.bias_as_weight:
        _remark_bounds(meaning, bound)
        return Integer(0)
    meaning.columns.copy(formula.body, body)
    try:
        return meaning(tree.Big("Σ", rest, body) if rest else body)
    except ReadError:
        _remark_bounds(meaning, bound)
        return Integer(0)


def _with_zero(formula: Any, letter: tree.Sign) -> Any:
    """``formula`` with 0 in place of an index."""
    if isinstance(formula, tree.Sign):
        zero = tree.Number("0")
        return formula._replace(indices=tuple(zero if i == letter else i for i in formula.indices))
    if isinstance(formula, tuple) and hasattr(formula, "_fields"):
        return type(formula)(*(_with_zero(part, letter) for part in formula))
    if isinstance(formula, tuple):
        return tuple(_with_zero(part, letter) for part in formula)
    return formula


def _limits(meaning: Meaning, index: Any, bound: tree.Bound) -> tuple[Expr, Expr, Expr]:
    """The whole axis, unless bounds say plainly that it is a part."""
    if bound.lower is None:
        return index.limits
    base = meaning.convention.base
    whole = tree.Number(str(base)), tree.Number("0")
    upper = bound.upper
    if bound.lower not in whole:
        if upper is None or not isinstance(bound.lower, (tree.Number, tree.Sign, tree.Terms)):
            raise meaning.unexpected(bound.lower, "1")
        _remark_bounds(meaning, bound)
        return index.limits
    size = meaning.lexicon.scalars.get(upper) if isinstance(upper, tree.Sign) else None
    axis = meaning.letters.axis(index)
    if isinstance(upper, tree.Number) or (
        isinstance(size, Size) and axis is not None and not _may_be(meaning, size.axis, axis)
    ):
        _remark_bounds(meaning, bound)
    return index.limits


def _may_be(meaning: Meaning, one: Axis, other: Axis) -> bool:
    return one.name == other.name and (one.place == other.place or str(other.place).startswith("?"))


def _remark_bounds(meaning: Meaning, bound: tree.Bound) -> None:
    facts = {
        name: "" if part is None else write(part)
        for name, part in (("letter", bound.letter), ("lower", bound.lower), ("upper", bound.upper))
    }
    remark = Remark("sum_bounds", meaning.column(bound.letter), facts)
    if remark not in meaning.remarks:
        meaning.remarks.append(remark)


BIG: dict[str, Callable[[Expr, list[tuple[Expr, Expr, Expr]]], Expr]] = {
    "Σ": lambda body, limits: Total(body, *reversed(limits)),
    "max": lambda body, limits: Largest(body, limits[0][0]),
    "argmax": lambda body, limits: ArgLargest(body, limits[0][0]),
}
