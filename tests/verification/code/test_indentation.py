"""Lost indentation is proposed where the statements decide it, and asked about elsewhere."""

import ast
from pathlib import Path

import pytest

from symbp.verification.code.indentation import programs, restore
from symbp.verification.text import Spot, Text

SEEDS = Path(__file__).parents[4] / "shared/seeds"

WHOLE = {
    "function, loop, update": """
import numpy as np
def act(v):
    return np.tanh(v)
rate = 0.2
for step in range(9):
    u = x @ w
    z = act(u)
    e = z - t
    w -= rate * x.T @ (e * (1 - z**2))
""",
    "branches": """
def f(v, kind):
    if kind == "relu":
        return v * (v > 0)
    elif kind == "tanh":
        return np.tanh(v)
    else:
        return v
a = f(x, "relu")
""",
    "class": """
class Net:
    def __init__(self, n):
        self.w = np.zeros((n, n))
    def forward(self, x):
        self.u = x @ self.w
        return self.u
    def backward(self, d):
        self.dw = self.x.T @ d
        self.w -= 0.1 * self.dw

net = Net(3)
net.forward(x)
""",
    "function without return": """
def step(p, g, rate):
    for k in p:
        p[k] -= rate * g[k]

# The data
p = make(3)
step(p, g, 0.1)
""",
    "shown within the loop": """
for step in range(9):
    u = x @ w
    if step % 3 == 0:
        print(u)
    w -= 0.1 * x.T @ (u - t)
""",
    "statement on several lines": """
for step in range(9):
    u = (x @ w
+ b)
    w -= 0.1 * x.T @ (u - t)
""",
}


def flattened(source):
    return "\n".join(line.lstrip() for line in source.splitlines())


@pytest.mark.parametrize("name", WHOLE)
def test_what_was_lost_is_restored(name):
    restored = restore(Text.of(flattened(WHOLE[name])))
    assert ast.dump(ast.parse(restored.text.content)) == ast.dump(ast.parse(WHOLE[name]))
    assert not restored.doubts
    assert restored.changes


@pytest.mark.parametrize("name", WHOLE)
def test_what_parses_is_left_alone(name):
    text = Text.of(WHOLE[name])
    assert restore(text).text is text


@pytest.mark.parametrize("source", ["", "for", "this is no program", "for i in x:\n  a\n b\n"])
def test_what_is_no_program_is_left_alone(source):
    assert restore(Text.of(source)).text.content == source


def test_positions_are_those_of_the_file():
    restored = restore(Text.of("for i in x:\ny = i\n", line=5, column=1)).text
    assert restored.at(restored.content.index("y")) == Spot(6, 1)


def test_a_line_that_may_stand_on_either_side_is_asked_about():
    lost = flattened(WHOLE["function, loop, update"] + "print(z)\n")
    (doubt,) = restore(Text.of(lost)).doubts
    assert (doubt.text, doubt.at.line, doubt.head) == ("print(z)", 11, 6)


def test_programs_between_words():
    page = "Words about it.\nimport numpy as np\nfor i in x:\nw -= i\nMore words.\n# Heading\n\n"
    (found,) = programs(Text.of(page))
    assert found.content == "import numpy as np\nfor i in x:\nw -= i\n"
    assert found.at(0) == Spot(2, 1)


@pytest.mark.parametrize(
    ("seed", "starts", "inside"),
    [
        ("001_c5e30601322821e1.txt", (177, 216), "    weights_input_hidden += X"),
        ("003_9c614eb121249150.txt", (52,), "        backward_pass(network, X"),
    ],
)
def test_seeds(seed, starts, inside):
    if not SEEDS.exists():
        pytest.skip("the documents are not here")
    found = programs(Text.of((SEEDS / seed).read_text(encoding="utf-8")))
    assert tuple(text.at(0).line for text in found) == starts
    restored = restore(found[0])
    ast.parse(restored.text.content)
    assert f"\n{inside}" in restored.text.content
    assert all(doubt.text.startswith("print(") for doubt in restored.doubts)
