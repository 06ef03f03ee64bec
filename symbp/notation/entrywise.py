"""Lines in indices. Signs that bear none stand for the entries at letters that nobody typed."""

from __future__ import annotations

from sympy import Expr

from symbp.equations.axis import Index, Total
from symbp.equations.tensor import Tensor
from symbp.notation import formula as tree
from symbp.notation.indices import is_weight
from symbp.notation.letters import IMPLIED
from symbp.notation.meaning import Meaning
from symbp.notation.positions import position
from symbp.notation.read_error import ReadError

SAMPLE, UNITS, OTHER = "n", "ij", "k"
"""What indices are called where nobody names them; the unit of a layer is j."""


class Entrywise(Meaning):
    """Reads ``z`` as z_j and ``w`` as w_ij, with the same letters throughout the line."""

    def bare_entry(self, sign: tree.Sign, tensor: Tensor, sample: tree.Formula | None) -> Expr:
        self.bare.append(sign)
        letters = [f"{IMPLIED}{letter}" for letter in implied_letters(tensor)]
        positions: list[Expr] = [self.letters.index(c, self.column(sign)) for c in letters]
        if sample is not None:
            positions[0] = position(self, sample)
        return self.letters.entry(tensor, positions)

    def sum_of_all(self, formula: tree.Formula) -> Expr:
        """Σ without an index: over all the letters that nobody typed."""
        column = self.column(formula)
        indices = [self.letters.bind(f"{IMPLIED}{letter}", column) for letter in SAMPLE + UNITS]
        body = self(formula)
        for _ in indices:
            self.letters.release()
        used = [index for index in indices if self.letters.is_used(index)]
        for index in set(indices) - set(used):
            self.letters.forget(index)
        if not used:
            raise self.unexpected(formula, "index")
        return Total(body, *(index.limits for index in used))

    def line(self, formulas: list[tree.Formula]) -> tuple[Expr, ...]:
        """The sides of a line, with letters as people type them. Raises ReadError.

        Where no side bears a typed letter, all must extend along the same axes.
        """
        found = self.settled(*map(self, formulas))
        free = [{s for s in side.free_symbols if isinstance(s, Index)} for side in found]
        implied = [{index for index in each if is_implied(index)} for each in free]
        if not any(implied):
            return tuple(map(_renamed, found))
        typed = any(each - mine for each, mine in zip(free, implied, strict=True))
        if typed or any(mine != implied[0] for mine in implied):
            sign = self.bare[0]
            raise ReadError("bare", self.column(sign), found=sign.glyph)
        taken = {i for side in found for i in side.atoms(Index) if not is_implied(i)}
        into: dict[Index, Index] = {}
        for index in sorted(implied[0], key=lambda i: i.letter):
            into[index] = index.axis.fresh([*taken, *into.values()], index.letter[len(IMPLIED) :])
        return tuple(_renamed(side.xreplace(into)) for side in found)


def implied_letters(tensor: Tensor) -> tuple[str, ...]:
    """What the indices of a tensor are called where nobody names them: n for samples, i, j."""
    units = iter(UNITS if is_weight(tensor) else UNITS[-1])
    return tuple(SAMPLE if axis.name == "sample" else next(units, OTHER) for axis in tensor.axes)


def is_implied(index: Index) -> bool:
    """Whether nobody typed the letter of ``index``."""
    return index.letter.startswith(IMPLIED)


def _renamed(side: Expr) -> Expr:
    """Letters nobody typed that Σ binds, as letters."""
    into: dict[Index, Index] = {}
    letters = set(side.atoms(Index))
    for index in sorted(letters, key=lambda i: i.letter):
        if is_implied(index):
            others = [i for i in (*letters, *into.values()) if i != index]
            into[index] = index.axis.fresh(others, index.letter[len(IMPLIED) :])
    return side.xreplace(into)
