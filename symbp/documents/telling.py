"""Which words tell a line: those of its move, or those that fit what the move was made for.

The words of moves speak of pre-activations and of the next layer. A stage that is something else,
such as a gate or a mean, and one that several equations use, have words of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Expr, Sum

from symbp.documents.lesson import Line
from symbp.equations.calculus import Partial
from symbp.equations.nodes import has, nodes
from symbp.equations.tensor import Role, Tensor, is_entry, tensor_of, tensors_in

MOST_PATHS = 2
"""How many ways to the loss the words of a move tell."""

Told = tuple[str, tuple[Expr, ...]]
"""A key of the words about stages, and the entries that they list."""


def told(line: Line) -> Told | None:
    """How ``line`` is told where the words of its move do not fit."""
    return REFINED[line.told](line) if line.told in REFINED else None


def _define(line: Line) -> Told | None:
    wrt = line.facts.get("wrt")
    plain = wrt is None or _role(wrt) is Role.PREACTIVATION
    return None if plain else ("define", ())


def _recall(line: Line) -> Told | None:
    named = {t.role for t in tensors_in(line.lhs)} & {Role.ADJOINT}
    return ("recall", ()) if named else None


def _chain(line: Line) -> Told | None:
    """Through what the loss is reached: all of the next layer, one thing, or several uses."""
    wrt = line.facts["wrt"]
    uses = tuple(use for use in _uses(line.rhs) if use != wrt)
    if len({tensor_of(use) for use in uses}) > 1:
        return "uses", uses
    if _is_next(wrt, uses):
        return None
    return ("sum" if has(line.rhs, Sum) else "way"), uses[:1]


def _paths(line: Line) -> Told | None:
    """A parameter with more uses than two."""
    uses = tuple(use for use in _uses(line.rhs) if tensor_of(use) != tensor_of(line.facts["wrt"]))
    return ("uses", uses) if len(uses) > MOST_PATHS else None


def _insert_delta(line: Line) -> Told | None:
    if _adjoints(line.rhs) or not _is_about_delta(line):
        return "names", ()
    return _names_here(line)


def _names_here(line: Line) -> Told | None:
    """The names of pre-activations that are not those of the next layer."""
    place = tensor_of(line.lhs).place if is_entry(line.lhs) else None
    deltas = [t for t in tensors_in(line.rhs) if t.role is Role.DELTA]
    labelled = len({t.name for t in deltas}) > 1
    here = any(t.place is None or place is None or t.place - place != 1 for t in deltas)
    return ("names", ()) if labelled or here else None


def _restore(line: Line) -> Told | None:
    restored = _uses(line.rhs)
    plain = _is_about_delta(line) and all(_role(use) is Role.PREACTIVATION for use in restored)
    return None if plain and len(restored) == 1 else ("restore", ())


def _is_about_delta(line: Line) -> bool:
    """Whether the definition that the line goes back to is that of δ."""
    used = line.step.uses[0] if line.step and line.step.uses else "def.delta@"
    return used.startswith("def.delta@")


def _uses(expr: Expr) -> tuple[Expr, ...]:
    """Entries by which the derivative of a loss is taken, each tensor once, in a firm order."""
    found: dict[Tensor, Expr] = {}
    for partial in sorted(nodes(expr, Partial), key=lambda p: p.sort_key()):
        is_loss = not is_entry(partial.of) or _role(partial.of) in (Role.LOSS, Role.TERM)
        if is_loss and is_entry(partial.wrt):
            found.setdefault(tensor_of(partial.wrt), partial.wrt)
    return tuple(found.values())


def _is_next(wrt: Expr, uses: Sequence[Expr]) -> bool:
    """Whether ``uses`` is the pre-activation of the next layer."""
    mine = tensor_of(wrt).place
    theirs = [tensor_of(use) for use in uses]
    return mine is not None and all(
        t.role is Role.PREACTIVATION and t.place is not None and t.place - mine == 1 for t in theirs
    )


def _adjoints(expr: Expr) -> list[Tensor]:
    return [t for t in tensors_in(expr) if t.role is Role.ADJOINT]


def _role(entry: Expr) -> Role:
    return tensor_of(entry).role


REFINED: dict[str, Callable[[Line], Told | None]] = {
    "define": _define,
    "recall_definition": _recall,
    "chain_layer": _chain,
    "chain_paths": _paths,
    "insert_delta": _insert_delta,
    "restore_delta": _restore,
}
"""Move -> what looks at the line that it made."""
