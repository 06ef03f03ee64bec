"""A member of a claim, and the edits that slips are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.mutation.mutants import Edit
from tests.benchmarks.mutation.nodes import (
    Add,
    Call,
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


def index_text(p: Place, node: Node) -> str:
    spans = [i.span for i in getattr(node, "indices", ()) if i.span]
    return "_{" + p.source[spans[0][0] : spans[-1][1]] + "}" if spans else ""


def near_layers(p: Place, layer: Layer) -> list[str]:
    shifted = [layer.shift - 1, layer.shift + 1]
    if layer.base.isdigit():
        most = len(p.spec.sizes) - 1 + p.spec.base
        return [str(k) for k in (int(layer.base) - 1, int(layer.base) + 1) if 0 < k <= most]
    base = layer.base
    return [base + (f"{s:+d}" if s else "") for s in shifted if not (base == "L" and s > 0)]


def stripped(p: Place, node: Node) -> str:
    """A factor without its transposition."""
    mark = getattr(node, "mark", None)
    text = p.text(node)
    if getattr(node, "transposed", False) and mark:
        start = node.span[0]
        return text[: mark[0] - start] + text[mark[1] - start :]
    return text


def layer_text(node: Node) -> str:
    layer = getattr(node, "layer", None)
    return f"{layer.base}{layer.shift:+d}" if layer else ""
