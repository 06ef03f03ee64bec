"""Words and formulas of condition: の場合, のとき, if, when, for; titles that name layers."""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re
from collections.abc import Iterator

from symbp.verification.statement import Remark
from symbp.verification.text import Spot

WORDS = (
    ("identity", (r"恒等関数(?:の(?:場合|とき|時)|なら|なので|であ|だ)|線形(?:活性化|出力)の(?:場合|とき|時)"
     r"|\b(?:if|when|for|since|as|because|provided)\b[^.。]*\b(?:identity|linear (?:output|activation|unit))")),
    ("one_hot", r"one-?hot|ワンホット|正解(?:クラス)?だけが\s*1"),
    ("scalars", r"スカラー?の(?:場合|とき|時)|\bscalars?\b|一次元の(?:場合|とき)|1\s*次元の(?:場合|とき)"),
    ("one_sample", (r"1\s*サンプル|一つのサンプル|1つのデータ|サンプル数が\s*1|\b(?:one|single|per)[- ]sample\b"
     r"|\b(?:single|one) (?:example|training (?:example|sample))\b")),
    ("output", (r"出力層(?:の|で)(?:は|場合|とき|時)|最終層(?:の|で)(?:は|場合|とき|時)"
     r"|\b(?:for|in|at) the (?:output|last|final) layer")),
    ("hidden", r"(?:中間層|隠れ層)(?:の|で)(?:は|場合|とき|時)|\b(?:for|in|at) (?:the |a |all |any |each )?hidden (?:layers?|units?)"),
)  # fmt: skip
TITLES = (
    ("hidden", r"中間層|隠れ層|隠し層|hidden (?:layer|unit)", r"出力|最終|output|last|final"),
    (
        "output",
        r"出力層|最終層|output (?:layer|unit)|(?:last|final) layer",
        r"中間|隠れ|隠し|hidden",
    ),
)
"""What a section is about, and the words by which a title names the other layers as well."""
COMMANDS = re.compile(r"\\(?:le|leq|leqslant)(?![A-Za-z])")
DOTS = re.compile(r"\\(?:l?dots|cdots|dotsc)(?![A-Za-z])|\.{2,}|…|⋯")
FORMS = (
    ("last", r"^l=L$"),
    ("below_last", (r"l<L(?!\w)|l≤L-1|l(?:≠|!=)L$|^l=1(?:,2)?,?…,?L-1$|^l=L-1,?(?:L-2,)?…,?[12]$"
     r"|^l=L-1$|l∈\{1,?…,?L-1\}")),
    ("one_hot", r"^[Σ∑](?:_?\w)?[dty](?:_?\w)*=1$"),
)  # fmt: skip
RANGE = re.compile(
    r"(?:\d\s*(?:≤|\\leq?|<|\\lt)\s*)?(?<![A-Za-z])(?:l|ℓ|\\ell)\s*(?:<|\\lt|≤|\\leq?)\s*L(?:\s*[-−]\s*1)?"
)
BETWEEN = re.compile(
    r"(?P<first>\d{1,2})(?:≤|\\leq?|\\leqslant)(?:l|ℓ|\\ell)(?P<less><|\\lt|≤|\\leq?|\\leqslant)(?P<last>\d{1,2})"
)
"""``1 ≤ l ≤ 5``, without blanks."""
IN_BRACKETS = re.compile(r"[(（](?P<inner>[^()（）]{3,24})[)）]")
JAPANESE = re.compile(r"の(?:場合|とき|時)|なら|なので")
ANY = re.compile(
    r"の(?:場合|とき|時)|ならば?|\b(?:if|when|for|provided|assuming|whenever|unless)\b",
    re.IGNORECASE,
)


def formula_key(content: str) -> str:
    """The key of a condition on places, as ``l < L``; "other" where it is about something else."""
    bare = COMMANDS.sub("≤", content)
    bare = re.sub(r"\\(?:lt)(?![A-Za-z])", "<", bare)
    bare = re.sub(r"\\(?:ne|neq)(?![A-Za-z])", "≠", bare)
    bare = re.sub(r"\\in(?![A-Za-z])", "∈", bare)
    bare = DOTS.sub("…", bare).replace("−", "-").replace("\\ell", "l").replace("ℓ", "l")
    bare = re.sub(r"\\(?:quad|qquad|[,;:! {}])|[\s(){}]", "", bare).strip(",.")
    return next((key for key, form in FORMS if re.search(form, bare)), "other")


def from_words(words: str, at: Spot) -> Iterator[Remark]:
    """The conditions that a sentence names."""
    for key, pattern in WORDS:
        if found := re.search(pattern, words, re.IGNORECASE):
            facts = {"key": key, "words": found.group().strip()}
            yield Remark("condition", at, facts, "claim")


def between(content: str) -> dict[str, str]:
    """The facts of a range of layers from a number to a number; none where it is no such range."""
    found = BETWEEN.search(re.sub(r"\s|\$", "", content))
    if not found:
        return {}
    last = int(found["last"]) - (found["less"] in ("<", r"\lt"))
    return {"key": "range", "words": content.strip(), "first": found["first"], "last": str(last)}


def ranges(words: str, at: Spot) -> Iterator[Remark]:
    """The ranges of layers that stand in brackets, as ``(1 ≤ l < L)`` beside a formula."""
    for typed in IN_BRACKETS.finditer(words):
        facts = between(typed["inner"])
        if facts:
            yield Remark("condition", at, facts, "claim")
        elif (
            RANGE.fullmatch(typed["inner"].strip()) and formula_key(typed["inner"]) == "below_last"
        ):
            yield Remark("condition", at, {"key": "below_last", "words": typed["inner"]}, "claim")


def from_formula(content: str, at: Spot) -> Remark:
    plain = {"key": formula_key(content), "words": content.strip()}
    return Remark("condition", at, between(content) or letters(content) or plain, "claim")


def letters(content: str) -> dict[str, str]:
    """Whether two indices are the same, as ``k = j``, or not; nothing for any other condition."""
    bare = re.sub(r"\\(?:ne|neq)(?![A-Za-z])|\\not\s*=|!=", "≠", content)
    bare = re.sub(
        r"\\(?:q?quad|text\{[^{}]*\}|[,;:! ])|\b(?:if|when|for)\b|[\s(){}（）.,]", "", bare
    )
    found = INDICES.fullmatch(bare)
    if not found:
        return {}
    return {"key": "apart" if found[1] == "≠" else "same", "words": content.strip()}


INDICES = re.compile(r"[i-kmnp-s]([=≠])[i-kmnp-s]")
"""Two indices compared; l is a layer."""


def from_title(title: str, at: Spot) -> Iterator[Remark]:
    """What a title says of the section below it; one that names both kinds of layer says nothing."""
    for key, pattern, others in TITLES:
        named = re.search(pattern, title, re.IGNORECASE)
        if named and not re.search(others, title, re.IGNORECASE):
            yield Remark("condition", at, {"key": key, "words": title.strip()}, "section")
    if facts := between(title):
        yield Remark("condition", at, facts, "section")
    if (range_ := RANGE.search(title)) and formula_key(range_.group()) == "below_last":
        facts = {"key": "below_last", "words": range_.group().strip()}
        yield Remark("condition", at, facts, "section")
