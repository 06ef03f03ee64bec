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


@dataclass(frozen=True)
class Criterion:
    """``factor · Σ_j body(z_j, d_j)`` for one sample; the mean over j where ``mean_over_units``.

    With labels the sum has one term only, that of the labelled unit. ``outputs`` and ``allowed``
    are the sets in which predictions and targets must lie for the formula to make sense. Where
    targets may be smoothed, ``classes`` is the number of what a target tells apart. With a
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
    ),
    Criterion(
        "categorical_cross_entropy",
        D * log(Z),
        _LOG,
        Targets.ONE_HOT,
        outputs=CLOSED,
        allowed=CLOSED,
        classes=UNITS,
    ),
    Criterion(
        "sparse_categorical_cross_entropy",
        log(Z),
        _LOG,
        Targets.LABELS,
        outputs=CLOSED,
        classes=UNITS,
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

RELATIONS = MappingProxyType({})

LOSSES = MappingProxyType({**CRITERIA, **RELATIONS})
