import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


np.random.seed(13)
X = np.random.randn(12, 3)
T = np.random.rand(12, 2)
W1 = np.random.randn(3, 4) * 0.5
b1 = np.zeros(4)
W2 = np.random.randn(4, 2) * 0.5
b2 = np.zeros(2)
lr = 0.1
batch_size = 6
epochs = 5

for epoch in range(epochs):
    for start in range(0, len(X), batch_size):
        x = X[start : start + batch_size]
        t = T[start : start + batch_size]
        a1 = x @ W1 + b1
        z1 = sigmoid(a1)
        a2 = z1 @ W2 + b2
        y = sigmoid(a2)
        loss = -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y)) / batch_size

        dy = (y - t) / batch_size
        dW2 = z1.T @ dy
        db2 = np.sum(dy, axis=0)
        dz1 = dy @ W2.T
        da1 = dz1 * z1 * (1 - z1)
        dW1 = x.T @ da1
        db1 = np.sum(da1, axis=0)

        W1 -= lr * dW1
        b1 -= lr * db1
        W2 -= lr * dW2
        b2 -= lr * db2
