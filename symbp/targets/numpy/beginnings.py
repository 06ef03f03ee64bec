"""What training starts from: the spread of the first weights, and samples that a module carries."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from symbp.equations.tensor import Tensor
from symbp.targets.numpy import layout
from symbp.targets.plan import LearntTensor, ModulePlan, Samples

DEVIATIONS = {
    "glorot": "sqrt(2 / (in + out)) after Glorot",
    "he": "sqrt(2 / in) after He",
}


def is_uniform(plan: ModulePlan) -> bool:
    """Whether the first weights are equally likely anywhere in their range."""
    return any(each.kind == "uniform" for each in plan.parameters)


def spread(plan: ModulePlan, learnt: LearntTensor) -> str:
    """The deviation, or the half width, of the numbers a parameter starts with; none for zeros."""
    into, out = ([plan.sizes[axis] for axis in axes] for axes in (learnt.summed, learnt.others))
    text = {
        "glorot": f"math.sqrt(2 / ({_times(into)} + {_times(out)}))",
        "he": f"math.sqrt(2 / {_grouped(into)})",
        "normal": "1.0",
        "uniform": "1.0",
        "zeros": "",
        "ones": "",
    }[learnt.kind]
    return text if learnt.scale == 1 or not text else f"{learnt.scale!r} * {text}"


def starts(plan: ModulePlan) -> list[tuple[Tensor, float]]:
    """The parameters that all start with one number other than 0."""
    return [(each.tensor, each.scale) for each in plan.parameters if each.kind == "ones"]


def _times(sizes: Sequence[int]) -> str:
    return " * ".join(map(str, sizes)) or "1"


def _grouped(sizes: Sequence[int]) -> str:
    return f"({_times(sizes)})" if len(sizes) > 1 else _times(sizes)


def spread_note(plan: ModulePlan) -> list[str]:
    """Why the first weights are spread as they are, as a comment."""
    kinds = {each.kind for each in plan.parameters}
    why = ", ".join(text for kind, text in DEVIATIONS.items() if kind in kinds)
    note = f"Standard deviations of the first weights{why and ': ' + why}. All else starts at 0."
    if is_uniform(plan):
        note = "The first weights lie from minus these to these. All else starts at 0."
    return textwrap.wrap(note, 98, initial_indent="# ", subsequent_indent="# ")


def samples(carried: Samples | None) -> str:
    """The samples as a literal; nothing if there are none."""
    if carried is None:
        return ""
    parts = (_array(carried.inputs), _array(carried.targets))
    lines = textwrap.indent(",\n".join(parts) + ",", "    ")
    return f"SAMPLES = (\n{lines}\n)"


def _array(rows: Sequence[object]) -> str:
    """A NumPy array, a row a line."""
    listed = [f"[{', '.join(map(str, r))}]" if isinstance(r, tuple) else str(r) for r in rows]
    return layout.block("np.array([", listed, "])", layout.WIDTH - 6)
