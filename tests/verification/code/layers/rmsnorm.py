import numpy as np


def rms_norm_forward(x, scale):
    ms = np.mean(x * x, axis=1, keepdims=True)
    r = 1.0 / np.sqrt(ms + 1e-8)
    return x * r * scale, r


def rms_norm_backward(dout, x, r, scale):
    d = x.shape[1]
    dscale = np.sum(dout * x * r, axis=0)
    g = dout * scale
    dx = r * g - x * r**3 * np.sum(g * x, axis=1, keepdims=True) / d
    return dx, dscale


np.random.seed(5)
X = np.random.randn(7, 4)
Y = np.random.randn(7, 3)
W = np.random.randn(4, 5)
scale = np.random.rand(5) + 0.5
V = np.random.randn(5, 3)
lr = 0.01
epochs = 100
for epoch in range(epochs):
    a = X @ W
    y, r = rms_norm_forward(a, scale)
    out = y @ V
    loss = np.sum((out - Y) ** 2)

    dout = 2 * (out - Y)
    dV = y.T @ dout
    dy = dout @ V.T
    da, dscale = rms_norm_backward(dy, a, r, scale)
    dW = X.T @ da

    W -= lr * dW
    scale -= lr * dscale
    V -= lr * dV
