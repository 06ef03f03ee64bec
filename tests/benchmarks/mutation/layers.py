"""Pages about networks of layers: their printed lines, and mutants of these, a slip in each.

A page holds the forward equations and one line of the derivation, as it is printed or with a slip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sympy import Add, Expr, Indexed, Mul, Sum

from symbp import pipeline
from symbp.equations.axis import Index
from symbp.equations.calculus import Partial
from symbp.equations.canonical import canonical
from symbp.equations.tensor import indices_of, tensor_of
from symbp.network import Network
from symbp.notation.notation import Notation
from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_about
from tests.layers.networks import network

NOTATION = "jp-uz"

Slip = tuple[str, Expr]
"""What was done, and what came of it."""


@dataclass(frozen=True)
class Page:
    """A page about ``network``; ``slip`` is empty where it is right."""

    network: Network
    text: str
    slip: str
    line: str

    def verdict(self) -> Verdict:
        """What is said of the line of the derivation, which stands last."""
        report = verify_about("page.md", self.text, self.network, Options(None, NOTATION))
        return report.findings[-1].verdict


def slips(expr: Expr) -> Iterator[Slip]:
    """Every slip in every part of ``expr``."""
    yield from _own(expr)
    if isinstance(expr, (Indexed, Partial)):
        return
    for k, part in enumerate(expr.args[:1] if isinstance(expr, Sum) else expr.args):
        for name, other in slips(part):
            yield name, expr.func(*expr.args[:k], other, *expr.args[k + 1 :])


def _own(expr: Expr) -> Iterator[Slip]:
    match expr:
        case Add():
            for term in expr.args:
                yield "term dropped", expr - term
                yield "sign of a term", expr - 2 * term
        case Mul():
            yield "factor 2", 2 * expr
            yield "sign", -expr
            for factor in expr.args:
                if not factor.is_Number:
                    yield "factor dropped", expr / factor
        case Indexed():
            yield from _indices(expr)


def _indices(entry: Expr) -> Iterator[Slip]:
    tensor, indices = tensor_of(entry), list(indices_of(entry))
    for k, index in enumerate(indices):
        for other in range(k):
            if tensor.axes[k] == tensor.axes[other]:
                turned = list(indices)
                turned[k], turned[other] = turned[other], turned[k]
                yield "transposed", tensor[tuple(turned)]
        letters = [part for part in index.args if isinstance(part, Index)]
        if index.is_Add and len(letters) == 1:
            yield "another time", tensor[(*indices[:k], letters[0], *indices[k + 1 :])]


def pages(name: str, seed: int = 0) -> Iterator[tuple[Page, Page]]:
    """A right page and a wrong one for each slip in each line, in an order drawn by ``seed``."""
    derived = pipeline.derive(network(name))
    notation = Notation(NOTATION, derived.network.last)
    forward = [notation.latex_equation(e.lhs, e.rhs) for e in derived.network.program().equations]

    def page(slip: str, left: Expr, right: Expr) -> Page:
        line = notation.latex_equation(left, right)
        text = "\n\n".join(f"$$\n{formula}\n$$" for formula in (*forward, line))
        return Page(derived.network, f"# Page\n\n{text}\n", slip, line)

    found = [
        (line, slip, wrong)
        for line in derived.lesson.lines
        if line.step is not None
        for slip, wrong in slips(line.rhs)
        if not _is_same(line.rhs, wrong)
    ]
    Random(seed).shuffle(found)
    for line, slip, wrong in found:
        yield page("", line.lhs, line.rhs), page(slip, line.lhs, wrong)


def _is_same(right: Expr, wrong: Expr) -> bool:
    """Whether a slip changes nothing, as a lost factor ∂z/∂u of 1 in a sum of one term may."""
    return bool(canonical(right) == canonical(wrong))
