"""What a row that begins with ``=`` continues, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from symbp.verification.page import Math, Prose
from symbp.verification.sources import connectives
from symbp.verification.sources.numbering import AHEAD, CIRCLED
from symbp.verification.statement import Statement
from symbp.verification.text import Text

TOPIC = re.compile(
    rf"^\s*[※*・\-]*\s*(?P<circled>[{CIRCLED}])\s*(?:は|では|:|について)"
    r"|^\s*[※*・\-]*\s*\((?P<named>\w{1,3})\)\s*(?:は|では|:|について)"
)


ENDED = re.compile(r"[。.!?;](?:\s|$)")
"""The end of a sentence: what follows does not go on from an expression in it."""


@dataclass(frozen=True)
class Link:
    """What is continued: a statement, or ``ahead``, an expression that stands right before."""

    before: Statement | None = None
    is_sure: bool = True
    ahead: Text | None = None


@dataclass
class Linking:
    """Remembers the last claim, the last displayed one, the last expression, and words since."""

    labelled: dict[str, Statement] = field(default_factory=dict)
    last: Statement | None = None
    math: Math | None = None
    shown: Statement | None = None
    shown_math: Math | None = None
    bare: Text | None = None
    bare_math: Math | None = None
    since_last: list[str] = field(default_factory=list)
    since_shown: list[str] = field(default_factory=list)
    is_expression_last: bool = False

    def claim(self, math: Math, statement: Statement) -> None:
        self.last, self.math, self.since_last = statement, math, []
        if math.display:
            self.shown, self.shown_math, self.since_shown = statement, math, []
        for label in statement.labels:
            self.labelled[label] = statement
        self.is_expression_last = False

    def replaced(self, statement: Statement) -> None:
        """The last claim was read further, or got more words."""
        if self.last is not None and self.last.text.start == statement.text.start:
            if self.shown is self.last:
                self.shown = statement
            self.last = statement
        for label in statement.labels:
            self.labelled[label] = statement

    def expression(self, math: Math, text: Text, gap: Sequence[Prose | Math]) -> None:
        """An expression that claims nothing; a following ``= …`` may make it claim."""
        self._heard(gap)
        self.since_last.append(" ")
        self.since_shown.append(" ")
        self.bare, self.bare_math = text, math
        self.is_expression_last = True

    def _heard(self, gap: Sequence[Prose | Math]) -> None:
        said = [piece.text.content for piece in gap]
        self.since_last += said
        self.since_shown += said

    def link(
        self, math: Math, gap: Sequence[Prose | Math], is_first: bool, opening: Prose | Math
    ) -> Link:
        """What the row ``math``, which begins with a relation, continues.

        ``opening`` is what its line begins with.
        """
        self._heard(gap)
        said = "".join(piece.text.content for piece in gap)
        if not is_first and self.last is not None and not self.is_expression_last:
            return Link(self.last, self.last.is_sure)
        if self.is_expression_last and self.bare is not None and self.bare_math is not None:
            found = self._expression(math, said)
            if found is not None:
                return found
        last, before_math, words = self._last(math)
        if last is None or before_math is None:
            return Link(None, is_sure=False)
        if (topic := self._topic(opening)) is not None:
            return Link(topic, is_sure=False)
        starts = math.display or opening is math or _is_label(opening)
        sure = last.is_sure and _is_sure(math, before_math, last, words, starts)
        return Link(last, sure)

    def _expression(self, math: Math, said: str) -> Link | None:
        """The expression right before, where the row goes on from it."""
        assert self.bare is not None
        assert self.bare_math is not None
        if self.bare_math.block == math.block:
            return Link(ahead=self.bare)
        if (self.math is not None and self.math.block == math.block) or ENDED.search(said):
            return None
        if connectives.is_empty(said):
            return Link(ahead=self.bare)
        bare = Statement(self.bare, self.bare_math.row, self.bare_math.block, 0)
        if connectives.NAMING.match(connectives.plain(said)):
            return Link(bare)
        if math.display or self.bare_math.row != math.row:
            return None
        return Link(bare, is_sure=False)

    def _last(self, math: Math) -> tuple[Statement | None, Math | None, str]:
        """A displayed row continues the last displayed one, across formulas within sentences."""
        if math.display and self.shown is not None and self.shown is not self.last:
            assert self.last is not None
            if not self.last.labels:
                return self.shown, self.shown_math, "".join(self.since_shown)
        return self.last, self.math, "".join(self.since_last)

    def _topic(self, opening: Prose | Math) -> Statement | None:
        """The claim that the line is about: ``※②は…``."""
        found = TOPIC.match(opening.text.content) if isinstance(opening, Prose) else None
        return self.labelled.get(found["circled"] or found["named"]) if found else None


def _is_label(opening: Prose | Math) -> bool:
    return isinstance(opening, Prose) and bool(AHEAD.match(opening.text.content))


def _is_sure(math: Math, before: Math, last: Statement, words: str, starts: bool) -> bool:
    """Whether the words between two rows leave the left side alone.

    A row that ``starts`` its line may follow a sentence that gives the reason.
    """
    if before.block == math.block or _are_listed(before, math):
        return True
    words = _without_labels(words, last)
    if connectives.is_empty(words):
        return True
    if connectives.changes(words, last.text.content):
        return False
    return connectives.is_harmless(words) or (starts and len(words) < connectives.FAR)


def _are_listed(before: Math, math: Math) -> bool:
    """Whether rows have consecutive numbers, as lines of one listing."""
    if not (before.labels and math.labels):
        return False
    first, second = before.labels[-1], math.labels[-1]
    return first.isdecimal() and second.isdecimal() and int(second) == int(first) + 1


def _without_labels(words: str, last: Statement) -> str:
    for label in last.labels:
        words = words.replace(f"({label})", " ").replace(
            label if not label.isalnum() else "\0", " "
        )
    return words
