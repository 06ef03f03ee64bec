"""The functions of a module that multiply matrices of second derivatives with a direction."""

from __future__ import annotations

from typing import Any

from symbp.targets.numpy import layout, memory, statements
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.statements import WIDTH, Body
from symbp.targets.plan import Product, SecondOrder

FUNCTIONS = ("hessian_vector", "gauss_newton_vector")


def second_bodies(passes: Passes) -> list[Body]:
    """The bodies of the two functions; none where the plan has no second order."""
    second = passes.plan.second
    if second is None:
        return []
    forward = passes.lowered(second.forward)
    return [_way(passes, forward, product) for product in _products(second)]


def _products(second: SecondOrder) -> tuple[Product, Product]:
    return second.hessian, second.gauss_newton


def _way(passes: Passes, forward: Body, product: Product) -> Body:
    """Loss and backward pass, tangents forward and back, as far as the product needs them."""
    first = (passes.lowered(passes.plan.loss), passes.backward)
    parts = (*first, forward, passes.lowered(product.lines))
    lines = tuple(line for part in parts for line in part.lines)
    assigns = tuple(assign for part in parts for assign in part.assigns)
    whole = statements.needed(Body(lines, assigns), product.results)
    return statements.tidy(whole, passes.forward.assigns)


def second_order(passes: Passes, bodies: list[Body]) -> list[dict[str, Any]]:
    """What the template says of each of these functions: its lines and what it returns."""
    plan, names = passes.plan, passes.names
    if plan.second is None:
        return []
    data = [f"{names(t)}: Array" for t in (*plan.inputs, *plan.targets)]
    args = ["params: Params", "direction: Params", *data, *["masks: Masks"] * bool(plan.drawn)]
    learnt = [names(each.tensor) for each in plan.parameters]
    out = []
    for name, product, body in zip(FUNCTIONS, _products(plan.second), bodies, strict=True):
        results = zip(learnt, map(names, product.results), strict=True)
        out.append(
            {
                "name": name,
                "signature": layout.signature(name, args, "Params"),
                "lines": [*_directions(passes, body, learnt), *passes.code(body)],
                "holds": memory.note(body, plan.sizes, names),
                "result": layout.dict_text("", results, layout.WIDTH - 11),
            }
        )
    return out


def _directions(passes: Passes, body: Body, learnt: list[str]) -> list[str]:
    """How a function takes the direction apart."""
    assert passes.plan.second is not None
    pairs = list(zip(learnt, passes.plan.second.directions, strict=True))
    used = [(name, passes.names(t)) for name, t in pairs if t in body.used]
    sources = ", ".join(f'direction["{name}"]' for name, _ in used)
    lines = layout.unpacked([own for _, own in used], sources, WIDTH)
    if len(lines) == 1:
        return lines
    each = [passes.names(t) if t in body.used else f"_{passes.names(t)}" for _, t in pairs]
    kept = "LEARNT" if passes.plan.states else "SHAPES"
    return layout.unpacked(each, f"(direction[name] for name in {kept})", WIDTH)
