"""Products over several axes as one product of matrices: rows and columns of what lies in memory.

Σₙₜ z[n, t, i] δ[n, t, j]   ->   z.reshape(-1, I).T.dot(δ.reshape(-1, J), out=…)

The method of an array takes half the time of NumPy's function for small matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from symbp.lowering.arrays import (
    MatMul,
    Name,
    Named,
    Tensordot,
    Transpose,
    Value,
    names_in,
)
from symbp.lowering.passes.sums import is_ones
from symbp.targets.numpy.spelling import ATOM, Spelling


@dataclass(frozen=True)
class Matrices:
    """Spells such products; ``orders`` tells how axes lie in memory: () in order."""

    spelling: Spelling
    orders: Callable[[Named], tuple[int, ...]]
    parts: Collection[Named] = ()
    """What is a part of another array: NumPy's ``dot`` would copy that."""

    def product(self, args: Sequence[Value], left: str, right: str, out: str) -> str:
        """The product of NumPy that copies nothing."""
        names = frozenset[Named]().union(*map(names_in, args))
        if names.isdisjoint(self.parts):
            return f"{left}.dot({right}, out={out})"
        return f"np.matmul({left}, {right}, out={out})"

    def tensordot(
        self, value: Tensordot, target: Name, out: str, order: Sequence[int] = ()
    ) -> str | None:
        """A sum over several axes; None where the result does not lie in memory as it must.

        ``order`` is that in which ``target`` has the axes of the result.
        """
        a, b = value.args
        if not (isinstance(a, Name) and isinstance(b, Name)):
            return None
        pairs = self._best(list(zip(*value.meeting, strict=True)), a, b)
        first, second = ([pair[side] for pair in pairs] for side in (0, 1))
        for one, other, met in ((a, b, second), (b, a, first)):
            if is_ones(one) and not self._is_view(other, met):
                axes = ", ".join(map(str, sorted(met)))
                axes = f"({axes})" if len(met) > 1 else axes
                return f"np.add.reduce({self.spelling.text(other)}, axis={axes}, out={out})"
        rest_a, rest_b = (_others(arg, met) for arg, met in ((a, first), (b, second)))
        memory, count = self._memory(target), len(rest_a)
        inside = [order[p] if order else p for p in memory]
        rest_a = [rest_a[p] for p in inside if p < count]
        rest_b = [rest_b[p - count] for p in inside if p >= count]
        is_apart = [p < count for p in inside]
        if sorted(is_apart) != is_apart and sorted(is_apart, reverse=True) != is_apart:
            return None
        sides = [(a, rest_a), (b, rest_b)]
        if rest_a and rest_b and not is_apart[0]:
            left, right = self._matrix(b, rest_b, second), self._matrix(a, first, rest_a)
            sides.reverse()
        else:
            left, right = self._matrix(a, rest_a, first), self._matrix(b, second, rest_b)
        if len(rest_a) > 1 or len(rest_b) > 1:
            sizes = [self._size(arg, rest) for arg, rest in sides if rest]
            out = f"{self.spelling.transposed(out, memory)}.reshape({', '.join(sizes)})"
        else:
            out = self.spelling.transposed(out, memory)
        return self.product(value.args, left, right, out)

    def matmul(self, value: MatMul, target: Name, out: str) -> str | None:
        """Every row of an array by one matrix; None where rows do not lie in memory alike."""
        a, b = value.args
        if len(a.axes) == len(b.axes) == 2 and self.orders(target.of) == (1, 0):
            turned = self.spelling.transposed(out, (1, 0))
            return self.product(value.args, self._turned(b), self._turned(a), turned)
        if not isinstance(a, Name) or len(a.axes) < 3 or len(b.axes) != 2:
            return None
        last = len(a.axes) - 1
        memory = self._memory(a)
        if memory[-1] != last or memory != self._memory(target):
            if not isinstance(b, Name) or last in (memory[-1], self._memory(target)[-1]):
                return None
            return self.tensordot(Tensordot((a, b), ((last,), (0,))), target, out)
        left, result = (
            self._rows(text, each, memory[:-1])
            for text, each in ((self.spelling.text(a, ATOM), a), (out, target))
        )
        return self.product(value.args, left, self.spelling.text(b, ATOM), result)

    def _turned(self, value: Value) -> str:
        """A matrix with its columns as rows."""
        if isinstance(value, Transpose):
            return self.spelling.text(value.arg, ATOM)
        return self.spelling.transposed(self.spelling.text(value, ATOM), (1, 0))

    def _rows(self, text: str, array: Name, rows: Sequence[int]) -> str:
        last = len(array.axes) - 1
        whole = self.spelling.transposed(text, [*rows, last])
        return f"{whole}.reshape(-1, {self._size(array, [last])})"

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
        if is_ones(array):
            return True
        rest = [p for p in self._memory(array) if p not in met]
        return self._memory(array) in ([*met, *rest], [*rest, *met])

    def _matrix(self, array: Name, rows: Sequence[int], columns: Sequence[int]) -> str:
        """The array with some of its axes as rows, the others as columns."""
        text = self.spelling.text(array, ATOM)
        if is_ones(array):
            return text if len(array.axes) == 1 else f"{text}.reshape(-1)"
        if not rows or not columns:
            return f"{self.spelling.transposed(text, [*rows, *columns])}.reshape(-1)"
        if len(rows) == len(columns) == 1:
            return self.spelling.transposed(text, [*rows, *columns])
        if self._memory(array) == [*columns, *rows]:
            whole = self.spelling.transposed(text, [*columns, *rows])
            return f"{whole}.reshape(-1, {self._size(array, rows)}).T"
        whole = self.spelling.transposed(text, [*rows, *columns])
        return f"{whole}.reshape({self._size(array, rows)}, -1)"

    def _memory(self, array: Name) -> list[int]:
        """The axes as they lie in memory."""
        return list(self.orders(array.of) or range(len(array.axes)))

    def _size(self, array: Value, positions: Sequence[int]) -> str:
        indices = (array.axes[p] for p in positions)
        return " * ".join(self.spelling.size(i.axis) for i in indices if i is not None) or "1"


def _others(array: Name, positions: Sequence[int]) -> list[int]:
    return [p for p in range(len(array.axes)) if p not in positions]
