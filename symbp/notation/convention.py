"""A convention: how one school of textbooks spells the neutral names. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from symbp.equations.tensor import Role
from symbp.errors import UnknownConvention
from symbp.notation.formula import Sign


class Matrix(Enum):
    """Whether whole tensors are written as matrices, and where the samples of a batch lie."""

    OFF = "off"
    ROWS = "rows"
    COLUMNS = "columns"


@dataclass(frozen=True)
class Convention:
    """What each role is called and how its place and indices are written.

    ``weight_to_from`` writes w_{to, from}; ``bias_as_weight`` writes w_{0j} for b_j;
    ``prediction`` is the glyph of the last activation where it has one of its own, ``input`` that
    of the activation at place 0; ``letters`` permutes index letters. ``first`` is the number of the
    layer that is read; ``weight_shift`` is added to the place of a weight, -1 where it bears that
    of the layer it comes from. ``delta_scale`` has δ mean the number of samples times ∂E/∂u.
    ``aliases`` are names that are read, and never printed, for a role, "prediction" or "input".
    ``own`` are signs of single tensors, by neutral name and place: they win over all else.
    """

    name: str
    glyphs: Mapping[Role, str]
    names: Mapping[str, str] = field(default_factory=dict)  # terms and constants, by their name
    letters: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, str] = field(default_factory=dict)  # axis name -> glyph
    prediction: str | None = None
    input: str = "x"
    labels: str = "t"  # integer class labels
    weight_to_from: bool = False
    bias_as_weight: bool = False
    weight_first: bool = False  # w δ, where others write δ w
    brackets: str = ""  # around the place: "[]" for ^{[l]}
    first: int = 0
    weight_shift: int = 0
    bias_shift: int = 0  # the same for a bias that has a sign of its own
    suffix: bool = False  # the place of a matrix below it: W_1
    bare: bool = False  # no place in a network of one layer
    function: str = "f"  # the activation function that is left open
    delta_scale: bool = False
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: Mapping[tuple[str, int | None], Sign] = field(default_factory=dict)
    base: int = 1  # the number of the first unit
    limits: bool = False  # Σ with its bounds
    matrix: Matrix = Matrix.OFF
    lies: bool = False  # a vector is a row where there is but one sample: x W
    broadcast: bool = False  # + b, where others write + 1 bᵀ

    def letter(self, neutral: str) -> str:
        """The neutral index letter as this convention calls it; primes stay."""
        return self.letters.get(neutral[0], neutral[0]) + neutral[1:]

    def neutral(self, letter: str) -> str:
        """The inverse of ``letter``."""
        back = {theirs: ours for ours, theirs in self.letters.items()}
        return back.get(letter[0], letter[0]) + letter[1:]


def find(name: str, conventions: Mapping[str, Convention]) -> Convention:
    """The convention called ``name``. Raises UnknownConvention."""
    if name not in conventions:
        raise UnknownConvention(name, tuple(conventions))
    return conventions[name]
