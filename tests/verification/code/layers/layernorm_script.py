import numpy as np

rng = np.random.default_rng(0)
x = rng.normal(size=(7, 5))
t = rng.normal(size=(7, 3))
w = rng.normal(size=(5, 6)) * 0.5
g = rng.uniform(size=6) + 0.5
b = rng.normal(size=6)
v = rng.normal(size=(6, 3)) * 0.5
eta = 0.05
epochs = 50

for epoch in range(epochs):
    u = x @ w
    mean = u.mean(axis=1, keepdims=True)
    xc = u - mean
    var = (xc**2).mean(axis=1, keepdims=True)
    istd = 1.0 / np.sqrt(var + 1e-6)
    n = xc * istd
    y = g * n + b
    h = np.tanh(y)
    out = h @ v
    loss = 0.5 * np.sum((out - t) ** 2)

    dout = out - t
    dv = h.T @ dout
    dh = dout @ v.T
    dy = dh * (1 - h**2)
    dg = (dy * n).sum(axis=0)
    db = dy.sum(axis=0)
    dn = dy * g
    distd = (dn * xc).sum(axis=1, keepdims=True)
    dvar = distd * (-0.5) * istd**3
    dxc = dn * istd + dvar * 2.0 * xc / u.shape[1]
    dmean = -dxc.sum(axis=1, keepdims=True)
    du = dxc + dmean / u.shape[1]
    dw = x.T @ du

    w -= eta * dw
    g -= eta * dg
    b -= eta * db
    v -= eta * dv
