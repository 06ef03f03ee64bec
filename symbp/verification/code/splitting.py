"""Pre-activations that have no name: ``a = f(x @ W + b)`` computes one within the line."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sympy import Expr, Mul, Sum

from symbp.equations.axis import Index
from symbp.equations.canonical import canonical
from symbp.equations.equation import Equation
from symbp.equations.tensor import Tensor, entries, indices_of, tensor_of
from symbp.equations.wellformed import free_indices


def split(
    equations: Mapping[Tensor, Equation], parameters: Collection[Tensor]
) -> dict[Tensor, Equation]:
    """``equations`` with a tensor for every affine part of a line in one of ``parameters``."""
    out: dict[Tensor, Equation] = {}
    for tensor, equation in equations.items():
        rhs = equation.rhs
        known: dict[Expr, Tensor] = {}
        for part in _parts(rhs, parameters):
            free = sorted(free_indices(part), key=lambda i: _slot(equation.lhs, i))
            if not free or len({i.axis for i in free}) < len(free):
                continue
            plain = [i.axis.index("free") for i in free]
            key = canonical(part.xreplace(dict(zip(free, plain, strict=True))))
            if key not in known:
                name = f"{tensor.name} within {len(known)}"
                inner = known[key] = Tensor(name, tuple(i.axis for i in free))
                out[inner] = Equation(name, inner[tuple(free)], part)
            rhs = rhs.xreplace({part: known[key][tuple(free)]})
        out[tensor] = Equation(equation.id, equation.lhs, rhs)
    return out


def _slot(lhs: Expr, index: Index) -> tuple[int, str]:
    axes = [i.axis for i in indices_of(lhs)]
    return (axes.index(index.axis) if index.axis in axes else len(axes), str(index))


def _parts(rhs: Expr, parameters: Collection[Tensor]) -> list[Expr]:
    """The largest parts of ``rhs``, but not all of it, that are affine in a parameter."""
    found: dict[Expr, None] = {}

    def walk(node: Expr, *, is_whole: bool) -> None:
        if is_affine(node, parameters):
            if not is_whole:
                found[node] = None
            return
        for arg in node.args:
            if hasattr(arg, "args"):
                walk(arg, is_whole=False)

    walk(rhs, is_whole=True)
    return list(found)


def is_affine(node: Expr, parameters: Collection[Tensor]) -> bool:
    """Whether ``node`` is a product with a parameter, summed or not, plus others and biases."""
    if node.is_Add:
        parts = [is_affine(a, parameters) for a in node.args]
        rest = [a for a, yes in zip(node.args, parts, strict=True) if not yes]
        return any(parts) and all(_is_entry_of(a, parameters) for a in rest)
    if isinstance(node, Sum):
        return is_affine(node.function, parameters) or _is_product(node.function, parameters)
    return False


def _is_product(node: Expr, parameters: Collection[Tensor]) -> bool:
    factors = Mul.make_args(node)
    return sum(_is_entry_of(a, parameters) for a in factors) == 1 and len(factors) > 1


def _is_entry_of(node: Expr, parameters: Collection[Tensor]) -> bool:
    found = entries(node)
    return len(found) == 1 and found[0] == node and tensor_of(node) in parameters
