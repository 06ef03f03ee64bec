"""Slips in what is multiplied: f′, masks, signs, constants, losses, regularisers."""

# ruff: noqa: SIM102 - the kind of a node is asked before what it holds

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.benchmarks.mutation.code_parts import (
    Slip,
    count_text,
    is_output,
    products,
    slopes,
)
from tests.benchmarks.mutation.code_tree import (
    DECAYS,
    GRADIENT,
    TARGETS,
    Program,
    name_of,
)


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


def counts(p: Program) -> Iterator[Slip]:
    count = count_text(p)
    for s in p.gradients():
        used = {n.id for n in ast.walk(s) if isinstance(n, ast.Name)}
        if count in p.names - {"np"} and count not in used and "(" not in count and used & {"self"}:
            continue
        text = p.source[slice(*p.span(s.value))]
        bias = {"M17"} if "b" in p.target(s) else set()
        number = {"M06"} if count.isdigit() else set()  # no count of samples, but a constant
        yield [(*p.span(s.value), f"({text}) / {count}")], {"M07"} | bias | number, s.lineno
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


def stated_losses(p: Program) -> Iterator[Slip]:
    """M26: the loss that is printed is not the one that is trained."""
    for s in p.losses():
        for node in ast.walk(s.value):
            if isinstance(node, ast.Constant) and node.value == 0.5:
                yield [(*p.span(node), "1.0")], {"M26", "M06"}, s.lineno
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                if name_of(node.left) not in DECAYS and "1 / " not in p.text(node):
                    # over 2 m: both the count and a plain number are gone
                    number = {"M06"} if has_number(node.right) else set()
                    yield [(*p.span(node), p.text(node.left))], {"M26", "M07"} | number, s.lineno
            if isinstance(node, ast.Call) and name_of(node.func) == "sum" and s.value is not node:
                if not isinstance(node.func.value, ast.Name) or "**" not in p.text(node):
                    continue
                start = p.span(node.func)[1] - 3
                if not any(d in p.text(s.value) for d in DECAYS):
                    yield [(start, start + 3, "mean")], {"M26", "M06", "M07"}, s.lineno


def has_number(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Constant) and n.value not in (0, 1) for n in ast.walk(node))


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
