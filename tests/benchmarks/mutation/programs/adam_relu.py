import numpy as np

np.random.seed(6)
X = np.random.randn(7, 3)
Y = np.random.randn(7, 2)
m = len(X)
params = {
    "W1": np.random.randn(3, 5) * 0.5,
    "b1": np.random.randn(5) * 0.1,
    "W2": np.random.randn(5, 2) * 0.5,
    "b2": np.zeros(2),
}
first = {k: np.zeros_like(v) for k, v in params.items()}
second = {k: np.zeros_like(v) for k, v in params.items()}
lr = 0.01
beta1, beta2, eps = 0.9, 0.999, 1e-8
epochs = 20

for t in range(1, epochs + 1):
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(0, z1)
    out = a1 @ params["W2"] + params["b2"]
    loss = np.sum((out - Y) ** 2) / m

    dout = 2 * (out - Y) / m
    da1 = dout @ params["W2"].T
    dz1 = da1 * (z1 > 0)
    grads = {
        "W1": X.T @ dz1,
        "b1": dz1.sum(axis=0),
        "W2": a1.T @ dout,
        "b2": dout.sum(axis=0),
    }
    for key in params:
        first[key] = beta1 * first[key] + (1 - beta1) * grads[key]
        second[key] = beta2 * second[key] + (1 - beta2) * grads[key] ** 2
        m_hat = first[key] / (1 - beta1**t)
        v_hat = second[key] / (1 - beta2**t)
        params[key] -= lr * m_hat / (np.sqrt(v_hat) + eps)
