import numpy as np

np.random.seed(1)
X = np.random.rand(7, 3)
y = np.random.rand(7, 2)

W1 = np.random.randn(3, 4)
b1 = np.zeros((1, 4))
W2 = np.random.randn(4, 2)
b2 = np.zeros((1, 2))
lr = 0.1
epochs = 1000


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def dsigmoid(x):
    return x * (1 - x)


for epoch in range(epochs):
    z1 = np.dot(X, W1) + b1
    a1 = sigmoid(z1)
    z2 = np.dot(a1, W2) + b2
    a2 = sigmoid(z2)
    loss = 0.5 * np.sum((y - a2) ** 2)

    error = y - a2
    delta2 = error * dsigmoid(a2)
    delta1 = np.dot(delta2, W2.T) * dsigmoid(a1)

    W2 += lr * np.dot(a1.T, delta2)
    b2 += lr * np.sum(delta2, axis=0, keepdims=True)
    W1 += lr * np.dot(X.T, delta1)
    b1 += lr * np.sum(delta1, axis=0, keepdims=True)

print(loss)
