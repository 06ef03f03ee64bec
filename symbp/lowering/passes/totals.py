"""A sum of all entries of a product is a product of vectors: no array of products is written.

Σₙⱼ (yₙⱼ − dₙⱼ)²   ->   e · e;      Σₙⱼ (aₙⱼ bₙⱼ + cₙⱼ dₙⱼ)   ->   a · b + c · d
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain

from symbp.lowering.arrays import Assign, Call, Name, Named, Reduce, Temporary, Tensordot, Value

LABEL = "dot"


def totals(statements: Sequence[Assign]) -> tuple[Assign, ...]:
    """The statements, where numbers are sums of products of arrays."""
    added = {s.target.of for s in statements if s.adds}
    found = _Totals({s.target.of: s.value for s in statements if s.target.of not in added})
    for statement in statements:
        value = statement.value
        if statement.loop is None and not value.axes:
            value = found.summed(value, statement)
        found.out.append(statement.computing(value))
    return tuple(found.out)


@dataclass
class _Totals:
    known: Mapping[Named, Value]
    out: list[Assign] = field(default_factory=list)
    count: int = 0

    def summed(self, value: Value, owner: Assign) -> Value:
        """A number, without sums of products in it."""
        if isinstance(value, Reduce) and _is_of_all(value) and (terms := self._products(value.arg)):
            return reduce(_added, [self._named(term, owner) for term in terms])
        return value.mapped(lambda part: self.summed(part, owner))

    def _products(self, array: Value) -> list[Tensordot]:
        """The products whose sums are that of all entries of ``array``; none if there are others.

        Of differences there are none: what is left of two large sums is less exact.
        """
        made = self.known.get(array.of) if isinstance(array, Name) else array
        if not isinstance(made, Call) or made.axes != array.axes:
            return []
        if made.op == "square":
            return _product((*made.args, *made.args))
        if made.op == "mul":
            return _product(made.args)
        if made.op != "add" or any(arg.axes != made.axes for arg in made.args):
            return []
        terms = [self._products(arg) for arg in made.args]
        return list(chain(*terms)) if all(terms) else []

    def _named(self, term: Tensordot, owner: Assign) -> Value:
        self.count += 1
        name = Name(Temporary(LABEL, self.count))
        self.out.append(replace(owner, target=name, value=term, adds=False))
        return name


def _added(one: Value, other: Value) -> Value:
    return Call((one, other), "add")


def _is_of_all(value: Reduce) -> bool:
    """Whether that is the sum of all entries of an array."""
    return (value.op, value.keep, len(value.positions)) == ("sum", False, len(value.arg.axes))


def _product(args: Sequence[Value]) -> list[Tensordot]:
    """That of two arrays that have all axes."""
    a, b = args
    if a.axes != b.axes or not (isinstance(a, Name) and isinstance(b, Name)):
        return []
    own = tuple(range(len(a.axes)))
    return [Tensordot((a, b), (own, own))]
