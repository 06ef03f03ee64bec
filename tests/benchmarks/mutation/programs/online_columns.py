import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


np.random.seed(26)
x = np.random.randn(3, 1)
y = np.random.rand(2, 1)
W1 = np.random.randn(4, 3)
b1 = np.random.randn(4, 1)
W2 = np.random.randn(2, 4)
b2 = np.random.randn(2, 1)
lr = 0.3
epochs = 20

for step in range(epochs):
    z1 = W1.dot(x) + b1
    a1 = np.tanh(z1)
    z2 = W2.dot(a1) + b2
    a2 = sigmoid(z2)
    loss = 0.5 * np.sum((a2 - y) ** 2)
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = W2.T.dot(delta2) * (1 - a1**2)
    dW2 = delta2.dot(a1.T)
    dW1 = delta1.dot(x.T)
    W2 -= lr * dW2
    b2 -= lr * delta2
    W1 -= lr * dW1
    b1 -= lr * delta1
