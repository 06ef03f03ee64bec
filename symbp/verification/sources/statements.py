"""The claims of a page: rows with a relation, and what stands around them.

A row that begins with ``=`` continues an earlier one; ``linking`` decides which.
"""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from symbp.verification.page import Cell, Code, Heading, Math, Page, Piece, Prose
from symbp.verification.sources import conditions, limits, mentions, names, remarks
from symbp.verification.sources.linking import Link, Linking
from symbp.verification.sources.numbering import ALONE, BEHIND, CIRCLED
from symbp.verification.sources.relations import Part, parts
from symbp.verification.sources.texts import join
from symbp.verification.statement import Reading, Remark, Statement
from symbp.verification.text import Text

LAYERS = frozenset({"output", "hidden", "last", "below_last", "range"})
LABEL = re.compile(
    rf"(?P<circled>[{CIRCLED}](?:\s*\$?_\{{?\w\}}?)?)|(?<![A-Za-z\w])\((?P<named>[\w.*']{{1,6}})\)"
)
ENDS = re.compile(r"[。.!?](?:\s|(?=\\q?quad))|[。]|[.!?]$")
BY = re.compile(r"^\s*(?:で|について|に関して|による)(?:偏)?微分")
OF = re.compile(r"^\s*(?:の|を)(?:偏)?微分")
OF_AHEAD = re.compile(r"(?:differentiat(?:e|ing)|derivative of)\s*$", re.IGNORECASE)
OPERATOR_END = re.compile(r"(?:[-+−*=(,·×]|\\(?:cdot|times|odot|left\S))\s*$")
OPERATOR_START = re.compile(
    r"^\s*(?:\\q?quad\s*|\\[,;:! ]\s*)*(?:[+·×⊙]|\\(?:cdot|times|odot|circ)(?![A-Za-z]))"
)
MINUS_START = re.compile(r"^\s*(?:\\q?quad\s*|\\[,;:! ]\s*)*[-−]")


def read_statements(page: Page) -> Reading:
    """The claims of a page in reading order, the remarks that hold for all of it, and its programs.

    The programs of a notebook's cells are one, since its cells share their names.
    """
    known = {label for piece in _flat(page.pieces) for label in piece.labels}
    walk = _Walk(frozenset(known))
    symbols = names.symbols(page)
    skipped = names.tabulated(page)
    for piece in page.pieces:
        match piece:
            case Heading():
                walk.heading(piece)
            case Cell():
                if id(piece) not in skipped:
                    walk.cell(piece)
            case Prose():
                walk.words(piece)
            case Math():
                walk.formula(piece)
            case Code():
                walk.close()
    walk.close()
    found = (*symbols, *remarks.remarks(page), *mentions.mentions(page))
    return Reading(tuple(walk.found), found, _programs(page))


def _flat(pieces: Sequence[Piece]) -> Iterator[Math]:
    for piece in pieces:
        if isinstance(piece, Math):
            yield piece
        elif isinstance(piece, Cell):
            yield from _flat(piece.pieces)


def _programs(page: Page) -> tuple[Text, ...]:
    found = [piece.text for piece in page.pieces if isinstance(piece, Code) and _is_read(piece)]
    if not page.cells or not found:
        return tuple(found)
    lines = [part for text in found for part in (text, text[len(text) :].standing_for("\n"))]
    return (join(lines[:-1]),)


def _is_read(code: Code) -> bool:
    return code.language in {"python", "py", "python3", "numpy", "ipython"}


