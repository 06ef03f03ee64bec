"""Changes of a formula that leave it right, to count false alarms by."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.benchmarks.mutation.mutants import Edit
from tests.benchmarks.mutation.nodes import (
    Add,
    Fraction,
    Group,
    Indicator,
    Number,
    Product,
    Summed,
    Symbol,
    walk,
)
from tests.benchmarks.mutation.place import Place, drop, in_front

FRESH = "pqrsih"


def commuted(p: Place) -> Iterator[list[Edit]]:
    """Neighbouring factors that are numbers, or joined by an elementwise product, change places."""
    for product in p.whole(Product):
        for k in range(1, len(product.factors)):
            (before, one), (operator, other) = product.factors[k - 1 : k + 1]
            if not (one.span and other.span) or operator == "/" or before == "/":
                continue
            if isinstance(other, Summed) or isinstance(one, Summed):
                continue
            matrices = p.matrix(one) and p.matrix(other)
            if (matrices and operator == "odot" and k == 1) or not (
                matrices or p.matrix(one) or p.matrix(other)
            ):
                a, b = p.text(one), p.text(other)
                if not b[0].isdigit():
                    yield [(*one.span, b), (*other.span, a)]


def reversed_terms(p: Place) -> Iterator[list[Edit]]:
    """a − b as −b + a, a + b as b + a."""
    for add in p.whole(Add):
        if len(add.terms) == 2 and all(t.span for _, t in add.terms):
            (first, one), (second, other) = add.terms
            sign = {1: "+", -1: "-"}[first]
            lead = "-" if second < 0 else ""
            yield [(*add.span, f"{lead}{p.text(other)} {sign} {p.text(one)}")]


def renamed(p: Place) -> Iterator[list[Edit]]:
    """A bound index under another letter."""
    used = {
        i.name for n in (*walk(p.left), *walk(p.member)) if isinstance(n, Symbol) for i in n.indices
    }
    for node in p.whole(Summed):
        for letter in node.letters:
            if not letter.span:
                continue
            fresh = next(x for x in FRESH if x not in used)
            edits = [(*letter.span, fresh)]
            inside = [n for n in walk(node.body) if isinstance(n, Symbol)]
            spots = [i for n in inside for i in (*n.indices, *([n.sample] if n.sample else ()))]
            spots = [i for i in spots if i.name == letter.name]
            shadowed = any(isinstance(n, (Summed, Indicator)) for n in walk(node.body))
            if spots and not shadowed and all(i.span for i in spots):
                yield edits + [(*i.span, fresh) for i in spots]


def bracketed(p: Place) -> Iterator[list[Edit]]:
    """Parentheses that change nothing."""
    for product in p.whole(Product):
        for _, factor in product.factors:
            if isinstance(factor, Fraction) and factor.span:
                yield [(*2 * (factor.span[0],), "("), (*2 * (factor.span[1],), ")")]


def moved_count(p: Place) -> Iterator[list[Edit]]:
    """1/m from the front to the end."""
    member = p.member
    if isinstance(member, Product) and member.span:
        first = member.factors[0][1]
        if isinstance(first, Fraction) and isinstance(first.above, Number) and first.span:
            yield [*drop(member, 0), (*2 * (member.span[1],), r" \cdot " + p.text(first))]


def pushed_into_sum(p: Place) -> Iterator[list[Edit]]:
    """A factor before Σ taken inside it."""
    for product in p.whole(Product):
        *_, (_, last) = product.factors
        if isinstance(last, Summed) and last.head and len(product.factors) > 1:
            before = product.factors[-2][1]
            letters = {i.name for i in last.letters}
            clash = {i.name for n in walk(before) if isinstance(n, Symbol) for i in n.indices}
            if before.span and not letters & clash and not p.matrix(before):
                text = p.text(before)
                yield [(*before.span, ""), (*2 * (last.head[1],), " " + text)]


def doubled_sign(p: Place) -> Iterator[list[Edit]]:
    """(y − d) as −(d − y), where it stands alone in its parentheses."""
    for group in p.whole(Group):
        inner = group.inner
        if isinstance(inner, Add) and len(inner.terms) == 2 and p.member is group:
            (_, one), (sign, other) = inner.terms
            if sign < 0 and one.span and other.span:
                yield [(*group.span, f"-({p.text(other)} - {p.text(one)})")]


def one_more(p: Place) -> Iterator[list[Edit]]:
    """Times one."""
    yield in_front(p, r"1 \cdot")
    yield in_front(p, r"\frac{2}{2}")


SAME: tuple[Callable[[Place], Iterator[list[Edit]]], ...] = (
    *(commuted, reversed_terms, renamed, bracketed, moved_count, pushed_into_sum),
    *(doubled_sign, one_more),
)
