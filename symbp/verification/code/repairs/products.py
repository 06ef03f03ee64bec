"""Slips in what runs where: transposes, products, sums, indices, undone one at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from symbp.verification.code.repairs.source import Edit, Source, last, root, targets

WEIGHT = re.compile(r"^(w|weights?|theta|kernel)_?\d*$|^[Ww][a-z_]{0,8}\d*$", re.IGNORECASE)
PRODUCTS = ("dot", "matmul")


def sides(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """What a matrix product multiplies."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return node.left, node.right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in PRODUCTS and len(node.args) == 2:
            return node.args[0], node.args[1]
        if node.func.attr in PRODUCTS and len(node.args) == 1:
            return node.func.value, node.args[0]
    return None


def is_weight(node: ast.AST) -> bool:
    return bool(WEIGHT.match(last(node)))


def plain(source: Source, node: ast.expr) -> str:
    """``node`` turned back: without its ``.T``, or with one."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return source.typed(node.value)
    return source.typed(node) + ".T"


def transposes(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A weight matrix or an array with ``.T`` too much or too little; sides that changed places."""
    for node in ast.walk(statement):
        both = sides(node)
        if both is None:
            continue
        a, b = both
        start, stop = source.span(node)
        has_weight = is_weight(a) or is_weight(b)
        for side in both:
            code = "M11" if is_weight(side) else "M12"
            if has_weight and not is_weight(side):
                continue
            yield Edit(code, *source.outer(side), plain(source, side))
        if has_weight:
            yield Edit("M11", start, stop, f"({source.typed(b)} @ {source.typed(a)})")
            continue
        yield Edit("M12", start, stop, f"({source.typed(b)} @ {source.typed(a)})")
        turned = f"({plain(source, b)} @ {plain(source, a)})"
        yield Edit("M12", start, stop, turned)
        yield Edit("M12", start, stop, f"({plain(source, a)} @ {plain(source, b)})")


def outers(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """``np.outer`` with its arguments in the other order."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and last(node.func) == "outer" and len(node.args) == 2:
            a, b = node.args
            yield Edit(
                "M12",
                *source.span(a),
                source.typed(b),
                ((*source.span(b), source.typed(a)),),
            )


def multiplications(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """``*`` where ``@`` belongs, and the other way round."""
    for node in ast.walk(statement):
        both = sides(node)
        if both is not None:
            a, b = (source.typed(side) for side in both)
            yield Edit("M13", *source.span(node), f"({a} * {b})")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            if isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant):
                continue
            a, b = source.typed(node.left), source.typed(node.right)
            yield Edit("M13", *source.span(node), f"({a} @ {b})")
            if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Mult):
                c, d = source.typed(node.left.left), source.typed(node.left.right)
                yield Edit("M13", *source.span(node), f"({c} * ({d} @ {b}))")


def subscripts(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """An ``einsum`` with two letters of one array exchanged."""
    for node in ast.walk(statement):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        before, arrow, after = node.value.partition("->")
        if not arrow:
            continue
        parts = before.split(",")
        if len(after) == 2:
            yield Edit("M12", *source.span(node), f'"{before}->{after[::-1]}"')
        for k, part in enumerate(parts):
            if len(part) == 2:
                turned = ",".join([*parts[:k], part[::-1], *parts[k + 1 :]])
                yield Edit("M09", *source.span(node), f'"{turned}->{after}"')
        if len(parts) == 1 and len(parts[0]) == 2:
            for letter in parts[0]:
                if letter != after:
                    yield Edit("M17", *source.span(node), f'"{before}->{letter}"')


def sums(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A sum that is missing, a mean, or one along another axis."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            code = "M18" if _contracts(node) else "M19" if _divides(node, statement) else "M17"
            if name in ("mean", "average"):
                stop = source.span(node.func)[1]
                yield Edit(code, stop - len(name), stop, "sum")
            if name in ("sum", "mean", "max", "amax"):
                for word in node.keywords:
                    if word.arg == "axis" and isinstance(word.value, (ast.Constant, ast.UnaryOp)):
                        typed = source.typed(word.value).strip("()")
                        for axis in ("0", "1", "-1"):
                            if axis != typed and (axis != "-1" or typed == "0"):
                                yield Edit(code, *source.span(word.value), axis)


def divisors(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A softmax along another axis."""
    for edit in sums(source, statement):
        if edit.code == "M19":
            yield edit


def missing_sums(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """A sum that is missing altogether."""
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return
    value = statement.value
    if value is None or isinstance(value, ast.Constant) or _is_begun(value):
        return
    wholes = [value]
    if isinstance(value, ast.Dict):
        wholes = list(value.values)
    elif isinstance(value, (ast.List, ast.Tuple)):
        wholes = list(value.elts)
    for whole in wholes:
        if whole is not value and isinstance(whole, ast.Name) and source.reads[whole.id] == 1:
            continue  # it is collected here, and was computed for that
        inside: list[ast.expr] = [whole]
        if isinstance(whole, ast.BinOp) and isinstance(whole.op, (ast.Mult, ast.Div)):
            inside += [whole.left, whole.right]
        for node in inside:
            if isinstance(node, ast.Constant):
                continue
            typed = source.typed(node)
            for axis in ("axis=0", "axis=1, keepdims=True", "axis=0, keepdims=True", "axis=1"):
                yield Edit("M17", *source.span(node), f"np.sum({typed}, {axis})")
    for part in ast.walk(value):
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub):
            typed = source.typed(part.right)
            for axis in ("1", "0"):
                summed = f"np.sum({typed}, axis={axis}, keepdims=True)"
                yield Edit("M18", *source.outer(part.right), summed)
            for factor in _factors(part.right):
                rest = [source.typed(f) for f in _factors(part.right) if f is not factor]
                if rest:
                    for axis in ("1", "0"):
                        summed = f"np.sum({' * '.join(rest)}, axis={axis}, keepdims=True)"
                        text = f"({summed} * {source.typed(factor)})"
                        yield Edit("M18", *source.outer(part.right), text)


FILLED = ("zeros", "ones", "full", "empty", "zeros_like", "ones_like", "full_like", "empty_like")


def _is_begun(value: ast.expr) -> bool:
    """Whether something begins with random numbers or all alike: right whatever they are."""
    is_filled = isinstance(value, ast.Call) and last(value.func) in FILLED
    return is_filled or any(root(n) == "rng" or last(n) == "random" for n in ast.walk(value))


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _contracts(node: ast.Call) -> bool:
    """Whether products of arrays are summed, as in the slope of a softmax."""
    over = [*node.args, node.func.value] if isinstance(node.func, ast.Attribute) else node.args
    return any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult) for n in over)


def _divides(node: ast.Call, statement: ast.stmt) -> bool:
    """Whether the sum is what something is divided by."""
    return any(
        isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div) and n.right is node
        for n in ast.walk(statement)
    )


def accumulated(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """``=`` where ``+=`` belongs: something was there already."""
    if isinstance(statement, ast.Assign) and len(targets(statement)) == 1:
        own = root(targets(statement)[0])
        if not any(
            own == root(t) for s in source.statements() if s != statement for t in targets(s)
        ):
            return
        at = source.text.content.index("=", source.span(targets(statement)[0])[1])
        yield Edit("M16", at, at + 1, "+=")
