import numpy as np

np.random.seed(1)
X = np.random.rand(100, 1)
y = 3 * X + 2 + 0.1 * np.random.randn(100, 1)
w = 0.0
b = 0.0
lr = 0.1
for i in range(1000):
    y_hat = w * X + b
    error = y_hat - y
    dw = (2 / len(X)) * np.sum(error * X)
    db = (2 / len(X)) * np.sum(error)
    w = w - lr * dw
    b = b - lr * db
