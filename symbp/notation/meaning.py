"""Formulas of one line -> expressions, whatever form the line is written in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from sympy import Expr

from symbp.equations.axis import Axis, Index
from symbp.equations.relocate import axis_at, substitution
from symbp.equations.tensor import Tensor
from symbp.notation import formula as tree
from symbp.notation.columns import Columns
from symbp.notation.letters import Letters
from symbp.notation.lexicon import Lexicon
from symbp.notation.line import Remark
from symbp.notation.read_error import ReadError
from symbp.notation.unplaced import Unplaced

Rule = Callable[["Meaning", Any], Any]

CONDITIONS = (tree.Relation, tree.Junction)


class Meaning(ABC):
    """Finds what the formulas of one line mean; ``letters`` learns the axes of its indices.

    ``rules`` tell of each type of formula how. What signs mean that bear no indices is for the
    subclasses to say, one for each form that a line may be written in.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        columns: Columns,
        rules: Mapping[type, Rule],
        known: Mapping[str, Axis] | None = None,
    ) -> None:
        self.rules = rules
        self.lexicon = lexicon
        self.columns = columns
        self.convention = lexicon.notation.convention
        self.letters = Letters(
            {self.convention.neutral(c): axis for c, axis in (known or {}).items()},
            lexicon.equated,
        )
        self.unplaced = Unplaced(lexicon, self.letters.places, columns)
        self.remarks: list[Remark] = []
        self.bare: list[tree.Sign] = []  # signs that bear no indices though they have axes

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

    @abstractmethod
    def bare_entry(self, sign: tree.Sign, tensor: Tensor, sample: tree.Formula | None) -> Expr:
        """The entry of ``tensor`` that ``sign`` without indices means, of one sample if given."""

    @abstractmethod
    def sum_of_all(self, formula: tree.Formula) -> Expr:
        """Σ without an index: over all entries. Raises ReadError where there are none."""

    def squares(self, formula: tree.Formula) -> Expr:
        """‖a‖², the sum of the squares."""
        return self.sum_of_all(tree.Product((formula, formula)))

    def another(self, index: Index) -> Index | None:
        """A new index along the axis of ``index``; None where axes are told by letters only."""
        return None

    def settled(self, *sides: Expr) -> tuple[Expr, ...]:
        """``sides`` with indices along their axes, tensors at their places. Raises ReadError."""
        try:
            self.letters.agree()
        except ReadError as error:
            if error.code == "axes_disagree":
                if self.convention.own:
                    self._settle_places()
                error.facts["sides"] = self._moved(sides)
            raise
        self.unplaced.settle()
        return self._moved(sides)

    def _settle_places(self) -> None:
        """Finds what places can be found where it is known which layers there are."""
        try:
            self.unplaced.settle()
        except ReadError:
            return

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

    def neutral(self, sign: tree.Sign) -> str:
        """The index letter that ``sign`` is, as it is called without a convention."""
        return self.convention.neutral(sign.glyph) + "'" * sign.primes

    def column(self, formula: Any) -> int:
        """Where the first sign of ``formula`` stood."""
        return self.columns.of(formula)

    def unexpected(self, formula: tree.Formula, expected: str) -> ReadError:
        found = type(formula).__name__.lower()
        return ReadError("unexpected", self.column(formula), found=found, expected=(expected,))
