"""Signs that stand for whole matrices and columns: what they name, and how that lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symbp.equations.tensor import Tensor
from symbp.notation import formula as tree
from symbp.notation.axes import SCALAR, Axes
from symbp.notation.convention import Matrix
from symbp.notation.indices import is_turned, is_weight
from symbp.notation.meaning import Meaning
from symbp.notation.read_error import ReadError


def has_matrices(meaning: Meaning, formula: Any) -> bool:
    """Whether a tensor with axes stands in ``formula`` without indices."""
    told = frozenset(_letters(formula))
    known = {
        s for s in _conditioned(formula) if s in told or meaning.letters.has(meaning.neutral(s))
    }
    return any(_is_whole(meaning, sign) for sign in _signs(formula) if sign not in known)


def _letters(formula: Any) -> Iterator[tree.Sign]:
    """The signs that stand as indices in ``formula``."""
    if isinstance(formula, tree.Sign):
        yield from (index for index in formula.indices if isinstance(index, tree.Sign))
    elif isinstance(formula, tuple):
        for part in formula:
            yield from _letters(part)


def _conditioned(formula: Any, *, within: bool = False) -> Iterator[tree.Sign]:
    """The plain signs in conditions: they may be indices, as in [i = 3 o + k]."""
    if isinstance(formula, tree.Sign):
        if within and formula == tree.Sign(formula.glyph, primes=formula.primes):
            yield formula
    elif isinstance(formula, tuple):
        for part in formula:
            yield from _conditioned(part, within=within or isinstance(formula, tree.Relation))


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
    """The signs in ``formula`` that may stand for wholes: no letters of indices."""
    if isinstance(formula, tree.Sign):
        yield formula
    elif isinstance(formula, tree.Big):
        bound = [each.letter for each in formula.bounds]
        yield from (sign for sign in _signs(formula.body) if sign not in bound)
    elif isinstance(formula, tree.Iverson):
        sides = formula.condition[::2] if isinstance(formula.condition, tree.Relation) else ()
        yield from (s for side in sides if not isinstance(side, tree.Sign) for s in _signs(side))
    elif isinstance(formula, (tree.Note, tree.Bound)):
        return  # E(z) names z as a whole in any form
    elif isinstance(formula, tree.Apply):
        yield from _signs(formula.arguments)
    elif isinstance(formula, tuple):
        for part in formula:
            yield from _signs(part)


def sample_of(sign: tree.Sign) -> tree.Sample | None:
    """The index of a sample above ``sign``."""
    return next((i for i in sign.indices if isinstance(i, tree.Sample)), None)


class Wholes:
    """The tensors that the signs of one line name as wholes, each found once.

    ``is_weight_turned`` has a matrix of weights be the transpose of what the notation calls it.
    """

    def __init__(self, meaning: Meaning, *, is_weight_turned: bool = False) -> None:
        self.meaning = meaning
        self.is_weight_turned = is_weight_turned
        self._found: dict[int, Tensor | None] = {}

    def tensor(self, sign: tree.Sign) -> Tensor | None:
        """The tensor that ``sign`` names; None for a scalar or an entry. Raises ReadError."""
        if id(sign) not in self._found:
            self._found[id(sign)] = self._tensor(sign) if _is_whole(self.meaning, sign) else None
        return self._found[id(sign)]

    def take_as_matrix(self, sign: tree.Sign) -> None:
        """Takes ``sign``, which names a size and a matrix, to be the matrix here."""
        self._found[id(sign)] = self._tensor(sign)

    def _tensor(self, sign: tree.Sign) -> Tensor:
        lexicon, unplaced = self.meaning.lexicon, self.meaning.unplaced
        plain = sign._replace(indices=())
        if plain in lexicon.gradients:
            return lexicon.gradients[plain]
        found = []
        if sample_of(sign) is not None:
            every = lexicon.tensors.get(plain, [])
            found = [t for t in every if t.axes and t.axes[0].name == "sample"]
        if not found and plain in lexicon.matrices:
            found = [lexicon.matrices[plain]]
        found = found or lexicon.whole.get(plain, [])
        found = found or unplaced.tensors(sign) or unplaced.tensors(sign, as_weight=True)
        if len(found) != 1:
            raise self._ambiguous(sign)
        return found[0]

    def axes(self, sign: tree.Sign) -> Axes:
        """What the rows and the columns of a sign run along. Raises ReadError."""
        tensor = self.tensor(sign)
        if tensor is None:
            return SCALAR
        if sample_of(sign) is not None:
            axes = tensor.axes[1:] if tensor.axes[0].name == "sample" else ()
            if len(axes) != 1:
                column = self.meaning.column(sign)
                raise ReadError("indices", column, found=1, wanted=(), sign=sign.glyph)
            return axes[0], None
        if len(tensor.axes) > 2:
            raise self._ambiguous(sign)
        if len(tensor.axes) == 1 and self._is_lying:
            return None, tensor.axes[0]
        row, column = (*self.turned(tensor, tensor.axes), None)[:2]
        return row, column

    @property
    def _is_lying(self) -> bool:
        """Whether vectors are rows."""
        convention = self.meaning.convention
        is_rows = convention.lies and convention.matrix is Matrix.ROWS
        return is_rows and not self.meaning.lexicon.has_samples

    def turned(self, tensor: Tensor, places: tuple[Any, ...]) -> tuple[Any, ...]:
        """What belongs to the axes of ``tensor`` as rows and columns, or the other way round."""
        other = self.is_weight_turned and is_weight(tensor)
        return places[::-1] if is_turned(tensor, self.meaning.convention) != other else places

    def _ambiguous(self, sign: tree.Sign) -> ReadError:
        return ReadError("ambiguous_sign", self.meaning.column(sign), found=sign.glyph)
