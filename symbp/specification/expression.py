"""Formulas as people type them, ``u / (1 + exp(-u))``: read by this file and by nothing else.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = { "+" | "-" } power
    power   = atom [ ("^" | "**") signed ]
    atom    = number | name | name "(" arguments ")" | "(" sum ")"

The arguments of ``where`` are a comparison and two sums; those of other functions are sums.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sympy import (
    Abs,
    Expr,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
)

from symbp.activations.activation import U
from symbp.activations.branches import COMPARE, larger, smaller, where
from symbp.errors import meant
from symbp.specification.numbers import LARGEST_POWER, error, is_small, number, sound
from symbp.specification.tokens import Token, tokens

DEEPEST = 30
GROWING = ("exp", "sinh", "cosh")
BRANCHING = ("max", "min", "where")
MOST_BRANCHES = 6
"""Each may double the branches of the formula."""

CALLS: Mapping[str, tuple[int, Callable[..., Expr]]] = MappingProxyType(
    {
        "exp": (1, exp),
        "log": (1, log),
        "sqrt": (1, sqrt),
        "abs": (1, Abs),
        "sign": (1, sign),
        "tanh": (1, tanh),
        "sinh": (1, sinh),
        "cosh": (1, cosh),
        "sin": (1, sin),
        "cos": (1, cos),
        "atan": (1, atan),
        "erf": (1, erf),
        "max": (2, larger),
        "min": (2, smaller),
        "where": (3, lambda test, yes, no: where(test[0], test[1], test[2], yes, no)),
    }
)


def expression(text: str, names: Mapping[str, Expr] | None = None) -> Expr:
    """``text`` as an expression of ``u`` and of ``names``, its numbers as exact fractions.

    Raises SpecErrors with one fault, whose detail ``at`` is the column in ``text``, from 1.
    """
    reader = _Reader(tokens(text), {"u": U, "pi": pi, **(names or {})})
    value = reader.sum()
    reader.expect("end", "")
    return value


class _Reader:
    """Recursive descent over tokens; each method reads one rule of the grammar."""

    def __init__(self, words: list[Token], names: Mapping[str, Expr]) -> None:
        self.words, self.names = words, names
        self.position = self.depth = self.branches = 0

    @property
    def here(self) -> Token:
        return self.words[self.position]

    def take(self, *texts: str) -> Token | None:
        """The token here, if it is one of the signs ``texts``, which is then passed."""
        if self.here.kind != "sign" or self.here.text not in texts:
            return None
        self.position += 1
        return self.words[self.position - 1]

    def expect(self, kind: str, text: str) -> None:
        if (self.here.kind, self.here.text) != (kind, text):
            code = "formula_end" if self.here.kind == "end" else "formula_expected"
            raise error(code, self.here, given=self.here.text, wanted=text)
        self.position += kind != "end"

    def sum(self) -> Expr:
        value = self.product()
        while token := self.take("+", "-"):
            other = self.product()
            value = sound(value + other if token.text == "+" else value - other, token)
        return value

    def product(self) -> Expr:
        value = self.signed()
        while token := self.take("*", "/"):
            other = self.signed()
            if token.text == "/" and other.is_zero:
                raise error("formula_undefined", token)
            value = sound(value * other if token.text == "*" else value / other, token)
        return value

    def signed(self) -> Expr:
        negative = False
        while token := self.take("+", "-"):
            negative ^= token.text == "-"
        value = self.power()
        return -value if negative else value

    def power(self) -> Expr:
        base = self.atom()
        token = self.take("^", "**")
        if token is None:
            return base
        exponent = self.nested(self.signed)
        if exponent.is_number and not is_small(exponent):
            raise error("formula_exponent", token, limit=LARGEST_POWER)
        if base.is_zero and not exponent.is_positive:
            raise error("formula_undefined", token)
        return sound(base**exponent, token)

    def atom(self) -> Expr:
        token = self.here
        if token.kind == "number":
            self.position += 1
            return number(token)
        if token.kind == "name":
            self.position += 1
            return self.call(token) if self.take("(") else self.name(token)
        if self.take("("):
            value = self.nested(self.sum)
            self.expect("sign", ")")
            return value
        code = "formula_end" if token.kind == "end" else "formula_unexpected"
        raise error(code, token, given=token.text)

    def name(self, token: Token) -> Expr:
        if token.text in self.names:
            return self.names[token.text]
        known = (*self.names, *CALLS)
        slip = meant(token.text, known)
        code = "formula_no_call" if token.text in CALLS else "formula_name"
        raise error(code, token, given=token.text, meant=slip, known=known)

    def call(self, token: Token) -> Expr:
        if token.text not in CALLS:
            slip = meant(token.text, CALLS)
            raise error("formula_call", token, given=token.text, meant=slip, known=tuple(CALLS))
        wanted, function = CALLS[token.text]
        read = [self.comparison if token.text == "where" else self.sum]
        arguments = [self.nested(read[0])]
        while self.take(","):
            arguments.append(self.nested(self.sum))
        self.expect("sign", ")")
        if len(arguments) != wanted:
            raise error(
                "formula_arity", token, given=len(arguments), wanted=wanted, name=token.text
            )
        if token.text in GROWING and arguments[0].is_number and abs(arguments[0]) > LARGEST_POWER:
            raise error("formula_large", token)
        self.branches += token.text in BRANCHING
        if self.branches > MOST_BRANCHES:
            raise error("formula_branches", token, limit=MOST_BRANCHES)
        return sound(function(*arguments), token)

    def comparison(self) -> tuple[Expr, str, Expr]:
        left = self.sum()
        token = self.take(*COMPARE)
        if token is None:
            raise error("formula_comparison", self.here, given=self.here.text)
        right = self.sum()
        if left.is_number and right.is_number:
            raise error("formula_settled", token)
        return left, token.text, right

    def nested(self, rule: Callable[[], Any]) -> Any:
        """What ``rule`` reads, one level further in."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise error("formula_deep", self.here, limit=DEEPEST)
        value = rule()
        self.depth -= 1
        return value
