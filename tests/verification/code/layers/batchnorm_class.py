import numpy as np


class BatchNorm:
    def __init__(self, size, eps=1e-5, momentum=0.9):
        self.gamma = np.random.rand(size) + 0.5
        self.beta = np.random.randn(size)
        self.eps = eps
        self.momentum = momentum
        self.running_mean = np.zeros(size)
        self.running_var = np.ones(size)

    def forward(self, x, train=True):
        if train:
            mu = x.mean(axis=0)
            var = x.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mu = self.running_mean
            var = self.running_var
        self.ivar = 1 / np.sqrt(var + self.eps)
        self.xhat = (x - mu) * self.ivar
        return self.gamma * self.xhat + self.beta

    def backward(self, dy):
        n = dy.shape[0]
        self.dgamma = (dy * self.xhat).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        dxhat = dy * self.gamma
        dx = (
            self.ivar
            / n
            * (n * dxhat - dxhat.sum(axis=0) - self.xhat * (dxhat * self.xhat).sum(axis=0))
        )
        return dx


class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * 0.3
        self.b = np.random.randn(n_out) * 0.3

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dy):
        self.dW = self.x.T @ dy
        self.db = dy.sum(axis=0)
        return dy @ self.W.T


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dy):
        return dy * self.mask


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


np.random.seed(1)
X = np.random.randn(8, 4)
T = np.eye(3)[np.random.randint(0, 3, 8)]
fc1, bn, act, fc2 = Linear(4, 6), BatchNorm(6), ReLU(), Linear(6, 3)
lr = 0.05
epochs = 100
for epoch in range(epochs):
    a = act.forward(bn.forward(fc1.forward(X)))
    p = softmax(fc2.forward(a))
    loss = -np.sum(T * np.log(p)) / len(X)

    dz = (p - T) / len(X)
    da = fc2.backward(dz)
    du = bn.backward(act.backward(da))
    fc1.backward(du)

    for layer in (fc1, fc2):
        layer.W -= lr * layer.dW
        layer.b -= lr * layer.db
    bn.gamma -= lr * bn.dgamma
    bn.beta -= lr * bn.dbeta
