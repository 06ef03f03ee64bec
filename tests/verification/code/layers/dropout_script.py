import numpy as np

np.random.seed(2)
X = np.random.randn(10, 4)
Y = np.eye(3)[np.random.randint(0, 3, size=10)]
W1 = np.random.randn(4, 6) * 0.3
b1 = np.zeros((1, 6))
W2 = np.random.randn(6, 3) * 0.3
b2 = np.zeros((1, 3))
keep_prob = 0.8
lr = 0.1
m = X.shape[0]
epochs = 100

for epoch in range(epochs):
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    D1 = np.random.rand(A1.shape[0], A1.shape[1])
    D1 = D1 < keep_prob
    A1 = A1 * D1
    A1 = A1 / keep_prob
    Z2 = A1 @ W2 + b2
    expZ = np.exp(Z2 - np.max(Z2, axis=1, keepdims=True))
    A2 = expZ / np.sum(expZ, axis=1, keepdims=True)
    cost = -np.sum(Y * np.log(A2)) / m

    dZ2 = A2 - Y
    dW2 = A1.T @ dZ2 / m
    db2 = np.sum(dZ2, axis=0, keepdims=True) / m
    dA1 = dZ2 @ W2.T
    dA1 = dA1 * D1
    dA1 = dA1 / keep_prob
    dZ1 = dA1 * (Z1 > 0)
    dW1 = X.T @ dZ1 / m
    db1 = np.sum(dZ1, axis=0, keepdims=True) / m

    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
