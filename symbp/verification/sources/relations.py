r"""A row of mathematics cut into claims: ``a = b, c = d`` are two, ``A (= B)`` says that A = B.

Chains stay whole; brackets, braces and environments are not looked into.
"""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbp.verification.sources import limits
from symbp.verification.sources.layout import trimmed
from symbp.verification.sources.texts import join
from symbp.verification.text import Text

RELATION = (
    r":=|[-+−*]=|[=≡≔≜←]|\\(?:leftarrow|gets|equiv|coloneqq|coloneq|triangleq|doteq)(?![A-Za-z])"
    r"|\\(?:overset|stackrel)\s*\{[^{}]*(?:\{[^{}]*\})?[^{}]*\}\s*(?:\{\s*=\s*\}|=)"
    r"|\\mathrel\s*\{\s*[:+\-]?=?\s*\}\s*=?|\{\s*[+\-:]\s*\}\s*="
)
TOKEN = re.compile(
    rf"(?P<relation>{RELATION})"
    r"|(?P<other>[<>!]=|==+|\\(?:ne|neq|le|leq|ge|geq|approx|sim|propto)(?![A-Za-z])|\\not\s*=)"
    r"|(?P<therefore>\\(?:Rightarrow|implies|therefore|iff|Leftrightarrow|Longrightarrow"
    r"|because|longrightarrow)(?![A-Za-z])|[⇒⟹∴⇔∵])"
    r"|(?P<wide>\\q?quad(?![A-Za-z])|\\hspace\s*\{[^{}]*\})"
    r"|(?P<words>\\(?:text|textrm|mbox|mathrm|textit|textbf)\s*\{(?P<said>[^{}]*)\})"
    r"|(?P<comma>[,、;])"
    r"|(?P<fence>\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])\s*(?:\\[{}|]|\\[A-Za-z]+|\S))"
    r"|(?P<env>\\(?P<which>begin|end)\s*\{[A-Za-z]+\*?\})"
    r"|(?P<open>\\\{|[({\[(]|\\l(?:brace|vert|angle|floor|ceil|Vert)(?![A-Za-z]))"
    r"|(?P<close>\\\}|[)}\])]|\\r(?:brace|vert|angle|floor|ceil|Vert)(?![A-Za-z]))"
    r"|\\[A-Za-z]+|\\.|.",
    re.DOTALL,
)
FENCES = {"left": 1, "right": -1}
JOINING = re.compile(
    r"^\s*(?:and|or|so|thus|hence|then|therefore|where|with|because|since|i\.e\.|that is|or equivalently"
    r"|但し|ただし|ここで|より|よって|ゆえに|故に|したがって|従って|かつ|および|または|すなわち|つまり|なので|から|を用いて)\b[\s,.:、。]*$"
    r"|^\s*[、,。;]\s*$",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"^\s*+\(?\s*+(?:if|when|for|where|provided|unless|otherwise|for all|for each|for any|s\.t\.)\b"
    r"|の(?:場合|とき|時)|^\s*\(|ならば?",
    re.IGNORECASE,
)
INDEX_CLAIM = re.compile(r"^[\sijklmntLNKMT0-9',.…⋯+\-−=<>≤≥≠∈∀{}()|:]*$")
INDEX_COMMANDS = re.compile(
    r"\\(?:l?dots|cdots|dotsc|le|leq|lt|ge|geq|gt|ne|neq|in|forall|ell|[,;:! ]|mid)(?![A-Za-z])"
)


@dataclass(frozen=True)
class Token:
    """A piece of a row; ``depth`` of brackets around it."""

    kind: str
    start: int
    stop: int
    depth: int
    said: str = ""


@dataclass(frozen=True)
class Part:
    """A claim, an expression, or words and conditions of one; ``begins`` tells of a leading ``=``."""

    text: Text
    is_claim: bool
    begins: bool = False
    is_condition: bool = False


def tokens(content: str) -> list[Token]:
    """The tokens of a row; where brackets do not close, only braces count."""
    found = _tokens(content, all_brackets=True)
    if found and found[-1].depth == -1:
        found = _tokens(content, all_brackets=False)
    return [token for token in found if token.depth >= 0]


def _tokens(content: str, all_brackets: bool) -> list[Token]:
    depth, kept = 0, []
    for found in TOKEN.finditer(content):
        kind = found.lastgroup or ""
        for name in ("relation", "therefore", "wide", "words", "comma", "fence", "env", "open"):
            kind = name if found[name] else kind
        mark = found.group()
        change = 0
        if kind == "fence":
            change = next((n for word, n in FENCES.items() if mark.startswith("\\" + word)), 0)
        elif kind == "env":
            change = 1 if found["which"] == "begin" else -1
        elif kind in {"open", "close"} and (all_brackets or mark in "{}"):
            change = 1 if kind == "open" else -1
        if change < 0:
            depth += change
        kept.append(Token(kind, found.start(), found.end(), max(depth, 0), found["said"] or ""))
        if change > 0:
            depth += change
        if depth < 0:
            if all_brackets:
                return [*kept, Token("", 0, 0, -1)]
            depth = 0
    return [*kept, Token("", 0, 0, -1)] if depth and all_brackets else kept


