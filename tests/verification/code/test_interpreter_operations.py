"""A law: what the equations of a program say is what NumPy computes when the program runs."""

import numpy as np
import pytest

from symbp.equations.evaluation import Evaluator
from symbp.equations.fields import Reals
from symbp.equations.fingerprint import FEW
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
    "A[:, :1]",
    "A[:1] + B",
    "A[:, :1] @ B[:1, :]",
    "A[:, 1:2]",
    "A[:, -1:]",
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
    "in place": """
x = A
x -= B
out = x * 1.25
""",
    "alias": """
x = A.copy()
y = x
y -= B
out = x * 2
""",
    "mask": """
x = A - B
x[x < 0] = 0
out = x * 1.25
""",
    "a mask by its name": """
m = A < B
x = A.copy()
x[m] = 0
out = x * 1.25
""",
    "all but a mask": """
m = A < B
x = A * 1.0
x[~m] *= 3
out = x * m
""",
    "a mask in numbers": """
m = (A < B).astype(float)
out = np.where(m.astype(bool), A, m * B)
""",
    "two masks": """
m, k = A > 0.5, B > 0.5
x = A * 1.0
x[m & k] = 0
out = x * (m | k)
""",
    "a mask of positions": """
y = np.argmax(A, axis=1)
m = y[:, None] == np.arange(4)
x = A * 1.0
x[m] -= 1
out = x * 1.25
""",
    "a part of a mask": """
m = A < B
x = A[0] * 1.0
x[m[0]] = 0
out = x * 1.25
""",
    "one entry": """
x = A * 1.0
x[0, 1] = 2
out = x * 1.25
""",
    "a row": """
x = A * 1.0
x[1] += v
out = x * 1.25
""",
    "a column": """
x = A * 1.0
x[:, 2] *= w
out = x * 1.25
""",
    "labels": """
y = np.array([0, 3, 1])
out = A[np.arange(3), y] * w
""",
    "labels down": """
y = np.array([0, 3, 1])
d = A.copy()
d[range(3), y] -= 1
out = d / 3
""",
    "one hot": """
y = np.array([0, 3, 1])
out = np.eye(4)[y] - A
""",
    "one hot by hand": """
y = np.array([0, 3, 1])
t = np.zeros((3, 4))
t[np.arange(3), y] = 1
out = t - A
""",
    "for samples": """
s = np.zeros(4)
for i in range(len(A)):
    x = A[i]
    s += x * w[i]
out = s * 1.25
""",
    "outer over samples": """
s = np.zeros((4, 4))
for a, b in zip(A, B):
    s += np.outer(a, b)
out = s / 3
""",
    "loss over samples": """
s = 0
for a in A:
    d = a - v
    s += np.sum(d ** 2)
out = s / 3
""",
    "entries": """
s = np.zeros(3)
for i in range(A.shape[0]):
    s[i] = np.sum(A[i] * v)
out = s * w
""",
    "unrolled": """
p = {}
x = A
for l in range(3):
    p['z' + str(l)] = np.tanh(x)
    x = p[f'z{l}']
out = x * 1.25
""",
    "a list": """
zs = [A, B]
zs.append(A + B)
out = zs[-1] * zs[0]
""",
    "reversed": """
x = v
for k in reversed(range(1, 3)):
    x = x * k + v[k]
out = x * 1.25
""",
    "a function": """
def f(x, twice=False):
    if twice:
        return 2 * x
    return x * x
out = f(A) + f(B, twice=True)
""",
    "closure": """
def g(k):
    def h(x):
        return k * x
    return h
out = g(3)(A) + 0 * A
""",
    "a class": """
class P:
    def __init__(self, s):
        self.s = s
    def __call__(self, x):
        return self.s * x
out = P(A)(B)
""",
    "a base": """
class P:
    def __init__(self, s):
        self.s = s
class Q2(P):
    def __init__(self, s):
        super().__init__(s)
    def go(self):
        return self.s * 2
out = Q2(A).go()
""",
    "tuples": """
def f(a, b):
    return a + b, a * b
s, p = f(A, B)
out = s - p
""",
    "keywords": """
def f(a, b=2, *, c=3):
    return a * b + c
out = f(A, c=v)
""",
    "out": """
x = A * 1.0
np.add(x, B, out=x)
out = x * 1.25
""",
    "comprehension": """
out = sum([x * x for x in [A, B]])
""",
    "dict": """
g = {k: x * 2 for k, x in {'a': A, 'b': B}.items()}
out = g['a'] - g['b']
""",
    "enumerate": """
s = 0 * A
for k, x in enumerate([A, B]):
    s = s + (k + 1) * x
out = s * 1.25
""",
    "try and with": """
try:
    x = A * 2
except ValueError:
    x = B
out = x * 1.25
""",
}


def computed(program: str, name: str = "out"):
    """What the equations say ``name`` is, with the values that NumPy gave to the inputs."""
    space: dict = {}
    np.random.seed(FEW)  # noqa: NPY002 - what the program draws from
    exec(program, space)  # noqa: S102 - our own program, as NumPy runs it
    first: dict = {}
    np.random.seed(FEW)  # noqa: NPY002 - what the program draws from
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
