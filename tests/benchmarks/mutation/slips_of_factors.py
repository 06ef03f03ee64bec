"""Slips in what is multiplied: f′, signs, constants, losses, regularisers, masks."""

# ruff: noqa: SIM102 - the kind of a node is asked before what it holds

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.mutation.nodes import (
    Add,
    Call,
    Fraction,
    Group,
    Indicator,
    Number,
    Partial,
    Product,
    Symbol,
    walk,
)
from tests.benchmarks.mutation.place import (
    Place,
    Slip,
    drop,
    in_front,
    index_text,
    layer_text,
    near_layers,
    slopes,
)


def m01_m02(p: Place) -> Iterator[Slip]:
    for product, which, of in slopes(p):
        if len(product.factors) > len(which):
            codes = {"M01"} if p.is_last(of) else {"M02"}
            if p.is_last(of) and p.spec.loss.endswith("se"):
                codes |= {"M08"}
            yield drop(product, *which), codes


def m03(p: Place) -> Iterator[Slip]:
    for product, which, of in slopes(p):
        nodes = [product.factors[k][1] for k in which]
        start, end = nodes[0].span[0], nodes[-1].span[1]
        joint = r" \odot " if p.matrix(nodes[0]) else " "
        yield [(end, end, joint + p.source[start:end])], {"M03"}
        if isinstance(of, Symbol) and isinstance(nodes[0], Call) and of.name_span:
            other = p.glyph("act", of.glyph)
            yield [(*of.name_span, other + " ")], {"M03", "M04"}
        if isinstance(of, Symbol) and of.layer and of.layer.span and isinstance(nodes[0], Call):
            for text in near_layers(p, of.layer):
                yield [(*of.layer.span, text)], {"M03", "M10"}


def m04(p: Place) -> Iterator[Slip]:
    for product, which, of in slopes(p):
        nodes = [product.factors[k][1] for k in which]
        if isinstance(nodes[0], Call):
            if nodes[0].function == "sigmoid" and isinstance(of, Symbol) and of.span:
                x = p.text(of)
                joint = r" \odot " if p.matrix(of) else " "
                yield [(*nodes[0].span, f"{x}{joint}(1 - {x})")], {"M04"}
            continue
        edits = [
            (*inner.name_span, p.glyph("pre", inner.glyph) + " ")
            for node in nodes
            for inner in walk(node)
            if isinstance(inner, Symbol) and p.role(inner) == "act" and inner.name_span
        ]
        if edits and not isinstance(nodes[0], (Partial, Indicator)):
            yield edits, {"M04", "M03"}


def m05(p: Place) -> Iterator[Slip]:
    member = p.member
    if (
        isinstance(member, Add)
        and member.terms[0][0] < 0
        and len(member.terms) == 1
        and member.span
    ):
        yield [(member.span[0], member.terms[0][1].span[0], "")], {"M05"}
    elif isinstance(member, Add) and member.span:
        yield (
            [(member.span[0], member.span[0], "-("), (member.span[1], member.span[1], ")")],
            {"M05"},
        )
    elif member.span:
        yield [(member.span[0], member.span[0], "-")], {"M05"}
    for node in p.whole(Add):
        if len(node.terms) != 2 or "target" not in {p.role(t) for _, t in node.terms}:
            continue
        (first, one), (second, other) = node.terms
        if first > 0 and second < 0 and one.span and other.span:
            yield [(*one.span, p.text(other)), (*other.span, p.text(one))], {"M05"}


def m06(p: Place) -> Iterator[Slip]:
    yield in_front(p, "2"), {"M06"}
    yield in_front(p, r"\frac{1}{2}"), {"M06"}


def m07(p: Place) -> Iterator[Slip]:
    for product in p.whole(Product):
        for k, (_, factor) in enumerate(product.factors):
            if isinstance(factor, Fraction) and p.role(factor.below) == "count" and factor.span:
                if isinstance(factor.above, Number):
                    yield drop(product, k), {"M07"}
                    yield [(factor.span[1], factor.span[1], " " + p.text(factor))], {"M07"}
    if p.spec.samples > 1:
        yield (
            in_front(p, rf"\frac{{1}}{{{p.glyph('count')}}}"),
            {"M07"} | ({"M17"} if p.target() == "bias" else set()),
        )


