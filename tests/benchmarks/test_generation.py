"""Generating costs what the kinds of layers cost: neither width nor depth matters much."""

import pytest

from tests.benchmarks.generation import CASES, measure, table

ROUNDS = 4
"""At most: noise only adds, and the least counts."""

# 1.5 s on a machine that imports SymPy in 0.3 s; as a ratio, it holds on any.
MOST = {("wide", "w2"): 1.25, ("deep", "w2"): 2.0, ("w2", "import sympy"): 4.8}


@pytest.mark.slow
def test_width_changes_nothing_and_depth_little():
    best = {}
    for _ in range(ROUNDS):
        found = measure(CASES[:4], repeats=3)
        best = {name: min(seconds, best.get(name, seconds)) for name, seconds in found.items()}
        over = [pair for pair, most in MOST.items() if best[pair[0]] >= most * best[pair[1]]]
        if not over:
            break
    print(table(best))
    assert over == []
