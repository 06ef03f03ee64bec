"""Data from files: nobody says what shape they have, and nothing is refuted for that."""

import pytest

from symbp.verification.options import Options
from symbp.verification.verdict import Verdict
from symbp.verification.verify import verify_file

NET = """
import numpy as np
import pandas as pd
{data}
W = np.random.randn(4, 1)
b = np.zeros(1)
lr = 0.1
for i in range(100):
    P = X @ W + b
    loss = 0.5 * np.sum((P - T) ** 2) / len(X)
    print(loss)
    d = (P - T) / len(X)
    W -= lr * X.T @ d
    b -= lr * d.sum(axis=0)
"""
READ = 'data = np.loadtxt("f.csv", delimiter=",")\n'
FOLLOWED = [
    READ + "X = data[:, :4]\nT = data[:, 4:]",
    READ + "X = data[:, :4]\nT = data[:, 4:5]",
    READ + "X, y = data[:, :4], data[:, 4]\nT = y.reshape(-1, 1)",
    READ + "X = data[:, :-1]\nT = data[:, -1:]",
    READ + "X = data[:, 1:]\nT = data[:, :1]",
    READ + "np.random.shuffle(data)\nX = data[:, :4] / 255.0\nT = data[:, 4][:, None]",
    READ + "train = data[:100]\nX = train[:, :4]\nT = train[:, 4:]",
    READ.replace("data", "n") + "X = n[:, :4]\nT = n[:, 4:]",
    'size = np.genfromtxt("f.csv")\nX = size[:, :4]\nT = size[:, 4:]',
    'D = np.load("f.npy")\nX = D[:, 0, :4]\nT = D[:, 0, 4:]',
    'f = np.load("f.npz")\nX = f["x"]\nT = f["t"]',
    'data = pd.read_csv("f.csv").values\nX = data[:, :4]\nT = data[:, 4:]',
    'data = pd.read_csv("f.csv").to_numpy()\nX = data[:, :4]\nT = data[:, 4:]',
    "X = np.random.randn(200, 4)\nT = X[:, :1]",
]
LOST = [
    'df = pd.read_csv("f.csv")\nX = df.iloc[:, :4].values\nT = df.iloc[:, 4:].values',
    'df = pd.read_csv("f.csv")\nX = df[["a", "b", "c", "d"]].values\nT = df[["t"]].values',
    'rows = [line.split(",") for line in open("f.csv")]\nX = np.array(rows)\nT = X[0]',
    READ + "X = data[:, :4]\nT = data[:, 1, 2]",
]


def findings(data: str):
    return verify_file("net.py", NET.format(data=data), Options(seconds=30)).findings


@pytest.mark.parametrize("data", FOLLOWED)
def test_parts_of_data(data):
    found = findings(data)
    assert len(found) >= 2
    assert all(f.verdict.holds for f in found), found


@pytest.mark.parametrize("data", LOST)
def test_data_that_are_not_followed_refute_nothing(data):
    assert not [f for f in findings(data) if f.verdict is Verdict.REFUTED]


@pytest.mark.parametrize("rest", ["X = data[:, :4]", "y = data[0]", "y = data[0, 1, 2]"])
def test_nothing_is_wrong_with_reading_data(rest):
    assert not verify_file("net.py", f"import numpy as np\n{READ}{rest}\n", Options()).findings
