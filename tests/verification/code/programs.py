"""Right programs in the styles that people write, to be judged as they are and with slips."""

ROWS = """
import numpy as np

def sigmoid(v):
    return 1 / (1 + np.exp(-v))

def step(X, Y, W1, b1, W2, b2, lr):
    m = X.shape[0]
    Z1 = X @ W1 + b1
    A1 = sigmoid(Z1)
    Z2 = A1 @ W2 + b2
    A2 = sigmoid(Z2)
    loss = np.sum((A2 - Y) ** 2) / (2 * m)
    dA2 = (A2 - Y) / m
    dZ2 = dA2 * A2 * (1 - A2)
    dW2 = A1.T @ dZ2
    db2 = np.sum(dZ2, axis=0, keepdims=True)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * A1 * (1 - A1)
    dW1 = X.T @ dZ1
    db1 = np.sum(dZ1, axis=0, keepdims=True)
    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
    return loss
"""

COLUMNS = """
import numpy as np

def tanh_prime(a):
    return 1 - a ** 2

def train(X, Y, params, alpha):
    m = X.shape[1]
    z1 = np.dot(params["W1"], X) + params["b1"]
    a1 = np.tanh(z1)
    z2 = np.dot(params["W2"], a1) + params["b2"]
    a2 = 1 / (1 + np.exp(-z2))
    cost = -np.sum(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)) / m
    grads = {}
    dz2 = a2 - Y
    grads["dW2"] = np.dot(dz2, a1.T) / m
    grads["db2"] = np.sum(dz2, axis=1, keepdims=True) / m
    dz1 = np.dot(params["W2"].T, dz2) * tanh_prime(a1)
    grads["dW1"] = np.dot(dz1, X.T) / m
    grads["db1"] = np.sum(dz1, axis=1, keepdims=True) / m
    params["W1"] = params["W1"] - alpha * grads["dW1"]
    params["b1"] = params["b1"] - alpha * grads["db1"]
    params["W2"] = params["W2"] - alpha * grads["dW2"]
    params["b2"] = params["b2"] - alpha * grads["db2"]
    return cost
"""

NET_CLASS = """
import numpy as np

class Net:
    def __init__(self, n_in, n_hidden, n_out):
        self.w1 = np.random.randn(n_in, n_hidden)
        self.b1 = np.zeros((1, n_hidden))
        self.w2 = np.random.randn(n_hidden, n_out)
        self.b2 = np.zeros((1, n_out))

    def forward(self, x):
        self.u1 = x @ self.w1 + self.b1
        self.z1 = np.maximum(0, self.u1)
        self.u2 = self.z1 @ self.w2 + self.b2
        return self.u2

    def backward(self, x, y, out, lr):
        n = x.shape[0]
        delta2 = (out - y) / n
        gw2 = self.z1.T @ delta2
        gb2 = delta2.sum(axis=0, keepdims=True)
        delta1 = (delta2 @ self.w2.T) * (self.u1 > 0)
        gw1 = x.T @ delta1
        gb1 = delta1.sum(axis=0, keepdims=True)
        self.w1 -= lr * gw1
        self.b1 -= lr * gb1
        self.w2 -= lr * gw2
        self.b2 -= lr * gb2

    def train(self, x, y, lr, epochs):
        for epoch in range(epochs):
            out = self.forward(x)
            loss = 0.5 * np.sum((out - y) ** 2) / x.shape[0]
            self.backward(x, y, out, lr)
            print(loss)
"""

TUTORIAL = """
import numpy as np

def nonlin(v, deriv=False):
    if deriv:
        return v * (1 - v)
    return 1 / (1 + np.exp(-v))

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0], [1], [1], [0]])
np.random.seed(1)
syn0 = 2 * np.random.random((3, 4)) - 1
syn1 = 2 * np.random.random((4, 1)) - 1

for j in range(60000):
    l1 = nonlin(np.dot(X, syn0))
    l2 = nonlin(np.dot(l1, syn1))
    l2_error = y - l2
    if j % 10000 == 0:
        print("Error:" + str(np.mean(np.abs(l2_error))))
    l2_delta = l2_error * nonlin(l2, deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)
    syn1 += l1.T.dot(l2_delta)
    syn0 += X.T.dot(l1_delta)
"""

