"""Derivatives within one equation: unfolded, differentiated, collapsed, recognised."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sympy import Expr, KroneckerDelta

from symbp.derivation.dependence import Dependence
from symbp.derivation.moves.chain import definition_at, letters
from symbp.derivation.moves.differentiate import Differentiate
from symbp.derivation.moves.recognise import Recognise
from symbp.derivation.moves.sums import Collapse
from symbp.derivation.parts import partials, put
from symbp.derivation.stages import ENDS
from symbp.derivation.step import Derivation, Step
from symbp.equations.axis import Index
from symbp.equations.calculus import Opaque, Partial
from symbp.equations.nodes import has, written
from symbp.equations.tensor import Tensor, is_entry, tensor_of


def lemma(dependence: Dependence, avoid: AbstractSet[Index], partial: Partial) -> Derivation:
    """∂v/∂t by the equation of v; letters in ``avoid`` keep their meaning."""
    definitions = dependence.program.definitions
    v = tensor_of(partial.of) if is_entry(partial.of) else None
    t = tensor_of(partial.wrt)
    steps: list[Step] = []
    expr: Expr = partial
    while pending := partials(expr):
        inner = unfolded = pending[0]
        facts = {"of": inner.of, "wrt": inner.wrt}
        opened = expr
        if is_entry(inner.of):
            equation = definitions[tensor_of(inner.of)]
            rhs = definition_at(equation, inner.of, avoid | letters(expr))
            unfolded = Partial(rhs, inner.wrt)
            opened = put(expr, {inner: unfolded})
            steps.append(Step("unfold", expr, opened, (equation.id,), facts=facts))
        derived = put(expr, {inner: Differentiate(dependence)(unfolded)})
        move = "differentiate_sum" if has(derived, KroneckerDelta) else "differentiate"
        steps.append(Step(move, opened, derived, facts=facts))
        expr = derived
        if (collapsed := Collapse()(expr)) is not None:
            steps.append(Step("collapse", expr, collapsed))
            expr = collapsed
    if v is not None and v.role not in ENDS and not has(expr, Opaque):
        equation = definitions[v]
        if (known := Recognise(equation)(expr, partial.of)) is not None:
            facts = {"of": partial.of}
            steps.append(Step("recognise", expr, known, (equation.id,), facts=facts))
    kept = tuple(s for s in steps if s.before != s.after)
    name = "dE" if v is None else f"d{_at_place(v)}"
    return Derivation(f"{name}/d{_at_place(t)}", partial, kept or tuple(steps[-1:]))


def _at_place(tensor: Tensor) -> str:
    return tensor.name if tensor.place is None else f"{tensor.name}@{written(tensor.place)}"
