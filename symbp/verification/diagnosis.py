"""Which mistake turns the right line into the one that was written."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from symbp.verification.reference import Reference


@dataclass(frozen=True)
class Wrong:
    """A refuted claim ``left = written``.

    ``rights`` are right sides of ``left``, those most like the writer's first: earlier sides of
    his own chain, then the lines of the derivation.
    """

    left: Expr
    written: Expr
    rights: tuple[Expr, ...]
    reference: Reference


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
