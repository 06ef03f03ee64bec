"""A program's tree with the stretch of source of each node, and what its names are for."""

# ruff: noqa: SIM102 - the kind of a node is asked before what it holds

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

GRADIENT = re.compile(
    r"^(delta|grad|nabla|g_|gW|gb|error$|residual|diff$|d[A-Z]|D\d)|^d[a-z]?\d?$"
    r"|^(dout|dpred|dscores|dhidden|dhidden_in|dlogits|d[a-z]+\d)$"
)
LOSS = re.compile(r"^(loss|cost|E|J|data_loss|data|cross_entropy|penalty|reg_loss|error)$")
RATES = {"lr", "eta", "alpha", "learning_rate", "step_size", "rate"}
DECAYS = {"reg", "lam", "lambd", "weight_decay"}
WEIGHT = re.compile(r"^[Ww]\d?$|weights")
HELPERS = {"dsigmoid", "sigmoid_grad", "fprime", "tanh_prime", "sigmoid_prime"}
ACTIVATIONS = {"sigmoid", "tanh", "relu", "maximum", "f"}
TARGETS = {"y", "Y", "T", "t", "target", "d", "onehot"}


def name_of(node: ast.AST) -> str:
    """The name by which a person would speak of it: W of self.W, params["W"], W[0] and W.T."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return name_of(node.value) if node.attr == "T" else node.attr
    if isinstance(node, ast.Subscript):
        key = node.slice
        literal = isinstance(key, ast.Constant) and isinstance(key.value, str)
        return key.value if literal else name_of(node.value)
    return ""


@dataclass
class Program:
    """Source, tree, and the statements by what they do."""

    source: str
    tree: ast.Module = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.source)
        self.starts = [0]
        for line in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.names = {n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name)}
        self.inputs = dict(self.activated())

    def span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def outer(self, node: ast.AST) -> tuple[int, int]:
        """The span with the parentheses right around it."""
        start, end = self.span(node)
        while self.source[start - 1] == "(" and self.source[end : end + 1] == ")":
            if start >= 2 and (self.source[start - 2].isalnum() or self.source[start - 2] in "_])"):
                break
            start, end = start - 1, end + 1
        return start, end

    def text(self, node: ast.AST) -> str:
        return self.source[slice(*self.outer(node))]

    def activated(self) -> Iterator[tuple[str, str]]:
        """What went into each activation, both as they are typed."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                if name_of(node.value.func) in ACTIVATIONS:
                    for argument in node.value.args:
                        if isinstance(argument, (ast.Name, ast.Attribute)):
                            yield self.text(node.targets[0]), self.text(argument)

    def blocks(self) -> Iterator[list[ast.stmt]]:
        for node in ast.walk(self.tree):
            for block in ("body", "orelse"):
                inner = getattr(node, block, None)
                if isinstance(inner, list):
                    yield inner

    def statements(self) -> Iterator[ast.stmt]:
        for block in self.blocks():
            yield from block

    def target(self, statement: ast.stmt) -> str:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            key = name_of(target)
            base = name_of(target.value) if isinstance(target, ast.Subscript) else ""
            return "grad_" + key if base.startswith("grad") and not key.startswith("grad") else key
        if isinstance(statement, ast.AugAssign):
            return name_of(statement.target)
        return ""

    def gradients(self) -> Iterator[ast.stmt]:
        """Statements that compute what flows back."""
        for statement in self.statements():
            name = self.target(statement)
            if not GRADIENT.search(name) or self.is_data(statement):
                continue
            value = statement.value
            if isinstance(value, ast.Dict):
                for key, part in zip(value.keys, value.values, strict=True):
                    yield self.entry("grad_" + key.value, part)
            elif isinstance(value, ast.List):
                for part in value.elts:
                    if not isinstance(part, (ast.Name, ast.Constant)):
                        yield self.entry(name, part)
            elif name not in {"grad", "grads"} and not self.is_total(value):
                yield statement

    def entry(self, name: str, value: ast.expr) -> ast.Assign:
        """An entry of a list or a dict, as if it were assigned to a name."""
        made = ast.Assign(targets=[ast.Name(name, ast.Store())], value=value)
        return ast.copy_location(made, value)

    def is_total(self, value: ast.expr) -> bool:
        """A sum of squares: a loss, whatever its name."""
        text = ast.unparse(value)
        return "sum(" in text and "** 2" in text and "@" not in text

    def is_data(self, statement: ast.stmt) -> bool:
        """Random data, or zeros to add to."""
        text = ast.unparse(statement.value)
        forward = ("random", "rng", "zeros", "np.eye", "len(", "None]")
        return any(t in text for t in forward) and "@" not in text and " - " not in text

    def updates(self) -> Iterator[ast.stmt]:
        """Statements that move a parameter."""
        for statement in self.statements():
            value = getattr(statement, "value", None)
            if value is None or not isinstance(statement, (ast.AugAssign, ast.Assign)):
                continue
            used = {name_of(n) for n in ast.walk(value) if isinstance(n, ast.Name)}
            if used & RATES and self.target(statement) not in RATES:
                yield statement

    def losses(self) -> Iterator[ast.stmt]:
        for statement in self.statements():
            name = self.target(statement)
            returns = isinstance(statement, ast.Return) and "log" in ast.unparse(statement)
            if returns or (LOSS.match(name) and name != "error"):
                yield statement
