"""The declared loss: a criterion, how it is reduced over a batch, and a penalty on the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Add, Expr, Integer, KroneckerDelta, Rational

from symbp.equations.axis import Index, total
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.losses.criterion import CRITERIA, LOSSES, UNITS, Criterion, D, Targets, Z
from symbp.losses.criterion import constant as symbol_of

REDUCTIONS = ("mean", "sum")
OPTIONS = ("name", "reduction", "l2", "smoothing", "from", "weight")
"""What a loss may say beside its constants."""

Value = float | tuple[float, ...]
"""The value of a constant: a number, or one for each position of its axis."""

LOSS = Tensor("E", (), Role.LOSS)
DATA_TERM = Tensor("D", (), Role.TERM)
PENALTY = Tensor("R", (), Role.TERM)
LAMBDA = Tensor("lam", (), Role.CONSTANT)
EPSILON = Tensor("epsilon", (), Role.CONSTANT)
NO_OTHERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Loss:
    """``E = (1/N) Σ_n criterion`` or, with the reduction "sum", without 1/N.

    With ``l2 > 0``: ``E = D + R`` where D is that and ``R = (λ/2) Σ_layers Σ_ij w_ij²``.
    ``smoothing``, ε, moves targets to the middle of their K classes: ``(1 − ε) d_j + ε/K``.
    ``reads`` names the layers whose outputs it is a loss of, the last one where it names none.
    ``weight`` is what it counts in the sum of several losses.
    """

    criterion: Criterion
    reduction: str = "mean"
    l2: float = 0.0
    constants: tuple[tuple[str, float], ...] = ()
    smoothing: float = 0.0
    reads: tuple[str, ...] = ()
    weight: float = 1.0

    @staticmethod
    def of(
        name: str,
        reduction: str = "mean",
        l2: float = 0.0,
        smoothing: float = 0.0,
        reads: Sequence[str] = (),
        weight: float = 1.0,
        **constants: float,
    ) -> Loss:
        """The loss called ``name``. Raises SpecErrors for what is unknown or out of range."""
        faults = list(_option_faults(reduction, l2, smoothing, weight))
        if name not in LOSSES:
            known = tuple(LOSSES)
            slip = meant(name, known)
            faults.append(fault("unknown_loss", "name", given=name, meant=slip, known=known))
            raise SpecErrors(faults)
        criterion = LOSSES[name]
        own = dict(criterion.constants)
        if smoothing and criterion.classes is None:
            known = tuple(each.name for each in CRITERIA.values() if each.classes is not None)
            faults.append(fault("smoothing_of", "smoothing", loss=name, known=known))
        for key, value in constants.items():
            if key not in own:
                slip = meant(key, own)
                known = (*OPTIONS, *own)
                faults.append(fault("unknown_key", key, given=key, meant=slip, known=known))
            elif not value > 0:
                faults.append(fault("number_positive", key, given=value))
        if faults:
            raise SpecErrors(faults)
        chosen = tuple({**own, **constants}.items())
        numbers = (float(l2), chosen, float(smoothing))
        return Loss(criterion, reduction, *numbers, tuple(reads), float(weight))

    def target(self, prediction: Tensor, place: Expr | None = None) -> Tensor:
        """``d[n, j]``, or ``t[n]`` where the targets are labels; at ``place``, if it has one."""
        if self.criterion.targets is Targets.LABELS:
            return Tensor("t", prediction.axes[:-1], Role.TARGET, place, prediction.axes[-1])
        return Tensor("d", prediction.axes, Role.TARGET, place)

    @property
    def numbers(self) -> dict[str, float]:
        """The constants of its data term with their values."""
        smoothing = {EPSILON.name: self.smoothing} if self.smoothing else {}
        return {**dict(self.constants), **smoothing}

    def values(self, called: Mapping[str, str] = NO_OTHERS) -> dict[Tensor, float]:
        """The values of the constants in its equations."""
        own = {constant(called.get(name, name)): value for name, value in self.numbers.items()}
        return own | ({LAMBDA: self.l2} if self.l2 else {})

    def equations(
        self, prediction: Tensor, samples: tuple[Index, ...], weights: Sequence[Tensor]
    ) -> tuple[Equation, ...]:
        """The equations of E; ``weights`` are what the penalty falls on."""
        data = self.data_term(prediction, samples, self.target(prediction))
        if not self.l2:
            return (Equation("E", LOSS[()], data),)
        return (
            Equation("D", DATA_TERM[()], data),
            Equation("R", PENALTY[()], penalty(weights)),
            Equation("E", LOSS[()], DATA_TERM[()] + PENALTY[()]),
        )

    def facts(
        self, prediction: Tensor, samples: tuple[Index, ...], target: Tensor | None = None
    ) -> tuple[Equation, ...]:
        """What is known of the targets: those of a one-hot sample sum up to 1."""
        is_number = len(prediction.axes) == len(samples)
        if self.criterion.targets is not Targets.ONE_HOT or is_number:
            return ()
        j = prediction.axes[-1].index("j")
        target = target or self.target(prediction)
        name = "one_hot" if target.place is None else f"one_hot@{target.place}"
        ones = total(target[(*samples, j)], j)
        return (Equation(name, ones, Integer(1)),)

    def data_term(
        self,
        prediction: Tensor,
        samples: tuple[Index, ...],
        target: Tensor | None,
        called: Mapping[str, str] = NO_OTHERS,
    ) -> Expr:
        """What ``prediction`` costs beside ``target``, for one sample or a batch.

        ``called`` are its constants that go by other names, as where other losses have them, too.
        """
        known = {name: constant(called.get(name, name))[()] for name in self.numbers}
        constants = {symbol_of(name): known[name] for name, _ in self.constants}
        epsilon = known.get(EPSILON.name, Integer(0))
        factor = self.criterion.factor
        if self.reduction == "mean":
            for n in samples:
                factor = factor / n.axis.size
        if target is None:
            return factor * total(self.criterion.body.xreplace({Z: prediction[samples]}), *samples)
        if len(prediction.axes) == len(samples):  # one number for each sample
            z, d = prediction[samples], self._smoothed(target[samples], Integer(1), epsilon)
            body = self.criterion.body.xreplace({Z: z, D: d, **constants})
            return factor * total(body, *samples)
        units = prediction.axes[-1]
        j = units.index("j")
        if self.criterion.targets is Targets.LABELS and self.smoothing:
            d = self._smoothed(KroneckerDelta(target[samples], j), units.size, epsilon)
            body = self.criterion.body.xreplace({Z: prediction[(*samples, j)], **constants})
            return factor * total(d * body, *samples, j)
        if self.criterion.targets is Targets.LABELS:
            right = prediction[(*samples, target[samples])]
            return factor * total(self.criterion.body.xreplace({Z: right, **constants}), *samples)
        z = prediction[(*samples, j)]
        d = self._smoothed(target[(*samples, j)], units.size, epsilon)
        if self.criterion.mean_over_units:
            factor = factor / units.size
        body = self.criterion.body.xreplace({Z: z, D: d, **constants})
        return factor * total(body, *samples, j)

    def _smoothed(self, target: Expr, units: Expr, epsilon: Expr) -> Expr:
        """(1 − ε) d + ε/K"""
        if not self.smoothing or self.criterion.classes is None:
            return target
        classes = self.criterion.classes.xreplace({UNITS: units})
        return (1 - epsilon) * target + epsilon / classes


def term_of(number: int) -> Tensor:
    """The term of the loss with this number; 0 is that of the only one."""
    return Tensor(f"{DATA_TERM.name}{number or ''}", (), Role.TERM)


def penalty(weights: Sequence[Tensor]) -> Expr:
    """(λ/2) Σ w²"""
    squares = []
    for weight in weights:
        i, j = (axis.index(letter) for axis, letter in zip(weight.axes, "ij", strict=True))
        squares.append(total(weight[i, j] ** 2, i, j))
    return Rational(1, 2) * LAMBDA[()] * Add(*squares)


def _option_faults(reduction: str, l2: float, smoothing: float, weight: float) -> list[Fault]:
    faults = []
    if reduction not in REDUCTIONS:
        slip = meant(str(reduction), REDUCTIONS)
        faults.append(
            fault("unknown_word", "reduction", given=reduction, meant=slip, known=REDUCTIONS)
        )
    if not l2 >= 0:
        faults.append(fault("number_negative", "l2", given=l2))
    if not weight > 0:
        faults.append(fault("number_positive", "weight", given=weight))
    if not 0 <= smoothing < 1:
        faults.append(fault("number_below_one", "smoothing", given=smoothing))
    return faults


def constant(name: str) -> Tensor:
    """The constant called ``name``, as it stands in equations."""
    return Tensor(name, (), Role.CONSTANT)
