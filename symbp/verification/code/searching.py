"""The search for the lines that are wrong, by repair.

The updates tell whether anything is wrong; a line is the slip if the updates come right once the
line gives what it should, and lines before it are as they should.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import process_time
from typing import Any, TypeAlias

from sympy import Expr, Integer

from symbp.equations.arrays import Array
from symbp.equations.axis import Axis, Size
from symbp.equations.evaluation import Evaluator
from symbp.equations.tensor import Tensor, entries, tensor_of
from symbp.verification.code.comparing import _against_each_other, _base, _like, _meaning, _off
from symbp.verification.code.losses import LOSS, Hypothesis
from symbp.verification.code.omission import Omission
from symbp.verification.code.outcome import Outcome, Slip
from symbp.verification.code.programming import _closure, programmed
from symbp.verification.code.recognise import Parameter, Recognised
from symbp.verification.code.scene import Form, Scene, orders, same, scaled, scene
from symbp.verification.code.updates import Effect, effect, typed_in

MOST_SLIPS = 8
SECONDS = 1.2
"""Of processor time, in which a line is looked for; that something is wrong is known before."""

Arrays: TypeAlias = Mapping[Tensor, Array]


def examine(
    known: Recognised,
    hypothesis: Hypothesis,
    *,
    exact: bool = True,
    seed: int = 1,
    sizes: Mapping[Axis, int] | None = None,
    search: bool = True,
    quick: bool = False,
) -> Outcome | None:
    """What is wrong under ``hypothesis``; None where it cannot be evaluated.

    Without ``search`` all that is wrong is one slip in a place that is not looked for; ``quick``
    looks for what was forgotten on the way back only, and gives None where it is something else.
    """
    program, backward = programmed(known, hypothesis)
    if program is None:
        return None
    point = scene(
        program, seed, exact=exact, sizes={**known.bound, **(sizes or {})}, ties=known.trace.ties
    )
    if point is None:
        return None
    try:
        looking = _Search(known, hypothesis, point, backward, is_quick=quick)
        found = looking.outcome(search=search)
        return None if quick and any(s.detour is None for s in found.slips) else found
    except (ArithmeticError, NotImplementedError, LookupError):
        return None  # a parameter that the loss does not depend on, a value that is not known


@dataclass
class _Search:
    known: Recognised
    hypothesis: Hypothesis
    scene: Scene
    backward: tuple[Tensor, ...]
    told: set[Parameter] = field(default_factory=set)
    until: float = field(default_factory=lambda: process_time() + SECONDS)
    is_quick: bool = False
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
            slip, arrays = self.find(at, now, wrong, overrides, forms, slopes)
            is_left = not arrays and self.is_over() and not self.is_quick
            if is_left and (heirs := self.heirs(wrong, slips)):
                follows |= heirs
                self.told |= {p for p in wrong if p in heirs}
                wrong = self.wrong(now)
                continue
            slips.append(slip)
            if slip.tensor is None or not arrays:
                self.told |= {slip.parameter} if slip.parameter else set(wrong)
                wrong = self.wrong(now)
                continue
            overrides |= arrays
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
        heirs = self.heirs(wrong, slips)
        follows |= heirs
        slips += [Slip("unknown", parameter=p) for p in wrong if p not in heirs]
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
        every = self.known.parameters
        found = [self.rated(effect(self.scene, at, p, self.backward)) for p in every]
        if self.shares is None:
            self.shares = _shares(found)
        if self.shares:
            found = [
                replace(e, factor=e.factor and e.factor * e.share, share=Integer(1)) for e in found
            ]
        return _against_each_other(self.scene, found)

    def rated(self, e: Effect) -> Effect:
        """A step without a rate may have it in the line before: ``s = 0.1 * g``, ``w -= s``."""
        if e.kind != "plain" or e.typed != (1,) or e.array not in self.known.steps:
            return e
        rates = typed_in(self.known.steps[e.array].text)
        return replace(e, kind="inline", typed=rates) if rates else e

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

    def heirs(
        self, wrong: Mapping[Parameter, Effect], slips: Sequence[Slip]
    ) -> dict[Tensor | Parameter, Slip]:
        """What is wrong and made of what a line of ``slips`` gives, in any turn of a loop."""
        steps, tensors = self.known.steps, ((slip.tensor, slip) for slip in slips)
        places = {steps[t].at: slip for t, slip in tensors if t is not None and t in steps}
        found: dict[Tensor | Parameter, Slip] = {}
        for parameter, e in wrong.items():
            ends = {e.array} if e.array is not None else set(map(tensor_of, _new(parameter)))
            for t in _closure(self.scene.parents, ends):
                if t in steps and steps[t].at in places:
                    found[parameter] = places[steps[t].at]
        return found

    # ---- the slip -------------------------------------------------------------------------------

    def find(
        self,
        at: Evaluator,
        now: Sequence[Effect],
        wrong: Mapping[Parameter, Effect],
        overrides: Arrays,
        forms: Mapping[Tensor, tuple[Form, ...]],
        slopes: Mapping[Tensor, tuple[Tensor, Tensor]],
    ) -> tuple[Slip, Arrays]:
        """The first wrong line, and what it should have given, in a loop each time."""
        ends = {tensor_of(e) for p in wrong if p.after for e in entries(p.after)}
        ends |= {p.given for p in wrong if p.given}
        reach = _closure(self.scene.parents, ends)
        lines = [t for t in self.backward if t in reach and t not in overrides]
        if (found := self.forgotten(at, wrong, forms, lines)) is not None:
            return found
        if self.is_quick:
            self.told |= set(wrong)
            return Slip("unknown"), {}
        makers = [self.versions, self.values, self.factors]
        if all(e.is_along for e in wrong.values()):
            # What goes up the slope has a wrong sign somewhere; all else may be a single number.
            is_uphill = all(e.sign < 0 for e in wrong.values())
            makers = [self.factors] if is_uphill else [self.factors, self.versions, self.values]
        elif any(e.is_along for e in wrong.values()):
            # A factor in one of the terms of a sum leaves the sum along nothing.
            makers.insert(0, self.factors)
        for place, maker in enumerate(makers):
            least = 2 * len(wrong) if maker in makers[place + 1 :] else 1
            best: tuple[int, Slip, Arrays] | None = None
            for slip, arrays in maker(at, lines, wrong, overrides, forms, slopes):
                if self.is_over():
                    break
                count = self.mended(wrong, {**overrides, **arrays})
                if count and (best is None or count > best[0]):
                    best = (count, slip, arrays)
                if count == 2 * len(wrong) + 1:
                    break
            if best is not None and best[0] >= least:
                return best[1], best[2]
        parameter = next(iter(wrong))
        e = wrong[parameter]
        if e.array is not None and e.array not in overrides and e.array in reach and not e.is_along:
            return Slip("value", e.array, parameter), {}
        return Slip("update", None, parameter, by=_off(e, self.base)), {}

    def forgotten(
        self,
        at: Evaluator,
        wrong: Mapping[Parameter, Effect],
        forms: Mapping[Tensor, tuple[Form, ...]],
        lines: Sequence[Tensor],
    ) -> tuple[Slip, Arrays] | None:
        """The line that forgets a path, a mask or the like, where that is all that is wrong."""
        omission = Omission(self.known, self.scene, at, self.base, self.adjoints)
        detour = omission.detour(wrong, self.is_over)
        if detour is None:
            return None
        slip, arrays = omission.first(detour, lines, forms, self._again)
        if slip is not None and self.mended(wrong, arrays):
            return slip, arrays
        parameter, e = next(iter(wrong.items()))
        return Slip("value", e.array, parameter, detour=detour), {}

    def is_over(self) -> bool:
        """Whether the search has taken as long as anybody would wait."""
        return process_time() > self.until

    def mended(self, wrong: Mapping[Parameter, Effect], overrides: Arrays) -> int:
        """How much comes right: two for each update; none where another one goes wrong.

        One more where the steps are not just along the gradients but are them.
        """
        try:
            effects = self.effects(self.scene.rerun(overrides))
        except ArithmeticError:  # the root of what is negative
            return 0
        still = self.wrong(effects)
        if not set(still) < set(wrong):
            return 0
        is_exact = not self._is_absolute or self.base is not None or _base(effects) == 1
        return 2 * (len(wrong) - len(still)) + is_exact

    def versions(
        self, at: Evaluator, lines: Sequence[Tensor], *_: Any
    ) -> Iterator[tuple[Slip, Arrays]]:
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
                older += [inputs[name]] if inputs.get(name) in self._earlier(used) else []
                for meant in older:
                    if meant.axes != used.axes or meant not in at.values:
                        continue
                    moved = equation.rhs.xreplace(
                        {e: _like(meant, e) for e in entries(equation.rhs, used)}
                    )
                    slip = Slip("version", tensor, version=used, meant=meant)
                    yield slip, {tensor: at.over(moved, equation.lhs)}

    def _earlier(self, tensor: Tensor) -> set[Tensor]:
        """What a line reads that gives ``tensor`` or an earlier value by the same name."""
        steps, parents = self.known.steps, self.scene.parents
        found = parents.get(tensor, set())
        own = {t for t in found if t in steps and steps[t].name == steps[tensor].name}
        return found.union(*(parents[t] for t in own))

    def values(
        self,
        at: Evaluator,
        lines: Sequence[Tensor],
        wrong: Mapping[Parameter, Effect],
        overrides: Arrays,
        forms: Mapping[Tensor, tuple[Form, ...]],
        slopes: Mapping[Tensor, tuple[Tensor, Tensor]],
    ) -> Iterator[tuple[Slip, Arrays]]:
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
                yield (
                    Slip("value", tensor, form=form, beside=beside, is_other=bool(own)),
                    {tensor: array},
                )
            for pair, slope in self.slopes.items():
                if pair[0].axes == tensor.axes and slopes.get(tensor) != pair:
                    yield Slip("value", tensor, slope=pair), {tensor: slope}

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
        return size.axis not in self.known.along

    def factors(
        self,
        at: Evaluator,
        lines: Sequence[Tensor],
        wrong: Mapping[Parameter, Effect],
        overrides: Arrays,
        forms: Mapping[Tensor, tuple[Form, ...]],
        slopes: Mapping[Tensor, tuple[Tensor, Tensor]],
    ) -> Iterator[tuple[Slip, Arrays]]:
        """Lines that give a multiple of a derivative, another one than their sources do."""
        by = {off for e in wrong.values() if (off := _off(e, self.base)) is not None}
        jumps = [t for t in lines if t in forms and self._jumps(t, forms)]
        # Where the way back begins, either sign is in use; a turn further on is odd.
        jumps.sort(key=lambda t: not any(p in forms for p in self.scene.parents[t]))
        ends = [e.array for e in wrong.values() if e.array in forms and e.array in lines]
        for tensor in dict.fromkeys([*jumps, *ends]):
            if tensor is None:
                continue
            for factor in sorted(by, key=str):
                if factor == -1 and not (tensor in jumps and self._turns(tensor, forms)):
                    continue  # the update has the wrong sign, not the gradient
                inverse = self.scene.start.value(1 / factor).array[()]
                slip = Slip("factor", tensor, form=forms[tensor][0], by=factor)
                array = scaled(self.scene, at.values[tensor], inverse)
                yield slip, {tensor: array}
                if again := self._again(tensor):
                    arrays = {tensor: array}
                    for each in again:
                        now = self.scene.rerun({**overrides, **arrays})
                        arrays[each] = scaled(self.scene, now.values[each], inverse)
                    yield slip, arrays

    def _again(self, tensor: Tensor | None) -> list[Tensor]:
        """What the same line gives later on, in a loop."""
        if tensor is None:
            return []
        at = self.known.steps[tensor].at
        later = self.backward[self.backward.index(tensor) + 1 :]
        return [t for t in later if t in self.known.steps and self.known.steps[t].at == at]

    def _jumps(self, tensor: Tensor, forms: Mapping[Tensor, tuple[Form, ...]]) -> bool:
        own = {f.factor for f in forms[tensor]}
        above = {f.factor for t in self.scene.parents[tensor] for f in forms.get(t, ())}
        return not own & above if above else own != {Integer(1)}

    def _turns(self, tensor: Tensor, forms: Mapping[Tensor, tuple[Form, ...]]) -> bool:
        """Whether the sign is another one than that of what the line uses."""
        own, above = (
            {
                f.factor.could_extract_minus_sign()
                for t in group
                for f in forms.get(t, ())
                if f.factor
            }
            for group in ((tensor,), self.scene.parents[tensor])
        )
        return not own & (above or {False})


def _new(parameter: Parameter) -> tuple[Expr, ...]:
    """What the new value of a parameter is made of."""
    return () if parameter.after is None else tuple(entries(parameter.after))


def _shares(effects: Sequence[Effect]) -> bool:
    """Whether the sizes that rates are divided by, as in ``lr / m``, belong to the gradients."""
    steps = [(e.factor, e.factor * e.share) for e in effects if e.factor is not None]
    whole, plain = (sum(abs(s[k]) == 1 for s in steps) for k in (1, 0))
    if not whole and not plain:
        whole, plain = (sum(not s[k].has(Size) for s in steps) for k in (1, 0))
    return whole > 0 and whole >= plain
