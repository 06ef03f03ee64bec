import numpy as np


def weights_of(s):
    s = s - s.max(axis=-1, keepdims=True)
    e = np.exp(s)
    return e / e.sum(axis=-1, keepdims=True)


def attend_forward(x, wq, wk, wv):
    q, k, v = x @ wq, x @ wk, x @ wv
    shrink = 1 / np.sqrt(q.shape[-1])
    p = weights_of(q @ k.swapaxes(-1, -2) * shrink)
    return p @ v, (x, q, k, v, p, shrink, wq, wk, wv)


def attend_backward(dout, cache):
    x, q, k, v, p, shrink, wq, wk, wv = cache
    dv = p.swapaxes(-1, -2) @ dout
    dp = dout @ v.swapaxes(-1, -2)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
    dq = ds @ k * shrink
    dk = ds.swapaxes(-1, -2) @ q * shrink
    turned = x.swapaxes(-1, -2)
    dwq = (turned @ dq).sum(axis=0)
    dwk = (turned @ dk).sum(axis=0)
    dwv = (turned @ dv).sum(axis=0)
    dx = dq @ wq.T + dk @ wk.T + dv @ wv.T
    return dx, dwq, dwk, dwv
