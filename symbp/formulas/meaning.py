"""What equations with indices mean: trees in, SymPy out.

A letter runs along one axis wherever it stands. An equation whose left side has an index such as
``k = s*a + p`` says at which k each value is put: what lands on one entry is added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from sympy import (
    Abs,
    Add,
    Expr,
    Ge,
    Gt,
    KroneckerDelta,
    Le,
    Lt,
    Piecewise,
    atan,
    cos,
    cosh,
    erf,
    exp,
    expand_mul,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)

from symbp.equations.axis import Index, total
from symbp.equations.calculus import Largest
from symbp.equations.tensor import Tensor, is_entry
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.formulas import numbers
from symbp.formulas.numbers import error
from symbp.formulas.syntax import Called, Number, Operation, Reference, Rest, Stated, Tree
from symbp.formulas.tokens import Token
from symbp.formulas.typing import Slot, Types


def _sign(x: Expr) -> Expr:
    """1 above 0, −1 below; constant on both sides, so that nothing is left of its slope."""
    return Piecewise((1, x > 0), (-1, x < 0), (0, True))


FUNCTIONS: Mapping[str, Callable[[Expr], Expr]] = MappingProxyType(
    {
        "exp": exp,
        "log": log,
        "sqrt": sqrt,
        "abs": Abs,
        "sign": _sign,
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

Function: TypeAlias = Callable[[Expr], Expr]

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
    bound: list[Index] = field(default_factory=list)
    """The indices that mean something here: those on the left, and those summed over."""

    # ---- letters and their axes ---------------------------------------------------------------

    def declare(self, shape: Shape, token: Token) -> list[Fault]:
        """Make a name known; its slots run along the axes of their letters. Clashes of sizes."""
        self.shapes[shape.name] = shape
        pairs: list[tuple[Slot, Slot]] = [
            (letter, (shape.name, k)) for k, letter in enumerate(shape.slots)
        ]
        pairs += [(shape.labels, (shape.name, "labels"))] if shape.labels else []
        return [each for one, other in pairs for each in self.tied(one, other, token)]

    def typed(self, tree: Tree) -> list[Fault]:
        """Take in along which axes the letters of ``tree`` run; what does not go together."""
        faults: list[Fault] = []
        for part in walk(tree):
            if isinstance(part, Called):
                faults += self.call_faults(part)
            if not isinstance(part, Reference) or part.slots is None:
                continue
            try:
                slots = self.slots(part)
            except SpecErrors as wrong:
                faults += wrong.faults
                continue
            for k, slot in enumerate(slots):
                if (letter := self.plain(slot)) is not None:
                    faults += self.tied(letter, (part.name, k), part.token)
                elif isinstance(slot, Reference) and slot.slots is not None:
                    faults += self.tied((slot.name, "labels"), (part.name, k), part.token)
        return faults

    def call_faults(self, call: Called) -> list[Fault]:
        """Whether there is such a function, and of so many arguments."""
        name, at, given = call.name, call.token.at, len(call.arguments)
        known = {**FUNCTIONS, **self.functions}
        if name not in known and name not in OWN:
            words = (*known, *OWN)
            slip = meant(name, words)
            return [fault("formula_call", at=at, given=name, meant=slip, known=words)]
        wanted = 3 if name == "where" else 1 if name not in OVER else given
        if name in OVER and given < 2:
            return [fault("equation_over", at=at, given=name)]
        facts = {"given": given, "wanted": wanted, "name": name}
        return [fault("formula_arity", at=at, **facts)] if given != wanted else []

    def tied(self, one: Slot, other: Slot, token: Token) -> list[Fault]:
        """Both run along one axis from now on; a fault where their sizes differ."""
        clash = self.types.same(one, other)
        if clash is None:
            return []
        known, new = clash
        code = "axes_samples" if None in clash else "axes_differ"
        return [fault(code, at=token.at, given=known, wanted=new, letter=str(one))]

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
        try:
            return self._sides(stated)
        except (TypeError, ValueError, ArithmeticError, NotImplementedError, RecursionError):
            # SymPy has many ways of giving up on what no layer looks like.
            raise error("formula_strange", stated.left.token) from None

    def _sides(self, stated: Stated) -> tuple[Expr, Expr]:
        left = stated.left
        self.bound = []
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
        self.bound = list(indices)
        right = self.value(stated.right)
        if numbers.terms(right) > numbers.MOST_TERMS:
            raise error("formula_wide", left.token, limit=numbers.MOST_TERMS)
        summed = {i for _, at in landing for i in at.atoms(Index)} - set(indices)
        for index, at in landing:
            right = right * KroneckerDelta(at, index)
        right = total(right, *sorted(summed, key=str))
        free = {s for s in right.free_symbols if isinstance(s, Index)}
        for index in sorted(free - set(indices), key=str):
            token = letter_in(stated.right, index.letter) or left.token
            raise error("equation_free", token, given=index.letter, name=left.name)
        return self.tensor(left.name)[tuple(indices)], right

    def position(self, slot: Tree | str, token: Token) -> Expr:
        """What stands in a slot: a letter, a number, s*a + p, or an entry of labels."""
        if isinstance(slot, str):
            return self.index(slot, token)
        if isinstance(slot, Reference) and slot.slots is None and slot.name not in self.numbers:
            return self.index(slot.name, slot.token)
        labels = isinstance(slot, Reference) and slot.slots is not None
        value = self.entry(slot) if labels else self.value(slot)  # type: ignore[arg-type]
        if not (is_entry(value) and value.is_integer) and not is_affine(value):
            raise error("equation_index", slot.token, given=slot.token.text)
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
            if self.types.is_sample(name):
                raise error("equation_sample", token, given=name)
            return self.index(name, token)
        if self.shapes[name].labels:
            raise error("equation_tokens", token, given=name)
        return self.entry(entry)

    def entry(self, entry: Reference) -> Expr:
        """An entry of a known tensor."""
        name, token = entry.name, entry.token
        slots = self.slots(entry)
        return self.tensor(name)[tuple(self.position(slot, token) for slot in slots)]

    def called(self, call: Called) -> Expr:
        name, token, arguments = call.name, call.token, call.arguments
        if faults := self.call_faults(call):
            raise SpecErrors(faults)
        if name in OVER:
            return self.over(call)
        if name == "size":
            return self.over_letter(arguments[0]).axis.size
        if name == "where":
            return self.chosen(call)
        known = {**FUNCTIONS, **self.functions}
        value = numbers.argument(self.value(arguments[0]), token)
        return numbers.sound(known[name](value), token)

    def over(self, call: Called) -> Expr:
        """``sum(i, k, body)``, ``mean`` and ``max``."""
        *letters, body = call.arguments
        indices = [self.over_letter(letter) for letter in letters]
        for k, index in enumerate(indices):
            if index in (*self.bound, *indices[:k]):
                raise error("equation_bound", letters[k].token, given=letters[k].token.text)
        self.bound += indices
        value = self.value(body)
        del self.bound[len(self.bound) - len(indices) :]
        if call.name == "max":
            for index, letter in zip(reversed(indices), reversed(letters), strict=True):
                if index not in value.free_symbols:
                    raise error("equation_max", letter.token, given=letter.token.text)
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
        test, yes, no = call.arguments
        if not (isinstance(test, Operation) and test.sign in COMPARE):
            raise error("formula_comparison", test.token, given=test.token.text)
        sides = [self.value(each) for each in test.operands]
        if any(side.has(Piecewise) for side in sides):
            raise error("formula_test", test.token)
        condition = COMPARE[test.sign](*sides, evaluate=False)
        return Piecewise((self.value(yes), condition), (self.value(no), True))


def letter_in(tree: Tree, letter: str) -> Token | None:
    """Where ``letter`` first stands in ``tree``."""
    found = (p for p in walk(tree) if isinstance(p, Reference) and p.slots is None)
    return next((p.token for p in found if p.name == letter), None)


def names_in(stated: Stated) -> set[str]:
    """The names with slots, or without, in an equation."""
    return {p.name for p in walk(stated.right) if isinstance(p, Reference)} | {stated.left.name}


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


def is_affine(value: Expr) -> bool:
    """Whether ``value`` is a position: whole numbers times letters, and a whole number."""
    for term in Add.make_args(expand_mul(value)):
        number, rest = term.as_coeff_Mul()
        if not (number.is_Integer and (rest == 1 or isinstance(rest, Index))):
            return False
    return True


def _operated(token: Token, sign_: str, one: Expr, other: Expr) -> Expr:
    match sign_:
        case "+":
            return numbers.sound(one + other, token)
        case "-":
            return numbers.sound(one - other, token)
        case "*":
            return numbers.sound(one * other, token)
        case "/":
            return numbers.divided(one, other, token)
        case "^":
            if not other.is_Rational:
                raise error("formula_exponent", token, limit=numbers.LARGEST_POWER)
            return numbers.power(one, other, token)
    raise error("formula_unexpected", token, given=sign_)
