"""What a call writes to, that is not followed, is not known: a right program is never refuted."""

import textwrap

import pytest

from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

HEAD = """
import math
import helper
import numpy as np
from helper import Filler, fill
from scipy.special import erf

X = np.random.randn(6, 3)
T = np.random.randn(6, 2)
W1 = np.random.randn(3, 5)
W2 = np.random.randn(5, 2)
lr = 0.1
rng = np.random.default_rng(0)
for i in range(100):
    u = X @ W1
"""
TAIL = """
    W2 -= lr * h.T @ d2
    W1 -= lr * X.T @ d1
"""
FORWARD = (
    HEAD
    + """
    h = u.copy()
{added}
    y = h @ W2
    loss = 0.5 * np.sum((y - T) ** 2)
    print(loss)
    d2 = y - T
    d1 = (d2 @ W2.T) * (1 - h**2)
"""
    + TAIL
)
"""h becomes tanh(u) in a way that is added."""
BACKWARD = (
    HEAD
    + """
    h = np.maximum(u, 0)
    y = h @ W2
    loss = 0.5 * np.sum((y - T) ** 2)
    print(loss)
    d2 = y - T
    d1 = d2 @ W2.T
{added}
"""
    + TAIL
)
"""What comes back through the ReLU is let through by what is added."""

