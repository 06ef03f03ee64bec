"""Arrays that names refer to: what is changed in place, and what is lost by that."""

from __future__ import annotations

import ast
from dataclasses import replace

from symbp.verification.code.arrays import Arrays
from symbp.verification.code.sharing import reached, sharing
from symbp.verification.code.values import Arr, Cell, Hints, Part, Unknown, Value


class Holding:
    """A change of one array is one of its views, and of what it is a view of."""

    on: Arrays
    hints: Hints
    assumed: list[tuple[str, ast.AST]]

    def new_cell(self, arr: Arr, name: str, depth: int, of: tuple[Part, ...] = ()) -> Cell:
        """What a name refers to from now on; changes of what it is a view ``of`` change it."""
        cell = Cell(replace(arr, of=()), name, depth, of=of if arr.rank else ())
        for part in cell.of:
            part.cell.views.add(cell)
        return cell

    def renewed(self, cell: Cell, value: Arr) -> None:
        """``cell`` is changed in place; its views are others now, and what it is a view of."""
        for each in sharing([Part(cell)]):
            each.lost = each.lost or each.value.rank > 0
        cell.value, cell.lost = replace(value, of=()), False
        cell.changes += 1

    def filled(self, cell: Cell, value: Arr, node: ast.AST) -> None:
        """``cell[...] = value``, which is repeated where the array is larger."""
        idx, (_, new) = self.on.together(cell.value, value)
        self.renewed(cell, self.store(cell.name, Arr(idx, new.body), node, cell.value))

    @staticmethod
    def lose(*values: Value) -> None:
        """Arrays that are others now for all who refer to them, and are not known.

        Numbers are never changed in place.
        """
        for cell in sharing(reached(*values)):
            cell.lost = cell.lost or cell.value.rank > 0

    def perhaps(self, node: ast.AST, *values: Value) -> bool:
        """What may write to ``values``, and is not known: whether it is taken to have done so."""
        if not any(cell.value.rank for cell in sharing(reached(*values))):
            return False
        name = self.source(getattr(node, "func", node))
        if self.hints.is_wary:
            self.trouble("unsupported", node, what=name)
            self.lose(*values)
        else:
            self.assumed.append((name, node))
        return self.hints.is_wary

    def source(self, node: ast.AST) -> str:
        raise NotImplementedError  # the machine has it

    def trouble(self, code: str, node: ast.AST, **facts: str) -> Unknown:
        raise NotImplementedError  # the machine has it

    def store(self, name: str, arr: Arr, node: ast.AST, old: Arr | None = None) -> Arr:
        raise NotImplementedError  # the machine has it
