"""What a page itself says about its names: from definitions, from tables, from words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.patterns import HAT, PATTERNS, ZERO, Found
from symbp.verification.binding.peek import name_of, peek
from symbp.verification.binding.roles import role_of
from symbp.verification.binding.suffixes import (
    has_places_below,
    is_chain,
    with_places_below,
    with_powers,
)
from symbp.verification.statement import Reading, Statement


@dataclass(frozen=True)
class Fact:
    """``key`` is a role, or how something is written; ``value`` is a glyph or a word of it.

    Keys that are no roles: ``order`` (of a weight's indices: "from_to", "to_from"), ``shift``
    ("-1" where a weight bears the place it comes from), ``bias-shift`` (the same of a bias),
    ``matrix`` ("rows", "columns"), ``bias-as-weight`` ("yes"), ``named-delta`` ("yes" where dZ is
    written for δ), ``delta-scale`` ("yes" where δ leaves out that the loss is a mean).
    """

    key: str
    value: str
    origin: str
    line: int | None = None


@dataclass(frozen=True)
class Line:
    """A statement as formulas: its sides, one for a mere expression."""

    statement: Statement
    sides: tuple[tree.Formula, ...]

    @property
    def number(self) -> int:
        return self.statement.text.at(0).line


def lines_of(reading: Reading) -> tuple[Line, ...]:
    """Every statement that can be read without knowing its names."""
    found = (Line(statement, peek(statement.text.content)) for statement in reading.statements)
    lines = tuple(line for line in found if line.sides)
    every = [line.sides for line in lines]
    if is_chain(every):
        lines = tuple(Line(line.statement, with_powers(line.sides)) for line in lines)
    elif not has_places_below(every):
        return lines
    return tuple(Line(line.statement, with_places_below(line.sides)) for line in lines)


def facts_of(reading: Reading, lines: tuple[Line, ...]) -> tuple[Fact, ...]:
    """All that the page says, definitions first; several facts may contradict each other."""
    return (*_defined(lines), *_named(reading))


def _defined(lines: tuple[Line, ...]) -> Iterator[Fact]:
    for line in lines:
        for found in _patterns(line.sides):
            yield Fact(found.key, found.value, "document", line.number)


def _patterns(sides: tuple[tree.Formula, ...]) -> Iterator[Found]:
    for pattern in PATTERNS:
        yield from pattern(sides)


def _named(reading: Reading) -> Iterator[Fact]:
    remarks = [*reading.remarks, *(r for s in reading.statements for r in s.remarks)]
    for remark in dict.fromkeys((r.at, r.kind, tuple(r.facts.items())) for r in remarks):
        at, kind, pairs = remark
        facts = dict(pairs)
        if kind != "names":
            continue
        role = role_of(facts.get("role", ""))
        sign = _sign(facts.get("glyph", ""))
        if not role or sign is None:
            continue
        if role == "bias" and ZERO in sign.indices:
            yield Fact("bias-as-weight", "yes", "document", at.line)
        elif role != "prediction" or not sign.place or sign.glyph[-1] == HAT:
            yield Fact(role, name_of(sign), "document", at.line)


def _sign(typed: str) -> Sign | None:
    """The name in what a table's cell shows: δ for δ^l_j, f for f(u)."""
    sides = peek(typed.strip("$ "))
    if len(sides) != 1:
        return None
    head = sides[0]
    if isinstance(head, tree.Apply):
        head = head.function
    return head if isinstance(head, Sign) else None
