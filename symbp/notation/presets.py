"""The conventions that ship with the package, by name."""

from __future__ import annotations

from dataclasses import replace

from symbp.equations.tensor import Role
from symbp.notation.convention import Convention, Matrix, find

SIZES = {"sample": "N", "unit": "n"}

MOMENT = {"m": "M", "m_hat": "M_hat"}
"""What an optimizer remembers as m, where m is the number of samples."""

JP_UZ = Convention(
    name="jp-uz",
    glyphs={
        Role.PREACTIVATION: "u",
        Role.ACTIVATION: "z",
        Role.WEIGHT: "w",
        Role.BIAS: "b",
        Role.DELTA: "δ",
        Role.LOSS: "E",
        Role.TARGET: "d",
    },
    sizes=SIZES,
    prediction="y",
    bias_as_weight=True,
)

NIELSEN = Convention(
    name="nielsen",
    glyphs={
        Role.PREACTIVATION: "z",
        Role.ACTIVATION: "a",
        Role.WEIGHT: "w",
        Role.BIAS: "b",
        Role.DELTA: "δ",
        Role.LOSS: "C",
        Role.TARGET: "y",
    },
    names={"D": "C_0", **MOMENT},
    letters={"i": "k", "k": "i", "m": "h", "h": "m"},  # m is the number of samples
    sizes={"sample": "m", "unit": "n"},
    weight_to_from=True,
    weight_first=True,
)

MATRIX_ROWS = replace(
    JP_UZ,
    name="matrix-rows",
    names={"D": "E_D", "R": "E_R"},  # D is the matrix of targets
    bias_as_weight=False,
    matrix=Matrix.ROWS,
)

MATRIX_COLUMNS = replace(
    NIELSEN,
    name="matrix-columns",
    glyphs={**NIELSEN.glyphs, Role.LOSS: "J"},
    names={"D": "J_0", "eta": "α", "alpha": "γ", **MOMENT},
    brackets=True,
    matrix=Matrix.COLUMNS,
    broadcast=True,
)

PRESETS = {c.name: c for c in (JP_UZ, NIELSEN, MATRIX_ROWS, MATRIX_COLUMNS)}


def convention(name: str) -> Convention:
    """The preset called ``name``. Raises UnknownConvention, which knows the similar names."""
    return find(name, PRESETS)
