"""A program as it is judged: the forward pass, the loss, and what the updates are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.equations.wellformed import IllFormed
from symbp.verification.code.losses import LOSS, Hypothesis
from symbp.verification.code.recognise import Recognised
from symbp.verification.code.splitting import split
from symbp.verification.code.updates import stepped


def programmed(
    known: Recognised, hypothesis: Hypothesis
) -> tuple[Program | None, tuple[Tensor, ...]]:
    """The forward pass, the loss, and what the updates are made of besides, in this order."""
    before = [p.before for p in known.parameters]
    whole = known.reached(hypothesis.value)
    ahead_of = {t: e for t, e in known.equations.items() if t in whole}
    equations = {
        **split(ahead_of, before),
        **{t: e for t, e in known.equations.items() if t not in whole},
    }
    parents = {t: {tensor_of(e) for e in entries(q.rhs)} for t, q in equations.items()}
    ahead = _closure(parents, {tensor_of(e) for e in entries(hypothesis.value)})
    ends = {tensor_of(e) for p in known.parameters if p.after for e in entries(p.after)}
    ends |= {p.given for p in known.parameters if p.given}
    if ahead & _replaced(known):
        return None, ()
    back = [t for t in equations if t in _closure(parents, ends) and t not in ahead]
    forward = [equations[t] for t in equations if t in ahead]
    loss = Equation("E", LOSS[()], hypothesis.value)
    ways = (*forward, loss, *(equations[t] for t in back))
    new = [
        Equation(f"new {p.name}", stepped(p)[indices_of(p.before.entry)], p.after)
        for p in known.parameters
        if p.after is not None
    ]
    states = _states([*ways[len(forward) + 1 :], *new], ways[: len(forward) + 1])
    kept = {t.symbol: replace(t, role=Role.CONSTANT).symbol for t in states}
    every = [Equation(e.id, e.lhs, e.rhs.xreplace(kept)) for e in (*ways, *new)]
    try:
        program = Program(tuple(every), hypothesis.facts)
    except IllFormed:
        return None, ()
    return program, tuple(back)


def _states(back: Sequence[Equation], ahead: Sequence[Equation]) -> set[Tensor]:
    """What an optimizer remembers; squares are among it, so that all of it is taken as positive."""
    used, made = ({tensor_of(e) for q in some for e in entries(q.rhs)} for some in (back, ahead))
    defined = {tensor_of(q.lhs) for q in (*back, *ahead)}
    return {t for t in used - made - defined if t.axes and t.labels is None}


def _replaced(known: Recognised) -> set[Tensor]:
    """New values of parameters."""
    return {
        t
        for p in known.parameters
        for t, a in known.steps.items()
        if a.name == p.name and p.before in known.ancestors(t)
    }


def _closure(parents: Mapping[Tensor, set[Tensor]], of: set[Tensor]) -> set[Tensor]:
    seen, frontier = set(of), list(of)
    while frontier:
        fresh = parents.get(frontier.pop(), set()) - seen
        seen |= fresh
        frontier += fresh
    return seen
