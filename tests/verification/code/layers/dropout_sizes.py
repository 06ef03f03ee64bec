import numpy as np

draw = np.random.default_rng(5)
count, wide, inner, kinds, kept = 24, 7, 9, 4, 0.75
X = draw.normal(size=(count, wide))
t = draw.integers(0, kinds, count)
A = 0.2 * draw.normal(size=(wide, inner))
a = np.zeros(inner)
B = 0.2 * draw.normal(size=(inner, kinds))
b = np.zeros(kinds)
for epoch in range(150):
    u = np.maximum(0, X @ A + a)
    drop = (draw.random(u.shape) < kept) / kept
    v = u * drop
    s = v @ B + b
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[np.arange(count), t]).mean()
    ds = p.copy()
    ds[np.arange(count), t] -= 1
    ds /= count
    dB = v.T @ ds
    db = ds.sum(0)
    dv = ds @ B.T
    dv *= drop
    dv[u <= 0] = 0
    dA = X.T @ dv
    da = dv.sum(0)
    A -= 0.4 * dA
    a -= 0.4 * da
    B -= 0.4 * dB
    b -= 0.4 * db
