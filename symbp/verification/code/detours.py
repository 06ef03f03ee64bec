"""Ways back that leave something out: what all gradients would be if one thing were forgotten.

A path from an array to what is computed from it, the mask of a dropout, or all but the diagonal of a
softmax: whoever forgets one gets gradients that are worked out here, by all parameters at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from sympy import Mul, Pow, Sum, exp

from symbp.equations.adjoints import adjoints
from symbp.equations.arrays import Array
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, entries, is_entry, tensor_of
from symbp.verification.code.recognise import Recognised
from symbp.verification.code.scene import Scene

MOST = 60
"""Things that are forgotten, one at a time."""

Gradients = Mapping[Tensor, Array]


@dataclass(frozen=True)
class Detour:
    """What is forgotten behind the arrays ``at``; ``gradients`` are what the loss is then by all.

    ``say`` is a key of the texts of the mistake ``code``, ``of`` the array that is left out.
    """

    code: str
    say: str
    of: Tensor
    at: tuple[Tensor, ...]
    gradients: Gradients


@dataclass(frozen=True)
class Detours:
    known: Recognised
    scene: Scene

    def __iter__(self) -> Iterator[Detour]:
        made = 0
        for found in (*self._paths(), *self._masks(), *self._diagonals()):
            made += 1
            if made > MOST:
                return
            yield Detour(found.code, found.say, found.of, found.at, self._back(found))

    @property
    def forward(self) -> list[Equation]:
        definitions = self.scene.program.definitions
        return [e for t, e in definitions.items() if t in self.scene.ahead]

    def _back(self, left: _Left) -> Gradients:
        """The gradients where some equations are others on the way back, at the same values."""
        loss = tensor_of(self.scene.program.loss)
        one = np.array(self.scene.start.arithmetic.one, dtype=object)
        found: dict[Tensor, Array] = {loss: one}
        at = self.scene.start
        for equation in reversed(self.forward):
            tensor = tensor_of(equation.lhs)
            if tensor not in found:
                continue
            other = left.changed.get(tensor, equation)
            if isinstance(other, _Diagonal):
                own = at.arithmetic.reduced(found[tensor] * other.slope)
                found[other.source] = own + found.get(other.source, 0)
                continue
            found = adjoints(at, [other], found, left.held)
        return found

    # ---- paths ----------------------------------------------------------------------------------

    def _paths(self) -> Iterator[_Left]:
        """Of each array that is read more than once, one use is left out, in every turn of a loop."""
        uses: dict[tuple[object, object], list[tuple[Tensor, Equation]]] = {}
        readers: dict[Tensor, set[Tensor]] = {}
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            for source in self.scene.parents[user]:
                if source.axes and self._is_learnt(source):
                    readers.setdefault(source, set()).add(user)
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            for source in self.scene.parents[user]:
                if len(readers.get(source, ())) > 1:
                    uses.setdefault((self._line(source), self._line(user)), []).append(
                        (source, equation)
                    )
        every: set[tuple[Tensor, Tensor]] = set()
        behind: list[Tensor] = []
        for pairs in uses.values():
            cut = frozenset((tensor_of(e.lhs), source) for source, e in pairs)
            user = tensor_of(pairs[0][1].lhs)
            sources = tuple(dict.fromkeys(source for source, _ in pairs))
            is_statistic = self._is_statistic(user, sources[0])
            if is_statistic:
                every |= cut
                behind += sources
            code, say = ("M24", "statistic") if is_statistic else ("M16", "way")
            yield _Left(code, say, user, sources, held=cut)
        if len(every) > 1:
            yield _Left("M24", "seen", behind[0], tuple(behind), held=frozenset(every))

    def _line(self, tensor: Tensor) -> object:
        step = self.known.steps.get(tensor)
        return tensor if step is None else (step.at, step.name.partition("[")[0])

    def _is_learnt(self, tensor: Tensor) -> bool:
        return bool(self.known.depends_on.get(tensor)) or tensor in {
            p.before for p in self.known.parameters
        }

    def _is_statistic(self, user: Tensor, source: Tensor) -> bool:
        """Whether ``user`` is taken over an axis of ``source``, as a mean is, with no weights."""
        used = self.scene.parents[user] & {p.before for p in self.known.parameters}
        is_weighed = bool(used - {source})
        return bool(user.axes) and set(user.axes) < set(source.axes) and not is_weighed

    # ---- masks ----------------------------------------------------------------------------------

    def _masks(self) -> Iterator[_Left]:
        """Of each product with what is drawn, that factor is left out, or the number that it has."""
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            rhs = equation.rhs
            if not user.axes or not isinstance(rhs, Mul):
                continue
            learnt = [f for f in rhs.args if any(self._is_learnt(tensor_of(e)) for e in entries(f))]
            rest = [f for f in rhs.args if f not in learnt]
            if len(learnt) != 1 or not is_entry(learnt[0]) or not rest:
                continue
            for left in rest:
                of = [tensor_of(e) for e in entries(left)]
                if not of or any(t in self.known.targets for t in of):
                    continue
                is_mask = bool(of[0].axes) or of[0].role is Role.CONSTANT
                if is_mask:
                    other = Equation(equation.id, equation.lhs, rhs / left)
                    source = tensor_of(learnt[0])
                    say = "missing" if of[0].axes else "scale"
                    yield _Left("M25", say, of[0], (source,), {user: other})

    # ---- the diagonal ---------------------------------------------------------------------------

    def _diagonals(self) -> Iterator[_Left]:
        """Of each quotient of powers of e, each entry is taken for a function of its own alone."""
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            source = self._exponent(equation)
            if source is None or source.axes != user.axes:
                continue
            slope = self._slope(user, source)
            if slope is not None:
                yield _Left("M18", "diagonal", user, (source,), {user: _Diagonal(source, slope)})

    def _exponent(self, equation: Equation) -> Tensor | None:
        """s of e^s / Σ e^s, perhaps in several lines, with or without the largest taken away."""
        if not any(isinstance(f, Pow) and f.exp == -1 for f in Mul.make_args(equation.rhs)):
            return None
        seen: list[Tensor] = [tensor_of(equation.lhs)]
        is_power = False
        for tensor in seen:
            own = self.scene.program.definitions.get(tensor)
            if own is None or len(seen) > 6:
                return None
            is_power = is_power or own.rhs.has(exp)
            if own.rhs.has(exp):
                inner = [
                    tensor_of(e) for power in own.rhs.atoms(exp) for e in entries(power.args[0])
                ]
                found = [t for t in dict.fromkeys(inner) if t.axes == equation_axes(equation)]
                return found[0] if len(found) == 1 else None
            seen += [t for t in self.scene.parents[tensor] if t not in seen and t.axes]
        return None

    def _slope(self, user: Tensor, source: Tensor) -> Array | None:
        """∂p_j/∂s_j for each j: one entry of the last axis at a time."""
        at = self.scene.start
        between = [e for e in self.forward if tensor_of(e.lhs) in self._between(user, source)]
        shape = at.array(user).shape
        out = np.full(shape, at.arithmetic.zero, dtype=object)
        axis = self._summed_axis(user, between)
        for k in range(shape[axis]):
            seed = np.full(shape, at.arithmetic.zero, dtype=object)
            where = tuple(k if n == axis else slice(None) for n in range(len(shape)))
            seed[where] = at.arithmetic.one
            found = adjoints(at, between, {user: seed}).get(source)
            if found is None:
                return None
            out[where] = found[where]
        return out

    def _summed_axis(self, user: Tensor, between: list[Equation]) -> int:
        """The axis of ``user`` that a sum runs over."""
        for equation in between:
            for each in equation.rhs.atoms(Sum):
                axis = each.limits[0][0].axis
                if axis in user.axes:
                    return len(user.axes) - 1 - user.axes[::-1].index(axis)
        return len(user.axes) - 1

    def _between(self, user: Tensor, source: Tensor) -> set[Tensor]:
        found, frontier = {user}, [user]
        while frontier:
            for parent in self.scene.parents.get(frontier.pop(), ()):
                if parent not in found and parent != source:
                    found.add(parent)
                    frontier.append(parent)
        return found


def equation_axes(equation: Equation) -> tuple[object, ...]:
    return tensor_of(equation.lhs).axes


@dataclass(frozen=True)
class _Left:
    """A detour before it is gone: equations that are others, and what is held fixed in some."""

    code: str
    say: str
    of: Tensor
    at: tuple[Tensor, ...]
    changed: Mapping[Tensor, Equation | _Diagonal] = field(default_factory=dict)
    held: frozenset[tuple[Tensor, Tensor]] = frozenset()


@dataclass(frozen=True)
class _Diagonal:
    """Each entry as a function of one entry of ``source`` alone, with this slope."""

    source: Tensor
    slope: Array
