"""Kronecker deltas that all branches of a case distinction share stand before it."""

from __future__ import annotations

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Piecewise


def without_shared_deltas(pieces: Expr) -> tuple[Expr, Expr]:
    """{[i = j] a if c, [i = j] b otherwise} -> [i = j] and {a if c, b otherwise}; 0 has any."""
    front: Expr = Integer(1)
    if not isinstance(pieces, Piecewise):
        return front, pieces
    branches = [branch for branch, _ in pieces.args]
    for delta in sorted(pieces.atoms(KroneckerDelta), key=str):
        divided = [_divided(branch, delta) for branch in branches]
        if any(branches) and all(b is not None for b in divided):
            front, branches = front * delta, divided
    if front == 1:
        return front, pieces
    return front, Piecewise(*((b, c) for b, (_, c) in zip(branches, pieces.args, strict=True)))


def _divided(branch: Expr, delta: Expr) -> Expr | None:
    addends = [a for a in Add.make_args(branch) if a != 0]
    if all(delta in Mul.make_args(a) for a in addends):
        return Add(*(a / delta for a in addends))
    return None
