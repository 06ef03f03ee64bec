"""Signs without a layer, ``w δ z`` for those of one layer: which layer a line speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Integer

from symbp.equations.axis import Axis, L, l
from symbp.equations.relocate import tensor_at
from symbp.equations.tensor import Role, Tensor
from symbp.notation import formula as tree
from symbp.notation.columns import Columns
from symbp.notation.lexicon import Lexicon
from symbp.notation.places import Places
from symbp.notation.read_error import ReadError
from symbp.notation.spelling import capital


class Unplaced:
    """The signs of one line that bear no place, each with the tensor that it is at some place."""

    def __init__(self, lexicon: Lexicon, places: Places, columns: Columns) -> None:
        self._lexicon = lexicon
        self._places = places
        self._columns = columns
        self._found: list[tuple[tree.Sign, Tensor]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def tensors(self, sign: tree.Sign, *, as_weight: bool = False) -> list[Tensor]:
        """What ``sign`` may be, at a place not known yet; nothing for a sign that bears a place.

        ``as_weight`` asks for biases that are written w_{0j}, else those are left out.
        """
        if sign.place:
            return []
        spelling = self._lexicon.notation.spelling
        kinds: dict[tuple[str, ...], Tensor] = {}
        for tensor in self._lexicon.elsewhere(sign._replace(indices=())):
            if spelling.is_bias_as_weight(tensor) == as_weight and tensor.place is not None:
                shape = (tensor.name, tensor.role, *(axis.name for axis in tensor.axes))
                known = kinds.setdefault(shape, tensor)
                if all(_offset(axis, known) is None for axis in known.axes):
                    kinds[shape] = tensor
        if not kinds:
            return []
        place = self._places.new()
        found = [_at(tensor, place) for tensor in kinds.values()]
        self._found += [(sign, tensor) for tensor in found]
        return found

    def drop(self, tensor: Tensor) -> None:
        """Forgets a tensor that says nothing of where it is, as z_0, which is 1 everywhere."""
        self._found = [pair for pair in self._found if pair[1].place != tensor.place]
        self._places.drop(tensor.place)

    def settle(self) -> None:
        """Finds the layer that the line speaks of: l, L, or the one there is. Raises ReadError."""
        for place in self._places.open():
            self._beside(place)
        open_ = self._places.open()
        if not open_:
            return self._check()
        sign, first = next(pair for pair in self._found if self._form(pair[1])[0] in open_)
        if len(open_) > 1:
            raise self._error(sign)
        _, number = self._form(first)
        last = self._lexicon.notation.last
        if isinstance(last, Integer):
            numbered = self._numbered(number)
            if self._places.settle(numbered, self._is_called_so) == 1:
                return None
        for candidates in ([l - number], [L - number], self._numbered(number)):
            fits = self._places.settle(candidates, self._exists)
            if fits == 1:
                return None
            if fits > 1:
                raise self._error(sign, fits)
        raise self._error(sign)

    def _beside(self, open_: Expr) -> None:
        """Takes what nothing else tells of to be where the same sign is: a_m beside a_k."""
        found = [(s._replace(indices=()), t) for s, t in self._found if t.place is not None]
        mine = [(s, t) for s, t in found if self._form(t)[0] == open_]
        for sign, tensor in mine:
            others = {
                self._form(t): t.place
                for s, t in found
                if (s, t.name) == (sign, tensor.name)
                and self._form(t)[0] not in self._places.open()
            }
            if len(others) == 1:
                (place,) = others.values()
                self._places.same(tensor.place, place)
                return

    def _check(self) -> None:
        """Sees that what the line names exists where it is said to be. Raises ReadError."""
        for sign, tensor in self._moved():
            if tensor not in self._lexicon.known:
                raise self._error(sign)

    def _error(self, sign: tree.Sign, fits: int = 0) -> ReadError:
        return ReadError("place_unknown", self._columns.of(sign), found=sign.glyph, fits=fits)

    def _form(self, tensor: Tensor) -> tuple[Expr | None, int]:
        return self._places.form(tensor.place or l)

    def _moved(self) -> Iterator[tuple[tree.Sign, Tensor]]:
        """The signs with their tensors at the places found so far."""
        found = self._places.found()
        return ((sign, tensor_at(tensor, found)) for sign, tensor in self._found)

    def _numbered(self, number: int) -> list[Expr]:
        """The layers with numbers, counted from the open place."""
        known = {t.place for t in self._lexicon.known if isinstance(t.place, Integer)}
        return sorted((place - number for place in known), key=int)

    def _exists(self) -> bool:
        """Whether all that the line speaks of exists, with unknown places as found."""
        tensors = {tensor for _, tensor in self._moved()}
        return all(t in self._lexicon.known or not t.axes for t in tensors)

    def _is_called_so(self) -> bool:
        """The same where the last activation is called by its own name, as y where others are z."""
        if not self._exists():
            return False
        convention = self._lexicon.notation.convention
        if convention.prediction is None:
            return True
        common = convention.glyphs[Role.ACTIVATION]
        return not any(
            tensor.role is Role.ACTIVATION
            and tensor.place == self._lexicon.notation.last
            and sign.glyph in (common, capital(common))
            for sign, tensor in self._moved()
        )


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