ITERATOR = "np.nditer([u, h], [], [['readonly'], ['writeonly']])"
GENERATOR = "def rows(a, b):\n    for k in range(6):\n        yield a[k], b[k]"
INHERITED = "class Own(Filler):\n    def run(self):\n        super().run()"
FILLED = {
    "known functions": [
        "np.put(h, range(30), np.tanh(u))",
        "h.put(range(30), np.tanh(u))",
        "np.place(h, h == h, np.tanh(u))",
        "np.putmask(h, h == h, np.tanh(u))",
        "np.put_along_axis(h, np.tile(np.arange(5), (6, 1)), np.tanh(u), 1)",
        "np.copyto(h.T, np.tanh(u).T)",
        "np.copyto(h[0:6], np.tanh(u))",
        "np.tanh(u.T, out=h.T)",
        "np.tanh(u, out=h[0:])",
        "np.arctan2(np.tan(np.tanh(u)), 1, h)",
        "h.flat = np.tanh(u)",
        "h.setfield(np.tanh(u), float)",
        "h.__setitem__(slice(None), np.tanh(u))",
        "import operator\noperator.setitem(h, slice(None), np.tanh(u))",
    ],
    "iterators": [
        f"it = {ITERATOR}\nfor a, b in it:\n    b[...] = math.tanh(a)",
        f"with {ITERATOR} as it:\n    for a, b in it:\n        b[...] = np.tanh(a)",
        "for a, b in np.nditer([u, h]):\n    fill(b, a)",
        "for a, b in zip(u, h):\n    b[:] = np.tanh(a)",
        "for k, row in enumerate(h):\n    row += np.tanh(u[k]) - u[k]",
        "for a, b in zip(np.split(h, 2), np.split(u, 2)):\n    a[:] = np.tanh(b)",
        "for a, b in helper.rows(u, h):\n    b[:] = np.tanh(a)",
        f"{GENERATOR}\nfor a, b in rows(u, h):\n    b[:] = np.tanh(a)",
        "y = np.zeros((6, 5))\nfor k, b in enumerate(h):\n    fill(b, u[k])\n    y[k] = b\nh = y",
        "y = u * 0\nfor k, b in enumerate(h):\n    h[k] = np.tanh(b)\n    y[k] = b\nh = y",
        "[fill(b, a) for a, b in zip(u, h)]",
        "list(map(lambda a, b: fill(b, a), u, h))",
    ],
    "loops": [
        "for k in helper.order(6):\n    h[k] = np.tanh(u[k])",
        "for k in helper.order(6):\n    fill(h[k], u[k])",
        "k = 0\nwhile k < 6:\n    h[k] = np.tanh(u[k])\n    k += 1",
        "def one(k):\n    h[k] = np.tanh(u[k])\nfor k in range(6):\n    one(k)",
    ],
    "other files": [
        "fill(h, u)",
        "helper.fill(source=u, target=h)",
        "fill(*[u, h])",
        "fill(**{'u': u, 'h': h})",
        "done = fill(h, u)",
        "fill([u, (h,)])",
        "cache = {'u': u, 'h': h}\nfill(cache)\nh = cache['h']",
        "o = Filler(h)\no.run(u)",
        "o = Filler()\no.h = h\no.run(u)",
        "class Own:\n    pass\no = Own()\no.h = h\nfill(o, u)",
        f"{INHERITED}\no = Own()\no.h = h\no.run()",
        "getattr(helper, 'fill')(h, u)",
        "import functools\nfill_it = functools.partial(fill, h)\nfill_it(u)",
        "step = np.frompyfunc(math.tanh, 1, 1)\nstep(u, h)",
        "def write():\n    h[:] = np.tanh(u)\nhelper.call(write)",
        "@helper.wrapped\ndef write(a, b):\n    pass\nwrite(h, u)",
        "assert fill(h, u)",
        "ok = fill(h, u) if helper.flag else fill(h, u)",
        "try:\n    fill(h, u)\nexcept ValueError:\n    pass",
        "filled_by_name(h, u)",
        "exec('h[:] = np.tanh(u)')",
    ],
    "views": [
        "v = h.T\nfill(v, u.T)",
        "fill(h[1:], u)\nfill(h[:1], u)",
        "v = h.reshape(-1)\nfill(v, u)",
        "b = h.T\nfill(h, u)\nh = b.T",
        "v = h[:, :]\nfill(v, u)",
        "v = h.T\nv[:] = np.tanh(u).T",
        "v = h.T\nv += np.tanh(u).T - u.T",
        "v, w = h[:3], h[3:]\nv += np.tanh(u[:3]) - u[:3]\nw += np.tanh(u[3:]) - u[3:]",
        "v = np.reshape(h, 30)\nv[:] = np.tanh(u).reshape(30)",
        "v = np.rollaxis(h, 1)\nv[:] = np.tanh(u).T",
        "v = h[::-1]\nv[:] = np.tanh(u)[::-1]",
        "r = [h[k] for k in range(6)]\nfor k in range(6):\n    r[k] *= np.tanh(u[k]) / u[k]",
        "def put(a, b):\n    a += np.tanh(b) - b\nput(h.T, u.T)",
        "def top(a):\n    return a.T\nv = top(h)\nv += np.tanh(u.T) - u.T",
        "np.swapaxes(h, 0, 1)[:] = np.tanh(u).T",
        "o = Filler()\no.v = h.T\no.v += np.tanh(u).T - u.T",
    ],
}
FOLLOWED = [
    "np.copyto(h, np.tanh(u))",
    "np.copyto(dst=h, src=np.tanh(u))",
    "np.tanh(u, h)",
    "np.tanh(u, out=(h,))",
    "np.dot(X, W1, h)\nnp.tanh(h, h)",
    "np.clip(np.tanh(u), -2, 2, h)",
    "np.concatenate([np.tanh(u)], 0, h)",
    "rng.standard_normal(out=h)\nnp.tanh(u, h)",
    "z = np.ones(5)\nz[:].fill(0)\nnp.tanh(u, h)\nh += z",
    "erf(u, h)\nh[:] = np.tanh(u)",
]
MASKED = [
    "np.multiply(d1, u > 0, d1)",
    "np.multiply(d1, 0, out=d1, where=u <= 0)",
    "np.copyto(d1, 0, where=u <= 0)",
    "np.multiply.at(d1, np.nonzero(u <= 0), 0)",
    "d1.ravel()[(u <= 0).ravel()] = 0",
    "v = d1.reshape(-1)\nv[u.reshape(-1) <= 0] = 0",
    "for k in np.random.permutation(6):\n    d1[k] *= u[k] > 0",
    "d1 = fill(d1, u)",
    "helper.masked(out=d1, where=u)",
    "r = []\nfor k in range(6):\n    r.append(d1[k])\nfor k in range(6):\n    r[k][u[k] <= 0] = 0",
]
READ = [
    # what leaves all arrays as they are
    "import logging\nlogging.info('%s', W1)",
    "import matplotlib.pyplot as plt\nplt.plot(y)",
    "np.save('a', W1)\nnp.linalg.norm(W1)\ny.argsort()",
    "z = h.copy()\nz += 1",
    "z = np.array(h)\nz[:] = 0",
    "z = h[[0, 1]]\nz[:] = 0",
    "z = h[h > 0]\nz[:] = 0",
    "z = h.T\nz = z + 1",
    "z = [r.sum() for r in h]",
    "z = np.random.permutation(h)\nz[:] = 0",
    "z = np.nan_to_num(h)\nz[:] = 0",
    "z = np.diagonal(h)\nz.sum()",
    "z = np.add.outer(h[0], h[1])",
    "helper.log({'loss': loss, 'i': i})",
    "assert h.shape == (6, 5)",
]


