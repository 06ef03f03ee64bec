"""Sums of products: every index where it must be, and no array larger than that."""

import numpy as np
import pytest

from symbp.equations.arrays import Arithmetic, Named, scalar
from symbp.equations.axis import Axis
from symbp.equations.fields import Modular

AXES = [Axis("unit", place) for place in range(12)]
SIZES = {axis: 2 + k % 3 for k, axis in enumerate(AXES)}
I, J, K, *REST = (axis.index() for axis in AXES)
ON = Arithmetic(Modular(1), SIZES)


def array(*indices, seed=1):
    shape = [SIZES[i.axis] for i in indices]
    numbers = np.random.default_rng(seed).integers(1, 99, shape)
    return Named(numbers.astype(object), indices)


@pytest.mark.parametrize(
    ("factors", "over"),
    [
        ([(I,)], [I]),
        ([(I, J), (J, K)], [J]),
        ([(I, J), (J, K)], [I, J, K]),
        ([(I,), (J,), (K,)], [J, I]),
        ([(I, J), (J, K), (K, I)], [K, I]),
        ([(I,)], [I, J]),
        ([()], [I, J]),
        ([(I, J)], []),
        ([], [I]),
    ],
)
def test_as_the_whole_product_summed(factors, over):
    values = [array(*indices, seed=k) for k, indices in enumerate(factors)]
    found = ON.contracted(values, over)
    whole = ON.summed(ON.multiplied([scalar(ON.one), *values]), over)
    assert set(found.indices) == set(whole.indices)
    assert (found.along(whole.indices) == whole.array).all()


def test_many_sums_need_no_array_of_all():
    """3¹² numbers would be half a million, and so on with each letter."""
    indices = [AXES[0].index(f"i{k}") for k in range(40)]
    found = ON.contracted([array(i) for i in indices], indices)
    (one,) = {int(array(i).array.sum()) for i in indices}
    assert found.array == pow(one, 40, 2**61 - 1)
