import numpy as np


class Dropout:
    def __init__(self, p=0.3):
        self.p = p
        self.training = True

    def forward(self, x):
        if self.training:
            self.mask = (np.random.rand(*x.shape) > self.p) / (1 - self.p)
            return x * self.mask
        return x

    def backward(self, grad):
        return grad * self.mask


class Net:
    def __init__(self, n_in, n_hidden, n_out):
        self.W1 = np.random.randn(n_in, n_hidden) * 0.2
        self.b1 = np.zeros(n_hidden)
        self.W2 = np.random.randn(n_hidden, n_out) * 0.2
        self.b2 = np.zeros(n_out)
        self.drop = Dropout(0.4)

    def forward(self, x):
        self.x = x
        self.h = np.tanh(x @ self.W1 + self.b1)
        self.hd = self.drop.forward(self.h)
        return self.hd @ self.W2 + self.b2

    def step(self, y, t, lr):
        delta = (y - t) / len(t)
        gW2 = self.hd.T @ delta
        gb2 = delta.sum(axis=0)
        ghd = delta @ self.W2.T
        gh = self.drop.backward(ghd)
        gu = gh * (1 - self.h**2)
        gW1 = self.x.T @ gu
        gb1 = gu.sum(axis=0)
        self.W1 -= lr * gW1
        self.b1 -= lr * gb1
        self.W2 -= lr * gW2
        self.b2 -= lr * gb2


np.random.seed(0)
x = np.random.randn(9, 5)
t = np.random.randn(9, 2)
net = Net(5, 7, 2)
epochs = 100
lr = 0.1
for epoch in range(epochs):
    y = net.forward(x)
    loss = 0.5 * np.sum((y - t) ** 2) / len(t)
    net.step(y, t, lr)
