"""What equations with indices mean: trees in, SymPy out.

A letter runs along one axis wherever it stands. An equation whose left side has an index such as
``k = s*a + p`` says at which k each value is put: what lands on one entry is added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sympy import (
    Abs,
    Expr,
    Ge,
    Gt,
    KroneckerDelta,
    Le,
    Lt,
    Piecewise,
    Pow,
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

from symbp.equations.axis import Index, total
from symbp.equations.calculus import Largest
from symbp.equations.tensor import Tensor, is_entry
from symbp.errors import meant
from symbp.formulas import numbers
from symbp.formulas.numbers import error
from symbp.formulas.syntax import Called, Number, Operation, Reference, Rest, Stated, Tree
from symbp.formulas.tokens import Token
from symbp.formulas.typing import Types

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

COMPARE = MappingProxyType({"<": Lt, "<=": Le, ">": Gt, ">=": Ge})
OVER = ("sum", "mean", "max")
"""``sum(i, k, body)``: letters, and what is added up for all their values."""

OWN = (*OVER, "size", "where")


@dataclass(frozen=True)
class Shape:
    """What is known of a name: its slots as letters, ``...`` for those that nobody names."""

    name: str
    slots: tuple[str, ...]
    labels: str | None = None
    """The letter of the axis whose positions its entries are, where they are labels."""


@dataclass
class Scope:
    """The names of one layer, the letters of its ``...``, and what runs along which axis."""

    shapes: dict[str, Shape]
    rest: tuple[str, ...] = ()
    numbers: Mapping[str, Expr] = field(default_factory=dict)
    functions: Mapping[str, Callable[[Expr], Expr]] = field(default_factory=dict)
    types: Types = field(default_factory=Types)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What the letters of ``rest`` are called."""

    # ---- letters and their axes ---------------------------------------------------------------

    def declare(self, shape: Shape) -> None:
        """Make a name known; its slots run along the axes of their letters."""
        self.shapes[shape.name] = shape
        for k, letter in enumerate(shape.slots):
            self.types.same(letter, (shape.name, k))
        if shape.labels:
            self.types.same(shape.labels, (shape.name, "labels"))

    def typed(self, tree: Tree) -> None:
        """Take in along which axes the letters of ``tree`` run."""
        for part in walk(tree):
            if isinstance(part, Reference) and part.slots is not None:
                for k, slot in enumerate(self.slots(part)):
                    if (letter := self.plain(slot)) is not None:
                        self.types.same(letter, (part.name, k))
                    elif isinstance(slot, Reference) and slot.slots is not None:
                        self.types.same((slot.name, "labels"), (part.name, k))

    def slots(self, entry: Reference) -> list[Tree | str]:
        """The slots of ``entry``, a letter for each that ``...`` stands for."""
        shape = self.shapes.get(entry.name)
        if shape is None:
            known = (*self.shapes, *self.numbers)
            slip = meant(entry.name, known)
            raise error("formula_name", entry.token, given=entry.name, meant=slip, known=known)
        out: list[Tree | str] = []
        for slot in entry.slots or ():
            out += self.rest if isinstance(slot, Rest) else [slot]
        if len(out) != len(shape.slots):
            facts = {"given": len(out), "wanted": len(shape.slots), "name": entry.name}
            raise error("equation_slots", entry.token, **facts)
        return out

    def plain(self, slot: Tree | str) -> str | None:
        """The letter of a slot that is one, perhaps shifted by a number: j, t - 1."""
        if isinstance(slot, str):
            return slot
        if isinstance(slot, Reference) and slot.slots is None:
            return slot.name
        if isinstance(slot, Operation) and len(slot.operands) == 2:
            first, second = slot.operands
            if slot.sign == "=":
                return self.plain(first)
            if slot.sign not in ("+", "-"):
                return None
            return self.plain(first) if isinstance(second, Number) else None
        return None

    def index(self, letter: str, token: Token) -> Index:
        """The index called ``letter``. Raises SpecErrors where nothing tells its axis."""
        axis = self.types.axis(letter)
        if axis is None:
            raise error("equation_letter", token, given=letter)
        return axis.index(self.names.get(letter, letter))

    def tensor(self, name: str) -> Tensor:
        return self.tensors[name]

    # ---- equations -----------------------------------------------------------------------------

    def sides(self, stated: Stated) -> tuple[Expr, Expr]:
        """Both sides. Raises SpecErrors for an index that is free on one side only."""
        left, right = stated.left, self.value(stated.right)
        indices: list[Index] = []
        landing: list[tuple[Index, Expr]] = []
        for slot in self.slots(left):
            if isinstance(slot, Operation) and slot.sign == "=":
                name, at = slot.operands
                indices.append(self.over_letter(name))
                landing.append((indices[-1], self.value(at)))
                continue
            index = self.position(slot, left.token)
            if not isinstance(index, Index):
                raise error("equation_left", left.token, given=left.name)
            indices.append(index)
        if len(set(indices)) < len(indices):
            raise error("equation_twice", left.token, given=left.name)
        summed = {i for _, at in landing for i in at.atoms(Index)} - set(indices)
        for index, at in landing:
            right = right * KroneckerDelta(at, index)
        right = total(right, *sorted(summed, key=str))
        free = {s for s in right.free_symbols if isinstance(s, Index)}
        for index in sorted(free - set(indices), key=str):
            raise error("equation_free", left.token, given=index.letter, name=left.name)
        return self.tensor(left.name)[tuple(indices)], right

    def position(self, slot: Tree | str, token: Token) -> Expr:
        """What stands in a slot: a letter, a number, s*a + p, or an entry of labels."""
        if isinstance(slot, str):
            return self.index(slot, token)
        value = self.value(slot)
        if is_entry(value) and not value.is_integer:
            raise error("equation_index", slot.token, given=slot.token.text)  # type: ignore[union-attr]
        return value

    def value(self, tree: Tree) -> Expr:
        """``tree`` as an expression."""
        match tree:
            case Number(token):
                return numbers.number(token)
            case Reference():
                return self.referred(tree)
            case Operation(token, "-", (only,)):
                return -self.value(only)
            case Operation(token, sign_, (one, other)):
                return _operated(token, sign_, self.value(one), self.value(other))
            case Called():
                return self.called(tree)
        raise error("formula_unexpected", tree.token, given=tree.token.text)

    def referred(self, entry: Reference) -> Expr:
        name, token = entry.name, entry.token
        if entry.slots is None and name in self.numbers:
            return self.numbers[name]
        if entry.slots is None and name == "pi":
            return pi
        if entry.slots is None and (name not in self.shapes or self.shapes[name].slots):
            return self.index(name, token)
        slots = self.slots(entry)
        return self.tensor(name)[tuple(self.position(slot, token) for slot in slots)]

    def called(self, call: Called) -> Expr:
        name, token, arguments = call.name, call.token, call.arguments
        if name in OVER and len(arguments) > 1:
            return self.over(call)
        if name == "size":
            return self.over_letter(arguments[0]).axis.size
        if name == "where":
            return self.chosen(call)
        known = {**FUNCTIONS, **self.functions}
        if name not in known:
            words = (*known, *OWN)
            slip = meant(name, words)
            raise error("formula_call", token, given=name, meant=slip, known=words)
        if len(arguments) != 1:
            raise error("formula_arity", token, given=len(arguments), wanted=1, name=name)
        return known[name](self.value(arguments[0]))

    def over(self, call: Called) -> Expr:
        """``sum(i, k, body)``, ``mean`` and ``max``."""
        *letters, body = call.arguments
        indices = [self.over_letter(letter) for letter in letters]
        value = self.value(body)
        if call.name == "max":
            for index in reversed(indices):
                value = Largest(value, index)
            return value
        value = total(value, *indices)
        for index in indices if call.name == "mean" else ():
            value = value / index.axis.size
        return value

    def over_letter(self, tree: Tree) -> Index:
        if not (isinstance(tree, Reference) and tree.slots is None):
            raise error("equation_over", tree.token, given=tree.token.text)
        return self.index(tree.name, tree.token)

    def chosen(self, call: Called) -> Expr:
        """``where(condition, one, other)``"""
        if len(call.arguments) != 3:
            given = len(call.arguments)
            raise error("formula_arity", call.token, given=given, wanted=3, name="where")
        test, yes, no = call.arguments
        if not (isinstance(test, Operation) and test.sign in COMPARE):
            raise error("formula_comparison", test.token, given=test.token.text)
        sides = (self.value(each) for each in test.operands)
        condition = COMPARE[test.sign](*sides, evaluate=False)
        return Piecewise((self.value(yes), condition), (self.value(no), True))


def walk(tree: Tree) -> Iterator[Tree]:
    """``tree`` and everything in it."""
    yield tree
    parts: Sequence[Any] = ()
    match tree:
        case Reference(slots=slots):
            parts = slots or ()
        case Operation(operands=operands):
            parts = operands
        case Called(arguments=arguments):
            parts = arguments
    for part in parts:
        yield from walk(part)


def _operated(token: Token, sign_: str, one: Expr, other: Expr) -> Expr:
    match sign_:
        case "+":
            return one + other
        case "-":
            return one - other
        case "*":
            return one * other
        case "/":
            if other.is_zero:
                raise error("formula_undefined", token)
            return one / other
        case "^":
            if not other.is_Rational:
                raise error("formula_exponent", token, limit=numbers.LARGEST_POWER)
            return Pow(one, other)
    raise error("formula_unexpected", token, given=sign_)
