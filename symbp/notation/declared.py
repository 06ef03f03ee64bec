"""What the things in a scope are called, entered into tables."""

from __future__ import annotations

from sympy import pi as PI

from symbp.equations.axis import L, l
from symbp.equations.tensor import Role, Tensor, tensor_of
from symbp.notation.formula import Sign
from symbp.notation.notation import Notation
from symbp.notation.scope import Scope
from symbp.notation.spelling import named
from symbp.notation.tables import Tables, unbracketed


def declare(tables: Tables, scope: Scope) -> None:
    """Enters everything in ``scope`` under all the signs that it may be written with."""
    spelling = tables.notation.spelling
    tables.scalars[Sign("π")] = PI
    for tensor in scope.tensors:
        for sign in signs_of(tables.notation, tensor):
            tables.add(sign, tensor)
        tables.add_whole(tensor)
    for axis in scope.axes:
        tables.scalars.setdefault(spelling.size(axis), axis.size)
    for symbol in scope.functions:
        tables.functions[unbracketed(spelling.function(symbol))] = symbol
    for letter in (l, L):
        tables.scalars.setdefault(Sign(letter.name), letter)
    for constant in scope.symbols:
        tables.scalars[named(constant.name)] = constant
    for functional in scope.functionals:
        key = tuple(tensor_of(entry) for entry in functional.entries)
        tables.functionals[key] = functional


def signs_of(notation: Notation, tensor: Tensor) -> list[Sign]:
    """All spellings of a tensor: as a value, in a derivative, with z^0 for x."""
    spelling = notation.spelling
    signs = [spelling.tensor(tensor), spelling.tensor(tensor, as_value=False)]
    signs += spelling.also(tensor)
    if tensor.role is Role.CONSTANT and tensor.place is not None:
        signs.append(signs[0]._replace(label="", place=spelling.place(tensor.place)))
    if tensor.role is Role.ACTIVATION and tensor.place == 0 and spelling.place(tensor.place):
        glyph = notation.convention.glyphs[Role.ACTIVATION]
        signs.append(Sign(glyph, place=spelling.place(tensor.place)))
    return list(dict.fromkeys(signs))
