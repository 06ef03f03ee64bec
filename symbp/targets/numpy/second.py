"""The functions of a module that multiply matrices of second derivatives with a direction."""

from __future__ import annotations

from typing import Any

from symbp.derivation.names import GAUSS_NEWTON, HESSIAN, product_of, tangent_of
from symbp.equations.tensor import Tensor
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.statements import WIDTH, Body

FUNCTIONS = {HESSIAN: "hessian_vector", GAUSS_NEWTON: "gauss_newton_vector"}
"""What the functions are called, by what the names of their results end in."""


def ways(passes: Passes) -> list[Body]:
    """The bodies of the two functions; none where the plan has no second order."""
    second = passes.plan.second
    if second is None:
        return []
    forward = passes.lowered(second.forward)
    backs = (passes.lowered(second.hessian), passes.lowered(second.gauss_newton))
    return [_joined(passes, end, forward, back) for end, back in zip(FUNCTIONS, backs, strict=True)]


def _joined(passes: Passes, end: str, *parts: Body) -> Body:
    """The backward pass and ``parts``, as far as the products need them."""
    parts = (passes.backward, *parts)
    lines = tuple(line for part in parts for line in part.lines)
    assigns = tuple(assign for part in parts for assign in part.assigns)
    wanted = [product_of(each.tensor, end) for each in passes.plan.parameters]
    whole = statements.needed(Body(lines, assigns), wanted)
    return statements.tidy(whole, passes.forward.assigns)


def second_order(passes: Passes) -> list[dict[str, Any]]:
    """What the template says of each function: its lines and what it returns."""
    names = passes.names
    learnt = [each.tensor for each in passes.plan.parameters]
    out = []
    data = [f"{names(t)}: Array" for t in (passes.plan.input, passes.plan.target)]
    args = ["params: Params", "direction: Params", *data, *["masks: Masks"] * bool(passes.drawn)]
    for (end, function), body in zip(FUNCTIONS.items(), ways(passes), strict=False):
        products = [(names(t), names(product_of(t, end))) for t in learnt]
        out.append(
            {
                "name": function,
                "signature": layout.signature(function, args, "Params"),
                "lines": _with_directions(passes, body, learnt),
                "result": layout.dict_text("", products, layout.WIDTH - 11),
            }
        )
    return out


def _with_directions(passes: Passes, body: Body, learnt: list[Tensor]) -> list[str]:
    """The lines of a function that has a direction beside the parameters."""
    names = passes.names
    used = {t: names(tangent_of(t)) for t in learnt if tangent_of(t) in body.used}
    sources = [f'direction["{names(t)}"]' for t in used]
    lines = layout.unpacked(list(used.values()), ", ".join(sources), WIDTH)
    if len(lines) > 1:
        each = [used.get(t, f"_{names(tangent_of(t))}") for t in learnt]
        kept = "LEARNT" if passes.plan.states else "SHAPES"
        lines = layout.unpacked(each, f"(direction[name] for name in {kept})", WIDTH)
    return [*lines, *passes.code(body)]
