import numpy as np


def squash(u):
    return 1 / (1 + np.exp(-u))


class Perceptron:
    def __init__(self, layer_sizes, seed=0):
        rng = np.random.default_rng(seed)
        pairs = list(zip(layer_sizes[:-1], layer_sizes[1:]))
        self.W = [rng.normal(size=(out, into)) for into, out in pairs]
        self.b = [np.zeros((out, 1)) for _, out in pairs]
        self.depth = len(layer_sizes) - 1

    def gradients(self, x, t):
        outputs = [x]
        for W, b in zip(self.W, self.b):
            outputs.append(squash(W @ outputs[-1] + b))
        dW, db = [None] * self.depth, [None] * self.depth
        delta = (outputs[-1] - t) * outputs[-1] * (1 - outputs[-1])
        for l in range(self.depth - 1, -1, -1):
            dW[l] = delta @ outputs[l].T
            db[l] = delta
            if l > 0:
                delta = (self.W[l].T @ delta) * outputs[l] * (1 - outputs[l])
        return dW, db

    def learn(self, x, t, rate):
        dW, db = self.gradients(x, t)
        for l in range(self.depth):
            self.W[l] -= rate * dW[l]
            self.b[l] -= rate * db[l]
