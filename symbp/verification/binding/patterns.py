"""Equations by which a page shows what its names mean, whatever these names are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise, permutations
from typing import NamedTuple

from symbp.notation import formula as tree
from symbp.notation.formula import Sign
from symbp.verification.binding.peek import name_of, parts

Sides = tuple[tree.Formula, ...]


class Found(NamedTuple):
    """``key`` and ``value`` of a fact."""

    key: str
    value: str


ERRORS = ("δ", "Δ", "e", "ε", "dZ", "dz")
"""What is carried backward: a sum over it is not the forward equation."""
LOSSES = ("E", "L", "C", "J", "ℒ", "Loss", "loss", "MSE")
WEIGHTS = ("w", "W", "θ", "Θ", "v", "V", "U")
BIASES = ("b", "B")
PARAMETERS = tuple(g for g in (*WEIGHTS, *BIASES) if g not in "UV")
"""What no δ is a slope by: U is a matrix of pre-activations as well."""
TARGETS = ("d", "t", "T", "D", "τ")
"""Letters that are the target where one of two is."""
PREDICTIONS = ("a", "o", "p", "h", "z", "A", "O", "P", "Z")
COUNTS = ("m", "N", "n", "M")
HAT = "\u0302"


def weighted_sum(sides: Sides) -> Iterator[Found]:
    """``u_j = Σ_i w_ij z_i + b_j``, ``u_j = w_0j + w_1j z_1 + …``"""
    for left, right in pairwise(sides):
        if not isinstance(left, Sign) or not left.indices or left.glyph in ERRORS:
            continue
        for term in _terms(right):
            body = term.body if isinstance(term, tree.Big) and term.operator == "Σ" else term
            if isinstance(body, tree.Product) and _is_pair(body):
                found = tuple(_of_pair(left, *body.factors))  # type: ignore[arg-type]
                if found:
                    yield from found
                    yield from _bias(left, right, found)
                    break


def _of_pair(left: Sign, *factors: Sign) -> Iterator[Found]:
    for weight, unit in permutations(factors):
        shared = [i for i in weight.indices if i in unit.indices and i not in left.indices]
        own = [i for i in weight.indices if i in left.indices]
        if len(weight.indices) != 2 or len(shared) != 1 or len(own) != 1:
            continue
        if weight.glyph not in WEIGHTS and unit.glyph in WEIGHTS:
            continue
        if unit.glyph == left.glyph or unit.glyph in ERRORS:
            return
        yield Found("pre-activation", name_of(left))
        yield Found("weight", name_of(weight))
        yield Found("order", "from_to" if weight.indices[0] == shared[0] else "to_from")
        if unit.place or not left.place:
            yield Found("activation" if unit.glyph not in ("x", "X") else "input", name_of(unit))
        if weight.place and weight.place == unit.place != left.place:
            yield Found("shift", "-1")
        return


def _bias(left: Sign, right: tree.Formula, found: tuple[Found, ...]) -> Iterator[Found]:
    glyph = dict(found)["weight"]
    weight = next(s for s in parts(right) if isinstance(s, Sign) and name_of(s) == glyph)
    for term in _terms(right):
        if isinstance(term, Sign) and term.glyph != weight.glyph and len(term.indices) <= 1:
            yield Found("bias", name_of(term))
            yield from _bias_shift(left, weight, term)
        signs = term.factors if isinstance(term, tree.Product) else (term,)
        if any(
            isinstance(s, Sign) and s.glyph == weight.glyph and ZERO in s.indices for s in signs
        ):
            yield Found("bias-as-weight", "yes")


def matrix_sum(sides: Sides) -> Iterator[Found]:
    """``Z = W A + b``, ``Z = X W + b``"""
    for left, right in pairwise(sides):
        if not isinstance(left, Sign) or left.indices or left.primes:
            continue
        every = right.parts if isinstance(right, tree.Terms) else ((False, right),)
        products = [t for _, t in every if isinstance(t, tree.Product) and _is_bare(t)]
        is_sum = len(every) <= 2 and not any(negative for negative, _ in every)
        if left.glyph in (*ERRORS, *LOSSES) or len(products) != 1 or not is_sum:
            continue
        first, second = (f for f in products[0].factors if isinstance(f, Sign))
        if (first.glyph in WEIGHTS) == (second.glyph in WEIGHTS):
            continue
        weight, unit = (first, second) if first.glyph in WEIGHTS else (second, first)
        if left.glyph in (unit.glyph, weight.glyph) or not unit.glyph.isascii():
            continue
        if _is_slope(left) or _is_slope(unit):
            continue
        yield Found("pre-activation", name_of(left))
        yield Found("weight", name_of(weight))
        yield Found("matrix", "columns" if weight is first else "rows")
        yield Found("input" if unit.glyph in ("x", "X") else "activation", name_of(unit))
        if weight.place and weight.place == unit.place != left.place:
            yield Found("shift", "-1")
        for term in _terms(right):
            if isinstance(term, Sign):
                yield Found("bias", name_of(term))
                yield from _bias_shift(left, weight, term)


def _bias_shift(left: Sign, weight: Sign, bias: Sign) -> Iterator[Found]:
    """Whether a bias bears the place of what comes into its layer, as the weight does."""
    if weight.place and weight.place != left.place and bias.place:
        yield Found("bias-shift", "-1" if bias.place == weight.place else "0")


def applied(sides: Sides) -> Iterator[Found]:
    """``z = f(u)``, ``y = f(W x + b)``"""
    for left, right in pairwise(sides):
        if not isinstance(left, Sign) or not isinstance(right, tree.Apply):
            continue
        function, (argument, *others) = right.function, right.arguments
        if others or function.primes or function.glyph in LOSSES or left.glyph in ERRORS:
            continue
        if isinstance(argument, Sign) and argument.glyph != left.glyph:
            yield Found("activation", name_of(left))
            yield Found("pre-activation", name_of(argument))
            yield Found("activation-function", function.glyph)
        elif isinstance(argument, tree.Terms):
            yield Found("activation", name_of(left))
            yield Found("activation-function", function.glyph)
            yield from (f for f in _affine(argument) if f.value != left.glyph)


def _affine(argument: tree.Terms) -> Iterator[Found]:
    products = [p for p in _terms(argument) if isinstance(p, tree.Product) and _is_bare(p)]
    if len(products) != 1 or len(argument.parts) != 2:
        return
    for sign in products[0].factors:
        if isinstance(sign, Sign):
            yield Found("weight" if sign.glyph in WEIGHTS else "input", name_of(sign))
    for term in _terms(argument):
        if isinstance(term, Sign):
            yield Found("bias", name_of(term))


def delta(sides: Sides) -> Iterator[Found]:
    """``δ_j = ∂E/∂u_j``"""
    for left, right in permutations(sides, 2):
        if not isinstance(left, Sign) or left.glyph not in ("δ", "Δ", "dZ", "dz"):
            continue
        wrt = right.wrt if isinstance(right, tree.Derivative) else None
        if not isinstance(wrt, Sign) or wrt.glyph in PARAMETERS:
            continue  # ∂E/∂b_j is δ_j, too
        if (wrt.indices, wrt.place) == (left.indices, left.place):
            yield Found("delta", name_of(left))
            yield Found("pre-activation", name_of(wrt))
            of = right.of if isinstance(right, tree.Derivative) else None
            if left.glyph not in ("dZ", "dz") and isinstance(of, Sign) and not of.indices:
                yield Found("delta-defined", "yes")


def differentiated(sides: Sides) -> Iterator[Found]:
    """``∂E/∂w``: what has no indices and is differentiated is the loss."""
    for part in parts(sides):
        of = part.of if isinstance(part, tree.Derivative) else None
        if isinstance(of, Sign) and of.glyph in LOSSES and not of.indices and not of.place:
            yield Found("loss", name_of(of))


def loss(sides: Sides) -> Iterator[Found]:
    """``E = ½ Σ (y - d)²``, ``E = -Σ d log y``"""
    for left, right in pairwise(sides):
        if not isinstance(left, Sign) or left.place or len(left.indices) > 1:
            continue
        pairs = [pair for part in parts(right) if (pair := compared(part))]
        if left.indices and not _is_of_one_sample(left, pairs):
            continue
        if pairs and left.glyph in LOSSES:
            yield Found("loss", name_of(left))
        for pair in pairs:
            yield from _ends(*pair)


def _is_of_one_sample(left: Sign, pairs: list[tuple[Sign, Sign]]) -> bool:
    """``E_p``, where p comes first in all that is compared."""
    firsts = [sign.indices[0] for pair in pairs for sign in pair if len(sign.indices) == 2]
    return left.glyph in LOSSES and bool(firsts) and set(firsts) == set(left.indices)


def compared(part: tree.Formula) -> tuple[Sign, Sign] | None:
    """Prediction and target in an addend of a loss, in the order in which they stand."""
    if isinstance(part, tree.Power) and part.exponent == tree.Number("2"):
        inner = part.base.inner if isinstance(part.base, tree.Norm) else part.base
        terms = inner.parts if isinstance(inner, tree.Terms) else ()
        signs = [term for _, term in terms if isinstance(term, Sign)]
        if len(terms) == len(signs) == 2 and terms[1][0]:
            return signs[0], signs[1]
    if isinstance(part, tree.Product):
        *front, last = part.factors
        if isinstance(last, tree.Call) and last.name == "log":
            inner, before = last.arguments[0], front[-1]
            if isinstance(inner, Sign) and isinstance(before, Sign):
                return inner._replace(primes=-1), before  # known for sure, whatever the letters
    return None


def _ends(first: Sign, second: Sign) -> Iterator[Found]:
    if first.primes < 0 or _is_target(second, first):
        prediction, target = first._replace(primes=0), second
    elif _is_target(first, second):
        prediction, target = second, first
    else:
        return
    yield Found("target", name_of(target))
    if not prediction.place or prediction.glyph[-1] == HAT:
        yield Found("prediction", name_of(prediction))


def _is_target(sign: Sign, other: Sign) -> bool:
    """Whether ``sign`` rather than ``other`` is the target, to judge by their letters."""
    if sign.label in ("true", "target", "label") or other.label in ("pred", "out", "output"):
        return True
    if other.glyph[-1] == HAT or other.place:
        return sign.glyph[-1] != HAT and not sign.place
    if sign.glyph in TARGETS and other.glyph not in TARGETS:
        return True
    return sign.glyph in ("y", "Y") and other.glyph in PREDICTIONS


def function(sides: Sides) -> Iterator[Found]:
    """``σ'(z)``: what is applied and is no loss is an activation function."""
    applied_ = (part for part in parts(sides) if isinstance(part, tree.Apply))
    for part in applied_:
        if len(part.arguments) == 1 and part.function.glyph not in LOSSES:
            yield Found("activation-function", part.function.glyph)