def m08(p: Place) -> Iterator[Slip]:
    for group in p.whole(Group):
        inner = group.inner
        if p.spec.loss in {"ce", "bce"} and isinstance(inner, Add) and len(inner.terms) == 2:
            (_, one), (sign, other) = inner.terms
            if sign < 0 and p.role(other) == "target" and one.span:
                y = p.text(one)
                joint = r" \odot " if p.matrix(one) else " "
                text = f"({p.text(group)}{joint}{y}{joint}(1 - {y}))"
                yield [(*group.span, text)], {"M08", "M03"}
    by = p.left.below if isinstance(p.left, Partial) else None
    member = p.member
    if p.role(by) in {"pred", "act"} and p.is_last(by) and member.span and by.span:
        y, d = p.text(by), p.glyph("target", by.glyph) + index_text(p, by)
        if p.spec.loss in {"ce", "bce"}:
            yield [(*member.span, f"{y} - {d}")], {"M08"}
        elif not p.matrix(by):
            yield [(*member.span, rf"\frac{{{y} - {d}}}{{{y}(1 - {y})}}")], {"M08"}
            yield [(*member.span, rf"-\frac{{{d}}}{{{y}}}")], {"M08"}


def m18(p: Place) -> Iterator[Slip]:
    for group in p.whole(Group):
        if isinstance(group.inner, Add) and len(group.inner.terms) == 2:
            (_, one), (sign, other) = group.inner.terms
            same = isinstance(one, Indicator) and one.sign == "="
            same |= p.role(one) == "delta" and len(getattr(one, "indices", ())) == 2
            if same and sign < 0 and one.span and other.span:
                yield [(*group.span, f"{p.text(one)}(1 - {p.text(other)})")], {"M18"}
                yield [(one.span[1], other.span[1], "")], {"M18"}


def m20(p: Place) -> Iterator[Slip]:
    decays = [n for n in p.whole(Symbol) if p.role(n) == "decay"]
    for add in p.whole(Add):
        for k, (_, term) in enumerate(add.terms):
            if k and term.span and any(p.role(n) == "decay" for n in walk(term)):
                before = add.terms[k - 1][1]
                if not before.span:
                    continue
                yield [(before.span[1], term.span[1], "")], {"M20"}
                sign = p.source.rindex("+", before.span[1], term.span[0])
                yield [(sign, sign + 1, "-")], {"M20", "M05"}
                yield [(*2 * (term.span[0],), r"\frac{1}{2} ")], {"M20", "M06"}
    for node in decays:
        start = node.span[0]
        if "2" not in p.source[start - 3 : start]:
            yield [(start, start, "2 ")], {"M20", "M06"}
        else:
            at = p.source.rindex("2", 0, start)
            yield [(at, at + 1, "")], {"M20", "M06"}
    if p.spec.decay and p.target() == "bias" and p.member.span:
        by = p.left.below if isinstance(p.left, Partial) else None
        if by and by.span:
            yield [(*2 * (p.member.span[1],), rf" + \lambda {p.text(by)}")], {"M20"}


def m22(p: Place) -> Iterator[Slip]:
    for node in p.whole(Indicator):
        left = node.left
        if node.sign == ">" and isinstance(left, Symbol) and left.name_span:
            for role in ("delta", "dact"):
                if p.glyph(role):
                    yield [(*left.name_span, p.glyph(role))], {"M22"}


def m27(p: Place) -> Iterator[Slip]:
    if p.target() not in {"weight", "bias"} or not p.member.span:
        return
    for node in p.whole(Symbol):
        slope = p.shelf.get(f"slope {layer_text(node)}")
        if p.role(node) == "delta" and slope and node.indices:
            yield [(*2 * (node.span[1],), " " + slope)], {"M27", "M03"}
