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
from symbp.activations.branches import (
    COMPARE,
    Tree,
    choose,
    each,
    expression_of,
    larger,
    smaller,
)
from symbp.errors import meant
from symbp.formulas.numbers import argument, divided, error, number, power, sound
from symbp.formulas.tokens import Token, tokens

DEEPEST = 30
MOST_BRANCHES = 6
"""Each may double the leaves of the formula."""

FUNCTIONS: Mapping[str, Callable[[Expr], Expr]] = MappingProxyType(
    {
        "exp": exp,
        "log": log,
        "sqrt": sqrt,
        "abs": Abs,
        "sign": sign,
        "tanh": tanh,
        "sinh": sinh,
        "cosh": cosh,
        "sin": sin,
        "cos": cos,
        "atan": atan,
        "erf": erf,
    }
)
"""Of one argument."""

BRANCHES: Mapping[str, tuple[int, Callable[..., Tree]]] = MappingProxyType(
    {
        "max": (2, larger),
        "min": (2, smaller),
        "where": (3, lambda test, yes, no: choose(test[0], test[1], test[2], yes, no)),
    }
)
"""How many arguments, and what becomes of them."""

CALLS = (*FUNCTIONS, *BRANCHES)


def expression(text: str, names: Mapping[str, Expr] | None = None) -> Expr:
    """``text`` as an expression of ``u`` and of ``names``, its numbers as exact fractions.

    Raises SpecErrors with one fault, whose detail ``at`` is the column in ``text``, from 1.
    """
    words = tokens(text)
    try:
        reader = _Reader(words, {"u": U, "pi": pi, **(names or {})})
        value = expression_of(reader.sum())
    except (TypeError, ValueError, ArithmeticError, NotImplementedError, RecursionError):
        # SymPy has many ways of giving up on what no activation looks like.
        raise error("formula_strange", words[0]) from None
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

    def sum(self) -> Tree:
        value = self.product()
        while token := self.take("+", "-"):
            plus = token.text == "+"
            value = each(
                lambda a, b, t=token, p=plus: sound(a + b if p else a - b, t),
                *(value, self.product()),
            )
        return value

    def product(self) -> Tree:
        value = self.signed()
        while token := self.take("*", "/"):
            if token.text == "*":
                times = self.signed()
                value = each(lambda a, b, t=token: sound(a * b, t), value, times)
            else:
                by = self.signed()
                value = each(lambda a, b, t=token: divided(a, b, t), value, by)
        return value

    def signed(self) -> Tree:
        negative = False
        while token := self.take("+", "-"):
            negative ^= token.text == "-"
        value = self.power()
        return each(lambda a: -a, value) if negative else value

    def power(self) -> Tree:
        base = self.atom()
        token = self.take("^", "**")
        if token is None:
            return base
        exponent = self.nested(self.signed)
        return each(lambda a, b: power(a, b, token), base, exponent)

    def atom(self) -> Tree:
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

    def call(self, token: Token) -> Tree:
        if token.text not in CALLS:
            slip = meant(token.text, CALLS)
            raise error("formula_call", token, given=token.text, meant=slip, known=CALLS)
        wanted, branching = BRANCHES.get(token.text, (1, None))
        arguments = [self.nested(self.comparison if token.text == "where" else self.sum)]
        while self.take(","):
            arguments.append(self.nested(self.sum))
        self.expect("sign", ")")
        given = len(arguments)
        if given != wanted:
            raise error("formula_arity", token, given=given, wanted=wanted, name=token.text)
        if branching is None:
            function = FUNCTIONS[token.text]
            return each(lambda a: sound(function(argument(a, token)), token), *arguments)
        self.branches += 1
        if self.branches > MOST_BRANCHES:
            raise error("formula_branches", token, limit=MOST_BRANCHES)
        return branching(*arguments)

    def comparison(self) -> tuple[Tree, str, Tree]:
        left = self.sum()
        token = self.take(*COMPARE)
        if token is None:
            raise error("formula_comparison", self.here, given=self.here.text)
        return left, token.text, self.sum()

    def nested(self, rule: Callable[[], Any]) -> Any:
        """What ``rule`` reads, one level further in."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise error("formula_deep", self.here, limit=DEEPEST)
        value = rule()
        self.depth -= 1
        return value
