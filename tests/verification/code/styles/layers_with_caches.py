import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    dx = dout * (cache > 0)
    return dx


def softmax_loss(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


class TwoLayerNet:
    def __init__(self, D=12, H=7, C=5, reg=0.1):
        self.params = {}
        self.params["W1"] = 1e-2 * np.random.randn(D, H)
        self.params["b1"] = np.zeros(H)
        self.params["W2"] = 1e-2 * np.random.randn(H, C)
        self.params["b2"] = np.zeros(C)
        self.reg = reg

    def loss(self, X, y):
        a, c1 = affine_forward(X, self.params["W1"], self.params["b1"])
        h, c2 = relu_forward(a)
        scores, c3 = affine_forward(h, self.params["W2"], self.params["b2"])
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(self.params["W1"] ** 2) + np.sum(self.params["W2"] ** 2))
        grads = {}
        dh, grads["W2"], grads["b2"] = affine_backward(dscores, c3)
        da = relu_backward(dh, c2)
        dx, grads["W1"], grads["b1"] = affine_backward(da, c1)
        grads["W1"] += self.reg * self.params["W1"]
        grads["W2"] += self.reg * self.params["W2"]
        return loss, grads
