"""The dictionary of a reader: what a sign means in a scope, and what looks like a sign."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from sympy import Expr

from symbp.equations.axis import l
from symbp.equations.calculus import FunctionSymbol
from symbp.equations.tensor import PARAMETERS, Role, Tensor
from symbp.notation.declared import declare
from symbp.notation.formula import Sign
from symbp.notation.latex import write
from symbp.notation.notation import Notation
from symbp.notation.scope import Scope
from symbp.notation.spelling import named
from symbp.notation.tables import LOSS, Tables
from symbp.notation.undeclared import declare_implied

SQUARES = "squares"
"""What the squares of all weights are called."""


@dataclass(frozen=True)
class Lexicon(Tables):
    """Tables to look signs up in; what is asked often is worked out once."""

    @staticmethod
    def of(notation: Notation, scope: Scope) -> Lexicon:
        """The dictionary of what is in ``scope``."""
        loss = next((t for t in scope.tensors if t.role is Role.LOSS and not t.axes), LOSS)
        samples = any(axis.name == "sample" for axis in scope.axes)
        squares = next((t[()] for t in scope.tensors if t.name == SQUARES), None)
        equated = frozenset(scope.equated)
        lexicon = Lexicon(
            notation, loss=loss[()], has_samples=samples, equated=equated, squares=squares
        )
        declare(lexicon, scope)
        declare_implied(lexicon, scope)
        return lexicon

    def is_loss(self, sign: Sign) -> bool:
        """Whether ``sign`` may be applied to what it depends on, as E(z) is."""
        glyph = self.notation.convention.glyphs[Role.LOSS]
        return sign._replace(indices=()) == named(glyph)

    @cached_property
    def _signs(self) -> frozenset[Sign]:
        return frozenset(sign for table in (*self.values, self.functions) for sign in table)

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

    @cached_property
    def labels(self) -> dict[tuple[str, str], frozenset[str]]:
        """Glyph and place -> the labels that tensors bear below, in front of their indices."""
        found: dict[tuple[str, str], set[str]] = {}
        for table in (self.tensors, self.biases):
            for sign in table:
                if sign.label and not self._is_suffix(sign):
                    found.setdefault((sign.glyph, sign.place), set()).add(sign.label)
        return {key: frozenset(labels) for key, labels in found.items()}

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
