"""Slips in loops over layers, and in what optimizers remember: told in their own line."""

import pytest

from symbp.verification.options import Options
from symbp.verification.verify import verify_file

LAYERS = """
import numpy as np
sizes = [3, 4, 5, 2]
Ws = [np.random.randn(4, 3), np.random.randn(5, 4), np.random.randn(2, 5)]
X = np.random.randn(3, 7)
Y = np.random.rand(2, 7)
for epoch in range(9):
    A = X
    outs = [A]
    for W in Ws:
        A = 1 / (1 + np.exp(-(W @ A)))
        outs.append(A)
    loss = 0.5 * np.sum((A - Y) ** 2)
    dZ = (outs[3] - Y) * outs[3] * (1 - outs[3])
    for k in (2, 1, 0):
        W = Ws[k].copy()
        dW = dZ @ outs[k].T
        if k > 0:
            dZ = (W.T @ dZ) * outs[k] * (1 - outs[k])
        Ws[k] -= 0.1 * dW
"""

MOMENTUM = """
import numpy as np
X = np.random.randn(7, 3)
T = np.random.randn(7, 2)
W1 = np.random.randn(3, 4)
W2 = np.random.randn(4, 2)
v1 = np.zeros_like(W1)
v2 = np.zeros_like(W2)
mu = 0.9
lr = 0.1
for step in range(9):
    h = np.tanh(X @ W1)
    out = h @ W2
    loss = 0.5 * np.sum((out - T) ** 2)
    g = out - T
    g2 = h.T @ g
    g1 = X.T @ ((g @ W2.T) * (1 - h**2))
    v1 = mu * v1 - lr * g1
    v2 = mu * v2 - lr * g2
    W1 += v1
    W2 += v2
"""

SLIPS = [
    (LAYERS, "dZ = (W.T @ dZ) *", "dZ = -(W.T @ dZ) *", "M05"),
    (LAYERS, "dZ = (W.T @ dZ) *", "dZ = 2 * (W.T @ dZ) *", "M06"),
    (LAYERS, "dZ = (W.T @ dZ) *", "dZ = (W.T * dZ) *", "M13"),
    (LAYERS, "Ws[k] -= 0.1 * dW", "Ws[k] += 0.1 * dW", "M05"),
    (MOMENTUM, "g1 = X.T", "g1 = 0.5 * X.T", "M06"),
]


@pytest.mark.parametrize(("program", "right", "wrong", "code"), SLIPS)
def test_a_slip_is_told_in_its_line(program, right, wrong, code):
    report = verify_file("net.py", program.replace(right, wrong), Options())
    slips = [f for f in report.findings if f.verdict.value == "refuted"]
    assert {f.text.startswith(wrong) for f in slips} == {True}
    assert code in {told.code for f in slips for told in f.mistakes}


@pytest.mark.parametrize("program", [LAYERS, MOMENTUM, MOMENTUM.replace("lr * g2", "2 * lr * g2")])
def test_what_is_right_is_not_refuted(program):
    report = verify_file("net.py", program, Options())
    assert report.findings
    assert all(f.verdict.value != "refuted" for f in report.findings)
