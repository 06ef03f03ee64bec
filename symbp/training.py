"""What belongs to a declared network beside its equations."""

from __future__ import annotations

from dataclasses import dataclass

from symbp.errors import Fault, SpecErrors, fault, meant
from symbp.layers.layer import Initialiser

INITS = ("auto", "normal", "uniform")

Number = int | float
Rows = tuple[tuple[Number, ...], ...]


@dataclass(frozen=True)
class Title:
    """What people call the network, per language."""

    en: str = ""
    ja: str = ""


@dataclass(frozen=True)
class Training:
    """The settings a trainer starts from.

    ``batch_size`` None takes all samples at once. ``init`` is "auto" (Glorot or He, as the
    activation behind a weight wants), "normal" (deviation 1) or "uniform" (from −1 to 1);
    ``init_scale`` multiplies the weights. Raises SpecErrors for numbers out of range.
    """

    epochs: int = 100
    batch_size: int | None = None
    seed: int = 0
    init: str = "auto"
    init_scale: float = 1.0

    def __post_init__(self) -> None:
        faults: list[Fault] = []
        if self.epochs < 1:
            faults.append(fault("number_positive", "epochs", given=self.epochs))
        if self.batch_size is not None and self.batch_size < 1:
            faults.append(fault("number_positive", "batch_size", given=self.batch_size))
        if self.seed < 0:
            faults.append(fault("number_negative", "seed", given=self.seed))
        if self.init not in INITS:
            slip = meant(str(self.init), INITS)
            faults.append(fault("unknown_word", "init", given=self.init, meant=slip, known=INITS))
        if not self.init_scale > 0:
            faults.append(fault("number_positive", "init_scale", given=self.init_scale))
        if faults:
            raise SpecErrors(faults)

    def initialiser(self, usual: Initialiser) -> Initialiser:
        """What a parameter begins with, whose layer has it begin with ``usual``."""
        if usual.kind == "zeros":
            return usual
        return Initialiser(usual.kind if self.init == "auto" else self.init, self.init_scale)


@dataclass(frozen=True)
class Table:
    """Samples written down: a row of inputs and one of targets each, or a label each."""

    inputs: Rows
    targets: Rows | tuple[int, ...]


DATASETS = ("digits", "iris", "wine")
"""Data that is found by name, scikit-learn's: digits are divided by 16, the columns of the others
have mean 0 and deviation 1; targets are the numbers of the classes."""
