import numpy as np

np.random.seed(3)
n, p, q = 30, 5, 2
X = np.random.rand(n, p)
Y = np.random.uniform(-1, 1, size=(n, q))
W = 0.3 * np.random.randn(p, q)
c = np.zeros((1, q))
for step in range(80):
    out = np.tanh(X @ W + c)
    loss = 0.5 * ((out - Y) ** 2).sum(axis=1).mean()
    delta = (out - Y) * (1 - out**2) / n
    W -= 0.2 * X.T @ delta
    c -= 0.2 * delta.sum(axis=0, keepdims=True)
