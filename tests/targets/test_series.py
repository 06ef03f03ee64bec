"""How the many names of a deep network are listed."""

import pytest

from symbp import Dense, Network, derive
from symbp.targets.numpy.series import MANY, series


def rows(names, shape="(N, 8)"):
    return [(name, shape, "") for name in names]


def counted(stem, numbers):
    return [f"{stem}{number}" for number in numbers]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (counted("z", range(1, MANY)), counted("z", range(1, MANY))),
        (counted("z", range(1, MANY + 1)), [f"z1, z2, ..., z{MANY}"]),
        (counted("z", range(3, 99, 7)), ["z3, z10, ..., z94"]),
        (["x", *counted("z", range(12)), "y"], ["x", "z0", "z1, z2, ..., z11", "y"]),
        (counted("z", (1, 2, 4, *range(5, 20))), ["z1, z2, ..., z19"]),
        (counted("z", reversed(range(1, 20))), counted("z", reversed(range(1, 20)))),
    ],
)
def test_many_names_are_listed_by_the_first_and_the_last(before, after):
    assert [name for name, _, _ in series(rows(before))] == after


def test_what_has_another_shape_is_not_hidden():
    """Equal steps say what is left out; without them nothing of that name may be."""
    other = ("z7", "(N, 3)", "")
    uneven = rows(counted("z", (1, 2, 4, 5, 6, *range(8, 20))))
    even = rows(counted("z", range(1, 40, 2)))
    assert series([*uneven, other]) == [*uneven, other]
    assert [name for name, *_ in series([*even, ("z8", "(N, 3)", "")])] == [
        "z1, z3, ..., z39",
        "z8",
    ]


def test_a_deep_network_is_introduced_in_a_few_lines():
    """Tables and the list of shapes; and what they say is right."""
    depth = 40
    layers = [*(Dense(8, "tanh") for _ in range(depth - 1)), Dense(3)]
    text = derive(Network.of("deep", 8, layers, "half_squared_error")).emit()
    assert f"    w1, w2, ..., w{depth - 1}                    (8, 8)\n" in text
    assert text.index("namedtuple(") < text.index("def ")
    assert text[: text.index("# ---")].count("\n") < 100
    scope = {"__name__": "deep"}
    exec(compile(text, "deep.py", "exec"), scope)  # noqa: S102 - generated above
    assert len(scope["SHAPES"]) == 2 * depth
    assert scope["SHAPES"][f"w{depth}"] == (8, 3)
    assert len(scope["SPREAD"]) == depth
