import numpy as np

np.random.seed(0)
N, C, L, F, K = 4, 3, 9, 2, 3
x = np.random.randn(N, C, L)
t = np.random.randn(N, F, L - K + 1)
w = np.random.randn(F, C, K) * 0.4
b = np.zeros(F)
lr = 0.05
epochs = 30
for epoch in range(epochs):
    out_len = L - K + 1
    out = np.zeros((N, F, out_len))
    for i in range(out_len):
        patch = x[:, :, i : i + K]
        out[:, :, i] = np.tensordot(patch, w, axes=([1, 2], [1, 2])) + b
    loss = 0.5 * np.sum((out - t) ** 2)

    dout = out - t
    dw = np.zeros_like(w)
    db = dout.sum(axis=(0, 2))
    for i in range(out_len):
        patch = x[:, :, i : i + K]
        dw += np.tensordot(dout[:, :, i], patch, axes=([0], [0]))

    w -= lr * dw
    b -= lr * db
