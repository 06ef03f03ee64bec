"""From the text of a NumPy program to the equations of one step of training.

The program is read with ``ast`` and never run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import process_time

from symbp.verification.code.entry import gradient_functions, has_command_line, run_all
from symbp.verification.code.limits import Budget, parsed
from symbp.verification.code.machine import Halt, Restart
from symbp.verification.code.pairing import done, pairs
from symbp.verification.code.settled import settled
from symbp.verification.code.shortening import lengthened
from symbp.verification.code.trace import Trace
from symbp.verification.code.trouble import CodeTrouble
from symbp.verification.code.values import Hints
from symbp.verification.text import Text

ATTEMPTS = 12
"""How often reading begins anew with what was found out."""
LAYOUTS = ("rows", "flat", "columns", "column", "vectors")
"""Shapes of arguments that nobody tells: samples in rows with b (h,) or (1, h), in columns, one."""
OF_PAIRS = (*LAYOUTS, "stacks", "grids")
"""What comes into a layer may be a stack of matrices besides, or a grid of them."""

SHORT = 1.0
"""Seconds for a program that is told on its command line what to do: much of it is unknown."""

NOTHING = Hints()


def trace(source: Text | str, *, hints: Hints = NOTHING) -> Trace:
    """One step of the training that ``source`` does, as equations.

    What is not followed is among ``Trace.troubles``; raises ``CodeTrouble`` where the text is no
    program or beyond all limits.
    """
    text = Text.of(source) if isinstance(source, str) else source
    module = parsed(text)
    is_short = has_command_line(module) and not hints.entry
    until = process_time() + (SHORT if is_short else hints.seconds)
    best: tuple[tuple[int, int, int, int], Trace] | None = None
    for layout in OF_PAIRS if hints.is_pair else LAYOUTS:
        found, guessed = _read(text, module, hints, layout, until)
        clashes = sum(t.code == "shapes" for t in found.troubles)
        unread = len(found.troubles) - clashes if hints.is_pair else 0
        score = (clashes, unread, -len(found.wanted), len(found.joined))
        if best is None or score < best[0]:
            best = score, found
        is_read = not clashes and not unread
        if not guessed or (is_read and (found.wanted or not found.joined)):
            break
    assert best is not None
    return best[1]


def other_layouts(source: Text, *, hints: Hints = NOTHING) -> Iterator[Trace]:
    """``source`` under every guess about the shapes of its arguments under which all shapes fit."""
    module = parsed(source)
    until = process_time() + hints.seconds
    for layout in OF_PAIRS if hints.is_pair else LAYOUTS:
        found, _ = _read(source, module, hints, layout, until)
        if not any(t.code == "shapes" for t in found.troubles):
            yield found


def gradients_alone(source: Text, *, hints: Hints = NOTHING) -> Iterator[tuple[str, Trace]]:
    """Functions that by their names give gradients, each read by itself."""
    for name in gradient_functions(parsed(source)):
        yield name, trace(source, hints=replace(hints, entry=name))


def is_library(source: Text) -> bool:
    """Whether a program defines functions and classes, and does nothing with them."""
    return not done(parsed(source))


def pairs_alone(source: Text, *, hints: Hints = NOTHING) -> Iterator[tuple[str, Trace]]:
    """Functions that carry a derivative back, each read with the one whose way back it is."""
    for pair in pairs(parsed(source)):
        own = replace(hints, entry=pair.entry, is_pair=True)
        yield pair.entry, trace(source, hints=own)


def _read(
    text: Text, module: object, hints: Hints, layout: str, until: float
) -> tuple[Trace, bool]:
    decisions = {("layout", 0, 0): layout}
    for attempt in range(ATTEMPTS):
        budget = Budget(until=until)
        try:
            machine = run_all(text, module, hints, decisions, budget, last=attempt == ATTEMPTS - 1)
            is_guessed = bool(machine.guesses)
            longer = lengthened(decisions)
            if longer is not None and any(t.code == "shapes" for t in machine.troubles):
                decisions = longer  # something has its length without a number that says so
                continue
            return replace(settled(machine), is_guessed=is_guessed), is_guessed
        except Restart as found:
            decisions[found.key] = found.choice
    raise CodeTrouble("too_many_steps", 1, 1)


__all__ = ["CodeTrouble", "Halt", "Hints", "trace"]
