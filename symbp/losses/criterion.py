"""What a loss measures at one unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sympy import (
    Abs,
    Expr,
    FiniteSet,
    Integer,
    Interval,
    Piecewise,
    Rational,
    Reals,
    Set,
    Symbol,
    log,
)

Z = Symbol("z", real=True)
"""The prediction in a formula."""

D = Symbol("d", real=True)
"""The target in a formula."""


def constant(name: str) -> Symbol:
    """The symbol that stands for the constant ``name`` in a formula."""
    return Symbol(name, real=True)


KAPPA, GAMMA = constant("kappa"), constant("gamma")
C, C0, C1 = constant("c"), constant("c0"), constant("c1")
"""What a class counts; of binary targets, what a 0 and a 1 count."""

UNITS = Symbol("J", positive=True, integer=True)
"""The number of units in a formula."""

CLOSED = Interval(0, 1)
SIGNS = FiniteSet(-1, 1)


class Targets(StrEnum):
    """What the targets of a sample are."""

    VALUES = "values"  # a number per unit
    ONE_HOT = "one_hot"  # a number per unit, which sum up to 1
    LABELS = "labels"  # the number of the right unit
    SIGNS = "signs"  # 1 or -1 per unit
    NONE = "none"  # predictions are compared with each other only


@dataclass(frozen=True)
class Relation:
    """What a loss makes of several predictions, a number for each sample, as equations in text.

    ``reads`` are their entries, ``target`` is that of the target, if there is one.
    """

    reads: tuple[str, ...]
    equations: tuple[str, ...]
    target: str = ""

    @property
    def of_units(self) -> bool:
        """Whether there is a target for each unit, and not one for all of a sample."""
        return self.target.endswith("j]")


@dataclass(frozen=True)
class Criterion:
    """``factor · Σ_j body(z_j, d_j)`` for one sample; the mean over j where ``mean_over_units``.

    With labels the sum has one term only, that of the labelled unit. ``outputs`` and ``allowed``
    are the sets in which predictions and targets must lie for the formula to make sense. Where
    targets may be smoothed, ``classes`` is the number of what a target tells apart; ``weighted``
    is the body where these count differently. With a
    ``relation``, z is what that makes of the predictions of a sample.
    """

    name: str
    body: Expr
    factor: Expr = Integer(1)
    targets: Targets = Targets.VALUES
    outputs: Set = Reals
    allowed: Set = Reals
    mean_over_units: bool = False
    constants: tuple[tuple[str, float], ...] = ()
    classes: Expr | None = None
    weighted: Expr | None = None
    relation: Relation | None = None


HALF = Rational(1, 2)
_ERROR = Z - D
_HUBER = Piecewise((_ERROR**2 / 2, Abs(_ERROR) <= KAPPA), (KAPPA * (Abs(_ERROR) - KAPPA / 2), True))
_LOG = -Integer(1)
_MARGIN = 1 - D * Z
_ABOVE_ZERO = Piecewise((D, D > 0), (1, True))  # 0 log 0 is 0

_ALL = (
    Criterion("half_squared_error", _ERROR**2, HALF),
    Criterion("mean_squared_error", _ERROR**2, mean_over_units=True),
    Criterion("absolute_error", Abs(_ERROR)),
    Criterion("huber", _HUBER, constants=(("kappa", 1.0),)),
    Criterion(
        "binary_cross_entropy",
        D * log(Z) + (1 - D) * log(1 - Z),
        _LOG,
        outputs=CLOSED,
        allowed=CLOSED,
        classes=Integer(2),
        weighted=C1 * D * log(Z) + C0 * (1 - D) * log(1 - Z),
    ),
    Criterion(
        "categorical_cross_entropy",
        D * log(Z),
        _LOG,
        Targets.ONE_HOT,
        outputs=CLOSED,
        allowed=CLOSED,
        classes=UNITS,
        weighted=C * D * log(Z),
    ),
    Criterion(
        "sparse_categorical_cross_entropy",
        log(Z),
        _LOG,
        Targets.LABELS,
        outputs=CLOSED,
        classes=UNITS,
        weighted=C * log(Z),
    ),
    Criterion(
        "hinge",
        Piecewise((_MARGIN, D * Z < 1), (0, True)),
        targets=Targets.SIGNS,
        allowed=SIGNS,
    ),
    Criterion(
        "squared_hinge",
        Piecewise((_MARGIN**2, D * Z < 1), (0, True)),
        targets=Targets.SIGNS,
        allowed=SIGNS,
    ),
    Criterion(
        "kl_divergence",
        D * log(_ABOVE_ZERO) - D * log(Z),
        targets=Targets.ONE_HOT,
        outputs=CLOSED,
        allowed=CLOSED,
    ),
    Criterion(
        "focal",
        D * (1 - Z) ** GAMMA * log(Z),
        _LOG,
        Targets.ONE_HOT,
        outputs=CLOSED,
        allowed=CLOSED,
        constants=(("gamma", 2.0),),
    ),
    Criterion(
        "binary_focal",
        D * (1 - Z) ** GAMMA * log(Z) + (1 - D) * Z**GAMMA * log(1 - Z),
        _LOG,
        outputs=CLOSED,
        allowed=CLOSED,
        constants=(("gamma", 2.0),),
    ),
)

CRITERIA = MappingProxyType({each.name: each for each in _ALL})
"""Those of one prediction and its target."""

SQUARES = (
    "p[...] = sum(j, (a[..., j] - b[..., j] + eps) ** 2)",
    "q[...] = sum(j, (a[..., j] - c[..., j] + eps) ** 2)",
)
"""The squared distances of an anchor a from what is like it, b, and from what is not, c.

