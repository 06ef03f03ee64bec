import numpy as np


class RNN:
    def __init__(self, n_in, n_hidden, n_out):
        self.Wx = np.random.randn(n_in, n_hidden) * 0.2
        self.Wh = np.random.randn(n_hidden, n_hidden) * 0.2
        self.b = np.zeros(n_hidden)
        self.V = np.random.randn(n_hidden, n_out) * 0.2
        self.c = np.zeros(n_out)

    def forward(self, xs):
        self.xs = xs
        batch = xs[0].shape[0]
        self.hs = [np.zeros((batch, self.Wh.shape[0]))]
        for x in xs:
            h = np.tanh(x @ self.Wx + self.hs[-1] @ self.Wh + self.b)
            self.hs.append(h)
        return self.hs[-1] @ self.V + self.c

    def backward(self, dy):
        dV = self.hs[-1].T @ dy
        dc = dy.sum(axis=0)
        dh = dy @ self.V.T
        dWx = np.zeros_like(self.Wx)
        dWh = np.zeros_like(self.Wh)
        db = np.zeros_like(self.b)
        for t in reversed(range(len(self.xs))):
            dz = dh * (1 - self.hs[t + 1] ** 2)
            dWx += self.xs[t].T @ dz
            dWh += self.hs[t].T @ dz
            db += dz.sum(axis=0)
            dh = dz @ self.Wh.T
        return dWx, dWh, db, dV, dc


np.random.seed(0)
steps = 4
xs = [np.random.randn(6, 3) for _ in range(steps)]
target = np.random.randn(6, 2)
net = RNN(3, 5, 2)
lr = 0.1
epochs = 60
for epoch in range(epochs):
    y = net.forward(xs)
    loss = np.sum((y - target) ** 2) / 2
    dWx, dWh, db, dV, dc = net.backward(y - target)
    net.Wx -= lr * dWx
    net.Wh -= lr * dWh
    net.b -= lr * db
    net.V -= lr * dV
    net.c -= lr * dc
