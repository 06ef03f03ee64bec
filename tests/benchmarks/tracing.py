"""Trace and compile a step with jax, and leave: ``python -m tests.benchmarks.tracing 64 64 10``."""

from __future__ import annotations

import sys
from dataclasses import replace

from tests.benchmarks.networks import Dense
from tests.benchmarks.workloads import WORKLOADS


def compiled(widths: tuple[int, ...]) -> object:
    """A compiled step of a network of these widths; it is never run, and nothing is allocated."""
    from jax import ShapeDtypeStruct as Shape

    from tests.benchmarks.peers.jaxed import OPTIMIZERS, step_of

    workload = replace(WORKLOADS["W4"], network=Dense(widths, "tanh"))
    params = {name: Shape(shape, "float32") for name, shape in workload.network.shapes.items()}
    states = {name: (w,) * OPTIMIZERS[workload.optimizer][1] for name, w in params.items()}
    x, d = Shape((workload.batch, widths[0]), "float32"), Shape((workload.batch,), "int32")
    return step_of(workload).lower(params, states, Shape((), "float32"), x, d).compile()


if __name__ == "__main__":
    compiled(tuple(map(int, sys.argv[1:])))