SOFTMAX_LABELS = """
import numpy as np

def step(X, y, W1, b1, W2, b2, lr):
    N = X.shape[0]
    hidden = np.maximum(0, np.dot(X, W1) + b1)
    scores = np.dot(hidden, W2) + b2
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    loss = np.sum(-np.log(probs[range(N), y])) / N
    dscores = probs.copy()
    dscores[range(N), y] -= 1
    dscores /= N
    dW2 = np.dot(hidden.T, dscores)
    db2 = np.sum(dscores, axis=0, keepdims=True)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden <= 0] = 0
    dW1 = np.dot(X.T, dhidden)
    db1 = np.sum(dhidden, axis=0, keepdims=True)
    W1 += -lr * dW1
    b1 += -lr * db1
    W2 += -lr * dW2
    b2 += -lr * db2
    return loss
"""

REGULARISED = """
import numpy as np

def step(X, Y, W1, b1, W2, b2, lr, reg):
    m = X.shape[0]
    a1 = np.tanh(X.dot(W1) + b1)
    out = a1.dot(W2) + b2
    loss = 0.5 * np.sum((out - Y) ** 2) / m + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    d2 = (out - Y) / m
    dW2 = a1.T.dot(d2)
    dW2 += reg * W2
    db2 = np.sum(d2, axis=0)
    d1 = d2.dot(W2.T) * (1 - a1 ** 2)
    dW1 = X.T.dot(d1) + reg * W1
    db1 = np.sum(d1, axis=0)
    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2
    return loss
"""

LAYERS = """
import numpy as np

def sigmoid(v):
    return 1 / (1 + np.exp(-v))

sizes = [3, 5, 4, 2]
W = [np.random.randn(a, b) for a, b in zip(sizes[:-1], sizes[1:])]
B = [np.zeros((1, b)) for b in sizes[1:]]

def fit(x, t, lr=0.1):
    a = [x]
    for l in range(3):
        a.append(sigmoid(a[l] @ W[l] + B[l]))
    loss = 0.5 * np.sum((a[3] - t) ** 2)
    delta = (a[3] - t) * a[3] * (1 - a[3])
    gW = [None] * 3
    gB = [None] * 3
    for l in range(2, -1, -1):
        gW[l] = a[l].T @ delta
        gB[l] = delta.sum(axis=0, keepdims=True)
        if l > 0:
            delta = (delta @ W[l].T) * a[l] * (1 - a[l])
    for l in range(3):
        W[l] -= lr * gW[l]
        B[l] -= lr * gB[l]
    return loss
"""

MOMENTUM = NET_CLASS.replace(
    "        self.b2 = np.zeros((1, n_out))\n",
    "        self.b2 = np.zeros((1, n_out))\n"
    + "".join(f"        self.v{p} = np.zeros_like(self.{p})\n" for p in ("w1", "b1", "w2", "b2")),
)
for _p in ("w1", "b1", "w2", "b2"):
    MOMENTUM = MOMENTUM.replace(
        f"        self.{_p} -= lr * g{_p}\n",
        f"        self.v{_p} = 0.9 * self.v{_p} + lr * g{_p}\n        self.{_p} -= self.v{_p}\n",
    )

