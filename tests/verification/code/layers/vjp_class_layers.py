import numpy as np


class LayerNorm:
    def __init__(self, dim, eps=1e-5):
        self.g = np.random.rand(dim)
        self.b = np.random.randn(dim)
        self.eps = eps

    def forward(self, x):
        self.x = x
        self.mu = x.mean(axis=-1, keepdims=True)
        self.var = ((x - self.mu) ** 2).mean(axis=-1, keepdims=True)
        self.inv = (self.var + self.eps) ** -0.5
        self.n = (x - self.mu) * self.inv
        return self.g * self.n + self.b

    def backward(self, grad):
        self.dg = (grad * self.n).sum(axis=0)
        self.db = grad.sum(axis=0)
        gn = grad * self.g
        return self.inv * (
            gn
            - gn.mean(axis=-1, keepdims=True)
            - self.n * (gn * self.n).mean(axis=-1, keepdims=True)
        )
