"""Slips that people make on paper, as edits of what was typed, by the codes that name them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.benchmarks.mutation.place import Place, Slip
from tests.benchmarks.mutation.slips_of_factors import (
    m01_m02,
    m03,
    m04,
    m05,
    m06,
    m07,
    m08,
    m18,
    m20,
    m22,
    m27,
)
from tests.benchmarks.mutation.slips_of_indices import m09, m10, m11, m12, m13, m14, m15, m17, m29

PAPER: tuple[Callable[[Place], Iterator[Slip]], ...] = (
    *(m01_m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, m13, m14, m15),
    *(m17, m18, m20, m22, m27, m29),
)
