import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


class Network:
    def __init__(self, n_in, n_hidden, n_out):
        self.W1 = 0.3 * np.random.randn(n_in, n_hidden)
        self.b1 = np.zeros(n_hidden)
        self.W2 = 0.3 * np.random.randn(n_hidden, n_out)
        self.b2 = np.zeros(n_out)

    def forward(self, x):
        self.z1 = x @ self.W1 + self.b1
        self.h = np.tanh(self.z1)
        self.z2 = self.h @ self.W2 + self.b2
        self.p = softmax(self.z2)
        return self.p

    def loss(self, x, t):
        p = self.forward(x)
        return -np.sum(t * np.log(p)) / x.shape[0]

    def backward(self, x, t, lr):
        n = x.shape[0]
        dz2 = (self.p - t) / n
        dW2 = self.h.T @ dz2
        db2 = dz2.sum(axis=0)
        dh = dz2 @ self.W2.T
        dz1 = dh * (1 - self.h**2)
        dW1 = x.T @ dz1
        db1 = dz1.sum(axis=0)
        self.W1 -= lr * dW1
        self.b1 -= lr * db1
        self.W2 -= lr * dW2
        self.b2 -= lr * db2


np.random.seed(0)
X = np.random.randn(7, 4)
T = np.eye(3)[np.random.randint(0, 3, 7)]
net = Network(4, 5, 3)
lr = 0.2
epochs = 100
for epoch in range(epochs):
    loss = net.loss(X, T)
    net.backward(X, T, lr)
print(loss)
