import numpy as np


class MLP:
    def __init__(self, sizes):
        self.W = [np.random.randn(a, b) * 0.5 for a, b in zip(sizes[:-1], sizes[1:])]
        self.b = [np.zeros((1, n)) for n in sizes[1:]]

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def forward(self, X):
        self.a0 = X
        self.a1 = self.sigmoid(self.a0 @ self.W[0] + self.b[0])
        self.a2 = self.sigmoid(self.a1 @ self.W[1] + self.b[1])
        self.a3 = self.sigmoid(self.a2 @ self.W[2] + self.b[2])
        return self.a3

    def backward(self, Y):
        n = Y.shape[0]
        d3 = (self.a3 - Y) / n
        d2 = d3 @ self.W[2].T * self.a2 * (1 - self.a2)
        d1 = d2 @ self.W[1].T * self.a1 * (1 - self.a1)
        self.dW = [self.a0.T @ d1, self.a1.T @ d2, self.a2.T @ d3]
        self.db = [
            np.sum(d1, axis=0, keepdims=True),
            np.sum(d2, axis=0, keepdims=True),
            np.sum(d3, axis=0, keepdims=True),
        ]

    def step(self, lr):
        for i in range(3):
            self.W[i] -= lr * self.dW[i]
            self.b[i] -= lr * self.db[i]


np.random.seed(30)
X = np.random.randn(7, 3)
Y = (np.random.rand(7, 2) > 0.5).astype(float)
model = MLP([3, 5, 4, 2])
lr = 0.3
epochs = 20
for epoch in range(epochs):
    out = model.forward(X)
    loss = -np.mean(np.sum(Y * np.log(out) + (1 - Y) * np.log(1 - out), axis=1))
    model.backward(Y)
    model.step(lr)
