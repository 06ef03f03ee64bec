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
    letters={"i": "k", "k": "i", "m": "h", "h": "f"},  # m is the number of samples
    sizes={"sample": "m", "unit": "n", "channel": "K"},
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
    sizes={**NIELSEN.sizes, "j": "U"},
    brackets="[]",
    matrix=Matrix.COLUMNS,
    broadcast=True,
)

DLAI = replace(
    MATRIX_COLUMNS,
    name="dlai",
    glyphs={**MATRIX_COLUMNS.glyphs, Role.DELTA: "dz"},
    function="g",
    delta_scale=True,
)

NG_THETA = replace(
    NIELSEN,
    name="ng-theta",
    glyphs={**NIELSEN.glyphs, Role.WEIGHT: "Θ", Role.LOSS: "J"},
    names={"D": "J_0", "eta": "α", "alpha": "γ", **MOMENT},
    sizes={"sample": "m", "unit": "s", "channel": "K", "j": "U"},
    bias_as_weight=True,
    brackets="()",
    first=1,
    weight_shift=-1,
    function="g",
)

CS231N = replace(
    MATRIX_ROWS,
    name="cs231n",
    glyphs={
        Role.PREACTIVATION: "f",
        Role.ACTIVATION: "h",
        Role.WEIGHT: "w",
        Role.BIAS: "b",
        Role.DELTA: "df",
        Role.LOSS: "L",
        Role.TARGET: "y",
    },
    names={"D": "L_D", "R": "L_R"},
    prediction="p",
    labels="y",
    suffix=True,
    function="φ",
)

OREILLY_JP = replace(
    MATRIX_ROWS,
    name="oreilly-jp",
    glyphs={
        **JP_UZ.glyphs,
        Role.PREACTIVATION: "a",
        Role.LOSS: "L",
        Role.TARGET: "t",
    },
    names={"D": "L_D", "R": "L_R"},
    brackets="()",
    function="h",
)

D2L = replace(
    MATRIX_COLUMNS,
    name="d2l",
    glyphs={**MATRIX_COLUMNS.glyphs, Role.ACTIVATION: "h"},
    names={"D": "L", "R": "s"},
    letters={"i": "k", "k": "i", "n": "t", "t": "s", "s": "f"},  # n is the number of samples
    sizes={"sample": "n", "unit": "q", "j": "U"},
    prediction="o",
    labels="y",
    brackets="()",
    function="φ",
)

SCALAR_F = replace(
    JP_UZ,
    name="scalar-f",
    glyphs={
        **JP_UZ.glyphs,
        Role.PREACTIVATION: "z",
        Role.ACTIVATION: "y",
        Role.LOSS: "L",
        Role.TARGET: "t",
    },
    names={"D": "L_D", "R": "L_R"},
    bias_as_weight=False,
    bare=True,
    aliases={"target": ("y_true",), "prediction": ("y_pred",)},
)

PRESETS = {
    c.name: c
    for c in (
        JP_UZ,
        NIELSEN,
        MATRIX_ROWS,
        MATRIX_COLUMNS,
        DLAI,
        NG_THETA,
        CS231N,
        OREILLY_JP,
        D2L,
        SCALAR_F,
    )
}


def convention(name: str) -> Convention:
    """The preset called ``name``. Raises UnknownConvention, which knows the similar names."""
    return find(name, PRESETS)
