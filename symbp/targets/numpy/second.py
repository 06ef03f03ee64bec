"""The functions of a module that multiply matrices of second derivatives with a direction."""

from __future__ import annotations

from typing import Any

from symbp.targets.numpy import layout, memory, statements
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.statements import Body
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
    learnt = [each.tensor for each in plan.parameters]
    out = []
    for name, product, body in zip(FUNCTIONS, _products(plan.second), bodies, strict=True):
        results = dict(zip(product.results, learnt, strict=True))
        out.append(
            {
                "name": name,
                "signature": layout.signature(name, args, "Params"),
                "lines": [*_directions(passes, body), *passes.code(body)],
                "holds": memory.note(body, plan.sizes, names),
                "result": passes.tables(body).dict(results, width=layout.WIDTH - 11),
            }
        )
    return out


def _directions(passes: Passes, body: Body) -> list[str]:
    """How a function takes the direction apart."""
    plan = passes.plan
    assert plan.second is not None
    learnt = [each.tensor for each in plan.parameters]
    keys = dict(zip(plan.second.directions, learnt, strict=True))
    used = [direction for direction in keys if direction in body.used]
    kept = "LEARNT" if plan.states else "SHAPES"
    return passes.tables(body).taken_out("direction", keys, used, kept)
