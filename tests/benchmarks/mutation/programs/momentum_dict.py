import numpy as np

np.random.seed(25)
X = np.random.randn(7, 4)
T = np.eye(3)[np.random.randint(0, 3, 7)]
params = {
    "W1": np.random.randn(4, 5) * 0.5,
    "b1": np.zeros(5),
    "W2": np.random.randn(5, 3) * 0.5,
    "b2": np.zeros(3),
}
velocity = {k: np.zeros_like(v) for k, v in params.items()}
lr, momentum = 0.1, 0.8
epochs = 30

for epoch in range(epochs):
    s1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(s1, 0)
    s2 = h1 @ params["W2"] + params["b2"]
    e = np.exp(s2)
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.sum(T * np.log(p)) / len(X)

    ds2 = (p - T) / len(X)
    dh1 = ds2 @ params["W2"].T
    ds1 = dh1 * (s1 > 0)
    grads = {}
    grads["W2"] = h1.T @ ds2
    grads["b2"] = ds2.sum(axis=0)
    grads["W1"] = X.T @ ds1
    grads["b1"] = ds1.sum(axis=0)
    for k in params:
        velocity[k] = momentum * velocity[k] + grads[k]
        params[k] -= lr * velocity[k]
