"""Slips in what runs where: indices, layers, shapes, sums."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.mutation.nodes import (
    Add,
    Group,
    Partial,
    Product,
    Summed,
    Symbol,
    walk,
)
from tests.benchmarks.mutation.place import (
    Place,
    Slip,
    drop,
    layer_text,
    near_layers,
    stripped,
)


def m09(p: Place) -> Iterator[Slip]:
    letters = {
        i.name for n in (*walk(p.left), *walk(p.member)) if isinstance(n, Symbol) for i in n.indices
    }
    letters = sorted(x for x in letters if x.isalpha())
    for node in p.whole(Symbol):
        for index in node.indices:
            for other in letters:
                if index.span and index.name.isalpha() and other != index.name:
                    yield [(*index.span, other)], {"M09"}


def m10(p: Place) -> Iterator[Slip]:
    for node in p.whole(Symbol):
        if node.layer and node.layer.span:
            for text in near_layers(p, node.layer):
                start, end = node.layer.span
                bare = p.source[start - 1] not in "{([+-"
                yield [(start, end, "{" + text + "}" if bare else text)], {"M10"}


def m11(p: Place) -> Iterator[Slip]:
    for node in p.whole(Symbol):
        if p.role(node) == "weight" and len(node.indices) == 2:
            a, b = node.indices
            if a.span and b.span and not a.name.isdigit():
                yield [(*a.span, b.name), (*b.span, a.name)], {"M11", "M09"}
        if p.role(node) == "weight" and node.transposed and node.mark:
            yield [(*node.mark, "")], {"M11"}
        elif (
            p.role(node) == "weight"
            and not node.indices
            and p.matrix(node)
            and p.source[node.span[1] : node.span[1] + 2] not in {")^", "}^"}
        ):
            yield [(node.span[0], node.span[0], "{"), (*2 * (node.span[1],), "}^T")], {"M11"}
    for group in p.whole(Group):
        if p.role(group) == "weight" and group.transposed and group.mark:
            yield [(*group.mark, "")], {"M11"}


def m12(p: Place) -> Iterator[Slip]:
    if p.target() != "weight":
        return
    for product in p.whole(Product):
        for (_, one), (operator, other) in zip(product.factors, product.factors[1:], strict=False):
            if operator or not (p.matrix(one) and p.matrix(other) and one.span and other.span):
                continue
            flips = [bool(getattr(n, "transposed", False)) for n in (one, other)]
            if sum(flips) != 1:
                continue
            if "weight" in {p.role(one), p.role(other)}:
                continue
            span = (one.span[0], other.span[1])
            a, b = stripped(p, one), stripped(p, other)
            yield [(*span, f"{a} {b}")], {"M12"}
            first, second = ("{" + b + "}", "{" + a + "}")
            if flips[1]:
                yield [(*span, f"{first} {second}^T")], {"M12"}
                yield [(*span, f"{p.text(other)} {a}")], {"M12"}
            else:
                yield [(*span, f"{first}^T {second}")], {"M12"}
                yield [(*span, f"{b} {p.text(one)}")], {"M12"}


def m13(p: Place) -> Iterator[Slip]:
    for product in p.whole(Product):
        for k in range(1, len(product.factors)):
            operator, factor = product.factors[k]
            before = product.factors[k - 1][1]
            if not (p.matrix(before) and p.matrix(factor) and before.span and factor.span):
                continue
            if operator == "odot" and product.signs[k]:
                yield [(*product.signs[k], " ")], {"M13"}
            elif not operator:
                yield [(before.span[1], factor.span[0], r" \odot ")], {"M13"}


def m14(p: Place) -> Iterator[Slip]:
    for node in p.whole(Summed):
        if node.head:
            yield [(*node.head, "")], {"M14"} | ({"M17"} if p.target() == "bias" else set())


def m15(p: Place) -> Iterator[Slip]:
    for node in p.whole(Summed):
        if not node.head or not isinstance(node.body, Product):
            continue
        bound = {i.name for i in node.letters}
        for k, (_, factor) in enumerate(node.body.factors):
            used = {i.name for n in walk(factor) if isinstance(n, Symbol) for i in n.indices}
            if used & bound and factor.span and drop(node.body, k):
                text = p.text(factor)
                yield [(*2 * (node.head[0],), text + " "), *drop(node.body, k)], {"M15"}


def m17(p: Place) -> Iterator[Slip]:
    if p.target() != "bias" or not p.member.span:
        return
    by = p.left.below if isinstance(p.left, Partial) else p.left
    text = p.shelf.get("input " + layer_text(by))
    if text:
        member = p.member
        if isinstance(member, Add):
            edits = [(*2 * (member.span[0],), "("), (*2 * (member.span[1],), ") " + text)]
        else:
            edits = [(*2 * (member.span[1],), " " + text)]
        yield edits, {"M17"}
    for product in p.whole(Product):
        for k, (_, factor) in enumerate(product.factors):
            if p.role(factor) == "ones":
                yield drop(product, k), {"M17", "M14"}


def m29(p: Place) -> Iterator[Slip]:
    every = [n for n in (*walk(p.left), *walk(p.member)) if isinstance(n, Symbol) and n.layer]
    if not every or any(n.layer.base != "L" or not n.layer.span for n in every):
        return
    yield [(n.layer.span[0], n.layer.span[0] + 1, "l") for n in every], {"M29"}
