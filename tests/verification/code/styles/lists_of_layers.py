import numpy as np

rng = np.random.default_rng(0)
x_train = rng.normal(size=(200, 784))
t_train = np.eye(10)[rng.integers(0, 10, 200)]


def softmax(x):
    x = x - x.max(axis=1, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)


def cross_entropy(y, t):
    return -np.mean(np.sum(t * np.log(y + 1e-7), axis=1))


W = [rng.normal(0, 0.1, (784, 100)), rng.normal(0, 0.1, (100, 50)), rng.normal(0, 0.1, (50, 10))]
B = [np.zeros(100), np.zeros(50), np.zeros(10)]
lr = 0.1
for step in range(100):
    idx = rng.choice(200, 32)
    x, t = x_train[idx], t_train[idx]
    a = [x]
    z = []
    for i in range(3):
        z.append(a[-1] @ W[i] + B[i])
        a.append(softmax(z[-1]) if i == 2 else np.maximum(0, z[-1]))
    loss = cross_entropy(a[-1], t)
    delta = (a[-1] - t) / x.shape[0]
    gW, gB = [None] * 3, [None] * 3
    for i in reversed(range(3)):
        gW[i] = a[i].T @ delta
        gB[i] = delta.sum(axis=0)
        if i > 0:
            delta = (delta @ W[i].T) * (z[i - 1] > 0)
    for i in range(3):
        W[i] -= lr * gW[i]
        B[i] -= lr * gB[i]
