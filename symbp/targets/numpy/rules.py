"""Optimizers, schedules and clipping: update equations as functions over whole arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, Integer, Piecewise

from symbp.equations.tensor import Tensor, after, tensor_of
from symbp.lowering.lower import lower
from symbp.targets.numpy import layout, statements
from symbp.targets.numpy.names import Identifiers
from symbp.targets.numpy.spelling import Spelling
from symbp.targets.numpy.statements import Body
from symbp.targets.plan import (
    FALL,
    FIRST_RATE,
    GRADIENT,
    LIMIT,
    NORM,
    RATE,
    STEP,
    WEIGHT,
    Line,
    ModulePlan,
    UpdateRule,
)

NUMBERS = frozenset((STEP, RATE, FIRST_RATE, FALL, NORM, LIMIT))
"""What is one number for all entries of all parameters."""


@dataclass(frozen=True)
class Rules:
    """The update equations of a plan as functions."""

    plan: ModulePlan

    def optimizers(self) -> list[dict[str, Any]]:
        return [self._optimizer(rule) for rule in self.plan.optimizers]

    def options(self, several: Iterable[Tensor]) -> str:
        """Constants of rules, each once, by what they are called in code."""
        names = self._names(())
        return layout.tuple_text([f'"{names(tensor)}"' for tensor in dict.fromkeys(several)])

    def schedules(self) -> list[dict[str, Any]]:
        return [
            {"name": name, **self._function(lines, (FIRST_RATE, FALL, STEP), RATE)}
            for name, lines in self.plan.schedules
        ]

    def clipping(self) -> dict[str, Any] | None:
        if not self.plan.clipping:
            return None
        result = tensor_of(self.plan.clipping[-1].equation.lhs)
        return self._function(self.plan.clipping, (GRADIENT, NORM, LIMIT), result)

    def factor(self) -> dict[str, Any] | None:
        """What clipping multiplies gradients by, as it does nothing else to them."""
        if not self.plan.clipping:
            return None
        (line,) = self.plan.clipping
        found = replace(line.equation, rhs=_by_gradient(line.equation.rhs))
        alone = replace(line, equation=found)
        return self._function((alone,), (NORM, LIMIT), tensor_of(found.lhs))

    def _optimizer(self, rule: UpdateRule) -> dict[str, Any]:
        names = self._names((WEIGHT, GRADIENT, STEP, RATE, *rule.states))
        body = self._body(rule.lines)
        return {
            "name": rule.name,
            "head": self._head(rule, names),
            "options": layout.tuple_text([f'"{names(t)}"' for t, _ in rule.constants]),
            "states": [names(t) for t in rule.states],
            **self._returning(body, names, after(WEIGHT)),
            "next": [names(after(t)) for t in rule.states],
        }

    def _head(self, rule: UpdateRule, names: Identifiers) -> str:
        w, g, t, eta = (names(tensor) for tensor in (WEIGHT, GRADIENT, STEP, RATE))
        args = [f"{w}: Array", f"{g}: Array", "state: State", f"{t}: int", f"{eta}: float"]
        args += [f"{names(tensor)}: float = {value!r}" for tensor, value in rule.constants]
        return layout.signature(rule.name, args, "tuple[Array, State]")

    def _function(
        self, lines: tuple[Line, ...], args: tuple[Tensor, ...], result: Tensor
    ) -> dict[str, Any]:
        names = self._names(args)
        return {
            "args": [names(t) for t in args],
            **self._returning(self._body(lines), names, result),
        }

    def _returning(self, body: Body, names: Identifiers, result: Tensor) -> dict[str, Any]:
        """The lines up to the last statement, and what is returned: its value, if it is short."""
        lines = statements.code(body, self._spelling(names))
        head = f"{names(result)} = "
        if lines[-1].startswith(head):
            return {"body": lines[:-1], "result": lines[-1].removeprefix(head)}
        return {"body": lines, "result": names(result)}

    def _body(self, lines: tuple[Line, ...]) -> Body:
        return Body(lines, tuple(lower(line.equation) for line in lines))

    def _names(self, first: tuple[Tensor, ...]) -> Identifiers:
        names = Identifiers(self.plan.names, constants_upper=False)
        for tensor in first:
            names(tensor)
        return names

    def _spelling(self, names: Identifiers) -> Spelling:
        return Spelling(names, NUMBERS)


def _by_gradient(rhs: Expr) -> Expr:
    """``rhs`` over the gradient that it is proportional to."""
    gradient = GRADIENT[()]
    found = rhs.xreplace({gradient: Integer(1)})
    values = rhs.args if isinstance(rhs, Piecewise) else ((rhs, True),)
    shares = found.args if isinstance(found, Piecewise) else ((found, True),)
    pairs = zip(values, shares, strict=True)
    assert all(of == gradient * by and when == same for (of, when), (by, same) in pairs)
    return found
