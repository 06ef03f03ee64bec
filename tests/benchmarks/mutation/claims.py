"""Whether a chain of equalities holds in the network that a derivation speaks of."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tests.benchmarks.mutation.axes import Axes, Mismatch, OutOfRange, Undecided
from tests.benchmarks.mutation.evaluate import Evaluator
from tests.benchmarks.mutation.nodes import Node, Symbol, walk
from tests.benchmarks.mutation.spec import Spec
from tests.benchmarks.mutation.world import World

MOST = 36


@dataclass(frozen=True)
class Judged:
    """``holds`` is None where nothing can be said. ``where``: the layers at which it fails.

    ``is_partial``: it fails there only, and holds at other layers.
    """

    holds: bool | None
    why: str = ""
    where: tuple[int, ...] = ()
    print: tuple = ()
    is_partial: bool = False


@lru_cache(maxsize=400)
def _world(key: int, seed: int) -> World:
    return World(SPECS[key], seed)


SPECS: dict[int, Spec] = {}


def world(spec: Spec, seed: int) -> World:
    SPECS[id(spec)] = spec
    return _world(id(spec), seed)


def general(*nodes: Node) -> bool:
    """Whether a claim speaks of any layer l."""
    return any(
        isinstance(n, Symbol) and n.layer and n.layer.base in {"l", r"\ell"}
        for node in nodes
        for n in walk(node)
    )


def judge(left: Node, right: Node, spec: Spec, layers: tuple[int, ...] | None = None) -> Judged:
    """Compare two members at every layer (or at ``layers``), for every value of the indices."""
    depth = len(spec.sizes) - 1
    span = layers or (tuple(range(depth + 1 + spec.base)) if general(left, right) else (0,))
    failed, held, prints, why = [], [], [], ""
    for l in span:
        try:
            good, made = compare(left, right, spec, l)
        except OutOfRange:
            continue
        except Mismatch as slip:
            good, made, why = False, f"mismatch {slip}", "axes"
        except Undecided as reason:
            return Judged(None, str(reason))
        prints.append((l, made))
        (held if good else failed).append(l)
    if not held and not failed:
        return Judged(None, "no layer")
    where = tuple(failed) if failed else tuple(held)
    return Judged(not failed, why, where, tuple(prints), bool(failed and held))


def compare(left: Node, right: Node, spec: Spec, l: int) -> tuple[bool, str]:
    made, good = [], True
    for seed in (0, 1):
        here = world(spec, seed)
        axes = Axes(here, l)
        for node in (left, right):
            axes.visit(node, {})
        axes.settle()
        free = sorted(name for name in axes.sizes if "#" not in name)
        evaluator = Evaluator(here, l, axes)
        for env in assignments(free, [axes.sizes[f] for f in free]):
            a, b = evaluator.value(left, env), evaluator.value(right, env)
            if np.ndim(a) != np.ndim(b) and max(np.size(a), np.size(b)) > 1:
                raise Mismatch("scalar and matrix")
            if np.ndim(a) and np.ndim(b) and np.shape(a) != np.shape(b):
                raise Mismatch("shapes")
            a, b = np.ravel(a), np.ravel(b)
            good = good and bool(np.allclose(a, b, rtol=1e-7, atol=1e-9))
            made.append(tuple(np.round(np.real(b), 6)))
    return good, str(hash(tuple(made)))


def assignments(names: list[str], sizes: list[int]) -> list[dict[str, int]]:
    every = [dict(zip(names, place, strict=True)) for place in np.ndindex(*sizes)]
    if len(every) > MOST:
        every = random.Random(5).sample(every, MOST)
    return every
