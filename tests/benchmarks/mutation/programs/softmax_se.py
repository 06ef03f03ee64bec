import numpy as np

np.random.seed(29)
X = np.random.randn(7, 4)
T = np.random.rand(7, 3)
W = np.random.randn(4, 3) * 0.5
b = np.zeros(3)
lr = 0.2
epochs = 30

for epoch in range(epochs):
    s = X @ W + b
    e = np.exp(s)
    p = e / np.sum(e, axis=1, keepdims=True)
    loss = 0.5 * np.sum((p - T) ** 2)
    dp = p - T
    ds = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
    dW = X.T @ ds
    db = np.sum(ds, axis=0)
    W -= lr * dW
    b -= lr * db
