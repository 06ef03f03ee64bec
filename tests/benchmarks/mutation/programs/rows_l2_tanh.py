import numpy as np

np.random.seed(28)
X = np.random.randn(7, 3)
T = np.random.randn(7, 2)
N = X.shape[0]
W1 = np.random.randn(3, 4) * 0.5
b1 = np.random.randn(4) * 0.2
W2 = np.random.randn(4, 2) * 0.5
b2 = np.random.randn(2) * 0.2
lr = 0.05
weight_decay = 0.1
epochs = 20

for epoch in range(epochs):
    u1 = X @ W1 + b1
    z1 = np.tanh(u1)
    y = z1 @ W2 + b2
    data = np.sum((y - T) ** 2) / (2 * N)
    loss = data + 0.5 * weight_decay * (np.sum(W1**2) + np.sum(W2**2))

    dy = (y - T) / N
    dW2 = z1.T @ dy + weight_decay * W2
    db2 = np.sum(dy, axis=0)
    dz1 = dy @ W2.T
    du1 = dz1 * (1 - z1**2)
    dW1 = X.T @ du1 + weight_decay * W1
    db1 = np.sum(du1, axis=0)

    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
