"""Formula -> expression: the inverse of ``arrange``, a table from type to function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr, Integer

from symbp.equations.axis import Axis, Index, Size, Total
from symbp.equations.calculus import (
    ArgLargest,
    FunctionSymbol,
    Functional,
    Largest,
    Opaque,
    Partial,
)
from symbp.equations.tensor import Role, Tensor, entries, is_entry, tensor_of
from symbp.notation import formula as tree
from symbp.notation.latex import write
from symbp.notation.letters import IMPLIED
from symbp.notation.line import Remark
from symbp.notation.meaning import Meaning, Rule
from symbp.notation.read_error import ReadError

LARGEST_POWER = 100
"""Of a number: what is larger would be computed."""

LARGEST_BITS = 400
"""Of a number that comes out."""

ARGUMENT = sympy.Symbol("argument", real=True)

FUNCTIONS = {
    "log": sympy.log,
    "tanh": sympy.tanh,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "atan": sympy.atan,
    "erf": sympy.erf,
    "sign": sympy.sign,
    "max": sympy.Max,
    "min": sympy.Min,
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)),
    "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
    "relu": lambda u: sympy.Piecewise((u, u > 0), (0, True)),
    "identity": lambda u: u,
}
SEVERAL = ("max", "min")
"""Functions of any number of arguments, though not of very many; all others take one."""

MOST = 8
RELATIONS = {
    ">": sympy.StrictGreaterThan,
    "≥": sympy.GreaterThan,
    "<": sympy.StrictLessThan,
    "≤": sympy.LessThan,
    "=": sympy.Equality,
    "≠": sympy.Unequality,
}
JUNCTIONS = {"∧": sympy.And, "∨": sympy.Or}


def _number(_meaning: Meaning, formula: tree.Number) -> Expr:
    text = formula.text
    return sympy.Float(text) if "." in text else Integer(int(text))


def _terms(meaning: Meaning, formula: tree.Terms) -> Expr:
    signed = [(negative, meaning(part)) for negative, part in formula.parts]
    return sympy.Add(*(-part if negative else part for negative, part in signed))


def _fraction(meaning: Meaning, formula: tree.Fraction) -> Expr:
    top, bottom = meaning(formula.top), meaning(formula.bottom)
    if bottom.is_zero:
        raise ReadError("division_by_zero", meaning.column(formula))
    return top / bottom


def _power(meaning: Meaning, formula: tree.Power) -> Expr:
    if isinstance(formula.base, tree.Norm):
        if formula.exponent != tree.Number("2"):
            raise meaning.unexpected(formula.base, "square")
        return meaning.squares(formula.base.inner)
    base, exponent = meaning(formula.base), meaning(formula.exponent)
    too_large = ReadError("number_too_large", meaning.column(formula.base), found="")
    if exponent.is_number and not (exponent.is_Rational and abs(exponent) <= LARGEST_POWER):
        raise too_large
    if base.is_number and exponent.is_number:
        if not base.is_Rational and not (base.is_Float or exponent.is_Integer):
            raise too_large
        if exponent.is_Rational and abs(exponent.q) > LARGEST_POWER:
            raise too_large
        if base.is_zero and exponent.is_negative:
            raise ReadError("division_by_zero", meaning.column(formula))
        if _bits(base) * int(abs(exponent) + 1) > LARGEST_BITS * 2:
            raise too_large
    return base**exponent


def _bits(number: Expr) -> int:
    return max(number.p.bit_length(), number.q.bit_length()) if number.is_Rational else 53


def _call(meaning: Meaning, formula: tree.Call) -> Expr:
    if formula.name == "softmax":
        return _softmax(meaning, formula)
    if formula.name not in FUNCTIONS:
        raise ReadError("unknown_sign", meaning.column(formula), found=formula.name, similar=())
    arguments = [meaning(argument) for argument in formula.arguments]
    if not 1 <= len(arguments) <= (MOST if formula.name in SEVERAL else 1):
        raise meaning.unexpected(formula, "argument")
    value = _called(meaning, formula, arguments)
    return value if formula.power is None else _raised(meaning, value, formula.power)


def _called(meaning: Meaning, formula: tree.Call, arguments: list[Expr]) -> Expr:
    function: Any = FUNCTIONS[formula.name]
    if formula.primes:
        if formula.name in SEVERAL or formula.primes > 3:
            raise meaning.unexpected(formula, "function")
        return function(ARGUMENT).diff(ARGUMENT, formula.primes).xreplace({ARGUMENT: arguments[0]})
    if formula.name == "log" and arguments[0].is_zero:
        raise ReadError("division_by_zero", meaning.column(formula))
    value = function(*arguments)
    if formula.name == "sign":
        # SymPy picks one of |x| and |-x|, and its derivative bears the sign of that one.
        value = sympy.Abs(arguments[0])
        inner = value.args[0] if isinstance(value, sympy.Abs) else arguments[0]
        value = sympy.sign(inner) if inner == arguments[0] else -sympy.sign(inner)
    return value


def _raised(meaning: Meaning, value: Expr, power: tree.Formula) -> Expr:
    exponent = meaning(power)
    if exponent.is_number and not (exponent.is_Integer and abs(exponent) <= LARGEST_POWER):
        raise meaning.unexpected(power, "power")
    return value**exponent


def _softmax(meaning: Meaning, formula: tree.Call) -> Expr:
    """The entry at the free unit of its argument: exp(u_j) / Σ_k exp(u_k)."""
    if len(formula.arguments) != 1 or formula.primes or formula.power is not None:
        raise meaning.unexpected(formula, "function")
    u = meaning(formula.arguments[0])
    unit = unit_of(meaning, u)
    if unit is None:
        raise meaning.unexpected(formula, "index")
    used = {i.letter.removeprefix(IMPLIED) for i in u.atoms(Index)}
    inner = meaning.letters.bind(next(c for c in "kjimpqrs" if c not in used), 1)
    meaning.letters.release()
    axis = meaning.letters.axis(unit)
    if axis is None:
        raise meaning.unexpected(formula.arguments[0], "index")
    meaning.letters.stands(inner, axis)
    body = sympy.exp(u.xreplace({unit: inner}))
    return sympy.exp(u) / Total(body, inner.limits)


def unit_of(meaning: Meaning, expr: Expr) -> Index | None:
    """The one free index of ``expr`` that runs along units."""
    free = [i for i in expr.free_symbols if isinstance(i, Index)]
    units = [i for i in free if (meaning.letters.axis(i) or i.axis).name == "unit"]
    return units[0] if len(units) == 1 else None


def _entry(meaning: Meaning, formula: tree.Entry) -> Expr:
    """``softmax(u)_j``: what is inside, its one unit called j."""
    inner = meaning(formula.inner)
    unit = unit_of(meaning, inner)
    if unit is None or len(formula.indices) != 1:
        raise meaning.unexpected(formula, "index")
    position = meaning.position(formula.indices[0])
    axis = meaning.letters.axis(unit)
    if axis is not None:
        meaning.letters.stands(position, axis)
    if unit.letter.startswith(IMPLIED):
        meaning.letters.forget(unit)
        meaning.implied.pop()
    return inner.xreplace({unit: position})


def _apply(meaning: Meaning, formula: tree.Apply) -> Expr:
    symbol = meaning.lexicon.function(formula.function)
    if symbol is None or len(formula.arguments) != 1:
        raise meaning.unexpected(formula, "argument")
    argument = meaning(formula.arguments[0])
    if symbol.place is not None and not formula.function.place:
        place = _place_of(argument)
        symbol = symbol if place is None else FunctionSymbol(symbol.label, place)
    return Opaque(symbol, argument, formula.function.primes)


def _place_of(argument: Expr) -> Expr | None:
    """The layer of what is given to an activation function."""
    tensors = [tensor_of(entry) for entry in entries(argument)]
    for role in (Role.PREACTIVATION, Role.WEIGHT, Role.BIAS):
        for tensor in tensors:
            if tensor.role is role:
                return tensor.place
    return next((t.place for t in tensors if t.place is not None), None)


def _note(meaning: Meaning, formula: tree.Note) -> Expr:
    """``E(z)``: a scalar of which no more is known, where the scope has such; else E itself."""
    lexicon = meaning.lexicon
    tensors = tuple(_whole(meaning, each) for each in formula.arguments)
    if lexicon.functionals and all(tensors):
        found = tuple(tensor for tensor in tensors if tensor is not None)
        if found in lexicon.functionals:
            return lexicon.functionals[found]
        return Functional(*(tensor.entry for tensor in found))
    column = meaning.column(formula.function)
    meaning.remarks.append(Remark("depends", column, {"found": formula.function.glyph}))
    return meaning(formula.function)


def _whole(meaning: Meaning, formula: tree.Formula) -> Tensor | None:
    """The tensor that a sign without indices names."""
    found = meaning.lexicon.tensors.get(formula) if isinstance(formula, tree.Sign) else None
    return found[0] if found else None


def _big(meaning: Meaning, formula: tree.Big) -> Expr:
    """Binds the letters from left to right, then reads the body."""
    if not formula.bounds:
        if formula.operator != "Σ":
            raise meaning.unexpected(formula, "index")
        return meaning.sum_of_all(formula.body)
    limits = []
    for bound in formula.bounds:
        index = meaning.letters.bind(meaning.neutral(bound.letter), meaning.column(bound.letter))
        limits.append((index, bound))
    body = meaning(formula.body)
    for index, _ in limits:
        body = _with_bare(meaning, body, index)
    found = [_limits(meaning, index, bound) for index, bound in limits]
    for _ in limits:
        meaning.letters.release()
    whole = BIG[formula.operator](body, found)
    return whole if formula.operator != "Σ" else whole + _zeroth(meaning, formula)


def _with_bare(meaning: Meaning, body: Expr, index: Index) -> Expr:
    """Σ_j y, where y bears no index: it bears that of the Σ."""
    if meaning.letters.is_used(index):
        return body
    free = [i for i in body.free_symbols if isinstance(i, Index) and i.letter.startswith(IMPLIED)]
    axis = meaning.letters.axis(free[0]) if len(free) == 1 else None
    if axis is None:
        return body
    meaning.letters.stands(index, axis)
    return body.xreplace({free[0]: index})


def _zeroth(meaning: Meaning, formula: tree.Big) -> Expr:
    """What Σ_{i=0} adds: the bias w_{0j} z_0, where the first unit bears the number 1."""
    zero = tree.Number("0")
    from_zero = [b for b in formula.bounds if b.lower == zero]
    if not from_zero or meaning.convention.base != 1:
        return Integer(0)
    (bound, *others) = from_zero
    rest = tuple(b for b in formula.bounds if b is not bound)
    body = _with_zero(formula.body, bound.letter)
    if others or body == formula.body or not meaning.convention.bias_as_weight:
        _remark_bounds(meaning, bound)
        return Integer(0)
    _keep_columns(meaning, formula.body, body)
    try:
        return meaning(tree.Big("Σ", rest, body) if rest else body)
    except ReadError:
        _remark_bounds(meaning, bound)
        return Integer(0)


def _with_zero(formula: Any, letter: tree.Sign) -> Any:
    """``formula`` with 0 in place of an index."""
    if isinstance(formula, tree.Sign):
        zero = tree.Number("0")
        return formula._replace(indices=tuple(zero if i == letter else i for i in formula.indices))
    if isinstance(formula, tuple) and hasattr(formula, "_fields"):
        return type(formula)(*(_with_zero(part, letter) for part in formula))
    if isinstance(formula, tuple):
        return tuple(_with_zero(part, letter) for part in formula)
    return formula


def _keep_columns(meaning: Meaning, typed: Any, made: Any) -> None:
    if id(typed) in meaning.columns:
        meaning.columns[id(made)] = meaning.columns[id(typed)]
        meaning.kept.append(made)
    elif isinstance(typed, tuple):
        for one, other in zip(typed, made, strict=True):
            _keep_columns(meaning, one, other)


def _limits(meaning: Meaning, index: Any, bound: tree.Bound) -> tuple[Expr, Expr, Expr]:
    """The whole axis, unless bounds say plainly that it is a part."""
    if bound.lower is None:
        return index.limits
    base = meaning.convention.base
    whole = tree.Number(str(base)), tree.Number("0")
    upper = bound.upper
    if bound.lower not in whole:
        if upper is None or not isinstance(bound.lower, (tree.Number, tree.Sign, tree.Terms)):
            raise meaning.unexpected(bound.lower, "1")
        _remark_bounds(meaning, bound)
        return index.limits
    size = meaning.lexicon.scalars.get(upper) if isinstance(upper, tree.Sign) else None
    axis = meaning.letters.axis(index)
    if isinstance(upper, tree.Number) or (
        isinstance(size, Size) and axis is not None and not _may_be(meaning, size.axis, axis)
    ):
        _remark_bounds(meaning, bound)
    return index.limits


def _may_be(meaning: Meaning, one: Axis, other: Axis) -> bool:
    return one.name == other.name and (one.place == other.place or str(other.place).startswith("?"))


def _remark_bounds(meaning: Meaning, bound: tree.Bound) -> None:
    facts = {
        name: "" if part is None else write(part)
        for name, part in (("letter", bound.letter), ("lower", bound.lower), ("upper", bound.upper))
    }
    remark = Remark("sum_bounds", meaning.column(bound.letter), facts)
    if remark not in meaning.remarks:
        meaning.remarks.append(remark)


BIG: dict[str, Callable[[Expr, list[tuple[Expr, Expr, Expr]]], Expr]] = {
    "Σ": lambda body, limits: Total(body, *reversed(limits)),
    "max": lambda body, limits: Largest(body, limits[0][0]),
    "argmax": lambda body, limits: ArgLargest(body, limits[0][0]),
}


def _iverson(meaning: Meaning, formula: tree.Iverson) -> Expr:
    condition = formula.condition
    if not isinstance(condition, tree.Relation) or condition.operator != "=":
        return _indicator(meaning, tree.Indicator(condition))
    left, right = meaning.position(condition.left), meaning.position(condition.right)
    meaning.letters.tie(left, right)
    for one, other in ((left, right), (right, left)):
        if isinstance(other, ArgLargest):
            meaning.letters.tie(one, other.index)
        elif is_entry(other) and (labels := tensor_of(other).labels) is not None:
            meaning.letters.stands(one, labels)
    return sympy.KroneckerDelta(left, right)


def _indicator(meaning: Meaning, formula: tree.Indicator) -> Expr:
    return sympy.Piecewise((Integer(1), meaning.condition(formula.condition)), (Integer(0), True))


def _cases(meaning: Meaning, formula: tree.Cases) -> Expr:
    pieces = [
        (meaning(value), True if c is None else meaning.condition(c)) for value, c in formula.pieces
    ]
    if len(pieces) == 2 and pieces[1][1] == sympy.Not(pieces[0][1]):
        pieces[1] = (pieces[1][0], True)  # the other case
    return sympy.Piecewise(*pieces)


def _relation(meaning: Meaning, formula: tree.Relation) -> Any:
    if formula.operator not in RELATIONS:
        raise meaning.unexpected(formula, "condition")
    left, right = meaning(formula.left), meaning(formula.right)
    if not (left.is_extended_real is not False and right.is_extended_real is not False):
        raise meaning.unexpected(formula, "condition")
    return RELATIONS[formula.operator](left, right)


def _junction(meaning: Meaning, formula: tree.Junction) -> Any:
    return JUNCTIONS[formula.operator](*map(meaning.condition, formula.parts))


RULES: dict[type, Rule] = {
    tree.Number: _number,
    tree.Sign: lambda meaning, f: meaning.sign(f),
    tree.Terms: _terms,
    tree.Product: lambda meaning, f: sympy.Mul(*map(meaning, f.factors)),
    tree.Fraction: _fraction,
    tree.Power: _power,
    tree.Root: lambda meaning, f: sympy.sqrt(meaning(f.inner)),
    tree.Exponential: lambda meaning, f: sympy.exp(meaning(f.argument)),
    tree.Modulus: lambda meaning, f: sympy.Abs(meaning(f.inner)),
    tree.Call: _call,
    tree.Apply: _apply,
    tree.Hadamard: lambda meaning, f: sympy.Mul(*map(meaning, f.factors)),
    tree.Note: _note,
    tree.Entry: _entry,
    tree.Big: _big,
    tree.Derivative: lambda meaning, f: Partial(meaning(f.of), meaning(f.wrt)),
    tree.Relation: _relation,
    tree.Junction: _junction,
    tree.Iverson: _iverson,
    tree.Indicator: _indicator,
    tree.Cases: _cases,
}
"""Type of formula -> how its meaning is found."""
