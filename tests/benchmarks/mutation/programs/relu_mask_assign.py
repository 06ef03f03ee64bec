import numpy as np

np.random.seed(20)
X = np.random.randn(7, 3)
Y = np.random.randn(7, 2)
W1 = np.random.randn(3, 5) * 0.5
b1 = np.random.randn(5) * 0.1
W2 = np.random.randn(5, 2) * 0.5
b2 = np.zeros(2)
lr = 0.05
epochs = 40

for it in range(epochs):
    z1 = X.dot(W1) + b1
    h1 = np.maximum(0, z1)
    out = h1.dot(W2) + b2
    diff = out - Y
    loss = np.square(diff).sum() / 2

    grad_out = diff
    grad_W2 = h1.T.dot(grad_out)
    grad_b2 = grad_out.sum(axis=0)
    grad_h1 = grad_out.dot(W2.T)
    grad_z1 = grad_h1.copy()
    grad_z1[z1 < 0] = 0
    grad_W1 = X.T.dot(grad_z1)
    grad_b1 = grad_z1.sum(axis=0)

    W1 -= lr * grad_W1
    b1 -= lr * grad_b1
    W2 -= lr * grad_W2
    b2 -= lr * grad_b2
