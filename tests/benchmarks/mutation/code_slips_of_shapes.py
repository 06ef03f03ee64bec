"""Slips in what runs where: layers, matrices, sums, the order of statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.benchmarks.mutation.code_parts import (
    Slip,
    inner_of_slope,
    is_matmul,
    sides,
)
from tests.benchmarks.mutation.code_tree import (
    WEIGHT,
    Program,
    name_of,
)


def layers(p: Program) -> Iterator[Slip]:
    for s in (*p.gradients(), *p.updates()):
        own = p.target(s)
        for node in ast.walk(s.value):
            if name_of(node) == own:
                continue
            if isinstance(node, ast.Name) and node.id[-1:].isdigit() and len(node.id) > 1:
                for near in (-1, 1):
                    other = node.id[:-1] + str(int(node.id[-1]) + near)
                    if other in p.names:
                        codes = {"M10", "M03"} if node.id[0] in "zauh" else {"M10"}
                        yield [(*p.span(node), other)], codes, s.lineno
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                key = node.slice.value
                if isinstance(key, str) and key[-1:].isdigit():
                    for near in (-1, 1):
                        other = key[:-1] + str(int(key[-1]) + near)
                        if f'"{other}"' in p.source:
                            yield [(*p.span(node.slice), f'"{other}"')], {"M10"}, s.lineno


def matrices(p: Program) -> Iterator[Slip]:
    """M11 to M13."""
    for s in p.gradients():
        for node in ast.walk(s.value):
            if isinstance(node, ast.Attribute) and node.attr == "T" and WEIGHT.match(name_of(node)):
                yield [(p.span(node.value)[1], p.span(node)[1], "")], {"M11"}, s.lineno
            if isinstance(node, ast.Call) and name_of(node.func) == "outer":
                a, b = node.args
                yield [(*p.span(a), p.text(b)), (*p.span(b), p.text(a))], {"M12"}, s.lineno
            if is_matmul(node):
                yield from of_product(p, s, node)
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
                plain = not isinstance(node.left, ast.Constant)
                if plain and inner_of_slope(node.right) is not None:
                    text = f"({p.text(node.left)}) @ {p.text(node.right)}"
                    yield [(*p.span(node), text)], {"M13"}, s.lineno


def of_product(p: Program, s: ast.stmt, node: ast.AST) -> Iterator[Slip]:
    one, other = sides(p, node)
    a, b, span = p.text(one), p.text(other), p.span(node)
    yield [(*span, f"({a} * {b})")], {"M13"}, s.lineno
    weights = WEIGHT.match(name_of(one)) or WEIGHT.match(name_of(other))
    if weights:
        for side in (one, other):
            if WEIGHT.match(name_of(side)) and not p.text(side).endswith(".T"):
                yield [(*p.span(side), p.text(side) + ".T")], {"M11"}, s.lineno
        return
    if a.endswith(".T") and not isinstance(one, ast.BinOp):
        yield [(*span, f"({b}.T @ {a[:-2]})")], {"M12"}, s.lineno
        yield [(*span, f"({a[:-2]} @ {b})")], {"M12"}, s.lineno
        yield [(*span, f"({b} @ {a})")], {"M12"}, s.lineno
    elif b.endswith(".T"):
        yield [(*span, f"({b[:-2]} @ {a}.T)")], {"M12"}, s.lineno
        yield [(*span, f"({a} @ {b[:-2]})")], {"M12"}, s.lineno


def sums(p: Program) -> Iterator[Slip]:
    """M17: the axis, the mean, no sum at all."""
    for s in p.gradients():
        for node in ast.walk(s.value):
            if not (isinstance(node, ast.Call) and name_of(node.func) == "sum"):
                continue
            bare = name_of(node.func.value) != "np"
            over = node.func.value if bare else node.args[0]
            softmax = " * " in p.text(over)
            codes = {"M18"} if softmax else {"M17"}
            yield [(*p.span(node), p.text(over))], codes, s.lineno
            start = p.span(node.func)[1] - 3
            yield [(start, start + 3, "mean")], codes | {"M07"}, s.lineno
            for word in node.keywords:
                if word.arg == "axis" and isinstance(word.value, ast.Constant):
                    text = str(1 - word.value.value)
                    yield [(*p.span(word.value), text)], codes, s.lineno
            if softmax:
                yield [(*p.span(node), "0 * " + p.text(over))], codes, s.lineno


def order(p: Program) -> Iterator[Slip]:
    """M21: a parameter is moved before it is read."""
    moved = list(p.updates())
    for block in p.blocks():
        for i, s in enumerate(block):
            if s not in moved or s.lineno != s.end_lineno:
                continue
            target = ast.dump(s.target if isinstance(s, ast.AugAssign) else s.targets[0])
            target = target.replace("Store", "Load")
            for j in range(i):
                early = block[j]
                value = getattr(early, "value", None)
                reads = value is not None and any(
                    ast.dump(n) == target for n in ast.walk(value) if isinstance(n, ast.expr)
                )
                if reads and early in list(p.gradients()):
                    line = p.source[p.starts[s.lineno - 1] : p.starts[s.lineno]]
                    cut = (p.starts[s.lineno - 1], p.starts[s.lineno], "")
                    at = p.starts[early.lineno - 1]
                    yield [(at, at, line), cut], {"M21"}, early.lineno
                    break


def paths(p: Program) -> Iterator[Slip]:
    """M16: = for +=; M23: no copy."""
    for s in p.gradients():
        if isinstance(s, ast.AugAssign) and isinstance(s.op, ast.Add):
            at = p.source.index("+=", p.span(s.target)[1])
            yield [(at, at + 2, "=")], {"M16"}, s.lineno
    for node in ast.walk(p.tree):
        if isinstance(node, ast.Call) and name_of(node.func) == "copy":
            yield [(p.span(node.func.value)[1], p.span(node)[1], "")], {"M23"}, node.lineno


def subscripts(p: Program) -> Iterator[Slip]:
    """M09, M11, M12 in einsum."""
    for s in p.gradients():
        for node in ast.walk(s.value):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "->" in node.value
            ):
                inputs, output = node.value.split("->")
                parts = inputs.split(",")
                if len(output) == 2:
                    text = f'"{inputs}->{output[::-1]}"'
                    yield [(*p.span(node), text)], {"M12", "M09", "M11"}, s.lineno
                for k, part in enumerate(parts):
                    if len(part) == 2:
                        new = [*parts[:k], part[::-1], *parts[k + 1 :]]
                        text = f'"{",".join(new)}->{output}"'
                        yield [(*p.span(node), text)], {"M11", "M09", "M12"}, s.lineno
                if len(output) == 1:
                    text = f'"{inputs}->{inputs[0]}"'
                    yield [(*p.span(node), text)], {"M17", "M09"}, s.lineno
