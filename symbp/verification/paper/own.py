"""Names that a page introduces itself: ``e_j := y_j − d_j``, and ``e_j`` further down.

Such a name is put to be what it stands for wherever it occurs, at every layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sympy import Expr, Integer

from symbp.equations.axis import Index, L, l
from symbp.equations.calculus import Partial
from symbp.equations.relocate import Places, places_of, substitution, tensor_at
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.equations.wellformed import free_indices
from symbp.notation import formula as tree
from symbp.notation.lexicon import Lexicon
from symbp.notation.line import Line
from symbp.notation.notation import Notation
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.verification.binding.peek import name_of, peek
from symbp.verification.paper.known import renamed

EQUALS = re.compile(r":=|≡|\\equiv|\\coloneqq|=")
MOST = 20
"""Names that one page may introduce."""
RATES = ("α", "alpha", "ε", "epsilon", "varepsilon", "γ", "gamma", "μ", "mu", "ρ", "rho")
STEP = re.compile(r"\s*(?P<left>.+?)\s*(?:=|:=|←|\\leftarrow|\\gets)\s*(?P=left)\s*-")
"""``w ← w − …``"""
NEW = ("unknown_sign", "shapes")
"""What is wrong with a line that introduces a name; a name of its own seems to be a number."""
NEAR = range(-2, 3)
NUMBERED = range(1, 6)


@dataclass
class Own:
    """The names introduced so far: what each is, in letters of its own."""

    meanings: dict[Tensor, tuple[Expr, Expr]] = field(default_factory=dict)

    def into(self, expr: Expr) -> Expr:
        """``expr`` without any of these names. Raises ReadError where one is differentiated by."""
        if not self.meanings:
            return expr
        if any(tensor_of(e) in self.meanings for p in expr.atoms(Partial) for e in entries(p.wrt)):
            raise ReadError("unknown_sign", 1, found="∂", similar=())
        put = {}
        for entry in entries(expr):
            if (meaning := self.meanings.get(tensor_of(entry))) is not None:
                left, right = meaning
                pairs = zip(indices_of(left), indices_of(entry), strict=True)
                letters = {mine: theirs for mine, theirs in pairs if isinstance(mine, Index)}
                put[entry] = renamed(right, letters)
        return expr.xreplace(put)

    def rate(self, reader: Reader, text: str, error: ReadError) -> Reader | None:
        """A reader that takes an unknown letter in front of a step for the learning rate."""
        glyph = str(error.facts.get("found", "")).lstrip("\\")
        if error.code != "unknown_sign" or glyph not in RATES or not STEP.match(text):
            return None
        lexicon = reader.lexicon
        convention = lexicon.notation.convention
        named = replace(convention, names={**convention.names, "eta": glyph})
        return Reader(Notation(named, lexicon.notation.last), reader.scope)

    def introduced(self, reader: Reader, text: str, error: ReadError) -> Reader | None:
        """A reader that knows the name on the left of ``text``; None where it introduces none."""
        if error.code not in NEW or len(self.meanings) > MOST * len(NEAR):
            return None
        sides, operator = peek(text), EQUALS.search(text)
        if len(sides) < 2 or operator is None or not isinstance(sides[0], tree.Sign):
            return None
        sign, lexicon = sides[0], reader.lexicon
        is_unknown = not lexicon.is_known(sign.glyph)
        if sign.primes or not (error.column <= operator.start() or is_unknown):
            return None
        place = lexicon.all_places.get(sign.place) if sign.place else None
        if sign.place and place is None:
            return None
        try:
            line = reader.line("=" + text[operator.end() :])
        except ReadError:
            return None
        right = line.sides[1] if len(line.sides) > 1 else None
        if right is None:
            return None
        indices = self._of_whole(sign, right) if line.bare else self._of_entry(sign, line, lexicon)
        if indices is None:
            return None
        name = f"own{len(self.meanings)}"
        tensor = Tensor(name, tuple(index.axis for index in indices), Role.OTHER, place)
        return self._known(reader, sign, tensor[indices], self.into(right))

    @staticmethod
    def _of_entry(sign: tree.Sign, line: Line, lexicon: Lexicon) -> tuple[Index, ...] | None:
        """The indices of a name that is written with them."""
        letters = [i.glyph for i in sign.indices if isinstance(i, tree.Sign) and not i.indices]
        is_plain = len(letters) == len(sign.indices) == len(set(letters))
        if not is_plain or set(letters) != set(line.letters):
            return None
        neutral = lexicon.notation.convention.neutral
        return tuple(line.letters[letter].index(neutral(letter)) for letter in letters)

    @staticmethod
    def _of_whole(sign: tree.Sign, right: Expr) -> tuple[Index, ...] | None:
        """Those of a column, or of one for each sample, that is named as a whole."""
        indices = sorted(free_indices(right), key=lambda index: index.axis.name)
        axes = [index.axis.name for index in indices]
        is_whole = not sign.indices and axes in (["unit"], ["sample", "unit"])
        return tuple(indices) if is_whole else None

    def _known(self, reader: Reader, sign: tree.Sign, left: Expr, right: Expr) -> Reader:
        tensor = tensor_of(left)
        for places in _shifts(left, right) if tensor.place is not None else ({},):
            atoms = substitution([left, right], places)
            moved = tensor_at(tensor, places)
            self.meanings.setdefault(moved, (left.xreplace(atoms), right.xreplace(atoms)))
        notation, scope = reader.lexicon.notation, reader.scope
        convention = notation.convention
        glyph = name_of(sign)
        convention = replace(convention, names={**convention.names, tensor.name: glyph})
        if not sign.indices and tensor.place is None:
            convention = replace(convention, own={**convention.own, (tensor.name, None): sign})
        mine = tuple(t for t in self.meanings if t.name == tensor.name)
        return Reader(
            Notation(convention, notation.last), replace(scope, tensors=(*scope.tensors, *mine))
        )


def _shifts(left: Expr, right: Expr) -> Iterator[Places]:
    """From the layer that a name was introduced for to those that it may be used at."""
    spoken = places_of(left, right)
    yield {place: place for place in spoken}
    if not any(place.has(l) for place in spoken):
        return
    others = [*(l + k for k in NEAR), L - 1, L, *map(Integer, NUMBERED)]
    for there in others:
        yield {place: place.subs(l, there) for place in spoken}
