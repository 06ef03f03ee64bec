import numpy as np
class Linear:
    def __init__(self, i, o):
        self.W = np.random.randn(i, o) * 0.1
        self.b = np.zeros(o)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, g):
        self.dW = self.x.T @ g
        self.db = g.sum(0)
        return g @ self.W.T
class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y
    def backward(self, g):
        return g * (1 - self.y ** 2)
layers = [Linear(4, 8), Tanh(), Linear(8, 2)]
for step in range(500):
    out = X
    for layer in layers:
        out = layer.forward(out)
    loss = ((out - Y) ** 2).mean()
    g = 2 * (out - Y) / out.size
    for layer in reversed(layers):
        g = layer.backward(g)
    for layer in layers:
        if hasattr(layer, "W"):
            layer.W -= 0.01 * layer.dW
            layer.b -= 0.01 * layer.db
