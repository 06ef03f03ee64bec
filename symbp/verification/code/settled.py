"""A trace of what was read, once it is known which axes are one."""

from __future__ import annotations

import ast
from dataclasses import replace

from sympy import Expr

from symbp.equations.axis import LETTERS, Axis, Index, Size
from symbp.equations.equation import Equation
from symbp.equations.program import Program
from symbp.equations.tensor import Tensor, TensorSymbol, entries, indices_of, is_entry, tensor_of
from symbp.equations.wellformed import IllFormed
from symbp.verification.code.machine import Machine
from symbp.verification.code.pairing import measure
from symbp.verification.code.trace import Assigned, Trace, Update
from symbp.verification.text import Spot


class Settled:
    """Rewrites tensors, indices and sizes: each axis by the one it was joined with."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.names: dict[Axis, Axis] = {}
        self.tensors: dict[Tensor, Tensor] = {}

    def axis(self, axis: Axis) -> Axis:
        root = self.machine.on.axes.find(axis)
        if root not in self.names:
            letter = LETTERS[len(self.names) % len(LETTERS)]
            self.names[root] = Axis(root.name, None, letter)
        return self.names[root]

    def tensor(self, tensor: Tensor) -> Tensor:
        if tensor not in self.tensors:
            labels = self.machine.on.labels.get(tensor)
            self.tensors[tensor] = replace(
                tensor,
                axes=tuple(map(self.axis, tensor.axes)),
                labels=None if labels is None else self.axis(labels),
            )
        return self.tensors[tensor]

    def expr(self, expr: Expr, keep: tuple[Index, ...] = ()) -> Expr:
        """``expr`` with letters from the alphabet; ``keep`` are those of the left side."""
        names: dict[Expr, Expr] = {}
        taken: list[Index] = []
        for index in keep:
            names[index] = self.axis(index.axis).fresh(taken)
            taken.append(names[index])
        rest = sorted(expr.atoms(Index) - set(keep), key=lambda i: (len(i.letter), i.letter))
        for index in rest:
            names[index] = self.axis(index.axis).fresh(taken)
            taken.append(names[index])
        for size in expr.atoms(Size):
            names[size] = self.axis(size.axis).size
        for symbol in expr.atoms(TensorSymbol):
            names[symbol] = self.tensor(symbol.tensor).symbol
        return expr.xreplace(names)

    def entry(self, tensor: Tensor, idx: tuple[Index, ...]) -> Expr:
        taken: list[Index] = []
        for index in idx:
            taken.append(self.axis(index.axis).fresh(taken))
        return self.tensor(tensor)[tuple(taken)]


def settled(machine: Machine) -> Trace:
    """What ``machine`` has read, as a trace of well-formed equations."""
    labels = machine.on.labels
    for made in reversed(machine.made):  # what labels are copied from is labels too
        if made.tensor in labels and is_entry(made.rhs):
            labels.setdefault(tensor_of(made.rhs), labels[made.tensor])
    final = Settled(machine)
    assigned = []
    dropped: set[Tensor] = set()
    for made in machine.made:
        lhs = final.entry(made.tensor, made.idx)
        equation = Equation(made.tensor.name, lhs, final.expr(made.rhs, made.idx))
        try:
            Program((equation,))
        except (IllFormed, IndexError, AttributeError):
            machine.trouble("unsupported", made.node, what="equation")
            dropped.add(made.tensor)
            continue
        dims = tuple(None if d is None else final.axis(d) for d in made.dims)
        at, text = machine.spot(made.node), machine.source(made.node)
        assigned.append(Assigned(made.name, equation, dims, at, text, made.function))
    found = (_update(machine, final, *u) for u in machine.updates if tensor_of(u[2]) not in dropped)
    updates = [update for update in found if update is not None]
    shown = [(name, final.expr(body), machine.spot(node)) for name, body, node in machine.shown]
    used = [t for a in assigned for t in map(tensor_of, entries(a.equation.rhs))]
    used += [t for _, body, _ in shown for t in map(tensor_of, entries(body))]
    used += [tensor_of(e) for u in updates for e in (u.before.entry,)]
    used += [final.tensor(of) for of, *_ in machine.wanted]
    defined = {tensor_of(a.equation.lhs) for a in assigned}
    inputs = {t.name: t for t in used if t not in defined}
    sizes = {final.axis(axis): n for axis, n in machine.on.axes.pinned.items()}
    known = {final.tensor(t): v for t, v in machine.known.items()}
    values = {t: v for t, v in known.items() if t in inputs.values()}
    return Trace(
        tuple(assigned),
        tuple(updates),
        inputs,
        sizes,
        tuple(dict.fromkeys(shown)),
        values,
        _joined(machine, final),
        tuple((w, machine.spot(n)) for w, n in dict.fromkeys(machine.taken)),
        tuple(machine.troubles),
        tuple(
            (name, final.tensor(t), machine.spot(node), machine.source(node))
            for name, t, node in machine.aliases
        ),
        tuple(
            (name, final.tensor(t), machine.spot(node), machine.source(node))
            for name, t, node in machine.kept
            if t not in dropped
        ),
        final.expr(measure(machine.measured)) if machine.measured else None,
        tuple(
            (final.tensor(of), final.tensor(t), machine.spot(node), machine.source(node))
            for of, t, node in machine.wanted
            if t not in dropped
        ),
        assumed=tuple((typed, machine.spot(node)) for typed, node in machine.assumed),
        ties=tuple((final.axis(a), final.expr(size)) for a, size in machine.on.axes.ties),
    )


def _update(
    machine: Machine, final: Settled, name: str, before: Tensor, after: Expr, node: ast.AST
) -> Update | None:
    """An update; None, with a trouble, where the new value does not lie along the old one."""
    old = final.tensor(before)
    places = dict(zip(indices_of(before.entry), indices_of(old.entry), strict=True))
    new = final.tensor(tensor_of(after))
    if not all(i in places for i in indices_of(after)):
        machine.trouble("unsupported", node, what="update")
        return None
    entry = new[tuple(places[i] for i in indices_of(after))]
    return Update(name, old, entry, machine.spot(node), machine.source(node))


def _joined(machine: Machine, final: Settled) -> tuple[tuple[str, Spot], ...]:
    found = []
    for made in machine.made:
        axes = final.tensor(made.tensor).axes
        if len(set(axes)) < len(axes):
            found.append((made.name, machine.spot(made.node)))
    return tuple(dict.fromkeys(found))
