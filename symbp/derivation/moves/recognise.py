"""Recognising, in a derivative, the function that was differentiated.

Where z = f(u) and f'(u) is a polynomial in f(u), the polynomial is found by comparing coefficients:
for f = 1/(1 + e^-u) it is z − z², for tanh it is 1 − z². Where z is a product of powers, as
e^{u_j}/Σ_k e^{u_k} is, its powers are looked for among the factors of each term.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Poly,
    PolynomialError,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    factor_terms,
    fraction,
    linsolve,
    together,
)

from symbp.equations.axis import Index
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.nodes import has, nodes, ordered
from symbp.equations.tensor import Role, TensorSymbol, indices_of, is_entry, tensor_of

DEGREE = 2
"""The highest power of z that is looked for."""


@dataclass(frozen=True)
class Recognise:
    """e^{-u}/(1 + e^{-u})² -> z (1 − z), given z = 1/(1 + e^{-u})"""

    equation: Equation

    def __call__(self, expr: Expr, entry: Expr) -> Expr | None:
        """``expr``, a derivative of ``entry``, in terms of the entries of its tensor."""
        own = indices_of(self.equation.lhs)
        rhs = self.equation.rhs.xreplace(dict(zip(own, indices_of(entry), strict=True)))
        if has(rhs, Sum):
            return _by_factors(expr, rhs, entry)
        return _by_pieces(expr, rhs, entry)


def _by_pieces(expr: Expr, rhs: Expr, z: Expr) -> Expr | None:
    if not (isinstance(expr, Piecewise) and isinstance(rhs, Piecewise)):
        return _as_polynomial(expr, rhs, z)
    if [c for _, c in expr.args] != [c for _, c in rhs.args]:
        return None
    pairs = list(zip(expr.args, rhs.args, strict=True))
    found = [_as_polynomial(e, f, z) for (e, _), (f, _) in pairs]
    if not any(p is not None for p in found):
        return None
    return Piecewise(
        *((p if p is not None else e, c) for p, ((e, c), _) in zip(found, pairs, strict=True))
    )


def _as_polynomial(expr: Expr, rhs: Expr, z: Expr) -> Expr | None:
    """``expr`` as a polynomial in ``z`` = ``rhs`` with constant coefficients, if it is one."""
    if not has(expr, exp) and expr == _plain(expr):
        return None
    generators: dict[Expr, Symbol] = {}
    target, base = (_plain(e, generators) for e in (expr, rhs))
    depends, of_base = (set(generators.values()) & e.free_symbols for e in (target, base))
    # A polynomial in z that is no number depends on all that z depends on, and on nothing else.
    if not depends or depends != of_base:
        return None
    unknown = [Dummy(f"c{k}") for k in range(DEGREE + 1)]
    gap = target - Add(*(c * base**k for k, c in enumerate(unknown)))
    top, _ = fraction(together(gap))
    try:
        equations = Poly(top, *generators.values()).coeffs()
    except PolynomialError:
        return None
    (solution,) = list(linsolve(equations, unknown)) or [None]
    if solution is None or set(unknown) & Add(*solution).free_symbols:
        return None
    polynomial = Add(*(c * z**k for k, c in enumerate(solution)))
    return _factored(polynomial, z) if polynomial.has(z) else None


def _plain(expr: Expr, generators: dict[Expr, Symbol] | None = None) -> Expr:
    """``expr`` as a rational function: e^{ku} a power of one symbol, other functions symbols."""
    names = {} if generators is None else generators

    def name(e: Expr) -> Expr:
        return names.setdefault(e, Dummy(f"g{len(names)}"))

    def go(e: Expr) -> Expr:
        if is_entry(e):
            constant = tensor_of(e).role is Role.CONSTANT
            return e if constant and isinstance(e, TensorSymbol) else name(e)
        if isinstance(e, exp):
            number, rest = e.args[0].as_coeff_Mul()
            return Pow(name(exp(rest)), number) if number.is_Integer else name(e)
        if isinstance(e, (Add, Mul)):
            return e.func(*map(go, e.args))
        if isinstance(e, Pow) and e.exp.is_Integer:
            return Pow(go(e.base), e.exp)
        return e if isinstance(e, (Rational, Symbol)) else name(e)

    return go(expr)


def _factored(polynomial: Expr, z: Expr) -> Expr:
    """z − z² as z (1 − z)."""
    if polynomial.subs(z, 0) == 0:
        return z * factor_terms((polynomial / z).expand())
    return polynomial


def _by_factors(expr: Expr, rhs: Expr, entry: Expr) -> Expr | None:
    """In each term of ``expr``, the powers that make up ``rhs``, at any index, replaced by z."""
    out = []
    is_found = False
    for addend in Add.make_args(expr):
        term, rest = Integer(1), _with_canonical_sums(addend)
        while (found := next(_occurrences(rest, rhs, entry), None)) is not None:
            z, pattern = found
            term, rest = term * z, rest / pattern
            is_found = True
        out.append(term * rest)
    after = Add(*out)
    if not is_found or has(after, exp):
        return None
    return _shared(after)


def _occurrences(term: Expr, rhs: Expr, entry: Expr) -> Iterator[tuple[Expr, Expr]]:
    powers = _powers(term)
    free = [i for i in indices_of(entry) if isinstance(i, Index)]
    wanted = _with_canonical_sums(rhs)
    for index in free:
        others = {i for i in term.atoms(Index) if i.axis == index.axis} - {index}
        for other in (index, *ordered(others)):
            pattern = wanted.xreplace({index: other})
            needed = _powers(pattern).items()
            if all(powers.get(b, 0) * e > 0 and abs(powers[b]) >= abs(e) for b, e in needed):
                yield entry.xreplace({index: other}), pattern


def _with_canonical_sums(expr: Expr) -> Expr:
    """``expr`` with each sum spelled in the one way, so that equal sums are the same factor."""
    return expr.xreplace({node: canonical(node) for node in nodes(expr, Sum)})


def _powers(product: Expr) -> dict[Expr, Expr]:
    """The factors of ``product`` with their exponents; e^{2u} is e^u twice."""
    out: dict[Expr, Expr] = {}
    for factor in Mul.make_args(product):
        base, power = (factor, Integer(1))
        if isinstance(factor, exp):
            number, rest = factor.args[0].as_coeff_Mul()
            base, power = exp(rest), number
        elif isinstance(factor, Pow) and factor.exp.is_Rational:
            base, power = factor.args
        out[base] = out.get(base, Integer(0)) + power
    return out


def _shared(expr: Expr) -> Expr:
    """z_i [i = j] − z_i z_j as z_i ([i = j] − z_j)."""
    addends = Add.make_args(expr)
    common = set(Mul.make_args(addends[0]))
    for addend in addends[1:]:
        common &= set(Mul.make_args(addend))
    deltas = {d for d in nodes(expr, KroneckerDelta) if d in common}
    front = Mul(*ordered(common - deltas))
    return front * Add(*(a / front for a in addends))
