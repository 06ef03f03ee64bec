"""Slips that people make in NumPy, as edits of the source at nodes of its tree."""

# ruff: noqa: SIM102 - the kind of a node is asked before what it holds

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from tests.benchmarks.mutation.code_tree import (
    DECAYS,
    GRADIENT,
    HELPERS,
    TARGETS,
    WEIGHT,
    Program,
    name_of,
)
from tests.benchmarks.mutation.mutants import Edit

Slip = tuple[list[Edit], set[str], int]


def products(p: Program, statement: ast.stmt) -> Iterator[ast.BinOp]:
    for node in ast.walk(statement.value):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield node


def is_matmul(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return True
    return isinstance(node, ast.Call) and name_of(node.func) in {"dot", "matmul"}


def sides(p: Program, node: ast.AST) -> tuple[ast.AST, ast.AST]:
    """What a matrix product multiplies."""
    if isinstance(node, ast.BinOp):
        return node.left, node.right
    if len(node.args) == 2:
        return node.args[0], node.args[1]
    return node.func.value, node.args[0]


def inner_of_slope(node: ast.AST) -> ast.AST | None:
    """a of ``1 - a**2``, ``1 - a``; u of ``u > 0`` and ``helper(u)``."""
    if isinstance(node, ast.Call) and name_of(node.func) in HELPERS:
        return node.args[0]
    if isinstance(node, ast.Compare):
        return node.left
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        if isinstance(node.left, ast.Constant) and node.left.value == 1:
            found = [n for n in ast.walk(node.right) if isinstance(n, (ast.Name, ast.Attribute))]
            found = [
                n for n in found if name_of(n) not in {"np", "power", "square", "tanh", "self"}
            ]
            right = node.right
            return (
                right if isinstance(right, (ast.Name, ast.Attribute, ast.Subscript)) else found[0]
            )
    return None


def slopes(p: Program, statement: ast.stmt) -> Iterator[tuple[ast.BinOp, str, str, ast.AST]]:
    """A product, the text of its f′, the text of the rest, and what f′ is taken of."""
    for node in products(p, statement):
        inner = inner_of_slope(node.right)
        if inner is not None:
            left = node.left
            own = isinstance(node.right, ast.BinOp) and ast.dump(node.right.right) == ast.dump(
                inner
            )
            if own:
                if isinstance(left, ast.BinOp) and p.text(left.right) == p.text(inner):
                    text = f"{p.text(left.right)} * {p.text(node.right)}"
                    yield node, text, p.text(left.left), inner
                continue
            yield node, p.text(node.right), p.text(left), inner
        elif isinstance(node.left, ast.Call) and inner_of_slope(node.left) is not None:
            yield node, p.text(node.left), p.text(node.right), node.left.args[0]


def is_output(rest: str) -> bool:
    return " - " in rest or rest.startswith("error")


def f_slips(p: Program) -> Iterator[Slip]:
    """M01 to M04: f′ missing, twice, of another thing."""
    back = {u: a for a, u in p.inputs.items()}
    for s in p.gradients():
        for node, slope, rest, inner in slopes(p, s):
            span = p.span(node)
            missing = {"M01", "M08"} if is_output(rest) else {"M02"}
            yield [(*span, rest)], missing, s.lineno
            yield [(*span, f"{p.source[slice(*span)]} * {slope}")], {"M03"}, s.lineno
            typed = p.text(inner)
            other = p.inputs.get(typed) or back.get(typed)
            if other and not slope.endswith("> 0)"):
                text = slope.replace(typed, other)
                yield [(*span, f"{rest} * {text}")], {"M04", "M03"}, s.lineno
            if "> 0" in slope:
                yield [(*span, f"{rest} * (({rest}) > 0)")], {"M22"}, s.lineno


def masks(p: Program) -> Iterator[Slip]:
    """M22: the mask from the gradient."""
    for s in p.statements():
        if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Subscript):
            key = s.targets[0].slice
            if isinstance(key, ast.Compare):
                base = p.text(s.targets[0].value)
                yield [(*p.span(key.left), base)], {"M22"}, s.lineno
                start, end = p.starts[s.lineno - 1], p.starts[s.lineno]
                blank = len(p.source[start:end]) - len(p.source[start:end].lstrip())
                yield [(start + blank, end - 1, "pass")], {"M02"}, s.lineno
        for node in ast.walk(s) if isinstance(s, ast.Assign) else ():
            if isinstance(node, ast.Call) and name_of(node.func) == "where":
                test, value = node.args[0], node.args[1]
                yield [(*p.span(test.left), p.text(value))], {"M22"}, s.lineno
                yield [(*p.span(node), p.text(value))], {"M02"}, s.lineno


