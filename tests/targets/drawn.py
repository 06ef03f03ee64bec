"""Random networks of dense layers, with any activation and loss that go together."""

from hypothesis import strategies as st

from symbp.activations.table import ACTIVATIONS
from symbp.errors import SpecErrors
from symbp.layers.dense import Dense
from symbp.losses.criterion import CRITERIA
from symbp.losses.loss import Loss
from symbp.network import Network

ALL = [name for name in ACTIVATIONS if name != "general"]


def fits(activation, loss):
    try:
        Network.of("fits", 3, [Dense(2, activation)], loss)
    except SpecErrors:
        return False
    return True


PAIRS = [(a, loss) for loss in CRITERIA for a in ALL if fits(a, loss)]


@st.composite
def networks(draw):
    depth = draw(st.integers(1, 6))
    widths = draw(st.permutations(range(2, 2 + depth + 1)))
    name = draw(st.sampled_from(list(CRITERIA)))
    last = draw(st.sampled_from([a for a, loss in PAIRS if loss == name]))
    kinds = [draw(st.sampled_from(ALL)) for _ in range(depth - 1)] + [last]
    layers = [Dense(n, a, draw(st.booleans())) for n, a in zip(widths[1:], kinds, strict=True)]
    reduction = draw(st.sampled_from(["mean", "sum"]))
    return Network.of(
        "drawn", widths[0], layers, Loss.of(name, reduction, draw(st.sampled_from([0, 0.1])))
    )
