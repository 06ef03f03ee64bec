"""Programs that stand among words without fences, their indentation perhaps lost.

Lines are only parsed, one at a time; nothing is run.
"""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

from symbp.verification.sources import limits

LONGEST = 400
FEWEST = 4
"""Lines of code that make a program among words."""

STRONG = re.compile(
    r"^\s*(?:import\s+\w|from\s+[\w.]+\s+import\s|def\s+\w+\s*\(|class\s+\w+\s*[(:]|return\b"
    r"|for\s+.+\s+in\s+.+:|while\s+.+:|print\s*\(|@\w)|\b(?:np|numpy|torch|tf|keras|plt)\."
)
HEADER = re.compile(
    r"^\s*(?:def|class|for|while|if|elif|else|try|except|finally|with|async)\b.*:\s*(?:#.*)?$"
)
COMMENT = re.compile(r"^\s*#(?!#)")
FENCE = re.compile(r"^\s*(?:>\s*)*(```+|~~~+)")
STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|#.*$")
WORTH = re.compile(r"[=(\[{)\]}:,]|^\s*(?:import|from|return|pass|break|continue|raise|del)\b")


def is_python(content: str, tenths: int = 8) -> bool:
    """Whether a text reads like a program: so many tenths of its lines, one of them beyond doubt."""
    rows = [row for row in content.split("\n")[: limits.PARSED] if row.strip()]
    kinds = _kinds(rows)
    return "strong" in kinds and sum(kind != "" for kind in kinds) * 10 >= len(rows) * tenths


def programs(rows: Sequence[str], fences: bool = False) -> list[tuple[int, int]]:
    """Runs of lines that are a program, as (first, behind last); not those within ``fences``."""
    found: list[tuple[int, int]] = []
    kinds = _kinds(_outside(rows) if fences else rows)
    at = 0
    while at < len(kinds):
        if kinds[at] not in {"strong", "weak", "comment"}:
            at += 1
            continue
        end = at
        while end < len(kinds) and (kinds[end] or not rows[end].strip()):
            end += 1
        last = end
        while not rows[last - 1].strip() or kinds[last - 1] == "":
            last -= 1
        inside = kinds[at:last]
        code = sum(kind in {"strong", "weak"} for kind in inside)
        if code >= FEWEST and inside.count("strong") >= 2:
            found.append((at, last))
        at = end
    return found


def _outside(rows: Sequence[str]) -> list[str]:
    """The lines, those within fences replaced by words."""
    kept, open_with = [], ""
    for row in rows:
        mark = FENCE.match(row)
        if mark and not open_with:
            open_with = mark.group(1)[:3]
        elif mark and mark.group(1).startswith(open_with):
            open_with = ""
            kept.append("·")
            continue
        kept.append("·" if open_with or mark else row)
    return kept


def _kinds(rows: Sequence[str]) -> list[str]:
    """For each line: strong, weak, comment, or nothing where it is no code."""
    kinds: list[str] = []
    depth = tried = 0
    opened = -1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, row in enumerate(rows):
            tried += bool(row.strip())
            if tried > limits.PARSED or len(row) > LONGEST:
                kinds.append("")
                depth = 0
                continue
            if depth > 0:
                kinds.append("weak")
                depth += _balance(row)
                if depth > 0 and number - opened > 60:
                    kinds[opened:] = [""] * (number + 1 - opened)  # it never closed: no code
                    depth = 0
                continue
            kind = _kind(row)
            kinds.append(kind)
            depth, opened = (
                (max(0, _balance(row)), number) if kind in {"strong", "weak"} else (0, 0)
            )
    if depth > 0:
        kinds[opened:] = [""] * (len(kinds) - opened)
    return kinds


def _balance(row: str) -> int:
    bare = STRINGS.sub("", row)
    return sum((c in "([{") - (c in ")]}") for c in bare)


def _kind(row: str) -> str:
    if COMMENT.match(row):
        return "comment"
    if not WORTH.search(row):
        return ""
    stripped = row.strip()
    if _balance(row) > 0:
        is_code = (
            bool(re.match(r"^[\w.,\[\]\"' ]+(?:[-+*/@]?=|\()", stripped)) and stripped.isascii()
        )
        is_code = is_code or bool(re.match(r"^[A-Za-z_][\w.]*\s*=\s*[\w.]*[(\[{]", stripped))
    else:
        is_code = _parses(stripped)
    if not is_code:
        return ""
    return "strong" if STRONG.search(row) else "weak"


def _parses(stripped: str) -> bool:
    """Whether a line alone is a statement, or the head of one, and no mere name or number."""
    if HEADER.match(stripped):
        keyword = re.match(r"\w+", stripped)
        ahead = {"elif": "if 1: pass\n", "else": "if 1: pass\n"}.get(
            keyword.group() if keyword else "", ""
        )
        if keyword and keyword.group() in {"except", "finally"}:
            ahead = "try: pass\n"
        behind = "\nexcept E: pass" if stripped.startswith("try") else ""
        stripped = f"{ahead}{stripped}\n pass{behind}"
    try:
        body = ast.parse(
            f"def f():\n {stripped}" if stripped.startswith("return") else stripped
        ).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if not body:
        return False
    node = body[-1]
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call) and stripped.split("(")[0].isascii()
    return True