def scale(sides: Sides) -> Iterator[Found]:
    """``dW = (1/m) dZ Aᵀ``: where the gradient is divided by the number of samples, dZ is not."""
    for left, right in permutations(sides, 2):
        is_named = isinstance(left, Sign) and left.glyph in ("dW", "dw", "db")
        wrt = left.wrt if isinstance(left, tree.Derivative) else None
        if not is_named and not (isinstance(wrt, Sign) and wrt.glyph in WEIGHTS):
            continue
        inside = list(parts(right))
        if any(isinstance(part, tree.Derivative) for part in inside):
            continue
        if any(isinstance(p, Sign) and p.glyph in ("dZ", "dz", "δ", "Δ") for p in inside):
            below = [p.bottom for p in inside if isinstance(p, tree.Fraction)]
            divided = any(isinstance(b, Sign) and b.glyph in COUNTS for b in below)
            if divided or is_named:
                yield Found("delta-scale", "yes" if divided else "no")


def update(sides: Sides) -> Iterator[Found]:
    """``w = w - η ∂E/∂w``; what multiplies a slope that a slope is said to be is no rate."""
    for right in sides[1:] if not isinstance(sides[0], tree.Derivative) else ():
        for _, term in right.parts if isinstance(right, tree.Terms) else ():
            factors = term.factors if isinstance(term, tree.Product) else ()
            slopes = [f for f in factors if isinstance(f, tree.Derivative)]
            signs = [f for f in factors if isinstance(f, Sign) and not f.indices and not f.place]
            of = [getattr(slope.of, "glyph", "") in LOSSES for slope in slopes]
            if of == [True] and len(signs) == 1 and len(factors) == 2:
                yield Found("learning-rate", name_of(signs[0]))


PATTERNS: tuple[Callable[[Sides], Iterator[Found]], ...] = (
    weighted_sum,
    matrix_sum,
    applied,
    delta,
    differentiated,
    loss,
    function,
    scale,
    update,
)

ZERO = tree.Number("0")


def _terms(formula: tree.Formula) -> tuple[tree.Formula, ...]:
    if isinstance(formula, tree.Terms):
        return tuple(part for negative, part in formula.parts if not negative)
    return (formula,)


def _is_slope(sign: Sign) -> bool:
    """``dA``, ``dz``: what is called so is a gradient, and no part of a forward pass."""
    return len(sign.glyph) == 2 and sign.glyph[0] == "d"


def _is_pair(product: tree.Product) -> bool:
    return len(product.factors) == 2 and all(
        isinstance(f, Sign) and f.indices for f in product.factors
    )


def _is_bare(product: tree.Product) -> bool:
    return len(product.factors) == 2 and all(
        isinstance(f, Sign) and not f.indices for f in product.factors
    )
