"""A law: what the equations of a program say is what NumPy computes when the program runs."""

import numpy as np
import pytest

from symbp.equations.equality import POINTS
from symbp.equations.evaluation import Evaluator
from symbp.equations.fields import Reals
from symbp.equations.program import Program
from symbp.equations.tensor import tensor_of
from symbp.verification.code.interpreter import trace

DATA = {
    "A": (3, 4),
    "B": (3, 4),
    "C": (4, 2),
    "R": (1, 4),
    "K": (3, 1),
    "v": (4,),
    "w": (3,),
    "Q": (3, 3),
}
HEAD = "import numpy as np\n" + "".join(
    f"{name} = np.random.rand{shape}\n" for name, shape in DATA.items()
)

EXPRESSIONS = (
    "A + B",
    "A - v",
    "A * K",
    "A / R",
    "-A",
    "A ** 2",
    "2 ** A",
    "1 / (1 + np.exp(-A))",
    "A @ C",
    "A @ v",
    "v @ C",
    "np.dot(A, C)",
    "A.dot(C)",
    "A.T",
    "A.T @ B",
    "np.dot(v, v)",
    "w @ A",
    "np.outer(w, v)",
    "np.matmul(A.T, w)",
    "np.einsum('ij,jk->ik', A, C)",
    "np.einsum('ij,ij', A, B)",
    "np.einsum('ni,nj->ij', A, B)",
    "np.einsum('ij->ji', A)",
    "np.sum(A)",
    "np.sum(A, axis=0)",
    "A.sum(axis=1)",
    "A.sum(1, keepdims=True)",
    "np.sum(A, axis=-1, keepdims=True)",
    "np.mean(A)",
    "A.mean(axis=0)",
    "np.mean(A, axis=(0, 1))",
    "np.average(A, axis=1)",
    "np.max(A, axis=1, keepdims=True)",
    "A.min(axis=0)",
    "np.max(A)",
    "A[:, None] + v",
    "v[np.newaxis, :] * w[:, None]",
    "v.reshape(-1, 1)",
    "v.reshape(1, -1) * K",
    "K.ravel()",
    "K.flatten() * w",
    "np.squeeze(K)",
    "np.expand_dims(v, 0)",
    "np.expand_dims(w, axis=1) * A",
    "A.reshape(3, 4)",
    "K.reshape(3)",
    "np.exp(A)",
    "np.log(A)",
    "np.log1p(A)",
    "np.tanh(A)",
    "np.sqrt(A)",
    "np.square(A)",
    "np.abs(A - B)",
    "np.sign(A - B)",
    "np.maximum(0, A - B)",
    "np.maximum(A, B)",
    "np.minimum(A, 0.5)",
    "np.where(A > B, A, 0.1 * B)",
    "(A > 0.5) * B",
    "(A > 0.5).astype(float)",
    "np.where((A > 0.2) & (B < 0.8), 1, 0)",
    "np.multiply(A, B)",
    "np.add(A, v)",
    "np.subtract(A, K)",
    "np.divide(A, B)",
    "np.power(A, 3)",
    "np.negative(A)",
    "np.var(A, axis=0)",
    "np.std(A, axis=1, keepdims=True)",
    "np.linalg.norm(A)",
    "np.transpose(A)",
    "A.transpose()",
    "A.size * v",
    "A.shape[0] * v",
    "len(A) * v",
    "v / A.shape[1]",
    "A[0]",
    "A[:, 1]",
    "A[1, 2] * v",
    "A[-1]",
    "A[:, -1]",
    "A[:, 1:3]",
    "A[1:]",
    "np.eye(3) @ A",
    "np.diag(v)",
    "np.trace(Q)",
    "np.ones((3, 1)) @ R",
    "np.zeros_like(A) + v",
    "np.full((3, 4), 0.5) * A",
    "np.ones(4) * v",
    "sum([A, B])",
    "np.exp(A) / np.sum(np.exp(A), axis=1, keepdims=True)",
    "np.exp(A - A.max(axis=1, keepdims=True))",
    "np.copy(A)",
    "A.copy()",
    "np.sum(A * B)",
    "max(1, 2) * A",
    "np.tensordot(A, C, axes=1)",
    "np.atleast_2d(v) + A",
    "A if True else B",
    "(lambda x: x * x)(A)",
    "np.sinh(A) + np.cosh(A)",
    "np.arctan(A)",
    "-np.mean(A * np.log(B) + (1 - A) * np.log(1 - B))",
    "0.5 * np.sum((A - B) ** 2) / A.shape[0]",
    "np.argmax(A, axis=1) * 0 + w",
    "A[:] + 1e-1",
    "np.array([1.5]) * w",
    "np.float64(2) * A",
    "abs(A - B)",
    "A[..., 0]",
    "pow(A, 2)",
    "np.reciprocal(A)",
    "A.T[0]",
    "np.inner(v, v)",
    "np.vdot(v, v)",
    "float(np.sum(A)) * w",
    "A // 1 * 0 + A if False else A",
)

