"""Networks for tests: every activation, every loss that fits, both reductions, with a penalty."""

from functools import cache

from symbp.activations.table import ACTIVATIONS
from symbp.errors import SpecErrors
from symbp.layers.dense import Dense
from symbp.losses.criterion import CRITERIA
from symbp.losses.loss import Loss
from symbp.network import Network
from symbp.pipeline import Derived, derive

shipped = cache(derive)
"""A network of the gallery, derived once for all tests."""

NAMES = [name for name in ACTIVATIONS if name != "general"]


def network(hidden="tanh", output="identity", loss="half_squared_error", *, depth=2, **options):
    """``depth`` layers; ``options`` are those of the loss, and ``bias`` and ``batch``."""
    bias, batch = options.pop("bias", True), options.pop("batch", True)
    layers = [Dense(3 + place, hidden, bias=bias) for place in range(depth - 1)]
    layers.append(Dense(3 + depth, output, bias=bias))
    return Network.of("net", 2, layers, Loss.of(loss, **options), batch=batch)


@cache
def derived(*words, **options):
    return Derived(network(*words, **options))


def fits(output, loss):
    """Whether the loss makes sense of what the activation yields."""
    try:
        network("tanh", output, loss)
    except SpecErrors:
        return False
    return True


PAIRS = [(output, loss) for output in NAMES for loss in CRITERIA if fits(output, loss)]
