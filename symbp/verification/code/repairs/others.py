"""Slips in what is read: names, layers, masks, terms, the order of lines, undone one at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from symbp.verification.code.repairs.source import Edit, Source, last, root, targets

NUMBERED = re.compile(r"^(.*?)(\d+)$")
RATES = re.compile(r"(?i)^(lam|lambda_?|lambd|lmbda|reg\w*|weight_decay|decay|l2\w*|wd)$")
MOST_NAMES = 8


def layers(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A name, a key or a place of the layer next to it."""
    content = source.text.content
    names = {n.id for n in ast.walk(source.tree) if isinstance(n, ast.Name)}
    names |= {n.attr for n in ast.walk(source.tree) if isinstance(n, ast.Attribute)}
    written = {id(t) for t in targets(statement)}
    for node in ast.walk(statement):
        if id(node) in written:
            continue
        if isinstance(node, ast.Name):
            for other in _next(node.id):
                if other in names:
                    yield Edit("M10", *source.span(node), other)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            stop = source.span(node)[1]
            for other in _next(node.attr):
                if other in names:
                    yield Edit("M10", stop - len(node.attr), stop, other)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            key = node.slice.value
            if isinstance(key, str):
                for other in _next(key):
                    if f'"{other}"' in content or f"'{other}'" in content:
                        yield Edit("M10", *source.span(node.slice), f'"{other}"')
            elif isinstance(key, int) and not isinstance(key, bool):
                for place in (key + 1, key - 1):
                    if place >= 0:
                        yield Edit("M10", *source.span(node.slice), str(place))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            for shift in (" + 1", " - 1"):
                yield Edit("M10", *source.span(node.slice), node.slice.id + shift)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.BinOp):
            yield Edit("M10", *source.span(node.slice), source.typed(node.slice.left))


def _next(name: str) -> Iterator[str]:
    match = NUMBERED.match(name)
    if match and len(match[2]) < 3:
        for step in (1, -1):
            number = int(match[2]) + step
            if number >= 0:
                yield f"{match[1]}{number}"
        if match[2] == "1":
            yield match[1]
    elif name[-1:].isalpha():
        yield f"{name}2"


