"""Ways back that leave something out: what all gradients would be if one thing were forgotten.

A path from an array to what is computed from it, the mask of a dropout, the slope of an activation,
a transpose, or all but the diagonal of a softmax: whoever forgets one gets gradients that are
worked out here, by all parameters at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from sympy import Mul, Piecewise, Pow, Sum, exp, tanh

from symbp.equations.adjoints import adjoints
from symbp.equations.arrays import Array
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, entries, indices_of, is_entry, tensor_of
from symbp.verification.code.recognise import Recognised
from symbp.verification.code.scene import Scene

CHAIN = 4
"""How many lines a statistic is away at most."""
MOST = 80
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
    """``wrong`` are what gradients are wrong by."""

    known: Recognised
    scene: Scene
    wrong: tuple[Tensor, ...] = ()

    def __iter__(self) -> Iterator[Detour]:
        every = (
            self._turns,
            self._paths,
            self._masks,
            self._slopes,
            self._transposes,
            self._diagonals,
        )
        for found in islice((left for kind in every for left in kind()), MOST):
            yield Detour(found.code, found.say, found.of, found.at, self._back(found))

    @property
    def forward(self) -> list[Equation]:
        definitions = self.scene.program.definitions
        return [e for t, e in definitions.items() if t in self.scene.ahead]

    def _back(self, left: _Left) -> Gradients:
        """The gradients where some equations are others on the way back, at the same values."""
        loss = tensor_of(self.scene.program.loss)
        found: dict[Tensor, Array] = {loss: np.array(self.one, dtype=object)}
        at, waiting = self.scene.start, list(self.forward)
        while waiting:
            plain: list[Equation] = []
            while waiting and not self._is_apart(tensor_of(waiting[-1].lhs), left):
                equation = waiting.pop()
                other = left.changed.get(tensor_of(equation.lhs), equation)
                assert isinstance(other, Equation)
                plain.append(other)
            found = adjoints(at, plain[::-1], found, left.held)
            if waiting:
                found = self._apart(waiting.pop(), left, found)
        return found

    @staticmethod
    def _is_apart(tensor: Tensor, left: _Left) -> bool:
        return tensor in left.apart or isinstance(left.changed.get(tensor), _Diagonal)

    def _apart(
        self, equation: Equation, left: _Left, found: dict[Tensor, Array]
    ) -> dict[Tensor, Array]:
        """The way back through an equation that has one of its own."""
        tensor, at = tensor_of(equation.lhs), self.scene.start
        if tensor not in found:
            return found
        other, itself = left.changed[tensor], left.apart.get(tensor)
        if isinstance(other, _Diagonal):
            own = found[tensor] * other.slope + found.get(other.source, 0)
            return {**found, other.source: at.arithmetic.reduced(own)}
        others = [(tensor, t) for t in self.scene.parents[tensor] if t != itself]
        found = adjoints(at, [equation], found, others)
        return adjoints(at, [other], found, [(tensor, itself)] if itself is not None else ())

    # ---- paths ----------------------------------------------------------------------------------

    def _paths(self) -> Iterator[_Left]:
        """Of each array that is read more than once one use is left out, in all turns of a loop."""
        uses: dict[tuple[object, object], list[tuple[Tensor, Equation]]] = {}
        readers: dict[Tensor, set[Tensor]] = {}
        before = {p.before for p in self.known.parameters}
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            for source in self.scene.parents[user]:
                if source.axes and self._is_learnt(source):
                    readers.setdefault(source, set()).add(user)
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            for source in self.scene.parents[user]:
                is_penalty = not user.axes and source in before
                if len(readers.get(source, ())) > 1 and not is_penalty:
                    uses.setdefault((self._line(source), self._line(user)), []).append(
                        (source, equation)
                    )
        every: set[tuple[Tensor, Tensor]] = set()
        behind: list[Tensor] = []
        for pairs in uses.values():
            cut = frozenset((tensor_of(e.lhs), source) for source, e in pairs)
            user = tensor_of(pairs[0][1].lhs)
            sources = tuple(dict.fromkeys(source for source, _ in pairs))
            code, say = self._named(user, sources[0])
            if code == "M24":
                every |= cut
                behind += sources
            yield _Left(code, say, user, sources, held=cut)
        if len(every) > 1:
            yield _Left("M24", "seen", behind[0], tuple(behind), held=frozenset(every))

    def _turns(self) -> Iterator[_Left]:
        """Of all turns of a loop in which one line reads something, only one is kept."""
        reading: list[list[tuple[Tensor, Tensor]]] = []
        for source in self.wrong:
            lines: dict[object, list[tuple[Tensor, Tensor]]] = {}
            for user in (tensor_of(e.lhs) for e in self.forward):
                if source in self.scene.parents[user]:
                    lines.setdefault(self._line(user), []).append((user, source))
            reading += [turns for turns in lines.values() if len(turns) > 1]
        for kept in (0, -1) if reading else ():
            cut = frozenset(pair for turns in reading for pair in turns if pair != turns[kept])
            sources = tuple(dict.fromkeys(source for _, source in cut))
            yield _Left("M16", "turn", sources[0], sources, held=cut)

    def _named(self, user: Tensor, source: Tensor) -> tuple[str, str]:
        """What it is called to forget that ``user`` is computed from ``source``."""
        own = self.scene.program.definitions.get(source)
        path = [user]
        while len(path) < CHAIN:
            if self._is_statistic(path[-1], source):
                is_power = own is not None and isinstance(own.rhs, exp)
                return ("M18", "own") if is_power else ("M24", "statistic")
            following = [t for t, used in self.scene.parents.items() if path[-1] in used]
            following = [t for t in following if t in self.scene.ahead]
            if len(following) != 1 or self._reads_learnt(path[-1]):
                break
            path += following
        return "M16", "way"

    def _reads_learnt(self, tensor: Tensor) -> bool:
        return bool(self.scene.parents[tensor] & {p.before for p in self.known.parameters})

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
        """Of each product with what is drawn, that factor is left out, or its number."""
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

    # ---- slopes, transposes ---------------------------------------------------------------------

    def _slopes(self) -> Iterator[_Left]:
        """The slope of an activation is left out wherever its line computes one."""
        lines: dict[object, list[tuple[Tensor, Tensor]]] = {}
        for equation in self.forward:
            z = tensor_of(equation.lhs)
            sources = {tensor_of(e) for e in entries(equation.rhs)}
            if len(sources) == 1 and equation.rhs.atoms(exp, tanh, Piecewise):
                (u,) = sources
                if u.axes == z.axes and self._is_learnt(u) and not equation.rhs.has(Sum):
                    lines.setdefault(self._line(z), []).append((z, u))
        for pairs in lines.values():
            ones = {z: np.full_like(self.scene.start.array(z), self.one) for z, _ in pairs}
            changed = {z: _Diagonal(u, ones[z]) for z, u in pairs}
            is_last = any(z in self.known.predictions for z, _ in pairs)
            code = "M01" if is_last else "M02"
            yield _Left(code, "seen", pairs[0][0], tuple(u for _, u in pairs), changed)

    def _transposes(self) -> Iterator[_Left]:
        """A square matrix lies on its side on the way back to what it was multiplied with."""
        lines: dict[object, list[tuple[Tensor, Tensor, Equation]]] = {}
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            for entry in entries(equation.rhs) if equation.rhs.has(Sum) else ():
                tensor, places = tensor_of(entry), list(indices_of(entry))
                twice = [n for n, a in enumerate(tensor.axes) if tensor.axes.count(a) == 2]
                if len(twice) == 2:
                    i, j = twice
                    places[i], places[j] = places[j], places[i]
                    rhs = equation.rhs.xreplace({entry: tensor[tuple(places)]})
                    other = Equation(equation.id, equation.lhs, rhs)
                    key = (self._line(user), self._line(tensor))
                    lines.setdefault(key, []).append((user, tensor, other))
        for found in lines.values():
            changed = {user: other for user, _, other in found}
            turned = {user: tensor for user, tensor, _ in found}
            read = [(t, turned[user]) for user in changed for t in self.scene.parents[user]]
            others = tuple(t for t, own in read if t != own and t.axes)
            yield _Left("M11", "seen", found[0][1], others, changed, apart=turned)

    @property
    def one(self) -> Any:
        return self.scene.start.arithmetic.one

    # ---- the diagonal ---------------------------------------------------------------------------

    def _diagonals(self) -> Iterator[_Left]:
        """Of each quotient of powers of e, each entry is taken for a function of its own alone."""
        for equation in self.forward:
            user = tensor_of(equation.lhs)
            source = self._exponent(equation)
            if source is None or source.axes != user.axes:
                continue
            inner = self._between(user, source)
            if not any(self.scene.program.definitions[t].rhs.has(Sum) for t in inner):
                continue  # a sigmoid has no other entries
            slope = self._slope(user, source)
            if slope is not None:
                own = _Diagonal(source, self.scene.start.array(user))
                yield _Left("M18", "own", user, (source,), {user: own})
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
                return self._unshifted(found[0]) if len(found) == 1 else None
            seen += [t for t in self.scene.parents[tensor] if t not in seen and t.axes]
        return None

    def _unshifted(self, source: Tensor) -> Tensor:
        """s of s − max s, which people differentiate by: p is the same for both."""
        own = self.scene.program.definitions.get(source)
        if own is None or not own.rhs.is_Add:
            return source
        indices = indices_of(own.lhs)
        whole = [e for e in own.rhs.args if is_entry(e) and indices_of(e) == indices]
        rest = [part for part in own.rhs.args if part not in whole]
        is_shift = all(part.free_symbols & set(indices) < set(indices) for part in rest)
        return tensor_of(whole[0]) if len(whole) == 1 and is_shift else source

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
    apart: Mapping[Tensor, Tensor] = field(default_factory=dict)  # what has its own way back


@dataclass(frozen=True)
class _Diagonal:
    """Each entry as a function of one entry of ``source`` alone, with this slope."""

    source: Tensor
    slope: Array
