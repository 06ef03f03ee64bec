import numpy as np


def layer_norm(x, gain, bias, eps=1e-5):
    m = np.mean(x, axis=-1, keepdims=True)
    s = np.std(x, axis=-1, keepdims=True)
    z = (x - m) / (s + eps)
    return z * gain + bias, (z, s, gain, eps)


def layer_norm_grad(dy, cache):
    z, s, gain, eps = cache
    dgain = np.sum(dy * z, axis=0)
    dbias = np.sum(dy, axis=0)
    dz = dy * gain
    dx = (dz - dz.mean(axis=-1, keepdims=True) - z * (dz * z).mean(axis=-1, keepdims=True)) / (
        s + eps
    )
    return dx, dgain, dbias


np.random.seed(0)
X = np.random.randn(6, 4)
Y = np.random.randn(6, 2)
params = {
    "W1": np.random.randn(4, 5) * 0.5,
    "b1": np.zeros(5),
    "gain": np.ones(5),
    "bias": np.zeros(5),
    "W2": np.random.randn(5, 2) * 0.5,
    "b2": np.zeros(2),
}
lr = 0.1
epochs = 100
for epoch in range(epochs):
    z1 = X @ params["W1"] + params["b1"]
    y1, cache = layer_norm(z1, params["gain"], params["bias"])
    a1 = 1 / (1 + np.exp(-y1))
    z2 = a1 @ params["W2"] + params["b2"]
    loss = np.mean((z2 - Y) ** 2)

    grads = {}
    dz2 = 2 * (z2 - Y) / Y.size
    grads["W2"] = a1.T @ dz2
    grads["b2"] = dz2.sum(axis=0)
    da1 = dz2 @ params["W2"].T
    dy1 = da1 * a1 * (1 - a1)
    dz1, grads["gain"], grads["bias"] = layer_norm_grad(dy1, cache)
    grads["W1"] = X.T @ dz1
    grads["b1"] = dz1.sum(axis=0)
    for key in params:
        params[key] -= lr * grads[key]
