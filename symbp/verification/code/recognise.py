"""What the arrays of a program are: parameters, data, targets, the prediction, the way back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Expr, KroneckerDelta, Number, Piecewise
from sympy.core.relational import Relational

from symbp.equations.axis import Axis, Index, Size
from symbp.equations.calculus import ArgLargest
from symbp.equations.equation import Equation
from symbp.equations.tensor import Role, Tensor, entries, indices_of, is_entry, tensor_of
from symbp.verification.code.trace import Assigned, Trace, Update
from symbp.verification.text import Spot

TINY = Number(1) / 10**4
"""Numbers that only keep a logarithm or a quotient finite are smaller: they are read as nothing."""

_GRADIENT = re.compile(
    r"^(?:d|grad_?|gradient_?|g_?|nabla_?|delta_?|D|diff_?)_?(.+?)$|^(.+?)_?(?:grad|gradient|delta)$"
)
_QUOTIENT = re.compile(r"^d[A-Za-z]+?_?d_?(.+)$")
"""``dE_dw1``, ``dLdW``"""
_PLACE = re.compile(r"\[(\d+)\]$")
_KEY = re.compile(r"""([A-Za-z_]\w*)["']?\]?$""")


MOST_CHANGES = 4
"""Statements in a row that change one parameter."""


@dataclass(frozen=True)
class Parameter:
    """What training changes.

    ``before`` is what the forward pass read. ``after`` is its new value, or None where only the
    gradient ``given`` is computed.
    """

    name: str
    before: Tensor
    after: Expr | None
    at: Spot
    text: str
    given: Tensor | None = None