def has_relation(content: str) -> bool:
    """Whether a row claims something at its top level."""
    return any(token.kind == "relation" and token.depth == 0 for token in tokens(content))


def begins(content: str) -> bool:
    """Whether a row begins with its relation."""
    first = next(
        (token for token in tokens(content) if content[token.start] not in " \t\n{}"), None
    )
    return first is not None and first.kind == "relation"


def parts(text: Text) -> list[Part]:
    """The claims and expressions of a row, in order."""
    text = _bare(text)
    found: list[Part] = []
    for part in _separate(text):
        found += _aside(part)
    return found


def _bare(text: Text) -> Text:
    """Without brackets around the whole, where these enclose a claim."""
    for opening, closing in (("(", ")"), ("{", "}")):
        if text.content.startswith(opening) and text.content.endswith(closing):
            inside = tokens(text.content)
            wraps = inside and all(token.depth > 0 for token in inside[1:-1])
            if wraps and has_relation(text.content[1:-1]):
                return text[1:-1].strip()
    return text


def _separate(text: Text) -> Iterator[Text]:
    """The row cut where one claim ends and another begins."""
    cuts: list[tuple[int, int]] = []
    found = tokens(text.content)
    ends = [(t.start, t.stop, t) for t in found if t.depth == 0 and _is_cut(t, text.content)]
    ends = ends[: limits.CLAIMS]
    for start, stop, token in ends:
        hard = token.kind in {"therefore", "words"}
        before = text.content[cuts[-1][1] if cuts else 0 : start]
        following = next((a for a, _, _ in ends if a > start), len(text.content))
        behind = text.content[stop:following]
        if hard or _splits(before, behind, token):
            cuts.append((start, stop))
    starts = [0, *(stop for _, stop in cuts)]
    stops = [*(start for start, _ in cuts), len(text)]
    for start, stop in zip(starts, stops, strict=True):
        if part := trimmed(text[start:stop]):
            yield part


def _is_cut(token: Token, content: str) -> bool:
    if token.kind == "words":
        before = content[: token.start].rstrip()[-1:]
        is_script = before in {"_", "^"}
        return not is_script and bool(JOINING.search(token.said) or CONDITION.search(token.said))
    return token.kind in {"therefore", "wide", "comma"}


def _splits(before: str, behind: str, token: Token) -> bool:
    """Whether a comma or a wide blank separates claims."""
    if not behind.strip():
        return True
    if token.kind == "comma" and is_about_indices(before):  # l = 1, …, L − 1
        return has_relation(behind) and not is_about_indices(behind)
    if token.kind == "wide" and before.strip().startswith("="):
        return has_relation(behind)
    return (has_relation(before) or not before.strip()) and (
        has_relation(behind) or is_about_indices(behind) or token.kind == "wide"
    )


def is_about_indices(content: str) -> bool:
    r"""Whether it speaks of places and indices only: ``l = 1, \dots, L-1``, ``k \ne j``."""
    bare = INDEX_COMMANDS.sub(" ", content)
    return (
        bool(bare.strip())
        and bool(INDEX_CLAIM.match(bare))
        and not re.match(r"^[\s0-9=+\-.]*$|^\s*=", bare)
    )


def _aside(text: Text) -> list[Part]:
    """The claim itself, and ``A (= B)`` within it as a claim of its own."""
    content = text.content
    if is_about_indices(content):
        return [Part(text, is_claim=False, is_condition=True)]
    found = tokens(content)
    for at, token in enumerate(found):
        if token.kind != "open" or token.depth or content[token.start] != "(":
            continue
        close = next((t for t in found[at + 1 :] if t.kind == "close" and t.depth == 0), None)
        inside = text[token.stop : close.start] if close else text[:0]
        if close and begins(inside.content.strip()):
            left = _last_side(text[: token.start], found)
            whole = [Part(join([left, inside]), is_claim=True, begins=not left)]
            outer = join([text[: token.start], text[close.stop :]]).strip()
            if outer and has_relation(outer.content):
                return [Part(outer, is_claim=True, begins=begins(outer.content)), *whole]
            return whole
    return [Part(text, has_relation(content), begins(content))]


def _last_side(text: Text, found: list[Token]) -> Text:
    """What stands behind the last relation."""
    ends = [t.stop for t in found if t.kind == "relation" and not t.depth and t.stop <= len(text)]
    return text[ends[-1] if ends else 0 :].strip()
