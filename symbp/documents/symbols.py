"""The table of symbols: each kind of quantity in a lesson once, sizes, and letters of indices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sympy import Expr

from symbp.documents.glossary import COMMON, Glossary, letters, sizes_in, stem
from symbp.documents.lesson import GIVENS, Lesson, Range
from symbp.documents.speaker import MATRIX_SIGNS, Speaker, Style
from symbp.documents.words import Words
from symbp.equations.axis import Axis, Index, l
from symbp.equations.nodes import nodes
from symbp.equations.tensor import (
    ALONG,
    GAUSS_NEWTON,
    HESSIAN,
    LINEAR,
    PARAMETERS,
    Role,
    Tensor,
    entries,
    indices_of,
    tensor_of,
)
from symbp.notation import formula as tree
from symbp.notation.convention import Matrix
from symbp.notation.notation import Notation

STEP = Tensor("t")
"""The number of an update."""

ONE_BY_ONE = (Role.INPUT, Role.MASK, Role.TERM)
"""Roles of which each tensor is listed by itself."""

EACH = " "
"""Between the words of such a tensor and its name."""

NAMED = (Role.ACTIVATION, Role.BIAS)
"""Roles whose words depend on where they stand and how they are written."""

OF_SECOND_ORDER = {
    ALONG: "tangent",
    LINEAR: "linear_adjoint",
    HESSIAN: "hessian",
    GAUSS_NEWTON: "gauss_newton",
}
"""How names end -> the key of the words for what is called so."""


def is_plain(entry: Expr) -> bool:
    """Whether the indices of ``entry`` are letters."""
    return all(isinstance(index, Index) for index in indices_of(entry))


@dataclass(frozen=True)
class _Meant:
    """An entry, what its tensor is, and which layers it is told of where that is in general."""

    entry: Expr
    meaning: str
    places: Range | None

    @property
    def plain(self) -> _Meant:
        """The same with letters as indices."""
        return self if is_plain(self.entry) else replace(self, entry=tensor_of(self.entry).entry)


@dataclass(frozen=True)
class Symbols:
    """What stands in ``lesson``, in the words, the notation and the style of ``speaker``."""

    speaker: Speaker
    lesson: Lesson

    @property
    def notation(self) -> Notation:
        return self.speaker.notation

    @property
    def words(self) -> Words:
        return self.speaker.words

    @property
    def style(self) -> Style:
        return self.speaker.style

    def rows(self) -> Iterator[tuple[str, str]]:
        """Each kind of quantity in the lesson, once, and what it is."""
        first = self._first()
        known = dict(self.words.groups["symbol"])
        known |= {kind: meant.meaning for kind, meant in first.items() if "." in kind}
        words = {kind: kind.partition(EACH)[0] for kind in first}
        told = [kind for kind in first if words[kind] in known]
        signs = {kind: self.whole(first[kind].entry) for kind in told}
        often = Counter(signs.values())
        for kind in sorted(told, key=lambda kind: list(known).index(words[kind])):
            # Where layers are told in general, the input is the activation of a layer 0.
            key = "z_from_input" if kind == "z" and "x" not in words.values() else words[kind]
            places = first[kind].places
            where = ""
            if places and "." in kind and often[signs[kind]] > 1:
                where = f" ({self.style.inline(self.speaker.condition(places))})"
            yield signs[kind], f"{known[key]}{where}"
        if self.notation.convention.matrix is not Matrix.OFF:
            yield from ((self.style.inline(self.style.signs[k]), known[k]) for k in MATRIX_SIGNS)
        if self.speaker.kinds:
            yield from self.sizes()
            yield from self.all_letters()
        else:
            yield from self.letters([s for line in self.lesson.lines for s in (line.lhs, line.rhs)])

    def _first(self) -> dict[str, _Meant]:
        """The first entry of each kind of quantity, or the first that has letters as indices."""
        homes = _homes(self.lesson)
        found: dict[str, _Meant] = {}
        for entry, places in _entries(self.lesson):
            tensor = tensor_of(entry)
            near, row = homes.get(tensor, (None, places))
            glossary = self.speaker.speaking_of(row)
            kind = self.kind(tensor, glossary, near)
            kind = f"{kind}{EACH}{tensor.name}" if tensor.role in ONE_BY_ONE else kind
            if kind not in found or (not is_plain(found[kind].entry) and is_plain(entry)):
                found[kind] = _Meant(entry, glossary.meaning(tensor, near) or "", places)
        return {kind: meant.plain for kind, meant in found.items()}

    def whole(self, entry: Expr) -> str:
        """``entry``; where the notation has a matrix for it, that matrix and its entries."""
        matrix, _ = self.style.sides(self.notation, entry, entry)
        alone = self.style.write(self.notation, entry)
        return self.style.inline(alone if alone == matrix else f"{matrix} = ({alone})")

    def kind(self, tensor: Tensor, glossary: Glossary, near: Expr | None) -> str:
        """The key of the words for ``tensor``, a constant that of the layer at ``near``."""
        if tensor.name.endswith(ALONG) and tensor.role in PARAMETERS:
            return "direction"
        for end, key in OF_SECOND_ORDER.items():
            if tensor.name.endswith(end):
                return key
        if tensor.role is Role.ADJOINT:
            return "adjoint"
        if tensor.role is Role.DELTA:
            return "delta"
        if glossary.meaning(tensor, near) is not None:
            return glossary.key(tensor, near)
        if tensor.role in (Role.INPUT, Role.MASK):
            return "x" if tensor.role is Role.INPUT else "mask"
        if self.speaker.kinds and stem(tensor.name) in COMMON and tensor.role not in NAMED:
            return stem(tensor.name)
        if tensor.role is Role.ACTIVATION:
            return "x" if tensor.place == 0 else "y" if tensor.place == self.notation.last else "z"
        if tensor.role is Role.BIAS and self.notation.convention.bias_as_weight:
            return "bias_as_weight"
        if tensor.name == STEP.name and tensor.role is not Role.TARGET:
            return "step"  # labels have the same name
        known = tensor.name in self.words.groups["symbol"]
        return tensor.name if known else stem(tensor.name)

    def sizes(self) -> Iterator[tuple[str, str]]:
        """What the sizes stand for that are written down."""
        seen: set[tree.Sign] = set()
        for line in self.lesson.lines:
            for sign, size in [*sizes_in(self.notation, (line.lhs, line.rhs), seen)]:
                seen.add(sign)
                along = self.speaker.speaking_of(line.condition).along(size.axis)
                key = f"count_{size.axis.name.rstrip('0123456789')}"
                key = key if key in self.words.groups["symbol"] else "size"
                yield self.speaker.math(size), self.words.say("symbol", key, along=along)

    def all_letters(self) -> Iterator[tuple[str, str]]:
        """What each letter counts, in whichever layer."""
        first: dict[str, Axis] = {}
        counted: dict[str, dict[str, None]] = {}
        for line in self.lesson.chapters[0].lines:
            glossary = self.speaker.speaking_of(line.condition)
            for letter, axes in letters((line.lhs, line.rhs)).items():
                first.setdefault(letter, axes[0])
                counted.setdefault(letter, {}).update(dict.fromkeys(map(glossary.along, axes)))
        for letter, axis in first.items():
            if not letter.endswith("'"):
                along = self.words.groups["listing"]["or"].join(counted[letter])
                yield (
                    self.speaker.math(axis.index(letter)),
                    self.words.say("symbol", "index", along=along),
                )

    def letters(self, sides: list[Expr]) -> Iterator[tuple[str, str]]:
        """What the sizes and the indices stand for."""
        axes = {i.axis.name: i.axis for side in sides for i in nodes(side, Index)}
        if "sample" in axes:
            yield self.speaker.math(axes["sample"].size), self.words.say("symbol", "count_sample")
            yield self.speaker.math(axes["sample"].index("n")), self.words.say("symbol", "n")
        here = self.style.write(self.notation, l)
        near = {"before": f"{here} {self.style.minus} 1", "place": here, "after": f"{here} + 1"}
        places = {name: self.style.inline(place) for name, place in near.items()}
        for letter in "ijk":
            index = Axis("unit", l).index(letter)
            yield self.speaker.math(index), self.words.say("symbol", letter, **places)


def _entries(lesson: Lesson) -> Iterable[tuple[Expr, Range | None]]:
    """The entries in a lesson, in order; where layers are told in general, each with these."""
    return dict.fromkeys(
        (entry, line.condition)
        for line in lesson.lines
        for side in (line.lhs, line.rhs)
        for entry in entries(side)
    )


def _homes(lesson: Lesson) -> dict[Tensor, tuple[Expr, Range | None]]:
    """The constants of layers, and the layer that has each in its equations."""
    found: dict[Tensor, tuple[Expr, Range | None]] = {}
    for line in lesson.lines:
        if line.place is not None and line.told.startswith(GIVENS):
            for tensor in map(tensor_of, entries(line.rhs)):
                if tensor.role is Role.CONSTANT and tensor.place is None:
                    found.setdefault(tensor, (line.place, line.condition))
    return found
