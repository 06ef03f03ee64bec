"""The network that a page writes down in its own equations, and what it leaves unsaid of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise

from sympy import Expr, Indexed, Integer, Max, Mul, Sum, exp, log

from symbp.activations.activation import Scalar, U
from symbp.activations.table import ACTIVATIONS, named
from symbp.equations.axis import total
from symbp.equations.calculus import Functional, Opaque, Partial
from symbp.equations.canonical import bound_in
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Role, Tensor, entries, indices_of, is_entry, tensor_of
from symbp.notation.read_error import ReadError
from symbp.notation.reader import Reader
from symbp.verification.binding.written import Written, is_understood
from symbp.verification.paper.stack import ARGUMENT, NoMeaning, Stack, larger
from symbp.verification.paper.world import UNLIKE, USUAL, World
from symbp.verification.statement import Reading

Formulas = Mapping[str, Expr]
"""What functions do, by their letters, in ARGUMENT."""


def world_of_page(written: Written, reading: Reading) -> World:
    """What a page says of the program that it writes down; nothing is refuted where it is doubted.

    Where it names one activation, every letter of a function is that one; σ alone is the logistic
    function, and of others it is asked whether a claim would hold for a usual one.
    """
    said = set(_named(reading))
    letters = [symbol.label for symbol in written.scope.functions]
    known = {letter: _formula(name) for name in said for letter in letters}
    if not said and "σ" in letters:
        known = {"σ": _formula("sigmoid")}
    stack = _stack(written.program, known)
    doubted = (len(said) > 1 and bool(letters)) or written.is_guess
    is_plain = is_understood(written, reading) and not _has_facts(written, stack, reading)
    left_open = [letter for letter in letters if letter not in known]
    loss = stack.forward.definitions[tensor_of(stack.forward.loss)]
    return World(
        stack,
        doubt="" if is_plain and not doubted else UNLIKE,
        is_loss_open=bool(loss.rhs.has(Functional)),
        opened={
            name: cache(partial(_stacks, written.program, known, left_open, name))
            for name in (USUAL if left_open else ())
        },
    )


def _named(reading: Reading) -> Iterator[str]:
    """The activations that its words name."""
    for remark in (*reading.remarks, *(r for s in reading.statements for r in s.remarks)):
        name = remark.facts.get("name", "")
        if remark.kind == "activation" and isinstance(ACTIVATIONS.get(name), Scalar):
            yield name


def _formula(name: str) -> Expr:
    activation = named(name)
    assert isinstance(activation, Scalar)
    return activation.formula.xreplace({U: ARGUMENT})


def _stacks(
    program: Program, known: Formulas, letters: Sequence[str], name: str
) -> tuple[Stack, ...]:
    return (_stack(program, {**known, **dict.fromkeys(letters, _formula(name))}),)


def _stack(program: Program, known: Formulas) -> Stack:
    """``program`` with the functions written out that are known."""

    def plain(expr: Expr) -> Expr:
        applied = [each for each in expr.atoms(Opaque) if each.symbol.label in known]
        formulas = ((a, known[a.symbol.label].xreplace({ARGUMENT: a.argument})) for a in applied)
        return expr.xreplace(dict(formulas)).replace(Max, larger)

    equations = tuple(Equation(e.id, e.lhs, plain(e.rhs)) for e in program.equations)
    facts = tuple(_shares(equations))
    return Stack(Program(equations, facts), 1, functions=known)


def _shares(equations: Sequence[Equation]) -> Iterator[Equation]:
    """Σ_k d_k = 1 for targets that weigh the logarithms of what sums up to 1 itself."""
    soft = {tensor_of(e.lhs): e for e in equations if e.rhs.has(exp) and e.rhs.has(Sum)}
    found: dict[Tensor, Equation] = {}
    for equation in equations:
        for product in equation.rhs.atoms(Mul):
            logs = [f.args[0] for f in product.args if isinstance(f, log) and is_entry(f.args[0])]
            weights = [f for f in product.args if isinstance(f, Indexed)]
            for entry in logs if len(weights) == 1 else ():
                if tensor_of(entry) in soft:
                    fact = _fact(weights[0], soft[tensor_of(entry)])
                    found |= {} if fact is None else {tensor_of(weights[0]): fact}
    yield from found.values()


def _fact(weight: Expr, soft: Equation) -> Equation | None:
    axes = {index.axis for part in soft.rhs.atoms(Sum) for index in bound_in(part)}
    over = [index for index in indices_of(weight) if getattr(index, "axis", None) in axes]
    if len(over) != 1:
        return None
    return Equation(f"shares.{tensor_of(weight).name}", total(weight, over[0]), Integer(1))


def _has_facts(written: Written, stack: Stack, reading: Reading) -> bool:
    """Whether the page says something of what is given that the program does not show."""
    reader = Reader(written.notation, written.scope)
    for statement in reading.statements:
        try:
            sides = reader.chain(statement.text.content.lstrip("= "))
        except ReadError:
            continue
        pairs = pairwise(sides)
        if any(not is_entry(left) and not _holds(stack, left, right) for left, right in pairs):
            return True
    return False


def _holds(stack: Stack, left: Expr, right: Expr) -> bool:
    """Whether it is so, or speaks of slopes and is a claim."""
    every = (*entries(left), *entries(right))
    if left.has(Partial) or right.has(Partial) or any(map(_is_slope, every)):
        return True
    try:
        return all(stack.compare(left, right, at).holds for at in stack.instances(left, right))
    except (NoMeaning, NotImplementedError):
        return True


def _is_slope(entry: Expr) -> bool:
    return tensor_of(entry).role is Role.ADJOINT
