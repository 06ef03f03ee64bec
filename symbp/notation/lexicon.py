"""The dictionary of a reader: from signs, as a notation spells them, back to what they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sympy import Expr
from sympy import pi as PI

from symbp.equations.axis import L, l
from symbp.equations.calculus import Functional, FunctionSymbol
from symbp.equations.tensor import PARAMETERS, Role, Tensor, tensor_of
from symbp.notation.convention import Matrix
from symbp.notation.formula import Sign
from symbp.notation.latex import write
from symbp.notation.notation import Notation
from symbp.notation.scope import Scope
from symbp.notation.spelling import capital, named

BRACKETS = "[]()"
"""What may stand around a place; it is the same place without."""

SQUARES, SAMPLE_LOSS = "squares", "loss"
"""What the squares of all weights are called, and the loss of one sample."""

LOSSES = ("L", "ℒ", "ℓ", "E", "C", "J")

LOSS = Tensor("E", (), Role.LOSS)


def plain(place: str) -> str:
    """``l+1`` for ``[l+1]`` and ``( l + 1 )``."""
    return place.replace(" ", "").strip(BRACKETS)


@dataclass(frozen=True)
class Lexicon:
    """Tables from a sign without indices; where several tensors share one, all are listed.

    Places are kept without brackets.
    """

    notation: Notation
    tensors: dict[Sign, list[Tensor]] = field(default_factory=dict)
    biases: dict[Sign, list[Tensor]] = field(default_factory=dict)  # those written w_{0j}
    matrices: dict[Sign, Tensor] = field(default_factory=dict)  # as a whole
    gradients: dict[Sign, Tensor] = field(default_factory=dict)  # dW for ∂E/∂W
    scalars: dict[Sign, Expr] = field(default_factory=dict)
    functions: dict[Sign, FunctionSymbol] = field(default_factory=dict)
    functionals: dict[tuple[Tensor, ...], Functional] = field(default_factory=dict)
    loss: Expr = LOSS[()]
    has_samples: bool = False
    squares: Expr | None = None  # Σ_l ‖w^l‖², where the scope has a name for it

    @staticmethod
    def of(notation: Notation, scope: Scope) -> Lexicon:
        loss = next((t for t in scope.tensors if t.role is Role.LOSS and not t.axes), LOSS)
        samples = any(axis.name == "sample" for axis in scope.axes)
        squares = next((t[()] for t in scope.tensors if t.name == SQUARES), None)
        lexicon = Lexicon(notation, loss=loss[()], has_samples=samples, squares=squares)
        lexicon.scalars[Sign("π")] = PI
        for tensor in scope.tensors:
            for sign in _signs(notation, tensor):
                lexicon._add(sign, tensor)
            lexicon._add_matrix(tensor)
        for axis in scope.axes:
            lexicon.scalars.setdefault(notation.spelling.size(axis), axis.size)
        for symbol in scope.functions:
            lexicon.functions[_plain(notation.spelling.function(symbol))] = symbol
        for letter in (l, L):
            lexicon.scalars.setdefault(Sign(letter.name), letter)
        for symbol in scope.symbols:
            lexicon.scalars[named(symbol.name)] = symbol
        for functional in scope.functionals:
            key = tuple(tensor_of(entry) for entry in functional.entries)
            lexicon.functionals[key] = functional
        lexicon._add_implied(scope)
        return lexicon

    def _add(self, sign: Sign, tensor: Tensor) -> None:
        sign = _plain(sign)
        if self._is_of_another(sign, tensor):
            return
        if not tensor.axes:
            self.scalars[sign] = tensor[()]
            return
        spelling = self.notation.spelling
        table = self.biases if spelling.is_bias_as_weight(tensor) else self.tensors
        found = table.setdefault(sign, [])
        if tensor not in found:
            found.append(tensor)

    @cached_property
    def _owned(self) -> frozenset[Sign]:
        """The signs that the page gives to single tensors."""
        return frozenset(self.notation.convention.own.values())

    def _is_of_another(self, sign: Sign, tensor: Tensor) -> bool:
        """Whether the page itself gives ``sign`` to another tensor than this one."""
        return sign in self._owned and self.notation.spelling.own(tensor) != sign

    def _add_matrix(self, tensor: Tensor) -> None:
        if not tensor.axes:
            return
        spelling = self.notation.spelling
        for as_value in (True, False):
            whole = _plain(spelling.matrix(tensor, as_value))
            is_whole = self.is_matrix or len(tensor.axes) > 1
            if is_whole and not self._is_of_another(whole, tensor):
                self.matrices.setdefault(whole, tensor)
        for sign in spelling.also(tensor) if self.is_matrix else ():
            glyph = capital(sign.glyph) if len(tensor.axes) > 1 else sign.glyph
            self.matrices.setdefault(_plain(sign._replace(glyph=glyph)), tensor)

    def _add_implied(self, scope: Scope) -> None:
        """What nobody need declare: δ, Δw, a new w', dW for a gradient, ŷ for the prediction."""
        spelling = self.notation.spelling
        for tensor in scope.tensors:
            for implied in _implied(tensor):
                if not self.has(_plain(spelling.tensor(implied))):
                    self._add(spelling.tensor(implied), implied)
                    self._add_matrix(implied)
            if tensor.name == SAMPLE_LOSS and tensor.axes:
                for glyph in (self.notation.convention.glyphs[Role.LOSS], *LOSSES):
                    self.tensors.setdefault(Sign(glyph), [tensor])
            if self.is_matrix and len(tensor.axes) > 1:
                self._add_capital(tensor)
            if self.is_matrix and tensor.role is Role.BIAS:
                sign = _plain(spelling.matrix(tensor))
                if not self.has(sign._replace(glyph=capital(sign.glyph))):
                    self.matrices[sign._replace(glyph=capital(sign.glyph))] = tensor
            if spelling.is_bias_as_weight(tensor) and tensor.role is Role.BIAS:
                glyph = self.notation.convention.glyphs[Role.BIAS]
                sign = _plain(spelling.tensor(tensor)._replace(glyph=glyph))
                if not self.has(sign):
                    self.tensors[sign] = [tensor]
            if tensor.role is Role.ACTIVATION and tensor.place == self.notation.last:
                self._alias(tensor, Sign("y\u0302"), Sign("y", "pred"))
            if tensor.role is Role.TARGET and tensor.axes:
                self._alias(tensor, Sign("y", "true"), Sign("t", "true"))
            if self.is_matrix and tensor.axes:
                values = (spelling.matrix(tensor), spelling.tensor(tensor))
                for sign in (*values, spelling.matrix(tensor, as_value=False)):
                    gradient = _plain(sign._replace(glyph=f"d{sign.glyph}"))
                    if not self.has(gradient):
                        self.gradients.setdefault(gradient, tensor)

    def _add_capital(self, tensor: Tensor) -> None:
        """W_ij, an entry of W."""
        for sign in _signs(self.notation, tensor):
            large = _plain(sign._replace(glyph=capital(sign.glyph)))
            if not (large in self.tensors or large in self.scalars or large in self.biases):
                self.tensors[large] = [tensor]

    def _alias(self, tensor: Tensor, *signs: Sign) -> None:
        for sign in signs:
            if not self.has(sign):
                self._add(sign, tensor)
            if len(tensor.axes) > 1 or self.is_matrix:
                glyph = capital(sign.glyph) if len(tensor.axes) > 1 else sign.glyph
                self.matrices.setdefault(sign._replace(glyph=glyph), tensor)

    @property
    def is_matrix(self) -> bool:
        """Whether lines are written in matrices."""
        return self.notation.convention.matrix is not Matrix.OFF

    def is_loss(self, sign: Sign) -> bool:
        """Whether ``sign`` may be applied to what it depends on, as E(z) is."""
        glyph = self.notation.convention.glyphs[Role.LOSS]
        return sign._replace(indices=()) == named(glyph)

    def has(self, sign: Sign) -> bool:
        """Whether a tensor, a scalar or a function bears ``sign``."""
        bare = sign._replace(primes=0)
        return any(sign in table for table in self._tables) or bare in self.functions

    @property
    def _tables(self) -> tuple[dict[Sign, Any], ...]:
        return self.tensors, self.biases, self.matrices, self.gradients, self.scalars

    @cached_property
    def _signs(self) -> frozenset[Sign]:
        return frozenset(sign for table in (*self._tables, self.functions) for sign in table)

    @cached_property
    def whole(self) -> dict[Sign, list[Tensor]]:
        """Every tensor with axes by the signs that may stand for it without indices."""
        found = {sign: list(tensors) for sign, tensors in self.tensors.items()}
        for sign, tensor in self.matrices.items():
            if tensor not in found.setdefault(sign, []):
                found[sign].append(tensor)
        return found

    @cached_property
    def _kinds(self) -> dict[tuple[str, str, int], list[Tensor]]:
        found: dict[tuple[str, str, int], list[Tensor]] = {}
        for table in (self.whole, self.biases):
            for sign, tensors in table.items():
                if sign.place or self._is_suffix(sign):
                    label = "" if self._is_suffix(sign) else sign.label
                    found.setdefault((sign.glyph, label, sign.primes), []).extend(tensors)
        return found

    def _is_suffix(self, sign: Sign) -> bool:
        return self.notation.convention.suffix and bool(sign.label) and not sign.place

    def elsewhere(self, sign: Sign) -> list[Tensor]:
        """The tensors that ``sign``, without a place, is one of: the same at other places."""
        found = self._kinds.get((sign.glyph, sign.label, sign.primes), [])
        return list(dict.fromkeys(found))

    @cached_property
    def known(self) -> frozenset[Tensor]:
        """All tensors."""
        tables = (*self.tensors.values(), *self.biases.values(), *self.whole.values())
        return frozenset(tensor for tensors in tables for tensor in tensors)

    @cached_property
    def places(self) -> dict[str, dict[str, Expr]]:
        """Glyph -> the places that it is written with, and what they are."""
        found: dict[str, dict[str, Expr]] = {}
        for table in (self.tensors, self.biases):
            for sign, tensors in table.items():
                self._note(found, sign, tensors[0].place)
        for sign, tensor in (*self.matrices.items(), *self.gradients.items()):
            self._note(found, sign, tensor.place)
        for sign, function in self.functions.items():
            self._note(found, sign, function.place)
        for sign in self.scalars:
            found.setdefault(sign.glyph, {})[sign.place] = l
        return found

    def _note(self, found: dict[str, dict[str, Expr]], sign: Sign, place: Expr | None) -> None:
        text = sign.label if self._is_suffix(sign) else sign.place
        found.setdefault(sign.glyph, {})[text] = place if place is not None else l

    @cached_property
    def all_places(self) -> dict[str, Expr]:
        """Every place that anything is written with."""
        return {text: place for each in self.places.values() for text, place in each.items()}

    def has_place(self, glyph: str, place: str) -> bool:
        """Whether what is above ``glyph`` says where it is, rather than being a power."""
        places = self.places.get(glyph, {})
        return place in places or (bool(places) and "" not in places)

    @cached_property
    def glyphs(self) -> frozenset[str]:
        return frozenset(sign.glyph for sign in self._signs)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The glyphs of weights and biases."""
        return frozenset(
            sign.glyph
            for table in (self.whole, self.biases)
            for sign, tensors in table.items()
            if any(tensor.role in PARAMETERS for tensor in tensors)
        )

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset(g[:n] for g in self.glyphs for n in range(1, len(g) + 1))

    def is_prefix(self, letters: str) -> bool:
        """Whether a glyph begins with ``letters``."""
        return letters in self._prefixes

    def is_known(self, glyph: str) -> bool:
        """Whether anything at all is written with ``glyph``."""
        return glyph in self.glyphs

    def function(self, sign: Sign) -> FunctionSymbol | None:
        """The function called ``sign``; where others of its name have places, at its own."""
        bare = sign._replace(primes=0, indices=())
        if bare in self.functions:
            return self.functions[bare]
        for other, symbol in self.functions.items():
            if (other.glyph, other.label) == (bare.glyph, bare.label) and symbol.place is not None:
                place = self.all_places.get(bare.place) if bare.place else symbol.place
                return None if place is None else FunctionSymbol(symbol.label, place)
        return None

    def similar(self, sign: Sign) -> tuple[str, ...]:
        """The signs of this scope that look most like ``sign``, in LaTeX."""
        known = list(dict.fromkeys(write(each) for each in self._signs))
        return tuple(get_close_matches(write(sign), sorted(known), n=3, cutoff=0.4))


def _implied(tensor: Tensor) -> tuple[Tensor, ...]:
    if tensor.role in PARAMETERS and not tensor.name.endswith("'"):
        change = Tensor(f"d{tensor.name}", tensor.axes, Role.OTHER, tensor.place)
        return change, Tensor(f"{tensor.name}'", tensor.axes, tensor.role, tensor.place)
    if tensor.role is Role.PREACTIVATION:
        return (Tensor("delta", tensor.axes, Role.DELTA, tensor.place),)
    return ()


def _plain(sign: Sign) -> Sign:
    return sign._replace(place=plain(sign.place))


def _signs(notation: Notation, tensor: Tensor) -> list[Sign]:
    """All spellings of a tensor: as a value, in a derivative, with z^0 for x."""
    spelling = notation.spelling
    signs = [spelling.tensor(tensor), spelling.tensor(tensor, as_value=False)]
    signs += spelling.also(tensor)
    if tensor.role is Role.ACTIVATION and tensor.place == 0 and spelling.place(tensor.place):
        glyph = notation.convention.glyphs[Role.ACTIVATION]
        signs.append(Sign(glyph, place=spelling.place(tensor.place)))
    return list(dict.fromkeys(signs))
