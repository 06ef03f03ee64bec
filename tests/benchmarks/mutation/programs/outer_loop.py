import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


np.random.seed(9)
X = np.random.randn(7, 3)
T = np.random.rand(7, 2)
W1 = np.random.randn(4, 3)
b1 = np.random.randn(4)
W2 = np.random.randn(2, 4)
b2 = np.random.randn(2)
lr = 0.1
epochs = 10

for epoch in range(epochs):
    dW1 = np.zeros_like(W1)
    db1 = np.zeros_like(b1)
    dW2 = np.zeros_like(W2)
    db2 = np.zeros_like(b2)
    loss = 0.0
    for x, t in zip(X, T):
        z1 = W1 @ x + b1
        a1 = sigmoid(z1)
        z2 = W2 @ a1 + b2
        a2 = sigmoid(z2)
        loss += 0.5 * np.sum((a2 - t) ** 2)
        delta2 = (a2 - t) * a2 * (1 - a2)
        delta1 = (W2.T @ delta2) * a1 * (1 - a1)
        dW2 += np.outer(delta2, a1)
        db2 += delta2
        dW1 += np.outer(delta1, x)
        db1 += delta1
    W2 -= lr * dW2
    b2 -= lr * db2
    W1 -= lr * dW1
    b1 -= lr * db1
