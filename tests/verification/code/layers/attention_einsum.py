import numpy as np

np.random.seed(0)
n, t, d, h, f = 3, 5, 4, 2, 3
x = np.random.randn(n, t, d)
y = np.random.randn(n, t, d)
wq = np.random.randn(d, h, f) * 0.4
wk = np.random.randn(d, h, f) * 0.4
wv = np.random.randn(d, h, f) * 0.4
wo = np.random.randn(h, f, d) * 0.4
lr = 0.1
epochs = 20
scale = 1 / np.sqrt(f)

for epoch in range(epochs):
    q = np.einsum("ntd,dhf->nhtf", x, wq)
    k = np.einsum("ntd,dhf->nhtf", x, wk)
    v = np.einsum("ntd,dhf->nhtf", x, wv)
    s = np.einsum("nhtf,nhsf->nhts", q, k) * scale
    e = np.exp(s - s.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    o = np.einsum("nhts,nhsf->nhtf", p, v)
    z = np.einsum("nhtf,hfd->ntd", o, wo)
    loss = 0.5 * ((z - y) ** 2).sum() / n

    dz = (z - y) / n
    dwo = np.einsum("nhtf,ntd->hfd", o, dz)
    do = np.einsum("ntd,hfd->nhtf", dz, wo)
    dv = np.einsum("nhts,nhtf->nhsf", p, do)
    dp = np.einsum("nhtf,nhsf->nhts", do, v)
    ds = p * (dp - np.einsum("nhts,nhts->nht", p, dp)[..., None])
    dq = np.einsum("nhts,nhsf->nhtf", ds, k) * scale
    dk = np.einsum("nhts,nhtf->nhsf", ds, q) * scale
    dwq = np.einsum("ntd,nhtf->dhf", x, dq)
    dwk = np.einsum("ntd,nhtf->dhf", x, dk)
    dwv = np.einsum("ntd,nhtf->dhf", x, dv)

    wq -= lr * dwq
    wk -= lr * dwk
    wv -= lr * dwv
    wo -= lr * dwo
