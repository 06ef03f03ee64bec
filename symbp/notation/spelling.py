"""What a tensor, a size or a function is called under a convention: glyph, label, place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from sympy import Add, Expr, Integer

from symbp.equations.axis import Axis
from symbp.equations.calculus import FunctionSymbol
from symbp.equations.nodes import written
from symbp.equations.tensor import (
    ALONG,
    CHANGE,
    GAUSS_NEWTON,
    HESSIAN,
    LINEAR,
    Role,
    Tensor,
)
from symbp.notation.convention import Convention, Matrix
from symbp.notation.formula import Sign
from symbp.notation.glyphs import GREEK, LOOK_ALIKES, MARKS, MATRICES, NAMES, NORM
from symbp.notation.indices import is_weight

T = TypeVar("T")

SPECIAL = {
    "t": "τ",  # the number of a step; t are the labels
    "eps": "ε",
    "eta0": "η_0",
    "weight_decay": "ω",
    "decay": "ξ",
    "clip": "c",
    "norm": NORM,
    "g_clipped": "g_tilde",
    "margin": "θ",
    "e": "S",  # the scores of attention; e is the base of the exponentials
}
"""Neutral names whose glyph does not follow from the name."""

SIZES = {
    "unit": "M",  # those of several layers at once; the units of one are n_l
    "time": "T",
    "channel": "C",
    "row": "R",
    "column": "S",
    "token": "V",
    **{f"axis{k}": letter for k, letter in enumerate("IJKPQR")},
}
"""Axis -> the glyph of its size; an axis that is called by a letter has the capital one."""

OPEN = "f"
"""The neutral name of an activation function that is left open."""

UNITS = {"z": Role.ACTIVATION, "u": Role.PREACTIVATION, "w": Role.WEIGHT}
"""Neutral names that go by their role."""

NEUTRAL = {
    Role.ACTIVATION: "z",
    Role.PREACTIVATION: "u",
    Role.WEIGHT: "w",
    Role.BIAS: "b",
    Role.TARGET: "d",
    Role.LOSS: "E",
}
"""What the roles are called without a convention."""

BAR, OVERLINE = "_bar", "\u0304"
"""How the name of an adjoint ends, and the mark above its sign."""

TILDE, CIRCUMFLEX = "\u0303", "\u0302"

MARKED = {
    ALONG: ("", TILDE),
    LINEAR: ("", CIRCUMFLEX),
    HESSIAN: ("H", TILDE),
    GAUSS_NEWTON: ("G", TILDE),
}
"""How the names of tangents end, and what stands before and above the signs of their tensors."""

PARAMETER_CHANGES = {"dw": Role.WEIGHT, "db": Role.BIAS}
"""Names of what is added to a parameter."""


def capital(glyph: str) -> str:
    """``W`` for ``w``, ``dZ`` for ``dz``, ``Ŷ`` for ``ŷ``, ``Speed`` for ``speed``."""
    bare = glyph.rstrip("".join(MARKS))
    marks = glyph[len(bare) :]
    if len(bare) > 1 and (bare[0] in GREEK or (bare[0] in MATRICES and marks)):
        return bare[0] + capital(glyph[1:])
    if len(bare) == 2 and bare[0] == "d":
        return "d" + bare[1].upper() + marks
    first = bare[:1].upper()
    # A capital that is no letter of LaTeX looks like one of ours: Μ for μ.
    return (bare if first in LOOK_ALIKES else first + bare[1:]) + marks


def place_text(place: Expr | None) -> str:
    """``l+1`` for ``l + 1``, symbol first; empty for no place."""
    if place is None:
        return ""
    if isinstance(place, Add):
        number, symbol = place.as_two_terms()
        if isinstance(symbol, Integer):
            number, symbol = symbol, number
        return f"{symbol}{int(number):+d}" if isinstance(number, Integer) else f"{place}"
    return written(place)


@dataclass(frozen=True)
class Spelling:
    """A convention, and the place whose activation is the prediction."""

    convention: Convention
    last: Expr | None

    @cached_property
    def _signs(self) -> dict[tuple[Tensor, bool], Sign]:
        return {}

    def tensor(self, tensor: Tensor, as_value: bool = True) -> Sign:
        """Its sign without indices. The prediction is y ``as_value``, z^L in a derivative."""
        key = (tensor, as_value)
        if key not in self._signs:
            self._signs[key] = self._tensor(tensor, as_value)
        return self._signs[key]

    def _tensor(self, tensor: Tensor, as_value: bool) -> Sign:
        for end, (matrix, mark) in MARKED.items():
            if tensor.name.endswith(end):
                base = self.tensor(replace(tensor, name=tensor.name.removesuffix(end)), as_value)
                return base._replace(glyph=matrix + base.glyph + mark)
        convention, place = self.convention, tensor.place
        if convention.own and (own := self.own(tensor)) is not None:
            return own
        if tensor.role is Role.ACTIVATION and place is not None and not tensor.name.endswith("'"):
            if place == 0:
                return Sign(convention.input)
            if place == self.last and as_value and convention.prediction:
                return Sign(convention.prediction)
        name = tensor.name.rstrip("'")
        primes = len(tensor.name) - len(name)
        if tensor.labels is not None and tensor.role is Role.TARGET:
            sign = Sign(convention.labels)
        elif name in PARAMETER_CHANGES:
            sign = Sign("Δ" + self._glyph(PARAMETER_CHANGES[name]))
        elif tensor.role is Role.OTHER and name.endswith(CHANGE):
            sign = self._by_name(name.removesuffix(CHANGE))
            sign = sign._replace(glyph="Δ" + sign.glyph)
        elif tensor.role is Role.ADJOINT:
            sign = self._adjoint(name.removesuffix(BAR))
        elif tensor.role in convention.glyphs:
            sign = Sign(self._glyph(tensor.role), name.partition("_")[2])
        else:
            sign = self._by_name(name)
        if place is not None and (_has_weights(tensor) or self.is_bias_as_weight(tensor)):
            place = place + convention.weight_shift
        elif place is not None and tensor.role is Role.BIAS:
            place = place + convention.bias_shift
        # ε^2 would be a square.
        if place is not None and not tensor.axes and self.is_placed_below(tensor):
            return sign._replace(label=self.place(place), primes=primes)
        return sign._replace(place=self.place(place), primes=primes)

    def is_placed_below(self, scalar: Tensor) -> bool:
        """Whether the place of a number stands below it: ε_2, E_2."""
        return scalar.role is Role.CONSTANT or self.convention.suffix

    def _by_name(self, name: str) -> Sign:
        """The sign of what has a name and no role.

        Where that is what a role is called, as a where activations are a, it is the glyph that the
        role has left unused.
        """
        sign = named(self.convention.names.get(name) or SPECIAL.get(name) or name)
        roles = {glyph: role for role, glyph in self.convention.glyphs.items()}
        glyph = sign.glyph.rstrip("".join(MARKS))
        marks = sign.glyph[len(glyph) :]
        for _ in roles:
            glyph = NEUTRAL.get(roles[glyph], glyph) if glyph in roles else glyph
        return sign._replace(glyph=glyph + marks)

    def _adjoint(self, name: str) -> Sign:
        """The sign of what has a bar above it."""
        role = UNITS.get(name)
        sign = Sign(self._glyph(role)) if role else self._by_name(name)
        return sign._replace(glyph=sign.glyph + OVERLINE)

    def own(self, tensor: Tensor) -> Sign | None:
        """The sign that this one tensor has in the convention's ``own``."""
        place = tensor.place
        if place is not None and not isinstance(place, Integer):
            return None
        name = tensor.name.rstrip("'")
        is_change = name in PARAMETER_CHANGES
        letter = name.removeprefix("d") if is_change else name
        at = None if place is None else int(place)
        signs = self.convention.own
        sign = signs.get((letter, at))
        if sign is None and letter == "b" and self.convention.bias_as_weight:
            sign = signs.get(("w", at))
        if sign is None:
            return None
        glyph = f"Δ{sign.glyph}" if is_change else sign.glyph
        return sign._replace(glyph=glyph, primes=sign.primes + len(tensor.name) - len(name))

    def also(self, tensor: Tensor) -> tuple[Sign, ...]:
        """Other signs that are understood as ``tensor``."""
        aliases = self.convention.aliases
        keys = [tensor.role.value]
        if tensor.role is Role.ACTIVATION and tensor.place == self.last:
            keys.append("prediction")
        if tensor.role is Role.ACTIVATION and tensor.place == 0:
            keys.append("input")
        found = []
        for key in keys:
            place = self.place(tensor.place) if key == tensor.role.value else ""
            found += [named(name)._replace(place=place) for name in aliases.get(key, ())]
        return tuple(found)

    def place(self, place: Expr | None) -> str:
        """``l+1``, or ``[l+1]`` where the convention has brackets."""
        if self.convention.bare and self.last == 1:
            return ""
        text = self._number(place)
        around = self.convention.brackets
        return f"{around[:1]}{text}{around[1:]}" if text else text

    def _number(self, place: Expr | None) -> str:
        """The place without brackets, counted from the convention's first layer."""
        counted = place + self.convention.first if isinstance(place, Integer) else place
        return place_text(counted)

    def _glyph(self, role: Role) -> str:
        as_weight = role is Role.BIAS and self.convention.bias_as_weight
        return self.convention.glyphs[Role.WEIGHT if as_weight else role]

    def matrix(self, tensor: Tensor, as_value: bool = True) -> Sign:
        """Its sign as a whole: capital for a matrix, small for a column or a scalar."""
        sign = self.tensor(tensor, as_value)
        if self.convention.suffix and tensor.axes and not sign.label:
            sign = sign._replace(label=sign.place, place="")
        if len(tensor.axes) < 2 or (self.convention.own and self.own(tensor) is not None):
            return sign
        return sign._replace(glyph=capital(sign.glyph))

    def oriented(self, places: tuple[T, ...]) -> tuple[T, ...]:
        """What belongs to the rows of a matrix, then what belongs to its columns."""
        return places[::-1] if self.convention.matrix is Matrix.COLUMNS else places

    def is_bias_as_weight(self, tensor: Tensor) -> bool:
        """Whether its entries are written w_{0j}."""
        is_bias = tensor.role is Role.BIAS or PARAMETER_CHANGES.get(tensor.name) is Role.BIAS
        return is_bias and self.convention.bias_as_weight and len(tensor.axes) == 1

    def size(self, axis: Axis) -> Sign:
        """``N`` for a batch, ``n_l`` for the units of a layer, ``P_l`` for an axis called p."""
        own = self.convention.sizes
        if axis.place is not None or axis.name == "sample":
            glyph = own.get(axis.name) or SIZES.get(axis.name) or axis.name.upper()
            sign = named(glyph)
            return sign._replace(label=self._number(axis.place) or sign.label)
        # Of axes without a place that go by one name, the second is called unit2.
        name = axis.name.rstrip("0123456789")
        number = int(axis.name[len(name) :] or 1)
        glyph = (name != "unit" and own.get(name)) or SIZES.get(name) or name.upper()
        return Sign(glyph, primes=number - 1)

    def function(self, symbol: FunctionSymbol, order: int = 0) -> Sign:
        label = self.convention.function if symbol.label == OPEN else symbol.label
        return named(label)._replace(place=self.place(symbol.place), primes=order)

    def letter(self, letter: str) -> Sign:
        """An index letter, primes apart."""
        theirs = self.convention.letter(letter)
        plain = theirs.rstrip("'")
        return Sign(plain, primes=len(theirs) - len(plain))


def _has_weights(tensor: Tensor) -> bool:
    """Whether its entries are weights, those of a kernel and of an embedding, too."""
    role = PARAMETER_CHANGES.get(tensor.name.rstrip("'"), tensor.role)
    return is_weight(tensor) or (role is Role.WEIGHT and len(tensor.axes) > 1)


def named(name: str) -> Sign:
    """The sign for a name: ``eta`` η, ``beta1`` β_1, ``C_0``, ``m_hat`` m̂, else as it stands."""
    for mark, word in MARKS.items():
        if name.endswith(f"_{word}"):
            bare = named(name.removesuffix(f"_{word}"))
            return bare._replace(glyph=bare.glyph + mark)
    head, _, label = name.partition("_")
    digits = len(head) - len(head.rstrip("0123456789"))
    if digits and not label:
        head, label = head[:-digits], head[-digits:]
    return Sign(NAMES.get(head, head), label)
