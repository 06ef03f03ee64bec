"""The value of a formula in a fixed random network; no part of symbp is used."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.benchmarks.mutation.axes import Axes, Mismatch, Undecided, layer_of
from tests.benchmarks.mutation.nodes import (
    Add,
    Call,
    Fraction,
    Group,
    Index,
    Indicator,
    Node,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Summed,
    Symbol,
)
from tests.benchmarks.mutation.world import ACTIVATIONS, STEP, World, softmax


class Evaluator:
    """Values of nodes, with indices and the layer given."""

    def __init__(self, world: World, l: int, axes: Axes) -> None:
        self.world, self.l, self.axes = world, l, axes
        self.spec = world.spec
        self.rows = self.spec.matrix == "in_out"

    def value(self, node: Node, env: Mapping[str, int]):
        return getattr(self, type(node).__name__.lower())(node, env)

    def number(self, node: Number, env):
        return complex(node.value)

    def group(self, node: Group, env):
        made = self.value(node.inner, env)
        return made.T if node.transposed and np.ndim(made) else made

    def add(self, node: Add, env):
        total = None
        for sign, term in node.terms:
            part = sign * self.value(term, env)
            if total is not None and np.ndim(total) and np.ndim(part):
                axis = 0 if self.rows else 1
                if total.shape != part.shape and 1 not in {total.shape[axis], part.shape[axis]}:
                    raise Mismatch("+")
                if total.shape[1 - axis] != part.shape[1 - axis]:
                    raise Mismatch("+")
            total = part if total is None else total + part
        return total

    def product(self, node: Product, env):
        total = self.value(node.factors[0][1], env)
        for operator, factor in node.factors[1:]:
            part = self.value(factor, env)
            both = np.ndim(total) and np.ndim(part)
            if operator == "/":
                total = self.divide(total, part)
            elif both and operator == "odot":
                if total.shape != part.shape:
                    raise Mismatch("odot")
                total = total * part
            elif both:
                if total.shape[1] != part.shape[0]:
                    raise Mismatch("matrix product")
                total = total @ part
            else:
                total = total * part
        return total

    def divide(self, above, below):
        if np.ndim(below) and np.shape(above) != np.shape(below) and np.ndim(above):
            raise Mismatch("/")
        return above / below

    def fraction(self, node: Fraction, env):
        return self.divide(self.value(node.above, env), self.value(node.below, env))

    def power(self, node: Power, env):
        return self.value(node.base, env) ** node.exponent

    def norm(self, node: Norm, env):
        return np.sqrt((self.value(node.inner, env) ** 2).sum())

    def call(self, node: Call, env):
        argument = self.value(node.argument, env)
        if node.function == "softmax":
            if not np.ndim(argument) or node.primes:
                raise Undecided("softmax")
            return softmax(argument) if self.rows else softmax(argument.T).T
        if node.primes > 1:
            raise Undecided("second derivative")
        made = ACTIVATIONS[node.function][node.primes](argument)
        return made if np.ndim(made) else complex(made)

    def indicator(self, node: Indicator, env):
        if node.sign == "=":
            return complex(env[node.left.glyph] == env[node.right.glyph])
        return (np.real(self.value(node.left, env)) > np.real(self.value(node.right, env))) * (
            1 + 0j
        )

    def summed(self, node: Summed, env):
        total = 0
        spots = [(i.name, self.axes.sizes.get(f"{i.name}#{id(node)}")) for i in node.letters]
        if any(size is None for _, size in spots):
            raise Undecided("range")
        shape = tuple(size + 1 - node.lower for _, size in spots)
        for place in np.ndindex(*shape):
            inner = {name: k - 1 + node.lower for (name, _), k in zip(spots, place, strict=True)}
            total = total + self.value(node.body, {**env, **inner})
        return total

    def index(self, index: Index, env) -> int:
        return int(index.name) - 1 if index.name.isdigit() else env[index.name]

    def symbol(self, node: Symbol, env):
        role = self.spec.names[node.glyph]
        flat = {"rate": self.world.rate, "decay": self.world.decay, "count": self.spec.samples}
        if role in flat:
            return complex(flat[role])
        if role == "ones":
            made = np.ones((self.spec.samples, 1), complex)
            return made.T if node.transposed else made
        if role in {"loss", "sloss", "D", "reg"}:
            return self.scalar(node, role, env)
        made = self.entry(node, role, env)
        return made.T if node.transposed and np.ndim(made) else made

    def scalar(self, node: Symbol, role: str, env):
        at = node.sample or (node.indices[0] if node.indices else None)
        if at:
            return self.world.losses[self.index(at, env)]
        if role == "sloss":
            if self.spec.samples > 1:
                raise Undecided("loss of which sample")
            return self.world.losses[0]
        return {"loss": self.world.loss, "D": self.world.data, "reg": self.world.penalty}[role]

    def entry(self, node: Symbol, role: str, env):
        places = [self.index(i, env) for i in node.indices]
        if role == "delta" and len(places) == 2 and node.layer is None:
            return complex(places[0] == places[1])
        if role in {"weight", "dweight"} and places:
            places = places if self.spec.order == "from_to" else places[::-1]
            if len(places) != 2 or -1 in places[1:]:
                raise Undecided("weight")
            if places[0] == -1:
                slopes = role == "dweight"
                l = layer_of(node, self.world, self.l)
                return (self.world.slope("bias", l) if slopes else self.bias(l))[places[1]]
        array = self.array(node, role)
        if role in {"weight", "dweight"}:
            return array[tuple(places)] if places else (array if self.rows else array.T)
        if role in {"bias", "dbias"}:
            return array[places[0]] if places else (array[None] if self.rows else array[:, None])
        if node.sample:
            column = array[self.index(node.sample, env)][:, None]
            return column[places[0], 0] if places else column
        if not places:
            scalar = self.spec.notation == "scalar"
            return array[0, 0] if scalar else array if self.rows else array.T
        if len(places) == 1:
            if self.spec.samples > 1:
                raise Undecided("which sample")
            places = [0, *places]
        if places[1] == -1:
            if role != "act":
                raise Mismatch("0")
            return 1 + 0j
        return array[tuple(places)]

    def bias(self, l: int) -> np.ndarray:
        return self.world.values["bias", l]

    def array(self, node: Symbol, role: str) -> np.ndarray:
        l, world = layer_of(node, self.world, self.l), self.world
        if role == "target":
            return world.target.astype(complex)
        if role in {"pred", "input"}:
            return world.values["act", l]
        if role in {"delta", "dpre", "dact", "dweight", "dbias"}:
            if world.change:
                raise Undecided("derivative of a derivative")
            of = {"delta": "pre", "dpre": "pre", "dact": "act"}.get(role, role[1:])
            if role == "delta" and self.spec.delta == "act":
                of = "act"
            per_sample = self.spec.delta == "sample" and self.spec.scale == "mean"
            factor = self.spec.samples if per_sample and of in {"pre", "act"} else 1
            return factor * world.slope(of, l)
        return world.values[role, l]

    def partial(self, node: Partial, env):
        below = node.below
        while isinstance(below, Group):
            below = below.inner
        if not isinstance(below, Symbol) or self.world.change:
            raise Undecided("derivative")
        role = self.spec.names[below.glyph]
        l = layer_of(below, self.world, self.l)
        role = {"pred": "act", "input": "act"}.get(role, role)
        if role not in {"pre", "act", "weight", "bias"}:
            raise Undecided("derivative by " + role)
        places = [self.index(i, env) for i in below.indices]
        like = self.world.values[role, l]
        if below.sample:
            row = self.index(below.sample, env)
            if places:
                return self.moved(node.above, env, role, l, (row, *places))
            whole = [[self.moved(node.above, env, role, l, (row, j))] for j in range(like.shape[1])]
            return np.array(whole)
        if places:
            if role == "weight" and self.spec.order == "to_from":
                places.reverse()
            if role == "weight" and places[0] == -1:
                role, places = "bias", places[1:]
            if role in {"pre", "act"} and len(places) == 1:
                if self.spec.samples > 1:
                    raise Undecided("which sample")
                places = [0, *places]
            return self.moved(node.above, env, role, l, tuple(places))
        made = np.empty(like.shape, complex)
        for place in np.ndindex(like.shape):
            one = self.moved(node.above, env, role, l, place)
            if np.ndim(one):
                raise Undecided("a matrix by a matrix")
            made[place] = one
        if self.spec.notation == "scalar":
            return made.ravel()[0]
        if role == "bias":
            return made[None] if self.rows else made[:, None]
        return made if self.rows else made.T

    def moved(self, above: Node, env, role: str, l: int, place: tuple[int, ...]):
        if min(place) < 0:
            raise Mismatch("0")
        world = self.world.changed(role, l, place)
        made = Evaluator(world, self.l, self.axes).value(above, env)
        return np.imag(made) / STEP + 0j
