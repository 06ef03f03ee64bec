"""Which mistake turns the right line into the one that was written."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr

from symbp.equations.calculus import Partial
from symbp.equations.equality import Verdict
from symbp.equations.nodes import nodes
from symbp.equations.tensor import is_entry
from symbp.errors import SymbpError
from symbp.verification.mistakes.context import Context
from symbp.verification.mistakes.likeness import likeness
from symbp.verification.mistakes.mistake import Made, Mistake
from symbp.verification.mistakes.table import HIDES, MISTAKES
from symbp.verification.reference import Reference

MOST_PRINTS = 600
"""Guesses that are looked at: a diagnosis must not keep anybody waiting."""

MOST_RIGHTS = 4
"""Right sides in which mistakes are made."""


@dataclass(frozen=True)
class Wrong:
    """A refuted claim ``left = written``.

    ``rights`` are right sides of ``left``, the final result of the derivation first. ``is_turned``:
    what was written stood on the left, and ``left`` on the right.
    """

    left: Expr
    written: Expr
    rights: tuple[Expr, ...]
    reference: Reference
    is_turned: bool = False


@dataclass(frozen=True)
class Explained:
    """A mistake that, made on a right line, gives what was written.

    ``say`` is a key of the mistake's texts, ``facts`` fill it in: expressions and plain words.
    ``part`` is the smallest wrong part of ``written``, where it can be told; ``right`` the line
    without the mistake.
    """

    code: str
    say: str
    facts: dict[str, Expr | str]
    right: Expr
    part: Expr | None = None


def diagnose(wrong: Wrong) -> tuple[Explained, ...]:
    """The mistakes that explain a wrong line, the simplest first; none where the cause is unknown.

    Of explanations only the cheapest are told. Where no single mistake fits, two made together
    are looked for, and both are told.
    """
    return _Search(wrong).found() if wrong.rights else ()


@dataclass(frozen=True)
class _Guess:
    """A mistake made in ``right``, or repaired in what was written."""

    mistake: Mistake
    made: Made
    right: Expr
    is_repair: bool = False

    @property
    def cost(self) -> int:
        return self.mistake.cost + self.made.cost

    def explained(self, written: Expr) -> Explained:
        made = self.made
        right = made.expr if self.is_repair and made.goal is None else self.right
        part = made.part
        if part is not None and not (self.is_repair or written.has(part)):
            part = None
        return Explained(self.mistake.code, made.say, dict(made.facts), right, part)


@dataclass
class _Search:
    wrong: Wrong
    prints: dict[Expr, Hashable] = field(default_factory=dict)

    @cached_property
    def context(self) -> Context:
        return Context(self.wrong.left, self.wrong.written, self.wrong.reference)

    @cached_property
    def rights(self) -> tuple[Expr, ...]:
        """The final result, then those that are most like what was written."""
        first, *others = dict.fromkeys(self.wrong.rights)
        others.sort(key=lambda right: -likeness(right, self.wrong.written))
        return (first, *others)[:MOST_RIGHTS]

    def print(self, expr: Expr) -> Hashable:
        """The value of ``expr``, None where it has none or too many were asked for."""
        if expr not in self.prints:
            full = len(self.prints) >= MOST_PRINTS
            skipped = full or not _is_sound(expr)
            self.prints[expr] = None if skipped else self.wrong.reference.print(expr)
        return self.prints[expr]

    @cached_property
    def guesses(self) -> tuple[_Guess, ...]:
        """All guesses, repairs first, each expression once for a mistake."""
        seen: set[tuple[str, Expr, Expr | None]] = set()
        out = []
        for guess in self._guesses():
            key = (guess.mistake.code, guess.made.expr, guess.made.goal)
            if key not in seen:
                seen.add(key)
                out.append(guess)
        return tuple(sorted(out, key=lambda guess: guess.cost))

    def _guesses(self) -> Iterator[_Guess]:
        right, written = self.rights[0], self.wrong.written
        for mistake in MISTAKES.values():
            for made in mistake.undo(written, self.context):
                yield _Guess(mistake, made, right, is_repair=True)
        for right in self.rights:
            for mistake in MISTAKES.values():
                for made in mistake.make(right, self.context):
                    yield _Guess(mistake, made, right)

    def fits(self, guess: _Guess) -> bool:
        """Whether the repaired line is right, or the line with the mistake is what was written."""
        wanted = self.rights[0] if guess.is_repair else self.wrong.written
        if guess.made.goal is not None:
            wanted = guess.made.goal
        if guess.made.expr == wanted:
            return True
        value = self.print(guess.made.expr)
        if value is None or value != self.print(wanted):
            return False
        return self._is_sure(guess.made.expr, wanted)

    def _is_sure(self, one: Expr, other: Expr) -> bool:
        """Whether both are equal where sizes are others, too: a 2 may be a size at one point."""
        try:
            certificate = self.wrong.reference.compare(one, other, self.context.instance)
        except (SymbpError, LookupError, ArithmeticError, NotImplementedError, ValueError):
            return True
        return certificate.verdict is not Verdict.REFUTED

    def found(self) -> tuple[Explained, ...]:
        written, right = self.wrong.written, self.rights[0]
        value = self.print(written)
        is_right_here = value is not None and value == self.print(right)
        is_right_here = is_right_here and self._is_sure(written, right)
        best: dict[str, _Guess] = {}
        cost = None
        for guess in self.guesses:
            if cost is not None and guess.cost > cost:
                break
            if is_right_here and not (guess.is_repair and guess.made.expr == written):
                continue
            known = best.get(guess.mistake.code)
            if (known is None or self._is_clearer(guess, known)) and self.fits(guess):
                best[guess.mistake.code] = guess
                cost = guess.cost
        chosen = tuple(best.values())
        if not chosen and not self.wrong.is_turned:
            chosen = self.together()
        return self._told(chosen)

    @staticmethod
    def _is_clearer(guess: _Guess, known: _Guess) -> bool:
        """A repair names the wrong part; without one, the mistake that was made is looked for."""
        return known.made.part is None and guess.made.part is not None

    def _told(self, guesses: tuple[_Guess, ...]) -> tuple[Explained, ...]:
        codes = {guess.mistake.code for guess in guesses}
        hidden = {code for by in codes for code in HIDES.get(by, ())}
        order = list(MISTAKES)
        kept = [g for g in guesses if g.mistake.code not in hidden]
        kept.sort(key=lambda g: order.index(g.mistake.code))
        return tuple(g.explained(self.wrong.written) for g in kept)

    def together(self) -> tuple[_Guess, ...]:
        """Two mistakes: one made on the right line gives what the other's repair leaves."""
        repaired: dict[Hashable, _Guess] = {}
        written = self.wrong.written
        for guess in self.guesses:
            if guess.is_repair and guess.made.goal is None and guess.made.expr != written:
                value = self.print(guess.made.expr)
                if value is not None:
                    repaired.setdefault(value, guess)
        for guess in self.guesses:
            value = None if guess.is_repair else self.print(guess.made.expr)
            other = repaired.get(value) if value is not None else None
            if other is None or other.mistake.code == guess.mistake.code:
                continue
            if self._is_sure(guess.made.expr, other.made.expr):
                return (guess, other)
        return ()


def _is_sound(expr: Expr) -> bool:
    """Whether every derivative is by a quantity: an exchange may have put something else there."""
    return all(is_entry(partial.wrt) for partial in nodes(expr, Partial))
