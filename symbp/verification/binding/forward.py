"""Forward equations as a page writes them: what is summed, what is applied to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, permutations

from symbp.activations.table import ACTIVATIONS
from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.activations import activation_named
from symbp.verification.binding.patterns import BIASES, COUNTS, ERRORS, LOSSES, WEIGHTS, ZERO
from symbp.verification.binding.peek import parts

Sides = tuple[tree.Formula, ...]

IDENTITY = "identity"


@dataclass(frozen=True)
class Summed:
    """``unit = Σ weight fed + bias``; ``unit`` is None inside of ``h = f(Σ …)``.

    ``wide`` says of what is fed and of the unit whether they have units: of a mere number, not.
    ``order`` is "from_to" or "to_from", empty where nothing tells.
    """

    unit: Sign | None
    weight: Sign
    fed: Sign
    bias: Sign | None
    wide: tuple[bool, bool]
    order: str = ""
    is_matrix: bool = False
    has_bias: bool = False


@dataclass(frozen=True)
class Applied:
    """``left = f(unit)``: a known activation by its ``name``, or a function by its ``glyph``."""

    left: Sign
    unit: Sign | Summed
    name: str = ""
    glyph: str = ""


def bare(sign: Sign) -> Sign:
    """What a sign is called: all but its indices, a place without brackets, a number as a label."""
    if sign.place.startswith("_"):
        sign = sign._replace(label=sign.place[1:], place="")
    return sign._replace(indices=(), place=sign.place.replace(" ", "").strip("[]()"))


def forward(sides: Sides) -> Iterator[Summed | Applied]:
    """The forward equations in a line."""
    for left, right in pairwise(sides):
        if not isinstance(left, Sign) or left.glyph in (*ERRORS, *LOSSES):
            continue
        if any(isinstance(part, tree.Derivative) for part in parts(right)):
            continue
        summed = _summed(left, right)
        if summed is not None:
            yield summed
        else:
            yield from _applied(left, right)


# ---- what is applied ----------------------------------------------------------------------------


def _applied(left: Sign, right: tree.Formula) -> Iterator[Applied]:
    if isinstance(right, tree.Entry):
        right = right.inner
    if isinstance(right, tree.Apply) and len(right.arguments) == 1 and not right.function.primes:
        yield from _of(left, right.arguments[0], glyph=right.function.glyph)
    elif isinstance(right, tree.Call) and right.name in ACTIVATIONS and not right.primes:
        if len(right.arguments) == 1 and right.power is None:
            yield from _of(left, right.arguments[0], name=right.name)
    elif isinstance(right, Sign) and len(right.indices) == len(left.indices):
        if right.glyph != left.glyph or bare(right) != bare(left):
            yield Applied(bare(left), bare(right), IDENTITY)
    else:
        every = list(parts(right))
        letters = {b.letter for p in every if isinstance(p, tree.Big) for b in p.bounds}
        signs = [p for p in every if isinstance(p, Sign) and p not in letters]
        units = [sign for sign in signs if bare(sign) != bare(left)]
        named = {bare(unit) for unit in units}
        if len(named) == 1:
            alike = [unit for unit in units if unit.indices == left.indices]
            name = activation_named(right, (alike or units)[0])
            if name is not None:
                yield Applied(bare(left), named.pop(), name)


def _of(left: Sign, argument: tree.Formula, name: str = "", glyph: str = "") -> Iterator[Applied]:
    if isinstance(argument, Sign):
        if bare(argument) != bare(left) or argument.indices == left.indices:
            yield Applied(bare(left), bare(argument), name, glyph)
    elif (inner := _summed(left, argument)) is not None:
        summed = Summed(
            None, inner.weight, inner.fed, inner.bias, inner.wide,
            inner.order, inner.is_matrix, inner.has_bias,
        )  # fmt: skip
        yield Applied(bare(left), summed, name, glyph)


# ---- what is summed -----------------------------------------------------------------------------


def _summed(left: Sign, right: tree.Formula) -> Summed | None:
    """``right`` as a weighted sum with the indices of ``left``."""
    terms = right.parts if isinstance(right, tree.Terms) else ((False, right),)
    if any(negative for negative, _ in terms) or len(terms) > 2:
        return None
    sums = [found for _, term in terms if (found := _weighted(left, term)) is not None]
    if len(sums) != 1:
        return None
    summed, others = sums[0], [t for _, t in terms if _weighted(left, t) is None]
    bias, has_bias = None, False
    for other in others:
        if not isinstance(other, Sign):
            return None
        if bare(other) == summed.weight and ZERO in other.indices:
            has_bias = True  # w_0j, the weight of an input that is 1
        elif len(other.indices) > len(left.indices) or bare(other) in (summed.fed, bare(left)):
            return None
        else:
            bias, has_bias = bare(other), True
    return Summed(
        bare(left), summed.weight, summed.fed, bias, summed.wide,
        summed.order, summed.is_matrix, has_bias,
    )  # fmt: skip


def _weighted(left: Sign, term: tree.Formula) -> Summed | None:
    is_sum = isinstance(term, tree.Big) and term.operator == "Σ"
    body = term.body if isinstance(term, tree.Big) and is_sum else term
    if isinstance(body, tree.Hadamard) and len(body.factors) == 2:
        body = tree.Product(body.factors)  # w*x, as programs write it
    if not isinstance(body, tree.Product) or len(body.factors) != 2:
        return None
    first, second = body.factors
    if isinstance(first, tree.Transposed) or isinstance(second, tree.Transposed):
        return _of_matrices(left, first, second)
    if not isinstance(first, Sign) or not isinstance(second, Sign):
        return None
    if not (first.indices or second.indices or left.indices):
        return _of_matrices(left, first, second)
    if is_sum and isinstance(term, tree.Big):
        bound = {b.letter for b in term.bounds} or None
        return _of_entries(left, first, second, bound)
    return _of_one_input(left, first, second)


def _of_entries(left: Sign, first: Sign, second: Sign, bound: set[Sign] | None) -> Summed | None:
    """``Σ_i w_ij x_i``: both share the letter that is summed; the weight has the unit's, too."""
    for weight, fed in permutations((first, second)):
        shared = [i for i in weight.indices if i in fed.indices and i not in left.indices]
        own = [i for i in weight.indices if i in left.indices]
        if len(shared) != 1 or (bound is not None and shared[0] not in bound):
            continue
        rest = [i for i in fed.indices if i != shared[0]]
        if any(i not in left.indices or i in own for i in rest):
            continue  # the sample is the unit's, too
        if bare(fed) == bare(left) or bare(weight) == bare(left) or fed.glyph in ERRORS:
            continue
        if len(weight.indices) == 2 and len(own) == 1:
            if weight.glyph not in WEIGHTS and fed.glyph in WEIGHTS and len(fed.indices) > 1:
                continue
            order = "from_to" if weight.indices[0] == shared[0] else "to_from"
            return Summed(None, bare(weight), bare(fed), None, (True, True), order)
        if len(weight.indices) == 1 and len(left.indices) == len(rest):
            if weight.glyph not in WEIGHTS and fed.glyph in WEIGHTS:
                continue
            return Summed(None, bare(weight), bare(fed), None, (True, False))
    return None


