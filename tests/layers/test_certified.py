"""Every step of every layer's derivation follows from the line before it."""

import pytest

from symbp.equations.equality import Verdict
from tests.layers.networks import NETWORKS, derived


@pytest.mark.parametrize("name", NETWORKS)
def test_every_step_holds(name):
    counts = derived(name).certify()
    assert set(counts) <= {Verdict.PROVED, Verdict.PROBABLE}
    assert sum(counts.values()) > 20
