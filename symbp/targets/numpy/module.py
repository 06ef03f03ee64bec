"""A whole module: from a plan to the data that the template lays out."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

from symbp.equations.axis import Axis, Size
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.lowering.arrays import Call, Named, Reduce, Rows, walk
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.names import Identifiers
from symbp.targets.numpy.rules import Rules
from symbp.targets.numpy.spelling import HELPERS, Spelling
from symbp.targets.numpy.statements import Body
from symbp.targets.plan import LearntTensor, ModulePlan
from symbp.templating import render

NEEDS = {"log_softmax": "log_sum_exp"}
"""Helpers that use others."""


@dataclass(frozen=True)
class NumpyTarget:
    """Python for NumPy."""

    name: str = "numpy"
    comment: str = "#"

    def filename(self, plan: ModulePlan) -> str:
        return f"{plan.name}_numpy.py"

    def module(self, plan: ModulePlan) -> str:
        return render("numpy/module.py.jinja", **Writer(plan).data())


@dataclass(frozen=True)
class Writer:
    """Writes one plan."""

    plan: ModulePlan
    names: Identifiers = field(init=False)

    def __post_init__(self) -> None:
        places = [axis for axis in self.plan.sizes if axis.name == "unit"]
        names = Identifiers(self.plan.names, places)
        object.__setattr__(self, "names", names)
        for tensor in self._tensors:  # in this order, whoever is asked for first
            names(tensor)

    @property
    def _tensors(self) -> list[Tensor]:
        plan = self.plan
        computed = [tensor_of(line.equation.lhs) for line in (*plan.forward, *plan.loss)]
        learnt = [each.tensor for each in plan.parameters]
        return [plan.input, *computed, plan.target, *learnt]

    # ------------------------------------------------------------ bodies

    @cached_property
    def _lowered(self) -> tuple[Body, Body, Body]:
        plan = self.plan
        activations = {
            tensor_of(line.equation.lhs): line.equation
            for line in plan.forward
            if tensor_of(line.equation.lhs).role is Role.ACTIVATION
        }
        forward, loss, backward = (
            statements.lowered(lines, activations, plan.layout)
            for lines in (plan.forward, plan.loss, plan.backward)
        )
        return forward, loss, backward

    @cached_property
    def forward(self) -> Body:
        return statements.tidy(self._lowered[0])

    @cached_property
    def loss(self) -> Body:
        return statements.tidy(self._lowered[1], self._lowered[0].assigns)

    @cached_property
    def both(self) -> Body:
        """The loss and the backward pass."""
        forward, loss, backward = self._lowered
        together = Body(loss.lines + backward.lines, loss.assigns + backward.assigns)
        wanted = [*loss.computed, *(self._gradients.values())]
        return statements.tidy(statements.needed(together, wanted), forward.assigns)

    @cached_property
    def _gradients(self) -> dict[Tensor, Partial]:
        """The gradient of each parameter, in the order of the parameters."""
        found = {
            assign.target.of.wrt: assign.target.of
            for assign in self._lowered[2].assigns
            if isinstance(assign.target.of, Partial)
        }
        by_tensor = {tensor_of(wrt): partial for wrt, partial in found.items()}
        return {each.tensor: by_tensor[each.tensor] for each in self.plan.parameters}

    # ------------------------------------------------------------ what the template is given

    def data(self) -> dict[str, Any]:
        plan, names = self.plan, self.names
        spelling = Spelling(names)
        values = [t for t in self.forward.computed if isinstance(t, Tensor)]
        params = [each.tensor for each in plan.parameters]
        rules = Rules(plan)
        batch = self._batch
        columns = batch is not None and self._axes(plan.input)[0] != batch
        return {
            "name": plan.name,
            "title": plan.title,
            "documents": plan.documents,
            "module": f"{plan.name}_numpy",
            "batched": plan.batched,
            "columns": columns,
            "x": names(plan.input),
            "d": names(plan.target),
            "y": names(plan.prediction),
            "E": names(tensor_of(plan.loss[-1].equation.lhs)),
            "sizes": layout.tuple_text(tuple(plan.sizes.values())),
            "kind": plan.target_kind,
            "constants": [(names(t), repr(v)) for t, v in plan.constants],
            "shapes": layout.dict_text("SHAPES = ", [(names(t), self._numbers(t)) for t in params]),
            "shape_lines": self._shape_lines(values),
            "spread": layout.dict_text("SPREAD = ", self._spreads),
            "spread_note": self._spread_note(),
            "draw": "rng.uniform(-1, 1, shape)" if self._uniform else "rng.standard_normal(shape)",
            "samples": self._samples(),
            "helpers": helpers((self.forward, self.loss, self.both)),
            "values": layout.named_tuple([names(t) for t in values]),
            "returned": layout.filled("Values(", [names(t) for t in values], ")", 85),
            "forward_head": self._head(self.forward, params, []),
            "forward": statements.code(self.forward, spelling),
            "loss_head": self._head(self.loss, params, values),
            "loss": statements.code(self.loss, spelling),
            "both_head": self._head(self.both, params, values),
            "both": statements.code(self.both, spelling),
            "gradients": layout.dict_text("grads = ", self._gradient_names()).splitlines(),
            "rules": rules.optimizers(),
            "schedules": rules.schedules(),
            "clipping": rules.clipping(),
            "settings": plan.settings,
            "rows_prefix": "" if plan.batched and not columns else "rows_",
            "csv_targets": "d[:, 0]" if plan.target_kind == "labels" else "d",
        }

    @property
    def _batch(self) -> Axis | None:
        """The axis of the samples."""
        inner = set(self.plan.sizes)
        return next((axis for axis in self.plan.input.axes if axis not in inner), None)

    def _axes(self, tensor: Tensor) -> tuple[Axis, ...]:
        """The axes in the order of storage."""
        order = self.plan.layout.get(tensor, tuple(range(len(tensor.axes))))
        return tuple(tensor.axes[p] for p in order)

    def _numbers(self, tensor: Tensor) -> tuple[int, ...]:
        return tuple(self.plan.sizes[axis] for axis in self._axes(tensor))

    def _shape_lines(self, values: Iterable[Tensor]) -> list[str]:
        """A line a shape: the tensors that have it."""
        plan = self.plan
        rows: list[tuple[list[str], str, str]] = []
        notes = {
            plan.input: "inputs",
            plan.prediction: "predictions",
            plan.target: KINDS[plan.target_kind],
        }
        for tensor in (plan.input, *values, plan.target, *(p.tensor for p in plan.parameters)):
            if self.names(tensor) in (name for names, *_ in rows for name in names):
                continue
            sizes = [str(plan.sizes.get(axis, "N")) for axis in self._axes(tensor)]
            shape = f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"
            note = notes.get(tensor, "")
            if rows and rows[-1][1] == shape and not note and not rows[-1][2]:
                rows[-1][0].append(self.names(tensor))
            else:
                rows.append(([self.names(tensor)], shape, note))
        left = [", ".join(names) for names, *_ in rows]
        widths = max(map(len, left)), max(len(shape) for _, shape, _ in rows)
        return [
            f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {note}".rstrip()
            for name, (_, shape, note) in zip(left, rows, strict=True)
        ]

    @property
    def _uniform(self) -> bool:
        return any(each.kind == "uniform" for each in self.plan.parameters)

    @property
    def _spreads(self) -> list[tuple[str, str]]:
        """For each weight the deviation, or the half width, of what it starts with."""
        return [(self.names(p.tensor), s) for p in self.plan.parameters if (s := self._spread(p))]

    def _spread(self, learnt: LearntTensor) -> str:
        fans = [self.plan.sizes[axis] for axis in learnt.tensor.axes]
        text = {
            "glorot": f"math.sqrt(2 / ({fans[0]} + {fans[-1]}))",
            "he": f"math.sqrt(2 / {fans[0]})",
            "normal": "1.0",
            "uniform": "1.0",
            "zeros": "",
        }[learnt.kind]
        return text if learnt.scale == 1 or not text else f"{learnt.scale!r} * {text}"

    def _spread_note(self) -> str:
        """Why the first weights are as wide as they are."""
        if self._uniform:
            return "The first weights lie between minus this and this."
        kinds = {each.kind for each in self.plan.parameters}
        why = ", ".join(text for kind, text in INITS.items() if kind in kinds)
        return f"Standard deviations of the first weights{why and ': ' + why}."

    def _gradient_names(self) -> list[tuple[str, str]]:
        return [(self.names(t), self.names(p)) for t, p in self._gradients.items()]

    def _samples(self) -> str:
        """The literal of the samples that the module carries."""
        samples = self.plan.samples
        if samples is None:
            return ""
        parts = (layout.array(samples.inputs), layout.array(samples.targets))
        lines = textwrap.indent(",\n".join(parts) + ",", "    ")
        return f"SAMPLES = (\n{lines}\n)"

    def _head(self, body: Body, params: list[Tensor], values: list[Tensor]) -> list[str]:
        """What a function takes out of its arguments before it computes."""
        used = body.used
        lines = self._from_params([t for t in params if t in used], params)
        if any(isinstance(of, Size) and of not in self._known_sizes for of in used):
            x = self.names(self.plan.input)
            position = self._axes(self.plan.input).index(self._batch)
            lines.append(f"N = len({x})" if position == 0 else f"N = {x}.shape[{position}]")
        if values:
            lines += self._from_values([t for t in values if t in used], values)
        return lines

    @cached_property
    def _known_sizes(self) -> set[Named]:
        return {axis.size for axis in self.plan.sizes}

    def _from_params(self, used: list[Tensor], params: list[Tensor]) -> list[str]:
        names = [self.names(t) for t in used]
        if len(names) == 1:
            return [f'{names[0]} = params["{names[0]}"]']
        if not names:
            return []
        keys = "SHAPES" if used == params else "(" + ", ".join(f'"{n}"' for n in names) + ")"
        return _unpacked(names, f"(params[name] for name in {keys})")

    def _from_values(self, used: list[Tensor], values: list[Tensor]) -> list[str]:
        call = f"forward(params, {self.names(self.plan.input)})"
        if len(used) == 1:
            return [f"{self.names(used[0])} = {call}.{self.names(used[0])}"]
        names = [self.names(t) if t in used else f"_{self.names(t)}" for t in values]
        return _unpacked(names, call)


KINDS = {
    "values": "targets",
    "probabilities": "targets, from 0 to 1",
    "one_hot": "targets, which sum up to 1 for each sample; whole numbers will do",
    "labels": "targets: for each sample the number of the right unit, from 0",
}

INITS = {
    "glorot": "sqrt(2 / (in + out)) after Glorot",
    "he": "sqrt(2 / in) after He",
}


def _unpacked(names: list[str], source: str) -> list[str]:
    """``a, b = source``, over several lines where it is long."""
    whole = f"{', '.join(names)} = {source}"
    if len(whole) <= statements.WIDTH:
        return [whole]
    left = textwrap.wrap(", ".join(names) + ",", statements.WIDTH - 4)
    if len(f") = {source}") <= statements.WIDTH:
        right = [f") = {source}"]
    else:
        _, _, keys = source.partition("(params[name] for name in (")
        keys = keys.removesuffix("))") + ","
        inner = textwrap.wrap(keys, statements.WIDTH - 8)
        right = [") = (", "    params[name]", "    for name in ("]
        right += [f"        {line}" for line in inner] + ["    )", ")"]
    return ["(", *(f"    {line}" for line in left), *right]


def helpers(bodies: Iterable[Body]) -> list[str]:
    """The sources of the functions that ``bodies`` call and NumPy lacks."""
    used = set()
    for body in bodies:
        for assign in body.assigns:
            for part in walk(assign.value):
                if isinstance(part, (Call, Reduce, Rows)) and part.op in HELPERS:
                    used |= {part.op, NEEDS.get(part.op, part.op)}
    return [text for name, text in _sources().items() if name in used]


def _sources() -> dict[str, str]:
    text = files("symbp.targets.numpy").joinpath("helpers.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    return {
        node.name: ast.get_source_segment(text, node) or ""
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
