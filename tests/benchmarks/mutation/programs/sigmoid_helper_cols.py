import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


np.random.seed(24)
X = np.random.randn(3, 7)
Y = np.random.rand(2, 7)
n = X.shape[1]
W1 = np.random.randn(4, 3)
b1 = np.zeros((4, 1))
W2 = np.random.randn(2, 4)
b2 = np.zeros((2, 1))
eta = 0.4
epochs = 30

for epoch in range(epochs):
    z1 = W1 @ X + b1
    a1 = sigmoid(z1)
    z2 = W2 @ a1 + b2
    a2 = sigmoid(z2)
    cost = np.sum((a2 - Y) ** 2) / (2 * n)

    delta2 = (a2 - Y) * sigmoid_prime(z2)
    nabla_W2 = delta2 @ a1.T
    nabla_b2 = delta2.sum(axis=1, keepdims=True)
    delta1 = (W2.T @ delta2) * sigmoid_prime(z1)
    nabla_W1 = delta1 @ X.T
    nabla_b1 = delta1.sum(axis=1, keepdims=True)

    W2 -= eta / n * nabla_W2
    b2 -= eta / n * nabla_b2
    W1 -= eta / n * nabla_W1
    b1 -= eta / n * nabla_b1
