"""A layer that somebody else declared, as text with options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sympy import Expr

from symbp.activations.activation import Scalar
from symbp.equations.tensor import Tensor
from symbp.errors import Fault, SpecErrors
from symbp.layers.forward import Forward, lines_of
from symbp.layers.layer import function_of
from symbp.layers.placed import Placed
from symbp.layers.placing import put
from symbp.layers.written import Layer, Sizes


@dataclass(frozen=True)
class Declared(Layer):
    """``declared`` under the name ``name``, with the functions that its equations may call.

    What is wrong with it has a path from the table that declares it: ``layer.name.equations``.
    """

    name: str
    declared: Forward
    functions: Mapping[str, Scalar] = field(default_factory=dict, hash=False)

    def __hash__(self) -> int:
        return hash((self.name, self.declared.reads, self.declared.equations))

    def forward(self, *shapes: Sizes) -> Forward:
        return self.declared

    def put(self, place: Expr, reads: Sequence[Tensor], shapes: Sequence[Sizes]) -> Placed:
        functions = {name: function_of(each) for name, each in self.functions.items()}
        try:
            return put(self.declared, place, reads, shapes, functions)
        except SpecErrors as wrong:
            faults = [self.located(each) for each in wrong.faults]
            raise SpecErrors(faults) from None

    def located(self, each: Fault) -> Fault:
        """A fault of the equations, seen from where they are declared."""
        if each.path[:1] == ("from",):
            return each
        return in_declaration(each, self.declared).under("layer", self.name)


def in_declaration(each: Fault, declared: Forward) -> Fault:
    """A fault at the number of an equation, of a parameter: at its text, at its key."""
    match each.path:
        case ("equations", int(k)) if isinstance(declared.equations, str):
            start, _ = list(lines_of(declared.equations))[k]
            at = each.details.get("at", 1)
            details = {**each.details, "at": start + (at if isinstance(at, int) else 1)}
            return replace(each, path=("equations",), details=details)
        case ("reads", int()) if isinstance(declared.reads, str):
            return replace(each, path=("reads",))
        case ("parameters", int(k)):
            details = {**each.details, "of_key": True}
            return replace(
                each, path=("parameters", tuple(declared.parameters)[k]), details=details
            )
        case ("begins", int(k)):
            return replace(each, path=("parameters", tuple(declared.parameters)[k]))
    return each
