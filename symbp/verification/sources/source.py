"""A file as lines: marks at its begin and carriage returns removed, beyond the limits cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from symbp.verification.sources import limits
from symbp.verification.sources.gathering import Gathering
from symbp.verification.sources.texts import join
from symbp.verification.text import Spot, Text

CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class Source:
    r"""The text of a file with ``\n`` for every end of line; line numbers here are from 0."""

    content: str

    @staticmethod
    def of(content: str, gathering: Gathering) -> Source:
        """``content`` without what is over the limits, of which troubles tell.

        Control characters become blanks, so that lines are what editors take for lines.
        """
        content = content.removeprefix("\ufeff")
        if len(content) > limits.CHARACTERS:
            gathering.trouble("large_file", Spot(1, 1), str(limits.CHARACTERS))
            content = content[: limits.CHARACTERS]
        content = CONTROL.sub(" ", content.replace("\r\n", "\n").replace("\r", "\n"))
        lines = [line.rstrip() for line in content.split("\n")]
        if len(lines) > limits.LINES:
            gathering.trouble("many_lines", Spot(limits.LINES + 1, 1), str(limits.LINES))
            lines = lines[: limits.LINES]
        for number, line in enumerate(lines):
            if len(line) > limits.COLUMNS:
                gathering.trouble("long_line", Spot(number + 1, limits.COLUMNS + 1))
                lines[number] = line[: limits.COLUMNS]
        return Source("\n".join(lines))

    @cached_property
    def lines(self) -> list[str]:
        return self.content.split("\n")

    def block(self, first: int, last: int) -> Text:
        """Whole lines, from ``first`` to before ``last``."""
        return Text.of("\n".join(self.lines[first:last]), first + 1)

    def located(self, content: str, first: int, last: int) -> Text:
        """``content``, whose lines stand somewhere in the given lines, in order, with its places.

        A line that is not found as it stands is left out.
        """
        parts, row = [], first
        for wanted in content.split("\n"):
            line, at = wanted, row
            while at < min(last, len(self.lines)) and line not in self.lines[at]:
                at += 1
            if at >= min(last, len(self.lines)):
                stripped = line.strip()
                if not stripped or row >= len(self.lines) or stripped not in self.lines[row]:
                    continue
                line, at = stripped, row
            column = self.lines[at].rfind(line) if line else len(self.lines[at])
            parts.append(Text.of(line, at + 1, column + 1))
            row = at + 1
        ends = [part.ended("\n") for part in parts]
        pairs = [text for pair in zip(parts, ends, strict=True) for text in pair]
        joined = join(pairs[:-1])
        return joined or Text.of("", first + 1)

    def in_row(self, content: str, row: int, column: int) -> Text:
        """``content``, that of a table's cell in a line; ``column`` from 1."""
        line = self.lines[row]
        borders = [found.start() for found in re.finditer(r"(?<!\\)\|", line)]
        if line.lstrip().startswith("|") or not borders:
            start = borders[column - 1] + 1 if column - 1 < len(borders) else 0
        else:
            start = borders[column - 2] + 1 if column > 1 else 0
        at = line.find(content, start)
        if at >= 0:
            return Text.of(content, row + 1, at + 1)
        at = line.find(escaped := content.replace("|", r"\|"), start)
        if at < 0:
            return Text.of("", row + 1)
        text = Text.of(escaped, row + 1, at + 1)
        kept = [p for p in range(len(text)) if not escaped.startswith(r"\|", p)]
        return Text(
            "".join(escaped[p] for p in kept), (*(text.places[p] for p in kept), text.places[-1])
        )
