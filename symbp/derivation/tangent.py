"""The tangent of an equation: how fast its left side changes as all parameters move together.

Every parameter is moved along a direction, w → w + ξ w̃. What is computed from them changes with
ξ, and t̃ := ∂t/∂ξ. An equation t = f(s, …) gives t̃ from the s̃: that is Pearlmutter's operator R
(Fast exact multiplication by the Hessian, 1994). Applied to the equations of the backward pass, it
gives the Hessian times a vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from sympy import Add, Expr, Function, Integer, KroneckerDelta, Mul, Sum

from symbp.derivation.dependence import Dependence
from symbp.derivation.lemma import lemma
from symbp.derivation.moves.chain import letters
from symbp.derivation.moves.differentiate import Differentiate
from symbp.derivation.moves.sums import under_sums
from symbp.derivation.names import STEP, adjoint_of, product_of, tangent_of
from symbp.derivation.parts import put
from symbp.derivation.settle import settled
from symbp.derivation.step import Derivation, Step
from symbp.derivation.unroll import EARLIER, marked, spoken
from symbp.equations.axis import Index, total
from symbp.equations.calculus import Largest, Opaque, Partial
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import (
    HESSIAN,
    Role,
    Tensor,
    entries,
    indices_of,
    tensor_of,
    tensors_in,
)

START = "start "
"""What the name of a tensor begins with where the parameters have not been moved yet."""

Renamed = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Motion:
    """``equation`` as ``moving`` tensors move: s → s + ξ s̃, where s̃ is called by ``named``."""

    equation: Equation
    moving: frozenset[Tensor]
    named: Renamed = tangent_of
    product: str = HESSIAN
    """What the names of products end in that gradients give."""

    @cached_property
    def defined(self) -> Tensor:
        """What the equation defines; of a gradient, the adjoint of its parameter."""
        lhs = self.equation.lhs
        return adjoint_of(tensor_of(lhs.wrt)) if isinstance(lhs, Partial) else tensor_of(lhs)

    @cached_property
    def lhs(self) -> Expr:
        """The entry that the equation defines."""
        lhs = self.equation.lhs
        return self.defined[indices_of(lhs.wrt if isinstance(lhs, Partial) else lhs)]

    @property
    def goal(self) -> Expr:
        """The tangent of what the equation defines."""
        lhs = self.equation.lhs
        if isinstance(lhs, Partial):
            return product_of(tensor_of(lhs.wrt), self.product)[indices_of(lhs.wrt)]
        return self.named(self.defined)[indices_of(lhs)]

    @cached_property
    def rhs(self) -> Expr:
        """The right side; what is defined itself, at another time, is called something else."""
        own = {self.defined.symbol: marked(self.defined, EARLIER).symbol}
        return self.equation.rhs.xreplace(own)

    @cached_property
    def reads(self) -> tuple[Tensor, ...]:
        """What moves on the right side."""
        found = dict.fromkeys(map(tensor_of, entries(self.rhs)))
        earlier = {marked(t, EARLIER) for t in self.moving}
        return tuple(t for t in found if t in self.moving or t in earlier)

    def tangent(self, tensor: Tensor) -> Tensor:
        """s̃, at the time that s is spoken of."""
        if tensor.name.startswith(EARLIER):
            return marked(self.named(self.defined), EARLIER)
        return self.named(tensor)

    @cached_property
    def program(self) -> Program:
        """What moves, and the equation: in it ∂t/∂ξ is t̃."""
        moved = [
            Equation(
                f"moved.{t.key}",
                t.entry,
                marked(t, START).entry + STEP[()] * self.tangent(t).entry,
            )
            for t in self.reads
        ]
        whole = Equation(self.equation.id, self.lhs, self.rhs)
        return Program((*moved, whole), derived=True)

    @cached_property
    def certified(self) -> Derivation:
        """The derivation as its steps are certified in ``program``."""
        start = Partial(self.lhs, STEP[()])
        steps = self._chained(start) if self._is_function else [self._direct(start)]
        kept = steps if self.rhs.has(Largest) else settled(steps, ())
        return Derivation(f"{self.kind}{self.equation.id}", self.goal, tuple(kept))

    @cached_property
    def derivation(self) -> Derivation:
        """The tangent of the left side, a step at a time."""
        steps = [step for _, step in self.certified.walk()]
        back = spoken(side for s in steps for side in (s.before, s.after, *s.facts.values()))
        return self.certified.relocated(back, {}) if back else self.certified

    @property
    def kind(self) -> str:
        """What the id begins with."""
        return "along." if self.product == HESSIAN else "linear."

    @property
    def tangent_equation(self) -> Equation:
        """What has been derived, as an equation."""
        return self.derivation.equation

    # ---- the product rule -----------------------------------------------------------------------

    def _direct(self, start: Expr) -> Step:
        along = {
            e: e + STEP[()] * self.tangent(t)[indices_of(e)]
            for t in self.reads
            for e in entries(self.rhs, t)
        }
        moved = Partial(_outside(self.rhs).xreplace(along), STEP[()])
        slope = Differentiate(Dependence(Program(())))(moved)
        rate = _factored(slope.xreplace({STEP[()]: Integer(0)}))
        return Step("differentiate_along", start, rate, (self.equation.id,))

    # ---- functions of one quantity --------------------------------------------------------------

    @property
    def _is_function(self) -> bool:
        """Whether it is a function of one quantity, whose slope may have a form of its own."""
        inner = self.rhs.atoms(Function, Opaque)
        within = set[Tensor]().union(*(tensors_in(f) for f in inner)).intersection(self.reads)
        bends = self.defined.role is Role.ACTIVATION or within
        if not bends or self.rhs.has(Largest) or len(self.reads) != 1:
            return False
        read = entries(self.rhs, self.reads[0])
        return all(isinstance(i, Index) for e in read for i in indices_of(e))

    def _chained(self, start: Expr) -> list[Step]:
        source = self.reads[0]
        dependence = Dependence(Program((Equation(self.equation.id, self.lhs, self.rhs),)))
        at, free = self._at(dependence, source)
        slope = Partial(self.lhs, source[at])
        chained = total(slope * self.tangent(source)[at], *free)
        avoid = frozenset(letters(self.lhs, chained))
        known = lemma(dependence, avoid, slope)
        facts = {"of": self.lhs, "via": source[at]}
        steps = [Step("chain_along", start, chained, (self.equation.id,), facts=facts)]
        inserted = under_sums(put(chained, {slope: known.result}))
        return [*steps, Step("insert", chained, inserted, (known.id,), (known,))]

    def _at(
        self, dependence: Dependence, source: Tensor
    ) -> tuple[tuple[Expr, ...], tuple[Index, ...]]:
        """The entry of ``source`` that is summed over, and which of its indices are free."""
        tied = {q: (s, k) for s, (q, k) in dependence.reach(self.defined, source).items()}
        taken: set[Index] = letters(self.lhs, self.rhs)
        own = indices_of(self.lhs)
        at: list[Expr] = []
        free: list[Index] = []
        for slot, axis in enumerate(source.axes):
            if slot in tied:
                s, further = tied[slot]
                at.append(own[s] - further)
            else:
                free.append(axis.fresh(taken))
                taken.add(free[-1])
                at.append(free[-1])
        return tuple(at), tuple(free)


def _outside(expr: Expr) -> Expr:
    """Σ_k a_k z -> z Σ_k a_k: the product rule then has fewer terms under sums."""
    return expr.replace(lambda e: isinstance(e, Sum), _drawn)


def _drawn(expr: Sum) -> Expr:
    bound = {limit[0] for limit in expr.limits}
    factors = Mul.make_args(expr.function)
    free = [f for f in factors if not f.free_symbols & bound]
    return Mul(*free) * expr.func(Mul(*(f for f in factors if f not in free)), *expr.limits)


def _factored(expr: Expr) -> Expr:
    """Σ_i (a_i [i = j] + b_i [i = j]) -> Σ_i (a_i + b_i) [i = j]"""
    return expr.replace(lambda e: isinstance(e, Sum) and isinstance(e.function, Add), _with_deltas)


def _with_deltas(expr: Sum) -> Expr:
    addends = [Mul.make_args(addend) for addend in expr.function.args]
    shared = {f for f in addends[0] if isinstance(f, KroneckerDelta)}.intersection(*addends)
    rest = Add(*(Mul(*(f for f in addend if f not in shared)) for addend in addends))
    return expr.func(Mul(rest, *sorted(shared, key=str)), *expr.limits)


def movers(equations: Iterable[Equation], moved: Iterable[Tensor]) -> frozenset[Tensor]:
    """What changes as the tensors ``moved`` do, by ``equations`` in any order."""
    found = set(moved)
    waiting = [e for e in equations if not isinstance(e.lhs, Partial)]
    while fresh := [e for e in waiting if found.intersection(tensors_in(e.rhs))]:
        found.update(tensor_of(e.lhs) for e in fresh)
        waiting = [e for e in waiting if e not in fresh]
    return frozenset(found)
