"""Slips that people make in NumPy, as edits of the source at nodes of its tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.benchmarks.mutation.code_parts import Slip
from tests.benchmarks.mutation.code_slips_of_factors import (
    counts,
    decays,
    f_slips,
    factors,
    masks,
    other_loss,
    signs,
    softmaxes,
    stated_losses,
)
from tests.benchmarks.mutation.code_slips_of_shapes import (
    layers,
    matrices,
    order,
    paths,
    subscripts,
    sums,
)
from tests.benchmarks.mutation.code_tree import Program

CODE: tuple[Callable[[Program], Iterator[Slip]], ...] = (
    *(f_slips, masks, signs, factors, counts, other_loss, layers, matrices, sums, decays),
    *(order, paths, subscripts, stated_losses, softmaxes),
)
OF_LOSS = {"M26", "M19"}
