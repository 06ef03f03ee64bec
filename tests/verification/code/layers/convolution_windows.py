import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

np.random.seed(0)
X = np.random.randn(4, 2, 7, 6)
Y = np.random.randn(4, 3)
K = np.random.randn(3, 2, 3, 3) * 0.3
b = np.zeros(3)
V = np.random.randn(3, 5, 4, 3) * 0.2
lr = 0.05
epochs = 30
for epoch in range(epochs):
    windows = sliding_window_view(X, (3, 3), axis=(2, 3))
    u = np.einsum("nchwij,kcij->nkhw", windows, K) + b[None, :, None, None]
    a = np.tanh(u)
    out = np.einsum("nkhw,khwm->nm", a, V)
    loss = 0.5 * np.sum((out - Y) ** 2)

    dout = out - Y
    dV = np.einsum("nkhw,nm->khwm", a, dout)
    da = np.einsum("nm,khwm->nkhw", dout, V)
    du = da * (1 - a**2)
    dK = np.einsum("nkhw,nchwij->kcij", du, windows)
    db = du.sum(axis=(0, 2, 3))

    K -= lr * dK
    b -= lr * db
    V -= lr * dV