def neighbours(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A gradient of another array of the same kind: ``b1 -= lr * dW1``."""
    if not isinstance(statement, (ast.Assign, ast.AugAssign)) or not targets(statement):
        return
    own = last(targets(statement)[0])
    names = {n.id for n in ast.walk(source.tree) if isinstance(n, ast.Name)}
    for node in ast.walk(statement.value):
        if isinstance(node, ast.Name) and own and own not in node.id:
            for prefix in ("d", "grad_", "g_", "nabla_", "d_", "delta_"):
                if node.id.startswith(prefix) and prefix + own in names and prefix + own != node.id:
                    yield Edit("M10", *source.span(node), prefix + own)


def twice(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """``softmax(softmax(u))``; a softmax along the other axis is among the sums."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and len(node.args) == 1:
            (inner,) = node.args
            if isinstance(inner, ast.Call) and last(inner.func) == last(node.func):
                yield Edit("M19", *source.span(node), source.typed(inner))


def terms(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A penalty that is missing, too much, has another sign or factor."""
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return
    for node in ast.walk(statement.value):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))):
            continue
        if not _is_penalty(node.right):
            continue
        left, right = source.typed(node.left), source.typed(node.right)
        start, stop = source.span(node)
        yield Edit("M20", start, stop, left)
        sign = "-" if isinstance(node.op, ast.Add) else "+"
        yield Edit("M20", start, stop, f"{left} {sign} {right}")
        for factor in ("2", "0.5"):
            yield Edit("M20", start, stop, f"{left} + {factor} * {right}")
    if isinstance(statement, ast.AugAssign) and _is_penalty(statement.value):
        at = source.text.content.index("=", source.span(statement.target)[1])
        flipped = {"-": "+", "+": "-"}.get(source.text.content[at - 1])
        if flipped:
            yield Edit("M20", at - 1, at, flipped)
        for factor in ("2", "0.5"):
            text = f"{factor} * {source.typed(statement.value)}"
            yield Edit("M20", *source.span(statement.value), text)


def penalties(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A penalty that the gradients of other parameters have, for this one."""
    if not isinstance(statement, ast.Assign) or len(targets(statement)) != 1:
        return
    own = NUMBERED.match(last(targets(statement)[0]))
    for other in source.statements():
        if not isinstance(other, ast.Assign) or other is statement or own is None:
            continue
        theirs = NUMBERED.match(last(targets(other)[0]))
        value = other.value
        if theirs is None or not isinstance(value, ast.BinOp) or not _is_penalty(value.right):
            continue
        if theirs[1] == own[1]:
            sign = "-" if isinstance(value.op, ast.Sub) else "+"
            term = re.sub(rf"(?<=[A-Za-z_]){theirs[2]}\b", own[2], source.typed(value.right))
            text = f"{source.typed(statement.value)} {sign} {term}"
            yield Edit("M20", *source.span(statement.value), text)


def _is_penalty(node: ast.expr) -> bool:
    return any(
        isinstance(n, (ast.Name, ast.Attribute)) and RATES.match(last(n)) for n in ast.walk(node)
    )


def masks(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A mask of something else than went into the activation."""
    tests = [n for n in ast.walk(statement) if isinstance(n, ast.Compare)]
    if not tests:
        return
    known = list(dict.fromkeys(_forward(source, statement)))
    for test in tests:
        for name in known[:MOST_NAMES]:
            if name != source.typed(test.left):
                yield Edit("M22", *source.outer(test.left), name)


def _forward(source: Source, statement: ast.stmt) -> Iterator[str]:
    """What is put into an activation, and what comes out, as typed; the nearest first."""
    before = [s for s in source.statements() if isinstance(s, ast.Assign)]
    before = [s for s in before if s.lineno < statement.lineno]
    for s in reversed(before):
        for node in ast.walk(s.value):
            if isinstance(node, ast.Call) and last(node.func) in (
                "maximum",
                "relu",
                "ReLU",
                "where",
            ):
                for arg in node.args:
                    if isinstance(arg, (ast.Name, ast.Attribute, ast.Subscript)):
                        yield source.typed(arg)


def early(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A parameter that is changed before this line reads it."""
    read = {root(n) for n in ast.walk(statement) if isinstance(n, (ast.Name, ast.Attribute))}
    for block in source.blocks():
        if statement not in block:
            continue
        here = block.index(statement)
        for k in range(here):
            other = block[k]
            if not isinstance(other, (ast.Assign, ast.AugAssign)):
                continue
            own = {root(t) for t in targets(other)}
            used = {root(n) for n in ast.walk(other) if isinstance(n, (ast.Name, ast.Attribute))}
            if own & read and (isinstance(other, ast.AugAssign) or own & used):
                start, stop = source.line(other)
                after = source.line(statement)[1]
                typed = source.text.content[start:stop]
                yield Edit("M21", start, stop, "", ((after, after, typed),))


def copies(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A second name for an array that was to be copied."""
    value = getattr(statement, "value", None)
    if isinstance(statement, ast.Assign) and isinstance(
        value, (ast.Name, ast.Attribute, ast.Subscript)
    ):
        yield Edit("M23", *source.span(value), f"{source.typed(value)}.copy()")


def slopes(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """f′ of another array: what went into the activation for what came out, or of another layer."""
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return
    pairs = _activated(source)
    for node in ast.walk(statement.value):
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            continue
        other = pairs.get(source.typed(node))
        if other is None:
            continue
        yield Edit("M04", *source.span(node), other)


def _activated(source: Source) -> dict[str, str]:
    """What went into each activation and what came out, each by the other."""
    found: dict[str, str] = {}
    for s in source.statements():
        if isinstance(s, ast.Assign) and isinstance(s.value, ast.Call) and len(s.value.args) == 1:
            inner, outer = s.value.args[0], s.targets[0]
            if isinstance(inner, (ast.Name, ast.Attribute, ast.Subscript)):
                a, b = source.typed(inner), source.typed(outer)
                found.setdefault(a, b)
                found.setdefault(b, a)
    return found
