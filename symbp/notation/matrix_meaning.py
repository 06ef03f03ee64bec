"""Formula in matrix form -> index equation: the inverse of ``matrix``.

A formula is read at one cell (row, column) of the matrix that it is: functions and ⊙ are read at
the same cell in all their parts, a product of matrices sums over the axis that they share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy
from sympy import Expr

from symbp.equations.axis import Axis, Index, total
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.notation import formula as tree
from symbp.notation.convention import Matrix
from symbp.notation.meaning import Meaning
from symbp.notation.read_error import ReadError
from symbp.notation.shapes import SCALAR, Axes, Shapes
from symbp.notation.spelling import ONES, is_turned, is_weight

Cell = tuple[Index | None, Index | None]


def has_matrices(meaning: Meaning, formula: Any) -> bool:
    """Whether a tensor with axes stands in ``formula`` without indices."""
    return any(_is_whole(meaning, sign) for sign in _signs(formula))


def _is_whole(meaning: Meaning, sign: tree.Sign) -> bool:
    lexicon = meaning.lexicon
    if any(not isinstance(index, tree.Sample) for index in sign.indices):
        return False
    plain = sign._replace(indices=())
    if plain in lexicon.scalars or meaning.letters.is_bound(meaning.neutral(sign)):
        return False
    found = plain in lexicon.whole or plain in lexicon.gradients
    return found or bool(not plain.place and lexicon.elsewhere(plain))


def _signs(formula: Any) -> Iterator[tree.Sign]:
    if isinstance(formula, tree.Sign):
        yield formula
    elif isinstance(formula, (tree.Note, tree.Bound)):
        return  # E(z) names z as a whole in any form
    elif isinstance(formula, tree.Apply):
        yield from _signs(formula.arguments)
    elif isinstance(formula, tuple):
        for part in formula:
            yield from _signs(part)


def is_likely(sides: tuple[Expr, ...]) -> bool:
    """Whether weights meet what comes into their layer, or the slopes of what goes out of it."""
    for side in sides:
        for factor in entries(side):
            if not is_weight(tensor_of(factor)):
                continue
            source, target = indices_of(factor)
            for other in entries(side):
                role, indices = tensor_of(other).role, indices_of(other)
                if role is Role.ACTIVATION and target in indices:
                    return False
                meets = role is Role.DELTA and source in indices
                if meets and other in _multiplied(side, factor):
                    return False
    return True


def _multiplied(side: Expr, factor: Expr) -> set[Expr]:
    """The entries that ``factor`` is multiplied by within a sum."""
    found: set[Expr] = set()
    for inner in side.atoms(sympy.Sum):
        body = inner.function
        if factor in body.args:
            found |= set(body.args)
    return found


class MatrixMeaning(Meaning):
    """Finds the entries of the matrices of one line."""

    cell: Cell = (None, None)
    taken: list[Index]
    is_weight_turned = False
    """Whether a matrix of weights is read as the transpose of what the notation calls it."""

    def line(self, sides: list[tree.Formula]) -> tuple[Expr, ...]:
        """The sides of an equation, at one cell. Raises ReadError."""
        self.taken = []
        self.shapes = Shapes(self)
        self._tensors: dict[int, Tensor | None] = {}
        row, column = self.shapes.of_line(sides)
        places = (column, row) if self.is_columns else (row, column)
        letters = {place: letter for place, letter in zip(places, "ij", strict=True) if place}
        if len(letters) == 1 or any(axis.name == "sample" for axis in letters):
            letters = dict.fromkeys(letters, "j")
        for axis, letter in letters.items():
            self.taken.append(axis.fresh(self.taken, "n" if axis.name == "sample" else letter))
        found: dict[Axis | None, Index | None] = {index.axis: index for index in self.taken}
        cell = found.get(row), found.get(column)
        return self.settled(*(self.at(side, *cell) for side in sides))

    @property
    def is_columns(self) -> bool:
        return self.convention.matrix is Matrix.COLUMNS

    def at(self, formula: tree.Formula, row: Index | None, column: Index | None) -> Expr:
        """The entry of ``formula`` at a cell."""
        before, self.cell = self.cell, (row, column)
        found = self(formula)
        self.cell = before
        return found

    def __call__(self, formula: tree.Formula) -> Any:
        if isinstance(formula, (tree.Relation, tree.Junction)):
            return super().__call__(formula)
        before, self.cell = self.cell, self._oriented(formula)
        rule = RULES.get(type(formula))
        found = super().__call__(formula) if rule is None else rule(self, formula)
        self.cell = before
        return found

    def _oriented(self, formula: tree.Formula) -> Cell:
        """The part of the cell that a formula extends along; the rest repeats it."""
        axes = self.shapes.of(formula)
        if isinstance(formula, tree.Sign) and formula.glyph == ONES:
            return self.cell
        picked = [i for i in self.cell if i is not None]
        found: list[Index | None] = []
        for position, axis in enumerate(axes):
            own = self.cell[position]
            if axis is None:
                found.append(None)
            elif own is not None and self.letters.places.same_axis(own.axis, axis):
                found.append(own)
            else:
                other = next((i for i in picked if i.axis.name == axis.name), None)
                if other is None or not self.letters.places.same_axis(other.axis, axis):
                    raise ReadError(
                        "axes_disagree", self.column(formula), letter="", axes=(axis.key,)
                    )
                found.append(other)
        return found[0], found[1]

    def tensor(self, sign: tree.Sign) -> Tensor | None:
        """The tensor that ``sign`` names as a whole; None for a scalar or an entry."""
        if id(sign) not in self._tensors:
            self._tensors[id(sign)] = self._tensor(sign) if _is_whole(self, sign) else None
        return self._tensors[id(sign)]

    def _tensor(self, sign: tree.Sign) -> Tensor:
        plain = sign._replace(indices=())
        if plain in self.lexicon.gradients:
            return self.lexicon.gradients[plain]
        found = []
        if self.sample(sign) is not None:
            every = self.lexicon.tensors.get(plain, [])
            found = [t for t in every if t.axes and t.axes[0].name == "sample"]
        if not found and plain in self.lexicon.matrices:
            found = [self.lexicon.matrices[plain]]
        found = found or self.lexicon.whole.get(plain, [])
        found = found or self._elsewhere(sign, self._no_bias) or self._elsewhere(sign, self._bias)
        if len(found) != 1:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        return found[0]

    def sample(self, sign: tree.Sign) -> tree.Sample | None:
        return next((i for i in sign.indices if isinstance(i, tree.Sample)), None)

    def axes_of(self, sign: tree.Sign) -> Axes:
        """What the rows and the columns of a sign run along."""
        tensor = self.tensor(sign)
        if tensor is None:
            return SCALAR
        if self.sample(sign) is not None:
            axes = tensor.axes[1:] if tensor.axes[0].name == "sample" else ()
            if len(axes) != 1:
                raise ReadError("indices", self.column(sign), found=1, wanted=(), sign=sign.glyph)
            return axes[0], None
        if len(tensor.axes) > 2:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        if len(tensor.axes) == 1 and self.is_lying:
            return None, tensor.axes[0]
        row, column = (*self.turned(tensor, tensor.axes), None)[:2]
        return row, column

    @property
    def is_lying(self) -> bool:
        """Whether vectors are rows."""
        is_rows = self.convention.lies and self.convention.matrix is Matrix.ROWS
        return is_rows and not self.lexicon.has_samples

    def turned(self, tensor: Tensor, places: tuple[Any, ...]) -> tuple[Any, ...]:
        other = self.is_weight_turned and is_weight(tensor)
        return places[::-1] if is_turned(tensor, self.convention) != other else places

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        """Σ without an index: over all entries."""
        indices: list[Index | None] = []
        for axis in self.shapes.of(formula):
            if axis is not None:
                index = axis.fresh(self.taken, "k")
                indices.append(index)
                self.taken.append(index)
            else:
                indices.append(None)
        bound = [index for index in indices if index is not None]
        if not bound:
            raise self.unexpected(formula, "index")
        return total(self.at(formula, indices[0], indices[1]), *bound)

    def squares(self, formula: tree.Formula) -> Expr:
        return self.sum_of_all(tree.Hadamard((formula, formula)))


def _sign(meaning: MatrixMeaning, sign: tree.Sign) -> Expr:
    if sign.glyph == ONES:
        return sympy.Integer(1)
    tensor = meaning.tensor(sign)
    if tensor is None:
        return meaning.sign(sign)
    sample = meaning.sample(sign)
    if sample is not None:
        position = meaning.position(sample.which)
        meaning.letters.stands(position, tensor.axes[0])
        return _slope(meaning, sign, tensor, tensor[position, meaning.cell[0]])
    row, column = meaning.cell
    places = (row or column,) if len(tensor.axes) == 1 else (row, column)
    return _slope(meaning, sign, tensor, tensor[meaning.turned(tensor, places)])


def _slope(meaning: MatrixMeaning, sign: tree.Sign, tensor: Tensor, entry: Expr) -> Expr:
    """The entry, or ∂E/∂ of it for a sign such as dW."""
    if sign._replace(indices=()) not in meaning.lexicon.gradients:
        return entry
    slope = Partial(meaning.lexicon.loss, entry)
    samples = [axis for axis in tensor.axes if axis.name == "sample"]
    return slope * samples[0].size if samples and meaning.convention.delta_scale else slope


def _transposed(meaning: MatrixMeaning, formula: tree.Transposed) -> Expr:
    row, column = meaning.cell
    return meaning.at(formula.inner, column, row)


def _product(meaning: MatrixMeaning, formula: tree.Product) -> Expr:
    """A scalar, and a chain of matrices each of which shares an axis with the next."""
    scalars = [meaning.at(f, None, None) for f in formula.factors if meaning.shapes.is_scalar(f)]
    chain = [f for f in formula.factors if not meaning.shapes.is_scalar(f)]
    if not chain:
        return sympy.Mul(*scalars)
    row, last = meaning.cell
    entries: list[Expr] = []
    bound: list[Index] = []
    for position, factor in enumerate(chain):
        column: Index | None = last
        if position < len(chain) - 1:
            shared = meaning.shapes.shared(factor, chain[position + 1])
            column = None
            if shared is not None:
                column = shared.fresh(meaning.taken, "k")
                meaning.taken.append(column)
                bound.append(column)
        entries.append(meaning.at(factor, row, column))
        row = column
    return sympy.Mul(*scalars, total(sympy.Mul(*entries), *bound))


def _derivative(meaning: MatrixMeaning, formula: tree.Derivative) -> Expr:
    return Partial(meaning(formula.of), meaning(formula.wrt))


def _hadamard(meaning: MatrixMeaning, formula: tree.Hadamard) -> Expr:
    return sympy.Mul(*map(meaning, formula.factors))


RULES: dict[type, Callable[[MatrixMeaning, Any], Expr]] = {
    tree.Sign: _sign,
    tree.Transposed: _transposed,
    tree.Product: _product,
    tree.Derivative: _derivative,
    tree.Hadamard: _hadamard,
}
"""What differs from the index form; all else is read part by part at the same cell."""
