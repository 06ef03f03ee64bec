import numpy as np

np.random.seed(16)
X = np.random.randn(4, 7)
Y = (np.random.rand(3, 7) > 0.4).astype(float)
m = X.shape[1]
w = np.random.randn(3, 4) * 0.1
b = np.zeros((3, 1))
alpha = 0.2
epochs = 50

for i in range(epochs):
    Z = np.dot(w, X) + b
    A = 1 / (1 + np.exp(-Z))
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dZ = A - Y
    dw = 1 / m * np.dot(dZ, X.T)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    w = w - alpha * dw
    b = b - alpha * db
