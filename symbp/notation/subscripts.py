"""What stands below: the indices of a sign, and what a Σ runs over."""

from __future__ import annotations

from lark import Token

from symbp.notation import formula as tree
from symbp.notation import scripts
from symbp.notation.grammar import Item, kind, trees
from symbp.notation.row import Row, Syntax


def indices(syntax: Syntax, item: Item) -> tuple[tree.Formula, ...]:
    """Indices side by side, ``nj``, or with commas, ``n,t_n``."""
    row = Row(syntax, [item]) if isinstance(item, Token) else syntax.row(item)
    if row is None:
        return syntax.list(item)
    row.is_script = True
    found: list[tree.Formula] = []
    while row.next is not None:
        if kind(row.next) == "NUMBER":
            found += [tree.Number(digit) for digit in str(row.take())]
        else:
            found.append(row.primary())
    return tuple(found)


def labelled(
    syntax: Syntax, item: Item, labels: frozenset[str]
) -> tuple[str, tuple[tree.Formula, ...]]:
    """A label and the indices behind it, ``f,nj`` or ``f,n,t-1,j``; no label if it is none."""
    if isinstance(item, Token):
        return "", ()
    cell = item if kind(item) == "cell" else next(iter(trees(item)), None)
    first, *rest = trees(cell) if cell is not None else (None,)
    label = scripts.flat(first)[0]
    if not rest or label not in labels:
        return "", ()
    if len(rest) == 1 and syntax.row(rest[0]) is not None:
        return label, indices(syntax, rest[0])
    return label, tuple(syntax.logical(each) for each in rest)


def with_entry(row: Row, base: tree.Formula) -> tree.Formula:
    """``softmax(u)_j``: the entry of what is computed, with the powers that follow."""
    if kind(row.next) == "scripted":
        mark, content = row.next.children  # type: ignore[union-attr]
        if kind(mark) == "UNDER":
            row.take()
            base = tree.Entry(base, indices(row.syntax, content))
    return row.raised(base)


def bounds(syntax: Syntax, below: Item | None, above: Item | None) -> tuple[tree.Bound, ...]:
    """``_{i}``, ``_{i,j}``, ``_{i=1}^{n}`` or ``_{i ∈ …}``; none for a mere Σ."""
    if below is None:
        return ()
    several = syntax.list(below)
    if isinstance(several[0], tree.Relation):
        return tuple(_of_relation(syntax, each, below, above) for each in several)
    letters = indices(syntax, below)
    plain = [letter for letter in letters if isinstance(letter, tree.Sign) and not letter.indices]
    if len(plain) < len(letters):
        raise syntax.unexpected(below, "index")
    upper = None if above is None else syntax.content(above)
    return tuple(tree.Bound(letter, None, upper) for letter in plain)


def _size(upper: tree.Formula | None) -> tree.Formula | None:
    """n of ``n - 1``"""
    if isinstance(upper, tree.Terms) and len(upper.parts) == 2:
        (minus, size), (less, one) = upper.parts
        if less and not minus and one == tree.ONE and isinstance(size, tree.Sign):
            return size
    return None


def _of_relation(
    syntax: Syntax, bound: tree.Formula, below: Item, above: Item | None
) -> tree.Bound:
    """``i = 1``, ``i ∈ …``"""
    if isinstance(bound, tree.Relation) and isinstance(bound.left, tree.Sign):
        if bound.operator == "=":
            upper = None if above is None else syntax.content(above)
            size = _size(upper) if bound.right == tree.Number("0") else None
            return tree.Bound(bound.left, bound.right, upper, size)
        if bound.operator == "∈":
            return tree.Bound(bound.left)
    if isinstance(bound, tree.Relation) and isinstance(bound.left, tree.Relation):
        start, letter = bound.left, bound.left.right
        from_zero = start.operator == "≤" and start.left == tree.Number("0")
        if from_zero and bound.operator == "<" and isinstance(letter, tree.Sign):
            return tree.Bound(letter, size=bound.right)
    raise syntax.unexpected(below, "index")
