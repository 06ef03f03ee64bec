import numpy as np


def tanh_prime(z):
    return 1 - np.tanh(z) ** 2


def train(X, T, W1, b1, W2, b2, lr, steps):
    n = X.shape[0]
    for _ in range(steps):
        z1 = np.matmul(X, W1) + b1
        a1 = np.tanh(z1)
        z2 = np.matmul(a1, W2) + b2
        loss = np.sum((z2 - T) ** 2) / n
        dz2 = 2 * (z2 - T) / n
        dW2 = np.matmul(a1.T, dz2)
        db2 = np.sum(dz2, axis=0)
        da1 = np.matmul(dz2, W2.T)
        dz1 = da1 * tanh_prime(z1)
        dW1 = np.matmul(X.T, dz1)
        db1 = np.sum(dz1, axis=0)
        W2 = W2 - lr * dW2
        b2 = b2 - lr * db2
        W1 = W1 - lr * dW1
        b1 = b1 - lr * db1
    return W1, b1, W2, b2


np.random.seed(23)
X = np.random.randn(7, 3)
T = np.random.randn(7, 2)
W1 = np.random.randn(3, 5)
b1 = np.zeros(5)
W2 = np.random.randn(5, 2)
b2 = np.zeros(2)
lr = 0.02
epochs = 25
W1, b1, W2, b2 = train(X, T, W1, b1, W2, b2, lr, epochs)
