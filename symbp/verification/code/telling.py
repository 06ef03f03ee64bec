"""What was found out about a program, as findings: one for each line on the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Integer, Rational, Symbol

from symbp.equations.axis import Size
from symbp.equations.tensor import Tensor
from symbp.verification.code.comparing import is_odd
from symbp.verification.code.detours import Detour
from symbp.verification.code.explaining import Explaining
from symbp.verification.code.outcome import Outcome, Slip
from symbp.verification.code.recognise import Parameter, Recognised, core
from symbp.verification.code.spelling import spelled
from symbp.verification.code.tone import BADNESS, ERROR, Tone
from symbp.verification.code.updates import Effect
from symbp.verification.diagnosis import Explained
from symbp.verification.finding import Finding, Said, Told
from symbp.verification.text import Spot
from symbp.verification.timing import OutOfTime
from symbp.verification.verdict import Verdict

ONCE = ("code.right_for", "code.scaled")
"""What is the same in every line: its mistakes are told in the first."""


def _told_once(found: Iterable[Finding]) -> Iterator[Finding]:
    seen: set[str] = set()
    for finding in found:
        key = finding.message.key
        yield replace(finding, mistakes=()) if key in ONCE and key in seen else finding
        seen.add(key)


@dataclass
class Telling:
    known: Recognised
    outcome: Outcome
    tone: Tone
    _notes: list[tuple[Spot | None, Said]] = field(default_factory=list)
    _is_late: bool = False

    def findings(self) -> Iterator[Finding]:
        """The findings, lines that are no derivative of anything left out."""
        seen: set[Spot] = set()
        ends = {effect.array for effect in self.outcome.effects}
        for tensor in self.outcome.order:
            step = self.known.steps.get(tensor)
            is_number = not tensor.axes and tensor not in ends
            if step is None or is_number or self._is_update(tensor):
                continue
            finding = self._line(tensor)
            if finding is not None:
                seen.add(finding.at)
                yield finding
        for effect in self.outcome.effects:
            if effect.parameter.given is None or effect.parameter.at not in seen:
                yield self._update(effect)

    def distinct(self) -> list[Finding]:
        """One finding for each line: a loop reads it again for every layer. The worst is told."""
        worst: dict[tuple[Spot, str], Finding] = {}
        for finding in self.findings():
            known = worst.get((finding.at, finding.text))
            if known is None or BADNESS[finding.verdict] > BADNESS[known.verdict]:
                worst[finding.at, finding.text] = finding
        found = sorted(worst.values(), key=lambda f: f.at)
        return list(_told_once(found))

    def notes(self) -> tuple[tuple[Spot | None, Said], ...]:
        return tuple(self._notes)

    # ---- lines ----------------------------------------------------------------------------------

    def _line(self, tensor: Tensor) -> Finding | None:
        step = self.known.steps[tensor]
        if slip := self.slips.get(tensor):
            at, text = self._where(tensor, slip) or (step.at, step.text)
            return self._slip(slip, at, text)
        if slip := self.outcome.follows.get(tensor):
            return self._following(slip, step.at, step.text)
        if forms := self.outcome.forms.get(tensor):
            form = forms[0]
            facts = {"of": self.name(form.of), "factor": self.spelled(form.factor)}
            right = self._right(step.at, step.text, Said("code.gradient", facts))
            own = self._sized(form.factor)
            if self.scaled is None or own not in (self.number, -self.number):
                return right
            if tensor != self.scaled:
                return self._after(self.known.steps[self.scaled].at.line, step.at, step.text)
            return self._by_a_number(right, self.number)
        if pair := self.outcome.slopes.get(tensor):
            facts = {"of": self.name(pair[0])}
            return self._right(step.at, step.text, Said("code.slope", facts))
        return None

    def _where(self, tensor: Tensor, slip: Slip) -> tuple[Spot, str] | None:
        """The line that calls a right array by the name of another one, where that is the slip."""
        if slip.kind != "value" or not slip.is_other:
            return None
        found = [(at, text) for _, t, at, text in self.known.trace.aliases if t == tensor]
        return found[-1] if found else None

    @cached_property
    def number(self) -> Expr:
        """The mere number that all steps are too long by."""
        number, _ = (self._sized(self.outcome.base) or Integer(1)).as_coeff_Mul()
        return Integer(1) if self._counted(number).atoms(Size) else number

    @cached_property
    def scaled(self) -> Tensor | None:
        """The first line that is too much by this number."""
        if self.number == 1 or self.tone.kind != "sure":
            return None
        wanted = {self.number, -self.number}
        forms = ((t, self.outcome.forms.get(t, ())) for t in self.outcome.order)
        return next((t for t, own in forms if own and self._sized(own[0].factor) in wanted), None)

    def _by_a_number(self, right: Finding, number: Expr) -> Finding:
        """All gradients are too large by one number: a slip, if the loss is not only watched."""
        hypothesis = self.outcome.hypothesis
        facts = {"factor": self.spelled(number), "loss": hypothesis.name}
        said, told = Said("code.loss_factor", facts), self._of_factor(number)
        if hypothesis.origin == "code":
            return replace(right, verdict=Verdict.REFUTED, message=said, mistakes=told, error=0.0)
        return self._left_aside(right, said, told, facts["factor"])

    @staticmethod
    def _left_aside(right: Finding, said: Said, told: tuple[Told, ...], factor: str) -> Finding:
        """``right`` but for a factor; empty where it has no name."""
        conditions = (*right.conditions, Said("condition.factor", {"factor": factor}))
        return replace(
            right,
            verdict=Verdict.CONDITIONAL,
            message=said,
            mistakes=told,
            conditions=conditions,
            error=0.0,
        )

    @cached_property
    def slips(self) -> dict[Tensor, Slip]:
        return {s.tensor: s for s in self.outcome.slips if s.tensor is not None}

    @cached_property
    def bad_updates(self) -> dict[Parameter, Slip]:
        slips = (s for s in self.outcome.slips if s.tensor is None and s.parameter is not None)
        return {s.parameter: s for s in slips if s.parameter is not None}

    def _is_update(self, tensor: Tensor) -> bool:
        step = self.known.steps[tensor]
        return any(
            p.after is not None
            and (
                step.at == p.at or (step.name == p.name and p.before in self.known.parents[tensor])
            )
            for p in self.known.parameters
        )

    def _slip(self, slip: Slip, at: Spot, text: str) -> Finding:
        told, right = self._codes(slip), ""
        verdict = Verdict.REFUTED if self.tone.refutes else Verdict.CONDITIONAL
        if not self.tone.refutes:
            message = Said("code.loss_unknown", {"parameter": core(self._about(slip))})
            told = ()
        else:
            message = self._said(slip)
            explained, line = self._explained(slip) if slip.detour is None else ((), None)
            is_told = slip.beside or slip.kind == "version" or _has_root(slip.by)
            explained = () if is_told else explained
            known = {t.code for t in told}
            told = (*told, *(self._mistake(e) for e in explained if e.code not in known))
            right = self._text(line) if line is not None else ""
        if self.tone.other and all(t.code != "M08" for t in told):
            told = (*told, Told("M08", Said("loss", {"loss": self.tone.other, "activation": ""})))
        return Finding(at, text, verdict, message, mistakes=told, right=right)

    def _explained(self, slip: Slip) -> tuple[tuple[Explained, ...], Expr | None]:
        """How a slip came about, as long as there is time to look: that it is one is known."""
        try:
            return self.explaining.explained(slip) if not self._is_late else ((), None)
        except OutOfTime:
            self._is_late = True
            return (), None

    @cached_property
    def explaining(self) -> Explaining:
        return Explaining(self.known, self.outcome)

    def _mistake(self, explained: Explained) -> Told:
        facts = {
            key: fact if isinstance(fact, str) else self._text(fact)
            for key, fact in explained.facts.items()
        }
        return Told(explained.code, Said(explained.say, facts))

    def _text(self, expr: Expr) -> str:
        return spelled(expr, self._own_name, self.explaining.samples)

    def _own_name(self, tensor: Tensor) -> str:
        return self.name(self.explaining.lifting.back.get(tensor, tensor))

    def _said(self, slip: Slip) -> Said:
        if slip.kind == "version" and slip.version is not None:
            return Said("code.version", {"name": self.known.steps[slip.version].name})
        of = self.name(slip.form.of) if slip.form else core(self._about(slip))
        if slip.by is not None and slip.by == -1:
            return Said("code.sign" if slip.tensor else "code.ascent", {"of": of, "parameter": of})
        if slip.by is not None:
            return Said("code.factor", {"of": of, "factor": self.spelled(slip.by)})
        if slip.slope is not None:
            return Said("code.wrong_slope", {"of": self.name(slip.slope[0])})
        if slip.form is not None:
            return Said("code.wrong", {"of": of})
        return Said("code.wrong_unknown", {"parameter": of})

    def _codes(self, slip: Slip) -> tuple[Told, ...]:
        """Mistakes that the search itself has recognised."""
        if slip.detour is not None:
            return (self._forgotten(slip.detour),)
        if slip.kind == "version" and slip.version is not None:
            name = self.known.steps[slip.version].name
            if name in {p.name for p in self.known.parameters}:
                return (Told("M21", Said("updated", {"weight": name})),)
            return (Told("M23", Said("alias", {"wrong": name, "right": name})),)
        if slip.beside and slip.tensor is not None and slip.form is not None:
            term = self.name(slip.form.of)
            if slip.form.of in self.outcome.scene.parents[slip.tensor]:
                return (Told("M20", Said("factor", {"term": term, "factor": ""})),)
            return (Told("M20", Said("missing", {"term": term})),)
        if slip.by is None:
            return self._of_bias(slip)
        if slip.by == -1:
            return (Told("M05", Said("whole", {})),)
        return self._of_factor(slip.by)

    def _forgotten(self, detour: Detour) -> Told:
        """What a line has left out."""
        name = self.name(detour.of)
        facts = {"missing": "mask", "way": "path", "statistic": "path"}
        given = {facts[detour.say]: name} if detour.say in facts else {}
        say = {"way": "path", "statistic": "seen", "scale": "seen"}.get(detour.say, detour.say)
        return Told(detour.code, Said(say, {} if say in ("seen", "diagonal", "own") else given))

    def _of_factor(self, by: Expr) -> tuple[Told, ...]:
        """A number too much or too little, or how many there are, or both."""
        sizes = [] if _has_root(by) else sorted(by.atoms(Size), key=str)
        number, _ = by.as_coeff_Mul()
        told = []
        if not sizes or abs(number) != 1:
            told.append(Told("M06", Said("whole", {"factor": self.spelled(by)})))
        for size in sizes[:1]:
            key = "twice" if by.has(1 / size) else "missing"
            told.append(Told("M07", Said(key, {"size": self.spelled(size)})))
        return tuple(told)

    def _of_bias(self, slip: Slip) -> tuple[Told, ...]:
        """The sum over the wrong axis shows in the array's own axis."""
        if slip.form is not None or slip.parameter is None or slip.tensor is None:
            return ()
        before = slip.parameter.before
        if len(before.axes) != 1 or len(slip.tensor.axes) != 1 or slip.tensor.axes == before.axes:
            return ()
        facts = {
            "index": self.spelled(before.axes[0].size),
            "right": self.spelled(slip.tensor.axes[0].size),
        }
        return (Told("M17", Said("wrong_axis", facts)),)

    def _about(self, slip: Slip) -> str:
        if slip.parameter is not None:
            return slip.parameter.name
        return self.known.steps[slip.tensor].name if slip.tensor is not None else ""

    def _following(self, slip: Slip, at: Spot, text: str) -> Finding:
        return self._after(self._place(slip), at, text)

    @staticmethod
    def _after(line: int, at: Spot, text: str) -> Finding:
        """It is right where what is wrong in ``line`` is taken for granted."""
        said = Said("code.follows", {"line": str(line)})
        return Finding(at, text, Verdict.CONDITIONAL, said, follows_from=line)

    def _place(self, slip: Slip) -> int:
        if slip.tensor is not None:
            moved = self._where(slip.tensor, slip)
            return (moved[0] if moved else self.known.steps[slip.tensor].at).line
        assert slip.parameter is not None
        return slip.parameter.at.line

    def _right(self, at: Spot, text: str, said: Said) -> Finding:
        conditions = tuple(Said(f"condition.{key}") for key in self.outcome.conditions)
        kind, name = self.tone.kind, self.outcome.hypothesis.name
        if kind in ("guessed", "right_for", "times", "unknown", "refuting_own"):
            conditions = (Said("condition.loss", {"loss": name}), *conditions)
        if kind == "right_for":
            said = Said("code.right_for", {"loss": name, "given": self.tone.given})
        elif kind == "times":
            said = Said("code.times", self._times())
        elif kind == "guessed":
            said = Said("code.loss_guessed", {"loss": name})
        elif kind == "consistent":
            conditions = (Said("condition.loss_unknown"), *conditions)
            said = Said("code.consistent", {"of": name})
        if conditions:
            told = self._of_tone()
            return Finding(
                at, text, Verdict.CONDITIONAL, said, conditions=conditions, mistakes=told
            )
        if self.outcome.scene.is_real:
            return Finding(at, text, Verdict.CONFIRMED, said)
        return Finding(at, text, Verdict.PROBABLE, said, error=ERROR)

    def _times(self) -> dict[str, str]:
        factor = self.spelled(self.tone.factor)
        number = "" if self.tone.number == factor else self.tone.number
        return {
            "loss": self.outcome.hypothesis.name,
            "given": self.tone.given,
            "factor": factor,
            "number": number,
        }

    def _of_tone(self) -> tuple[Told, ...]:
        """What is wrong with a line for the loss that is taught."""
        name = self.outcome.hypothesis.name
        if self.tone.kind == "right_for":
            return (Told("M08", Said("loss", {"loss": name, "activation": ""})),)
        if self.tone.kind == "times" and self.tone.factor != 1:
            factor = self.tone.number or self.spelled(self.tone.factor)
            return (Told("M06", Said("whole", {"factor": factor})),)
        return ()

    # ---- updates --------------------------------------------------------------------------------

    def _update(self, effect: Effect) -> Finding:
        parameter = effect.parameter
        at, text = parameter.at, parameter.text
        if slip := self.bad_updates.get(parameter):
            return self._slip(slip, at, text)
        if slip := self.outcome.follows.get(parameter):
            return self._following(slip, at, text)
        name = core(parameter.name)
        base = self.outcome.base
        if is_odd(effect) and self.tone.kind == "sure":
            return self._scaled(effect, None)
        whole = None if base is None else self._sized(base * effect.share)
        if whole is not None and whole != 1:
            return self._scaled(effect, whole)
        if effect.kind == "rule" and not effect.sign:
            self._notes.append((at, Said("code.update_unknown", {"parameter": name})))
        key = "code.update_rule" if effect.kind == "rule" else "code.update"
        if effect.is_mixed:
            said = Said("code.update_unknown", {"parameter": name})
            return Finding(at, text, Verdict.NOT_UNDERSTOOD, said)
        return self._right(at, text, Said(key, {"parameter": name}))

    def _scaled(self, effect: Effect, base: Expr | None) -> Finding:
        """All steps are too long by one factor: that may be in the learning rate.

        Where a line before is too much by the same number, that is the slip; None is an odd factor.
        """
        parameter, hypothesis = effect.parameter, self.outcome.hypothesis
        right = self._right(
            parameter.at, parameter.text, Said("code.update", {"parameter": core(parameter.name)})
        )
        if base is not None and self.scaled is not None:
            base = base / self.number
            if base == 1:
                line = self.known.steps[self.scaled].at.line
                return self._after(line, parameter.at, parameter.text)
        if base is not None and self.scaled is None and effect.is_typed:
            base = base / self.number
            if base == 1:
                return right
        spelled = self.spelled(base) if base is not None else ""
        counted = self._counted(base) if base is not None else Integer(1)
        # A number of samples in all gradients may live in the rate; a mere number is a slip.
        if counted.is_Number and counted != 1 and hypothesis.origin == "code":
            return self._by_a_number(right, counted)
        if self.tone.kind in ("guessed", "right_for", "times", "consistent"):
            return right
        told = self._of_factor(counted) if hypothesis.origin == "code" and spelled else ()
        return self._left_aside(right, Said("code.scaled", {"base": spelled}), told, spelled)

    def _sized(self, factor: Expr | None) -> Expr | None:
        """``factor`` with the sizes that the program fixes as numbers, where these cancel others.

        It types 24 samples and divides by 24: m/24 is 1.
        """
        if factor is None:
            return None
        fixed = {s: self.known.trace.sizes.get(s.axis) for s in factor.atoms(Size)}
        told = factor.xreplace({s: Integer(n) for s, n in fixed.items() if n is not None})
        return told if _length(told) < _length(factor) else factor

    def _counted(self, factor: Expr) -> Expr:
        """``factor`` with the size for a number that is how many samples there are."""
        for axis, count in self.known.trace.sizes.items():
            if (
                axis not in self.known.along
                and count > 1
                and abs(factor) in (count, Rational(1, count))
            ):
                return axis.size if abs(factor) == count else 1 / axis.size
        return factor

    # ---- names ----------------------------------------------------------------------------------

    def name(self, tensor: Tensor) -> str:
        """What the program calls ``tensor``."""
        if tensor in self.known.steps:
            return self.known.steps[tensor].name
        for p in self.known.parameters:
            if p.before == tensor:
                return core(p.name)
        return tensor.name.split(" within ")[0]

    def spelled(self, factor: Expr | None) -> str:
        """A factor, with m for the number of samples."""
        factor = self._sized(factor)
        if factor is None:
            return "?"
        names = {}
        for size in sorted(factor.atoms(Size), key=str):
            names[size] = Symbol("m" if size.axis not in self.known.along else "n")
        return str(factor.xreplace(names))


def _has_root(factor: Expr | None) -> bool:
    """Whether the root of a size is in it: no mean has one, and no sum over an index."""
    powers = () if factor is None else factor.as_powers_dict().items()
    return any(base.atoms(Size) and not power.is_Integer for base, power in powers)


def _length(factor: Expr) -> int:
    """How large the whole numbers of a factor are."""
    number, _ = factor.as_coeff_Mul()
    return max(abs(number.p), number.q) if number.is_Rational else 0
