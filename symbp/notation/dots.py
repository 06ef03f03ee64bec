"""``w_1 z_1 + w_2 z_2 + … + w_n z_n``: a sum whose terms show what it runs over.

Only where two terms that follow each other differ in one number, by one, wherever it stands, or
where a last term has a letter in its place, is it plain what the dots leave out.
"""

from __future__ import annotations

from typing import Any

from symbp.notation import formula as tree
from symbp.notation.columns import Columns
from symbp.notation.read_error import ReadError

LETTERS = "ijkmpqrs"
FIRST = (0, 1)


def written_out(
    columns: Columns, parts: list[tuple[bool, tree.Formula]], column: int
) -> tree.Formula:
    """The sum as Σ over all that the terms show. Raises ReadError with the code "dots"."""
    error = ReadError("dots", column)
    split = next((p for p, (_, part) in enumerate(parts) if _ends(part)), None)
    if split is None:
        raise error
    before = [part for _, part in parts[:split]]
    last_before = _undotted(parts[split][1])
    if last_before is not None:
        before.append(last_before)
    after = [part for _, part in parts[split + 1 :]]
    if any(negative for negative, _ in parts) or any(map(_ends, after)) or len(after) > 2:
        raise error
    others: list[tree.Formula] = []
    numbered = [(part, _numbers(part)) for part in before]
    while numbered and not numbered[0][1]:
        others.append(numbered.pop(0)[0])
    terms = [part for part, _ in numbered]
    if not terms:
        raise error
    letter = next(c for c in LETTERS if c not in _letters((*before, *after)))
    start = next((n for n in FIRST if _made(terms[0], n, letter) is not None), None)
    if start is None:
        raise error
    body = _made(terms[0], start, letter)
    for number, term in enumerate(terms, start):
        if body is None or _made(term, number, letter) != body:
            raise error
    if after and _is_last(after[0], body):
        after = after[1:]
    elif len(terms) < 2:
        raise error
    others += after
    if body is None or len(others) > 1 or any(map(_numbers, others)):
        raise error
    columns.copy(terms[0], body, otherwise=column)
    upper = tree.Sign("…")
    bound = tree.Bound(tree.Sign(letter), tree.Number(str(start)), upper)
    total = tree.Big("Σ", (bound,), body)
    return tree.Terms(tuple((False, part) for part in (total, *others))) if others else total


def _ends(part: tree.Formula) -> bool:
    factors = part.factors if isinstance(part, tree.Product) else (part,)
    return isinstance(factors[-1], tree.Dots)


def _undotted(part: tree.Formula) -> tree.Formula | None:
    factors = part.factors[:-1] if isinstance(part, tree.Product) else ()
    return tree.product(list(factors)) if factors else None


def _numbers(formula: Any) -> list[str]:
    """The numbers that stand as indices."""
    if isinstance(formula, tree.Sign):
        return [i.text for i in formula.indices if isinstance(i, tree.Number)]
    if isinstance(formula, tuple):
        return [n for part in formula for n in _numbers(part)]
    return []


def _letters(formula: Any) -> set[str]:
    if isinstance(formula, tree.Sign):
        return {formula.glyph}.union(*map(_letters, formula.indices))
    return set().union(*map(_letters, formula)) if isinstance(formula, tuple) else set()


def _made(formula: Any, number: int, letter: str) -> Any:
    """``formula`` with ``letter`` for each index ``number``; None where there is none."""
    return _replaced(formula, tree.Number(str(number)), tree.Sign(letter))


def _replaced(formula: Any, old: tree.Formula, new: tree.Formula) -> Any:
    found = _inside(formula, old, new)
    return None if found == formula else found


def _inside(formula: Any, old: tree.Formula, new: tree.Formula) -> Any:
    if isinstance(formula, tree.Sign):
        return formula._replace(indices=tuple(new if i == old else i for i in formula.indices))
    if isinstance(formula, tuple) and hasattr(formula, "_fields"):
        return type(formula)(*(_inside(part, old, new) for part in formula))
    if isinstance(formula, tuple):
        return tuple(_inside(part, old, new) for part in formula)
    return formula


def _is_last(formula: tree.Formula, body: Any) -> bool:
    """Whether a letter stands where the numbers stood, as n in ``w_n z_n``."""
    theirs, ours = _letters(formula), _letters(body)
    return any(
        _replaced(formula, tree.Sign(last), tree.Sign(letter)) == body
        for last in theirs
        for letter in ours - theirs
    )
