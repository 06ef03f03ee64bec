"""What repeats in a network is derived, lowered and arranged once: counted, not timed."""

from collections import Counter

import pytest

from symbp import heads
from symbp.derivation import backprop
from symbp.lowering import alike
from symbp.notation.notation import Notation
from symbp.pipeline import derive
from symbp.specification.reader import parse_network
from tests.benchmarks.generation import Case
from tests.benchmarks.processes import transformer

COUNTED = (
    (backprop, "derive_layer"),
    (backprop, "compact"),
    (alike, "lower"),
    (Notation, "_arranged"),
    (heads, "join"),
)
PAIRS = {
    "blocks": (transformer(6), transformer(12)),
    "layers of one width": (
        Case("net", (64,) * 10 + (10,), "tanh").declaration,
        Case("net", (64,) * 40 + (10,), "tanh").declaration,
    ),
    "layers of many widths": (
        Case("net", (*range(20, 30), 10), "tanh").declaration,
        Case("net", (*range(20, 60), 10), "tanh").declaration,
    ),
    "widths": (
        Case("net", (8, 8, 8, 10)).declaration,
        Case("net", (4096, 2048, 1024, 10)).declaration,
    ),
}


def counted(declaration, monkeypatch):
    """How often each of COUNTED is called until all files are made."""
    calls = Counter()

    def counting(name, function):
        def called(*args, **given):
            calls[name] += 1
            return function(*args, **given)

        return called

    with monkeypatch.context() as patched:
        for where, name in COUNTED:
            patched.setattr(where, name, counting(name, getattr(where, name)))
        assert dict(derive(parse_network(declaration)).files())
    return calls


@pytest.mark.slow
@pytest.mark.parametrize(("few", "many"), PAIRS.values(), ids=PAIRS)
def test_what_repeats_is_done_once(few, many, monkeypatch):
    calls = counted(few, monkeypatch)
    assert calls == counted(many, monkeypatch)
    assert calls["join"] == 1
    assert calls["derive_layer"]
    assert calls["lower"]
    assert calls["_arranged"]
