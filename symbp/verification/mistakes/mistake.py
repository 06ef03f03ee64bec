"""What a mistake is: a code, texts, and how it is made on a right expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sympy import Expr

from symbp.verification.mistakes.context import Context

ABOUT = ("what", "why", "example", "fix")
"""The texts that every mistake has, in every language; the others are what is said of a line."""

SEEN = "seen"
"""The key of what is said where nothing is known but the mistake itself."""


@dataclass(frozen=True)
class Made:
    """``expr``, in which the mistake is made, or from which it is gone.

    ``say`` is the key of the text that tells it, ``facts`` fill that in. ``part`` is what is wrong:
    what was put in when the mistake was made, what stood there before it was repaired. ``goal`` is
    what a repaired line must be equal to where that is not the right side. ``cost`` tells how
    far-fetched it is.
    """

    expr: Expr
    say: str
    facts: Mapping[str, Expr | str] = field(default_factory=dict)
    part: Expr | None = None
    goal: Expr | None = None
    cost: int = 0


Transformation: TypeAlias = Callable[[Expr, Context], Iterator[Made]]


def nothing(expr: Expr, context: Context) -> Iterator[Made]:
    """No expression shows the mistake."""
    yield from ()


@dataclass(frozen=True)
class Mistake:
    """``make`` yields a right expression with the mistake made at every place where it can be.

    ``undo`` yields a wrong expression with the mistake repaired wherever it may have been made.
    ``cost`` orders the explanations: none is told where a cheaper one fits.
    """

    code: str
    texts: Mapping[str, Mapping[str, str]]
    make: Transformation = nothing
    undo: Transformation = nothing
    cost: int = 0

    def text(self, key: str, language: str = "en") -> str:
        """A text with its placeholders open; ``what`` it is where a judge saw it without a search.

        Raises KeyError.
        """
        texts = self.texts[language]
        return texts["what"] if key == SEEN else texts[key]
