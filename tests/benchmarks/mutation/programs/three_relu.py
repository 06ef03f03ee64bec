import numpy as np


def relu(x):
    return np.maximum(0, x)


np.random.seed(11)
X = np.random.randn(7, 3)
T = np.random.randn(7, 2)
W1 = np.random.randn(3, 5)
b1 = np.random.randn(5) * 0.1
W2 = np.random.randn(5, 4)
b2 = np.random.randn(4) * 0.1
W3 = np.random.randn(4, 2)
b3 = np.random.randn(2) * 0.1
lr = 0.01
epochs = 20

for epoch in range(epochs):
    a1 = X @ W1 + b1
    z1 = relu(a1)
    a2 = z1 @ W2 + b2
    z2 = relu(a2)
    y = z2 @ W3 + b3
    E = np.sum((y - T) ** 2) / 2

    delta3 = y - T
    delta2 = np.where(a2 > 0, delta3 @ W3.T, 0)
    delta1 = np.where(a1 > 0, delta2 @ W2.T, 0)

    W3 -= lr * z2.T @ delta3
    b3 -= lr * np.sum(delta3, axis=0)
    W2 -= lr * z1.T @ delta2
    b2 -= lr * np.sum(delta2, axis=0)
    W1 -= lr * X.T @ delta1
    b1 -= lr * np.sum(delta1, axis=0)
