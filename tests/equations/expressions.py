"""Random index expressions, closed under given indices, and the same under other letters."""

from hypothesis import strategies as st
from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Piecewise, Rational, Sum, exp

from symbp.equations.axis import Axis, Index, total
from symbp.equations.calculus import ArgLargest, Largest
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor

U, V = Axis("u"), Axis("v")
SIZES = {U: 2, V: 3}
FREE = (U.index("f"), V.index("f"))
LETTERS = "abcde"

TENSORS = (
    Tensor("s"),
    Tensor("x", (U,)),
    Tensor("y", (V,)),
    Tensor("w", (U, V)),
    Tensor("q", (U, U)),
    Tensor("t", (V,), labels=U),
)
REAL = TENSORS[:-1]


def _everything() -> Expr:
    """A sum in which every tensor occurs, so that all of them are inputs."""
    x, y, w, q, t = (tensor for tensor in TENSORS[1:])
    u, u2, v = U.index("a"), U.index("b"), V.index("a")
    return TENSORS[0][()] + total(
        x[u] * y[v] * w[u, v] * q[u, u2] * KroneckerDelta(u, t[v]), u, u2, v
    )


PROGRAM = Program((Equation("E", Tensor("E", role=Role.LOSS)[()], _everything()),))


def positions(axis: Axis, scope: tuple[Index, ...]) -> st.SearchStrategy[Expr]:
    """What may stand in a slot along ``axis``."""
    plain: list[Expr] = [index for index in scope if index.axis == axis]
    if axis == U:
        plain += [TENSORS[-1][index] for index in scope if index.axis == V]
        x, b = TENSORS[1], U.index("z")
        plain += [ArgLargest(x[b], b)]
    return st.sampled_from(plain)


def entries(scope: tuple[Index, ...]) -> st.SearchStrategy[Expr]:
    return st.sampled_from(REAL).flatmap(
        lambda tensor: st.tuples(*(positions(axis, scope) for axis in tensor.axes)).map(
            lambda at: tensor[at]
        )
    )


def expressions(scope: tuple[Index, ...] = FREE, depth: int = 3) -> st.SearchStrategy[Expr]:
    """Expressions whose free indices are in ``scope``."""
    deltas = st.tuples(positions(U, scope), positions(U, scope)).map(lambda ab: KroneckerDelta(*ab))
    leaves = st.one_of(
        entries(scope), deltas, st.sampled_from([Integer(2), Rational(-1, 3), U.size])
    )
    if depth == 0:
        return leaves
    inner = expressions(scope, depth - 1)
    pairs = st.tuples(inner, inner)
    return st.one_of(
        leaves,
        pairs.map(lambda ab: Add(*ab)),
        pairs.map(lambda ab: Mul(*ab)),
        inner.map(lambda a: a**2),
        inner.map(exp),
        pairs.map(lambda ab: Piecewise((ab[0], ab[1] > 0), (0, True))),
        _bound(scope, depth, total),
        _bound(scope, depth, total),
        _bound(scope, depth, Largest),
    )


def _bound(scope: tuple[Index, ...], depth: int, bind) -> st.SearchStrategy[Expr]:
    def over(axis: Axis) -> st.SearchStrategy[Expr]:
        taken = {index.letter for index in scope if index.axis == axis}
        index = axis.index(next(letter for letter in LETTERS if letter not in taken))
        return expressions((*scope, index), depth - 1).map(lambda body: bind(body, index))

    return st.sampled_from([U, V]).flatmap(over)


def relettered(expr: Expr, mark: str = "'") -> Expr:
    """``expr`` with another letter for every index that it binds."""
    match expr:
        case Sum():
            bound = [limit[0] for limit in expr.limits]
        case Largest() | ArgLargest():
            bound = [expr.index]
        case _ if expr.args and not isinstance(expr, Index):
            return expr.func(*(relettered(arg, mark) for arg in expr.args))
        case _:
            return expr
    into = {index: index.axis.index(index.letter + mark) for index in bound}
    body = relettered(expr.args[0].xreplace(into), mark)
    if isinstance(expr, Sum):
        return total(body, *(into[index] for index in reversed(bound)))
    return expr.func(body, into[bound[0]])
