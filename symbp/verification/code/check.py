"""A program from its text to findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from symbp.network import Network
from symbp.verification.code.indentation import Restored, restore
from symbp.verification.code.interpreter import (
    NOTHING,
    gradients_alone,
    is_library,
    other_layouts,
    pairs_alone,
    trace,
)
from symbp.verification.code.judge import Judged, Note, judge, says_its_loss
from symbp.verification.code.mending import Mending
from symbp.verification.code.trace import Trace
from symbp.verification.code.trouble import CodeTrouble
from symbp.verification.code.values import Hints
from symbp.verification.finding import Finding, Said
from symbp.verification.statement import Remark
from symbp.verification.text import Text
from symbp.verification.timing import OutOfTime
from symbp.verification.verdict import Verdict

QUIET = ("branch",)
"""Troubles that say how something was understood, not that it was not."""


class Assumed(Exception):
    """What is wrong is so only if calls of functions that are not here change nothing."""


@dataclass(frozen=True)
class Checked:
    """``is_read`` is false where the text is no program that can be followed."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    is_read: bool = True


def check_program(
    text: Text,
    network: Network | None,
    loss: str | None,
    words: Sequence[Remark],
    hints: Hints = NOTHING,
) -> Checked:
    """Judge the program ``text``, its indentation restored where that was lost."""
    restored = restore(text)
    notes: list[Note] = []
    if restored.changes:
        facts = {"lines": str(len(restored.changes)), "line": str(restored.changes[0])}
        notes.append((None, Said("note.indentation", facts)))
    for doubt in restored.doubts:
        key = "note.indentation_inside" if doubt.inside else "note.indentation_outside"
        notes.append((doubt.at, Said(key, {"text": doubt.text, "head": str(doubt.head)})))
    told = tuple(notes)
    about = (restored, network, loss, words)
    try:
        return _checked(*about, hints, told)
    except Assumed:  # right or wrong, as functions do that are not here: nothing is said of that
        return _checked(*about, replace(hints, is_wary=True), told)


def _checked(
    restored: Restored,
    network: Network | None,
    loss: str | None,
    words: Sequence[Remark],
    hints: Hints,
    told: tuple[Note, ...],
) -> Checked:
    """What is found with ``hints``, behind the notes that were ``told``. Raises ``Assumed``."""
    notes = list(told)
    try:
        traced = trace(restored.text, hints=hints)
    except CodeTrouble as trouble:
        return Checked((), (*notes, _said(trouble)), is_read=False)
    if is_library(restored.text) and not says_its_loss(traced):
        paired = _of_pairs(restored, network, loss, words, hints)
        if paired.findings:
            return replace(paired, notes=(*notes, *paired.notes))
    judged = judge(traced, network=network, loss=loss, words=tuple(words))
    if not judged.findings:  # its training cannot be followed; its gradients perhaps can
        for name, other in gradients_alone(restored.text, hints=hints):
            alone = judge(other, network=network, loss=loss, words=tuple(words))
            if alone.findings:
                traced, judged, hints = other, alone, replace(hints, entry=name)
                notes.append((None, Said("note.gradients_alone", {"name": name})))
                break
    _surely(judged, traced, hints)
    mending = Mending(restored.text, traced, judged, network, loss, words, restored.doubts, hints)
    is_open = traced.is_guessed and any(f.verdict is Verdict.REFUTED for f in judged.findings)
    try:
        if is_open:
            mending = mending.laid_out(other_layouts(restored.text, hints=hints))
            is_open = False
        judged = mending.mended()
    except OutOfTime:
        judged = mending.unmended(is_open=is_open)
    traced = mending.traced
    notes += _troubles(traced)
    return Checked(judged.findings, (*notes, *judged.notes), bool(judged.findings))


def _surely(judged: Judged, traced: Trace, hints: Hints) -> None:
    """Raises ``Assumed`` where something is wrong unless a call changed what it was given."""
    is_wrong = any(f.verdict is Verdict.REFUTED for f in judged.findings)
    if is_wrong and traced.assumed and not hints.is_wary:
        raise Assumed


def _of_pairs(
    restored: Restored,
    network: Network | None,
    loss: str | None,
    words: Sequence[Remark],
    given: Hints,
) -> Checked:
    """What is found of functions that carry a derivative back. Raises ``Assumed``."""
    notes: list[Note] = []
    found: list[Finding] = []
    for name, traced in pairs_alone(restored.text, hints=given):
        hints = replace(given, entry=name, is_pair=True)
        judged = judge(traced, network=network, loss=loss, words=tuple(words))
        _surely(judged, traced, hints)
        notes.append((None, Said("note.pair", {"name": name})))
        last = traced
        if judged.findings:
            own = (restored.text, traced, judged, network, loss, words, restored.doubts, hints)
            mending = Mending(*own)
            is_open = traced.is_guessed
            try:
                if is_open and any(map(_is_uncaused, judged.findings)):
                    mending = mending.laid_out(other_layouts(restored.text, hints=hints))
                judged = mending.mended()
            except OutOfTime:
                judged = mending.unmended(is_open=is_open)
            last = mending.traced
            kept = (f for f in judged.findings if not (is_open and _is_uncaused(f)))
            places = {(f.at, f.text) for f in found}
            found += [f for f in kept if (f.at, f.text) not in places]
        notes += _troubles(last)
    return Checked(tuple(sorted(found, key=lambda f: f.at)), tuple(notes), bool(found))


def _is_uncaused(finding: Finding) -> bool:
    """Whether no more is told than that something is wrong.

    Where shapes are guessed, one that was not tried may make it right.
    """
    return finding.message.key == "code.wrong_unknown" and not finding.mistakes


def _troubles(traced: Trace) -> Iterator[Note]:
    seen = set()
    for trouble in traced.troubles:
        key = (trouble.code, trouble.line)
        if trouble.code not in QUIET and key not in seen:
            seen.add(key)
            yield _said(trouble)
    for typed, at in dict.fromkeys(traced.assumed):
        yield at, Said("code.unread.assumed", {"what": typed})


def _said(trouble: CodeTrouble) -> Note:
    return trouble.at, Said(f"code.unread.{trouble.code}", dict(trouble.facts))
