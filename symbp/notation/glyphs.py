"""Characters: Greek letters in three spellings, superscripts and subscripts.

A glyph is kept as Unicode text (``δ``, ``Δw``, ``x``); its other spellings are looked up here.
"""

from __future__ import annotations

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "varphi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi",
    "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
"""Unicode character -> LaTeX command, without the backslash."""

LOOK_ALIKES = frozenset(char.upper() for char in GREEK) - GREEK.keys()
"""Capital Greek letters that look like Latin ones, and have no command."""

COMMANDS = {command: char for char, command in GREEK.items()} | {"epsilon": "ε", "phi": "φ"}
"""LaTeX command -> Unicode character."""

ASCII = {char: command.removeprefix("var") for char, command in GREEK.items()} | {"λ": "lam"}
"""Unicode character -> a name for code (``lambda`` is a keyword of Python)."""

NAMES = {name: char for char, name in ASCII.items()} | COMMANDS
"""A name spelled out (``eta``, ``lam``) -> Unicode character."""

SUPERSCRIPTS = dict(
    zip(
        "0123456789+-−()abcdefghijklmnoprstuvwxyzLNMT",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᴺᴹᵀ",
        strict=True,
    )
)  # fmt: skip
SUBSCRIPTS = dict(
    zip("0123456789+-−()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)

MARKS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}
"""Combining character -> LaTeX command and suffix of a name in code."""

MATRICES = ("H", "G")
"""What stands before a direction that it is multiplied with: Hessian and Gauss–Newton matrix."""

NORM = "‖g‖"

ONES = "𝟏"
"""The column of ones."""

VULGAR = {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾"}


def glyph_of(text: str) -> str:
    r"""``δ`` for ``\delta``; what is no Greek letter stays."""
    if text.startswith("\\mathrm{"):
        return text[len("\\mathrm{") : -1]
    return COMMANDS.get(text[1:], text) if text.startswith("\\") else text


def latex_glyph(glyph: str) -> str:
    """The LaTeX of a glyph: commands for Greek letters, upright letters for words."""
    if glyph[0] in MATRICES and glyph[1:2].isalpha() and glyph[-1] in MARKS:
        return f"{glyph[0]} {latex_glyph(glyph[1:])}"
    if glyph[-1] in MARKS:
        return f"\\{MARKS[glyph[-1]]}{{{latex_glyph(glyph[:-1])}}}"
    if glyph == ONES:
        return "\\mathbf{1}"
    if glyph == NORM:
        return "\\lVert g \\rVert"
    if len(glyph) == 1:
        return f"\\{GREEK[glyph]}" if glyph in GREEK else glyph
    if len(glyph) == 2 and glyph[0] == "d":
        return f"d{latex_glyph(glyph[1])}"  # dZ is one name, and looks like a differential
    if glyph[0] in GREEK:
        return f"\\{GREEK[glyph[0]]} {latex_glyph(glyph[1:])}"
    return f"\\mathrm{{{glyph}}}"


def ascii_glyph(glyph: str) -> str:
    """``δ`` -> ``delta``, ``Δw`` -> ``Delta_w``, ``m̂`` -> ``m_hat``."""
    if glyph[-1] in MARKS:
        return f"{ascii_glyph(glyph[:-1])}_{MARKS[glyph[-1]]}"
    if glyph == NORM:
        return "norm"
    if len(glyph) > 1 and glyph[0] in ASCII:
        return f"{ASCII[glyph[0]]}_{ascii_glyph(glyph[1:])}"
    return ASCII.get(glyph, glyph)


def script(text: str, table: dict[str, str], sign: str) -> str:
    """``text`` in small characters if all of them exist, else ``^{text}``, ``_x``, ``^[l]``."""
    if all(char in table for char in text):
        return "".join(table[char] for char in text)
    return f"{sign}{text}" if len(text) == 1 or text[0] == "[" else f"{sign}{{{text}}}"
