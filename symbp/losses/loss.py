"""The declared loss: a criterion, how it is reduced over a batch, and a penalty on the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Rational

from symbp.equations.axis import Axis, Index, total
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, indices_of
from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.losses.criterion import LOSSES, UNITS, C, Criterion, D, Targets, Z
from symbp.losses.criterion import constant as symbol_of

REDUCTIONS = ("mean", "sum")
OPTIONS = ("name", "reduction", "l2", "smoothing", "from", "weight", "class_weights")
"""What a loss may say beside its constants."""

BINARY = ("c0", "c1")
"""What a 0 and a 1 count where targets are binary."""

Value = float | tuple[float, ...]
"""The value of a constant: a number, or one for each position of its axis."""

LOSS = Tensor("E", (), Role.LOSS)
DATA_TERM = Tensor("D", (), Role.TERM)
PENALTY = Tensor("R", (), Role.TERM)
LAMBDA = Tensor("lam", (), Role.CONSTANT)
SMOOTHING = Tensor("nu", (), Role.CONSTANT)
NO_OTHERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Loss:
    """``E = (1/N) Σ_n criterion`` or, with the reduction "sum", without 1/N.

    With ``l2 > 0``: ``E = D + R`` where D is that and ``R = (λ/2) Σ_layers Σ_ij w_ij²``.
    ``smoothing``, ν, moves targets to the middle of their K classes: ``(1 − ν) d_j + ν/K``.
    ``reads`` names the layers whose outputs it is a loss of, the last one where it names none.
    ``weight`` is what it counts in the sum of several losses.

    ``class_weights`` are what the classes of a cross-entropy count. Of labels the mean is that
    weighted by them, Σ_n c_t l_n / Σ_n c_t with t the label of n; of other targets it is that over
    samples, as it is without weights. Binary targets have two, for 0 and for 1.
    """

    criterion: Criterion
    reduction: str = "mean"
    l2: float = 0.0
    constants: tuple[tuple[str, float], ...] = ()
    smoothing: float = 0.0
    reads: tuple[str, ...] = ()
    weight: float = 1.0
    class_weights: tuple[float, ...] = ()

    @staticmethod
    def of(
        name: str,
        reduction: str = "mean",
        l2: float = 0.0,
        smoothing: float = 0.0,
        reads: str | Sequence[str] = (),
        weight: float = 1.0,
        class_weights: Sequence[float] = (),
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
            known = tuple(each.name for each in LOSSES.values() if each.classes is not None)
            faults.append(fault("smoothing_of", "smoothing", loss=name, known=known))
        faults += _class_faults(criterion, class_weights)
        for key, value in constants.items():
            if key not in own:
                slip = meant(key, own)
                known = (*OPTIONS, *own)
                faults.append(fault("unknown_key", key, given=key, meant=slip, known=known))
            elif own[key] > 0 and not value > 0:
                faults.append(fault("number_positive", key, given=value))
            elif not value >= 0:
                faults.append(fault("number_negative", key, given=value))
        if faults:
            raise SpecErrors(faults)
        chosen = tuple({**own, **constants}.items())
        numbers = (float(l2), chosen, float(smoothing))
        weights = tuple(map(float, class_weights))
        names = (reads,) if isinstance(reads, str) else tuple(reads)
        return Loss(criterion, reduction, *numbers, names, float(weight), weights)

    def target(self, prediction: Tensor, place: Expr | None = None) -> Tensor:
        """``d[n, j]``, or ``t[n]`` where the targets are labels; at ``place``, if it has one."""
        if self.criterion.targets is Targets.LABELS:
            return Tensor("t", prediction.axes[:-1], Role.TARGET, place, prediction.axes[-1])
        return Tensor("d", prediction.axes, Role.TARGET, place)

    @property
    def numbers(self) -> dict[str, Value]:
        """The constants of its data term with their values."""
        own: dict[str, Value] = dict(self.constants)
        if self.smoothing:
            own[SMOOTHING.name] = self.smoothing
        if self.class_weights and self.is_binary:
            own |= dict(zip(BINARY, self.class_weights, strict=True))
        elif self.class_weights:
            own[C.name] = self.class_weights
        return own

    @property
    def is_binary(self) -> bool:
        """Whether its targets are 0 and 1."""
        return self.criterion.classes == len(BINARY)

    def values(
        self, prediction: Tensor | None = None, called: Mapping[str, str] = NO_OTHERS
    ) -> dict[Tensor, Value]:
        """The values of the constants in its equations."""
        axes = prediction.axes[-1:] if prediction is not None else ()
        own: dict[Tensor, Value] = {
            constant(called.get(name, name), axes if name == C.name else ()): value
            for name, value in self.numbers.items()
        }
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
        called = {name: called.get(name, name) for name in self.numbers}
        constants = {symbol_of(name): constant(called[name])[()] for name in self.numbers}
        nu = constants.get(symbol_of(SMOOTHING.name), Integer(0))
        criterion, factor = self.criterion, self.criterion.factor
        formula = criterion.weighted if self.class_weights else criterion.body
        assert formula is not None
        if target is None or criterion.relation is not None:
            mean = factor * self._averaged(samples)
            return mean * total(formula.xreplace({Z: prediction[samples]}), *samples)
        if len(prediction.axes) == len(samples):  # one number for each sample
            z, d = prediction[samples], self._smoothed(target[samples], Integer(1), nu)
            body = formula.xreplace({Z: z, D: d, **constants})
            return factor * self._averaged(samples) * total(body, *samples)
        units = prediction.axes[-1]
        j = units.index("j")
        labels = criterion.targets is Targets.LABELS
        at = target[samples] if labels and not self.smoothing else j
        if C.name in called:
            counts = constant(called[C.name], (units,))
            constants[C] = counts[at]
            if labels and self.reduction == "mean":
                factor = factor / total(counts[target[samples]], *samples)
        if not (labels and C.name in called):
            factor = factor * self._averaged(samples)
        body = formula.xreplace({Z: prediction[(*samples, at)], **constants})
        if labels and self.smoothing:
            d = self._smoothed(KroneckerDelta(target[samples], j), units.size, nu)
            return factor * total(d * body, *samples, j)
        if labels:
            return factor * total(body, *samples)
        if criterion.mean_over_units:
            factor = factor / units.size
        d = self._smoothed(target[(*samples, j)], units.size, nu)
        return factor * total(body.xreplace({D: d}), *samples, j)

    def _averaged(self, samples: tuple[Index, ...]) -> Expr:
        """1/N, or 1 where losses of samples are added up."""
        return 1 / Mul(*(n.axis.size for n in samples)) if self.reduction == "mean" else Integer(1)

    def _smoothed(self, target: Expr, units: Expr, nu: Expr) -> Expr:
        """(1 − ν) d + ν/K"""
        if not self.smoothing or self.criterion.classes is None:
            return target
        classes = self.criterion.classes.xreplace({UNITS: units})
        return (1 - nu) * target + nu / classes


def term_of(number: int) -> Tensor:
    """The term of the loss with this number; 0 is that of the only one."""
    return Tensor(f"{DATA_TERM.name}{number or ''}", (), Role.TERM)


def penalty(weights: Sequence[Tensor]) -> Expr:
    """(λ/2) Σ w²"""
    return Rational(1, 2) * LAMBDA[()] * Add(*map(_square, weights))


def _square(weight: Tensor) -> Expr:
    """Σ w², over i and j where that is a matrix."""
    entry = weight.entry
    if len(weight.axes) == 2:
        entry = weight[weight.axes[0].index("i"), weight.axes[1].index("j")]
    return total(entry**2, *indices_of(entry))


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


def _class_faults(criterion: Criterion, weights: Sequence[float]) -> Iterator[Fault]:
    """What keeps ``weights`` from being those of classes; how many there are, layers tell."""
    if not weights:
        return
    if criterion.weighted is None:
        known = tuple(each.name for each in LOSSES.values() if each.weighted is not None)
        yield fault("class_weights_of", "class_weights", loss=criterion.name, known=known)
    elif criterion.classes == len(BINARY) != len(weights):
        facts = {"given": len(weights), "wanted": len(BINARY)}
        yield fault("class_weights_count", "class_weights", **facts)
    for k, weight in enumerate(weights):
        if not weight > 0:
            yield fault("number_positive", "class_weights", k, given=weight)


def constant(name: str, axes: tuple[Axis, ...] = ()) -> Tensor:
    """The constant called ``name``, as it stands in equations."""
    return Tensor(name, axes, Role.CONSTANT)