def findings(program: str, added: str):
    source = program.format(added=textwrap.indent(added, "    "))
    return verify_file("net.py", source, Options(seconds=30)).findings


def verdicts(program: str, added: str):
    return {f.verdict for f in findings(program, added)}


@pytest.mark.parametrize("added", [a for group in FILLED.values() for a in group])
def test_what_a_call_may_have_filled_is_not_refuted(added):
    assert Verdict.REFUTED not in verdicts(FORWARD, added)


@pytest.mark.parametrize("added", FOLLOWED)
def test_what_is_put_where_a_function_is_told_to_is_known(added):
    assert verdicts(FORWARD, added) == {Verdict.PROBABLE}


@pytest.mark.parametrize("added", MASKED)
def test_a_mistake_beside_what_is_not_known_is_refuted(added):
    assert Verdict.REFUTED not in verdicts(BACKWARD, added)
    wrong = BACKWARD.replace("h.T @ d2", "h.T @ (2 * d2 - y)")
    refuted = [f.text for f in findings(wrong, added) if f.verdict is Verdict.REFUTED]
    assert refuted == ["W2 -= lr * h.T @ (2 * d2 - y)"]


@pytest.mark.parametrize("added", READ)
def test_what_is_only_read_stays_known(added):
    program = FORWARD.replace("{added}", "    h = np.tanh(u)").replace(
        "    print(loss)", "    print(loss)\n{added}"
    )
    assert verdicts(program, added) == {Verdict.PROBABLE}
    assert Verdict.REFUTED in verdicts(program.replace("(1 - h**2)", "(1 + h**2)"), added)


def test_parts_of_an_array_that_have_no_entry_in_common_are_apart():
    """Each layer has its own part of one array: to train one leaves the other as it is."""
    program = BACKWARD.replace("    u = X", "    v = both[:, :2]\n    w = both[:, 2:]\n    u = X")
    program = program.replace("rng =", "both = np.random.randn(3, 7)\nrng =")
    program = program.replace("X @ W1", "X @ w").replace("W1 -=", "w -=")
    assert verdicts(program, "v *= 2\nd1 *= u > 0") == {Verdict.PROBABLE}
    assert verdicts(program, "both *= 2\nd1 *= u > 0") != {Verdict.PROBABLE}


@pytest.mark.parametrize("line", ["fill(y)", "accuracy = helper.accuracy(y, T)"])
def test_calls_that_are_taken_to_change_nothing_are_told(line):
    source = BACKWARD.format(added="    d1 *= u > 0\n    " + line)
    report = verify_file("net.py", source, Options(seconds=30))
    assert {f.verdict for f in report.findings} == {Verdict.PROBABLE}
    (told,) = [s for _, s in report.notes if s.key == "code.unread.assumed"]
    assert told.facts["what"] in line
