"""A whole module: from a plan to the data that the template lays out."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from sympy import Integer, nan, zoo

from symbp.equations.tensor import Tensor, after, tensor_of
from symbp.targets.numpy import beginnings, layout, memory
from symbp.targets.numpy.arguments import Arguments
from symbp.targets.numpy.names import OF_RUNNING, Identifiers
from symbp.targets.numpy.passes import Passes
from symbp.targets.numpy.renewing import in_place
from symbp.targets.numpy.rules import Rules
from symbp.targets.numpy.second import second_bodies, second_order
from symbp.targets.numpy.shapes import Shapes
from symbp.targets.numpy.sources import helpers
from symbp.targets.numpy.stepping import stepping
from symbp.targets.numpy.taken import MANY, PIECE
from symbp.targets.plan import ModulePlan
from symbp.templating import render


@dataclass(frozen=True)
class NumpyTarget:
    """Python for NumPy."""

    name: str = "numpy"
    comment: str = "#"

    def filename(self, plan: ModulePlan) -> str:
        return f"{plan.name}_numpy.py"

    def module(self, plan: ModulePlan) -> str:
        names = identifiers(plan)
        shapes = Shapes(plan, names)
        passes = Passes(plan, names, shapes)
        arguments = Arguments(plan, names, passes.fields)
        bodies = second_bodies(passes)
        fast = _fast(plan, passes)
        has_tables = any(passes.tables(body).stems for body in [*passes.all, *bodies])
        has_tables = has_tables or bool((fast["trainer"] or {}).get("has_tables"))
        tables = ("by_layer", "by_name") * has_tables
        return render(
            "numpy/module.py.jinja",
            helpers=helpers([*passes.all, *bodies], also=tables),
            heads=arguments.signatures(),
            **arguments.spoken(),
            **_heading(plan, names, shapes, passes),
            **_network(plan, names, passes),
            **_training(plan, shapes),
            second=second_order(passes, bodies),
            **fast,
        )


def _fast(plan: ModulePlan, passes: Passes) -> dict[str, Any]:
    """What a trainer is made of that makes no arrays while it learns, where one is wanted."""
    if plan.style != "fast":
        return {"trainer": None}
    return {
        "trainer": stepping(passes, plan.without),
        "in_place": in_place(plan),
        "many": MANY,
        "piece": PIECE,
    }


def identifiers(plan: ModulePlan) -> Identifiers:
    """The names of a module, given out in one order whoever asks first."""
    places, numbers = (plan.sizes, {}) if plan.is_stack else ({}, plan.sizes)
    names = Identifiers(plan.names, tuple(places), count=plan.count, numbers=numbers)
    if not plan.is_plain:
        names.avoid(OF_RUNNING)
    computed = [tensor_of(line.equation.lhs) for line in (*plan.forward, *plan.loss)]
    learnt = [each.tensor for each in plan.parameters]
    for tensor in (*plan.inputs, *computed, *plan.targets, *learnt):
        names(tensor)
    return names


def _heading(
    plan: ModulePlan, names: Identifiers, shapes: Shapes, passes: Passes
) -> dict[str, Any]:
    """The docstring and the constants."""
    spreads = [(names(p.tensor), beginnings.spread(plan, p)) for p in plan.parameters]
    starts = [(names(tensor), repr(value)) for tensor, value in beginnings.starts(plan)]
    starts += [(names(tensor), repr(value)) for tensor, value in plan.states if value]
    sizes = [(names(t), shapes.numbers(t)) for t in passes.params]
    return {
        "name": plan.name,
        "title": textwrap.fill(plan.title, layout.WIDTH - 4),
        "documents": plan.documents,
        "batched": plan.batched,
        "count": plan.count,
        "shape_lines": shapes.lines(passes.values),
        "sizes": layout.tuple_text(tuple(plan.sizes.values())) if plan.is_stack else "",
        "input": plan.shape(plan.input),
        "output": plan.shape(plan.predictions[0]),
        "tokens": plan.sizes[plan.input.labels] if plan.input.labels else None,
        "shapes": layout.dict_text("SHAPES = ", sizes),
        "constants": [(names(t), repr(value)) for t, value in plan.constants if not t.axes],
        "has_arrays": bool(passes.arrays),
        "arrays": layout.dict_text(
            "ARRAYS = ", [(names(t), layout.array(v)) for t, v in passes.arrays.items()]
        ),
        "spread_note": beginnings.spread_note(plan),
        "spread": layout.dict_text("SPREAD = ", [pair for pair in spreads if pair[1]]),
        "starts": layout.dict_text("STARTS = ", starts) if starts else "",
        "samples": beginnings.samples(plan.samples),
    }


def _network(plan: ModulePlan, names: Identifiers, passes: Passes) -> dict[str, Any]:
    """The functions that follow the equations."""
    values = passes.fields.all(passes.values)
    outputs = [names(tensor) for tensor in plan.predictions]
    gradients = {of: tensor for tensor, of in passes.gradients.items()}
    return {
        "y": passes.fields.at(plan.predictions[0]),
        "outputs_tuple": layout.named_tuple(outputs, "Outputs"),
        "E": names(tensor_of(plan.loss[-1].equation.lhs)),
        "values": layout.named_tuple(values),
        "by_layer": next((passes.fields.at(t) for t in passes.values if passes.fields.has(t)), ""),
        "returned": layout.filled("Values(", values, ")", layout.WIDTH - 11),
        "more": ", masks" if plan.drawn else "",
        "masks": [(names(t), _mask_shape(plan, t), chance) for t, chance in plan.drawn],
        "masks_tuple": layout.named_tuple([names(t) for t in passes.drawn], "Masks"),
        "infer": passes.code(passes.inference) if passes.inference else [],
        "validating": passes.validating() if passes.inference else [],
        "learnt": layout.tuple_text([f'"{names(t)}"' for t in passes.gradients]),
        "updates": _updates(plan, names, passes),
        "alone": _undefined_alone(plan, passes.shapes),
        "terms": passes.measuring() if len(plan.goals) > 1 else [],
        "measured": layout.dict_text("", _terms(plan, names), layout.WIDTH - 11),
        "forward_holds": memory.note(passes.forward, plan.sizes, names),
        "both_holds": memory.note(passes.both, plan.sizes, names),
        "forward": passes.code(passes.forward),
        "loss": passes.code(passes.loss),
        "both": passes.code(passes.both),
        "gradients": passes.tables(passes.both)
        .dict(gradients, "grads = ", layout.WIDTH - 4)
        .splitlines(),
    }


def _terms(plan: ModulePlan, names: Identifiers) -> list[tuple[str, str]]:
    """Each loss by its name, where there are several."""
    terms = [names(goal.term) for goal in plan.goals if goal.term]
    return [(term, f"float({term})") for term in terms]


def _mask_shape(plan: ModulePlan, tensor: Tensor) -> str:
    """The shape of masks for samples in rows; their number is called N there."""
    sizes = [str(plan.sizes.get(axis, "N")) for axis in tensor.axes]
    sizes = sizes if plan.batched else ["N", *sizes]
    return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"


def _updates(plan: ModulePlan, names: Identifiers, passes: Passes) -> dict[str, Any] | None:
    """The function that renews what is remembered."""
    if passes.updates is None:
        return None
    renewed = {after(t): t for t, _ in plan.states}
    used = [t for t in passes.values if t in passes.updates.used]
    return {
        "lines": passes.renewing(passes.updates, used),
        "result": passes.tables(passes.updates).dict(renewed, width=layout.WIDTH - 11),
    }


def _undefined_alone(plan: ModulePlan, shapes: Shapes) -> bool:
    """Whether something is divided by 0 where there is one sample, as N − 1 is."""
    if shapes.batch is None:
        return False
    numbers = {axis.size: Integer(size) for axis, size in plan.sizes.items()}
    numbers[shapes.batch.size] = Integer(1)
    return any(line.equation.rhs.xreplace(numbers).has(zoo, nan) for line in plan.updates)


def _training(plan: ModulePlan, shapes: Shapes) -> dict[str, Any]:
    """What runs the network."""
    rules = Rules(plan)
    in_rows = plan.batched and not shapes.columns
    uniform = beginnings.is_uniform(plan)
    return {
        "kind": plan.goals[0].kind,
        "columns": shapes.columns,
        "draw": "rng.uniform(-1, 1, shape)" if uniform else "rng.standard_normal(shape)",
        "rules": rules.optimizers(),
        "below_one": rules.options(t for rule in plan.optimizers for t in rule.below_one),
        "above_zero": rules.options(t for rule in plan.optimizers for t in rule.above_zero),
        "schedules": rules.schedules(),
        "clipping": rules.factor() if plan.style == "fast" else rules.clipping(),
        "settings": plan.settings,
        "rows_prefix": "" if in_rows else "rows_",
    }
