"""Slips that people make on paper, as edits of what was typed, by the codes that name them."""

# ruff: noqa: SIM102 - the kind of a node is asked before what it holds

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.mutation.mutants import Edit
from tests.benchmarks.mutation.nodes import (
    Add,
    Call,
    Fraction,
    Group,
    Indicator,
    Layer,
    Node,
    Number,
    Partial,
    Power,
    Product,
    Summed,
    Symbol,
    children,
    walk,
)
from tests.benchmarks.mutation.spec import Spec

Slip = tuple[list[Edit], set[str]]
ERRORS = {"delta", "dpre", "dact"}


@dataclass(frozen=True)
class Place:
    """A member of a claim, with what is around it."""

    source: str
    spec: Spec
    left: Node
    member: Node
    shelf: dict[str, str]  # texts found elsewhere in the document: "slope l", "input l"

    def text(self, node: Node) -> str:
        return self.source[node.span[0] : node.span[1]]

    def role(self, node: Node) -> str:
        while isinstance(node, (Group, Power)):
            node = node.inner if isinstance(node, Group) else node.base
        return self.spec.names.get(node.glyph, "") if isinstance(node, Symbol) else ""

    def whole(self, kind: type) -> Iterator:
        """The nodes of a kind that have a stretch of source of their own."""
        return (n for n in walk(self.member) if isinstance(n, kind) and n.span)

    def target(self) -> str:
        """The role that the left side is, or is a derivative by."""
        left = self.left
        role = self.role(left.below if isinstance(left, Partial) else left)
        return {"dweight": "weight", "dbias": "bias", "dpre": "pre"}.get(role, role)

    def glyph(self, role: str, like: str = "") -> str:
        """The document's glyph for a role; capital where ``like`` is."""
        if role == "count":
            return next((g for g in "Nm" if f"{{{g}}}" in self.source), "N")
        found = [g for g, r in self.spec.names.items() if r == role and f"{g}" in self.source]
        match = [g for g in found if g[0].isupper() == like[:1].isupper()]
        return (match or found or [""])[0]

    def matrix(self, node: Node) -> bool:
        """Whether a node is a matrix or a column, rather than a number."""
        if self.spec.notation == "scalar":
            return False
        if isinstance(node, Symbol):
            role = self.role(node)
            return not node.indices and role not in {"rate", "decay", "count", "loss", "D", "reg"}
        if isinstance(node, Partial):
            return self.matrix(node.below)
        if isinstance(node, Summed):
            return self.matrix(node.body)
        if isinstance(node, Indicator):
            return self.matrix(node.left)
        return any(self.matrix(c) for c in children(node))

    def slope(self, node: Node) -> Node | None:
        """The symbol whose activation's derivative a factor is, or None."""
        if isinstance(node, Call) and node.primes:
            inner = node.argument
            return inner.inner if isinstance(inner, Group) else inner
        if isinstance(node, Partial) and self.role(node.above) in {"act", "pred"}:
            return node.below if self.role(node.below) == "pre" else None
        if isinstance(node, Indicator) and node.sign == ">":
            return node.left
        if isinstance(node, Group) and isinstance(node.inner, Add) and len(node.inner.terms) == 2:
            (_, one), (sign, other) = node.inner.terms
            if one == Number(1.0, span=getattr(one, "span", None)) and sign < 0:
                for inner in walk(other):
                    if self.role(inner) in {"act", "pred"} and isinstance(inner, Symbol):
                        return inner
        return None

    def is_last(self, node: Node) -> bool:
        layer = getattr(node, "layer", None)
        last = str(len(self.spec.sizes) - 1 + self.spec.base)
        fixed = self.spec.fixed.get(getattr(node, "glyph", ""))
        return (
            self.role(node) == "pred"
            or (isinstance(layer, Layer) and layer.shift == 0 and layer.base in {"L", last})
            or str(fixed) == last
        )


def drop(product: Product, *which: int) -> list[Edit]:
    """Edits that leave out factors of a product, with the operators that join them."""
    edits = []
    for k in which:
        factors = product.factors
        if any(f.span is None for _, f in factors):
            return []
        if k:
            edits.append((factors[k - 1][1].span[1], factors[k][1].span[1], ""))
        else:
            edits.append((factors[0][1].span[0], factors[1][1].span[0], ""))
    return edits


def gap(place: Place, first: Node, second: Node) -> tuple[int, int]:
    return first.span[1], second.span[0]


def in_front(place: Place, text: str) -> list[Edit]:
    """A factor typed before the whole member."""
    member = place.member
    if isinstance(member, Add) and len(member.terms) == 1:
        inside = member.terms[0][1]
        return [(inside.span[0], inside.span[0], text)] if inside.span else []
    if not member.span:
        return []
    if isinstance(member, Add):
        return [(member.span[0], member.span[0], text + "("), (member.span[1], member.span[1], ")")]
    if place.text(member)[0].isdigit() and text[-1].isdigit():
        text += r" \cdot"
    return [(member.span[0], member.span[0], text + " ")]


def slopes(p: Place) -> Iterator[tuple[Product, list[int], Node]]:
    """The factors of products that make up f′: z and (1 − z) belong together."""
    for product in p.whole(Product):
        for k, (_, factor) in enumerate(product.factors):
            of = p.slope(factor)
            if of is None or not factor.span:
                continue
            if isinstance(factor, Group) and not squared(factor):
                same = p.text(of)
                for near in (k - 1, k + 1):
                    inside = 0 <= near < len(product.factors)
                    if (
                        inside
                        and p.source[slice(*(product.factors[near][1].span or (0, 0)))] == same
                    ):
                        yield product, sorted([near, k]), of
                        break
                continue
            yield product, [k], of


def squared(group: Group) -> bool:
    other = group.inner.terms[1][1]
    return isinstance(other, (Power, Product))


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


def index_text(p: Place, node: Node) -> str:
    spans = [i.span for i in getattr(node, "indices", ()) if i.span]
    return "_{" + p.source[spans[0][0] : spans[-1][1]] + "}" if spans else ""


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


def near_layers(p: Place, layer: Layer) -> list[str]:
    shifted = [layer.shift - 1, layer.shift + 1]
    if layer.base.isdigit():
        most = len(p.spec.sizes) - 1 + p.spec.base
        return [str(k) for k in (int(layer.base) - 1, int(layer.base) + 1) if 0 < k <= most]
    base = layer.base
    return [base + (f"{s:+d}" if s else "") for s in shifted if not (base == "L" and s > 0)]


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


def stripped(p: Place, node: Node) -> str:
    """A factor without its transposition."""
    mark = getattr(node, "mark", None)
    text = p.text(node)
    if getattr(node, "transposed", False) and mark:
        start = node.span[0]
        return text[: mark[0] - start] + text[mark[1] - start :]
    return text


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
    text = p.shelf.get("input")
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


def layer_text(node: Node) -> str:
    layer = getattr(node, "layer", None)
    return f"{layer.base}{layer.shift:+d}" if layer else ""


def m29(p: Place) -> Iterator[Slip]:
    every = [n for n in (*walk(p.left), *walk(p.member)) if isinstance(n, Symbol) and n.layer]
    if not every or any(n.layer.base != "L" or not n.layer.span for n in every):
        return
    yield [(n.layer.span[0], n.layer.span[0] + 1, "l") for n in every], {"M29"}


PAPER: tuple[Callable[[Place], Iterator[Slip]], ...] = (
    *(m01_m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, m13, m14, m15),
    *(m17, m18, m20, m22, m27, m29),
)
