"""Which lines are wrong if the loss is this one.

The updates tell whether anything is wrong; where it is, is found by repair: a line is the slip if
the updates come right once the line gives what it should, and lines before it are as they should.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr, Integer

from symbp.equations.arrays import Array
from symbp.equations.axis import Axis, Size
from symbp.equations.equation import Equation
from symbp.equations.evaluation import Evaluator
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor, entries, indices_of, tensor_of
from symbp.equations.wellformed import IllFormed
from symbp.verification.code.losses import LOSS, Hypothesis
from symbp.verification.code.recognise import Parameter, Recognised
from symbp.verification.code.scene import Form, Scene, orders, same, scaled, scene
from symbp.verification.code.splitting import split
from symbp.verification.code.updates import Effect, effect, stepped

MOST_SLIPS = 8


@dataclass(frozen=True)
class Slip:
    """A line that is wrong given what it uses: ``tensor`` is what it computes, None for an update.

    ``kind``: "value", "version" (reads ``version`` where ``meant`` is right), "factor" (``by`` is
    what it is too much by), "update" (of ``parameter``), "unknown". ``form`` is what it should be;
    ``beside``: it is but for a multiple of the parameter.
    """

    kind: str
    tensor: Tensor | None = None
    parameter: Parameter | None = None
    form: Form | None = None
    version: Tensor | None = None
    meant: Tensor | None = None
    by: Expr | None = None
    slope: tuple[Tensor, Tensor] | None = None
    beside: bool = False
    is_other: bool = False  # it is a derivative by something else


@dataclass
class Outcome:
    """``effects`` as they are, ``mended`` as they are with all slips repaired."""

    hypothesis: Hypothesis
    scene: Scene
    effects: tuple[Effect, ...]
    mended: tuple[Effect, ...]
    base: Expr | None
    slips: tuple[Slip, ...]
    forms: Mapping[Tensor, tuple[Form, ...]]
    slopes: Mapping[Tensor, tuple[Tensor, Tensor]]
    follows: Mapping[Tensor | Parameter, Slip]
    order: tuple[Tensor, ...] = ()
    conditions: tuple[str, ...] = ()
    all_slopes: Mapping[tuple[Tensor, Tensor], Array] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return not self.slips

    @property
    def is_sane(self) -> bool:
        """Whether the loss explains anything at all."""
        return any(e.is_along for e in self.effects)


def examine(
    known: Recognised,
    hypothesis: Hypothesis,
    *,
    exact: bool = True,
    seed: int = 1,
    sizes: Mapping[Axis, int] | None = None,
    search: bool = True,
) -> Outcome | None:
    """What is wrong under ``hypothesis``; None where it cannot be evaluated.

    Without ``search`` all that is wrong is one slip in a place that is not looked for.
    """
    program, backward = programmed(known, hypothesis)
    if program is None:
        return None
    ones = {axis: 1 for axis, size in known.trace.sizes.items() if size == 1}
    point = scene(program, seed, exact=exact, sizes={**ones, **(sizes or {})})
    if point is None:
        return None
    try:
        return _Search(known, hypothesis, point, backward).outcome(search=search)
    except (ArithmeticError, NotImplementedError, LookupError):
        return None  # a parameter that the loss does not depend on, a value that is not known


def programmed(
    known: Recognised, hypothesis: Hypothesis
) -> tuple[Program | None, tuple[Tensor, ...]]:
    """The forward pass, the loss, and what the updates are made of besides, in this order."""
    before = [p.before for p in known.parameters]
    whole = known.reached(hypothesis.value)
    ahead_of = {t: e for t, e in known.equations.items() if t in whole}
    equations = {
        **split(ahead_of, before),
        **{t: e for t, e in known.equations.items() if t not in whole},
    }
    parents = {t: {tensor_of(e) for e in entries(q.rhs)} for t, q in equations.items()}
    ahead = _closure(parents, {tensor_of(e) for e in entries(hypothesis.value)})
    ends = {tensor_of(e) for p in known.parameters if p.after for e in entries(p.after)}
    ends |= {p.given for p in known.parameters if p.given}
    if ahead & _replaced(known):
        return None, ()
    back = [t for t in equations if t in _closure(parents, ends) and t not in ahead]
    forward = [equations[t] for t in equations if t in ahead]
    loss = Equation("E", LOSS[()], hypothesis.value)
    ways = (*forward, loss, *(equations[t] for t in back))
    new = [
        Equation(f"new {p.name}", stepped(p)[indices_of(p.before.entry)], p.after)
        for p in known.parameters
        if p.after is not None
    ]
    states = _states([*ways[len(forward) + 1 :], *new], ways[: len(forward) + 1])
    kept = {t.symbol: replace(t, role=Role.CONSTANT).symbol for t in states}
    every = [Equation(e.id, e.lhs, e.rhs.xreplace(kept)) for e in (*ways, *new)]
    try:
        program = Program(tuple(every), hypothesis.facts)
    except IllFormed:
        return None, ()
    return program, tuple(back)


def _states(back: Sequence[Equation], ahead: Sequence[Equation]) -> set[Tensor]:
    """What an optimizer remembers; squares are among it, so that all of it is taken as positive."""
    used, made = ({tensor_of(e) for q in some for e in entries(q.rhs)} for some in (back, ahead))
    defined = {tensor_of(q.lhs) for q in (*back, *ahead)}
    return {t for t in used - made - defined if t.axes and t.labels is None}


def _replaced(known: Recognised) -> set[Tensor]:
    """New values of parameters."""
    return {
        t
        for p in known.parameters
        for t, a in known.steps.items()
        if a.name == p.name and p.before in known.ancestors(t)
    }


def _closure(parents: Mapping[Tensor, set[Tensor]], of: set[Tensor]) -> set[Tensor]:
    seen, frontier = set(of), list(of)
    while frontier:
        fresh = parents.get(frontier.pop(), set()) - seen
        seen |= fresh
        frontier += fresh
    return seen


@dataclass
class _Search:
    known: Recognised
    hypothesis: Hypothesis
    scene: Scene
    backward: tuple[Tensor, ...]
    told: set[Parameter] = field(default_factory=set)
    base: Expr | None = None
    shares: bool | None = None

    def outcome(self, *, search: bool) -> Outcome:
        at = self.scene.start
        first = self.effects(at)
        self.base = _base(first)
        if self.hypothesis.origin == "code" and not all(e.is_along for e in first):
            self.base = self.base and Integer(1)  # what else is wrong is wrong by that loss
        wrong = self.wrong(first)
        slips: list[Slip] = []
        if not search:
            slips = [Slip("unknown", parameter=p) for p in wrong]
            wrong = {}
        forms, slopes = self.classified(at) if search else ({}, {})
        overrides: dict[Tensor, Array] = {}
        follows: dict[Tensor | Parameter, Slip] = {}
        now = first
        while wrong and len(slips) < MOST_SLIPS:
            slip, array = self.find(at, now, wrong, overrides, forms, slopes)
            slips.append(slip)
            if slip.tensor is None or array is None:
                self.told |= {slip.parameter} if slip.parameter else set(wrong)
                wrong = self.wrong(now)
                continue
            overrides[slip.tensor] = array
            at = self.scene.rerun(overrides)
            now = self.effects(at)
            if self.base is None:
                self.base = _base(now)
            still = self.wrong(now)
            follows |= {p: slip for p in wrong if p not in still}
            after, slopes_after = self.classified(at)
            for tensor in self.backward:
                if (
                    tensor in after
                    and tensor not in overrides
                    and _meaning(forms.get(tensor)) != _meaning(after[tensor])
                ):
                    follows[tensor] = slip
            forms, slopes, wrong = after, {**slopes, **slopes_after}, still
        return Outcome(
            self.hypothesis,
            self.scene,
            first,
            now,
            self.base,
            tuple(slips),
            forms,
            slopes,
            follows,
            self.backward,
            ("one_hot",) if self.hypothesis.facts else (),
            self.slopes if slips and search else {},
        )

    def effects(self, at: Evaluator) -> tuple[Effect, ...]:
        found = [effect(self.scene, at, p, self.backward) for p in self.known.parameters]
        if self.shares is None:
            whole = sum(e.factor is not None and abs(e.factor * e.share) == 1 for e in found)
            plain = sum(e.factor is not None and abs(e.factor) == 1 for e in found)
            self.shares = whole > 0 and whole >= plain
        if self.shares:
            found = [replace(e, factor=e.factor and e.factor * e.share) for e in found]
        return _against_each_other(self.scene, found)

    def wrong(self, effects: Sequence[Effect]) -> dict[Parameter, Effect]:
        """The parameters that do not go down the slope, each by the common amount."""
        out = {}
        for e in effects:
            off = self.base is not None and e.factor is not None and abs(e.factor) != self.base
            if e.parameter not in self.told and (not e.is_along or e.sign < 0 or off):
                out[e.parameter] = e
        return out

    def classified(
        self, at: Evaluator
    ) -> tuple[dict[Tensor, tuple[Form, ...]], dict[Tensor, tuple[Tensor, Tensor]]]:
        """What each array on the way back is a derivative of, or which slope it is."""
        forms, slopes = {}, {}
        for tensor in self.backward:
            found = self.scene.forms(at.values[tensor], tensor.axes, self.adjoints)
            named = tuple(f for f in found if f.factor is not None)
            if named:
                forms[tensor] = named
                continue
            for (z, u), slope in self.slopes.items():
                if z.axes == tensor.axes and same(self.scene, at.values[tensor], slope):
                    slopes[tensor] = (z, u)
        return forms, slopes

    @property
    def adjoints(self) -> list[Tensor]:
        """What the loss may be differentiated by: computed from parameters, or these."""
        if not hasattr(self, "_adjoints"):
            before = [p.before for p in self.known.parameters]
            definitions = self.scene.program.definitions
            ahead: list[Tensor] = []
            for tensor in definitions:
                if tensor == LOSS:
                    break
                used = self.scene.parents[tensor]
                if tensor.axes and (used & set(before) or used & set(ahead)):
                    ahead.append(tensor)
            self._adjoints = [*ahead, *(b for b in before if b in self.scene.program.inputs)]
        return self._adjoints

    @property
    def slopes(self) -> dict[tuple[Tensor, Tensor], Array]:
        """f′ of every activation that works entry by entry."""
        if not hasattr(self, "_slopes"):
            self._slopes = {}
            for z in self.adjoints:
                equation = self.scene.program.definitions.get(z)
                if equation is None:
                    continue
                sources = [u for u in self.scene.parents[z] if u in self.adjoints]
                if len(sources) == 1 and sources[0].axes == z.axes:
                    slope = self.scene.slope(z, sources[0])
                    if slope is not None:
                        self._slopes[z, sources[0]] = slope
        return self._slopes

    # ---- the slip -------------------------------------------------------------------------------

    def find(
        self,
        at: Evaluator,
        now: Sequence[Effect],
        wrong: Mapping[Parameter, Effect],
        overrides: Mapping[Tensor, Array],
        forms: Mapping[Tensor, tuple[Form, ...]],
        slopes: Mapping[Tensor, tuple[Tensor, Tensor]],
    ) -> tuple[Slip, Array | None]:
        """The first wrong line, and what it should have given."""
        ends = {tensor_of(e) for p in wrong if p.after for e in entries(p.after)}
        ends |= {p.given for p in wrong if p.given}
        reach = _closure(self.scene.parents, ends)
        lines = [t for t in self.backward if t in reach and t not in overrides]
        makers = (self.versions, self.values, self.factors)
        if all(e.is_along for e in wrong.values()):
            makers = (self.versions, self.factors, self.values)
        for maker in makers:
            best: tuple[int, Slip, Array] | None = None
            for slip, array in maker(at, lines, wrong, forms, slopes):
                assert slip.tensor is not None
                count = self.mended(wrong, {**overrides, slip.tensor: array})
                if count and (best is None or count > best[0]):
                    best = (count, slip, array)
                if count == 2 * len(wrong) + 1:
                    break
            if best is not None:
                return best[1], best[2]
        parameter = next(iter(wrong))
        e = wrong[parameter]
        if e.array is not None and e.array not in overrides and e.array in reach and not e.is_along:
            return Slip("value", e.array, parameter), None
        return Slip("update", None, parameter, by=_off(e, self.base)), None

    def mended(self, wrong: Mapping[Parameter, Effect], overrides: Mapping[Tensor, Array]) -> int:
        """How much comes right: two for each update; none where another one goes wrong.

        One more where the steps are not just along the gradients but are them.
        """
        effects = self.effects(self.scene.rerun(overrides))
        still = self.wrong(effects)
        if not set(still) < set(wrong):
            return 0
        is_exact = not self._is_absolute or self.base is not None or _base(effects) == 1
        return 2 * (len(wrong) - len(still)) + is_exact

    def versions(
        self, at: Evaluator, lines: Sequence[Tensor], *_: Any
    ) -> Iterator[tuple[Slip, Array]]:
        """Lines that read what a name stood for later or earlier than was meant."""
        steps, definitions = self.known.steps, self.scene.program.definitions
        inputs = {p.name: p.before for p in self.known.parameters}
        for tensor in lines:
            equation = definitions[tensor]
            for used in dict.fromkeys(tensor_of(e) for e in entries(equation.rhs)):
                if used not in steps:
                    continue
                name = steps[used].name
                older = [t for t, a in steps.items() if a.name == name and t != used]
                older += [inputs[name]] if name in inputs else []
                for meant in older:
                    if meant.axes != used.axes or meant not in at.values:
                        continue
                    moved = equation.rhs.xreplace(
                        {e: _like(meant, e) for e in entries(equation.rhs, used)}
                    )
                    slip = Slip("version", tensor, version=used, meant=meant)
                    yield slip, at.over(moved, equation.lhs)

    def values(
        self,
        at: Evaluator,
        lines: Sequence[Tensor],
        wrong: Mapping[Parameter, Effect],
        forms: Mapping[Tensor, tuple[Form, ...]],
        slopes: Mapping[Tensor, tuple[Tensor, Tensor]],
    ) -> Iterator[tuple[Slip, Array]]:
        """Lines that give no derivative at all, then those that give another one than is meant."""
        odd = [t for t in lines if t not in forms and t not in slopes]
        for tensor in (*odd, *(t for t in reversed(lines) if t not in odd)):
            own = {f.of for f in forms.get(tensor, ())}
            for form in self.wanted(tensor, forms):
                if form.of in own:
                    continue
                gradient = self.scene.gradient(form.of).transpose(form.order)
                array = scaled(self.scene, gradient, form.ratio)
                beside = self.beside(at.values[tensor], array, form)
                yield Slip("value", tensor, form=form, beside=beside, is_other=bool(own)), array
            for pair, slope in self.slopes.items():
                if pair[0].axes == tensor.axes and slopes.get(tensor) != pair:
                    yield Slip("value", tensor, slope=pair), slope

    def beside(self, written: Array, right: Array, form: Form) -> bool:
        """Whether a multiple of the parameter itself is too much or too little."""
        if form.of not in [p.before for p in self.known.parameters]:
            return False
        more = self.scene.start.arithmetic.reduced(written - right)
        own = self.scene.start.values[form.of].transpose(form.order)
        return self.scene.ratio(more, own) is not None

    def wanted(self, tensor: Tensor, forms: Mapping[Tensor, tuple[Form, ...]]) -> Iterator[Form]:
        """What an array may be meant to be: multiples that its sources are, then plain ones."""
        above = [f.factor for t in self.scene.parents[tensor] for f in forms.get(t, ())]
        every = [f.factor for found in forms.values() for f in found]
        plain: list[Expr | None] = [self.base, Integer(1), Integer(-1)]
        if self.base is None and self._is_absolute:
            sizes = [axis.size for axis in sorted(self.scene.program.axes, key=str)]
            sizes = [size for size in sizes if self._is_outer(size)]
            plain += [sign * size**k for size in sizes for k in (1, -1) for sign in (1, -1)]
        factors = dict.fromkeys(above or [*plain, *every])
        for factor in factors:
            if factor is None:
                continue
            ratio = self.scene.start.value(factor).array[()]
            for of in reversed(self.adjoints):
                for order in orders(of.axes, tensor.axes):
                    yield Form(of, order, ratio, factor)

    @property
    def _is_absolute(self) -> bool:
        """Whether the loss is known with its factor."""
        return self.hypothesis.origin in ("code", "shown")

    def _is_outer(self, size: Size) -> bool:
        """Whether no parameter extends along the axis: it is that of the samples."""
        return all(size.axis not in p.before.axes for p in self.known.parameters)

    def factors(
        self,
        at: Evaluator,
        lines: Sequence[Tensor],
        wrong: Mapping[Parameter, Effect],
        forms: Mapping[Tensor, tuple[Form, ...]],
        slopes: Mapping[Tensor, tuple[Tensor, Tensor]],
    ) -> Iterator[tuple[Slip, Array]]:
        """Lines that give a multiple of a derivative, another one than their sources do."""
        by = {off for e in wrong.values() if (off := _off(e, self.base)) is not None}
        jumps = [t for t in lines if t in forms and self._jumps(t, forms)]
        ends = [e.array for e in wrong.values() if e.array in forms and e.array in lines]
        for tensor in dict.fromkeys([*jumps, *ends]):
            if tensor is None:
                continue
            for factor in sorted(by, key=str):
                if factor == -1 and tensor not in jumps:
                    continue  # the update has the wrong sign, not the gradient
                inverse = self.scene.start.value(1 / factor).array[()]
                array = scaled(self.scene, at.values[tensor], inverse)
                yield Slip("factor", tensor, form=forms[tensor][0], by=factor), array

    def _jumps(self, tensor: Tensor, forms: Mapping[Tensor, tuple[Form, ...]]) -> bool:
        own = {f.factor for f in forms[tensor]}
        above = {f.factor for t in self.scene.parents[tensor] for f in forms.get(t, ())}
        return not own & above if above else own != {Integer(1)}


def _meaning(forms: Sequence[Form] | None) -> tuple[object, ...]:
    """What an array is, and how much of it."""
    return (forms[0].of, forms[0].factor) if forms else ()


def _like(tensor: Tensor, entry: Expr) -> Expr:
    return tensor[tuple(entry.indices)] if tensor.axes else tensor[()]


def _off(e: Effect, base: Expr | None) -> Expr | None:
    """What a step is too much by."""
    if e.factor is None:
        return Integer(-1) if e.sign < 0 else None
    signed: Expr = abs(e.factor) if e.sign >= 0 else -abs(e.factor)
    return signed if base is None else signed / base


def _base(effects: Sequence[Effect]) -> Expr | None:
    """The multiple that the steps share: 1 if any does, else the most frequent."""
    found = [abs(e.factor) for e in effects if e.is_along and e.factor is not None]
    if not found:
        return None
    return Integer(1) if 1 in found else Counter(found).most_common(1)[0][0]


def _against_each_other(scene: Scene, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Steps of unknown size, told by each other where a number of samples lies between them."""
    effects = _of_rules(effects)
    blank = [e for e in effects if e.is_along and e.factor is None and e.kind != "rule"]
    if len(blank) < 2:
        return tuple(effects)
    out = list(effects)
    inverse = scene.field.inverse(blank[0].ratio)
    relative = {e.parameter: scene.named(scene.field.reduce(e.ratio * inverse)) for e in blank}
    if any(f is not None and f.atoms(Size) for f in relative.values()):
        out = [replace(e, factor=relative[e.parameter]) if e in blank else e for e in effects]
    return tuple(out)


def _of_rules(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Of steps by one rule whose sign is not clear, those against the others go up the slope."""
    signs = {e.factor.could_extract_minus_sign() for e in effects if _is_unclear(e) and e.factor}
    if len(signs) < 2:
        return tuple(effects)
    return tuple(
        replace(e, sign=-1 if e.factor is not None and e.factor.could_extract_minus_sign() else 1)
        if _is_unclear(e)
        else e
        for e in effects
    )


def _is_unclear(e: Effect) -> bool:
    return e.kind == "rule" and e.is_along and not e.sign and e.factor is not None
