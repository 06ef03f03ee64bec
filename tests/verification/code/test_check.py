"""Programs from their text to findings: shapes, guesses, what stands outside the program."""

from __future__ import annotations

import pytest

from symbp import gallery
from symbp.verification.code.check import check_program
from symbp.verification.text import Text
from symbp.verification.verdict import Verdict
from tests.verification.code import programs as p

HEAD = """
import numpy as np
X = np.random.randn(6, 3)
Y = np.random.randn(6, 2)
W1 = np.random.randn(3, 4)
b1 = np.zeros(4)
W2 = np.random.randn(4, 2)
b2 = np.zeros(2)
lr = 0.1
for epoch in range(10):
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    Z2 = A1 @ W2 + b2
    loss = 0.5 * np.sum((Z2 - Y) ** 2)
    dZ2 = Z2 - Y
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dZ1 = (dZ2 @ W2.T) * (1 - A1**2)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
"""
MISFITS = [
    ("dW1 = X.T @ dZ1", "dW1 = dZ1.T @ X", "M12"),
    ("dW1 = X.T @ dZ1", "dW1 = X @ dZ1", "M12"),
    ("dZ2 @ W2.T", "dZ2 @ W2", "M11"),
    ("(dZ2 @ W2.T)", "(dZ2 * W2.T)", "M13"),
    ("db1 = dZ1.sum(axis=0)", "db1 = dZ1", "M17"),
    ("db2 = dZ2.sum(axis=0)", "db2 = dZ2.sum(axis=1)", "M17"),
    ("W1 -= lr * dW1", "W1 -= lr * dW2", "M10"),
]


def checked(source: str, **known):
    known = {"network": None, "loss": None, "words": ()} | known
    return check_program(Text.of(source), **known).findings


def refuted(found):
    return [f for f in found if f.verdict is Verdict.REFUTED]


def test_the_program_itself_is_right():
    assert {f.verdict for f in checked(HEAD)} == {Verdict.PROBABLE}


@pytest.mark.parametrize(("right", "wrong", "code"), MISFITS)
def test_the_slip_behind_shapes_that_do_not_fit(right, wrong, code):
    found = refuted(checked(HEAD.replace(right, wrong)))
    assert [told.code for f in found for told in f.mistakes] == [code]
    line = HEAD.replace(right, wrong).split("\n")[found[0].at.line - 1]
    assert wrong in line
    assert found[0].right
    assert found[0].right not in line


def test_lines_behind_a_slip_follow_from_it():
    found = checked(HEAD.replace("dZ2 @ W2.T", "dZ2 @ W2"))
    (slip,) = refuted(found)
    assert {f.follows_from for f in found if f.at > slip.at} >= {slip.at.line}
    assert {f.verdict for f in found if f.at < slip.at} == {Verdict.PROBABLE}


def test_a_branch_that_only_a_run_decides_refutes_nothing():
    wrong = HEAD.replace("dZ2 = Z2 - Y", "dZ2 = 3 * (Z2 - Y) if False else Z2 - Y")
    assert not refuted(checked(wrong))
    undecided = HEAD.replace(
        "    dW2 = A1.T @ dZ2\n",
        "    dW2 = -A1.T @ dZ2\n    if loss > 3:\n        W2 = W2 * 0.5\n",
    )
    found = checked(undecided)
    assert found
    assert not refuted(found)


def test_the_network_tells_the_loss_where_the_program_does_not():
    silent = p.ROWS.replace("    loss = np.sum((A2 - Y) ** 2) / (2 * m)\n", "").replace(
        "return loss", "return W1"
    )
    names = [
        n for n in gallery.names() if gallery.load(n).loss.criterion.name.endswith("squared_error")
    ]
    found = checked(silent, network=gallery.load(names[0]))
    assert found
    assert not refuted(found)
    assert "code.loss_guessed" not in {f.message.key for f in found}
    found = checked(silent, loss="half_squared_error")
    assert found
    assert "code.loss_guessed" not in {f.message.key for f in found}