def signs(p: Program) -> Iterator[Slip]:
    for s in p.gradients():
        value = s.value
        yield [(*p.span(value), f"-({p.source[slice(*p.span(value))]})")], {"M05"}, s.lineno
        for node in ast.walk(value):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                if {name_of(node.left), name_of(node.right)} & TARGETS:
                    text = f"{p.text(node.right)} - {p.text(node.left)}"
                    yield [(*p.span(node), text)], {"M05"}, s.lineno
    for s in p.updates():
        if isinstance(s, ast.AugAssign):
            at = p.source.index("=", p.span(s.target)[1])
            flipped = {"-": "+", "+": "-"}.get(p.source[at - 1])
            if flipped:
                yield [(at - 1, at, flipped)], {"M05"}, s.lineno
        elif isinstance(s.value, ast.BinOp) and isinstance(s.value.op, ast.Sub):
            at = p.source.index("-", p.outer(s.value.left)[1])
            yield [(at, at + 1, "+")], {"M05"}, s.lineno


def factors(p: Program) -> Iterator[Slip]:
    for s in p.gradients():
        text = p.source[slice(*p.span(s.value))]
        yield [(*p.span(s.value), f"2 * ({text})")], {"M06"}, s.lineno
        yield [(*p.span(s.value), f"0.5 * ({text})")], {"M06"}, s.lineno
        for node in products(p, s):
            if isinstance(node.left, ast.Constant) and node.left.value == 2:
                if name_of(node.right) not in DECAYS:
                    yield [(*p.span(node), p.text(node.right))], {"M06"}, s.lineno


def count_text(p: Program) -> str:
    for s in p.gradients():
        for node in ast.walk(s):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                return p.text(node.right)
    return next((n for n in ("m", "n", "N") if n in p.names), "7")


def counts(p: Program) -> Iterator[Slip]:
    count = count_text(p)
    for s in p.gradients():
        used = {n.id for n in ast.walk(s) if isinstance(n, ast.Name)}
        if count in p.names - {"np"} and count not in used and "(" not in count and used & {"self"}:
            continue
        text = p.source[slice(*p.span(s.value))]
        bias = {"M17"} if "b" in p.target(s) else set()
        yield [(*p.span(s.value), f"({text}) / {count}")], {"M07"} | bias, s.lineno
        for node in ast.walk(s.value):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                if "(1 /" in p.text(node) or p.text(node).startswith("1 /"):
                    yield [(*p.outer(node), "1")], {"M07"}, s.lineno
                elif name_of(node.left) not in DECAYS:
                    yield [(*p.span(node), p.text(node.left))], {"M07"}, s.lineno
        if isinstance(s, ast.AugAssign) and isinstance(s.op, ast.Div):
            start, end = p.starts[s.lineno - 1], p.starts[s.lineno]
            blank = len(p.source[start:end]) - len(p.source[start:end].lstrip())
            yield [(start + blank, end - 1, "pass")], {"M07"}, s.lineno


def other_loss(p: Program) -> Iterator[Slip]:
    """M08: for cross-entropy, the gradient of a squared error."""
    if "np.log" not in p.source:
        return
    for s in p.gradients():
        for node in ast.walk(s.value):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
                if name_of(node.right) in TARGETS:
                    y = p.text(node.left)
                    text = f"({p.source[slice(*p.span(node))]}) * {y} * (1 - {y})"
                    yield [(*p.span(node), text)], {"M08", "M03", "M18"}, s.lineno


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