@dataclass(frozen=True)
class Recognised:
    """A trace with roles; all of it follows from who uses what."""

    trace: Trace

    @cached_property
    def steps(self) -> dict[Tensor, Assigned]:
        """The statement that computes each array."""
        return {tensor_of(a.equation.lhs): a for a in self.trace.assigned}

    @cached_property
    def along(self) -> frozenset[Axis]:
        """The axes that parameters extend along: those of units, none of samples."""
        return frozenset(axis for p in self.parameters for axis in p.before.axes)

    @cached_property
    def bound(self) -> dict[Axis, int]:
        """The sizes that have to be as the program says: of axes at whose places it names numbers.

        So it is with a dimension of one entry, and where positions are computed.
        """
        axes: set[Axis] = set()
        for step in self.trace.assigned:
            axes |= _placed(step.equation.rhs)
        for _, size in self.trace.ties:
            axes |= {s.axis for s in size.atoms(Size)}
        axes |= {axis for axis, _ in self.trace.ties}
        return {a: n for a, n in self.trace.sizes.items() if n == 1 or a in axes}

    @cached_property
    def equations(self) -> dict[Tensor, Equation]:
        """The equations in order, without the numbers that only keep things finite."""
        return {
            t: Equation(a.equation.id, a.equation.lhs, cleaned(a.equation.rhs))
            for t, a in self.steps.items()
        }

    @cached_property
    def parents(self) -> dict[Tensor, tuple[Tensor, ...]]:
        return {t: _used(equation.rhs) for t, equation in self.equations.items()}

    @cached_property
    def order(self) -> dict[Tensor, int]:
        return {t: k for k, t in enumerate(self.equations)}

    def ancestors(self, *of: Tensor) -> set[Tensor]:
        """``of`` and all that they are computed from."""
        seen, frontier = set(of), list(of)
        while frontier:
            for parent in self.parents.get(frontier.pop(), ()):
                if parent not in seen:
                    seen.add(parent)
                    frontier.append(parent)
        return seen

    def reached(self, expr: Expr) -> set[Tensor]:
        """All that ``expr`` is computed from."""
        return self.ancestors(*_used(expr))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What training changes and the forward pass reads."""
        if self.trace.measure is not None:
            return tuple(self._given)
        found = {}
        for update in self.trace.updates:
            if update.before.axes or len(self.trace.updates) < 9:
                after = cleaned(self._written_out(update))
                found[update.before] = Parameter(
                    self._called(update), update.before, after, update.at, update.text
                )
        named = list(self._named)
        typed = Counter(name for name, *_ in named)  # in a function that is called twice, twice
        for name, tensor, at, text in named:
            before = self._meant(name)
            first = found.get(before) if before is not None else None
            if first is not None and first.given is not None and self._adds(tensor, first.given):
                found[first.before] = replace(first, at=at, text=text, given=tensor)
                continue
            is_new = before is not None and before not in found
            is_only = bool(found) and typed[name] == 1
            if before is not None and is_new and (is_only or self._is_alike(before, tensor)):
                found[before] = Parameter(core(before.name), before, None, at, text, tensor)
        return tuple(p for p in found.values() if self._is_read_first(p))

    @property
    def _given(self) -> Iterable[Parameter]:
        """What derivatives are given back by, where the loss is Σ dout · out."""
        for of, tensor, at, text in self.trace.wanted:
            step = self.steps.get(tensor)
            place = (at, text) if step is None else (step.at, step.text)
            yield Parameter(core(of.name), of, None, *place, tensor)

    @property
    def _named(self) -> Iterable[tuple[str, Tensor, Spot, str]]:
        """The arrays by the names that they are given, then by those that they are kept by."""
        for step in self.trace.assigned:
            yield step.name, tensor_of(step.equation.lhs), step.at, step.text
        yield from (kept for kept in self.trace.kept if kept[1] in self.steps)

    def _adds(self, tensor: Tensor, more: Tensor) -> bool:
        """Whether ``tensor`` is ``more`` and another term, as in each turn of a loop."""
        step = self.steps.get(tensor)
        if step is None or tensor == more:
            return False
        indices = indices_of(step.equation.lhs)
        terms = (t for t in step.equation.rhs.args if step.equation.rhs.is_Add and is_entry(t))
        return any(tensor_of(t) == more and indices_of(t) == indices for t in terms)

    @staticmethod
    def _is_alike(before: Tensor, tensor: Tensor) -> bool:
        """Whether both extend along the same axes."""
        return sorted(a.key for a in tensor.axes) == sorted(a.key for a in before.axes)

    def _written_out(self, update: Update) -> Expr:
        """The new value in terms of the old one, over all statements that change it."""
        names = {tensor_of(a.equation.lhs): a for a in self.trace.assigned if a.name == update.name}
        after = update.after
        for _ in range(MOST_CHANGES):
            late = [e for e in entries(after) if tensor_of(e) in names]
            if not late:
                break
            equation = names[tensor_of(late[0])].equation
            renaming = dict(zip(indices_of(equation.lhs), indices_of(late[0]), strict=True))
            after = after.xreplace({late[0]: equation.rhs.xreplace(renaming)})
        return after

    @staticmethod
    def _called(update: Update) -> str:
        """What was typed, unless it is a key that runs over all parameters."""
        name = update.before.name.split("#")[0]
        return update.name if core(update.name) == core(name) else name

    def _is_read_first(self, parameter: Parameter) -> bool:
        """Whether more than its own new value is made of it: what an optimizer keeps is not."""
        if parameter.after is None:
            return True
        typed = {u.name for u in self.trace.updates if u.before == parameter.before}
        users = (t for t, parents in self.parents.items() if parameter.before in parents)
        return any(self.steps[t].name not in typed for t in users)

    def _meant(self, name: str) -> Tensor | None:
        """The input of which ``name`` bears the gradient's name."""
        return meant(name, {core(key): tensor for key, tensor in self.trace.inputs.items()})

    @cached_property
    def depends_on(self) -> Mapping[Tensor, frozenset[Tensor]]:
        """The parameters, as they were before, that each array depends on."""
        before = {p.before for p in self.parameters}
        found: dict[Tensor, frozenset[Tensor]] = {}
        for tensor, parents in self.parents.items():
            own = {p for p in parents if p in before}
            found[tensor] = frozenset(own).union(*(found.get(p, frozenset()) for p in parents))
        return found

    @cached_property
    def targets(self) -> tuple[Tensor, ...]:
        """Inputs that come in only where the prediction is there already."""
        most = max((len(d) for d in self.depends_on.values()), default=0)
        if not most:
            return ()
        full = [t for t, d in self.depends_on.items() if len(d) == most]
        ahead = self.ancestors(full[0])  # the places of a batch are shared by data and targets
        data = {t for t in ahead if t.axes and t.labels is None}
        return self._beside(most, data, made=False) or self._beside(most, data, made=True)

    def _beside(self, most: int, data: set[Tensor], *, made: bool) -> tuple[Tensor, ...]:
        """What first stands beside a value of all parameters; ``made``: it may be made of data."""
        states = {p.before for p in self.parameters} | {u.before for u in self.trace.updates}
        for tensor in self.equations:
            used = self.parents[tensor]
            fresh = [
                t
                for t in used
                if self._is_target(t)
                and not ({t} if made else self.ancestors(t)) & data
                and t not in states
            ]
            if fresh and any(len(self.depends_on.get(t, ())) == most for t in used):
                return tuple(fresh)
        return ()

    def _is_target(self, tensor: Tensor) -> bool:
        """Whether it is given, or made of what is given alone, as one-hot rows are."""
        if tensor in self.equations:
            return bool(tensor.axes) and not self.depends_on[tensor]
        return tensor.role is not Role.CONSTANT

    @cached_property
    def predictions(self) -> tuple[Tensor, ...]:
        """What the targets are compared with, the most likely first."""
        most = max((len(d) for d in self.depends_on.values()), default=0)
        found: dict[Tensor, None] = {}
        for used in self.parents.values():
            if set(used) & set(self.targets):
                for t in used:
                    if len(self.depends_on.get(t, ())) == most:
                        found[t] = None
        behind = {t for t in found if self.ancestors(t) & set(self.targets)}
        return tuple(t for t in found if t not in behind)

    def scalars(self) -> Iterable[tuple[str, Expr, Spot, bool]]:
        """Numbers that depend on the parameters and the targets: name, value, place, if stored."""
        shown = {str(expr): name for name, expr, _ in self.trace.shown}
        for t, step in self.steps.items():
            if not t.axes and self._is_measure(t[()]):
                yield step.name, t[()], step.at, str(t[()]) in shown
        for name, expr, at in self.trace.shown:
            if not any(expr == t.symbol for t in self.steps) and self._is_measure(cleaned(expr)):
                yield name, cleaned(expr), at, True

    @cached_property
    def into_updates(self) -> set[Tensor]:
        """All that the steps are computed from."""
        found = {t for p in self.parameters if p.after is not None for t in _used(p.after)}
        return self.ancestors(*found, *(p.given for p in self.parameters if p.given))

    def _is_measure(self, expr: Expr) -> bool:
        if is_entry(expr) and tensor_of(expr) in self.into_updates:
            return False
        reached = self.reached(expr)
        before = {p.before for p in self.parameters}
        if not self.targets:  # they are typed in: what depends on all that is learnt
            return before <= reached
        return bool(reached & before and reached & set(self.targets))