ADAM = """
import numpy as np

class Model:
    def __init__(self, i, h, o):
        self.p = {"W1": np.random.randn(i, h), "b1": np.zeros(h),
                  "W2": np.random.randn(h, o), "b2": np.zeros(o)}
        self.m = {k: np.zeros_like(v) for k, v in self.p.items()}
        self.v = {k: np.zeros_like(v) for k, v in self.p.items()}
        self.t = 0

    def step(self, x, y, lr=0.001, beta1=0.9, beta2=0.999):
        n = len(x)
        h = np.tanh(x @ self.p["W1"] + self.p["b1"])
        out = h @ self.p["W2"] + self.p["b2"]
        loss = np.mean(np.sum((out - y) ** 2, axis=1)) / 2
        g = {}
        d = (out - y) / n
        g["W2"] = h.T @ d
        g["b2"] = d.sum(axis=0)
        d = (d @ self.p["W2"].T) * (1 - h * h)
        g["W1"] = x.T @ d
        g["b1"] = d.sum(axis=0)
        self.t += 1
        for k in self.p:
            self.m[k] = beta1 * self.m[k] + (1 - beta1) * g[k]
            self.v[k] = beta2 * self.v[k] + (1 - beta2) * g[k] ** 2
            mh = self.m[k] / (1 - beta1 ** self.t)
            vh = self.v[k] / (1 - beta2 ** self.t)
            self.p[k] -= lr * mh / (np.sqrt(vh) + 1e-8)
        return loss
"""

CLIPPED = ROWS.replace(
    "    W1 -= lr * dW1\n",
    "    for g in (dW1, db1, dW2, db2):\n        np.clip(g, -5, 5, out=g)\n    W1 -= lr * dW1\n",
)

STABLE = COLUMNS.replace("    cost =", "    a2 = np.clip(a2, 1e-12, 1 - 1e-12)\n    cost =")

GRADIENTS_ONLY = """
import numpy as np

def backward(X, Y, W1, b1, W2, b2):
    m = X.shape[0]
    a1 = np.tanh(X @ W1 + b1)
    z2 = a1 @ W2 + b2
    loss = np.mean(np.sum((z2 - Y) ** 2, axis=1)) / 2
    dz2 = (z2 - Y) / m
    dW2 = a1.T @ dz2
    db2 = dz2.sum(axis=0)
    dz1 = dz2 @ W2.T * (1 - a1 ** 2)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""

SOFTMAX_ONE_HOT = """
import numpy as np

def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)

def step(X, T, W1, b1, W2, b2, lr):
    m = X.shape[0]
    h = np.tanh(X @ W1 + b1)
    p = softmax(h @ W2 + b2)
    loss = -np.sum(T * np.log(p + 1e-9)) / m
    d2 = (p - T) / m
    d1 = (d2 @ W2.T) * (1 - h ** 2)
    W2 -= lr * (h.T @ d2)
    b2 -= lr * d2.sum(axis=0)
    W1 -= lr * (X.T @ d1)
    b1 -= lr * d1.sum(axis=0)
    return loss
"""

ONE_LAYER = """
import numpy as np

X = np.random.randn(50, 4)
y = np.random.randn(50, 1)
w = np.zeros((4, 1))
b = 0.0
for epoch in range(100):
    pred = X.dot(w) + b
    loss = np.mean((pred - y) ** 2)
    grad_w = 2 * X.T.dot(pred - y) / len(X)
    grad_b = 2 * np.mean(pred - y)
    w -= 0.1 * grad_w
    b -= 0.1 * grad_b
"""

EINSUM = ROWS.replace("A1.T @ dZ2", 'np.einsum("nh,no->ho", A1, dZ2)').replace(
    "dZ2 @ W2.T", 'np.einsum("no,ho->nh", dZ2, W2)'
)

RIGHT = {
    "rows": ROWS,
    "columns, dicts": COLUMNS,
    "class, relu": NET_CLASS,
    "tutorial without a loss": TUTORIAL,
    "softmax with labels": SOFTMAX_LABELS,
    "regularised": REGULARISED,
    "loops over layers": LAYERS,
    "momentum": MOMENTUM,
    "adam": ADAM,
    "clipped gradients": CLIPPED,
    "clipped probabilities": STABLE,
    "gradients only": GRADIENTS_ONLY,
    "softmax with one-hot targets": SOFTMAX_ONE_HOT,
    "one layer": ONE_LAYER,
    "einsum": EINSUM,
}
