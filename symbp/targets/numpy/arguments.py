"""What the functions of a module are given: one input and its targets, or several of each."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symbp.equations.tensor import Role, Tensor
from symbp.targets.numpy import layout
from symbp.targets.numpy.names import Identifiers
from symbp.targets.numpy.tables import Tables
from symbp.targets.plan import Goal, ModulePlan

LISTED = 32
"""Columns of names in a docstring, at most."""


@dataclass(frozen=True)
class Arguments:
    """The names of what is given, and signatures with them.

    Beside the equations a plain module speaks of x and d, whatever these are called in them.
    ``fields`` tells how values are found.
    """

    plan: ModulePlan
    names: Identifiers
    fields: Tables

    @property
    def inputs(self) -> list[str]:
        return [self.names(tensor) for tensor in self.plan.inputs]

    @property
    def targets(self) -> list[str]:
        return [self.names(tensor) for tensor in self.plan.targets]

    def spoken(self) -> dict[str, Any]:
        """What the templates say of data."""
        plan = self.plan
        plain = plan.is_plain
        inputs = ["x"] if plain else self.inputs
        data = ["x", "d"] if plain else [*self.inputs, *self.targets]
        outputs = [self.names(tensor) for tensor in plan.predictions]
        found = map(self.fields.at, plan.predictions)
        goals = [self._goal(goal) for goal in plan.goals]
        kinds = sorted({goal.kind for goal in plan.targets.values()})
        listed = _listed(self.inputs)
        rights = [each for each in {g["target"]: g for g in goals}.values() if each["right"]]
        return {
            "plain": plain,
            "inputs": inputs,
            "data": data,
            "first": "x" if plain else "data[0]",
            "given": "x, d" if plain else "*data",
            "outputs": outputs if len(outputs) > 1 else [],
            "kinds": kinds,
            "input_shapes": self._table("INPUTS", {t: plan.shape(t) for t in plan.inputs}),
            "target_shapes": self._table("TARGETS", dict(map(self._wanted, plan.targets))),
            "target_kinds": {self.names(t): goal.kind for t, goal in plan.targets.items()},
            "labels": self._table("TOKENS", self._tokens) if self._tokens else "",
            "masks_read": _tuple(self._masks) if self._masks else "",
            "rights": rights,
            "right_kinds": sorted({each["kind"] for each in rights}),
            "read": listed or "all inputs",
            "read_in": f"the input{'s' * plan.batched} {listed}" if listed else "all inputs",
            "wanted": _listed(self.targets),
            "all_inputs": _tuple(inputs),
            "all_data": ", ".join(data) + "," * (len(data) == 1),
            "names_of_data": _tuple([f'"{name}"' for name in data]),
            "cast_targets": ", ".join(self._cast(t, goal) for t, goal in plan.targets.items()),
            "has_labels": bool(self._tokens) or "labels" in kinds,
            "kinds_of_data": self._kinds_of_data(),
            "pair": "x_and_d" if plain else "data",
            "picked": layout.block("Outputs(", [f"values.{each}" for each in found], ")"),
            "about_data": self._about_data(),
        }

    def signatures(self) -> dict[str, str]:
        """The heads of the functions that follow the equations."""
        masks = ["masks: Masks"] if self.plan.drawn else []
        inputs = [f"{name}: Array" for name in self.inputs]
        data = [*inputs, *(f"{name}: Array" for name in self.targets)]
        outputs = "Array" if len(self.plan.predictions) == 1 else "Outputs"
        known = ["values: Values | None = None"] if self.plan.updates else []
        both = ["params: Params", *data, *masks, *known]
        anything = [f"{name}: Any" for name in (*self.inputs, *self.targets)]
        dtype = ["*", "dtype: Any = np.float64"]
        checked = [
            "params: Params",
            *(data if not self.plan.is_plain else ("x: Array", "d: Array")),
        ]
        checked += ["*", "entries: int = 200", "seed: int = 0"]
        return {
            "predict": self._head("predict", ["params: Params", *inputs], outputs),
            "check_gradients": self._head("check_gradients", checked, "dict[str, float]"),
            "check_inputs": self._head(
                "check_inputs", [*anything[: len(inputs)], *dtype], "tuple[Array, ...]"
            ),
            "check_data": self._head("check_data", [*anything, *dtype], "tuple[Array, ...]"),
            "accuracy": self._head("accuracy", ["params: Params", *data], "dict[str, float]"),
            "forward": self._head("forward", ["params: Params", *inputs, *masks], "Values"),
            "infer": self._head("infer", ["params: Params", *inputs], "Values"),
            "validation_loss": self._head("validation_loss", ["params: Params", *data], "float"),
            "loss": self._head("loss", ["params: Params", *data, *masks], "float"),
            "both": self._head("loss_and_grads", both, "tuple[float, Params]"),
            "terms": self._head("terms", ["params: Params", *data, *masks], "dict[str, float]"),
        }

    def _head(self, name: str, args: list[str], returns: str) -> str:
        return layout.signature(name, args, returns)

    def _table(self, head: str, values: dict[Tensor, Any]) -> str:
        return layout.dict_text(f"{head} = ", [(self.names(t), v) for t, v in values.items()])

    def _wanted(self, target: Tensor) -> tuple[Tensor, tuple[int, ...]]:
        """The shape of what is predicted for ``target``, which has a class for each label."""
        classes = (self.plan.sizes[target.labels],) if target.labels else ()
        return target, (*self.plan.shape(target), *classes)

    def _cast(self, target: Tensor, goal: Goal) -> str:
        """A target as it is computed with: labels stay whole numbers."""
        return (
            self.names(target) if goal.kind == "labels" else f"precise({self.names(target)}, dtype)"
        )

    def _kinds_of_data(self) -> str:
        """Of which kind a trainer's arrays for samples are."""
        dtype = "self.dtype" if self.plan.style == "fast" else "dtype"
        whole = [t.labels is not None for t in self.plan.inputs]
        whole += [goal.kind == "labels" for goal in self.plan.targets.values()]
        label = "np.dtype(np.intp)" if self.plan.style == "fast" else "np.intp"
        return layout.tuple_text([label if each else dtype for each in whole])

    def _goal(self, goal: Goal) -> dict[str, Any]:
        return {
            "kind": goal.kind,
            "target": self.names(goal.target) if goal.target else "",
            "output": self.names(goal.predictions[0]),
            "term": self.names(goal.term) if goal.term else "",
            "right": goal.is_single and goal.kind != "values",
        }

    def _about_data(self) -> str:
        """What a file of samples holds."""
        held = f"the arrays {', '.join(self.inputs)} (inputs)"
        if self.targets:
            held += f" and {', '.join(self.targets)} (targets)"
        return textwrap.fill(f"DATA is an .npz file with {held}, a row a sample.", layout.WIDTH)

    @property
    def _masks(self) -> list[str]:
        return [f'"{self.names(t)}"' for t in self.plan.inputs if t.role is Role.MASK]

    @property
    def _tokens(self) -> dict[Tensor, int]:
        return {t: self.plan.sizes[t.labels] for t in self.plan.inputs if t.labels}


def _listed(names: Sequence[str]) -> str:
    """Names in a docstring: ``a``, ``b`` and ``c``; nothing where they are too many for a line."""
    quoted = [f"``{name}``" for name in names]
    text = " and ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))
    return text if len(text) <= LISTED else ""


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(names)}{',' * (len(names) == 1)})"
