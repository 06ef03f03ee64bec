"""Products over several axes as one product of matrices: rows and columns of what lies in memory.

Σₙₜ z[n, t, i] δ[n, t, j]   ->   np.dot(z.reshape(-1, I).T, δ.reshape(-1, J), out=…)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symbp.lowering.arrays import MatMul, Name, Named, Temporary, Tensordot, Value
from symbp.lowering.passes.sums import LABEL as ONES
from symbp.targets.numpy.spelling import ATOM, Spelling


@dataclass(frozen=True)
class Matrices:
    """Spells such products; ``outermost`` tells which axis of an array is the first in memory."""

    spelling: Spelling
    outermost: Callable[[Named], int]

    def tensordot(self, value: Tensordot, target: Name, out: str) -> str | None:
        """A sum over several axes; None where the result does not lie in memory as it must."""
        a, b = value.args
        if not (isinstance(a, Name) and isinstance(b, Name)) or self.outermost(target.of):
            return None
        pairs = self._best(list(zip(*value.meeting, strict=True)), a, b)
        first, second = ([pair[side] for pair in pairs] for side in (0, 1))
        rest_a, rest_b = (_others(arg, met) for arg, met in ((a, first), (b, second)))
        left = self._matrix(a, rest_a, first)
        right = self._matrix(b, second, rest_b)
        if len(rest_a) > 1 or len(rest_b) > 1:
            sizes = [self._size(arg, rest) for arg, rest in ((a, rest_a), (b, rest_b)) if rest]
            out = f"{out}.reshape({', '.join(sizes)})"
        return f"np.dot({left}, {right}, out={out})"

    def matmul(self, value: MatMul, target: Name, out: str) -> str | None:
        """Every row of an array by one matrix; None where rows do not lie in memory alike."""
        a, b = value.args
        if not isinstance(a, Name) or len(a.axes) < 3 or len(b.axes) != 2:
            return None
        if self.outermost(a.of) != self.outermost(target.of):
            return None
        rows = [p for p in self._memory(a) if p != len(a.axes) - 1]
        left, result = (
            self._rows(text, each, rows)
            for text, each in ((self.spelling.text(a, ATOM), a), (out, target))
        )
        return f"np.dot({left}, {self.spelling.text(b)}, out={result})"

    def _rows(self, text: str, array: Name, rows: Sequence[int]) -> str:
        last = len(array.axes) - 1
        return f"{_transposed(text, [*rows, last])}.reshape(-1, {self._size(array, [last])})"

    def _best(self, pairs: list[tuple[int, int]], a: Name, b: Name) -> list[tuple[int, int]]:
        """The axes that meet in the order in which most lies in memory already."""
        orders = [
            sorted(pairs, key=lambda pair: self._memory(each).index(pair[side]))
            for side, each in ((1, b), (0, a))
        ]

        def copied(order: list[tuple[int, int]]) -> int:
            sides = [([pair[side] for pair in order], each) for side, each in ((0, a), (1, b))]
            return sum(not self._is_view(each, met) for met, each in sides)

        return min(orders, key=copied)

    def _is_view(self, array: Name, met: Sequence[int]) -> bool:
        rest = _others(array, met)
        return self._memory(array) in ([*met, *rest], [*rest, *met])

    def _matrix(self, array: Name, rows: Sequence[int], columns: Sequence[int]) -> str:
        """The array with some of its axes as rows, the others as columns."""
        text = self.spelling.text(array, ATOM)
        if isinstance(array.of, Temporary) and array.of.label == ONES:
            return f"{text}.reshape(-1)"
        if not rows or not columns:
            return f"{_transposed(text, [*rows, *columns])}.reshape(-1)"
        if len(rows) == len(columns) == 1:
            return _transposed(text, [*rows, *columns])
        if self._memory(array) == [*columns, *rows]:
            whole = _transposed(text, [*columns, *rows])
            return f"{whole}.reshape(-1, {self._size(array, rows)}).T"
        whole = _transposed(text, [*rows, *columns])
        return f"{whole}.reshape({self._size(array, rows)}, -1)"

    def _memory(self, array: Name) -> list[int]:
        """The axes as they lie in memory."""
        first = self.outermost(array.of)
        return [first, *(p for p in range(len(array.axes)) if p != first)]

    def _size(self, array: Value, positions: Sequence[int]) -> str:
        indices = (array.axes[p] for p in positions)
        return " * ".join(self.spelling.size(i.axis) for i in indices if i is not None) or "1"


def _others(array: Name, positions: Sequence[int]) -> list[int]:
    return [p for p in range(len(array.axes)) if p not in positions]


def _transposed(text: str, order: Sequence[int]) -> str:
    if list(order) == list(range(len(order))):
        return text
    if list(order) == [1, 0]:
        return f"{text}.T"
    return f"{text}.transpose({', '.join(map(str, order))})"
