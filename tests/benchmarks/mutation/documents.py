"""The formulas of a Markdown or TeX file, in order, with where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tests.benchmarks.mutation.nodes import Chain, Node, Partial, Symbol
from tests.benchmarks.mutation.parser import Unread, parse
from tests.benchmarks.mutation.spec import Spec
from tests.benchmarks.mutation.tokens import Token, macros, tokens

ENVIRONMENTS = r"align\*?|aligned|equation\*?|gather\*?|eqnarray\*?|split|gathered"
MATH = re.compile(
    rf"\$\$(?P<a>.*?)\$\$|(?<![\\$])\$(?P<b>[^$]+?)\$|\\\[(?P<c>.*?)\\\]|\\\((?P<d>.*?)\\\)"
    rf"|\\begin\{{(?P<n>{ENVIRONMENTS})\}}(?P<e>.*?)\\end\{{(?P=n)\}}",
    re.DOTALL,
)
INNER = re.compile(
    rf"\\(?:begin|end)\{{(?:{ENVIRONMENTS})\}}|\\(?:tag|label)\{{[^}}]*\}}|\\nonumber"
)
BREAK = re.compile(r"\\\\(?:\[[^\]]*\])?")
FORWARD = {"pre", "act", "loss", "sloss", "pred", "D", "reg", "target", "input"}


@dataclass(frozen=True)
class Formula:
    """A row of mathematics from ``start`` to ``end``; ``chain`` is None where it is no relation.

    ``left``: what its members are equal to; a row that begins with = takes it from before.
    ``given``: says what the network is, or what a name means, rather than claims.
    """

    start: int
    end: int
    line: int
    chain: Chain | None = None
    left: Node | None = None
    given: bool = False
    trouble: str = ""
    tokens: tuple[Token, ...] = ()


def rows(source: str) -> list[tuple[int, int]]:
    """The stretches of source that hold one row each."""
    found = []
    for match in MATH.finditer(source):
        kind = next(k for k in "abcde" if match[k] is not None)
        start, end = match.span(kind)
        at = start
        for cut in BREAK.finditer(source, start, end):
            found.append((at, cut.start()))
            at = cut.end()
        found.append((at, end))
    return found


def read(source: str, spec: Spec) -> list[Formula]:
    """Every row that has a relation sign, and whether this reader can read it."""
    known = macros(source)
    body = source.find(r"\begin{document}")
    made: list[Formula] = []
    left: Node | None = None
    meant: set[str] = set()
    for start, end in rows(source):
        if start < body:
            continue
        line = tokens(blanked(source, start, end), start, end, known)
        line = [t for t in line if t.text != "~"]
        if not any(t.text in {"=", r"\leftarrow", r"\equiv"} for t in line):
            continue
        formula = Formula(start, end, source.count("\n", 0, line[0].start) + 1, tokens=tuple(line))
        try:
            chain = parse(line, spec)
        except Unread as trouble:
            made.append(replace(formula, trouble=f"{type(trouble).__name__}: {trouble.args}"))
            left = None
            continue
        if not chain.signs:
            continue
        continues = line[0].text in {"=", r"\equiv"}
        left = left if continues and left else chain.members[0]
        given = not continues and is_given(chain, spec, meant)
        made.append(replace(formula, chain=chain, left=left, given=given))
    return made


def blanked(source: str, start: int, end: int) -> str:
    """The source with layout commands of this stretch as blanks, so that positions stay."""
    part = INNER.sub(lambda m: " " * len(m[0]), source[start:end])
    return source[:start] + part + source[end:]


def is_given(chain: Chain, spec: Spec, meant: set[str]) -> bool:
    """A forward equation, a loss, an update, or the first line that says what δ or dZ means."""
    left = chain.members[0]
    if chain.signs[0] not in {"=", r"\equiv", ":="}:
        return True
    if not isinstance(left, Symbol):
        return False
    role = spec.names[left.glyph]
    if role in FORWARD or role in {"weight", "bias", "rate", "count", "decay"}:
        return True
    first = left.glyph not in meant
    meant.add(left.glyph)
    return first and isinstance(chain.members[1], Partial) and len(chain.members) == 2


def line_of(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1
