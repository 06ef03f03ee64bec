import numpy as np

np.random.seed(15)
X = np.random.randn(7, 3)
y = np.random.randn(7, 2)
W = np.random.randn(3, 2)
b = np.zeros(2)
lr = 0.1
n = len(X)
epochs = 100

for epoch in range(epochs):
    pred = X @ W + b
    residual = pred - y
    loss = np.sum(residual**2) / (2 * n)
    grad_W = X.T @ residual / n
    grad_b = residual.sum(axis=0) / n
    W -= lr * grad_W
    b -= lr * grad_b
print(loss)