@dataclass
class _Walk:
    """Goes through the pieces; ``gap`` is what stands between the last formula and here."""

    known: frozenset[str]
    found: list[Statement] = field(default_factory=list)
    section: int = 0
    titled: tuple[Remark, ...] = ()
    gap: list[Prose | Math] = field(default_factory=list)
    linking: Linking = field(default_factory=Linking)
    sentence: list[int] = field(default_factory=list)
    pending: list[Remark] = field(default_factory=list)
    bare: Math | None = None  # the last expression of the sentence
    variable: str = ""  # what the sentence differentiates with respect to
    last: Math | None = None
    opening: Prose | Math | None = None  # what the line begins with

    def heading(self, piece: Heading) -> None:
        self.close()
        self.section += 1
        self.titled = tuple(conditions.from_title(piece.text.content, piece.text.at(0)))
        self.linking = Linking(labelled=self.linking.labelled)
        self.gap, self.last = [], None

    def cell(self, cell: Cell) -> None:
        """A cell of a table is a text of its own."""
        self.close()
        kept, self.linking = self.linking, Linking(labelled=self.linking.labelled)
        self.gap, self.last = [], None
        for piece in cell.pieces:
            if isinstance(piece, Prose):
                self.words(piece)
            else:
                self.formula(piece)
        self.close()
        self.gap, self.last, self.linking = [], None, kept

    def words(self, piece: Prose) -> None:
        self._opens(piece)
        self.gap.append(piece)

    def _opens(self, piece: Prose | Math) -> None:
        if self.opening is None or self.opening.row != piece.row:
            self.opening = piece

    def formula(self, math: Math) -> None:
        self._opens(math)
        name = ALONE.match(math.text.content)
        is_label = name is not None and self._speaks_of(name)
        if is_label or remarks.CALLED.fullmatch(math.text.content.strip()):
            self.gap.append(Prose(math.text, math.row))  # $(b)$, $g = \tanh$: no claim, but words
            return
        self.told()
        if len(self.found) >= limits.FORMULAS:
            return
        if self.last is not None and self.last.block == math.block and self._runs_on(math):
            self.gap, self.last = [], math
            return
        for number, part in enumerate(parts(math.text)):
            if part.is_condition:
                self.condition(conditions.from_formula(part.text.content, part.text.at(0)))
            elif part.is_claim:
                self.claim(math, part, is_first=number == 0)
            else:
                self.expression(math, part)
        self.gap, self.last = [], math

    def expression(self, math: Math, part: Part) -> None:
        """No claim; ``E(u, v)`` tells what depends on what, where the words behind it say so."""
        self.linking.expression(math, part.text, self.gap)
        self.bare = math

    def _speaks_of(self, name: re.Match[str]) -> bool:
        return (name["circled"] or name["enclosed"]) in self.known

    def _runs_on(self, math: Math) -> bool:
        """Whether a row of the same environment is the rest of the row above; it is joined."""
        if not self.found or self.linking.is_expression_last:
            return False
        content, before = math.text.content, self.found[-1].text
        found = parts(math.text)
        is_claim = any(part.is_claim for part in found)
        runs = bool(OPERATOR_END.search(before.content)) and not (found and found[0].begins)
        runs = runs or bool(OPERATOR_START.match(content))
        runs = runs or (bool(MINUS_START.match(content)) and not is_claim)
        if runs:
            labels = (*self.found[-1].labels, *math.labels)
            self.found[-1] = replace(self.found[-1], text=join([before, math.text]), labels=labels)
            self.linking.replaced(self.found[-1])
        return runs

    def claim(self, math: Math, part: Part, is_first: bool) -> None:
        gap = self.gap if is_first else []
        text, link = part.text, Link()
        if part.begins:
            link = self.linking.link(math, gap, is_first, self.opening or math)
            if link.ahead is not None:
                text = join([link.ahead, text])
        statement = Statement(
            text=text,
            row=math.row,
            block=math.block,
            section=self.section,
            labels=math.labels,
            before=link.before,
            is_sure=link.is_sure,
            remarks=(*_nearer(self.titled, self.pending), *self.pending),
            words=(_words_before(gap, math.row), ""),
            refers=self.refers(gap, math),
        )
        self.pending = []
        self.sentence.append(len(self.found))
        self.found.append(statement)
        self.linking.claim(math, statement)

    def refers(self, gap: Sequence[Prose | Math], math: Math) -> tuple[str, ...]:
        """Labels of the page that the words before a formula speak of."""
        own = (self.last.row, self.last.labels) if self.last is not None else (0, ())
        words = [p.text.content for p in gap if not _is_own(p, *own)]
        if words and self.last is not None and gap[0].row == self.last.row:
            label = BEHIND.match(words[0])
            words[0] = words[0][label.end() :] if label and self.last.labels else words[0]
        return self.labels_in(" ".join(words), math.labels)

    def labels_in(self, words: str, own: Sequence[str]) -> tuple[str, ...]:
        found: list[str] = []
        for match in LABEL.finditer(words):
            label = match["named"] or re.sub(r"[\s${}]", "", match["circled"])
            if label in self.known and label not in own and label not in found:
                found.append(label)
        return tuple(found)

    # ---- words around claims -------------------------------------------------------------------

    def told(self) -> None:
        """Takes in the words of the gap: what is behind the last claim, conditions, sentence ends."""
        if self.last is not None and self.sentence:
            behind = " ".join(p.text.content for p in self.gap if p.row == self.last.row)
            number = self.sentence[-1]
            statement = self.found[number]
            if not statement.words[1] and behind and statement.block == self.last.block:
                more = self._derivative(statement, behind)
                refers = self.labels_in(_without_label(behind, statement), statement.labels)
                refers = tuple(label for label in refers if label not in statement.refers)
                self.found[number] = replace(
                    statement,
                    words=(statement.words[0], behind.strip()),
                    remarks=(*statement.remarks, *more),
                    refers=(*statement.refers, *refers),
                )
                self.linking.replaced(self.found[number])
        if self.bare is not None and self.bare is self.last and self.gap:
            self._said_of_expression(self.bare, self.gap[0].text.content)
        for piece in self.gap:
            self._conditions(piece)

    def _said_of_expression(self, math: Math, behind: str) -> None:
        if BY.match(behind):
            self.variable = math.text.content
        if remarks.DEPENDING.match(behind.strip(" 、,")):
            self.pending += remarks.dependences(math.text.content + " の時", math.text.at(0))

    def _derivative(self, statement: Statement, behind: str) -> tuple[Remark, ...]:
        """``E = … の微分``: it is the derivatives of both sides that are said to be equal."""
        of = OF.match(behind) or OF_AHEAD.search(statement.words[0])
        if not of:
            return ()
        facts = {"key": "derivative", "variable": self.variable, "words": of.group().strip()}
        return (Remark("condition", statement.text.at(0), facts, "claim"),)

    def _conditions(self, piece: Prose | Math) -> None:
        if isinstance(piece, Math):
            return
        done = 0
        content = piece.text.content
        for remark in conditions.ranges(content, piece.text.at(0)):
            if self._is_note(piece):
                self._said_of(len(self.found) - 1, remark)
            else:
                self.condition(remark)
        ends = [found.end() for found in ENDS.finditer(content)]
        for end in [*ends, len(content)]:
            sentence = content[done:end]
            for remark in conditions.from_words(sentence, piece.text.at(done)):
                self.condition(remark, is_open=end == len(content) and end not in ends)
            for remark in remarks.dependences(sentence, piece.text.at(done)):
                self.pending.append(remark)
            if end in ends:
                self.sentence, self.variable, self.bare = [], "", None
                self.pending = [p for p in self.pending if p.kind == "depends"]
            done = end

    def condition(self, remark: Remark, is_open: bool = True) -> None:
        """A condition is about the claims before it in its sentence; else about the next."""
        if self.sentence and remark.facts["key"] != "other" and not _is_ahead(remark):
            self._said_of(self.sentence[-1], remark)
        elif is_open:
            self.pending.append(remark)

    def _is_note(self, piece: Prose) -> bool:
        """Whether words stand beside the last claim, or indented right below it."""
        if self.last is None or not self.found or self.found[-1].row != self.last.row:
            return False
        below = piece.row - self.last.row
        return below == 0 or (below == 1 and piece.text.content[:1].isspace())

    def _said_of(self, number: int, remark: Remark) -> None:
        statement = self.found[number]
        self.found[number] = replace(statement, remarks=(*statement.remarks, remark))
        self.linking.replaced(self.found[number])

    def close(self) -> None:
        self.told()
        self.sentence, self.pending, self.gap = [], [], []
        self.variable, self.bare = "", None


def _nearer(titled: Sequence[Remark], own: Sequence[Remark]) -> Iterator[Remark]:
    """What a title says, unless the sentence names a layer itself."""
    if not any(remark.facts.get("key") in LAYERS for remark in own):
        yield from titled


def _is_ahead(remark: Remark) -> bool:
    """Whether words of condition come before what they are about, as in Japanese."""
    return bool(re.search(r"[ぁ-んァ-ヶ一-龠]", remark.facts["words"]))


def _without_label(words: str, statement: Statement) -> str:
    own = BEHIND.match(words)
    return words[own.end() :] if own and statement.labels else words


def _is_own(piece: Prose | Math, row: int, labels: Sequence[str]) -> bool:
    """Whether words are the label of the formula before them."""
    return piece.row == row and piece.text.content.strip(" ()") in labels


def _words_before(gap: Sequence[Prose | Math], row: int) -> str:
    return " ".join(p.text.content for p in gap if p.row == row and isinstance(p, Prose)).strip()
