r"""What people type and what it is taken for: tables from LaTeX commands and rare characters.

Every command that has a character of its own becomes that character, so that the grammar knows one
spelling of each sign.
"""

from __future__ import annotations

import unicodedata

from symbp.notation.glyphs import COMMANDS as GREEK

COMMANDS: dict[str, str] = {
    **GREEK,
    "ell": "l",
    "partial": "∂", "nabla": "∇", "sum": "∑", "Sigma": "∑",
    "cdot": "·", "times": "·", "cdotp": "·", "ast": "*",
    "odot": "⊙", "circ": "⊙", "circledast": "⊙",
    "prime": "′", "top": "⊤", "intercal": "⊤", "transpose": "⊤",
    "le": "≤", "leq": "≤", "leqq": "≤", "leqslant": "≤",
    "ge": "≥", "geq": "≥", "geqq": "≥", "geqslant": "≥",
    "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "in": "∈",
    "coloneqq": ":=", "coloneq": ":=", "triangleq": ":=", "doteq": ":=", "equiv": "≡",
    "leftarrow": "←", "gets": "←", "approx": "≈", "simeq": "≈", "fallingdotseq": "≈",
    "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨",
    "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]",
    "lvert": "⟮|", "rvert": "|⟯", "lVert": "‖", "rVert": "‖", "Vert": "‖",
    "dots": "…", "ldots": "…", "cdots": "…", "dotsb": "…", "dotsc": "…", "dotsm": "…",
    "frac": "\\frac", "dfrac": "\\frac", "tfrac": "\\frac", "cfrac": "\\frac",
    "sqrt": "√", "hat": "\\hat", "widehat": "\\hat", "tilde": "\\tilde", "widetilde": "\\tilde",
    "bar": "\\bar", "overline": "\\bar", "dot": "\\dot",
}  # fmt: skip
"""LaTeX command, without the backslash -> what stands for it."""

COMMANDS |= {"mathbbm": "\\mathbb", "mathds": "\\mathbb"}

SILENT = frozenset(
    [
        "left",
        "right",
        "middle",
        "big",
        "bigl",
        "bigr",
        "bigm",
        "bigg",
        "biggl",
        "biggr",
        "Big",
        "Bigl",
        "Bigr",
        "Bigm",
        "Bigg",
        "Biggl",
        "Biggr",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "scriptscriptstyle",
        "limits",
        "nolimits",
        "quad",
        "qquad",
        "thinspace",
        "medspace",
        "thickspace",
        "negthinspace",
        "nonumber",
        "notag",
        "strut",
        "mathstrut",
        "mathbf",
        "boldsymbol",
        "bm",
        "vec",
        "mathit",
        "mathcal",
        "mathscr",
        "mathfrak",
        "pmb",
        "symbf",
        "symbfit",
        "bf",
        "rm",
        "it",
        "cal",
        "boldmath",
        "bold",
        "underline",
        "mathop",
        "mathbin",
        "mathord",
        "mathnormal",
        "overrightarrow",
        "therefore",
        "because",
        "iff",
        "Rightarrow",
        "implies",
        "Leftrightarrow",
        "Longrightarrow",
    ]
)
"""Commands that change how something looks, or lead over from the line before: left out."""

WITH_ARGUMENT = frozenset(
    ["tag", "label", "hspace", "vspace", "phantom", "hphantom", "vphantom", "color"]
)
"""Commands that are left out together with what stands in braces after them."""

UPRIGHT = frozenset(
    [
        "mathrm",
        "text",
        "textrm",
        "textit",
        "textbf",
        "textnormal",
        "textsf",
        "texttt",
        "mathsf",
        "mathtt",
        "operatorname",
        "operatornamewithlimits",
        "mbox",
        "hbox",
    ]
)
"""Commands whose argument is a word."""

CHARS = {
    "∗": "*", "⋆": "*", "×": "·", "⋅": "·", "・": "·", "∙": "·", "•": "·", "･": "·", "✕": "·",
    "∘": "⊙", "◦": "⊙", "○": "⊙", "⨀": "⊙", "⊚": "⊙",
    "−": "-", "–": "-", "‐": "-", "‑": "-", "—": "-", "﹣": "-",
    "Σ": "∑", "ᵀ": "^⊤", "⊺": "⊤", "’": "'", "‘": "'", "`": "'", "″": "''", "′": "'", "‴": "'''",
    "≔": ":=", "≝": ":=", "≜": ":=", "≐": ":=", "≒": "≈", "≃": "≈", "⟵": "←", "⇐": "←",
    "≦": "≤", "≧": "≥", "⩽": "≤", "⩾": "≥", "⋯": "…", "‥": "…", "ϵ": "ε", "ϕ": "φ", "µ": "μ",
    "ℓ": "l", "ℒ": "L", "∥": "‖", "\u3000": " ", "\u00a0": " ", "\u200b": " ", "\ufeff": " ",
    "〔": "(", "〕": ")", "【": "(", "】": ")", "⟨": "(", "⟩": ")", "、": ",", "，": ",",
    "∴": " ", "∵": " ", "⇒": " ", "⇔": " ", "ˆ": "^",
}  # fmt: skip
"""A character -> what is meant by it."""

_KEPT = frozenset("𝟙𝟏½⅓⅔¼¾")
_MARKED = {"\u0302", "\u0303", "\u0304"}


def char(typed: str) -> str:
    """What one character stands for: full width, mathematical letters and lookalikes undone."""
    if typed in CHARS:
        return CHARS[typed]
    if typed < "\u0080" or typed in _KEPT:
        return typed
    if "！" <= typed <= "～" or "\U0001d400" <= typed <= "\U0001d7ff":
        plain = unicodedata.normalize("NFKC", typed)
        return CHARS.get(plain, plain)
    apart = unicodedata.normalize("NFD", typed)
    return apart if len(apart) == 2 and apart[1] in _MARKED else typed
