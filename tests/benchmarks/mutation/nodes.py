"""What a formula is made of; every node knows where it was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields


@dataclass(frozen=True, kw_only=True)
class Node:
    """``span`` is None where no stretch of source is just this node: it is part of a macro."""

    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Index(Node):
    """A unit or a sample: a letter or a digit."""

    name: str


@dataclass(frozen=True)
class Layer(Node):
    """``base`` is a letter or a number as text."""

    base: str
    shift: int = 0


@dataclass(frozen=True)
class Number(Node):
    value: float


@dataclass(frozen=True)
class Symbol(Node):
    """A quantity. ``glyph`` has its decorations: "hat y"."""

    glyph: str
    layer: Layer | None = None
    indices: tuple[Index, ...] = ()
    sample: Index | None = None
    transposed: bool = False
    name_span: tuple[int, int] | None = None
    mark: tuple[int, int] | None = None  # of the transposition


@dataclass(frozen=True)
class Call(Node):
    """A function of one argument; ``primes`` counts its derivatives."""

    function: str
    argument: Node
    primes: int = 0
    mark: tuple[int, int] | None = None  # of the primes


@dataclass(frozen=True)
class Add(Node):
    """Signed terms."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors from left to right, each with the operator before it: "", "odot", "/"."""

    factors: tuple[tuple[str, Node], ...]
    signs: tuple[tuple[int, int] | None, ...] = ()  # where the operators stand


@dataclass(frozen=True)
class Fraction(Node):
    above: Node
    below: Node


@dataclass(frozen=True)
class Partial(Node):
    above: Node
    below: Node


@dataclass(frozen=True)
class Summed(Node):
    """``head`` is the stretch of the sign with its bounds."""

    letters: tuple[Index, ...]
    body: Node
    lower: int = 1
    head: tuple[int, int] | None = None
    bounds: tuple[int, int] | None = None  # of the lower bound's number


@dataclass(frozen=True)
class Group(Node):
    inner: Node
    transposed: bool = False
    mark: tuple[int, int] | None = None


@dataclass(frozen=True)
class Power(Node):
    base: Node
    exponent: int


@dataclass(frozen=True)
class Norm(Node):
    inner: Node


@dataclass(frozen=True)
class Indicator(Node):
    """1 where ``left`` is greater than ``right``, or the indices are equal."""

    left: Node
    right: Node
    sign: str


@dataclass(frozen=True)
class Chain:
    """Members joined by relation signs: a = b = c."""

    members: tuple[Node, ...]
    signs: tuple[str, ...]
    sign_spans: tuple[tuple[int, int], ...] = field(default=())


def children(node: Node) -> Iterator[Node]:
    """The nodes right below."""
    for place in fields(node):
        value = getattr(node, place.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for part in value:
                if isinstance(part, Node):
                    yield part
                elif isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], Node):
                    yield part[1]


def walk(node: Node) -> Iterator[Node]:
    """This node and all below."""
    yield node
    for child in children(node):
        yield from walk(child)
