"""The mutants of the programs, run beside their originals."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tests.benchmarks.mutation.code_parts import is_matmul, sides
from tests.benchmarks.mutation.code_slips import CODE, OF_LOSS
from tests.benchmarks.mutation.code_tree import GRADIENT, Program, name_of
from tests.benchmarks.mutation.mutants import Edit, Mutant, apply
from tests.benchmarks.mutation.programs import OWN, Crashed, Harness, first_step, result, same

NOT_A_SLIP = {"NameError", "UnboundLocalError", "SyntaxError", "KeyError", "AttributeError"}


LOSS = re.compile(r"^\s*(?:\w*loss|\w*cost|J|L|E)\s*=|\breturn .*\bloss\b", re.MULTILINE)
"""What is called a loss in a program."""


def commuted(p: Program) -> Iterator[list[Edit]]:
    for s in p.gradients():
        for node in ast.walk(s.value):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
                a, b = p.text(node.left), p.text(node.right)
                if not isinstance(node.left, ast.BinOp) or a.startswith("("):
                    yield [(*p.span(node), f"({b} * {a})")]


def transposed(p: Program) -> Iterator[list[Edit]]:
    for s in p.gradients():
        for node in ast.walk(s.value):
            if is_matmul(node):
                a, b = (p.text(side) for side in sides(p, node))
                yield [(*p.span(node), f"(({b}).T @ ({a}).T).T")]
                yield [(*p.span(node), f"np.dot({a}, {b})")]
                yield [(*p.span(node), f"(({a}) @ ({b}))")]


def divided(p: Program) -> Iterator[list[Edit]]:
    for s in p.gradients():
        for node in ast.walk(s.value):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                a, b = p.text(node.left), p.text(node.right)
                yield [(*p.span(node), f"{a} * (1 / {b})")]


def reordered(p: Program) -> Iterator[list[Edit]]:
    for s in p.gradients():
        text = p.source[slice(*p.span(s.value))]
        yield [(*p.span(s.value), f"-(-({text}))")]
        yield [(*p.span(s.value), f"1.0 * ({text})")]
        for node in ast.walk(s.value):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                a, b = p.text(node.left), p.text(node.right)
                yield (
                    [(*p.span(node), f"-{b} + {a}")]
                    if node is s.value
                    else [(*p.outer(node), f"(-({b}) + {a})")]
                )


def assigned(p: Program) -> Iterator[list[Edit]]:
    for s in p.updates():
        if isinstance(s, ast.AugAssign) and isinstance(s.op, (ast.Sub, ast.Add)):
            sign = "-" if isinstance(s.op, ast.Sub) else "+"
            target, value = p.text(s.target), p.source[slice(*p.span(s.value))]
            yield [(*p.span(s), f"{target} = {target} {sign} ({value})")]


def renamed(p: Program) -> Iterator[list[Edit]]:
    names = {p.target(s) for s in p.gradients()}
    for k, name in enumerate(sorted(n for n in names if GRADIENT.search(n) and n in p.names)):
        spots = [n for n in ast.walk(p.tree) if isinstance(n, ast.Name) and n.id == name]
        yield [(*p.span(n), f"back_{k}") for n in spots]


def flipped(p: Program) -> Iterator[list[Edit]]:
    """y − out with every update adding."""
    updates = [s for s in p.updates() if isinstance(s, ast.AugAssign)]
    if len(updates) != len(list(p.updates())) or re.search(
        r"reg|lam|decay|\*\* 2\b.*sqrt", p.source
    ):
        return
    edits = []
    for s in updates:
        at = p.source.index("=", p.span(s.target)[1]) - 1
        edits.append((at, at + 1, {"-": "+", "+": "-"}[p.source[at]]))
    for s in p.gradients():
        for node in ast.walk(s.value):
            if (
                isinstance(node, ast.BinOp)
                and isinstance(node.op, ast.Sub)
                and len(edits) == len(updates)
            ):
                right = name_of(node.right)
                if right in {"y", "Y", "T", "t", "target", "d"} and name_of(node.left):
                    edits.append((*p.span(node), f"{right} - {p.text(node.left)}"))
    if len(edits) == len(updates) + 1:
        yield edits


SAME = (commuted, transposed, divided, reordered, assigned, renamed, flipped)


def mutants(name: str, source: str, harness: Harness) -> Iterator[Mutant | None]:
    """All mutants of one program; None for each that is no program."""
    program = Program(source)
    right = result(source, harness)
    found: dict[str, tuple[set[str], int, bool, tuple]] = {}
    for slip in CODE:
        for edits, codes, line in slip(program):
            text = apply(source, edits)
            if text in found:
                found[text][0].update(codes)
                continue
            try:
                made = result(text, harness)
            except Crashed as error:
                if str(error) in NOT_A_SLIP:
                    yield None
                    continue
                found[text] = (set(codes), line, True, ())
                continue
            wrong = bool(codes & OF_LOSS) or not same(right, made)
            print_ = tuple(np.round(np.ravel(a), 7).tobytes() for a in made)
            found[text] = (set(codes), line, wrong, () if codes & OF_LOSS else print_)
    shared: dict[tuple, set[str]] = {}
    for codes, _, wrong, seen in found.values():
        if wrong and seen:
            shared.setdefault(seen, set()).update(codes)
    for text, (codes, line, wrong, seen) in found.items():
        if text != source:
            told = frozenset(codes | shared.get(seen, set()) if wrong else ())
            what = text.splitlines()[line - 1].strip()
            mutant = Mutant(*(name, "code", text, line, told, wrong, what))
            may_be_rate = "M07" in told or ("M06" in told and not LOSS.search(source))
            if may_be_rate and is_scaled(source, text, harness):
                # the count of samples over all gradients alike may belong to the learning rate,
                # and so may any number where what is printed is called no loss
                mutant = replace(mutant, accepts=frozenset({"refuted", "conditional"}))
            yield mutant
    for change in SAME:
        for edits in change(program):
            text = apply(source, edits)
            try:
                equal = same(right, result(text, harness))
            except Crashed:
                equal = False
            is_loose = change in {assigned, flipped, renamed} or harness.loss in OWN
            if not equal and is_loose:
                yield None  # two names for one array, or a name that the harness looks at
                continue
            if not equal:
                raise AssertionError((name, change.__name__, difference(source, text)))
            at = min(source.count("\n", 0, start) + 1 for start, _, _ in edits)
            yield Mutant(*(name, "code", text, at, frozenset(), False, difference(source, text)))


def is_scaled(source: str, text: str, harness: Harness) -> bool:
    """Whether a mutant's first step is that of the original times one number."""
    try:
        right, moved = (
            np.concatenate([np.ravel(a) for a in first_step(each, harness)])
            for each in (source, text)
        )
    except (Crashed, ValueError):
        return False
    biggest = np.argmax(np.abs(right))
    ratio = moved[biggest] / right[biggest]
    return moved.shape == right.shape and bool(np.allclose(moved, right * ratio, rtol=1e-6))


def difference(source: str, text: str) -> str:
    lines = zip(source.splitlines(), text.splitlines(), strict=False)
    return "; ".join(b.strip() for a, b in lines if a != b)[:160]