def meant(name: str, inputs: Mapping[str, Tensor]) -> Tensor | None:
    """The one of ``inputs``, by plain names, of which ``name`` bears the gradient's name.

    ``dw[2]`` is that of ``w2``, where nothing is called ``w[2]``.
    """
    own = core(name)
    for called in dict.fromkeys((own, _PLACE.sub(r"\1", own))):
        if "grad" in name.lower() and called in inputs:
            return inputs[called]
        for match in (_GRADIENT.match(called), _QUOTIENT.match(called)):
            wanted = match and next((word for word in match.groups() if word), None)
            if wanted and wanted in inputs:
                return inputs[wanted]
    return None


def _placed(expr: Expr) -> set[Axis]:
    """The axes on which places are counted, rather than gone through."""
    found: set[Axis] = set()
    for entry in entries(expr):
        for axis, at in zip(tensor_of(entry).axes, indices_of(entry), strict=True):
            if not isinstance(at, (Index, ArgLargest)) and not is_entry(at):
                found |= {axis, *(i.axis for i in at.atoms(Index))}
    for delta in expr.atoms(KroneckerDelta):
        if not all(isinstance(side, (Index, ArgLargest)) or is_entry(side) for side in delta.args):
            found |= {i.axis for i in delta.atoms(Index)}
    return found


def core(name: str) -> str:
    """The last word of a name: ``W1`` of ``self.params["W1"]``."""
    match = _KEY.search(name)
    return match[1] if match else name


def _used(expr: Expr) -> tuple[Tensor, ...]:
    return tuple(dict.fromkeys(tensor_of(e) for e in entries(expr)))


def cleaned(expr: Expr) -> Expr:
    """``expr`` without tiny addends, and with bounds that are nearly 0 or 1 as those."""
    if not expr.args:
        return expr
    if expr.is_Add:
        kept = [a for a in expr.args if not (a.is_Number and 0 < abs(a) < TINY)]
        if len(kept) < len(expr.args):
            expr = expr.func(*kept)
    if isinstance(expr, (Relational, Piecewise)):
        near = {
            n: n.round() for n in expr.atoms(Number) if n != n.round() and abs(n - n.round()) < TINY
        }
        expr = expr.xreplace(near) if near else expr
    if not expr.args:
        return expr
    args = [cleaned(a) if hasattr(a, "args") else a for a in expr.args]
    return expr.func(*args) if tuple(args) != tuple(expr.args) else expr
