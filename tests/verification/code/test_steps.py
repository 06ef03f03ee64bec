"""Steps whose rate is a number in them, and those by the rules of optimizers."""

import pytest

from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

TYPED = """
import numpy as np
X = np.random.rand(50, 3)
T = np.random.rand(50, 2)
W = np.random.randn(3, 2)
b = np.zeros(2)
lr = 0.3
for i in range(100):
    Y = X @ W + b
    loss = {loss}
    print(loss)
    db = (Y - T).sum(axis=0) / len(X)
    W -= {w}
    b -= {b}
"""
HALF = "0.5 * np.sum((Y - T) ** 2) / len(X)"
WHOLE = "np.sum((Y - T) ** 2) / len(X)"
OF_W, OF_B = "X.T @ (Y - T) / len(X)", "np.sum(Y - T, axis=0) / len(X)"

RIGHT = [
    (HALF, f"0.1 * {OF_W}", f"0.1 * {OF_B}"),
    (HALF, f"0.5 * {OF_W}", f"0.5 * {OF_B}"),
    (HALF, f"3e-4 * {OF_W}", f"3e-4 * {OF_B}"),
    (HALF, f"0.1 * {OF_W}", f"0.01 * {OF_B}"),
    (HALF, f"0.1 * {OF_W}", "0.1 * db"),
    (HALF, f"0.1 * {OF_W}", "lr * db"),
    (HALF, f"0.1 * ({OF_W} + 0.01 * W)", f"0.1 * {OF_B}"),
    (HALF, "-0.1 * X.T @ (T - Y) / len(X)", f"0.1 * {OF_B}"),
    (WHOLE, f"0.1 * 2 * {OF_W}", f"0.1 * 2 * {OF_B}"),
    (WHOLE, f"0.1 * {OF_W}", f"0.1 * {OF_B}"),
]
WRONG = [
    # loss, both steps, what is told of which line
    (HALF, f"0.1 * {OF_W}", f"0.1 * 2 * {OF_B}", 14, "M06"),
    (HALF, f"0.1 * 2 * {OF_W}", "0.1 * db", 13, "M06"),
    (HALF, "0.1 * X.T @ (Y - T)", f"0.1 * {OF_B}", 13, "M07"),
    (HALF, f"-0.1 * {OF_W}", f"0.1 * {OF_B}", 13, "M05"),
    (HALF, f"lr * 2 * {OF_W}", f"lr * 2 * {OF_B}", 13, "M06"),
    (WHOLE, f"lr * {OF_W}", f"lr * {OF_B}", 13, "M06"),
]

OPTIMIZER = """
import numpy as np
X = np.random.randn(20, 3)
Y = np.random.randn(20, 1)
W = np.random.randn(3, 1)
b = np.zeros(1)
vW = np.zeros_like(W)
vb = np.zeros_like(b)
lr = 0.01
for i in range(100):
    P = X @ W + b
    loss = np.mean((P - Y) ** 2) / 2
    print(loss)
    d = (P - Y) / len(X)
    dW = X.T @ d
    db = d.sum(axis=0)
    vW = 0.9 * vW + 0.1 * dW ** 2
    vb = 0.9 * vb + 0.1 * db ** 2
    W -= lr * dW / (np.sqrt(vW) + 1e-8)
    b -= lr * db / (np.sqrt(vb) + 1e-8)
"""
ADAM = """
import numpy as np
X = np.random.randn(20, 3)
Y = np.random.randn(20, 1)
params = {"W": np.random.randn(3, 1), "b": np.zeros((1, 1))}
m = {k: np.zeros_like(v) for k, v in params.items()}
v = {k: np.zeros_like(p) for k, p in params.items()}
lr, b1, b2, eps = 0.01, 0.9, 0.999, 1e-8
t = 0
for i in range(100):
    P = X @ params["W"] + params["b"]
    loss = np.mean((P - Y) ** 2) / 2
    print(loss)
    d = (P - Y) / len(X)
    grads = {"W": X.T @ d, "b": d.sum(axis=0, keepdims=True)}
    t += 1
    for k in params:
        m[k] = b1 * m[k] + (1 - b1) * grads[k]
        v[k] = b2 * v[k] + (1 - b2) * grads[k] ** 2
        mhat = m[k] / (1 - b1 ** t)
        vhat = v[k] / (1 - b2 ** t)
        params[k] -= lr * mhat / (np.sqrt(vhat) + eps)
"""
ADAGRAD = OPTIMIZER.replace("0.9 * ", "").replace("0.1 * ", "")
INLINE = OPTIMIZER.replace("= lr * dW", "= lr * (X.T @ d)").replace(
    "= lr * db", "= lr * d.sum(axis=0)"
)
RULES = {
    "RMSProp": OPTIMIZER,
    "Adagrad": ADAGRAD,
    "Adam": ADAM,
    "gradients in the steps": INLINE,
    "no names": INLINE.replace("dW ** 2", "(X.T @ d) ** 2")
    .replace("db ** 2", "d.sum(axis=0) ** 2")
    .replace("    dW = X.T @ d\n    db = d.sum(axis=0)\n", ""),
}
SLIPS = [
    ("db = d.sum(axis=0)", "db = 2 * d.sum(axis=0)", "M06"),
    ("db = d.sum(axis=0)", "db = d.mean(axis=0)", "M17"),
    ("b -= lr * db", "b += lr * db", "M05"),
    ("W -= lr * dW", "W += lr * dW", "M05"),
]


