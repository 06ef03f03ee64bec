"""Plain text: bare LaTeX and Unicode formulas in lines of words, titles that are underlined.

A formula is what has a relation and is free of words. Two blanks or a tab end a column, as in
the listings ``(3)  δ = y − d    Cancel.``
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbp.verification.page import Code, Heading, Piece
from symbp.verification.sources.inline import Fragment
from symbp.verification.sources.program_lines import programs
from symbp.verification.sources.source import Source
from symbp.verification.sources.texts import lines, narrow
from symbp.verification.sources.writing import Writer, words
from symbp.verification.text import Text

DELIMITED = re.compile(r"\$|\\\(|\\\[|\\begin\s*\{")
UNDERLINE = re.compile(r"^\s*([═─━=~\-])\1{2,}\s*$")
NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]\s*|ステップ\s*\d|手順\s*\d|[Ss]tep\s*\d|#{1,6}\s)\S")
LISTED = re.compile(r"^(\s*)\(\w{1,3}\)\s")
GAP = re.compile(r"\t\s*|\s{2,}|\u3000+")
RELATION = re.compile(r"(?<![<>!])(?:[-+−:]?=|≡|≔|←|\\leftarrow|\\gets|\\equiv|\\coloneqq)(?!=)")
OPEN_END = re.compile(r"(?:[-+−·*/==(]|\\cdot|\\times|←|≡)\s*$")
OPEN_START = re.compile(r"^\s*(?:[-+−:]?=|≡|←|[+−·*/])")
TYPED = re.compile(
    r"\\(?:text|mathrm|textrm|operatorname|mathit|mbox|textbf)\s*\{[^{}]*\}|\\[A-Za-z]+|\\."
    r"|_\{[^{}]*\}|[A-Za-z]\w*_\w+"
    # a word with something small behind it is a name: mask\u2099\u209c, mask_{n,t + 1}
    r"|[A-Za-z]{2,}(?=[\u2080-\u209c\u1d62-\u1d65\u2c7c\u2070-\u207f\u00b9\u00b2\u00b3]|_\{)"
)
LONG = re.compile(r"[A-Za-z]{2,}")
WIDE = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]|://")
FUNCTIONS = frozenset(
    [
        "exp",
        "erf",
        "log",
        "ln",
        "sin",
        "cos",
        "tan",
        "tanh",
        "sinh",
        "cosh",
        "max",
        "min",
        "sum",
        "softmax",
        "sigmoid",
        "relu",
        "ReLU",
        "diag",
        "sqrt",
        "sign",
        "arg",
        "argmax",
        "argmin",
        "det",
        "tr",
        "mean",
        "MSE",
        "CE",
        "dot",
        "abs",
        "outer",
        "alpha",
        "beta",
        "gamma",
        "delta",
        "eta",
        "theta",
        "lambda",
        "sigma",
        "phi",
        "partial",
        "grad",
        "nabla",
        "lr",
        "true",
        "pred",
        "hat",
        "log2",
        "vec",
    ]
)
SMALL = frozenset(
    [
        "is",
        "of",
        "to",
        "by",
        "in",
        "we",
        "so",
        "if",
        "an",
        "as",
        "at",
        "be",
        "it",
        "on",
        "or",
        "do",
        "he",
        "no",
        "my",
        "up",
        "us",
        "go",
        "am",
        "me",
        "and",
        "the",
        "for",
        "are",
        "was",
        "not",
        "let",
        "now",
        "get",
    ]
)
SPLITTING = re.compile(r"[\s、。,;:;:「」『』]+|,\s")
STOPS = "、。「」『』:;"
SYMBOL = re.compile(r"^\S{1,40} = \([^()=]{1,50}\)$")
"""A matrix and its entries, as tables of symbols have them."""
WORDY = re.compile(
    r"^\s*(?:[-*・•]\s*)?(?P<word>[A-Za-z]{2,}) = "
    r"\((?P<entry>[A-Za-z]+)[^A-Za-z()=][^()=]{0,40}\)\s*$"
)
"""The same where both are called by one word: ``Speed = (speed_{ni})``."""
PAIRS = {"(": ")", "[": "]", "{": "}"}


def pieces(source: Source, writer: Writer) -> Iterator[Piece]:
    """The pieces of a plain text."""
    done, named = 0, _named(source.lines)
    for first, last in [*programs(source.lines), (len(source.lines), len(source.lines))]:
        for start, stop in _paragraphs(source.lines, done, first):
            text = source.block(start, stop)
            if DELIMITED.search(text.content):
                yield from writer.run(text)
            else:
                yield from paragraph(text, writer, named)
        if first < last:
            yield Code(source.block(first, last))
        done = last


def _paragraphs(rows: list[str], first: int, last: int) -> Iterator[tuple[int, int]]:
    start = first
    for at in range(first, last + 1):
        if at == last or not rows[at].strip():
            if start < at:
                yield start, at
            start = at + 1


def _named(rows: list[str]) -> frozenset[str]:
    """The words that the page itself lists as names of matrices."""
    heads = (WORDY.match(re.split(r"\t|(?<=\S)\s{2,}", row)[0]) for row in rows)
    return frozenset(
        head["word"] for head in heads if head and head["word"].lower() == head["entry"].lower()
    )


def paragraph(text: Text, writer: Writer, named: frozenset[str] = frozenset()) -> Iterator[Piece]:
    """The pieces of lines that have no delimiters; words that are ``named`` are signs."""
    rows = [narrow(row) for row in lines(text)]
    listed = -1
    for at, row in enumerate(rows):
        content = row.content
        if not content.strip() or (at and UNDERLINE.match(content)):
            continue
        under = UNDERLINE.match(rows[at + 1].content) if at + 1 < len(rows) else None
        if under:
            yield Heading(row, 1 if under.group(1) in "═=━" else 2)
            continue
        label = LISTED.match(content)
        indent = len(content) - len(content.lstrip())
        is_note = 0 <= listed < indent - 3 and not label
        listed = len(label.group(1)) if label else listed if is_note else -1
        found = [] if not writer.gathering.may_open() else formulas(row, named)
        if not found and NUMBERED.match(content) and _is_title(content):
            yield Heading(row, 3)
            continue
        yield from _cut(row, found, writer, is_note)


def _is_title(content: str) -> bool:
    return len(content) < 80 and not content.rstrip().endswith(("。", ".", ";", ",", "、"))


def _cut(row: Text, found: list[tuple[int, int]], writer: Writer, is_note: bool) -> Iterator[Piece]:
    done = 0
    for start, stop in found:
        before = row[done:start]
        if before.content.strip():
            yield from words(before)
        alone = not before.content.strip() or bool(LISTED.match(before.content + " "))
        display = alone and done == 0 and not is_note
        yield from writer.formula(Fragment(row[start:stop], is_math=True, display=display))
        done = stop
    rest = row[done:]
    if rest.content.strip():
        yield from words(rest)


def formulas(row: Text, named: frozenset[str]) -> list[tuple[int, int]]:
    """Where formulas stand in a line."""
    content = LONG.sub(lambda word: _sign(word.group(), named), row.content)
    found: list[tuple[int, int]] = []
    for start, stop in _columns(content):
        chunk = content[start:stop]
        if not RELATION.search(chunk):
            continue
        if SYMBOL.match(chunk) and _has_words(content[stop:]) and not content[:start].strip():
            continue
        if is_formula(chunk):
            found.append((start, stop))
        else:
            found += [(start + a, start + b) for a, b in _segments(chunk)]
    return found


def _sign(word: str, named: frozenset[str]) -> str:
    """``word``, or something as long that is none."""
    return "ν" * len(word) if word in named else word


def _columns(content: str) -> list[tuple[int, int]]:
    """The columns of a line; a formula with wide blanks around its signs stays one."""
    columns: list[tuple[int, int]] = []
    start = len(content) - len(content.lstrip())
    for gap in [*GAP.finditer(content, start), None]:
        stop = gap.start() if gap else len(content)
        if start < stop:
            before = content[slice(*columns[-1])] if columns else ""
            joins = OPEN_END.search(before) or (OPEN_START.match(content[start:stop]))
            is_label = bool(re.match(r"^\(?\w{1,3}[).]$|^[-*・•]$", before))
            if columns and joins and not is_label and not _has_words(before):
                columns[-1] = (columns[-1][0], stop)
            else:
                columns.append((start, stop))
        start = gap.end() if gap else stop
    return columns


def is_formula(chunk: str) -> bool:
    """Whether a run of text is one formula with a relation: brackets close, and no words."""
    found = RELATION.search(chunk)
    if not found or _has_words(chunk) or not _closes(chunk):
        return False
    right = chunk[found.end() :].strip(" .,。、")
    return bool(re.search(r"\w", right)) and (
        not chunk[: found.start()].strip() or bool(re.search(r"[^\W\d]|\d", chunk[: found.start()]))
    )


def _has_words(chunk: str) -> bool:
    if WIDE.search(chunk):
        return True
    bare = _outside(TYPED.sub(" ", chunk))
    return any(
        word in SMALL or (len(word) > 2 and word not in FUNCTIONS) for word in LONG.findall(bare)
    )


def _outside(chunk: str) -> str:
    """What stands outside all braces that close, however deep: ``{{a if b} if c; d if e}``."""
    opened: list[int] = []
    groups: list[tuple[int, int]] = []
    for at, char in enumerate(chunk):
        if char == "{":
            opened.append(at)
        elif char == "}" and opened:
            start = opened.pop()
            while groups and groups[-1][0] > start:
                groups.pop()
            groups.append((start, at + 1))
    starts, stops = [0, *(stop for _, stop in groups)], [*(start for start, _ in groups), None]
    return " ".join(chunk[start:stop] for start, stop in zip(starts, stops, strict=True))


def _closes(chunk: str) -> bool:
    waiting: list[str] = []
    for char in chunk:
        if char in PAIRS:
            waiting.append(PAIRS[char])
        elif char in PAIRS.values() and (not waiting or waiting.pop() != char):
            return False
    return not waiting


def _segments(chunk: str) -> Iterator[tuple[int, int]]:
    """Formulas between words: the longest runs that are free of words."""
    start = stop = -1
    for begin, end in [*_tokens(chunk), (len(chunk), len(chunk))]:
        is_free = chunk[begin:end].strip(STOPS) != "" and not _has_words(chunk[begin:end])
        if is_free:
            start = begin if start < 0 else start
            stop = end
        elif start >= 0:
            if is_formula(chunk[start:stop]) and (
                not OPEN_START.match(chunk[start:stop]) or not chunk[:start].strip()
            ):
                yield start, stop
            start = -1


def _tokens(chunk: str) -> Iterator[tuple[int, int]]:
    """Words between blanks; Japanese words are apart from what touches them."""
    for found in re.finditer(r":=|[^\s、。「」『』:;]+|[、。「」『』:;]", chunk):
        at = found.start()
        for part in re.finditer(
            r"[\u3005-\u30ff\u3400-\u9fff、。「」『』:;]+|[^\u3005-\u30ff\u3400-\u9fff、。「」『』:;]+",
            found.group(),
        ):
            yield at + part.start(), at + part.end()
