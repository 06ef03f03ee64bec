"""What is wrong under one loss, and stays wrong however it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod

from sympy import Abs, Expr, Piecewise, Rational, cosh, exp, log, sign, sinh, tanh

from symbp.equations.axis import Axis, Index
from symbp.equations.calculus import ArgLargest, Largest
from symbp.network import Network
from symbp.verification.code.losses import Hypothesis, families, one_hot, stated
from symbp.verification.code.outcome import Outcome
from symbp.verification.code.recognise import Recognised
from symbp.verification.code.rewound import rewound
from symbp.verification.code.searching import examine
from symbp.verification.code.trace import Trace
from symbp.verification.timing import OutOfTime

POINTS = {True: (1,), False: (1, 2, 3)}
"""Points at which a program is looked at, modulo a prime and in real numbers."""

LARGE = 4096
"""Entries of the largest matrix that is evaluated as it is."""

JUMPS = (Piecewise, Abs, sign, Largest, ArgLargest)
VOLUME = 60_000
"""Entries that the sum of an equation runs over, in sizes that are a program's own."""

LIKE_EXP = (tanh, sinh, cosh)
"""What modulo a prime is a random choice, and functions that are unknown to be made of exp."""


def is_right_for(known: Recognised, hypothesis: Hypothesis) -> bool:
    """Whether all is right under ``hypothesis``, without a search for what is not."""
    ways: list[tuple[bool, Mapping[Axis, int] | None]] = [(True, None), *_ways(known, hypothesis)]
    return any(_at_all_points(known, hypothesis, e, s) is not None for e, s in ways)


def _at_all_points(
    known: Recognised, hypothesis: Hypothesis, exact: bool, sizes: Mapping[Axis, int] | None
) -> Outcome | None:
    """What is found where all is right at each of a few points; None where it is not.

    At one point in real numbers, all of a mask may be 1: nobody would see that it is forgotten.
    """
    first: Outcome | None = None
    for seed in POINTS[exact]:
        found = examine(known, hypothesis, exact=exact, sizes=sizes, seed=seed, search=False)
        if found is None or not found.is_right:
            return None
        first = first or found
    return first


def looks_right(trace: Trace, network: Network | None, loss: str | None) -> bool:
    """Whether all is right under the loss that ``judge`` would choose, without a search."""
    known = Recognised(rewound(trace))
    if not known.parameters:
        return False
    if loss is None:
        for hypothesis in stated(known):
            if is_right_for(known, hypothesis):
                return True
            if hypothesis.origin == "code":
                return False
        loss = network.loss.criterion.name if network is not None else None
    return any(is_right_for(known, h) for h in families(known, loss))


def settled(known: Recognised, hypothesis: Hypothesis) -> Outcome | None:
    """What is wrong under ``hypothesis``, where need be with targets that sum up to 1."""
    found = _settled(known, hypothesis)
    if hypothesis.facts or found is None or found.is_right:
        return found
    exprs = [
        hypothesis.value,
        *(known.equations[t].rhs for t in known.reached(hypothesis.value) if t in known.equations),
    ]
    logs = [part.args[0] for e in exprs for part in e.atoms(log)]
    if not logs or any(part.is_Add and part.args[0].is_Number for part in logs):
        return found  # that of units by themselves has log(1 − z), too
    for prediction in known.predictions:
        for target in known.targets:
            if target.labels is None and (facts := one_hot(known, prediction, target)):
                summing = replace(hypothesis, facts=facts)
                if not is_right_for(known, summing) and found.is_sane:
                    continue
                other = _settled(known, summing)
                if other is not None and len(other.slips) < len(found.slips) + other.is_sane:
                    return other
    return found


