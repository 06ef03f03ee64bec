"""What is changed in a way that is not followed is unknown: nothing that reads it is judged."""

import pytest

from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

NET = """
import numpy as np
X = np.random.randn(6, 3)
T = np.random.randn(6, 2)
W1 = np.random.randn(3, 5)
W2 = np.random.randn(5, 2)
lr = 0.1
for i in range(100):
    u = X @ W1
    h = np.maximum(u, 0)
    y = h @ W2
    loss = 0.5 * np.sum((y - T) ** 2)
    print(loss)
    d2 = y - T
    d1 = (d2 @ W2.T) * (u > 0)
    W2 -= lr * h.T @ d2
    W1 -= lr * X.T @ d1
"""

BACKWARD = "    d1 = (d2 @ W2.T) * (u > 0)\n"
FORWARD = "    h = np.maximum(u, 0)\n"

CHANGES = [
    # what is added behind which line, lines of which nothing may be said
    (BACKWARD, "    d1[::-2] = 0\n", ("W1 -=",)),
    (BACKWARD, "    d1[np.nonzero(u)] *= 2\n", ("W1 -=",)),
    (BACKWARD, "    d1[0] = np.fft.fft(u)\n", ("W1 -=",)),
    (BACKWARD, "    d1[0] += np.fft.fft(u)\n", ("W1 -=",)),
    (BACKWARD, "    d1.T[0] = 0\n", ("W1 -=",)),
    (BACKWARD, "    d1[0][1] = 0\n", ("W1 -=",)),
    (BACKWARD, "    d1 //= u\n", ("W1 -=",)),
    (BACKWARD, "    d1.fill(np.fft.fft(u))\n", ("W1 -=",)),
    (BACKWARD, "    np.putmask(d1, u < 0, 0)\n", ("W1 -=",)),
    (BACKWARD, "    np.multiply.at(d1, 0, 2)\n", ("W1 -=",)),
    (BACKWARD, "    np.fft.fft(u, out=d1)\n", ("W1 -=",)),
    (BACKWARD, "    for a, b in zip([d1], np.fft.fft(u), 3):\n        d1 = a\n", ("W1 -=",)),
    (BACKWARD, "    match i:\n        case 1:\n            d1 = 0\n", ("W1 -=",)),
    (FORWARD, "    h[::-2] = 0\n", ("d2 =", "d1 =", "W1 -=", "W2 -=")),
    (FORWARD, "    h[np.fft.fft(u)] = 0\n", ("d2 =", "d1 =", "W1 -=", "W2 -=")),
]


def findings(source: str):
    return verify_file("net.py", source, Options(seconds=30)).findings


def test_the_program_itself_is_right():
    assert {f.verdict for f in findings(NET)} == {Verdict.PROBABLE}


@pytest.mark.parametrize(("behind", "added", "unjudged"), CHANGES)
def test_what_is_not_followed_is_not_judged(behind, added, unjudged):
    found = findings(NET.replace(behind, behind + added))
    assert not [f for f in found if f.verdict is Verdict.REFUTED]
    assert not [f for f in found if f.text.strip().startswith(unjudged) and f.verdict.holds]


def test_the_rest_is_judged_all_the_same():
    found = findings(NET.replace(BACKWARD, BACKWARD + "    d1[::-2] = 0\n"))
    assert {f.verdict for f in found if f.text.startswith("W2 -=")} == {Verdict.PROBABLE}


def test_what_is_written_over_is_known_again():
    added = "    d1[::-2] = 0\n    d1[:] = (d2 @ W2.T) * (u > 0)\n"
    found = findings(NET.replace(BACKWARD, BACKWARD + added))
    assert {f.verdict for f in found if f.text.startswith("W1 -=")} == {Verdict.PROBABLE}


def test_what_is_called_data_is_given():
    batches = "batches = [X[k : k + 2] for k in range(0, unheard_of(X), 2)]\n"
    loop = "for x in batches:\n"
    body = NET.replace("for i in range(100):\n", batches + loop).replace("X @ W1", "x @ W1")
    found = findings(body.replace("X.T @ d1", "x.T @ d1"))
    assert found
    assert not [f for f in found if f.verdict is Verdict.REFUTED]


@pytest.mark.parametrize("part", ["::2", "1::3", "2:5", "1:6:2", ":4"])
def test_parts_of_an_axis_that_are_changed_are_followed(part):
    """What the forward pass drops has no gradient: it is right to drop that, and wrong not to."""
    dropped = f"    u[{part}] = 0\n"
    forward = NET.replace("    u = X @ W1\n", "    u = X @ W1\n" + dropped)
    forward = forward.replace("np.maximum(u, 0)", "np.tanh(u)").replace("(u > 0)", "(1 - h**2)")
    right = forward.replace("(1 - h**2)\n", f"(1 - h**2)\n    d1[{part}] = 0\n")
    assert {f.verdict for f in findings(right)} == {Verdict.PROBABLE}
    assert Verdict.REFUTED in {f.verdict for f in findings(forward)}
    other = right.replace(f"d1[{part}]", "d1[3:4]")
    assert Verdict.REFUTED in {f.verdict for f in findings(other)}