def decays(p: Program) -> Iterator[Slip]:
    """M20."""
    for s in p.gradients():
        value = s.value
        names = {name_of(n) for n in ast.walk(value) if isinstance(n, ast.Name)}
        if isinstance(s, ast.AugAssign) and names & DECAYS:
            start, end = p.starts[s.lineno - 1], p.starts[s.lineno]
            blank = len(p.source[start:end]) - len(p.source[start:end].lstrip())
            yield [(start + blank, end - 1, "pass")], {"M20"}, s.lineno
            at = p.source.index("+=", start)
            yield [(at, at + 1, "-")], {"M20"}, s.lineno
            yield [(*p.span(value), "2 * " + p.source[slice(*p.span(value))])], {"M20"}, s.lineno
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and names & DECAYS:
            term, at = p.text(value.right), p.source.index("+", p.span(value.left)[1])
            yield [(*p.span(value), p.text(value.left))], {"M20"}, s.lineno
            yield [(at, at + 1, "-")], {"M20"}, s.lineno
            yield [(*p.span(value.right), f"0.5 * ({term})")], {"M20", "M06"}, s.lineno
            yield [(*p.span(value.right), f"2 * ({term})")], {"M20", "M06"}, s.lineno
    decay = next((d for d in sorted(DECAYS) if d in p.names), "")
    for s in p.gradients():
        name = p.target(s)
        if decay and name.startswith("db") and isinstance(s, ast.Assign) and name[1:] in p.names:
            text = p.source[slice(*p.span(s.value))]
            yield [(*p.span(s.value), f"{text} + {decay} * {name[1:]}")], {"M20"}, s.lineno


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


def stated_losses(p: Program) -> Iterator[Slip]:
    """M26: the loss that is printed is not the one that is trained."""
    codes = {"M26", "M06", "M07"}
    for s in p.losses():
        for node in ast.walk(s.value):
            if isinstance(node, ast.Constant) and node.value == 0.5:
                yield [(*p.span(node), "1.0")], codes, s.lineno
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                if name_of(node.left) not in DECAYS and "1 / " not in p.text(node):
                    yield [(*p.span(node), p.text(node.left))], codes, s.lineno
            if isinstance(node, ast.Call) and name_of(node.func) == "sum" and s.value is not node:
                if not isinstance(node.func.value, ast.Name) or "**" not in p.text(node):
                    continue
                start = p.span(node.func)[1] - 3
                if not any(d in p.text(s.value) for d in DECAYS):
                    yield [(start, start + 3, "mean")], codes, s.lineno


def softmaxes(p: Program) -> Iterator[Slip]:
    """M19: along the other axis, or twice."""
    for s in p.statements():
        text = ast.unparse(s) if isinstance(s, (ast.Assign, ast.Return)) else ""
        sums_up = (
            not GRADIENT.search(p.target(s))
            and " / " in text
            and "sum(" in text
            and "axis" in text
            and "log" not in text
        )
        if sums_up and ("keepdims" in text) and " - " not in text:
            for node in ast.walk(s):
                if isinstance(node, ast.keyword) and node.arg == "axis":
                    value = ast.literal_eval(node.value)
                    yield [(*p.span(node.value), "1" if value == 0 else "0")], {"M19"}, s.lineno
        if isinstance(s, (ast.Assign, ast.Return)) and isinstance(s.value, ast.Call):
            if name_of(s.value.func) == "softmax":
                text = f"softmax({p.source[slice(*p.span(s.value))]})"
                yield [(*p.span(s.value), text)], {"M19"}, s.lineno


CODE: tuple[Callable[[Program], Iterator[Slip]], ...] = (
    *(f_slips, masks, signs, factors, counts, other_loss, layers, matrices, sums, decays),
    *(order, paths, subscripts, stated_losses, softmaxes),
)
OF_LOSS = {"M26", "M19"}