def _settled(known: Recognised, hypothesis: Hypothesis) -> Outcome | None:
    """What is wrong under ``hypothesis``, and stays wrong however it is looked at.

    Sizes are left open first; where the program is right only for those that it fixes, it is right.
    What is wrong modulo a prime is looked at again in real numbers.
    """
    first = examine(known, hypothesis, search=False)
    if first is not None and first.is_right:
        again = examine(known, hypothesis, seed=2, search=False)
        if again is None or again.is_right:
            return _downhill(known, hypothesis, examine(known, hypothesis) or first)
    jumps = any(e.rhs.has(*JUMPS) for e in known.equations.values())  # are told in reals alone
    if first is not None and not jumps:
        quick = examine(known, hypothesis, quick=True)
        if quick is not None:
            return quick
    best: tuple[bool, Mapping[Axis, int] | None] = (True, None)
    for exact, sizes in _ways(known, hypothesis):
        if _at_all_points(known, hypothesis, exact, sizes) is not None:
            return examine(known, hypothesis, exact=exact, sizes=sizes)
        again = examine(known, hypothesis, exact=exact, sizes=sizes, search=False)
        if again is not None and (first is None or 0 < len(again.slips) < len(first.slips)):
            first, best = again, (exact, sizes)  # what is wrong there only is not looked for
    return _searched(known, hypothesis, first, *best)


def _searched(
    known: Recognised,
    hypothesis: Hypothesis,
    found: Outcome | None,
    exact: bool,
    sizes: Mapping[Axis, int] | None,
) -> Outcome | None:
    """``found``, which is wrong, with the lines in which it is, where there is time to look."""
    if found is None:
        return None
    try:
        return examine(known, hypothesis, exact=exact, sizes=sizes)
    except OutOfTime:
        return found


def _downhill(known: Recognised, hypothesis: Hypothesis, right: Outcome) -> Outcome:
    """``right``, unless a rule of an optimizer turns it round, which only real numbers show."""
    if not any(e.kind == "rule" for e in right.effects):
        return right
    again = examine(known, hypothesis, exact=False, search=False)
    if again is None:
        return right
    if again.is_right:
        pairs = zip(right.effects, again.effects, strict=True)
        effects = tuple(replace(e, sign=o.sign, is_mixed=o.is_mixed) for e, o in pairs)
        return replace(right, effects=effects)
    return examine(known, hypothesis, exact=False) or right


def _ways(
    known: Recognised, hypothesis: Hypothesis
) -> Iterator[tuple[bool, Mapping[Axis, int] | None]]:
    """What else to try, where a program seems wrong modulo a prime and in open sizes."""
    exprs = [hypothesis.value, *(equation.rhs for equation in known.equations.values())]
    is_doubtful = any(e.has(*JUMPS) for e in exprs) or (
        any(e.has(exp) for e in exprs) and any(e.has(*LIKE_EXP) for e in exprs)
    )
    if is_doubtful:
        yield False, None
    sizes = _told(known.trace.sizes, exprs)
    if sizes and _volume(known, sizes) <= VOLUME:
        yield not is_doubtful, sizes


def _told(sizes: Mapping[Axis, int], exprs: Sequence[Expr]) -> Mapping[Axis, int]:
    """The sizes that a program fixes; of large ones those that it also types as numbers."""
    if _area(sizes) <= LARGE:
        return sizes
    typed = {abs(n) for e in exprs for r in e.atoms(Rational) for n in (r.p, r.q)}
    told = {axis: n for axis, n in sizes.items() if n in typed or n == 1}
    return told if _area(told) <= LARGE else {}


def _volume(known: Recognised, sizes: Mapping[Axis, int]) -> int:
    """The most places that one equation speaks of, in these sizes."""
    along = ({i.axis for i in e.rhs.atoms(Index)} for e in known.equations.values())
    return max((prod(sizes.get(axis, 2) for axis in axes) for axes in along), default=0)


def _area(sizes: Mapping[Axis, int]) -> int:
    """The entries of a matrix along the two longest axes."""
    return prod(sorted(sizes.values())[-2:])