def _of_one_input(left: Sign, first: Sign, second: Sign) -> Summed | None:
    """``w_j x``: a single number is fed to many units; ``w x_i``: to one, for every sample."""
    for weight, fed in permutations((first, second)):
        if weight.glyph in WEIGHTS and weight.indices == left.indices and not fed.indices:
            return Summed(None, bare(weight), bare(fed), None, (False, True))
        if weight.glyph in WEIGHTS and fed.indices == left.indices and not weight.indices:
            return Summed(None, bare(weight), bare(fed), None, (False, False))
    return None


def _of_matrices(left: Sign, first: tree.Formula, second: tree.Formula) -> Summed | None:
    """``W x``, ``X W``, ``wᵀ x``"""
    ends = [f.inner if isinstance(f, tree.Transposed) else f for f in (first, second)]
    if not all(isinstance(f, Sign) and not f.indices for f in ends) or left.indices:
        return None
    one, two = (f for f in ends if isinstance(f, Sign))
    names = [f for f in (one, two) if f.glyph in WEIGHTS]
    if len(names) != 1 or bare(left) in (bare(one), bare(two)):
        return None
    is_first = names[0] is one
    fed = two if is_first else one
    if fed.glyph in (*ERRORS, *BIASES, *COUNTS, "η", "α", "λ"):
        return None
    turned = [isinstance(f, tree.Transposed) for f in (first, second)]
    if turned[1 if is_first else 0]:
        return None
    is_vector = names[0].glyph.islower() and turned[0 if is_first else 1]
    order = "to_from" if is_first else "from_to"
    return Summed(
        None, bare(names[0]), bare(fed), None, (True, not is_vector), order, is_matrix=True
    )
