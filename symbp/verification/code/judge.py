"""Whether a program goes down the slope of its loss, and if not, in which line it fails.

Message keys, with their facts (all plain text; ``of`` is a name of the program's, ``factor`` and
``base`` numbers such as ``2`` or ``1/m``, ``loss`` a name of a loss or of the number in the code):

``code.gradient``       of, factor         the line gives ``factor`` times the derivative by ``of``
``code.slope``          of                 the line gives the slope of the activation ``of``
``code.update``         parameter          the update goes down the slope
``code.update_rule``    parameter          it does so by a rule of an optimizer
``code.update_unknown`` parameter          the gradient is right; the rule is not understood
``code.scaled``         base               right up to a factor, which lives in the learning rate
``code.right_for``      loss, given        right for ``loss``; it is not the gradient of ``given``
``code.loss_guessed``   loss               right if the loss is ``loss``; none was found in the code
``code.times``          loss, given, factor, number  right for ``loss``: so many times the other
``code.consistent``     of                 right, given the first δ, whatever the loss
``code.follows``        line               right, given the wrong line
``code.wrong``          of                 the line should give the derivative by ``of``
``code.wrong_slope``    of                 the line should give the slope of the activation ``of``
``code.wrong_unknown``  parameter          the gradient of ``parameter`` is wrong
``code.version``        name               the line reads ``name`` after it was changed
``code.factor``         of, factor         ``factor`` times too much, other lines are not
``code.sign``           of                 the sign is wrong
``code.ascent``         parameter          the update goes up the slope
``code.loss_factor``    factor, loss       all gradients are ``factor`` times those of ``loss``
``code.loss_unknown``   parameter          no loss was found for which it is right: not shown

Conditions: ``condition.one_hot``, ``condition.loss`` (loss), ``condition.factor`` (factor).
Notes: ``code.no_parameters``, ``code.no_loss``, ``code.no_targets``, ``code.loss`` (loss, origin).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Integer, Mul

from symbp.equations.axis import Size
from symbp.network import Network
from symbp.verification.code.losses import FAMILIES, Hypothesis, families, stated
from symbp.verification.code.outcome import Outcome
from symbp.verification.code.own import own_deltas
from symbp.verification.code.recognise import Recognised
from symbp.verification.code.rewound import rewound
from symbp.verification.code.settling import is_right_for, settled
from symbp.verification.code.telling import Telling
from symbp.verification.code.tone import Tone
from symbp.verification.code.trace import Trace
from symbp.verification.finding import Finding, Said
from symbp.verification.statement import Remark
from symbp.verification.text import Spot

HALF, MEAN = "half_squared_error", "mean_squared_error"

Note = tuple[Spot | None, Said]


@dataclass(frozen=True)
class Judged:
    """``findings`` in the order of lines."""

    findings: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()


def judge(
    trace: Trace,
    *,
    network: Network | None = None,
    loss: str | None = None,
    words: Sequence[Remark] = (),
) -> Judged:
    """Judge one step of training.

    ``loss`` is a name in ``symbp.losses`` that outranks what the code says; ``network`` and the
    ``words`` around the program tell the loss where nothing else does.
    """
    return _Judge(Recognised(rewound(trace)), network, loss, tuple(words)).judged()


def says_its_loss(trace: Trace) -> bool:
    """Whether something in a program is called its loss."""
    return any(h.origin == "code" for h in stated(Recognised(rewound(trace))))


@dataclass(frozen=True)
class _Judge:
    known: Recognised
    network: Network | None
    loss: str | None
    words: tuple[Remark, ...]

    def judged(self) -> Judged:
        if not self.known.parameters:
            return Judged((), (_note("code.no_parameters"),))
        if self.loss is not None:
            return self._by_option(self.loss, "option")
        for hypothesis in stated(self.known):
            outcome = settled(self.known, hypothesis)
            if outcome is not None and outcome.is_sane:
                return self._stated(outcome)
            if outcome is not None and (hypothesis.origin == "code" or self._is_usual(outcome)):
                return self._stated(outcome)
        if self.network is not None:
            return self._by_option(self.network.loss.criterion.name, "network")
        if not self.known.targets:
            return Judged((), (_note("code.no_targets"),))
        return self._unstated(None)

    @cached_property
    def tried(self) -> tuple[Outcome, ...]:
        """What is wrong under each of the usual losses."""
        found = (settled(self.known, h) for h in families(self.known))
        return tuple(o for o in found if o is not None)

    @cached_property
    def usual(self) -> tuple[Outcome, ...]:
        """The usual losses for which all is right, up to a factor."""
        quick = [h for h in families(self.known) if is_right_for(self.known, h)]
        found = (settled(self.known, h) for h in quick)
        return tuple(o for o in found if o is not None and o.is_right)

    def _by_option(self, name: str, origin: str) -> Judged:
        found = []
        for hypothesis in families(self.known, name):
            outcome = settled(self.known, replace(hypothesis, origin=origin))
            if outcome is not None:
                found.append(outcome)
        if not found:
            return self._unstated(None)
        return self._stated(min(found, key=lambda o: len(o.slips)))

    def _stated(self, outcome: Outcome) -> Judged:
        hypothesis = outcome.hypothesis
        note = _note("code.loss", hypothesis.at, loss=hypothesis.name, origin=hypothesis.origin)
        if outcome.is_right:
            return self._told(outcome, Tone("sure"), note)
        if hypothesis.origin == "shown" and not self._is_usual(outcome):
            return self._unstated(hypothesis)
        is_other = any(slip.kind == "value" and not slip.beside for slip in outcome.slips)
        is_other = is_other and not outcome.is_partly_right
        others = [o for o in self.usual if not _is_like(outcome, o.hypothesis)] if is_other else []
        other = others[0].hypothesis.name if others else ""
        return self._told(outcome, Tone("refuting", other=other), note)

    def _is_usual(self, outcome: Outcome) -> bool:
        """Whether the number is a multiple of a usual loss of the prediction, or contains one."""
        return any(_is_like(outcome, hypothesis) for hypothesis in families(self.known))

    def _unstated(self, shown: Hypothesis | None) -> Judged:
        """Nothing is said of the loss, or only a number is shown that is none."""
        note = _note("code.no_loss")
        meant = [r.facts.get("name", "") for r in self.words if r.kind == "loss"]
        if self.usual:
            taught = taught_losses(self.words)
            best = self._best([*meant, *taught])
            given = shown.name if shown else self._unlike(best, meant or taught)
            tone = Tone("right_for" if given else "guessed", given=given)
            mean = next((m for m in (*meant, *taught) if m == MEAN), "")
            if not given and mean and _agree(best.hypothesis.name, mean):
                tone = self._times(best, mean)
            return self._told(best, tone, note)
        partly: Outcome | None = None
        for known, hypothesis in own_deltas(self.known):
            outcome = settled(known, hypothesis)
            if outcome is None or not outcome.is_sane:
                continue
            if outcome.is_right:
                return self._told(outcome, Tone("consistent"), note, known)
            partly = partly or outcome
        if partly is not None:
            return self._told(self._partly(partly), Tone("refuting_own"), note)
        if not self.tried:
            return Judged((), (note,))
        best = min(self.tried, key=lambda o: len(o.slips))
        return self._told(best, Tone("unknown"), note)

    def _times(self, best: Outcome, mean: str) -> Tone:
        """How many times the gradient of a mean of squares the steps are."""
        prediction = best.hypothesis.prediction
        if prediction is None or best.base is None or best.hypothesis.name != HALF:
            return Tone("guessed")
        factor = best.base * Mul(*(axis.size for axis in prediction.axes)) / 2
        sizes = self.known.trace.sizes
        known = factor.xreplace(
            {s: Integer(sizes[s.axis]) for s in factor.atoms(Size) if s.axis in sizes}
        )
        return Tone(
            "times", given=mean, factor=factor, number=str(known) if known.is_number else ""
        )

    def _partly(self, own: Outcome) -> Outcome:
        """The outcome under the usual loss that agrees with the first δ, if one does."""
        fits = [o for o in self.tried if o.is_sane and len(o.slips) <= len(own.slips)]
        return min(fits, key=lambda o: len(o.slips)) if fits else own

    def _best(self, meant: Sequence[str]) -> Outcome:
        liked = [o for o in self.usual if any(_agree(o.hypothesis.name, m) for m in meant)]
        return (liked or self.usual)[0]

    def _unlike(self, best: Outcome, meant: Sequence[str]) -> str:
        """The loss that the words name, where the program is right for another one only."""
        if any(
            _agree(best.hypothesis.name, m) for m in meant if FAMILIES.get(m) != "cross_entropy"
        ):
            return ""
        squared = [m for m in meant if not _agree(best.hypothesis.name, m)]
        return squared[0] if squared else ""

    def _told(
        self, outcome: Outcome, tone: Tone, note: Note, known: Recognised | None = None
    ) -> Judged:
        telling = Telling(known or self.known, outcome, tone)
        findings = tuple(telling.distinct())
        return Judged(findings, (note, *telling.notes()))


def taught_losses(words: Sequence[Remark]) -> list[str]:
    """The losses that a text defines, or those that it names where it defines none."""
    named = [r for r in words if r.kind == "mentions"]
    chosen = [r for r in named if r.facts.get("defined")] or named
    return list(dict.fromkeys(r.facts.get("name", "") for r in chosen))


def _is_like(outcome: Outcome, hypothesis: Hypothesis) -> bool:
    """Whether the loss of ``outcome`` is, up to a factor and a penalty, that of ``hypothesis``."""
    prediction = hypothesis.prediction
    return prediction is not None and outcome.scene.is_like(hypothesis.value, prediction)


def _agree(one: str, other: str) -> bool:
    a, b = FAMILIES.get(one, one), FAMILIES.get(other, other)
    return (
        a == b
        or (b == "cross_entropy" and a.endswith(b))
        or (a == "cross_entropy" and b.endswith(a))
    )


def _note(key: str, at: Spot | None = None, **facts: str) -> Note:
    return (at, Said(key, facts))