STATEMENTS = {
    "in place": "x = A\nx -= B\nout = x * 1.25\n",
    "alias": "x = A.copy()\ny = x\ny -= B\nout = x * 2\n",
    "mask": "x = A - B\nx[x < 0] = 0\nout = x * 1.25\n",
    "one entry": "x = A * 1.0\nx[0, 1] = 2\nout = x * 1.25\n",
    "a row": "x = A * 1.0\nx[1] += v\nout = x * 1.25\n",
    "a column": "x = A * 1.0\nx[:, 2] *= w\nout = x * 1.25\n",
    "labels": "y = np.array([0, 3, 1])\nout = A[np.arange(3), y] * w\n",
    "labels down": "y = np.array([0, 3, 1])\nd = A.copy()\nd[range(3), y] -= 1\nout = d / 3\n",
    "one hot": "y = np.array([0, 3, 1])\nout = np.eye(4)[y] - A\n",
    "one hot by hand": "y = np.array([0, 3, 1])\nt = np.zeros((3, 4))\nt[np.arange(3), y] = 1\nout = t - A\n",
    "for samples": "s = np.zeros(4)\nfor i in range(len(A)):\n    x = A[i]\n    s += x * w[i]\nout = s * 1.25\n",
    "outer over samples": "s = np.zeros((4, 4))\nfor a, b in zip(A, B):\n    s += np.outer(a, b)\nout = s / 3\n",
    "loss over samples": "s = 0\nfor a in A:\n    d = a - v\n    s += np.sum(d ** 2)\nout = s / 3\n",
    "entries": "s = np.zeros(3)\nfor i in range(A.shape[0]):\n    s[i] = np.sum(A[i] * v)\nout = s * w\n",
    "unrolled": "p = {}\nx = A\nfor l in range(3):\n    p['z' + str(l)] = np.tanh(x)\n    x = p[f'z{l}']\nout = x * 1.25\n",
    "a list": "zs = [A, B]\nzs.append(A + B)\nout = zs[-1] * zs[0]\n",
    "reversed": "x = v\nfor k in reversed(range(1, 3)):\n    x = x * k + v[k]\nout = x * 1.25\n",
    "a function": "def f(x, twice=False):\n    if twice:\n        return 2 * x\n    return x * x\nout = f(A) + f(B, twice=True)\n",
    "closure": "def g(k):\n    def h(x):\n        return k * x\n    return h\nout = g(3)(A) + 0 * A\n",
    "a class": "class P:\n    def __init__(self, s):\n        self.s = s\n    def __call__(self, x):\n        return self.s * x\nout = P(A)(B)\n",
    "a base": "class P:\n    def __init__(self, s):\n        self.s = s\nclass Q2(P):\n    def __init__(self, s):\n        super().__init__(s)\n    def go(self):\n        return self.s * 2\nout = Q2(A).go()\n",
    "tuples": "def f(a, b):\n    return a + b, a * b\ns, p = f(A, B)\nout = s - p\n",
    "keywords": "def f(a, b=2, *, c=3):\n    return a * b + c\nout = f(A, c=v)\n",
    "out": "x = A * 1.0\nnp.add(x, B, out=x)\nout = x * 1.25\n",
    "comprehension": "out = sum([x * x for x in [A, B]])\n",
    "dict": "g = {k: x * 2 for k, x in {'a': A, 'b': B}.items()}\nout = g['a'] - g['b']\n",
    "enumerate": "s = 0 * A\nfor k, x in enumerate([A, B]):\n    s = s + (k + 1) * x\nout = s * 1.25\n",
    "try and with": "try:\n    x = A * 2\nexcept ValueError:\n    x = B\nout = x * 1.25\n",
}


def computed(program: str, name: str = "out"):
    """What the equations say ``name`` is, with the values that NumPy gave to the inputs."""
    space: dict = {}
    np.random.seed(POINTS)  # noqa: NPY002 - what the program draws from
    exec(program, space)  # noqa: S102 - our own program, as NumPy runs it
    first: dict = {}
    np.random.seed(POINTS)  # noqa: NPY002 - what the program draws from
    exec(HEAD, first)  # noqa: S102
    found = trace(program)
    assert not found.troubles, list(map(str, found.troubles))
    equations = Program(tuple(a.equation for a in found.assigned))
    field = Reals(1)
    values = {}
    for tensor in found.inputs.values():
        given = np.asarray(first.get(tensor.name, space.get(tensor.name.strip("()"))))
        shape = [found.sizes[axis] for axis in tensor.axes]
        convert = int if tensor.labels else field.context.mpf
        values[tensor] = np.frompyfunc(convert, 1, 1)(given.reshape(shape)) + np.zeros(
            shape, dtype=object
        )
    evaluator = Evaluator(equations, field, found.sizes, values)
    last = [a for a in found.assigned if a.name == name][-1]
    return evaluator.values[tensor_of(last.equation.lhs)], space[name], last.dims


def agrees(program: str) -> None:
    mine, theirs, dims = computed(program)
    assert np.ndim(theirs) == len(dims)
    assert all((n == 1) == (d is None) for n, d in zip(np.shape(theirs), dims, strict=True))
    assert np.allclose(mine.astype(float).reshape(np.shape(theirs)), theirs)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression(expression):
    agrees(f"{HEAD}out = ({expression}) * 1.25\n")


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements(name):
    agrees(HEAD + STATEMENTS[name])
