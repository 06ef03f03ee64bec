import numpy as np

np.random.seed(0)
X = np.random.randn(3, 2, 4, 6)
Y = np.random.randn(3, 5)
K = np.random.randn(2, 2) * 0.5
V = np.random.randn(2 * 2 * 3, 5) * 0.3
lr = 0.05
epochs = 20
for epoch in range(epochs):
    u = np.einsum("nchw,kc->nkhw", X, K)
    N, C, H, W = u.shape
    blocks = u.reshape(N, C, H // 2, 2, W // 2, 2)
    pooled = blocks.mean(axis=(3, 5))
    flat = pooled.reshape(N, -1)
    out = flat @ V
    loss = 0.5 * np.sum((out - Y) ** 2)

    dout = out - Y
    dV = flat.T @ dout
    dflat = dout @ V.T
    dpooled = dflat.reshape(pooled.shape)
    du = np.repeat(np.repeat(dpooled, 2, axis=2), 2, axis=3) / 4
    dK = np.einsum("nkhw,nchw->kc", du, X)

    K -= lr * dK
    V -= lr * dV
