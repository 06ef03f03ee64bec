"""Formulas as LaTeX for amsmath and amssymb: a table from type to function."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from symbp.notation import formula as tree
from symbp.notation.glyphs import latex_glyph
from symbp.notation.indices import KEPT, below, is_flat, joined
from symbp.notation.levels import ATOM, BIG, HADAMARD, QUOTIENT, is_bare, level

BIG_COMMANDS = {"Σ": "\\sum", "max": "\\max", "argmax": "\\operatorname*{arg\\,max}"}
RELATIONS = {"≥": "\\ge", "≤": "\\le", "≠": "\\ne"}
JUNCTIONS = {"∧": "\\land", "∨": "\\lor"}
FUNCTIONS = ("log", "exp", "tanh", "sinh", "cosh", "sin", "cos", "tan", "max", "min", "arg")
"""Functions that LaTeX has a command for."""
TALL = ("\\frac", "\\sum", "\\begin", "\\max", "\\operatorname*")
"""What needs brackets that grow."""
OTHERWISE = "\\text{otherwise}"


def write(formula: tree.Formula) -> str:
    """The LaTeX of ``formula``, without dollar signs."""
    return WRITE[type(formula)](formula)


def bracketed(text: str, opening: str = "(", closing: str = ")") -> str:
    """``text`` in brackets as high as it is."""
    if any(command in text for command in TALL):
        return f"\\left{opening} {text} \\right{closing}"
    return f"{opening}{text}{closing}"


def at_least(least: int, formula: tree.Formula) -> str:
    """``formula``, in brackets if it binds more weakly than ``least``."""
    text = write(formula)
    return text if level(formula) >= least else bracketed(text)


def _number(formula: tree.Number) -> str:
    return formula.text


def sign(formula: tree.Sign) -> str:
    place, primes = formula.place, "\\prime" * formula.primes
    glyph = latex_glyph(formula.glyph)
    top = f"^{{{place}{primes}}}" if place else "'" * formula.primes
    under = (_known_below if is_flat(formula.indices) else _below)(formula.label, formula.indices)
    return f"{glyph}{top}_{{{under}}}" if under else glyph + top


def _below(label: str, indices: tuple[tree.Formula, ...]) -> str:
    return below(label, indices, write, _upright)


_known_below = lru_cache(maxsize=KEPT)(_below)


def _upright(label: str) -> str:
    """A label beside indices, which is none of them."""
    return label if label.isdigit() else f"\\mathrm{{{label}}}"


def _terms(formula: tree.Terms) -> str:
    (negative, first), *rest = formula.parts
    text = ("-" if negative else "") + at_least(HADAMARD, first)
    return text + "".join(f" {'-' if n else '+'} {at_least(HADAMARD, part)}" for n, part in rest)


def _product(formula: tree.Product) -> str:
    *front, last = formula.factors
    return " ".join([*(at_least(QUOTIENT, f) for f in front), at_least(BIG, last)])


def _fraction(formula: tree.Fraction) -> str:
    return f"\\frac{{{write(formula.top)}}}{{{write(formula.bottom)}}}"


def _power(formula: tree.Power) -> str:
    return f"{at_least(ATOM, formula.base)}^{{{write(formula.exponent)}}}"


def _exponential(formula: tree.Exponential) -> str:
    inner = write(formula.argument)
    if is_short(formula.argument):
        return f"e^{{{inner}}}"
    return f"\\exp{bracketed(inner)}"


def is_short(exponent: tree.Formula) -> bool:
    """Whether ``exponent`` is legible in small print: a sign or a number, or minus one."""
    if isinstance(exponent, tree.Terms) and len(exponent.parts) == 1:
        return is_short(exponent.parts[0][1])
    if isinstance(exponent, tree.Product):
        return len(exponent.factors) == 2 and all(is_short(f) for f in exponent.factors)
    if isinstance(exponent, tree.Power):
        return is_short(exponent.base)
    return isinstance(exponent, (tree.Sign, tree.Number, tree.Fraction))


def function_name(name: str) -> str:
    return f"\\{name}" if name in FUNCTIONS else f"\\operatorname{{{name}}}"


def _call(formula: tree.Call) -> str:
    name = function_name(formula.name)
    if formula.power is not None:
        name += f"^{{{write(formula.power)}}}"
    if is_bare(formula):
        return f"{name} {write(formula.arguments[0])}"
    return name + bracketed(", ".join(map(write, formula.arguments)))


def _apply(formula: tree.Apply) -> str:
    return sign(formula.function) + bracketed(", ".join(map(write, formula.arguments)))


def _big(formula: tree.Big) -> str:
    command = BIG_COMMANDS[formula.operator]
    heads = " ".join(f"{command}{_bound(formula.operator, b)}" for b in formula.bounds)
    return f"{heads} {at_least(BIG, formula.body)}"


def _bound(operator: str, bound: tree.Bound) -> str:
    if bound.size is not None:
        letter, size = sign(bound.letter), write(bound.size)
        if operator == "Σ":
            return f"_{{{letter}=0}}^{{{size}-1}}"
        return f"_{{0 \\le {letter} < {size}}}"
    if bound.lower is None or bound.upper is None:
        return f"_{{{sign(bound.letter)}}}"
    return f"_{{{sign(bound.letter)}={write(bound.lower)}}}^{{{write(bound.upper)}}}"


def _derivative(formula: tree.Derivative) -> str:
    below = f"{{\\partial {write(formula.wrt)}}}"
    if isinstance(formula.of, (tree.Sign, tree.Apply)):
        return f"\\frac{{\\partial {write(formula.of)}}}{below}"
    return f"\\frac{{\\partial}}{below} {bracketed(write(formula.of))}"


def _relation(formula: tree.Relation) -> str:
    operator = RELATIONS.get(formula.operator, formula.operator)
    return f"{write(formula.left)} {operator} {write(formula.right)}"


def _junction(formula: tree.Junction) -> str:
    return f" {JUNCTIONS[formula.operator]} ".join(map(write, formula.parts))


def _cases(formula: tree.Cases) -> str:
    lines = (
        f"{write(value)} & {OTHERWISE if c is None else write(c)}" for value, c in formula.pieces
    )
    return "\\begin{cases} " + " \\\\ ".join(lines) + " \\end{cases}"


def _hadamard(formula: tree.Hadamard) -> str:
    return " \\odot ".join(at_least(QUOTIENT, f) for f in formula.factors)


WRITE: dict[type, Callable[[Any], str]] = {
    tree.Number: _number,
    tree.Sign: sign,
    tree.Terms: _terms,
    tree.Product: _product,
    tree.Fraction: _fraction,
    tree.Power: _power,
    tree.Root: lambda f: f"\\sqrt{{{write(f.inner)}}}",
    tree.Exponential: _exponential,
    tree.Modulus: lambda f: bracketed(write(f.inner), "|", "|"),
    tree.Call: _call,
    tree.Apply: _apply,
    tree.Big: _big,
    tree.Derivative: _derivative,
    tree.Relation: _relation,
    tree.Junction: _junction,
    tree.Iverson: lambda f: bracketed(write(f.condition), "[", "]"),
    tree.Indicator: lambda f: "\\mathbb{1}" + bracketed(write(f.condition), "[", "]"),
    tree.Cases: _cases,
    tree.Transposed: lambda f: f"{at_least(ATOM, f.inner)}^{{\\top}}",
    tree.Hadamard: _hadamard,
    tree.Norm: lambda f: bracketed(write(f.inner), "\\|", "\\|"),
    tree.Sample: lambda f: f"({write(f.which)})",
    tree.Note: _apply,
    tree.Entry: lambda f: f"{at_least(ATOM, f.inner)}_{{{joined(f.indices, write)}}}",
    tree.Dots: lambda _: "\\dots",
}
