"""Fragments made into the pieces of a page: macros expanded, rows apart, words line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbp.verification.page import Math, Prose
from symbp.verification.sources import limits
from symbp.verification.sources.gathering import Gathering
from symbp.verification.sources.inline import Fragment, fragments
from symbp.verification.sources.layout import rows
from symbp.verification.sources.macros import Macro, expand, undefined
from symbp.verification.sources.texts import lines, narrow
from symbp.verification.text import Text

BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


@dataclass
class Writer:
    """``macros`` are the definitions of the file, with the line of each."""

    gathering: Gathering
    macros: tuple[tuple[int, Macro], ...] = ()

    def run(self, text: Text, backticks: bool = True) -> Iterator[Prose | Math]:
        """The pieces of a run of text."""
        for fragment in fragments(text, self.gathering, backticks):
            if fragment.is_math:
                yield from self.formula(fragment)
            else:
                yield from words(fragment.text)

    def formula(self, fragment: Fragment) -> Iterator[Prose | Math]:
        """The rows of a formula, and the words between them."""
        text = fragment.text
        if len(text) > limits.FORMULA:
            self.gathering.trouble("long_formula", text.at(0), str(len(text)))
            return
        text = expand(narrow(undefined(text)), self.known(text.at(0).line), self.gathering)
        if depth(text.content) > limits.DEPTH:
            self.gathering.trouble("deep_formula", text.at(0), str(limits.DEPTH))
            return
        block = self.gathering.block()
        for row in rows(text):
            if row.is_words:
                yield from self.run(row.text)
            elif self.gathering.take(row.text):
                line = row.text.at(0).line
                yield Math(row.text, line, block, fragment.display, row.labels)

    def known(self, line: int) -> dict[str, Macro]:
        """The macros as defined up to a line; one that is defined only later counts, too."""
        table: dict[str, Macro] = {}
        for where, macro in self.macros:
            if where <= line or macro.name not in table:
                table[macro.name] = macro
        return table


def words(text: Text) -> Iterator[Prose]:
    """Words, a piece for each line that has any."""
    for line in lines(text):
        typed = narrow(line[: len(line.content.rstrip())])
        row = line.at(0).line
        if len(typed) > 2 * limits.WORDS:
            yield Prose(typed[: limits.WORDS], row)
            yield Prose(typed[-limits.WORDS :], row)
        elif typed:
            yield Prose(typed, row)


def depth(content: str) -> int:
    """How deep braces stand within braces."""
    here = deepest = 0
    for found in BRACES.finditer(content):
        here += {"{": 1, "}": -1}.get(found.group(), 0)
        deepest = max(deepest, here)
    return deepest
