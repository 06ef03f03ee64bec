import numpy as np

np.random.seed(22)
X = np.random.randn(7, 3)
Y = np.random.rand(7, 2)
m = len(X)
W1 = np.random.randn(3, 4) * 0.6
b1 = np.zeros(4)
W2 = np.random.randn(4, 2) * 0.6
b2 = np.zeros(2)
lr = 0.5
epochs = 60

for epoch in range(epochs):
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    a2 = 1 / (1 + np.exp(-z2))
    loss = -np.sum(Y * np.log(a2) + (1 - Y) * np.log(1 - a2))

    dz2 = a2 - Y
    dW2 = a1.T @ dz2
    db2 = dz2.sum(axis=0)
    dz1 = (dz2 @ W2.T) * (1 - np.square(a1))
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)

    W1 -= lr / m * dW1
    b1 -= lr / m * db1
    W2 -= lr / m * dW2
    b2 -= lr / m * db2