def findings(source: str):
    return verify_file("net.py", source, Options(seconds=30)).findings


@pytest.mark.parametrize(("loss", "w", "b"), RIGHT)
def test_a_number_in_a_step_may_be_its_rate(loss, w, b):
    found = findings(TYPED.format(loss=loss, w=w, b=b))
    assert len(found) >= 2
    assert all(f.verdict.holds for f in found), found


@pytest.mark.parametrize(("loss", "w", "b", "line", "code"), WRONG)
def test_steps_are_held_against_each_other(loss, w, b, line, code):
    found = findings(TYPED.format(loss=loss, w=w, b=b))
    slips = [f for f in found if f.verdict is Verdict.REFUTED]
    assert [f.at.line for f in slips][:1] == [line]
    assert code in {m.code for m in slips[0].mistakes}


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        (f"step = 0.1 * {OF_W}", True),
        (f"step = 0.1 * 2 * {OF_W}", False),
        ("step = 0.1 * X.T @ (Y - T)", False),
        (f"step = -0.1 * {OF_W}", False),
    ],
)
def test_a_rate_may_stand_in_the_line_before_the_step(line, holds):
    program = TYPED.format(loss=HALF, w="step", b=f"0.1 * {OF_B}")
    found = findings(program.replace("    db = ", f"    {line}\n    db = "))
    assert all(f.verdict.holds for f in found) == holds
    assert any(f.verdict is Verdict.REFUTED for f in found) != holds


def test_a_number_that_no_float_can_be_is_nothing():
    assert findings(TYPED.format(loss=HALF, w=f"1e999999999 * {OF_W}", b=f"0.1 * {OF_B}"))


@pytest.mark.parametrize("name", RULES)
def test_a_bias_of_one_entry_follows_the_rule_of_the_others(name):
    found = findings(RULES[name])
    assert found
    assert all(f.verdict.holds for f in found), found


@pytest.mark.parametrize(("old", "new", "code"), SLIPS)
def test_slips_beside_a_rule(old, new, code):
    assert old in OPTIMIZER
    slips = [f for f in findings(OPTIMIZER.replace(old, new)) if f.verdict is Verdict.REFUTED]
    assert [f.text.split(" / (")[0] for f in slips] == [new]
    assert code in {m.code for m in slips[0].mistakes}


DECAYED = [
    ("W -= lr * dW /", "W -= lr * 5 * W + lr * dW /"),
    ("W -= lr * dW / (np.sqrt(vW) + 1e-8)", "W -= lr * (dW / (np.sqrt(vW) + 1e-8) + 5 * W)"),
    (
        "W -= lr * dW / (np.sqrt(vW) + 1e-8)",
        "step = dW / (np.sqrt(vW) + 1e-8) + 5 * W\n    W -= lr * step",
    ),
    ("dW / (np", "np.where(W > 0, dW, dW) / (np"),
]
NAMED = [
    ("step = dW / (np.sqrt(vW) + 1e-8)", "lr * step"),
    ("step = lr * dW / (np.sqrt(vW) + 1e-8)", "step"),
    ("step = lr * (X.T @ d) / (np.sqrt(vW) + 1e-8)", "step"),
    ("step = dW / (np.sqrt(vW) + 1e-8) + 0.01 * W", "lr * step"),
]
ODD = [
    ("lr * dW /", "lr * dW * W /"),
    ("W -= lr * dW / (np.sqrt(vW) + 1e-8)", "W -= lr * dW * W"),
    ("W -= lr * dW / (np.sqrt(vW) + 1e-8)", "g = dW * W\n    W -= lr * g / (np.sqrt(vW) + 1e-8)"),
    ("W -= lr * dW / (np.sqrt(vW) + 1e-8)", "W -= lr * dW / (W + 1e-8)"),
    ("lr * dW /", "lr * dW ** 2 /"),
    ("lr * dW / (np.sqrt(vW) + 1e-8)", "lr * (dW * W / (np.sqrt(vW) + 1e-8) + 0.01 * W)"),
]


@pytest.mark.parametrize(("old", "new"), DECAYED)
def test_weights_decay_beside_a_rule(old, new):
    assert old in OPTIMIZER
    found = findings(OPTIMIZER.replace(old, new))
    assert all(f.verdict.holds for f in found), found


@pytest.mark.parametrize(("old", "new"), ODD)
def test_a_step_that_goes_down_in_some_entries_only_is_no_rule(old, new):
    assert old in OPTIMIZER
    found = findings(OPTIMIZER.replace(old, new))
    assert [f.text.startswith("W -=") for f in found if not f.verdict.holds] == [True]
    (odd,) = (f for f in found if not f.verdict.holds)
    assert (odd.verdict, odd.message.key) == (Verdict.NOT_UNDERSTOOD, "code.update_unknown")


@pytest.mark.parametrize(("step", "by"), NAMED)
def test_the_step_of_a_rule_may_have_a_name(step, by):
    whole = "W -= lr * dW / (np.sqrt(vW) + 1e-8)"
    right = OPTIMIZER.replace(whole, f"{step}\n    W -= {by}")
    assert right != OPTIMIZER
    found = findings(right)
    assert found
    assert all(f.verdict.holds for f in found), found
    for old, new in (("W -= ", "W += "), ("@ d", "@ (2 * d)"), ("@ d", "@ (d * d)")):
        wrong = findings(right.replace(old, new))
        assert any(f.verdict is Verdict.REFUTED for f in wrong), new
