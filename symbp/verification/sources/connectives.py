"""The words between a formula and a following ``= …``: whether they leave the left side alone.

Tables; each entry is a pattern. What is in none of them makes the left side a guess.
"""

# ruff: noqa: E501 -- tables of words and of spellings read best with an entry on a line

from __future__ import annotations

import re

from symbp.verification.sources.numbering import CIRCLED

MARKUP = re.compile(r"\\(?:[A-Za-z]+\*?(?:\{[^{}]*\})?(?:\[[^\]]*\])?|.)|[*_`{}~>#|]+")
PUNCTUATION = re.compile(r"[\s,.;:、。・…⋯※「」『』()\[\]\-–—]+")
LABEL = rf"(?:[{CIRCLED}](?:_\d)?|\(\w{{1,3}}\)|\w?式)"
REASONS = re.compile(
    rf"{LABEL}(?:\s*(?:[、,]|と|and)\s*{LABEL})*\s*(?:式)?\s*(?:より|から|を用いて|を使って|を代入して|に代入して|によって)"
    rf"|(?:by|from|using|with|insert(?:ing)?|substitut(?:e|ing)|see|and|definition)\s+(?:eq(?:uation|\.)?\s*)?"
    rf"{LABEL}(?:\s*(?:,|and)\s*{LABEL})*",
    re.IGNORECASE,
)
LEADING_ON = (
    "よって", "したがって", "従って", "ゆえに", "故に", "以上より", "これより", "そして", "つまり", "すなわち", "さらに", "となり", "となって", "となるので", "なので", "であり", "これを",
    "これは", "上式を?", "式を", "(?:計算|整理|変形|展開|代入|約分|簡単に)(?:すると|して|すれば|し)", "まとめ(?:ると|て)", "すると", "連鎖律(?:より|を用いて|から|で)",
    "定義(?:より|から)", "以下で?説明します", "等しく", "は", "が", "より", "で", "書くと", "書き換えると", "and", "so", "thus", "hence", "therefore", "then",
    "that", "i", "e", "ie", "which", "this", "it", "is", "are", "equals?", "gives?", "giving", "becomes?", "yields?",
    "simplif(?:y|ies|ying)", "reduces?", "to", "we", "get", "have", "obtain", "find", "finally", "now", "rearranging",
    "expanding", "cancell?ing", "collecting", "again", "or", "equivalently", "the", "chain", "rule", "by", "as", "next", "also",
    "further", "in", "other", "words", "written",
)  # fmt: skip
HARMLESS = re.compile("|".join(LEADING_ON), re.IGNORECASE)
CHANGING = re.compile(
    r"総和|の和[はをが]|和をと|合計|平均を|期待値|両辺|転置|二乗|2乗|対数を|積分|逆行列"
    r"|total of|the sum of|summing|averag|expectation|both sides|transpos|squar|integrat"
    r"|logarithm of|take the log|invert|inverse",
    re.IGNORECASE,
)
DIFFERENTIATING = re.compile(
    r"[をでの]?(?:偏)?微分|導関数|勾配|differentiat|derivative|gradient", re.IGNORECASE
)
DERIVATIVE = re.compile(r"∂|\\partial|\\nabla|∇|\\d?frac\{\s*(?:\\mathrm\{)?d\b|\bd[A-Z]/d|['′]")
NAMING = re.compile(r"^\s*+(?:は|が|:|is|equals|becomes|are)?\s*+[、,:]?+\s*+$", re.IGNORECASE)
FAR = 240
"""Characters of words after which a formula no longer continues another."""


def plain(words: str) -> str:
    """Words without markup and without the commands of LaTeX."""
    return MARKUP.sub(" ", words)


def is_empty(words: str) -> bool:
    """Whether nothing but blanks and punctuation stands there."""
    return not PUNCTUATION.sub("", plain(words))


def is_harmless(words: str) -> bool:
    """Whether words only say that reading goes on: よって, (7) より, "which gives"."""
    rest = REASONS.sub(" ", plain(words))
    said = (part for part in PUNCTUATION.split(rest) if part)
    return all(re.fullmatch(f"(?:{HARMLESS.pattern})+", part, re.IGNORECASE) for part in said)


def changes(words: str, before: str) -> bool:
    """Whether words say that something is done to both sides, as differentiating ``before``.

    To differentiate a side that is a derivative already is to work it out.
    """
    said = plain(words)
    if CHANGING.search(said):
        return True
    return bool(DIFFERENTIATING.search(said)) and not DERIVATIVE.search(before)
