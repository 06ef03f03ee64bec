"""What one step of a program's training is read as, and what stops the reading: nothing."""

from textwrap import dedent, indent
from time import process_time

import pytest

from symbp.equations.calculus import Partial
from symbp.equations.equality import compare
from symbp.equations.program import Program
from symbp.equations.tensor import Role, tensor_of
from symbp.verification.code.interpreter import CodeTrouble, Hints, trace
from symbp.verification.text import Spot, Text
from tests.machine import in_time

FORWARD_ROWS = """
u1 = X @ W1 + b1
z1 = np.tanh(u1)
u2 = z1 @ W2 + b2
loss = np.sum((u2 - Y) ** 2) / 2
"""
BACKWARD_ROWS = """
d2 = u2 - Y
d1 = d2 @ W2.T * (1 - z1 ** 2)
"""
UPDATE_ROWS = """
W2 -= rate * z1.T @ d2
b2 -= rate * d2.sum(axis=0)
W1 -= rate * X.T @ d1
b1 -= rate * d1.sum(axis=0)
"""
DATA_ROWS = """
import numpy as np
X = np.random.randn(6, 3)
Y = np.random.randn(6, 2)
W1 = np.random.randn(3, 4) * 0.1
b1 = np.zeros(4)
W2 = np.random.randn(4, 2) * 0.1
b2 = np.zeros((1, 2))
rate = 0.1
"""


def indented(text: str) -> str:
    return indent(text.strip("\n"), "    ") + "\n"


