"""From statements to claims: a chain a = b = c says that b is a, and that c is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sympy import Expr

from symbp.equations.axis import Axis
from symbp.notation.line import Line
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.notation.repairs import Change
from symbp.verification.paper.claim import Claim
from symbp.verification.paper.own import Own
from symbp.verification.statement import Statement
from symbp.verification.text import Text


@dataclass(frozen=True)
class Chain:
    """The sides of a statement, those that it continues among them."""

    statement: Statement
    sides: tuple[Expr, ...] = ()
    letters: Mapping[str, Axis] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    trouble: ReadError | None = None


@dataclass
class Claims:
    """Reads the statements of a page, one after the other; what is continued must come first."""

    reader: Reader
    read: dict[int, Chain] = field(default_factory=dict)
    own: Own = field(default_factory=Own)

    def chain(self, statement: Statement) -> Chain:
        """The claims of a statement, or why there are none."""
        found = self._chain(statement)
        self.read[id(statement)] = found
        return found

    def _chain(self, statement: Statement) -> Chain:
        before = self._before(statement)
        text = statement.text.content
        misfit: ReadError | None = None
        try:
            line = self._line(text, before)
        except ReadError as error:
            if (other := self.own.rate(self.reader, text, error)) is not None:
                return replace(self, reader=other)._chain(statement)
            if (known := self.own.introduced(self.reader, text, error)) is not None:
                self.reader = known
                return self._naming(statement, before)
            if error.code != "axes_disagree" or error.line is None:
                return Chain(statement, trouble=error)
            line, misfit = error.line, error
        return self._of_line(statement, line, before, misfit)

    def _line(self, text: str, before: Chain | None) -> Line:
        """A line, with what the page's own names stand for. Raises ReadError."""
        line = self.reader.line(text, letters=before.letters if before else {})
        return replace(line, sides=self._own(line))

    def _own(self, line: Line) -> tuple[Expr | None, ...]:
        return tuple(None if side is None else self.own.into(side) for side in line.sides)

    def _naming(self, statement: Statement, before: Chain | None) -> Chain:
        """The claims of a line whose first side is a new name."""
        try:
            line = self._line(statement.text.content, before)
        except ReadError as error:
            return Chain(statement, trouble=error)
        found = self._of_line(statement, line, before, None)
        named = (replace(claim, is_naming=True) for claim in found.claims[:1])
        return replace(found, claims=(*named, *found.claims[1:]))

    def misshapen(self, statement: Statement, error: ReadError) -> Chain:
        """The claims of a line whose shapes do not fit, as if all of it were numbers."""
        assert error.line is not None
        return self._of_line(statement, error.line, self._before(statement), error)

    def repaired(
        self, statement: Statement, error: ReadError
    ) -> Iterator[tuple[Change, tuple[Claim, ...]]]:
        """One change that makes shapes fit, and the claims of the line with it."""
        before = self._before(statement)
        letters = before.letters if before else {}
        for change, line in self.reader.repairs(statement.text.content, letters):
            try:
                known = replace(line, sides=self._own(line))
            except ReadError:
                continue
            yield change, self._of_line(statement, known, before, error).claims

    def _of_line(
        self, statement: Statement, line: Line, before: Chain | None, misfit: ReadError | None
    ) -> Chain:
        text = statement.text.content
        sides = list(line.sides)
        operators = list(line.operators)
        starts = list(line.columns)
        earlier = before.sides if before else ()
        if sides[0] is None:
            if not earlier:
                return Chain(statement, trouble=ReadError("no_left_side", 1))
            sides, starts = sides[1:], starts[1:]
        else:
            earlier, sides, starts = (sides[0],), sides[1:], starts[1:]
        sure = line.sides[0] is not None or self._is_sure(statement)
        claims = []
        for position, (side, operator) in enumerate(zip(sides, operators, strict=True)):
            if side is None:
                continue
            end = starts[position + 1] - 1 if position + 1 < len(starts) else len(text) + 1
            claims.append(
                Claim(
                    earlier[0],
                    side,
                    operator,
                    statement.text.at(0 if position == 0 else starts[position] - 1),
                    statement.text.at(end - 1),
                    _excerpt(statement.text, position, starts),
                    statement,
                    earlier,
                    sure,
                    misfit,
                )
            )
            earlier = (*earlier, side)
        return Chain(statement, earlier, line.letters, tuple(claims))

    def _before(self, statement: Statement) -> Chain | None:
        before = statement.before
        if before is None:
            return None
        if id(before) not in self.read:  # an expression by itself, which claims nothing
            self.chain(before)
        return self.read[id(before)]

    def _is_sure(self, statement: Statement) -> bool:
        """Whether the left side is the writer's, all the way up."""
        at: Statement | None = statement
        while at is not None and at.text.content.lstrip().startswith("="):
            if not at.is_sure:
                return False
            at = at.before
        return True


def _excerpt(text: Text, position: int, starts: list[int]) -> str:
    """The part of the line that a claim stands in: up to its right side."""
    end = starts[position + 1] - 1 if position + 1 < len(starts) else len(text)
    start = 0 if position == 0 else starts[position] - 1
    return text[start:end].content.strip().rstrip("=").strip()
