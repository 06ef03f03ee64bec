"""The dictionary of a reader: from signs, as a notation spells them, back to what they name."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from sympy import Expr
from sympy import pi as PI

from symbp.equations.axis import L, l
from symbp.equations.calculus import Functional, FunctionSymbol
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.notation.convention import Matrix
from symbp.notation.formula import Sign
from symbp.notation.latex import write
from symbp.notation.notation import Notation
from symbp.notation.scope import Scope
from symbp.notation.spelling import named


@dataclass(frozen=True)
class Lexicon:
    """Tables from a sign without indices; where several tensors share one, all are listed."""

    notation: Notation
    tensors: dict[Sign, list[Tensor]]
    biases: dict[Sign, list[Tensor]]  # those written w_{0j}
    matrices: dict[Sign, Tensor]  # as a whole
    scalars: dict[Sign, Expr]
    functions: dict[Sign, FunctionSymbol]
    functionals: dict[tuple[Tensor, ...], Functional]

    @staticmethod
    def of(notation: Notation, scope: Scope) -> Lexicon:
        lexicon = Lexicon(notation, {}, {}, {}, {Sign("π"): PI}, {}, {})
        for tensor in scope.tensors:
            for sign in _signs(notation, tensor):
                lexicon._add(sign, tensor)
            if tensor.axes and notation.convention.matrix is not Matrix.OFF:
                for as_value in (True, False):
                    whole = notation.spelling.matrix(tensor, as_value)
                    lexicon.matrices.setdefault(whole, tensor)
        for axis in scope.axes:
            lexicon.scalars.setdefault(notation.spelling.size(axis), axis.size)
        for symbol in scope.functions:
            lexicon.functions[notation.spelling.function(symbol)] = symbol
        for letter in (l, L):
            lexicon.scalars.setdefault(Sign(letter.name), letter)
        for symbol in scope.symbols:
            lexicon.scalars[named(symbol.name)] = symbol
        for functional in scope.functionals:
            key = tuple(tensor_of(entry) for entry in functional.entries)
            lexicon.functionals[key] = functional
        return lexicon

    def _add(self, sign: Sign, tensor: Tensor) -> None:
        if not tensor.axes:
            self.scalars[sign] = tensor[()]
            return
        spelling = self.notation.spelling
        table = self.biases if spelling.is_bias_as_weight(tensor) else self.tensors
        found = table.setdefault(sign, [])
        if tensor not in found:
            found.append(tensor)

    def is_loss(self, sign: Sign) -> bool:
        """Whether ``sign`` may be applied to tensors, as E(z) is."""
        loss = named(self.notation.convention.glyphs[Role.LOSS])
        return bool(self.functionals) and sign == loss

    def has(self, sign: Sign) -> bool:
        """Whether a tensor, a scalar or a function bears ``sign``."""
        plain = sign._replace(primes=0)
        return (
            sign in self.tensors
            or sign in self.biases
            or sign in self.matrices
            or sign in self.scalars
            or plain in self.functions
        )

    def has_place(self, glyph: str, place: str) -> bool:
        """Whether what is above ``glyph`` says where it is, rather than being a power."""
        places = {sign.place for sign in self.signs() if sign.glyph == glyph}
        return place in places or (bool(places) and "" not in places)

    def is_prefix(self, letters: str) -> bool:
        """Whether a glyph begins with ``letters``."""
        return any(sign.glyph.startswith(letters) for sign in self.signs())

    def is_known(self, glyph: str) -> bool:
        """Whether anything at all is written with ``glyph``."""
        return any(sign.glyph == glyph for sign in self.signs())

    def signs(self) -> list[Sign]:
        return [*self.tensors, *self.matrices, *self.biases, *self.scalars, *self.functions]

    def similar(self, sign: Sign) -> tuple[str, ...]:
        """The signs of this scope that look most like ``sign``, in LaTeX."""
        known = [write(each) for each in self.signs()]
        return tuple(get_close_matches(write(sign), known, n=3, cutoff=0.4))


def _signs(notation: Notation, tensor: Tensor) -> list[Sign]:
    """All spellings of a tensor: as a value, in a derivative, with z^0 for x."""
    spelling = notation.spelling
    signs = [spelling.tensor(tensor), spelling.tensor(tensor, as_value=False)]
    signs += spelling.also(tensor)
    if tensor.role is Role.ACTIVATION and tensor.place == 0 and spelling.place(tensor.place):
        glyph = notation.convention.glyphs[Role.ACTIVATION]
        signs.append(Sign(glyph, place=spelling.place(tensor.place)))
    return list(dict.fromkeys(signs))
