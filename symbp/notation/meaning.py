"""What the signs of a line mean: entries, scalars, indices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sympy
from sympy import Expr, Integer

from symbp.equations.axis import Axis, L, Total, l
from symbp.equations.calculus import Partial
from symbp.equations.relocate import axis_at, substitution, tensor_at
from symbp.equations.tensor import Role, Tensor
from symbp.notation import formula as tree
from symbp.notation.letters import IMPLIED, Letters
from symbp.notation.lexicon import Lexicon
from symbp.notation.line import Remark
from symbp.notation.read_error import ReadError
from symbp.notation.spelling import BIAS_UNIT, capital, is_turned, is_weight

Rule = Callable[["Meaning", Any], Any]

CONDITIONS = (tree.Relation, tree.Junction)


class Meaning:
    """Finds what the formulas of one line mean; ``letters`` learns the axes of its indices."""

    def __init__(
        self,
        lexicon: Lexicon,
        columns: dict[int, int],
        rules: Mapping[type, Rule],
        known: Mapping[str, Axis] | None = None,
    ) -> None:
        self.rules = rules
        self.lexicon = lexicon
        self.columns = columns
        self.convention = lexicon.notation.convention
        self.letters = Letters(
            {self.convention.neutral(c): axis for c, axis in (known or {}).items()}
        )
        self.remarks: list[Remark] = []
        self.implied: list[tree.Sign] = []  # signs that bear no indices though they have axes
        self.moved: list[tuple[tree.Sign, Tensor]] = []  # signs without a place: what they are
        self.kept: list[tree.Formula] = []  # an identity is that of one sign as long as it lives

    def __call__(self, formula: tree.Formula) -> Expr:
        """The expression. Raises ReadError, for a condition too."""
        if isinstance(formula, CONDITIONS) or type(formula) not in self.rules:
            raise self.unexpected(formula, "expression")
        return self.rules[type(formula)](self, formula)

    def condition(self, formula: tree.Formula) -> Any:
        """The condition. Raises ReadError, for a mere expression too."""
        if not isinstance(formula, CONDITIONS):
            raise self.unexpected(formula, "condition")
        return self.rules[type(formula)](self, formula)

    def unexpected(self, formula: tree.Formula, expected: str) -> ReadError:
        found = type(formula).__name__.lower()
        return ReadError("unexpected", self.column(formula), found=found, expected=(expected,))

    def column(self, formula: Any) -> int:
        """Where the first sign of ``formula`` stood."""
        return min(self._columns(formula), default=1)

    def _columns(self, formula: Any) -> Iterator[int]:
        if id(formula) in self.columns:
            yield self.columns[id(formula)]
        elif isinstance(formula, tuple):
            for part in formula:
                yield from self._columns(part)

    def neutral(self, sign: tree.Sign) -> str:
        return self.convention.neutral(sign.glyph) + "'" * sign.primes

    def sign(self, sign: tree.Sign) -> Expr:
        """An entry, a scalar, or an index that stands by itself."""
        if not sign.indices and sign in self.lexicon.scalars:
            return self.lexicon.scalars[sign]
        plain = sign._replace(indices=())
        is_letter = not sign.indices and not sign.place and not self.lexicon.has(plain)
        if is_letter and self.letters.is_bound(self.neutral(sign)):
            return self.letters.index(self.neutral(sign), self.column(sign))
        indices = tuple(i for i in sign.indices if not isinstance(i, tree.Sample))
        in_order = indices[::-1] if self.convention.weight_to_from else indices
        if plain in self.lexicon.gradients:
            return self._gradient(sign, self.lexicon.gradients[plain])
        if self._is_kronecker(sign, plain):
            return self(tree.Iverson(tree.Relation(sign.indices[0], "=", sign.indices[1])))
        if in_order[:1] == (BIAS_UNIT,):
            biases = self.lexicon.biases.get(plain) or self._elsewhere(sign, self._bias)
            if biases:
                return self._entry(sign, biases, in_order[1:])
        found = self.lexicon.tensors.get(plain) or self._elsewhere(sign, self._no_bias)
        if not found and not sign.indices:
            found = self.lexicon.whole.get(plain, [])
        if not found and sign.glyph == self.convention.glyphs[Role.BIAS]:
            found = self._elsewhere(sign, self._bias)
        if not found:
            raise self._unknown(sign)
        return self._entry(sign, found, indices)

    def _is_kronecker(self, sign: tree.Sign, plain: tree.Sign) -> bool:
        """δ_{ij}, where nothing else that is called δ has two indices."""
        if sign.glyph != "δ" or sign.place or sign.label or len(sign.indices) != 2:
            return False
        if not all(isinstance(i, (tree.Sign, tree.Number)) for i in sign.indices):
            return False
        others = [*self.lexicon.tensors.get(plain, ()), *self.lexicon.elsewhere(plain)]
        return all(len(tensor.axes) < 2 for tensor in others)

    def _bias(self, tensor: Tensor) -> bool:
        return self.lexicon.notation.spelling.is_bias_as_weight(tensor)

    def _no_bias(self, tensor: Tensor) -> bool:
        return not self._bias(tensor)

    def _elsewhere(self, sign: tree.Sign, fits: Callable[[Tensor], bool]) -> list[Tensor]:
        """The tensors that a sign without a place may be, at a place not known yet."""
        if sign.place:
            return []
        kinds: dict[tuple[str, ...], Tensor] = {}
        for tensor in self.lexicon.elsewhere(sign._replace(indices=())):
            if fits(tensor) and tensor.place is not None:
                shape = (tensor.name, tensor.role, *(axis.name for axis in tensor.axes))
                known = kinds.setdefault(shape, tensor)
                if all(_offset(axis, known) is None for axis in known.axes):
                    kinds[shape] = tensor
        if not kinds:
            return []
        place = self.letters.places.new()
        found = [_at(tensor, place) for tensor in kinds.values()]
        self.moved += [(sign, tensor) for tensor in found]
        return found

    def _gradient(self, sign: tree.Sign, tensor: Tensor) -> Expr:
        """dW, which is ∂E/∂W; for one sample where δ is, too."""
        entry = self._entry(sign, [tensor], tuple(sign.indices))
        slope = Partial(self.lexicon.loss, entry)
        samples = [axis for axis in tensor.axes if axis.name == "sample"]
        return slope * samples[0].size if samples and self.convention.delta_scale else slope

    def _entry(
        self, sign: tree.Sign, tensors: list[Tensor], indices: tuple[tree.Formula, ...]
    ) -> Expr:
        sample = [i.which for i in sign.indices if isinstance(i, tree.Sample)]
        indices = tuple(i for i in indices if not isinstance(i, tree.Sample))
        fitting = [t for t in tensors if len(_rest(t, sample)) == len(indices)]
        if not indices and not fitting:
            return self.implied_entry(sign, tensors, sample)
        if not fitting:
            wanted = tuple(sorted({len(t.axes) for t in tensors}))
            raise ReadError(
                "indices",
                self.column(sign),
                found=len(indices),
                wanted=wanted,
                sign=sign.glyph,
            )
        if len(fitting) > 1:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        tensor = fitting[0]
        axes = _rest(tensor, sample)
        # Where the sample stands above, what is below is in order.
        turned = is_turned(tensor, self.convention) and len(axes) == len(tensor.axes)
        in_order = indices[::-1] if turned and not self._bias(tensor) else indices
        if self._is_constant_unit(tensor, axes, in_order):
            self.moved = [pair for pair in self.moved if pair[1].place != tensor.place]
            self.letters.places.drop(tensor.place)
            return Integer(1)
        positions = [self.position(index) for index in in_order]
        if sample:
            positions.insert(0, self.position(sample[0]))
        return self.stand(tensor, positions)

    def stand(self, tensor: Tensor, positions: list[Expr]) -> Expr:
        """The entry at ``positions``; their letters learn their axes."""
        for position, axis in zip(positions, tensor.axes, strict=True):
            self.letters.stands(position, axis)
        return tensor[tuple(positions)]

    def _is_constant_unit(
        self, tensor: Tensor, axes: tuple[Axis, ...], indices: tuple[tree.Formula, ...]
    ) -> bool:
        """Whether it is z_0, which is 1: what the bias is multiplied by."""
        is_input = tensor.role is Role.ACTIVATION and self.convention.bias_as_weight
        return is_input and bool(axes) and indices[-1:] == (BIAS_UNIT,)

    def implied_entry(
        self, sign: tree.Sign, tensors: list[Tensor], sample: list[tree.Formula]
    ) -> Expr:
        """``z`` for z_j: the entry at letters that nobody typed, the same for all such signs."""
        if len(tensors) > 1:
            raise ReadError("ambiguous_sign", self.column(sign), found=sign.glyph)
        (tensor,) = tensors
        self.implied.append(sign)
        letters = [f"{IMPLIED}{letter}" for letter in implied_letters(tensor)]
        positions: list[Expr] = [self.letters.index(c, self.column(sign)) for c in letters]
        if sample:
            positions[0] = self.position(sample[0])
        return self.stand(tensor, positions)

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        """Σ without an index: over all the letters that nobody typed."""
        indices = {
            letter: self.letters.bind(f"{IMPLIED}{letter}", self.column(formula))
            for letter in IMPLIED_LETTERS
        }
        body = self(formula)
        for _ in indices:
            self.letters.release()
        used = [index for index in indices.values() if self.letters.is_used(index)]
        for index in set(indices.values()) - set(used):
            self.letters.forget(index)
        if not used:
            raise self.unexpected(formula, "index")
        return Total(body, *(index.limits for index in used))

    def squares(self, formula: tree.Formula) -> Expr:
        """‖a‖², the sum of the squares."""
        return self.sum_of_all(tree.Product((formula, formula)))

    def settled(self, *sides: Expr) -> tuple[Expr, ...]:
        """``sides`` with indices along their axes, tensors at their places. Raises ReadError."""
        try:
            self.letters.agree()
        except ReadError as error:
            if error.code == "axes_disagree":
                error.facts["sides"] = self._moved(sides)
            raise
        self._place()
        return self._moved(sides)

    def _moved(self, sides: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """``sides`` with every index along the first of its axes."""
        places = self.letters.places.found()
        known = {}
        for index, mine in self.letters.known():
            known[index] = substitution([mine], places).get(mine, mine)
        found = tuple(side.xreplace(known) for side in sides)
        if not places:
            return found
        return tuple(side.xreplace(substitution([side], places)) for side in found)

    def free(self) -> dict[str, Axis]:
        """The free letters with their axes, once all is settled."""
        places = self.letters.places.found()
        axes = ((c, self.letters.axis(i)) for c, i in self.letters.free().items())
        return {c: axis_at(axis, places) for c, axis in axes if axis is not None}

    def _place(self) -> None:
        """Finds the layer that a line without places speaks of: l, or the one layer there is."""
        places = self.letters.places
        if not places.open():
            return self._check_places()
        sign = next(s for s, t in self.moved if places.form(t.place or l)[0] in places.open())
        if len(places.open()) > 1:
            raise ReadError("place_unknown", self.column(sign), found=sign.glyph, fits=0)
        first = next(t for s, t in self.moved if places.form(t.place or l)[0] in places.open())
        _, number = places.form(first.place or l)
        if isinstance(self.lexicon.notation.last, Integer):
            numbered = self._numbered(number)
            if places.settle(numbered, self._is_called_so) == 1:
                return None
        for candidates in ([l - number], [L - number], self._numbered(number)):
            fits = places.settle(candidates, self._exists)
            if fits == 1:
                return None
            if fits > 1:
                raise ReadError("place_unknown", self.column(sign), found=sign.glyph, fits=fits)
        raise ReadError("place_unknown", self.column(sign), found=sign.glyph, fits=0)

    def _numbered(self, number: int) -> list[Expr]:
        known = {t.place for t in self.lexicon.known if isinstance(t.place, Integer)}
        return sorted((place - number for place in known), key=int)

    def _exists(self) -> bool:
        """Whether all that a line speaks of exists, with unknown places as found."""
        found = self.letters.places.found()
        tensors = {tensor_at(tensor, found) for _, tensor in self.moved}
        return all(t in self.lexicon.known or not t.axes for t in tensors)

    def _is_called_so(self) -> bool:
        """The same where the last activation is called by its own name, as y where others are z."""
        if not self._exists():
            return False
        own = self.convention.prediction
        found = self.letters.places.found()
        return own is None or not any(
            tensor.role is Role.ACTIVATION
            and tensor_at(tensor, found).place == self.lexicon.notation.last
            and sign.glyph in (glyph := self.convention.glyphs[Role.ACTIVATION], capital(glyph))
            for sign, tensor in self.moved
        )

    def _check_places(self) -> None:
        found = self.letters.places.found()
        for sign, tensor in self.moved:
            moved = tensor_at(tensor, found)
            if moved not in self.lexicon.known:
                raise ReadError("place_unknown", self.column(sign), found=sign.glyph, fits=0)

    def _unknown(self, sign: tree.Sign) -> ReadError:
        similar = self.lexicon.similar(sign)
        found = f"{sign.glyph}^{sign.place}" if sign.place else sign.glyph
        return ReadError("unknown_sign", self.column(sign), found=found, similar=similar)

    def position(self, formula: tree.Formula) -> Expr:
        """An index expression; numbers count from the convention's first unit."""
        if isinstance(formula, tree.Number):
            if not formula.text.isdigit() or int(formula.text) < self.convention.base:
                raise self.unexpected(formula, "index")
            return Integer(int(formula.text) - self.convention.base)
        if isinstance(formula, tree.Sign) and not formula.indices and not formula.place:
            letter = self.neutral(formula)
            if self.letters.is_bound(letter) or formula not in self.lexicon.scalars:
                return self.letters.index(letter, self.column(formula))
        if isinstance(formula, tree.Terms):
            signed = ((n, self.position_part(part)) for n, part in formula.parts)
            return sympy.Add(*(-part if n else part for n, part in signed))
        return self(formula)

    def position_part(self, formula: tree.Formula) -> Expr:
        """A term of an index expression: numbers in it are mere numbers."""
        if isinstance(formula, tree.Product):
            return sympy.Mul(*map(self.position_part, formula.factors))
        return self(formula) if isinstance(formula, tree.Number) else self.position(formula)


