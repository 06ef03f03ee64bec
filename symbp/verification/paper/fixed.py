"""∂c/∂x where all else that c is computed from is held fixed.

With several paths from x to c, people mostly mean the direct one by ∂c/∂x: the chain rule has a
term for each of the others.

    c[t] = f[t] c[t − 1] + i[t] g[t]   ->   ∂c[t]/∂c[t − 1] = f[t]
"""

from __future__ import annotations

from sympy import Expr, KroneckerDelta, Mul

from symbp.derivation.dependence import Dependence
from symbp.derivation.moves.chain import definition_at, letters
from symbp.derivation.stages import is_stage
from symbp.equations.calculus import Partial
from symbp.equations.nodes import nodes
from symbp.equations.tensor import Role, Tensor, entries, indices_of, is_entry, tensor_of


def with_fixed(expr: Expr, dependence: Dependence) -> Expr:
    """``expr``, in which derivatives of quantities other than E are those along their equations.

    What lies between and is no stage is written out; where nothing is left of the derivative, it
    stays as it is.
    """
    slopes = [p for p in nodes(expr, Partial) if is_entry(p.of) and is_entry(p.wrt)]
    avoid = letters(expr)
    direct = {p: _direct(p, dependence, avoid) for p in slopes}
    return expr.xreplace({p: found for p, found in direct.items() if found is not None})


def _direct(slope: Partial, dependence: Dependence, avoid: set[Expr]) -> Expr | None:
    definitions = dependence.program.definitions
    own, wrt = tensor_of(slope.of), tensor_of(slope.wrt)
    if own not in definitions or own.role is Role.LOSS:
        return None
    rhs = definition_at(definitions[own], slope.of, avoid)

    def is_between(tensor: Tensor) -> bool:
        if tensor == wrt or tensor not in definitions or is_stage(dependence, tensor):
            return False
        return dependence.depends(tensor, wrt)

    while between := [e for e in entries(rhs) if is_between(tensor_of(e))]:
        taken = avoid | letters(rhs)
        rhs = rhs.xreplace({e: definition_at(definitions[tensor_of(e)], e, taken) for e in between})
    if is_entry(rhs) and tensor_of(rhs) == wrt:  # ∂h[5]/∂h[t], where nothing lies between
        pairs = zip(indices_of(rhs), indices_of(slope.wrt), strict=True)
        return Mul(*(KroneckerDelta(one, other) for one, other in pairs if one != other))
    return Partial(rhs, slope.wrt) if entries(rhs, wrt) else None