STEP = FORWARD_ROWS + BACKWARD_ROWS + UPDATE_ROWS
ARGUMENTS = "X, Y, W1, b1, W2, b2, rate"
WHOLE = {
    "straight": DATA_ROWS + STEP,
    "a loop": DATA_ROWS + "for epoch in range(1000):\n" + indented(STEP),
    "a loop that stops": DATA_ROWS + "while True:\n" + indented(STEP + "if loss < 0.1:\n    break"),
    "a function": f"import numpy as np\ndef step({ARGUMENTS}):\n" + indented(STEP + "return loss"),
    "called": DATA_ROWS + f"def step({ARGUMENTS}):\n" + indented(STEP) + f"step({ARGUMENTS})\n",
    "a dict": DATA_ROWS
    + "p = {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}\n"
    + "for t in range(500):\n    W1, b1, W2, b2 = p['W1'], p['b1'], p['W2'], p['b2']\n"
    + indented(FORWARD_ROWS + BACKWARD_ROWS)
    + indented(
        """
        g = {'W2': z1.T @ d2, 'b2': d2.sum(0), 'W1': X.T @ d1, 'b1': d1.sum(0)}
        for k in p:
            p[k] = p[k] - rate * g[k]
        """
    ).replace("            ", "    "),
    "momentum": DATA_ROWS
    + "v = [np.zeros_like(w) for w in (W1, b1, W2, b2)]\n"
    + "for t in range(500):\n"
    + indented(FORWARD_ROWS + BACKWARD_ROWS)
    + indented(
        """
v = [0.9 * old + new for old, new in zip(v, (X.T @ d1, d1.sum(0), z1.T @ d2, d2.sum(0)))]
W1 -= rate * v[0]
b1 -= rate * v[1]
W2 -= rate * v[2]
b2 -= rate * v[3]
"""
    ),
    "batches": DATA_ROWS.replace("X =", "inputs =").replace("Y =", "wanted =")
    + "for t in range(9):\n    for i in range(0, len(inputs), 8):\n"
    + "        X, Y = inputs[i:i + 8], wanted[i:i + 8]\n"
    + indented(indented(STEP)),
    "shuffled": DATA_ROWS
    + "for t in range(9):\n    order = np.random.permutation(len(X))\n"
    + "    X, Y = X[order], Y[order]\n"
    + indented(STEP),
    "a class": "import numpy as np\nclass Net:\n"
    "    def __init__(self, n, h, m):\n"
    "        self.W1 = np.random.randn(n, h)\n        self.b1 = np.zeros(h)\n"
    "        self.W2 = np.random.randn(h, m)\n        self.b2 = np.zeros(m)\n"
    "    def forward(self, X):\n"
    "        self.z1 = np.tanh(X @ self.W1 + self.b1)\n"
    "        return self.z1 @ self.W2 + self.b2\n"
    "    def backward(self, X, Y, out, rate):\n"
    "        loss = np.sum((out - Y) ** 2) / 2\n"
    "        d2 = out - Y\n        d1 = d2 @ self.W2.T * (1 - self.z1 ** 2)\n"
    "        self.W2 -= rate * self.z1.T @ d2\n        self.b2 -= rate * d2.sum(0)\n"
    "        self.W1 -= rate * X.T @ d1\n        self.b1 -= rate * d1.sum(0)\n"
    "        return loss\n"
    "    def train(self, X, Y, rate):\n"
    "        for _ in range(100):\n            self.backward(X, Y, self.forward(X), rate)\n",
    "columns": DATA_ROWS.replace("(6, 3)", "(3, 6)").replace("(6, 2)", "(2, 6)")
    .replace("(3, 4)", "(4, 3)").replace("(4, 2)", "(2, 4)").replace("(4)", "((4, 1))")
    .replace("(1, 2)", "(2, 1)")
    + "for t in range(500):\n    u1 = W1.dot(X) + b1\n    z1 = np.tanh(u1)\n"
    "    u2 = W2.dot(z1) + b2\n    loss = 0.5 * np.sum(np.square(u2 - Y))\n    d2 = u2 - Y\n"
    "    d1 = np.dot(W2.T, d2) * (1 - np.power(z1, 2))\n    W2 = W2 - rate * d2.dot(z1.T)\n"
    "    b2 = b2 - rate * np.sum(d2, axis=1, keepdims=True)\n    W1 = W1 - rate * d1.dot(X.T)\n"
    "    b1 = b1 - rate * np.sum(d1, axis=1, keepdims=True)\n",
    "one sample after the other": DATA_ROWS.replace("(1, 2)", "2")
    + "for x, y in zip(X, Y):\n    z1 = np.tanh(x @ W1 + b1)\n    d2 = z1 @ W2 + b2 - y\n"
    "    loss = 0.5 * np.sum(d2 ** 2)\n    d1 = (W2 @ d2) * (1 - z1 ** 2)\n"
    "    W2 = W2 - rate * np.outer(z1, d2)\n    b2 = b2 - rate * d2\n"
    "    W1 = W1 - rate * np.outer(x, d1)\n    b1 = b1 - rate * d1\n",
    "summed over samples": DATA_ROWS.replace("(1, 2)", "2")
    + "gW1, gb1, gW2, gb2 = (np.zeros_like(w) for w in (W1, b1, W2, b2))\nloss = 0\n"
    "for n in range(X.shape[0]):\n    z1 = np.tanh(X[n] @ W1 + b1)\n    d2 = z1 @ W2 + b2 - Y[n]\n"
    "    loss += 0.5 * np.sum(d2 ** 2)\n    d1 = (W2 @ d2) * (1 - z1 ** 2)\n"
    "    gW2 += np.outer(z1, d2)\n    gb2 += d2\n    gW1 += np.outer(X[n], d1)\n    gb1 += d1\n"
    "W1 -= rate * gW1\nb1 -= rate * gb1\nW2 -= rate * gW2\nb2 -= rate * gb2\n",
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_each_way_to_write_a_step_follows_the_gradient(name):
    found = trace(WHOLE[name])
    assert not [t for t in found.troubles if t.code != "branch"], list(map(str, found.troubles))
    program = Program(tuple(a.equation for a in found.assigned))
    (rate,) = [t for t in found.inputs.values() if t.role is Role.CONSTANT]
    loss = next(body for label, body, _ in reversed(found.shown) if "loss" in label)
    last = {update.before: update for update in found.updates}
    assert len(last) == 4
    for update in last.values():
        step = -rate[()] * Partial(loss, update.before.entry)
        assert compare(update.after - update.before.entry, step, program).holds, update.name


def test_a_parameter_that_is_changed_before_it_is_used_is_read_changed():
    late = FORWARD_ROWS + "d2 = u2 - Y\nW2 -= rate * z1.T @ d2\nd1 = d2 @ W2.T * (1 - z1 ** 2)\n"
    found = trace(DATA_ROWS + late)
    (d1,) = [a for a in found.assigned if a.name == "d1"]
    (update,) = found.updates
    assert tensor_of(update.after).symbol in d1.equation.rhs.free_symbols
    assert update.before.symbol not in d1.equation.rhs.free_symbols


def test_who_is_changed_in_place_is_changed_under_all_names():
    found = trace(DATA_ROWS + "p = X @ W1\nd = p\nd -= 1\nq = p * 2\n")
    changed, q = found.assigned[-2:]
    assert tensor_of(changed.equation.lhs).symbol in q.equation.rhs.free_symbols


def test_positions_are_those_of_the_text():
    text = Text.of("import numpy as np\ny = np.tanh(x)\n", line=7, column=3)
    (assigned,) = trace(text).assigned
    assert assigned.at == Spot(8, 1)
    assert assigned.text == "y = np.tanh(x)"


def test_shapes_that_do_not_go_together_are_told():
    found = trace("import numpy as np\na = np.zeros((3, 4))\nb = np.ones((2, 4))\nc = a @ b\n")
    (trouble,) = found.troubles
    assert (trouble.code, trouble.line) == ("shapes", 4)
    assert trouble.facts == {"left": "(3, 4)", "right": "(2, 4)"}


def test_axes_that_only_their_sizes_make_one_are_told():
    slip = "d1 = d2 @ W2.T * (1 - z1 ** 2)\ng = d1 @ X"
    square = DATA_ROWS.replace("(6,", "(4,")
    assert trace(square + FORWARD_ROWS + "d2 = u2 - Y\n" + slip).joined
    assert not trace(square + STEP).joined


def test_hints_give_shapes():
    program = "import numpy as np\ndef f(a, b):\n    c = a + b\n    return c\n"
    found = trace(program, hints=Hints({"a": (None, 3), "b": (3,)}))
    (assigned,) = found.assigned
    assert [d and found.sizes.get(d) for d in assigned.dims] == [None, 3]


def test_what_is_shown_is_a_candidate_for_the_loss():
    program = DATA_ROWS + FORWARD_ROWS.replace("loss", "value") + "print('now', value, X.shape)\n"
    assert [name for name, _, _ in trace(program).shown] == ["value"]


def test_liberties_are_told():
    found = trace(dedent("""
        import numpy as np
        def cost(p, y, eps=1e-12):
            q = np.clip(p, eps, 1 - eps)
            loss = -np.sum(y * np.log(q + 1e-9))
            return loss
    """))  # fmt: skip
    assert {what for what, _ in found.taken} == {"clip", "tiny"}


UNREADABLE = {
    "(" * 4000: "too_deep",
    "x = " + "9" * 5000: "big_number",
    "x = 1 +": "syntax",
    "x = 1\0": "syntax",
    "x = 1\n" * 40_000: "too_long",
    "x = 1\n" * 10_000: "too_many_nodes",
    "x = " + "-" * 300 + "1": "too_deep",
}


@pytest.mark.parametrize(("program", "code"), UNREADABLE.items(), ids=list(UNREADABLE.values()))
def test_limits_are_told(program, code):
    with pytest.raises(CodeTrouble) as caught:
        trace(program)
    assert caught.value.code == code


HOSTILE = (
    "x = 9 ** 9 ** 9 ** 9",
    "x = 99\n" + "x = x * x\n" * 200,
    "x = 'a' * 10 ** 9\ny = [0] * 10 ** 9\n",
    "for i in range(10 ** 9):\n    z[i] = 1\nlist(range(10 ** 9))\n",
    "x = [i for i in range(200) for j in range(200) for k in range(200)]",
    "def f(x):\n    return f(x) + f(x)\nf(1)\n",
    "f = lambda g: g(g)\nf(f)\n",
    "class A:\n    @property\n    def x(self):\n        return self.x\nA().x\n",
    "class B:\n    def __init__(self):\n        self.b = B()\nB()\n",
    "x = []\nx.append(x)\nimport numpy as np\ny = np.array(x)\n",
    "x = 1e308 * 1e308\ny = 0.1 ** 100000\nz = 1 / 0\nw = 1j\n",
    "import numpy as np\na = np.zeros((2,) * 20)\nb = a + a\n",
    "import numpy as np\nnp.einsum('i' * 5000, a)\nnp.einsum('->', a, b, c)\n",
    "def f():\n    yield 1\nasync def g():\n    await f()\nmatch f:\n    case 1:\n        pass\n",
    "",
)


@pytest.mark.parametrize("program", HOSTILE)
def test_nothing_makes_it_hang_or_fail(program):
    start = process_time()
    Program(tuple(a.equation for a in trace(program).assigned))
    assert in_time(process_time() - start, 4)


def test_nothing_of_a_program_is_run(tmp_path):
    mark = tmp_path / "ran"
    attack = f'open("{mark}", "w")'
    trace(f"import os\n{attack}\nexec('{attack}')\neval('{attack}')\n")
    trace(f"__import__('os').mkdir('{mark}')\nx = (lambda: {attack})()\n")
    trace(f"y = f'{{{attack}}}'\nclass A:\n    z = {attack}\n")
    assert not mark.exists()