IMPLIED_LETTERS = "nij"


def implied_letters(tensor: Tensor) -> tuple[str, ...]:
    """What the indices of a tensor are called where nobody names them: n for samples, i, j."""
    units = iter("ij" if is_weight(tensor) else "j")
    return tuple("n" if axis.name == "sample" else next(units, "k") for axis in tensor.axes)


def _rest(tensor: Tensor, sample: list[tree.Formula]) -> tuple[Axis, ...]:
    """The axes whose indices stand below; nothing fits a sample that the tensor has not."""
    if not sample:
        return tensor.axes
    has = bool(tensor.axes) and tensor.axes[0].name == "sample"
    return tensor.axes[1:] if has else (*tensor.axes, *tensor.axes, *tensor.axes)


def _offset(axis: Axis, tensor: Tensor) -> Expr | None:
    """How far the place of an axis is from that of its tensor; None where that says nothing."""
    if axis.place is None or tensor.place is None:
        return None
    step = axis.place - tensor.place
    return step if step.is_Integer else None


def _at(tensor: Tensor, place: Expr) -> Tensor:
    """``tensor`` and its axes moved to ``place``."""
    axes = tuple(
        axis if (step := _offset(axis, tensor)) is None else replace(axis, place=place + step)
        for axis in tensor.axes
    )
    return replace(tensor, axes=axes, place=place)
