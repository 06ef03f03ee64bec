import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


np.random.seed(7)
X = np.random.randn(3, 7)
Y = np.random.rand(2, 7)
m = X.shape[1]
W1 = np.random.randn(5, 3) * 0.4
b1 = np.random.randn(5, 1) * 0.1
W2 = np.random.randn(2, 5) * 0.4
b2 = np.random.randn(2, 1) * 0.1
alpha = 0.3
lambd = 0.7
epochs = 25

for i in range(epochs):
    Z1 = W1 @ X + b1
    A1 = sigmoid(Z1)
    Z2 = W2 @ A1 + b2
    A2 = sigmoid(Z2)
    cross_entropy = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    penalty = lambd / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))
    cost = cross_entropy + penalty

    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m + lambd / m * W2
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * A1 * (1 - A1)
    dW1 = dZ1 @ X.T / m + lambd / m * W1
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m

    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
    W2 = W2 - alpha * dW2
    b2 = b2 - alpha * db2
