"""Generating costs what the kinds of layers cost: neither width nor depth matters much."""

import pytest

from tests.benchmarks.generation import CASES, measure, table


@pytest.mark.slow
def test_width_changes_nothing_and_depth_little():
    best = measure(CASES[:4])
    print(table(best))
    assert best["wide"] < 1.25 * best["w2"]
    assert best["deep"] < 2 * best["w2"]
    # 1.5 s on a machine that imports SymPy in 0.3 s; as a ratio, it holds on any.
    assert best["w2"] < 4.8 * best["import sympy"]
