import numpy as np

np.random.seed(12)
X = np.random.randn(3, 7)
labels = np.random.randint(0, 2, 7)
Y = np.zeros((2, 7))
Y[labels, np.arange(7)] = 1
m = 7
W1 = np.random.randn(5, 3) * 0.5
b1 = np.zeros((5, 1))
W2 = np.random.randn(4, 5) * 0.5
b2 = np.zeros((4, 1))
W3 = np.random.randn(2, 4) * 0.5
b3 = np.zeros((2, 1))
alpha = 0.1
epochs = 30

for i in range(epochs):
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    Z2 = W2 @ A1 + b2
    A2 = np.tanh(Z2)
    Z3 = W3 @ A2 + b3
    expZ = np.exp(Z3)
    A3 = expZ / expZ.sum(axis=0, keepdims=True)
    J = -(1 / m) * np.sum(Y * np.log(A3))

    dZ3 = A3 - Y
    dW3 = (1 / m) * dZ3 @ A2.T
    db3 = (1 / m) * np.sum(dZ3, axis=1, keepdims=True)
    dZ2 = (W3.T @ dZ3) * (1 - A2**2)
    dW2 = (1 / m) * dZ2 @ A1.T
    db2 = (1 / m) * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    dW1 = (1 / m) * dZ1 @ X.T
    db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)

    W3 -= alpha * dW3
    b3 -= alpha * db3
    W2 -= alpha * dW2
    b2 -= alpha * db2
    W1 -= alpha * dW1
    b1 -= alpha * db1