The small ε keeps the slope of a root finite where two outputs are equal.
"""

EXCESS = ("v[...] = relu(g[...])",)
"""What is above 0 of g, by how much the margin is not kept."""

COSINE = (
    "p[...] = sum(j, a[..., j] * b[..., j])",
    "q[...] = sum(j, a[..., j] ** 2) + eps",
    "s[...] = sum(j, b[..., j] ** 2) + eps",
    "r[...] = p[...] / sqrt(q[...] * s[...])",
)
"""The cosine r of the angle between a and b."""

_RELATED = (
    Criterion(
        "triplet_margin",
        Z,
        targets=Targets.NONE,
        constants=(("margin", 1.0), ("eps", 1e-6)),
        relation=Relation(
            ("a[..., j]", "b[..., j]", "c[..., j]"),
            (*SQUARES, "g[...] = sqrt(p[...]) - sqrt(q[...]) + margin", *EXCESS),
        ),
    ),
    Criterion(
        "squared_triplet_margin",
        Z,
        targets=Targets.NONE,
        constants=(("margin", 1.0), ("eps", 1e-6)),
        relation=Relation(
            ("a[..., j]", "b[..., j]", "c[..., j]"),
            (*SQUARES, "g[...] = p[...] - q[...] + margin", *EXCESS),
        ),
    ),
    Criterion(
        "cosine_distance",
        Z,
        constants=(("eps", 1e-12),),
        relation=Relation(("a[..., j]",), (*COSINE, "v[...] = 1 - r[...]"), "b[..., j]"),
    ),
    Criterion(
        "cosine_embedding",
        Z,
        targets=Targets.SIGNS,
        allowed=SIGNS,
        constants=(("margin", 0.0), ("eps", 1e-12)),
        relation=Relation(
            ("a[..., j]", "b[..., j]"),
            (*COSINE, "v[...] = where(d[...] > 0, 1 - r[...], relu(r[...] - margin))"),
            "d[...]",
        ),
    ),
)

RELATIONS = MappingProxyType({each.name: each for each in _RELATED})
"""Those that make one number of what several predictions are beside each other."""

LOSSES = MappingProxyType({**CRITERIA, **RELATIONS})
