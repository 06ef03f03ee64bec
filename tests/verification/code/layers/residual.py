import numpy as np

np.random.seed(0)
X = np.random.randn(8, 4)
Y = np.random.randn(8, 2)
W1 = np.random.randn(4, 4) * 0.3
b1 = np.zeros(4)
W2 = np.random.randn(4, 4) * 0.3
b2 = np.zeros(4)
W3 = np.random.randn(4, 2) * 0.3
lr = 0.1
epochs = 100
for epoch in range(epochs):
    u1 = X @ W1 + b1
    a1 = np.maximum(u1, 0)
    u2 = a1 @ W2 + b2
    r = u2 + a1
    a2 = np.tanh(r)
    out = a2 @ W3
    loss = 0.5 * np.sum((out - Y) ** 2)

    dout = out - Y
    dW3 = a2.T @ dout
    da2 = dout @ W3.T
    dr = da2 * (1 - a2**2)
    dW2 = a1.T @ dr
    db2 = dr.sum(axis=0)
    da1 = dr @ W2.T
    da1 += dr
    du1 = da1 * (u1 > 0)
    dW1 = X.T @ du1
    db1 = du1.sum(axis=0)

    for p, g in zip([W1, b1, W2, b2, W3], [dW1, db1, dW2, db2, dW3]):
        p -= lr * g
