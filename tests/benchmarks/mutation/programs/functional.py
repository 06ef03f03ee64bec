import numpy as np


def forward(W1, b1, W2, b2, X):
    U1 = X @ W1 + b1
    H = np.tanh(U1)
    U2 = H @ W2 + b2
    Y = np.tanh(U2)
    return U1, H, U2, Y


def loss_of(Y, T):
    return np.sum((Y - T) ** 2)


def gradients(W1, b1, W2, b2, X, T):
    U1, H, U2, Y = forward(W1, b1, W2, b2, X)
    D2 = 2 * (Y - T) * (1 - np.tanh(U2) ** 2)
    D1 = (D2 @ W2.T) * (1 - np.tanh(U1) ** 2)
    gW2 = H.T @ D2
    gb2 = D2.sum(0)
    gW1 = X.T @ D1
    gb1 = D1.sum(0)
    return gW1, gb1, gW2, gb2


def step(W1, b1, W2, b2, X, T, lr):
    gW1, gb1, gW2, gb2 = gradients(W1, b1, W2, b2, X, T)
    return W1 - lr * gW1, b1 - lr * gb1, W2 - lr * gW2, b2 - lr * gb2


np.random.seed(19)
X = np.random.randn(7, 3)
T = np.random.randn(7, 2)
W1 = np.random.randn(3, 4)
b1 = np.random.randn(4)
W2 = np.random.randn(4, 2)
b2 = np.random.randn(2)
lr = 0.01
epochs = 20
for k in range(epochs):
    loss = loss_of(forward(W1, b1, W2, b2, X)[3], T)
    W1, b1, W2, b2 = step(W1, b1, W2, b2, X, T, lr)
